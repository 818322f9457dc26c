"""The timeline: dates as long as they are vague, and who says so."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from conftest import copy_of
from support import ROOT, build_into, inside, page

from explainer.charts.forms.timeline import span

CHART = "short-history"


@pytest.fixture(scope="module")
def coffee(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The example, built; to be read only."""
    folder = tmp_path_factory.mktemp("timeline")
    content = copy_of(ROOT / "examples/coffee/content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site")


@pytest.mark.parametrize(
    ("when", "years"),
    [
        ("2014", (2014.0, 2015.0)),
        ("about 2014", (2014.0, 2015.0)),
        ("2014-01", (2014.0, 2014.083)),
        ("2012-02-29", (2012.164, 2012.167)),
        ("1995-03..2001-04", (1995.167, 2001.333)),
    ],
)
def test_a_date_is_as_long_as_it_is_vague(when: str, years: tuple[float, float]) -> None:
    assert span(when) == years


def test_file_table_and_drawings_hold_every_event(coffee: Path) -> None:
    text = (coffee / f"charts/{CHART}.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    figure = page(coffee / f"charts/{CHART}.html").one("figure", data_chart=CHART)
    assert len(figure.one("tbody").all("tr")) == len(rows) == 8
    for drawing in ("wide", "narrow"):
        script = figure.one("script", data_drawing=drawing)
        spec = json.loads("".join(str(part) for part in script.children))
        said = [
            r["description"] for x in spec["layer"] for r in x["data"]["values"] if "start" in r
        ]
        assert len(said) == len(rows)
        assert all(row["text"] in " ".join(said) for row in rows)


def test_lanes_head_the_text_version_and_sources_the_caption(coffee: Path) -> None:
    figure = page(coffee / "es/gallery.html").one("figure", data_chart=CHART)
    words = figure.one("details", class_="in-words").text()
    assert all(lane in words for lane in ("la finca", "el camino", "el puerto"))
    record = json.loads((coffee / f"es/charts/{CHART}.json").read_text("utf-8"))
    assert {s["id"] for s in record["sources"]} == {"port-bulletin", "roaster-almanac", "cafe-menu"}
    assert [claim["id"] for claim in record["claims"]] == ["shipped"]


def test_narrow_says_that_it_is_not_to_scale(coffee: Path) -> None:
    figure = page(coffee / "gallery.html").one("figure", data_chart=CHART)
    narrow = figure.one("div", class_="drawing narrow")
    assert "not to scale" in " ".join(narrow.text().split())
