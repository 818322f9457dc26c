"""The flow: how much is left at each stage of a way, drawn to one scale from stage to stage.

The stages are bars joined by pale bands. What goes on keeps its thickness; what stays behind
tapers off beside it. Amounts shown beside (what was seized, lost, drunk on the spot) stand apart
on the same scale, however thin that makes them: their thinness is the finding.
"""

import itertools
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row, calculated, claim_row
from explainer.charts.marks import (
    FADING,
    FADING_LENGTH,
    GRID,
    INK,
    MUTED,
    Line,
    Sheet,
    Words,
    inline,
    open_bars_key,
    pixels,
    rounded,
    text_width,
    wrapped,
)
from explainer.charts.theme import LARGE, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId
from explainer.voice.voice import Voice

WORDS = ("axis", "beside", "rest", "up_to", "at_least")
"""The words that the drawing needs: what the bars count, that the amounts beside are drawn to the
same scale, what the grey parts are, and what the two open bars mean."""

BAR = 26
"""Thickness of a stage across the flow in px."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The flow of these rows: from left to right, or from top to bottom when narrow."""
    return (_wide if size.width >= WIDE.width else _narrow)(rows, words, size)


def _wide(rows: list[dict[str, Any]], words: Mapping[str, str], size: Size) -> Any:
    stages = [row for row in rows if not row["beside"]]
    beside = [row for row in rows if row["beside"]]
    sheet = Sheet()
    title = wrapped(words["axis"], size.width)
    sheet.words.append(Words(0, 14, title, bold=True))
    tail = FADING_LENGTH if any(row["open"] == "high" for row in stages) else 0
    top = 30 + 16 * (len(title) - 1) + tail
    floor = top + 200
    per_unit = (floor - top) / max(_ends(row)[1] for row in rows)
    columns, lefts = _columns(len(stages), len(beside), size.width)
    bands: list[list[tuple[float, float, float]]] = []
    falls: list[list[tuple[float, float, float]]] = []
    foot = floor + 6
    for i, row in enumerate(stages + beside):
        left, column, shown = lefts[i], columns[i], _ends(row)[1] * per_unit
        value = wrapped(row["text"], column - 12, LARGE, bold=True)
        name = wrapped(row["label"], column - 12)
        share = wrapped(row["share_text"], column - 12) if row["share_text"] else []
        if i and not row["beside"]:
            before = _ends(stages[i - 1])[1] * per_unit
            start, on = lefts[i - 1] + BAR, min(before, shown)
            gap = left - start
            bands.append([(start, floor, floor - on), (left, floor, floor - on)])
            if before > shown:
                falls.append(
                    [(start, floor - shown, floor - before), (left, floor - on, floor - on)]
                )
            if on >= 24 and text_width(row["share_text"] or "") + 14 <= gap:
                share_y = floor - on / 2 + 5
                sheet.words += [Words(start + gap / 2, share_y, share, align="center")] * bool(
                    share
                )
                share = []
        if row["open"] == "high" and not row["beside"]:
            x = left + BAR / 2
            sheet.lines.append(
                Line(x, floor - shown - 3, x, floor - shown - 36, series(0), 2, FADING)
            )
        if row["beside"]:
            leader = floor - 40 - per_unit * max(_ends(other)[1] for other in beside)
            _beside_wide(row, left, (floor - shown, leader), column, sheet)
            continue
        y = floor + 24
        sheet.words.append(Words(left, y, value, size=LARGE, bold=True))
        y += 18 * len(value)
        sheet.words.append(Words(left, y, name))
        y += 16 * len(name)
        if share:
            sheet.words.append(Words(left, y, share, MUTED))
            y += 16 * len(share)
        foot = max(foot, y - 8)
    if beside:
        x = lefts[len(stages)]
        note = wrapped(words["beside"], size.width - x)
        sheet.words.append(Words(x, floor + 24, note, MUTED))
        foot = max(foot, floor + 16 + 16 * len(note))
        sheet.lines.append(Line(x - 20, top - tail, x - 20, foot, MUTED, 1, (2, 3)))
    sheet.lines.append(Line(0, floor + 0.5, lefts[len(stages) - 1] + BAR, floor + 0.5, INK))
    domain = [0, max(_ends(row)[1] for row in rows)]
    centres = [left + BAR / 2 for left in lefts]
    marks = _bars(stages + beside, centres, "x", domain, (floor, top))
    return _sheet(rows, words, bands, falls, "y", marks, sheet, size, foot + 4)


def _columns(stages: int, beside: int, width: float) -> tuple[list[float], list[float]]:
    """Widths and left edges of the columns: stages evenly spread, then those beside, apart."""
    aside = min(150, width * 0.45 / beside) if beside else 0
    apart = 32 if beside else 0
    left = width - apart - aside * beside
    last = min(140, left / stages)
    step = (left - last) / (stages - 1) if stages > 1 else 0
    return (
        [step] * (stages - 1) + [last] + [aside] * beside,
        [step * i for i in range(stages)] + [left + apart + aside * i for i in range(beside)],
    )


def _beside_wide(
    row: Mapping[str, Any],
    left: float,
    leader: tuple[float, float],
    column: float,
    sheet: Sheet,
) -> None:
    """Letters an amount shown beside above its bar, with a leader between these two px."""
    value = wrapped(row["text"], column - 6, LARGE, bold=True)
    name = wrapped(row["label"], column - 6)
    share = wrapped(row["share_text"], column - 6) if row["share_text"] else []
    tip, end = leader
    y = end + 8 - 16 * (len(share) + len(name)) - 18 * len(value)
    sheet.words.append(Words(left, y, value, size=LARGE, bold=True))
    y += 18 * len(value) - 1
    sheet.words.append(Words(left, y, name))
    if share:
        sheet.words.append(Words(left, y + 16 * len(name), share, MUTED))
    sheet.lines.append(Line(left + BAR / 2, end, left + BAR / 2, tip - 3, series(1)))


def _narrow(rows: list[dict[str, Any]], words: Mapping[str, str], size: Size) -> Any:
    stages = [row for row in rows if not row["beside"]]
    beside = [row for row in rows if row["beside"]]
    sheet = Sheet()
    title = wrapped(words["axis"], size.width)
    sheet.words.append(Words(0, 14, title, bold=True))
    y: float = 28 + 16 * (len(title) - 1)
    side = 176
    start, end = 1.0, 160.0
    if any(row["open"] == "high" for row in stages):
        end -= 24
    top = max(_ends(row)[1] for row in rows)
    per_unit = (end - start) / top
    bands: list[list[tuple[float, float, float]]] = []
    falls: list[list[tuple[float, float, float]]] = []
    centres: list[float] = []
    for i, row in enumerate(stages + beside):
        shown = _ends(row)[1] * per_unit
        if row["beside"] and row is beside[0]:
            y += 4
            sheet.lines.append(Line(0, y, size.width, y, MUTED, 1, (2, 3)))
            note = wrapped(words["beside"], size.width)
            sheet.words.append(Words(0, y + 20, note, MUTED))
            y += 14 + 16 * len(note)
        value = wrapped(row["text"], size.width - side, LARGE, bold=True)
        name = wrapped(row["label"], size.width - side)
        share = wrapped(row["share_text"], size.width - side) if row["share_text"] else []
        centres.append(y + BAR / 2)
        if i and not row["beside"]:
            before = _ends(stages[i - 1])[1] * per_unit
            bar_end, on = centres[i - 1] + BAR / 2, min(before, shown)
            bands.append([(bar_end, start, start + on), (y, start, start + on)])
            if before > shown:
                falls.append(
                    [(bar_end, start + shown, start + before), (y, start + on, start + on)]
                )
            if y - bar_end >= 22 and text_width(row["share_text"] or "") + 9 <= on and share:
                middle = (bar_end + y) / 2 + 5
                sheet.words.append(Words(start + 5, middle, row["share_text"]))
                share = []
        if row["open"] == "high" and not row["beside"]:
            x = start + shown
            sheet.lines.append(Line(x + 3, centres[i], x + 36, centres[i], series(0), 2, FADING))
        if row["beside"]:
            sheet.lines.append(Line(start + shown + 3, centres[i], side - 6, centres[i], series(1)))
        at = y + BAR / 2 + 5
        sheet.words.append(Words(side, at, value, size=LARGE, bold=True))
        at += 18 * len(value) - 1
        sheet.words.append(Words(side, at, name))
        at += 16 * len(name)
        if share:
            sheet.words.append(Words(side, at, share, MUTED))
            at += 16 * len(share)
        bottom = y + BAR
        y = max(bottom + 34, at - 2) if i + 1 < len(stages) else max(bottom + 12, at - 2)
    sheet.lines.append(Line(0.5, centres[0] - 16, 0.5, centres[len(stages) - 1] + 16, INK))
    marks = _bars(stages + beside, centres, "y", [0, top], (start, end))
    return _sheet(rows, words, bands, falls, "x", marks, sheet, size, y)


def _ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """The amount that is certain and the largest that the row states."""
    if row["value"] is not None and not row["open"]:
        return row["value"], row["value"]
    low = row["low"] if row["low"] is not None else row["value"]
    high = row["high"] if row["high"] is not None else row["value"]
    if row["open"] == "low":
        return 0, high
    return (low, low) if row["open"] == "high" else (low, high)


def _bars(
    rows: list[dict[str, Any]],
    centres: list[float],
    along: str,
    domain: list[float],
    ends: tuple[float, float],
) -> list[Any]:
    """The bars that carry the data: solid where certain, pale and dashed where only possible."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    across = "y" if along == "x" else "x"
    channel, second = (alt.Y, alt.Y2) if across == "y" else (alt.X, alt.X2)
    scale = alt.Scale(domain=domain, range=[rounded(end) for end in ends], zero=True, nice=False)
    layers = []
    for is_beside in (False, True):
        for part in ("whole", "sure", "possible"):
            data = _parts(rows, centres, part, is_beside)
            if not data:
                continue
            color = series(1 if is_beside else 0)
            mark: dict[str, Any] = {"width" if along == "x" else "height": BAR, "color": color}
            if part == "sure":
                # Its pale part speaks for the whole range.
                mark["aria"] = False
            if part == "possible":
                mark |= {
                    "color": series(1 if is_beside else 0, soft=True),
                    "stroke": color,
                    "strokeDash": [4, 3],
                    "strokeWidth": 1.5,
                }
            layers.append(
                alt.Chart(inline(data))
                .mark_bar(**mark)
                .encode(
                    **{
                        along: pixels("place", along),
                        across: channel("from:Q", scale=scale, axis=None),
                        f"{across}2": second("to"),
                    },
                    description=alt.Description("description:N"),
                    tooltip=alt.Tooltip("description:N"),
                )
            )
    return layers


def _parts(
    rows: list[dict[str, Any]], centres: list[float], part: str, beside: bool
) -> list[dict[str, Any]]:
    """The bars of one look: whole ones, and the sure and the possible part of a range."""
    found = []
    for row, centre in zip(rows, centres, strict=True):
        low, high = _ends(row)
        spans: dict[str, tuple[float, float]] = {"possible": (low, high)}
        if low == high:
            spans = {"whole": (0, high)}
        elif low:
            spans["sure"] = (0, low)
        if row["beside"] == beside and part in spans:
            found.append(
                {
                    "id": row["id"],
                    "label": row["label"],
                    "text": row["text"],
                    "description": row["description"],
                    "from": spans[part][0],
                    "to": spans[part][1],
                    "place": rounded(centre),
                }
            )
    return found


def _areas(shapes: list[list[tuple[float, float, float]]], across: str, color: str) -> list[Any]:
    """Decorative bands; each shape is a list of its places along the flow with its two edges."""
    import altair as alt

    along = "x" if across == "y" else "y"
    second = alt.Y2 if across == "y" else alt.X2
    rows = [
        {"n": n, along: rounded(place), across: rounded(edge), f"{across}2": rounded(other)}
        for n, shape in enumerate(shapes)
        for place, edge, other in shape
    ]
    if not rows:
        return []
    return [
        alt.Chart(inline(rows))
        .mark_area(aria=False, color=color, orient="vertical" if across == "y" else "horizontal")
        .encode(
            **{along: pixels(along, along), across: pixels(across, across)},
            **{f"{across}2": second(f"{across}2")},
            detail=alt.Detail("n:N"),
        )
    ]


def _sheet(
    rows: list[dict[str, Any]],
    words: Mapping[str, str],
    bands: list[list[tuple[float, float, float]]],
    falls: list[list[tuple[float, float, float]]],
    across: str,
    marks: list[Any],
    sheet: Sheet,
    size: Size,
    height: float,
) -> Any:

    if falls:
        height += 20
        sheet.lines.append(Line(0, height - 4, 36, height - 4, GRID, 12))
        sheet.words.append(Words(48, height, wrapped(words["rest"], size.width - 48), MUTED))
        height += 16 * (len(wrapped(words["rest"], size.width - 48)) - 1) + 4
    height = open_bars_key(rows, words, size.width, height, sheet)
    soft = _areas(bands, across, series(0, soft=True))
    fallen = _areas(falls, across, GRID)
    layers = sheet.around([], [*fallen, *soft, *marks])
    return themed(layers, size, height, placed=True)


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of a flow."""

    stages: list[ClaimId] = Field(
        min_length=2,
        max_length=5,
        description="The claims from stage to stage, each a part of the one before.",
    )
    beside: list[ClaimId] = Field(
        default=[],
        max_length=2,
        description="Claims to compare with, drawn beside the way to the same scale.",
    )


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a stage, with its share of the stage before; then the amounts shown beside."""
    rows: list[Row] = []
    unit = voice.quantity(options.stages[0]).unit
    for name in [*options.stages, *options.beside]:
        label = voice.said(voice.local(voice.dataset.claims[name].what))
        row = {**claim_row(voice, name, label, unit), "beside": name in options.beside}
        row |= {"share_text": None, "share_claim": ""}
        if rows and not row["beside"]:
            share = calculated(voice, f'claim("{name}") / claim("{rows[-1]["id"]}")', "%")
            row["share_text"] = voice.language.word(
                "chart.share_of_previous", share=share.text(voice)
            )
            row["share_claim"] = share.claim
        rows.append(row)
    return rows


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word, unit = voice.language.word, voice.quantity(options.stages[0]).unit
    return {
        "axis": voice.language.unit_label(unit),
        "beside": word("chart.beside"),
        "rest": word("chart.rest"),
        "up_to": word("chart.up_to"),
        "at_least": word("chart.at_least"),
    }


def _misleads(options: Options, voice: Voice) -> list[str]:
    axis = voice.quantity(options.stages[0]).unit
    reasons = [
        f'"{name}" is counted in another kind of unit than the stages'
        for name in options.beside
        if voice.quantity(name).unit.amount_dimensions != axis.amount_dimensions
    ]
    for before, after in itertools.pairwise(options.stages):
        whole, part = (voice.quantity(name) for name in (before, after))
        if (
            whole.high is not None
            and part.low is not None
            and (part.low * part.unit.factor > whole.high * whole.unit.factor)
        ):
            reasons.append(f'"{after}" is more than "{before}", of which it should be a part')
    return reasons


FORM = Form(
    name="flow",
    options=Options,
    axis=lambda options: options.stages,
    rows=_rows,
    settings=lambda options, rows, voice: {},
    draw=draw,
    words=_words,
    ticks=lambda options, rows, voice: [],
    columns=(
        Column("figure.what", "label"),
        Column("figure.value", "text"),
        Column("figure.share", "share_text"),
        Column("figure.as_of", "as_of"),
    ),
    published=("beside", "share_text", "share_claim"),
    misleads=_misleads,
)
