"""A specification that says nothing twice and nothing in vain, and that draws anywhere."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from explainer.charts.spec import SUMMARIES, VIEWS, parts
from explainer.charts.theme import FONT, FONTS, literal

Layer = dict[str, Any]


USUAL = {"type": "nominal"}
"""What Vega-Lite takes a field for that is not sorted, and of which nothing else is said."""


def nested(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification, its layers that follow each other gathered where they have data of their
    own in common, their first steps, or all of what they show; it draws the same."""
    return _nested(rounded(spec), {})


def _nested(spec: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The same; what the channels above it say, which are known, goes without saying."""
    made, channels = dict(spec), dict(spec.get("encoding", {}))
    for name, channel in channels.items():
        if isinstance(channel, dict) and "field" in channel:
            said = known.get(name, {} if "sort" in channel else USUAL)
            channels[name] = {k: v for k, v in channel.items() if (k, v) not in said.items()}
    if channels:
        made["encoding"] = channels
    if "layer" in made:
        inner = [_nested(layer, {**known, **channels}) for layer in made["layer"]]
        made["layer"] = list(_gathered(inner))
    return made


def rounded(value: Any) -> Any:
    """The same specification with six figures at most in each number that is not of its rows."""
    if isinstance(value, dict):
        rows = ("data", "datasets")
        return {key: item if key in rows else rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, float) and abs(value) < 1e6:
        return int(value) if value.is_integer() else float(f"{value:.6g}")
    return value


EMPTY = re.compile(r'<g class="[^"]* role-mark ((?:layer_\d+_)+)marks"[^>]*/>')
"""A group of a drawing that Vega has made of a layer, and that holds no mark."""


def without_empty(spec: Mapping[str, Any], svg: str) -> dict[str, Any]:
    """The specification without the layers of which there is no mark in its drawing, where no
    reader can bring one about."""
    if "params" in spec:
        return dict(spec)
    return _kept(spec, {name.rstrip("_") for name in EMPTY.findall(svg)}, "")


def _kept(view: Mapping[str, Any], empty: Collection[str], name: str) -> dict[str, Any]:
    named = [(f"{name}layer_{n}", layer) for n, layer in enumerate(view.get("layer", ()))]
    layers = [_kept(layer, empty, f"{own}_") for own, layer in named if own not in empty]
    left = [layer for layer in layers if layer.get("layer", True)]
    return {**view, "layer": left} if named else dict(view)


def _gathered(layers: Sequence[Layer]) -> Iterator[Layer]:
    for shared, run in groupby(layers, _shared):
        own = list(run)
        if not own[1:] or not shared:
            yield from own
            continue
        steps = _steps(own)
        common = _common([layer.get("encoding", {}) for layer in own])
        whole = {"data": own[0].get("data"), "transform": own[0].get("transform", [])[:steps]}
        inner = [_without(layer, steps, common) for layer in own]
        whole |= {"encoding": common, "layer": list(_gathered(inner))}
        yield {name: part for name, part in whole.items() if part}


def _shared(layer: Layer) -> str:
    """What gathers a layer with its neighbours."""
    if "params" in layer or "name" in layer:
        # A reader's pointer is felt for where it was.
        return ""
    known = layer.get("data") or layer.get("transform", [])[:1] or layer.get("encoding")
    return json.dumps(known, sort_keys=True) if known else ""


def _steps(layers: Sequence[Layer]) -> int:
    """How many of their first steps are the same."""
    steps = [layer.get("transform", []) for layer in layers]
    alike = [all(step == row[0] for step in row) for row in zip(*steps, strict=False)]
    return [*alike, False].index(False)


def _without(layer: Layer, steps: int, common: Mapping[str, Any]) -> Layer:
    """A layer without its data, so many of its first steps, and the channels that all have."""
    own = {
        "data": None,
        "transform": layer.get("transform", [])[steps:],
        "encoding": {n: c for n, c in layer.get("encoding", {}).items() if n not in common},
    }
    return {name: part for name, part in {**layer, **own}.items() if part or name not in own}


def _common(encodings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The channels that are the same in all of these."""
    first, *others = encodings
    return {
        name: channel
        for name, channel in first.items()
        if all(other.get(name) == channel for other in others)
    }


def portable(
    spec: Mapping[str, Any], said: tuple[str, str], colors: Mapping[str, str]
) -> dict[str, Any]:
    """A specification that draws the same wherever Vega-Lite is, such as in its editor.

    Its colours are those of the light page, beside our font stand the likest, and of the looks
    there are those that it takes up; `said` are the name and the description of the chart. An
    unknown token raises KeyError.
    """
    lean = {**spec, "config": _taken_up(spec)}
    text = literal(json.dumps(lean, ensure_ascii=False), colors)
    known = json.loads(text.replace(json.dumps(FONT), json.dumps(FONTS)))
    head = {"$schema": known.pop("$schema"), "description": " ".join(said)}
    return {**head, "usermeta": {"title": said[0]}, **known}


CALLED = {
    **{mark: {mark, *SUMMARIES} for mark in ("area", "bar", "line", "point", "rule", "text")},
    "header": {"facet", "row", "column", "repeat"},
    "title": {"the title of a view"},
    "legend": {"a legend"},
    "range": {"a range of ours"},
}
"""Looks that a specification takes up only where it says, or has, one of these."""

KEYED = ("color", "fill", "opacity", "shape", "size", "stroke", "strokeDash", "strokeWidth")
"""Channels that a legend tells of."""


def _taken_up(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The looks of a specification without those that nothing in it has."""
    words: set[Any] = set()
    keyed: list[Mapping[str, Any]] = []
    for path, part in parts(spec, (), ("config", "data", "datasets")):
        *above, key = path or ("",)
        words |= {key, part if isinstance(part, str) else key}
        if key == "title" and all(name in VIEWS or isinstance(name, int) for name in above):
            words.add("the title of a view")
        if key in KEYED and isinstance(part, dict) and {"field", "datum", "condition"} & set(part):
            keyed += [part] if part.get("scale", "") is not None else []
    if any(channel.get("legend", "") is not None for channel in keyed):
        words.add("a legend")
    if any("range" not in channel.get("scale", ()) for channel in keyed):
        words.add("a range of ours")
    idle = {name for name, calls in CALLED.items() if not calls & words}
    return {name: look for name, look in spec.get("config", {}).items() if name not in idle}
