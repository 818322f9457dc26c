"""The data file as typed records, and what follows from them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from explainer.data.formulas import Formula
from explainer.data.models import (
    SECTIONS,
    Chart,
    Claim,
    Correction,
    Disagreement,
    LocalText,
    PlaceWord,
    Series,
    Site,
    Source,
    Speaker,
    Term,
    Vocabulary,
)
from explainer.data.quantities import Quantity, Unit, Units
from explainer.data.yaml import Document
from explainer.data.yaml import Path as KeyPath

EARTH_RADIUS_KM = Fraction(6371)
"""Mean radius of the Earth (IUGG), for great-circle distances."""


@dataclass
class Dataset:
    """The data file, checked entry by entry; what did not validate is left out and `broken`."""

    document: Document
    site: Site | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    speakers: dict[str, Speaker] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    disagreements: dict[str, Disagreement] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)
    glossary: dict[str, Term] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    """The quantity of each claim, formulas worked out."""
    formulas: dict[str, Formula] = field(default_factory=dict)
    broken: set[KeyPath] = field(default_factory=set)
    """Entries that are there but did not validate: to be missed by nobody else."""
    units: Units = field(default_factory=Units)

    def has_word(self, kind: str, name: str) -> bool:
        """Whether the vocabulary has a measure, place, product or level, sound or broken."""
        words = getattr(self.vocabulary, kind)
        lost = {("vocabulary",), ("vocabulary", kind), ("vocabulary", kind, name)}
        return name in words or bool(lost & self.broken)

    def knows(self, section: str, name: str) -> bool:
        """Whether there is an entry of that id, sound or broken."""
        lost = {(section,), (section, name)}
        return name in getattr(self, section) or bool(lost & self.broken)

    def names(self, section: str) -> list[str]:
        """The ids of a section, sound and broken: what an editor may have meant."""
        broken = [str(path[1]) for path in self.broken if len(path) == 2 and path[0] == section]
        return [*getattr(self, section), *sorted(broken)]

    def label(self, words: str, name: str | None, language: str) -> str:
        """The label of a measure, place, product or level, or an empty string for none."""
        word = getattr(self.vocabulary, words).get(name) if name else None
        return word.label.said(language) if word else ""

    def unit_labels(self, language: str) -> dict[str, dict[str, Any]]:
        """The nouns of the counted units in a language."""
        return {
            name: unit.label.get(language, next(iter(unit.label.values()))).model_dump(
                exclude_none=True
            )
            for name, unit in self.vocabulary.units.items()
        }

    def speakers_of(self, claim: Claim) -> list[Speaker]:
        """Those who said a claim, as far as they are known."""
        return [self.speakers[name] for name in claim.speakers if name in self.speakers]

    def inputs(self, name: str) -> list[str]:
        """The ids of the claims that a calculation uses directly, in order, each once."""
        formula = self.formulas.get(name)
        calls = formula.calls() if formula else []
        return list(dict.fromkeys(c.arguments[0] for c in calls if c.function != "distance"))

    def grounds(self, name: str) -> list[str]:
        """The ids of the sourced claims on which a claim rests: itself, or a formula's inputs."""
        if name not in self.formulas:
            return [name]
        found = [ground for part in self.inputs(name) for ground in self.grounds(part)]
        return list(dict.fromkeys(found))

    def sources_of(self, name: str) -> list[str]:
        """The ids of the sources behind a claim, nearest the speaker first, each once."""
        chains = [
            self.claims[ground].chain for ground in self.grounds(name) if ground in self.claims
        ]
        return list(dict.fromkeys(source for chain in chains for source in chain))

    def disputes(self, name: str) -> list[str]:
        """The ids of the disagreements in which a claim stands."""
        return [
            key for key, disagreement in self.disagreements.items() if name in disagreement.claims
        ]

    def texts(self) -> Iterator[tuple[KeyPath, LocalText]]:
        """Every text of the data file with its path."""
        if self.site:
            yield from _texts(self.site, ("site",))
        yield from _texts(self.vocabulary, ("vocabulary",))
        for section in SECTIONS:
            for name, entry in getattr(self, section).items():
                yield from _texts(entry, (section, name))
        for index, correction in enumerate(self.corrections):
            yield from _texts(correction, ("corrections", index))


def _texts(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, LocalText]]:
    if isinstance(value, LocalText):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*path, name))
        for name, extra in (value.model_extra or {}).items():
            yield from _texts(extra, (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def great_circle(first: PlaceWord, last: PlaceWord, unit: Unit) -> Quantity:
    """The great-circle distance in km on a sphere (haversine formula), about where schematic."""
    assert first.at is not None and last.at is not None
    (lat1, lon1), (lat2, lon2) = (
        (math.radians(place.at[0]), math.radians(place.at[1]))
        for place in (first, last)
        if place.at
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    kilometres = Fraction(round(2 * float(EARTH_RADIUS_KM) * math.asin(math.sqrt(half))))
    approximate = first.schematic or last.schematic
    return Quantity(kilometres, kilometres, unit, approximate, digits=3)
