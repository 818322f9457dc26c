"""Series, stacks and ranges: what is worked out at build, and that files, table and marks agree."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import SLOW, Visit
from support import ROOT, Element, layers, page

from explainer.charts.forms import stack


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


def test_a_line_in_a_band_can_be_chosen_by_name_where_there_are_few_numbers(coffee: Path) -> None:
    figure = page(coffee / "es/gallery.html").one("figure", data_chart="cup-prices")
    for drawing in ("wide", "narrow"):
        spec = spec_of(figure, drawing)
        param = next(param for param in spec["params"] if param["name"] == "one")
        assert param["bind"]["name"] == "Barrio" and param["value"] == ""
        assert param["bind"]["options"][:1] == [""] and "La Estación" in param["bind"]["options"]
        assert "El Puerto" not in param["bind"]["options"], "it has a line of its own"
    alone = page(coffee / "gallery.html").one("figure", data_chart="station-cups")
    assert all(param["name"] != "one" for param in spec_of(alone, "wide")["params"])


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_lines_are_named_with_their_last_number_and_the_peak_by_whose_it_is(
    coffee: Path, drawing: str
) -> None:
    figure = page(coffee / "gallery.html").one("figure", data_chart="cup-prices")
    shown = " ".join(figure.one("div", class_=f"drawing {drawing}").text().split())
    assert "Old Quarter, 2018: $3.30" in shown
    for name in ("Harborside", "the other quarters"):
        assert name in shown
    assert shown.count("$2.60, 2020") == 2


def test_the_lines_of_a_band_are_told_apart_without_colour(coffee: Path) -> None:
    figure = page(coffee / "gallery.html").one("figure", data_chart="cup-prices")
    dashes = [
        layer["encoding"]["strokeDash"]["scale"]
        for layer in layers(spec_of(figure, "wide"))
        if "strokeDash" in layer.get("encoding", {})
    ]
    assert dashes and len({tuple(dash) for dash in dashes[0]["range"]}) == 2


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_live_view_shows_a_year_and_a_line_by_name(
    browsing: Callable[..., Any], coffee: Path
) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "gallery.html").as_uri())
        figure = here.enlivened("cup-prices")
        texts = figure.locator(".live svg text")
        before = texts.count()
        figure.locator(".live select").select_option("the Station")
        here.page.wait_for_url("**#chart-cup-prices:one=*")
        assert texts.filter(has_text="the Station").count() == 1
        figure.locator("button.reset").click()
        assert texts.count() == before
        figure.locator(".live svg").scroll_into_view_if_needed()
        plot = figure.locator(".live svg").bounding_box()
        here.page.mouse.move(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2, steps=9)
        shown = figure.locator(".live svg text").nth(before)
        shown.wait_for(state="attached", timeout=SLOW)
        assert (
            figure.locator(".live svg text[font-weight=bold]")
            .filter(has_text=re.compile(r"^20[01]\d$"))
            .count()
        )
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 760, "height": 900})


def spec_of(figure: Element, drawing: str) -> dict[str, Any]:
    script = figure.one("script", data_drawing=drawing)
    spec: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    return spec


def test_the_live_stack_shows_amounts_or_shares_where_every_bar_is_whole(coffee: Path) -> None:
    figure = page(coffee / "charts/sacks-sold.html").one("figure", data_chart="sacks-sold")
    for drawing in ("wide", "narrow"):
        script = figure.one("script", data_drawing=drawing)
        spec = json.loads("".join(str(part) for part in script.children))
        (choice,) = spec["params"]
        assert (choice["value"], choice["bind"]["options"]) == ("amounts", ["amounts", "shares"])
    rows: list[dict[str, Any]] = [
        {"panel": "", "year": year, "part": part, "whole": whole}
        for year, whole in ((2019, 5), (2020, 8))
        for part in ("raw", "roasted")
    ]
    assert stack.has_shares(rows)
    # A bar that lacks a part is of another whole, and one of nothing has none.
    assert not stack.has_shares(rows[1:])
    assert not stack.has_shares([{**row, "whole": 0} for row in rows])


def test_the_live_stack_shows_shares(coffee: Path, browsing: Callable[..., Any]) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "charts/sacks-sold.html").as_uri())
        whole = here.enlivened("sacks-sold")
        live = whole.locator(".drawing.wide .live")
        assert live.get_by_text("Tonnes per year").count() == 1
        whole.get_by_label("Shares of the whole").first.check()
        live.get_by_text("% of the whole").wait_for()
        here.page.wait_for_url("**#chart-sacks-sold:shown=shares")
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 1000, "height": 900})
