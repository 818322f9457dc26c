"""The estimates: what different people say about one quantity, as dots and ranges, one row a claim.

Each row is labelled with who said it and when, and its figure stands beside its mark as it was
stated, even where it had to be converted to share the axis. Nothing is averaged. A figure that
was stated is round and blue; a calculation of ours is square, hollow and called so.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row, axis_text, claim_row
from explainer.charts.marks import (
    FADING,
    FADING_LENGTH,
    GRID,
    INK,
    MUTED,
    PAPER,
    Dot,
    Line,
    Sheet,
    Words,
    inline,
    lines,
    pixels,
    round_step,
    rounded,
    text_width,
    widest,
    wrapped,
)
from explainer.charts.theme import LARGE, SMALL, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId
from explainer.data.quantities import Unit
from explainer.voice.voice import Voice

WORDS = ("axis", "up_to", "at_least")
"""The words that the drawing needs: what the axis counts, and what the two open marks mean."""

DOT = " · "
"""What separates the parts of a remark."""

CAP = 8
"""How far the caps of a range reach above and below its middle, in px."""


def ticks(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """Round values for the axis, from zero or from below the least; a drawing shows what fits.

    Their texts come back to ``draw`` in ``options["ticks"]``, one for each of these values.
    """
    low, high = _reach(rows)
    step = round_step((high - low) / 5)
    first = math.floor(low / step + 1e-9)
    return [_plain(step * i) for i in range(first, math.ceil(high / step - 1e-9) + 1)]


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The estimates of these rows in the order given, ``options["ticks"]`` above them."""
    axis = axis_for(rows, start_of(size), size.width)
    sheet, grid = Sheet(), list[Line]()
    shown = ticks_within(rows, options["ticks"], axis, size.width)
    top = write_axis(words["axis"], shown, axis, size, 0, sheet)
    places, y = write_rows(rows, shown, axis, size, top, sheet, grid)
    foot = open_ends_key(rows, words, size.width, y, sheet)
    chart = sheet.around(marks_for(rows, places, axis), lines(grid))
    return themed(chart, size, foot, placed=True)


def start_of(size: Size) -> float:
    """Where the axis starts in px: behind the labels of the rows, or below them."""
    return 250 if size.width >= WIDE.width else 9


def write_axis(
    title: str, shown: Sequence[tuple[float, str]], axis: "Axis", size: Size, y: float, sheet: Sheet
) -> float:
    """Writes what the axis counts and its ticks from `y` on; the px where rows may begin."""
    left = axis.start if size.width >= WIDE.width else 0
    text = wrapped(title, size.width - left)
    sheet.words.append(Words(left, y + 14, text, MUTED))
    base = y + 18 + 16 * len(text)
    for x, tick in shown:
        # The first text stands over its line unless it would begin outside the drawing.
        start = max(x - text_width(tick) / 2, 0)
        place = (start, "left") if start == 0 else (x, "center")
        sheet.words.append(Words(place[0], base, tick, MUTED, align=place[1]))
    return base + 10


def write_rows(
    rows: Sequence[Mapping[str, Any]],
    shown: Sequence[tuple[float, str]],
    axis: "Axis",
    size: Size,
    top: float,
    sheet: Sheet,
    grid: list[Line],
) -> tuple[list[float], float]:
    """Writes label and figure of each row from `top` on; the px of their marks, and of the end."""
    wide, y = size.width >= WIDE.width, top
    places: list[float] = []
    for row in rows:
        column = axis.start - 16 if wide else size.width
        names, remarks = even(row["label"], column, bold=True), remarks_of(row, column)
        color = series(1) if row["calculation"] else MUTED
        height = 16 * (len(names) + len(remarks))
        base = y + 20.0
        if wide:
            middle, end = y + 10 + height / 2, y + 20 + height
        else:
            # Room above and below for a figure that takes two lines.
            extra = 9.0 * (len(_lines(row, axis)) - 1)
            middle = base + height + 2 + extra
            end = middle + 20 + extra
        sheet.words.append(Words(0, base, names, bold=True))
        sheet.words += [Words(0, base + 16 * len(names), remarks, color)] * bool(remarks)
        if y > top:
            sheet.lines.append(Line(0, y, size.width, y, GRID))
        places.append(middle)
        above, below = (y, end) if wide else (middle - 13, middle + 13)
        grid += [
            Line(x, above, x, below, INK if x == axis.at(axis.origin) else GRID) for x, _ in shown
        ]
        write_figure(row, axis, middle, sheet)
        y = end
    return places, y


@dataclass(frozen=True)
class Axis:
    """The linear axis: its first value and where that stands, and how long a unit is in px."""

    low: float
    start: float
    per_unit: float
    end: float

    @property
    def origin(self) -> float:
        """The value whose line is drawn in ink."""
        return 0

    def at(self, value: float) -> float:
        """Where a value stands, in px."""
        return self.start + (value - self.low) * self.per_unit

    def scale(self) -> Any:
        """The same axis as a scale of Vega-Lite."""
        import altair as alt  # only where something must be drawn: it costs a third of a second

        last = self.low + (self.end - self.start) / self.per_unit
        return alt.Scale(
            domain=[self.low, last], range=[rounded(self.start), rounded(self.end)], nice=False
        )


def axis_for(rows: Sequence[Mapping[str, Any]], start: float, width: float) -> Axis:
    """The longest axis on which the text of every row still fits behind its mark."""
    low, high = _reach(rows)
    per_unit = (width - start - 9) / (high - low)
    for row in rows:
        room = _text_room(row, width - start) + _gap(row)
        if ends(row)[1] > low:
            per_unit = min(per_unit, (width - room - start) / (ends(row)[1] - low))
    return Axis(low, start, per_unit, width)


def _text_room(row: Mapping[str, Any], width: float) -> float:
    """The px that the text of a row takes: of half the width on one line, or else on two."""
    whole = text_width(row["text"], LARGE, bold=True)
    if whole <= width / 2:
        return whole
    return widest(even(row["text"], whole * 0.75, LARGE, bold=True), LARGE, bold=True)


def _gap(row: Mapping[str, Any]) -> float:
    """The px between the end of a mark and the text behind it; an open end is shown there."""
    return FADING_LENGTH + 10 if row["open"] == "high" else 14


def write_figure(row: Mapping[str, Any], axis: Axis, y: float, sheet: Sheet) -> None:
    """Writes the figure of a row behind its mark, the caps of a range, the sign of an open end."""
    low, high = (axis.at(end) for end in ends(row))
    color = series(1 if row["calculation"] else 0)
    if row["open"] == "low":
        tail = min(FADING_LENGTH, low - axis.start)
        sheet.lines.append(Line(low - 5, y, low - tail, y, color, 2, FADING))
    elif row["open"] == "high":
        sheet.lines.append(Line(high + 5, y, high + FADING_LENGTH, y, color, 2, FADING))
    elif low != high:
        sheet.lines += [Line(x, y - CAP, x, y + CAP, color, 2.5) for x in (low, high)]
    x = high + _gap(row)
    text = _lines(row, axis)
    base = y + 5 - 9 * (len(text) - 1)
    for i, line in enumerate(text):
        # The lines of the axis stop at the figure, so that nothing runs through it.
        end = x + text_width(line, LARGE, bold=True)
        sheet.lines.append(Line(x - 3, base - 5 + 18 * i, end, base - 5 + 18 * i, PAPER, 18))
    sheet.words.append(Words(x, base, text, size=LARGE, bold=True))


def _lines(row: Mapping[str, Any], axis: Axis) -> list[str]:
    """The text of a row in as few lines as fit behind its mark."""
    width = axis.end - axis.at(ends(row)[1]) - _gap(row) + 1
    return even(row["text"], width, LARGE, bold=True)


def even(text: str, width: float, size: float = SMALL, bold: bool = False) -> list[str]:
    """The text in as few lines as the width allows, and those about equally long."""
    found = wrapped(text, width, size, bold)
    least = widest(text.split(" "), size, bold)
    while len(found) > 1 and width - 4 >= least:
        width -= 4
        narrower = wrapped(text, width, size, bold)
        if len(narrower) > len(found):
            break
        found = narrower
    return found


def remarks_of(row: Mapping[str, Any], width: float) -> list[str]:
    """The remark of a row in lines, broken between its parts where that is enough."""
    found: list[str] = []
    for part in row["remark"].split(DOT):
        if found and text_width(found[-1] + DOT + part) <= width:
            found[-1] += DOT + part
        else:
            found += even(part, width)
    return [line for line in found if line]


def ticks_within(
    rows: Sequence[Mapping[str, Any]], texts: Sequence[str], axis: Axis, width: float
) -> list[tuple[float, str]]:
    """The ticks of an axis for these rows that stand within the drawing."""
    return ticks_among(zip(ticks(rows), texts, strict=True), axis, width)


def ticks_among(
    values: Iterable[tuple[float, str]], axis: Axis, width: float
) -> list[tuple[float, str]]:
    """Where ticks stand within the drawing, fewer of them where they would touch."""
    found = [
        (axis.at(value), text)
        for value, text in values
        if axis.at(value) + text_width(text) / 2 <= width
    ]
    step = 1
    while any(_touch(*pair) for pair in itertools.pairwise(found[::step])):
        step += 1
    return found[::step]


def _touch(one: tuple[float, str], other: tuple[float, str]) -> bool:
    """Whether the texts of two ticks would stand too close to each other."""
    (left, first), (right, second) = one, other
    # A first text that would begin outside the drawing is moved into it.
    end = max(left - text_width(first) / 2, 0) + text_width(first)
    return right - text_width(second) / 2 - end < 14


def marks_for(rows: list[dict[str, Any]], places: list[float], axis: Axis) -> list[Any]:
    """The marks that carry the data, on the real scale, each with its sentence."""
    import altair as alt

    layers = []
    for calculation in (False, True):
        for kind in ("range", "open", "value"):
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
                        else {"value": ends(row)[0]}
                    ),
                }
                for row, place in zip(rows, places, strict=True)
                if row["calculation"] == calculation and mark_of(row) == kind
            ]
            if not data:
                continue
            color = series(1 if calculation else 0)
            hollow = calculation or kind == "open"
            look: dict[str, Any] = {
                "fill": PAPER if hollow else color,
                "stroke": color,
                "strokeWidth": 2,
            }
            chart = alt.Chart(inline(data))
            encoding: dict[str, Any] = {
                "x": alt.X(
                    "low:Q" if kind == "range" else "value:Q", scale=axis.scale(), axis=None
                ),
                "y": pixels("place", "y"),
                "description": alt.Description("description:N"),
                "tooltip": alt.Tooltip("description:N"),
            }
            if kind == "range":
                encoding["x2"] = alt.X2("high")
                mark = chart.mark_bar(height=6, **look)
            else:
                mark = chart.mark_point(
                    shape="square" if calculation else "circle", size=100, **look
                )
            layers.append(mark.encode(**encoding))
    return layers


def open_ends_key(
    rows: list[dict[str, Any]], words: Mapping[str, str], width: float, y: float, sheet: Sheet
) -> float:
    """Explains the open marks that occur; the px where the drawing ends."""
    opened = [end for end in ("low", "high") if any(row["open"] == end for row in rows)]
    y += 8 if opened else 0
    for end in opened:
        y += 20
        # The mark of the key is that of the rows it explains.
        ours = all(row["calculation"] for row in rows if row["open"] == end)
        color, shape = series(1 if ours else 0), "square" if ours else "circle"
        at, side = (FADING_LENGTH + 2, -1) if end == "low" else (8, 1)
        sheet.lines.append(
            Line(at + 5 * side, y - 4, at + FADING_LENGTH * side, y - 4, color, 2, FADING)
        )
        sheet.dots.append(Dot(at, y - 4, shape, color, hollow=True, size=70))
        text = wrapped(words["up_to" if end == "low" else "at_least"], width - 56)
        sheet.words.append(Words(54, y, text, MUTED))
        y += 16 * (len(text) - 1)
    return y + 8


def mark_of(row: Mapping[str, Any]) -> str:
    """How a row is drawn: as an `open` end, a single `value`, or a `range`."""
    if row["open"]:
        return "open"
    return "value" if row["value"] is not None else "range"


def ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """The least and the greatest figure that the row states, which may be one."""
    stated = [row[key] for key in ("low", "high", "value") if row[key] is not None]
    return min(stated), max(stated)


def _reach(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """What the axis has to span: zero, and every figure."""
    low = min(0, *(ends(row)[0] for row in rows))
    high = max(0, *(ends(row)[1] for row in rows))
    return (low, high) if high > low else (0, 1)


def _plain(number: float) -> float:
    """The number without the noise that comes from multiplying a step such as 0.1."""
    return float(f"{number:.12g}")


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of estimates."""

    claims: list[ClaimId] = Field(
        min_length=2, max_length=14, description="The claims, one row each."
    )
    unit: str = Field(
        default="", description="The unit of the axis; if left out, that of the first claim."
    )
    sort: Literal["listed", "time", "value"] = Field(
        default="listed",
        description="The order of the rows: as listed, by the time they are about, or by value.",
    )


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a claim, its numbers in the unit of the axis and its text as it was stated."""
    unit = _unit(options, voice)
    common = common_to(voice, options.claims)
    rows = [estimate_row(voice, name, unit, common) for name in options.claims]
    if options.sort == "time":
        # What has no date of its own stands last, in the order listed.
        rows.sort(key=lambda row: "".join(re.findall(r"\d{4}.*", row["as_of"])) or "~")
    elif options.sort == "value":
        rows.sort(key=lambda row: math.fsum(ends(row)))
    return rows


def common_to(voice: Voice, names: Sequence[str]) -> dict[str, str | None]:
    """The place and the product that most of these claims are about, which go without saying.

    Claims that are not about quite the same thing must not look as if they were.
    """
    claims = [voice.dataset.claims[name] for name in names]
    return {
        kind: next((k for k, n in Counter(named).items() if n > len(named) / 2), None)
        for kind in ("place", "product")
        if (named := [getattr(claim, kind) for claim in claims])
    }


def estimate_row(voice: Voice, name: str, unit: Unit, common: Mapping[str, str | None]) -> Row:
    """A claim as a row: who says it, when and, where that is not `common`, about what."""
    claim, dataset = voice.dataset.claims[name], voice.dataset
    what, ours = voice.said(voice.local(claim.what)), claim.formula is not None
    said_by = _capital(voice.who(name))
    row = claim_row(voice, name, what if ours else said_by, unit)
    row["label"] = _capital(row["label"])
    same = voice.quantity(name).unit.symbol == unit.symbol
    when = voice.language.date(claim.as_of) if claim.as_of else ""
    about = [
        dataset.label(f"{kind}s", row[kind], voice.code)
        for kind, usual in common.items()
        if row[kind] != (usual or "")
    ]
    text = voice.text(name, "long")
    row |= {
        "text": voice.text(name) if same else text,
        "calculation": ours,
        "said_by": said_by,
        "what": what,
        "remark": _capital(DOT.join(p for p in (said_by if ours else "", when, *about) if p)),
    }
    row["description"] = " ".join(
        f"{_capital(part)}."
        for part in (f"{what}: {text}", ", ".join(p for p in (said_by, *about, when) if p))
    )
    return row


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unit(options: Options, voice: Voice) -> Unit:
    """The unit of the axis. Raises `Fault` for one that does not exist."""
    if options.unit:
        return voice.dataset.units.unit(options.unit)
    return voice.quantity(options.claims[0]).unit


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    unit = _unit(options, voice)
    if not unit.currency and unit.over != ("%",):
        # The title of the axis names the unit.
        unit = voice.dataset.units.unit("1")
    return [axis_text(voice, value, unit) for value in ticks(rows)]


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word = voice.language.word
    return {
        "axis": _capital(voice.language.unit_label(_unit(options, voice))),
        "up_to": word("chart.up_to"),
        "at_least": word("chart.at_least"),
    }


def _misleads(options: Options, voice: Voice) -> list[str]:
    claims, dataset = options.claims, voice.dataset
    unit, stated = _unit(options, voice), voice.quantity(claims[0]).unit
    reasons = []
    if unit.dimensions != stated.dimensions:
        reasons.append(f'its claims cannot be counted in "{unit.symbol}"')
    if not stated.currency:
        return reasons
    products = {dataset.claims[name].product for name in claims}
    if len(products) > 1:
        reasons.append("prices of different products would share an axis")
    grounds = [dataset.claims[ground] for name in claims for ground in dataset.grounds(name)]
    bases = {claim.money for claim in grounds if claim.money}
    if len(bases) > 1:
        reasons.append(f"money of different kinds would share an axis: {_listed(bases)}")
    return reasons


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


FORM = Form(
    name="estimates",
    options=Options,
    axis=lambda options: options.claims,
    rows=_rows,
    settings=lambda options, rows, voice: {"ticks": _tick_texts(options, rows, voice)},
    draw=draw,
    words=_words,
    ticks=_tick_texts,
    columns=(
        Column("figure.said_by", "said_by"),
        Column("figure.what", "what"),
        Column("figure.value", "text"),
        Column("figure.as_of", "as_of"),
    ),
    published=("calculation", "said_by", "what", "remark"),
    misleads=_misleads,
)
