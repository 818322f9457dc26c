"""What is wrong with the links of notes: pages, files and places that are not there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from explainer.checks.notes import UNFINISHED, Project
from explainer.notes.images import PUBLISHED_FILES
from explainer.notes.note import Note
from explainer.pages.navigation import folder_of
from explainer.problems import Report, Rule, choices, did_you_mean


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
                    UNFINISHED,
                )
                report.add(replace(problem, warning=True))
            if page not in anchors:
                names = [_from(here, known).removesuffix(".html") for known in anchors]
                wrong = path.removesuffix(".html")
                near = f'did you mean "{wrong}"?' if wrong in names else did_you_mean(wrong, names)
                near = near.replace('"?', f'{written or ".md"}"?')
                if source in project.drafts:
                    near = UNFINISHED
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
