"""The data file as typed records, and what follows from them."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any

from pydantic import BaseModel

from explainer.data.claims import Claim, Series
from explainer.data.formulas import Formula
from explainer.data.models import (
    SECTIONS,
    Chart,
    Correction,
    Disagreement,
    Site,
    Source,
    Speaker,
    Term,
)
from explainer.data.quantities import Quantity, Unit, Units
from explainer.data.table import Beside
from explainer.data.vocabulary import PlaceWord, Vocabulary
from explainer.data.yaml import Document
from explainer.problems import KeyPath

BUILT_IN = {
    "levels": tuple("farm-gate wholesale retail unstated".split()),
    "kinds": tuple(
        "police military government legislator prosecutor international organization researcher "
        "journalist outlet insider company producer".split()
    ),
}
"""Steps of trade and kinds of speakers that no vocabulary has to name."""

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
    options: dict[str, BaseModel] = field(default_factory=dict)
    """The options of each chart's form; of a chart that lacks them, they are wrong."""
    glossary: dict[str, Term] = field(default_factory=dict)
    corrections: dict[KeyPath, Correction] = field(default_factory=dict)
    """The corrections by where they stand."""
    quantities: dict[str, Quantity] = field(default_factory=dict)
    """The quantity of each claim, formulas worked out."""
    formulas: dict[str, Formula] = field(default_factory=dict)
    broken: set[KeyPath] = field(default_factory=set)
    """Entries that are there but did not validate: to be missed by nobody else."""
    units: Units = field(default_factory=Units)
    beside: Beside = field(default_factory=dict)
    """The files beside the data file that it may name: tables, and base maps."""
    tables: dict[str, str] = field(default_factory=dict)
    """Of each series whose rows stand in a table, the name of that file."""

    def knows(self, section: str, name: str) -> bool:
        """Whether a section, or a part of the vocabulary, has that id, sound or broken."""
        where = (*_above(section), section)
        lost = {where[:1], where, (*where, name)}
        known = name in self._section(section) or name in BUILT_IN.get(section, ())
        return known or bool(lost & self.broken)

    def names(self, section: str) -> list[str]:
        """The ids of a section, sound and broken: what an editor may have meant."""
        where = (*_above(section), section)
        broken = [str(path[-1]) for path in self.broken if path[:-1] == where]
        return [*self._section(section), *sorted(broken), *BUILT_IN.get(section, ())]

    def _section(self, section: str) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self.vocabulary if _above(section) else self, section)
        return found

    def label(self, words: str, name: str | None, language: str) -> str:
        """The label of a measure, place, product, level or kind, or an empty string for none."""
        word = getattr(self.vocabulary, words).get(name) if name else None
        return word.label.said(language) if word else ""

    @cached_property
    def colors(self) -> dict[str, int]:
        """The number of the colour that each product has in charts, for those that have one."""
        products = self.vocabulary.products
        chosen = {name: word.color for name, word in products.items() if word.color}
        return chosen or {name: number for number, name in enumerate([*products][:6], 1)}

    def product(self, cell: str | None) -> str:
        """The product that a cell of a table names, by its id or by its label, else the cell."""
        cell = cell or ""
        if cell in self.vocabulary.products:
            return cell
        return self._products_by_label.get(cell.casefold(), cell)

    @cached_property
    def _products_by_label(self) -> dict[str, str]:
        products = self.vocabulary.products.items()
        return {text.casefold(): name for name, word in products for text in word.label.values()}

    def unit_labels(self, language: str) -> dict[str, dict[str, Any]]:
        """The words of the vocabulary's units in a language; of one of measure, `short` is one."""
        found = {}
        for name, unit in self.vocabulary.units.items():
            words = unit.label.get(language, next(iter(unit.label.values())))
            found[name] = words.model_dump(exclude_none=True)
            if unit.symbol:
                found[name]["short"] = unit.symbol
        return found

    def speakers_of(self, claim: Claim) -> list[Speaker]:
        """Those who said a claim, as far as they are known."""
        return [self.speakers[name] for name in claim.speakers if name in self.speakers]

    def ours(self, name: str) -> bool:
        """Whether a claim is a calculation of ours, and no number that stands in a series."""
        return name in self.formulas and self.formulas[name].cell() is None

    def inputs(self, name: str) -> list[str]:
        """The ids of the claims that a calculation uses directly, in order, each once."""
        return self._called(name, "claims")

    def read_series(self, name: str) -> list[str]:
        """The ids of the series that a calculation reads directly, in order, each once."""
        return self._called(name, "series")

    def _called(self, name: str, section: str) -> list[str]:
        calls = self.formulas[name].calls() if name in self.formulas else []
        return list(dict.fromkeys(c.arguments[0] for c in calls if c.section == section))

    def grounds(self, name: str) -> list[str]:
        """The ids of the sourced claims on which a claim rests: itself, or a formula's inputs."""
        return list(self._grounds.get(name, [name]))

    @cached_property
    def _grounds(self) -> dict[str, list[str]]:
        """Of every formula the sourced claims at its ends; quantities stand in order of need."""
        found: dict[str, list[str]] = {}
        for name in filter(self.ours, self.quantities):
            parts = (found.get(part, [part]) for part in self.inputs(name))
            found[name] = list(dict.fromkeys(chain.from_iterable(parts)))
        return found

    @cached_property
    def _readings(self) -> dict[str, list[str]]:
        """Of every formula the series at its ends."""
        found: dict[str, list[str]] = {}
        for name in filter(self.formulas.__contains__, self.quantities):
            parts = (found.get(part, []) for part in self.inputs(name))
            found[name] = list(dict.fromkeys(chain(self.read_series(name), *parts)))
        return found

    def sources_of(self, name: str) -> list[str]:
        """The ids of the sources behind a claim, nearest the speaker first, each once."""
        chains = [
            self.claims[ground].chain for ground in self.grounds(name) if ground in self.claims
        ]
        chains += [self.series[read].chain for read in self._readings.get(name, ())]
        return list(dict.fromkeys(chain.from_iterable(chains)))

    def quotations(self) -> Iterator[tuple[str, str, str, str]]:
        """The quotations of sources that have a copy: section, id, source and words."""
        sections: dict[str, Mapping[str, Claim | Series]]
        sections = {"claims": self.claims, "series": self.series}
        for section, entries in sections.items():
            for name, entry in entries.items():
                last = self.sources.get(entry.chain[-1]) if entry.chain else None
                if last and last.kept and entry.locator and entry.locator.quote:
                    yield section, name, entry.chain[-1], entry.locator.quote

    def disputes(self, name: str) -> list[str]:
        """The ids of the disagreements in which a claim stands."""
        return self._disputes.get(name, [])

    @cached_property
    def _disputes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, disagreement in self.disagreements.items():
            for name in dict.fromkeys(disagreement.claims):
                found.setdefault(name, []).append(key)
        return found

    def entries(self) -> Iterator[tuple[KeyPath, BaseModel]]:
        """Every sound entry of the file with its place; a chart's options where the chart is."""
        if self.site:
            yield ("site",), self.site
        yield ("vocabulary",), self.vocabulary
        for section in SECTIONS:
            for name, entry in getattr(self, section).items():
                yield (section, name), entry
                if section == "charts" and name in self.options:
                    yield (section, name), self.options[name]
        yield from self.corrections.items()


def _above(section: str) -> tuple[str, ...]:
    """Where in the file a section stands: at the top, or in the vocabulary."""
    return () if section in SECTIONS else ("vocabulary",)


def great_circle(first: PlaceWord, last: PlaceWord, unit: Unit) -> Quantity:
    """The great-circle distance in km on a sphere (haversine formula), about where schematic."""
    (lat1, lon1), (lat2, lon2) = (
        list(map(math.radians, place.at or ())) for place in (first, last)
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    kilometres = Fraction(round(2 * float(EARTH_RADIUS_KM) * math.asin(math.sqrt(half))))
    approximate = first.schematic or last.schematic
    return Quantity(kilometres, kilometres, unit, approximate, digits=3)
