"""Text in which numbers are bound to claims: the expressions, and the numbers outside them.

An expression such as `{{ claim("id") }}` is all that a text may say to the data. `Expressions`
finds and parses them; `loose_numbers` finds the digits that come from nowhere.
"""

import ast
import re
import unicodedata
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

FORMS = ("", "compact", "long", "most")

USAGE = (
    'write {{ claim("id") }}, {{ chart("id") }}, {{ disagreement("id") }}, {{ source("id") }}, '
    '{{ term("id") }} or {{ plain("3 pages", "why this is no claim") }}'
)

_PATTERN = re.compile(r"\{\{(?P<code>.*?)\}\}|\{%(?P<tag>.*?)%\}", re.DOTALL)


_WITH_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<![\\`])(?P<tick>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=tick)(?!`)"
    r"|\{\{.*?\}\}|\{%.*?%\}",
    re.DOTALL | re.MULTILINE,
)
"""A fenced block, a code span or an expression, whichever begins first."""


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


def _in_a_line(expression: str, width: int = 60) -> str:
    """An expression as a message quotes it: one that is never closed reaches over lines."""
    line = " ".join(expression.split())
    return line if len(line) <= width else f"{line[:width]}…"


def stray_braces(text: str) -> Iterator[tuple[str, str, str]]:
    """Double braces that belong to no expression: which, what is wrong, and what to do."""
    hint = "an expression stands between {{ and }}; braces that readers see are written as `code`"
    for match in re.finditer(r"\{\{|\}\}", _PATTERN.sub("", text)):
        fault = "is never closed" if match[0] == "{{" else "closes nothing"
        yield match[0], f"{match[0]} {fault}", hint


def blanked(markdown: str) -> str:
    """Markdown with spaces where code and expressions stood, every line where it was."""
    return _WITH_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)


def expressions_in_markdown(text: str) -> Iterator[re.Match[str]]:
    """The same places in Markdown, where none reaches into code or out of it."""
    for match in _WITH_CODE.finditer(text):
        yield from _PATTERN.finditer(text, match.start(), match.end())


def parse_expression(match: re.Match[str]) -> Expression:
    """The expression at a place that `expressions_in` found. Raises `ExpressionError`."""
    code = match["code"]
    if code is None:
        raise ExpressionError("{% … %} is not for notes")
    try:
        call = ast.parse(" ".join(code.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        hint = 'write straight quotation marks: "' if set(code) & set("“”„«»‘’") else USAGE
        raise ExpressionError(f"{_in_a_line(match[0])} cannot be read", hint) from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise ExpressionError(f"{_in_a_line(match[0])} is not an expression that a text may hold")
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
        known = ", ".join(f'"{form}"' for form in FORMS if form)
        raise ExpressionError(f'there is no form "{given["form"]}"', f"forms are {known}")
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
