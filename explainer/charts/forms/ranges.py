"""The ranges: low and high over time, one mark a claim at the time it is about.

Where there is room, time runs to the right and marks that would touch are moved apart, each still
tied to its date. Where there is none, time runs down, in rows as of `estimates`. Nothing is joined
by a line: these are statements by different people, and no series.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row
from explainer.charts.forms import placed as estimates
from explainer.charts.marks import (
    FADING,
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
    widest,
)
from explainer.charts.theme import SMALL, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId
from explainer.data.quantities import Quantity
from explainer.voice.voice import Voice

CAP = 7
"""How far the caps of a range reach to both sides of its middle, in px."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The ranges of these rows along their dates, or in rows where that would be too tight."""
    room = max(widest([row[key] for row in rows for key in ("low_text", "high_text")]), 30) + 8
    left = widest(options["ticks"], SMALL) + 14
    if size.width < WIDE.width or room * len(rows) > size.width - left:
        return estimates.draw(rows, options, words, size)
    sheet, grid = Sheet(), []
    sheet.words.append(Words(0, 14, words["axis"], MUTED))
    top, bottom = 58.0, 318.0
    values = estimates.ticks(rows)
    for value, text in zip(values, options["ticks"], strict=True):
        at = _up(value, values, top, bottom)
        grid.append(Line(left, at, size.width, at, INK if value == 0 else GRID))
        sheet.words.append(Words(left - 6, at + 4, text, MUTED, align="right"))
    years = range(int(rows[0]["at"]), int(rows[-1]["at"]) + 2)
    start, end = left + room / 2, size.width - room / 2
    per_year = (end - start) / max(len(years) - 1, 1)
    true = [start + (row["at"] - years[0]) * per_year for row in rows]
    places = _apart(true, room, start, end)
    # Of forty years, every second label would smear into the next.
    needed = (text_width("2000") + 6) / per_year if per_year else 1
    step = next((step for step in (1, 2, 5, 10, 20, 50) if step >= needed), 100)
    for year in years[:-1]:
        x = start + (year - years[0]) * per_year
        grid.append(Line(x, bottom, x, bottom + 5, MUTED))
        if (year - years[0]) % step == 0:
            middle = x + per_year / 2
            sheet.words.append(Words(middle, bottom + 34, str(year), MUTED, align="center"))
    for row, place, x in zip(rows, places, true, strict=True):
        # Each mark is tied to its date on the axis.
        sheet.lines.append(Line(place, bottom + 2, x, bottom + 16, MUTED))
        _figure(row, place, values, top, bottom, sheet)
    marks = _marks(rows, places, values, top, bottom)
    foot = estimates.open_ends_key(rows, words, size.width, bottom + 40, sheet)
    return themed(sheet.around(marks, lines(grid)), size, foot, placed=True)


def _up(value: float, values: Sequence[float], top: float, bottom: float) -> float:
    span = values[-1] - values[0] or 1
    return rounded(bottom - (value - values[0]) / span * (bottom - top))


def _apart(wanted: Sequence[float], room: float, start: float, end: float) -> list[float]:
    """Places in the same order, at least `room` apart, and near to those wanted."""
    places: list[float] = []
    for want in wanted:
        places.append(max(want, places[-1] + room if places else start))
    for index in range(len(places) - 1, -1, -1):
        limit = places[index + 1] - room if index + 1 < len(places) else end
        places[index] = min(places[index], limit)
    # What was pushed right only to be pushed back may now stand nearer to its date.
    for index, want in enumerate(wanted):
        least = places[index - 1] + room if index else start
        places[index] = max(least, min(places[index], max(want, least)))
    return [rounded(place) for place in places]


def _figure(
    row: Mapping[str, Any],
    x: float,
    values: Sequence[float],
    top: float,
    bottom: float,
    sheet: Sheet,
) -> None:
    """Writes the ends of a mark, the caps of a range, the sign of an open end."""
    low, high = estimates.ends(row)
    color = series(1 if row["calculation"] else 0)
    under, over = _up(low, values, top, bottom), _up(high, values, top, bottom)
    if row["open"] == "low":
        sheet.lines.append(
            Line(x, under + 5, x, min(under + FADING_LENGTH, bottom), color, 2, FADING)
        )
    elif row["open"] == "high":
        sheet.lines.append(Line(x, over - 5, x, over - FADING_LENGTH, color, 2, FADING))
        over -= FADING_LENGTH - 8
    elif low != high:
        sheet.lines += [Line(x - CAP, y, x + CAP, y, color, 2.5) for y in (under, over)]
        sheet.words.append(Words(x, under + 18, row["low_text"], align="center"))
    sheet.words.append(Words(x, over - 10, row["high_text"], bold=True, align="center"))


def _marks(
    rows: Sequence[Mapping[str, Any]],
    places: Sequence[float],
    values: Sequence[float],
    top: float,
    bottom: float,
) -> list[Any]:
    """The marks that carry the data, on the real scale, each with its sentence."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    scale = alt.Scale(domain=[values[0], values[-1]], range=[bottom, top], nice=False)
    layers = []
    for calculation in (False, True):
        for kind in ("range", "open", "value"):
            data = [
                {
                    "id": row["id"],
                    "place": place,
                    "text": row["text"],
                    "description": row["description"],
                    **(
                        {"low": row["low"], "high": row["high"]}
                        if kind == "range"
                        else {"value": estimates.ends(row)[0]}
                    ),
                }
                for row, place in zip(rows, places, strict=True)
                if row["calculation"] == calculation and estimates.mark_of(row) == kind
            ]
            if not data:
                continue
            color = series(1 if calculation else 0)
            fill = PAPER if calculation or kind == "open" else color
            look: dict[str, Any] = {"fill": fill, "stroke": color, "strokeWidth": 2}
            chart = alt.Chart(inline(data))
            encoding: dict[str, Any] = {
                "x": pixels("place"),
                "y": alt.Y("low:Q" if kind == "range" else "value:Q", scale=scale, axis=None),
                "description": alt.Description("description:N"),
                "tooltip": alt.Tooltip("description:N"),
            }
            if kind == "range":
                encoding["y2"] = "high"
                mark = chart.mark_bar(width=6, **look)
            else:
                mark = chart.mark_point(
                    shape="square" if calculation else "circle", size=100, **look
                )
            layers.append(mark.encode(**encoding))
    return layers


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of ranges."""

    claims: list[ClaimId] = Field(
        min_length=2, max_length=14, description="The claims, each with the time it is about."
    )
    unit: str = Field(
        default="", description="The unit of the axis; if left out, that of the first claim."
    )


def _as_estimates(options: Options) -> estimates.Options:
    return estimates.Options(claims=options.claims, unit=options.unit, sort="time")


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a claim, in order of time, with the time as a number of years."""
    rows = estimates.FORM.rows(_as_estimates(options), voice)
    for row in rows:
        row["at"] = when(row["as_of"])
        quantity = voice.quantity(row["id"])
        low, high = quantity.ends()[0], quantity.ends()[-1]
        for key, end in (("low_text", low), ("high_text", high)):
            row[key] = voice.language.quantity(
                Quantity(quantity.printed(end), quantity.printed(end), quantity.unit)
            )
        if low == high:
            # With its "about" or "up to".
            row["low_text"], row["high_text"] = "", voice.text(row["id"])
    return sorted(rows, key=lambda row: row["at"])


def when(as_of: str) -> float:
    """The middle of a date or span in years, such as 2014.5 for 2014; 0 where it has none."""
    middles = []
    for date in re.findall(r"\d{4}(?:-\d\d)?(?:-\d\d)?", as_of):
        parts = [int(part) for part in date.split("-")]
        if len(parts) == 1:
            middles.append(parts[0] + 0.5)
        else:
            day = parts[2] - 0.5 if len(parts) == 3 else 15
            middles.append(parts[0] + (parts[1] - 1 + day / 31) / 12)
    return round(math.fsum(middles) / len(middles), 3) if middles else 0.0


def _misleads(options: Options, voice: Voice) -> list[str]:
    reasons = estimates.FORM.misleads(_as_estimates(options), voice)
    for name in options.claims:
        if not when(voice.dataset.claims[name].as_of or ""):
            reasons.append(f'"{name}" has no date, and so no place on an axis of time')
    return reasons


FORM = Form(
    name="ranges",
    options=Options,
    axis=lambda options: options.claims,
    rows=_rows,
    settings=lambda options, rows, voice: estimates.FORM.settings(
        _as_estimates(options), rows, voice
    ),
    draw=draw,
    words=lambda options, rows, voice: estimates.FORM.words(_as_estimates(options), rows, voice),
    ticks=lambda options, rows, voice: [
        *estimates.FORM.ticks(_as_estimates(options), rows, voice),
        *(str(year) for year in range(int(rows[0]["at"]), int(rows[-1]["at"]) + 1)),
    ],
    columns=(
        Column("figure.as_of", "as_of"),
        Column("figure.said_by", "said_by"),
        Column("figure.value", "text"),
    ),
    published=("calculation", "said_by", "what", "remark", "low_text", "high_text"),
    misleads=_misleads,
)
