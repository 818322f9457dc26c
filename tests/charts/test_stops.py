"""Ladder, legs and pile: the prices at the stops of a way, drawn in three ways."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit
from conftest import copy_of
from support import ROOT, Element, layers, page, run

COFFEE = ROOT / "examples/coffee/content"
STOPS = ["price-farm", "price-port", "price-roaster", "price-cafe"]
FIGURES = ["about $3", "$5", "$20", "up to $150"]
PLACES = ["Upper Valley", "Port City", "Roaster Town", "the Café"]
BREAK = "raw coffee becomes roasted coffee: another product"


def figure(site: Path, chart: str) -> Element:
    return page(site / f"charts/{chart}.html").one("figure", data_chart=chart)


def drawings(site: Path, chart: str) -> list[Element]:
    return figure(site, chart).all("svg", role="img")


def spec(site: Path, chart: str, drawing: str) -> dict[str, Any]:
    script = figure(site, chart).one("script", data_drawing=drawing)
    parsed: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    return parsed


def said(drawing: Element) -> list[str]:
    """What a drawing says, each text by itself, its lines joined."""
    return [" ".join(text.text().replace("\u00a0", " ").split()) for text in drawing.all("text")]


def place(mark: Element) -> tuple[float, float]:
    """Where a mark stands in its plot, in px."""
    x, y = map(float, re.findall(r"-?[\d.]+", mark.attrs["transform"]))
    return x, y


def tight(text: str) -> str:
    """A text without spaces, which stand for breaks of lines too."""
    return re.sub(r"\s", "", text)


def size_of(text: Element) -> float:
    return float(text.attrs["font-size"].removesuffix("px"))


def file_rows(site: Path, chart: str) -> list[dict[str, str]]:
    with (site / f"charts/{chart}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("chart", ["price-ladder", "price-ladder-linear", "price-pile"])
def test_each_stop_has_place_product_figure_and_multiple(coffee: Path, chart: str) -> None:
    for drawing in drawings(coffee, chart):
        texts = [tight(text) for text in said(drawing)]
        for wanted in [*FIGURES, *PLACES, BREAK, "about ×1.7", "×4", "up to ×7.5"]:
            assert texts.count(tight(wanted)) == 1, (wanted, texts)
        assert texts.count("rawcoffee") == texts.count("roastedcoffee") == 2
        assert any(text.startswith("upto:aceiling") for text in texts)
        # The stops stand in their order.
        assert [text for text in texts if text in map(tight, PLACES)] == list(map(tight, PLACES))


@pytest.mark.parametrize("chart", ["price-ladder", "price-ladder-linear"])
def test_a_multiple_stands_at_its_riser(coffee: Path, chart: str) -> None:
    wide = drawings(coffee, chart)[0]
    # Risers and breaks stand where two columns meet; rules upright have no width.
    rules = [line for line in wide.all("line") if abs(float(line.attrs["x2"] or 0)) < 0.1]
    risers = {place(line)[0] for line in rules}
    for text in wide.all("text"):
        if "×" in text.text() and "×10" not in text.text():
            assert min(abs(place(text)[0] - riser) for riser in risers) <= 10, text.text()


@pytest.mark.parametrize("chart", ["price-ladder", "price-legs", "price-pile"])
def test_no_lettering_is_small(coffee: Path, chart: str) -> None:
    for drawing in drawings(coffee, chart):
        assert min(map(size_of, drawing.all("text"))) >= 13


@pytest.mark.parametrize(
    "chart", ["price-ladder", "price-ladder-linear", "price-legs", "price-pile"]
)
def test_every_mark_says_what_its_row_says(coffee: Path, chart: str) -> None:
    for drawing in ("wide", "narrow"):
        made = spec(coffee, chart, drawing)
        rows = made["data"]["values"]
        assert [row["id"] for row in rows] == [row["id"] for row in file_rows(coffee, chart)]
        assert all(row["description"] for row in rows)
        marks = [layer for layer in layers(made) if layer["mark"].get("aria") is not False]
        assert marks
        for mark in marks:
            if "data" not in mark:
                assert mark["encoding"]["description"]["field"] == "description"


def test_a_narrow_axis_has_several_ticks_and_the_legs_end_at_a_round_value(coffee: Path) -> None:
    estimates, legs = (spec(coffee, name, "narrow") for name in ("bought-weight", "price-legs"))
    assert len(estimates["encoding"]["x"]["axis"]["values"]) >= 3
    highest = max(row["end"] for row in legs["data"]["values"])
    assert highest <= legs["encoding"]["x"]["axis"]["values"][-1] <= 1.2 * highest


# The pile


def marks(drawing: Element, dashed: bool) -> list[str]:
    """The paths of the marks, in the stroke that says what is sure."""
    return [
        path.attrs["d"]
        for path in drawing.all("path")
        if path.attrs.get("stroke-width") == "1.5" and ("stroke-dasharray" in path.attrs) is dashed
    ]


def test_a_pile_has_a_mark_for_each_unit_and_part_of_one(coffee: Path) -> None:
    for drawing in drawings(coffee, "price-pile"):
        assert "Each mark is $5 per kilogram" in said(drawing)
        # $3, $5 and $20 are a part of a mark, one, and four; the ceiling is thirty, and in the key.
        assert len(marks(drawing, dashed=False)) == 1 + 1 + 4
        assert len(marks(drawing, dashed=True)) == 30 + 1
        assert len({*marks(drawing, dashed=False)}) == 3
    assert [row["id"] for row in file_rows(coffee, "price-pile")] == STOPS


def test_the_ceiling_is_the_largest_word_of_a_pile(coffee: Path) -> None:
    wide, narrow = drawings(coffee, "price-pile")
    for drawing, least in ((wide, 44), (narrow, 30)):
        by_size = sorted(drawing.all("text"), key=size_of)
        assert tight(by_size[-1].text()) == tight("up to $150")
        assert size_of(by_size[-1]) >= least


def test_a_pile_says_whose_its_figures_are(coffee: Path) -> None:
    for drawing in drawings(coffee, "price-pile"):
        texts = {tight(text) for text in said(drawing)}
        assert tight("The owner of the Café, 2020") in texts
        assert tight("The harbor office of Port City, 2020") in texts


@pytest.mark.parametrize(
    ("written", "one", "reason"),
    [
        ("one: 5 USD/kg", "0.5 USD/kg", '"price-cafe" would be a pile of more than 200 marks'),
        ("one: 5 USD/kg", "8 USD/kg", '"price-farm" would be less than half a mark'),
        ("one: 5 USD/kg", "up to 5 USD/kg", "is no plain amount"),
        ("one: 5 USD/kg", "5 t", 'cannot be counted in "t"'),
        ("one: 5 USD/kg", "five", "is not a quantity"),
        ("price-farm: [price-farm-buyer]", "price-auction: [price-farm-buyer]", "is no stop"),
        (
            "price-farm: [price-farm-buyer]",
            "price-farm: [tea-farm]",
            '"tea-farm" and "price-farm" are not about the same product',
        ),
        ("price-farm: [price-farm-buyer]", "price-farm: [price-cup]", "do not share a unit"),
    ],
)
def test_what_would_mislead_is_refused(here: Path, written: str, one: str, reason: str) -> None:
    content = copy_of(COFFEE, here / "content")
    file = content / "data.yaml"
    text = file.read_text("utf-8")
    assert text.count(written) == 1
    new = f"one: {one}" if written.startswith("one") else one
    file.write_text(text.replace(written, new), "utf-8")
    done = run("check", "--content", content)
    assert done.code == 1 and reason in done.err, done.err


# The ladder


def test_the_axis_goes_no_higher_than_the_prices(coffee: Path) -> None:
    for chart, scale, start in (("price-ladder", "log", 1), ("price-ladder-linear", "linear", 0)):
        for drawing, channel in (("wide", "y"), ("narrow", "x")):
            found = spec(coffee, chart, drawing)["encoding"][channel]["scale"]
            assert (found["type"], found["domain"]) == (scale, [start, 150])


def test_other_voices_stand_in_table_file_and_text(coffee: Path) -> None:
    rows = file_rows(coffee, "price-ladder")
    assert [row["id"] for row in rows] == ["price-farm", "price-farm-buyer", *STOPS[1:]]
    assert [row["step"] for row in rows] == ["1", "1", "2", "3", "4"]
    text = figure(coffee, "price-ladder").one("details", class_="in-words").text()
    assert "A buyer on the Upper Valley road" in " ".join(text.split())
    # A multiple is that of the stop before, never of another voice.
    assert rows[2]["multiple_claim"] == "" and rows[1]["multiple_text"] == ""


def test_the_live_ladder_shows_only_the_stops_or_everyone(
    coffee: Path, browsing: Callable[..., Any]
) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "charts/price-ladder.html").as_uri())
        whole = here.enlivened("price-ladder")
        ticks = whole.locator(".drawing.wide .live [aria-label*='A buyer on the']")
        assert ticks.count() == 1
        whole.get_by_label("Only those on the ladder").first.check()
        ticks.first.wait_for(state="detached")
        here.page.wait_for_url("**#chart-price-ladder:voices=stops")
        whole.get_by_label("Everyone").first.check()
        ticks.first.wait_for(state="attached")
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 1000, "height": 900})


# The legs


def test_each_leg_goes_from_price_to_price_in_the_color_of_its_product(coffee: Path) -> None:
    for drawing in ("wide", "narrow"):
        rows = spec(coffee, "price-legs", drawing)["data"]["values"]
        assert [(row["from"], row["to"]) for row in rows] == [(3, 5), (5, 20), (20, 150)]
        colors = [row["color"] for row in rows]
        # From one product to another is neither's.
        assert colors[1] == "var(--chart-slate)" and len({*colors}) == 3
        assert [row.get("unsure", False) for row in rows] == [False, False, True]


def test_a_leg_says_what_it_adds_and_the_condition_stands_once(coffee: Path) -> None:
    for drawing in drawings(coffee, "price-legs"):
        texts = " ".join(said(drawing))
        for wanted in ("about $2", "$15", "up to $130", "about 88% of the whole", "→ the Café"):
            assert tight(wanted) in tight(texts)
        assert texts.count("if the last price is the full") == 1
