"""Any Vega-Lite specification from a note, in the site's looks and sizes.

Not a form that the data file can name: its rows come with it, and Vega labels its axes by itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel.dates import get_day_names, get_month_names

from explainer.charts import alt
from explainer.charts.days import in_utc
from explainer.charts.form import Content, Form, FormOptions, Row
from explainer.charts.marks import wrapped
from explainer.charts.spec import views, with_views
from explainer.charts.theme import SMALL, WIDE, Size, config
from explainer.data.kinds import is_number
from explainer.text.numbers import number_tokens
from explainer.voice.voice import Voice

HEIGHTS = {"wide": 320, "narrow": 260}
"""Height in px of a drawing that names none, where its rows do not decide it."""

STEP = 28
"""Height in px of a row, where names stand on the left."""

SEVERAL = ("concat", "hconcat", "vconcat", "spec")
"""Keys that hold views with widths of their own."""

UNSTATED = 300
"""Width in px that Vega-Lite gives to a view that states none,"""

UNSTATED_STEP = 20
"""and to a step of a scale of names."""

TITLE = {"x": 0.65, "y": 0.5}
"""The part of a drawing's width, or of its height, that a line of an axis title may take."""

NUMBER = re.compile(
    r"(\d+(?:[,\u202f\u00a0]\d{3})*(?:\.\d+)?)\s?([yzafpnµmkMGTPEZY%](?![a-zA-Z]))?"
)
"""A number as Vega formats it, and the letter that stands for a power of ten."""

PREFIXES = {"%": 1e-2, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
"""Letters that stand for a power of ten, and the per cent sign."""

LETTERS = 4
"""A label of a scale holds as many letters at most: a unit, or the name of a month."""


class Options(FormOptions):
    """A specification without its data, and the rows that it draws."""

    spec: dict[str, Any]
    rows: list[dict[str, Any]]


def tick(text: str, scale: Sequence[str] | None) -> bool:
    """Whether a label of an axis or a legend is one of its scale: a number, or a short date.

    A specification may put the numbers of its scales, which are given then, into words of its own.
    """
    if scale is not None:
        return number_tokens(text) <= number_tokens(" ".join(scale))
    return sum(character.isalpha() for character in text) <= LETTERS


def formatted(texts: Iterable[str], rows: Sequence[Row]) -> list[str]:
    """Those texts whose every number is a number of the rows, perhaps rounded."""
    values = sorted(abs(value) for row in rows for value in row.values() if is_number(value))

    def is_stated(match: re.Match[str]) -> bool:
        digits = re.sub(r"[,\u202f\u00a0]", "", match[1])
        unit = float(PREFIXES.get(match[2], 1))
        number, off = float(digits) * unit, unit / 10 ** len(digits.partition(".")[2]) * 0.501
        nearest = values[bisect_left(values, number - off) :][:1]
        return bool(nearest) and abs(nearest[0] - number) <= off

    return [text for text in dict.fromkeys(texts) if all(map(is_stated, NUMBER.finditer(text)))]


def locale_of(voice: Voice) -> dict[str, Any]:
    """How Vega writes numbers and dates in a language, where that is not its own way."""
    if voice.code == "en":
        return {}
    locale = voice.language.locale
    symbols = locale.number_symbols["latn"]
    (days, short_days), (months, short_months) = (
        [[get(width, locale=locale)[at] for at in order] for width in ("wide", "abbreviated")]
        # Babel counts days from Monday, and d3 from Sunday.
        for get, order in ((get_day_names, (6, *range(6))), (get_month_names, range(1, 13)))
    )
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
        },
        "time": {
            "dateTime": "%d %b %Y %X",
            "date": "%d %b %Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": days,
            "shortDays": short_days,
            "months": months,
            "shortMonths": short_months,
        },
    }


def draw(
    rows: list[Row], settings: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> dict[str, Any]:
    """The specification over its rows, in the site's looks, fitted to the size where it can be.

    It does not become an Altair chart on its way: that would give a selection of one view to all.

    Of several views, only those that stand alone are fitted here: `shrunk` makes the others
    narrower, once it is known how wide they come out.
    """
    spec, rows = in_utc(settings["spec"], rows)
    if size.width < WIDE.width:
        spec = _stacked(spec)
    own = spec.pop("config", None) or {}
    if not _several(spec):
        spec["width"] = size.width
        # A height that is stated is that of the plot, as Vega-Lite has it.
        fitted = "height" not in spec and not _steps(spec)
        spec.setdefault("height", HEIGHTS[size.name] if fitted else {"step": STEP})
        spec["autosize"] = {"type": "fit" if fitted else "fit-x", "contains": "padding"}
        spec = _wrapped(spec, size)
    looks = config()
    looks["mark"] = {**looks["mark"], "tooltip": True}
    # Where a view has no ground, no pointer meets it, and no interval can be drawn on it.
    looks["view"] = {**looks["view"], "fill": "transparent"}
    # Vega's own black would not be seen on a dark page.
    looks["header"] = {"titleColor": looks["header"]["labelColor"], **looks["header"]}
    if size.width < WIDE.width:
        # Beside the plot it would leave no room for it.
        looks["legend"] = {**looks["legend"], "orient": "bottom", "columns": 2}
    if settings.get("locale"):
        looks["locale"] = settings["locale"]
    frame = {"$schema": alt.SCHEMA_URL, "padding": 2}
    return spec | frame | {"config": _merged(looks, own), "data": {"values": rows}}


def _steps(spec: Mapping[str, Any]) -> bool:
    """Whether its height is that of its rows: where names stand on the left."""
    return any(
        "field" in y and y.get("type", _usual(y)) in ("nominal", "ordinal")
        for y in (view.channel("y") for view in views(spec))
    )


def _usual(channel: Mapping[str, Any]) -> str:
    """What Vega-Lite takes a channel for that has no type."""
    numbers = {"aggregate", "bin", "timeUnit", "scale"} & set(channel)
    return "quantitative" if numbers else "nominal"


def _wrapped(view: dict[str, Any], size: Size) -> dict[str, Any]:
    """The view with the titles of its axes in lines that fit."""
    encoding = dict(view.get("encoding") or {})
    height = view["height"] if isinstance(view.get("height"), (int, float)) else HEIGHTS[size.name]
    for name, room in (("x", size.width), ("y", height)):
        channel = encoding.get(name)
        if isinstance(channel, dict):
            encoding[name] = _title_wrapped(channel, room * TITLE[name])
    made = with_views(view, lambda layer: _wrapped(layer, size), ["layer"])
    return made | ({"encoding": encoding} if encoding else {})


def _title_wrapped(channel: dict[str, Any], room: float) -> dict[str, Any]:
    axis = channel.get("axis")
    for holder in (channel, axis if isinstance(axis, dict) else {}):
        title = holder.get("title")
        lines = wrapped(title, room, SMALL) if isinstance(title, str) else []
        if lines[1:]:
            made = {**holder, "title": lines}
            return made if holder is channel else {**channel, "axis": made}
    return channel


def _several(spec: Mapping[str, Any]) -> bool:
    """Whether a specification has several views, each of a width of its own."""
    facets = {"facet", "row", "column"} & set(spec.get("encoding") or {})
    return bool(facets or {*SEVERAL, "facet"} & set(spec))


def _stacked(view: dict[str, Any]) -> dict[str, Any]:
    """The view with what stood side by side one below the other."""
    view = dict(view)
    if "hconcat" in view:
        view["vconcat"] = view.pop("hconcat")
    facet, encoding = view.get("facet"), dict(view.get("encoding") or {})
    if isinstance(facet, dict) and "column" in facet and "row" not in facet:
        view["facet"] = facet = facet["column"]
    wrapped = isinstance(facet, dict) and not {"row", "column"} & set(facet)
    if wrapped or "concat" in view or isinstance(view.get("repeat"), list):
        view["columns"] = 1
    if "column" in encoding and "row" not in encoding:
        encoding["facet"] = encoding.pop("column")
    if isinstance(encoding.get("facet"), dict):
        view["encoding"] = {**encoding, "facet": {**encoding["facet"], "columns": 1}}
    return with_views(view, _stacked, SEVERAL)


def shrunk(spec: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """A drawn specification with the widths of its views, stated or not, times a factor."""
    made = _shrunk(spec, factor)
    view = dict(made["config"].get("view") or {})
    # Its step is of heights too, which stay as they are.
    view["continuousWidth"] = _scaled(view.get("continuousWidth", UNSTATED), factor)
    step = {"step": view.get("step", UNSTATED_STEP)}
    view["discreteWidth"] = _scaled(view.get("discreteWidth", step), factor)
    return {**made, "config": {**made["config"], "view": view}}


def _shrunk(view: Mapping[str, Any], factor: float) -> dict[str, Any]:
    made = with_views(view, lambda inner: _shrunk(inner, factor), SEVERAL)
    return made | ({"width": _scaled(made["width"], factor)} if "width" in made else {})


def _scaled(width: Any, factor: float) -> Any:
    if isinstance(width, dict):
        return {key: _scaled(item, factor) for key, item in width.items()}
    return width * factor if isinstance(width, (int, float)) else width


def _merged(looks: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The site's looks, and within each key of them what a specification says otherwise."""
    both = {
        key: _merged(looks[key], item)
        for key, item in own.items()
        if isinstance(item, dict) and isinstance(looks.get(key), dict)
    }
    return {**looks, **own, **both}


FORM = Form(
    name="vega-lite",
    options=Options,
    content=lambda options, voice: Content(
        options.rows, {"spec": options.spec, "locale": locale_of(voice)}, {}
    ),
    draw=draw,
    labels_itself=True,
)
