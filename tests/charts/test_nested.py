"""What layers share is said once: a shorter specification, and the same drawing."""

from __future__ import annotations

import json
import re
from typing import Any

import vl_convert

from explainer.charts.nested import nested, without_empty

ROWS = [{"town": "Tarma", "price": 3, "lines": ["Tarma", "2014"]}, {"town": "Cusco", "price": 5}]


def written(mark: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A layer of texts beside their prices."""
    price = {"x": {"field": "price", "type": "quantitative"}, "text": {"field": "lines"}}
    return {
        "transform": [{"filter": "datum.lines"}],
        "mark": {"type": "text", **mark},
        "encoding": price,
        **more,
    }


SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
    "data": {"values": ROWS},
    "encoding": {"x": {"type": "quantitative", "scale": {"domain": [0, 10]}}},
    "layer": [
        {"mark": "bar", "encoding": {"x": {"field": "price", "type": "quantitative"}}},
        written({"stroke": "white", "strokeWidth": 4}),
        written({}),
        written({}, transform=[{"filter": "datum.lines"}, {"filter": "datum.price > 4"}]),
        {"data": {"values": [{}]}, "mark": "rule", "encoding": {"x": {"value": 4}}},
        {
            "data": {"values": [{}]},
            "mark": "text",
            "encoding": {"x": {"value": 4}, "text": {"value": "four"}},
        },
    ],
}


def drawn(spec: dict[str, Any]) -> list[str]:
    """The marks of a drawing in order, without the names that Vega gives them."""
    svg = vl_convert.vegalite_to_svg(spec)
    return re.findall(r"<(?:text|path|line|rect|tspan)[^>]*>[^<]*", svg)


def test_what_layers_share_is_said_once_and_drawn_alike() -> None:
    """The filter of three texts, the rows of two marks, the kind of a channel."""
    made = nested(SPEC)
    assert [len(layer.get("layer", ())) for layer in made["layer"]] == [0, 3, 2]
    assert json.dumps(made).count("datum.lines") == 1
    assert json.dumps(made).count("quantitative") == 1
    assert len(json.dumps(made)) < len(json.dumps(SPEC))
    assert drawn(made) == drawn(SPEC)


def test_a_layer_without_marks_goes_unless_a_reader_can_bring_them_about() -> None:
    """No price is above four and has lines; with a parameter it stays."""
    made = nested(SPEC)
    svg = vl_convert.vegalite_to_svg(made)
    less = without_empty(made, svg)
    assert "datum.price > 4" in json.dumps(made) and "datum.price > 4" not in json.dumps(less)
    assert drawn(less) == drawn(made)
    chosen = made | {"params": [{"name": "least", "value": 4}]}
    assert without_empty(chosen, svg) == chosen


def test_what_a_pointer_is_felt_for_stays_where_it_was() -> None:
    """A layer with a name or a parameter of its own is gathered with no other."""
    named = {**SPEC, "layer": [written({}, name="years"), written({}, params=[])]}
    assert [layer["mark"]["type"] for layer in nested(named)["layer"]] == ["text", "text"]
