"""What can be wrong with the series of the data file, and what series and claims share."""

import contextlib
from collections.abc import Mapping, Sequence
from fractions import Fraction

from explainer.data.agreement import TOLERANCE, distance_apart
from explainer.data.dataset import Dataset
from explainer.data.models import Claim, Series
from explainer.data.quantities import LARGEST, Quantity, Unit, parts_of_counts
from explainer.problems import Fault, Report, Rule, choices, did_you_mean


def check_series(report: Report, dataset: Dataset) -> None:
    """Every series has a unit, sound rows, names that fit them, and a source that was read."""
    for name, series in dataset.series.items():
        own = report.of(dataset.document, "series", name)
        _check_rows(own, dataset, name, series)
        _check_labels(own, name, series)
        check_read(own, dataset, name, series)


def _check_rows(report: Report, dataset: Dataset, name: str, series: Series) -> None:
    unit: Unit | None = None
    with report.at("unit").catching():
        unit = dataset.units.unit(series.unit)
    for index, row in enumerate(series.rows):
        own = report.at("rows", index)
        if len(row) != len(series.columns):
            own.say(
                Rule.BAD_VALUE,
                f'a row of "{name}" has {len(row)} cells for {len(series.columns)} columns',
                f"its columns are {choices(series.columns)}",
            )
        for cell in row:
            if (
                isinstance(cell, int | float)
                and not isinstance(cell, bool)
                and abs(cell) >= LARGEST
            ):
                hint = "give the series a larger unit"
                own.say(Rule.BAD_VALUE, f"{cell} has more than 15 digits", hint)
        if row and unit and isinstance(row[-1], float):
            number = Fraction(str(row[-1]))
            with own.catching():
                refuse_parts(dataset, Quantity(number, number, unit), f"{row[-1]} {series.unit}")


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
    for name, series in dataset.series.items():
        for index, row in enumerate(series.rows):
            with contextlib.suppress(Fault):
                for other in _same(dataset, series, row, about):
                    report.of(dataset.document, "series", name, "rows", index).say(
                        Rule.UNDECLARED_CONFLICT,
                        f'{row[-1]} {series.unit} differs from "{other}" '
                        f"({dataset.quantities[other].written()}), which states the same",
                        "correct one of them, or say what sets them apart: place, product, level, "
                        "as_of; a claim that is disputed stands in an entry of disagreements:",
                    )


def _same(
    dataset: Dataset,
    series: Series,
    row: Sequence[object],
    about: Mapping[tuple[object, ...], Sequence[str]],
) -> list[str]:
    """The claims that state what a row states, and another number. Raises `Fault`."""
    year, words, number = series.parted(row)
    if number is None or not year:
        return []
    unit = dataset.units.unit(series.unit)
    place = series.place or next((w for w in words if w in dataset.vocabulary.places), None)
    product = series.product or next((w for w in words if w in dataset.vocabulary.products), None)
    if any(word not in (place, product) for word in words):
        # Of what else the row is, a claim cannot say.
        return []
    key = (series.measure, place, product, series.level, series.money, unit.dimensions, year)
    exact = Quantity(number, number, unit)
    return [
        name
        for name in about.get(key, ())
        if distance_apart(exact, dataset.quantities[name])
        > (TOLERANCE if dataset.quantities[name].approximate else 0)
    ]


def check_read(report: Report, dataset: Dataset, name: str, entry: Claim | Series) -> None:
    """Tell where the last source of a chain is one that nobody here has read."""
    last = dataset.sources.get(entry.chain[-1]) if entry.chain else None
    if last and last.access == "unread":
        report.at("chain").say(
            Rule.UNREAD_SOURCE,
            f'the last source of "{name}", "{entry.chain[-1]}", has not been read',
            "end the chain with the source in which we read it",
            needle=entry.chain[-1],
        )


def refuse_parts(dataset: Dataset, quantity: Quantity, text: str) -> None:
    """Raise a `Fault` for a part of what is counted in whole: its unit is one of measure."""
    if parts_of_counts(quantity, dataset.vocabulary.things):
        hint = (
            f'if "{quantity.unit.symbol}" is a unit of measure, give it a symbol: in the vocabulary'
        )
        message = f"{text} is no plain count, and its unit would not be printed"
        raise Fault(Rule.BAD_QUANTITY, message, hint)
