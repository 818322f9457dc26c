"""Text in which numbers are bound to claims: the expressions, and the numbers outside them.

An expression such as `{{ claim("id") }}` is all that a text may say to the data. `Expressions`
finds and parses them; `loose_numbers` finds the digits that come from nowhere.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from babel.core import get_global
from markupsafe import Markup

from explainer.problems import Rule, did_you_mean

ACCEPTED: dict[str, tuple[int, frozenset[str]]] = {
    "claim": (1, frozenset({"form", "bare"})),
    "chart": (1, frozenset()),
    "disagreement": (1, frozenset()),
    "source": (1, frozenset()),
    "term": (1, frozenset()),
    "plain": (2, frozenset()),
}
"""The functions that a text may call: how many texts in quotes they take, and which options."""

FORMS = ("", "compact", "long")

USAGE = (
    'write {{ claim("id") }}, {{ chart("id") }}, {{ disagreement("id") }}, {{ source("id") }}, '
    '{{ term("id") }} or {{ plain("3 pages", "why this is no claim") }}'
)

_PATTERN = re.compile(r"\{\{(?P<code>.*?)\}\}|\{%(?P<tag>.*?)%\}", re.DOTALL)


class ExpressionError(ValueError):
    """Raised for an expression that says something a text may not say."""

    def __init__(self, message: str, hint: str = USAGE, rule: Rule = Rule.BAD_EXPRESSION):
        super().__init__(message)
        self.message, self.hint, self.rule = message, hint, rule


@dataclass(frozen=True)
class Expression:
    """A parsed expression: which function, on what, with which options."""

    function: str
    name: str
    reason: str = ""
    """Of `plain`, why this is no claim."""
    form: str = ""
    bare: str = ""
    """Why a claim's qualifier is left out, where it is."""


def expressions_in(text: str) -> Iterator[re.Match[str]]:
    """The places in a text where something stands in double braces or statement tags."""
    return _PATTERN.finditer(text)


def parse_expression(match: re.Match[str]) -> Expression:
    """The expression at a place that `expressions_in` found. Raises `ExpressionError`."""
    code = match["code"]
    if code is None:
        raise ExpressionError("{% … %} is not for notes")
    try:
        call = ast.parse(" ".join(code.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"{match[0].strip()} cannot be read") from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise ExpressionError(f"{match[0].strip()} is not an expression that a text may hold")
    function = call.func.id
    if function not in ACCEPTED:
        hint = did_you_mean(function, ACCEPTED)
        raise ExpressionError(f'there is no function "{function}"', hint or USAGE)
    count, options = ACCEPTED[function]
    values = [node.value for node in call.args if isinstance(node, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != len(call.args) or len(texts) != count:
        wanted = ", ".join(['"…"'] * count)
        raise ExpressionError(f"{function} is written {function}({wanted})")
    given: dict[str, str] = {}
    for keyword in call.keywords:
        if keyword.arg not in options:
            raise ExpressionError(
                f'{function} has no option "{keyword.arg}"',
                f"its options are {', '.join(sorted(options))}" if options else "it has none",
            )
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if not isinstance(value, str) or not value.strip():
            raise ExpressionError(f'the option "{keyword.arg}" wants a text in quotes')
        given[keyword.arg] = value
    if given.get("form", "") not in FORMS:
        raise ExpressionError(f'there is no form "{given["form"]}"', 'forms are "compact", "long"')
    if function == "plain" and not texts[1].strip():
        raise ExpressionError("plain wants its reason as a second text")
    return Expression(
        function,
        texts[0],
        texts[1] if count > 1 else "",
        given.get("form", ""),
        given.get("bare", ""),
    )


def claim_html(name: str, text: str, value: str) -> Markup:
    """A claim as it stands in a page: a link to its reference around its machine-readable value."""
    return Markup(
        '<a class="claim" data-claim="{}" href="#ref-{}"><data value="{}">{}</data></a>'
    ).format(name, name, value, text)


def typographic(text: str, *, inside: bool = False) -> str:
    """The text with the quotation marks and apostrophes of print, as notes get them.

    `inside` says that something stands before the text, so that a mark at its start closes.
    """
    opening = r"(?:(?<=[\s(\[–—])|^)" if not inside else r"(?<=[\s(\[–—])"
    text = re.sub(opening + r"\"", "“", text).replace('"', "”")
    text = re.sub(opening + r"'", "‘", text)
    return text.replace("'", "’").replace("...", "…")


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
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        year = r"(?:19|20)\d\d"
        months = "|".join(
            sorted((re.escape(month) for month in self.months), key=len, reverse=True)
        )
        months = f"(?:{months})\\.?"
        names = "|".join(
            sorted((re.escape(n) for n in self.names if _DIGIT.search(n)), key=len, reverse=True)
        )
        day = r"(?:[1-9]|[12]\d|3[01])"
        date = "|".join(
            [
                rf"{day}(?:\s*[–-]\s*{day})?(?:º|st|nd|rd|th)?\s+(?:de\s+)?{months}"
                rf"(?:,?\s+(?:del?\s+)?{year})?",
                rf"{months}\s+{day}(?:st|nd|rd|th)?(?:,?\s+{year})?",
                rf"{year}-[01]\d(?:-[0-3]\d)?",
            ]
        )
        unit = "|".join(sorted((re.escape(u) for u in self.units if u.isalpha()), key=len)[::-1])
        money = r"(?<![$€£%\d.,])"
        codes = "|".join(sorted(get_global("all_currencies")))
        beside = rf"(?!\s*[%‰$€£°])(?!\s*(?:{unit or '(?!)'}|(?-i:{codes}))\b)(?![\d.,]*\d)"
        pattern = (
            (rf"(?P<name>\b(?:{names})(?!\w))|" if names else "")
            + rf"(?P<date>\b(?:{date})\b)|"
            + r"(?P<decade>\b(?:19|20)\d0s\b|(?<=\baños )(?:(?:19|20)\d0|\d0)\b)|"
            + rf"(?P<year>{money}\b{year}(?:\s*[–/-]\s*(?:{year}|\d\d))?\b{beside})|"
            + r"(?P<number>[$€£]?\d+(?:[.,\u202f\u00a0]\d+)*\s?%?|[¼-¾⅐-⅞])"
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


_DIGIT = re.compile(r"[\d¼-¾⅐-⅞]")


def loose_numbers(text: str, finder: NumberFinder) -> list[str]:
    """The numbers of a plain text, expressions taken out, that come from nowhere."""
    bare = _PATTERN.sub(" \u2063 ", text)
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
