"""What of a drawing's lettering cannot be read: measured on the SVG, after Vega has placed it.

Each line of text is a box as high as its letters, turned as it is turned. Two boxes that share
more than a stroke, and one that reaches out of the picture, are found.
"""

import cmath
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from explainer.figures.lettering import width

TOLERANCE = 2.0
"""How far, in px, two boxes may reach into each other, or one out of the picture: letters have a
little air around them, and kerning is not measured."""

ASCENT, DESCENT = 0.72, 0.2
"""How far letters reach above and below their baseline, in parts of their size."""

HANGING = frozenset("gjpqyçQ,;()[]{}|/$")
"""Characters that reach below it."""

MOST = 100
"""How many are counted in one drawing: where thousands collide, a hundred say so."""


class Overlap(NamedTuple):
    """A text, and the one that covers it; nothing where the picture's edge cuts it off."""

    text: str
    other: str


class _Line(NamedTuple):
    """A line of lettering."""

    text: str
    owner: int
    """The text that it is a line of."""
    corners: list[complex]
    """Those of its box in px of the picture, in order."""
    clipped: bool
    """Whether it stands in a part of the picture that may be meant to be cut."""

    @property
    def top(self) -> float:
        return min(corner.imag for corner in self.corners)

    @property
    def bottom(self) -> float:
        return max(corner.imag for corner in self.corners)


def overlaps(svg: str, fonts: Path) -> list[Overlap]:
    """The texts of a drawing that cover each other, or are cut off, from the top down.

    `fonts` is the folder of those that it is drawn with.
    """
    tree = ElementTree.fromstring(svg)
    corner = complex(float(tree.attrib["width"]), float(tree.attrib["height"]))
    lines = sorted(_lines(tree, 0, 1, False, fonts), key=lambda line: (line.top, line.text))
    found: dict[Overlap, None] = {}
    above: list[_Line] = []
    for line in lines:
        if not line.clipped and _reaches_out(line, corner):
            found[Overlap(line.text, "")] = None
        above = [other for other in above if other.bottom > line.top + TOLERANCE]
        found |= {Overlap(other.text, line.text): None for other in above if _cover(other, line)}
        if len(found) > MOST:
            break
        above.append(line)
    return list(found)


def _lines(
    element: ElementTree.Element, place: complex, turn: complex, clipped: bool, fonts: Path
) -> Iterator[_Line]:
    """The lines of the texts that can be seen in an element, which stands in what is placed and
    turned so."""
    if element.get("opacity") == "0":
        # So Vega leaves out what has no room.
        return
    for kind, given in re.findall(r"(translate|rotate)\(([^)]*)\)", element.get("transform", "")):
        numbers = [float(number) for number in given.split(",")]
        if kind == "translate":
            place += turn * complex(*numbers)
        else:
            turn *= cmath.rect(1, math.radians(numbers[0]))
    if element.tag.endswith("}text"):
        for text, box in _boxes(element, fonts):
            corners = [place + turn * corner for corner in box]
            yield _Line(text, id(element), corners, clipped)
        return
    for inner in element:
        yield from _lines(inner, place, turn, clipped or "clip-path" in element.attrib, fonts)


def _boxes(text: ElementTree.Element, fonts: Path) -> Iterator[tuple[str, list[complex]]]:
    """What each line of a text says, and its corners beside the place of the text."""
    size = float(text.get("font-size", "11px").removesuffix("px"))
    bold = text.get("font-weight") in ("bold", "600", "700", "800", "900")
    part = {"middle": 0.5, "end": 1}.get(text.get("text-anchor", ""), 0)
    y = 0.0
    for line in list(text) or [text]:
        y += float(line.get("dy", 0))
        said = "".join(line.itertext()).strip()
        if said:
            long = width(said, size, bold, fonts)
            left, top = -part * long, y - ASCENT * size
            low = y + (DESCENT * size if HANGING & set(said) else 0)
            right = left + long
            yield (
                said,
                [complex(left, top), complex(right, top), complex(right, low), complex(left, low)],
            )


def _reaches_out(line: _Line, far: complex) -> bool:
    return not all(
        -TOLERANCE <= corner.real <= far.real + TOLERANCE
        and -TOLERANCE <= corner.imag <= far.imag + TOLERANCE
        for corner in line.corners
    )


def _cover(one: _Line, other: _Line) -> bool:
    """Whether two boxes share more than the tolerance, seen along the edges of both."""
    if one.owner == other.owner:
        return False
    if one.text == other.text and abs(one.corners[0] - other.corners[0]) < TOLERANCE:
        # A text over its own outline.
        return False
    for box in (one.corners, other.corners):
        for edge in (box[1] - box[0], box[2] - box[1]):
            along = edge / (abs(edge) or 1)
            spans = [
                sorted((corner * along.conjugate()).real for corner in line.corners)
                for line in (one, other)
            ]
            if min(span[-1] for span in spans) - max(span[0] for span in spans) <= TOLERANCE:
                return False
    return True
