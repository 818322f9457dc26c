"""Days as pages tell them."""

from dataclasses import dataclass

from explainer.voice.voice import Voice


@dataclass(frozen=True)
class When:
    """A date for people and for machines."""

    iso: str
    text: str


def when(voice: Voice, text: str | None) -> When | None:
    """A date of the data file or of front matter; None for none."""
    return When(text, voice.language.date(text)) if text else None
