"""A site's own colours: whether they can be read and told apart, and the tokens they stand for.

Contrast is that of WCAG 2.2; how colour-blind eyes see a colour is the model of Machado, Oliveira
and Fernandes (2009) at its full strength; how far apart two colours lie is measured in Oklab.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from explainer.charts.theme import TOKENS
from explainer.data.models import Colors

READABLE, VISIBLE, APART = 4.5, 3, 0.08
"""The least contrast of words and of marks with the page, and the least distance of two hues."""

SOFT = (0.85, 0.75)
"""How much of a soft fill is the page, light and dark."""

SOFTENED = 3
"""How many of the product colours have a soft fill, and are the colour of words, too."""

SIGHTS = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "people who lack red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "people who lack green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
"""Who looks, and what becomes of linear red, green and blue before their eyes."""

Vector = tuple[float, ...]


def shades(colors: Colors) -> dict[str, tuple[str, str]]:
    """The tokens that a site's own colours stand for, each with its light and its dark colour."""
    found = {}
    named = {"--accent": colors.accent} if colors.accent else {}
    named |= {f"--series-{number}": own for number, own in enumerate(colors.products, 1)}
    for token, own in named.items():
        pair = (own.light, own.dark)
        found[token] = pair
        if token == "--accent" or int(token[-1]) <= SOFTENED:
            light, dark = map(mixed, pair, TOKENS["--chart-paper"], SOFT)
            found[f"{token}-soft"] = (light, dark)
    return found


def recolored(style: str, shades: Mapping[str, tuple[str, str]]) -> str:
    """A style sheet in which these tokens have these colours; what it says of others stays."""

    def own(match: re.Match[str]) -> str:
        if match[1] not in shades:
            return match[0]
        light, dark = shades[match[1]]
        value = light if match[2].startswith("#") else f"light-dark({light}, {dark})"
        return f"{match[1]}: {value};"

    return re.sub(r"(--[a-z0-9-]+):\s*(#[0-9a-fA-F]{3,8}|light-dark\([^()]*\))\s*;", own, style)


def contrast(one: str, other: str) -> float:
    """How far two colours, such as #0072b2, differ in brightness: from 1 to 21."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of a colour, from 0 to 1."""
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(one: str, other: str, part: float) -> str:
    """A colour, with so large a part of another in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * part)):02x}" for a, b in pairs)


def legible(color: str, paper: str, least: float) -> str:
    """The colour, made as much darker or lighter as it takes to have that contrast with a page."""
    end = "#000000" if luminance(paper) > 0.2 else "#ffffff"
    made = (mixed(color, end, step / 50) for step in range(51))
    return next((found for found in made if contrast(found, paper) >= least), end)


def alike(colors: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The pairs that lie too close together, by their numbers from 1, and for whom first."""
    told = set[tuple[int, int]]()
    for who, sight in SIGHTS.items():
        seen = [_oklab(_applied(sight, _linear(color))) for color in colors]
        for one, other in combinations(range(len(colors)), 2):
            if (one, other) not in told and distance(seen[one], seen[other]) < APART:
                told.add((one, other))
                yield one + 1, other + 1, who


def distance(one: Vector, other: Vector) -> float:
    """How far apart two colours of Oklab lie; from 0.02 on, most people see a difference."""
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


def _channels(color: str) -> Vector:
    return tuple(int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))


def _linear(color: str) -> Vector:
    return tuple(
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color)
    )


def _applied(matrix: Sequence[Sequence[float]], vector: Vector) -> Vector:
    rows = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return tuple(min(1, max(0, value)) for value in rows)


def _oklab(linear: Vector) -> Vector:
    """Linear red, green and blue as lightness, green to red and blue to yellow (Ottosson, 2020)."""
    red, green, blue = linear
    cones = (
        0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue,
        0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue,
        0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue,
    )
    long, middle, short = (cone ** (1 / 3) for cone in cones)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )
