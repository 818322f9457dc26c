"""`build.py changes`: which figures differ between two data files, why, and on which pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import AVOCADO, like_avocado, note, run, tree, write_tree

OLD = (AVOCADO / "data.yaml").read_text("utf-8")
SERIES = """
series:
  harvests:
    what: {en: harvest by year}
    measure: harvest
    unit: t/day
    columns: [year, harvest]
    rows:
      - [2017, 1500]
      - [2018, 1550]
    said_by: growers
    chain: [orchard-news]
"""
CORRECTED = """
corrections:
  - date: 2019-08-01
    claims: [price-market]
    was: {en: Up to 11 dollars.}
    now: {en: 'It says {{ claim("price-market") }}.'}
    why: {en: We had misread the table.}
  - date: 2019-07-01
    claims: [price-market]
    was: {en: Something else.}
    now: {en: Eleven.}
    why: {en: An earlier one.}
"""
ADDED = """  price-street:
    what: {en: an avocado in the street}
    value: 1 USD/kg
    measure: price
    place: rotterdam
    product: hass
    level: retail
    money: nominal
    as_of: 2019-05
    said_by: importer
    chain: [fruit-weekly]
    checked: 2019-07-01
"""
BODY = 'From {{ claim("price-orchard") }} to {{ claim("multiple-market") }}.'
CHARTED = '{{ chart("price-ladder") }}'


@pytest.fixture
def content(here: Path) -> Path:
    """The newer version, with its notes: one price more, one less, two changed."""
    new = OLD.replace("value: up to 11 USD/kg", "value: up to 12 USD/kg")
    new = new.replace("value: 1600 t/day", "value: 1650 t/day")
    new = new.replace("  price-port:\n", "  price-harbor:\n").replace(
        "price-port,", "price-harbor,"
    )
    new = new.replace("  price-market:\n", f"{ADDED}  price-market:\n")
    files = {
        "data.yaml": new + CORRECTED + SERIES.replace("1550", "1560"),
        "index.md": note(BODY),
        "chart.md": note(CHARTED, "Chart"),
    }
    write_tree(here, {"old.yaml": OLD + SERIES})
    return like_avocado(here / "content", files)


def records(*words: str | Path) -> dict[str, dict[str, Any]]:
    done = run("changes", *words, "--json")
    assert done.code == 0, done.err
    found = [json.loads(line) for line in done.out.splitlines()]
    assert len({record["id"] for record in found}) == len(found)
    return {record["id"]: record for record in found}


def test_everything_that_differs(content: Path) -> None:
    found = records("old.yaml", "--content", content)
    assert {name: record["change"] for name, record in found.items()} == {
        "price-market": "changed",
        "multiple-market": "changed",
        "harvest-growers": "changed",
        "harvests (2018)": "changed",
        "price-harbor": "added",
        "price-street": "added",
        "price-port": "removed",
    }
    assert list(found)[-1] == "price-port", "what is gone comes last"
    keys = {"id", "change", "old", "new", "why", "pages"}
    assert all(set(record) == keys for record in found.values())


def test_old_and_new(content: Path) -> None:
    found = records("old.yaml", "--content", content)
    sides = {name: (record["old"], record["new"]) for name, record in found.items()}
    assert sides["price-market"] == ("up to $11 per kilogram", "up to $12 per kilogram")
    assert sides["multiple-market"] == ("up to about 5.5", "up to about 6")
    assert sides["price-port"] == ("$3.50 per kilogram", None)
    assert sides["price-street"] == (None, "$1 per kilogram")
    assert sides["harvests (2018)"] == ("1550 t/day", "1560 t/day")


def test_why(content: Path) -> None:
    found = records("old.yaml", "--content", content)
    why = {name: record["why"] for name, record in found.items()}
    # The newest correction that names it, or the inputs that changed.
    assert why["price-market"] == "correction of 2019-08-01: We had misread the table."
    assert why["multiple-market"] == "calculated from price-market"
    assert why["harvest-growers"] is None
    assert why["price-port"] is None


def test_pages(content: Path) -> None:
    found = records("old.yaml", "--content", content)
    assert found["multiple-market"]["pages"] == ["index.html"]
    assert found["price-market"]["pages"] == ["chart.html", "corrections.html"]
    assert found["price-harbor"]["pages"] == ["chart.html"]
    assert found["harvest-growers"]["pages"] == []


def test_what_a_summary_or_a_chart_prints_is_on_its_page(content: Path) -> None:
    drawn = """  harvests:
    form: series
    title: {en: 'Up to {{ claim("price-market") }}'}
    how_to_read: {en: Each line is one.}
    description: {en: A line.}
    series: harvests
    x: year
    y: harvest
"""
    data = (content / "data.yaml").read_text("utf-8")
    files = {
        "data.yaml": data.replace("charts:\n", f"charts:\n{drawn}"),
        "index.md": note("A note.", summary='It costs {{ claim("price-street") }}.'),
        "lines.md": note('{{ chart("harvests") }}', "Lines"),
    }
    write_tree(content, files)
    pages = {
        name: record["pages"] for name, record in records("old.yaml", "--content", content).items()
    }
    assert pages["price-street"] == ["index.html"]
    assert pages["harvests (2018)"] == ["lines.html"]
    assert pages["price-market"] == ["chart.html", "lines.html", "corrections.html"]


def test_nothing_that_prints_a_figure_is_left_out(content: Path, here: Path) -> None:
    """A disagreement, the glossary, a chart that no note shows, a block."""
    data = (content / "data.yaml").read_text("utf-8")
    block = """```vega-lite
id: drawn
title: Harvests
description: Two of them.
data: {series: harvests}
mark: point
encoding:
  x: {field: year, type: quantitative}
  y: {field: harvest, type: quantitative}
```"""
    files = {
        "data.yaml": data.replace(
            "en: The most common kind of avocado.",
            "en: 'A kilo costs {{ claim(\"price-street\") }}.'",
        ),
        "index.md": note('{{ disagreement("harvest") }}'),
        "block.md": note(block, "Block"),
    }
    write_tree(content, files)
    (content / "chart.md").unlink()
    before = tree(here)
    pages = {
        name: record["pages"] for name, record in records("old.yaml", "--content", content).items()
    }
    assert pages["price-street"] == ["glossary.html"]
    assert pages["harvest-growers"] == ["index.html"]
    assert pages["harvests (2018)"] == ["block.html"]
    assert pages["price-harbor"] == ["charts/price-ladder.html"]
    assert tree(here) == before


def test_a_language_that_is_gone_stops_nothing(content: Path, here: Path) -> None:
    write_tree(here, {"german.yaml": (OLD + SERIES).replace("[en]", "[de, en]")})
    found = records("german.yaml", "--content", content)
    assert found.keys() == records("old.yaml", "--content", content).keys()
    assert found["price-market"]["old"] == "up to $11 per kilogram"


def test_two_files_by_themselves(content: Path, here: Path) -> None:
    """An older commit's file can be compared with any other; no notes are read."""
    found = records("old.yaml", content / "data.yaml", "--content", here / "nowhere")
    assert found["price-market"]["new"] == "up to $12 per kilogram"
    assert all(record["pages"] == [] for record in found.values())


def test_in_words(content: Path) -> None:
    done = run("changes", "old.yaml", "--content", content)
    assert done.code == 0
    blocks = ("\n" + done.out).split("\nmultiple-market: ")[1].splitlines()[:3]
    assert blocks == [
        "up to about 5.5 → up to about 6",
        "    why: calculated from price-market",
        "    on: index.html",
    ]
    assert "\nprice-port: removed: $3.50 per kilogram\n" in done.out
    assert "\nprice-street: added: $1 per kilogram\n" in done.out
    assert "    why: no correction names it\n" in done.out
    assert "    on: no page\n" in done.out


def test_nothing_differs(content: Path) -> None:
    done = run("changes", content / "data.yaml", "--content", content)
    assert (done.code, done.out) == (0, "no figure changed\n")
    assert records(content / "data.yaml", "--content", content) == {}


def test_words_alone_are_no_change(content: Path, here: Path) -> None:
    text = (content / "data.yaml").read_text("utf-8")
    write_tree(here, {"same.yaml": text.replace("First grade only.", "Of any grade.")})
    assert records("same.yaml", "--content", content) == {}


def test_it_writes_nothing(content: Path, here: Path) -> None:
    before = tree(here)
    run("changes", "old.yaml", "--content", content)
    assert tree(here) == before


def test_a_file_that_cannot_be_used(content: Path, here: Path) -> None:
    done = run("changes", "older.yaml", "--content", content)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("older.yaml:1: no-content: there is no such data file\n")
    write_tree(here, {"broken.yaml": OLD.replace("value: 3.5 USD/kg", "value: lots")})
    done = run("changes", "broken.yaml", "--content", content)
    line = OLD.splitlines().index("    value: 3.5 USD/kg") + 1
    assert done.code == 1
    assert done.err.startswith(f"broken.yaml:{line}: bad-quantity: ")
    assert run("changes", content, "--content", content).code == 1


def test_one_file_at_least_is_named(here: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("changes")
    assert stopped.value.code == 2
