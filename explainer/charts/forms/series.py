"""The series: numbers over the years as lines, and the spread of the others as a band.

A year without a number is a gap in the line. The band runs from the lowest to the highest of the
values it stands for, and their mean, which is a calculation of ours and unweighted, is a line in
it. All of this is worked out at build: the page carries only what is drawn.
"""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row, axis_text, claim_row, unfit
from explainer.charts.marks import (
    GRID,
    INK,
    MUTED,
    PAPER,
    Line,
    Sheet,
    Words,
    inline,
    lines,
    round_step,
    rounded,
    text_width,
    widest,
    wrapped,
)
from explainer.charts.tables import Table, chosen, number, table
from explainer.charts.theme import SMALL, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId, Entry, SeriesId, Text
from explainer.voice.voice import Voice

MOST_LINES = 3


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The lines of these rows over the years, each named at its end."""
    wide = size.width >= WIDE.width
    names = list(dict.fromkeys(row["line"] for row in rows if row["kind"] != "note"))
    years = sorted({row["year"] for row in rows})
    room = 150 if wide else 0
    left = widest(options["ticks"], SMALL) + 10
    right = size.width - (room or 18)
    sheet = Sheet()
    sheet.words.append(Words(0, 14, words["axis"], MUTED))
    top: float = 30
    if not wide:
        # Where there is no room at their ends, the lines are named above them.
        for name in names:
            color = _color(rows, name)
            sheet.lines.append(Line(0, top + 9, 22, top + 9, color, 3))
            text = wrapped(name, size.width - 30)
            sheet.words.append(Words(30, top + 14, text, color, bold=True))
            top += 18 * len(text)
        top += 6
    remarks = [(mark["at"], wrapped(mark["text"], 130)) for mark in options["breaks"]]
    top += 16 * max((len(text) for _, text in remarks), default=0)
    bottom = top + (270 if wide else 210)
    highest = max(options["values"])
    x = _Scale(years[0], years[-1], left + 4, right)
    y = _Scale(0, highest, bottom, top + 8)

    grid = []
    for value, text in zip(options["values"], options["ticks"], strict=True):
        at = y.at(value)
        grid.append(Line(left, at, right, at, INK if value == 0 else GRID))
        sheet.words.append(Words(left - 6, at + 4, text, MUTED, align="right"))
    last = -1000.0
    for year in _marked_years(years):
        at = x.at(year)
        if at - last >= text_width(str(year)) + 12:
            sheet.words.append(Words(at, bottom + 18, str(year), MUTED, align="center"))
            last = at
    for year, text in remarks:
        at = x.at(year)
        sheet.lines.append(Line(at, top - 4, at, bottom, MUTED, 1, (4, 3)))
        high = top - 10 - 16 * (len(text) - 1)
        edge = max(at - widest(text) / 2, 0)
        sheet.words.append(Words(min(edge, size.width - widest(text)), high, text, MUTED))
    _notes(rows, x, y, sheet, size.width)
    if wide:
        _name_at_ends(rows, names, right + 8, room - 8, y, (top, bottom), sheet)
    foot = bottom + 26
    for row in rows[:1]:
        if row["kind"] == "band":
            soft = row["color"].replace(")", "-soft)")
            sheet.lines.append(Line(0, foot + 9, 22, foot + 9, soft, 14))
            text = wrapped(words["band"], size.width - 30)
            sheet.words.append(Words(30, foot + 14, text, MUTED))
            foot += 16 * len(text) + 8
    chart = sheet.around(_marks(rows, x, y), lines(grid))
    return themed(chart, size, foot, placed=True)


class _Scale:
    """A linear axis: two values, and where they stand in px."""

    def __init__(self, low: float, high: float, start: float, end: float):
        self.low, self.high, self.start, self.end = low, high or 1, start, end

    def at(self, value: float) -> float:
        span = (self.high - self.low) or 1
        return self.start + (value - self.low) / span * (self.end - self.start)

    def scale(self) -> Any:
        import altair as alt  # only where something must be drawn: it costs a third of a second

        high = self.high if self.high != self.low else self.low + 1
        return alt.Scale(
            domain=[self.low, high], range=[rounded(self.start), rounded(self.end)], nice=False
        )


def _color(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    return str(next(row["color"] for row in rows if row["line"] == name))


def _marked_years(years: Sequence[int]) -> list[int]:
    """The first and last year, and round ones between them that keep clear of both."""
    span = years[-1] - years[0]
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if span / s <= 8), 100)
    between = [year for year in range(years[0], years[-1]) if year % step == 0]
    kept = [y for y in between if y - years[0] >= step * 0.7 and years[-1] - y >= step * 0.7]
    return list(dict.fromkeys([years[0], *kept, years[-1]]))


def _marks(rows: list[dict[str, Any]], x: _Scale, y: _Scale) -> list[Any]:
    """Bands, lines, and a point for each number, which says it to those who point at it."""
    import altair as alt

    layers: list[Any] = []
    across: dict[str, Any] = {"x": alt.X("year:Q", scale=x.scale(), axis=None)}

    def up(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=y.scale(), axis=None)

    for kind in ("band", "line"):
        for _, group in itertools.groupby(
            (row for row in rows if row["kind"] == kind), key=lambda row: row["line"]
        ):
            found = list(group)
            color = found[0]["color"]
            drawn = [_drawn(row) for row in found]
            runs = {row["run"] for row in found}
            detail = {"detail": "run:N"} if len(runs) > 1 else {}
            if kind == "band":
                soft = color.replace(")", "-soft)")
                layers.append(
                    alt.Chart(inline(drawn))
                    .mark_area(color=soft, aria=False)
                    .encode(**across, y=up("low"), y2=alt.Y2("high"), **detail)
                )
            if any(row["value"] is not None for row in found):
                layers.append(
                    alt.Chart(inline(drawn))
                    .mark_line(color=color, strokeWidth=2.5, aria=False)
                    .encode(**across, y=up("value"), **detail)
                )
    spoken = [
        ((row["line"], row["run"]), {**_drawn(row), "top": _top(row)})
        for row in rows
        if row["kind"] != "note"
    ]
    alone = _alone(rows)
    for single in (False, True):
        data = [said for key, said in spoken if (key in alone) is single]
        if not data:
            continue
        # A number between two gaps is a dot; the others are felt for along the line.
        points = alt.Chart(inline(data)).mark_point(
            opacity=1 if single else 0, size=60, filled=True, color="var(--chart-ink)"
        )
        layers.append(
            points.encode(
                **across,
                y=up("top"),
                description=alt.Description("description:N"),
                tooltip=alt.Tooltip("description:N"),
            )
        )
    notes = [_drawn(row) | {"id": row["id"]} for row in rows if row["kind"] == "note"]
    if notes:
        layers.append(
            alt.Chart(inline(notes))
            .mark_point(shape="diamond", size=90, stroke=INK, fill=PAPER, strokeWidth=2)
            .encode(
                **across,
                y=up("value"),
                description=alt.Description("description:N"),
                tooltip=alt.Tooltip("description:N"),
            )
        )
    return layers


def _top(row: Mapping[str, Any]) -> float:
    """Where a row stands: at its number, or at the upper end of a band without a mean."""
    return float(row["value"] if row["value"] is not None else row["high"])


def _alone(rows: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """The runs of one number, between two gaps, of which no line can be drawn."""
    runs = Counter((row["line"], row["run"]) for row in rows if row["kind"] != "note")
    return {run for run, length in runs.items() if length == 1}


def _drawn(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("year", "value", "low", "high", "text", "run", "description")
    return {key: row[key] for key in keys if row.get(key) is not None}


def _notes(
    rows: Sequence[Mapping[str, Any]], x: _Scale, y: _Scale, sheet: Sheet, width: float
) -> None:
    """Writes what a claim says beside its mark."""
    for row in rows:
        if row["kind"] == "note":
            at, high = x.at(row["year"]), y.at(row["value"])
            text = wrapped(f"{row['label']}: {row['text']}", 150)
            left = at + 10 if at + 10 + widest(text) <= width else at - 10 - widest(text)
            sheet.words.append(Words(left, high - 8 - 16 * (len(text) - 1), text))


def _name_at_ends(
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    left: float,
    room: float,
    y: _Scale,
    within: tuple[float, float],
    sheet: Sheet,
) -> None:
    """Names each line at its end with its last number, moved apart where they would touch."""
    labels = []
    for name in names:
        own = [row for row in rows if row["line"] == name]
        last = own[-1]
        head = wrapped(name, room, bold=True)
        tail = wrapped(f"{last['text']}, {last['year']}", room)
        labels.append((y.at(_top(last)), head, tail, own[0]["color"]))
    labels.sort(key=lambda label: label[0])
    edge = within[0] + 4
    placed = []
    for at, head, tail, color in labels:
        height = 16 * (len(head) + len(tail))
        begin = max(at - 10, edge)
        placed.append([begin, head, tail, color])
        edge = begin + height + 8
    over = edge - 8 - within[1] - 16
    for entry in reversed(placed):
        if over <= 0:
            break
        entry[0] -= over
    for begin, head, tail, color in placed:
        sheet.words.append(Words(left, begin + 12, head, color, bold=True))
        sheet.words.append(Words(left, begin + 12 + 16 * len(head), tail))


# The data half: which rows the options ask for, and what the form is told beside them


class Break(Entry):
    """A year from which numbers were gathered in another way."""

    at: int = Field(description="The year.")
    text: Text = Field(description="What changed then, in a few words.")


class Options(FormOptions):
    """Options of a series."""

    series: SeriesId = Field(description="The series that is drawn.")
    x: str = Field(description="The column of years.")
    y: str = Field(description="The column of numbers.")
    by: str = Field(default="", description="The column that tells the lines apart.")
    lines: list[str] = Field(
        default=[],
        max_length=MOST_LINES,
        description="The cells of that column that have a line; with no band, all may be left out.",
    )
    band: Literal["", "rest", "all"] = Field(
        default="",
        description="A band from the lowest to the highest of the others (rest), or of all.",
    )
    band_label: Text | None = Field(default=None, description="What the band is called.")
    mean: bool = Field(
        default=False,
        description="Whether the band has a line through its mean, which is worked out at build.",
    )
    where: dict[str, str] = Field(
        default={}, description="By column, the cell that a row has to have to be drawn."
    )
    unit: str = Field(
        default="", description="The unit of the axis, where it is not the series' own."
    )
    breaks: list[Break] = Field(
        default=[],
        description="Years from which numbers were gathered in another way, marked by a rule.",
    )
    notes: list[ClaimId] = Field(
        default=[],
        max_length=6,
        description="Claims to be marked in the chart at the time they are about.",
    )


def _table(options: Options, voice: Voice) -> Table:
    found = table(
        voice, options.series, options.x, options.y, (options.by,), options.where, options.unit
    )
    if not options.by and (options.lines or options.band):
        option = "lines" if options.lines else "band"
        raise unfit(option, f"{option} without by", "by: names the column of the lines")
    return found


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row for each number drawn, by line and year; of a band its two ends and its mean."""
    found = _table(options, voice)
    own: dict[str, dict[int, Fraction]] = {}
    others: dict[int, list[Fraction]] = {}
    drawn = chosen("lines", list(options.lines), options.by, found) if options.by else [""]
    if options.by and not options.lines and not options.band:
        drawn = list(dict.fromkeys(cell.words[options.by] for cell in found.cells))
    most = MOST_LINES - bool(options.band)
    if len(drawn) > most:
        raise unfit(
            "lines" if options.lines else "by",
            f"{len(drawn)} lines cannot be told apart; {most} are the most here",
            "name some in lines:, and show the others as band: rest",
        )
    for cell in found.cells:
        value = cell.words.get(options.by, "")
        if value in drawn:
            own.setdefault(value, {})[cell.year] = cell.number
        if options.band == "all" or (options.band == "rest" and value not in drawn):
            others.setdefault(cell.year, []).append(cell.number)
    rows: list[Row] = []
    if others:
        label = voice.said(voice.local(options.band_label))
        label = label or voice.language.word(f"chart.band_{options.band}")
        rows += _band_rows(others, label, options.mean, found)
    what = voice.said(voice.local(found.series.what))
    for index, value in enumerate(drawn, bool(others)):
        label = found.word(options.by, value) if options.by else what[:1].upper() + what[1:]
        rows += _line_rows(own[value], label, series(index), found)
    return [*rows, *(_note_row(voice, claim, found, rows) for claim in options.notes)]


def _band_rows(
    values: Mapping[int, list[Fraction]], label: str, mean: bool, found: Table
) -> list[Row]:
    rows = []
    word = found.voice.language.word
    for year, run in _runs(values):
        low, high = min(values[year]), max(values[year])
        middle = found.mean(values[year])
        span = found.text(low, high, "long")
        said = word("chart.band_sentence", span=span)
        text = found.text(low, high)
        if mean:
            text = found.text(middle)
            average = found.text(middle, form="long")
            said = word("chart.band_mean_sentence", span=span, mean=average)
        rows.append(
            {
                "line": label,
                "group": label,
                "year": year,
                "value": number(middle) if mean else None,
                "low": number(low),
                "high": number(high),
                "count": len(values[year]),
                "unit": found.unit.symbol,
                "text": text,
                "span": found.text(low, high),
                "description": f"{label}, {year}: {said}.",
                "kind": "band",
                "color": series(0),
                "run": run,
            }
        )
    return rows


def _line_rows(values: Mapping[int, Fraction], label: str, color: str, found: Table) -> list[Row]:
    return [
        {
            "line": label,
            "group": label,
            "year": year,
            "value": number(values[year]),
            "low": None,
            "high": None,
            "count": None,
            "unit": found.unit.symbol,
            "text": found.text(values[year]),
            "span": "",
            "description": f"{label}, {year}: {found.text(values[year], form='long')}.",
            "kind": "line",
            "color": color,
            "run": run,
        }
        for year, run in _runs(values)
    ]


def _note_row(voice: Voice, name: str, found: Table, rows: Sequence[Row]) -> Row:
    claim = voice.dataset.claims[name]
    row = claim_row(voice, name, unit=found.unit)
    year = int((claim.as_of or "")[:4]) if (claim.as_of or "")[:4].isdigit() else None
    years = [row["year"] for row in rows]
    if year is None or not min(years) <= year <= max(years):
        raise unfit(
            "notes",
            f'"{name}" has no year on the axis',
            "a note stands at the year of its claim's as_of",
            needle=name,
        )
    value = row["value"] if row["value"] is not None else row["high"]
    return {
        **row,
        "line": row["label"],
        "group": row["label"],
        "year": year,
        "value": value,
        "span": "",
        "kind": "note",
        "color": INK,
        "run": 0,
    }


def _runs(values: Mapping[int, Any]) -> list[tuple[int, int]]:
    """Each year in order with the number of its run: a new one begins behind each gap.

    How far apart years may be without a gap is what most of them are apart.
    """
    years = sorted(values)
    steps = [later - year for year, later in itertools.pairwise(years)]
    usual = max(set(steps), key=steps.count) if steps else 1
    run, found = 0, []
    for index, year in enumerate(years):
        run += index > 0 and year - years[index - 1] > usual
        found.append((year, run))
    return found


def _values(rows: Sequence[Row]) -> list[float]:
    """Round values for the axis, from zero to above the highest number."""
    highest = max(row[key] for row in rows for key in ("value", "high") if row[key] is not None)
    step = round_step(highest / 5) if highest else 1
    values = [0.0]
    while values[-1] < highest:
        values.append(round(values[-1] + step, 10))
    return [int(value) if value == int(value) else value for value in values]


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    unit = _table(options, voice).unit
    if not unit.currency and unit.over != ("%",):
        unit = voice.dataset.units.unit("1")
    return [axis_text(voice, value, unit) for value in _values(rows)]


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    return {
        "values": _values(rows),
        "ticks": _tick_texts(options, rows, voice),
        "breaks": [
            {"at": mark.at, "text": voice.said(voice.local(mark.text))} for mark in options.breaks
        ],
    }


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    label = voice.language.unit_label(_table(options, voice).unit)
    return {
        "axis": label[:1].upper() + label[1:],
        "band": voice.language.word("chart.band_key_mean" if options.mean else "chart.band_key"),
    }


def _shown(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    """Texts with digits that belong to the axes: ticks and years."""
    years = sorted({row["year"] for row in rows})
    # The axis may mark a year of which there is no number.
    marked = dict.fromkeys([*years, *_marked_years(years)])
    return [*_tick_texts(options, rows, voice), *map(str, marked)]


def _told(options: Options, rows: list[Row], voice: Voice) -> list[tuple[str, list[str]]]:
    """Each line by its first and last, its highest and lowest number, where it has many."""
    if len(rows) <= 12:
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["line"], []).append(row["description"])
        return list(found.items())
    told = []
    for name, group in itertools.groupby(rows, key=lambda row: row["line"]):
        own = list(group)
        sentences = [own[0]["description"]]
        if len(own) > 1:
            sentences.append(own[-1]["description"])
        if len(own) > 2:
            for key, word in ((max, "chart.highest"), (min, "chart.lowest")):
                row = key(
                    own, key=lambda row: row["value"] if row["value"] is not None else row["high"]
                )
                sentences.append(voice.language.word(word, text=row["text"], year=str(row["year"])))
        told.append((name, sentences))
    return told


def _misleads(options: Options, voice: Voice) -> list[str]:
    found = _table(options, voice)
    reasons = []
    if any(cell.number < 0 for cell in found.cells):
        reasons.append("numbers below zero have no place on an axis that starts at zero")
    for name in options.notes:
        if voice.quantity(name).unit.dimensions != found.unit.dimensions:
            reasons.append(f'"{name}" is not in the unit of the axis')
    products = {voice.dataset.claims[name].product for name in options.notes}
    if options.notes and found.unit.currency and products != {found.series.product}:
        reasons.append("prices of different products would share an axis")
    return reasons


FORM = Form(
    name="series",
    options=Options,
    axis=lambda options: options.notes,
    rows=_rows,
    settings=_settings,
    draw=draw,
    words=_words,
    ticks=_shown,
    columns=(
        Column("figure.line", "line"),
        Column("figure.year", "year"),
        Column("figure.value", "text"),
        Column("figure.span", "span"),
    ),
    published=("line", "year", "count", "span"),
    misleads=_misleads,
    told=_told,
)
