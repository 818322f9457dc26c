"""A note file becomes a `Note`: front matter, and a body with its claims bound."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Annotated, Any

from pydantic import PlainValidator

from explainer.data.characters import stray, without_stray
from explainer.data.kinds import ID_PATTERN, Day, Entry, Names, optional, required
from explainer.data.validate import validated
from explainer.data.yaml import parse
from explainer.notes.body import Body, Html
from explainer.notes.html import read_body
from explainer.notes.markdown import prepare
from explainer.problems import Place, Problem, Report, Rule, did_you_mean, line_with
from explainer.text.expressions import plains_in
from explainer.voice.texts import check_text
from explainer.voice.voice import Voice


def _as_alias(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(rf"(?:{ID_PATTERN}/)*{ID_PATTERN}\.html", value):
        return value
    raise ValueError("the address that a page had: old-name.html")


Alias = Annotated[str, PlainValidator(_as_alias)]


def _as_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")


class Front(Entry):
    """A note's front matter."""

    title: str = required("The title of the page.")
    summary: str = required(
        "What the page says, in a sentence or two: below the title, in lists and for search "
        "engines. Claims may stand in it."
    )
    nav: str = optional(
        "A short title for the navigation; without it, the title stands there.", default=""
    )
    section: str = optional("The group of pages in the navigation to which it belongs.", default="")
    order: int = optional(
        "Where the page stands in the navigation: smaller numbers first. The page index is "
        "always the first.",
        default=100,
    )
    published: Day | None = optional("The day on which it was first published.")
    updated: Day | None = optional("The day on which it last changed for readers.")
    checked: Day | None = optional("The day on which it was last read against its sources.")
    review_by: Day | None = optional(
        "The day by which it should be read again; after it, `check` warns."
    )
    draft: Annotated[bool, PlainValidator(_as_bool)] = optional(
        "Whether it is left out of the site for now.", default=False
    )
    aliases: list[Alias] = optional(
        "Addresses that the page had, such as old-name.html; a page there leads on to this one.",
        default=[],
    )
    climb: Annotated[str, Names("charts")] = optional(
        "A chart of the page that stays in sight beside the sections that follow it.", default=""
    )


@dataclass(kw_only=True)
class TextFile:
    """A file whose parts are lines, by number, and keys that lines begin with."""

    file: str
    lines: Sequence[str]

    def problem(
        self,
        path: tuple[str | int, ...],
        rule: Rule,
        message: str,
        hint: str = "",
        *,
        needle: str = "",
    ) -> Problem:
        """A problem on a line, or at a key and there on the line that holds `needle`."""
        where = path[0] if path else 1
        line = where if isinstance(where, int) else self._line_of(where, needle)
        excerpt = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Problem(Place(self.file, line), rule, message, hint, excerpt)

    def _line_of(self, key: str, needle: str) -> int:
        first = next((n for n, line in enumerate(self.lines) if line.startswith(f"{key}:")), 0)
        indented = takewhile(lambda line: not line[:1].strip(), self.lines[first + 1 :])
        return first + 1 + line_with(needle, [self.lines[first], *indented])


@dataclass(kw_only=True)
class Note(Body, TextFile):
    """A note, ready to be put on a page."""

    slug: str
    language: str
    front: Front
    title: Html
    title_text: str
    summary: Html
    summary_text: str


def read_note(
    report: Report, slug: str, file: str, text: str, voice: Voice, files: Mapping[str, bytes]
) -> Note | None:
    """The note of a file; None where its front matter cannot be used.

    `file` is its name in messages; `files` are those beside it, by their address from there.
    """
    source = TextFile(file=file, lines=text.split("\n"))
    report = report.of(source)
    front, first_line = _front_matter(report, source)
    # Where nothing can be published, the editor still wants to hear of the body's problems.
    used = front or Front(title=slug, summary="")
    for key in ("title", "summary", "nav", "section"):
        check_text(report.at(key), getattr(used, key), voice, key)
    body = _body(report, source, first_line, voice, files)
    if used.climb and used.climb not in body.charts:
        hint = did_you_mean(used.climb, body.charts)
        hint = hint or "name a chart of this page, or leave climb: out"
        message = f'the page does not show the chart "{used.climb}"'
        report.at("climb").say(Rule.UNKNOWN_CHART, message, hint)
    if front is None:
        return None
    blocks = [data for fence in body.fences if isinstance(data := fence.document.data, dict)]
    written = [text for data in blocks for text in data.values() if isinstance(text, str)]
    own = (front.title, front.summary, front.nav, front.section)
    body.plains += sum(map(plains_in, (*own, *written)))
    return Note(
        **vars(body),
        **vars(source),
        slug=slug,
        language=voice.code,
        front=front,
        title=voice.marked(front.title),
        title_text=voice.said(front.title),
        summary=voice.marked(front.summary),
        summary_text=voice.said(front.summary),
    )


def says_draft(text: str) -> bool:
    """Whether the front matter of a note says that it is a draft, even where it is faulty."""
    front = re.match(r"---[ \t]*\n(.*?)(?:\n---|\Z)", text, re.DOTALL)
    own = r"^(['\"]?)draft\1\s*:\s+(?:true|True|TRUE)\s*(?:#.*)?$"
    return bool(front and re.search(own, front[1], re.MULTILINE))


def _front_matter(report: Report, source: TextFile) -> tuple[Front | None, int]:
    """The front matter, if it can be used, and the line on which the body begins."""
    example = "begin the note with ---, then title: … and summary: …, then ---"
    lines = source.lines
    if lines[0].strip() != "---":
        report.say(Rule.MISSING_KEY, "the note has no front matter", example)
        return None, 1
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        hint = "put a line --- behind its last key"
        report.say(Rule.BAD_YAML, "the front matter is never closed", hint)
        return None, len(lines) + 1
    document = parse("\n".join(lines[1:end]), source.file, 2)
    front = None
    if document.problems:
        report.add(*document.problems)
    elif not isinstance(document.data, dict):
        report.say(Rule.MISSING_KEY, "the front matter has no keys", example)
    else:
        front = validated(report, Front, document.data, document, ())
    return front, end + 2


def _body(
    report: Report, source: TextFile, first_line: int, voice: Voice, files: Mapping[str, bytes]
) -> Body:
    text = "\n".join(source.lines[first_line - 1 :])
    first: dict[str, int] = {}
    for position, what in stray(text):
        first.setdefault(what, position)
    for what, position in first.items():
        line = first_line + text.count("\n", 0, position)
        hint = "delete it; it is invisible, and often comes with pasted text"
        report.at(line).say(Rule.BAD_VALUE, f"the note holds {what}", hint)
    prepared = prepare(report, without_stray(text), source.file, first_line)
    return read_body(report, prepared, source.lines, voice, files)
