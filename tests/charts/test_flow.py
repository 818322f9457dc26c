"""The flow: bars on one scale from stage to stage, and what is open drawn as open."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support import layers, page

from explainer.charts.forms import flow
from explainer.charts.theme import NARROW, WIDE

CHART = "flow"
WORDS = {
    "axis": "tonnes",
    "beside": "drawn to the same scale",
    "rest": "what stays behind",
    "up_to": "a ceiling",
    "at_least": "a floor",
    "range": "a range",
}


def texts(coffee: Path, drawing: str) -> list[str]:
    figure = page(coffee / "gallery.html").one("figure", data_chart=CHART)
    shown = figure.one("div", class_=f"drawing {drawing}").all("text")
    # A text of several lines has a part for each.
    return [said(" ".join(part.text() for part in text.all("tspan") or [text])) for text in shown]


def said(text: str) -> str:
    """A text with single spaces, whatever their kind."""
    return " ".join(text.split())


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_each_stage_has_its_figure_its_name_and_its_share(coffee: Path, drawing: str) -> None:
    shown = texts(coffee, drawing)
    rows = list(csv.DictReader(io.StringIO((coffee / "charts/flow.csv").read_text("utf-8-sig"))))
    for row in rows:
        assert said(row["text"]) in shown and row["label"] in shown
        assert said(row["share_text"]) in shown or not row["share_text"]
    order = [shown.index(said(row["text"])) for row in rows]
    assert order == sorted(order)


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_the_key_explains_marks_of_the_drawing_only(coffee: Path, drawing: str) -> None:
    shown = " ".join(texts(coffee, drawing))
    # What the harbor turns back is a floor; nothing is a ceiling or a range.
    assert "at least: a floor" in shown
    assert "up to: a ceiling" not in shown and "a range:" not in shown
    assert shown.count("what stays behind at each stage") == 1


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
def test_one_mark_a_row_speaks_and_all_share_a_scale_from_zero(coffee: Path, drawing: str) -> None:
    figure = page(coffee / "charts/flow.html").one("figure", data_chart=CHART)
    script = figure.one("script", data_drawing=drawing)
    spec = json.loads("".join(str(part) for part in script.children))
    rows = spec["data"]["values"]
    assert [row["id"] for row in rows] == ["harvest", "shipped", "bought", "rejected"]
    assert spec["encoding"]["x"]["scale"] == {"domain": [0, 200], "nice": False}
    assert not [one for one in layers(spec) if "scale" in one["encoding"].get("x", {})]


def stage(name: str, beside: bool = False, **ends: Any) -> dict[str, Any]:
    return {
        "id": name, "label": name, "text": name, "value": None, "low": None, "high": None,
        "open": None, "beside": beside, "share_text": None, "color": "var(--chart-slate)",
        "description": name,
    } | ends  # fmt: skip


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_bar_holds_what_is_certain_and_what_may_be(size: Any) -> None:
    rows = [
        stage("range", low=60, high=90),
        stage("ceiling", high=50, open="low"),
        stage("floor", beside=True, low=2, open="high"),
    ]
    drawn = flow.draw(rows, {}, WORDS, size).to_dict(validate=False)
    assert [(row["begin"], row["end"]) for row in drawn["data"]["values"]] == [
        (60, 90),
        (0, 50),
        (2, 2),
    ]
    said = json.dumps(drawn)
    assert all(word in said for word in ("a ceiling", "a floor", "a range"))


def test_a_wedge_that_nothing_is_left_of_is_not_named() -> None:
    rows = [stage("one", value=5), stage("two", value=5)]
    assert "what stays behind" not in json.dumps(flow.draw(rows, {}, WORDS, WIDE).to_dict())
