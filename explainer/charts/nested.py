"""A specification with what its layers share said once, and without layers that draw nothing."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

Layer = dict[str, Any]


def nested(spec: Mapping[str, Any], above: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The specification, its layers that follow each other gathered where they have data of their
    own in common, their first steps, or all of what they show; it draws the same.

    What the channels `above` say goes without saying.
    """
    made, channels = dict(spec), dict(spec.get("encoding", {}))
    known = dict(above or {})
    for name, channel in channels.items():
        if isinstance(channel, dict) and "field" in channel and isinstance(known.get(name), dict):
            channels[name] = {k: v for k, v in channel.items() if known[name].get(k) != v}
    if channels:
        made["encoding"] = channels
    if "layer" in made:
        inner = [nested(layer, known | channels) for layer in made["layer"]]
        made["layer"] = list(_gathered(inner))
    return made


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
