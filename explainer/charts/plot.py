"""What the forms share: rows as the data of a chart, labels of rows, axes in words, keys, frames.

A form is a plain chart of Altair over one dataset of rows: positions are encodings, and scales,
axes and stacks are Vega-Lite's. In px stand only sizes of the frame, and offsets that set a label
beside its mark.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from explainer.charts.marks import widest, wrapped
from explainer.charts.theme import LARGE, SMALL, Size, config

INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
PAPER = "var(--chart-paper)"
SLATE = "var(--chart-slate)"
"""The colour of all that has no product."""

LINE = SMALL + 3
"""The height of a line of small text in px."""

LABELS = 276
"""The width in px that a wide drawing of rows gives their labels."""

FIRST = 15
"""How far below the upper edge of its row a mark stands in px: beside the first line of its label,
where the label is beside it."""

HALO: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}
"""The outline of lettering upon marks, which lies below it."""

DASHES = (4, 3)
"""What is open, a ceiling or a floor."""

TONES = (INK, SLATE, MUTED)
"""The colours of lines that are no products,"""

LOOKS = ((1, 0), (7, 4), (2, 3))
"""and the dashes that tell them apart for those who see no difference in these."""

ENDS = 150
"""The room in px in which a wide drawing names its lines at their ends."""


def data(rows: Iterable[Mapping[str, Any]], *fields: str) -> Any:
    """The rows, these fields of them, as the one dataset of a chart; what is empty is left out."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    values = [
        {
            name: row[name]
            for name in fields
            if row.get(name) is not None and row[name] is not False and row[name] != ""
        }
        for row in rows
    ]
    # Altair copies a list with every chart that is made of it; a tuple it leaves alone.
    return alt.Data(values=tuple(values), name="rows")  # type: ignore[no-untyped-call]


def once() -> Any:
    """A layer of one mark, which stands for no row."""
    import altair as alt

    return alt.Chart(alt.Data(values=[{}]))  # type: ignore[no-untyped-call]


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
) -> Any:
    """The layers over `rows`, in a drawing as wide as `size`: a plot of `height` px, with this room
    in px around it for axes and labels."""
    import altair as alt

    chart = alt.layer(*layers, data=rows)
    chart.width, chart.height = round(size.width - left - right), round(height)
    chart.padding = {"left": left, "top": top, "right": right, "bottom": bottom}
    # The room is what it is: fitted, a chart would move for a stroke that reaches past its edge.
    chart.autosize = {"type": "none"}
    chart.config = config()
    return chart


def axis(shown: Sequence[tuple[float, str]], title: str = "", **more: Any) -> Any:
    """An axis with these ticks: a value, and how the language of the drawing writes it."""
    import altair as alt

    said = {_key(value): text for value, text in shown}
    return alt.Axis(
        values=[value for value, _ in shown],
        labelExpr=f"{json.dumps(said, ensure_ascii=False)}[datum.value]",
        title=title or None,
        **{"labelOverlap": True, **more},
    )


def _key(value: float) -> str:
    """A number as Vega turns it into a text."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values for an axis that spans these two."""
    step = round_step((high - low or 1) / about)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{step * number:.12g}") for number in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The least step of 1, 2 or 5 times a power of ten that is not below `rough`."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def last_with_room(
    ends: Iterable[tuple[float, float]], low: float, high: float, width: float
) -> float:
    """Where a linear axis that begins at `low` has to end, at `high` or later, so that behind each
    value its text has the px that it takes: pairs of both."""
    last = high
    for value, room in ends:
        if value > low and room < width:
            last = max(last, low + (value - low) * width / (width - room))
    return last


def label(row: dict[str, Any], size: Size, name: str = "label", remark: str = "remark") -> None:
    """Give a row the lines of its label, and of the remark below it, as `lines` and `under`."""
    # A narrow plot stands some px from the edge.
    width = LABELS - 20 if size.is_wide else size.width - 10
    row["lines"] = wrapped(row[name], width, SMALL, bold=True)
    row["under"] = wrapped(row[remark], width) if row.get(remark) else []


def left_of(size: Size) -> int:
    """The px left of a plot of rows: the room of their labels, in a narrow one of half a mark."""
    return LABELS if size.is_wide else 8


def lines_of(row: Mapping[str, Any]) -> int:
    """How many lines a row's label and remark take."""
    return len(row["lines"]) + len(row["under"])


def row_labels(size: Size) -> list[Any]:
    """The labels of the rows: left of the plot in a wide drawing, above the marks in a narrow one.

    The chart's `y` is the row's, at the upper edge of its band.
    """
    import altair as alt

    left = -LABELS if size.is_wide else 0
    place = {"x": alt.value(left), "yOffset": alt.value(FIRST - 6)}
    look: dict[str, Any] = {"align": "left", "baseline": "top", "aria": False}
    return [
        at_row().mark_text(fontWeight="bold", **look).encode(text="lines:N", **place),
        at_row()
        .mark_text(color=MUTED, dy=alt.expr(f"{LINE} * length(datum.lines)"), **look)
        .encode(text="under:N", **place),
    ]


def at_row() -> Any:
    """A layer whose marks stand in the bands of the rows, by their id, from the upper edge."""
    import altair as alt

    return alt.Chart().encode(y=alt.Y("id:N", sort=None, axis=None, bandPosition=0))


def row_height(rows: Sequence[Mapping[str, Any]], size: Size) -> int:
    """The height of each row in px."""
    most = max(map(lines_of, rows))
    return LINE * most + (14 if size.is_wide else 40 + 2 * _more_figure(rows))


def _more_figure(rows: Sequence[Mapping[str, Any]]) -> int:
    """How far the lines of a figure reach above the middle of a single one, in px."""
    lines = max((len(text) for row in rows if isinstance(text := row.get("text"), list)), default=1)
    return (LARGE + 3) * (lines - 1) // 2


def mark_place(rows: Sequence[Mapping[str, Any]], size: Size) -> Any:
    """How far below the upper edge of its row a mark stands: beside its label, or below it."""
    import altair as alt

    below = 0 if size.is_wide else LINE * max(map(lines_of, rows)) + 6 + _more_figure(rows)
    return alt.value(FIRST + below)


def said() -> dict[str, Any]:
    """What a mark says, to a screen reader, and to who points at it."""
    import altair as alt

    return {
        "description": alt.Description("description:N"),
        "tooltip": alt.Tooltip("description:N"),
    }


def figures(rows: str, gap: float = 14, **encoding: Any) -> Any:
    """The figures of those rows that fulfil an expression, in bold behind their marks."""
    import altair as alt

    return (
        at_row()
        .transform_filter(rows)
        .mark_text(
            align="left",
            dx=gap,
            dy=alt.expr(f"isArray(datum.text) ? {(LARGE + 3) / -2} * (length(datum.text) - 1) : 0"),
            fontSize=LARGE,
            lineHeight=LARGE + 3,
            fontWeight="bold",
            aria=False,
        )
        .encode(text="text:N", **encoding)
    )


def figure_lines(text: str, width: float) -> list[str] | str:
    """A figure in lines that leave room for its mark in a plot of this width, if one would not."""
    lines = wrapped(text, 0.68 * width, LARGE, bold=True)
    return lines if lines[1:] else text


def heading(lines: Sequence[str], left: float = 0, above: float = 12) -> tuple[list[Any], float]:
    """What is counted, in muted lines that begin `left` px to the left of the plot and end `above`
    px above it. Comes back with the px that all this takes."""
    import altair as alt

    room = LINE * len(lines) + above
    place = {"x": alt.value(-left), "y": alt.value(-room)}
    mark = once().mark_text(align="left", baseline="top", color=MUTED, aria=False)
    written = list(lines) if lines[1:] else lines[0]
    return [mark.encode(text=alt.value(written), **place)], room


def end_labels(across: float, y: Any, color: Any) -> list[Any]:
    """The names of lines at their ends, in the px behind a plot that is `across` px wide: the lines
    of a row's `ending`, and below them its `tail`, moved down by its `nudge`."""
    import altair as alt

    look: dict[str, Any] = {"align": "left", "baseline": "middle", "aria": False}
    named = alt.Chart().transform_filter("isValid(datum.ending)")
    place = {"x": alt.value(across + 10), "y": y}
    below = f"datum.nudge + {LINE} * length(datum.ending)"
    return [
        named.mark_text(dy=alt.expr("datum.nudge"), fontWeight="bold", **look).encode(
            text="ending:N", color=color, **place
        ),
        named.mark_text(dy=alt.expr(below), **look).encode(text="tail:N", **place),
    ]


def spread(ends: Iterable[dict[str, Any]], per_unit: float) -> None:
    """Give the rows at the ends of lines the `nudge` by which none of their names stands on
    another, where a unit of the axis is `per_unit` px high."""
    edge = -math.inf
    for row in sorted(ends, key=lambda row: -top(row)):
        at = -top(row) * per_unit
        row["nudge"] = round(max(edge - at, 0), 1)
        edge = at + row["nudge"] + LINE * (len(row["ending"]) + 1) + 8


def top(row: Mapping[str, Any]) -> float:
    """Where a row stands: at its number, or at the upper end of what it states."""
    ends = (row[key] for key in ("value", "high", "low") if row[key] is not None)
    return float(next(ends))


def stroke(row: Mapping[str, Any]) -> dict[str, Any]:
    """How the line of a row looks in the key."""
    look = {"shape": "stroke", "size": 200, "stroke": row["color"], "strokeWidth": 2.5}
    return {**look, "strokeDash": LOOKS[row["look"]]} if row["look"] else look


def open_ends(
    rows: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
    look: Callable[[str, Sequence[Mapping[str, Any]]], Mapping[str, Any]],
) -> list[tuple[dict[str, Any], str]]:
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
    marks: Sequence[tuple[Mapping[str, Any], str]], size: Size, height: float, left: float = 0
) -> tuple[list[Any], float]:
    """What marks mean, below a plot of this height that has `left` px to its left: a point of this
    look and a text each. Comes back with the px that they take.
    """
    import altair as alt

    layers: list[Any] = []
    y = 26.0
    for look, text in marks:
        written = wrapped(text, size.width - 26)
        place = {"y": alt.value(height + y)}
        one = once()
        layers += [
            one.mark_point(**{"aria": False, "size": 80, **look}).encode(
                x=alt.value(7 - left), **place
            ),
            one.mark_text(align="left", baseline="middle", color=MUTED, aria=False).encode(
                x=alt.value(22 - left), text=alt.value(written if written[1:] else text), **place
            ),
        ]
        y += LINE * len(written) + 6
    return layers, (y - 12 if marks else 0)
