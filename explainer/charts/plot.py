"""What the forms share: rows as the data of a chart, labels of rows, axes in words, keys, frames.

A form is a plain chart of Altair over one dataset of rows: positions are encodings, and scales,
axes and stacks are Vega-Lite's. In px stand only sizes of the frame, and offsets that set a label
beside its mark.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from explainer.charts.marks import text_width, wrapped
from explainer.charts.theme import LARGE, SMALL, WIDE, Size, config

INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
PAPER = "var(--chart-paper)"
SLATE = "var(--chart-slate)"
"""The colour of all that has no product."""

LINE = SMALL + 3
"""The height of a line of small text in px."""

LABELS = 250
"""The width in px that a wide drawing of rows gives their labels."""

FIRST = 15
"""How far below the upper edge of its row a mark stands in px: beside the first line of its label,
where the label is beside it."""

DASHES = (4, 3)
"""What is open, a ceiling or a floor."""


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
        labelOverlap=True,
        title=title or None,
        **more,
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
    width = LABELS - 20 if size.width >= WIDE.width else size.width - 10
    row["lines"] = wrapped(row[name], width, SMALL, bold=True)
    row["under"] = wrapped(row[remark], width) if row.get(remark) else []


def lines_of(row: Mapping[str, Any]) -> int:
    """How many lines a row's label and remark take."""
    return len(row["lines"]) + len(row["under"])


def row_labels(size: Size) -> list[Any]:
    """The labels of the rows: left of the plot in a wide drawing, above the marks in a narrow one.

    The chart's `y` is the row's, at the upper edge of its band.
    """
    import altair as alt

    left = -LABELS if size.width >= WIDE.width else 0
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
    return LINE * most + (18 if size.width >= WIDE.width else 42)


def mark_place(rows: Sequence[Mapping[str, Any]], size: Size) -> Any:
    """How far below the upper edge of its row a mark stands: beside its label, or below it."""
    import altair as alt

    below = 0 if size.width >= WIDE.width else LINE * max(map(lines_of, rows)) + 6
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
    return (
        at_row()
        .transform_filter(rows)
        .mark_text(align="left", dx=gap, fontSize=LARGE, fontWeight="bold", aria=False)
        .encode(text="text:N", **encoding)
    )


def figure_room(text: str, gap: float = 14) -> float:
    """The px that a figure takes behind its mark."""
    return text_width(text, LARGE, bold=True) + gap + 2


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
        one = alt.Chart(alt.Data(values=[{}]))  # type: ignore[no-untyped-call]
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
