"""The example that newcomers copy: it builds, it says that it is invented, it says what it said.

The golden file keeps what a reader of the example gets, and no bytes: titles, headings, claims in
the order of the page, and of each chart its rows, its words and which claims its marks show.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import yaml
from support import ROOT, TESTS, Element, inside, page, pages, run, same_or_update

EXAMPLE = ROOT / "examples" / "coffee"
WHEAT = ROOT / "examples" / "wheat"
GOLDEN = TESTS / "golden" / "coffee.json"
MOVED = ("forms.html", "formas.html")
"""Addresses that a page once had, and that lead to it."""

INVENTED = re.compile(r"invented|inventad[oa]s?|invención", re.IGNORECASE)


def test_the_example_says_what_it_said(coffee: Path) -> None:
    record = {
        path.relative_to(coffee).as_posix(): page_record(coffee, path)
        for path in pages(coffee)
        if path.name not in ("404.html", "data.html", "sources.html", *MOVED)
        and not path.name.endswith(".embed.html")
    }
    same_or_update(GOLDEN, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def test_every_page_says_that_the_numbers_are_invented(coffee: Path) -> None:
    for path in pages(coffee):
        body = page(path).one("body")
        if path.name not in ("404.html", *MOVED) and not path.name.endswith(".embed.html"):
            assert INVENTED.search(body.one("header", class_="masthead").text()), path
            assert INVENTED.search(body.one("footer", class_="colophon").text()), path
        for figure in body.all("figure", class_="chart"):
            # A note in the caption of each chart, and a word in the name that drawings carry.
            assert INVENTED.search(figure.one("figcaption").text()), path
            for title in figure.all("title"):
                assert INVENTED.search(title.text()), path


def test_every_source_says_that_it_is_invented() -> None:
    data = yaml.safe_load((EXAMPLE / "content" / "data.yaml").read_text("utf-8"))
    for name, source in data["sources"].items():
        for code in data["site"]["languages"]:
            assert INVENTED.search(source["title"][code]), name
            assert INVENTED.search(source["note"][code]), name
        assert "url" not in source and "author" not in source, name
    for code in data["site"]["languages"]:
        assert INVENTED.search(data["site"]["description"][code])
    assert not [name for name, speaker in data["speakers"].items() if "name" in speaker]


def test_its_readme_names_entries_that_exist() -> None:
    readme = (EXAMPLE / "README.md").read_text("utf-8")
    data = yaml.safe_load((EXAMPLE / "content" / "data.yaml").read_text("utf-8"))
    known = {name for section in data.values() if isinstance(section, dict) for name in section}
    table = readme.partition("| You want to see")[2].partition("\n\n")[0]
    ids = re.findall(r"`([a-z-]+)`", table)
    assert len(ids) > 15
    assert not [name for name in ids if name not in known | set(data) | {"units"}]
    command = ".venv/bin/python build.py --content examples/coffee/content --output coffee-site"
    assert f"\n```sh\n{command}\n```\n" in readme


def test_code_in_a_note_is_left_alone(coffee: Path) -> None:
    for folder in ("", "es/"):
        codes = [code.text() for code in page(coffee / f"{folder}index.html").all("code")]
        assert codes == ['{{ claim("price-farm") }}']


def test_wheat_says_what_it_said(wheat: Path) -> None:
    """The example of real data: a table is read, drawn, calculated with, cited and published."""
    record = {
        path.name: page_record(wheat, path)
        for path in map(wheat.joinpath, ("index.html", "claim.html", "later.html"))
    }
    same_or_update(GOLDEN.with_name("wheat.json"), json.dumps(record, indent=1) + "\n")
    table = (WHEAT / "content" / "wheat.csv").read_bytes()
    assert (wheat / "data" / "series" / "wheat.csv").read_bytes() == table
    worked = page(wheat / "claim.html").one(id="ref-weeks-1810").text()
    assert "99 shillings (the price of a quarter of wheat, 1810)" in worked
    assert "via Playfair’s letter, as cited by vega-datasets." in " ".join(worked.split())


def test_wheat_is_warned_of_nothing(wheat: Path, workshop: Path) -> None:
    with inside(workshop):
        done = run("check", "--strict", "--content", wheat.parent / "content")
    assert done.code == 0 and ", 0 warnings" in done.err


def test_the_readme_of_wheat_names_entries_that_exist() -> None:
    readme = (WHEAT / "README.md").read_text("utf-8")
    data = (WHEAT / "content" / "data.yaml").read_text("utf-8")
    named = re.findall(r"`([a-z]+-[a-z0-9-]+)`", readme)
    assert len(named) > 5
    assert not [name for name in named if f"  {name}:\n" not in data]


# What a page and a chart say


def page_record(site: Path, path: Path) -> dict[str, Any]:
    """A page: its title, its headings, the claims it prints in order, its charts."""
    main = page(path).one("main")
    charts = main.all("figure", class_="chart")
    references = {id(link) for part in main.all(class_="references") for link in part.walk()}
    charted = {id(element) for chart in charts for element in chart.walk()}
    alone = path.parent.name == "charts"
    return {
        "title": main.one("h1").text(),
        "headings": [
            f"{element.tag} {element.text()}"
            for element in main.walk()
            if element.tag in ("h2", "h3", "h4")
        ],
        "claims": [
            f"{link.attrs['data-claim']}: {link.text()}"
            for link in main.all("a", class_="claim")
            if id(link) not in references and (alone or id(link) not in charted)
        ],
        "charts": [
            chart.attrs["data-chart"] if alone else chart_record(site, path, chart)
            for chart in charts
        ],
    }


def chart_record(site: Path, path: Path, figure: Element) -> dict[str, Any]:
    """A chart in a page: its title, its rows, and of each drawing its words and its marks."""
    name = figure.attrs["data-chart"]
    with (path.parent / "charts" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [" | ".join(cells) for cells in csv.reader(lines)]
    record: dict[str, Any] = {"id": name, "title": figure.one(id=f"chart-{name}-title").text()}
    record["rows"] = rows
    for drawing in ("wide", "narrow"):
        svg = figure.one("div", class_=f"drawing {drawing}").one("svg")
        record[drawing] = {
            # Their order in the file is the order of layers, which no reader sees.
            "texts": sorted(said(text) for text in svg.all("text")),
            # A mark that names its claim opens what is known of it.
            "marks": sorted(e.attrs["data-claim"] for e in svg.walk() if "data-claim" in e.attrs),
        }
    return record


def said(text: Element) -> str:
    """A text of a drawing, its lines joined."""
    lines = text.all("tspan")
    return " ".join(line.text() for line in lines) if lines else text.text()
