"""The chains: several ways on one axis, each stop as a multiple of the first of its own way."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_of
from support import ROOT, build_into, inside, page

MULTIPLES = {
    "price-farm": "×1",
    "price-port": "about ×1.7",
    "price-roaster": "about ×6.7",
    "price-cafe": "up to about ×50",
    "tea-farm": "×1",
    "tea-quay": "about ×2.3–2.8",
    "tea-room": "at least about ×15",
}


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The example, built; to be read only."""
    folder = tmp_path_factory.mktemp("chains")
    content = copy_of(ROOT / "examples/coffee/content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site")


def layers(site: Path, chart: str, drawing: str) -> list[dict[str, Any]]:
    figure = page(site / f"charts/{chart}.html").one("figure", data_chart=chart)
    script = figure.one("script", data_drawing=drawing)
    made: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    found: list[dict[str, Any]] = made["layer"]
    return found


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
    scales, ids = [], set()
    for layer in layers(coffee, chart, drawing):
        values = layer["data"]["values"]
        if "id" not in values[0]:
            continue
        assert layer["mark"]["type"] != "bar", "a bar on a log axis has no length"
        scales.append(layer["encoding"]["x"]["scale"])
        ids |= {row["id"] for row in values}
    assert ids == set(MULTIPLES)
    assert all(scale == scales[0] for scale in scales)
    assert scales[0].get("type", "linear") == ("log" if chart == "two-ways" else "linear")
    assert scales[0]["domain"][0] == (1 if chart == "two-ways" else 0)


def test_equal_multiples_are_equal_distances(coffee: Path) -> None:
    """Measured in the drawing: from ×1 to ×10 as far as from ×10 to ×100."""
    ticks = {}
    for layer in layers(coffee, "two-ways", "wide"):
        for row in layer["data"]["values"]:
            if str(row.get("t", "")) in ("×1", "×10", "×100"):
                ticks[row["t"]] = row["x"]
    scale = next(
        layer["encoding"]["x"]["scale"]
        for layer in layers(coffee, "two-ways", "wide")
        if "id" in layer["data"]["values"][0]
    )
    start, end = scale["range"]
    decades = math.log10(scale["domain"][1] / scale["domain"][0])
    assert ticks["×10"] - start == pytest.approx((end - start) / decades, abs=0.2)
    assert ticks["×100"] - ticks["×10"] == pytest.approx(ticks["×10"] - start, abs=0.2)
