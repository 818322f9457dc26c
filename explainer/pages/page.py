"""A page: what stands on it and where it leads."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from explainer.figures.figure import Figure
from explainer.figures.picture import FRAME, frame_height
from explainer.notes.body import Heading, Piece
from explainer.notes.html import VOID
from explainer.notes.note import Note
from explainer.output.feeds import newest_first
from explainer.pages.corrections import Correction, When, told_correction, when
from explainer.pages.gallery import Thumb
from explainer.pages.navigation import NavLink
from explainer.problems import Report
from explainer.voice.voice import Reference, Voice


@dataclass(frozen=True)
class Disagreement:
    """A disagreement as a page shows it."""

    id: str
    question: Markup
    claims: Sequence[Reference]
    implies: Mapping[str, Markup]
    settles: Markup
    note: Markup
    printed: Sequence[str]
    """The ids of all claims that it prints."""


@dataclass(frozen=True)
class Body:
    """What only one kind of page is told: each kind has a type of its own."""


@dataclass(frozen=True)
class NoteBody(Body):
    """What the page of a note is told."""

    pieces: Sequence[Piece]
    figures: Mapping[str, Figure]
    disagreements: Mapping[str, Disagreement]


@dataclass(frozen=True)
class KeyFacts:
    """What a chart's page says of it in a few words; what is not known is empty."""

    measures: str
    units: str
    period: str
    checked: str


@dataclass(frozen=True)
class EmbedBody(Body):
    """What a chart's page for frames is told."""

    figure: Figure


@dataclass(frozen=True)
class ChartBody(EmbedBody):
    """What a chart's own page is told."""

    facts: "KeyFacts"
    related: Sequence[Thumb]
    """Charts that have much in common with it."""
    used: Sequence[NavLink]
    """The pages that show it."""
    frame_size: tuple[int, int]
    """Width and height in px of the frame for its embed page."""


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
    body: Body
    published: When | None = None
    updated: When | None = None
    checked: When | None = None
    nav: str = ""
    """What the navigation calls it; empty: its title."""
    section: str = ""
    """The group in which it stands there."""
    headings: Sequence[Heading] = ()
    credits: Sequence[Markup] = ()
    references: Sequence[Reference] = ()
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


@dataclass(frozen=True)
class Facts:
    """What other pages and files have to know of a page."""

    path: str
    title: str
    nav: str
    section: str
    summary: str
    draft: bool
    changed: str
    published: str
    claims: tuple[str, ...]
    charts: tuple[str, ...]
    headings: tuple[tuple[str, str], ...]
    """Its headings: where each stands, and what it says."""


def facts(report: Report, page: Page) -> Facts:
    """What others have to know of a page."""
    return Facts(
        page.path,
        page.title_text,
        page.nav or page.title_text,
        page.section,
        page.summary_text,
        page.draft,
        page.changed,
        page.published.iso if page.published else "",
        tuple(sorted(page.claims)),
        tuple(page.body.figures) if isinstance(page.body, NoteBody) else (),
        tuple((heading.id, str(heading.text)) for heading in page.headings),
    )


def note_page(
    report: Report, note: Note, voice: Voice, figures: Sequence[Figure], folder: str
) -> Page:
    """The page of a note with its figures, and a reference for each claim that it prints."""
    shown = {figure.id: figure for figure in figures}
    places = {name: list(anchors) for name, anchors in note.uses.items()}
    disagreements = {
        piece.id: _disagreement(voice, piece.id)
        for piece in note.pieces
        if piece.kind == "disagreement"
    }
    for figure in figures:
        for claim in figure.claims:
            places.setdefault(claim, []).append(f"chart-{figure.id}")
    for claim in voice.claims_in(note.front.title, note.front.summary):
        places.setdefault(claim, [])
    concerned = [
        entry
        for entry in newest_first(voice.dataset)
        if entry.page == note.slug or any(claim in places for claim in entry.claims)
    ]
    for entry in concerned:
        for claim in voice.claims_in(entry.was, entry.now, entry.why):
            places.setdefault(claim, [])
    for disagreement in disagreements.values():
        for claim in disagreement.printed:
            places.setdefault(claim, []).append(f"disagreement-{disagreement.id}")
    references = page_references(voice, places)
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
        section=voice.said(note.front.section),
        published=when(voice, note.front.published),
        updated=when(voice, note.front.updated),
        checked=when(voice, note.front.checked),
        headings=[heading for heading in note.headings if heading.level <= 3],
        credits=_credits(voice, references, note.cited),
        references=references,
        body=NoteBody(
            list(_with_margins(_laid_out(note.pieces, note.front.climb))), shown, disagreements
        ),
        claims=frozenset(places),
        file=note.file,
        corrections=[told_correction(voice, entry) for entry in concerned],
        draft=note.front.draft,
        changed=note.front.updated or note.front.published or "",
        pictured=figures[0] if figures else None,
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


_TAG = re.compile(r"<(/?)(\w+)[^>]*>")


def _with_margins(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with, before each paragraph or list, a margin for the claims that it is first to
    print.
    """
    told: set[str] = set()
    for piece in pieces:
        depth = cut = start = 0
        html = piece.html if piece.kind == "html" else ""
        for tag in _TAG.finditer(html):
            if tag[2] in VOID:
                continue
            if not depth:
                start = tag.start()
            depth += -1 if tag[1] else 1
            if depth or tag[2] not in ("p", "ul", "ol"):
                continue
            printed = re.findall(r'data-claim="([^"]+)"', html[start : tag.end()])
            names = [name for name in dict.fromkeys(printed) if name not in told]
            if names:
                told.update(names)
                yield piece._replace(html=Markup(html[cut:start]))
                yield Piece("margin", Markup(""), " ".join(names))
                cut = start
        yield piece._replace(html=Markup(html[cut:])) if html else piece


def by_mouth(references: Iterable[Reference]) -> list[list[Reference]]:
    """References in groups of one who speaks by one way, our calculations the last."""
    groups: dict[tuple[str, ...], list[Reference]] = {}
    for reference in references:
        way = (reference.who, *(link.id for link in reference.chain))
        groups.setdefault(() if reference.ours else way, []).append(reference)
    ours = groups.pop((), [])
    return [*groups.values(), *([ours] if ours else [])]


def page_references(voice: Voice, places: Mapping[str, Sequence[str]]) -> list[Reference]:
    """The references of a page, by who speaks: of what it prints, and of what those print."""
    waiting, done = list(places), dict[str, Reference]()
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in voice.dataset.quantities:
            continue
        done[name] = replace(voice.reference(name), places=list(places.get(name, ())))
        claim = voice.dataset.claims[name]
        waiting += voice.dataset.inputs(name)
        waiting += voice.claims_in(claim.what, claim.note)
    return [reference for mouth in by_mouth(done.values()) for reference in mouth]


def _credits(
    voice: Voice, references: Iterable[Reference], cited: Iterable[str] = ()
) -> list[Markup]:
    """The lines that sources ask for, of the sources that a page uses."""
    used = {link.id for reference in references for link in reference.chain} | set(cited)
    return [line for source, line in voice.credits.items() if source in used]


def _disagreement(voice: Voice, name: str) -> Disagreement:
    entry = voice.dataset.disagreements[name]
    texts = (*entry.implies.values(), entry.question, entry.settles, entry.note)
    return Disagreement(
        name,
        voice.marked(entry.question),
        [voice.reference(claim) for claim in entry.claims if claim in voice.dataset.quantities],
        {key: voice.marked(text) for key, text in entry.implies.items()},
        voice.marked(entry.settles),
        voice.marked(entry.note),
        [*entry.claims, *voice.claims_in(*texts)],
    )


def chart_page(
    report: Report,
    figure: Figure,
    voice: Voice,
    users: Sequence[Facts],
    related: Sequence[Thumb],
) -> Page:
    """A chart's own page; `users` are the pages that show it."""
    printed = {claim: [f"chart-{figure.id}"] for claim in figure.claims}
    if figure.twin:
        for claim in figure.twin.claims:
            printed.setdefault(claim, []).append(f"chart-{figure.twin.id}")
    references = page_references(voice, printed)
    credits = _credits(voice, references)
    return Page(
        kind="chart",
        template="chart.html",
        language=voice.code,
        path=figure.files["page"],
        title=figure.title,
        title_text=figure.title_text,
        summary=Markup(""),
        summary_text=figure.description,
        credits=credits,
        references=references,
        body=ChartBody(
            figure,
            _key_facts(figure, voice),
            related,
            [NavLink(user.title, user.path) for user in users],
            (FRAME, frame_height(figure, voice, credits)),
        ),
        claims=frozenset(printed),
        trail=[
            NavLink(user.nav, user.path)
            for user in users[:1]
            if not user.path.endswith("index.html")
        ],
        changed=max((user.changed for user in users), default=""),
        pictured=figure,
    )


def _key_facts(figure: Figure, voice: Voice) -> KeyFacts:
    dataset, language = voice.dataset, voice.language
    claims = [dataset.claims[name] for name in figure.claims]
    rows = [name for row in figure.data if (name := row.get("id")) in dataset.quantities]
    drawn = rows or ([] if figure.series else figure.claims)
    measures = [voice.reference(name).measure for name in drawn]
    measures += [dataset.label("measures", one.measure, voice.code) for one in figure.numbers]
    units = [voice.quantity(name).unit for name in drawn]
    units += [dataset.units.unit(one.unit) for one in figure.numbers]
    labels = dict.fromkeys(filter(None, map(language.unit_label, units)))
    first, _, last = coverage(figure.periods).partition("/")
    days = [claim.checked for claim in claims]
    days += [dataset.series[name].checked for name in figure.series]
    checked = max(filter(None, days), default="")
    return KeyFacts(
        language.parted(filter(None, dict.fromkeys(measures))),
        language.parted(labels),
        language.date(f"{first}..{last}" if last else first) if first else "",
        language.date(checked) if checked else "",
    )


def coverage(periods: Iterable[str]) -> str:
    """The years that dates of claims span, as ISO 8601 writes it: 2014, or 2012/2025."""
    years = [year for text in periods for year in re.findall(r"(?<!\d)(?:1\d|20)\d\d(?!\d)", text)]
    ends = dict.fromkeys((min(years), max(years))) if years else ()
    return "/".join(ends)


def embed_page(report: Report, chart: Page) -> Page:
    """A chart by itself, for the frames of other sites; `chart` is the page it leads to."""
    assert isinstance(chart.body, ChartBody)
    return replace(
        chart,
        kind="embed",
        template="embed.html",
        path=chart.body.figure.files["embed"],
        references=(),
        references_on=posixpath.basename(chart.path),
        body=EmbedBody(chart.body.figure),
        trail=(),
    )
