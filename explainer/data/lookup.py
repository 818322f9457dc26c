"""What a formula takes from a series: the number of a row, or what a column comes to."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from statistics import mean
from typing import Any

from explainer.data.claims import TIME, Series, exact
from explainer.data.formulas import Call
from explainer.data.quantities import Quantity, Units
from explainer.problems import Fault, Rule, choices, did_you_mean

CAME_TO: dict[str, Callable[[Sequence[Any]], Any]] = {
    "series": itemgetter(0),
    "first": itemgetter(0),
    "last": itemgetter(-1),
    "min": min,
    "max": max,
    "sum": sum,
    "mean": mean,
}
"""What the numbers of a column come to, which stand in the order of time, or else of the rows."""


def looked_up(series: Series, call: Call, units: Units) -> Quantity:
    """The quantity that a call of `series`, or of a function over it, gives. Raises `Fault`."""
    name, where = call.arguments[0], call.where
    column = call.column or series.counted[0]
    if "column" not in dict(call.cells) and series.counted[1:]:
        hint = f"name one: column=…, of {choices(series.counted)}"
        raise Fault(Rule.BAD_FORMULA, f'"{name}" has several columns of numbers', hint)
    if column not in series.counted and column in series.unread:
        raise series.only_one(name)
    _refuse_unknown(series.counted, column, f'"{name}" has no column of numbers "{column}"')
    for other in where:
        _refuse_unknown(series.columns, other, f'"{name}" has no column "{other}"')
    rows = _rows(series, column, where)
    if not rows:
        _refuse_strange(series, name, where)
    numbers = [exact(row[series.columns.index(column)]) for row in rows]
    asked = ", ".join(f"{key} {value}" for key, value in where.items()) or f'column "{column}"'
    if not numbers:
        times = sorted(str(cell) for cell in series.cells(series.time)) if series.time else []
        hint = f"its times run from {times[0]} to {times[-1]}" if times else ""
        hint = hint or f"its columns are {choices(series.columns)}"
        raise Fault(Rule.BAD_FORMULA, f'no row of "{name}" has a number for {asked}', hint)
    if call.function == "series" and len(numbers) > 1:
        message = f'{len(numbers)} rows of "{name}" have a number for {asked}'
        hint = "name the columns that tell them apart, or ask for max(series(…)), mean(series(…))"
        raise Fault(Rule.BAD_FORMULA, message, hint)
    number = CAME_TO[call.function](numbers)
    return Quantity(number, number, series.unit_of(column, units))


def _refuse_strange(series: Series, name: str, where: dict[str, str]) -> None:
    """Raise a `Fault` where a column has no cell of those that are asked for."""
    for column, value in where.items():
        cells = sorted(set(map(str, series.cells(column))))
        if column != series.time and not any(map(_fits(value), cells)):
            hint = did_you_mean(value, cells) or f"its cells are {choices(cells)}"
            message = f'no cell "{value}" in the column "{column}" of "{name}"'
            raise Fault(Rule.BAD_FORMULA, message, hint)


def _refuse_unknown(known: Sequence[str], name: str, message: str) -> None:
    if name not in known:
        raise Fault(Rule.BAD_FORMULA, message, did_you_mean(name, known) or choices(known))


def time_of(series: Series, call: Call) -> str:
    """The time of the row in which a number stands; none where several rows have that number."""
    column = call.column or series.counted[0]
    rows, index = _rows(series, column, call.where), series.columns.index(column)
    if call.function in ("first", "last"):
        rows = [CAME_TO[call.function](rows)]
    else:
        number = CAME_TO[call.function]([row[index] for row in rows])
        rows = [row for row in rows if row[index] == number]
    times = {series.parted(row)[0] for row in rows}
    time = times.pop() if len(times) == 1 else ""
    return time if TIME.fullmatch(time) else ""


def _rows(series: Series, column: str, where: dict[str, str]) -> list[list[Any]]:
    """The rows that are asked for in which a column has a number, in the order of time."""
    index = series.columns.index(column)
    rows = [
        row
        for row in series.rows
        if len(row) == len(series.columns) and exact(row[index]) is not None
    ]
    for name, value in where.items():
        at = series.columns.index(name)
        found = [row for row in rows if _fits(value)(row[at])]
        if not found and name == series.time and ".." not in value:
            # Where a month has one day, 2008-01 is that of 2008-01-01.
            found = [row for row in rows if str(row[at]).startswith(f"{value}-")]
        rows = found
    if series.time:
        at = series.columns.index(series.time)
        rows.sort(key=lambda row: str(row[at]))
    return rows


def _fits(value: str) -> Callable[[Any], bool]:
    """Whether a cell is the one that is asked for, or between the two: 1565..1600."""
    first, dots, last = value.partition("..")
    if not dots:
        return lambda cell: str(cell) == value
    # Times compare as they are written, a month by the year that it is in.
    return lambda cell: first <= str(cell) and str(cell)[: len(last)] <= last
