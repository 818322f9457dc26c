"""What is wrong across the notes: pages that are missing, links that lead nowhere."""

import re
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from babel import localedata

from explainer.data.kinds import ID_PATTERN
from explainer.notes.note import Note, TextFile
from explainer.pages.inventory import Book
from explainer.pages.made import MADE_PAGES
from explainer.problems import Report, Rule, shown


def check_notes(report: Report, book: Book, content: Path) -> None:
    """Every language has every note, and no two things want one address.

    What a draft leaves open, which only a preview shows, is a warning: a build would refuse it.
    """
    of_language: dict[str, dict[str, Note]] = {code: {} for code in book.languages}
    for note in book.written:
        of_language[note.language][note.slug] = note
        own = _of_file(report, note.file)
        if note.slug in MADE_PAGES:
            message, hint = "is made from the data file", "give the note's file another name"
            own.say(Rule.PAGE_CLASH, f"{note.slug}.html {message}", hint)
        if not re.fullmatch(ID_PATTERN, note.slug):
            hint = "name the file with a-z, 0-9 and single hyphens"
            own.say(Rule.BAD_ID, f'"{note.slug}" cannot be a page\'s name', hint)
    finished = {note.slug for note in book.written if not note.front.draft}
    for code, notes in of_language.items():
        for slug in finished:
            name = f"{book.folder(code)}{slug}.md"
            file = shown(content / name)
            if name in book.broken or (slug in notes and not notes[slug].front.draft):
                continue
            _of_file(report, file).say(
                Rule.MISSING_TRANSLATION,
                f'the note "{slug}" is missing in {code}',
                UNFINISHED if name in book.drafts else f"write {file}",
                warning=slug in notes,
            )
    if "index" not in finished and "index.md" not in book.broken:
        _of_file(report, shown(content / "index.md")).say(
            Rule.NO_CONTENT,
            "there is no front page",
            UNFINISHED if "index.md" in book.drafts else "write index.md",
            warning=any("index" in notes for notes in of_language.values()),
        )


UNFINISHED = "the file is there, and is a draft"

_LIKE_NOTES = frozenset(".md .markdown .mdown .mkd .mdx .qmd .rmd".split())


def check_files(report: Report, book: Book, content: Path, there: Collection[str]) -> None:
    """Warn of each file that looks like a note and is none; `there` are the names of all."""
    folders = {book.folder(code).rstrip("/") for code in book.languages}
    for name in there:
        path = PurePosixPath(name)
        folder = str(path.parent).removeprefix(".")
        if path.suffix.lower() not in _LIKE_NOTES or (path.suffix == ".md" and folder in folders):
            continue
        if folder in folders:
            hint = f"name it {path.stem}.md"
        elif localedata.exists(folder.replace("-", "_")):
            hint = f"add {folder} to languages: of site: in the data file, or move it"
        else:
            hint = f"move it to {shown(content)}/: notes stand in no other folder"
        own = _of_file(report, shown(content / name))
        own.say(Rule.UNREAD_FILE, "looks like a note, and is none", hint, warning=True)


def _of_file(report: Report, file: str) -> Report:
    """The same report at a file as a whole, of which no line is quoted."""
    return report.of(TextFile(file=file, lines=()))
