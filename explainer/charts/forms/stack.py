"""The stack: the parts of a whole by year, one bar a year, in as many panels as there are wholes.

All panels share one scale, which starts at zero, so that a bar of one can be compared with a bar of
another. A part that was not reported is not drawn, and the text version says which.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row, axis_text, unfit
from explainer.charts.marks import (
    GRID,
    INK,
    MUTED,
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
from explainer.charts.tables import Table, chosen, number, table
from explainer.charts.theme import SMALL, WIDE, Size, series, themed
from explainer.data.kinds import SeriesId
from explainer.voice.voice import Voice

MOST_PARTS = 3


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The bars of these rows, panel by panel: beside each other when wide, else below."""
    wide = size.width >= WIDE.width
    panels = list(dict.fromkeys(row["panel"] for row in rows))
    parts = {row["part"]: row["color"] for row in rows}
    years = sorted({row["year"] for row in rows})
    sheet, grid = Sheet(), []
    sheet.words.append(Words(0, 14, words["axis"], MUTED))
    top = _key(parts, size.width, 38.0, sheet) + 14
    left = widest(options["ticks"], SMALL) + 10
    across = len(panels) if wide else 1
    gap = 24
    width = (size.width - left - gap * (across - 1)) / across
    height = 210 if wide else 150
    marks: list[Any] = []
    first = foot = 0.0
    for index, panel in enumerate(panels):
        begin = left + (index % across) * (width + gap)
        over = top + (index // across) * (height + 74)
        if panel:
            sheet.words.append(Words(begin, over + 8, panel, bold=True))
            over += 22
        bottom = over + height
        first = first or bottom
        for value, text in zip(options["values"], options["ticks"], strict=True):
            at = _up(value, options["values"], bottom, height)
            grid.append(Line(begin, at, begin + width, at, INK if value == 0 else GRID))
            if begin == left:
                sheet.words.append(Words(left - 6, at + 4, text, MUTED, align="right"))
        step = width / len(years)
        shown = max(1, round((text_width("2000") + 10) / step + 0.49))
        for place, year in enumerate(years):
            if place % shown == (len(years) - 1) % shown:
                at = begin + step * (place + 0.5)
                sheet.words.append(Words(at, bottom + 18, str(year), MUTED, align="center"))
        own = [row for row in rows if row["panel"] == panel]
        marks += _bars(own, years, begin, step, options["values"], (first, bottom), height)
        foot = bottom + 26
    return themed(sheet.around(marks, lines(grid)), size, foot, placed=True)


def _key(parts: Mapping[str, str], width: float, y: float, sheet: Sheet) -> float:
    """Names the parts in a line, from the axis up; the px of the last line."""
    x = 0.0
    for name, color in parts.items():
        room = 24 + text_width(name, SMALL, bold=True) + 18
        if x and x + room > width:
            x, y = 0.0, y + 18
        sheet.lines.append(Line(x, y - 5, x + 14, y - 5, color, 12))
        sheet.words.append(Words(x + 20, y, wrapped(name, width - 24, bold=True), INK, bold=True))
        x += room
    return y


def _up(value: float, values: Sequence[float], bottom: float, height: float) -> float:
    return rounded(bottom - value / (max(values) or 1) * height)


def _bars(
    rows: Sequence[Mapping[str, Any]],
    years: Sequence[int],
    begin: float,
    step: float,
    values: Sequence[float],
    bottoms: tuple[float, float],
    height: float,
) -> list[Any]:
    """The bars of a panel, on the scale of the first panel, each part with its sentence.

    `bottoms` is where the first panel ends and where this one does: panels share one scale.
    """
    import altair as alt  # only where something must be drawn: it costs a third of a second

    scale = alt.Scale(
        domain=[0, max(values)],
        range=[rounded(bottoms[0]), rounded(bottoms[0] - height)],
        nice=False,
    )
    down = rounded(bottoms[1] - bottoms[0])
    shift: dict[str, Any] = {"yOffset": down, "y2Offset": down} if down else {}
    layers = []
    for color in dict.fromkeys(row["color"] for row in rows):
        data = [
            {
                "place": rounded(begin + step * (years.index(row["year"]) + 0.5)),
                "year": row["year"],
                "part": row["part"],
                "value": row["value"],
                "text": row["text"],
                "from": row["from"],
                "to": row["to"],
                "description": row["description"],
            }
            for row in rows
            if row["color"] == color
        ]
        layers.append(
            alt.Chart(inline(data))
            .mark_bar(width=rounded(min(step * 0.72, 48)), color=color, **shift)
            .encode(
                x=pixels("place"),
                y=alt.Y("from:Q", scale=scale, axis=None),
                y2=alt.Y2("to"),
                description=alt.Description("description:N"),
                tooltip=alt.Tooltip("description:N"),
            )
        )
    return layers


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of a stack."""

    series: SeriesId = Field(description="The series that is drawn.")
    x: str = Field(description="The column of years.")
    y: str = Field(description="The column of numbers.")
    by: str = Field(description="The column that tells the parts apart.")
    parts: list[str] = Field(
        default=[],
        max_length=MOST_PARTS,
        description=(
            "The cells of that column in the order in which they are stacked; if left out, all "
            "of them."
        ),
    )
    rest: bool = Field(
        default=False, description="Whether what is left is stacked as one more part."
    )
    across: str = Field(default="", description="The column that tells the panels apart.")
    panels: list[str] = Field(
        default=[],
        max_length=4,
        description="The cells of that column that have a panel; if left out, all of them.",
    )
    where: dict[str, str] = Field(
        default={}, description="By column, the cell that a row has to have to be drawn."
    )
    unit: str = Field(
        default="", description="The unit of the axis, where it is not the series' own."
    )


def _table(options: Options, voice: Voice) -> Table:
    by = (options.by, options.across)
    return table(voice, options.series, options.x, options.y, by, options.where, options.unit)


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row for each part of each bar: panel by panel, year by year, from the axis up."""
    found = _table(options, voice)
    known = list(dict.fromkeys(cell.words[options.by] for cell in found.cells))
    parts = chosen("parts", list(options.parts), options.by, found) or known
    others = [part for part in known if part not in parts]
    if others and not options.rest:
        raise unfit(
            "parts",
            f'a bar would leave out {len(others)} of the column "{options.by}", as "{others[0]}"',
            "name every part, choose rows with where:, or add rest: true",
        )
    if len(parts) + bool(others) > MOST_PARTS:
        raise unfit(
            "parts" if options.parts else "by",
            f"{len(parts) + bool(others)} parts cannot be told apart; {MOST_PARTS} are the most",
            "name the important ones in parts:, and add rest: true",
        )
    panels = [""]
    if options.across:
        panels = chosen("panels", list(options.panels), options.across, found)
        panels = panels or list(dict.fromkeys(cell.words[options.across] for cell in found.cells))
    rows: list[Row] = []
    for panel in panels:
        own = [cell for cell in found.cells if cell.words.get(options.across, "") == panel]
        label = found.word(options.across, panel) if panel else ""
        for year in sorted({cell.year for cell in own}):
            rows += _bar(
                {cell.words[options.by]: cell.number for cell in own if cell.year == year},
                parts,
                options.by,
                label,
                year,
                found,
            )
    return rows


def _bar(
    numbers: Mapping[str, Fraction],
    parts: Sequence[str],
    by: str,
    panel: str,
    year: int,
    found: Table,
) -> list[Row]:
    """The rows of one bar, from the axis up."""
    rest = sum((value for part, value in numbers.items() if part not in parts), Fraction(0))
    stacked = [
        (found.word(by, part), numbers[part], series(index))
        for index, part in enumerate(parts)
        if part in numbers
    ]
    if any(part not in parts for part in numbers):
        stacked.append((found.voice.language.word("chart.other"), rest, series(len(parts))))
    rows, base = [], Fraction(0)
    for name, value, color in stacked:
        text = found.text(value, form="long")
        place = f"{panel}, {year}" if panel else str(year)
        rows.append(
            {
                "panel": panel,
                "group": panel,
                "year": year,
                "part": name,
                "value": number(value),
                "from": number(base),
                "to": number(base + value),
                "unit": found.unit.symbol,
                "text": text,
                "description": f"{place}, {name}: {text}.",
                "color": color,
            }
        )
        base += value
    return rows


def _values(rows: Sequence[Row]) -> list[float]:
    """Round values for the axis, from zero to above the highest bar."""
    highest = max(row["to"] for row in rows)
    step = round_step(highest / 4) if highest else 1
    values = [0.0]
    while values[-1] < highest:
        values.append(round(values[-1] + step, 10))
    return [int(value) if value == int(value) else value for value in values]


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    unit = _table(options, voice).unit
    if not unit.currency and unit.over != ("%",):
        # The title of the axis names the unit.
        unit = voice.dataset.units.unit("1")
    return [axis_text(voice, value, unit) for value in _values(rows)]


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    label = voice.language.unit_label(_table(options, voice).unit)
    return {"axis": label[:1].upper() + label[1:]}


def _misleads(options: Options, voice: Voice) -> list[str]:
    found = _table(options, voice)
    if any(cell.number < 0 for cell in found.cells):
        return ["a part below zero cannot be stacked"]
    if found.unit.over == ("%",) or (found.unit.currency and found.unit.under):
        return [f"parts in {found.unit.symbol} do not add up to a whole"]
    return []


FORM = Form(
    name="stack",
    options=Options,
    axis=lambda options: [],
    rows=_rows,
    settings=lambda options, rows, voice: {
        "values": _values(rows),
        "ticks": _tick_texts(options, rows, voice),
    },
    draw=draw,
    words=_words,
    ticks=lambda options, rows, voice: [
        *_tick_texts(options, rows, voice),
        *(str(row["year"]) for row in rows),
    ],
    columns=(
        Column("figure.panel", "panel"),
        Column("figure.year", "year"),
        Column("figure.part", "part"),
        Column("figure.value", "text"),
    ),
    published=("panel", "year", "part"),
    misleads=_misleads,
)
