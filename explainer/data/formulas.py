"""Formulas over quantities: parsed, checked for units, and bounded exactly.

A formula is turned into one rational function (a polynomial over a polynomial) of the quantities
that it names, so that a quantity named twice is one quantity. The range of that function over the
box of the quantities' intervals is found from the box's corners: a function that is linear or
linear-fractional in each variable is monotone along each, so its extremes lie there; for higher
powers the sign of the derivative has to be certain (R. E. Moore, R. B. Kearfott, M. J. Cloud,
*Introduction to Interval Analysis*, SIAM 2009, chapter 6, on monotonicity and dependency).
"""

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from explainer.data.quantities import Dimensions, Quantity, QuantityError, Unit, dimensions
from explainer.problems import Rule

MAX_LENGTH = 1000
MAX_TERMS = 400
MAX_VARIABLES = 10

Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, Fraction]


@dataclass(frozen=True)
class Call:
    """A function call in a formula, such as `claim("id")`."""

    function: str
    arguments: tuple[str, ...]


Tree = Fraction | Call | tuple[str, "Tree", "Tree"]

FUNCTIONS = {"claim": 1, "stated": 1, "distance": 2}
"""What a formula may call, and with how many texts in quotes."""


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its text and its tree."""

    text: str
    tree: Tree

    def calls(self) -> list[Call]:
        """The calls that it makes, in order, each once."""
        return list(dict.fromkeys(_calls(self.tree)))

    def divides_by_a_call(self) -> bool:
        """Whether it is a quotient of quantities, which carries fewer digits than they do."""
        return any(_calls(node[2]) for node in _operations(self.tree) if node[0] == "/")


def parse_formula(text: str) -> Formula:
    """Parse a formula. Raises `QuantityError` (rule `bad-formula`)."""
    if len(text) > MAX_LENGTH:
        raise _bad(f"the formula is longer than {MAX_LENGTH} characters")
    try:
        plain = text.strip().translate(_SIGNS)
        if re.search(r"[0-9]_|0[xXoObB]|[0-9][eEjJ]", re.sub(r"\".*?\"|'.*?'", "", plain)):
            raise _bad(f'"{text}" holds a number that is not in plain digits')
        body = ast.parse(plain, mode="eval").body
        return Formula(text.strip(), _tree(body, text))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, QuantityError):
            raise
        raise _bad(f'"{text}" is not a formula') from error


def evaluate(
    formula: Formula, resolve: Callable[[Call], Quantity], unit: Unit, digits: int | None
) -> Quantity:
    """The quantity that a formula gives, in `unit`.

    `resolve` gives the quantity of a call. Without `digits`, products and sums are printed to
    three significant digits and quotients of quantities to two: a quotient of rounded figures is
    known no better. Raises `QuantityError` where units do not fit, a divisor can be zero, or the
    result has no bounded end.
    """
    variables: dict[str, Quantity] = {}

    def variable(call: Call) -> str:
        name = f"{call.function}({', '.join(call.arguments)})"
        variables.setdefault(name, resolve(call))
        return name

    found, ratio = _algebra(formula.tree, variable, variables)
    if found != unit.dimensions:
        raise QuantityError(
            Rule.UNIT_MISMATCH,
            f'the formula gives {_in_words(found)}, not "{unit.symbol}"',
            "change the unit, or what the formula divides and multiplies",
        )
    low, high = _range(ratio, variables)
    if (low.value is None and high.value is None) or not (low.stated or high.stated):
        raise QuantityError(
            Rule.UNBOUNDED,
            "the result has no bounded end",
            'open ends ("up to", "at least") of its claims pull it both ways; use stated("…") '
            "where you mean the stated figure itself, and say so in the text",
        )
    approximate = any(quantity.approximate for quantity in variables.values())
    default = 2 if formula.divides_by_a_call() else 3
    return Quantity(
        low.value / unit.factor if low.stated and low.value is not None else None,
        high.value / unit.factor if high.stated and high.value is not None else None,
        unit,
        approximate,
        low.strict if not high.stated else high.strict if not low.stated else False,
        digits or default,
    )


# Parsing

_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-"})

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


def _tree(node: ast.expr, text: str) -> Tree:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)], _tree(node.left, text), _tree(node.right, text)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return "-", Fraction(0), _tree(node.operand, text)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Fraction(repr(node.value))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _call(node, node.func.id)
    raise _bad(f'"{text}" holds something that a formula cannot say')


def _call(node: ast.Call, name: str) -> Call:
    if name not in FUNCTIONS:
        raise _bad(f'a formula knows no function "{name}"')
    arguments = tuple(
        argument.value
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
    if len(arguments) != len(node.args) or len(arguments) != FUNCTIONS[name]:
        wanted = ", ".join(['"…"'] * FUNCTIONS[name])
        raise _bad(f"{name} is written {name}({wanted})")
    return Call(name, arguments)


def _bad(message: str) -> QuantityError:
    return QuantityError(
        Rule.BAD_FORMULA,
        message,
        'a formula is made of claim("id"), stated("id"), distance("place", "place"), numbers, '
        "+ - * / and brackets",
    )


def _calls(tree: Tree) -> list[Call]:
    if isinstance(tree, Call):
        return [tree]
    return [*_calls(tree[1]), *_calls(tree[2])] if isinstance(tree, tuple) else []


def _operations(tree: Tree) -> Iterator[tuple[str, Tree, Tree]]:
    if isinstance(tree, tuple):
        yield tree
        yield from _operations(tree[1])
        yield from _operations(tree[2])


# Algebra: the formula as a ratio of polynomials


@dataclass(frozen=True)
class _Ratio:
    over: Polynomial
    under: Polynomial


def _algebra(
    tree: Tree, variable: Callable[[Call], str], known: dict[str, Quantity]
) -> tuple[Dimensions, _Ratio]:
    if isinstance(tree, Fraction):
        return (), _Ratio(_constant(tree), _constant(Fraction(1)))
    if isinstance(tree, Call):
        name = variable(tree)
        unit = known[name].unit
        return unit.dimensions, _Ratio({((name, 1),): unit.factor}, _constant(Fraction(1)))
    operator, left, right = tree
    left_dimensions, a = _algebra(left, variable, known)
    right_dimensions, b = _algebra(right, variable, known)
    if operator in "+-":
        if isinstance(left, Fraction) and left == 0:
            left_dimensions = right_dimensions
        if left_dimensions != right_dimensions:
            word = "add" if operator == "+" else "subtract"
            raise QuantityError(
                Rule.UNIT_MISMATCH,
                f"cannot {word} {_in_words(right_dimensions)} and {_in_words(left_dimensions)}",
            )
        return left_dimensions, _sum(a, b, 1 if operator == "+" else -1)
    powers = dict(left_dimensions)
    for name, power in right_dimensions:
        powers[name] = powers.get(name, 0) + (power if operator == "*" else -power)
    if operator == "/":
        if not b.over:
            raise QuantityError(Rule.BAD_FORMULA, "the formula divides by zero")
        b = _Ratio(b.under, b.over)
    return dimensions(powers), _reduced(_times(a.over, b.over), _times(a.under, b.under))


def _sum(a: _Ratio, b: _Ratio, sign: int) -> _Ratio:
    """a ± b over the simplest common denominator that is easily seen."""
    for big, small, swapped in ((a, b, False), (b, a, True)):
        factor = _divided(big.under, small.under)
        if factor is not None:
            scaled = _times(small.over, factor)
            over = _plus(scaled, big.over, sign) if swapped else _plus(big.over, scaled, sign)
            return _reduced(over, big.under)
    over = _plus(_times(a.over, b.under), _times(b.over, a.under), sign)
    return _reduced(over, _times(a.under, b.under))


def _reduced(over: Polynomial, under: Polynomial) -> _Ratio:
    """The ratio without factors that are easily seen in both parts."""
    one = _constant(Fraction(1))
    if not over:
        return _Ratio({}, one)
    shared: dict[str, int] = {}
    terms = [dict(monomial) for monomial in (*over, *under)]
    for name in terms[0]:
        least = min(term.get(name, 0) for term in terms)
        if least:
            shared[name] = least
    if shared:
        over, under = (_lowered(part, shared) for part in (over, under))
    whole, part = _divided(over, under), _divided(under, over)
    if whole is not None:
        return _Ratio(whole, one)
    return _Ratio(over, under) if part is None else _Ratio(one, part)


def _lowered(part: Polynomial, shared: dict[str, int]) -> Polynomial:
    return {
        tuple(
            (name, power - shared.get(name, 0))
            for name, power in monomial
            if power != shared.get(name, 0)
        ): coefficient
        for monomial, coefficient in part.items()
    }


def _constant(value: Fraction) -> Polynomial:
    return {(): value} if value else {}


def _plus(a: Polynomial, b: Polynomial, sign: int = 1) -> Polynomial:
    total = dict(a)
    for monomial, coefficient in b.items():
        total[monomial] = total.get(monomial, Fraction(0)) + sign * coefficient
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for (left, x), (right, y) in itertools.product(a.items(), b.items()):
        powers = dict(left)
        for name, power in right:
            powers[name] = powers.get(name, 0) + power
        monomial = tuple(sorted(powers.items()))
        product[monomial] = product.get(monomial, Fraction(0)) + x * y
        if len(product) > MAX_TERMS:
            raise QuantityError(Rule.BAD_FORMULA, "the formula is too long to be bounded exactly")
    return {monomial: coefficient for monomial, coefficient in product.items() if coefficient}


def _divided(a: Polynomial, b: Polynomial) -> Polynomial | None:
    """a / b where b divides a exactly, else None (schoolbook division, lexicographic order)."""
    if not b:
        return None
    names = sorted({name for part in (a, b) for monomial in part for name, _ in monomial})

    def rank(monomial: Monomial) -> tuple[int, ...]:
        powers = dict(monomial)
        return tuple(powers.get(name, 0) for name in names)

    lead = max(b, key=rank)
    quotient: Polynomial = {}
    rest = dict(a)
    while rest:
        top = max(rest, key=rank)
        powers = [have - take for have, take in zip(rank(top), rank(lead), strict=True)]
        if min(powers, default=0) < 0:
            return None
        step: Polynomial = {
            tuple((n, p) for n, p in zip(names, powers, strict=True) if p): rest[top] / b[lead]
        }
        quotient = _plus(quotient, step)
        rest = _plus(rest, _times(step, b), -1)
        if len(quotient) > MAX_TERMS:
            return None
    return quotient


# Range over the box of the quantities' intervals

_INFINITE = None


@dataclass(frozen=True)
class _End:
    """An end of an interval: its value (None: no bound), whether it was stated, whether strict."""

    value: Fraction | None
    stated: bool
    strict: bool


def _range(ratio: _Ratio, known: dict[str, Quantity]) -> tuple[_End, _End]:
    names = sorted(_names(ratio.over) | _names(ratio.under))
    if len(names) > MAX_VARIABLES:
        raise QuantityError(
            Rule.BAD_FORMULA, f"a formula can hold at most {MAX_VARIABLES} different quantities"
        )
    box = {name: _box_ends(known[name]) for name in names}
    sign = _sign(ratio.under, box)
    if sign == 0:
        raise QuantityError(
            Rule.UNBOUNDED,
            "the divisor can be zero within its bounds",
            "the quotient then has no bounds; divide by a quantity that stays above zero",
        )
    for name in names:
        if max(_degree(ratio.over, name), _degree(ratio.under, name)) > 1:
            slope = _plus(
                _times(_derivative(ratio.over, name), ratio.under),
                _times(ratio.over, _derivative(ratio.under, name)),
                -1,
            )
            if slope and _sign(slope, box) == 0:
                raise QuantityError(
                    Rule.BAD_FORMULA,
                    "the formula turns within the bounds of its claims, so it cannot be bounded "
                    "from their ends",
                    "write it so that each claim occurs once",
                )
    corners: list[tuple[_Corner, bool, bool]] = []
    for choice in itertools.product((0, 1), repeat=len(names)):
        ends = {name: box[name][side] for name, side in zip(names, choice, strict=True)}
        stated = all(end.stated for end in ends.values())
        strict = any(end.strict for end in ends.values())
        for value in _limits(ratio.over, ratio.under, list(ends.items()), sign, box):
            corners.append((value, stated, strict))
    low = min(corners, key=lambda corner: (corner[0], not corner[1], corner[2]))
    high = max(corners, key=lambda corner: (corner[0], corner[1], not corner[2]))
    return _as_end(low), _as_end(high)


_Corner = tuple[int, Fraction]
"""A value on the extended line: (-1, 0) and (1, 0) are the infinities, (0, x) is x."""


def _as_end(corner: tuple[_Corner, bool, bool]) -> _End:
    (infinite, value), stated, strict = corner
    if infinite:
        return _End(None, False, strict)
    return _End(value, stated, strict)


def _box_ends(quantity: Quantity) -> tuple[_End, _End]:
    # An unstated lower end counts as 0: a signed measure cannot be "up to" something here.
    low = _End(quantity.low, True, quantity.strict and quantity.open == "high")
    high = _End(quantity.high, True, quantity.strict and quantity.open == "low")
    if quantity.low is None:
        low = _End(Fraction(0), False, False)
    if quantity.high is None:
        high = _End(_INFINITE, False, False)
    return low, high


def _limits(
    over: Polynomial,
    under: Polynomial,
    ends: list[tuple[str, _End]],
    sign: int,
    box: dict[str, tuple[_End, _End]],
) -> list[_Corner]:
    """The limit of over/under as each variable in turn goes to its end."""
    if not over:
        return [(0, Fraction(0))]
    if not ends:
        return [(0, over[()] / under[()])]
    (name, end), rest = ends[0], ends[1:]
    if end.value is None:
        a, b = _degree(over, name), _degree(under, name)
        top, bottom = _coefficient(over, name, a), _coefficient(under, name, b)
        if a < b:
            return [(0, Fraction(0))]
        if a > b:
            return _infinities(top, bottom, rest)
        return _limits(top, bottom, rest, sign, box)
    top, bottom = _substituted(over, name, end.value), _substituted(under, name, end.value)
    while not bottom and not top:
        step: Polynomial = _plus({((name, 1),): Fraction(1)}, _constant(end.value), -1)
        over, under = _divided(over, step) or {}, _divided(under, step) or {}
        top, bottom = (
            _substituted(over, name, end.value),
            _substituted(under, name, end.value),
        )
    if not bottom:
        return _infinities(top, _constant(Fraction(sign)), rest)
    return _limits(top, bottom, rest, sign, box)


def _infinities(top: Polynomial, bottom: Polynomial, rest: list[tuple[str, _End]]) -> list[_Corner]:
    """Plus or minus infinity by the sign of top/bottom where the other variables end."""
    signs = {_sign_at(top, rest), 0} - {0}
    divisor = _sign_at(bottom, rest)
    if not signs or not divisor:
        return [(-1, Fraction(0)), (1, Fraction(0))]
    return [(sign * divisor, Fraction(0)) for sign in signs]


def _sign_at(part: Polynomial, ends: list[tuple[str, _End]]) -> int:
    for name, end in ends:
        part = (
            _coefficient(part, name, _degree(part, name))
            if end.value is None
            else _substituted(part, name, end.value)
        )
    value = part.get((), Fraction(0))
    return (value > 0) - (value < 0)


def _sign(part: Polynomial, box: dict[str, tuple[_End, _End]]) -> int:
    """1 or -1 where the polynomial certainly keeps that sign inside the box, else 0."""
    low, high = (0, Fraction(0)), (0, Fraction(0))
    affine = all(power == 1 for monomial in part for _, power in monomial)
    if affine:
        names = sorted(_names(part))
        values = []
        for choice in itertools.product((0, 1), repeat=len(names)):
            ends = [(name, box[name][side]) for name, side in zip(names, choice, strict=True)]
            values.append(_sign_at(part, ends))
        if min(values) >= 0 and max(values) > 0:
            return 1
        return -1 if max(values) <= 0 and min(values) < 0 else 0
    for monomial, coefficient in part.items():
        a, b = _term_bounds(monomial, coefficient, box)
        low, high = _added(low, a), _added(high, b)
    if low >= (0, Fraction(0)) and high > (0, Fraction(0)):
        return 1
    return -1 if high <= (0, Fraction(0)) and low < (0, Fraction(0)) else 0


def _term_bounds(
    monomial: Monomial, coefficient: Fraction, box: dict[str, tuple[_End, _End]]
) -> tuple[_Corner, _Corner]:
    low = high = (0, Fraction(1))
    for name, power in monomial:
        start, stop = box[name]
        if start.value is None or start.value < 0:
            return (-1, Fraction(0)), (1, Fraction(0))
        low = (0, low[1] * start.value**power)
        infinite = high[0] or stop.value is None
        high = (1, Fraction(0)) if infinite else (0, high[1] * (stop.value or 0) ** power)
    scaled = [
        (end[0] * (1 if coefficient > 0 else -1), end[1] * coefficient) for end in (low, high)
    ]
    return min(scaled), max(scaled)


def _added(a: _Corner, b: _Corner) -> _Corner:
    return (a[0] or b[0], a[1] + b[1]) if not (a[0] or b[0]) else (a[0] or b[0], Fraction(0))


def _names(part: Polynomial) -> set[str]:
    return {name for monomial in part for name, _ in monomial}


def _degree(part: Polynomial, name: str) -> int:
    return max((dict(monomial).get(name, 0) for monomial in part), default=0)


def _coefficient(part: Polynomial, name: str, power: int) -> Polynomial:
    """The polynomial that multiplies name**power."""
    return {
        tuple(item for item in monomial if item[0] != name): coefficient
        for monomial, coefficient in part.items()
        if dict(monomial).get(name, 0) == power
    }


def _derivative(part: Polynomial, name: str) -> Polynomial:
    result: Polynomial = {}
    for monomial, coefficient in part.items():
        power = dict(monomial).get(name, 0)
        if power:
            left = tuple((n, p - (n == name)) for n, p in monomial if p - (n == name))
            result = _plus(result, {left: coefficient * power})
    return result


def _substituted(part: Polynomial, name: str, value: Fraction) -> Polynomial:
    result: Polynomial = {}
    for monomial, coefficient in part.items():
        power = dict(monomial).get(name, 0)
        left = tuple(item for item in monomial if item[0] != name)
        result = _plus(result, {left: coefficient * value**power} if value or not power else {})
    return result


def _in_words(found: Dimensions) -> str:
    if not found:
        return "a pure number"
    over = " × ".join(f"{n}" + (f"^{p}" if p > 1 else "") for n, p in found if p > 0)
    under = " × ".join(f"{n}" + (f"^{-p}" if p < -1 else "") for n, p in found if p < 0)
    return (over or "1") + (f" per {under}" if under else "")
