"""Lines, bars and dots: over a series or claims, by time, below zero, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support import layers, page

from explainer.charts import days
from explainer.charts.forms import FORMS

PLAIN = {
    "line": ["cold-nights", "raw-by-valley", "members"],
    "bar": ["upper-raw", "weights"],
    "scatter": ["cooler-higher", "pay-dots"],
}
CHARTS = [chart for charts in PLAIN.values() for chart in charts]


def spec_of(site: Path, chart: str, drawing: str) -> dict[str, Any]:
    figure = page(site / f"charts/{chart}.html").one("figure", data_chart=chart)
    script = figure.one("script", data_drawing=drawing)
    spec: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    return spec


def texts(site: Path, chart: str, drawing: str) -> list[str]:
    figure = page(site / "gallery.html").one("figure", data_chart=chart)
    shown = figure.one("div", class_=f"drawing {drawing}").all("text")
    # A text of several lines has a part for each.
    return [said(" ".join(part.text() for part in text.all("tspan") or [text])) for text in shown]


def said(text: str) -> str:
    """A text with single spaces, whatever their kind."""
    return " ".join(text.split())


@pytest.mark.parametrize("chart", CHARTS)
def test_file_table_and_marks_have_the_same_rows(coffee: Path, chart: str) -> None:
    text = (coffee / f"charts/{chart}.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    figure = page(coffee / f"charts/{chart}.html").one("figure", data_chart=chart)
    assert len(figure.one("tbody").all("tr")) == len(rows)
    for drawing in ("wide", "narrow"):
        marks = spec_of(coffee, chart, drawing)["data"]["values"]
        stated = [float(row["value"] or row["high"] or row["low"]) for row in rows]
        assert [mark["top"] for mark in marks] == stated
        assert all(mark["description"] for mark in marks)


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_lines_are_named_with_their_last_number(coffee: Path, drawing: str) -> None:
    shown = " ".join(texts(coffee, "cold-nights", drawing))
    for name, last in (("upper slope", "2.5 °C"), ("lower slope", "6.5 °C")):
        assert name in shown and f"{last}, June 8, 2020" in shown


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_a_night_that_nobody_noted_is_a_gap(coffee: Path, drawing: str) -> None:
    marks = spec_of(coffee, "cold-nights", drawing)["data"]["values"]
    runs = {name: {mark.get("run") for mark in marks if mark["line"] == name}
            for name in ("upper slope", "lower slope")}  # fmt: skip
    assert runs == {"upper slope": {None, 1}, "lower slope": {None}}


def test_a_line_may_leave_zero_out_and_a_bar_never_does(coffee: Path) -> None:
    def domain(chart: str, channel: str) -> list[float]:
        spec = spec_of(coffee, chart, "wide")
        own = [one for one in layers(spec) if "scale" in one["encoding"].get(channel, {})]
        assert not own
        first: list[float] = spec["encoding"][channel]["scale"]["domain"]
        return first

    assert domain("members", "y")[0] > 0
    assert domain("cold-nights", "y")[0] < 0
    assert domain("upper-raw", "y")[0] == 0 and domain("weights", "x")[0] == 0
    assert "zero" not in FORMS["bar"].options.model_fields


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_bars_of_claims_are_sorted_and_say_what_they_are_and_who_says_so(
    coffee: Path, drawing: str
) -> None:
    shown = texts(coffee, "weights", drawing)
    figures = ["about 200 tonnes", "about 160 tonnes", "about 72 tonnes", "at least 6 tonnes"]
    assert all(figure in shown for figure in figures)
    rows = spec_of(coffee, "weights", drawing)["data"]["values"]
    assert [said(row["text"]) for row in rows] == figures
    joined = " ".join(shown)
    assert "Our calculation" in joined and "The harbor office of Port City" in joined
    assert "at least: a floor" in joined and "up to: a ceiling" not in joined


def test_products_have_their_colour_and_all_else_is_slate_ink_or_muted(coffee: Path) -> None:
    for chart in CHARTS:
        colors = {row.get("color") for row in spec_of(coffee, chart, "wide")["data"]["values"]}
        assert colors <= {
            None, "var(--chart-slate)", "var(--chart-ink)", "var(--chart-muted)",
            *(f"var(--series-{number})" for number in range(1, 7)),
        }, chart  # fmt: skip


def test_a_dot_over_numbers_says_where_it_stands(coffee: Path) -> None:
    assert "Height in metres" in texts(coffee, "cooler-higher", "narrow")
    rows = spec_of(coffee, "cooler-higher", "wide")["data"]["values"]
    assert rows[0]["x"] == 1450
    assert said(rows[0]["description"]) == "Upper Valley, Height in metres: 1,450: 18.5 °C."


@pytest.mark.parametrize(
    ("times", "marks"),
    [
        (["2016", "2020"], ["2016", "2017", "2018", "2019", "2020"]),
        (["1990", "2023"], ["1990", "1995", "2000", "2005", "2010", "2015", "2020"]),
        (["2020-01", "2020-10"], ["2020-01", "2020-03", "2020-05", "2020-07", "2020-09"]),
        (["2010-03", "2020-06"], ["2012", "2014", "2016", "2018", "2020"]),
        (["2020-02-27", "2020-03-02"],
         ["2020-02-27", "2020-02-28", "2020-02-29", "2020-03-01", "2020-03-02"]),
        (["2020-01-05", "2020-06-30"], ["2020-02", "2020-03", "2020-04", "2020-05", "2020-06"]),
        (["2020-08"], ["2020-08"]),
    ],
)  # fmt: skip
def test_an_axis_of_time_has_round_ticks(times: list[str], marks: list[str]) -> None:
    assert [shown for _, shown in days.ticks(times)] == marks


def test_periods_leave_no_month_out_and_know_leap_years() -> None:
    assert days.periods(["2019-11", "2020-02"]) == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert days.periods(["2020-02-28", "2020-03-01"])[1] == "2020-02-29"
