"""Rebuild Explainer Sans and Explainer Serif from the original font files.

Usage: python make_fonts.py FOLDER

FOLDER holds the original upright TrueType files named in ``WEIGHTS``. The results are written
beside this script: of the sans two TTF (for drawing charts) and two WOFF2 (for pages), of the
serif, which sets headings, a WOFF2. Needs fontTools and brotli. The same originals and versions of
these two give the same bytes.
"""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.otlLib.optimize.gpos import compact
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otBase import ValueRecord

VERSION = "1.0"
WOFF2_BUDGET = 25_000
"""Bytes that all WOFF2 files may weigh together: a page loads them all."""


@dataclass(frozen=True)
class Weight:
    """A weight of a family and the original file from which it is cut."""

    family: str
    style: str
    css: int
    original: str
    sha256: str

    @property
    def stem(self) -> str:
        """The name of its files, without suffix."""
        return f"{self.family.replace(' ', '')}-{self.style}"


WEIGHTS = (
    Weight(
        "Explainer Sans",
        "Regular",
        400,
        "SourceSans3-Regular.ttf",
        "4644c81b86ec9caaa76b634889968ed3c4f4f52f054855933acc7c2b21e53b0f",
    ),
    Weight(
        "Explainer Sans",
        "Bold",
        700,
        "SourceSans3-Bold.ttf",
        "9214b9d95e4231c609802815c2646c98174e2102d0d37f88978a7f8e71006e6a",
    ),
    Weight(
        "Explainer Serif",
        "Semibold",
        600,
        "SourceSerif4-Semibold.ttf",
        "36db62940cb5728b12b1802476dc7fcf4c6c519a7bdd476ba23a4e555fc4655f",
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
"""What charts can show."""

LETTERS = "".join(
    (
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "áéíóúüñÁÉÍÓÚÜÑäöüßÄÖÜàâæçèêëîïôœùûÿÀÂÇÈÊËÎÏÔŒÙÛãõÃÕ",
        " !\"$%&'()*+,-./:;?¿¡«»‘’“”„–—…×€\u00a0\u202f\u2009",
    )
)
"""What English, Spanish, German, French and Portuguese need: all that headings can show,"""

PAGE = LETTERS + "#<=>@[]_·°ªº²½−÷≈±→←↑↓•\u2011"
"""and all that pages can. Any other letter comes from a font of the reader's."""

LEAST_KERN = {"Explainer Sans": (30, 10), "Explainer Serif": (60, 30)}
"""On pages: from how many thousandths of its size a pair of letters is moved, in what steps."""


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
        woff2 = build_weight(original, weight, target)
        weight_of_all += woff2.stat().st_size
        print(f"{woff2.name}: {woff2.stat().st_size:,} bytes")
    print(f"together: {weight_of_all:,} of {WOFF2_BUDGET:,} bytes")
    return 0 if weight_of_all <= WOFF2_BUDGET else 1


def build_weight(original: Path, weight: Weight, target: Path) -> Path:
    """Write the files of a weight into the folder ``target``; returns its WOFF2."""
    if weight.family == "Explainer Sans":
        font = cut(original, weight, CHARACTERS, 0, 1)
        font.save(target / f"{weight.stem}.ttf")
        characters = PAGE
    else:
        characters = LETTERS
    font = cut(original, weight, characters, *LEAST_KERN[weight.family])
    font.flavor = "woff2"
    font.save(woff2 := target / f"{weight.stem}.woff2")
    return woff2


def cut(original: Path, weight: Weight, characters: str, least: int, step: int) -> TTFont:
    """The original, with no more than these characters, under our name."""
    font = TTFont(original, recalcTimestamp=False)
    copyright_line = font["name"].getDebugName(0)
    subset(font, characters, least, step)
    rename(font, weight, copyright_line)
    link_styles(font, weight)
    return font


def subset(font: TTFont, characters: str, least: int, step: int) -> None:
    """Keep these characters and kerning; drop hints, glyph names and every other feature.

    Pairs of letters are kept that are moved by at least ``least``, in steps of so much.
    """
    options = Options()
    options.hinting = False
    options.layout_features = ["kern"]
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = []
    options.drop_tables += ["DSIG", "meta", "STAT", "BASE", "GDEF", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    missing = {char for char in characters if ord(char) not in font.getBestCmap()}
    if missing:
        raise ValueError(f"the original lacks {sorted(missing)}")
    if least:
        prune_kerning(font, least, step)
    # Splits sparse classes of kerning pairs; 5 came out smallest of fontTools' 0 to 9.
    compact(font, 5)


def prune_kerning(font: TTFont, least: int, step: int) -> None:
    """Leave every other pair of letters where it is."""

    def moved(value: ValueRecord | None) -> int:
        by = getattr(value, "XAdvance", 0) or 0
        return round(by / step) * step if abs(by) >= least else 0

    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            pairs = getattr(table, "ExtSubTable", table)
            if pairs.Format == 1:
                for first in pairs.PairSet:
                    for pair in first.PairValueRecord:
                        pair.Value1.XAdvance = moved(pair.Value1)
                    first.PairValueRecord = [p for p in first.PairValueRecord if p.Value1.XAdvance]
                    first.PairValueCount = len(first.PairValueRecord)
            else:
                for pair in (p for first in pairs.Class1Record for p in first.Class2Record):
                    if pair.Value1:
                        pair.Value1.XAdvance = moved(pair.Value1)


def rename(font: TTFont, weight: Weight, copyright_line: str) -> None:
    """Give the font our family's names: the licence reserves the original's for the original."""
    family, postscript_name = weight.family, weight.stem
    full_name = family if weight.style == "Regular" else f"{family} {weight.style}"
    names = {
        0: copyright_line,
        1: family,
        2: weight.style,
        3: f"{VERSION};{postscript_name}",
        4: full_name,
        5: f"Version {VERSION}",
        6: postscript_name,
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
        16: family,
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
