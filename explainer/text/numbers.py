"""The numbers of a text: which are years, dates and names, and which come from nowhere."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

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
    name: str = ""
    """The name that it is part of, as in COVID-19, where it is unbound."""


@dataclass(frozen=True)
class NumberFinder:
    """Finds the numbers in a text, and says which are of an exempt kind.

    Exempt are full dates and years with no unit or currency beside them, decades and centuries,
    web addresses and DOIs, and the names that the glossary declares. A year is four digits from
    1000 to 2199; before 1900 and after 2099 only where a word or a sign says that it is one, since
    1500 may well be a count.
    """

    months: tuple[str, ...]
    """Their names, long and short, without a dot."""
    month_first: bool = False
    """Whether the month stands before its day: "May 3"."""
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Words of units and money, in any case; a hyphen in one stands for any gap."""
    symbols: tuple[str, ...] = ()
    """Symbols of units, such as `kg`, in just this case."""
    dates: tuple[str, ...] = ()
    """Patterns of further ways in which the language writes dates."""
    decades: str = ""
    """How the language writes decades, such as `{year}s, ’{yy}s`; a | parts what stands for each
    other."""
    centuries: str = ""
    """How it writes centuries, such as `{n}st|nd|rd|th century|centuries`."""
    year_words: tuple[str, ...] = ()
    """What says, in front of four digits, that they are a year."""
    counted_words: tuple[str, ...] = ()
    """What they are followed by where they are none, as in "of 1500 farmers": words, `-s` for an
    ending, `Aa` for any word with a capital, `!aos` for one that is no such word in spite of it."""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        year, other_year = r"(?:19|20)\d\d", r"(?:1[0-8]|21)\d\d"
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
        day = rf"{DAY}(?:º|er|st|nd|rd|th)?"
        days = rf"(?:(?:{day}, )*{day}{JOIN}\s?)?{day}"
        any_year = f"(?:{year}|{other_year})"
        after_word = "|".join(rf"(?<=\b{re.escape(word)}[\s-]....)" for word in self.year_words)
        no_count = _uncounted(self.counted_words)
        date = "|".join(
            [
                rf"{days}\s+(?:de\s+)?{months}(?:,?\s+(?:del?\s+)?{any_year}{beside})?",
                rf"{months}\s+(?:del?\s+)?{other_year}{beside}",
                rf"{any_year}-[01]\d(?:-[0-3]\d)?{beside}",
            ]
        )
        if self.month_first:
            date += rf"|{months}\s+{days},?\s+{any_year}{beside}"
            # "In May 20 flew" counts; "on May 20" does not.
            date += rf"|(?<!\bin\s){months}\s+{day}(?:\s*[–-]\s*{day})?{beside}"
        pattern = (
            rf"(?P<address>{_ADDRESS})|"
            + (rf"(?P<name>\b(?:{names})(?!\w))|" if names else "")
            + rf"(?P<date>\b(?:{date})\b"
            + "".join(rf"|(?<![\d.,])(?:{own}){beside}(?!\d)" for own in self.dates)
            + ")|"
            + rf"(?P<decade>{_written(self.decades, beside + no_count)})"
            + rf"|(?P<century>{_written(self.centuries, beside + no_count)})|"
            + rf"(?P<year>{money}\b{year}(?:\s*[–/-]\s*(?:{any_year}|\d\d))?\b{beside}"
            + rf"|{money}\b{other_year}(?:\s*[–/-]\s*(?:{any_year}|\d\d)\b{beside}{no_count}"
            + rf"|(?:{after_word or '(?!)'})\b{beside}{no_count}"
            + r"|(?:(?<=\(....)|(?<=,\s....))(?=\s*(?:[.,;:)\]]|\Z))))|"
            + rf"(?P<number>[$€£]?{DIGITS}\s?%?)"
        )
        return re.compile(pattern, re.IGNORECASE)

    def numbers(self, text: str) -> Iterator[Number]:
        """Every number of the text, in order."""
        if not _DIGIT.search(text):
            return
        for match in self._pattern.finditer(text):
            kind = "" if match.lastgroup == "number" else match.lastgroup or ""
            word = _WORD.search(text[max(match.start() - 40, 0) : match.start()])
            rest = re.match(r"\w*", text[match.end() :])
            name = f"{word[0]}{match[0]}{rest[0]}" if word and rest and not kind else ""
            yield Number(match.start(), match.end(), match[0].strip(), kind, name)


_ADDRESS = r"\b(?:https?://|www\.|doi:\s?)[^\s<>]*[^\s<>.,;:!?)\]]|\b10\.\d{4,5}/(?=[^\s<>]*\d)[^\s<>]{3,}[\w/]"

_PLACES = {"year": r"(?:1\d|2[01])\d0", "yy": r"\d0", "n": r"\d{1,2}"}
"""What stands for a place in how decades and centuries are written."""

DAY = r"(?:3[01]|[12]\d|0?[1-9])"
"""A day of a month."""

JOIN = (
    r"(?:\s*[/–-]|\s(?:and|or|to|und|oder|bis|y|o|al?|et|ou|au?|à|e|ao)"
    r"(?:\s(?:the|das|dem|zum|le|au|du|el|al|del|o|ao|do))?\b)"
)
"""What may stand between two days, decades or centuries, in any language: "the 18th and 19th
centuries", "du 1er au 3 mai"."""


def _written(forms: str, uncounted: str) -> str:
    """A pattern of the ways in which a language writes decades or centuries.

    Words in front of the number say what it is, and are no part of it. Where there are none, words
    behind the last say what all are; or else each but the first must be `uncounted`.
    """
    patterns = []
    for match in re.finditer(r"([^,{]*)\{(year|yy|n)\}([^,{]*)", forms):
        *words, sign = match[1].lstrip().split(" ")
        fronts = product(*(word.split("|") for word in words))
        behind = "|".join(rf"(?<=\b{re.escape(' '.join(front))} )" for front in fronts)
        sign = re.escape(sign).replace("’", "[’']")
        ending, *rest = (
            f"(?:{'|'.join(sorted(map(re.escape, word.split('|')), key=len, reverse=True))})"
            for word in match[3].split(" ")
        )
        one = rf"(?<!\w){sign}{_PLACES[match[2]]}{ending}"
        several = one
        if words or rest:
            more = rf"(?:,|{JOIN})\s?{one}{'' if rest else uncounted}"
            several = rf"{one}(?:{more}){{0,3}}"
        patterns.append((f"(?:{behind})" if words else "") + r"[\s-]".join([several, *rest]))
    return rf"(?:{'|'.join(patterns)})(?!\w)" if patterns else "(?!)"


def _uncounted(words: Sequence[str]) -> str:
    """That four digits are not followed by what is counted."""
    patterns = [
        r"(?-i:[A-ZÀ-ÖØ-Þ])"
        if word == "Aa"
        else (r"[^\W\d_]+" if word[0] == "-" else "") + re.escape(word.removeprefix("-")) + r"\b"
        for word in words
        if word[0] != "!"
    ]
    not_these = _any_of(word[1:] for word in words if word[0] == "!")
    return rf"(?!\s+(?!(?:{not_these})\b)(?:{'|'.join(patterns)}))" if patterns else ""


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


_WORD = re.compile(r"[^\W\d_][\w-]*\Z")


def loose(text: str, finder: NumberFinder) -> list[Number]:
    """The numbers of a plain text, expressions taken out, that come from nowhere."""
    bare = EXPRESSION.sub(" \u2063 ", text)
    return [number for number in finder.numbers(bare) if not number.kind]


def number_tokens(text: str) -> set[str]:
    """The runs of digits, with their separators, that a text shows."""
    return set(re.findall(r"\d+(?:[.,\u202f\u00a0]\d+)*", text))


def unbound_tokens(texts: Iterable[str], bound: Iterable[str]) -> list[str]:
    """The texts that show a number which no bound text shows, all of which lend theirs to any."""
    known = number_tokens(" ".join(bound))
    return [text for text in texts if number_tokens(text) - known]
