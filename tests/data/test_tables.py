"""Tables beside the data file: what is read of them, what formulas take, and what is published."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from support import AVOCADO, build_into, inside, page

from explainer import site
from explainer.charts.tables import SPANS, thinned
from explainer.checks.series import check_series
from explainer.data.dataset import Dataset
from explainer.data.load import load_dataset
from explainer.problems import Report
from explainer.project import Blob

DATA = """
site: {title: Crates, languages: [en], licence: {name: CC BY 4.0, url: https://creativecommons.org/}}
vocabulary:
  measures:
    price: {label: price}
    count: {label: count, signed: true}
  units:
    crate: {label: {en: {one: crate, other: crates}}}
speakers:
  growers: {office: the growers, kind: producer}
sources:
  news: {title: News, lang: en, access: full, licence: Facts only.}
claims:
  from-the-market:
    shared: {measure: price, money: nominal, level: retail, said_by: growers, checked: 2019-07-01}
    claims: prices.csv
  dearest: {what: a, measure: price, formula: 'max(series("crates", column="usd"))', unit: USD/crate}
  cheapest: {what: a, measure: price, formula: 'min(series("crates", column="usd", market="Rotterdam"))', unit: USD/crate}
  in-january: {what: a, measure: price, formula: 'series("crates", column="usd", month="2019-01")', unit: USD/crate}
  first-year: {what: a, measure: count, formula: 'sum(series("crates", column="sold", month="2018..2019"))', unit: crate}
  before: {what: a, measure: count, formula: 'first(series("crates", column="sold"))', unit: crate}
  now: {what: a, measure: count, formula: 'last(series("crates", column="sold"))', unit: crate}
  mean: {what: a, measure: price, formula: 'mean(series("crates", column="usd"))', unit: USD/crate}
  twice: {what: a, measure: price, formula: '2 * series("crates", column="usd", month=2020-01) - claim("dearest")', unit: USD/crate}
series:
  crates:
    what: Crates
    time: month
    numbers:
      usd: {unit: USD/crate, measure: price, money: nominal, level: retail}
      sold: {unit: crate, measure: count}
    chain: [news]
    rows: tables/crates.csv
""".replace("month=2020-01", 'month="2020-01"')  # noqa: E501

CRATES = (
    "\ufeffmonth,market,code,usd,sold\r\n"
    '2020-01,"Rotterdam, port",0901,7,900719925474099\r\n'
    "\r\n"
    "2019-01,Los Angeles,1250,10.55,3\r\n"
    '2019-02,"Rotterdam",0010,12,\r\n'
    "2018-12,Rotterdam,0902,9.5,-2\r\n"
)
PRICES = """\
id,what.en,value,digits,as_of,chain,locator.page
in-may,"a kilo, in May",about 1234.56 USD,3,2018-05,times > news,7
in-june,a kilo in June,1234.56 USD,,2018-06,news,
"""


def loaded(crates: str = CRATES, data: str = DATA) -> tuple[Dataset, Report]:
    files = {"tables/crates.csv": crates, "prices.csv": PRICES}
    beside = {n: Blob(n, Path(n), text.encode(), (0, 0, 0)) for n, text in files.items()}
    report = Report()
    return load_dataset(report, data, "data.yaml", site.OPTIONS, beside), report


def test_a_table_is_read_as_it_is_written() -> None:
    dataset, report = loaded()
    assert not report.problems
    crates = dataset.series["crates"]
    assert crates.columns == ["month", "market", "code", "usd", "sold"]
    assert crates.rows[0] == ["2020-01", "Rotterdam, port", "0901", 7, 900719925474099]
    assert crates.cells("code") == ["0901", "1250", "0010", "0902"]
    assert crates.rows[2] == ["2019-02", "Rotterdam", "0010", 12, None]
    place = dataset.document.place(("series", "crates", "rows", 2))
    assert (place.file, place.line) == ("tables/crates.csv", 5)


def test_formulas_take_numbers_of_a_series() -> None:
    written = {name: q.written() for name, q in loaded()[0].quantities.items()}
    assert written == {
        "in-may": "about 1230 USD", "in-june": "1234.56 USD", "dearest": "12 USD/crate",
        "cheapest": "9.5 USD/crate", "in-january": "10.55 USD/crate", "first-year": "1 crate",
        "before": "-2 crate", "now": "900719925474099 crate", "mean": "9.76 USD/crate",
        "twice": "2 USD/crate",
    }  # fmt: skip
    dataset = loaded()[0]
    assert dataset.sources_of("twice") == ["news"]
    assert (dataset.read_series("twice"), dataset.inputs("twice")) == (["crates"], ["dearest"])


def test_a_number_of_a_series_is_said_by_who_says_the_series() -> None:
    growers = DATA.replace("    chain: [news]", "    said_by: growers\n    chain: [news]")
    for data, speaker in ((growers, "growers"), (DATA, None)):
        dataset = loaded(data=data)[0]
        read = {name for name in dataset.formulas if not dataset.ours(name)}
        assert read == {"dearest", "cheapest", "in-january", "before", "now"}
        for name in read:
            claim = dataset.claims[name]
            assert (claim.said_by, claim.chain) == (speaker, ["news"])
        assert [dataset.claims[name].speakers for name in ("mean", "twice")] == [[], []]
        assert dataset.claims["dearest"].money == "nominal"
        times = {name: dataset.claims[name].as_of for name in sorted(read)}
        assert times == {"before": "2018-12", "cheapest": "2018-12", "dearest": "2019-02",
                         "in-january": "2019-01", "now": "2020-01"}  # fmt: skip
    alike = loaded(CRATES.replace("10.55", "12"))[0]
    assert alike.claims["dearest"].as_of is None


def one_series(rows: str, keys: str, formula: str) -> tuple[Dataset, list[str]]:
    """A series of a CSV file with one claim over it, and what is wrong."""
    series = (
        f"series:\n  crates: {{what: Crates, chain: [news], rows: tables/crates.csv, {keys}}}\n"
    )
    start, rest = DATA.partition("claims:\n")[0], "measure: count, unit: crate, digits: 9"
    claim = f"claims:\n  one: {{what: a, {rest}, formula: '{formula}'}}\n"
    dataset, report = loaded(rows, start + claim + series)
    check_series(report, dataset)
    return dataset, [f"{p.message}; {p.hint}" for p in report.problems]


def test_numbers_in_thousands_a_month_of_one_day_and_a_cell_that_is_not_there() -> None:
    rows = "day,town,crates\n2019-01-01,all,0.29\n2019-02-01,all,7\n"
    keys = "time: day, measure: count, unit: crate, scale: 1000"
    written = [
        ('series("crates", day="2019-01")', "290 crate"),
        ('sum(series("crates", town="all"))', "7290 crate"),
    ]
    for formula, number in written:
        dataset, wrong = one_series(rows, keys, formula)
        assert (wrong, dataset.quantities["one"].written()) == ([], number)
    own = "time: day, numbers: {crates: {measure: count, unit: crate, scale: 0.1}}"
    formula = 'series("crates", town="All", day="2019-02")'
    dataset, wrong = one_series(rows, own, formula)
    assert wrong[0] == 'no cell "All" in the column "town" of "crates"; did you mean "all"?'
    assert [row[2] for row in dataset.series["crates"].rows] == [0.029, 0.7]


def test_a_wide_table_is_told_of_once() -> None:
    rows = "day,oak,ash,elm\n2019-01-01,4,5,0.5\n2019-02-01,6,7,0.5\n2019-03-01,6,7,0.5\n"
    keys = "time: day, measure: count, unit: crate"
    only = 'only the column "elm" of "crates" is read as numbers; name all of them under numbers: '
    for formula, count in (('series("crates", column="ash", day="2019-01")', 2), ("1", 1)):
        wrong = one_series(rows, keys, formula)[1]
        assert sum(line.startswith(only) for line in wrong) == count


def test_what_rests_on_an_unknown_unit_does_not_tell_of_it_again() -> None:
    rows = "day,town,crates\n2019-01-01,all,5\n2019-02-01,all,7\n"
    keys = "time: day, measure: count, unit: crat"
    dataset, wrong = one_series(rows, keys, 'max(series("crates"))')
    assert len(wrong) == 1 and wrong[0].startswith('no unit "crat"')
    assert ("claims", "one") in dataset.broken


def test_claims_of_a_table_are_claims() -> None:
    claim = loaded()[0].claims["in-may"]
    assert (claim.chain, claim.said_by, claim.level) == (["times", "news"], "growers", "retail")
    assert claim.what == {"en": "a kilo, in May"}
    assert claim.locator and claim.locator.page == "7"


def test_a_thinned_line_keeps_its_ends_and_each_extreme() -> None:
    rows = [(f"{1000 + n // 12}-{n % 12 + 1:02}", (n * 7919) % 1009, {}) for n in range(12_000)]
    rows[5_000] = (rows[5_000][0], 99_999, {})
    kept = thinned(list(reversed(rows)))
    assert len(kept) <= 2 * SPANS + 2 and kept == sorted(kept)
    assert kept[0] == rows[0] and kept[-1] == rows[-1] and rows[5_000] in kept
    assert min(row[1] for row in kept) == 0


def test_a_wrong_table_is_no_flood() -> None:
    wrong = "".join(f"2019-01,x,{n},no,1\n" for n in range(50))
    dataset, report = loaded("month,market,code,usd,sold\n" + wrong)
    del report.problems[:]
    check_series(report, dataset)
    assert [p.place.line for p in report.problems[:-1]] == [*range(2, 12)]
    assert report.problems[-1].message == '"crates" has 40 more such faults'


def test_a_site_follows_its_table(
    workshop: Path, written: Callable[[Mapping[str, str | bytes]], Path], tmp_path: Path
) -> None:
    """A formula prints the table's number, its page says whence, and the whole file is published;
    a line over more rows than a picture shows is thinned, and says so."""
    data = (AVOCADO / "data.yaml").read_text("utf-8")
    claim = (
        "claims:\n  dearest: {what: the dearest day, measure: price, unit: USD/crate, "
        'formula: \'max(series("days", column="usd"))\'}\n'
    )
    series = """
series:
  days:
    what: a crate, day by day
    time: day
    numbers:
      usd: {what: the price of a crate, unit: USD/crate, measure: price, money: real 2019, level: retail}
      sold: {what: crates sold, unit: crate, measure: harvest}
    chain: [orchard-news]
    rows: days.csv
"""  # noqa: E501
    chart = (
        "charts:\n  daily: {form: line, title: Prices, description: A line., "
        "how_to_read: A line., series: days, y: usd}\n"
    )
    days = [f"{1990 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(4_000)]
    rows = [f"{day},{20 + n % 50},{n % 9}" for n, day in enumerate(days)]
    files = {
        "data.yaml": data.replace("claims:\n", claim, 1).replace("charts:\n", chart, 1) + series,
        "index.md": (AVOCADO / "index.md").read_text("utf-8")
        + '\nThe dearest crate: {{ claim("dearest") }}.\n\n{{ chart("daily") }}\n',
    }

    def built(last: str) -> Path:
        table = "\n".join(["day,usd,sold", *rows[:-1], last, ""])
        content = written({**files, "days.csv": table})
        with inside(workshop):
            return build_into(content, tmp_path / "site")

    one = built(rows[-1])
    assert (one / "data/series/days.csv").read_text().count("\n") == 4_001
    package = json.loads((one / "data/datapackage.json").read_text())
    [resource] = [r for r in package["resources"] if r["name"] == "series-days"]
    assert [field["type"] for field in resource["schema"]["fields"]] == [
        "string",
        "number",
        "number",
    ]
    assert "of 4,000 rows are drawn" in page(one / "index.html").one(id="chart-daily").text()
    read = page(one / "index.html").one(id="ref-dearest").text()
    assert "In the table: $69 (highest of the price of a crate)" in read
    assert "alculation" not in read
    entry = page(one / "data.html").one(id="dearest").text()
    assert "Said by Orchard News" in entry and "In the table: $69" in entry
    source = page(one / "sources.html").one(id="orchard-news").text()
    assert "the dearest day" in source
    chart = page(one / "charts/daily.html")
    assert len(chart.one("tbody").all("tr")) == 500 and "The first 500 rows" in chart.text()

    two = built(f"{days[-1]},99,1")
    assert "$99" in page(two / "index.html").one(id="ref-dearest").text()
