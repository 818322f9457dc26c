"""How wide lettering is in the fonts that charts are drawn with, read from the fonts themselves."""

import math
import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path

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
    """The advance widths of a folder's TrueType font by code point, in parts of its size.

    Empty where it has none of that weight. The tables are those of the OpenType specification:
    `head`, `hhea`, `hmtx`, `OS/2`, and a `cmap` of format 4.
    """
    for path in sorted(folder.glob("*.ttf")):
        font = path.read_bytes()
        count = struct.unpack_from(">H", font, 4)[0]
        records = (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(count))
        table = {name.decode(): offset for name, _, offset, _ in records}
        if bold == (struct.unpack_from(">H", font, table["OS/2"] + 4)[0] >= HEAVY):
            return _advances(font, table)
    return {}


def _advances(font: bytes, table: Mapping[str, int]) -> dict[int, float]:
    """The advance widths of a font whose tables begin there, by code point."""
    em = struct.unpack_from(">H", font, table["head"] + 18)[0]
    own = struct.unpack_from(">H", font, table["hhea"] + 34)[0]

    def advance(glyph: int) -> float:
        place = table["hmtx"] + 4 * min(glyph, own - 1)
        return float(struct.unpack_from(">H", font, place)[0] / em)

    return {code: advance(glyph) for code, glyph in _glyphs(font, table["cmap"]).items()}


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """The glyphs of a font by code point."""
    tables = struct.unpack_from(">H", font, cmap + 2)[0]
    offsets = [struct.unpack_from(">L", font, cmap + 8 + 8 * n)[0] for n in range(tables)]
    start = next(
        (cmap + o for o in offsets if struct.unpack_from(">H", font, cmap + o)[0] == 4), None
    )
    if start is None:
        return {}
    double = struct.unpack_from(">H", font, start + 6)[0]
    segments = double // 2

    def row(offset: int, kind: str = "H") -> tuple[int, ...]:
        return struct.unpack_from(f">{segments}{kind}", font, start + offset)

    ends, starts = row(14), row(16 + double)
    deltas, ranges = row(16 + 2 * double, "h"), row(16 + 3 * double)
    found = {}
    for n in range(segments):
        for code in range(starts[n], min(ends[n], 0xFFFE) + 1):
            glyph = code
            if ranges[n]:
                place = start + 16 + 3 * double + 2 * n + ranges[n] + 2 * (code - starts[n])
                glyph = struct.unpack_from(">H", font, place)[0]
            if glyph:
                found[code] = (glyph + deltas[n]) & 0xFFFF
    return found
