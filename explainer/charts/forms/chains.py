"""The chains: several ways on one axis, each stop as a multiple of the first of its own way.

Prices of different goods, years or markets do not share an axis of money; how often each was
multiplied on its way can be compared. Each row says the price as it was stated beside its label,
and the multiple, which is our calculation, at its mark. A line leads from stop to stop; it is
dashed where the product changes, because what follows is not the price of the same thing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any, Literal

from pydantic import Field

from explainer.charts.form import (
    Calculated,
    Column,
    Form,
    FormOptions,
    Row,
    axis_text,
    calculated,
    claim_row,
    numbers,
)
from explainer.charts.forms.placed import (
    CAP,
    DOT,
    Axis,
    axis_for,
    mark_of,
    open_ends_key,
    start_of,
    ticks_among,
    write_axis,
    write_rows,
)
from explainer.charts.forms.placed import ticks as round_ticks
from explainer.charts.marks import (
    FADING_LENGTH,
    GRID,
    INK,
    MUTED,
    PAPER,
    Line,
    Sheet,
    Words,
    inline,
    lines,
    pixels,
    rounded,
    text_width,
    wrapped,
)
from explainer.charts.theme import LARGE, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId, Entry, Text
from explainer.data.quantities import Quantity
from explainer.voice.voice import Voice

DASHES = (4.0, 3.0)
"""The line to a stop of another product."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """A block of rows for each chain, below one axis of multiples."""
    shown_rows = [_as_multiple(row) for row in rows]
    axis = _axis(shown_rows, options, size)
    shown = ticks_among(zip(ticks(rows, options), options["ticks"], strict=True), axis, size.width)
    sheet, behind = Sheet(), list[Line]()
    y = write_axis(words["axis"], shown, axis, size, 0, sheet)
    marks: list[Any] = []
    for _, group in groupby(shown_rows, key=lambda row: row["group"]):
        chain = list(group)
        head = wrapped(chain[0]["group"], size.width, LARGE, bold=True)
        sheet.lines += [Line(0, y, size.width, y, GRID)] * bool(marks)
        sheet.lines.append(
            Line(0, y + 12, text_width(head[0], LARGE, bold=True), y + 12, PAPER, 16)
        )
        sheet.words.append(Words(0, y + 20, head, size=LARGE, bold=True))
        top, y = y, y + 18 * len(head) + 4
        if size.width >= WIDE.width:
            behind += [
                Line(x, top, x, y, INK if x == axis.at(axis.origin) else GRID) for x, _ in shown
            ]
        places, y = write_rows(chain, shown, axis, size, y, sheet, behind)
        behind += _steps(chain, places, axis, size)
        marks += _marks(chain, places, axis)
        y += 6
    foot = open_ends_key(shown_rows, words, size.width, y, sheet)
    return themed(sheet.around(marks, lines(behind)), size, foot, placed=True)


def ticks(rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> list[float]:
    """Multiples for the axis: powers of ten, or round steps; from one on a log scale."""
    shown = [_as_multiple(row) for row in rows]
    if options["scale"] == "linear":
        return round_ticks(shown)
    low, high = _decades(shown)
    return [float(10**power) if power >= 0 else 10.0**power for power in range(low, high + 1)]


def _as_multiple(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the multiple in place of the price, as the rows of estimates are drawn."""
    return {
        **row,
        "text": row["multiple_text"],
        "price": row["text"],
        "low": row["times_low"],
        "high": row["times_high"],
        "value": row["times"],
        "open": row["times_open"],
        "calculation": False,
    }


def _decades(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """The powers of ten between which all multiples lie."""
    stated = [row[end] for row in rows for end in ("low", "high", "value") if row[end] is not None]
    low, high = min(1, *stated), max(*stated, 1)
    return math.floor(math.log10(low) + 1e-9), max(math.ceil(math.log10(high) - 1e-9), 1)


def _axis(rows: Sequence[dict[str, Any]], options: Mapping[str, Any], size: Size) -> Axis:
    """The longest axis on which the text of every row fits behind its mark."""
    if options["scale"] == "linear":
        return axis_for(rows, start_of(size), size.width)

    def bent(number: float | None) -> float | None:
        return None if number is None else math.log10(number)

    powers = [{**row, **{end: bent(row[end]) for end in ("low", "high", "value")}} for row in rows]
    even = axis_for(powers, start_of(size), size.width)
    return _LogAxis(even.low, even.start, even.per_unit, even.end)


@dataclass(frozen=True)
class _LogAxis(Axis):
    """The axis where equal distances are equal multiples; its unit is a power of ten."""

    @property
    def origin(self) -> float:
        return 1

    def at(self, value: float) -> float:
        return super().at(math.log10(value))

    def scale(self) -> Any:
        import altair as alt  # only where something must be drawn: it costs a third of a second

        last = self.low + (self.end - self.start) / self.per_unit
        return alt.Scale(
            type="log",
            domain=[10.0**self.low, float(f"{10.0**last:.6g}")],
            range=[rounded(self.start), rounded(self.end)],
            nice=False,
        )


def _steps(
    chain: Sequence[Mapping[str, Any]], places: Sequence[float], axis: Axis, size: Size
) -> list[Line]:
    """The line from stop to stop: down where there is room, then on to the next mark."""
    found = []
    pairs = pairwise(zip(chain, places, strict=True))
    for (before, above), (after, below) in pairs:
        start, end = (axis.at(_middle(row)) for row in (before, after))
        dash = DASHES if after["product_break"] else ()
        if size.width >= WIDE.width:
            found.append(Line(start, above, start, below, MUTED, 1.5, dash))
        # An open end has its own line.
        end -= FADING_LENGTH if after["open"] == "low" and end - start > FADING_LENGTH else 0
        found.append(Line(start, below, end, below, MUTED, 1.5, dash))
    return found


def _middle(row: Mapping[str, Any]) -> float:
    """Where the line of a chain passes a row: its figure, or the upper end of a range."""
    number: float = row["value"] if row["value"] is not None else row["high"] or row["low"]
    return number


def _marks(chain: Sequence[Mapping[str, Any]], places: Sequence[float], axis: Axis) -> list[Any]:
    """The marks that carry the data, on the real scale, each with its sentence."""
    import altair as alt

    layers = []
    for kind in ("range", "open", "value"):
        data = [
            {
                "id": row["id"],
                "label": row["label"],
                "text": row["price"],
                "description": row["description"],
                "place": rounded(place),
                **(
                    {"times_low": row["low"], "times_high": row["high"]}
                    if kind == "range"
                    else {"times": _middle(row)}
                ),
            }
            for row, place in zip(chain, places, strict=True)
            if mark_of(row) == kind
        ]
        if not data:
            continue
        color = series(0)
        look: dict[str, Any] = {
            "fill": PAPER if kind == "open" else color,
            "stroke": color,
            "strokeWidth": 2,
        }
        field = "times_low:Q" if kind == "range" else "times:Q"
        encoding: dict[str, Any] = {
            "x": alt.X(field, scale=axis.scale(), axis=None),
            "y": pixels("place", "y"),
            "description": alt.Description("description:N"),
            "tooltip": alt.Tooltip("description:N"),
        }
        chart = alt.Chart(inline(data))
        if kind == "range":
            # A rule has no foot to start from, which a log scale would lack.
            encoding["x2"] = "times_high"
            mark = chart.mark_rule(color=color, strokeWidth=CAP - 2)
        else:
            mark = chart.mark_point(shape="circle", size=100, **look)
        layers.append(mark.encode(**encoding))
    return layers


# The data half: which rows the options ask for, and what the form is told beside them


class Chain(Entry):
    """A way, and the claims that say what one thing costs at its stops."""

    label: Text = Field(description="What the way is called, over its rows.")
    stops: list[ClaimId] = Field(
        min_length=2,
        max_length=7,
        description="The claims at each stop of this way, in order, in one unit.",
    )


class Options(FormOptions):
    """Options of chains."""

    chains: list[Chain] = Field(
        min_length=2, max_length=4, description="The ways to compare, each with its own stops."
    )
    scale: Literal["log", "linear"] = Field(
        default="log",
        description="Equal distances are equal multiples (log) or equal steps (linear).",
    )


def _claims(options: Options) -> list[str]:
    """The claims of all chains, each once: two chains may have a stop in common."""
    return list(dict.fromkeys(name for chain in options.chains for name in chain.stops))


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a stop of each chain: its price, and the multiple of the first price of its chain."""
    rows: list[Row] = []
    for chain in options.chains:
        label, before = voice.said(voice.local(chain.label)), ""
        for step, name in enumerate(chain.stops, 1):
            row = _stop_row(voice, chain, name, label)
            row["step"] = step
            row["product_break"] = step > 1 and row["product"] != before
            before = row["product"]
            rows.append(row)
    return rows


def _stop_row(voice: Voice, chain: Chain, name: str, group: str) -> Row:
    row = claim_row(voice, name)
    multiple = _multiple(voice, name, chain.stops[0])
    found, text = numbers(multiple.quantity), multiple.text(voice, "times")
    remark = DOT.join(part for part in (row["text"], row["product_label"]) if part)
    said = voice.language.word(
        "chart.sentence_chain", label=group, text=text, first=voice.text(chain.stops[0], "long")
    )
    return {
        **row,
        "chain": group,
        "group": group,
        "times": found["value"],
        "times_low": found["low"],
        "times_high": found["high"],
        "times_open": found["open"],
        "multiple_text": text,
        "multiple_claim": multiple.claim,
        "remark": remark,
        "description": f"{row['description']} {said}",
    }


def _multiple(voice: Voice, name: str, first: str) -> Calculated:
    """How often the first price goes into another; its own multiple is one, however sure it is."""
    if name == first:
        one = Fraction(1)
        return Calculated(Quantity(one, one, voice.dataset.units.unit("1")), "")
    return calculated(voice, f'claim("{name}") / claim("{first}")', "1")


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    unit = voice.dataset.units.unit("1")
    texts = [axis_text(voice, value, unit) for value in ticks(rows, {"scale": options.scale})]
    return [f"×{text}" for text in texts]


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word = voice.language.word
    return {
        "axis": word(f"chart.chain_axis_{options.scale}"),
        "up_to": word("chart.up_to"),
        "at_least": word("chart.at_least"),
    }


def _misleads(options: Options, voice: Voice) -> list[str]:
    reasons = []
    for chain in options.chains:
        for name in {name for name in chain.stops if chain.stops.count(name) > 1}:
            reasons.append(f'a chain stops at "{name}" twice')
        for name in chain.stops:
            if any(end <= 0 for end in voice.quantity(name).ends()):
                reasons.append(f'"{name}" is zero or less, of which there is no multiple')
    return reasons


FORM = Form(
    name="chains",
    options=Options,
    axis=_claims,
    rows=_rows,
    settings=lambda options, rows, voice: {
        "scale": options.scale,
        "ticks": _tick_texts(options, rows, voice),
    },
    draw=draw,
    words=_words,
    ticks=_tick_texts,
    columns=(
        Column("figure.chain", "chain"),
        Column("figure.place", "label"),
        Column("figure.product", "product_label"),
        Column("figure.value", "text"),
        Column("figure.multiple_first", "multiple_text"),
        Column("figure.as_of", "as_of"),
    ),
    published=(
        "chain",
        "times",
        "times_low",
        "times_high",
        "times_open",
        "multiple_text",
        "multiple_claim",
        "remark",
        "step",
        "product_break",
    ),
    misleads=_misleads,
)
