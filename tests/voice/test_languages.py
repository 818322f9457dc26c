"""How numbers, money and dates read in each language."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from support import ROOT

from explainer.charts.form import tick_texts
from explainer.data.dataset import Dataset
from explainer.data.kinds import locale_of
from explainer.data.quantities import BUILT_IN, Units, parse_quantity
from explainer.data.yaml import parse
from explainer.problems import Report
from explainer.project import Blob, file_at
from explainer.text.numbers import NumberFinder
from explainer.voice.languages import NBSP, Language, _flat, check_strings, load_language
from explainer.voice.voice import Voice


def language(code: str) -> Language:
    report = Report()
    found = load_language(report, code, strings(code), {})
    assert found is not None and not report.problems
    return found


CODES = sorted(path.stem for path in (ROOT / "templates" / "strings").glob("*.yaml"))


def strings(code: str) -> Blob:
    return file_at(ROOT / "templates" / "strings" / f"{code}.yaml", "no strings", "")


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [
        ("en", "2014-01-01..2014-09-23", "January 1, 2014 to September 23, 2014"),
        ("es", "2014-01-01..2014-09-23", "del 1 de enero de 2014 al 23 de septiembre de 2014"),
        ("es", "2014-01..2014-08", "de enero de 2014 a agosto de 2014"),
        ("es", "2014-01..2014-09-23", "de enero de 2014 a 23 de septiembre de 2014"),
        ("es", "about 2013", "hacia 2013"),
        ("es", "2012..2014", "2012–2014"),
        ("de", "2014-01-01..2014-09-23", "1. Januar 2014 bis 23. September 2014"),
        ("fr", "2014-08-01..2014-09-23", "du 1er août 2014 au 23 septembre 2014"),
        ("fr", "2014-08..2014-10", "entre août 2014 et octobre 2014"),
        ("en", "2014-08-12..2014-08-20", "August 12–20, 2014"),
        ("es", "2014-08-12..2014-08-20", "del 12 al 20 de agosto de 2014"),
        ("de", "2014-08-11..2014-08-12", "11. bis 12. August 2014"),
        ("fr", "2014-08-01..2014-08-12", "du 1er au 12 août 2014"),
        ("pt", "2014-08-12..2014-08-20", "de 12 a 20 de agosto de 2014"),
        ("pt", "2014-01-01", "1º de janeiro de 2014"),
        ("pt", "about 2011", "por volta de 2011"),
    ],
)
def test_dates(code: str, written: str, said: str) -> None:
    assert language(code).date(written).replace(NBSP, " ") == said


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [
        ("en", "about 13700 BRL/kg", "about R$13,700"),
        ("es", "about 13700 BRL/kg", "alrededor de R$ 13,700"),
        ("es", "up to 500 PEN/kg", "hasta PEN 500"),
        ("en", "-5 %", "−5%"),
        ("de", "up to 50000 USD/kg", "bis zu 50.000 $"),
        ("de", "about 500 PEN/kg", "etwa 500 PEN"),
        ("de", "under 3 month", "unter 3 Monaten"),
        ("de", "up to 1 month", "bis zu 1 Monat"),
        ("de", "over 3 month", "über 3 Monate"),
        ("fr", "at least 12.5 %", "au moins 12,5\u202f%"),
        ("pt", "about 13700 BRL/kg", "cerca de R$ 13.700"),
    ],
)
def test_quantities(code: str, written: str, said: str) -> None:
    quantity = parse_quantity(written, Units())
    assert language(code).quantity(quantity).replace(NBSP, " ") == said


def test_a_text_in_quotation_marks() -> None:
    said = [language(code).quoted("a") for code in ("en", "de", "fr")]
    assert said == ["“a”", "„a“", "«\u202fa\u202f»"]


def test_what_stands_before_a_colon_and_a_semicolon() -> None:
    said = [language(code).headed("a", language(code).parted(["b", "c"])) for code in ("en", "fr")]
    assert said == ["a: b; c", f"a{NBSP}: b\u202f; c"]


@pytest.mark.parametrize(
    ("code", "claims", "said"),
    [
        ("en", 1, "1 claim by 1 speaker from 1 source."),
        ("es", 2, "2 afirmaciones de 1 declarante, tomadas de 1 fuente."),
        ("de", 1200, "1.200 Angaben von 1 Person oder Stelle aus 1 Quelle."),
    ],
)
def test_how_many_claims_there_are(code: str, claims: int, said: str) -> None:
    word = language(code).word
    who, through = word("data.speakers", count=1), word("data.sources", count=1)
    assert word("data.intro", count=claims, speakers=who, sources=through).startswith(said)


UNITS = {
    "dobson": {"one": "Dobson unit", "other": "Dobson units", "short": "DU"},
    "crate": {"one": "crate", "other": "crates"},
}


@pytest.mark.parametrize(
    ("written", "plain", "long", "label"),
    [
        # Money for money, things for money, products of units, and nothing but a rate.
        ("6.9 MXN/USD", "MX$ 6.90", "MX$ 6.90 per US$", "MX$ per US$"),
        ("2 kg/USD", "2 kg", "2 kilograms per US$", "kilograms per US$"),
        ("2 kg * m", "2 kg m", "2 kilograms meters", "kilograms meters"),
        ("2 USD*kg", "$2 kg", "$2 kilograms", "US$ kilograms"),
        ("2 1/day", "2", "2 per day", "per day"),
        # What measures is printed with its unit, in every form.
        ("80 km/h", "80 km/h", "80 km/h", "km/h"),
        ("1.5 °C", "1.5 °C", "1.5 °C", "°C"),
        ("3.2 GW", "3.2 GW", "3.2 GW", "GW"),
        ("20 TWh/year", "20 TWh", "20 TWh per year", "TWh per year"),
        ("421 ppm", "421 ppm", "421 ppm", "ppm"),
        ("10 mile", "10 miles", "10 miles", "miles"),
        ("1 lb", "1 pound", "1 pound", "pounds"),
        ("315.7 dobson", "315.7 DU", "315.7 Dobson units", "Dobson units"),
        # A plain count leaves its noun to the sentence.
        ("12 crate", "12", "12 crates", "crates"),
        ("12 crate*m", "12 crates m", "12 crates meters", "crates meters"),
        ("12 crate/day", "12", "12 crates per day", "crates per day"),
    ],
)
def test_units(written: str, plain: str, long: str, label: str) -> None:
    report = Report()
    english = load_language(report, "en", strings("en"), UNITS)
    assert english
    quantity = parse_quantity(written, Units(frozenset(UNITS)))
    said = (english.quantity(quantity), english.quantity(quantity, "long"))
    assert tuple(text.replace(NBSP, " ") for text in said) == (plain, long)
    assert english.unit_label(quantity.unit).replace(NBSP, " ") == label


def test_every_built_in_unit_has_words_in_every_language() -> None:
    units = Units()
    for code in CODES:
        for name in BUILT_IN:
            quantity = parse_quantity(f"2 {name}", units)
            assert "2" in language(code).quantity(quantity, "long")
            assert language(code).unit_label(quantity.unit) or name == "1"


@pytest.mark.parametrize(
    ("unit", "number", "other"),
    [
        ("km/h", "1", "km/hour"),
        ("kWh", "3600", "kJ"),
        ("W", "86400", "J/day"),
        ("lb", "0.45359237", "kg"),
        ("mile", "1.609344", "km"),
        ("ppm", "0.0001", "%"),
        ("MW*hour", "1", "MWh"),
        ("GW*hour", "1000", "MWh"),
    ],
)
def test_what_units_are_worth(unit: str, number: str, other: str) -> None:
    one, two = Units().unit(unit), Units().unit(other)
    assert one.dimensions == two.dimensions
    assert one.factor == two.factor * Fraction(number)


@pytest.mark.parametrize(
    ("code", "of", "said"),
    [
        ("en", "nl", "in Dutch"),
        ("es", "nl", "en neerlandés"),
        ("en", "pt-BR", "in Portuguese (Brazil)"),
        ("es", "es", "en español"),
    ],
)
def test_the_language_of_a_source(code: str, of: str, said: str) -> None:
    assert language(code).in_language(of) == said


# Interface strings of another language


def blob(name: str, text: str) -> Blob:
    return Blob(f"strings/{name}.yaml", Path(f"{name}.yaml"), text.encode(), (0, 0, 0))


def test_a_regional_language_is_one() -> None:
    report, text = Report(), strings("es").text()
    found = load_language(report, "pt-BR", blob("pt-BR", text), {})
    assert found and not report.problems
    assert (found.number(Fraction(12345, 10)), found.date("2014-08")) == (
        "1.234,5",
        "agosto de 2014",
    )


def test_strings_that_nobody_translated_are_warned_of() -> None:
    report = Report()
    check_strings(report, blob("de", strings("en").text()), strings("en"))
    (problem,) = report.problems
    assert problem.warning
    assert re.fullmatch(r"\d+ of its \d+ texts of several words read as in en", problem.message), (
        problem.message
    )


@pytest.mark.parametrize("code", ["es", "en-GB"])
def test_strings_that_are_translated_or_related_are_not(code: str) -> None:
    report, text = Report(), strings("es" if code == "es" else "en").text()
    check_strings(report, blob(code, text), strings("en"))
    assert report.problems == []


ALIKE = set(
    "quantity.times quantity.percent currencies.USD.symbol currencies.USD.clear date.first_day "
    "currencies.EUR.symbol currencies.EUR.clear currencies.BRL.symbol currencies.BRL.clear "
    "units.t units.ha units.minute units.mile kinds.police page.pages page.contact share.mail "
    "page.footer_corrections reference.via reference.formula reference.read figure.no "
    "reference.locator.page reference.locator.section figure.sources figure.sources_many "
    "figure.no_claim figure.note reference.note search.page search.heading search.source "
    "data.name data.csv data.json data.bibtex callouts.important corrections.title "
    "corrections.correction quotes quantity.millions data.sources "
    "between.colon between.semicolon".split()
)
"""Texts that may read in another language as they do in English."""


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_all_texts_and_no_other(code: str) -> None:
    report, (own, english) = Report(), (dict(_flat(language(c).strings)) for c in (code, "en"))
    check_strings(report, strings(code), strings("en"))
    assert report.problems == [] and set(own) == set(english)
    alike = {".".join(key) for key, text in own.items() if text == english[key]}
    assert code == "en" or alike <= ALIKE
    nouns = language(code).strings["units"].values()
    assert all(forms.get("one") and forms.get("other") for forms in nouns)


def test_money_for_money() -> None:
    rate = parse_quantity("1.33 USD/EUR", Units())
    assert language("en").quantity(rate, "long") == "$1.33 per €"
    assert language("en").unit_label(rate.unit) == "US$ per €"


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [
        ("en", "up to 50000 USD/kg", "as much as $50,000"),
        ("en", "up to 20 clan", "as many as 20"),
        ("en", "at least 1200 USD/kg", "no less than $1,200"),
        ("en", "at least 20 clan", "no fewer than 20"),
        ("en", "about 1000 USD/kg", "about $1,000"),
        ("en", "over 1.5 t", "over 1.5 tonnes"),
        ("es", "up to 50000 USD/kg", "un máximo de US$ 50,000"),
        ("es", "at least 20 clan", "no menos de 20"),
        ("es", "1500 USD/kg", "US$ 1,500"),
    ],
)
def test_quantities_behind_a_preposition(code: str, written: str, said: str) -> None:
    labels = {"clan": {"one": "clan", "other": "clans"}}
    speaks = load_language(Report(), code, strings(code), labels)
    assert speaks is not None
    quantity = parse_quantity(written, Units(frozenset(labels)))
    assert speaks.quantity(quantity, "most").replace(NBSP, " ") == said


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [
        ("en", "12500 t", "12.5K tonnes"),
        ("en", "2500000 t", "2.5M tonnes"),
        ("es", "12500 t", "12,500 toneladas"),
        ("es", "2500000 t", "2.5 millones de toneladas"),
        ("es", "2500000 kg", "2.5 M kg"),
        ("es", "2500000 clan", "2.5 M"),
        ("de", "12500 t", "12.500 Tonnen"),
        ("de", "125000.4 USD", "125.000 $"),
        ("de", "2500000 t", "2,5 Mio. Tonnen"),
        ("fr", "12500 kg", "12 500 kg"),
        ("fr", "2500000 t", "2,5 millions de tonnes"),
        ("fr", "2500000000 t", "2,5 milliards de tonnes"),
        ("fr", "2500000 USD/t", "2,5 M $"),
        ("fr", "2500000 ppm", "2,5 M ppm"),
        ("pt", "12500 t", "12,5 mil toneladas"),
        ("pt", "2500000 t", "2,5 mi de toneladas"),
    ],
)
def test_large_numbers_in_short(code: str, written: str, said: str) -> None:
    labels = {"clan": {"one": "clan", "other": "clans"}}
    speaks = load_language(Report(), code, strings(code), labels)
    assert speaks is not None
    text = speaks.quantity(parse_quantity(written, Units(frozenset(labels))), "compact")
    assert text.replace(NBSP, " ").replace("\u202f", " ") == said


# Dates in texts, as each language writes them


def finder(code: str) -> NumberFinder:
    return (
        language(code).finder()
        if code in CODES
        else Language(code, locale_of(code), {}, {}).finder()
    )


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Am 29. März, am 3. Mai 2014 und 2014."),
        ("cs", "Dne 29. března 2014."),
        ("fi", "29. maaliskuuta 2014."),
        ("ja", "2020年の価格、2020年8月、2020年8月12日と8月12日。"),
        ("zh", "2020年8月12日"),
        ("ko", "2020년 8월 3일"),
        (
            "fr",
            "Le 29 mars 2014, le 1er mars, en 1850, les années 90 et 1990, aux 18e et 19e siècles.",
        ),
        ("en", "On May 3–5, 2014, on 3, 4 and 5 May, on May 3 and 5, 2014, 8/12/2014, pre-1850."),
        ("es", "Del 3 al 5 de mayo de 2014, 3 y 4 de mayo, 12 de ago de 2014, 12/8/2014."),
        ("es", "En los siglos 16 y 17, del siglo 16 al 18 y en 1850 los incas; los años 80 y 90."),
        (
            "de",
            "Vom 1. bis 3. Mai 2014, am 3. und 4. Mai 2014, 3.–5. Mai, 12.08.2014, 2. Aug 2014.",
        ),
        ("de", "Im 18./19. Jahrhundert, das 18. und das 19. Jahrhundert, die 80er und 90er Jahre."),
        ("fr", "Du 1er au 3 mai 2014, le 12 août et le 3 sept. 2014, les 3 et 4 mai, 12/08/2014."),
        ("fr", "Du 16e au 18e siècle, au 18e et au 19e siècle, les années 1850-1860, mi-1850."),
        ("pt", "De 3 a 5 de maio de 2014, 3 e 4 de maio, 1º e 2 de maio, 12 de ago. e 12 ago."),
        ("pt", "Anos 80 e 90, décadas de 70, 80 e 90, anos 1850 e 1860, do século 16 ao 18."),
        ("pt", "Em 12 de ago. de 2014, 2 ago 2014, 12/08/2014; pós-1850, em 1850 nos campos."),
        ("pt-BR", "Em 29 de março de 2014."),
        ("pt", "Em 1º de março, desde 1850, nos anos 90, na década de 1890, no século 19."),
        ("de", "Seit 1850, in den 1990er-Jahren, den 90er Jahren, dem 18. und 19. Jahrhundert."),
    ],
)
def test_dates_in_a_text_need_no_claim(code: str, text: str) -> None:
    kinds = {number.kind for number in finder(code).numbers(text)}
    assert kinds <= {"date", "year", "decade", "century"}


@pytest.mark.parametrize(
    ("code", "text", "loose"),
    [
        ("de", "Auf Seite 29. Im Mai 47 Flüge, 29.000 Tonnen.", ["29", "47", "29.000"]),
        ("de", "Nach 1500 Flügen, im 19. Jahr, 90er.", ["1500", "19", "90"]),
        ("fr", "De 1500 personnes, 19 siècles, les 90.", ["1500", "19", "90"]),
        ("pt", "De 1500 pessoas, 19 séculos, os 90.", ["1500", "19", "90"]),
        ("en", "On page 29. May is late.", ["29"]),
        ("pt", "Em maio 20 pessoas morreram, nos anos 80 e 90 pessoas.", ["20", "90"]),
        ("pt", "Em 32/08/2014, 12/13/2014.", ["32", "08", "12", "13"]),
        ("es", "En mayo 20 personas, 3 y 4 mayores, en 1850 casas.", ["20", "3", "4", "1850"]),
        ("de", "Mit 18 und 19. Version 12.13.2014.", ["18", "19", "12.13.2014"]),
        ("ja", "2020機、20年間で20機", ["2020", "20", "20"]),
    ],
)
def test_what_is_no_date_does(code: str, text: str, loose: list[str]) -> None:
    assert [number.text for number in finder(code).numbers(text) if not number.kind] == loose


@pytest.mark.parametrize(
    ("values", "english", "spanish"),
    [
        ([0, 500_000], ["0", "500,000"], ["0", "500,000"]),
        ([0, 500_000, 1_000_000], ["0", "500K", "1M"], ["0", "500,000", "1 M"]),
        ([0, 20_000_000], ["0", "20M"], ["0", "20 M"]),
        ([-2e9, 0, 2e9], ["−2B", "0", "2B"], ["−2000 M", "0", "2000 M"]),
        ([1_200_000, 1_250_000], ["1,200,000", "1,250,000"], ["1,200,000", "1,250,000"]),
    ],
)
def test_an_axis_of_millions_is_short(
    values: list[float], english: list[str], spanish: list[str]
) -> None:
    dataset = Dataset(parse("", "data.yaml"))
    for code, texts in (("en", english), ("es", spanish)):
        shown = tick_texts(Voice(dataset, language(code)), values, dataset.units.unit("1"))
        assert [text.replace(NBSP, " ") for text in shown] == texts
