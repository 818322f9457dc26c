"""Lines out of long and wide tables with large numbers: chosen, told apart, named, and sourced."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
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
"""  # noqa: E501
BUREAU = """sources:
  bureau: {title: Counts, publisher: The Bureau, short: Bureau, lang: en, access: unread, licence: None.}
"""  # noqa: E501


def content(folder: Path, charts: dict[str, str]) -> Path:
    months = [f"{2001 + n // 12}-{n % 12 + 1:02}" for n in range(120)]
    jobs = [f"{m},{name},{(at + 1) * 4_000_000 + n * 1_001}"
            for n, m in enumerate(months) for at, name in enumerate(INDUSTRIES)]  # fmt: skip
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
