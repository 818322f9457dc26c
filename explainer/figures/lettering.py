"""How wide lettering is in the fonts that charts are drawn with, read from the fonts themselves."""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from explainer.problems import ContentError, Place, Problem, Rule, shown

OTHER = 0.56
"""The width of a character that the font lacks, in parts of its size."""

HEAVY = 600
"""The weight from which a font is bold."""


def width(text: str, size: float, bold: bool, folder: Path) -> float:
    """The width in px of a line of text in the fonts of a folder; kerning is left out, which
    makes a line some hundredths shorter."""
    widths = _widths(folder, bold)
    # Not sum(), which is more exact from Python 3.12 on: problems would differ by version.
    return math.fsum(widths.get(ord(character), OTHER) for character in text) * size


def letters(folder: Path) -> str:
    """The characters that the fonts of a folder have, in order; empty where it has no fonts."""
    return "".join(map(chr, sorted(_widths(folder, False))))


@cache
def _widths(folder: Path, bold: bool) -> Mapping[int, float]:
    """The advance widths of a folder's font by code point, in parts of its size.

    Empty where it has none of that weight.
    """
    for path in sorted(folder.glob("*.ttf")):
        heavy, widths = font(path)
        if bold == heavy:
            return widths
    return {}


@cache
def font(path: Path) -> tuple[bool, Mapping[int, float]]:
    """Whether a font is bold, and its advance widths. Raises `ContentError` if it is unreadable."""
    from fontTools.ttLib import TTFont

    try:
        if path.read_bytes().startswith(b"wOF"):
            raise ValueError("it is packed for pages (WOFF)")
        with TTFont(path, lazy=True) as read:
            em, advances = read["head"].unitsPerEm, read["hmtx"].metrics
            widths = {code: advances[glyph][0] / em for code, glyph in read.getBestCmap().items()}
            return read["OS/2"].usWeightClass >= HEAVY, widths
    except Exception as error:
        # Of what fails over the bytes of a file that may be anything, no list is whole.
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "put a whole TrueType font there, or delete it: ours takes its place"
        message = f"is no font that can be read: {why}"
        raise ContentError(
            [Problem(Place(shown(path), 1), Rule.UNREADABLE, message, hint)]
        ) from error
