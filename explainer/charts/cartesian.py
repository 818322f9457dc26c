"""Marks over an axis of time, or of numbers: lines, dots and bars, each with its sentence."""

import json
import math
from collections.abc import Mapping
from typing import Any

from explainer.charts import alt, days, plot
from explainer.charts.marks import widest, wrapped
from explainer.charts.rows import TAIL
from explainer.charts.theme import SMALL, Size, hue

LONG = 300
"""From how many rows on a line has no dashes: pictures fail of too many."""

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")

FAINT = (4, 6)
"""The colours that letters cannot have on one of the two pages."""

OPEN = {"fill": plot.PAPER, "strokeWidth": 2, "shape": "circle"}
"""How a mark of an open figure looks in the key."""

HOLLOW = "isValid(datum.open) || datum.calculation"


def marks(
    rows: list[dict[str, Any]], options: plot.Settings, words: plot.Words, size: Size, form: str
) -> Any:
    """The marks of a `line`, a `bar` or a `scatter` over an axis of time or of numbers."""
    wide = size.is_wide
    values = options["values"]
    left = math.ceil(widest(options["ticks"], SMALL)) + 12
    ends = wide and form == "line" and any(row["line"] for row in rows)
    right = plot.ENDS if ends else 18
    across = size.width - left - right
    rows = [{**row, "top": plot.top(row)} for row in rows]
    groups = {row["line"]: row for row in rows}
    height = 250 if wide else 210
    if ends:
        for row in groups.values():
            row |= plot.named(row["line"], row["text"], row["when"])
        height = max(height, sum(map(plot.end_room, groups.values())))
        plot.spread(groups.values(), height / (values[-1] - values[0]), values[0])
    _turn_texts(rows, max(0, values[0]))
    x, at = _across(rows, options, form)
    place = {"x": at, "y": "top:Q"}
    layers: list[Any] = plot.zero(values, across)
    if form == "bar":
        layers = _bars(rows, place, layers, across)
    if form == "line":
        layers += _lines(rows, place)
        layers += plot.end_labels(across, _lettered()) if ends else []
    if form != "bar":
        layers.append(_dots(rows, place, form))
    layers += _claims(rows, place) if rows[0]["id"] else []
    named = not ends and list(groups) != [""]
    keys = [_key(row, form) for row in groups.values() if named]
    room = plot.key(keys, size, 0)[1]
    layers += plot.key(keys, size, -room - 22, left)[0]
    # The room below for the texts of ticks, and for what numbers across are of.
    under = 40 if rows[0]["x"] is not None else 20
    told = plot.open_ends(rows, words, lambda end, own: OPEN)
    low, bottom = plot.key(told, size, height + under, left)
    head, top = plot.heading(
        wrapped(words["axis"], size.width),
        left,
        room + (14 if all(row["open"] != "high" for row in rows) else TAIL + 4),
    )
    fields = (
        "id line time x top text open calculation run look color side down least ending tail nudge"
        " description"
    )
    return plot.framed(
        [*head, *layers, *low], plot.data(rows, fields), size, height,
        left=left, top=top, right=right, bottom=bottom + under + 8,
        x=x, y=plot.upright(values, options["ticks"]),
    )  # fmt: skip


def _bars(rows: plot.Rows, place: Mapping[str, Any], zero: list[Any], across: float) -> list[Any]:
    """Bars from zero, which the scale holds, below its line; with their figures where these fit."""
    base, color = plot.layer(), plot.own("color")
    layers = [base.mark_bar(strokeWidth=1.5).encode(**color, **place, **plot.said()), *zero]
    step = across / len(days.periods([row["time"] for row in rows]))
    if widest([row["text"] for row in rows]) + 4 < step:
        text = base.mark_text(dy=alt.expr("datum.top < 0 ? 10 : -9"), aria=False)
        layers.append(text.encode(text="text:N", **place))
    return layers


def _lines(rows: plot.Rows, place: Mapping[str, Any]) -> list[Any]:
    """A line through each run of rows without a gap."""
    looks = alt.Scale(domain=[0, 1, 2], range=plot.LOOKS)
    dashes = {} if len(rows) > LONG or all(row["look"] == 0 for row in rows) else {
        "strokeDash": alt.StrokeDash("look:N", scale=looks, legend=None)
    }  # fmt: skip
    line = plot.layer().mark_line(strokeWidth=2.5, aria=False)
    detail = [alt.Detail("line:N"), alt.Detail("run:N")]
    return [line.encode(**place, **plot.own("color"), detail=detail, **dashes)]


def _dots(rows: plot.Rows, place: Mapping[str, Any], form: str) -> Any:
    """A dot for each row; of a long line they are there for their sentences alone."""
    few = len(rows) <= 40 or form == "scatter"
    shapes = alt.Scale(domain=[*range(len(SHAPES))], range=SHAPES)
    kind = {"shape": alt.Shape("look:N", scale=shapes, legend=None)} if form == "scatter" else {}
    size = 70 if form == "scatter" else 36
    dot = plot.layer().mark_point(size=size, strokeWidth=2, opacity=int(few))
    return dot.encode(**place, **plot.own("stroke"), **plot.hollow(HOLLOW), **kind, **plot.said())


def _lettered() -> Any:
    """The colour of a line's name: that of the line, or ink where letters in it are too faint."""
    faint = " || ".join(f"datum.color == '{hue(number)}'" for number in FAINT)
    return alt.condition(faint, alt.value(plot.INK), alt.Color("color:N", scale=None))


def _across(rows: plot.Rows, options: plot.Settings, form: str) -> tuple[Any, str]:
    """The channel x, of numbers, of moments, or for bars of the periods in between; and its field,
    with its type."""
    # A long text near an end would reach beyond the drawing.
    long = widest(text for _, text in options.get("times", []))
    flush = math.ceil(long / 2) if long > 34 else False
    look: dict[str, Any] = {"labelPadding": 8, "grid": form != "bar", "labelFlush": flush}
    if rows[0]["time"] is None:
        values = options["across"]
        shown = list(zip(values, options["across_ticks"], strict=True))
        axis = plot.axis(shown, options["across_title"], **look)
        return plot.scaled("x", values[0], values[-1], axis, zero=False), "x:Q"
    ticks = dict(options["times"])
    if form == "bar":
        said = json.dumps(ticks, ensure_ascii=False)
        axis = alt.Axis(values=list(ticks), labelExpr=f"{said}[datum.value]", title=None,
                        labelOverlap=True, labelAngle=0, **look)  # fmt: skip
        every = days.periods([row["time"] for row in rows])
        scale = alt.Scale(domain=every, padding=0.15)
        return alt.X(type="ordinal", scale=scale, axis=axis), "time:O"
    said = json.dumps({days.first(time): text for time, text in ticks.items()}, ensure_ascii=False)
    moments = [_moment(time) for time in ticks]
    x = alt.X(
        type="temporal",
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(
            values=moments, labelExpr=f"{said}[utcFormat(datum.value, '%Y-%m-%d')]", title=None,
            labelOverlap=True, **look,
        ),
    )  # fmt: skip
    return x, "time:T"


def _moment(time: str) -> dict[str, Any]:
    """A moment as Vega-Lite writes it, at which a year, month or day begins."""
    parts = map(int, days.first(time).split("-"))
    return {**dict(zip(("year", "month", "date"), parts, strict=True)), "utc": True}


def _turn_texts(rows: list[dict[str, Any]], least: float) -> None:
    """Give claims the side on which their figures stand, and the ceilings where they begin."""
    if not rows[0]["id"]:
        return
    times = [days.count(days.first(row["time"])) for row in rows]
    for index, (row, time) in enumerate(zip(rows, times, strict=True)):
        left = time <= (min(times) + max(times)) / 2 and index + 1 < len(rows)
        beside = rows[index + 1 if left else index - 1]
        row["side"] = "left" if left else "right"
        # A line that rises beside the text leaves it the room below.
        row["down"] = 16 if beside["top"] > row["top"] else -10
        row["least"] = least if row["open"] == "low" else None


def _claims(rows: plot.Rows, place: Mapping[str, Any]) -> list[Any]:
    """The lines of open ends, and the figures beside the marks."""
    text: dict[str, Any] = {
        "align": alt.expr("datum.side"),
        "dx": alt.expr("datum.side == 'left' ? 10 : -10"),
        "dy": alt.expr("datum.down"),
    }
    return [
        # Of a layer without rows, Vega warns that an axis of time has nothing to span.
        *(plot.layer(f"datum.open == '{end}'").mark_rule(**plot.OPEN_END, **tail)
          .encode(**place, y2=other, **plot.own("color"))
          for end, tail, other in (("low", {}, "least:Q"), ("high", {"y2Offset": -TAIL}, "top:Q"))
          if any(row["open"] == end for row in rows)),
        *(plot.layer().mark_text(**text, fontWeight="bold", aria=False, **look)
          .encode(**place, text="text:N") for look in (plot.HALO, {})),
    ]  # fmt: skip


def _key(row: Mapping[str, Any], form: str) -> tuple[dict[str, Any], str]:
    """The mark of a line, or a kind of dots, and what it is called."""
    if form == "line":
        return plot.stroke(row), f"{row['line']}: {row['text']}, {row['when']}"
    look = {"shape": SHAPES[row["look"]], "fill": row["color"], "stroke": row["color"]}
    return look, row["line"]
