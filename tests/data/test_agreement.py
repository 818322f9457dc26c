"""How far apart figures lie, on either side of zero."""

from __future__ import annotations

from fractions import Fraction

import pytest

from explainer.charts.sliders import agreement
from explainer.data.agreement import distance_apart
from explainer.data.quantities import Units, parse_quantity


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("100 kg", "150 kg", Fraction(1, 3)),
        ("100 kg", "90..110 kg", Fraction(0)),
        ("-500 kg", "0 kg", Fraction(1)),
        ("-150 kg", "-100 kg", Fraction(1, 3)),
        ("-100 kg", "100 kg", Fraction(2)),
        ("up to 100 kg", "50 kg", Fraction(0)),
    ],
)
def test_distance_apart(one: str, other: str, apart: Fraction) -> None:
    units = Units(frozenset())
    quantities = [parse_quantity(text, units) for text in (one, other)]
    assert distance_apart(*quantities) == distance_apart(*quantities[::-1]) == apart


@pytest.mark.parametrize(
    ("stated", "near", "far"),
    [("100 kg", (98.5, 101.5), (97, 103)), ("-100 kg", (-101.5, -98.5), (-103, -97))],
)
def test_what_follows_agrees_within_the_tolerance(
    stated: str, near: tuple[float, float], far: tuple[float, float]
) -> None:
    quantity = parse_quantity(stated, Units(frozenset()))
    test = agreement(quantity, quantity.unit).replace("&&", "and")
    assert all(eval(test, {"result": value}) for value in near)
    assert not any(eval(test, {"result": value}) for value in far)
