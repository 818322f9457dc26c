"""Rows one below the other, each with its label, its mark and its figure, and bars in them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explainer.charts import alt, plot
from explainer.charts.marks import wrapped
from explainer.charts.theme import LARGE, Size

TAIL = 30
"""How far the line of a floor reaches beyond it, in px."""

OVER = 20
"""How far a figure stands above its mark where it has room on neither side, in px."""


def room(row: dict[str, Any], size: Size, over: float = 0) -> None:
    """Give a row with its label the px of its height as `room`, and as `down` how far below its
    upper edge its mark stands: beside the label, or always the same way below it, with `over` px
    between them for a figure."""
    more = _more_figure(row)
    label = plot.LINE * plot.lines_of(row)
    row["down"] = plot.FIRST if size.is_wide else plot.FIRST + label + 9 + more + over
    row["room"] = label + 14 if size.is_wide else row["down"] + 18 + more


def stacked(
    layers: Sequence[Any], rows: plot.Rows, fields: str, transform: Sequence[Any] = (), **more: Any
) -> Any:
    """The layers in their frame, with the rows one below the other, each in its `room`."""
    height = height_of(rows)
    places = [
        plot.summed("room", "below"),
        *plot.steps(above="datum.below - datum.room", middle="datum.above + datum.down"),
        *transform,
    ]
    more["y"] = plot.scaled("y", 0, height, reverse=True, padding=0)
    data = plot.data(rows, f"room down {fields}")
    return plot.framed(layers, data, height=height, transform=places, **more)


def height_of(rows: plot.Rows) -> float:
    """The px that rows one below the other take."""
    return math.fsum(row["room"] for row in rows)


def row_labels(size: Size) -> list[Any]:
    """The labels of the rows, with a line between two: left of the plot in a wide drawing, above
    the marks in a narrow one, where no line of the axis runs through them."""
    left = plot.left_of(size)
    across = plot.fixed(x=-left, x2=size.width - left)
    inset: dict[str, Any] = {"dx": alt.expr("datum.inset || 0")}
    place = {"y": "above:Q", **plot.fixed(x=-plot.LABELS if size.is_wide else 0)}
    below = f"{plot.FIRST - 6} + {plot.LINE} * length(datum.lines)"
    ground = in_row(at="above").mark_rect(color=plot.PAPER, y2Offset=-13, aria=False)
    return [
        *([] if size.is_wide else [ground.encode(y2="middle:Q", **across)]),
        in_row("datum.above > 0", "above").mark_rule(color=plot.GRID, aria=False).encode(**across),
        plot.written("lines", plot.FIRST - 6, fontWeight="bold", **inset).encode(**place),
        plot.written("under", below, color=plot.MUTED, **inset).encode(**place),
    ]  # fmt: skip


def in_row(where: str = "", at: str = "middle") -> Any:
    """A layer whose marks stand in those rows of a stacked chart for which a test holds: where
    marks do, or `above`, at their upper edges."""
    return plot.layer(where).encode(y=f"{at}:Q")


def beside(row: dict[str, Any], size: Size, begin: float, end: float, gap: float) -> None:
    """On which `side` of its mark, that reaches from px to px of the plot, a row's figure has room:
    `gap` px behind it, before it, or else over it. The row gets its height by that."""
    wide = plot.figure_room(row["text"], 0)
    row |= {"side": "right", "gap": gap}
    if end + gap + wide > size.width - plot.left_of(size) + 1:
        row["side"] = "left" if begin - 14 >= wide and row["open"] != "low" else "over"
        row["gap"] = max(-7, round(wide - end))
    room(row, size, OVER + _more_figure(row) if row["side"] == "over" else 0)


def sided(begin: str, end: str) -> list[Any]:
    """The figures of rows on that side of marks that reach from a field to another."""
    gap = alt.expr("datum.gap")
    return [
        *figures("datum.side == 'right'", gap, x=f"{end}:Q"),
        *figures("datum.side == 'left'", -14, "right", x=f"{begin}:Q"),
        *figures("datum.side == 'over'", gap, "right", OVER, x=f"{end}:Q"),
    ]


def figures(rows: str, gap: Any = 14, align: Any = "left", up: float = 0, **encoding: Any) -> Any:
    """The figures of those rows that fulfil an expression, in bold behind their marks, or `up`
    above them; lines of the axis keep off them."""
    line = -(LARGE + 3) / (1 if up else 2)
    dy = f"(isArray(datum.text) ? {line} * (length(datum.text) - 1) : 0) - {up}"
    look = {"fontSize": LARGE, "lineHeight": LARGE + 3, "fontWeight": "bold", "aria": False}
    return [
        in_row(rows)
        .mark_text(align=align, dx=gap, dy=alt.expr(dy), **look, **halo)
        .encode(text="text:N", **encoding)
        for halo in (plot.HALO, {})
    ]


def _more_figure(row: Mapping[str, Any]) -> int:
    """How far the lines of a figure reach above the middle of a single one, in px."""
    lines = len(text) if isinstance(text := row.get("text"), list) else 1
    return (LARGE + 3) * (lines - 1) // 2


def bars(rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """Bars one below the other, each with its figure behind its end."""
    drawn = [
        {**row, "top": plot.top(row), "id": row["id"] or f"row {number}"}
        for number, row in enumerate(rows)
    ]
    for row in drawn:
        plot.label(row, size)
        room(row, size)
    left = plot.left_of(size)
    x, top = _across(drawn, options, words, size)
    height = height_of(drawn)
    zero = {"x": alt.XDatum(0, type="quantitative")}
    layers = [
        *row_labels(size),
        in_row().mark_bar(height=17, strokeWidth=2, orient="horizontal").encode(
            x=alt.X("top:Q", stack=None), **plot.own("stroke"), **plot.said(),
            **plot.hollow("datum.open == 'low' || datum.calculation"),
            **plot.either("datum.open == 'low'", strokeDash=(plot.DASHES, [1, 0])),
        ),
        in_row("datum.open == 'high'")
        .mark_rule(**plot.OPEN_END, x2Offset=TAIL)
        .encode(x="top:Q", x2="top:Q", **plot.own("color")),
        plot.layer().mark_rule(color=plot.INK, aria=False)
        .encode(**zero, **plot.fixed(y=0, y2=height)) if size.is_wide else
        in_row().mark_tick(color=plot.INK, size=25, thickness=1, orient="vertical", aria=False)
        .encode(**zero),
        *figures("datum.top >= 0 && datum.open != 'high'", 8, x="top:Q"),
        *figures("datum.top >= 0 && datum.open == 'high'", TAIL + 6, x="top:Q"),
        *figures("datum.top < 0", -8, "right", x="top:Q"),
    ]  # fmt: skip
    keys, bottom = plot.key(open_bars(drawn, words), size, height, left)
    fields = "id lines under top text open calculation color description"
    frame: dict[str, Any] = {"left": left, "top": top, "bottom": bottom}
    return stacked([*layers, *keys], drawn, fields, size=size, x=x, **frame)


DASHED = {"strokeDash": plot.DASHES, "strokeWidth": 2}
"""The outline of an open bar in the key."""


def open_bars(rows: plot.Rows, words: plot.Words) -> plot.Meanings:
    """What the open ones among these bars mean, for the key."""
    looks = {
        "low": {"fill": plot.PAPER, "shape": "square", **DASHED},
        "high": {"shape": "stroke", "size": 200, **DASHED},
    }
    return plot.open_ends(rows, words, lambda end, own: looks[end])


def _across(
    rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size
) -> tuple[Any, float]:
    """The scale and the axis of bars, with room for their figures, and the px that it takes above
    them."""
    values, width = options["values"], size.width - plot.left_of(size)
    ends = [
        (row["top"], plot.figure_room(row["text"], TAIL + 6 if row["open"] == "high" else 8))
        for row in rows
    ]
    tops = [end for end, _ in ends]
    first, last = plot.domain_with_room(ends, min(0, *tops), max(0, *tops), width)
    shown = [t for t in zip(values, options["ticks"], strict=True) if first <= t[0] <= last]
    ticks = plot.sparse(shown, width * (shown[-1][0] - shown[0][0]) / (last - first))
    head = [words["axis"], *wrapped(words["shared"], width)] if words["shared"] else words["axis"]
    top = 46 + plot.LINE * (len(head) - 1 if isinstance(head, list) else 0)
    axis = plot.axis(ticks, head, orient="top", grid=True, titleAnchor="start")
    return plot.scaled("x", first, last, axis), top
