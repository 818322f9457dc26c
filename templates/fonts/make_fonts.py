"""Rebuild the two weights of Explainer Sans from the original font files.

Usage: python make_fonts.py FOLDER

FOLDER holds the original upright TrueType files named in ``WEIGHTS``. The results, two TTF
(for drawing charts) and two WOFF2 (for pages), are written beside this script. Needs
fontTools and brotli. The same originals and versions of these two give the same bytes.
"""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.otlLib.optimize.gpos import compact
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Explainer Sans"
FILE_STEM = "ExplainerSans"
VERSION = "1.0"
WOFF2_BUDGET = 24_000
"""Bytes that both WOFF2 files may weigh together."""


@dataclass(frozen=True)
class Weight:
    """One weight of the family and the original file from which it is cut."""

    style: str
    css: int
    original: str
    sha256: str


WEIGHTS = (
    Weight(
        "Regular",
        400,
        "SourceSans3-Regular.ttf",
        "4644c81b86ec9caaa76b634889968ed3c4f4f52f054855933acc7c2b21e53b0f",
    ),
    Weight(
        "Bold",
        700,
        "SourceSans3-Bold.ttf",
        "9214b9d95e4231c609802815c2646c98174e2102d0d37f88978a7f8e71006e6a",
    ),
)

CHARACTERS = "".join(
    (
        "".join(map(chr, range(0x20, 0x7F))),
        # Latin-1 without bare accents and letters that only Icelandic has.
        *(chr(code) for code in range(0xA0, 0x100) if chr(code) not in "¤¦¨¬¯´¸þÞðÐ"),
        # Letters beyond it that names of people and publishers bring along.
        "ćĆčČğĞıłŁœŒşŞśŚšŠžŽ",
        "‘’‚“”„–—…•†′″‰€",
        "−×÷±≈≠≤≥∞",
        "⁰⁴⁵⁶⁷⁸⁹⁻₂",
        "←↑→↓↗↘▲▼●○■",
        # Figure, thin and narrow no-break space; no-break hyphen.
        "\u2007\u2009\u202f\u2011",
    )
)
"""What the fonts can show."""


def main() -> int:
    """Build all files; the exit code is 1 when an original is not the expected one or the
    WOFF2 files weigh more than the budget.
    """
    if len(sys.argv) != 2:
        print("usage: python make_fonts.py FOLDER", file=sys.stderr)
        return 2
    target = Path(__file__).resolve().parent
    weight_of_all = 0
    for weight in WEIGHTS:
        original = Path(sys.argv[1]) / weight.original
        digest = hashlib.sha256(original.read_bytes()).hexdigest()
        if digest != weight.sha256:
            print(f"{original} is not the expected file: SHA-256 {digest}", file=sys.stderr)
            return 1
        ttf, woff2 = build_weight(original, weight, target)
        weight_of_all += woff2.stat().st_size
        print(f"{weight.css}: TTF {ttf.stat().st_size:,}, WOFF2 {woff2.stat().st_size:,} bytes")
    print(f"both WOFF2: {weight_of_all:,} of {WOFF2_BUDGET:,} bytes")
    return 0 if weight_of_all <= WOFF2_BUDGET else 1


def build_weight(original: Path, weight: Weight, target: Path) -> tuple[Path, Path]:
    """Write one weight into the folder ``target``; returns its TTF and its WOFF2."""
    font = TTFont(original, recalcTimestamp=False)
    copyright_line = font["name"].getDebugName(0)
    subset(font)
    rename(font, weight, copyright_line)
    link_styles(font, weight)
    ttf = target / f"{FILE_STEM}-{weight.style}.ttf"
    font.save(ttf)
    # Cut the WOFF2 from the saved TTF, so that both have the same outlines and metrics.
    font = TTFont(ttf, recalcTimestamp=False)
    font.flavor = "woff2"
    font.save(woff2 := ttf.with_suffix(".woff2"))
    return ttf, woff2


def subset(font: TTFont) -> None:
    """Keep ``CHARACTERS`` and kerning; drop hints, glyph names and every other feature."""
    options = Options()
    options.hinting = False
    options.layout_features = ["kern"]
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = []
    options.drop_tables += ["DSIG", "meta", "STAT", "BASE", "GDEF", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    missing = {char for char in CHARACTERS if ord(char) not in font.getBestCmap()}
    if missing:
        raise ValueError(f"the original lacks {sorted(missing)}")
    # Splits sparse classes of kerning pairs; 5 came out smallest of fontTools' 0 to 9.
    compact(font, 5)


def rename(font: TTFont, weight: Weight, copyright_line: str) -> None:
    """Give the font our family's names: the licence reserves the original's for the original."""
    full_name = FAMILY if weight.style == "Regular" else f"{FAMILY} {weight.style}"
    postscript_name = f"{FILE_STEM}-{weight.style}"
    names = {
        0: copyright_line,
        1: FAMILY,
        2: weight.style,
        3: f"{VERSION};{postscript_name}",
        4: full_name,
        5: f"Version {VERSION}",
        6: postscript_name,
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
        16: FAMILY,
        17: weight.style,
    }
    font["name"].names = []
    for name_id, text in names.items():
        font["name"].setName(text, name_id, platformID=3, platEncID=1, langID=0x409)


def link_styles(font: TTFont, weight: Weight) -> None:
    """Mark the font as the family's regular or bold, for programs that match by these bits."""
    bold = weight.css >= 600
    os2 = font["OS/2"]
    os2.usWeightClass = weight.css
    os2.achVendID = "NONE"
    # fsSelection: bit 0 italic, 5 bold, 6 regular.
    os2.fsSelection = os2.fsSelection & ~0b110_0001 | (1 << 5 if bold else 1 << 6)
    font["head"].macStyle = 1 if bold else 0


if __name__ == "__main__":
    sys.exit(main())
