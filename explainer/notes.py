"""A note file becomes a `Note`: front matter, prose with its claims bound, HTML.

Python-Markdown keeps no line numbers and knows no claims. So before it runs, each expression is
replaced by a token, and each number and link target is followed by a stamp that says its line
(both in characters of a private-use area, which no note needs). The HTML that comes out is walked
once: tokens become claims, stamps become places of problems, and only elements and attributes from
a closed list are written again, so that what was checked is what is published.
"""

import itertools
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import imagesize  # type: ignore[import-untyped]
from markdown import Markdown
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict

from explainer.citations import Voice
from explainer.dataset import Day, read_text, validated
from explainer.problems import Place, Problem, Rule, did_you_mean
from explainer.prose import (
    Expression,
    ExpressionError,
    expressions_in,
    loose_numbers,
    parse_expression,
)
from explainer.strictyaml import Document, parse

MAX_QUOTED_WORDS = 25


class Front(BaseModel):
    """A note's front matter."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    title: str
    summary: str
    nav: str = ""
    """A short title for the navigation; without it, the title stands there."""
    order: int = 100
    published: Day | None = None
    updated: Day | None = None
    checked: Day | None = None
    review_by: Day | None = None
    draft: bool = False
    aliases: list[str] = []


class Piece(NamedTuple):
    """A part of a note's body: HTML, or the id of a chart or disagreement to set there."""

    kind: str
    html: Markup
    id: str = ""


class Heading(NamedTuple):
    """A heading for the list of contents."""

    level: int
    id: str
    text: str


class Target(NamedTuple):
    """A link of a note: where it leads, and where it stands."""

    href: str
    line: int
    source: str


class Fence(NamedTuple):
    """A Vega-Lite block of a note: its id, its line, and what is written in it."""

    id: str
    line: int
    document: Document


@dataclass
class Note:
    """A note, ready to be put on a page."""

    slug: str
    language: str
    path: Path
    file: str
    lines: list[str]
    front: Front
    title: Markup
    title_text: str
    summary: Markup
    summary_text: str
    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    targets: list[Target] = field(default_factory=list)
    uses: dict[str, list[str]] = field(default_factory=dict)
    """Claim → anchors of the places in the note's prose that print it."""
    charts: list[str] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    """Sources that the prose names."""
    files: dict[str, Path] = field(default_factory=dict)
    plains: int = 0
    words: int = 0

    def problem(self, line: int, rule: Rule, message: str, hint: str = "") -> Problem:
        """A problem on a line of the note."""
        excerpt = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Problem(Place(self.file, line), rule, message, hint, excerpt)

    def front_line(self, key: str) -> int:
        """The line of a front matter key."""
        for number, line in enumerate(self.lines, 1):
            if line.startswith(f"{key}:"):
                return number
        return 1


def read_note(path: Path, file: str, voice: Voice) -> tuple[Note | None, list[Problem]]:
    """The note of a file, or None where its front matter cannot be used; and what is wrong."""
    text, problem = read_text(path, file)
    if problem:
        return None, [problem]
    lines = text.split("\n")
    front, body_line, problems = _front_matter(lines, file)
    if front is None:
        # Nothing can be published, but the editor still wants to hear of the body's problems.
        front = Front(title=path.stem, summary="")
        sound = False
    else:
        sound = True
    note = Note(
        slug=path.stem,
        language=voice.code,
        path=path,
        file=file,
        lines=lines,
        front=front,
        title=voice.marked(front.title),
        title_text=voice.said(front.title),
        summary=voice.marked(front.summary),
        summary_text=voice.said(front.summary),
    )
    for key in ("title", "summary", "nav"):
        problems += text_problems(
            getattr(front, key),
            voice,
            lambda rule, message, hint, needle, key=key: note.problem(
                note.front_line(key), rule, message, hint
            ),
        )
    body = "\n".join(lines[body_line - 1 :])
    problems += _Body(note, voice, body_line).read(body)
    return (note if sound else None), problems


def _front_matter(lines: list[str], file: str) -> tuple[Front | None, int, list[Problem]]:
    """The front matter, the line on which the body begins, and what is wrong."""
    example = "begin the note with ---, then title: … and summary: …, then ---"
    if not lines or lines[0].strip() != "---":
        excerpt = lines[0].strip() if lines else ""
        return (
            None,
            1,
            [
                Problem(
                    Place(file, 1),
                    Rule.MISSING_KEY,
                    "the note has no front matter",
                    example,
                    excerpt,
                )
            ],
        )
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return (
            None,
            len(lines) + 1,
            [
                Problem(
                    Place(file, 1),
                    Rule.BAD_YAML,
                    "the front matter is never closed",
                    "put a line --- behind its last key",
                    lines[0],
                )
            ],
        )
    document = parse("\n".join(lines[1:end]), file, 2)
    if document.problems:
        return None, end + 2, document.problems
    if not isinstance(document.data, dict):
        return (
            None,
            end + 2,
            [Problem(Place(file, 1), Rule.MISSING_KEY, "the front matter has no keys", example)],
        )
    front, problems = validated(Front, document.data, document, ())
    return front, end + 2, problems


def text_problems(text: str, voice: Voice, problem: Any) -> list[Problem]:
    """What is wrong with a plain text that may hold claims: a title, a label, a caption.

    `problem(rule, message, hint, needle)` makes a problem at the text's place.
    """
    found: list[Problem] = []
    for match in expressions_in(text):
        try:
            expression = parse_expression(match)
        except ExpressionError as error:
            found.append(problem(error.rule, error.message, error.hint, match[0]))
            continue
        if expression.function not in ("claim", "plain"):
            found.append(
                problem(
                    Rule.BAD_EXPRESSION,
                    f"{expression.function} cannot stand here",
                    "only claim and plain can stand in such a text",
                    match[0],
                )
            )
            continue
        missing = unknown_reference(expression, voice)
        if missing:
            found.append(problem(*missing, expression.name))
    for number in loose_numbers(text, voice.finder):
        found.append(problem(*unbound(number), number))
    return found


def unbound(number: str) -> tuple[Rule, str, str]:
    """The rule, message and hint for a number that comes from no claim."""
    return (
        Rule.UNBOUND_NUMBER,
        f'"{number}" comes from no claim',
        'write {{ claim("id") }}, or {{ plain("…", "why this is no claim") }}',
    )


def unknown_reference(expression: Expression, voice: Voice) -> tuple[Rule, str, str] | None:
    """The rule, message and hint where an expression names what does not exist."""
    sections = {
        "claim": ("claims", Rule.UNKNOWN_CLAIM, "claim"),
        "chart": ("charts", Rule.UNKNOWN_CHART, "chart"),
        "disagreement": ("disagreements", Rule.UNKNOWN_DISAGREEMENT, "disagreement"),
        "source": ("sources", Rule.UNKNOWN_SOURCE, "source"),
        "term": ("glossary", Rule.UNKNOWN_TERM, "glossary entry"),
    }
    if expression.function not in sections:
        return None
    section, rule, noun = sections[expression.function]
    if voice.dataset.knows(section, expression.name):
        return None
    known = getattr(voice.dataset, section)
    hint = did_you_mean(expression.name, known) or f"add it to {section}: in the data file"
    return rule, f'no {noun} "{expression.name}"', hint


# The body: tokens and stamps in, checked HTML out

_TOKEN = "\ue100{}\ue101"
_STAMP = "\ue102{}\ue103"
_DIGITS = str.maketrans(
    "0123456789", "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009"
)
_PLAIN = {0xE000 + digit: str(digit) for digit in range(10)}
_MARK = re.compile("\ue100([\ue000-\ue009]+)\ue101|\ue102([\ue000-\ue009]+)\ue103")
_PRIVATE = re.compile("[\ue000-\ue103]")

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_SKIPPED = re.compile(
    r"^\s*\d+[.)](?=\s)"  # the numeral of a list
    r"|\[\^[^\]\n]*\]"  # a footnote and its mark
    r"|\]\[[^\]\n]*\]|^\s{0,3}\[[^\]\n]+\]:"  # the label of a link
    r"|\{[:#.][^}\n]*\}"  # an attribute list
    r"|</?[a-zA-Z][^<>]*>"  # a tag
    r"|&\#?\w+;"  # an entity
    r"|\ue100[\ue000-\ue009]+\ue101"
    r"|(?P<link>(?<=\]\()\s*<?[^)\s>]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
)
_DEFINITION = re.compile(r"^( {0,3}\[[^\]^][^\]]*\]:\s*<?)(\S+?)(>?(?:\s.*)?)$")


def _coded(pattern: str, number: int) -> str:
    return pattern.format(str(number).translate(_DIGITS))


_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
        "img",
    ]
)
_BLOCK = frozenset(
    [
        "address",
        "aside",
        "blockquote",
        "caption",
        "col",
        "colgroup",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_ATTRIBUTES = frozenset(
    [
        "id",
        "class",
        "href",
        "src",
        "alt",
        "title",
        "lang",
        "dir",
        "cite",
        "datetime",
        "start",
        "reversed",
        "colspan",
        "rowspan",
        "scope",
        "open",
        "value",
        "role",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUOTING = frozenset({"q", "blockquote", "cite"})
_SCHEMES = frozenset({"", "http", "https", "mailto"})
PUBLISHED_FILES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".svg", ".pdf", ".csv"})


class _Body:
    """Reads the body of one note."""

    def __init__(self, note: Note, voice: Voice, first_line: int):
        self.note, self.voice, self.finder = note, voice, voice.finder
        self.first_line = first_line
        self.tokens: list[tuple[str, int, Expression | None]] = []
        self.problems: list[Problem] = []

    def read(self, body: str) -> list[Problem]:
        if _PRIVATE.search(body):
            line = self.first_line + body[: _PRIVATE.search(body).start()].count("\n")  # type: ignore[union-attr]
            self._problem(
                line,
                Rule.BAD_VALUE,
                "the note holds a private-use character",
                "delete it; it is invisible, and often comes with pasted text",
            )
            body = _PRIVATE.sub("", body)
        prepared = self._stamped(self._tokenised(self._fenced(body)))
        # No configuration is shared: Python-Markdown keeps footnotes between runs.
        html = _markdown(self.voice).convert(prepared)
        walker = _Walker(self)
        walker.feed(html)
        walker.close()
        walker.finish()
        self._warn_of_number_words(body)
        return self.problems

    def _warn_of_number_words(self, body: str) -> None:
        """Warn of numbers written as words outside quotations, code and expressions."""
        words = str(self.voice.language.strings.get("number_words", "")).split()
        if not words:
            return
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.I)
        bare = re.sub(r"\{\{.*?\}\}|`[^`\n]*`|<q>.*?</q>", _blank, body, flags=re.DOTALL)
        fence = ""
        for index, line in enumerate(bare.split("\n")):
            opened = _FENCE.match(line)
            if opened and (not fence or opened[1].startswith(fence)):
                fence = "" if fence else opened[1]
            if fence or line.lstrip().startswith(">"):
                continue
            for match in pattern.finditer(line):
                problem = self.note.problem(
                    self.first_line + index,
                    Rule.NUMBER_WORD,
                    f'"{match[0]}" is a number that no claim stands behind',
                    'write {{ claim("id") }}, or {{ plain("'
                    + match[0]
                    + '", "why this is no claim") }}',
                )
                self.problems.append(replace(problem, warning=True))

    def _problem(self, line: int, rule: Rule, message: str, hint: str = "") -> None:
        self.problems.append(self.note.problem(line, rule, message, hint))

    def _fenced(self, body: str) -> str:
        """The body with each Vega-Lite block replaced by the token of its chart."""
        lines = body.split("\n")
        index = 0
        while index < len(lines):
            opened = _FENCE.match(lines[index])
            if not opened:
                index += 1
                continue
            end = next(
                (
                    n
                    for n in range(index + 1, len(lines))
                    if (closing := _FENCE.match(lines[n]))
                    and closing[1].startswith(opened[1])
                    and lines[n].strip() == closing[1]
                ),
                len(lines),
            )
            if lines[index][opened.end() :].strip() == "vega-lite":
                lines[index : end + 1] = self._block_lines(lines[index : end + 1], index)
            index = end + 1
        return "\n".join(lines)

    def _block_lines(self, block: list[str], index: int) -> list[str]:
        """As many lines as the block has, with its token on the first and nothing on the others."""
        line = self.first_line + index
        document = parse("\n".join(block[1:-1]), self.note.file, line + 1)
        name = document.data.get("id") if isinstance(document.data, dict) else None
        self.note.fences.append(Fence(str(name), line, document))
        if not isinstance(name, str):
            return [""] * len(block)
        self.tokens.append(("\n".join(block), line, Expression("chart", name)))
        return [_coded(_TOKEN, len(self.tokens) - 1)] + [""] * (len(block) - 1)

    def _tokenised(self, body: str) -> str:
        """The body with each expression replaced by a token that stands for it."""
        parts: list[str] = []
        position = 0
        for match in expressions_in(body):
            parts.append(body[position : match.start()])
            position = match.end()
            line = self.first_line + body.count("\n", 0, match.start())
            self.tokens.append((match[0], line, None))
            parts.append(_coded(_TOKEN, len(self.tokens) - 1))
            # A note's lines keep their numbers even where an expression spans several.
            parts.append("\n" * match[0].count("\n"))
        parts.append(body[position:])
        return "".join(parts)

    def _stamped(self, body: str) -> str:
        """The body with the line of each number and link target behind it."""
        lines = body.split("\n")
        fence = ""
        for index, line in enumerate(lines):
            opened = _FENCE.match(line)
            if opened and not fence:
                fence = opened[1]
                continue
            if fence:
                if opened and opened[1].startswith(fence):
                    fence = ""
                continue
            stamp = _coded(_STAMP, self.first_line + index)
            definition = _DEFINITION.match(line)
            if definition:
                lines[index] = f"{definition[1]}{definition[2]}{stamp}{definition[3]}"
                continue
            parts = [
                match[0] + stamp if match["link"] or match["number"] else match[0]
                for match in _SKIPPED.finditer(line)
            ]
            gaps = _SKIPPED.sub("\n", line).split("\n")
            lines[index] = "".join(itertools.chain(*zip(gaps, [*parts, ""], strict=True)))
        return "\n".join(lines)

    def expression(self, index: int) -> Expression | None:
        """The expression of a token; None, and a problem, where it says nothing."""
        source, line, known = self.tokens[index]
        if known:
            return known
        match = next(expressions_in(source))
        try:
            expression = parse_expression(match)
        except ExpressionError as error:
            self._problem(line, error.rule, error.message, error.hint)
            return None
        missing = unknown_reference(expression, self.voice)
        if missing:
            self._problem(line, *missing)
            return None
        self.tokens[index] = (source, line, expression)
        return expression


def _blank(match: re.Match[str]) -> str:
    """As many lines as the match has, and nothing on them."""
    return "\n" * match[0].count("\n")


def _markdown(voice: Voice) -> Markdown:
    return Markdown(
        extensions=[
            "tables",
            "footnotes",
            "attr_list",
            "smarty",
            "toc",
            "def_list",
            "sane_lists",
            "fenced_code",
            "md_in_html",
            "abbr",
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "footnotes": {
                "BACKLINK_TEXT": "↑",
                "BACKLINK_TITLE": voice.language.word("reference.back"),
            },
        },
        output_format="html",
    )


class _Walker(HTMLParser):
    """Walks the HTML of a note once: binds, checks, and writes it again."""

    def __init__(self, body: _Body):
        super().__init__(convert_charrefs=True)
        self.body, self.note, self.voice = body, body.note, body.voice
        self.out: list[str] = []
        self.open: list[str] = []
        self.line = body.first_line
        self.heading: list[str] = []
        self.heading_id = ""
        self.forbidden = 0
        self.quoted: list[str] = []
        self.seen: dict[str, int] = {}

    # What the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an allowed element's start; report any other."""
        given = {name: self._unstamped(value or "") for name, value in attrs}
        if tag not in _INLINE and tag not in _BLOCK:
            self._forbid(tag)
            if tag not in _VOID and tag not in ("input", "link", "meta", "base", "embed"):
                self.forbidden += tag in ("script", "style", "textarea", "title")
            return
        if tag == "img":
            self._image(given)
            return
        if tag in _HEADINGS:
            self._open_heading(tag, given.get("id", ""))
        if tag in _QUOTING and not self._inside(_QUOTING):
            self.quoted = []
            given["data-exempt"] = "quotation"
        if tag == "a":
            self._link(given)
        if tag == "sup" and given.get("id", "").startswith("fnref"):
            given["data-exempt"] = "interface"
        align = given.pop("align", "")
        if align in ("left", "right", "center"):
            given["class"] = f"{given.get('class', '')} align-{align}".strip()
        self.out.append(f"<{tag}{self._attributes(tag, given)}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat `<br/>` as `<br>`."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element that is open, and those left open inside it."""
        if tag in ("script", "style", "textarea", "title") and self.forbidden:
            self.forbidden -= 1
        if tag not in self.open:
            return
        while self.open:
            last = self.open.pop()
            self.out.append(f"</{last}>")
            if last in _QUOTING and not self._inside(_QUOTING):
                self._end_quotation()
            if last == tag:
                break
        if tag in _HEADINGS:
            text = " ".join("".join(self.heading).split())
            self.note.headings.append(Heading(int(tag[1]), self.heading_id, text))
            self.heading_id = ""

    def handle_data(self, data: str) -> None:
        """Write text: tokens become what they stand for, numbers are checked."""
        if self.forbidden:
            return
        if self._inside({"code", "pre"}):
            self._write(self._original(data))
            return
        position = 0
        pending = ""
        for match in _MARK.finditer(data):
            pending += data[position : match.start()]
            position = match.end()
            if match[2]:
                pending += "\ue102" + match[2] + "\ue103"
                continue
            self._text(pending)
            pending = ""
            self._token(int(match[1].translate(_PLAIN)))
        self._text(pending + data[position:])

    def handle_comment(self, data: str) -> None:
        """Leave comments out of the page."""

    def handle_decl(self, decl: str) -> None:
        """Refuse declarations."""
        self._forbid("!" + decl.split()[0])

    def handle_pi(self, data: str) -> None:
        """Refuse processing instructions."""
        self._forbid("?" + data.split()[0] if data.split() else "?")

    def unknown_decl(self, data: str) -> None:
        """Refuse CDATA sections and the like."""
        self._forbid("![")

    def finish(self) -> None:
        """Close what is open, cut the body into pieces, and look for footnotes without a target."""
        while self.open:
            self.out.append(f"</{self.open.pop()}>")
        self._cut("".join(self.out))
        self._unused_footnotes()

    # Text

    def _text(self, data: str) -> None:
        """Write text with its years and dates marked; report its unbound numbers."""
        if not data:
            return
        stamps: list[tuple[int, int]] = []
        plain = ""
        position = 0
        for match in _MARK.finditer(data):
            plain += data[position : match.start()]
            position = match.end()
            stamps.append((len(plain), int((match[2] or "").translate(_PLAIN) or 0)))
        plain += data[position:]
        if stamps:
            self.line = stamps[-1][1]
        for missing in re.finditer(r"\[\^([^\]]+)\]|\]\[([^\]]*)\]", plain):
            self._missing_reference(missing)
        self.heading.append(plain)
        if self._inside(_QUOTING):
            self.quoted.append(plain)
            self._write(plain)
            return
        if self._inside({"sup"}) and self.open[-2:] == ["sup", "a"]:
            self._write(plain)
            return
        position = 0
        for number in self.body.finder.numbers(plain):
            self._write(plain[position : number.start])
            position = number.end
            shown = plain[number.start : number.end]
            if number.kind:
                self.out.append(
                    str(Markup('<span data-exempt="{}">{}</span>').format(number.kind, shown))
                )
                continue
            line = next((line for at, line in stamps if at > number.start), self.line)
            self.body._problem(line, *unbound(number.text))
            self._write(shown)
        self._write(plain[position:])
        self.note.words += len(plain.split())

    def _token(self, index: int) -> None:
        _, line, _ = self.body.tokens[index]
        self.line = line
        expression = self.body.expression(index)
        if expression is None:
            return
        getattr(self, f"_say_{expression.function}")(expression, line, index)

    def _say_claim(self, expression: Expression, line: int, index: int) -> None:
        name = expression.name
        if "a" in self.open:
            self.body._problem(
                line,
                Rule.CLAIM_IN_LINK,
                f'the claim "{name}" stands inside the text of a link',
                "a claim is a link itself: end the other one before it",
            )
            return
        if self._inside(_HEADINGS) and not _names_its_id(self.note.lines, line):
            self.body._problem(
                line,
                Rule.CLAIM_IN_HEADING,
                "a heading that prints a claim must name its id",
                "put {#some-id} behind the heading, so that links to it survive a new figure",
            )
        if name not in self.voice.dataset.quantities:
            return
        places = self.note.uses.setdefault(name, [])
        anchor = f"use-{name}-{len(places) + 1}"
        places.append(anchor)
        text = self.voice.text(name, expression.form, bare=bool(expression.bare))
        self.heading.append(text)
        link = self.voice.link(name, expression.form, bare=bool(expression.bare))
        self.out.append(str(Markup('<span id="{}">{}</span>').format(anchor, link)))
        self.note.words += 1

    def _say_plain(self, expression: Expression, line: int, index: int) -> None:
        self.note.plains += 1
        self.heading.append(expression.name)
        self.out.append(str(self.voice.plain(expression.name)))

    def _say_source(self, expression: Expression, line: int, index: int) -> None:
        name = expression.name
        if name not in self.voice.dataset.sources:
            return
        if "a" in self.open:
            self.body._problem(
                line,
                Rule.CLAIM_IN_LINK,
                "a source stands inside a link",
                "a source is a link itself: end the other one before it",
            )
            return
        self.note.cited.append(name)
        self.out.append(
            str(
                Markup(
                    '<a class="source" href="sources.html#{}" data-exempt="source">{}</a>'
                ).format(name, self.voice.short(name))
            )
        )

    def _say_term(self, expression: Expression, line: int, index: int) -> None:
        term = self.voice.dataset.glossary.get(expression.name)
        if term is None:
            return
        word = self.voice.local(term.term)
        meaning = self.voice.said(
            self.voice.local(term.expansion) or self.voice.local(term.meaning)
        )
        self.heading.append(word)
        self.out.append(
            str(Markup('<abbr class="term" title="{}">{}</abbr>').format(meaning, word))
        )

    def _say_chart(self, expression: Expression, line: int, index: int) -> None:
        self._block("chart", expression, line, index)
        self.note.charts.append(expression.name)

    def _say_disagreement(self, expression: Expression, line: int, index: int) -> None:
        self._block("disagreement", expression, line, index)

    def _block(self, kind: str, expression: Expression, line: int, index: int) -> None:
        """Leave the token of a block-level thing for `_cut`, if it stands alone."""
        if self.open not in (["p"], []):
            self.body._problem(
                line,
                Rule.BAD_EXPRESSION,
                f"a {kind} stands alone, in a paragraph of its own",
                "put empty lines before and behind it",
            )
            return
        if kind == "chart" and expression.name in self.note.charts:
            self.body._problem(
                line,
                Rule.DUPLICATE_ID,
                f'the chart "{expression.name}" is on this page already',
                "link to it instead: [the chart](#chart-" + expression.name + ")",
            )
            return
        self.out.append(_coded(_TOKEN, index))

    # Elements

    def _forbid(self, tag: str) -> None:
        hint = "notes hold text, links, tables and images; take the element out"
        if tag in ("script", "style"):
            hint = "scripts and styles belong to the templates"
        self.body._problem(
            self._next(f"<{tag}"),
            Rule.FORBIDDEN_HTML,
            f"<{tag}> is not allowed in a note",
            hint,
        )

    def _attributes(self, tag: str, given: dict[str, str]) -> str:
        written = []
        for name, value in given.items():
            if name not in _ATTRIBUTES and name != "data-exempt":
                hint = "use a class" if name == "style" else "take it out"
                self.body._problem(
                    self._next(f"{name}="),
                    Rule.FORBIDDEN_HTML,
                    f'the attribute "{name}" is not allowed in a note',
                    hint,
                )
                continue
            if name == "id":
                if value in self.note.anchors:
                    self.body._problem(
                        self._find(value, 2),
                        Rule.DUPLICATE_ID,
                        f'the id "{value}" stands twice',
                        "give one of the two another id",
                    )
                self.note.anchors.add(value)
            if name in ("alt", "title") and tag != "a":
                self._check_plain(value)
            written.append(f' {name}="{escape(value)}"')
        return "".join(written)

    def _check_plain(self, text: str) -> None:
        for number in loose_numbers(text, self.body.finder):
            self.body._problem(self._find(text, 1), *unbound(number))

    def _link(self, given: dict[str, str]) -> None:
        href = given.get("href", "")
        line = self.line
        try:
            parts = urlsplit(re.sub(r"[\x00-\x20]", "", href))
        except ValueError:
            self.body._problem(line, Rule.BROKEN_LINK, f'"{href}" is not an address')
            return
        if parts.scheme.lower() not in _SCHEMES:
            self.body._problem(
                self._next(href),
                Rule.FORBIDDEN_HTML,
                f'a link may not begin with "{parts.scheme}:"',
                "link to a page or a web address",
            )
            given.pop("href", None)
            return
        if parts.scheme or parts.netloc:
            return
        if not given.get("class", "").startswith("footnote"):
            self.note.targets.append(Target(href, line, href))
        if parts.path.endswith(".md"):
            given["href"] = (
                parts.path[:-3] + ".html" + (f"#{parts.fragment}" * bool(parts.fragment))
            )
        elif Path(parts.path).suffix.lower() in PUBLISHED_FILES:
            self._file(unquote(parts.path), line)

    def _image(self, given: dict[str, str]) -> None:
        source, line = given.get("src", ""), self.line
        alt, credit = given.get("alt", "").strip(), given.pop("title", "").strip()
        if not alt or not credit:
            lacks = "alternative text" if not alt else "credit"
            self.body._problem(
                line,
                Rule.BAD_IMAGE,
                f'the image "{source}" has no {lacks}',
                'write ![what it shows](picture.png "Whose picture it is")',
            )
        if urlsplit(source).scheme or urlsplit(source).netloc:
            self.body._problem(
                line,
                Rule.BAD_IMAGE,
                f'the image "{source}" is on another site',
                "put a copy beside the note: a page asks no other host for anything",
            )
            return
        path = self._file(unquote(source), line)
        if path is None:
            return
        width, height = imagesize.get(path)
        if width <= 0 or height <= 0:
            self.body._problem(
                line,
                Rule.BAD_IMAGE,
                f'the size of "{source}" cannot be read',
                "save it again as png, jpg, webp, or svg with width and height",
            )
        self._check_plain(alt)
        self._check_plain(credit)
        self.out.append(
            str(
                Markup(
                    '<span class="image"><img src="{}" alt="{}" width="{}" height="{}"'
                    ' loading="lazy" decoding="async"><small data-exempt="source">{}</small></span>'
                ).format(source, alt, width, height, credit)
            )
        )

    def _file(self, address: str, line: int) -> Path | None:
        """The file beside the note that an address names, noted for publishing."""
        path = self.note.path.parent / address
        if Path(address).suffix.lower() not in PUBLISHED_FILES:
            self.body._problem(
                line,
                Rule.BAD_IMAGE,
                f'"{address}" is no image that we publish',
                "png, jpg, webp and svg are",
            )
            return None
        folder = self.note.path.parent.resolve()
        if not path.is_file() or not path.resolve().is_relative_to(folder):
            beside = [p.name for p in folder.iterdir() if p.suffix.lower() in PUBLISHED_FILES]
            self.body._problem(
                line,
                Rule.BROKEN_LINK,
                f'no file "{address}" beside the note',
                did_you_mean(address, beside) or "put it into the note's folder",
            )
            return None
        if path.suffix.lower() == ".svg" and _is_active_svg(path):
            self.body._problem(
                line,
                Rule.FORBIDDEN_HTML,
                f'"{address}" holds a script or handler',
                "save it without scripts, handlers and outside references",
            )
            return None
        self.note.files[address] = path
        return path

    def _open_heading(self, tag: str, name: str) -> None:
        self.heading, self.heading_id = [], name
        if tag == "h1":
            self.body._problem(
                self._heading_line(),
                Rule.BAD_HEADING,
                "a heading of the first level in a note",
                "the title in the front matter is the first level; begin headings with ##",
            )

    def _heading_line(self) -> int:
        count = sum(heading.level == 1 for heading in self.note.headings) + 1
        return self._find("# ", count, start=True)

    def _end_quotation(self) -> None:
        text = _MARK.sub("", "".join(self.quoted))
        words = len(text.split())
        if words > MAX_QUOTED_WORDS:
            first = " ".join(text.split()[:3])
            self.body._problem(
                self._find(first, 1),
                Rule.LONG_QUOTATION,
                f"a quotation of {words} words; {MAX_QUOTED_WORDS} are the most",
                "quote less, and say the rest in your own words",
            )

    # References that lead nowhere

    def _missing_reference(self, match: re.Match[str]) -> None:
        label = match[1] or match[2]
        if match[1]:
            self.body._problem(
                self._find(f"[^{label}]", 1),
                Rule.MISSING_FOOTNOTE,
                f'the footnote "{label}" is never written',
                f"add a line [^{label}]: … to the note",
            )
        elif label:
            self.body._problem(
                self._find(f"][{label}]", 1),
                Rule.MISSING_FOOTNOTE,
                f'the link "{label}" is never defined',
                f"add a line [{label}]: address",
            )

    def _unused_footnotes(self) -> None:
        for number, line in enumerate(self.note.lines, 1):
            match = re.match(r" {0,3}\[\^([^\]]+)\]:", line)
            if match and number >= self.body.first_line:
                uses = sum(text.count(f"[^{match[1]}]") for text in self.note.lines)
                if uses < 2:
                    self.body._problem(
                        number,
                        Rule.UNUSED_FOOTNOTE,
                        f'nothing refers to footnote "{match[1]}"',
                        f"put [^{match[1]}] where it belongs, or delete it",
                    )

    # Small things

    def _cut(self, html: str) -> None:
        """Cut the finished HTML at the tokens of charts and disagreements."""
        pattern = re.compile("(?:<p>)?\\s*\ue100([\ue000-\ue009]+)\ue101\\s*(?:</p>)?")
        position = 0
        for match in pattern.finditer(html):
            self._piece(html[position : match.start()])
            position = match.end()
            whole = match[0].strip().startswith("<p>") == match[0].strip().endswith("</p>")
            _, line, expression = self.body.tokens[int(match[1].translate(_PLAIN))]
            assert expression is not None
            if not whole:
                self.body._problem(
                    line,
                    Rule.BAD_EXPRESSION,
                    f"a {expression.function} stands alone, in a paragraph of its own",
                    "put empty lines before and behind it",
                )
            self.note.pieces.append(Piece(expression.function, Markup(""), expression.name))
        self._piece(html[position:])

    def _piece(self, html: str) -> None:
        if html.strip():
            # Every element and attribute in it was written by this walker.
            self.note.pieces.append(Piece("html", Markup(html.strip())))

    def _write(self, text: str) -> None:
        self.out.append(str(escape(_MARK.sub("", text))))

    def _inside(self, tags: Any) -> bool:
        return any(tag in tags for tag in self.open)

    def _original(self, data: str) -> str:
        """Code as it was typed: tokens turned back into their source, stamps gone."""

        def source(match: re.Match[str]) -> str:
            return self.body.tokens[int(match[1].translate(_PLAIN))][0] if match[1] else ""

        return _MARK.sub(source, data)

    def _unstamped(self, value: str) -> str:
        stamps = re.findall("\ue102([\ue000-\ue009]+)\ue103", value)
        if stamps:
            self.line = int(stamps[-1].translate(_PLAIN))
        for index in re.findall("\ue100([\ue000-\ue009]+)\ue101", value):
            expression = self.body.expression(int(index.translate(_PLAIN)))
            said = ""
            if expression and expression.function == "claim":
                said = self.voice.text(expression.name, expression.form)
            elif expression and expression.function == "plain":
                said = expression.name
            value = value.replace(_TOKEN.format(index), said)
        return _MARK.sub("", value)

    def _next(self, needle: str) -> int:
        """The line of the body that holds a text, a further one each time that it is asked."""
        count = self.seen[needle.lower()] = self.seen.get(needle.lower(), 0) + 1
        return self._find(needle, count)

    def _find(self, needle: str, count: int, *, start: bool = False) -> int:
        """The line of the body that holds a text for the count-th time, else the present one."""
        seen = 0
        for number in range(self.body.first_line, len(self.note.lines) + 1):
            line = self.note.lines[number - 1]
            seen += line.startswith(needle) if start else needle.lower() in line.lower()
            if seen >= count:
                return number
        return self.line


def _names_its_id(lines: list[str], line: int) -> bool:
    return bool(re.search(r"\{:?[^}]*#[\w-]+[^}]*\}\s*#*\s*$", lines[line - 1]))


def _is_active_svg(path: Path) -> bool:
    text = path.read_text("utf-8", errors="replace")
    return bool(
        re.search(r"<\s*script|\son\w+\s*=|javascript:|<\s*foreignObject|<!ENTITY", text, re.I)
    )
