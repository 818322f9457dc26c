"""The gallery of the example: every form of chart with all of its options, for whoever copies it.

It is the test bench of the forms: what is drawn there is looked at in a browser, at the widths of a
telephone, a tablet and a desk, in both languages, in both colour schemes and in forced colours.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT, Element, page

from explainer.charts.forms import FORMS

CONTENT = ROOT / "examples/coffee/content"
NOTES = ["gallery.md", "es/gallery.md"]


@pytest.fixture(scope="module")
def charts() -> dict[str, dict[str, Any]]:
    """The charts of the example as its data file has them."""
    data: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        (CONTENT / "data.yaml").read_text("utf-8")
    )
    return data["charts"]


def shown(note: str, charts: dict[str, dict[str, Any]]) -> list[str]:
    """The charts that a note shows, those folded beside them included."""
    named = re.findall(r'\{\{ chart\("([^"]+)"\) \}\}', (CONTENT / note).read_text("utf-8"))
    return [*named, *(charts[name]["twin"] for name in named if "twin" in charts[name])]


@pytest.mark.parametrize("note", NOTES)
def test_every_form_is_shown(note: str, charts: dict[str, dict[str, Any]]) -> None:
    assert {charts[name]["form"] for name in shown(note, charts)} == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_every_option_of_a_form_is_shown(form: str, charts: dict[str, dict[str, Any]]) -> None:
    own = [charts[name] for name in shown("gallery.md", charts) if charts[name]["form"] == form]
    assert set(FORMS[form].options.model_fields) <= {key for chart in own for key in chart}


# What those who do not see a drawing get, in each language


def figures(site: Path) -> list[tuple[str, Element]]:
    return [
        (name, figure)
        for name in ("gallery.html", "es/gallery.html")
        for figure in page(site / name).all("figure", class_="chart")
    ]


def test_every_drawing_is_one_image_with_a_name_and_a_description(coffee: Path) -> None:
    for name, figure in figures(coffee):
        chart = figure.attrs["data-chart"]
        drawings = figure.all("svg", role="img")
        assert len(drawings) == 2, (name, chart)
        for svg in drawings:
            by_id = {
                element.attrs["id"]: element for element in svg.walk() if "id" in element.attrs
            }
            title = by_id[svg.attrs["aria-labelledby"]].text()
            description = by_id[svg.attrs["aria-describedby"]].text()
            assert len(title) > 15 and len(description) > 60, (name, chart)
            assert not [e for e in svg.walk() if e is not svg and "aria-label" in e.attrs]


def test_every_mark_has_a_sentence_in_the_language_of_the_page(coffee: Path) -> None:
    said: dict[str, dict[str, list[str]]] = {}
    for name, figure in figures(coffee):
        listed = figure.one("details", class_="in-words").all("li")
        items = [item.text() for item in listed if not item.all("ul")]
        assert len(items) >= 2, (name, figure.attrs["data-chart"])
        assert all(len(item) > 8 for item in items), items
        said.setdefault(figure.attrs["data-chart"], {})[name] = items
    for chart, by_page in said.items():
        english, spanish = by_page.values()
        assert len(english) == len(spanish), chart
        # A sentence can be the same only where it holds nothing but names and numbers.
        same = [item for item in english if item in spanish]
        assert not same, (chart, same)
