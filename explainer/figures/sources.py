"""Sources as a figure names them: short, with whose words they bring, and on what terms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from explainer.data.claims import Series
from explainer.figures.plan import Plan
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class SourceLine:
    """A source in a caption: its short form, where it is, and its terms."""

    id: str
    short: str
    title: str
    url: str
    licence: str
    of: str = ""
    """Whose words or numbers reached us through it."""

    @property
    def label(self) -> str:
        """What it is called, behind those whose words or numbers it brings."""
        return self.of + self.short

    @property
    def full(self) -> str:
        """What it is called, and its title."""
        return ", ".join(filter(None, (self.label, self.title)))

    @property
    def more(self) -> str:
        """Its title, where that does not begin with what it is called."""
        return "" if self.title.startswith(self.short) else self.title


def sources_of(plan: Plan, voice: Voice, claims: Sequence[str]) -> list[SourceLine]:
    """The sources of the claims that we read, and the plan's own, each once, in order of first use;
    those of series that somebody else speaks in with who that is."""
    named = [name for claim in claims for name in voice.dataset.sources_of(claim)]
    lines = source_lines(voice, dict.fromkeys([*named, *plan.sources]))
    read = [line for line in lines if voice.dataset.sources[line.id].access != "unread"]
    whose = {n: who for s in plan.series for n, who in _spoken(voice, voice.dataset.series[s])}
    via = voice.language.word("reference.via")
    return [
        replace(line, of=f"{whose[line.id]}, {via} ") if line.id in whose else line
        for line in read or lines
    ]


def source_lines(voice: Voice, names: Iterable[str]) -> list[SourceLine]:
    """Sources as a caption lists them; names that no source has are left out."""
    return [
        SourceLine(
            name,
            voice.short(name),
            voice.said(source.title),
            source.url or "",
            voice.said(source.licence),
        )
        for name, source in ((n, voice.dataset.sources.get(n)) for n in names)
        if source is not None
    ]


def _spoken(voice: Voice, series: Series) -> Iterator[tuple[str, str]]:
    """The source through which the numbers of a series reached us, with whose they are."""
    first, last = series.chain[0], series.chain[-1]
    who, publisher = voice.office(series.said_by), voice.dataset.sources[last].publisher
    if first != last and voice.dataset.sources[first].access == "unread":
        yield last, voice.short(first)
    elif first == last and who and voice.said(publisher) not in who:
        yield last, who
