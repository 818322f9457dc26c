"""The body of a note: Markdown in, checked HTML out, its claims bound.

The HTML that Markdown makes is walked once: tokens become claims, stamps become places of problems
(see `stamps.py`), and only elements and attributes from a closed list are written again, so that
what was checked is what is published.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.toc import slugify
from markupsafe import Markup, escape

from explainer.citations import Voice
from explainer.problems import Place, Problem, Rule, did_you_mean
from explainer.prose import (
    Expression,
    ExpressionError,
    blanked,
    expressions_in,
    loose_numbers,
    parse_expression,
    stray_braces,
)
from explainer.stamps import (
    CONTROL,
    ENTITY,
    FENCE,
    LINE,
    MARK,
    PRIVATE,
    Fence,
    Prepared,
    Token,
    decoded,
    prepare,
    token,
)
from explainer.texts import unbound, unknown_reference

MAX_QUOTED_WORDS = 25


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


@dataclass(kw_only=True)
class Body:
    """The body of a note, bound and checked."""

    path: Path
    file: str
    lines: list[str]
    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    targets: list[Target] = field(default_factory=list)
    uses: dict[str, list[str]] = field(default_factory=dict)
    """Claim → anchors of the places in the prose that print it."""
    charts: list[str] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    """Sources that the prose names."""
    files: dict[str, Path] = field(default_factory=dict)
    """Files beside the note that it links, by their address."""
    plains: int = 0
    words: int = 0

    def problem(self, line: int, rule: Rule, message: str, hint: str = "") -> Problem:
        """A problem on a line of the note."""
        excerpt = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Problem(Place(self.file, line), rule, message, hint, excerpt)


def read_body(body: Body, voice: Voice, first_line: int) -> list[Problem]:
    """Fill in a body from its lines, the first of which is `first_line`; gives what is wrong."""
    text = "\n".join(body.lines[first_line - 1 :])
    text, problems = _without_stray_characters(body, text, first_line)
    problems += _made_ids(body, text, first_line)
    prepared = prepare(text, body.file, first_line)
    body.fences = prepared.fences
    walker = _Walker(body, prepared, voice)
    # Each run has a converter of its own: Python-Markdown keeps footnotes from one to the next.
    try:
        html = _markdown(voice).convert(prepared.text)
    except RecursionError:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda n: _depth(lines[n]))
        return [
            *problems,
            body.problem(
                first_line + deepest,
                Rule.BAD_VALUE,
                "the note is nested too deeply to be read",
                "take out levels of lists, quotations or elements",
            ),
        ]
    walker.feed(ENTITY.sub(lambda match: "" if _is_stray(match) else match[0], html))
    walker.close()
    walker.finish()
    return [*problems, *walker.problems, *_number_words(body, text, first_line, voice)]


def _without_stray_characters(body: Body, text: str, first_line: int) -> tuple[str, list[Problem]]:
    """The text without characters that no note may hold; a problem for the first of each kind."""
    problems = []
    for pattern, what in (
        (PRIVATE, "the note holds a private-use character"),
        (CONTROL, "the note holds a control character"),
        (ENTITY, "the note holds a private-use or control character as an entity"),
    ):
        found = [m for m in pattern.finditer(text) if pattern is not ENTITY or _is_stray(m)]
        if not found:
            continue
        problems.append(
            body.problem(
                first_line + text.count("\n", 0, found[0].start()),
                Rule.BAD_VALUE,
                what,
                "delete it; it is invisible, and often comes with pasted text",
            )
        )
        for match in reversed(found):
            text = text[: match.start()] + text[match.end() :]
    return text, problems


def _is_stray(entity: re.Match[str]) -> bool:
    """Whether a character written as its number is one that no note may hold."""
    code = int(entity[1]) if entity[1] else int(entity[2], 16)
    return code < 0x110000 and bool(PRIVATE.match(chr(code)) or CONTROL.match(chr(code)))


def _depth(line: str) -> int:
    """How many levels of lists, quotations and elements a line seems to open."""
    markers = re.match(r"(?:[ \t>*+-]|\d+[.)])*", line)
    return len(markers[0] if markers else "") + line.count("<") + line.count("[")


def _made_ids(body: Body, text: str, first_line: int) -> Iterator[Problem]:
    """Problems for ids like those that Markdown gives to footnotes."""
    for match in re.finditer(
        r"""(?:\bid\s*=\s*["']?|\{[^}\n]*\#)(fn(?:ref\d*)?:[\w-]*)""", text, re.IGNORECASE
    ):
        yield body.problem(first_line + text.count("\n", 0, match.start()), *_reserved_id(match[1]))


def _reserved_id(name: str) -> tuple[Rule, str, str]:
    return (
        Rule.DUPLICATE_ID,
        f'the page makes the id "{name}" itself',
        "choose another one",
    )


def _slug(text: str, separator: str) -> str:
    """The id of a heading that names none, which is none that the page makes."""
    slug = slugify(text, separator)
    return f"part-{slug}" if _RESERVED.match(slug) else slug


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
            "toc": {"slugify": _slug},
            "footnotes": {
                "BACKLINK_TEXT": "↑",
                "BACKLINK_TITLE": voice.language.word("reference.back"),
            },
        },
        output_format="html",
    )


def _number_words(body: Body, text: str, first_line: int, voice: Voice) -> Iterator[Problem]:
    """Warn of numbers written as words outside quotations, code and expressions."""
    words = str(voice.language.strings.get("number_words", "")).split()
    if not words:
        return
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.I)
    bare = re.sub(r"\{\{.*?\}\}|`[^`\n]*`|<q>.*?</q>", _blank, text, flags=re.DOTALL)
    fence = ""
    for index, (line, written) in enumerate(zip(bare.split("\n"), text.split("\n"), strict=True)):
        opened = FENCE.match(written)
        if opened and (not fence or opened[1].startswith(fence)):
            fence = "" if fence else opened[1]
        if fence or line.lstrip().startswith(">"):
            continue
        for match in pattern.finditer(line):
            problem = body.problem(
                first_line + index,
                Rule.NUMBER_WORD,
                f'"{match[0]}" is a number that no claim stands behind',
                'write {{ claim("id") }}, or {{ plain("'
                + match[0]
                + '", "why this is no claim") }}',
            )
            yield replace(problem, warning=True)


def _blank(match: re.Match[str]) -> str:
    """As many lines as the match has, and nothing on them."""
    return "\n" * match[0].count("\n")


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
_RESERVED = re.compile(
    r"(?:text|references|contents-title|corrections)$|(?:ref|use|chart|disagreement|correction)-",
    re.IGNORECASE,
)
"""The ids that a page makes itself."""

_BEGINNING = re.compile(
    r"""(?:^|(?<!\b[^\W\d_])(?<!\b[A-Z]{2})[.?!…]['"\)”’»]*\s)[\s¿¡('"“‘«]*\Z"""
)
"""What stands before the first word of a sentence; no abbreviation such as "U.S." or "EE. UU."."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUOTING = frozenset({"q", "blockquote", "cite"})
_SCHEMES = frozenset({"", "http", "https", "mailto"})
PUBLISHED_FILES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".svg", ".pdf", ".csv"})
MADE_FOLDERS = ("charts/", "data/")
"""Folders of the site that a build fills: a link into them is checked with the pages."""


class _Walker(HTMLParser):
    """Walks the HTML of a note once: binds, checks, and writes it again."""

    def __init__(self, body: Body, prepared: Prepared, voice: Voice):
        super().__init__(convert_charrefs=True)
        self.body, self.prepared, self.voice = body, prepared, voice
        self.problems: list[Problem] = []
        self.out: list[str] = []
        self.open: list[str] = []
        self.line = prepared.first_line
        self.heading: list[str] = []
        self.heading_id = ""
        self.before = ""
        self.forbidden = 0
        self.quoted: list[str] = []
        self.seen: dict[str, int] = {}
        self.bare: dict[str, str] = {}
        self.stamped = False
        self.footnote_mark = False
        self.alone: set[int] = set()
        self.disagreements: set[str] = set()

    # What the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an allowed element's start; report any other."""
        # Python-Markdown writes what an attribute list adds behind what the element had.
        self.stamped = any("\ue102" in (value or "") for _, value in attrs)
        for _, value in attrs:
            self._note_line(value or "")
        self.bare = {name: _bare(value or "") for name, value in attrs}
        given = {
            name: self._unstamped(value or "") for name, value in attrs if name != LINE.strip(" =")
        }
        if tag not in _INLINE and tag not in _BLOCK:
            self._forbid(tag)
            if tag not in _VOID and tag not in ("input", "link", "meta", "base", "embed"):
                self.forbidden += tag in ("script", "style", "textarea", "title")
            return
        if tag == "img":
            self._image(given)
            return
        if tag in _BLOCK:
            # Where a list or a table begins with capitals, and where not, is the writer's choice.
            self.before = "" if tag == "p" or tag in _HEADINGS else ","
        if tag in _HEADINGS:
            self._open_heading(tag, given.get("id", ""))
        if tag in _QUOTING and not self._inside(_QUOTING):
            self.quoted = []
            given["data-exempt"] = "quotation"
        if tag == "a":
            self._link(given)
        if tag == "sup":
            self.footnote_mark = bool(_FOOTNOTE.match(given.get("id", "")))
            if self.footnote_mark:
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
            if last in ("h2", "h3") and self.heading_id:
                # For the pointer; the list of contents has the same links for everybody.
                self.out.append(
                    f'<a class="permalink" href="#{escape(self.heading_id)}" '
                    'aria-hidden="true" tabindex="-1"></a>'
                )
            self.out.append(f"</{last}>")
            if last in _QUOTING and not self._inside(_QUOTING):
                self._end_quotation()
            if last == tag:
                break
        if tag in _HEADINGS:
            text = " ".join("".join(self.heading).split())
            self.body.headings.append(Heading(int(tag[1]), self.heading_id, text))
            self.heading_id = ""

    def handle_data(self, data: str) -> None:
        """Write text: tokens become what they stand for, numbers are checked."""
        if self.forbidden:
            return
        data = data.replace(LINE + "\ue102", "\ue102")
        if self._inside({"code", "pre"}):
            self._write(self._original(data))
            return
        position = 0
        pending = ""
        for match in MARK.finditer(data):
            pending += data[position : match.start()]
            position = match.end()
            if match[2]:
                pending += "\ue102" + match[2] + "\ue103"
                continue
            self._text(pending)
            pending = ""
            self._token(decoded(match[1]))
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
        for match in MARK.finditer(data):
            plain += data[position : match.start()]
            position = match.end()
            stamps.append((len(plain), decoded(match[2] or "")))
        plain += data[position:]
        if stamps:
            self.line = stamps[-1][1]
        for missing in _MISSING.finditer(plain):
            self._missing_reference(missing)
        for match in expressions_in(plain):
            # Markdown saw no code here where the search for expressions did.
            self._problem(
                self._seek(match[0]), Rule.BAD_EXPRESSION, f"{match[0].strip()} cannot be read"
            )
        for braces, fault, hint in stray_braces(plain):
            self._problem(self._stray(braces), Rule.BAD_EXPRESSION, fault, hint)
        self.heading.append(plain)
        self.before += plain
        if self._inside(_QUOTING):
            self.quoted.append(plain)
            self._write(plain)
            return
        if self.footnote_mark and self.open[-2:] == ["sup", "a"]:
            self._write(plain)
            return
        position = 0
        searched = _MISSING.sub(lambda match: " " * len(match[0]), plain)
        for number in self.voice.finder.numbers(searched):
            self._write(plain[position : number.start])
            position = number.end
            shown = plain[number.start : number.end]
            if number.kind:
                self.out.append(
                    str(Markup('<span data-exempt="{}">{}</span>').format(number.kind, shown))
                )
                continue
            line = next((line for at, line in stamps if at > number.start), self.line)
            self._problem(self._seek(number.text, line), *unbound(number.text))
            self._write(shown)
        self._write(plain[position:])
        self.body.words += len(plain.split())

    def _token(self, index: int) -> None:
        _, line, _ = self.prepared.tokens[index]
        self.line = line
        expression = self._expression(index)
        if expression is None:
            return
        getattr(self, f"_say_{expression.function}")(expression, line, index)

    def _say_claim(self, expression: Expression, line: int, index: int) -> None:
        name = expression.name
        if "a" in self.open:
            self._problem(
                line,
                Rule.CLAIM_IN_LINK,
                f'the claim "{name}" stands inside the text of a link',
                "a claim is a link itself: end the other one before it",
            )
            return
        if self._inside(_HEADINGS) and not _names_its_id(self.body.lines, line):
            self._problem(
                line,
                Rule.CLAIM_IN_HEADING,
                "a heading that prints a claim must name its id",
                "put {#some-id} behind the heading, so that links to it survive a new figure",
            )
        if name not in self.voice.dataset.quantities:
            return
        places = self.body.uses.setdefault(name, [])
        anchor = f"use-{name}-{len(places) + 1}"
        places.append(anchor)
        text = self.voice.text(name, expression.form, bare=bool(expression.bare))
        self.heading.append(text)
        self._warn_of_clumsy(expression, text, line)
        self.before += text
        link = self.voice.link(name, expression.form, bare=bool(expression.bare))
        self._put(Markup('<span id="{}">{}</span>').format(anchor, link))
        self.body.words += 1

    def _warn_of_clumsy(self, expression: Expression, said: str, line: int) -> None:
        """Warn where the word before a claim and its first do not go together: "to up to".

        Which do not is the language's to say.
        """
        pairs = str(self.voice.language.strings.get("clumsy_pairs", "")).split()
        word = re.search(r"([^\W\d_]+)\s+\Z", self.before)
        if word and f"{word[1]}-{said.split()[0]}".casefold() in pairs:
            self._problem(
                line,
                Rule.CLUMSY_QUALIFIER,
                f'"{word[1]} {said}" reads badly',
                f'write {{{{ claim("{expression.name}", form="most") }}}}, or turn the sentence',
            )
            self.problems[-1] = replace(self.problems[-1], warning=True)

    def _say_plain(self, expression: Expression, line: int, index: int) -> None:
        self.body.plains += 1
        self.heading.append(expression.name)
        self.before += expression.name
        self._put(self.voice.plain(expression.name))

    def _say_source(self, expression: Expression, line: int, index: int) -> None:
        name = expression.name
        if name not in self.voice.dataset.sources:
            return
        if "a" in self.open:
            self._problem(
                line,
                Rule.CLAIM_IN_LINK,
                "a source stands inside a link",
                "a source is a link itself: end the other one before it",
            )
            return
        self.body.cited.append(name)
        self.before += self.voice.short(name)
        self._put(
            Markup('<a class="source" href="sources.html#{}" data-exempt="source">{}</a>').format(
                name, self.voice.short(name)
            )
        )

    def _say_term(self, expression: Expression, line: int, index: int) -> None:
        term = self.voice.dataset.glossary.get(expression.name)
        if term is None:
            return
        word = self.voice.local(term.term)
        if _BEGINNING.search(self.before) and word.split()[0].islower():
            word = word[:1].upper() + word[1:]
        self.before += word
        meaning = self.voice.said(
            self.voice.local(term.expansion) or self.voice.local(term.meaning)
        )
        self.heading.append(word)
        shown = self.voice.dated(word)
        if "a" in self.open:
            self._put(Markup('<abbr class="term" title="{}">{}</abbr>').format(meaning, shown))
            return
        self._put(
            Markup('<a class="term" href="glossary.html#{}" title="{}">{}</a>').format(
                expression.name, meaning, shown
            )
        )

    def _say_chart(self, expression: Expression, line: int, index: int) -> None:
        self._block("chart", expression, line, index)
        self.body.charts.append(expression.name)

    def _say_disagreement(self, expression: Expression, line: int, index: int) -> None:
        self._block("disagreement", expression, line, index)

    def _block(self, kind: str, expression: Expression, line: int, index: int) -> None:
        """Leave the token of a block-level thing for `_cut`, if it stands alone."""
        if self.open not in (["p"], []):
            self._problem(
                line,
                Rule.BAD_EXPRESSION,
                f"a {kind} stands alone, in a paragraph of its own",
                "put empty lines before and behind it",
            )
            return
        if kind == "chart" and expression.name in self.body.charts:
            self._problem(
                line,
                Rule.DUPLICATE_ID,
                f'the chart "{expression.name}" is on this page already',
                "link to it instead: [the chart](#chart-" + expression.name + ")",
            )
            return
        if kind == "disagreement":
            if expression.name in self.disagreements:
                self._problem(
                    line,
                    Rule.DUPLICATE_ID,
                    f'the disagreement "{expression.name}" is on this page already',
                    f"link to it instead: [the disagreement](#disagreement-{expression.name})",
                )
                return
            self.disagreements.add(expression.name)
        if not self.open:
            self.alone.add(index)
        self.out.append(token(index))

    # Elements

    def _forbid(self, tag: str) -> None:
        hint = "notes hold text, links, tables and images; take the element out"
        if tag in ("script", "style"):
            hint = "scripts and styles belong to the templates"
        self._problem(
            self.line if self.stamped else self._next(f"<{tag}"),
            Rule.FORBIDDEN_HTML,
            f"<{tag}> is not allowed in a note",
            hint,
        )

    def _attributes(self, tag: str, given: dict[str, str]) -> str:
        written = []
        for name, value in given.items():
            if name not in _ATTRIBUTES and name != "data-exempt":
                hint = "use a class" if name == "style" else "take it out"
                self._problem(
                    self.line if self.stamped else self._next(f"{name}="),
                    Rule.FORBIDDEN_HTML,
                    f'the attribute "{name}" is not allowed in a note',
                    hint,
                )
                continue
            if name == "id":
                if not value or value.split() != [value]:
                    self._problem(
                        self._seek(f'"{value}"'),
                        Rule.BAD_ID,
                        f'an id is one word; "{value}" is none',
                        "use a-z, 0-9 and hyphens",
                    )
                    continue
                if _RESERVED.match(value):
                    self._problem(self._seek(value), *_reserved_id(value))
                    continue
                if value in self.body.anchors:
                    self._problem(
                        self.line if self.stamped else self._find(value, 2),
                        Rule.DUPLICATE_ID,
                        f'the id "{value}" stands twice',
                        "give one of the two another id",
                    )
                self.body.anchors.add(value)
            if name == "title" and not (tag == "a" and _FOOTNOTE.match(given.get("href", "#")[1:])):
                self._check_plain(self.bare[name])
            written.append(f' {name}="{escape(value)}"')
        return "".join(written)

    def _check_plain(self, text: str) -> None:
        """Report the numbers of an attribute's text, its claims taken out."""
        for number in loose_numbers(text, self.voice.finder):
            line = self.line if self.stamped else self._seek(text)
            self._problem(self._seek(number, line), *unbound(number))

    def _link(self, given: dict[str, str]) -> None:
        if "href" not in given:
            return
        href = given["href"]
        line = self.line if self.stamped else self._seek(href)
        try:
            parts = urlsplit(re.sub(r"[\x00-\x20]", "", href))
        except ValueError:
            self._problem(line, Rule.BROKEN_LINK, f'"{href}" is not an address')
            given.pop("href")
            return
        if parts.scheme.lower() not in _SCHEMES:
            self._problem(
                line if self.stamped else self._next(href),
                Rule.FORBIDDEN_HTML,
                f'a link may not begin with "{parts.scheme}:"',
                "link to a page or a web address",
            )
            given.pop("href", None)
            return
        if parts.scheme or parts.netloc:
            return
        path = unquote(parts.path)
        bare_address = not path and not parts.fragment
        too_long = any(len(name.encode("utf-8", "replace")) > 255 for name in path.split("/"))
        if bare_address or too_long or path.startswith("/") or "\\" in path or "\0" in path:
            self._problem(
                line,
                Rule.BROKEN_LINK,
                f'"{_shortened(href)}" leads to no page or file',
                "link to a note by its file name: prices.md",
            )
            given.pop("href")
            return
        if not _FOOTNOTE.match(href[1:]):
            self.body.targets.append(Target(href, line, href))
        if parts.path.endswith(".md"):
            given["href"] = (
                parts.path[:-3] + ".html" + (f"#{parts.fragment}" * bool(parts.fragment))
            )
        elif Path(path).suffix.lower() in PUBLISHED_FILES and not posixpath.normpath(
            path
        ).startswith(MADE_FOLDERS):
            file = self._file(path, line)
            if file:
                given["href"] = parts._replace(path=quote(file)).geturl()

    def _image(self, given: dict[str, str]) -> None:
        source = given.pop("src", "")
        line = self.line if self.stamped else self._seek(source)
        alt, credit = given.pop("alt", "").strip(), given.pop("title", "").strip()
        others = self._attributes("img", given)
        if not alt or not credit:
            lacks = "alternative text" if not alt else "credit"
            self._problem(
                line,
                Rule.BAD_IMAGE,
                f'the image "{source}" has no {lacks}',
                'write ![what it shows](picture.png "Whose picture it is")',
            )
        try:
            elsewhere = bool(urlsplit(source).scheme or urlsplit(source).netloc)
        except ValueError:
            elsewhere = True
        if elsewhere:
            self._problem(
                line,
                Rule.BAD_IMAGE,
                f'the image "{source}" is on another site',
                "put a copy beside the note: a page asks no other host for anything",
            )
            return
        address = self._file(unquote(source), line)
        if address is None:
            return
        import imagesize  # type: ignore[import-untyped]  # Few notes have pictures.

        # Whole px, which is what HTML takes: of an SVG they can be any numbers.
        width, height = map(round, imagesize.get(self.body.files[address]))
        if width <= 0 or height <= 0:
            self._problem(
                line,
                Rule.BAD_IMAGE,
                f'the size of "{source}" cannot be read',
                "save it again as png, jpg, webp, or svg with width and height",
            )
        self._check_plain(self.bare.get("alt", ""))
        self._check_plain(self.bare.get("title", ""))
        self._put(
            Markup(
                '<span class="image"><img src="{}" alt="{}" width="{}" height="{}"{}'
                ' loading="lazy" decoding="async"><small data-exempt="source">{}</small></span>'
            ).format(quote(address), alt, width, height, Markup(others), credit)
        )

    def _file(self, address: str, line: int) -> str | None:
        """The plain address of a file in the note's folder, noted for publishing."""
        shown, address = _shortened(address), posixpath.normpath(address)
        path = self.body.path.parent / address
        if Path(address).suffix.lower() not in PUBLISHED_FILES:
            self._problem(
                line,
                Rule.BAD_IMAGE,
                f'"{shown}" is no image that we publish',
                "png, jpg, webp and svg are",
            )
            return None
        folder = self.body.path.parent.resolve()
        if address.startswith(("/", "../")) or "\\" in address:
            self._problem(
                line,
                Rule.BROKEN_LINK,
                f'"{shown}" leads out of the note\'s folder',
                "put the file into the note's folder",
            )
            return None
        try:
            found = path.is_file() and path.resolve().is_relative_to(folder)
            names = {p.name for p in path.parent.iterdir()} if found else set()
        except (OSError, ValueError):
            found, names = False, set()
        # Some file systems find a file under a name in other case; a reader's host will not.
        if path.name not in names:
            beside = [p.name for p in folder.iterdir() if p.suffix.lower() in PUBLISHED_FILES]
            self._problem(
                line,
                Rule.BROKEN_LINK,
                f'no file "{shown}" beside the note',
                did_you_mean(address, beside) or "put it into the note's folder",
            )
            return None
        twin = next((n for n in sorted(names - {path.name}) if _same(n, path.name)), "")
        if twin:
            self._problem(
                line,
                Rule.PAGE_CLASH,
                f'"{twin}" and "{path.name}" differ only in case',
                "rename one: to some systems they are one file",
            )
            return None
        unsafe = _unsafe_svg(path) if path.suffix.lower() == ".svg" else ""
        if unsafe:
            self._problem(
                line,
                Rule.FORBIDDEN_HTML,
                f'"{address}" {unsafe}',
                "save it without scripts, handlers and outside references",
            )
            return None
        self.body.files[address] = path
        return address

    def _open_heading(self, tag: str, name: str) -> None:
        self.heading, self.heading_id = [], name
        if tag == "h1":
            self._problem(
                self._heading_line(),
                Rule.BAD_HEADING,
                "a heading of the first level in a note",
                "the title in the front matter is the first level; begin headings with ##",
            )

    def _heading_line(self) -> int:
        count = sum(heading.level == 1 for heading in self.body.headings) + 1
        return self._find("# ", count, start=True)

    def _end_quotation(self) -> None:
        text = MARK.sub("", "".join(self.quoted))
        words = len(text.split())
        if words > MAX_QUOTED_WORDS:
            first = " ".join(text.split()[:3])
            self._problem(
                self._find(first, 1),
                Rule.LONG_QUOTATION,
                f"a quotation of {words} words; {MAX_QUOTED_WORDS} are the most",
                "quote less, and say the rest in your own words",
            )

    # References that lead nowhere

    def _missing_reference(self, match: re.Match[str]) -> None:
        label = match[1] or match[2]
        if match[1]:
            self._problem(
                self._find(f"[^{label}]", 1),
                Rule.MISSING_FOOTNOTE,
                f'the footnote "{label}" is never written',
                f"add a line [^{label}]: … to the note",
            )
        elif label:
            self._problem(
                self._find(f"][{label}]", 1),
                Rule.MISSING_FOOTNOTE,
                f'the link "{label}" is never defined',
                f"add a line [{label}]: address",
            )

    def _unused_footnotes(self) -> None:
        for number, line in enumerate(self.body.lines, 1):
            match = re.match(r" {0,3}\[\^([^\]]+)\]:", line)
            if match and number >= self.prepared.first_line:
                uses = sum(text.count(f"[^{match[1]}]") for text in self.body.lines)
                if uses < 2:
                    self._problem(
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
            index = decoded(match[1])
            ends = (match[0].startswith("<p>"), match[0].endswith("</p>"))
            whole = all(ends) or (index in self.alone and not any(ends))
            _, line, expression = self.prepared.tokens[index]
            assert expression is not None
            if not whole:
                self._problem(
                    line,
                    Rule.BAD_EXPRESSION,
                    f"a {expression.function} stands alone, in a paragraph of its own",
                    "put empty lines before and behind it",
                )
            self.body.pieces.append(Piece(expression.function, Markup(""), expression.name))
        self._piece(html[position:])

    def _piece(self, html: str) -> None:
        if html.strip():
            # Every element and attribute in it was written by this walker.
            self.body.pieces.append(Piece("html", Markup(html.strip())))

    def _put(self, html: Markup) -> None:
        """Write HTML into which texts of the data file went; no such text may look like a mark."""
        self.out.append(CONTROL.sub("", PRIVATE.sub("", str(html))))

    def _write(self, text: str) -> None:
        self.out.append(str(escape(MARK.sub("", text))))

    def _inside(self, tags: Any) -> bool:
        return any(tag in tags for tag in self.open)

    def _original(self, data: str) -> str:
        """Code as it was typed: tokens turned back into their source, stamps gone."""

        def source(match: re.Match[str]) -> str:
            return self.prepared.tokens[decoded(match[1])][0] if match[1] else ""

        return MARK.sub(source, data)

    def _note_line(self, value: str) -> None:
        """Take the line from the stamp in an attribute's value."""
        stamps = re.findall("\ue102([\ue000-\ue009]+)\ue103", value)
        if stamps:
            self.line = decoded(stamps[-1])

    def _unstamped(self, value: str) -> str:
        """An attribute's value with its claims in print and its stamps gone."""
        value = value.replace(LINE + "\ue102", "\ue102")
        for index in re.findall("\ue100([\ue000-\ue009]+)\ue101", value):
            number = decoded(index)
            expression = self._expression(number)
            said = ""
            if expression and expression.function == "claim":
                said = self.voice.text(expression.name, expression.form)
            elif expression and expression.function == "plain":
                said = expression.name
            elif expression:
                self._problem(
                    self.prepared.tokens[number].line,
                    Rule.BAD_EXPRESSION,
                    f"{expression.function} cannot stand here",
                    "only claim and plain can stand in such a text",
                )
            value = value.replace(token(number), said)
        return CONTROL.sub("", PRIVATE.sub("", MARK.sub("", value)))

    def _seek(self, text: str, line: int = 0) -> int:
        """The given (else present) line if a text stands there, else one on which it does."""
        line = line or self.line
        alone = re.compile(rf"(?<!\w){re.escape(text.strip())}(?!\w)")
        first, last = self.prepared.first_line, len(self.body.lines)
        numbers: list[int] = [*range(line, last + 1), *range(first, line)]
        for number in numbers:
            source = self.body.lines[number - 1]
            if alone.search(source) or alone.search(unescape(source)):
                return number
        return line

    def _stray(self, braces: str) -> int:
        """The line on which double braces stand that belong to no expression."""
        source = blanked("\n".join(self.body.lines)).split("\n")
        first = self.prepared.first_line
        found = [line for line in range(first, len(source) + 1) if braces in source[line - 1]]
        return next((line for line in found if line >= self.line), found[0] if found else self.line)

    def _next(self, needle: str) -> int:
        """The line of the body that holds a text, a further one each time that it is asked."""
        count = self.seen[needle.lower()] = self.seen.get(needle.lower(), 0) + 1
        return self._find(needle, count)

    def _find(self, needle: str, count: int, *, start: bool = False) -> int:
        """The line of the body that holds a text for the count-th time, else the present one."""
        seen = 0
        for number in range(self.prepared.first_line, len(self.body.lines) + 1):
            line = self.body.lines[number - 1]
            seen += line.startswith(needle) if start else needle.lower() in line.lower()
            if seen >= count:
                return number
        return self.line

    def _expression(self, index: int) -> Expression | None:
        """The expression of a token; None, and a problem, where it says nothing."""
        source, line, known = self.prepared.tokens[index]
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
        self.prepared.tokens[index] = Token(source, line, expression)
        return expression

    def _problem(self, line: int, rule: Rule, message: str, hint: str = "") -> None:
        self.problems.append(self.body.problem(line, rule, message, hint))


def _names_its_id(lines: list[str], line: int) -> bool:
    return bool(re.search(r"\{:?[^}]*#[\w-]+[^}]*\}\s*#*\s*$", lines[line - 1]))


_FOOTNOTE = re.compile(r"fn(?:ref\d*)?:")
"""The ids that Markdown gives to footnotes and to their marks."""

_MISSING = re.compile(r"\[\^([^\]]+)\]|\]\[([^\]]*)\]")
"""A footnote's mark or a link's label that Markdown left as text, for want of its target."""


def _bare(value: str) -> str:
    """An attribute's value with its expressions taken out, as `loose_numbers` does."""
    value = value.replace(LINE + "\ue102", "\ue102")
    return MARK.sub(lambda match: " \u2063 " if match[1] else "", value)


def _shortened(address: str) -> str:
    return address if len(address) <= 80 else address[:80] + "…"


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()


_HARMLESS_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_ACTIVE = frozenset({"script", "foreignobject", "handler", "listener", "iframe", "embed", "object"})
_OUTSIDE = re.compile(r"@import|image-set\s*\(|url\(\s*[\"']?\s*(?![#\s\"'])|\\", re.IGNORECASE)
_XHTML = "{http://www.w3.org/1999/xhtml}"


def _unsafe_svg(path: Path) -> str:
    """Why an SVG is not published: it is active, asks for other files, or cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if re.search(r"<!DOCTYPE|<!ENTITY|<\?(?!xml\s)", text, re.IGNORECASE):
            return "holds a document type, entity or processing instruction"
        root = ElementTree.fromstring(text)
    except (OSError, ValueError, RecursionError, ElementTree.ParseError):
        return "cannot be read as SVG"
    for element in root.iter():
        local = element.tag.rpartition("}")[2].lower()
        if local in _ACTIVE or element.tag.startswith(_XHTML):
            return "holds a script or handler"
        if local == "style" and _OUTSIDE.search("".join(element.itertext())):
            return "asks for another file"
        for name, value in element.attrib.items():
            name, value = name.rpartition("}")[2].lower(), value.strip()
            changed = value.rpartition(":")[2].lower() if name == "attributename" else ""
            if name.startswith("on") or changed == "href" or changed.startswith("on"):
                return "holds a script or handler"
            if name in ("href", "src") and not (value[:1] == "#" or _HARMLESS_DATA.match(value)):
                return "asks for another file"
            if name == "base" or _OUTSIDE.search(value):
                return "asks for another file"
    return ""
