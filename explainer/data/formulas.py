"""Formulas over quantities: parsed, checked for units, and bounded exactly.

A formula is turned into one rational function (a polynomial over a polynomial) of the quantities
that it names, so that a quantity named twice is one quantity; `bounds.py` finds its range.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from explainer.data import bounds
from explainer.data.bounds import Ratio
from explainer.data.quantities import LARGEST, Dimensions, Quantity, Unit, dimensions
from explainer.problems import Fault, Rule

MAX_LENGTH = 1000


@dataclass(frozen=True)
class Call:
    """A function call in a formula, such as `claim("id")`."""

    function: str
    arguments: tuple[str, ...]
    cells: tuple[tuple[str, str], ...] = ()
    """Of a series: the column, and which cells its rows have to have."""

    @property
    def section(self) -> str:
        """Of which section its arguments are."""
        return {"claim": "claims", "stated": "claims", "distance": "places"}.get(
            self.function, "series"
        )

    @property
    def column(self) -> str:
        """The column of a series that is asked for; empty where none is named."""
        return dict(self.cells).get("column", "")

    @property
    def where(self) -> dict[str, str]:
        """Which cells the rows of a series have to have, by their columns."""
        return {column: cell for column, cell in self.cells if column != "column"}


Tree = Fraction | Call | tuple[str, "Tree", "Tree"]

FUNCTIONS = {"claim": 1, "stated": 1, "distance": 2}
"""What a formula may call, and with how many texts in quotes."""

ONE_OF = ("first", "last", "min", "max")
"""What picks one of several numbers of a series."""

OVER_SERIES = (*ONE_OF, "mean", "sum")
"""What a formula may call over several numbers of a series."""


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its text, its tree, and its calls with the text between them, in order."""

    text: str
    tree: Tree
    pieces: tuple[str | Call, ...] = ()

    def calls(self) -> list[Call]:
        """The calls that it makes, in order, each once."""
        return list(dict.fromkeys(_calls_in(self.tree)))

    def is_sum(self) -> bool:
        """Whether it is a sum or a difference as a whole."""
        return isinstance(self.tree, tuple) and self.tree[0] in ("+", "-")

    def as_written(self) -> bool:
        """Whether it is a number of a series, or a sum of them, and nothing else."""
        tree = self.tree
        return isinstance(tree, Call) and tree.section == "series" and tree.function != "mean"

    def cell(self) -> Call | None:
        """The call of which it is nothing but a number that stands in a series; None of others."""
        tree = self.tree
        return tree if isinstance(tree, Call) and tree.function in ("series", *ONE_OF) else None

    def divides_by_a_call(self) -> bool:
        """Whether it is a quotient of quantities, which carries fewer digits than they do."""
        operations = (part for part in _parts(self.tree) if isinstance(part, tuple))
        return any(_calls_in(right) for operator, _, right in operations if operator == "/")


def parse_formula(text: str) -> Formula:
    """Parse a formula. Raises `Fault` (rule `bad-formula`)."""
    if len(text) > MAX_LENGTH:
        raise _bad(f"the formula is longer than {MAX_LENGTH} characters")
    try:
        plain = " ".join(text.split()).translate(_SIGNS)
        if re.search(r"[0-9]_|0[xXoObB]|[0-9][eEjJ]", re.sub(r"\".*?\"|'.*?'", "", plain)):
            raise _bad(f'"{text}" holds a number that is not in plain digits')
        body = ast.parse(plain, mode="eval").body
        return Formula(text.strip(), _tree(body, text), tuple(_pieces(body, plain.encode())))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _bad(f'"{text}" is not a formula') from error


def evaluate(
    formula: Formula, resolve: Callable[[Call], Quantity], unit: Unit, digits: int | None
) -> Quantity:
    """The quantity that a formula gives, in `unit`.

    `resolve` gives the quantity of a call. Without `digits`, products and sums are printed to
    three significant digits and quotients of quantities to two: a quotient of rounded figures is
    known no better. A number of a series, or a sum of them, is printed as it stands there. Raises
    `Fault` where units do not fit, a divisor can be zero, or the result has no bounded end.
    """
    variables: dict[str, Quantity] = {}
    found, ratio = _algebra(formula.tree, resolve, variables)
    if found != unit.dimensions:
        message = f'the formula gives {_in_words(found)}, not "{unit.symbol}"'
        hint = "change the unit, or what the formula divides and multiplies"
        raise Fault(Rule.UNIT_MISMATCH, message, hint)
    low, high = bounds.range_of(ratio, variables)
    if (low.value is None and high.value is None) or not (low.stated or high.stated):
        raise Fault(
            Rule.UNBOUNDED,
            "the result has no bounded end",
            'open ends ("up to", "at least") of its claims pull it both ways; use stated("…") '
            "where you mean the stated figure itself, and say so in the text",
        )
    for end in (low, high):
        size = abs((end.value or 0) / unit.factor)
        if end.stated and size and not Fraction(1, LARGEST) < size < LARGEST:
            words, other = ("large", "larger") if size >= LARGEST else ("small", "smaller")
            message = f"the result is too {words} to be printed in {unit.symbol}"
            raise Fault(Rule.BAD_QUANTITY, message, f"give it in a {other} unit")
    approximate = any(quantity.approximate for quantity in variables.values())
    default: int | None = 2 if formula.divides_by_a_call() else 3
    if formula.as_written() and next(iter(variables.values())).unit.factor == unit.factor:
        default = None
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
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node)
    raise _bad(f'"{text}" holds something that a formula cannot say')


def _call(node: ast.Call) -> Call:
    name = ast.unparse(node.func)
    if name == "series":
        return _series_call(name, node)
    if name in OVER_SERIES:
        inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "series":
            return _series_call(name, inner)
        raise _bad(f'{name} is written {name}(series("…", column="…"))')
    if name not in FUNCTIONS:
        raise _bad(f'a formula knows no function "{name}"')
    arguments = tuple(
        argument.value
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
    if len(arguments) != len(node.args) or len(arguments) != FUNCTIONS[name] or node.keywords:
        wanted = ", ".join(['"…"'] * FUNCTIONS[name])
        raise _bad(f"{name} is written {name}({wanted})")
    return Call(name, arguments)


def _series_call(function: str, node: ast.Call) -> Call:
    """A call of a series, or of a function over it."""
    id = node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], ast.Constant) else 0
    cells = {
        word.arg: str(word.value.value)
        for word in node.keywords
        if word.arg
        and isinstance(word.value, ast.Constant)
        and type(word.value.value) in (int, str)
    }
    if not isinstance(id, str) or len(cells) != len(node.keywords):
        raise _bad('series is written series("…", column="…", year=1810)')
    return Call(function, (id,), tuple(cells.items()))


def _pieces(body: ast.expr, plain: bytes) -> Iterator[str | Call]:
    """The calls of a formula and what stands between them, in the order of its text."""
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
    position = 0
    for node in sorted(calls, key=lambda node: node.col_offset):
        if node.col_offset < position:
            # Within the call before it.
            continue
        yield plain[position : node.col_offset].decode()
        yield _call(node)
        position = node.end_col_offset or 0
    yield plain[position:].decode()


def _bad(message: str) -> Fault:
    return Fault(
        Rule.BAD_FORMULA,
        message,
        'a formula is made of claim("id"), stated("id"), series("id", year=1810), '
        'distance("place", "place"), numbers, + - * / and brackets',
    )


def _parts(tree: Tree) -> Iterator[Tree]:
    """A formula and all of which it is made, in the order of its text."""
    yield tree
    for part in tree[1:] if isinstance(tree, tuple) else ():
        yield from _parts(part)


def _calls_in(tree: Tree) -> list[Call]:
    return [part for part in _parts(tree) if isinstance(part, Call)]


# Algebra: the formula as a ratio of polynomials


def _algebra(
    tree: Tree, resolve: Callable[[Call], Quantity], variables: dict[str, Quantity]
) -> tuple[Dimensions, Ratio]:
    """The dimensions of a formula, and its ratio of `variables`, noted as they are met."""
    if isinstance(tree, Fraction):
        return (), bounds.constant(tree)
    if isinstance(tree, Call):
        name = repr(tree)
        unit = variables.setdefault(name, resolve(tree)).unit
        return unit.dimensions, bounds.variable(name, unit.factor)
    operator, left, right = tree
    left_dimensions, a = _algebra(left, resolve, variables)
    right_dimensions, b = _algebra(right, resolve, variables)
    if operator in "+-":
        if isinstance(left, Fraction) and left == 0:
            left_dimensions = right_dimensions
        if left_dimensions != right_dimensions:
            word = "add" if operator == "+" else "subtract"
            both = f"{_in_words(right_dimensions)} and {_in_words(left_dimensions)}"
            raise Fault(Rule.UNIT_MISMATCH, f"cannot {word} {both}")
        return left_dimensions, a.plus(b, 1 if operator == "+" else -1)
    powers = dict(left_dimensions)
    for name, power in right_dimensions:
        powers[name] = powers.get(name, 0) + (power if operator == "*" else -power)
    return dimensions(powers), a.times(b.upside_down() if operator == "/" else b)


def _in_words(found: Dimensions) -> str:
    if not found:
        return "a pure number"
    over = " × ".join(f"{n}" + (f"^{p}" if p > 1 else "") for n, p in found if p > 0)
    under = " × ".join(f"{n}" + (f"^{-p}" if p < -1 else "") for n, p in found if p < 0)
    return (over or "1") + (f" per {under}" if under else "")
