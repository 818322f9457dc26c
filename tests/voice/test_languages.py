"""How numbers, money and dates read in each language."""

from __future__ import annotations

import pytest
from support import ROOT

from explainer.data.quantities import Units, parse_quantity
from explainer.problems import Report
from explainer.project import Blob, file_at
from explainer.voice.languages import NBSP, Language, load_language


def language(code: str) -> Language:
    report = Report()
    found = load_language(report, code, strings(code), {})
    assert found is not None and not report.problems
    return found


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
    ],
)
def test_quantities(code: str, written: str, said: str) -> None:
    quantity = parse_quantity(written, Units())
    assert language(code).quantity(quantity).replace(NBSP, " ") == said


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
    speaks, _ = load_language(code, ROOT / "templates", labels)
    assert speaks is not None
    quantity = parse_quantity(written, Units(frozenset(labels)))
    assert speaks.quantity(quantity, "most").replace(NBSP, " ") == said
