"""What can be wrong across the whole of a site. Each check returns a list of problems."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from explainer.data.agreement import TOLERANCE, distance_apart, subject
from explainer.data.dataset import Dataset
from explainer.data.models import SECTIONS
from explainer.data.quantities import Quantity, QuantityError, Units, parse_quantity
from explainer.data.yaml import Path as KeyPath
from explainer.notes.html import MAX_QUOTED_WORDS
from explainer.notes.note import Note
from explainer.problems import Problem, Report, Rule, choices, did_you_mean
from explainer.voice.texts import check_text
from explainer.voice.voice import Voice

BIBLIOGRAPHIC = {
    "sources": ("title", "publisher", "licence"),
    "glossary": ("term", "expansion"),
    "corrections": ("was",),
}
"""Texts whose numbers are names or quoted: titles of sources, licences, laws that the glossary
declares, what a page said before it was corrected."""


@dataclass(frozen=True)
class Project:
    """Everything that was read, before anything is drawn."""

    dataset: Dataset
    voices: Mapping[str, Voice]
    notes: Sequence[Note]
    languages: Sequence[str]
    content: Path
    templates: Path
    broken: frozenset[Path] = frozenset()
    """Notes whose front matter cannot be used: told of already, and to be missed by nobody."""
    drafts: frozenset[Path] = frozenset()
    """Notes that are drafts, and no pages of the site."""


def check_words(project: Project) -> list[Problem]:
    """Every id that the data file names leads somewhere."""
    dataset, vocabulary = project.dataset, project.dataset.vocabulary
    found = [*_words_of(dataset, "claims"), *_words_of(dataset, "series")]
    for name, disagreement in dataset.disagreements.items():
        path: KeyPath = ("disagreements", name)
        for key, claims in (("claims", disagreement.claims), ("implies", disagreement.implies)):
            for claim in claims:
                found += _known(dataset, (*path, key), "claims", claim, Rule.UNKNOWN_CLAIM)
    for name, term in dataset.glossary.items():
        if term.source:
            path = ("glossary", name, "source")
            found += _known(dataset, path, "sources", term.source, Rule.UNKNOWN_SOURCE)
    for name, place in vocabulary.places.items():
        if place.source:
            path = ("vocabulary", "places", name, "source")
            found += _known(dataset, path, "sources", place.source, Rule.UNKNOWN_SOURCE)
    for index, credit in enumerate(dataset.site.credits if dataset.site else []):
        path = ("site", "credits", index, "source")
        found += _known(dataset, path, "sources", credit.source, Rule.UNKNOWN_SOURCE)
    pages = {note.slug for note in project.notes}
    for index, correction in enumerate(dataset.corrections):
        if correction.page and correction.page not in pages:
            found.append(
                dataset.document.problem(
                    ("corrections", index, "page"),
                    Rule.BROKEN_LINK,
                    f'there is no note "{correction.page}"',
                    did_you_mean(correction.page, pages) or f"notes: {choices(sorted(pages))}",
                )
            )
        for claim in correction.claims:
            path = ("corrections", index, "claims")
            found += _known(dataset, path, "claims", claim, Rule.UNKNOWN_CLAIM)
    return found


BUILT_IN_LEVELS = ("farm-gate", "wholesale", "retail", "unstated")


def _words_of(dataset: Dataset, section: str) -> Iterator[Problem]:
    """The words, speakers and sources that the claims or series name and that do not exist."""
    for name, entry in getattr(dataset, section).items():
        for key in ("measure", "place", "product", "level"):
            word = getattr(entry, key)
            kind = f"{key}s"
            if (
                word is None
                or dataset.has_word(kind, word)
                or (key == "level" and word in BUILT_IN_LEVELS)
            ):
                continue
            own = BUILT_IN_LEVELS if key == "level" else ()
            hint = did_you_mean(word, [*getattr(dataset.vocabulary, kind), *own])
            yield dataset.document.problem(
                (section, name, key),
                Rule.UNKNOWN_WORD,
                f'the vocabulary has no {key} "{word}"',
                hint or f"add it to vocabulary: {kind}:",
            )
        said_by = entry.said_by if isinstance(entry.said_by, list) else [entry.said_by]
        for speaker in filter(None, said_by):
            path: KeyPath = (section, name, "said_by")
            yield from _known(dataset, path, "speakers", speaker, Rule.UNKNOWN_SPEAKER)
        for source in entry.chain:
            path = (section, name, "chain")
            yield from _known(dataset, path, "sources", source, Rule.UNKNOWN_SOURCE)


def check_series(project: Project) -> list[Problem]:
    """Every series has a unit, rows as long as its columns, and a source that was read."""
    dataset, found = project.dataset, []
    for name, series in dataset.series.items():
        path: KeyPath = ("series", name)
        try:
            dataset.units.unit(series.unit)
        except QuantityError as error:
            found.append(
                dataset.document.problem((*path, "unit"), error.rule, error.message, error.hint)
            )
        for index, row in enumerate(series.rows):
            if len(row) != len(series.columns):
                found.append(
                    dataset.document.problem(
                        (*path, "rows", index),
                        Rule.BAD_VALUE,
                        f'a row of "{name}" has {len(row)} cells for {len(series.columns)} columns',
                        f"its columns are {choices(series.columns)}",
                    )
                )
        found += _unread(dataset, path, name, series.chain)
    return found


def _unread(dataset: Dataset, path: KeyPath, name: str, chain: Sequence[str]) -> Iterator[Problem]:
    """A problem where the last source of a chain is one that nobody here has read."""
    last = dataset.sources.get(chain[-1]) if chain else None
    if last and last.access == "unread":
        yield dataset.document.problem(
            (*path, "chain"),
            Rule.UNREAD_SOURCE,
            f'the last source of "{name}", "{chain[-1]}", has not been read',
            "end the chain with the source in which we read it",
            needle=chain[-1],
        )


def _known(dataset: Dataset, path: KeyPath, section: str, name: str, rule: Rule) -> list[Problem]:
    if dataset.knows(section, name):
        return []
    noun = section.rstrip("s")
    hint = did_you_mean(name, dataset.names(section)) or f"add it to {section}:"
    return [dataset.document.problem(path, rule, f'no {noun} "{name}"', hint, needle=name)]


def check_claims(project: Project) -> list[Problem]:
    """Every claim says who, through whom, and what a number of its kind needs beside it."""
    dataset, found = project.dataset, []
    for name, claim in dataset.claims.items():
        path: KeyPath = ("claims", name)
        quantity = dataset.quantities.get(name)

        def lacks(key: str, why: str, path: KeyPath = path, name: str = name) -> Problem:
            return dataset.document.problem(
                path, Rule.MISSING_KEY, f'claim "{name}" has no "{key}"', why
            )

        if claim.formula is None:
            for key in ("said_by", "chain", "as_of", "checked"):
                if not getattr(claim, key):
                    found.append(lacks(key, _WHY[key]))
            found += _unread(dataset, path, name, claim.chain)
            if quantity and quantity.unit.currency and claim.money is None:
                found.append(lacks("money", "add money: nominal, or money: real and a year"))
            if claim.measure == "price" and claim.level is None:
                found.append(lacks("level", "farm-gate, wholesale, retail or unstated"))
            weighed = quantity and any(
                unit in ("kg", "g", "mg", "t") for unit in quantity.unit.under
            )
            if quantity and quantity.unit.currency and weighed and claim.product is None:
                found.append(lacks("product", "a price by weight is of some product: say which"))
    return [*found, *_long_quotations(dataset)]


def _long_quotations(dataset: Dataset) -> Iterator[Problem]:
    """Whatever has a locator quotes 25 words in it, at most."""
    for section in SECTIONS:
        entries = getattr(dataset, section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            locator = getattr(entry, "locator", None)
            words = len(locator.quote.split()) if locator and locator.quote else 0
            if words > MAX_QUOTED_WORDS:
                yield dataset.document.problem(
                    (section, name, "locator"),
                    Rule.LONG_QUOTATION,
                    f"a quotation of {words} words; {MAX_QUOTED_WORDS} are the most",
                    "quote less",
                    needle="quote",
                )


_WHY = {
    "said_by": "name the speaker who said it; a calculation of ours has a formula instead",
    "chain": "name the sources through which it reached us, nearest the speaker first",
    "as_of": "say what time the statement is about, or: unstated",
    "checked": "say on which day it was last compared with its source",
}


def check_conflicts(project: Project) -> list[Problem]:
    """Claims on one subject that lie apart stand together in a disagreement."""
    dataset, found = project.dataset, []
    groups: dict[tuple[str | None, ...], list[str]] = {}
    for name, claim in dataset.claims.items():
        if claim.formula is None and claim.as_of and name in dataset.quantities:
            groups.setdefault(subject(claim), []).append(name)
    for names in groups.values():
        for first, second in itertools.combinations(names, 2):
            a, b = dataset.quantities[first], dataset.quantities[second]
            if (
                a.unit.dimensions == b.unit.dimensions
                and distance_apart(a, b) > TOLERANCE
                and not set(dataset.disputes(first)) & set(dataset.disputes(second))
            ):
                found.append(
                    dataset.document.problem(
                        ("claims", second),
                        Rule.UNDECLARED_CONFLICT,
                        f'"{second}" ({b.written()}) conflicts with "{first}" ({a.written()})',
                        "put both into an entry of disagreements:, or say what sets them apart: "
                        "place, product, level, purity or as_of",
                    )
                )
    return found


def check_expected(project: Project) -> list[Problem]:
    """A formula still gives what an editor relied on; where it does not, a warning."""
    dataset, found = project.dataset, []
    for name, claim in dataset.claims.items():
        if claim.expect is None or name not in dataset.formulas or name not in dataset.quantities:
            continue
        path: KeyPath = ("claims", name, "expect")
        try:
            expected = _expectation(claim.expect, dataset.units)
        except QuantityError as error:
            found.append(dataset.document.problem(path, error.rule, error.message, error.hint))
            continue
        given = dataset.quantities[name]
        if given.written() != replace(expected, unit=given.unit).written() or (
            expected.unit.dimensions != given.unit.dimensions
        ):
            problem = dataset.document.problem(
                path,
                Rule.UNEXPECTED_RESULT,
                f'"{name}" now gives {given.written()}, not {claim.expect}',
                "read the sentences that print it, then correct expect:",
            )
            found.append(replace(problem, warning=True))
    return found


def _expectation(text: str, units: Units) -> Quantity:
    """A quantity as a calculation may give it: bounded and approximate at once."""
    bare = re.sub(r"^\s*(up to|at least|over|under)\s+about\s", r"\1 ", text)
    quantity = parse_quantity(bare, units)
    return quantity if bare == text else replace(quantity, approximate=True)


def check_reviews(project: Project, today: date) -> list[Problem]:
    """Warnings for what was to be looked at again by now."""
    dataset, found = project.dataset, []
    for section in ("claims", "series"):
        for name, entry in getattr(dataset, section).items():
            if entry.review_by and entry.review_by < today.isoformat():
                found.append(
                    dataset.document.problem(
                        (section, name, "review_by"),
                        Rule.REVIEW_DUE,
                        f'"{name}" was to be reviewed by {entry.review_by}',
                        "compare it with its source, then move checked: and review_by: on",
                    )
                )
    for note in project.notes:
        if note.front.review_by and note.front.review_by < today.isoformat():
            found.append(
                note.problem(
                    ("review_by",),
                    Rule.REVIEW_DUE,
                    f"the note was to be reviewed by {note.front.review_by}",
                    "read it against its sources, then move checked: and review_by: on",
                )
            )
    return [replace(problem, warning=True) for problem in found]


def check_texts(project: Project) -> list[Problem]:
    """Every text of the data file binds its numbers and stands in every language of the site."""
    dataset, found = project.dataset, list[Problem]()
    first = project.languages[0]
    for name, unit in dataset.vocabulary.units.items():
        for code, forms in unit.label.items():
            for word in forms.model_dump(exclude_none=True).values():
                if any(character.isnumeric() for character in word):
                    found.append(
                        dataset.document.problem(
                            ("vocabulary", "units", name, "label", code),
                            Rule.UNBOUND_NUMBER,
                            f'the unit "{word}" holds a number',
                            "a unit is a noun; the number belongs to the claim",
                            needle=word,
                        )
                    )
    for path, text in dataset.texts():
        missing = [code for code in project.languages if code not in text and "" not in text]
        if missing:
            found.append(
                dataset.document.problem(
                    path,
                    Rule.MISSING_TRANSLATION,
                    f"{'.'.join(map(str, path))} is missing in {', '.join(missing)}",
                    f"add a line {missing[0]}: …",
                )
            )
        for code, words in text.items():
            voice = project.voices.get(code or first)
            if voice is None:
                continue
            report = Report(dataset.document, (*path, code) if code else path, found)
            numbers = path[-1] not in BIBLIOGRAPHIC.get(str(path[0]), ())
            check_text(report, words, voice, numbers=numbers)
    return found
