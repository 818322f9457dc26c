"""The chains: several ways on one axis, each stop as a multiple of the first of its own way.

Prices of different goods, years or markets do not share an axis of money; how often each was
multiplied on its way can be compared. Each row says the price as it was stated beside its label,
and the multiple, which is our calculation, at its mark. A line leads from stop to stop; it is
dashed where the product changes, because what follows is not the price of the same thing.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

from explainer.charts import form, plot
from explainer.charts.form import Calculated, Content, Form, FormOptions, Row
from explainer.charts.forms.estimates import DOT, TAIL, open_ends
from explainer.charts.marks import wrapped
from explainer.charts.rows import height_of
from explainer.charts.theme import LARGE, Size
from explainer.data.kinds import ClaimId, Entry, Text, optional, required
from explainer.data.quantities import Quantity
from explainer.voice.voice import Voice

HEAD = LARGE + 3
"""The height of a line of a chain's name in px."""


def draw(rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The stops of each chain below its name, on one axis of multiples."""
    wide = size.is_wide
    drawn = _drawn(rows, size)
    stops = [row for row in drawn if "end" in row]
    left = plot.left_of(size)
    values = ticks(rows, options)
    last = _last(stops, values[0], options["scale"], size.width - left)
    shown = [(v, text) for v, text in zip(values, options["ticks"], strict=True) if v <= last]
    title = wrapped(words["axis"], size.width - left)
    axis = plot.axis(shown, title, orient="top", grid=True, titleAnchor="start")
    height = height_of(drawn)
    color, said = plot.own("stroke"), plot.said()
    step = {"color": plot.MUTED, "strokeWidth": 1.5, "aria": False}
    dash = plot.either("datum.product_break", strokeDash=(plot.DASHES, [1, 0]))
    figure = {**plot.TEXT, "baseline": "middle", "fontSize": LARGE, "fontWeight": "bold"}
    head = {"y": "top:Q", **plot.fixed(x=-left)}

    layers = [
        plot.written("head", f"datum.room - {HEAD} * length(datum.head)", fontSize=LARGE,
                     lineHeight=HEAD, fontWeight="bold").encode(**head),
        plot.written("lines", plot.FIRST - 6, fontWeight="bold").encode(**head),
        plot.written("under", f"{plot.FIRST - 6} + {plot.LINE} * length(datum.lines)",
                     color=plot.MUTED).encode(**head),
        plot.layer("isValid(datum.before) && datum.open != 'low'").mark_rule(**step)
        .encode(x="before:Q", x2="at:Q", y="middle:Q", **dash),
        plot.layer("isValid(datum.before) && datum.open == 'low'").mark_rule(**plot.OPEN_END)
        .encode(x="before:Q", x2="at:Q", y="middle:Q", **color),
        plot.layer("datum.open == 'high'").mark_rule(**plot.OPEN_END, x2Offset=TAIL)
        .encode(x="end:Q", x2="end:Q", y="middle:Q", **color),
        plot.layer("datum.begin < datum.end").mark_rule(strokeWidth=7)
        .encode(x="begin:Q", x2="end:Q", y="middle:Q", **color, **said),
        plot.layer("datum.begin == datum.end").mark_point(size=100, strokeWidth=2)
        .encode(x="end:Q", y="middle:Q", **plot.hollow("datum.open"), **color, **said),
        *(plot.layer(which).mark_text(**figure, dx=gap)
          .encode(text="figure:N", x="end:Q", y="middle:Q")
          for which, gap in (("datum.figure && datum.open != 'high'", 14),
                             ("datum.open == 'high'", TAIL + 8))),
    ]  # fmt: skip
    if wide:
        down = plot.layer("isValid(datum.before)").mark_rule(**step)
        layers.insert(3, down.encode(x="before:Q", y="above:Q", y2="middle:Q", **dash))
    keys, bottom = plot.key(open_ends(stops, words), size, height, left)
    fields = (
        "id group head lines under room at begin end open figure color product_break description"
    )
    middle = f"datum.top + {plot.FIRST}" if wide else "datum.below - 14"
    lag = [{"op": "lag", "field": one, "as": name}
           for one, name in (("at", "before"), ("middle", "above"))]  # fmt: skip
    return plot.framed(
        [*layers, *keys], plot.data(drawn, fields), size, height,
        left=left, top=30 + plot.LINE * len(title), bottom=bottom + 4,
        x=plot.scaled("x", values[0], last, axis, type=options["scale"]),
        y=plot.scaled("y", 0, height, reverse=True),
        transform=[
            plot.summed("room", "below"),
            *plot.steps(top="datum.below - datum.room", middle=middle),
            {"window": lag, "groupby": ["group"]},
        ],
    )  # fmt: skip


def _drawn(rows: plot.Rows, size: Size) -> list[Row]:
    """The rows as they are drawn, with a row above those of each chain that names it; each has the
    px of its height as `room`."""
    drawn: list[Row] = []
    spare = 5 if size.is_wide else 30
    for name, group in groupby(rows, key=lambda row: row["group"]):
        head = wrapped(name, size.width, LARGE, bold=True)
        drawn.append({"head": head, "room": HEAD * len(head) + (14 if drawn else 4)})
        for row in group:
            times = _as_multiple(row)
            begin, end = plot.ends(times)
            # Where the line of a chain passes: the figure, or the upper end of a range.
            one = {**times, "begin": begin, "end": end, "at": end}
            plot.label(one, size)
            drawn.append({**one, "room": plot.LINE * plot.lines_of(one) + spare})
    return drawn


def _last(rows: plot.Rows, first: float, scale: str, width: float) -> float:
    """Where the axis has to end, so that each figure has room behind its mark."""
    bent, straight = (math.log10, lambda power: 10.0**power) if scale == "log" else (float, float)
    room = [
        (bent(row["end"]),
         plot.figure_room(row["figure"], TAIL + 8 if row["open"] == "high" else 14))
        for row in rows
    ]  # fmt: skip
    most = max(bent(row["end"]) for row in rows)
    return float(f"{straight(plot.last_with_room(room, bent(first), most, width)):.6g}")


def ticks(rows: plot.Rows, options: plot.Settings) -> list[float]:
    """Multiples for the axis: powers of ten, or round steps; from one on a log scale."""
    both = [end for row in rows for end in plot.ends(_as_multiple(row))]
    if options["scale"] == "linear":
        return plot.ticks(0, max(both))
    low = math.floor(math.log10(min(1, *both)) + 1e-9)
    high = max(math.ceil(math.log10(max(1, *both)) - 1e-9), 1)
    return [float(10**power) if power >= 0 else 10.0**power for power in range(low, high + 1)]


def _as_multiple(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the multiple in place of the price."""
    return {
        **row,
        "figure": row["multiple_text"],
        "low": row["times_low"],
        "high": row["times_high"],
        "value": row["times"],
        "open": row["times_open"],
        "calculation": False,
    }


# The data half: which rows the options ask for, and what the form is told beside them


class Chain(Entry):
    """A way, and the claims that say what one thing costs at its stops."""

    label: Text = required("What the way is called, over its rows.")
    stops: list[ClaimId] = required(
        "The claims at each stop of this way, in order, in one unit.", min_length=2, max_length=7
    )


class Options(FormOptions):
    """Options of chains."""

    chains: list[Chain] = required(
        "The ways to compare, each with its own stops.", min_length=2, max_length=4
    )
    scale: Literal["log", "linear"] = optional(
        "Equal distances are equal multiples (log) or equal steps (linear).", default="log"
    )


def _claims(options: Options) -> list[str]:
    """The claims of all chains, each once: two chains may have a stop in common."""
    return list(dict.fromkeys(name for chain in options.chains for name in chain.stops))


def _content(options: Options, voice: Voice) -> Content:
    """A row a stop of each chain: its price, and the multiple of the first price of its chain."""
    rows: list[Row] = []
    for chain in options.chains:
        label, before = voice.said(chain.label), ""
        for step, name in enumerate(chain.stops, 1):
            row = _stop_row(voice, chain, name, label)
            row["step"] = step
            row["product_break"] = step > 1 and row["product"] != before
            before = row["product"]
            rows.append(row)
    axis = voice.language.word(f"chart.chain_axis_{options.scale}")
    one, values = voice.dataset.units.unit("1"), ticks(rows, {"scale": options.scale})
    texts = [f"×{form.axis_text(voice, value, one)}" for value in values]
    settings = {"scale": options.scale, "ticks": texts}
    return Content(rows, settings, {"axis": axis, **form.open_words(voice)})


def _stop_row(voice: Voice, chain: Chain, name: str, group: str) -> Row:
    row = form.claim_row(voice, name)
    multiple = _multiple(voice, name, chain.stops[0])
    found, text = form.numbers(multiple.quantity), multiple.text(voice, "times")
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
        "color": form.tone(voice, voice.dataset.claims[name].product),
        "description": f"{row['description']} {said}",
    }


def _multiple(voice: Voice, name: str, first: str) -> Calculated:
    """How often the first price goes into another; its own multiple is one, however sure it is."""
    if name == first:
        one = Fraction(1)
        return Calculated(Quantity(one, one, voice.dataset.units.unit("1")), "")
    return form.calculated(voice, f'claim("{name}") / claim("{first}")', "1")


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
    content=_content,
    draw=draw,
    columns=form.columns(
        "chain place=label product=product_label value=text multiple_first=multiple_text as_of"
    ),
    published=tuple(
        "chain times times_low times_high times_open multiple_text multiple_claim remark step"
        " product_break".split()
    ),
    misleads=_misleads,
)
