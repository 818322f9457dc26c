"""Days: those on the axis of a form, and those in a Vega-Lite specification of a note, which are
the same days wherever it is drawn and read.

By itself Vega reckons with the clock of whoever draws, so that a day begins on the evening before
in one half of the world. Here everything is reckoned in UTC: scales, units of time, expressions,
and what the rows say of a day.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from explainer.charts.form import Row
from explainer.charts.spec import parts, with_views

ISO = re.compile(
    r"(\d{4}(?:-\d{2}){0,2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?"
)
"""A year, a month or a day, with a time of day and its distance from UTC where they are known."""

FUNCTIONS = {
    **{
        name: f"utc{name}"
        for name in (
            *("year", "quarter", "month", "date", "day", "dayofyear", "week"),
            *("hours", "minutes", "seconds", "milliseconds"),
        )
    },
    "datetime": "utc",
    "timeFormat": "utcFormat",
    "timeParse": "utcParse",
    "timeOffset": "utcOffset",
    "timeSequence": "utcSequence",
}
"""Functions of expressions that go by the reader's clock, each with the one that does not."""

CALL = re.compile(rf"(?<![\w.$])({'|'.join(FUNCTIONS)})(?=\s*\()")
QUOTED = re.compile(r"('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
EXPRESSIONS = ("calculate", "expr", "labelExpr", "filter", "test", "and", "or", "not")
"""Keys below which a text is an expression."""

PARTS = {
    *("year", "quarter", "month", "date", "day", "hours", "minutes", "seconds", "milliseconds"),
    "utc",
}
"""Keys of a moment that is written as a mapping."""

SPOKEN = ("text", "tooltip", "description")
"""Channels that show a value as it reads."""

TOLD = {
    *("x", "y", "theta", "radius", "color", "fill", "stroke", "opacity", "fillOpacity"),
    *("strokeOpacity", "strokeWidth", "strokeDash", "size", "angle", "shape", "text", "detail"),
    *("xOffset", "yOffset", "longitude", "latitude"),
}
"""Channels that a tooltip tells by itself."""

DISCRETE = ("ordinal", "nominal")


WHEN = re.compile(r"\d{4}(-\d\d){0,2}")
"""A year, a month or a day of the data file."""

STEPS = ((1, 2, 5, 10, 20, 50, 100, 200, 500), (1, 2, 3, 6), (1, 2, 7, 14))
"""How many years, months or days may lie between two ticks of an axis."""


def count(time: str) -> int:
    """The number of a year, of a month or of a day, each counted from the year 0."""
    year, *rest = map(int, time.split("-"))
    if len(rest) == 2:
        return date(year, *rest).toordinal()
    return year * 12 + rest[0] - 1 if rest else year


def first(time: str) -> str:
    """The first day of a year, month or day."""
    return (time + "-01-01")[:10]


def periods(times: Collection[str]) -> list[str]:
    """All years, months or days from the first to the last of these, as fine as the finest."""
    level = max(time.count("-") for time in times)
    length = 4 + 3 * level
    padded = sorted(first(time)[:length] for time in times)
    numbers = range(count(padded[0]), count(padded[-1]) + 1)
    if level == 2:
        return [date.fromordinal(day).isoformat() for day in numbers]
    return [f"{n // 12}-{n % 12 + 1:02}" if level else f"{n}" for n in numbers]


def ticks(times: Collection[str], most: int = 7) -> list[tuple[str, str]]:
    """Where an axis of these times has its ticks, each with the year, month or day to print."""
    every = periods(times)
    found: list[tuple[str, str]] = []
    for level in range(every[0].count("-"), -1, -1):
        length = 4 + 3 * level
        begun = [time for time in every if not time[length:].replace("-01", "")]
        start = count(begun[0][:length]) if begun and level == 2 else 0
        for step in STEPS[level]:
            found = [(t, t[:length]) for t in begun if (count(t[:length]) - start) % step == 0]
            if 2 <= len(found) <= most:
                return found
    return [(time, time) for time in dict.fromkeys((every[0], every[-1]))]


def in_utc(spec: Mapping[str, Any], rows: Sequence[Row]) -> tuple[dict[str, Any], list[Row]]:
    """A specification and its rows with all days in UTC, and tooltips that can say them."""
    fields = {
        part["field"]
        for _, part in parts(spec)
        if isinstance(part, dict)
        and isinstance(part.get("field"), str)
        and (part.get("type") == "temporal" or "timeUnit" in part)
    }
    dated = [
        {name: _day(value) if name in fields else value for name, value in row.items()}
        for row in rows
    ]
    return _told(_reckoned(spec, ""), {}), dated


def _day(value: Any) -> Any:
    """A value as a day in UTC: a year that stands as a number, a time of day without a zone."""
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        return str(value)
    found = ISO.fullmatch(value) if isinstance(value, str) else None
    if found is None or not found[2]:
        return value
    return f"{found[1]}T{found[2]}{found[3] or 'Z'}"


def _reckoned(value: Any, key: str) -> Any:
    """A part of a specification, which stands under a key, reckoned in UTC."""
    if isinstance(value, list):
        return [_reckoned(item, key) for item in value]
    if isinstance(value, str):
        return _expression(value) if key in EXPRESSIONS else value
    if not isinstance(value, dict):
        return value
    if value and set(value) <= PARTS:
        return {**value, "utc": True}
    made = {name: _reckoned(item, name) for name, item in value.items()}
    if "timeUnit" in made:
        made["timeUnit"] = _unit(made["timeUnit"])
    if "field" in made and (made.get("type") == "temporal" or _timed(made)):
        if key in SPOKEN and made.get("type") in DISCRETE:
            made["type"] = "temporal"
        if made.get("type", "temporal") == "temporal" and (key in TOLD or key in SPOKEN):
            _scale(made)
    return made


def _expression(text: str) -> str:
    pieces = QUOTED.split(text)
    # Every second piece is a text in quotes.
    pieces[::2] = [CALL.sub(lambda match: FUNCTIONS[match[1]], piece) for piece in pieces[::2]]
    return "".join(pieces)


def _unit(unit: Any) -> Any:
    if isinstance(unit, dict):
        return {**unit, **({"unit": _unit(unit["unit"])} if "unit" in unit else {"utc": True})}
    name = str(unit)
    binned = "binned" if name.startswith("binned") else ""
    return f"{binned}utc{name.removeprefix('binned').removeprefix('utc')}"


def _timed(channel: Mapping[str, Any]) -> bool:
    """Whether a channel, not a transform, counts in a unit of time."""
    return "timeUnit" in channel and "as" not in channel


def _scale(channel: dict[str, Any]) -> None:
    scale = channel.get("scale", {})
    if isinstance(scale, dict) and scale.get("type", "time") == "time":
        channel["scale"] = {**scale, "type": "utc"}


def _told(view: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """A view whose tooltips say its units of time: those that stand as names are not told well."""
    own = view.get("encoding")
    encoding = {**above, **own} if isinstance(own, dict) else dict(above)
    made = with_views(view, lambda inner: _told(inner, encoding))
    mark = made.get("mark")
    if not mark or "tooltip" in encoding or not any(map(_by_name, encoding.values())):
        return made
    look = dict(mark) if isinstance(mark, dict) else {"type": mark}
    if "tooltip" not in look:
        tooltip = [_line(one) for name, one in encoding.items() if name in TOLD and _shows(one)]
        made["encoding"] = {**(own if isinstance(own, dict) else {}), "tooltip": tooltip}
    # What it would be called for a screen reader is told as badly.
    made["mark"] = {"aria": False, **look}
    return made


def _by_name(channel: Any) -> bool:
    return isinstance(channel, dict) and _timed(channel) and channel.get("type") in DISCRETE


def _shows(channel: Any) -> bool:
    return isinstance(channel, dict) and ("field" in channel or "aggregate" in channel)


def _line(channel: Mapping[str, Any]) -> dict[str, Any]:
    """A channel as a line of a tooltip."""
    keys = ("field", "aggregate", "bin", "timeUnit", "title", "type", "format", "formatType")
    made = {key: channel[key] for key in keys if key in channel}
    for guide in (channel.get("axis"), channel.get("legend")):
        if isinstance(guide, dict):
            made = {key: guide[key] for key in ("title", "format") if key in guide} | made
    if _timed(channel):
        made["type"] = "temporal"
        _scale(made)
    return made
