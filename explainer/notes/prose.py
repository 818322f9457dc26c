"""What a note says: its text with every number bound, and what its expressions print."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup, escape

from explainer.data.characters import STRAY
from explainer.notes.body import Body, Piece
from explainer.notes.left_as_text import leftovers
from explainer.notes.markdown import (
    MARK,
    OWN,
    TOKEN,
    Prepared,
    Token,
    bare_marks,
    decoded,
    token,
    unmarked,
)
from explainer.problems import Fault, Report, Rule
from explainer.text.expressions import (
    Expression,
    exempt,
    expressions_in,
    parse_expression,
    stray_braces,
)
from explainer.text.numbers import loose
from explainer.voice.languages import capital
from explainer.voice.texts import in_words, known, misplaced, unbound
from explainer.voice.voice import Voice

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
QUOTING = frozenset("q blockquote cite".split())

_MISSING = re.compile(r"\[\^([^\[\]]+)\]|\]\[([^\[\]]*)\]")
"""A footnote's mark or a link's label that Markdown left as text, for want of its target."""

_BEGINNING = re.compile(
    r"""(?:^|(?<!\b[^\W\d_])(?<!\b[A-Z]{2})[.?!…]['"\)”’»]*\s)[\s¿¡('"“‘«„‚]*\Z"""
)
"""What stands before the first word of a sentence; no abbreviation such as "U.S." or "EE. UU."."""


@dataclass
class Prose:
    """Writes the text of a note into `out`, element by element; `stack` holds those open."""

    report: Report
    prepared: Prepared
    body: Body
    voice: Voice
    lines: Sequence[str]
    files: Mapping[str, bytes]
    out: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    line: int = 0
    heading: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    begins: bool = False
    """Whether nothing of the present paragraph or item is written yet."""
    before: str = ""
    """What is written of it: a comma where it begins as its writer likes."""
    alone: set[int] = field(default_factory=set)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    """The charts and disagreements that were asked for, each with its kind."""

    def say(self, rule: Rule, message: str, hint: str = "") -> None:
        """Tell of a problem on the present line."""
        self.report.at(self.line).say(rule, message, hint)

    def left(self, line: int, what: str, hint: str) -> None:
        """Warn of something that was meant to be more than text."""
        self.report.at(line).say(Rule.LEFT_AS_TEXT, f"{what} stays text", hint, warning=True)

    def put(self, html: Markup) -> None:
        """Write HTML into which texts of the data file went; no such text may look like a mark."""
        self.out.append(STRAY.sub("", str(html)))

    def inside(self, tags: Collection[str]) -> bool:
        """Whether an element of these is open."""
        return any(tag in tags for tag in self.stack)

    def say_text(self, data: str, behind: int) -> None:
        """Write a text, its tokens and marks in it; `behind` is the line of what follows it."""
        if self.inside({"code", "pre"}):
            self.out.append(str(escape(self._as_typed(unmarked(data)))))
            return
        position = 0
        for match in TOKEN.finditer(data):
            line = self.prepared.tokens[decoded(match[1])].line
            self._say_plain_text(data[position : match.start()], line)
            position = match.end()
            self._say(decoded(match[1]))
        self._say_plain_text(data[position:], behind)

    def said(self, value: str) -> str:
        """An attribute's value with its claims in print."""
        return STRAY.sub("", TOKEN.sub(self._in_value, unmarked(value)))

    def _in_value(self, match: re.Match[str]) -> str:
        """What the expression of a token prints in an attribute's value."""
        index = decoded(match[1])
        with self.report.at(self.prepared.tokens[index].line).catching():
            expression = self._expression(index)
            if expression.function == "claim":
                return self.voice.text(expression.name, expression.form)
            if expression.function == "plain":
                self.body.plains += 1
                return expression.name
            raise misplaced(expression)
        return ""

    def check_value(self, value: str, line: int) -> None:
        """Tell of the numbers of an attribute's value, its expressions taken out."""
        for number in loose(TOKEN.sub(" \u2063 ", unmarked(value)), self.voice.finder):
            self.report.at(line).say(*unbound(number.text, number.name))

    def cut(self, html: str) -> None:
        """Cut the finished HTML at the tokens of charts and disagreements."""
        position = 0
        for match in TOKEN.finditer(html):
            before, behind = html[position : match.start()].rstrip(), html[match.end() :].lstrip()
            index = decoded(match[1])
            ends = (before.endswith("<p>"), behind.startswith("</p>"))
            self._piece(before.removesuffix("<p>"))
            position = len(html) - len(behind.removeprefix("</p>"))
            line, expression = self.prepared.tokens[index].line, self._expression(index)
            if not (all(ends) or (index in self.alone and not any(ends))):
                self.report.at(line).say(*_not_alone(expression.function))
            self.body.pieces.append(Piece(expression.function, Markup(""), expression.name))
        self._piece(html[position:])

    def _piece(self, html: str) -> None:
        if html.strip():
            # Every element and attribute in it was written by this walker.
            self.body.pieces.append(Piece("html", Markup(html.strip())))

    # Text

    def _say_plain_text(self, data: str, behind: int) -> None:
        """Write a text without expressions, its years and dates marked; tell of its numbers."""
        if not data:
            return
        text = _read(data, behind)
        plain = text.plain
        if self.stack[-2:] == ["sup", "a"] and plain.startswith(OWN):
            # The number of a footnote, which Markdown gave.
            self.out.append(str(escape(plain.removeprefix(OWN))))
            return
        self._look_for_leftovers(text)
        self.heading.append(plain)
        self.before += plain
        if self.inside(QUOTING):
            self.quoted.append(plain)
            self.out.append(str(escape(plain)))
            return
        for match in self.voice.number_words.finditer(plain):
            self.report.at(text.line(match.start())).say(*in_words(match[0]), warning=True)
        searched = _MISSING.sub(lambda match: " " * len(match[0]), plain)
        for number in self.voice.finder.numbers(searched):
            if not number.kind:
                self.report.at(text.line(number.start)).say(*unbound(number.text, number.name))
        self.out.append(str(self.voice.dated(plain)))
        self.body.words += len(plain.split())

    def _look_for_leftovers(self, text: "_Text") -> None:
        """Tell of what Markdown left as text, and what was meant to be more."""
        plain, line = text.plain, text.line

        def at(position: int) -> Report:
            return self.report.at(line(position))

        for match in _MISSING.finditer(plain):
            if match[1]:
                message = f'the footnote "{match[1]}" is never written'
                hint = f"add a line [^{match[1]}]: … to the note"
            elif match[2]:
                message = f'the link "{match[2]}" is never defined'
                hint = f"add a line [{match[2]}]: address"
            else:
                continue
            at(match.start()).say(Rule.MISSING_FOOTNOTE, message, hint)
        for match in expressions_in(plain):
            # Markdown saw no code here where the search for expressions did.
            at(match.start()).say(Rule.BAD_EXPRESSION, f"{match[0].strip()} cannot be read")
        for position, fault in stray_braces(plain):
            at(position).tell(fault)
        for position, what, hint in leftovers(plain, begins=self.begins):
            self.left(line(position), what, hint)
        self.begins = False

    def _as_typed(self, code: str) -> str:
        """Code as it was typed: tokens turned back into their source."""
        return TOKEN.sub(lambda match: self.prepared.tokens[decoded(match[1])].source, code)

    # Expressions

    def _expression(self, index: int) -> Expression:
        """The expression of a token. Raises `Fault` where it says nothing."""
        source, line, expression = self.prepared.tokens[index]
        if expression is None:
            match = next(expressions_in(source))
            expression = known(parse_expression(match), self.voice)
            self.prepared.tokens[index] = Token(source, line, expression)
        return expression

    def _say(self, index: int) -> None:
        """Write what an expression prints."""
        self.line, self.begins = self.prepared.tokens[index].line, False
        with self.report.at(self.line).catching():
            expression = self._expression(index)
            if expression.function in ("chart", "disagreement"):
                self._block(expression, index)
            else:
                getattr(self, f"_say_{expression.function}")(expression)

    def _say_claim(self, expression: Expression) -> None:
        name, bare = expression.name, bool(expression.bare)
        if "a" in self.stack:
            raise _link_in_link(f'the claim "{name}"', "a claim")
        if self.inside(HEADINGS) and not _names_its_id(self.lines[self.line - 1]):
            message = "a heading that prints a claim must name its id"
            hint = "put {#some-id} behind the heading, so that links to it survive a new figure"
            self.say(Rule.CLAIM_IN_HEADING, message, hint)
        if name not in self.voice.dataset.quantities:
            return
        places = self.body.uses.setdefault(name, [])
        anchor = f"use-{name}-{len(places) + 1}"
        places.append(anchor)
        text = self.voice.text(name, expression.form, bare=bare)
        self.heading.append(text)
        self._warn_of_clumsy(expression, text)
        self.before += text
        link = self.voice.link(name, expression.form, bare=bare)
        self.put(Markup('<span id="{}">{}</span>').format(anchor, link))
        self.body.words += 1

    def _warn_of_clumsy(self, expression: Expression, said: str) -> None:
        """Warn where the word before a claim and its first do not go together: "to up to".

        Which do not is the language's to say, and what to write in place of the first: "de-un:d’".
        """
        named = self.voice.language.listed("clumsy_pairs")
        pairs = {pair: instead for pair, _, instead in (item.partition(":") for item in named)}
        word = re.search(r"([^\W\d_]+)\s+\Z", self.before[-40:])
        pair = f"{word[1]}-{said.split()[0]}".casefold() if word else ""
        if word and pair in pairs:
            hint = f'write {{{{ claim("{expression.name}", form="most") }}}}, or turn the sentence'
            if instead := pairs[pair]:
                hint = f'write "{instead}" in place of "{word[1]}", and no gap behind it'
            message = f'"{word[1]} {said}" reads badly'
            self.report.at(self.line).say(Rule.CLUMSY_QUALIFIER, message, hint, warning=True)

    def _say_plain(self, expression: Expression) -> None:
        self.body.plains += 1
        self.heading.append(expression.name)
        self.before += expression.name
        self.put(exempt("plain", expression.name))

    def _say_source(self, expression: Expression) -> None:
        name = expression.name
        if name not in self.voice.dataset.sources:
            return
        if "a" in self.stack:
            raise _link_in_link("a source", "a source")
        self.body.cited.append(name)
        self.before += self.voice.short(name)
        self.put(
            Markup('<a class="source" href="sources.html#{}" data-exempt="source">{}</a>').format(
                name, self.voice.short(name)
            )
        )

    def _say_term(self, expression: Expression) -> None:
        term = self.voice.dataset.glossary.get(expression.name)
        if term is None:
            return
        word = self.voice.local(term.term)
        if _BEGINNING.search(self.before[-40:]) and word.split()[0].islower():
            word = capital(word)
        self.before += word
        meaning = self.voice.said(term.expansion or term.meaning)
        self.heading.append(word)
        shown = self.voice.dated(word)
        # What an abbreviation stands for is a name, numbers and all.
        named = term.expansion and any(map(str.isnumeric, meaning))
        mark = Markup(' data-exempt="name"') if named else ""
        if "a" in self.stack:
            abbr = Markup('<abbr class="term" title="{}"{}>{}</abbr>')
            self.put(abbr.format(meaning, mark, shown))
            return
        self.put(
            Markup('<a class="term" href="glossary.html#{}" title="{}"{}>{}</a>').format(
                expression.name, meaning, mark, shown
            )
        )

    def _block(self, expression: Expression, index: int) -> None:
        """Leave the token of a block-level thing for `cut`, if it stands alone."""
        kind, name = expression.function, expression.name
        there = (kind, name) in self.blocks
        self.blocks.add((kind, name))
        if kind == "chart":
            self.body.charts.append(name)
        if self.stack not in (["p"], []):
            raise Fault(*_not_alone(kind))
        if there:
            hint = f"link to it instead: [the {kind}](#{kind}-{name})"
            raise Fault(Rule.DUPLICATE_ID, f'the {kind} "{name}" is on this page already', hint)
        if not self.stack:
            self.alone.add(index)
        self.out.append(token(index))


class _Text(NamedTuple):
    """A text without its marks, and where in it each line ends."""

    plain: str
    ends: list[tuple[int, int]]

    def line(self, position: int) -> int:
        """The line on which a position of the text stands."""
        return next((line for end, line in self.ends if position < end), self.ends[-1][1])


def _read(data: str, behind: int) -> _Text:
    plain, *rest = MARK.split(bare_marks(data))
    ends: list[tuple[int, int]] = []
    for digits, text in zip(rest[::2], rest[1::2], strict=True):
        ends.append((len(plain), decoded(digits)))
        plain += text
    return _Text(plain, [*ends, (len(plain), behind)])


def _not_alone(kind: str) -> tuple[Rule, str, str]:
    return (
        Rule.BAD_EXPRESSION,
        f"a {kind} stands alone, in a paragraph of its own",
        "put empty lines before and behind it",
    )


def _link_in_link(what: str, kind: str) -> Fault:
    return Fault(
        Rule.CLAIM_IN_LINK,
        f"{what} stands inside {'the text of a link' if kind == 'a claim' else 'a link'}",
        f"{kind} is a link itself: end the other one before it",
    )


def _names_its_id(line: str) -> bool:
    return bool(re.search(r"\{:?[^}]*#[\w-]+[^}]*\}\s*#*\s*$", line))
