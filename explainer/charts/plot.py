"""What the forms share: rows as the data of a chart, labels of rows, axes in words, keys, frames.

A form is a plain chart of Altair over one dataset of rows: positions are encodings, and scales,
axes and stacks are Vega-Lite's. In px stand only sizes of the frame, and offsets that set a label
beside its mark.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from explainer.charts import alt
from explainer.charts.marks import widest, wrapped
from explainer.charts.theme import LARGE, SMALL, Size, config

Rows = Sequence[Mapping[str, Any]]
"""Rows of a chart,"""

Settings = Mapping[str, Any]
"""what a form is told beyond them,"""

Words = Mapping[str, str]
"""and the interface texts that it shows."""

Meanings = list[tuple[dict[str, Any], str]]
"""What marks mean, for the key: how each looks, and its text."""

INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
PAPER = "var(--chart-paper)"
GRID = "var(--chart-grid)"
SLATE = "var(--chart-slate)"
"""The colour of all that has no product."""

LINE = SMALL + 3
"""The height of a line of small text in px."""

LABELS = 276
"""The width in px that a wide drawing of rows gives their labels."""

FIRST = 15
"""How far below the upper edge of its row a mark stands in px: beside the first line of its label,
where the label is beside it."""

TEXT: dict[str, Any] = {"align": "left", "baseline": "top", "aria": False}
"""How most lettering hangs on its place."""

HALO: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}
"""The outline of lettering upon marks, which lies below it."""

DASHES = (4, 3)
"""What is open, a ceiling or a floor."""

OPEN_END: dict[str, Any] = {"strokeWidth": 2, "strokeDash": DASHES, "aria": False}
"""The line from a mark to where its figure may still lie."""

TAILS: dict[str, tuple[float, Sequence[tuple[float, float, float, float]]]] = {
    "low": (20, [(0, 13, 0, 0)]),
    "high": (7, [(13, 26, 0, 0)]),
    "down": (13, [(0, 26, 0, 0), (13, 13, 0, 15)]),
    "up": (13, [(13, 13, -15, 0)]),
}
"""Where the mark of an open end stands in the key, and its dashes: from x to x, and from y to y."""

TONES = (INK, SLATE, MUTED)
"""The colours of lines that are no products,"""

LOOKS = ((1, 0), (7, 4), (2, 3))
"""and the dashes that tell them apart for those who see no difference in these."""

ENDS = 150
"""The room in px in which a wide drawing names its lines at their ends."""


def data(rows: Rows, fields: str = "") -> Any:
    """The rows as the one dataset of a chart: these fields of them, by their names with a space in
    between. What is empty is left out."""
    values = [
        {
            name: row[name]
            for name in fields.split()
            if row.get(name) is not None and row[name] is not False and row[name] not in ("", [])
        }
        for row in rows
    ]
    # Altair copies a list with every chart that is made of it; a tuple it leaves alone.
    return alt.Data(values=tuple(values), name="rows")


def layer(where: str = "", **made: str) -> Any:
    """A layer of the rows for which a test holds, with fields that are made of others."""
    transform = [*([{"filter": where}] if where else []), *steps(**made)]
    return _layer()(transform=transform) if transform else _layer()()


def written(field: str, shift: str | float, where: Any = "", **look: Any) -> Any:
    """The lines of a field of the rows for which a test holds, so many px below their place."""
    rows = layer(f"datum.{field} && {where}" if where else f"datum.{field}")
    dy = alt.expr(shift) if isinstance(shift, str) else shift
    return rows.mark_text(dy=dy, **{**TEXT, **look}).encode(text=f"{field}:N")


def once(**row: Any) -> Any:
    """A layer of one mark, which stands for no row."""
    return _layer()(alt.Data(values=[row]))


def steps(**made: str) -> list[dict[str, Any]]:
    """The steps that make fields of others, each by an expression."""
    return [{"calculate": expression, "as": name} for name, expression in made.items()]


def summed(field: str, name: str) -> dict[str, Any]:
    """The step that gives each row the sum of a field up to it: where one ends that follows the
    others."""
    return {"window": [{"op": "sum", "field": field, "as": name}], "frame": [None, 0]}


@cache
def _layer() -> Any:
    import altair as alt

    class Layer(alt.Chart):
        """A chart that knows the classes of its channels by their names. Altair by itself looks
        through all of its classes, for each channel that is written as `x="price:Q"` anew."""

        def encode(self, **channels: Any) -> Any:  # type: ignore[override]
            named = ((n, _channel(n)(c) if isinstance(c, str) else c) for n, c in channels.items())
            return super().encode(**dict(named))

    return Layer


def framed(
    layers: Sequence[Any],
    rows: Any,
    size: Size,
    height: float,
    *,
    left: float = 0,
    top: float = 0,
    right: float = 0,
    bottom: float = 0,
    transform: Sequence[Any] = (),
    params: Sequence[Any] = (),
    more: Mapping[str, Any] | None = None,
    **shared: Any,
) -> Any:
    """The layers over `rows`, in a drawing as wide as `size`: a plot of `height` px, with this room
    in px around it for axes and labels. `shared` are the scales and axes of their channels, `more`
    is what else Vega-Lite is told of the chart."""
    width = round(size.width - left - right)
    own = {"transform": list(transform), "params": list(params), **(more or {})}
    if shared:
        own["encoding"] = alt.SharedEncoding(**shared)
    # All at once: Altair copies the layers each time that something is added.
    return alt.LayerChart(
        layer=list(layers),
        data=rows,
        width=width,
        height=round(height),
        padding={"left": left, "top": top, "right": size.width - width - left, "bottom": bottom},
        # The room is what it is: fitted, a chart would move for a stroke that goes past its edge.
        autosize={"type": "none"},
        config=config(),
        **{name: value for name, value in own.items() if value},
    )


def fixed(**values: Any) -> dict[str, Any]:
    """Channels that have one value for all marks of a layer, such as px of the plot."""
    return {name: _channel(name, "Value")(value) for name, value in values.items()}


def own(*names: str, field: str = "color") -> dict[str, Any]:
    """Channels whose values stand in the rows as they are."""
    return {name: _channel(name)(f"{field}:N", scale=None) for name in names}


def either(test: str, **values: tuple[Any, Any]) -> dict[str, Any]:
    """Channels that have one value where a test holds, and another where it does not."""
    return {
        name: _channel(name, "Value")(other, condition={"test": test, "value": one})
        for name, (one, other) in values.items()
    }


def hollow(test: str) -> dict[str, Any]:
    """The fill of marks in the colour of their row, and of paper where a test holds."""
    fill = alt.Fill("color:N", scale=None)
    return {"fill": alt.condition(test, alt.value(PAPER), fill)}


def _channel(name: str, kind: str = "") -> Any:
    """Altair's class of a channel. To find it for a mapping takes it some hundredths of a second,
    each time."""
    return getattr(alt, f"{name[0].upper()}{name[1:]}{kind}")


def axis(shown: Sequence[tuple[float, str]], title: str | list[str] = "", **more: Any) -> Any:
    """An axis with these ticks: a value, and how the language of the drawing writes it."""
    # By its numbers as Vega turns them into texts.
    said = {
        str(int(value)) if float(value).is_integer() else repr(float(value)): text
        for value, text in shown
    }
    return alt.Axis(
        values=[value for value, _ in shown],
        labelExpr=f"{json.dumps(said, ensure_ascii=False)}[datum.value]",
        title=title or None,
        **{"labelOverlap": True, **more},
    )


def scaled(channel: str, first: float, last: float, axis: Any = None, **more: Any) -> Any:
    """The scale and the axis of a channel, from one value to another as they are."""
    scale = alt.Scale(domain=[first, last], nice=False, **more)
    return _channel(channel)(type="quantitative", scale=scale, axis=axis)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values for an axis that spans these two."""
    step = round_step((high - low or abs(high) or 1) / about)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return [float(f"{step * number:.12g}") for number in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The least step of 1, 2 or 5 times a power of ten that is not below `rough`."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def sparse(shown: Sequence[tuple[float, str]], width: float) -> list[tuple[float, str]]:
    """As many of these ticks, evenly from zero if it is one, as have room for their texts on an
    axis that is `width` px long."""
    step = width / max(1, len(shown) - 1) or 1
    every = max(1, math.ceil((widest([text for _, text in shown]) + 8) / step))
    start = next((at for at, (value, _) in enumerate(shown) if value == 0), 0)
    return [tick for at, tick in enumerate(shown) if (at - start) % every == 0]


def marked_years(years: Sequence[int], most: int) -> list[int]:
    """The first and last year, and round ones between them that keep clear of both."""
    first, last = years[0], years[-1]
    step = max(1, int(round_step((last - first) / most))) if last > first else 1
    between = (
        year
        for year in range(first, last)
        if year % step == 0 and min(year - first, last - year) >= step * 0.55
    )
    return sorted({first, last, *between})


def last_with_room(
    ends: Iterable[tuple[float, float]], low: float, high: float, width: float
) -> float:
    """Where a linear axis that begins at `low` has to end, at `high` or later, so that behind each
    value its text has the px that it takes: pairs of both."""
    needed = (
        low + (value - low) * width / (width - room)
        for value, room in ends
        if value > low and room < width
    )
    return max([high, *needed])


def domain_with_room(
    ends: Sequence[tuple[float, float]], low: float, high: float, width: float
) -> tuple[float, float]:
    """The same at both ends of an axis: what is below zero has its text to the left."""
    first, last = low, high if high > low else low + 1
    below = [(-value, room) for value, room in ends if value < 0]
    above = [(value, room) for value, room in ends if value >= 0]
    for _ in range(4):  # Room at one end makes the other narrower.
        last = last_with_room(above, first, last, width)
        first = -last_with_room(below, -last, -low, width)
    return first, last


def label(row: dict[str, Any], size: Size, less: float = 0) -> None:
    """Give a row the lines of its label, and of the remark below it, as `lines` and `under`, in as
    many px `less` than there are."""
    width = label_room(size) - less
    row["lines"] = wrapped(row["label"], width, SMALL, bold=True)
    row["under"] = wrapped(row["remark"], width) if row.get("remark") else []


def label_room(size: Size) -> int:
    """The px that labels of rows have."""
    # A narrow plot stands some px from the edge.
    return LABELS - 20 if size.is_wide else size.width - 10


def left_of(size: Size) -> int:
    """The px left of a plot of rows: the room of their labels, in a narrow one of half a mark."""
    return LABELS if size.is_wide else 8


def lines_of(row: Mapping[str, Any]) -> int:
    """How many lines a row's label and remark take."""
    return len(row["lines"]) + len(row["under"])


def choice(name: str, labels: Mapping[str, str], first: str, label: str) -> Any:
    """A parameter that readers of the live view choose: its values with what they are called."""
    options = {"options": list(labels), "labels": list(labels.values())}
    return alt.VariableParameter(
        name=name, value=first, bind={"input": "radio", **options, "name": label}
    )


def said() -> dict[str, Any]:
    """What a mark says, to a screen reader, and to who points at it."""
    return {
        "description": alt.Description("description:N"),
        "tooltip": alt.Tooltip("description:N"),
    }


def figure_lines(text: str, width: float) -> list[str] | str:
    """A figure in lines that leave room for its mark in a plot of this width, if one would not."""
    lines = wrapped(text, 0.68 * width, LARGE, bold=True)
    return lines if lines[1:] else text


def heading(lines: Sequence[str], left: float = 0, above: float = 12) -> tuple[list[Any], float]:
    """What is counted, in muted lines that begin `left` px to the left of the plot and end `above`
    px above it. Comes back with the px that all this takes."""
    room = LINE * len(lines) + above
    written = list(lines) if lines[1:] else lines[0]
    place = fixed(text=written, x=-left, y=-room)
    return [once().mark_text(**TEXT, color=MUTED).encode(**place)], room


def upright(values: Sequence[float], texts: Sequence[str]) -> Any:
    """The channel y over these ticks, from the first to the last."""
    ticks = axis(list(zip(values, texts, strict=True)), grid=True, labelPadding=8)
    return scaled("y", values[0], values[-1], ticks, zero=False)


def zero(values: Sequence[float], across: float) -> list[Any]:
    """A line at zero, across a plot that holds it and is this many px wide."""
    at = {"y": alt.YDatum(0, type="quantitative"), **fixed(x=0, x2=across)}
    line = layer().mark_rule(color=INK, aria=False).encode(**at)
    return [line] if values[0] <= 0 <= values[-1] else []


def end_labels(across: float, color: Any) -> list[Any]:
    """The names of lines at their ends, in the px behind a plot that is `across` px wide: the lines
    of a row's `ending`, and below them those of its `tail`, moved down by its `nudge`."""
    look = {**TEXT, "baseline": "middle"}
    named = layer("isValid(datum.ending)")
    place = {**fixed(x=across + 10), "y": "top:Q"}
    below = f"datum.nudge + {LINE} * length(datum.ending)"
    return [
        named.mark_text(dy=alt.expr("datum.nudge"), fontWeight="bold", **look).encode(
            text="ending:N", color=color, **place
        ),
        named.mark_text(dy=alt.expr(below), **look).encode(text="tail:N", **place),
    ]


def named(line: str, last: str, when: str) -> dict[str, list[str]]:
    """The lines in which a line is named at its end, and those of its last number and its time."""
    room, tail = ENDS - 12, [f"{last}, {when}"]
    if widest(tail) > room:
        tail = [*wrapped(f"{last},", room), *wrapped(when, room)]
    return {"ending": wrapped(line, room, bold=True), "tail": tail}


def end_room(row: Mapping[str, Any]) -> int:
    """The px that the name at the end of a line takes."""
    return LINE * (len(row["ending"]) + len(row["tail"])) + 8


def spread(ends: Iterable[dict[str, Any]], per_unit: float, least: float) -> None:
    """Give the rows at the ends of lines the `nudge` by which none of their names stands on
    another, nor below the foot of the plot, where a unit of the axis that begins at `least` is
    `per_unit` px high."""
    edge, ordered = -math.inf, sorted(ends, key=lambda row: -top(row))
    places: list[float] = []
    for row in ordered:
        places.append(max(edge, -top(row) * per_unit))
        edge = places[-1] + end_room(row)
    edge = 20 - least * per_unit
    for row, place in reversed(list(zip(ordered, places, strict=True))):
        edge = min(place, edge - end_room(row))
        row["nudge"] = round(edge + top(row) * per_unit, 1)


def top(row: Mapping[str, Any]) -> float:
    """Where a row stands: at its number, or at the upper end of what it states."""
    ends = (row[key] for key in ("value", "high", "low") if row[key] is not None)
    return float(next(ends))


def ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """The least and the greatest figure that a row states, which may be one."""
    stated = [row[key] for key in ("low", "high", "value") if row[key] is not None]
    return min(stated), max(stated)


def stroke(row: Mapping[str, Any]) -> dict[str, Any]:
    """How the line of a row looks in the key."""
    look = {"shape": "stroke", "size": 200, "stroke": row["color"], "strokeWidth": 2.5}
    return {**look, "strokeDash": LOOKS[row["look"]]} if row["look"] else look


def open_ends(rows: Rows, words: Words, look: Callable[[str, Rows], Mapping[str, Any]]) -> Meanings:
    """What the open marks among these rows mean, for the key; `look` is how those of an end look,
    in the colour of the first."""
    return [
        ({"stroke": own[0]["color"], **look(end, own)}, words[word])
        for end, word in (("low", "up_to"), ("high", "at_least"))
        if (own := [row for row in rows if row["open"] == end])
    ]


def figure_room(text: str | list[str], gap: float = 14) -> float:
    """The px that a figure takes behind its mark."""
    return widest([text] if isinstance(text, str) else text, LARGE, bold=True) + gap + 2


def key(
    marks: Sequence[tuple[Mapping[str, Any], str]],
    size: Size,
    height: float,
    left: float = 0,
    letters: int = SMALL,
) -> tuple[list[Any], float]:
    """What marks mean, below a plot of this height that has `left` px to its left: a point of this
    look and a text each, in letters of this size, and where a look has a `tail` of `TAILS` its
    dashes. Comes back with the px that they take.
    """
    beside = 34 if any("tail" in look for look, _ in marks) else 22
    lettering = {**TEXT, "baseline": "middle", "color": MUTED}
    if letters != SMALL:
        lettering |= {"fontSize": letters, "lineHeight": letters + 3}
    layers: list[Any] = []
    one, y = once(), 26.0
    for look, text in marks:
        lines = wrapped(text, size.width - beside - 4, letters)
        at, dashes = TAILS.get(tail := look.get("tail", ""), (7, ()))
        point = {name: value for name, value in look.items() if name != "tail"}
        layers += [
            *(one.mark_rule(**OPEN_END, color=look["stroke"]).encode(**fixed(
                x=x - left, x2=x2 - left, y=height + y + up, y2=height + y + down,
            )) for x, x2, up, down in dashes),
            one.mark_point(**{"aria": False, "size": 80, **point})
            .encode(**fixed(x=at - left, y=height + y)),
            one.mark_text(**lettering).encode(**fixed(
                x=beside - left, text=lines if lines[1:] else text, y=height + y,
            )),
        ]  # fmt: skip
        # What hangs below a mark keeps clear of the next.
        y += (letters + 3) * len(lines) + 6 + (6 if tail == "down" else 0)
    return layers, (y - 12 if marks else 0)
