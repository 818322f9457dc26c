"""The chains: several ways on one axis, each stop as a multiple of the first of its own way."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from support import Element, layers, page

MULTIPLES = {
    "price-farm": "×1",
    "price-port": "about ×1.7",
    "price-roaster": "about ×6.7",
    "price-cafe": "up to about ×50",
    "tea-farm": "×1",
    "tea-quay": "about ×2.3–2.8",
    "tea-room": "at least about ×15",
}


def figure(site: Path, chart: str) -> Element:
    return page(site / f"charts/{chart}.html").one("figure", data_chart=chart)


def spec(site: Path, chart: str, drawing: str) -> dict[str, Any]:
    script = figure(site, chart).one("script", data_drawing=drawing)
    made: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    return made


def test_each_stop_is_a_multiple_of_the_first_of_its_chain(coffee: Path) -> None:
    text = (coffee / "charts/two-ways.csv").read_text("utf-8-sig")
    rows = {row["id"]: row for row in csv.DictReader(text.splitlines())}
    assert {name: row["multiple_text"] for name, row in rows.items()} == MULTIPLES
    # Prices stay what was stated; the multiples are worked out as intervals.
    assert (rows["tea-quay"]["low"], rows["tea-quay"]["high"]) == ("9", "11")
    assert float(rows["tea-quay"]["times_low"]) == pytest.approx(9 / 4, abs=0.06)
    assert float(rows["tea-quay"]["times_high"]) == pytest.approx(11 / 4, abs=0.06)
    assert rows["price-cafe"]["times_open"] == "low" and rows["tea-room"]["times_open"] == "high"
    assert rows["price-cafe"]["multiple_claim"] == "multiple-farm-cafe"
    assert [rows[name]["product_break"] for name in MULTIPLES] == [
        "false", "false", "true", "false", "false", "false", "false",
    ]  # fmt: skip


@pytest.mark.parametrize("chart", ["two-ways", "two-ways-linear"])
@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_both_drawings_place_every_multiple_on_one_scale(
    coffee: Path, chart: str, drawing: str
) -> None:
    made = spec(coffee, chart, drawing)
    stops = [row for row in made["data"]["values"] if "end" in row]
    assert {row["id"] for row in stops} == set(MULTIPLES)
    placed = [layer for layer in layers(made) if "field" in layer["encoding"].get("x", {})]
    assert len(placed) > 4 and not [one for one in placed if "scale" in one["encoding"]["x"]]
    scale = made["encoding"]["x"]["scale"]
    assert scale["type"] == ("log" if chart == "two-ways" else "linear")
    assert scale["domain"][0] == (1 if chart == "two-ways" else 0)
    kinds = {layer["mark"]["type"] for layer in layers(made)}
    assert "bar" not in kinds, "a bar on a log axis has no length"


@pytest.mark.parametrize("chart", ["two-ways", "two-ways-linear"])
def test_both_drawings_say_every_multiple_and_every_price(coffee: Path, chart: str) -> None:
    text = (coffee / f"charts/{chart}.csv").read_text("utf-8-sig")
    prices = [row["text"].replace("\u00a0", " ") for row in csv.DictReader(text.splitlines())]
    for svg in figure(coffee, chart).all("svg", role="img"):
        shown = " ".join(" ".join(part.text() for part in svg.all("text")).split())
        for said in [*MULTIPLES.values(), *prices, "Coffee", "Tea"]:
            assert said in shown, said


def test_a_line_leads_on_and_is_dashed_to_another_product(coffee: Path) -> None:
    """In the drawing: one upright and one level line to each stop but the first of its chain."""
    wide, _ = figure(coffee, "two-ways").all("svg", role="img")
    lines = [
        line for line in wide.all("line")
        if "--chart-muted" in line.attrs.get("stroke", "") and "chart-grid" not in str(line.attrs)
    ]  # fmt: skip
    assert len(lines) == 4 + 5, "up to the ceiling the level line is the product's"
    dashed = [line for line in lines if line.attrs.get("stroke-dasharray", "1,0") != "1,0"]
    assert len(dashed) == 2


def test_equal_multiples_are_equal_distances(coffee: Path) -> None:
    """Measured in the drawing: from ×1 to ×10 as far as from ×10 to ×100."""
    wide, _ = figure(coffee, "two-ways").all("svg", role="img")
    at = {
        text.text(): float(re.findall(r"-?[\d.]+", text.attrs["transform"])[0])
        for text in wide.all("text")
        if text.text() in ("×1", "×10", "×100") and text.attrs["font-size"] == "13px"
    }
    assert at["×100"] - at["×10"] == pytest.approx(at["×10"] - at["×1"], abs=0.2)
