"""Measured lettering: how wide a text is about, and the lines that it takes.

Vega-Lite neither wraps a text nor makes room for it, so the forms do.
"""

import math
from collections.abc import Iterable

from explainer.charts.theme import SMALL

# Advance widths of the vendored font's regular weight, in hundredths of its size.
_WIDTHS = {
    24: "',.:;ij|‘’ \u00a0\u202f",
    30: "Il!()[]f{}-/\\rt°",
    42: '"*?szxcvy“”',
    48: "JLYEF",
    62: "DGNHU→←",
    66: "OQ",
    82: "MWwm%@—…",
}


class _Widths(dict[str, float]):
    """The width of each character in parts of its size; of one not told, the usual one."""

    def __missing__(self, character: str) -> float:
        self[character] = width = 0.56 if ord(character) < 0x2E80 else 1.0
        return width


_WIDTH_OF = _Widths((char, width / 100) for width, chars in _WIDTHS.items() for char in chars)


def text_width(text: str, size: float = SMALL, bold: bool = False) -> float:
    """About how wide a line of text is in px, rather too wide than too narrow."""
    # Not sum(), which is more exact from Python 3.12 on: charts would differ by version.
    return math.fsum(map(_WIDTH_OF.__getitem__, text)) * (size * (1.05 if bold else 1.0))


def wrapped(text: str, width: float, size: float = SMALL, bold: bool = False) -> list[str]:
    """The text in lines of at most ``width`` px; a word that is wider alone is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and text_width(f"{line} {word}", size, bold) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold) > width and len(word) > 1:
            heads = range(len(word) - 1, 1, -1)
            head = next((n for n in heads if text_width(f"{word[:n]}-", size, bold) <= width), 1)
            lines.append(word[:head] + "-")
            word = word[head:]
        line = word
    return [*lines, line]


Box = tuple[float, float, float, float]
"""What a mark or lettering takes, in px: its left, upper, right and lower edge."""


def box_of(x: float, y: float, align: str, wide: float, high: float) -> Box:
    """What lettering of this extent takes that stands below a point, aligned so."""
    left = x - {"left": 0, "center": 0.5, "right": 1}[align] * wide
    return left, y, left + wide, y + high


def covered(box: Box, others: Iterable[Box]) -> float:
    """The area in square px that a box shares with each of the others, in all."""
    west, north, east, south = box
    return math.fsum(
        (min(east, right) - max(west, left)) * (min(south, low) - max(north, high))
        for left, high, right, low in others
        if left < east and right > west and high < south and low > north
    )


def widest(lines: Iterable[str], size: float = SMALL, bold: bool = False) -> float:
    """The width in px of the widest of these lines, 0 when there is none."""
    return max((text_width(line, size, bold) for line in lines), default=0)
