"""The map: where things stand, what its files hold, and what the base map is cut to."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import pytest
from conftest import copy_of
from support import ROOT, build_into, inside, page

from explainer.charts.basemap import cut

CHART = "way-of-a-kilo"


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The example, built; to be read only."""
    folder = tmp_path_factory.mktemp("map")
    content = copy_of(ROOT / "examples/coffee/content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site")


def spec(site: Path, drawing: str) -> dict[str, object]:
    figure = page(site / f"charts/{CHART}.html").one("figure", data_chart=CHART)
    script = figure.one("script", data_drawing=drawing)
    made: dict[str, object] = json.loads("".join(str(part) for part in script.children))
    return made


def values(made: dict[str, object], key: str) -> list[dict[str, object]]:
    """The rows of all layers that have a key."""
    layers: list[dict[str, dict[str, list[dict[str, object]]]]] = made["layer"]  # type: ignore[assignment]
    return [row for layer in layers for row in layer["data"]["values"] if key in row]


def test_no_file_of_the_chart_holds_a_coordinate(coffee: Path) -> None:
    files = [coffee / f"charts/{CHART}.{kind}" for kind in ("csv", "json", "html", "svg")]
    text = "".join(path.read_text("utf-8") for path in files)
    for number in ("-40.4", "-116.4", "-41.2", "-116.9", "-120.0", "-117.5", "−116.4", "latitude"):
        assert number not in text, number


def northing(latitude: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def points(made: dict[str, object]) -> dict[str, tuple[float, float]]:
    """Where the places stand, in px."""
    rows = [row for row in values(made, "place") if row.get("description")]
    return {str(row["place"]): (float(str(row["x"])), float(str(row["y"]))) for row in rows}


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_places_stand_on_mercators_projection(coffee: Path, drawing: str) -> None:
    made = spec(coffee, drawing)
    place = points(made)
    basemap = json.loads((ROOT / "examples/coffee/content/basemap.json").read_text("utf-8"))
    west, _, east, north = basemap["box"]
    width = float(made["width"])  # type: ignore[arg-type]
    scale = (place["roaster-town"][0] - place["upper-valley"][0]) / (120.0 - 116.4)
    if drawing == "wide":
        # All of the base map.
        assert scale == pytest.approx(width / (east - west), abs=0.1)
        assert place["roaster-town"][0] == pytest.approx((-116.4 - west) * scale, abs=0.2)
    else:
        # The part around the places, in the middle of it.
        assert scale > 1.2 * width / (east - west)
        assert place["upper-valley"][0] + place["roaster-town"][0] == pytest.approx(width, abs=1)
    assert place["roaster-town"][1] == pytest.approx(
        (northing(north) - northing(-40.4)) * scale, abs=0.3
    )


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_countries_that_are_named_stand_out_and_bear_their_names(
    coffee: Path, drawing: str
) -> None:
    made = spec(coffee, drawing)
    layers: list[dict[str, dict[str, str]]] = made["layer"]  # type: ignore[assignment]
    fills = [layer["mark"]["fill"] for layer in layers if layer["mark"].get("fill")]
    assert fills[:3] == ["var(--map-sea)", "var(--map-far)", "var(--map-land)"]
    assert "THE EAST" in [row["t"] for row in values(made, "t")]


def test_the_scale_bar_is_as_long_as_it_says(coffee: Path) -> None:
    made = spec(coffee, "wide")
    basemap = json.loads((ROOT / "examples/coffee/content/basemap.json").read_text("utf-8"))
    west, south, east, north = basemap["box"]
    km = math.cos(math.radians((south + north) / 2)) * 2 * math.pi * 6378.137 / 360
    bar = max(
        float(str(row["x2"])) - 1
        for row in values(made, "x2")
        if row["y"] == row["y2"] and row["x"] == 1
    )
    assert 100 / km * 640 / (east - west) == pytest.approx(bar + 1, rel=0.01)
    texts = [row["t"] for row in values(made, "t")]
    assert "100\N{NO-BREAK SPACE}kilometers" in texts


def test_it_says_that_arrows_are_no_routes_and_markers_no_points(coffee: Path) -> None:
    for name, words in (
        ("", ("an arrow shows a direction, not a route", "stands for an area")),
        ("es/", ("la flecha muestra una dirección, no una ruta", "representa una zona")),
    ):
        figure = page(coffee / f"{name}gallery.html").one("figure", data_chart=CHART)
        shown = " ".join(" ".join(svg.text().split()) for svg in figure.all("svg"))
        assert all(word in shown for word in words)


def test_table_and_file_hold_places_and_arrows(coffee: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO((coffee / f"charts/{CHART}.csv").read_text("utf-8-sig")))
    )
    assert [row["kind_text"] for row in rows] == ["place"] * 4 + ["direction"] * 2
    assert [row["id"] for row in rows if row["id"]] == ["shipped"]
    table = page(coffee / f"charts/{CHART}.html").one("figure", data_chart=CHART).one("tbody")
    assert len(table.all("tr")) == len(rows)
    assert table.one("a", class_="claim").attrs["data-claim"] == "shipped"


def test_a_base_map_is_cut_simplified_and_rounded() -> None:
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [0, 0]},
        "arcs": [
            [[4, 0], [0, 8]],
            [[4, 8], [-4, 0], [0, -8], [4, 0]],
            [[4, 8], [4, 0], [0, -8], [-2, 0], [-2, 0]],
        ],
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "West"}},
                    {"type": "MultiPolygon", "arcs": [[[-1, 2]]]},
                ],
            },
            "land": {"type": "MultiPolygon", "arcs": [[[1, -3]]]},
        },
    }
    topology["objects"]["land"] = {  # type: ignore[index]
        "type": "GeometryCollection",
        "geometries": [{"type": "Polygon", "arcs": [[1, ~2]]}],
    }
    made = cut(topology, (1.0, 1.0, 3.0, 3.0), named=["West"])
    assert len(made["countries"]) == 1
    assert made["borders"] == [[[2.0, 1.0], [2.0, 3.0]]], "what two countries share, within the box"
    (ring,) = made["land"]
    assert {tuple(point) for point in ring} == {(1.0, 1.0), (1.0, 3.0), (3.0, 3.0), (3.0, 1.0)}
