"""A made site of N notes with N charts, written for each of the generators that are compared.

Each note has about 300 words, a number and a chart of five. Nothing in it is random, so that every
run measures the same.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

STOPS = 5
FIRST = date(1740, 1, 1)
SENTENCES = (
    "The road climbs from the river through orchards to the pass, and down again to the plain.",
    "Growers bring their crates on market days, when buyers from the coast wait at the gate.",
    "What is sold there is sorted by size and color, and most of it leaves before noon.",
    "The rest goes to the presses, whose owners pay less and ask no questions about spots.",
    "A *good* season is remembered for years, and a poor one is blamed on the rain.",
    "Nobody keeps books that a stranger may read, so each price is what somebody says it is.",
    "Those who drive the fruit to the harbor say that **the road** is the larger part of it.",
    "At the harbor the crates are weighed, washed and packed again under another name.",
)


def price(number: int) -> int:
    """The price at a town, in dollars a kilo."""
    return 100 + (number * 37) % 900


def town(number: int) -> str:
    """The name of a town: letters only, because a digit would be a figure without a source."""
    letters = ""
    while True:
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
        if not number:
            return f"Town {letters.title()}"


def prose(number: int) -> Iterator[str]:
    """Three sections of text, another order in each note."""
    for part, heading in enumerate(("The road", "The market", "The harbor")):
        yield f"## {heading}\n"
        for paragraph in range(3):
            first = number + part + 3 * paragraph
            yield " ".join(SENTENCES[(first + n) % len(SENTENCES)] for n in range(3)) + "\n"


def stops(number: int, count: int) -> list[int]:
    """The towns of a note's chart."""
    return [(number + n) % count for n in range(STOPS)]


def write_ours(folder: Path, count: int, claims: int = 0, front: int = 1, rows: int = 0) -> None:
    """As content for this generator: every number a claim, every chart in the data file.

    `claims` is how many there are if more than notes, `front` how many charts the front page has,
    and `rows` the length of a table of days that the last note draws as a line.
    """
    towns = max(claims, count)
    folder.mkdir(parents=True)
    lines = [HEAD]
    lines += ["vocabulary:", "  measures:", "    price:", "      label: {en: price}", "  places:"]
    for n in range(towns):
        lines += [f"    town-{n}:", f"      label: {{en: {town(n)}}}"]
    lines += ["  products:", "    fruit:", "      label: {en: fruit}", SOURCES, "claims:"]
    for n in range(towns):
        lines.append(
            f"  price-{n}:\n    what: {{en: a kilo of fruit in {town(n)}}}\n"
            f"    value: {price(n)} USD/kg\n    measure: price\n    place: town-{n}\n"
            "    product: fruit\n    level: wholesale\n    money: nominal\n    as_of: 2019-05\n"
            "    said_by: growers\n    chain: [orchard-news]\n    checked: 2019-07-01"
        )
    if rows:
        lines.append(SERIES)
        days = (f"{FIRST + timedelta(n)},{price(n * n)}\n" for n in range(rows))
        (folder / "days.csv").write_text("day,price\n" + "".join(days), "utf-8")
    lines.append("charts:")
    if rows:
        lines.append(LINE)
    for n in range(count):
        named = ", ".join(f"price-{stop}" for stop in stops(n, towns))
        lines.append(
            f"  chart-{n}:\n    form: ladder\n    title: {{en: The way from {town(n)}}}\n"
            "    how_to_read: {en: Each mark is the price of a kilo at one stop.}\n"
            f"    description: {{en: 'Prices of a kilo on the way from {town(n)}.'}}\n"
            f"    stops: [{named}]"
        )
    (folder / "data.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    for n in range(count):
        words = [
            f"---\ntitle: {town(n)}\nsummary: What fruit costs there.\norder: {n + 1}\n---\n",
            f'In {town(n)} a kilo of fruit costs {{{{ claim("price-{n}") }}}}.\n',
            *(f'{{{{ chart("chart-{m}") }}}}\n' for m in range(n, n + (1 if n else front))),
            *(['{{ chart("days") }}\n'] if rows and n == count - 1 else []),
            *prose(n),
        ]
        (folder / f"{name(n)}.md").write_text("\n".join(words), "utf-8")


def write_others(folder: Path, count: int) -> None:
    """As Markdown with its numbers typed in, for MkDocs and the script, which also gets rows."""
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(
        "site_name: The price of fruit\ntheme:\n  name: material\nuse_directory_urls: false\n"
        "plugins: []\n",
        "utf-8",
    )
    for n in range(count):
        words = [f"# {town(n)}\n", f"In {town(n)} a kilo of fruit costs ${price(n)}.\n", *prose(n)]
        (folder / "docs" / f"{name(n)}.md").write_text("\n".join(words), "utf-8")
        rows = [{"town": town(stop), "price": price(stop)} for stop in stops(n, count)]
        (folder / "docs" / f"{name(n)}.json").write_text(json.dumps(rows), "utf-8")


def name(number: int) -> str:
    """The file name of a note: the first is the front page."""
    return f"town-{number}" if number else "index"


HEAD = """\
site:
  title: {en: The price of fruit}
  languages: [en]
  licence:
    name: CC BY 4.0
    url: https://creativecommons.org/licenses/by/4.0/
"""

SOURCES = """\
speakers:
  growers:
    office: {en: a growers’ association}
    kind: producer
sources:
  orchard-news:
    title: {en: What a kilo of fruit costs}
    publisher: Orchard News
    published: 2019-05
    lang: en
    url: https://example.org/orchard-news
    access: full
    licence: {en: Facts and short quotations only.}
"""

SERIES = """\
series:
  days:
    what: {en: What a kilo of fruit cost at the harbor}
    rows: days.csv
    time: day
    numbers:
      price: {what: {en: the price of a kilo}, measure: price, unit: USD/kg, product: fruit}
    heads: {day: {en: Day}, price: {en: Price of a kilo}}
    as_of: 1740..2013
    said_by: growers
    chain: [orchard-news]
    checked: 2019-07-01
"""

LINE = """\
  days:
    form: line
    title: {en: What fruit cost at the harbor}
    how_to_read: {en: The line is the price of a kilo on each day.}
    description: {en: The price of a kilo of fruit at the harbor by day.}
    series: days
    x: day
    y: price
    across_years: {en: Dollars of each year.}
"""
