"""A data file becomes a dataset: what its groups share, how it copes with much, what it keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from support import AVOCADO

from explainer import site
from explainer.checks.data import check_conflicts
from explainer.checks.series import check_series
from explainer.data.dataset import Dataset
from explainer.data.load import load_dataset
from explainer.data.models import Correction
from explainer.problems import Problem, Report

DATA = (AVOCADO / "data.yaml").read_text("utf-8")
FIRST = "  price-orchard:\n    what: {en: a kilo of avocados at the orchard}\n"


def loaded(text: str) -> tuple[Dataset, list[Problem]]:
    report = Report()
    return load_dataset(report, text, "data.yaml", site.OPTIONS), report.problems


def with_claims(claims: str) -> str:
    """The small site's data with these claims before its own."""
    assert DATA.count("claims:\n  price-orchard:\n") == 1
    return DATA.replace("claims:\n  price-orchard:\n", f"claims:\n{claims}  price-orchard:\n")


# Dates


@pytest.mark.parametrize("day", ["٢٠١٩", "2019-0٥", "２０１９-05"])
def test_dates_are_written_in_digits_that_all_of_a_site_reads(day: str) -> None:
    """Digits of other scripts stand for the same, and nothing that looks for years sees them."""
    assert DATA.count("as_of: 2019-05") == 3
    _, problems = loaded(DATA.replace("as_of: 2019-05", f'as_of: "{day}"', 1))
    assert [problem.message for problem in problems] == [
        '"as_of" of claim "price-orchard" is not what it should be'
    ]
    rows = f'[["{day}", 1], [2019, 2]]'
    series = f"""
series:
  harvests:
    what: {{en: harvest}}
    measure: harvest
    unit: t
    columns: [year, weight]
    time: year
    chain: [orchard-news]
    rows: {rows}
"""
    dataset, _ = loaded(DATA + series)
    report = Report()
    check_series(report, dataset)
    assert [problem.message for problem in report.problems] == [
        f'"{day}" in the column "year" is no time'
    ]


# Groups

GROUP = """\
  abroad:
    shared:
      measure: price
      product: hass
      level: wholesale
      money: nominal
      as_of: 2018
      said_by: importer
      chain: [fruit-weekly]
      locator: {page: 3}
      checked: 2019-07-01
    claims:
      price-ship:
        what: {en: a kilo on the ship}
        value: 3 USD/kg
      price-quay:
        what: {en: a kilo on the quay}
        value: 4 USD/kg
        said_by: growers
        chain: [orchard-news]
        locator: {section: 3.10}
"""
ALONE = """\
  price-ship:
    what: {en: a kilo on the ship}
    value: 3 USD/kg
    measure: price
    product: hass
    level: wholesale
    money: nominal
    as_of: 2018
    said_by: importer
    chain: [fruit-weekly]
    locator: {page: 3}
    checked: 2019-07-01
  price-quay:
    what: {en: a kilo on the quay}
    value: 4 USD/kg
    measure: price
    product: hass
    level: wholesale
    money: nominal
    as_of: 2018
    said_by: growers
    chain: [orchard-news]
    locator: {section: 3.10}
    checked: 2019-07-01
"""


def test_claims_of_a_group_are_as_if_each_had_it_all() -> None:
    (grouped, faults), (alone, none) = loaded(with_claims(GROUP)), loaded(with_claims(ALONE))
    assert not faults and not none
    assert grouped.claims == alone.claims
    assert list(grouped.claims) == list(alone.claims)
    assert grouped.quantities == alone.quantities


def test_each_value_of_a_grouped_claim_has_its_own_line() -> None:
    text = with_claims(GROUP)
    document = loaded(text)[0].document

    def line(*path: str | int) -> str:
        return document.line(document.place(path).line).strip()

    assert line("claims", "price-ship") == "price-ship:"
    assert line("claims", "price-ship", "value") == "value: 3 USD/kg"
    assert line("claims", "price-ship", "said_by") == "said_by: importer"
    assert line("claims", "price-quay", "said_by") == "said_by: growers"
    assert line("claims", "price-ship", "chain", 0) == "chain: [fruit-weekly]"
    assert line("claims", "price-quay", "locator", "section") == "locator: {section: 3.10}"
    assert line("claims", "price-quay", "locator", "page") == "locator: {section: 3.10}"


# Texts as they are written


@pytest.mark.parametrize("written", ["010", "3.10", "007", "1e3", "+5", "0.50", "2014"])
def test_a_text_is_what_was_written(written: str) -> None:
    text = DATA.replace(
        "quote: up to $11 in Rotterdam", f"section: {written}\n      page: {written}"
    )
    text = text.replace("    title: {en: What a kilo of avocados costs}", f"    title: {written}")
    text = text.replace("note: {en: First grade only.}", f"note: {{en: {written}}}")
    dataset, faults = loaded(text)
    assert not faults
    locator = dataset.claims["price-market"].locator
    assert locator and (locator.section, locator.page) == (written, written)
    assert dataset.sources["orchard-news"].title == {"": written}
    assert dataset.claims["price-orchard"].note == {"en": written}


def test_codes_are_texts_and_numbers_numbers() -> None:
    rows = "[[0901, 2017, 010], [1250, 2018, 3.50]]"
    series = f"""\
series:
  harvests:
    what: {{en: harvest}}
    measure: harvest
    unit: t/year
    columns: [orchard, year, tonnes]
    chain: [orchard-news]
    checked: 2019-07-01
    said_by: growers
    labels:
      orchard: {{"0901": {{en: the north}}, "1250": {{en: the south}}}}
    rows: {rows}
"""
    dataset, faults = loaded(DATA.replace("disagreements:\n", f"{series}disagreements:\n"))
    assert not faults
    assert dataset.series["harvests"].rows == [["0901", 2017, 10], ["1250", 2018, 3.5]]


# Much of it


def many(lines: Iterator[str]) -> str:
    return with_claims("".join(lines))


def calculated(name: str, formula: str) -> str:
    return (
        f"  {name}:\n    what: x\n    formula: {formula}\n    unit: t/day\n    measure: harvest\n"
    )


def test_a_chain_of_formulas_as_long_as_one_likes() -> None:
    def chain() -> Iterator[str]:
        for number in range(1500, 0, -1):
            yield calculated(f"step-{number}", f'claim("step-{number - 1}") * 1')
        yield calculated("step-0", 'claim("harvest-growers") * 1')

    dataset, faults = loaded(many(chain()))
    assert not faults
    assert dataset.quantities["step-1500"].written() == "1600 t/day"
    assert dataset.grounds("step-1500") == ["harvest-growers"]


def test_a_circle_of_formulas_is_told_once() -> None:
    def circle() -> Iterator[str]:
        for number in range(1200):
            yield calculated(f"step-{number}", f'claim("step-{(number + 1) % 1200}") * 1')

    _, faults = loaded(many(circle()))
    assert [str(fault.rule) for fault in faults] == ["circular-formula"]


def test_diamonds_of_formulas_take_no_longer_than_their_number() -> None:
    def diamonds() -> Iterator[str]:
        for side in "ab":
            yield calculated(f"{side}-0", 'claim("harvest-growers") * 1')
        for number in range(1, 60):
            for side in "ab":
                last = number - 1
                formula = f'(claim("a-{last}") + claim("b-{last}")) / 2'
                yield calculated(f"{side}-{number}", formula)

    start = time.perf_counter()
    dataset, faults = loaded(many(diamonds()))
    assert not faults
    assert dataset.grounds("b-59") == ["harvest-growers"]
    assert dataset.sources_of("b-59") == ["orchard-news"]
    assert time.perf_counter() - start < 10


def test_two_thousand_claims_on_one_subject_are_compared_in_little_time() -> None:
    def claims() -> Iterator[str]:
        shared = ALONE.partition("  price-quay:")[0]
        for number in range(2000):
            value = f"value: {3 + number % 3 * 2} USD/kg"
            yield shared.replace("price-ship", f"ship-{number}").replace("value: 3 USD/kg", value)

    dataset, faults = loaded(many(claims()))
    assert not faults
    start, report = time.perf_counter(), Report()
    check_conflicts(report, dataset)
    assert time.perf_counter() - start < 5
    assert len(report.problems) == 2000 - 1, "each but the first lies apart from one before it"


def test_disputed_claims_are_compared_with_those_outside_alone() -> None:
    def claims() -> Iterator[str]:
        shared = ALONE.partition("  price-quay:")[0]
        for number, value in enumerate((3, 5, 7, 5)):
            yield shared.replace("price-ship", f"ship-{number}").replace("3 USD", f"{value} USD")

    dispute = (
        "disagreements:\n  ship:\n    question: {en: What?}\n    claims: [ship-0, ship-1, ship-2]\n"
    )
    dataset, faults = loaded(many(claims()).replace("disagreements:\n", dispute))
    assert not faults
    report = Report()
    check_conflicts(report, dataset)
    (fault,) = report.problems
    assert '"ship-3" (5 USD/kg) conflicts with "ship-0" (3 USD/kg)' in fault.message


# Corrections


def correction(**keys: Any) -> Correction:
    said = {"date": "2019-08-01", "was": "Eleven.", "now": "Twelve.", "why": "Misread."}
    return Correction.model_validate({**said, **keys})


def test_the_name_of_a_correction_is_its_own() -> None:
    plain = correction()
    assert plain.name == correction(now="Thirteen.", why="Misread again.").name
    assert plain.name != correction(date="2019-08-02").name
    assert plain.name != correction(was="Ten.").name
    assert correction(id="first").name == "first"
