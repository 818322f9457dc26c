"""Reading one note by itself, as the tests of this folder do, without building a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser

from support import AVOCADO, ROOT, note

from explainer.notes.note import Note, read_note
from explainer.problems import Problem, Report, in_order
from explainer.project import file_at
from explainer.site import dataset_of, voice_of
from explainer.voice.voice import Voice

FRONT = 5
"""The lines that stand above the body of a note of these tests."""


@cache
def voice(code: str = "en") -> Voice:
    """The small site's data in a language."""
    report = Report()
    dataset = dataset_of(report, file_at(AVOCADO / "data.yaml", "", ""), ())
    strings = file_at(ROOT / "templates" / "strings" / f"{code}.yaml", "", "")
    voice = voice_of(report, code, strings, dataset)
    assert voice
    return voice


def read(
    body: str, files: Mapping[str, bytes] | None = None, code: str = "en"
) -> tuple[Note | None, list[Problem]]:
    """The note with a body, and what is wrong with it."""
    report = Report()
    read_one = read_note(report, "index", "index.md", note(body), voice(code), files or {})
    return read_one, in_order(report.problems)


def told(body: str, files: Mapping[str, bytes] | None = None) -> list[tuple[int, str, str]]:
    """Line of the body (from 1), rule and message of each problem."""
    _, problems = read(body, files)
    return [(p.place.line - FRONT, str(p.rule), p.message) for p in problems]


class _Seen(HTMLParser):
    """What a reader sees of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def seen(html: str) -> str:
    """The text that HTML shows, without white space."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return re.sub(r"\s+", "", "".join(reader.parts))
