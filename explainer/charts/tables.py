"""Series of the data file as the cells that charts draw: read by column, checked, in one unit."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from explainer.charts.form import Row, unfit
from explainer.data.claims import FIRST, LAST, Series
from explainer.data.quantities import Quantity, Unit
from explainer.problems import choices, did_you_mean
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class Cell:
    """A number of a series: its year, the words of its row by column, and where on x it stands."""

    year: int
    number: Fraction
    words: Mapping[str, str]
    x: Any


@dataclass(frozen=True)
class Table:
    """The cells of a series that a chart asks for."""

    name: str
    series: Series
    cells: list[Cell]
    unit: Unit
    voice: Voice

    def word(self, column: str, value: str) -> str:
        """What readers call a value of a column."""
        text = self.series.labels.get(column, {}).get(value)
        return self.voice.said(self.voice.local(text)) if text else value

    def text(self, low: Fraction, high: Fraction | None = None, form: str = "") -> str:
        """A number of the series, or the span between two, as it is printed."""
        return self.voice.language.quantity(Quantity(low, high or low, self.unit), form)

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        """The mean of some numbers, as precise as they are: whole where that is three digits."""
        exact = sum(values, Fraction(0)) / len(values)
        places = max(_places(value) for value in values)
        while places and abs(exact) * 10 ** (places - 1) >= 10:
            places -= 1
        return rounded_to(exact, places)


def table(
    voice: Voice,
    name: str,
    x: str,
    y: str,
    by: tuple[str, ...],
    where: Mapping[str, str],
    unit: str = "",
    years: bool = True,
) -> Table:
    """The rows of a series whose columns have the values of `where`, by the columns `x`, `y`, `by`.

    An empty cell of `y` is a gap. With `years`, all that stands on x has to be one. Raises `Fault`
    where a column is missing, a year is no whole number, or two rows have one place in the chart.
    """
    series = voice.dataset.series[name]
    for option, column in [("x", x), ("y", y), *(("by", c) for c in by if c)]:
        _known(option, column, series, name)
    for column in where:
        _known("where", column, series, name)
    own = voice.dataset.units.unit(series.unit)
    wanted = voice.dataset.units.unit(unit) if unit else own
    if wanted.dimensions != own.dimensions:
        raise unfit("unit", f'"{unit}" does not measure what "{name}" counts in {series.unit}')
    ratio = own.factor / wanted.factor
    cells: list[Cell] = []
    seen: set[tuple[Any, ...]] = set()
    for values in series.rows:
        if len(values) != len(series.columns):
            continue
        row = dict(zip(series.columns, values, strict=True))
        if any(str(row[column]) != str(value) for column, value in where.items()):
            continue
        if row[y] in (None, ""):
            continue
        year, number = row[x], row[y]
        if years and not _is_year(year):
            hint = f"a year is a whole number from {FIRST} to {LAST}"
            hint = "take the quotes away" if str(year).isdigit() and len(str(year)) == 4 else hint
            raise unfit("x", f'"{year}" in "{name}" is no year', hint)
        if not isinstance(number, int | float) or isinstance(number, bool):
            raise unfit("y", f'"{number}" in "{name}" is no number', "leave a gap empty")
        words = {column: str(row[column]) for column in by if column}
        place = (year, *words.values())
        if place in seen:
            listed = ", ".join(str(part) for part in place)
            hint = "choose among them with where:, or name the column that tells them apart"
            raise unfit("series", f'"{name}" has two rows for {listed}', hint)
        seen.add(place)
        cells.append(Cell(year if years else 0, Fraction(str(number)) * ratio, words, year))
    if not cells:
        raise unfit("where", f'no row of "{name}" is left to draw', "ask for other values")
    cells.sort(key=lambda cell: cell.year)
    return Table(name, series, cells, wanted, voice)


def chosen(option: str, values: list[str], column: str, found: Table) -> list[str]:
    """The values of a column that an option names. Raises `Fault` for an unknown one."""
    known = list(dict.fromkeys(cell.words[column] for cell in found.cells))
    for value in values:
        if value not in known:
            hint = did_you_mean(value, known) or f"its values are {choices(known, 20)}"
            raise unfit(option, f'"{value}" is not in the column "{column}"', hint, needle=value)
    return values


def runs(values: Mapping[int, Any]) -> list[tuple[int, int]]:
    """Each year, or count of months or days, with the number of its run: a new one begins behind
    each gap.

    How far apart they may be without a gap is what most of them are apart.
    """
    years = sorted(values)
    steps = [later - year for year, later in itertools.pairwise(years)]
    usual = max(set(steps), key=steps.count) if steps else 1
    run, found = 0, []
    for index, year in enumerate(years):
        run += index > 0 and year - years[index - 1] > usual
        found.append((year, run))
    return found


def told(options: Any, rows: list[Row], voice: Voice) -> list[tuple[str, list[str]]]:
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


def number(value: Fraction) -> int | float:
    """A number of a series as a specification and a CSV file hold it."""
    return int(value) if value.denominator == 1 else float(value)


def rounded_to(value: Fraction, places: int) -> Fraction:
    """The value with so many decimals, halves away from zero."""
    scale = 10**places
    scaled = abs(value) * scale
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, scale)


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and FIRST <= value <= LAST


def _known(option: str, column: str, series: Series, name: str) -> None:
    if column not in series.columns:
        hint = did_you_mean(column, series.columns) or f"columns: {choices(series.columns)}"
        raise unfit(option, f'"{name}" has no column "{column}"', hint, needle=column)


def _places(value: Fraction) -> int:
    places = 0
    while value.denominator != 1 and places < 6:
        value, places = value * 10, places + 1
    return places
