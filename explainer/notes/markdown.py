"""Markdown in, HTML out, and with each piece of text the line on which it was written.

Python-Markdown keeps no line numbers and knows no claims. So each expression and each Vega-Lite
block goes in as a token, and each line that says something carries its number to the end, behind
its last word, where Markdown sees nothing but white space. Tags, attribute lists and definitions,
which are no text, carry theirs inside. All of this is written in characters of a private-use area.
"""

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor, ReferenceProcessor
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.extensions.footnotes import FootnoteBlockProcessor, FootnoteExtension
from markdown.extensions.smarty import SubstituteTextPattern
from markdown.extensions.toc import slugify

from explainer.data.yaml import Document, parse
from explainer.notes.lists import nested
from explainer.problems import Fault, Report, Rule
from explainer.text.expressions import Expression, expressions_in_markdown
from explainer.voice.voice import Voice


class Fence(NamedTuple):
    """A Vega-Lite block of a note: its id, its place, and what is written in it."""

    id: str
    file: str
    line: int
    text: str

    @property
    def document(self) -> Document:
        """What is written in it, read as YAML."""
        return parse(self.text, self.file, self.line + 1)


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
    footnotes: dict[str, int] = field(default_factory=dict)
    """The line on which each footnote is written."""


TOKEN = re.compile("\ue100([\ue000-\ue009]+)\ue101")
"""The place of an expression, its number in private digits."""

MARK = re.compile("[ \u1680]?\ue102([\ue000-\ue009]+)\ue103")
"""The number of a line behind its text. It begins with a space that nobody types, so that what
Markdown looks for at the end of a line, it finds in front of one."""

LINE = "data-line"
"""The attribute in which a tag or an attribute list carries its line."""

RESERVED = re.compile(
    r"(?:text|references|contents-title|corrections)$|(?:ref|use|chart|disagreement|correction)-",
    re.IGNORECASE,
)
"""The ids that a page makes itself."""

OWN = "\ue104"
"""What a text begins with that Markdown itself made: the number of a footnote, the way back."""

MOST = 100
"""How many brackets and the like may be open at once."""

CALLOUT = "data-callout"
"""The attribute in which a callout carries what kind it is."""

_DIGITS = str.maketrans(
    "0123456789", "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009"
)
_PLAIN = {0xE000 + digit: str(digit) for digit in range(10)}

_FENCE = re.compile(
    r"(?P<before>(?:[ \t>*+-]|\d+[.)])*+)(?P<fence>`{3,}+|~{3,}+)[ \t]*+(?P<info>[^`\n]*)$"
)
_CHART = re.compile(r"[{.\s]*vega(?:[-_ ]?lite)?\b", re.IGNORECASE)
"""What somebody writes behind a fence who means a chart."""


def prepare(report: Report, body: str, file: str, first_line: int) -> Prepared:
    """The body with its tokens and marks; `first_line` is the file's line on which it begins."""
    prepared = Prepared(file, first_line)
    text = _tokenised(_fenced(report, body, prepared), prepared)
    prepared.text = _marked(nested(text.expandtabs(4)), prepared)
    return prepared


def convert(report: Report, prepared: Prepared, voice: Voice) -> tuple[str, frozenset[str]] | None:
    """The HTML of a body, and the footnotes that nothing refers to.

    None, and a problem, where Markdown itself gives up.
    """
    for what, line in _tangled(prepared.text):
        message, hint = f"{MOST} {what} here are too many", "close them, or write them as `code`"
        report.say(Rule.BAD_VALUE, message, hint, path=(prepared.first_line + line,))
        return None
    try:
        return _converted(prepared.text, voice)
    except Exception as error:
        # Whatever it is, it is about what somebody wrote: the first lines that it happens with.
        lines = prepared.text.split("\n")
        count = bisect.bisect_left(
            range(1, len(lines)), True, key=lambda n: _fails("\n".join(lines[:n]), voice)
        )
        message = "the note cannot be read"
        hint = "take out what is unusual here, or write it as `code`"
        if isinstance(error, RecursionError):
            message = "the note is nested too deeply to be read"
            hint = "take out levels of lists, quotations or elements"
        report.say(Rule.BAD_VALUE, message, hint, path=(prepared.first_line + count,))
        return None


def decoded(digits: str) -> int:
    """A number written in private digits; 0 where there are none."""
    return int(digits.translate(_PLAIN) or 0)


def token(number: int) -> str:
    """The token of a number."""
    return f"\ue100{str(number).translate(_DIGITS)}\ue101"


def unmarked(text: str) -> str:
    """A text without the lines that it carries."""
    return MARK.sub("", bare_marks(text))


def bare_marks(text: str) -> str:
    """A text in which those that were put into tags are plain marks, where it shows such tags."""
    return text.replace(f" {LINE}=\ue102", "\ue102")


# Before Markdown: tokens


def _fenced(report: Report, body: str, prepared: Prepared) -> str:
    """The body with each Vega-Lite block replaced by the token of its chart."""
    lines = body.split("\n")
    index = 0
    while index < len(lines):
        opened = _FENCE.match(lines[index])
        chart = bool(opened and _CHART.match(opened["info"]))
        if not opened or not (chart or _at_margin(opened)):
            index += 1
            continue
        end = next((n for n in range(index + 1, len(lines)) if _closes(lines[n], opened)), 0)
        block = lines[index : end + 1 if end else len(lines)]
        if chart:
            with report.at(prepared.first_line + index).catching():
                _demand_whole(opened, closed=bool(end))
                lines[index : index + len(block)] = _block_lines(block, index, prepared)
        elif end:
            _look_for_charts(report.at(prepared.first_line + index), block, opened["fence"])
        index += len(block) if chart or end else 1
    return "\n".join(lines)


def _look_for_charts(report: Report, block: list[str], fence: str) -> None:
    """Tell of a chart's block that stands in another one, which is not closed before it."""
    for line in block[1:]:
        inner = _FENCE.match(line)
        if inner and inner["fence"] == fence and _CHART.match(inner["info"]):
            hint = "close this one before it; to show it as code, begin this one with four marks"
            report.say(Rule.BAD_CHART, "a chart's block stands inside this one", hint)


def _at_margin(opened: re.Match[str]) -> bool:
    return not opened["before"].strip(" ") and len(opened["before"]) <= 3


def _closes(line: str, opened: re.Match[str]) -> bool:
    closing = line.strip(" \t>")
    return closing.startswith(opened["fence"]) and set(closing) == {opened["fence"][0]}


def _demand_whole(opened: re.Match[str], *, closed: bool) -> None:
    """Raise `Fault` unless a chart's block is one: at the margin, by its name, and closed."""
    fence, info = opened["fence"], opened["info"].strip()
    if not _at_margin(opened):
        message = "a chart's block stands at the margin, in no list and no quotation"
        hint = "begin its first line and its last in the first column"
    elif info != "vega-lite":
        message = f"a chart's block begins with {fence}vega-lite"
        hint = f'"{info}" is published as code; Vega-Lite is what is drawn'
    elif not closed:
        message, hint = "the chart's block is never closed", f"put a line {fence} behind it"
    else:
        return
    raise Fault(Rule.BAD_CHART, message, hint)


def _block_lines(block: list[str], index: int, prepared: Prepared) -> list[str]:
    """As many lines as the block has, with its token on the first and nothing on the others."""
    line = prepared.first_line + index
    text = "\n".join(block[1:-1])
    data = parse(text, prepared.file, line + 1).data
    name = data.get("id") if isinstance(data, dict) else None
    prepared.fences.append(Fence(str(name), prepared.file, line, text))
    if not isinstance(name, str):
        return [""] * len(block)
    prepared.tokens.append(Token("\n".join(block), line, Expression("chart", name)))
    return [token(len(prepared.tokens) - 1)] + [""] * (len(block) - 1)


def _tokenised(body: str, prepared: Prepared) -> str:
    """The body with each expression replaced by a token that stands for it."""
    parts: list[str] = []
    position, line = 0, prepared.first_line
    for match in expressions_in_markdown(body):
        before = body[position : match.start()]
        line += before.count("\n")
        position = match.end()
        prepared.tokens.append(Token(match[0], line))
        # A note's lines keep their numbers even where an expression spans several.
        over = match[0].count("\n")
        parts += [before, token(len(prepared.tokens) - 1), "\n" * over]
        line += over
    return "".join([*parts, body[position:]])


# Before Markdown: the lines

_TAG = re.compile(r"(?<!\]\()<[a-zA-Z][\w-]*(?=[\s/>])(?:(?!\n[ \t]*\n)[^<>])*?(?=\s*/?>)")
_LIST = re.compile(r"\{[:#.][^}\n]*(?=\})")
_WORDLESS = re.compile(
    r"(?:[-=*_+|:#\s>]++|\d+[.)](?!\S)|\[\^[^\]]*\]:)*+(?:\[TOC\]|\{[^}\n ][^\n]*\})?+\s*+"
)
"""A line that says nothing: a rule, an underline, a marker, an attribute list."""

_ENDING_TAG = re.compile(r"</?[a-zA-Z](?![A-Za-z0-9+.-]*:)[^<>@]*>|<!--.*-->")


def _marked(text: str, prepared: Prepared) -> str:
    """The text with the number of its line behind the last word of each."""
    ends = [match.start() for match in re.finditer(r"\n|\Z", text)]

    def at(position: int) -> int:
        return bisect.bisect_left(ends, position)

    def mark(line: int) -> str:
        return f"\ue102{str(prepared.first_line + line).translate(_DIGITS)}\ue103"

    silent: set[int] = set()
    more: list[tuple[int, str]] = []
    for match in FencedBlockPreprocessor.FENCED_BLOCK_RE.finditer(text):
        silent.update(range(at(match.start()), at(match.end()) + 1))
    for start, end in _comments(text):
        silent.update(range(at(start), at(end)))
    for match in ReferenceProcessor.RE.finditer(text):
        if not match[1].startswith("^"):
            silent.update(range(at(match.start()), at(match.end()) + 1))
            more.append((match.end(2) - match[2].endswith(">"), mark(at(match.start()))))
    for match in FootnoteBlockProcessor.RE.finditer(text):
        if at(match.start()) not in silent:
            prepared.footnotes.setdefault(match[1], prepared.first_line + at(match.start()))
    for pattern in (_TAG, _LIST):
        for match in pattern.finditer(text):
            line = at(match.start())
            if line not in silent:
                silent.update(range(line, at(match.end())))
                more.append((match.end(), f" {LINE}={mark(line)}"))
    start = 0
    for number, end in enumerate(ends):
        if number not in silent and (length := _said(text[start:end])):
            more.append((start + length, f"\u1680{mark(number)}"))
        start = end + 1
    parts: list[str] = []
    position = 0
    for place, added in sorted(more):
        parts += [text[position:place], added]
        position = place
    return "".join([*parts, text[position:]])


def _comments(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (end := text.find("-->", start)) >= 0:
        found.append((start, end))
    return found


def _said(line: str) -> int:
    """The length of a line up to what Markdown wants at its end; 0 where it says nothing."""
    if _WORDLESS.fullmatch(line) and not line.strip().startswith(":::"):
        return 0
    heading = line.lstrip(" >").startswith("#")
    said, listed = line.rstrip(), False
    while said and said[-1] in "|#>}" and said[-2:-1] != "\\":
        if said[-1] == "|":
            cut = len(said) - 1
        elif said[-1] == "#":
            cut = len(said.rstrip("#")) if heading else -1
        elif said[-1] == ">":
            cut = said.rfind("<")
            cut = cut if _ENDING_TAG.fullmatch(said, max(cut, 0)) else -1
        else:
            cut = said.rfind("{")
            known = not listed and (heading or _LIST.match(said, max(cut, 0)))
            cut = cut if known and said[cut - 1 : cut] == " " else -1
            listed = True
        if cut < 0:
            break
        said = said[:cut].rstrip()
    # What a backslash does there, it does in front of the line's end.
    said = said.rstrip("\\")
    return 0 if _WORDLESS.fullmatch(said) else len(said)


# Markdown

_OPENINGS = {
    "brackets that are never closed": re.compile(
        r"\\.|(?P<open>\[)|(?P<close>\])|(?P<end>\n\s*\n)"
    ),
    "links whose address is never closed": re.compile(
        r"\\.|(?P<open>\]\()|(?P<close>\))|(?P<end>\n\s*\n)"
    ),
    "tags that are never closed": re.compile(r"(?P<open><[a-zA-Z/!?])|(?P<close>>)"),
    "meanings of one word": re.compile(r"(?P<open>^ {0,3}: )|(?P<end>\n\s*\n)", re.MULTILINE),
}


def _tangled(text: str) -> Iterator[tuple[str, int]]:
    """What a text opens too often, and on which of its lines: for each, Markdown reads on to the
    end and begins again."""
    for what, pattern in _OPENINGS.items():
        depth = 0
        for match in pattern.finditer(text):
            depth = depth + 1 if match.lastgroup == "open" else max(depth - 1, 0)
            depth = 0 if match.lastgroup == "end" else depth
            if depth > MOST:
                yield what, text.count("\n", 0, match.start())
                break


def _converted(text: str, voice: Voice) -> tuple[str, frozenset[str]]:
    # Each note has a converter of its own: Python-Markdown keeps footnotes from one to the next.
    converter = _markdown(voice)
    html = converter.convert(text)
    notes = next(e for e in converter.registeredExtensions if isinstance(e, FootnoteExtension))
    return html, frozenset(notes.footnotes) - frozenset(notes.footnote_order)


def _fails(text: str, voice: Voice) -> bool:
    try:
        _converted(text, voice)
    except Exception:
        return True
    return False


def _markdown(voice: Voice) -> Markdown:
    names = "tables footnotes attr_list smarty toc def_list sane_lists fenced_code md_in_html abbr"
    marks = [f"{side}-{kind}-quote" for kind in ("double", "single") for side in ("left", "right")]
    return Markdown(
        extensions=[*names.split(), _Ours()],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "smarty": {"substitutions": dict(zip(marks, voice.language.quotes, strict=True))},
            "toc": {"slugify": _slug},
            "footnotes": {
                "BACKLINK_TEXT": "↑",
                "BACKLINK_TITLE": OWN + voice.language.word("reference.back"),
                "SUPERSCRIPT_TEXT": OWN + "{}",
            },
        },
        output_format="html",
    )


def _slug(text: str, separator: str) -> str:
    """The id of a heading that names none, which is none that the page makes."""
    slug = slugify(text, separator)
    return f"part-{slug}" if RESERVED.match(slug) else slug


class _Ours(Extension):
    """What we add to Python-Markdown: labels without their marks, callouts, and apostrophes that
    are no quotation marks."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register it."""
        md.references = _References()
        md.parser.blockprocessors.register(_Callouts(md.parser), "callout", 21)
        apostrophe = SubstituteTextPattern(r"(?<=\w)'(?=[\w\ue100]|\"\w)", ("’",), md)
        smarty: Any = md.treeprocessors["smarty"]
        smarty.inlinePatterns.register(apostrophe, "apostrophe", 31)


class _References(dict[str, Any]):
    """Definitions of links, found by a label that may reach over the end of a line."""

    def __contains__(self, label: object) -> bool:
        return super().__contains__(_label(str(label)))

    def __getitem__(self, label: str) -> Any:
        return super().__getitem__(_label(label))


def _label(label: str) -> str:
    return " ".join(MARK.sub(" ", label).split())


class _Callouts(BlockQuoteProcessor):
    """`> [!NOTE]` and the lines behind it: no quotation, and never joined to one."""

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Whether the first quoted line of a block names a kind of callout."""
        match = self.RE.search(block)
        return bool(match and _CALLOUT.match(match[2])) and super().test(parent, block)

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        """Make an aside of it."""
        block = blocks.pop(0)
        match = self.RE.search(block)
        assert match
        self.parser.parseBlocks(parent, [block[: match.start()]])
        text = "\n".join(
            self.clean(line) for line in block[match.start() :].strip("\n").split("\n")
        )
        named = _CALLOUT.match(text)
        assert named
        aside = ElementTree.SubElement(parent, "aside", {CALLOUT: named[1], LINE: named[2] or ""})
        self.parser.state.set("blockquote")
        self.parser.parseChunk(aside, text[named.end() :].lstrip("\n"))
        self.parser.state.reset()


_CALLOUT = re.compile(r"\[!(\w+)\][+-]?[ ]*" + f"({MARK.pattern})?")
