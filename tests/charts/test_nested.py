"""What layers share is said once: a shorter specification, and the same drawing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import vl_convert

from explainer.charts.nested import nested, portable, rounded, without_empty
from explainer.charts.theme import colors_of, config, literal

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


COLORED = {"field": "town", "type": "nominal"}


@pytest.mark.parametrize(
    ("view", "taken_up"),
    [
        ({"mark": "bar"}, {"bar"}),
        ({"mark": {"type": "line", "point": True}}, {"line", "point"}),
        ({"mark": "boxplot"}, {"area", "bar", "line", "point", "rule", "text"}),
        ({"mark": "bar", "title": "Prices"}, {"bar", "title"}),
        ({"mark": "bar", "encoding": {"color": COLORED}}, {"bar", "legend", "range"}),
        ({"mark": "bar", "encoding": {"color": COLORED | {"legend": None}}}, {"bar", "range"}),
        ({"mark": "bar", "encoding": {"color": COLORED | {"scale": None}}}, {"bar"}),
        (
            {"mark": "tick", "encoding": {"fill": COLORED | {"scale": {"range": ["#123456"]}}}},
            {"legend"},
        ),
        ({"mark": "tick", "encoding": {"row": COLORED}}, {"header"}),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else "",
)
def test_a_specification_that_travels_takes_the_looks_that_show(
    view: dict[str, Any], taken_up: set[str]
) -> None:
    price = {"field": "price", "type": "quantitative", "title": "Price"}
    spec = {"$schema": SPEC["$schema"], "data": {"values": ROWS}, "config": config(), **view}
    spec["encoding"] = {"x": price, **view.get("encoding", {})}
    made = portable(spec, ("Prices", "Two prices."), colors_of(""))
    always = {"axis", "background", "font", "mark", "view"}
    assert set(made["config"]) == always | taken_up
    whole = json.loads(literal(json.dumps(spec)))
    whole["config"]["font"] = made["config"]["font"]
    assert vl_convert.vegalite_to_svg(made | {"description": ""}) == vl_convert.vegalite_to_svg(
        whole | {"description": ""}
    )


def test_numbers_are_no_longer_than_what_can_be_seen() -> None:
    rows = {"values": [{"price": 0.1 + 0.2}]}
    spec = {"data": rows, "width": 0.1 + 0.2, "layer": [{"height": 40.0}], "from": 1.4e12}
    known = {"data": rows, "width": 0.3, "layer": [{"height": 40}], "from": 1.4e12}
    assert json.dumps(rounded(spec)) == json.dumps(known)
