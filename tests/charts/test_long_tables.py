"""Lines out of long and wide tables with large numbers: chosen, told apart, named, and sourced."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import AVOCADO, Outcome, page, run, write_tree

INDUSTRIES = ["farming", "building", "trade", "teaching and caring for the old", "mining"]
CHARTS = {
    "three": "form: line, series: jobs, by: industry, where: {industry: [farming, building, trade]}",  # noqa: E501
    "five": "form: line, series: jobs, by: industry",
    "one": "form: line, series: jobs, where: {industry: trade}",
    "bars": "form: bar, series: jobs, x: industry, where: {month: 2010-12}, sort: value",
    "wide": "form: line, series: wide, y: [men, women]",
    "yearly": "form: line, series: power, by: kind",
    "stacked": "form: stack, series: power, by: kind",
    "weekly": "form: line, series: desk",
}
SERIES = """
series:
  jobs:
    {what: Jobs, time: month, unit: crate, measure: harvest, said_by: growers, chain: [bureau, orchard-news], rows: jobs.csv}
  wide:
    what: Jobs
    time: month
    numbers: {men: {unit: crate, measure: harvest}, women: {unit: crate, measure: harvest}}
    chain: [orchard-news]
    rows: wide.csv
  power:
    {what: Power, time: day, unit: crate, measure: harvest, chain: [orchard-news], rows: power.csv}
  desk:
    {what: Desks, time: day, unit: crate, measure: harvest, chain: [orchard-news], rows: desk.csv}
"""  # noqa: E501
BUREAU = """sources:
  bureau: {title: Counts, publisher: The Bureau, short: Bureau, lang: en, access: unread, licence: None.}
"""  # noqa: E501


def content(folder: Path, charts: dict[str, str]) -> Path:
    months = [f"{2001 + n // 12}-{n % 12 + 1:02}" for n in range(120)]
    jobs = [f"{m},{name},{(at + 1) * 4_000_000 + n * 1_001}"
            for n, m in enumerate(months) for at, name in enumerate(INDUSTRIES)]  # fmt: skip
    kinds = ("Fossil Fuels", "Wind")
    power = [
        f"{year}-01-01,{kind},{year - at}"
        for year in range(2001, 2018)
        for at, kind in enumerate(kinds)
    ]
    start = date(2024, 1, 1)
    desk = [f"{start + timedelta(n)},{n + 1}" for n in range(60) if n % 7 < 5 and n != 29]
    told = "".join(
        f"  {name}: {{{options}, title: Jobs, description: Jobs., how_to_read: Jobs.}}\n"
        for name, options in charts.items()
    )
    data = (AVOCADO / "data.yaml").read_text("utf-8") + SERIES
    data = data.replace("charts:\n", "charts:\n" + told, 1).replace("sources:\n", BUREAU, 1)
    body = "\n\n".join(f'{{{{ chart("{name}") }}}}' for name in charts)
    files = {
        "data.yaml": data,
        "index.md": (AVOCADO / "index.md").read_text("utf-8") + f"\n{body}\n",
        "jobs.csv": "\n".join(["month,industry,jobs", *jobs, ""]),
        "power.csv": "\n".join(["day,kind,power", *power, ""]),
        "desk.csv": "\n".join(["day,desks", *desk, ""]),
        "wide.csv": "\n".join(["month,men,women", *(f"{m},9000000,8000000" for m in months), ""]),
    }  # fmt: skip
    made: Path = write_tree(folder, files)
    return made


@pytest.fixture
def site(here: Path) -> Iterator[Path]:
    words = ("--content", content(here / "content", CHARTS), "--output", here / "site")
    built = run(*words)
    assert built.code == 0, built.err
    assert "overlap" not in built.err
    yield here / "site"


def rows(site: Path, chart: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((site / f"charts/{chart}.vl.json").read_text())[
        "data"
    ]["values"]
    return found


def test_lines_are_chosen_told_apart_named_and_sourced(site: Path) -> None:
    assert {row["line"] for row in rows(site, "three")} == {"farming", "building", "trade"}
    assert len({row["color"] for row in rows(site, "five")}) == 5
    assert len({row["color"] for row in rows(site, "one")}) == 1
    below = [row["lines"][0] for row in rows(site, "bars")]
    assert below[0] == "mining" and below[-1] == "farming"
    assert {row["line"] for row in rows(site, "wide")} == {"Men", "Women"}
    ends = [row["tail"] for row in rows(site, "three") if "tail" in row]
    assert ["12,119,119,", "December 2010"] in ends
    source = page(site / "charts/three.html").one("p", class_="all-sources").text()
    assert "Bureau, via Orchard News" in source
    assert "via" not in page(site / "charts/wide.html").one("p", class_="all-sources").text()


def test_in_words_each_line_is_told_once_by_its_ends_and_extremes(site: Path) -> None:
    """The rows come month by month, so those of a line do not stand together."""
    said = " ".join(page(site / "charts/three.html").text().split()).replace("\u00a0", " ")
    for number, name in enumerate(("farming", "building", "trade"), 1):
        first, last = (f"{number * 4_000_000 + step * 1_001:,}" for step in (0, 119))
        assert said.count(f"Highest: {last}") == said.count(f"Lowest: {first}") == 1, name


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ("form: series, series: jobs, where: {industry: trade}", '"2001-01" in "jobs" is no year',
         "this form draws years; form: line draws months and days"),
        ("form: line, series: jobs, by: industry, where: {industry: [trade, minning]}",
         '"minning" is not in the column "industry"', 'did you mean "mining"?'),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told_with_what_can(
    here: Path, options: str, message: str, hint: str
) -> None:
    told: Callable[..., Outcome] = run
    done = told("check", "--content", content(here / "content", {"one": options}))
    assert message in done.err and hint in done.err


def test_first_days_are_years_and_a_gap_is_no_leap_year_and_no_weekend(site: Path) -> None:
    yearly = rows(site, "yearly")
    assert {row["time"] for row in yearly} == {str(year) for year in range(2001, 2018)}
    assert {row.get("run") for row in yearly} == {None}
    assert {row.get("run") for row in rows(site, "weekly")} == {None, 1}, "one day is missing"
    assert {row["year"] for row in rows(site, "stacked")} == set(range(2001, 2018))


def _range_of_parts(spec: Any) -> list[str]:
    """The colours of the scale of parts."""
    if isinstance(spec, list):
        return next((found for one in spec if (found := _range_of_parts(one))), [])
    if not isinstance(spec, dict):
        return []
    if spec.get("field") == "part" and "legend" in spec and spec["legend"]:
        return list(spec["scale"]["range"])
    return _range_of_parts(list(spec.values()))


def test_parts_that_are_no_products_have_colors_of_their_own(site: Path) -> None:
    svg = (site / "charts/stacked.svg").read_text("utf-8")
    assert "Fossil Fuels" in svg and "Wind" in svg
    assert {row["part"] for row in rows(site, "stacked")} == {"Fossil Fuels", "Wind"}
    spec = json.loads((site / "charts/stacked.vl.json").read_text("utf-8"))
    assert len(set(_range_of_parts(spec))) == 2
