"""The estimates: their rows and units, what they refuse to draw, and what their drawings say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from support import AVOCADO, Element, build_into, inside, layers, like_avocado, note, page, run

CLAIMS = """
  harvest-office:
    what: {en: harvest of Michoacán}
    value: at least 50000 t/month
    measure: harvest
    place: michoacan
    product: hass
    as_of: 2018-11
    said_by: importer
    chain: [fruit-weekly]
    checked: 2019-07-01
  harvest-ceiling:
    what: {en: harvest around Uruapan}
    label: {en: a packing house by the road}
    value: up to 1000000 t/year
    measure: harvest
    place: uruapan
    product: hass
    as_of: 2017
    said_by: importer
    chain: [fruit-weekly]
    checked: 2019-07-01
  harvest-doubled:
    what: {en: twice the growers’ harvest}
    formula: claim("harvest-growers") * 2
    unit: t/day
    measure: harvest
    place: michoacan
    product: hass
  price-2018:
    what: {en: a kilo of avocados the year before}
    value: 4 USD/kg
    measure: price
    place: los-angeles
    product: hass
    level: wholesale
    money: nominal
    as_of: 2018
    said_by: growers
    chain: [orchard-news]
    checked: 2019-07-01
  price-real:
    what: {en: a kilo of avocados in the money of another year}
    value: 5 USD/kg
    measure: price
    place: los-angeles
    product: hass
    level: wholesale
    money: real 2015
    as_of: 2019-05
    said_by: importer
    chain: [orchard-news]
    checked: 2019-07-01
  price-fuerte:
    what: {en: a kilo of another kind of avocado}
    value: 2.5 USD/kg
    measure: price
    place: los-angeles
    product: fuerte
    level: wholesale
    money: nominal
    as_of: 2019-05
    said_by: growers
    chain: [orchard-news]
    checked: 2019-07-01

disagreements:
  prices:
    question: {en: What does a kilo cost?}
    claims: [price-port, price-2018, price-real, price-fuerte]
"""
CHART = """
charts:
  count:
    form: estimates
    title: {en: Nobody agrees on the harvest}
    how_to_read: {en: Each row is one answer.}
    description: {en: A chart of what is said of the harvest.}
"""
ALL = "[harvest-growers, harvest-importer, harvest-office, harvest-ceiling, harvest-doubled]"
TEXTS = {
    "harvest-growers": "1,600 tonnes",
    "harvest-importer": "about 2,300–2,500 tonnes",
    "harvest-office": "at least 50,000 tonnes per month",
    "harvest-ceiling": "up to 1,000,000 tonnes per year",
    "harvest-doubled": "3,200 tonnes",
}


def with_chart(folder: Path, options: str) -> Path:
    """The small site with more claims, and with one chart of estimates with these options."""
    data = (AVOCADO / "data.yaml").read_text("utf-8")
    data = data.replace("      label: {en: Hass avocados}\n", "      label: {en: Hass avocados}\n"
                        "    fuerte:\n      label: {en: Fuerte avocados}\n")  # fmt: skip
    data = data.replace("\ndisagreements:\n", CLAIMS)
    data = data.replace(
        "[harvest-growers, harvest-importer]",
        "[harvest-growers, harvest-importer, harvest-office, harvest-ceiling, harvest-doubled]",
    )
    data = data.replace("\ncharts:\n", CHART + "".join(f"    {o}\n" for o in options.splitlines()))
    return like_avocado(
        folder, {"data.yaml": data, "index.md": note('{{ chart("count") }}\n\n{{ term("hass") }}')}
    )


@pytest.fixture(scope="module")
def harvests(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """A site whose chart has an exact figure, a range, both open ends and a calculation."""
    folder = tmp_path_factory.mktemp("estimates")
    with inside(workshop):
        return build_into(with_chart(folder / "content", f"claims: {ALL}"), folder / "site")


def rows(site: Path) -> list[dict[str, str]]:
    """The rows of the chart as its CSV file gives them."""
    with (site / "charts" / "count.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def drawings(site: Path) -> list[Element]:
    """The wide and the narrow drawing of the chart in its page."""
    figure = page(site / "index.html").one("figure", data_chart="count")
    found = [svg for svg in figure.all("svg") if svg.all("text")]
    assert len(found) == 2
    return found


def test_each_row_says_who_when_and_how_much_as_it_was_stated(harvests: Path) -> None:
    found = {row["id"]: row for row in rows(harvests)}
    assert {name: row["text"].replace("\u00a0", " ") for name, row in found.items()} == TEXTS
    assert {name: row["label"] for name, row in found.items()} == {
        "harvest-growers": "A growers’ association",
        "harvest-importer": "An importer",
        "harvest-office": "An importer",
        "harvest-ceiling": "A packing house by the road",
        "harvest-doubled": "Twice the growers’ harvest",
    }
    assert {name: row["remark"] for name, row in found.items()} == {
        "harvest-growers": "2019",
        "harvest-importer": "2019",
        "harvest-office": "November 2018",
        # The only one about another place says so.
        "harvest-ceiling": "2017 · Uruapan",
        "harvest-doubled": "Our calculation",
    }


def test_numbers_are_in_the_unit_of_the_axis(harvests: Path) -> None:
    found = {row["id"]: row for row in rows(harvests)}
    assert {row["unit"] for row in found.values()} == {"t/day"}
    assert float(found["harvest-office"]["low"]) == pytest.approx(50000 * 12 / 365)
    assert (found["harvest-office"]["high"], found["harvest-office"]["open"]) == ("", "high")
    assert float(found["harvest-ceiling"]["high"]) == pytest.approx(1_000_000 / 365)
    assert (found["harvest-ceiling"]["low"], found["harvest-ceiling"]["open"]) == ("", "low")
    assert (found["harvest-importer"]["low"], found["harvest-importer"]["high"]) == ("2300", "2500")


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("listed", "harvest-growers", "harvest-doubled"),
        # A calculation has no date of its own.
        ("time", "harvest-ceiling", "harvest-doubled"),
        ("value", "harvest-growers", "harvest-doubled"),
    ],
)
def test_rows_are_sorted_and_counted_as_the_options_say(
    tmp_path: Path, workshop: Path, sort: str, first: str, last: str
) -> None:
    content = with_chart(tmp_path / "content", f"claims: {ALL}\nsort: {sort}\nunit: t/year")
    with inside(workshop):
        found = rows(build_into(content, tmp_path / "site"))
    assert (found[0]["id"], found[-1]["id"]) == (first, last)
    assert {row["unit"] for row in found} == {"t/year"}
    assert {row["value"] for row in found if row["id"] == "harvest-growers"} == {"584000"}


def test_both_drawings_say_every_figure_with_its_qualifier(harvests: Path) -> None:
    for drawing in drawings(harvests):
        said = " ".join(" ".join(text.text() for text in drawing.all("text")).split())
        words = " ".join(" ".join(line.text() for line in drawing.all("tspan")).split())
        for text in TEXTS.values():
            assert text in said.replace("\u00a0", " ") or text in words.replace("\u00a0", " "), text
        assert "Our calculation" in said and "Tonnes per day" in said
        assert "up to: a ceiling" in said and "at least: a floor" in said


def test_the_axis_starts_at_zero_and_nothing_is_smaller_than_twelve_px(harvests: Path) -> None:
    for drawing in drawings(harvests):
        texts = drawing.all("text")
        assert "0" in [text.text() for text in texts]
        sizes = {text.attrs["font-size"] for text in texts}
        assert {float(size.removesuffix("px")) for size in sizes} <= {13.0, 15.0}


def test_every_mark_speaks_and_names_who_said_it(harvests: Path) -> None:
    for script in page(harvests / "index.html").all("script", type="application/json"):
        spec = json.loads("".join(str(part) for part in script.children))
        marks = [layer for layer in layers(spec) if layer["mark"].get("aria") is not False]
        assert {layer["mark"]["type"] for layer in marks} == {"bar", "point"}
        assert all(m["encoding"]["description"]["field"] == "description" for m in marks)
        said = {row["id"]: row["description"] for row in spec["data"]["values"]}
        assert {name: text.replace("\u00a0", " ") for name, text in said.items()} == {
            "harvest-growers": "Harvest of Michoacán: 1,600 tonnes per day. "
            "A growers’ association, 2019.",
            "harvest-importer": "Harvest of Michoacán: about 2,300–2,500 tonnes per day. "
            "An importer, 2019.",
            "harvest-office": "Harvest of Michoacán: at least 50,000 tonnes per month. "
            "An importer, November 2018.",
            "harvest-ceiling": "Harvest around Uruapan: up to 1,000,000 tonnes per year. "
            "An importer, Uruapan, 2017.",
            "harvest-doubled": "Twice the growers’ harvest: 3,200 tonnes per day. Our calculation.",
        }


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("claims: [price-port, price-2018]", "nominal money of different years"),
        ("claims: [price-port, price-real]", "money of different kinds"),
        ("claims: [price-port, price-fuerte]", "prices of different products"),
        ("claims: [price-port, price-port]", 'names "price-port" twice'),
        ("claims: [harvest-growers, price-port]", "do not share a unit"),
        (f"claims: {ALL}\nunit: t", 'cannot be counted in "t"'),
        (f"claims: {ALL}\nunit: furlong", 'no unit "furlong"'),
        (f"claims: {ALL}\nunit: crate/day", 'cannot be counted in "crate/day"'),
        ("claims: [price-port]", "at least 2"),
        ("claims: [price-port, price-prot]", 'no claim "price-prot"'),
        (f"claims: {ALL}\nsort: random", "sort"),
    ],
)
def test_what_would_mislead_is_refused(here: Path, options: str, reason: str) -> None:
    done = run("check", "--content", with_chart(here / "content", options))
    assert done.code == 1 and reason in done.err, done.err


def test_prices_of_one_product_year_and_kind_of_money_may_share_an_axis(
    tmp_path: Path, workshop: Path
) -> None:
    content = with_chart(tmp_path / "content", "claims: [price-orchard, price-port, price-market]")
    with inside(workshop):
        site = build_into(content, tmp_path / "site")
    for drawing in drawings(site):
        assert {"$0", "$5", "$10"} <= {text.text() for text in drawing.all("text")}
