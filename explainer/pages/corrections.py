"""Corrections as pages and feeds tell them."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from explainer.data.models import Correction as Entry
from explainer.output.feeds import numbered
from explainer.pages.dates import When
from explainer.pages.navigation import NavLink
from explainer.voice.voice import Voice


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


def concerning(
    entries: Sequence[Entry], slug: str, claims: Container[str]
) -> Iterator[tuple[str, Entry]]:
    """The corrections of a note or of claims that it prints, numbered, newest first."""
    for number, entry in numbered(entries):
        if entry.page == slug or any(claim in claims for claim in entry.claims):
            yield number, entry


def told_correction(
    voice: Voice, number: str, entry: Entry, links: Mapping[str, NavLink] | None = None
) -> Correction:
    """A correction as a page tells it; `links` lead to the pages of the notes, by their names."""
    return Correction(
        id=f"correction-{number}",
        date=When(entry.date, voice.language.date(entry.date)),
        kind=entry.kind,
        page=(links or {}).get(entry.page or ""),
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
