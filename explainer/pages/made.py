"""Pages that are made from the data file."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import escape

from explainer.notes.body import Heading
from explainer.output.feeds import numbered
from explainer.pages.page import (
    NavLink,
    Page,
    folder_of,
    page_references,
    printed_by,
    told_correction,
)
from explainer.voice.voice import Voice

GLOSSARY, DATA, SOURCES, CORRECTIONS, NOT_FOUND = (
    "glossary.html",
    "data.html",
    "sources.html",
    "corrections.html",
    "404.html",
)
MADE_PAGES = ("glossary", "data", "sources", "corrections", "404")
"""Pages that are made from the data file; no note can have their names."""
HOME_PAGES = (GLOSSARY, DATA, SOURCES, CORRECTIONS, "index.html", "corrections.xml", "feed.xml")
"""Pages that templates name without their language's folder, and `data/` with all in it."""
DATA_FILES = (
    ("text/csv", "data/claims.csv"),
    ("application/json", "data/claims.json"),
    ("application/json", "data/datapackage.json"),
)
"""The files of all claims, by media type and path below the language's folder."""


# Pages made from the data file


def glossary_page(voice: Voice, folder: str) -> Page:
    """The page that explains every term of the glossary, in the order of the alphabet."""
    dataset, word = voice.dataset, voice.language.word
    entries: list[dict[str, Any]] = []
    printed: list[str] = []
    for name, term in dataset.glossary.items():
        texts = [voice.local(text) for text in (term.term, term.expansion, term.meaning)]
        printed += [claim for text in texts for claim in voice.claims_in(text)]
        source = dataset.sources.get(term.source or "")
        entries.append(
            {
                "id": name,
                "term": voice.marked(texts[0]),
                "expansion": voice.marked(texts[1]),
                "meaning": voice.marked(texts[2]),
                "source": voice.short(term.source) if term.source and source else "",
                "source_id": term.source or "",
            }
        )
    entries.sort(key=lambda entry: _alphabetical(entry["term"].striptags()))
    return Page(
        kind="glossary",
        template="glossary.html",
        language=voice.code,
        path=f"{folder}{GLOSSARY}",
        title=escape(word("glossary.title")),
        title_text=word("glossary.title"),
        summary=escape(word("glossary.summary")),
        summary_text=word("glossary.summary"),
        references=page_references(voice, {claim: [] for claim in printed}),
        body={"entries": entries},
        claims=frozenset(printed),
    )


def _alphabetical(text: str) -> str:
    """What a text is sorted by: its letters without their accents, in lower case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum() or char == " ")


def data_page(voice: Voice, folder: str, users: Mapping[str, Sequence[Page]]) -> Page:
    """The page that lists every claim, grouped by what it measures."""
    dataset, word = voice.dataset, voice.language.word
    groups = []
    for measure, label in dataset.vocabulary.measures.items():
        names = [n for n, c in dataset.claims.items() if c.measure == measure]
        if names:
            groups.append(
                {
                    "id": f"measure-{measure}",
                    "label": label.label.said(voice.code),
                    "references": [voice.reference(name) for name in names],
                }
            )
    sourced = [claim for claim in dataset.claims.values() if claim.formula is None]
    return Page(
        kind="data",
        template="data.html",
        language=voice.code,
        path=f"{folder}{DATA}",
        title=escape(word("data.title")),
        title_text=word("data.title"),
        summary=escape(word("data.summary")),
        summary_text=word("data.summary"),
        headings=[Heading(2, str(group["id"]), str(group["label"])) for group in groups],
        credits=list(voice.credits.values()),
        body={
            "groups": groups,
            "count_claims": len(dataset.claims),
            "count_speakers": len({name for claim in sourced for name in claim.speakers}),
            "count_sources": len({name for claim in sourced for name in claim.chain}),
            "uses": {
                name: [NavLink(page.title_text, page.path) for page in pages]
                for name, pages in users.items()
            },
        },
        claims=frozenset(dataset.claims),
        changed=max((claim.checked or "" for claim in dataset.claims.values()), default=""),
    )


def sources_page(voice: Voice, folder: str) -> Page:
    """The page that lists every source, what rests on it, and its terms."""
    dataset, word = voice.dataset, voice.language.word
    entries = []
    printed: list[str] = []
    for name, source in dataset.sources.items():
        for text in (source.licence, source.note):
            printed += voice.claims_in(voice.local(text))
        resting = [key for key, claim in dataset.claims.items() if name in claim.chain]
        entries.append(
            {
                "id": name,
                "title": voice.said(voice.local(source.title)),
                "author": source.author or "",
                "publisher": voice.said(voice.local(source.publisher)),
                "published": voice.language.date(source.published) if source.published else "",
                "language": source.lang,
                "access": source.access,
                "licence": voice.marked(voice.local(source.licence)),
                "url": source.url or "",
                "archive_url": source.archive_url or "",
                "note": voice.marked(voice.local(source.note)),
                "claims": [voice.reference(key) for key in resting],
            }
        )
    return Page(
        kind="sources",
        template="sources.html",
        language=voice.code,
        path=f"{folder}{SOURCES}",
        title=escape(word("sources.title")),
        title_text=word("sources.title"),
        summary=escape(word("sources.summary")),
        summary_text=word("sources.summary"),
        credits=list(voice.credits.values()),
        references=page_references(voice, {claim: [] for claim in printed}),
        body={"sources": entries},
    )


def corrections_page(voice: Voice, folder: str, titles: Mapping[str, str]) -> Page:
    """The page that lists every correction, newest first; `titles` names each note's page."""
    word = voice.language.word
    listed = numbered(voice.dataset.corrections)
    printed = [claim for _, entry in listed for claim in printed_by(voice, entry)]
    return Page(
        kind="corrections",
        template="corrections.html",
        language=voice.code,
        path=f"{folder}{CORRECTIONS}",
        title=escape(word("corrections.title")),
        title_text=word("corrections.title"),
        summary=escape(word("corrections.summary")),
        summary_text=word("corrections.summary"),
        references=page_references(voice, {claim: [] for claim in printed}),
        body={"listed": [told_correction(voice, n, e, folder, titles) for n, e in listed]},
        claims=frozenset(printed),
        changed=listed[0][1].date if listed else "",
    )


def not_found_page(voices: Sequence[Voice], base: str) -> Page:
    """The page served at any missing address, in every language of the site.

    It is served at that address, however deep, so it can only link by absolute paths: with no site
    URL known it links to nothing, and stands without its style.
    """
    codes = [voice.code for voice in voices]
    blocks = [
        {
            "code": voice.code,
            "title": voice.language.word("not_found.title"),
            "text": voice.language.word("not_found.text"),
            "home_label": voice.language.word("not_found.home"),
            "home_url": f"{base}{folder_of(voice.code, codes)}index.html" if base else "",
        }
        for voice in voices
    ]
    word = voices[0].language.word
    return Page(
        kind="404",
        template="404.html",
        language=codes[0],
        path=NOT_FOUND,
        title=escape(word("not_found.title")),
        title_text=word("not_found.title"),
        summary=escape(word("not_found.summary")),
        summary_text=word("not_found.summary"),
        body={"blocks": blocks, "styled": bool(base)},
    )
