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
