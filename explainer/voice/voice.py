"""Claims, sources and terms as they read in a page: the text, the link, the reference.

A `Voice` is a dataset that speaks a language. Everything it says is derived from the data file:
who said a claim, through whom, and how sure it is, are never typed in.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from markupsafe import Markup, escape

from explainer.data.agreement import how_sure, subject
from explainer.data.claims import Claim
from explainer.data.dataset import Dataset
from explainer.data.formulas import Call
from explainer.data.kinds import LocalText
from explainer.data.lookup import looked_up
from explainer.data.models import Site, Source
from explainer.data.quantities import BUILT_IN, Quantity, plain_digits
from explainer.problems import Fault, Rule
from explainer.text.expressions import (
    claim_html,
    claims_in,
    exempt,
    expressions_in,
    parse_expression,
    typographic,
)
from explainer.text.numbers import NumberFinder
from explainer.voice.languages import Language


@dataclass(frozen=True)
class Link:
    """A link of a claim's chain: a source, and whether we have read it ourselves."""

    id: str
    source: Source
    label: str
    read: bool


@dataclass(frozen=True)
class Reference:
    """A claim with all that a reader may ask of it, in one language."""

    id: str
    claim: Claim
    text: str
    """The quantity as the plain form prints it."""
    long: str
    value: str
    what: Markup
    who: str
    """The offices of its speakers, or a source that names none; empty for a calculation."""
    unnamed: bool
    names: list[str]
    kinds: list[str]
    """What sorts of speakers they are, in words."""
    chain: list[Link]
    as_of: str
    place: str
    product: str
    level: str
    money: str
    measure: str
    sure: str
    """The name of how sure it is: a key below `sure` in the interface strings."""
    note: Markup
    formula: str
    ours: bool
    """Whether it is a calculation of ours, and no number that stands in a series."""
    worked: Markup
    """A formula with its inputs' figures in place of their names."""
    inputs: list[str]
    disputes: list[str]
    checked: str
    held: str
    """The day on which its quotation was held against a kept copy; empty where it was not."""
    places: list[str] = field(default_factory=list)
    """The anchors in the page at which the claim is printed."""


Said = str | dict[str, str] | None
"""A text in one language, or of the data file in several; none says nothing."""


@dataclass(frozen=True)
class Voice:
    """A dataset in one of its languages."""

    dataset: Dataset
    language: Language
    _references: dict[str, Reference] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def code(self) -> str:
        """The language's code."""
        return self.language.code

    @property
    def site(self) -> Site:
        """What the data file says of the site: nothing is made of one that says nothing."""
        assert self.dataset.site is not None
        return self.dataset.site

    def text(self, name: str, form: str = "", *, bare: bool = False) -> str:
        """A claim as text, its qualifier with it unless `bare`. Raises `KeyError`, `Fault`."""
        if form == "when":
            return self.language.date(self._when(name))
        return self.language.quantity(self.quantity(name, form), form, bare=bare)

    def link(self, name: str, form: str = "", *, bare: bool = False) -> Markup:
        """A claim as it stands in a page: its text, linked to its reference."""
        return claim_html(
            name,
            self.text(name, form, bare=bare),
            self._when(name) if form == "when" else machine_value(self.quantity(name, form)),
        )

    def quantity(self, name: str, form: str = "") -> Quantity:
        """The quantity of a claim; of the form `size`, without its sign. Raises `Fault`."""
        quantity = self.dataset.quantities[name]
        return quantity.size() if form == "size" else quantity

    def _when(self, name: str) -> str:
        """What time a claim is about, as the data file has it. Raises `Fault` where it is none."""
        time = self.dataset.claims[name].as_of
        if not time or time == "unstated":
            hint = "give the claim its as_of:; a number of a series has the time of its row"
            raise Fault(Rule.BAD_EXPRESSION, f'"{name}" is about no time', hint)
        return time

    def said(self, text: Said) -> str:
        """A text of the data file or of front matter as plain text, its expressions filled in."""
        return "".join(self._parts(self.local(text), markup=False))

    def marked(self, text: Said) -> Markup:
        """A text of the data file as it stands in a page: claims linked, exempt numbers marked."""
        return Markup("").join(self._parts(self.local(text), markup=True))

    def claims_in(self, *texts: Said) -> list[str]:
        """The ids of the claims that texts print, in order, as often as they do."""
        return [claim for text in texts for claim in claims_in(self.local(text))]

    def local(self, text: Said) -> str:
        """A text of the data file in this language as written, expressions and all."""
        return text if isinstance(text, str) else LocalText(text or {}).said(self.code)

    def _parts(self, text: str, *, markup: bool) -> Iterator[str]:
        position, quotes = 0, self.language.quotes
        for match in (*expressions_in(text), None):
            end = match.start() if match else len(text)
            words = typographic(text[position:end], quotes, inside=position > 0)
            yield self.dated(words) if markup else words
            if match is None:
                return
            position = match.end()
            # What is wrong is a problem of its own by now; nothing is published from such a text.
            with contextlib.suppress(Fault):
                expression = parse_expression(match)
                if expression.function == "claim" and expression.name in self.dataset.quantities:
                    say = self.link if markup else self.text
                    yield say(expression.name, expression.form, bare=bool(expression.bare))
                elif expression.function == "plain":
                    yield exempt("plain", expression.name) if markup else expression.name

    def dated(self, text: str) -> Markup:
        """A text with its years, dates and other exempt numbers marked as what they are."""
        parts: list[str] = []
        position = 0
        for number in self.finder.numbers(text):
            if number.kind:
                parts.append(escape(text[position : number.start]))
                parts.append(exempt(number.kind, text[number.start : number.end]))
                position = number.end
        return Markup("").join([*parts, escape(text[position:])])

    @cached_property
    def finder(self) -> NumberFinder:
        """What finds the numbers of this language's texts, and knows which are exempt."""
        names = [
            name
            for term in self.dataset.glossary.values()
            for name in (self.local(term.term), self.local(term.expansion), *term.names)
        ]
        units = [
            str(word)
            for labels in (self.language.strings["units"], self.language.units)
            for forms in labels.values()
            for word in forms.values()
        ]
        units += [*self.language.listed("money_words"), *self.language.listed("unit_words")]
        symbols = [name for name in BUILT_IN if name[0].isalpha()]
        return replace(
            self.language.finder(), names=tuple(names), units=tuple(units), symbols=tuple(symbols)
        )

    @cached_property
    def number_words(self) -> re.Pattern[str]:
        """What finds the numbers of this language's texts that are written as words."""
        words = "|".join(map(re.escape, self.language.listed("number_words"))) or "(?!)"
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)

    # References

    def reference(self, name: str) -> Reference:
        """Everything there is to say of a claim; worked out once, since many pages print it."""
        if name not in self._references:
            self._references[name] = self._reference(name)
        return self._references[name]

    def _reference(self, name: str) -> Reference:
        dataset, claim, quantity = self.dataset, self.dataset.claims[name], self.quantity(name)
        speakers = dataset.speakers_of(claim)
        return Reference(
            id=name,
            claim=claim,
            text=self.text(name),
            long=self.text(name, "long"),
            value=machine_value(quantity),
            what=self.marked(claim.what),
            who="" if dataset.ours(name) else self.who(name),
            unnamed=any(speaker.unnamed for speaker in speakers),
            names=[speaker.name for speaker in speakers if speaker.name],
            kinds=[self.built_in("kinds", speaker.kind) for speaker in speakers],
            chain=[self._link(source) for source in self._chain(name) if source in dataset.sources],
            as_of=self.language.date(claim.as_of) if claim.as_of else "",
            place=dataset.label("places", claim.place, self.code),
            product=dataset.label("products", claim.product, self.code),
            level=self.built_in("levels", claim.level) if claim.level else "",
            money=self.money(claim.money),
            measure=dataset.label("measures", claim.measure, self.code),
            sure=how_sure(dataset, name, self._agreeable.get(subject(claim), ())),
            note=self.marked(claim.note),
            formula=claim.formula or "",
            ours=dataset.ours(name),
            worked=self.worked(name) if claim.formula else Markup(""),
            inputs=dataset.inputs(name),
            disputes=dataset.disputes(name),
            checked=self.language.date(claim.checked) if claim.checked else "",
            held=self._held(claim),
        )

    def _chain(self, name: str) -> list[str]:
        """The sources of a claim, or of the series that a calculation reads."""
        read = [self.dataset.series[series].chain for series in self.dataset.read_series(name)]
        return list(dict.fromkeys(sum(read, [*self.dataset.claims[name].chain])))

    def _held(self, claim: Claim) -> str:
        """The day of the copy that a claim's quotation is in; empty without either."""
        source = self.dataset.sources.get(claim.chain[-1]) if claim.chain else None
        quoted = claim.locator is not None and claim.locator.quote is not None
        return self.language.date(source.kept.on) if source and source.kept and quoted else ""

    @cached_property
    def _agreeable(self) -> dict[tuple[str | None, ...], list[str]]:
        """The sourced claims on each subject."""
        found: dict[tuple[str | None, ...], list[str]] = {}
        for name in self.dataset.quantities:
            if not self.dataset.ours(name):
                found.setdefault(subject(self.dataset.claims[name]), []).append(name)
        return found

    def worked(self, name: str) -> Markup:
        """A calculation as a reader would write it down: inputs as claims, signs in print."""
        parts: list[str] = []
        for piece in self.dataset.formulas[name].pieces:
            if isinstance(piece, str):
                parts.append(_signs(piece))
            elif piece.section == "claims":
                link = self.link(piece.arguments[0], bare=piece.function == "stated")
                # A sign behind a sign is read as one.
                signed = parts[-1].rstrip().endswith(("−", "+", "×", "÷")) and ">−" in link
                parts.append(Markup("({})").format(link) if signed else link)
            elif piece.section == "series":
                parts.append(self._from_series(piece))
            else:
                a, b = (self.dataset.label("places", p, self.code) for p in piece.arguments)
                parts.append(self.language.word("reference.distance", a=a, b=b))
        return Markup("").join([*parts, self._time_factor(name)])

    def _from_series(self, call: Call) -> Markup:
        """What a calculation takes from a series: the number, and behind it of what it is."""
        series = self.dataset.series[call.arguments[0]]
        column = call.column or series.counted[0]
        quantity = looked_up(series, call, self.dataset.units)
        if call.function == "mean":
            quantity = replace(quantity, digits=3)
        what = self.marked(series.about(column).what)
        if call.function != "series":
            what = Markup(self.language.word(f"reference.{call.function}", what="{}")).format(what)
        words = []
        for name, value in call.where.items():
            label = series.labels.get(name, {}).get(value)
            plain = self.language.date(value) if name == series.time else value
            said = self.said(label) or plain
            words.append(exempt("formula", said))
        number = exempt("data", self.language.quantity(quantity))
        return Markup("{} ({})").format(number, Markup(", ").join([what, *words]))

    def _time_factor(self, name: str) -> Markup:
        """What turns the rate that a calculation begins with into the one that it gives: of a load
        a month, "× 12 months" into a load a year. Without it, nobody could do the sum again.
        """
        formula = self.dataset.formulas[name]
        inputs = map(self.quantity, self.dataset.inputs(name))
        given = {time for quantity in inputs for time in quantity.unit.times}
        wanted = self.quantity(name).unit.times
        if len(given) != 1 or len(wanted) != 1 or formula.is_sum():
            return Markup("")
        (before,), (after,) = given, wanted
        ratio = self.dataset.units.unit(after).factor / self.dataset.units.unit(before).factor
        sign, count, unit = ("×", ratio, before) if ratio > 1 else ("÷", 1 / ratio, after)
        if ratio == 1 or count.denominator != 1:
            return Markup("")
        said = self.language.quantity(Quantity(count, count, self.dataset.units.unit(unit)))
        return Markup(" {} {}").format(sign, exempt("formula", said))

    def built_in(self, words: str, name: str) -> str:
        """A level of sale or kind of speaker in words: the vocabulary's, or the interface's own."""
        own = self.dataset.label(words, name, self.code)
        return own or str(self.language.words(words).get(name, name))

    def money(self, basis: str | None) -> str:
        """Whether money is nominal, or of which year."""
        if basis is None:
            return ""
        if basis == "nominal":
            return self.language.word("money.nominal")
        return self.language.word("money.real", year=basis.removeprefix("real "))

    def joined(self, names: Sequence[str]) -> str:
        """Names as an enumeration."""
        if len(names) < 2:
            return "".join(names)
        return ", ".join(names[:-1]) + self.language.word("reference.and") + names[-1]

    def who(self, name: str) -> str:
        """Who said a claim, by office, or the source alone; for a calculation, that it is ours."""
        claim = self.dataset.claims[name]
        if self.dataset.ours(name):
            return self.language.word("sure.calculation")
        offices = [self.said(s.office) for s in self.dataset.speakers_of(claim)]
        return self.joined(offices or [self.short(source) for source in claim.chain[:1]])

    def office(self, speaker: str | None) -> str:
        """A speaker's office; empty for none."""
        found = self.dataset.speakers.get(speaker or "")
        return self.said(found.office) if found else ""

    def _link(self, name: str) -> Link:
        source = self.dataset.sources[name]
        return Link(name, source, self.short(name), source.access != "unread")

    def short(self, name: str) -> str:
        """A source in a few words: its short name, or who published it and the year.

        Of several that would read alike, each gets a letter.
        """
        return self._shorts[name]

    @cached_property
    def _shorts(self) -> dict[str, str]:
        alike: dict[str, list[str]] = {}
        for name, source in self.dataset.sources.items():
            alike.setdefault(self._short(source), []).append(name)
        return {
            name: f"{short}{_letter(short, index)}" if names[1:] else short
            for short, names in alike.items()
            for index, name in enumerate(names)
        }

    def _short(self, source: Source) -> str:
        if source.short:
            return self.said(source.short)
        by = self.local(source.publisher) or source.author or self.local(source.title)
        year = re.match(r"(about )?\d{4}", source.published or "")
        return f"{by}, {self.language.date(year[0])}" if year else by

    @cached_property
    def credits(self) -> dict[str, Markup]:
        """The credit line of each source that asks for one, with a link to it."""
        found: dict[str, Markup] = {}
        line = Markup('{} <a href="{}" data-exempt="source">{}</a>')
        for credit in self.site.credits:
            if source := self.dataset.sources.get(credit.source):
                found[credit.source] = line.format(
                    self.marked(credit.text), source.url or "", self.said(source.title)
                )
        return found


def _letter(short: str, index: int) -> str:
    """a, b, c … behind a year, as librarians tell alike names apart; in brackets behind a word."""
    letters = ""
    while index >= 0:
        index, letter = index // 26 - 1, chr(ord("a") + index % 26)
        letters = letter + letters
    return letters if short[-1:].isdigit() else f" ({letters})"


_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})


def _signs(text: str) -> Markup:
    """The part of a formula between two calls, its constants marked as such."""
    parts = re.split(r"(\d+(?:\.\d+)?)", text.translate(_SIGNS))
    return Markup("").join(
        exempt("formula", part) if index % 2 else part for index, part in enumerate(parts)
    )


def machine_value(quantity: Quantity) -> str:
    """The number of a `<data>` element: one figure, or both ends of a range as `4..5`."""
    return "..".join(plain_digits(quantity.printed(end)) for end in quantity.ends())
