"""What is wrong across the notes: pages that are missing, links that lead nowhere."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from babel import localedata

from explainer.data.dataset import Dataset
from explainer.notes.images import PUBLISHED_FILES
from explainer.notes.note import Note
from explainer.pages.made import MADE_PAGES
from explainer.pages.navigation import folder_of
from explainer.problems import Place, Problem, Report, Rule, choices, did_you_mean, shown


@dataclass(frozen=True)
class Project:
    """Everything that was written for a site, before anything is drawn."""

    dataset: Dataset
    notes: Sequence[Note]
    languages: Sequence[str]
    content: Path
    there: Collection[str]
    """The names of all files of content."""
    broken: Collection[str]
    """Notes whose front matter cannot be used: told of already, and to be missed by nobody."""
    drafts: Collection[str]
    """Notes that are drafts, and no pages."""


def check_notes(report: Report, project: Project) -> None:
    """Every language has every note, and no two things want one address.

    What a draft leaves open, which only a preview shows, is a warning: a build would refuse it.
    """
    of_language: dict[str, dict[str, Note]] = {code: {} for code in project.languages}
    for note in project.notes:
        of_language[note.language][note.slug] = note
        if note.slug in MADE_PAGES:
            report.add(
                Problem(
                    Place(note.file, 1),
                    Rule.PAGE_CLASH,
                    f"{note.slug}.html is made from the data file",
                    "give the note's file another name",
                )
            )
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", note.slug):
            report.add(
                Problem(
                    Place(note.file, 1),
                    Rule.BAD_ID,
                    f'"{note.slug}" cannot be a page\'s name',
                    "name the file with a-z, 0-9 and single hyphens",
                )
            )
    finished = {note.slug for note in project.notes if not note.front.draft}
    for code, notes in of_language.items():
        folder = folder_of(code, project.languages)
        for slug in finished:
            name = f"{folder}{slug}.md"
            path = project.content / name
            if name in project.broken or (slug in notes and not notes[slug].front.draft):
                continue
            report.add(
                Problem(
                    Place(shown(path), 1),
                    Rule.MISSING_TRANSLATION,
                    f'the note "{slug}" is missing in {code}',
                    _UNFINISHED if name in project.drafts else f"write {shown(path)}",
                    warning=slug in notes,
                )
            )
    path = project.content / "index.md"
    if "index" not in finished and "index.md" not in project.broken:
        report.add(
            Problem(
                Place(shown(path), 1),
                Rule.NO_CONTENT,
                "there is no front page",
                _UNFINISHED if "index.md" in project.drafts else "write index.md",
                warning=any("index" in notes for notes in of_language.values()),
            )
        )


_UNFINISHED = "the file is there, and is a draft"

_LIKE_NOTES = frozenset(".md .markdown .mdown .mkd .mdx .qmd .rmd".split())


def check_files(report: Report, project: Project) -> None:
    """Warn of each file that looks like a note and is none."""
    folders = {folder_of(code, project.languages).rstrip("/") for code in project.languages}
    for name in project.there:
        path = PurePosixPath(name)
        folder = str(path.parent).removeprefix(".")
        if path.suffix.lower() not in _LIKE_NOTES or (path.suffix == ".md" and folder in folders):
            continue
        if folder in folders:
            hint = f"name it {path.stem}.md"
        elif localedata.exists(folder.replace("-", "_")):
            hint = f"add {folder} to languages: of site: in the data file, or move it"
        else:
            hint = f"move it to {shown(project.content)}/: notes stand in no other folder"
        place, message = Place(shown(project.content / name), 1), "looks like a note, and is none"
        report.add(Problem(place, Rule.UNREAD_FILE, message, hint, warning=True))


def check_links(report: Report, project: Project) -> None:
    """Every link of a note leads to a page, file or place in a page that exists."""
    anchors = dict(_anchors(project))
    drafts = {_page_of(note, project) for note in project.notes if note.front.draft}
    for note in project.notes:
        here = PurePosixPath(folder_of(note.language, project.languages))
        for target in note.targets:
            parts = urlsplit(target.href)
            path, fragment = unquote(parts.path), unquote(parts.fragment)
            written = PurePosixPath(path).suffix
            if written.lower() in PUBLISHED_FILES:
                # Reading the note has told already where there is no such file.
                continue
            if written == ".md":
                path = path[:-3] + ".html"
            page = _resolved(here, path) if path else str(here / f"{note.slug}.html")
            source = f"{page.removesuffix('.html')}.md"
            if source in project.broken:
                continue
            if page in drafts and not note.front.draft:
                # A preview has that page, but a build would refuse the link.
                problem = note.problem(
                    (target.line,),
                    Rule.BROKEN_LINK,
                    f'"{parts.path}" leads to no page or file',
                    _UNFINISHED,
                )
                report.add(replace(problem, warning=True))
            if page not in anchors:
                names = [_from(here, known).removesuffix(".html") for known in anchors]
                wrong = path.removesuffix(".html")
                near = f'did you mean "{wrong}"?' if wrong in names else did_you_mean(wrong, names)
                near = near.replace('"?', f'{written or ".md"}"?')
                if source in project.drafts:
                    near = _UNFINISHED
                report.add(
                    note.problem(
                        (target.line,),
                        Rule.BROKEN_LINK,
                        f'"{parts.path}" leads to no page or file',
                        near or "link to a note by its file name: prices.md",
                    )
                )
            elif fragment and _place(fragment) not in anchors[page]:
                hint = did_you_mean(fragment, anchors[page])
                report.add(
                    note.problem(
                        (target.line,),
                        Rule.BROKEN_ANCHOR,
                        f'there is no place "#{fragment}" in {page}',
                        hint or f"its places are {choices(sorted(anchors[page]))}",
                    )
                )


def _anchors(project: Project) -> Iterator[tuple[str, set[str]]]:
    dataset = project.dataset
    for code in project.languages:
        folder = folder_of(code, project.languages)
        yield (
            f"{folder}data.html",
            {*dataset.claims, *(str(key[-1]) for key in dataset.broken)}
            | {f"measure-{measure}" for measure in dataset.vocabulary.measures},
        )
        yield f"{folder}sources.html", set(dataset.sources)
        if dataset.glossary:
            yield f"{folder}glossary.html", set(dataset.glossary)
        yield (
            f"{folder}corrections.html",
            {f"correction-{entry.name}" for entry in dataset.corrections},
        )
        for name in ("claims.csv", "claims.json", "sources.bib", "datapackage.json"):
            yield f"{folder}data/{name}", set()
        notes = [note for note in project.notes if note.language == code]
        blocks = {block.id for note in notes for block in note.fences}
        for name in {*dataset.charts, *blocks}:
            yield f"{folder}charts/{name}.html", {f"chart-{name}"}
            for kind in ("csv", "json", "svg", "png"):
                yield f"{folder}charts/{name}.{kind}", set()
    for note in project.notes:
        charts = {f"chart-{name}" for name in note.charts}
        twins = {
            f"chart-{dataset.charts[name].twin}"
            for name in note.charts
            if name in dataset.charts and dataset.charts[name].twin
        }
        yield (
            _page_of(note, project),
            note.anchors
            | charts
            | twins
            | {f"ref-{name}" for name in note.uses}
            | {anchor for places in note.uses.values() for anchor in places}
            | {f"disagreement-{p.id}" for p in note.pieces if p.kind == "disagreement"}
            | {"references", "text"},
        )


def _place(fragment: str) -> str:
    """The place that a fragment names; behind a chart's may stand what a reader chose there."""
    return fragment.partition(":")[0] if fragment.startswith("chart-") else fragment


def _page_of(note: Note, project: Project) -> str:
    return f"{folder_of(note.language, project.languages)}{note.slug}.html"


def _resolved(here: PurePosixPath, path: str) -> str:
    parts: list[str] = []
    for part in (here / path).parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)


def _from(here: PurePosixPath, page: str) -> str:
    folder = f"{here}/" if str(here) != "." else ""
    return page.removeprefix(folder)
