"""What can be wrong across the whole of a site. Each check tells its report."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from explainer.checks.series import check_read, check_rows, check_series, no_count
from explainer.data.agreement import TOLERANCE, distance_apart, high_end, low_end, subject
from explainer.data.claims import Claim
from explainer.data.dataset import BUILT_IN, Dataset
from explainer.data.kinds import QUOTATION, LocalText
from explainer.data.models import SECTIONS
from explainer.data.quantities import Quantity, Units, comes_whole, parse_quantity
from explainer.data.walk import Named, ids, leaves
from explainer.notes.html import MAX_QUOTED_WORDS
from explainer.notes.note import Note
from explainer.problems import KeyPath, Report, Rule, choices, did_you_mean
from explainer.text.numbers import DIGITS
from explainer.voice.texts import check_text
from explainer.voice.voice import Voice

BIBLIOGRAPHIC = {
    "sources": ("title", "publisher", "licence", "short"),
    "glossary": ("term", "expansion"),
    "corrections": ("was",),
}
"""Texts whose numbers are names or quoted: titles of sources, licences, laws that the glossary
declares, what a page said before it was corrected."""


def check_data(report: Report, dataset: Dataset, voices: Sequence[Voice]) -> None:
    """Tell of all that is wrong across the data file, which `voices` say in each language."""
    check_ids(report, dataset)
    check_claims(report, dataset)
    check_series(report, dataset)
    check_conflicts(report, dataset)
    check_rows(report, dataset)
    check_expected(report, dataset)
    check_texts(report, dataset, voices)


def check_pages(report: Report, dataset: Dataset, notes: Collection[str]) -> None:
    """Every correction is of a note that there is."""
    report = report.of(dataset.document)
    for path, correction in dataset.corrections.items():
        if correction.page and correction.page not in notes:
            hint = did_you_mean(correction.page, notes) or f"notes: {choices(sorted(notes))}"
            message = f'there is no note "{correction.page}"'
            report.say(Rule.BROKEN_LINK, message, hint, path=(*path, "page"))


def check_ids(report: Report, dataset: Dataset) -> None:
    """Tell of every id in a data file that leads to no entry of it."""
    report = report.of(dataset.document)
    for path, entry in dataset.entries():
        for named in ids(entry, path):
            if not dataset.knows(named.section, named.name):
                rule, message, hint = _missed(dataset, named)
                report.say(rule, message, hint, path=named.path, needle=named.name)


def _missed(dataset: Dataset, named: Named) -> tuple[Rule, str, str]:
    section, name = named.section, named.name
    hint = did_you_mean(name, dataset.names(section))
    if section in SECTIONS:
        _, noun, rule = SECTIONS[section]
        return rule, f'no {noun} "{name}"', hint or f"add it to {section}:"
    message = f'the vocabulary has no {section.removesuffix("s")} "{name}"'
    built_in = BUILT_IN.get(section, ())
    known = f"it is one of {choices(built_in, 20)}; or " if built_in else ""
    return Rule.UNKNOWN_WORD, message, hint or f"{known}add it to vocabulary: {section}:"


def check_claims(report: Report, dataset: Dataset) -> None:
    """Every claim says who, through whom, and what a number of its kind needs beside it."""
    for name, claim in dataset.claims.items():
        own = report.of(dataset.document, "claims", name)
        if claim.formula is None:
            for key, why in _lacks(claim, dataset.quantities.get(name)):
                own.say(Rule.MISSING_KEY, f'claim "{name}" has no "{key}"', why)
            check_read(own, dataset, name, claim)
        if claim.value is not None and (quantity := dataset.quantities.get(name)):
            whole = all(end.denominator == 1 for end in quantity.ends())
            if not whole and comes_whole(quantity.unit, dataset.vocabulary.things):
                own.at("value").tell(no_count(claim.value, quantity.unit))


WANTED = {
    "said_by": "name the speaker who said it; a calculation of ours has a formula instead",
    "chain": "name the sources through which it reached us, nearest the speaker first",
    "as_of": "say what time the statement is about, or: unstated",
    "checked": "say on which day it was last compared with its source",
}
"""What a claim has to have that is no calculation, and why."""


def _lacks(claim: Claim, quantity: Quantity | None) -> list[tuple[str, str]]:
    """The keys that a stated claim should have and lacks, and why it should."""
    found = [(key, why) for key, why in WANTED.items() if not getattr(claim, key)]
    money = quantity is not None and quantity.unit.currency is not None
    if money and claim.money is None:
        found.append(("money", "add money: nominal, or money: real and a year"))
    if claim.measure == "price" and claim.level is None:
        found.append(("level", "farm-gate, wholesale, retail or unstated"))
    weighed = quantity is not None and {"kg", "g", "mg", "t"} & set(quantity.unit.under)
    if money and weighed and claim.product is None:
        found.append(("product", "a price by weight is of some product: say which"))
    return found


def check_conflicts(report: Report, dataset: Dataset) -> None:
    """Claims on one subject that lie apart stand together in a disagreement."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, claim in dataset.claims.items():
        if claim.formula is None and claim.as_of and name in dataset.quantities:
            kind = dataset.quantities[name].unit.dimensions
            groups.setdefault((*subject(claim), kind), []).append(name)
    for names in groups.values():
        for first, second in _conflicts(dataset, names):
            a, b = dataset.quantities[first], dataset.quantities[second]
            message = f'"{second}" ({b.written()}) conflicts with "{first}" ({a.written()})'
            keys = "place, product, level, purity or as_of"
            hint = f"put both into an entry of disagreements:, or say what sets them apart: {keys}"
            own = report.of(dataset.document, "claims", second)
            own.say(Rule.UNDECLARED_CONFLICT, message, hint)


def _conflicts(dataset: Dataset, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each claim that lies apart from one before it, with which it shares no disagreement.

    Of those before it with the same disagreements only the lowest and the highest are compared:
    where it lies apart from any, it does from one of these.
    """
    quantities = dataset.quantities
    ends: dict[frozenset[str], tuple[str, str]] = {}
    for name in names:
        own = frozenset(dataset.disputes(name))
        for shared, others in ends.items():
            for other in () if own & shared else others:
                if distance_apart(quantities[other], quantities[name]) > TOLERANCE:
                    yield other, name
                    break
        lowest, highest = ends.get(own, (name, name))
        ends[own] = (
            min(lowest, name, key=lambda n: high_end(quantities[n])),
            max(highest, name, key=lambda n: low_end(quantities[n])),
        )


def check_expected(report: Report, dataset: Dataset) -> None:
    """A formula still gives what an editor relied on; where it does not, a warning."""
    for name, claim in dataset.claims.items():
        if claim.expect is None or name not in dataset.formulas or name not in dataset.quantities:
            continue
        own = report.of(dataset.document, "claims", name, "expect")
        with own.catching():
            expected, given = _expectation(claim.expect, dataset.units), dataset.quantities[name]
            if given.written() != replace(expected, unit=given.unit).written() or (
                expected.unit.dimensions != given.unit.dimensions
            ):
                message = f'"{name}" now gives {given.written()}, not {claim.expect}'
                hint = "read the sentences that print it, then correct expect:"
                own.say(Rule.UNEXPECTED_RESULT, message, hint, warning=True)


def _expectation(text: str, units: Units) -> Quantity:
    """A quantity as a calculation may give it: bounded and approximate at once."""
    bare = re.sub(r"^\s*(up to|at least|over|under)\s+about\s", r"\1 ", text)
    quantity = parse_quantity(bare, units)
    return quantity if bare == text else replace(quantity, approximate=True)


def check_reviews(report: Report, dataset: Dataset, notes: Sequence[Note], today: date) -> None:
    """Warn of what was to be looked at again by now."""

    def look(own: Report, what: str, day: str | None, do: str) -> None:
        if day and day < today.isoformat():
            hint = f"{do}, then move checked: and review_by: on"
            message = f"{what} was to be reviewed by {day}"
            own.at("review_by").say(Rule.REVIEW_DUE, message, hint, warning=True)

    for section in ("claims", "series"):
        for name, entry in getattr(dataset, section).items():
            own = report.of(dataset.document, section, name)
            look(own, f'"{name}"', entry.review_by, "compare it with its source")
    for note in notes:
        look(report.of(note), "the note", note.front.review_by, "read it against its sources")


def check_texts(report: Report, dataset: Dataset, voices: Sequence[Voice]) -> None:
    """Every text of the data file binds its numbers and stands in every language of the site.

    And nobody is quoted at length, wherever somebody's own words may stand.
    """
    report = report.of(dataset.document)
    _check_units(report, dataset)
    for above, entry in dataset.entries():
        for leaf in leaves(entry, above):
            if QUOTATION in leaf.marks:
                _check_quotation(report.at(*leaf.path), leaf.value)
            elif isinstance(leaf.value, LocalText):
                _check_local(report.at(*leaf.path), leaf.path, leaf.value, voices)


def _check_local(report: Report, path: KeyPath, text: LocalText, voices: Sequence[Voice]) -> None:
    missing = [voice.code for voice in voices if voice.code not in text and "" not in text]
    if missing:
        message = f"{'.'.join(map(str, path))} is missing in {', '.join(missing)}"
        report.say(Rule.MISSING_TRANSLATION, message, f"add a line {missing[0]}: …")
    named = path[-1] in BIBLIOGRAPHIC.get(str(path[0]), ())
    speaking = {"": voices[0], **{voice.code: voice for voice in voices}}
    for code, words in text.items():
        if code in speaking:
            own = report.at(code) if code else report
            check_text(own, words, speaking[code], str(path[-1]), numbers=not named)
            for quoted in () if named else map("".join, _QUOTED.findall(words)):
                _check_quotation(own, quoted, " ".join(quoted.split()[:2]))


_QUOTED = re.compile(r"[“«„]([^“”«»„]+)[”»“]|\"([^\"]+)\"")
"""Somebody's own words in a text, between marks."""


def _check_quotation(report: Report, words: str, needle: str = "") -> None:
    count = len(words.split())
    if count > MAX_QUOTED_WORDS:
        message = f"a quotation of {count} words; {MAX_QUOTED_WORDS} are the most"
        report.say(Rule.LONG_QUOTATION, message, "quote less", needle=needle)


def _check_units(report: Report, dataset: Dataset) -> None:
    """The nouns and symbols of units hold no number."""
    for name, unit in dataset.vocabulary.units.items():
        nouns = [form.model_dump(exclude_none=True).values() for form in unit.label.values()]
        for word in filter(None, [unit.symbol, *(word for words in nouns for word in words)]):
            # Of m², the two is no number.
            if re.search(DIGITS, word):
                own = report.at("vocabulary", "units", name)
                hint = "a unit is a noun; the number belongs to the claim"
                message = f'the unit "{word}" holds a number'
                own.say(Rule.UNBOUND_NUMBER, message, hint, needle=word)
