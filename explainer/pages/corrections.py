"""Days and corrections as pages tell them."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from explainer.data.models import Correction as Entry
from explainer.pages.navigation import NavLink
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class When:
    """A date for people and for machines."""

    iso: str
    text: str


def when(voice: Voice, text: str | None) -> When | None:
    """A date of the data file or of front matter; None for none."""
    return When(text, voice.language.date(text)) if text else None


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


def told_correction(
    voice: Voice, entry: Entry, links: Mapping[str, NavLink] | None = None
) -> Correction:
    """A correction as a page tells it; `links` lead to the pages of the notes, by their names."""
    return Correction(
        id=f"correction-{entry.name}",
        date=When(entry.date, voice.language.date(entry.date)),
        kind=entry.kind,
        page=(links or {}).get(entry.page or ""),
        was=voice.marked(entry.was),
        now=voice.marked(entry.now),
        why=voice.marked(entry.why),
    )
