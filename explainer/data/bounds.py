"""The range of a rational function over a box: how far a formula's result reaches.

The range of a ratio of polynomials over the box of its quantities' intervals is found from the
box's corners: a function that is linear or linear-fractional in each variable is monotone along
each, so its extremes lie there; for higher powers the sign of the derivative has to be certain
(R. E. Moore, R. B. Kearfott, M. J. Cloud, *Introduction to Interval Analysis*, SIAM 2009, chapter
6, on monotonicity and dependency).
"""

import functools
import itertools
import math
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from explainer.data.quantities import Quantity
from explainer.problems import Fault, Rule

MAX_TERMS = 400
MAX_VARIABLES = 10

Monomial = tuple[str, ...]
"""The names that are multiplied, in order, each as often as its power says."""

Polynomial = dict[Monomial, Fraction]
ONE: Polynomial = {(): Fraction(1)}


@dataclass(frozen=True)
class Ratio:
    """A polynomial over a polynomial."""

    over: Polynomial
    under: Polynomial

    def plus(self, other: "Ratio", sign: int) -> "Ratio":
        """The sum or difference, over the simplest common denominator that is easily seen."""
        for big, small, signs in ((self, other, (1, sign)), (other, self, (sign, 1))):
            factor = _divided(big.under, small.under)
            if factor is not None:
                over = _sum(
                    [_scaled(big.over, signs[0]), _scaled(_times(small.over, factor), signs[1])]
                )
                return _reduced(over, big.under)
        left, right = _times(self.over, other.under), _times(other.over, self.under)
        return _reduced(_sum([left, _scaled(right, sign)]), _times(self.under, other.under))

    def times(self, other: "Ratio") -> "Ratio":
        """The product."""
        return _reduced(_times(self.over, other.over), _times(self.under, other.under))

    def upside_down(self) -> "Ratio":
        """One over it. Raises `Fault` where it is nothing at all."""
        if not self.over:
            raise Fault(Rule.BAD_FORMULA, "the formula divides by zero")
        return Ratio(self.under, self.over)


def constant(value: Fraction) -> Ratio:
    """A number as a ratio."""
    return Ratio(_constant(value), ONE)


def variable(name: str, factor: Fraction) -> Ratio:
    """A variable times a factor."""
    return Ratio({(name,): factor}, ONE)


@dataclass(frozen=True)
class End:
    """An end of an interval: its value (None: no bound), whether it was stated, whether strict."""

    value: Fraction | None
    stated: bool
    strict: bool


Box = Mapping[str, tuple[End, End]]

Extended = Fraction | float
"""A number on the extended line: the only floats are the infinities."""


def range_of(ratio: Ratio, known: Mapping[str, Quantity]) -> tuple[End, End]:
    """The least and the greatest that a ratio can be. Raises `Fault` where that is uncertain."""
    names = sorted(_names(ratio.over) | _names(ratio.under))
    if len(names) > MAX_VARIABLES:
        most = f"a formula can hold at most {MAX_VARIABLES} different quantities"
        raise Fault(Rule.BAD_FORMULA, most)
    box = {name: _ends(known[name]) for name in names}
    sign = _sign(ratio.under, box)
    if sign == 0:
        hint = "the quotient then has no bounds; divide by a quantity that stays above zero"
        raise Fault(Rule.UNBOUNDED, "the divisor can be zero within its bounds", hint)
    for name in names:
        _refuse_turns(ratio, name, box)
    corners: list[tuple[Extended, bool, bool]] = []
    for choice in itertools.product((0, 1), repeat=len(names)):
        ends = {name: box[name][side] for name, side in zip(names, choice, strict=True)}
        stated = all(end.stated for end in ends.values())
        strict = any(end.strict for end in ends.values())
        for value in _limits(ratio.over, ratio.under, list(ends.items()), sign):
            corners.append((value, stated, strict))
    low = min(corners, key=lambda corner: (corner[0], not corner[1], corner[2]))
    high = max(corners, key=lambda corner: (corner[0], corner[1], not corner[2]))
    return _as_end(low), _as_end(high)


def _refuse_turns(ratio: Ratio, name: str, box: Box) -> None:
    """Raise a `Fault` where the ratio may rise and fall along a variable."""
    if max(_degree(ratio.over, name), _degree(ratio.under, name)) < 2:
        return
    slope = _sum(
        [
            _times(_derivative(ratio.over, name), ratio.under),
            _scaled(_times(ratio.over, _derivative(ratio.under, name)), -1),
        ]
    )
    if slope and _sign(slope, box) == 0:
        raise Fault(
            Rule.BAD_FORMULA,
            "the formula turns within the bounds of its claims, so it cannot be bounded "
            "from their ends",
            "write it so that each claim occurs once",
        )


def _as_end(corner: tuple[Extended, bool, bool]) -> End:
    value, stated, strict = corner
    return End(None, False, strict) if isinstance(value, float) else End(value, stated, strict)


def _ends(quantity: Quantity) -> tuple[End, End]:
    # An unstated lower end counts as 0: a signed measure cannot be "up to" something here.
    low = End(quantity.low, True, quantity.strict and quantity.open == "high")
    high = End(quantity.high, True, quantity.strict and quantity.open == "low")
    if quantity.low is None:
        low = End(Fraction(0), False, False)
    if quantity.high is None:
        high = End(None, False, False)
    return low, high


# Limits and signs at the corners


def _limits(
    over: Polynomial, under: Polynomial, ends: list[tuple[str, End]], sign: int
) -> list[Extended]:
    """The limit of over/under as each variable in turn goes to its end."""
    if not over:
        return [Fraction(0)]
    if not ends:
        return [over[()] / under[()]]
    (name, end), rest = ends[0], ends[1:]
    top, bottom = _at(over, name, end), _at(under, name, end)
    if end.value is None:
        a, b = _degree(over, name), _degree(under, name)
        if a != b:
            return [Fraction(0)] if a < b else _infinities(top, bottom, rest)
        return _limits(top, bottom, rest, sign)
    while not bottom and not top:
        step = {(name,): Fraction(1), **_constant(-end.value)}
        over, under = _divided(over, step) or {}, _divided(under, step) or {}
        top, bottom = _at(over, name, end), _at(under, name, end)
    if not bottom:
        return _infinities(top, _constant(Fraction(sign)), rest)
    return _limits(top, bottom, rest, sign)


def _infinities(top: Polynomial, bottom: Polynomial, rest: list[tuple[str, End]]) -> list[Extended]:
    """Plus or minus infinity by the sign of top/bottom where the other variables end."""
    sign = _sign_at(top, rest) * _sign_at(bottom, rest)
    return [sign * math.inf] if sign else [-math.inf, math.inf]


def _sign_at(part: Polynomial, ends: Iterable[tuple[str, End]]) -> int:
    for name, end in ends:
        part = _at(part, name, end)
    value = part.get((), Fraction(0))
    return (value > 0) - (value < 0)


def _sign(part: Polynomial, box: Box) -> int:
    """1 or -1 where the polynomial certainly keeps that sign inside the box, else 0."""
    if all(len(set(monomial)) == len(monomial) for monomial in part):
        names = sorted(_names(part))
        sides = itertools.product((0, 1), repeat=len(names))
        signs = [
            _sign_at(part, [(n, box[n][side]) for n, side in zip(names, choice, strict=True)])
            for choice in sides
        ]
        low, high = min(signs), max(signs)
    else:
        bounds = [_term_bounds(*term, box) for term in part.items()]
        low, high = (_sign_of_sum(ends) for ends in zip(*bounds, strict=True))
    return 1 if low >= 0 and high > 0 else -1 if high <= 0 and low < 0 else 0


def _sign_of_sum(ends: Sequence[Extended]) -> int:
    """The sign of the sum of ends that are all lower or all upper ones."""
    total = next((end for end in ends if isinstance(end, float)), None) or sum(ends)
    return (total > 0) - (total < 0)


def _term_bounds(monomial: Monomial, factor: Fraction, box: Box) -> tuple[Extended, Extended]:
    low, high, bounded = factor, factor, True
    for start, stop in (box[name] for name in monomial):
        if start.value is None or start.value < 0:
            return -math.inf, math.inf
        low *= start.value
        high *= stop.value or 0
        bounded = bounded and stop.value is not None
    end = high if bounded else math.inf if factor > 0 else -math.inf
    return min(low, end), max(low, end)


# Polynomials


def _constant(value: Fraction) -> Polynomial:
    return {(): value} if value else {}


def _sum(parts: Iterable[Polynomial]) -> Polynomial:
    total: Polynomial = {}
    for part in parts:
        for monomial, coefficient in part.items():
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def _scaled(part: Polynomial, factor: Fraction | int) -> Polynomial:
    return {monomial: coefficient * factor for monomial, coefficient in part.items() if factor}


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for (left, x), (right, y) in itertools.product(a.items(), b.items()):
        monomial = tuple(sorted(left + right))
        product[monomial] = product.get(monomial, Fraction(0)) + x * y
        if len(product) > MAX_TERMS:
            raise Fault(Rule.BAD_FORMULA, "the formula is too long to be bounded exactly")
    return {monomial: coefficient for monomial, coefficient in product.items() if coefficient}


def _reduced(over: Polynomial, under: Polynomial) -> Ratio:
    """The ratio without factors that are easily seen in both parts."""
    if not over:
        return Ratio({}, ONE)
    shared = functools.reduce(operator.and_, map(Counter, (*over, *under)))
    divisor = {tuple(sorted(shared.elements())): Fraction(1)}
    over, under = _divided(over, divisor) or {}, _divided(under, divisor) or {}
    whole, part = _divided(over, under), _divided(under, over)
    if whole is not None:
        return Ratio(whole, ONE)
    return Ratio(over, under) if part is None else Ratio(ONE, part)


def _divided(a: Polynomial, b: Polynomial) -> Polynomial | None:
    """a / b where b divides a exactly, else None (schoolbook division, lexicographic order)."""
    if not b:
        return None
    names = sorted(_names(a) | _names(b))

    def rank(monomial: Monomial) -> tuple[int, ...]:
        return tuple(map(monomial.count, names))

    lead = max(b, key=rank)
    quotient: Polynomial = {}
    rest = dict(a)
    while rest:
        top = max(rest, key=rank)
        powers = Counter(top)
        powers.subtract(lead)
        if min(powers.values(), default=0) < 0:
            return None
        step = {tuple(sorted(powers.elements())): rest[top] / b[lead]}
        quotient = _sum([quotient, step])
        rest = _sum([rest, _scaled(_times(step, b), -1)])
        if len(quotient) > MAX_TERMS:
            return None
    return quotient


def _names(part: Polynomial) -> set[str]:
    return set().union(*part)


def _by_power(part: Polynomial, name: str) -> dict[int, Polynomial]:
    """The polynomials that multiply each power of a variable."""
    found: dict[int, Polynomial] = {}
    for monomial, coefficient in part.items():
        rest = tuple(other for other in monomial if other != name)
        found.setdefault(monomial.count(name), {})[rest] = coefficient
    return found


def _degree(part: Polynomial, name: str) -> int:
    return max(_by_power(part, name), default=0)


def _derivative(part: Polynomial, name: str) -> Polynomial:
    return _sum(
        _times(_scaled(factor, power), {(name,) * (power - 1): Fraction(1)})
        for power, factor in _by_power(part, name).items()
        if power
    )


def _at(part: Polynomial, name: str, end: End) -> Polynomial:
    """The polynomial where a variable is at its end; at infinity, what leads there."""
    powers, value = _by_power(part, name), end.value
    if value is None:
        return powers[max(powers)] if powers else {}
    return _sum(_scaled(factor, value**power) for power, factor in powers.items())
