"""What every claim amounts to: values as they are written, formulas worked out in order of need."""

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from explainer.data.claims import Claim
from explainer.data.dataset import Dataset, great_circle
from explainer.data.formulas import Call, evaluate, parse_formula
from explainer.data.lookup import looked_up, time_of
from explainer.data.quantities import Quantity, parse_quantity
from explainer.problems import Fault, Report, Rule


def work_out(report: Report, dataset: Dataset) -> None:
    """Fill in every claim's quantity; a claim that has none is `broken`, and the report says why.

    What a formula names and nobody knows is not told here: it is an id like any other.
    """
    for name, claim in dataset.claims.items():
        with report.at("claims", name).catching():
            _refuse_shape(name, claim)
            key = "value" if claim.value is not None else "formula"
            with report.at("claims", name, key).catching():
                if claim.value is not None:
                    stated = parse_quantity(claim.value, dataset.units)
                    dataset.quantities[name] = replace(stated, digits=claim.digits)
                else:
                    dataset.formulas[name] = parse_formula(claim.formula or "")
    for name in _in_order(report, dataset):
        with report.at("claims", name, "formula").catching():
            _calculate(dataset, name)
    dataset.broken |= {("claims", name) for name in dataset.claims.keys() - dataset.quantities}
    for name, quantity in dataset.quantities.items():
        _check_sign(report, dataset, name, quantity)


def _refuse_shape(name: str, claim: Claim) -> None:
    """Raise a `Fault` where a claim is neither a value nor a formula with its unit."""
    if (claim.value is None) == (claim.formula is None):
        both = claim.value is not None
        raise Fault(
            Rule.BAD_VALUE if both else Rule.MISSING_KEY,
            f'claim "{name}" needs either a value or a formula{", not both" if both else ""}',
            "a value is what somebody said; a formula is our calculation",
        )
    if claim.formula is not None and claim.unit is None:
        hint = 'add a line unit: …; a pure number has the unit "1"'
        raise Fault(Rule.MISSING_KEY, f'claim "{name}" has a formula and no "unit"', hint)
    if claim.value is not None and claim.unit is not None:
        message = f'claim "{name}" has its unit in its value already'
        hint = "delete the line; unit: belongs to formulas"
        raise Fault(Rule.BAD_VALUE, message, hint, path=("unit",))


def _in_order(report: Report, dataset: Dataset) -> list[str]:
    """The formulas, each behind those that it needs; the report is told of circles."""
    done: dict[str, None] = {}
    closed: set[str] = set()
    for start in dataset.formulas:
        # A stack of our own: formulas may need each other a thousand deep.
        trail = {start: iter(dataset.inputs(start))} if start not in done else {}
        while trail:
            name = next(reversed(trail))
            needed = next(trail[name], None)
            if needed is None:
                del trail[name]
                done[name] = None
            elif needed in trail and needed not in closed:
                closed.add(needed)
                names = list(trail)
                circle = [*names[names.index(needed) :], needed]
                message = f"formulas need each other: {' → '.join(circle)}"
                hint = "one of them has to state a value, or use other claims"
                report.at("claims", needed, "formula").say(Rule.CIRCULAR, message, hint)
            elif needed in dataset.formulas and needed not in done and needed not in trail:
                trail[needed] = iter(dataset.inputs(needed))
    return list(done)


def _calculate(dataset: Dataset, name: str) -> None:
    """Work out a formula, if all that it needs is known. Raises `Fault`."""
    formula, claim, places = dataset.formulas[name], dataset.claims[name], dataset.vocabulary.places
    known: dict[str, Container[str]] = {
        "claims": dataset.quantities,
        "places": places,
        "series": dataset.series,
    }
    for call in formula.calls():
        if any(name not in known[call.section] for name in call.arguments):
            return
        for place in call.arguments if call.section == "places" else ():
            if places[place].at is None:
                raise Fault(Rule.UNKNOWN_WORD, f'no position (at:) for the place "{place}"')
    unit = dataset.units.unit(claim.unit or "")
    found = evaluate(formula, lambda call: called(dataset, call), unit, claim.digits)
    dataset.quantities[name] = found
    if cell := formula.cell():
        dataset.claims[name] = _as_read(dataset, claim, cell)


def _as_read(dataset: Dataset, claim: Claim, call: Call) -> Claim:
    """A claim that is a number of a series: who says the series says it, in the same sources."""
    series = dataset.series[call.arguments[0]]
    about = series.about(call.column or series.counted[0])
    keys = ("place", "product", "level", "money")
    own: dict[str, Any] = {key: getattr(claim, key) or getattr(about, key) for key in keys}
    # What nobody knows is told of at the series.
    own["said_by"] = series.said_by if series.said_by in dataset.speakers else None
    own["chain"] = [source for source in series.chain if source in dataset.sources]
    own["as_of"] = claim.as_of or time_of(series, call) or series.as_of
    own["checked"] = claim.checked or series.checked
    if series.locator and not claim.locator:
        own["locator"] = series.locator.model_copy(update={"quote": None})
    return claim.model_copy(update=own)


def called(dataset: Dataset, call: Call) -> Quantity:
    """The quantity that a call gives. Raises `Fault` where it states no single figure."""
    if call.function == "distance":
        first, last = (dataset.vocabulary.places[name] for name in call.arguments)
        return great_circle(first, last, dataset.units.unit("km"))
    if call.section == "series":
        return looked_up(dataset.series[call.arguments[0]], call, dataset.units)
    quantity = dataset.quantities[call.arguments[0]]
    if call.function == "claim":
        return quantity
    end = quantity.value
    if end is None:
        message = f'stated("{call.arguments[0]}") is a range, which states no single figure'
        hint = "use claim(…), which carries both ends through"
        raise Fault(Rule.BAD_FORMULA, message, hint)
    return Quantity(end, end, quantity.unit, quantity.approximate)


def _check_sign(report: Report, dataset: Dataset, name: str, quantity: Quantity) -> None:
    claim = dataset.claims[name]
    own = report.at("claims", name, "value" if claim.value is not None else "formula")
    if any(end < 0 for end in quantity.ends()):
        for fault in never_negative(dataset, claim.measure, f"can be {quantity.written()}"):
            own.tell(fault)


def never_negative(dataset: Dataset, measure: str | None, what: str) -> Iterator[Fault]:
    """What is wrong with a number below zero, unless its measure is signed, or is none."""
    word = dataset.vocabulary.measures.get(measure or "")
    if word and not word.signed:
        message = f'the measure "{measure}" is never negative, and this {what}'
        hint = "add signed: true to the measure in the vocabulary if it can be"
        yield Fault(Rule.BAD_QUANTITY, message, hint)
