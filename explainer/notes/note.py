"""A note file becomes a `Note`: front matter, and a body with its claims bound."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from explainer.data.kinds import ID_PATTERN, Day, Names
from explainer.data.load import read_text
from explainer.data.validate import validated
from explainer.data.yaml import parse
from explainer.notes.html import Body, read_body
from explainer.problems import Place, Problem, Report, Rule, did_you_mean
from explainer.voice.texts import text_problems
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


class Front(BaseModel):
    """A note's front matter."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    title: str = Field(description="The title of the page.")
    summary: str = Field(
        description=(
            "What the page says, in a sentence or two: below the title, in lists and for search "
            "engines. Claims may stand in it."
        )
    )
    nav: str = Field(
        default="",
        description="A short title for the navigation; without it, the title stands there.",
    )
    order: int = Field(
        default=100,
        description=(
            "Where the page stands in the navigation: smaller numbers first. The page index is "
            "always the first."
        ),
    )
    published: Day | None = Field(
        default=None, description="The day on which it was first published."
    )
    updated: Day | None = Field(
        default=None, description="The day on which it last changed for readers."
    )
    checked: Day | None = Field(
        default=None, description="The day on which it was last read against its sources."
    )
    review_by: Day | None = Field(
        default=None,
        description="The day by which it should be read again; after it, `check` warns.",
    )
    draft: Annotated[bool, PlainValidator(_as_bool)] = Field(
        default=False, description="Whether it is left out of the site for now."
    )
    aliases: list[Alias] = Field(
        default=[],
        description=(
            "Addresses that the page had, such as old-name.html; a page there leads on to this one."
        ),
    )
    climb: Annotated[str, Names("charts")] = Field(
        default="",
        description="A chart of the page that stays in sight beside the sections that follow it.",
    )


@dataclass(kw_only=True)
class Note(Body):
    """A note, ready to be put on a page."""

    slug: str
    language: str
    front: Front
    title: Markup
    title_text: str
    summary: Markup
    summary_text: str

    def front_line(self, key: str, needle: str = "") -> int:
        """The line of a front matter key, or the line of its value that contains `needle`."""
        first = next((n for n, line in enumerate(self.lines, 1) if line.startswith(f"{key}:")), 1)
        for number, line in enumerate(self.lines[first - 1 :], first):
            if number > first and line and not line[0].isspace():
                break
            if needle and needle in line:
                return number
        return first


def read_note(path: Path, file: str, voice: Voice) -> tuple[Note | None, list[Problem]]:
    """The note of a file, or None where its front matter cannot be used; and what is wrong."""
    text, unreadable = read_text(path, file)
    if unreadable:
        return None, [unreadable]
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

        def problem(rule: Rule, message: str, hint: str, needle: str, key: str = key) -> Problem:
            return note.problem(note.front_line(key, needle), rule, message, hint)

        problems += text_problems(getattr(front, key), voice, problem)
    problems += read_body(note, voice, body_line)
    if front.climb and front.climb not in note.charts:
        line = note.front_line("climb")
        message = f'the page does not show the chart "{front.climb}"'
        hint = did_you_mean(front.climb, note.charts) or (
            "name a chart of this page, or leave climb: out"
        )
        problems.append(note.problem(line, Rule.UNKNOWN_CHART, message, hint))
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
    report = Report()
    front = validated(report, Front, document.data, document, ())
    return front, end + 2, report.problems
