"""Text in which numbers are bound to claims: the expressions that it may hold.

An expression such as `{{ claim("id") }}` is all that a text may say to the data. Every pattern
here reads a text once: none begins again from each brace that is never closed.
"""

import ast
import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from explainer.problems import Fault, Rule, did_you_mean, shortened

ACCEPTED: dict[str, tuple[int, frozenset[str]]] = {
    "claim": (1, frozenset({"form", "bare"})),
    "chart": (1, frozenset()),
    "disagreement": (1, frozenset()),
    "source": (1, frozenset()),
    "term": (1, frozenset()),
    "plain": (2, frozenset()),
}
"""The functions that a text may call: how many texts in quotes they take, and which options."""

FORMS = ("", "compact", "long", "most", "size", "when")

USAGE = (
    'write {{ claim("id") }}, {{ chart("id") }}, {{ disagreement("id") }}, {{ source("id") }}, '
    '{{ term("id") }} or {{ plain("3 pages", "why this is no claim") }}'
)

_BRACED = (
    r"\{\{(?P<code>[^{}]*+(?:(?:\{(?!\{)|\}(?!\}))[^{}]*+)*+)\}\}"
    r"|\{%(?P<tag>[^{%]*+(?:(?:\{(?!%)|%(?!\}))[^{%]*+)*+)%\}"
)
EXPRESSION = re.compile(_BRACED)
"""What stands in double braces (group `code`) or statement tags, none within another."""

_WITH_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^ {0,3}(?P=fence)[`~]*+[ \t]*$|\Z)"
    r"|(?<![\\`])(?P<tick>`++)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=tick)(?!`)"
    rf"|{_BRACED}",
    re.DOTALL | re.MULTILINE,
)
"""A fenced block, a code span or an expression, whichever begins first."""


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
    return EXPRESSION.finditer(text)


def expressions_in_markdown(text: str) -> Iterator[re.Match[str]]:
    """The same places in Markdown, where none reaches into code or out of it."""
    for match in _WITH_CODE.finditer(text):
        if match["fence"] is None and match["tick"] is None:
            yield match


def stray_braces(text: str) -> Iterator[tuple[int, Fault]]:
    """Double braces that belong to no expression: where, and what is wrong."""
    hint = "an expression stands between {{ and }}; braces that readers see are written as `code`"
    rest = EXPRESSION.sub(lambda match: " " * len(match[0]), text)
    for match in re.finditer(r"\{\{|\}\}", rest):
        fault = "is never closed" if match[0] == "{{" else "closes nothing"
        yield (
            match.start(),
            Fault(Rule.BAD_EXPRESSION, f"{match[0]} {fault}", hint, needle=match[0]),
        )


def parse_expression(match: re.Match[str]) -> Expression:
    """The expression at a place that `expressions_in` found. Raises `Fault`."""
    code = match["code"]
    if code is None:
        raise _bad("{% … %} is not for notes")
    try:
        call = ast.parse(" ".join(code.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        hint = 'write straight quotation marks: "' if set(code) & set("“”„«»‘’") else USAGE
        raise _bad(f"{_in_a_line(match[0])} cannot be read", hint) from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise _bad(f"{_in_a_line(match[0])} is not an expression that a text may hold")
    function = call.func.id
    if function not in ACCEPTED:
        raise _bad(f'there is no function "{function}"', did_you_mean(function, ACCEPTED) or USAGE)
    count, options = ACCEPTED[function]
    values = [node.value for node in call.args if isinstance(node, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != len(call.args) or len(texts) != count:
        wanted = ", ".join(['"…"'] * count)
        raise _bad(f"{function} is written {function}({wanted})")
    given = _options(call, function, options)
    if function == "plain" and not texts[1].strip():
        raise _bad("plain wants its reason as a second text")
    return Expression(
        function,
        texts[0],
        texts[1] if count > 1 else "",
        given.get("form", ""),
        given.get("bare", ""),
    )


def plains_in(text: str) -> int:
    """How many numbers a text marks as plain, which no claim stands behind."""
    return len(_named_in(text, "plain"))


def claims_in(text: str) -> list[str]:
    """The ids of the claims that a text prints, in order."""
    return _named_in(text, "claim")


def _named_in(text: str, function: str) -> list[str]:
    """What the calls of a function name, in order; what cannot be read names nothing."""
    names = []
    for match in expressions_in(text):
        with contextlib.suppress(Fault):
            expression = parse_expression(match)
            names += [expression.name] if expression.function == function else []
    return names


def claim_html(name: str, text: str, value: str) -> Markup:
    """A claim as it stands in a page: a link to its reference around its machine-readable value."""
    kind = "long" if len(text) > ONE_LINE else "mid" if len(text) > ONE_LINE_OF_TITLE else ""
    figure = Markup('<data{} value="{}">{}</data>').format(
        Markup(f' class="{kind}"') if kind else "", value, text
    )
    return Markup('<a class="claim" data-claim="{}" href="#ref-{}">{}</a>').format(
        name, name, figure
    )


def exempt(kind: str, text: object) -> Markup:
    """A text as it stands in a page whose numbers come from no claim, and why: it is a date."""
    return Markup('<span data-exempt="{}">{}</span>').format(kind, text)


ONE_LINE = 24
"""Letters of the longest figure that is kept on one line: it fits into the narrowest window."""

ONE_LINE_OF_TITLE = 16
"""The same of the large type of titles."""


def typographic(text: str, quotes: Sequence[str], *, inside: bool = False) -> str:
    """The text with the apostrophes and quotation marks of print, as notes get them.

    `quotes` are those of the language; `inside` says that something stands before the text, so that
    a mark at its start closes.
    """
    first, last, inner_first, inner_last = quotes
    opening = r"(?:(?<=[\s(\[–—“„])|^)" if not inside else r"(?<=[\s(\[–—“„])"
    # A quotation may stand behind an apostrophe: l'"offre".
    text = re.sub(opening + r"\"|(?<=\w['’])\"(?=\w)", first, text).replace('"', last)
    text = re.sub(opening + r"'(.*?)'(?!\w)", rf"{inner_first}\1{inner_last}", text)
    text = re.sub(opening + r"'", inner_first, text)
    return text.replace("'", "’").replace("...", "…")


def _options(call: ast.Call, function: str, options: frozenset[str]) -> dict[str, str]:
    """The options that a call gives. Raises `Fault`."""
    given: dict[str, str] = {}
    for keyword in call.keywords:
        if keyword.arg not in options:
            raise _bad(
                f'{function} has no option "{keyword.arg}"',
                f"its options are {', '.join(sorted(options))}" if options else "it has none",
            )
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if not isinstance(value, str) or not value.strip():
            raise _bad(f'the option "{keyword.arg}" wants a text in quotes')
        given[keyword.arg] = value
    if given.get("form", "") not in FORMS:
        named = ", ".join(f'"{form}"' for form in FORMS if form)
        raise _bad(f'there is no form "{given["form"]}"', f"forms are {named}")
    return given


def _bad(message: str, hint: str = USAGE) -> Fault:
    return Fault(Rule.BAD_EXPRESSION, message, hint)


def _in_a_line(expression: str) -> str:
    """An expression as a message quotes it: one that is never closed reaches over lines."""
    return shortened(" ".join(expression.split()), 61)
