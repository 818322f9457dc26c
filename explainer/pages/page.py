"""A page: what stands on it and where it leads."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from explainer.data.models import Correction as Entry
from explainer.figures.figure import Figure
from explainer.figures.picture import FRAME, frame_height
from explainer.notes.html import Heading, Piece
from explainer.notes.note import Note
from explainer.output.feeds import numbered
from explainer.voice.voice import Reference, Voice


@dataclass(frozen=True)
class When:
    """A date for people and for machines."""

    iso: str
    text: str


@dataclass(frozen=True)
class NavLink:
    """A link to a page of the site."""

    title: str
    url: str
    current: bool = False
    draft: bool = False


@dataclass(frozen=True)
class Correction:
    """A correction as a page tells it."""

    id: str
    date: When
    kind: str
    page: NavLink | None
    was: Markup
    now: Markup
    why: Markup


@dataclass(frozen=True)
class Page:
    """A page, whatever it was made from."""

    kind: str
    template: str
    language: str
    path: str
    title: Markup
    title_text: str
    summary: Markup
    summary_text: str
    published: When | None = None
    updated: When | None = None
    checked: When | None = None
    nav: str = ""
    """What the navigation calls it; empty: its title."""
    headings: Sequence[Heading] = ()
    credits: Sequence[Markup] = ()
    references: Sequence[Reference] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    """What only this kind of page is told."""
    claims: frozenset[str] = frozenset()
    """Every claim that it prints."""
    file: str = ""
    """The file of content that it was made from."""
    corrections: Sequence[Correction] = ()
    """Corrections that concern it."""
    trail: Sequence[NavLink] = ()
    """The pages above it, from the front page down."""
    draft: bool = False
    """Whether it is not to be published yet: only a preview has such pages."""
    changed: str = ""
    """The day of its last change; empty where it says none."""
    pictured: Figure | None = None
    """The figure whose card stands for it where its address is shared."""
    references_on: str = ""
    """Where the references of its claims are, if not at its own foot."""


def folder_of(language: str, languages: Sequence[str]) -> str:
    """The folder of a language in the site: the first language has none."""
    return "" if language == languages[0] else f"{language}/"


# Pages of content


def note_page(note: Note, voice: Voice, figures: Mapping[str, Figure], folder: str) -> Page:
    """The page of a note, with a reference for each claim that it prints."""
    places = {name: list(anchors) for name, anchors in note.uses.items()}
    on_page: dict[str, Figure] = {}
    disagreements = {
        piece.id: _disagreement(voice, piece.id)
        for piece in note.pieces
        if piece.kind == "disagreement"
    }
    for name in note.charts:
        figure: Figure | None = figures[name]
        while figure is not None:
            on_page.setdefault(figure.id, figure)
            for claim in figure.claims:
                places.setdefault(claim, []).append(f"chart-{figure.id}")
            figure = figure.twin if figure.twin and figure.twin.id not in on_page else None
    for text in (note.front.title, note.front.summary):
        for claim in voice.claims_in(text):
            places.setdefault(claim, [])
    concerned = [
        (number, entry)
        for number, entry in numbered(voice.dataset.corrections)
        if entry.page == note.slug or set(entry.claims) & set(places)
    ]
    corrections = [told_correction(voice, number, entry, folder) for number, entry in concerned]
    for _, entry in concerned:
        for claim in printed_by(voice, entry):
            places.setdefault(claim, [])
    for disagreement in disagreements.values():
        for claim in disagreement["printed"]:
            places.setdefault(claim, []).append(f"disagreement-{disagreement['id']}")
    references = page_references(voice, places)
    used_sources = {link.id for reference in references for link in reference.chain}
    used_sources.update(note.cited)
    return Page(
        kind="note",
        template="note.html",
        language=voice.code,
        path=f"{folder}{note.slug}.html",
        title=note.title,
        title_text=note.title_text,
        summary=note.summary,
        summary_text=note.summary_text,
        nav=voice.said(note.front.nav),
        published=_when(voice, note.front.published),
        updated=_when(voice, note.front.updated),
        checked=_when(voice, note.front.checked),
        headings=[heading for heading in note.headings if heading.level <= 3],
        credits=[line for source, line in voice.credits.items() if source in used_sources],
        references=references,
        body={
            "pieces": _laid_out(note.pieces, note.front.climb),
            "figures": on_page,
            "disagreements": disagreements,
        },
        claims=frozenset(places),
        file=note.file,
        corrections=corrections,
        draft=note.front.draft,
        changed=note.front.updated or note.front.published or "",
        pictured=next((figures[name] for name in note.charts), None),
    )


def _laid_out(pieces: Sequence[Piece], climb: str) -> list[Piece]:
    """The pieces of a note as its page sets them.

    A chart before any text opens the page. The sections of the third level behind the chart
    `climb` become its steps, up to the next heading of the second level or whatever else comes.
    """
    laid_out: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index == 0 and piece.kind == "chart":
            laid_out.append(piece._replace(kind="opening"))
        elif climb and laid_out and laid_out[-1] == Piece("chart", Markup(""), climb):
            steps, heading, rest = str(piece.html).partition("<h2")
            before, *sections = re.split("(?=<h3)", steps)
            wrapped = "".join(f'<section class="step">{section}</section>' for section in sections)
            laid_out[-1] = Piece("climb", Markup(before + wrapped), climb)
            if heading or piece.kind != "html":
                laid_out.append(piece._replace(html=Markup(heading + rest)))
        else:
            laid_out.append(piece)
    return laid_out


def page_references(voice: Voice, places: Mapping[str, Sequence[str]]) -> list[Reference]:
    """The references of a page: of what it prints, and of what those references print."""
    waiting, done = list(places), dict[str, Reference]()
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in voice.dataset.quantities:
            continue
        done[name] = replace(voice.reference(name), places=list(places.get(name, ())))
        claim = voice.dataset.claims[name]
        waiting += voice.dataset.inputs(name)
        for text in (claim.what, claim.note):
            waiting += voice.claims_in(voice.local(text))
    return list(done.values())


def _disagreement(voice: Voice, name: str) -> dict[str, Any]:
    entry = voice.dataset.disagreements[name]
    texts = {key: voice.local(text) for key, text in entry.implies.items()}
    other = [voice.local(entry.question), voice.local(entry.settles), voice.local(entry.note)]
    printed = [*entry.claims]
    for text in (*texts.values(), *other):
        printed += voice.claims_in(text)
    return {
        "id": name,
        "question": voice.marked(other[0]),
        "claims": [voice.reference(c) for c in entry.claims if c in voice.dataset.quantities],
        "implies": {key: voice.marked(text) for key, text in texts.items()},
        "settles": voice.marked(other[1]),
        "note": voice.marked(other[2]),
        "printed": printed,
    }


def chart_page(figure: Figure, voice: Voice, users: Sequence[Page]) -> Page:
    """A chart's own page."""
    printed = {claim: [f"chart-{figure.id}"] for claim in figure.claims}
    if figure.twin:
        for claim in figure.twin.claims:
            printed.setdefault(claim, []).append(f"chart-{figure.twin.id}")
    references = page_references(voice, printed)
    used_sources = {link.id for reference in references for link in reference.chain}
    credits = [line for source, line in voice.credits.items() if source in used_sources]
    return Page(
        kind="chart",
        template="chart.html",
        language=voice.code,
        path=figure.files.page,
        title=figure.title,
        title_text=figure.title_text,
        summary=Markup(""),
        summary_text=figure.description,
        credits=credits,
        references=references,
        body={
            "figure": figure,
            "used": [NavLink(page.title_text, page.path) for page in users],
            "frame_size": (FRAME, frame_height(figure, voice, credits)),
        },
        claims=frozenset(printed),
        trail=[
            NavLink(page.nav or page.title_text, page.path)
            for page in users[:1]
            if not page.path.endswith("index.html")
        ],
        changed=max((page.changed for page in users), default=""),
        pictured=figure,
    )


def embed_page(figure: Figure, chart: Page) -> Page:
    """A chart by itself, for the frames of other sites; `chart` is the page it leads to."""
    return replace(
        chart,
        kind="embed",
        template="embed.html",
        path=figure.files.embed,
        references=(),
        references_on=posixpath.basename(chart.path),
        body={"figure": figure},
        trail=(),
    )


def told_correction(
    voice: Voice,
    number: str,
    entry: Entry,
    folder: str,
    titles: Mapping[str, str] | None = None,
) -> Correction:
    """A correction as a page tells it; `titles` names the pages of the notes."""
    page = entry.page if titles and entry.page in titles else None
    when = _when(voice, entry.date)
    assert when is not None
    return Correction(
        id=f"correction-{number}",
        date=when,
        kind=entry.kind,
        page=NavLink(titles[page], f"{folder}{page}.html") if titles and page else None,
        was=voice.marked(voice.local(entry.was)),
        now=voice.marked(voice.local(entry.now)),
        why=voice.marked(voice.local(entry.why)),
    )


def printed_by(voice: Voice, entry: Entry) -> list[str]:
    """The ids of the claims that a correction prints."""
    return [
        claim
        for text in (entry.was, entry.now, entry.why)
        for claim in voice.claims_in(voice.local(text))
    ]


def _when(voice: Voice, text: str | None) -> When | None:
    return When(text, voice.language.date(text)) if text else None


def base_path(site_url: str) -> str:
    """The path part of the site's address, ending in a slash; empty where none is known."""
    if not site_url:
        return ""
    return "/" + site_url.split("//", 1)[-1].partition("/")[2]


def users_of(
    pages: Iterable[Page], charts_on: Callable[[Page], Iterable[str]]
) -> tuple[dict[str, list[Page]], dict[str, list[Page]]]:
    """The pages that print each claim, and those that show each chart."""
    claims: dict[str, list[Page]] = {}
    charts: dict[str, list[Page]] = {}
    for page in pages:
        for name in sorted(page.claims):
            claims.setdefault(name, []).append(page)
        for name in charts_on(page):
            charts.setdefault(name, []).append(page)
    return claims, charts
