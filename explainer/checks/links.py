"""What is wrong with the links of notes: pages, files and places that are not there."""

import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from explainer.checks.notes import UNFINISHED
from explainer.data.dataset import Dataset
from explainer.notes.images import PUBLISHED_FILES
from explainer.notes.links import BY_NAME
from explainer.notes.note import Note
from explainer.pages.inventory import Book
from explainer.pages.made import by_measure, place_of
from explainer.problems import Report, Rule, choices, did_you_mean, nearest
from explainer.project import DATA_FILES, chart_files


def check_links(report: Report, book: Book) -> None:
    """Every link of a note leads to a page, file or place in a page that exists."""
    anchors = dict(_anchors(book))
    drafts = {_page_of(note, book) for note in book.written if note.front.draft}
    for note in book.written:
        here = book.folder(note.language)
        for href, line in note.targets:
            parts = urlsplit(href)
            path, fragment = unquote(parts.path), unquote(parts.fragment)
            written = PurePosixPath(path).suffix
            if written.lower() in PUBLISHED_FILES:
                # Reading the note has told already where there is no such file.
                continue
            if written == ".md":
                path = path[:-3] + ".html"
            page = posixpath.normpath(here + path) if path else f"{here}{note.slug}.html"
            source = f"{page.removesuffix('.html')}.md"
            if source in book.broken:
                continue
            own, message = report.of(note, line), f'"{parts.path}" leads to no page or file'
            if page in drafts and not note.front.draft:
                # A preview has that page, but a build would refuse the link.
                own.say(Rule.BROKEN_LINK, message, UNFINISHED, warning=True)
            if page not in anchors:
                names = [known.removeprefix(here).removesuffix(".html") for known in anchors]
                wrong = path.removesuffix(".html")
                near = wrong if wrong in names else nearest(wrong, names)
                hint = f'did you mean "{near}{written or ".md"}"?' if near else BY_NAME
                own.say(Rule.BROKEN_LINK, message, UNFINISHED if source in book.drafts else hint)
            elif fragment and _place(fragment) not in anchors[page]:
                hint = did_you_mean(fragment, anchors[page])
                hint = hint or f"its places are {choices(sorted(anchors[page]))}"
                own.say(Rule.BROKEN_ANCHOR, f'there is no place "#{fragment}" in {page}', hint)


def _anchors(book: Book) -> Iterator[tuple[str, set[str]]]:
    """Every page and file of data to which a link may lead, with the places in it."""
    dataset = book.dataset
    claims = {*dataset.claims, *(str(key[-1]) for key in dataset.broken)}
    lost = any(key[0] == "claims" for key in dataset.broken)
    measures = set(map(place_of, dataset.vocabulary.measures if lost else by_measure(dataset)))
    for code in book.languages:
        folder = book.folder(code)
        yield f"{folder}data.html", claims | measures
        yield f"{folder}sources.html", set(dataset.sources)
        if dataset.glossary:
            yield f"{folder}glossary.html", set(dataset.glossary)
        corrections = {f"correction-{entry.name}" for entry in dataset.corrections.values()}
        yield f"{folder}corrections.html", corrections
        for file in DATA_FILES.values():
            yield folder + file.path, set()
        notes = [note for note in book.written if note.language == code]
        charts = {*dataset.charts, *(block.id for note in notes for block in note.fences)}
        if charts:
            yield f"{folder}charts.html", set()
        for name in charts:
            for path in chart_files(folder, name).values():
                yield path, {f"chart-{name}"} if path.endswith(".html") else set()
    for note in book.written:
        yield _page_of(note, book), set(_places(note, dataset))


def _places(note: Note, dataset: Dataset) -> Iterator[str]:
    """The places in the page of a note: those that it names, and those that every page makes."""
    yield from (*note.anchors, "references", "text")
    for name in note.charts:
        yield f"chart-{name}"
        if name in dataset.charts and dataset.charts[name].twin:
            yield f"chart-{dataset.charts[name].twin}"
    for name, anchors in note.uses.items():
        yield from (f"ref-{name}", *anchors)
    yield from (f"disagreement-{p.id}" for p in note.pieces if p.kind == "disagreement")


def _place(fragment: str) -> str:
    """The place that a fragment names; behind a chart's may stand what a reader chose there."""
    return fragment.partition(":")[0] if fragment.startswith("chart-") else fragment


def _page_of(note: Note, book: Book) -> str:
    return f"{book.folder(note.language)}{note.slug}.html"
