"""Formulas: units, bounds, and the words "about", "up to" and "at least" that come through them."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer.data.formulas import Call, evaluate, parse_formula
from explainer.data.quantities import Quantity, Units, parse_quantity
from explainer.problems import Fault

UNITS = Units(frozenset({"tree", "crate"}))
KNOWN = {
    "orchard": "about 1000 USD/kg",
    "port": "1500 USD/kg",
    "market": "up to 50000 USD/kg",
    "floor": "at least 40 USD/kg",
    "range": "4..5 USD/kg",
    "euro": "3 EUR/kg",
    "load": "300 kg",
    "harvest": "450 t/year",
    "share": "50 %",
    "crates": "2..3 crate/day",
    "half": "under 10 kg",
    "more": "over 10 kg",
    "zero": "0..2 kg",
}


def worked_out(formula: str, unit: str = "1", digits: int | None = None) -> str:
    """What a formula over the quantities above gives, in the notation of the data file."""
    quantities = {name: parse_quantity(text, UNITS) for name, text in KNOWN.items()}

    def resolve(call: Call) -> Quantity:
        quantity = quantities[call.arguments[0]]
        if call.function == "stated":
            return Quantity(quantity.value, quantity.value, quantity.unit, quantity.approximate)
        return quantity

    for name in KNOWN:
        formula = formula.replace(f"[{name}]", f'claim("{name}")')
    return evaluate(parse_formula(formula), resolve, UNITS.unit(unit), digits).written()


@pytest.mark.parametrize(
    ("formula", "unit", "result"),
    [
        ("[market] / [orchard]", "1", "up to about 50 1"),
        ("[port] / [orchard]", "1", "about 1.5 1"),
        ("[market] - [port]", "USD/kg", "up to 48500 USD/kg"),
        ("[floor] / [range]", "1", "at least 8 1"),
        ("[range] / [floor]", "1", "up to 0.13 1"),
        ("[range] * 2", "USD/kg", "8..10 USD/kg"),
        ("[range] - [range]", "USD/kg", "0 USD/kg"),
        ("[range] / [range]", "1", "1 1"),
        ("[orchard] * [load]", "USD", "about 300000 USD"),
        ("[harvest] * [share]", "t/year", "225 t/year"),
        ("[harvest] / [load]", "1/day", "4.1 1/day"),
        ("[crates] * 365", "crate/day", "730..1100 crate/day"),
        ("[crates]", "crate/year", "730..1100 crate/year"),
        ("-1 * [load] + [load] * 2", "kg", "300 kg"),
        ("[half] + [load]", "kg", "under 310 kg"),
        ("[more] + [load]", "kg", "over 310 kg"),
        ('stated("market") / [orchard]', "1", "about 50 1"),
        ("[share]", "1", "0.5 1"),
        ("[load] / [harvest]", "day", "0.24 day"),
        ("[load] / [zero]", "1", "at least 150 1"),
    ],
)
def test_a_formula_gives(formula: str, unit: str, result: str) -> None:
    assert worked_out(formula, unit) == result


def test_a_claim_named_twice_is_one_quantity() -> None:
    share = worked_out("([market] - [port]) / [market]", "%")
    assert share == worked_out("1 - [port] / [market]", "%")
    assert share == "up to 97 %"


def test_digits_say_how_much_is_printed() -> None:
    assert worked_out("[port] / [load] * [load] / [orchard] * 1.2345", "1", 4) == "about 1.852 1"


@pytest.mark.parametrize(
    ("formula", "unit", "rule"),
    [
        ("[market] / [market] * [market] / [half]", "USD/kg/kg", "unbounded-result"),
        ("[market] + [load]", "USD/kg", "unit-mismatch"),
        ("[port] + [euro]", "USD/kg", "unit-mismatch"),
        ("[port] + 1", "USD/kg", "unit-mismatch"),
        ("[port] * [load]", "USD/kg", "unit-mismatch"),
        ("[port] / 0", "USD/kg", "bad-formula"),
        ("[port] / ([load] - [load])", "USD/kg/kg", "bad-formula"),
        ("[port] ** 2", "1", "bad-formula"),
        ("[port] if [port] else 1", "1", "bad-formula"),
        ("open('x')", "1", "bad-formula"),
        ("claim('port', 'x')", "1", "bad-formula"),
        ("claim(port)", "1", "bad-formula"),
        ("(" * 300 + "1" + ")" * 300, "1", "bad-formula"),
        ("1e400 * [load]", "kg", "bad-formula"),
        ("1 + " * 500 + "1", "1", "bad-formula"),
        ("", "1", "bad-formula"),
    ],
)
def test_a_formula_is_refused(formula: str, unit: str, rule: str) -> None:
    with pytest.raises(Fault) as caught:
        worked_out(formula, unit)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("8.8 million-tree", "8.8 million-tree"),
        ("8.8 million tree", "8800000 tree"),
        ("about 1.5..2 billion USD", "about 1500000000..2000000000 USD"),
        ("up to 3 thousand trees", None),
        ("3 million", None),
        ("1234567.89 billion tree", None),
    ],
)
def test_millions_stand_before_a_unit_or_in_its_name(written: str, number: str | None) -> None:
    units = Units(frozenset({"tree", "million-tree"}))
    if number:
        assert parse_quantity(written, units).written() == number
    else:
        with pytest.raises(Fault):
            parse_quantity(written, units)


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("-2.5 kg", "2.5 kg"),
        ("about -3..-2 kg", "about 2..3 kg"),
        ("up to -2 kg", "at least 2 kg"),
        ("under -2 kg", "over 2 kg"),
        ("at least 2 kg", "at least 2 kg"),
        ("-1..2 kg", None),
        ("at least -2 kg", None),
    ],
)
def test_the_size_of_a_quantity(written: str, size: str | None) -> None:
    if size:
        assert parse_quantity(written, UNITS).size().written() == size
    else:
        with pytest.raises(Fault):
            parse_quantity(written, UNITS).size()


# Random formulas against brute force

NAMES = "abc"
NUMBERS = st.integers(0, 9).map(Fraction)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
    kind = draw(st.sampled_from(["range", "range", "one", "up to", "at least"]))
    ends = {"range": (low, high), "one": (low, low), "up to": (None, high), "at least": (low, None)}
    return Quantity(*ends[kind], UNITS.unit("1"), draw(st.booleans()))


def formulas() -> st.SearchStrategy[str]:
    leaves = st.one_of(
        st.sampled_from([f'claim("{name}")' for name in NAMES]), st.integers(1, 5).map(str)
    )
    return st.recursive(
        leaves,
        lambda parts: st.tuples(parts, st.sampled_from("+-*/"), parts).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        max_leaves=6,
    )


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(formulas(), st.fixed_dictionaries({name: quantities() for name in NAMES}))
def test_random_formulas_hold_every_value_they_can_take(
    text: str, known: dict[str, Quantity]
) -> None:
    formula = parse_formula(text)
    try:
        # So many digits that rounding plays no part.
        result = evaluate(formula, lambda call: known[call.arguments[0]], UNITS.unit("1"), 15)
    except Fault:
        return
    # Exact numbers, since a double cannot hold a third.
    exact = re.sub(r"\b(\d+)\b", r"exactly(\1)", text)
    code = compile(exact, "formula", "eval")
    seen = []
    for values in itertools.product(*(points(known[name]) for name in NAMES)):
        names = dict(zip(NAMES, values, strict=True))
        with contextlib.suppress(ZeroDivisionError):
            seen.append(eval(code, {"claim": names.__getitem__, "exactly": Fraction}))
    if not seen:
        return
    used = {call.arguments[0] for call in formula.calls()}
    assert result.low is None or min(seen) >= result.low
    assert result.high is None or max(seen) <= result.high
    assert result.approximate <= any(known[name].approximate for name in used)
    if all(known[name].open == "" for name in used) and "/ (" not in text:
        # Nothing is open and the bounds are no wider than they have to be.
        assert {result.low, result.high} - {None} <= set(seen) or "/" in text


def points(quantity: Quantity) -> list[Fraction]:
    """The ends of a quantity and some numbers between them; for an open end, far out."""
    low = Fraction(0) if quantity.low is None else quantity.low
    high = low + 1000 if quantity.high is None else quantity.high
    inner = [Fraction(random.Random(7).randrange(1, 12), 12), Fraction(1, 2)]
    return [low, high, *(low + (high - low) * share for share in inner)]
