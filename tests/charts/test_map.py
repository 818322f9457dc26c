"""The map: where things stand, what its files hold, and what the base map is cut to."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, TESTS, Element, build_into, layers, like_avocado, page

from explainer.charts.basemap import cut

CHART = "way-of-a-kilo"


def spec(site: Path, drawing: str) -> dict[str, Any]:
    figure = page(site / f"charts/{CHART}.html").one("figure", data_chart=CHART)
    script = figure.one("script", data_drawing=drawing)
    made: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    return made


def drawn(site: Path, drawing: str) -> Element:
    figure = page(site / f"charts/{CHART}.html").one("figure", data_chart=CHART)
    return figure.all("svg")[drawing == "narrow"]


def test_no_file_of_the_chart_prints_a_coordinate(coffee: Path) -> None:
    files = [coffee / f"charts/{CHART}.{kind}" for kind in ("csv", "json", "svg")]
    text = "".join(path.read_text("utf-8") for path in files)
    # Of the page all but the specification, from which nothing is printed.
    html = (coffee / f"charts/{CHART}.html").read_text("utf-8")
    text += re.sub(r"<script type=.application/json.*?</script>", "", html, flags=re.DOTALL)
    assert CHART in text
    for number in ("-40.4", "-116.4", "-41.2", "-116.9", "-120.0", "-117.5", "−116.4", "latitude"):
        assert number not in text, number


def northing(latitude: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def marks(svg: Element) -> list[tuple[float, float]]:
    """Where the marks of places stand, in px: the dots, then the diamonds."""
    found = []
    for part in svg.all("path"):
        moved = re.fullmatch(r"translate\(([-\d.]+),([-\d.]+)\)", part.attrs.get("transform", ""))
        if moved and part.attrs.get("stroke-width") == "2" and "A" in part.attrs["d"]:
            found.append((float(moved[1]), float(moved[2])))
    return found


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_places_stand_on_mercators_projection(coffee: Path, drawing: str) -> None:
    """Distances between them, and that both lie on the map; Vega has placed them."""
    made = spec(coffee, drawing)
    (west, south), (east, north) = made["projection"]["fit"]["geometry"]["coordinates"]
    assert made["projection"]["type"] == "mercator"
    town, cafe = marks(drawn(coffee, drawing))
    scale = made["width"] / (east - west)
    assert town[0] == pytest.approx((-116.4 - west) * scale, abs=0.6)
    assert town[1] == pytest.approx((northing(north) - northing(-40.4)) * scale, abs=0.6)
    rows = {row.get("lon"): row for row in made["data"]["values"]}
    lon, lat = next((at, row["lat"]) for at, row in rows.items() if row["lines"] == ["the Café"])
    assert cafe[0] - town[0] == pytest.approx((lon + 116.4) * scale, abs=0.2)
    assert cafe[1] - town[1] == pytest.approx((northing(-40.4) - northing(lat)) * scale, abs=0.2)
    assert made["height"] == pytest.approx((northing(north) - northing(south)) * scale, abs=1)


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_a_map_shows_what_places_need_of_the_base_map(coffee: Path, drawing: str) -> None:
    basemap = json.loads((ROOT / "examples/coffee/content/basemap.json").read_text("utf-8"))
    made = spec(coffee, drawing)
    (west, south), (east, north) = made["projection"]["fit"]["geometry"]["coordinates"]
    left, bottom, right, top = basemap["box"]
    assert left <= west <= -120.0 and -116.4 <= east <= right
    assert bottom <= south <= -41.2 and -40.4 <= north <= top
    assert made["height"] <= (460 if drawing == "wide" else 310)
    assert (made["width"], float(drawn(coffee, drawing).attrs["width"])) == (
        (640, 640) if drawing == "wide" else (288, 288)
    )


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_countries_that_are_named_stand_out_and_bear_their_names(
    coffee: Path, drawing: str
) -> None:
    made = spec(coffee, drawing)
    fills = [layer["mark"]["fill"] for layer in layers(made) if layer["mark"].get("fill")]
    assert made["view"]["fill"] == "var(--map-sea)"
    assert fills[:2] == ["var(--map-far)", "var(--map-land)"]
    assert "THE EAST" in drawn(coffee, drawing).text()


def test_the_scale_bar_is_as_long_as_it_says(coffee: Path) -> None:
    made = spec(coffee, "wide")
    (west, south), (east, north) = made["projection"]["fit"]["geometry"]["coordinates"]
    km = math.cos(math.radians((south + north) / 2)) * 2 * math.pi * 6378.137 / 360
    [bar] = [
        layer["encoding"]["x2"]["value"]
        for layer in layers(made)
        if "x2" in layer.get("encoding", {})
    ]
    assert 100 / km * 640 / (east - west) == pytest.approx(bar, rel=0.01)
    assert "100 kilometers" in " ".join(drawn(coffee, "wide").text().split())


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_an_arrow_has_the_colour_of_what_moves_and_names_its_claim(
    coffee: Path, drawing: str
) -> None:
    svg = drawn(coffee, drawing)
    lines = [part for part in svg.all("line") if part.attrs.get("stroke-width") == "2.5"]
    assert [line.attrs.get("data-claim") for line in lines] == ["shipped", None, None]
    assert lines[0].attrs["stroke"] == lines[1].attrs["stroke"] and "--series-" in str(lines[0])
    assert "--chart-slate" in lines[2].attrs["stroke"]
    places = {part.attrs.get("data-claim") for part in svg.all("path")}
    assert places >= {"price-farm", "price-port", "price-cafe"}
    heads = [p for p in svg.all("path") if "rotate(" in p.attrs.get("transform", "")]
    heads = [p for p in heads if "fill" in p.attrs]
    assert [p.attrs["fill"] for p in heads][:3] == [line.attrs["stroke"] for line in lines]


OPTIONS = """    arrows:
      - {from: uruapan, to: los-angeles, towards: north, claim: price-port}
    prices: [price-orchard]
"""


def test_an_arrow_may_leave_the_map_and_prices_stand_below_names(here: Path) -> None:
    text = (TESTS / "invalid/map/data.yaml").read_text("utf-8")
    head, _, rest = text.partition("charts:\n")
    chart, _, glossary = rest.partition("\nglossary:")
    entry = "  abroad:\n    form: map\n    title: Avocados\n    how_to_read: Read it.\n"
    entry += f"    description: What it shows.\n    places: [uruapan]\n{OPTIONS}"
    ladder = chart[chart.index("  price-ladder:") :]
    data = f"{head}charts:\n{entry}{ladder}\nglossary:{glossary}"
    beside = (TESTS / "invalid/map/basemap.json").read_text("utf-8")
    content = like_avocado(here / "content", {"data.yaml": data, "basemap.json": beside})
    site = build_into(content, here / "site")
    for svg in page(site / "charts/abroad.html").one("figure", data_chart="abroad").all("svg"):
        texts = [
            " ".join(part.text() for part in t.all("tspan")) or t.text() for t in svg.all("text")
        ]
        assert "Uruapan" in texts and "about $2" in texts
        assert any("to Los Angeles (" in text and "$3.50)" in text for text in texts), texts
        [line] = [part for part in svg.all("line") if part.attrs.get("stroke-width") == "2.5"]
        assert float(line.attrs["y2"]) < 0 and abs(float(line.attrs["x2"])) < 0.2, "northward"


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
    assert [row["kind_text"] for row in rows] == ["place"] * 4 + ["direction"] * 3
    ids = [row["id"] for row in rows if row["id"]]
    assert ids == ["price-farm", "price-port", "price-cafe", "shipped"]
    table = page(coffee / f"charts/{CHART}.html").one("figure", data_chart=CHART).one("tbody")
    assert len(table.all("tr")) == len(rows)
    assert [a.attrs["data-claim"] for a in table.all("a", class_="claim")] == ids


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
