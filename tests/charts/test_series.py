"""Series, stacks and ranges: what is worked out at build, and that files, table and marks agree."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from conftest import copy_of
from support import ROOT, Element, build_into, inside, page


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The example, built; to be read only."""
    folder = tmp_path_factory.mktemp("series")
    content = copy_of(ROOT / "examples/coffee/content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site")


def rows_of(site: Path, chart: str) -> list[dict[str, str]]:
    text = (site / f"charts/{chart}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def marks_of(site: Path, chart: str, drawing: str) -> list[dict[str, object]]:
    """The rows of a drawing that say something, each once."""
    figure = page(site / f"charts/{chart}.html").one("figure", data_chart=chart)
    script = figure.one("script", data_drawing=drawing)
    spec = json.loads("".join(str(part) for part in script.children))
    found: dict[str, dict[str, object]] = {}

    def walk(part: object) -> None:
        if isinstance(part, dict):
            if "description" in part and {"value", "low", "end"} & part.keys():
                found[str(part["description"])] = part
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(spec)
    return list(found.values())


def table_of(site: Path, chart: str) -> list[list[str]]:
    figure = page(site / f"charts/{chart}.html").one("figure", data_chart=chart)
    rows = figure.one("tbody").all("tr")
    return [[" ".join(c.text().split()) for c in cells(row)] for row in rows]


def cells(row: Element) -> list[Element]:
    return [part for part in row.walk() if part.tag in ("th", "td")]


@pytest.mark.parametrize("chart", ["cup-prices", "sacks-sold", "picker-pay"])
def test_file_table_and_marks_have_the_same_rows(coffee: Path, chart: str) -> None:
    rows = rows_of(coffee, chart)
    assert len(table_of(coffee, chart)) == len(rows)
    for drawing in ("wide", "narrow"):
        marks = marks_of(coffee, chart, drawing)
        assert len(marks) == len(rows)
        wanted = sorted(row["value"] or row["high"] for row in rows)
        values = sorted(f"{mark.get('value', mark.get('high', mark.get('end')))}" for mark in marks)
        assert values == wanted


def test_the_band_is_worked_out_from_the_rest(coffee: Path) -> None:
    rows = [row for row in rows_of(coffee, "cup-prices") if row["line"] == "the other quarters"]
    data = (ROOT / "examples/coffee/content/data.yaml").read_text("utf-8")
    for year in ("2008", "2013", "2020"):
        stated = [
            float(line.strip(" -[]").split(", ")[2])
            for line in data.splitlines()
            if f", {year}, " in line and line.count(",") == 2 and "Harborside" not in line
        ]
        row = next(row for row in rows if row["year"] == year)
        assert int(row["count"]) == len(stated) > 2
        assert (float(row["low"]), float(row["high"])) == (min(stated), max(stated))
        assert abs(float(row["value"]) - sum(stated) / len(stated)) <= 0.0501


def test_text_version_is_grouped_by_line_and_by_panel(coffee: Path) -> None:
    for chart, heads in (
        ("cup-prices", ["the other quarters", "Harborside"]),
        ("sacks-sold", ["Upper Valley", "Lower Valley"]),
    ):
        figure = page(coffee / f"charts/{chart}.html").one("figure", data_chart=chart)
        nested = figure.one("details", class_="in-words").all("ul")
        text = " ".join(part.text() for part in nested)
        assert all(head in text for head in heads)
        assert nested[0].all("ul") and nested[0].all("ul")[0].all("ul"), "chart, group, values"


def test_money_of_several_years_is_said_in_the_caption(coffee: Path) -> None:
    for name, words in (("gallery", "those of each year"), ("es/gallery", "los de cada año")):
        figure = page(coffee / f"{name}.html").one("figure", data_chart="cup-prices")
        assert words in figure.one("figcaption").text()


def test_a_series_credits_its_source_and_terms(coffee: Path) -> None:
    record = json.loads((coffee / "charts/sacks-sold.json").read_text("utf-8"))
    assert [source["id"] for source in record["sources"]] == ["port-bulletin"]
    assert record["series"][0]["id"] == "sacks" and record["series"][0]["said_by"]
    figure = page(coffee / "gallery.html").one("figure", data_chart="sacks-sold")
    links = [a.attrs["href"] for a in figure.one("figcaption").all("a")]
    assert "sources.html#port-bulletin" in links
