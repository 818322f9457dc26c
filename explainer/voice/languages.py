"""How quantities, dates and the interface's words read in a language.

Numbers, money, plurals and dates come from the CLDR through Babel; words come from the interface
strings, `templates/strings/<language>.yaml`, one file a language.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, get_month_names
from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    get_currency_symbol,
)

from explainer.data.kinds import locale_of
from explainer.data.quantities import Quantity, Unit, decimals, is_currency
from explainer.data.yaml import parse
from explainer.problems import Report, Rule
from explainer.project import Blob
from explainer.text.numbers import DAY, JOIN, NumberFinder

LOCALES = {"en": "en_US", "es": "es_419"}
"""The locale of a language where it is not the language's own: English as in the United States,
Spanish as in Latin America."""

NBSP = "\u00a0"


def capital(text: str) -> str:
    """The text with a capital at its head; the letters behind it stay as they are."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Language:
    """A language of the site: its code, its locale, its interface words."""

    code: str
    locale: Locale
    strings: dict[str, Any]
    units: dict[str, dict[str, Any]]
    """Labels of the vocabulary's units in this language: name → plural category → word."""

    def word(self, key: str, **values: object) -> str:
        """The interface text under a dotted key, its `{names}` filled in. Raises `KeyError`."""
        found = self._under(key)
        if isinstance(found, dict):
            count = values.get("count", 0)
            assert isinstance(count, int)
            category = self.locale.plural_form(count)
            found = found.get(category, found["other"])
            values.setdefault("n", self.number(Fraction(count)))
        return str(found).format(**values) if values else str(found)

    def words(self, key: str) -> dict[str, str]:
        """All the interface texts below a key, as a plain dictionary."""
        return dict(self._under(key))

    def _under(self, key: str) -> Any:
        found: Any = self.strings
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                raise KeyError(f"the {self.code} interface strings have no '{key}'")
            found = found[part]
        return found

    @property
    def quotes(self) -> list[str]:
        """Its quotation marks: those that open and close, and the same inside a quotation."""
        return self.word("quotes").split(" ")

    def quoted(self, text: str) -> str:
        """The text in quotation marks."""
        return f"{self.quotes[0]}{text}{self.quotes[1]}"

    def headed(self, head: str, text: str) -> str:
        """A text behind what it is a case of: `head: text`."""
        return f"{head}{self.word('between.colon')}{text}"

    def parted(self, texts: Iterable[str]) -> str:
        """Texts that may have commas of their own in a line: `one; two`."""
        return self.word("between.semicolon").join(texts)

    def number(self, number: Fraction, least: int = 0) -> str:
        """A number in digits, grouped as the language does, with `least` decimals or its own."""
        return _in_digits(number, max(decimals(number), least), self.locale)

    def quantity(self, quantity: Quantity, form: str = "", *, bare: bool = False) -> str:
        """A quantity in words and digits, with its qualifier unless `bare`.

        The plain form prints money, per cent and physical units, and leaves "per …" and the nouns
        of counted things to the sentence; `long` prints the whole unit; `compact` shortens large
        numbers, for narrow places; `times` writes a pure number as a multiple; `most` says "as much
        as" for "up to", and so on, behind a preposition.
        """
        ends = [quantity.printed(end) for end in quantity.ends()]
        numbers = [self._one(end, quantity, form) for end in ends]
        behind = not bare and form != "most" and bool({"up-to", "under"} & {*quantity.qualifiers})
        text = self._with_unit(numbers, ends[-1], quantity.unit, form, behind=behind)
        if bare:
            return text
        reworded = self.strings["quantity"]["most"] if form == "most" else {}
        for qualifier in reversed(quantity.qualifiers):
            # English has "as many as" for what is counted, and "as much as" for what is not.
            many = "-counted" if self._counts(list(quantity.unit.over)) else ""
            key = f"most.{qualifier}{many}" if f"{qualifier}{many}" in reworded else qualifier
            text = self.word(f"quantity.{key}", text=text)
        return text

    def _one(self, number: Fraction, quantity: Quantity, form: str) -> str:
        if form == "compact" and abs(number) >= 10_000:
            return self._compact(number, before_noun=self._has_noun(quantity.unit))
        money = quantity.unit.currency is not None
        return self.number(number, 2 if money and number.denominator != 1 else 0)

    def _compact(self, number: Fraction, *, before_noun: bool) -> str:
        """A large number as short as newsrooms print it."""

        def said(width: Literal["short", "long"]) -> str:
            text = format_compact_decimal(
                _decimal(number), format_type=width, locale=self.locale, fraction_digits=1
            )
            return _true_minus(str(text).replace(" ", NBSP))

        short = said("short")
        # Where no word for thousands is short, the CLDR has bare digits, or the k of kilograms.
        if re.fullmatch(r"−?[\d.,]+(\sk)?", short):
            return self.number(Fraction(round(number)))
        # The M of French and Spanish stands before symbols, and not before words.
        return said("long") if before_noun and re.search(r"\sMd?\Z", short) else short

    def _has_noun(self, unit: Unit) -> bool:
        """Whether a word, and no symbol, stands behind a number of the unit in its short forms."""
        names = [name for name in unit.over if name not in ("1", "%", unit.currency)]
        labels = {} if self._counts(names) else self._labels(names[0])
        return "one" in labels and "short" not in labels

    def _with_unit(
        self, numbers: list[str], last: Fraction, unit: Unit, form: str, *, behind: bool
    ) -> str:
        """The numbers with their unit; `behind` a word that some languages have a dative after."""
        text = "–".join(numbers)
        names = [name for name in unit.over if name != "1"]
        if unit.currency:
            # A second end repeats no symbol: "$10,000–25,000".
            money = self.word("quantity.money", symbol=self._symbol(unit.currency), text=text)
            # A code such as PEN has a space of its own, where the language has none or one.
            text = re.sub(r"\s{2,}", NBSP, money).strip()
            names.remove(unit.currency)
        elif "%" in names:
            text = self.word("quantity.percent", text=text)
            names.remove("%")
        elif not names and form == "times":
            text = self.word("quantity.times", text=text)
        if form == "long" or not self._counts(names):
            words = " ".join(self._unit_word(name, last, form, behind=behind) for name in names)
            # A noun behind millions has its "de" in some languages: "2,5 millions de tonnes".
            if form == "compact" and abs(last) >= 1_000_000 and self._has_noun(unit):
                text = self.word("quantity.millions", text=text, unit=words)
            elif words:
                text = f"{text}{NBSP}{words}"
        return self._per(text, unit) if form == "long" else text

    def _counts(self, names: list[str]) -> bool:
        """Whether these are things that are counted, whose noun the sentence has."""
        return all(name in self.units and "short" not in self.units[name] for name in names)

    def _per(self, text: str, unit: Unit) -> str:
        for name in unit.under:
            word = self._unit_word(name, Fraction(1), "long")
            text = self.word("quantity.per", text=text, unit=word).strip()
        return text

    def unit_label(self, unit: Unit) -> str:
        """A unit by itself, for table heads and axes, such as `US$ per kilogram`."""
        names = [
            self.word("quantity.percent", text="").strip()
            if name == "%"
            else self._unit_word(name, Fraction(2), "long")
            for name in unit.over
            if name != "1"
        ]
        return self._per(" ".join(names), unit)

    def _unit_word(self, name: str, number: Fraction, form: str, *, behind: bool = False) -> str:
        if is_currency(name):
            return self._symbol(name, clear=True).strip()
        labels = self._labels(name)
        if form != "long" and "short" in labels:
            return str(labels["short"])
        category = self.locale.plural_form(_decimal(number))
        if behind and category != "one" and "dative" in labels:
            return str(labels["dative"])
        return str(labels.get(category, labels["other"]))

    def _labels(self, name: str) -> dict[str, Any]:
        # A symbol of science is its own word in every language.
        return self.units.get(name) or self.strings["units"].get(name) or {"other": name}

    def _symbol(self, currency: str, *, clear: bool = False) -> str:
        own = self.strings["currencies"].get(currency)
        if own:
            return str(own["clear" if clear else "symbol"])
        symbol = str(get_currency_symbol(currency, locale=self.locale)).rstrip()
        return symbol if len(symbol) == 1 else symbol + NBSP

    def date(self, text: str) -> str:
        """A date as written in the data file (`2014`, `2014-08`, `2014-08-12`, `A..B`) in words.

        `about …` and `unstated` are said in the language; anything else comes back as it is.
        """
        if text == "unstated":
            return self.word("date.unstated")
        if text.startswith("about "):
            return self.word("date.about", text=self.date(text[6:]))
        if ".." in text:
            first, last = text.split("..", 1)
            if re.fullmatch(r"\d{4}\.\.\d{4}", text):
                return f"{first}–{last}"
            said = self.date(first)
            # Some languages put an article before a day, and none before a month.
            form = "date.days" if first.count("-") == last.count("-") == 2 else "date.range"
            if form == "date.days" and first[:7] == last[:7]:
                # The month is said once: "11. bis 12. August 2014", "August 11–12, 2014".
                days = [str(int(day[8:])) for day in (first, last)]
                ahead = re.match(rf"{days[0]}(?!\d)\S*", said)
                if not ahead:
                    return re.sub(rf"(.*)(?<!\d){days[0]}(?!\d)", rf"\g<1>{'–'.join(days)}", said)
                said = ahead[0]
            return self.word(form, first=said, last=self.date(last))
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 1:
            return text
        if len(parts) == 2:
            day = date(parts[0], parts[1], 1)
            return str(format_skeleton("yMMMM", day, locale=self.locale))
        day = date(*parts)
        said = str(format_date(day, format="long", locale=self.locale))
        # The first is the 1er in French and the 1º in Portuguese, of which the CLDR does not know.
        first = self.word("date.first_day")
        return re.sub(r"(?<!\d)1(?!\d)", first, said, count=1) if day.day == 1 else said

    def finder(self) -> NumberFinder:
        """What finds the numbers of a text in the language, and knows how it writes dates."""
        return NumberFinder(
            tuple(self.months()),
            bool(re.search("M[^']*d", self.locale.date_formats["long"].pattern)),
            dates=self.dates(),
            decades=str(self.strings.get("decades", "")),
            centuries=str(self.strings.get("centuries", "")),
            year_words=self.listed("year_words"),
            counted_words=self.listed("counted_words"),
        )

    def listed(self, key: str) -> tuple[str, ...]:
        """The words of a list of the interface; none where the language has no such list."""
        return tuple(str(self.strings.get(key, "")).split())

    def dates(self) -> tuple[str, ...]:
        """Patterns of how the language writes days, months and years, where others do not.

        From the CLDR: with a dot behind the day, as in `29. März`, or a sign behind each number, as
        in `2020年8月`; and those in digits alone, as in `12/08/2014`.
        """
        formats = [self.locale.date_formats[width] for width in ("long", "medium", "short")]
        formats += [
            self.locale.datetime_skeletons[name]
            for name in ("y", "yMMM", "yMMMM", "MMMd", "MMMMd")
            if name in self.locale.datetime_skeletons
        ]
        patterns = (_date_pattern(form.pattern, self.months()) for form in formats)
        return tuple(dict.fromkeys(filter(None, patterns)))

    def in_language(self, code: str) -> str:
        """That something is written in a language, such as `in Dutch`."""
        name = locale_of(code).get_display_name(self.locale)
        return self.word("source.in_language", language=name)

    def months(self) -> list[str]:
        """The names of the months, long and short, as they stand in dates, without a dot."""
        names = [get_month_names(width, locale=self.locale) for width in ("wide", "abbreviated")]
        return [name.rstrip(".") for table in names for name in table.values()]


_FIELDS = re.compile(r"(y+)|([ML]+)|(d+)|'([^']*)'|(\s+)|(.)")
_EAST = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")


def _date_pattern(form: str, months: list[str]) -> str:
    """A date's form in the CLDR as a regular expression; empty where it is as everywhere."""
    in_digits = re.fullmatch(r"(?=.*d)(?=.*y)[dMy./ -]+", form) and "MMM" not in form
    if not re.search(r"d\. ?(?:MMM|LLL)", form) and not _EAST.search(form) and not in_digits:
        return ""
    parts = []
    for year, month, day, quoted, space, other in _FIELDS.findall(form):
        if year:
            parts.append(r"[12]\d{3}")
        elif len(month) > 2:
            names = sorted(map(re.escape, months), key=len, reverse=True)
            parts.append(f"(?-i:{'|'.join(names)})\\.?")
        elif month:
            parts.append(r"(?:1[0-2]|0?[1-9])")
        elif day:
            parts.append(rf"(?:{DAY}\.?{JOIN}\s?)?{DAY}" if not parts else DAY)
        else:
            parts.append(r"\s+" if space else re.escape(quoted or other))
    return "".join(parts)


def load_language(
    report: Report, code: str, strings: Blob | None, units: dict[str, dict[str, Any]]
) -> Language | None:
    """The language of a code with its interface strings; None where there is none of that code.

    `units` are the nouns of the vocabulary's units in it.
    """
    if strings is None:
        return None
    try:
        locale = locale_of(LOCALES.get(code, code))
    except ValueError:
        return None
    document = _strings(strings.text(), strings.file)
    report.add(*document.problems)
    if document.problems:
        return None
    if not isinstance(document.data, dict):
        report.of(document).say(Rule.BAD_VALUE, "interface strings are a mapping of texts")
        return None
    return Language(code, locale, document.data, units)


ALIKE = Fraction(1, 2)
"""What part of a language's texts may read as those that they are translated from."""


def check_strings(report: Report, given: Blob, model: Blob) -> None:
    """Tell what a language's interface strings lack beside those of another language.

    Templates would stumble over a text that is missing, or over a name in braces that it has lost.
    """
    document = _strings(given.text(), given.file)
    report, texts = report.of(document), dict(_flat(document.data))
    code = PurePosixPath(model.name).stem
    texts_there = list(_flat(_strings(model.text(), model.file).data))
    for key, text in texts_there:
        names = set(re.findall(r"\{(\w+)\}", text))
        if key not in texts:
            wrong = "is missing"
        elif set(re.findall(r"\{(\w+)\}", texts[key])) != names:
            braces = ", ".join(f"{{{name}}}" for name in sorted(names)) or "nothing in braces"
            wrong = f"should hold {braces}"
        else:
            continue
        message, hint = f'the text "{".".join(key)}" {wrong}', f"in {code} it reads: {text}"
        report.say(Rule.BAD_STRINGS, message, hint, path=key)
    # A word may be the same in two languages; sentences are not.
    told = [(key, text) for key, text in texts_there if " " in text]
    alike = [key for key, text in told if texts.get(key) == text]
    related = PurePosixPath(given.name).stem.split("-")[0] == code.split("-")[0]
    if told and not related and len(alike) > ALIKE * len(told):
        message = f"{len(alike)} of its {len(told)} texts of several words read as in {code}"
        hint = "translate them; the first is here"
        report.say(Rule.BAD_STRINGS, message, hint, path=alike[0], warning=True)


@lru_cache(20_000)
def _in_digits(number: Fraction, places: int, locale: Locale) -> str:
    """A number with so many decimals; a page prints most of them several times."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return _true_minus(str(format_decimal(_decimal(number), format=pattern, locale=locale)))


def _true_minus(text: str) -> str:
    """A number with a minus sign, as wide as a plus, where CLDR has the hyphen of keyboards."""
    return text.replace("-", "\N{MINUS SIGN}")


def _flat(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text by its path; plural forms as one, since languages differ in how many they have."""
    if isinstance(data, dict):
        if "other" in data:
            yield path, str(data["other"])
            return
        for key, item in data.items():
            yield from _flat(item, (*path, str(key)))
    else:
        yield path, str(data)


@lru_cache(maxsize=16)
def _strings(text: str, file: str) -> Any:
    return parse(text, file)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
