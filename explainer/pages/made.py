"""Pages that are made from the data file."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from explainer.data.dataset import Dataset
from explainer.notes.body import Heading
from explainer.output.feeds import newest_first
from explainer.pages.corrections import Correction, told_correction
from explainer.pages.gallery import Thumb
from explainer.pages.navigation import NavLink, folder_of
from explainer.pages.page import Body, Page, page_references
from explainer.problems import Report
from explainer.voice.voice import Reference, Voice

MADE_PAGES = ("glossary", "charts", "data", "sources", "corrections", "404")
"""Pages that are made from the data file; no note can have their names."""

FEW = 3
"""Fewer claims than this make no group of their own on the data page,"""

MOST_GROUPS = 50
"""nor do fewer than one in so many of all claims."""


@dataclass(frozen=True)
class Entry:
    """A term of the glossary as its page shows it."""

    id: str
    term: Markup
    expansion: Markup
    meaning: Markup
    source: str
    source_id: str


@dataclass(frozen=True)
class GlossaryBody(Body):
    """What the glossary is told."""

    entries: Sequence[Entry]


@dataclass(frozen=True)
class ChartsBody(Body):
    """What the page of all charts is told."""

    thumbs: Sequence[Thumb]


@dataclass(frozen=True)
class Group:
    """The claims that measure one thing, or one of several that few claims measure."""

    id: str
    label: str
    references: Sequence[Reference]


@dataclass(frozen=True)
class DataBody(Body):
    """What the data page is told."""

    groups: Sequence[Group]
    count_claims: int
    count_speakers: int
    count_sources: int
    uses: Mapping[str, Sequence[NavLink]]
    """The pages that print each claim."""


@dataclass(frozen=True)
class Publication:
    """A source as its page shows it, with the claims that rest on it."""

    id: str
    title: str
    author: str
    publisher: str
    published: str
    since: str
    """The same day as the data file has it; may be empty."""
    language: str
    in_language: str
    access: str
    kept: str
    """The day of the copy that we keep of it; empty where we keep none."""
    quotes: int
    """How many quotations were held against that copy."""
    licence: Markup
    url: str
    archive_url: str
    note: Markup
    claims: Sequence[Reference]


@dataclass(frozen=True)
class SourcesBody(Body):
    """What the sources page is told."""

    sources: Sequence[Publication]


@dataclass(frozen=True)
class CorrectionsBody(Body):
    """What the corrections page is told."""

    listed: Sequence[Correction]


@dataclass(frozen=True)
class Missing:
    """What the page at a missing address says in a language."""

    code: str
    title: str
    text: str
    home_label: str
    home_url: str


@dataclass(frozen=True)
class MissingBody(Body):
    """What the page at a missing address is told."""

    blocks: Sequence[Missing]
    styled: bool
    """Whether the site's address is known, so that its style can be linked."""


def _made(kind: str, voice: Voice, folder: str, body: Body, **more: Any) -> Page:
    """A page whose title and summary are the interface's."""
    words = "not_found" if kind == "404" else kind
    title, summary = (voice.language.word(f"{words}.{key}") for key in ("title", "summary"))
    return Page(
        kind=kind,
        template=f"{kind}.html",
        language=voice.code,
        path=f"{folder}{kind}.html",
        title=escape(title),
        title_text=title,
        summary=escape(summary),
        summary_text=summary,
        body=body,
        **more,
    )


def _printing(voice: Voice, claims: Iterable[str]) -> list[Reference]:
    return page_references(voice, {claim: [] for claim in claims})


def glossary_page(report: Report, voice: Voice, folder: str) -> Page:
    """The page that explains every term of the glossary, in the order of the alphabet."""
    entries, printed = [], list[str]()
    for name, term in voice.dataset.glossary.items():
        texts = (term.term, term.expansion, term.meaning)
        printed += voice.claims_in(*texts)
        known = term.source in voice.dataset.sources
        source = voice.short(term.source) if term.source and known else ""
        word, expansion, meaning = map(voice.marked, texts)
        entries.append(Entry(name, word, expansion, meaning, source, term.source or ""))
    entries.sort(key=lambda entry: _alphabetical(entry.term.striptags()))
    references = _printing(voice, printed)
    body = GlossaryBody(entries)
    return _made("glossary", voice, folder, body, references=references, claims=frozenset(printed))


def _alphabetical(text: str) -> str:
    """What a text is sorted by: its letters without their accents, in lower case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum() or char == " ")


def charts_page(report: Report, voice: Voice, folder: str, thumbs: Sequence[Thumb]) -> Page:
    """The page that shows every chart, small."""
    return _made("charts", voice, folder, ChartsBody(thumbs))


Uses = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""The pages that print each claim, by title and path."""


def data_page(report: Report, voice: Voice, folder: str, uses: Uses) -> Page:
    """The page that lists every claim, grouped by what it measures."""
    dataset = voice.dataset
    groups = _grouped(voice)
    sourced = [claim for name, claim in dataset.claims.items() if not dataset.ours(name)]
    rests_on = {link.id for group in groups for ref in group.references for link in ref.chain}
    body = DataBody(
        groups,
        len(dataset.claims),
        len({name for claim in sourced for name in claim.speakers}),
        len(rests_on),
        {claim: [NavLink(*page) for page in pages] for claim, pages in uses},
    )
    return _made(
        "data",
        voice,
        folder,
        body,
        headings=[Heading(2, group.id, group.label) for group in groups],
        credits=list(voice.credits.values()),
        claims=frozenset(dataset.claims),
        changed=max((claim.checked or "" for claim in dataset.claims.values()), default=""),
    )


def by_measure(dataset: Dataset) -> dict[str, list[str]]:
    """The claims by what they measure; last, under an empty name, what few of them measure."""
    few = max(FEW, len(dataset.claims) // MOST_GROUPS)
    measured: dict[str, list[str]] = {measure: [] for measure in dataset.vocabulary.measures}
    for name, claim in dataset.claims.items():
        if claim.measure in measured:
            measured[claim.measure].append(name)
    groups = {measure: names for measure, names in measured.items() if len(names) >= few}
    rest = [name for names in measured.values() if len(names) < few for name in names]
    return groups | ({"": rest} if rest else {})


def place_of(measure: str) -> str:
    """The place in the data page of what has this measure, or of what few measure."""
    return f"measure-{measure}" if measure else "other-measures"


def _grouped(voice: Voice) -> list[Group]:
    groups = by_measure(voice.dataset)
    rest = voice.language.word("data.others" if len(groups) > 1 else "data.all")
    return [
        Group(
            place_of(measure),
            voice.dataset.label("measures", measure, voice.code) or rest,
            [voice.reference(name) for name in names],
        )
        for measure, names in groups.items()
    ]


def sources_page(report: Report, voice: Voice, folder: str) -> Page:
    """The page that lists every source, what rests on it, and its terms."""
    dataset = voice.dataset
    sources, printed = [], list[str]()
    quoted = list(dataset.quotations())
    resting: dict[str, list[Reference]] = {}
    for key in dataset.quantities:
        reference = voice.reference(key)
        for link in {link.id for link in reference.chain}:
            resting.setdefault(link, []).append(reference)
    for name, source in dataset.sources.items():
        printed += voice.claims_in(source.licence, source.note)
        sources.append(
            Publication(
                id=name,
                title=voice.said(source.title),
                author=source.author or "",
                publisher=voice.said(source.publisher),
                published=voice.language.date(source.published) if source.published else "",
                since=source.published or "",
                language=source.lang,
                in_language=voice.language.in_language(source.lang),
                access=source.access,
                kept=voice.language.date(source.kept.on) if source.kept else "",
                quotes=sum(held == name for _, _, held, _ in quoted),
                licence=voice.marked(source.licence),
                url=source.url or "",
                archive_url=source.archive_url or "",
                note=voice.marked(source.note),
                claims=resting.get(name, []),
            )
        )
    return _made(
        "sources",
        voice,
        folder,
        SourcesBody(sources),
        credits=list(voice.credits.values()),
        references=_printing(voice, printed),
    )


def corrections_page(
    report: Report, voice: Voice, folder: str, notes: Sequence[tuple[str, str]]
) -> Page:
    """The page that lists every correction, newest first; `notes` are names and titles."""
    listed = newest_first(voice.dataset)
    printed = voice.claims_in(*(t for entry in listed for t in (entry.was, entry.now, entry.why)))
    links = {name: NavLink(title, f"{folder}{name}.html") for name, title in notes}
    return _made(
        "corrections",
        voice,
        folder,
        CorrectionsBody([told_correction(voice, entry, links) for entry in listed]),
        references=_printing(voice, printed),
        claims=frozenset(printed),
        changed=listed[0].date if listed else "",
    )


def not_found_page(report: Report, voices: Sequence[Voice], base: str) -> Page:
    """The page served at any missing address, in every language of the site.

    It is served at that address, however deep, so it can only link by absolute paths: with no site
    URL known it links to nothing, and stands without its style.
    """
    codes = [voice.code for voice in voices]
    blocks = [
        Missing(
            voice.code,
            voice.language.word("not_found.title"),
            voice.language.word("not_found.text"),
            voice.language.word("not_found.home"),
            f"{base}{folder_of(voice.code, codes)}index.html" if base else "",
        )
        for voice in voices
    ]
    return _made("404", voices[0], "", MissingBody(blocks, bool(base)))
