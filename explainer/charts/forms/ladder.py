"""The ladder: what one thing costs at each stop of a way, as a staircase of marks.

Each stop has a tread at its price and a mark on it; the riser between two treads carries the
multiple. On a log scale equal risers are equal multiples; the linear twin shows the amounts.
There are no bars, which would lie on a log scale. A stop of another product stands behind a
visible break, because its price is not that of the same thing.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from explainer.charts.form import (
    Column,
    Form,
    FormOptions,
    Row,
    axis_text,
    calculated,
    claim_row,
    products_in_order,
)
from explainer.charts.marks import (
    FADING,
    FADING_LENGTH,
    GRID,
    MUTED,
    PAPER,
    Dot,
    Line,
    Sheet,
    Words,
    inline,
    pixels,
    round_step,
    rounded,
    text_width,
    widest,
    wrapped,
)
from explainer.charts.theme import LARGE, SMALL, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId
from explainer.voice.voice import Voice

WORDS = ("axis", "scale_remark", "product_break", "up_to", "at_least")
"""The words that the drawing needs: what the axis counts, the remark on its scale,
the remark at a break, and what the two open marks mean."""

SHAPES = ("circle", "diamond", "square")
"""The mark of each product, in the order of ``options["products"]``; colours go along."""

DASHES = (4.0, 3.0)
"""A riser that joins two products, or starts or ends at a ceiling."""


def ticks(rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> list[float]:
    """The values at which the axis is to be labelled: decades, or round steps from zero.

    Their texts come back to ``draw`` in ``options["ticks"]``, one for each of these values.
    """
    start, end = _domain(rows, options)
    if options["scale"] == "linear":
        step = round_step(end / 4)
        return [step * i for i in range(int(end / step + 1e-9) + 1)]
    first, last = math.ceil(math.log10(start) - 1e-9), math.floor(math.log10(end) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The ladder of these rows: stops from left to right, or from top to bottom when narrow.

    ``options``: ``scale`` (log or linear), ``products`` (ids in order of appearance), ``ticks``
    (the texts of the values of ``ticks``). A log scale with a value that is not positive raises
    ValueError.
    """
    if options["scale"] == "log" and _extent(rows)[0] <= 0:
        raise ValueError("a log scale cannot show a value of zero or less")
    return (_wide if size.width >= WIDE.width else _narrow)(rows, options, words, size)


@dataclass(frozen=True)
class _Axis:
    """The price axis: its domain and where its two ends lie in px."""

    log: bool
    domain: tuple[float, float]
    ends: tuple[float, float]

    def at(self, value: float) -> float:
        start, end = (self._bent(edge) for edge in self.domain)
        share = (self._bent(value) - start) / (end - start)
        return self.ends[0] + share * (self.ends[1] - self.ends[0])

    def _bent(self, value: float) -> float:
        return math.log10(value) if self.log else value

    def scale(self) -> Any:
        import altair as alt

        return alt.Scale(
            type="log" if self.log else "linear",
            domain=list(self.domain),
            range=[rounded(end) for end in self.ends],
            nice=False,
            # Vega-Lite warns of this property, even when false, on a log scale.
            zero=alt.Undefined if self.log else True,
        )


@dataclass(frozen=True)
class _Riser:
    """A riser in px along the price axis; dashed where it joins what is not quite the same."""

    start: float
    end: float
    rising: bool
    dash: tuple[float, ...]


def _wide(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    tick_texts = list(options["ticks"])
    gutter = min(widest(tick_texts), 90) + 14
    column = (size.width - gutter) / len(rows)
    sheet = Sheet()

    top = _title(words, options, size.width, sheet)
    breaks = [i for i, row in enumerate(rows) if row["product_break"]]
    break_lines = wrapped(words["product_break"], max(column - 8, 70))
    if breaks:
        for i in breaks:
            x = min(gutter + column * i, size.width - widest(break_lines) / 2)
            sheet.words.append(Words(x, top + 18, break_lines, MUTED, align="center"))
        top += 8 + 16 * len(break_lines)

    values = [wrapped(row["text"], column - 8, LARGE, bold=True) for row in rows]
    plot_top = top + 18 + 18 * max(map(len, values))
    if any(row["open"] == "high" for row in rows):
        plot_top += FADING_LENGTH - 4
    axis = _Axis(options["scale"] == "log", _domain(rows, options), (plot_top + 250, plot_top))
    floor = plot_top + 250 + (0 if axis.log else 22)
    foot = floor + 24

    for i, row in enumerate(rows):
        left = gutter + column * i
        _tread_wide(row, values[i], _color(row, options), axis, (left, left + column), sheet)
        if i:
            riser = _riser(rows[i - 1], row, axis)
            sheet.lines.append(Line(left, riser.start, left, riser.end, MUTED, 1.5, riser.dash))
            higher = i if riser.rising else i - 1
            foot = max(foot, 20 + _multiple_wide(rows, i, higher, left, column, riser, sheet))

    places = [wrapped(row["label"], column - 10) for row in rows]
    for i, place in enumerate(places):
        sheet.words.append(Words(gutter + column * (i + 0.5), foot, place, align="center"))
    under = foot + 16 * max(map(len, places))
    for i in breaks:
        riser = _riser(rows[i - 1], rows[i], axis)
        _break_wide(gutter + column * i, (top + 4, under + 22), riser, sheet)
    under = _runs(rows, options, gutter, column, under, sheet)
    height = _key(rows, options, words, size.width, under, sheet)
    marks = _marks(
        rows, options, axis, [gutter + column * (i + 0.5) for i in range(len(rows))], "x"
    )
    grid = _grid(options, rows, axis, "y", 0)
    return _sheet(grid, sheet, marks, size, height)


def _tread_wide(
    row: Mapping[str, Any],
    value: list[str],
    color: str,
    axis: _Axis,
    edges: tuple[float, float],
    sheet: Sheet,
) -> None:
    """Draws the tread of a stop, two for a range, with its open end and its figure above."""
    middle = math.fsum(edges) / 2
    low, high = (axis.at(level) for level in _levels(row))
    for level in sorted({low, high}):
        sheet.lines.append(Line(edges[0], level, edges[1], level, color, 2))
    y = high - 13 - 18 * (len(value) - 1)
    if row["open"] == "low":
        sheet.lines.append(Line(middle, low + 6, middle, low + FADING_LENGTH, color, 2, FADING))
    if row["open"] == "high":
        sheet.lines.append(Line(middle, high - 6, middle, high - FADING_LENGTH, color, 2, FADING))
        y -= FADING_LENGTH - 4
    sheet.words.append(Words(middle, y, value, size=LARGE, bold=True, align="center"))


def _break_wide(x: float, ends: tuple[float, float], riser: _Riser, sheet: Sheet) -> None:
    """Draws the line between two products; it spares the riser, which is dashed itself."""
    upper, lower = sorted((riser.start, riser.end))
    sheet.lines.append(Line(x, ends[0], x, upper, MUTED, 1, (2, 3)))
    sheet.lines.append(Line(x, lower, x, ends[1], MUTED, 1, (2, 3)))


def _narrow(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    gutter, band = 96, 66
    sheet = Sheet()

    top = _title(words, options, size.width, sheet) + 24
    right = size.width - max(widest([list(options["ticks"])[-1]]) / 2 + 1, 14)
    if any(row["open"] == "high" for row in rows):
        right = min(right, size.width - FADING_LENGTH)
    axis = _Axis(options["scale"] == "log", _domain(rows, options), (gutter + 14, right))
    y = top + 6
    middles: list[float] = []
    for i, row in enumerate(rows):
        color = _color(row, options)
        enter, leave = (axis.at(level) for level in _levels(row))
        if row["product_break"]:
            remark = words["product_break"]
            y += 26
            for k, line in enumerate(wrapped(remark, size.width)):
                y += 16 * min(k, 1)
                sheet.words.append(Words(0, y - 9, line, MUTED))
                end = text_width(line) + 6
            sheet.lines.append(Line(end, y - 13, size.width, y - 13, MUTED, 1, (2, 3)))
        place = wrapped(row["label"], gutter - 8)
        product = wrapped(row["product_label"], gutter - 24)
        x, shift, value, side = _value_narrow(row, enter, leave, gutter, size.width)
        height = max(
            band,
            16 * (len(place) + len(product)) + 18,
            2 * (shift + 18 * (len(value) - 1)) + 6,
        )
        middle = y + height / 2 + 3
        middles.append(middle)
        for level in sorted({enter, leave}):
            sheet.lines.append(Line(level, y, level, y + height, color, 2))
        if row["open"] == "low":
            sheet.lines.append(
                Line(enter - 6, middle, enter - FADING_LENGTH, middle, color, 2, FADING)
            )
        if row["open"] == "high":
            sheet.lines.append(
                Line(leave + 6, middle, leave + FADING_LENGTH, middle, color, 2, FADING)
            )
        sheet.words.append(Words(x, middle + shift, value, size=LARGE, bold=True, align=side))
        first = middle - 8 * (len(place) + len(product)) + 12
        sheet.words.append(Words(1, first, place, bold=True))
        under = first + 16 * len(place)
        sheet.words.append(Words(15, under, product, color))
        if row["product_label"]:
            sheet.dots.append(Dot(6, under - 4, _shape(row, options), color, size=60))
        if i:
            riser = _riser(rows[i - 1], row, axis)
            sheet.lines.append(Line(riser.start, y, riser.end, y, MUTED, 1.5, riser.dash))
            _multiple_narrow(row, y + 17, enter, leave, gutter, sheet)
        y += height
    for tick in ticks(rows, options):
        sheet.lines.append(Line(axis.at(tick), top + 4, axis.at(tick), y, GRID))
    height = _key(rows, options, words, size.width, y + 6, sheet)
    marks = _marks(rows, options, axis, middles, "y")
    return _sheet(_grid(options, rows, axis, "x", top), sheet, marks, size, height)


def _extent(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    levels = [level for row in rows for level in _levels(row)]
    return min(levels), max(levels)


def _levels(row: Mapping[str, Any]) -> tuple[float, float]:
    """The lower and the upper tread of a stop; one and the same unless it is a range."""
    low, high, value = row["low"], row["high"], row["value"]
    if row["open"] == "low":
        level = high if high is not None else value
        return level, level
    if row["open"] == "high":
        level = low if low is not None else value
        return level, level
    if value is not None:
        return value, value
    return low, high


def _domain(rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> tuple[float, float]:
    """What the axis spans: from zero, or on a log scale at least two labelled decades."""
    low, high = _extent(rows)
    if options["scale"] == "linear":
        return 0, high
    below, above = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    # The axis runs on to a full decade only where that leaves little of it empty.
    start = 10.0**below if low / 10.0**below <= 2.5 else low * 0.9
    end = 10.0**above if 10.0**above / high <= 2.5 else high
    if math.log10(end) - math.ceil(math.log10(start) - 1e-9) < 1 - 1e-9:
        return 10.0**below, 10.0 ** max(above, below + 1)
    return start, end


def _color(row: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    return series(options["products"].index(row["product"]))


def _shape(row: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    return SHAPES[options["products"].index(row["product"]) % len(SHAPES)]


def _riser(before: Mapping[str, Any], after: Mapping[str, Any], axis: _Axis) -> _Riser:
    """The riser between two stops: from the tread that is left to the one that is entered."""
    rising = math.fsum(_levels(after)) >= math.fsum(_levels(before))
    leave, enter = (1, 0) if rising else (0, 1)
    unsure = after["product_break"] or "low" in (before["open"], after["open"])
    return _Riser(
        axis.at(_levels(before)[leave]),
        axis.at(_levels(after)[enter]),
        rising,
        DASHES if unsure else (),
    )


def _title(
    words: Mapping[str, str], options: Mapping[str, Any], width: float, sheet: Sheet
) -> float:
    """Writes what the axis counts and the remark on its scale; the px where this ends."""
    sheet.words.append(Words(0, 14, wrapped(words["axis"], width), bold=True))
    end = 14 + 16 * (len(wrapped(words["axis"], width)) - 1)
    remark = words["scale_remark"]
    if not remark:
        return end
    before = text_width(words["axis"], SMALL, bold=True) + 10
    if before + text_width(remark) <= width:
        sheet.words.append(Words(before, end, remark, MUTED))
        return end
    remark_lines = wrapped(remark, width)
    sheet.words.append(Words(0, end + 17, remark_lines, MUTED))
    return end + 17 + 16 * (len(remark_lines) - 1)


def _multiple_wide(
    rows: list[dict[str, Any]],
    i: int,
    higher: int,
    x: float,
    column: float,
    riser: _Riser,
    sheet: Sheet,
) -> float:
    """Writes the multiple beside its riser, under the higher tread; the px of its last line."""
    if not rows[i]["multiple_text"]:
        return 0
    size = LARGE if column >= 100 else SMALL
    # A peak has a multiple on either side, and a ceiling's tail hangs down in the middle.
    peak = 0 < higher < len(rows) - 1 and math.fsum(_levels(rows[higher + 1])) < math.fsum(
        _levels(rows[higher])
    ) >= math.fsum(_levels(rows[higher - 1]))
    tail = rows[higher]["open"] == "low"
    room = column / 2 - 12 if peak or tail else column - 14
    text = wrapped(rows[i]["multiple_text"], room, size)
    if any(part.endswith("-") for part in text):
        text = wrapped(rows[i]["multiple_text"], column - 14, size)
    tall = (size + 3) * (len(text) - 1)
    highest = min(riser.start, riser.end) + 19
    if tail and widest(text, size) > column / 2 - 12:
        highest += FADING_LENGTH - 4
    y = max((riser.start + riser.end - tall) / 2 + 5, highest)
    side = 8 if riser.rising else -8
    sheet.words.append(
        Words(x + side, y, text, size=size, align="left" if riser.rising else "right")
    )
    return y + tall


def _multiple_narrow(
    row: Mapping[str, Any], y: float, low: float, high: float, gutter: float, sheet: Sheet
) -> None:
    """Writes the multiple in the corner under its riser: left of the treads when there is room."""
    if not row["multiple_text"]:
        return
    text = row["multiple_text"]
    if low - 8 - text_width(text, LARGE) >= gutter:
        sheet.words.append(Words(low - 8, y, text, size=LARGE, align="right"))
    else:
        sheet.words.append(Words(high + 8, y, text, size=LARGE))


def _value_narrow(
    row: Mapping[str, Any], low: float, high: float, gutter: float, width: float
) -> tuple[float, float, list[str], str]:
    """Where the figure of a stop goes: x, the shift of its baseline, its lines, its alignment."""
    room = text_width(row["text"], LARGE, bold=True)
    if row["open"] != "high" and high + 12 + room <= width:
        return high + 12, 5, [row["text"]], "left"
    if row["open"] != "low" and low - 12 - room >= gutter:
        return low - 12, 5, [row["text"]], "right"
    # An open end takes the place beside the mark, so that the figure goes below it.
    if row["open"] == "high" and high + 8 + room <= width:
        return high + 8, 24, [row["text"]], "left"
    if row["open"] and low - 8 - room >= gutter:
        return low - 8, 24, [row["text"]], "right"
    leftwards = low - gutter > width - high
    side = (low - gutter if leftwards else width - high) - 10
    text = wrapped(row["text"], max(side, 60), LARGE, bold=True)
    shift = 24 if row["open"] else 5 - 9 * (len(text) - 1)
    return (low - 10, shift, text, "right") if leftwards else (high + 10, shift, text, "left")


def _runs(
    rows: list[dict[str, Any]],
    options: Mapping[str, Any],
    gutter: float,
    column: float,
    y: float,
    sheet: Sheet,
) -> float:
    """Draws a bracket under the stops of one product with its mark and word; the px of its end."""
    start, tallest = 0, 1
    for i in range(1, len(rows) + 1):
        if i < len(rows) and rows[i]["product"] == rows[start]["product"]:
            continue
        row, color = rows[start], _color(rows[start], options)
        if not row["product_label"]:
            start = i
            continue
        left, right = gutter + column * start + 8, gutter + column * i - 8
        sheet.lines.append(Line(left, y, right, y, color, 2))
        label = wrapped(row["product_label"], right - left - 16)
        middle = (left + right) / 2
        sheet.words.append(Words(middle + 8, y + 19, label, color, align="center"))
        at = middle + 8 - widest(label) / 2 - 11
        sheet.dots.append(Dot(at, y + 14.5, _shape(row, options), color, size=60))
        tallest = max(tallest, len(label))
        start = i
    return y + 8 + 16 * tallest


def _key(
    rows: list[dict[str, Any]],
    options: Mapping[str, Any],
    words: Mapping[str, str],
    width: float,
    y: float,
    sheet: Sheet,
) -> float:
    """Explains the open marks that occur; the px where the drawing ends."""
    for open_end, word in (("low", "up_to"), ("high", "at_least")):
        if not any(row["open"] == open_end for row in rows):
            continue
        row = next(row for row in rows if row["open"] == open_end)
        color, shape = _color(row, options), _shape(row, options)
        down = 1 if open_end == "low" else -1
        # The sign lies as in the drawing: upright on the wide one, on its side on the narrow one.
        if width >= WIDE.width:
            at = y + (16 if down > 0 else 38)
            sheet.lines.append(Line(0, at, 28, at, color, 2))
            sheet.lines.append(Line(14, at + 5 * down, 14, at + 24 * down, color, 2, FADING))
            sheet.dots.append(Dot(14, at, shape, color, hollow=True, size=70))
            sheet.words.append(Words(40, y + 31, words[word], MUTED))
            y += 36
            continue
        y += 22
        at = FADING_LENGTH + 2 if down > 0 else 8
        sheet.lines.append(Line(at, y - 14, at, y + 6, color, 2))
        sheet.lines.append(
            Line(at - 5 * down, y - 4, at - FADING_LENGTH * down, y - 4, color, 2, FADING)
        )
        sheet.dots.append(Dot(at, y - 4, shape, color, hollow=True, size=70))
        text = wrapped(words[word], width - 56)
        sheet.words.append(Words(54, y, text, MUTED))
        y += 16 * (len(text) - 1)
    return y + 8


def _marks(
    rows: list[dict[str, Any]],
    options: Mapping[str, Any],
    axis: _Axis,
    places: list[float],
    along: str,
) -> list[Any]:
    """The marks that carry the data, on the real scale, each with its sentence."""
    import altair as alt

    across = "y" if along == "x" else "x"
    value_channel = alt.Y if across == "y" else alt.X
    layers = []
    for product in options["products"]:
        for kind in ("value", "open", "range"):
            data = [
                {
                    "id": row["id"],
                    "label": row["label"],
                    "text": row["text"],
                    "description": row["description"],
                    "place": rounded(place),
                    **(
                        {"low": row["low"], "high": row["high"]}
                        if kind == "range"
                        else {"value": _levels(row)[0]}
                    ),
                }
                for row, place in zip(rows, places, strict=True)
                if row["product"] == product and _kind(row) == kind
            ]
            if not data:
                continue
            color = _color({"product": product}, options)
            chart = alt.Chart(inline(data))
            if kind == "range":
                mark = chart.mark_rule(color=color, strokeWidth=6, strokeCap="round")
            else:
                mark = chart.mark_point(
                    shape=_shape({"product": product}, options),
                    size=110,
                    stroke=color,
                    strokeWidth=2,
                    fill=PAPER if kind == "open" else color,
                )
            encoding: dict[str, Any] = {
                along: pixels("place", along),
                across: value_channel(
                    "low:Q" if kind == "range" else "value:Q", scale=axis.scale(), axis=None
                ),
                "description": alt.Description("description:N"),
                "tooltip": alt.Tooltip("description:N"),
            }
            if kind == "range":
                encoding[f"{across}2"] = "high"
            layers.append(mark.encode(**encoding))
    return layers


def _kind(row: Mapping[str, Any]) -> str:
    if row["open"]:
        return "open"
    return "value" if row["value"] is not None else "range"


def _grid(
    options: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    axis: _Axis,
    channel: str,
    offset: float,
) -> Any:
    """The labelled axis, which takes no room of its own: it is laid inside the drawing."""
    import altair as alt

    values = ticks(rows, options)
    wide_enough = all(
        axis.at(right) - axis.at(left) > text_width(text) + 8
        for left, right, text in zip(values, values[1:], list(options["ticks"])[1:], strict=False)
    )
    texts = {
        _json_number(value): text for value, text in zip(values, options["ticks"], strict=True)
    }
    common: dict[str, Any] = {
        "values": values if channel == "y" or wide_enough else values[::2],
        "labelFlush": False,
        "labelExpr": f"{json.dumps(texts, ensure_ascii=False)}[datum.value]",
        "title": None,
        "grid": channel == "y",
        "labelOverlap": False,
    }
    chart = alt.Chart(inline([{"v": values[0]}])).mark_point(opacity=0, aria=False)
    if channel == "y":
        return chart.encode(
            x=alt.XValue(0),  # type: ignore[no-untyped-call]
            y=alt.Y(
                "v:Q",
                scale=axis.scale(),
                axis=alt.Axis(labelAlign="left", labelBaseline="bottom", labelPadding=0, **common),
            ),
        )
    return chart.encode(
        y=alt.YValue(0),  # type: ignore[no-untyped-call]
        x=alt.X("v:Q", scale=axis.scale(), axis=alt.Axis(orient="top", offset=-offset, **common)),
    )


def _json_number(value: float) -> str:
    """The number as JavaScript writes it as the key of an object."""
    return str(int(value)) if value == int(value) else repr(value)


def _sheet(
    grid: Any,
    sheet: Sheet,
    marks: list[Any],
    size: Size,
    height: float,
) -> Any:
    # Only the first layer has axes; shared ones would be overruled by those that have none.
    layers = sheet.around(marks, [grid]).resolve_axis(x="independent", y="independent")
    return themed(layers, size, height, placed=True)


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of a ladder."""

    stops: list[ClaimId] = Field(
        min_length=2,
        max_length=7,
        description="The claims at each stop of the way, in order, in one unit.",
    )
    scale: Literal["log", "linear"] = Field(
        default="log",
        description="Equal distances are equal multiples (log) or equal sums (linear).",
    )


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a stop: its price, and the multiple of the price before it."""
    rows: list[Row] = []
    unit = voice.quantity(options.stops[0]).unit
    for step, name in enumerate(options.stops, 1):
        row = {
            **claim_row(voice, name, "", unit),
            "step": step,
            "multiple_text": None,
            "multiple_claim": "",
        }
        row["product_break"] = bool(rows) and rows[-1]["product"] != row["product"]
        if rows:
            before = options.stops[step - 2]
            multiple = calculated(voice, f'claim("{name}") / claim("{before}")', "1")
            row["multiple_text"] = multiple.text(voice, "times")
            row["multiple_claim"] = multiple.claim
        rows.append(row)
    return rows


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    settings: dict[str, Any] = {"scale": options.scale, "products": products_in_order(rows)}
    return {**settings, "ticks": _tick_texts(options, rows, voice)}


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    unit = voice.quantity(options.stops[0]).unit
    return [axis_text(voice, value, unit) for value in ticks(rows, {"scale": options.scale})]


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word, language = voice.language.word, voice.language
    return {
        "axis": language.unit_label(voice.quantity(options.stops[0]).unit),
        "scale_remark": word(
            "chart.scale_remark" if options.scale == "log" else "chart.linear_remark"
        ),
        "product_break": word("chart.product_break"),
        "up_to": word("chart.up_to"),
        "at_least": word("chart.at_least"),
    }


def _misleads(options: Options, voice: Voice) -> list[str]:
    reasons = []
    for name in options.stops:
        quantity = voice.quantity(name)
        if options.scale == "log" and any(end <= 0 for end in quantity.ends()):
            reasons.append(f'"{name}" is zero or less, which a log scale cannot show')
    return reasons


FORM = Form(
    name="ladder",
    options=Options,
    axis=lambda options: options.stops,
    rows=_rows,
    settings=_settings,
    draw=draw,
    words=_words,
    ticks=_tick_texts,
    columns=(
        Column("figure.place", "label"),
        Column("figure.product", "product_label"),
        Column("figure.value", "text"),
        Column("figure.multiple", "multiple_text"),
        Column("figure.as_of", "as_of"),
    ),
    published=("step", "multiple_text", "multiple_claim", "product_break"),
    misleads=_misleads,
)
