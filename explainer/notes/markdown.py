"""Marks in a note's text that outlive Markdown: what stood where, and on which line.

Python-Markdown keeps no line numbers and knows no claims. So before it runs, each expression and
each Vega-Lite block is replaced by a token, and each number and link target is followed by a stamp
that says its line; tags and attribute lists carry one as an attribute. Both are written in
characters of a private-use area, which no note needs.
"""

import itertools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from explainer.data.yaml import Document, parse
from explainer.text.expressions import Expression, expressions_in_markdown
from explainer.text.numbers import DIGITS


class Fence(NamedTuple):
    """A Vega-Lite block of a note: its id, its line, and what is written in it."""

    id: str
    line: int
    document: Document


class Token(NamedTuple):
    """What a token stands for: its source text, its line, and the expression where it is known."""

    source: str
    line: int
    expression: Expression | None = None


@dataclass
class Prepared:
    """A note's body as Markdown is given it, and what its tokens stand for."""

    file: str
    first_line: int
    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)


PRIVATE = re.compile("[\ue000-\ue103]")
"""The private-use characters that no note may hold."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""The control characters that no note may hold; Python-Markdown has a use of its own for two."""

ENTITY = re.compile(r"&#(?:0*(\d{1,7})|[xX]0*([0-9a-fA-F]{1,6}))(?![0-9a-fA-F]);?")
"""A character written as its number: decimal or hexadecimal."""

LINE = " data-line="
"""The attribute that carries a stamp, the stamp behind it."""

MARK = re.compile("\ue100([\ue000-\ue009]+)\ue101|\ue102([\ue000-\ue009]+)\ue103")
"""A token (group 1: its number) or a stamp (group 2: its line), both in private digits."""

_TOKEN = "\ue100{}\ue101"
_STAMP = "\ue102{}\ue103"
_DIGITS = str.maketrans(
    "0123456789", "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009"
)
_PLAIN = {0xE000 + digit: str(digit) for digit in range(10)}

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_SKIPPED = re.compile(
    r"^\s*\d+[.)](?=\s)"  # the numeral of a list
    r"|\[\^[^\]\n]*\]"  # a footnote and its mark
    r"|\]\[[^\]\n]*\]|^\s{0,3}\[[^\]\n]+\]:"  # the label of a link
    r"|(?P<list>\{[:#.][^}\n]*)(?P<list_end>\})"
    r"|(?P<tag>(?<!\]\()<[a-zA-Z][\w-]*(?=[\s/>])[^<>]*?)(?P<tag_end>\s*/?>)"
    r"|</?[a-zA-Z][^<>]*>"  # another tag, or a web address
    r"|(?P<entity>&\#?\w+;)"
    r"|\ue100[\ue000-\ue009]+\ue101"
    r"|(?P<link>(?<=\]\()\s*<?[^)\s>]+)"
    rf"|(?P<number>{DIGITS})"
)
_DEFINITION = re.compile(r"^( {0,3}\[[^\]^][^\]]*\]:\s*<?)(\S+?)(>?(?:\s.*)?)$")


def prepare(body: str, file: str, first_line: int) -> Prepared:
    """The body with its tokens and stamps; `first_line` is the file's line on which it begins."""
    prepared = Prepared(file, first_line)
    prepared.text = _stamped(_tokenised(_fenced(body, prepared), prepared), prepared)
    return prepared


def decoded(digits: str) -> int:
    """A number written in private digits; 0 where there are none."""
    return int(digits.translate(_PLAIN) or 0)


def token(number: int) -> str:
    """The token of a number."""
    return _coded(_TOKEN, number)


def _fenced(body: str, prepared: Prepared) -> str:
    """The body with each Vega-Lite block replaced by the token of its chart."""
    lines = body.split("\n")
    index = 0
    while index < len(lines):
        opened = FENCE.match(lines[index])
        if not opened:
            index += 1
            continue
        end = next(
            (
                n
                for n in range(index + 1, len(lines))
                if (closing := FENCE.match(lines[n]))
                and closing[1].startswith(opened[1])
                and lines[n].strip() == closing[1]
            ),
            len(lines),
        )
        if lines[index][opened.end() :].strip() == "vega-lite":
            lines[index : end + 1] = _block_lines(lines[index : end + 1], index, prepared)
        index = end + 1
    return "\n".join(lines)


def _block_lines(block: list[str], index: int, prepared: Prepared) -> list[str]:
    """As many lines as the block has, with its token on the first and nothing on the others."""
    line = prepared.first_line + index
    document = parse("\n".join(block[1:-1]), prepared.file, line + 1)
    name = document.data.get("id") if isinstance(document.data, dict) else None
    prepared.fences.append(Fence(str(name), line, document))
    if not isinstance(name, str):
        return [""] * len(block)
    prepared.tokens.append(Token("\n".join(block), line, Expression("chart", name)))
    return [token(len(prepared.tokens) - 1)] + [""] * (len(block) - 1)


def _tokenised(body: str, prepared: Prepared) -> str:
    """The body with each expression replaced by a token that stands for it."""
    parts: list[str] = []
    position = 0
    for match in expressions_in_markdown(body):
        parts.append(body[position : match.start()])
        position = match.end()
        line = prepared.first_line + body.count("\n", 0, match.start())
        prepared.tokens.append(Token(match[0], line))
        parts.append(token(len(prepared.tokens) - 1))
        # A note's lines keep their numbers even where an expression spans several.
        parts.append("\n" * match[0].count("\n"))
    parts.append(body[position:])
    return "".join(parts)


def _stamped(body: str, prepared: Prepared) -> str:
    """The body with the line of each number and link target behind it."""
    lines = body.split("\n")
    fence = ""
    for index, line in enumerate(lines):
        opened = FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
            continue
        if fence:
            if opened and opened[1].startswith(fence):
                fence = ""
            continue
        stamp = _coded(_STAMP, prepared.first_line + index)
        definition = _DEFINITION.match(line)
        if definition:
            lines[index] = f"{definition[1]}{definition[2]}{stamp}{definition[3]}"
            continue
        parts = [_with_stamp(match, stamp) for match in _SKIPPED.finditer(line)]
        gaps = _SKIPPED.sub("\n", line).split("\n")
        lines[index] = "".join(itertools.chain(*zip(gaps, [*parts, ""], strict=True)))
    return "\n".join(lines)


def _with_stamp(match: re.Match[str], stamp: str) -> str:
    for part in ("list", "tag"):
        if match[part]:
            return f"{match[part]}{LINE}{stamp}{match[part + '_end'].replace('/', ' /')}"
    return match[0] + stamp if match["link"] or match["number"] or match["entity"] else match[0]


def _coded(pattern: str, number: int) -> str:
    return pattern.format(str(number).translate(_DIGITS))
