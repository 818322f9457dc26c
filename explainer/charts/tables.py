"""Series of the data file as the cells that charts draw: read by column, checked, in one unit."""

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema

from explainer.charts import days, plot
from explainer.charts.form import FormOptions, Row, unfit
from explainer.data.claims import FIRST, LAST, Numbers, Series
from explainer.data.kinds import SeriesId, optional, required
from explainer.data.quantities import Quantity, Unit, decimals
from explainer.problems import Fault, Rule, ToldAtItsPlace, choices, did_you_mean
from explainer.voice.voice import Voice

Cells = Annotated[
    list[str],
    BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""A cell, or a list of them."""

Where = Annotated[
    dict[str, Cells],
    Field(description="By column, the cell that a row has to have to be drawn, or a list of them."),
]


class YearOptions(FormOptions):
    """Options of forms that draw the numbers of a series by year."""

    series: SeriesId = required("The series that is drawn.")
    x: str = optional("The column of years; if left out, the series' column of times.", default="")
    y: str = optional("The column of numbers, where the series has more than one.", default="")
    where: Where = Field(default={})
    unit: str = optional("The unit of the axis, where it is not the series' own.", default="")

    def table(self, voice: Voice, *by: str) -> "Table":
        """The numbers that they ask for, told apart by these columns. Raises `Fault`."""
        return table(voice, self.series, self.x, self.y, by, self.where, self.unit)


class Cell(NamedTuple):
    """A number of a series: where on x it stands, and the words of its row by column."""

    x: Any
    number: Fraction
    words: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The cells of a series that a chart asks for."""

    name: str
    series: Series
    x: str
    """The column that stands on x."""
    about: Numbers
    """What its column of numbers holds."""
    cells: list[Cell]
    unit: Unit
    voice: Voice
    every: int = 0
    """How many rows there were to draw before they were thinned."""

    def head(self, column: str) -> str:
        """What readers call a column."""
        return self.voice.said(self.voice.local(self.series.heads.get(column))) or column

    def word(self, column: str, value: str) -> str:
        """What readers call a value of a column."""
        text = self.series.labels.get(column, {}).get(value)
        return self.voice.said(self.voice.local(text)) or value

    def words(self, column: str) -> list[str]:
        """The values of a column in order of appearance."""
        return list(dict.fromkeys(cell.words[column] for cell in self.cells))

    def chosen(self, option: str, values: list[str], column: str) -> list[str]:
        """The values of a column that an option names, or all. Raises `Fault` for an unknown."""
        _in_column(option, values, column, self.words(column))
        return values or self.words(column)

    def text(self, low: Fraction, high: Fraction | None = None, form: str = "") -> str:
        """A number of the series, or the span between two, as it is printed."""
        return self.voice.language.quantity(Quantity(low, high or low, self.unit), form)

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        """The mean of some numbers, as precise as they are: whole where that is three digits."""
        exact = sum(values, Fraction(0)) / len(values)
        places = max(min(decimals(value), 6) for value in values)
        while places and abs(exact) * 10 ** (places - 1) >= 10:
            places -= 1
        return rounded_to(exact, places)


def table(
    voice: Voice,
    name: str,
    x: str,
    y: str,
    by: tuple[str, ...],
    where: Mapping[str, Sequence[str]],
    unit: str = "",
    years: bool = True,
    most: int = 0,
) -> Table:
    """The rows of a series whose columns have the values of `where`, by the columns `x`, `y`, `by`.

    Without `x` it is the column of times, without `y` the only one of numbers. An empty cell of `y`
    is a gap. With `years`, all that stands on x has to be one; of more rows than `most`, where that
    is not 0, those are left that a line shows. Raises `Fault` where a column is missing, a year is
    no whole number, or two rows have one place in the chart.
    """
    series = voice.dataset.series[name]
    x, y, by = x_of(series, x, name), y_of(series, y, name), tuple(filter(None, by))
    for option, columns in (("x", [x]), ("y", [y]), ("by", by), ("where", where)):
        for column in columns:
            if column not in series.columns:
                hint = did_you_mean(column, series.columns) or f"columns: {choices(series.columns)}"
                raise unfit(option, f'"{name}" has no column "{column}"', hint, needle=column)
    about = series.about(y)
    own = series.unit_of(y, voice.dataset.units)
    wanted = voice.dataset.units.unit(unit) if unit else own
    if wanted.dimensions != own.dimensions:
        raise unfit("unit", f'"{unit}" does not measure what "{name}" counts in {about.unit}')
    for column, values in where.items():
        _in_column("where", values, column, [str(cell) for cell in series.cells(column)])
    picked = list(_picked(series, name, x, y, by, where, years))
    if not picked:
        raise unfit("where", f'no row of "{name}" is left to draw', "ask for other values")
    every, ratio = len(picked), own.factor / wanted.factor
    if most and every > most:
        picked = thinned(picked)
    cells = [Cell(at, Fraction(str(value)) * ratio, words) for at, value, words in picked]
    if years:
        cells.sort(key=lambda cell: cell.x)
    return Table(name, series, x, about, cells, wanted, voice, every)


Picked = tuple[Any, float, dict[str, str]]
"""Of a row what stands on x, the number as it is written, and the words that tell it apart."""


def _picked(
    series: Series,
    name: str,
    x: str,
    y: str,
    by: Sequence[str],
    where: Mapping[str, Sequence[str]],
    years: bool,
) -> Iterator[Picked]:
    """The rows that a chart asks for. Raises `Fault`."""
    rows = [
        dict(zip(series.columns, row, strict=True))
        for row in series.rows
        if len(row) == len(series.columns)
    ]
    seen: set[tuple[Any, ...]] = set()
    # Where every time is the first day of a year or a month, that is what is meant.
    times = {str(row[x]) for row in rows}
    cut = next((end for end in ("-01-01", "-01") if _all_end(times, end)), "")
    for row in rows:
        time, number = row[x], row[y]
        if any(str(row[column]) not in values for column, values in where.items()):
            continue
        if cut:
            time = str(time).removesuffix(cut)
            time = int(time) if len(time) == 4 else time
        if number in (None, "") or (not years and time in (None, "")):
            continue
        if years and not _is_year(time):
            raise _no_year(time, name)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ToldAtItsPlace(Rule.BAD_VALUE, f'"{number}" in "{name}" is no number')
        words = {column: str(row[column]) for column in by}
        place = (time, *words.values())
        if place in seen:
            listed = ", ".join(str(part) for part in place)
            hint = "choose among them with where:, or name the column that tells them apart"
            raise unfit("series", f'"{name}" has two rows for {listed}', hint)
        seen.add(place)
        yield time, number, words


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and FIRST <= value <= LAST


def _no_year(time: Any, name: str) -> Fault:
    hint = f"a year is a whole number from {FIRST} to {LAST}"
    if str(time).isdigit() and len(str(time)) == 4:
        hint = "take the quotes away"
    if days.WHEN.fullmatch(str(time)) and "-" in str(time):
        hint = "this form draws years; form: line draws months and days"
    return unfit("x", f'"{time}" in "{name}" is no year', hint)


def _all_end(times: Collection[str], end: str) -> bool:
    """Whether these are several days that all end so."""
    return len(times) > 1 and all(len(time) == 10 and time.endswith(end) for time in times)


SPANS = 350
"""Into how many spans of time a line over very many rows is cut: one for about two pixels."""


def thinned(picked: Sequence[Picked]) -> list[Picked]:
    """Of rows, those that a line over so many of them shows, in the order of time: of each line the
    first and the last, and of each of its spans of time the lowest and the highest.
    """
    lines: dict[tuple[str, ...], list[Picked]] = {}
    for row in picked:
        lines.setdefault(tuple(row[2].values()), []).append(row)
    found: list[Picked] = []
    for rows in lines.values():
        rows.sort(key=lambda row: str(row[0]))
        times = [days.count(days.first(str(row[0]))) for row in rows]
        start, whole = times[0], times[-1] - times[0] + 1
        spans: dict[int, list[int]] = {}
        for at, time in enumerate(times):
            spans.setdefault((time - start) * SPANS // whole, []).append(at)
        numbers = [row[1] for row in rows]
        kept = {0, len(rows) - 1}
        for span in spans.values():
            kept |= {pick(span, key=numbers.__getitem__) for pick in (min, max)}
        found += [rows[at] for at in sorted(kept)]
    return found


def x_of(series: Series, column: str, name: str) -> str:
    """The column on x: the one that is named, or that of the times. Raises `Fault`."""
    if column or series.time:
        return column or series.time
    hint = f"columns: {choices(series.columns)}"
    raise unfit(
        "x", f'"{name}" names no column of times', f"add x:, or time: to the series; {hint}"
    )


def y_of(series: Series, column: str, name: str) -> str:
    """The column of numbers: the one that is named, or the only one. Raises `Fault`."""
    counted = series.counted
    if not column and counted[1:]:
        message = f'"{name}" has several columns of numbers'
        raise unfit("y", message, f"name one in y: {choices(counted)}")
    if column in series.columns and column not in counted:
        message = f'"{column}" of "{name}" is no column of numbers'
        raise unfit("y", message, f"its numbers: {choices(counted)}", needle=column)
    return column or counted[0]


def _in_column(option: str, values: Sequence[str], column: str, cells: Sequence[str]) -> None:
    known = list(dict.fromkeys(cells))
    for value in values:
        if value not in known:
            hint = did_you_mean(value, known) or f"its values are {choices(known, 20)}"
            raise unfit(option, f'"{value}" is not in the column "{column}"', hint, needle=value)


DAYS = 300_000
"""Greater than any count of years or months, less than any of days."""


def runs(values: Mapping[int, Any]) -> list[tuple[int, int]]:
    """Each year, or count of months or days, with the number of its run: a new one begins behind
    each gap.

    How far apart they may be without a gap is what most of them are apart, or a leap year's day
    more. Where no day is one of a weekend, working days are counted.
    """
    years = sorted(values)
    places = years
    if years[0] > DAYS and all((day - 1) % 7 < 5 for day in years):
        places = [(day - 1) // 7 * 5 + (day - 1) % 7 for day in years]
    steps = [later - place for place, later in itertools.pairwise(places)]
    usual = max(set(steps), key=steps.count) * 1.1 if steps else 1
    run, found = 0, []
    for year, step in zip(years, [0, *steps], strict=True):
        run += step > usual
        found.append((year, run))
    return found


def told(rows: list[Row], voice: Voice) -> list[tuple[str, list[str]]]:
    """Each line by its first and last, its highest and lowest number, where it has many."""
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row["line"], []).append(row)
    many, told = len(rows) > 12, []
    for name, own in lines.items():
        shown = [own[0], *own[1:][-1:]] if many else own
        sentences = [row["description"] for row in shown]
        extremes = ((max, "chart.highest"), (min, "chart.lowest")) if many and own[2:] else ()
        for pick, word in extremes:
            row = pick(own, key=plot.top)
            said = voice.language.word(word, text=row["text"], year=str(row["year"]))
            sentences.append(said)
        told.append((name, sentences))
    return told


def rounded_to(value: Fraction, places: int) -> Fraction:
    """The value with so many decimals, halves away from zero."""
    scale = 10**places if value >= 0 else -(10**places)
    return Fraction(math.floor(value * scale + Fraction(1, 2)), scale)
