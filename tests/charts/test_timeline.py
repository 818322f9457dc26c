"""The timeline: dates as long as they are vague, and who says so."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support import ROOT, page

from explainer.charts.forms import timeline
from explainer.charts.forms.timeline import span
from explainer.charts.theme import NARROW, WIDE
from explainer.figures.vega import looks_of, svg_of

SVG = "http://www.w3.org/2000/svg"

CHART = "short-history"


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
        said = [row["description"] for row in spec["data"]["values"] if "start" in row]
        assert len(said) == len(rows)
        assert all(row["text"] in " ".join(said) for row in rows)


def test_lanes_head_the_text_version_and_sources_the_caption(coffee: Path) -> None:
    figure = page(coffee / "es/gallery.html").one("figure", data_chart=CHART)
    words = figure.one("details", class_="in-words").text()
    assert all(lane in words for lane in ("la finca", "el camino", "el puerto"))
    record = json.loads((coffee / f"es/charts/{CHART}.json").read_text("utf-8"))
    assert {s["id"] for s in record["sources"]} == {"port-bulletin", "roaster-almanac", "cafe-menu"}
    assert [claim["id"] for claim in record["claims"]] == ["shipped"]


def test_narrow_is_to_scale_too_and_its_axis_says_from_when_to_when(coffee: Path) -> None:
    figure = page(coffee / "gallery.html").one("figure", data_chart=CHART)
    narrow = figure.one("div", class_="drawing narrow")
    texts = [" ".join(text.text().split()) for text in narrow.all("text")]
    assert texts[:2] == ["2008", "2020"]
    assert "to scale" not in " ".join(texts)


def test_each_lane_is_headed_once_and_its_events_follow_in_order(coffee: Path) -> None:
    figure = page(coffee / "gallery.html").one("figure", data_chart=CHART)
    for drawing in ("wide", "narrow"):
        shown = figure.one("div", class_=f"drawing {drawing}")
        texts = [" ".join(text.text().split()) for text in shown.all("text")]
        for lane in ("the farm", "the road", "the harbor"):
            assert texts.count(lane) == 1
        dates = [text for text in texts if re.search(r"\d{4}$", text)][2:]
        assert dates.index("2008") < dates.index("March 2011") < dates.index("2019–2020")


def test_no_word_stands_to_the_left_of_its_mark_and_a_dozen_events_fit_a_screen() -> None:
    words = "Something that takes about two lines of the drawing to be told, as such things do"
    rows = [
        {
            "when_text": f"March {year}", "lane": "what happened", "text": words, "kind": "day",
            "start": year + 0.2, "end": year + 0.2, "description": f"March {year}: {words}",
        }
        for year in range(1980, 2004, 2)
    ]  # fmt: skip
    for size in (WIDE, NARROW):
        spec = timeline.draw(rows, {}, {}, size).to_dict(validate=False)
        svg = ElementTree.fromstring(svg_of(spec, looks_of(ROOT / "templates/fonts", ""))[0])
        assert float(svg.attrib["width"]) == size.width
        assert size is NARROW or float(svg.attrib["height"]) <= 520
        marks = [place(e) for e in svg.iter(f"{{{SVG}}}path") if e.get("aria-label")]
        texts = [
            place(e) for e in svg.iter(f"{{{SVG}}}text") if "Something" in "".join(e.itertext())
        ]
        assert len(marks) == len(texts) == len(rows)
        assert max(x for x, _ in marks) < min(x for x, _ in texts)
        assert [y for _, y in marks] == sorted(y for _, y in marks)


def place(element: ElementTree.Element) -> tuple[float, float]:
    """Where an element of a drawing stands within its group, in px."""
    x, y = re.findall(r"-?[\d.]+", element.attrib["transform"])[:2]
    return float(x), float(y)
