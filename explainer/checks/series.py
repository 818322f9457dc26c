"""What can be wrong with the series of the data file, and what series and claims share."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from explainer.data.agreement import TOLERANCE, distance_apart
from explainer.data.claims import TIME, Claim, Numbers, Series
from explainer.data.dataset import Dataset
from explainer.data.kinds import is_number
from explainer.data.quantities import LARGEST, Quantity, Unit, comes_whole, plain_digits
from explainer.data.workout import never_negative
from explainer.problems import Fault, Report, Rule, choices, did_you_mean

MOST = 10
"""How many faulty rows of a series are told of: a wrong table has thousands."""


def check_series(report: Report, dataset: Dataset) -> None:
    """Every series has units, sound rows, names that fit them, and a source that was read."""
    for name, series in dataset.series.items():
        own = report.of(dataset.document, "series", name)
        _check_rows(own, dataset, name, series)
        _check_labels(own, name, series)
        check_read(own, dataset, name, series)


def _check_rows(report: Report, dataset: Dataset, name: str, series: Series) -> None:
    units: dict[str, Unit] = {}
    for column in series.counted:
        own = report.at("numbers", column) if series.numbers.get(column, Numbers()).unit else report
        with own.at("unit").catching():
            units[column] = dataset.units.unit(series.about(column).unit)
    told = 0
    for index, row in enumerate(series.rows):
        for fault in _faults(dataset, name, series, row, units):
            if series.unread:
                report.at("rows", index).tell(series.only_one(name))
                return
            if told < MOST:
                report.at("rows", index).tell(fault)
            told += 1
    if told > MOST:
        message, hint = f'"{name}" has {told - MOST} more such faults', "mend these first"
        report.say(Rule.BAD_VALUE, message, hint, path=("rows",))


def _faults(
    dataset: Dataset, name: str, series: Series, row: Sequence[Any], units: Mapping[str, Unit]
) -> Iterator[Fault]:
    """What is wrong with a row."""
    if len(row) != len(series.columns):
        message = f'a row of "{name}" has {len(row)} cells for {len(series.columns)} columns'
        yield Fault(Rule.BAD_VALUE, message, f"its columns are {choices(series.columns)}")
        return
    for cell in row:
        if is_number(cell) and abs(cell) >= LARGEST:
            hint = "give the series a larger unit"
            yield Fault(Rule.BAD_VALUE, f"{cell} has more than 15 digits", hint)
    cells = dict(zip(series.columns, row, strict=True))
    if series.time and not TIME.fullmatch(_said(cells[series.time])):
        message = f'"{_said(cells[series.time])}" in the column "{series.time}" is no time'
        hint = "a year, a month or a day: 1810, 1810-05, 1810-05-31"
        yield Fault(Rule.BAD_VALUE, message, hint)
    for column, unit in units.items():
        cell = cells[column]
        if not is_number(cell):
            if cell not in (None, ""):
                message = f'"{cell}" in the column "{column}" is no number'
                hint = "plain digits with a point: 1234.5; leave a gap empty"
                yield Fault(Rule.BAD_VALUE, message, hint)
            continue
        # Exact numbers are made of those cells only of which something may be wrong.
        if cell < 0:
            said = f"is {plain_digits(Fraction(str(cell)))}"
            yield from never_negative(dataset, series.about(column).measure, said)
        if cell % 1 and comes_whole(unit, dataset.vocabulary.things):
            yield no_count(f"{plain_digits(Fraction(str(cell)))} {unit.symbol}", unit)


def _said(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _check_labels(report: Report, name: str, series: Series) -> None:
    """Tell of names for columns and cells that the rows do not have."""
    for key, named in (("heads", series.heads), ("labels", series.labels)):
        for column in named:
            if column not in series.columns:
                hint = did_you_mean(column, series.columns) or f"columns: {choices(series.columns)}"
                message = f'"{name}" has no column "{column}"'
                report.say(Rule.BAD_VALUE, message, hint, path=(key, column))
    for column, labels in series.labels.items():
        cells = list(dict.fromkeys(map(str, series.cells(column))))
        for cell in labels if column in series.columns else ():
            if cell not in cells:
                message = f'the column "{column}" of "{name}" has no cell "{cell}"'
                hint = did_you_mean(cell, cells) or f"its cells are {choices(cells)}"
                report.say(Rule.BAD_VALUE, message, hint, path=("labels", column, cell))


def check_rows(report: Report, dataset: Dataset) -> None:
    """Where a claim and a row of a series state the same thing at the same time, they agree."""
    about: dict[tuple[object, ...], list[str]] = {}
    for name, claim in dataset.claims.items():
        if claim.formula is None and name in dataset.quantities and not dataset.disputes(name):
            kind = dataset.quantities[name].unit.dimensions
            key = (claim.measure, claim.place, claim.product, claim.level, claim.money, kind)
            about.setdefault((*key, claim.as_of), []).append(name)
    times = {key[-1] for key in about}
    for name, series in dataset.series.items():
        at = series.columns.index(series.time) if series.time else -1
        for index, row in enumerate(series.rows):
            if at >= 0 and (len(row) <= at or str(row[at]) not in times):
                continue
            with contextlib.suppress(Fault):
                for number, other in _same(dataset, series, row, about):
                    report.of(dataset.document, "series", name, "rows", index).say(
                        Rule.UNDECLARED_CONFLICT,
                        f'{number.written()} differs from "{other}" '
                        f"({dataset.quantities[other].written()}), which states the same",
                        "correct one of them, or say what sets them apart: place, product, level, "
                        "as_of; a claim that is disputed stands in an entry of disagreements:",
                    )


def _same(
    dataset: Dataset,
    series: Series,
    row: Sequence[object],
    about: Mapping[tuple[object, ...], Sequence[str]],
) -> Iterator[tuple[Quantity, str]]:
    """Each number of a row with the claims that state the same, and another. Raises `Fault`."""
    time, words, numbers = series.parted(row)
    for column, number in numbers.items() if time else ():
        own = series.about(column)
        unit = series.unit_of(column, dataset.units)
        places, products = dataset.vocabulary.places, dataset.vocabulary.products
        place = own.place or next((word for word in words if word in places), None)
        product = own.product or next((word for word in words if word in products), None)
        if any(word not in (place, product) for word in words):
            # Of what else the row is, a claim cannot say.
            continue
        key = (own.measure, place, product, own.level, own.money, unit.dimensions, time)
        stated = Quantity(number, number, unit)
        for name in about.get(key, ()):
            other = dataset.quantities[name]
            if distance_apart(stated, other) > (TOLERANCE if other.approximate else 0):
                yield stated, name


def check_read(report: Report, dataset: Dataset, name: str, entry: Claim | Series) -> None:
    """Tell where the last source of a chain is one that nobody here has read."""
    last = dataset.sources.get(entry.chain[-1]) if entry.chain else None
    if last and last.access == "unread":
        message = f'the last source of "{name}", "{entry.chain[-1]}", has not been read'
        hint = "end the chain with the source in which we read it"
        report.at("chain").say(Rule.UNREAD_SOURCE, message, hint, needle=entry.chain[-1])


def no_count(text: str, unit: Unit) -> Fault:
    """What is wrong with a part of what is counted in whole: its unit is one of measure."""
    hint = f'if "{unit.symbol}" is a unit of measure, give it a symbol: in the vocabulary'
    message = f"{text} is no plain count, and its unit would not be printed"
    return Fault(Rule.BAD_QUANTITY, message, hint)
