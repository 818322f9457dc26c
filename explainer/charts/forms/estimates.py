"""The estimates: what different people say about one quantity, as dots and ranges, one row a claim.

Each row is labelled with who said it and when, and its figure stands behind its mark as it was
stated, even where it had to be converted to share the axis. Nothing is averaged. A figure that was
stated is round and filled, or has a dashed line where it is open; a calculation of ours is square,
hollow and called so.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from explainer.charts import alt, cartesian, form, plot
from explainer.charts.form import Content, Form, FormOptions, Row
from explainer.charts.marks import text_width, widest
from explainer.charts.rows import beside, height_of, in_row, row_labels, sided, stacked
from explainer.charts.theme import Size
from explainer.data.kinds import ClaimId, optional, required
from explainer.data.quantities import Unit
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

DOT = " · "
"""What separates the parts of a remark."""

TAIL = 36
"""How far the line of a floor reaches beyond it, in px."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The estimates of these rows in the order given, on a linear axis with `options["values"]`."""
    rows, left = [_drawn(row, size) for row in rows], plot.left_of(size)
    # What can follow is drawn through the first mark.
    spans = [*options.get("reach", ()), rows[0]["begin"], rows[0]["end"]]
    rows[0] |= {"from": min(spans), "to": max(spans)}
    first, per, x = _across(rows, options, words, size)
    for row in rows:
        begin, end = (row["from"] - first) * per, (row["to"] - first) * per
        beside(row, size, begin, end, TAIL + 8 if row["open"] == "high" else 14)
    color, hollow = plot.own("stroke"), plot.hollow("datum.hollow")
    shape = alt.Scale(domain=["stated", "calculated"], range=["circle", "square"])
    layers = [
        *row_labels(size),
        in_row("datum.open == 'low'").mark_rule(**plot.OPEN_END)
        .encode(x="least:Q", x2="end:Q", **color),
        in_row("datum.open == 'high'").mark_rule(**plot.OPEN_END, x2Offset=TAIL)
        .encode(x="end:Q", x2="end:Q", **color),
        in_row("datum.begin < datum.end").mark_bar(height=7, strokeWidth=2)
        .encode(x="begin:Q", x2="end:Q", **plot.said(), **color, **hollow),
        in_row("datum.begin == datum.end").mark_point(size=100, strokeWidth=2)
        .encode(x="end:Q", shape=alt.Shape("kind:N", scale=shape, legend=None),
                **plot.said(), **color, **hollow),
        *sided("from", "to"),
    ]  # fmt: skip
    told = [*_kinds(rows, words), *open_ends(rows, words)]
    if "reach" in words:
        told.append(({"shape": "stroke", "stroke": plot.MUTED, "strokeWidth": 2}, words["reach"]))
    keys, bottom = plot.key(told, size, height_of(rows), left)
    fields = (
        "id lines under least begin end from to open text color hollow kind side gap description"
    )
    return stacked(
        [*layers, *keys], rows, fields, size=size,
        left=left, top=46, bottom=bottom, x=x,
    )  # fmt: skip


def _across(
    rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size
) -> tuple[float, float, Any]:
    """Where the axis of these rows begins, the px of a unit, and its channel. A wide drawing has
    room for each figure behind its mark; a narrow one gives the marks its whole width."""
    first, width = options["values"][0], size.width - plot.left_of(size)
    room, half = [], max(14, widest(options["ticks"]) / 2)
    for row in rows:
        high = row["open"] == "high"
        wide = plot.figure_room(row["text"], TAIL + 8 if high else 14)
        room.append((row["to"], wide if size.is_wide else TAIL if high else half))
    last = plot.last_with_room(room, first, max(end for end, _ in room), width)
    per = width / (last - first)
    shown = [
        (value, text)
        for value, text in zip(options["values"], options["ticks"], strict=True)
        if (last - value) * per >= text_width(text) / 2 - 1
    ]
    marked = plot.sparse(shown, per * (shown[-1][0] - first))
    axis = plot.axis(marked, words["axis"], orient="top", grid=True, titleAnchor="start")
    return first, per, plot.scaled("x", first, last, axis)


def _drawn(row: Mapping[str, Any], size: Size) -> dict[str, Any]:
    """A row as it is drawn: its label in lines, the two ends of its mark, and how that looks."""
    begin, end = plot.ends(row)
    made = {
        **row, "least": min(0, begin), "begin": begin, "end": end, "from": begin, "to": end,
        "hollow": row["calculation"] or bool(row["open"]),
        "kind": "calculated" if row["calculation"] else "stated",
        "text": plot.figure_lines(row["text"], size.width - plot.left_of(size)),
    }  # fmt: skip
    plot.label(made, size)
    return made


def _kinds(rows: plot.Rows, words: plot.Words) -> plot.Meanings:
    """What colours mean where there are several, and what a calculation of ours looks like."""
    products: dict[str, list[str]] = {}
    for row in rows:
        products.setdefault(row["color"], []).append(row.get("product_label", ""))
    told = [
        (cartesian.OPEN | {"stroke": color, "fill": color}, DOT.join(named))
        for color, labels in products.items()
        if len(products) > 1 and (named := list(filter(None, dict.fromkeys(labels))))
    ]
    ours = [row for row in rows if row["calculation"]]
    look = {"shape": "square", "fill": plot.PAPER, "strokeWidth": 2}
    return told + [({**look, "stroke": row["color"]}, words["calculation"]) for row in ours[:1]]


def open_ends(rows: plot.Rows, words: plot.Words) -> plot.Meanings:
    """What the open marks among these rows mean, for the key."""

    def look(end: str, own: plot.Rows) -> dict[str, Any]:
        shape = "square" if all(row["calculation"] for row in own) else "circle"
        return {"shape": shape, "fill": plot.PAPER, "strokeWidth": 2, "tail": end}

    return plot.open_ends(rows, words, look)


def ticks(rows: plot.Rows, reach: Sequence[float] = ()) -> list[float]:
    """Round values for the axis of these rows, and of a reach beyond them: from zero, or from below
    the least."""
    both = [*reach, *(end for row in rows for end in plot.ends(row))]
    return plot.ticks(min(0, *both), max(0, *both))


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of estimates."""

    claims: list[ClaimId] = required("The claims, one row each.", min_length=2, max_length=14)
    unit: str = optional("The unit of the axis; if left out, that of the first claim.", default="")
    sort: Literal["listed", "time", "value"] = optional(
        "The order of the rows: as listed, by the time they are about, or by value.",
        default="listed",
    )


def _content(options: Options, voice: Voice) -> Content:
    """A row a claim, its numbers in the unit of the axis and its text as it was stated."""
    unit = _unit(options, voice)
    common = common_to(voice, options.claims)
    rows = [estimate_row(voice, name, unit, common) for name in options.claims]
    if options.sort == "time":
        # What has no date of its own stands last, in the order listed.
        rows.sort(key=lambda row: "".join(re.findall(r"\d{4}.*", row["as_of"])) or "~")
    elif options.sort == "value":
        rows.sort(key=lambda row: math.fsum(plot.ends(row)))
    both = [end for row in rows for end in plot.ends(row)]
    return Content(rows, form.axis_ticks(voice, [0, *both], unit), axis_and_kinds(voice, unit))


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
    what, ours = voice.said(claim.what), dataset.ours(name)
    said_by, said, text = capital(voice.who(name)), form.when(voice, name), voice.text(name, "long")
    row = form.claim_row(voice, name, what if ours else said_by, unit)
    about = [
        dataset.label(f"{kind}s", row[kind], voice.code)
        for kind, usual in common.items()
        if row[kind] != (usual or "")
    ]
    told = (voice.language.headed(what, text), ", ".join(filter(None, (said_by, *about, said))))
    same = voice.quantity(name).unit.symbol == unit.symbol
    return row | {
        "label": capital(row["label"]),
        "text": voice.text(name) if same else text,
        "calculation": ours,
        "color": form.tone(voice, claim.product),
        "said_by": said_by,
        "about": about,
        "what": what,
        "remark": capital(DOT.join(filter(None, (said_by if ours else "", said, *about)))),
        "description": " ".join(f"{capital(part)}." for part in told),
    }


def _unit(options: Options, voice: Voice) -> Unit:
    """The unit of the axis. Raises `Fault` for one that does not exist."""
    if options.unit:
        return voice.dataset.units.unit(options.unit)
    return voice.quantity(options.claims[0]).unit


def axis_and_kinds(voice: Voice, unit: Unit) -> dict[str, str]:
    """What the axis counts, and what the looks of marks mean."""
    return {**form.axis_words(voice, unit), "calculation": voice.language.word("sure.calculation")}


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
    bases = sorted({claim.money for claim in grounds if claim.money})
    if bases[1:]:
        reasons.append(f"money of different kinds would share an axis: {', '.join(bases)}")
    return reasons


FORM = Form(
    name="estimates",
    options=Options,
    axis=lambda options: options.claims,
    content=_content,
    draw=draw,
    columns=form.columns("said_by what value=text as_of"),
    published=("calculation", "said_by", "what", "remark"),
    misleads=_misleads,
)
