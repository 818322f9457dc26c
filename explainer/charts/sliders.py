"""Sliders over claims: how far they go, and what expressions of Vega work out from them."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from explainer.charts.form import number
from explainer.data.agreement import TOLERANCE
from explainer.data.formulas import Call, Tree
from explainer.data.quantities import Quantity, Unit
from explainer.voice.voice import Voice


class Slider(NamedTuple):
    """How far a slider goes, in which steps, and where it begins."""

    low: Fraction
    high: Fraction
    step: Fraction
    start: Fraction


def slider_over(figures: Sequence[Fraction], start: Fraction) -> Slider:
    """A slider from the least to the greatest of these figures, in round steps.

    The steps are as large as they can be, at least fifty and at most two thousand, where they meet
    both ends and the start; where none does, the ends are widened to whole steps.
    """
    low, high = min(figures), max(figures)
    for part in (50, 100, 200, 500, 1000, 2000):
        step = _step((high - low) / part)
        if all((figure - low) % step == 0 for figure in (high, start)) and low % step == 0:
            return Slider(low, high, step, start)
    step = _step((high - low) / 200)
    return Slider(low // step * step, -(-high // step) * step, step, start)


def _step(most: Fraction) -> Fraction:
    """The greatest step of 1, 2 or 5 times a power of ten that is not above `most`."""
    power = Fraction(1)
    while power > most:
        power /= 10
    while power * 10 <= most:
        power *= 10
    return max(power * step for step in (1, 2, 5) if power * step <= most)


def param_of(name: str) -> str:
    """The parameter of an input: a name that an expression can hold."""
    return "_" + name.replace("-", "_")


def expression(tree: Tree, voice: Voice) -> str:
    """A formula over parameters, in base units, as an expression of Vega."""
    if isinstance(tree, Fraction):
        return str(number(tree))
    if isinstance(tree, Call):
        name = tree.arguments[0]
        return scaled(param_of(name), voice.quantity(name).unit.factor)
    operator, left, right = tree
    return f"({expression(left, voice)} {operator} {expression(right, voice)})"


def scaled(expression: str, factor: Fraction) -> str:
    """An expression times a factor, without the steps that do nothing."""
    over = f" * {factor.numerator}" if factor.numerator != 1 else ""
    under = f" / {factor.denominator}" if factor.denominator != 1 else ""
    return f"({expression}{over}{under})" if over or under else expression


def agreement(quantity: Quantity, unit: Unit) -> str:
    """The test whether what follows agrees with a figure stated, as near as claims must agree."""
    ratio = quantity.unit.factor / unit.factor
    ends = ((">=", quantity.low, -1), ("<=", quantity.high, 1))
    # Outwards, on either side of zero.
    return " && ".join(
        f"result {sign} {float(end * ratio * (1 - TOLERANCE) ** (-1 if end * way > 0 else 1)):.12g}"
        for sign, end, way in ends
        if end is not None
    )


def written(amount: str, voice: Voice) -> str:
    """The expression of a number, with the signs of the page's language."""
    symbols = voice.language.locale.number_symbols["latn"]
    decimal, group = quoted(symbols["decimal"]), quoted(symbols["group"])
    if (decimal, group) == ('"."', '","'):
        return amount
    parts = f"split({amount}, '.')"
    whole = f"join(split({parts}[0], ','), {group})"
    return f"{whole} + (length({parts}) > 1 ? {decimal} + {parts}[1] : '')"


def quoted(text: Any) -> str:
    """A text, or a list of texts, within an expression of Vega."""
    return json.dumps(text, ensure_ascii=False)
