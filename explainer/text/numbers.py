"""The numbers of a text: which are years, dates and names, and which come from nowhere."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from babel.core import get_global

from explainer.text.expressions import EXPRESSION

# Numbers that come from no claim


@dataclass(frozen=True)
class Number:
    """A number found in a text: where, and its exempt kind (empty: it is unbound)."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True)
class NumberFinder:
    """Finds the numbers in a text, and says which are of an exempt kind.

    Exempt are full dates and years from 1900 to 2099 with no unit or currency beside them, decades,
    and the names that the glossary declares.
    """

    months: tuple[str, ...]
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Words of units and money, in any case; a hyphen in one stands for any gap."""
    symbols: tuple[str, ...] = ()
    """Symbols of units, such as `kg`, in just this case."""
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        year = r"(?:19|20)\d\d"
        # "May" is a month, "may" is none; where months are small, one may begin a sentence.
        months = _any_of({form for m in self.months for form in (m, m[:1].upper() + m[1:])})
        months = f"(?-i:{months})\\.?"
        names = _any_of(n for n in self.names if _DIGIT.search(n))
        words = _any_of(u for u in self.units if u[:1].isalpha()).replace(r"\-", r"[\s-]+")
        words = words.replace(r"\ ", r"[\s-]+")
        codes = "|".join(sorted(get_global("all_currencies")))
        symbols = f"{_any_of(self.symbols)}|{codes}"
        beside = (
            rf"(?!\s*(?:[%‰$€£¥¢°×]|(?-i:(?:US|R)\$|{_any_of(_MONEY_SIGNS)})))"
            rf"(?!(?:\s*|-)(?:{words}|(?-i:{symbols}))[²³]?(?!\w))(?![\d.,]*\d)"
        )
        money = r"(?<![$€£¥%×\d.,])(?<![$€£¥×]\s)" + rf"(?-i:(?<!\b(?:{codes})\s)"
        money += "".join(rf"(?<!{re.escape(s)})(?<!{re.escape(s)}\s)" for s in _MONEY_SIGNS) + ")"
        day = r"(?:[1-9]|[12]\d|3[01])"
        date = "|".join(
            [
                rf"{day}(?:\s*[–-]\s*{day})?(?:º|st|nd|rd|th)?\s+(?:de\s+)?{months}"
                rf"(?:,?\s+(?:del?\s+)?{year}{beside})?",
                rf"{months}\s+{day}(?:st|nd|rd|th)?,?\s+{year}{beside}",
                # "In May 20 flew" counts; "on May 20" does not.
                rf"(?<!\bin\s){months}\s+{day}(?:st|nd|rd|th)?{beside}",
                rf"{year}-[01]\d(?:-[0-3]\d)?{beside}",
            ]
        )
        pattern = (
            (rf"(?P<name>\b(?:{names})(?!\w))|" if names else "")
            + rf"(?P<date>\b(?:{date})\b)|"
            + r"(?P<decade>\b(?:19|20)\d0s\b|(?<=\baños )(?:(?:19|20)\d0|\d0)\b)|"
            + rf"(?P<year>{money}\b{year}(?:\s*[–/-]\s*(?:{year}|\d\d))?\b{beside})|"
            + rf"(?P<number>[$€£]?{DIGITS}\s?%?)"
        )
        object.__setattr__(self, "_pattern", re.compile(pattern, re.IGNORECASE))

    def numbers(self, text: str) -> Iterator[Number]:
        """Every number of the text, in order."""
        if not _DIGIT.search(text):
            return
        for match in self._pattern.finditer(text):
            kind = match.lastgroup or "number"
            yield Number(
                match.start(), match.end(), match[0].strip(), "" if kind == "number" else kind
            )


def _any_of(texts: Iterable[str]) -> str:
    """A pattern of the texts, longer ones first; one that nothing matches where there are none."""
    return "|".join(sorted(map(re.escape, set(texts)), key=lambda t: (-len(t), t))) or "(?!)"


_MONEY_SIGNS = ("S/", "Bs", "Bs.", "Rs", "Rs.", "Fr.")
"""Signs of money made of letters: a figure beside one is no year."""


def _other_digits() -> str:
    """The characters that show a number and are no decimal digits, as ranges of a pattern."""
    ranges: list[list[int]] = []
    # Few characters are numeric, and asking for their category takes longer.
    for code in map(ord, filter(str.isnumeric, map(chr, range(0xB0, 0x20000)))):
        if unicodedata.category(chr(code)) in ("No", "Nl"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_DIGIT = re.compile(rf"[\d{_other_digits()}]")

DIGITS = rf"(?!(?<=[^\W\d_])[²³](?!{_DIGIT.pattern})){_DIGIT.pattern}+(?:[.,\u202f\u00a0]\d+)*"
"""A pattern of a number's digits, in any script; not of the exponent of km²."""


def loose_numbers(text: str, finder: NumberFinder) -> list[str]:
    """The numbers of a plain text, expressions taken out, that come from nowhere."""
    bare = EXPRESSION.sub(" \u2063 ", text)
    return [number.text for number in finder.numbers(bare) if not number.kind]


def number_tokens(text: str) -> set[str]:
    """The runs of digits, with their separators, that a text shows."""
    return set(re.findall(r"\d+(?:[.,\u202f\u00a0]\d+)*", text))


def unbound_tokens(texts: Iterable[str], bound: Iterable[str], exempt: Iterable[str]) -> list[str]:
    """The texts that show a number which no bound or exempt text shows.

    An exempt text is taken whole; a bound one lends its numbers to any text.
    """
    known: set[str] = set()
    for text in bound:
        known |= number_tokens(text)
    allowed = set(exempt)
    return [text for text in texts if text not in allowed and number_tokens(text) - known]
