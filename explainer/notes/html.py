"""The body of a note: the HTML that Markdown made, checked and written again.

It is read once into events that know their lines. Only elements and attributes from a closed list
are written again, so that what was checked is what is published; what stands in them is said by
`prose`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile
from typing import NamedTuple

from markupsafe import Markup, escape

from explainer.notes.body import Body, Heading
from explainer.notes.images import show_image
from explainer.notes.links import read_link
from explainer.notes.markdown import (
    CALLOUT,
    LINE,
    MARK,
    OWN,
    RESERVED,
    TOKEN,
    Prepared,
    Token,
    convert,
    decoded,
    unmarked,
)
from explainer.notes.prose import HEADINGS, QUOTING, Prose
from explainer.problems import Report, Rule, choices, did_you_mean
from explainer.voice.texts import unbound
from explainer.voice.voice import Voice

MAX_QUOTED_WORDS = 25

INLINE = frozenset(
    "a abbr b bdi br cite code data del dfn em i img ins kbd mark q s samp small span strong sub "
    "sup time u var wbr".split()
)
BLOCK = frozenset(
    "address aside blockquote caption col colgroup dd details div dl dt figcaption figure h1 h2 h3 "
    "h4 h5 h6 hr li ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
VOID = frozenset("br hr img wbr col".split())
ATTRIBUTES = frozenset(
    "id class href src alt title lang dir cite datetime start colspan rowspan scope open "
    "value role".split()
)
UNSEEN = frozenset("script style textarea title".split())
"""Elements whose text is none of the page's."""

ROW = "p of pictures"
"""What an element is called that holds nothing but pictures; no tag can be called so."""

FOOTNOTE = re.compile(r"fn(?:ref\d*)?:")
"""The ids that Markdown gives to footnotes and to their marks."""

CALLOUTS = tuple("NOTE TIP IMPORTANT WARNING CAUTION".split())

_AT_MARGIN = "fence code at the margin, or set it in by four columns more without a fence"
_FENCE = re.compile(r"(?:[ >*+-]|\d+\.)*(?:`{3,}+(?!\W*vega)[^`]*$|~{3,}+(?!\W*vega))")
_NUMERALS = re.compile(r"(?:[\s>]|[-*+]\s|\[\^[^\]]*\]:|\d+[.)](?=\s))*")
"""What stands before the words of a line, the numerals of lists among it."""


class Event(NamedTuple):
    """What stands in HTML at one place: `open`, `close`, `text`, or `other`, and on which line."""

    kind: str
    name: str
    given: dict[str, str]
    line: int
    """Of a text, the line of what stands behind its last mark."""


def read_body(
    report: Report,
    prepared: Prepared,
    lines: Sequence[str],
    voice: Voice,
    files: Mapping[str, bytes],
) -> Body:
    """The body of a note with these lines; `files` are those beside it, by their address."""
    body = Body(fences=prepared.fences)
    converted = convert(report, prepared, voice)
    if converted is None:
        return body
    html, unused = converted
    last = prepared.first_line + prepared.text.count("\n")
    walker = _Walker(report, prepared, body, voice, lines, files)
    for event in framed(events(html, prepared.tokens, last)):
        getattr(walker, event.kind)(event)
    walker.finish()
    for name in sorted(unused):
        own = report.at(prepared.footnotes.get(name, last))
        hint = f"put [^{name}] where it belongs, or delete it"
        own.say(Rule.UNUSED_FOOTNOTE, f'nothing refers to footnote "{name}"', hint)
    return body


def events(html: str, tokens: list[Token], last: int) -> list[Event]:
    """The events of a body; each has the line of the first mark at or behind it, else the last."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    line, found = last, []
    for event in reversed(reader.events):
        own = line
        if event.kind == "text":
            mark = MARK.search(event.name)
            expression = TOKEN.search(event.name)
            if expression and not (mark and mark.start() < expression.start()):
                line = tokens[decoded(expression[1])].line
            elif mark:
                line = decoded(mark[1])
        elif event.kind == "open":
            marks = MARK.findall("".join(event.given.values()))
            own = decoded(marks[-1]) if marks else line
            line = min(own, line) if LINE in event.given else line
        found.append(event._replace(line=own))
    return found[::-1]


def framed(found: list[Event]) -> Iterator[Event]:
    """The events, a paragraph of nothing but pictures having become a row of them."""
    index = 0
    while index < len(found):
        event = found[index]
        paragraph = event.kind == "open" and event.name == "p" and {LINE}.issuperset(event.given)
        inside = (
            list(takewhile(lambda e: e.kind != "close", found[index + 1 :])) if paragraph else []
        )
        pictures = [e for e in inside if e.kind == "open" and e.name == "img"]
        rest = [e for e in inside if e not in pictures and (e.kind, e.name) != ("open", "br")]
        if pictures and not any(e.kind != "text" or unmarked(e.name).strip() for e in rest):
            yield event._replace(name=ROW)
            yield from pictures
            yield Event("close", "div", {}, event.line)
            index += len(inside) + 2
        else:
            yield event
            index += 1


class _Reader(HTMLParser):
    """Reads HTML into events; texts that nothing parts are one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[Event] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        self.events.append(Event("open", tag, given, 0))

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag not in VOID:
            self.events.append(Event("close", tag, {}, 0))

    def handle_data(self, data: str) -> None:
        """A text."""
        if self.events and self.events[-1].kind == "text":
            data = self.events.pop().name + data
        self.events.append(Event("text", data, {}, 0))

    def handle_pi(self, data: str) -> None:
        """Something that is neither element nor text."""
        self.events.append(Event("other", "?" + (data.split() or [""])[0], {}, 0))

    def parse_html_declaration(self, i: int) -> int:
        """A comment, which is left out; or anything else that begins with `<!`."""
        if self.rawdata.startswith("<!--", i):
            return super().parse_html_declaration(i)
        end = self.rawdata.find(">", i) + 1 or len(self.rawdata)
        word = re.match(r"!\[|!\w*", self.rawdata[i + 1 : end])
        self.events.append(Event("other", word[0] if word else "!", {}, 0))
        return end


@dataclass
class _Walker(Prose):
    """Walks the events of a note once: checks its elements, and writes them again."""

    forbidden: int = 0
    """How many elements are open whose text is none of the page's."""
    heading_id: str = ""
    quoted_line: int = 0
    in_row: bool = False
    """Whether the pictures stand in a row of their own."""
    counts: list[int] = field(default_factory=list)
    """The number of the next item of each open list that counts."""
    items: list[int] = field(default_factory=list)
    """The line of each open item of any list; 0 for one without a numeral."""

    def open(self, event: Event) -> None:
        """Write an allowed element's start; tell of any other."""
        tag, self.line = event.name, event.line
        if tag == ROW:
            self.out.append('<div class="pictures">')
            self.stack.append("div")
            self.in_row = True
            return
        if tag not in INLINE and tag not in BLOCK:
            self._forbid(tag)
            self.forbidden += tag in UNSEEN
            return
        for name in ("title", "alt", "caption"):
            value = event.given.get(name, "")
            if not value.startswith(OWN):
                self.check_value(value, self.line)
        given = {name: self.said(value) for name, value in event.given.items() if name != LINE}
        if tag == "img":
            self._image(given, event.given.get("caption", ""))
            return
        if tag in HEADINGS:
            self.heading, self.heading_id = [], given.get("id", "")
        if tag == "h1":
            message = "a heading of the first level in a note"
            hint = "the title in the front matter is the first level; begin headings with ##"
            self.say(Rule.BAD_HEADING, message, hint)
        if tag in QUOTING and not self.inside(QUOTING):
            self.quoted, self.quoted_line = [], self.line
            given["data-exempt"] = "quotation"
        if tag == "a" and "href" in given:
            self._link(given)
        if tag == "ol":
            start = given.get("start", "1")
            self.counts.append(_number(start))
            if start not in ("0", "1"):
                self._miscounted(start)
        if tag == "li":
            self._count(given.get("value"), FOOTNOTE.match(given.get("id", "")))
        if tag == "aside" and CALLOUT in given:
            self._callout(given)
            return
        if tag == "code" and "pre" not in self.stack and _FENCE.match(self.lines[self.line - 1]):
            self.left(self.line, "a fence in a list or a quotation", _AT_MARGIN)
        if tag == "sup" and FOOTNOTE.match(given.get("id", "")):
            given["data-exempt"] = "interface"
        align = given.pop("align", "")
        if align in ("left", "right", "center"):
            given["class"] = f"{given.get('class', '')} align-{align}".strip()
        self.out.append(f"<{tag}{self._attributes(given, LINE in event.given)}>")
        if tag not in VOID:
            self.stack.append(tag)
        self.begins = tag in BLOCK or (self.begins and tag not in VOID)
        if tag in BLOCK:
            # Where a list or a table begins with capitals, and where not, is the writer's choice.
            self.before = "" if tag == "p" or tag in HEADINGS else ","

    def close(self, event: Event) -> None:
        """Close an element that is open, and those left open inside it."""
        tag = event.name
        if tag in UNSEEN and self.forbidden:
            self.forbidden -= 1
        if tag not in self.stack:
            return
        self.in_row = False
        last = ""
        while last != tag:
            last = self.stack.pop()
            if last in ("h2", "h3") and self.heading_id:
                # For the pointer; the list of contents has the same links for everybody.
                self.out.append(
                    f'<a class="permalink" href="#{escape(self.heading_id)}" '
                    'aria-hidden="true" tabindex="-1"></a>'
                )
            if last == "ol":
                self.counts.pop()
            if last == "li":
                self.items.pop()
            self.out.append(f"</{last}>")
            if last in QUOTING and not self.inside(QUOTING):
                self._end_quotation()
        if tag in HEADINGS:
            text = " ".join("".join(self.heading).split())
            self.body.headings.append(Heading(int(tag[1]), self.heading_id, text))
            self.heading_id = ""

    def text(self, event: Event) -> None:
        """Write a text that the page shows."""
        if not self.forbidden:
            self.say_text(event.name, event.line)

    def other(self, event: Event) -> None:
        """Refuse declarations, processing instructions and the like."""
        self.line = event.line
        self._forbid(event.name)

    def finish(self) -> None:
        """Close what is open, and cut the body into pieces."""
        while self.stack:
            self.out.append(f"</{self.stack.pop()}>")
        self.cut("".join(self.out))

    def _count(self, value: str | None, footnote: object) -> None:
        """Tell of an item whose numeral says more than that it is the next."""
        counting = self.stack[-1:] == ["ol"] and not footnote
        typed = _NUMERALS.match(self.lines[self.line - 1])
        numerals = re.findall(r"\d+(?=[.)])", typed[0] if typed else "")
        of_line = self.items.count(self.line)
        numeral = value or "".join(numerals[of_line : of_line + 1])
        self.items.append(self.line if counting else 0)
        if counting:
            if numeral and numeral != str(self.counts[-1]):
                self._miscounted(numeral)
                self.counts[-1] = _number(numeral)
            self.counts[-1] += 1
        elif value:
            self._miscounted(value)

    def _miscounted(self, numeral: str) -> None:
        rule, message, _ = unbound(numeral)
        hint = f"a list begins with 1 and counts on; a sentence begins with {numeral}\\."
        self.say(rule, message, hint)

    def _callout(self, given: Mapping[str, str]) -> None:
        """Begin a callout, with its name above its text."""
        kind = given[CALLOUT]
        if kind not in CALLOUTS:
            hint = did_you_mean(kind.upper(), CALLOUTS) or f"there are {choices(CALLOUTS)}"
            self.say(Rule.BAD_VALUE, f'there is no callout "{kind}"', hint)
        name = kind.lower()
        label = self.voice.language.words("callouts").get(name, kind)
        title = Markup('<p class="callout-title" data-exempt="interface">{}</p>').format(label)
        self.put(Markup('<aside class="callout callout-{}">{}').format(name, title))
        self.stack.append("aside")
        self.begins = True

    def _forbid(self, tag: str) -> None:
        hint = "notes hold text, links, tables and images; take the element out"
        if tag in ("script", "style"):
            hint = "scripts and styles belong to the templates"
        self.say(Rule.FORBIDDEN_HTML, f"<{tag}> is not allowed in a note", hint)

    def _attributes(self, given: Mapping[str, str], typed: bool) -> str:
        """The attributes as they are written again; `typed` are those of somebody's own tag."""
        written = []
        for name, value in given.items():
            if name not in ATTRIBUTES and name != "data-exempt":
                hint = "use a class" if name == "style" else "take it out"
                message = f'the attribute "{name}" is not allowed in a note'
                self.say(Rule.FORBIDDEN_HTML, message, hint)
            elif name != "id" or self._is_new(value, typed):
                written.append(f' {name}="{escape(value)}"')
        return "".join(written)

    def _is_new(self, name: str, typed: bool) -> bool:
        """Whether an id may be given, which it is then."""
        if not name or name.split() != [name]:
            rule, hint = Rule.BAD_ID, "use a-z, 0-9 and hyphens"
            message = f'an id is one word; "{name}" is none'
        elif RESERVED.match(name) or (typed and FOOTNOTE.match(name)):
            rule, hint = Rule.DUPLICATE_ID, "choose another one"
            message = f'the page makes the id "{name}" itself'
        elif name in self.body.anchors:
            rule, hint = Rule.DUPLICATE_ID, "give one of the two another id"
            message = f'the id "{name}" stands twice'
        else:
            self.body.anchors.add(name)
            return True
        self.say(rule, message, hint)
        return False

    def _link(self, given: dict[str, str]) -> None:
        href = given["href"]
        with self.report.at(self.line).catching():
            link = read_link(href, self.files)
            given["href"] = link.href
            if link.inside and not FOOTNOTE.match(href[1:]):
                self.body.targets.append((href, self.line))
            if link.file:
                self.body.files.append(link.file)

    def _image(self, given: Mapping[str, str], caption: str) -> None:
        """Write a picture; its caption is given as it was typed, for its claims to be links."""
        own = ("src", "alt", "title", "caption")
        written = self._attributes({k: v for k, v in given.items() if k not in own}, typed=True)
        typed = self._as_typed(unmarked(caption))
        if typed and not self.in_row:
            message = "a picture with a caption stands in a paragraph of its own"
            hint = "put an empty line before it and behind it"
            self.say(Rule.BAD_IMAGE, message, hint)
        for name in self.voice.claims_in(typed):
            self.body.uses.setdefault(name, [])
        below = self.voice.marked(typed) if self.in_row else None
        report = self.report.at(self.line)
        with report.catching():
            address, html = show_image(report, given, written, self.files, below)
            self.body.files.append(address)
            self.put(html)

    def _end_quotation(self) -> None:
        words = len("".join(self.quoted).split())
        if words > MAX_QUOTED_WORDS:
            message = f"a quotation of {words} words; {MAX_QUOTED_WORDS} are the most"
            hint = "quote less, and say the rest in your own words"
            self.report.at(self.quoted_line).say(Rule.LONG_QUOTATION, message, hint)


def _number(numeral: str) -> int:
    return int(numeral[:9]) if numeral.isdecimal() else 1
