"""The legs: what is added on each leg of a way, as bars of one linear scale that starts at zero.

A sum that is only a ceiling is a pale bar with a dashed outline; one that is only a floor is a
solid bar that goes on in dying dashes. Every bar is labelled where it stands, so that there is
neither an axis to read nor a legend to learn.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row, calculated, claim_row, numbers
from explainer.charts.marks import (
    FADING,
    FADING_LENGTH,
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

WORDS = ("axis", "product_break", "up_to", "at_least")
"""The words that the drawing needs: what the bars count, the remark on a leg between two
products, and what the two open bars mean."""

BAR = 22
"""Thickness of a bar in px."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The bars of these rows, one leg under the other in the order given."""
    wide = size.width >= WIDE.width
    sheet = Sheet()
    title = wrapped(words["axis"], size.width)
    sheet.words.append(Words(0, 14, title, bold=True))
    top = 14 + 16 * (len(title) - 1) + 16

    # Beside the bars on the wide drawing, above them on the narrow one: there the names stand.
    start = 190 if wide else 1
    low, high, end = _reach(rows, start, size.width)
    per_unit = (end - start) / (high - low)
    zero = start - low * per_unit
    y: float = top
    places: list[float] = []
    for row in rows:
        label = wrapped(row["label"], start - 16 if wide else size.width, bold=True)
        remarks = _remarks(row, words, size.width - zero - 8)
        sheet.words.append(Words(1, y + (16 if wide else 14), label, bold=True))
        bar = y if wide else y + 16 * len(label) + 5
        if remarks:
            sheet.words.append(Words(zero + 6, bar + BAR + 17, remarks, MUTED))
        places.append(bar + BAR / 2)
        _amount(row, zero + max(_ends(row)[1], 0) * per_unit, places[-1], size.width, sheet)
        y = max(y + 16 * len(label), bar + BAR + 17 * len(remarks) + 2 * bool(remarks)) + 20
    if wide:
        sheet.lines.append(Line(zero, top - 6, zero, y - 10, INK))
    else:
        # A line through all the bars would cross the names between them.
        half = BAR / 2 + 3
        sheet.lines.extend(Line(zero, place - half, zero, place + half, INK) for place in places)

    marks = _bars(rows, places, (low, high), (start, end))
    height = open_bars_key(rows, words, size.width, y - 8, sheet)
    return themed(sheet.around([], marks), size, height, placed=True)


def _amount(row: Mapping[str, Any], tip: float, y: float, width: float, sheet: Sheet) -> None:
    """Writes the amount of a leg behind the tip of its bar, and the sign of an open end."""
    if row["open"] == "high":
        sheet.lines.append(Line(tip + 2, y, tip + FADING_LENGTH, y, series(0), 2, FADING))
        tip += FADING_LENGTH
    text = wrapped(row["text"], max(width - tip - 8, 60), LARGE, bold=True)
    sheet.words.append(Words(tip + 8, y + 5 - 9 * (len(text) - 1), text, size=LARGE, bold=True))


_SOLID: dict[str, Any] = {"color": series(0)}
_PALE: dict[str, Any] = {
    "color": series(0, soft=True),
    "stroke": series(0),
    "strokeDash": [4, 3],
    "strokeWidth": 1.5,
}
_LOOKS: dict[str, dict[str, Any]] = {
    "whole": _SOLID,
    # The sure part of a range says nothing to a screen reader: its pale part speaks for both.
    "sure": _SOLID | {"aria": False},
    "possible": _PALE,
}


def _bars(
    rows: list[dict[str, Any]],
    places: list[float],
    domain: tuple[float, float],
    ends: tuple[float, float],
) -> list[Any]:
    """The bars that carry the data, on the real scale, each with its sentence."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    scale = alt.Scale(
        domain=list(domain), range=[rounded(end) for end in ends], zero=True, nice=False
    )
    return [
        alt.Chart(inline(data))
        .mark_bar(height=BAR, **look)
        .encode(
            x=alt.X("from:Q", scale=scale, axis=None),
            x2=alt.X2("to"),
            y=pixels("place", "y"),
            description=alt.Description("description:N"),
            tooltip=alt.Tooltip("description:N"),
        )
        for part, look in _LOOKS.items()
        if (data := _parts(rows, places, part))
    ]


def _remarks(row: Mapping[str, Any], words: Mapping[str, str], width: float) -> list[str]:
    """What stands in grey under a bar: its share, and that it joins two products."""
    remarks = [row["share_text"] or "", words["product_break"] if row["product_break"] else ""]
    remarks = [remark for remark in remarks if remark]
    if text_width(" · ".join(remarks)) <= width:
        return [" · ".join(remarks)] if remarks else []
    return [line for remark in remarks for line in wrapped(remark, width)]


def _ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """The smallest and the largest amount that the row states; an open end counts as stated."""
    if row["value"] is not None and not row["open"]:
        return row["value"], row["value"]
    low = row["low"] if row["low"] is not None else row["value"]
    high = row["high"] if row["high"] is not None else row["value"]
    if row["open"] == "low":
        return 0, high
    if row["open"] == "high":
        return low, low
    return low, high


def _reach(
    rows: Sequence[Mapping[str, Any]], start: float, width: float
) -> tuple[float, float, float]:
    """The domain, and the px of its end at which the longest bar and its text still fit."""
    low = min(0, *(_ends(row)[0] for row in rows))
    high = max(0, *(_ends(row)[1] for row in rows))
    end = width
    for row in rows:
        tip = max(_ends(row)[1], 0) - low
        room = min(text_width(row["text"], LARGE, bold=True), 110) + 10
        room += FADING_LENGTH if row["open"] == "high" else 0
        if tip > 0:
            end = min(end, start + (width - room - start) * (high - low) / tip)
    return low, high, end


def _parts(rows: list[dict[str, Any]], places: list[float], part: str) -> list[dict[str, Any]]:
    """The bars of one look: whole ones, and the sure and the possible part of a range."""
    found = []
    for row, place in zip(rows, places, strict=True):
        low, high = _ends(row)
        near, far = (high, low) if high <= 0 else (max(low, 0), high)
        spans: dict[str, tuple[float, float]] = {"possible": (near, far)}
        if low == high:
            spans = {"whole": (0, low)}
        elif near:
            spans["sure"] = (0, near)
        if part in spans:
            found.append(
                {
                    "id": row["id"],
                    "label": row["label"],
                    "text": row["text"],
                    "description": row["description"],
                    "from": spans[part][0],
                    "to": spans[part][1],
                    "place": rounded(place),
                }
            )
    return found


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of the legs."""

    stops: list[ClaimId] = Field(
        min_length=2,
        max_length=7,
        description="The claims at each stop of the way, in order, in one unit.",
    )


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a leg: what it adds, and its share of the whole if the last figure is the full one."""
    rows: list[Row] = []
    first, last = options.stops[0], options.stops[-1]
    capped = voice.quantity(last).open == "low"
    unit = voice.quantity(first).unit
    stops = [claim_row(voice, name, "", unit) for name in options.stops]
    for number, (start, stop) in enumerate(itertools.pairwise(stops), 1):
        added = calculated(voice, f'claim("{stop["id"]}") - claim("{start["id"]}")', stop["unit"])
        share = calculated(
            voice,
            f'(stated("{stop["id"]}") - stated("{start["id"]}"))'
            f' / (stated("{last}") - stated("{first}"))',
            "%",
        )
        label = voice.language.word("chart.leg", first=start["label"], last=stop["label"])
        share_key = "chart.share_if_full" if capped else "chart.share_of_whole"
        share_text = voice.language.word(share_key, share=share.text(voice))
        rows.append(
            {
                "id": added.claim or f"leg-{number}",
                "label": label,
                **numbers(added.quantity),
                "unit": stop["unit"],
                "place": stop["place"],
                "product": stop["product"],
                "product_break": start["product"] != stop["product"],
                "as_of": stop["as_of"],
                "text": added.text(voice),
                "text_claim": added.claim,
                "share_text": share_text,
                "share_claim": share.claim,
                "description": voice.language.word(
                    "chart.sentence_leg",
                    label=label,
                    text=added.text(voice, "long"),
                    share=share_text,
                ),
            }
        )
    return rows


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word, unit = voice.language.word, voice.quantity(options.stops[0]).unit
    return {
        "axis": word("chart.added", unit=voice.language.unit_label(unit)),
        "product_break": word("chart.product_break"),
        "up_to": word("chart.up_to"),
        "at_least": word("chart.at_least"),
    }


def _misleads(options: Options, voice: Voice) -> list[str]:
    return [
        f'"{name}" is a range, and a leg is counted from one figure to the next'
        for name in options.stops
        if voice.quantity(name).value is None
    ]


FORM = Form(
    name="legs",
    options=Options,
    axis=lambda options: options.stops,
    rows=_rows,
    settings=lambda options, rows, voice: {},
    draw=draw,
    words=_words,
    ticks=lambda options, rows, voice: [],
    columns=(
        Column("figure.leg", "label"),
        Column("figure.added", "text"),
        Column("figure.share", "share_text"),
    ),
    published=("product_break", "text_claim", "share_text", "share_claim"),
    misleads=_misleads,
)
