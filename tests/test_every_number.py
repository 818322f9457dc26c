"""Every digit that a reader meets on a page comes from a claim, or says why not.

Digits are planted in content, where the build must refuse them by file and line, and in built
pages, where the reader of `digits.py` itself must notice.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import planting
import pytest
import yaml
from conftest import copy_of
from digits import KINDS, claimed, faults_of, read_site
from support import ROOT, build_into, inside, like_avocado, note, page, pages, run

from explainer.figures.blocks import Block
from explainer.notes.note import Front

COFFEE = ROOT / "examples" / "coffee" / "content"

# A whole site


@pytest.fixture
def site(coffee: Path) -> Path:
    return coffee


def test_every_digit_comes_from_a_claim_or_says_why_not(site: Path) -> None:
    found = read_site(site)
    print(f"{site}: {found.report()}")
    assert not found.faults, found.report()
    assert found.kinds["plain"] <= 20, f"exemptions by hand should stay few: {found.report()}"


# Planted in content: the build refuses them

ORCHARD = """## Prices {#prices}

- An orchard and a market.

| Place | Note |
| --- | --- |
| Orchard | cheap |

![Trees](tree.svg "A photograph by Ana")

The {{ term("hass") }} costs {{ claim("price-orchard") }} there.[^a]

{{ chart("price-ladder") }}

{{ disagreement("harvest") }}

[^a]: At the gate.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>'
BLOCK = """

```vega-lite
id: prices
title: What a kilo costs
description: Two prices.
data: {claims: [price-orchard, price-port]}
mark: {type: point, tooltip: true}
encoding:
  x: {field: value, type: quantitative, title: Price}
  y: {field: label, type: nominal, title: null}
```
"""

IN_NOTE = {
    "title": ("title: Avocados", "title: Avocados in 47 shops"),
    "summary": ("summary: What a kilo costs.", "summary: What 47 kilos cost."),
    "heading": ("## Prices {#prices}", "## Prices in 47 shops {#prices}"),
    "list": ("- An orchard and", "- 47 orchards and"),
    "table": ("| Orchard | cheap |", "| Orchard | 47 trees |"),
    "table head": ("| Place | Note |", "| Place | Of 47 |"),
    "alt text": ("![Trees]", "![47 trees]"),
    "credit": ("by Ana", "by Ana, 47"),
    "prose": ("The {{ term", "In 47 shops the {{ term"),
    "footnote": ("At the gate.", "At 47 gates."),
}
IN_DATA = {
    "chart title": ("a kilo'}", "a kilo in 47 shops'}"),
    "chart description": ("A ladder of prices", "A ladder of 47 prices"),
    "how to read": ("Each mark is", "Each of 47 marks is"),
    "drawing": ("    value: 3.5 USD/kg", "    label: {en: 47 shops}\n    value: 3.5 USD/kg"),
    "reference": ("First grade only.", "Grade 47 only."),
    "what": ("what: {en: a kilo of avocados in L", "what: {en: 47 kilos of avocados in L"),
    "speaker": ("office: {en: an importer}", "office: {en: importer 47}"),
    "disagreement": ("How much does Michoacán", "How much do 47 towns of Michoacán"),
    "implied": ("One kilo in three", "47 kilos in a hundred"),
    "settled by": ("A count of the trucks", "A count of 47 trucks"),
    "site's title": ("en: The price of an avocado", "en: The price of 47 avocados"),
    "place": ("label: {en: Uruapan}", "label: {en: Uruapan 47}"),
    "measure": ("label: {en: price}", "label: {en: price 47}"),
    "product": ("label: {en: Hass avocados}", "label: {en: Hass 47 avocados}"),
    "meaning": ("The most common kind", "The most common of 47 kinds"),
}
IN_BLOCK = {
    "title": ("title: What a kilo costs", "title: What 47 kilos cost"),
    "description": ("description: Two prices.", "description: The first 47 prices."),
    "axis": ("title: Price}", "title: Price in 47 shops}"),
    "text channel": ("  y: {f", "  text: {value: 47 shops}\n  y: {f"),
    "lines of a title": ("title: Price}", "title: [Price, in 47 shops]}"),
    "text mark": ("{type: point, tooltip: true}", "{type: text, text: 47 shops}"),
}


@pytest.fixture
def orchard(here: Path) -> Callable[[str, str, str], list[dict[str, object]]]:
    """Changes one place of a sound site; gives the errors that `check` then finds."""
    files = {"index.md": note(ORCHARD + BLOCK), "tree.svg": SVG}
    content = like_avocado(here / "content", files)

    def changed(file: str, old: str, new: str) -> list[dict[str, object]]:
        path = content / file
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, old
        path.write_text(text.replace(old, new, 1), "utf-8")
        done = run("--content", content, "--output", here / "site", "--json")
        records = [json.loads(line) for line in done.out.splitlines()]
        assert done.code == (1 if records else 0), done.err
        return records

    return changed


def test_the_orchard_is_sound(
    orchard: Callable[[str, str, str], list[dict[str, object]]], here: Path
) -> None:
    assert orchard("index.md", "cheap", "cheap") == []
    found = read_site(here / "site")
    assert not found.faults, found.report()


@pytest.mark.parametrize("place", IN_NOTE)
def test_refused_in_a_note(
    place: str, orchard: Callable[[str, str, str], list[dict[str, object]]], here: Path
) -> None:
    _refused(orchard("index.md", *IN_NOTE[place]), here / "content" / "index.md")


@pytest.mark.parametrize("place", IN_DATA)
def test_refused_in_the_data_file(
    place: str, orchard: Callable[[str, str, str], list[dict[str, object]]], here: Path
) -> None:
    _refused(orchard("data.yaml", *IN_DATA[place]), here / "content" / "data.yaml")


def test_names_of_fields_and_formats_are_no_words(
    orchard: Callable[[str, str, str], list[dict[str, object]]],
) -> None:
    new = '  text: {field: value, type: quantitative, format: ".2f"}\n  y: {f'
    assert orchard("index.md", "  y: {f", new) == []


@pytest.mark.parametrize("place", IN_BLOCK)
def test_refused_in_a_vega_lite_block(
    place: str, orchard: Callable[[str, str, str], list[dict[str, object]]], here: Path
) -> None:
    _refused(orchard("index.md", *IN_BLOCK[place]), here / "content" / "index.md")


def _refused(found: Sequence[dict[str, object]], file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    planted = next(number for number, line in enumerate(lines, 1) if "47" in line)
    assert [r["rule"] for r in found] == ["unbound-number"], found
    assert str(found[0]["file"]).endswith(file.name)
    assert (found[0]["line"], "47" in str(found[0]["message"])) == (planted, True)


# Planted in every place of the models, found by walking them


@pytest.fixture(scope="module")
def raw() -> Any:
    """The data of the example, which has every form and kind of claim, and what it has not."""
    data = planting.raw(COFFEE)
    data["site"] |= {
        "authors": [{"en": "the desk", "es": "la mesa"}],
        "logo": {"file": "logo.svg", "alt": {"en": "a cup", "es": "una taza"}},
    }
    data["series"]["table"] = {
        **{key: value for key, value in next(iter(data["series"].values())).items()
           if key not in ("columns", "labels", "heads", "unit", "measure", "money", "level")},
        "rows": planting.TABLE,
        "time": "year",
        "numbers": {"weight": {"what": {"en": "a", "es": "b"}, "unit": "kg", "measure": "weight"}},
    }  # fmt: skip
    return data


def test_every_key_that_can_hold_a_text_is_planted_in(raw: Any) -> None:
    assert {str(place) for place in planting.places(raw)} == planting.wanted()


def test_a_text_of_the_data_file_binds_its_numbers_in_every_language(raw: Any) -> None:
    numbers = planting.numbers(47_000)
    data, planted = raw, dict[planting.Place, dict[str, str]]()
    for place in planting.places(raw):
        if place.local:
            said = planted[place] = {code: next(numbers) for code in ("en", "es")}
            texts = {code: f"All {number} drums" for code, number in said.items()}
            data = planting.planted(data, place, texts)
    text, found = planting.written(data), planting.problems_of(COFFEE, data)
    for place, said in planted.items():
        for code, number in said.items():
            lines = planting.lines_with(text, number)
            told = [(p.rule, p.place.line) for p in found if f'"{number}"' in p.message]
            wanted = [] if str(place) in NAMED else [("unbound-number", line) for line in lines]
            assert told == wanted, f"{place} in {code}"


NAMED = {
    "Source.title",
    "Source.publisher",
    "Source.licence",
    "Source.short",
    "Term.term",
    "Term.expansion",
    "Correction.was",
}
"""Texts whose numbers are names or quoted: the page marks them so."""


def test_plain_words_hold_no_number_but_as_names(raw: Any, tmp_path: Path, workshop: Path) -> None:
    numbers = planting.numbers(48_000)
    let_be, data = {}, raw
    for place in planting.places(raw):
        number = next(numbers)
        texts = dict.fromkeys(("en", "es"), f"{number} drums")
        changed = planting.planted(raw, place, texts)
        named = place.local and str(place) in NAMED
        if named or (not place.local and not planting.problems_of(COFFEE, changed)):
            let_be[number] = str(place)
            data = planting.planted(data, place, texts)
    assert set(let_be.values()) == NAMED | WORDS
    # What is let be is printed as what it is: the reader of pages, above, finds none loose.
    content = copy_of(COFFEE, tmp_path / "content")
    site = tmp_path / "site"
    with inside(workshop):
        # Whether there is a page to correct, only the notes know.
        text = planting.written(data).replace(f"{_of(let_be, 'Correction.page')} drums", "")
        (content / "data.yaml").write_text(text, "utf-8")
        (content / "logo.svg").write_text(SVG, "utf-8")
        (content / planting.TABLE).write_bytes(planting.CELLS)
        build_into(content, site)
    found = read_site(site)
    assert not found.faults, found.report()
    printed = "".join(path.read_text("utf-8") for path in pages(site))
    unseen = {name for number, name in let_be.items() if number not in printed}
    assert unseen == {"Claim.purity", "Correction.page", "Term.names"}, "they are not printed"


WORDS = {
    "Licence.name",
    "Speaker.name",
    "Source.author",
    "Claim.purity",
    "Locator.quote",
    "Locator.page",
    "Locator.table",
    "Locator.paragraph",
    "Locator.section",
    "Term.names",
    "Correction.page",
}
"""Names, words of others, and where they stand; a correction's page is looked for elsewhere."""


@pytest.mark.parametrize("code", ["en", "es"])
def test_a_note_binds_its_numbers_wherever_it_can_hold_text(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content = copy_of(COFFEE, tmp_path / "content")
    path = content / ("" if code == "en" else code) / "index.md"
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    front, block = yaml.safe_load(head), dict(FENCED)
    numbers = planting.numbers(49_000)
    planted = {}
    for model, held in ((Front, front), (Block, block)):
        for key in planting.text_keys(model):
            planted[key, model.__name__] = number = next(numbers)
            held[key] = f"All {number} drums"
    fence = f"```vega-lite\n{planting.written(block)}```\n"
    text = f"---\n{planting.written(front)}---\n{body}\n\n{fence}"
    path.write_text(text, "utf-8")
    done = run("check", "--content", "content", "--output", "site", "--json")
    told = [json.loads(line) for line in done.out.splitlines()]
    for key, number in planted.items():
        (line,) = planting.lines_with(text, number)
        rules = [(r["rule"], r["line"]) for r in told if number in r["message"]]
        assert rules == [("unbound-number", line)], key


FENCED = {
    "id": "planted",
    "title": "",
    "description": "",
    "data": {"claims": ["price-farm", "price-port"]},
    "mark": "point",
    "encoding": {"x": {"field": "value", "type": "quantitative"}},
}


def _of(numbers: dict[str, str], name: str) -> str:
    return next(number for number, place in numbers.items() if place == name)


# Planted in built pages: the reader above notices

IN_PAGE = {
    "heading": (r"(<h2 id=\"prices\"[^>]*>)", r"\g<1>8642 "),
    "first heading": (r"<h1>", r"<h1>8642 "),
    "summary": (r"(<p class=\"summary\">)", r"\g<1>8642 "),
    "prose": (r"<p>The <a class=\"term\"", r"<p>8642 <a class=\"term\""),
    "list": (r"<li>An orchard", r"<li>8642 An orchard"),
    "table": (r"cheap</td>", r"8642</td>"),
    "table head": (r"(<th[^>]*>)Place", r"\g<1>8642"),
    "beside a claim": (r"(</data></a>)", r"\g<1>8642"),
    "footnote": (r"At the gate", r"At 8642 gates"),
    "alt text": (r"alt=\"Trees\"", r'alt="8642 trees"'),
    "tooltip": (r"(<a class=\"term\"[^>]* title=\")", r"\g<1>8642 "),
    "accessible name": (r"(aria-label=\")", r"\g<1>8642 "),
    "chart title": (r"(<h3 class=\"title\"[^>]*>)", r"\g<1>8642 "),
    "how to read": (r"(<p class=\"how\">)", r"\g<1>8642 "),
    "caption": (r"<figcaption>", r"<figcaption><p>8642</p>"),
    "table caption": (r"(<caption[^>]*>)", r"\g<1>8642 "),
    "chart table": (r"(<td role=\"cell\"[^>]*>)", r"\g<1>8642"),
    "folded": (r"(<summary[^>]*>)", r"\g<1>8642 "),
    "drawing": (r"(<svg.*?<text[^>]*>)", r"\g<1>8642"),
    "name of a drawing": (r"(<svg.*?<title[^>]*>)", r"\g<1>8642 "),
    "description of a drawing": (r"(<desc[^>]*>)", r"\g<1>8642 "),
    "mark of a drawing": (
        r"(<div class=\"drawing wide\"><svg[^>]*>)",
        r'\g<1><g aria-label="8642"/>',
    ),
    "disagreement": (r"(<section class=\"disagreement\"[^>]*>)", r"\g<1>8642"),
    "reference": (r"(<p class=\"what\">)", r"\g<1>8642"),
    "footer": (r"(<footer[^>]*>)", r"\g<1>8642"),
    "navigation": (r"(<nav class=\"pages\"[^>]*>)", r"\g<1>8642"),
    "title of the page": (r"<title>", r"<title>8642 "),
    "description of the page": (r"(name=\"description\" content=\")", r"\g<1>8642 "),
    "unknown kind": (r"<h1>", r'<h1><b data-exempt="because-8642">8642</b>'),
    "no year": (r"<h1>", r'<h1><b data-exempt="year">8642</b>'),
    "no date": (r"<h1>", r'<h1><b data-exempt="date">May 8642</b>'),
    "claim without a value": (r"<h1>", r'<h1><a class="claim" data-claim="x">8642</a>'),
}


@pytest.fixture(scope="module")
def sound_orchard(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The sound site, built; each test changes a copy of its front page."""
    folder = tmp_path_factory.mktemp("orchard")
    files = {"index.md": note(ORCHARD), "tree.svg": SVG}
    content = like_avocado(folder / "content", files)
    with inside(workshop):
        return build_into(content, folder / "site")


@pytest.mark.parametrize("place", IN_PAGE)
def test_noticed_in_a_page(place: str, sound_orchard: Path) -> None:
    pattern, planted = IN_PAGE[place]
    path = sound_orchard / f"{place.replace(' ', '-')}.html"
    text = (sound_orchard / "index.html").read_text("utf-8")
    changed, count = re.subn(pattern, planted, text, count=1, flags=re.DOTALL)
    assert count == 1, pattern
    claims = claimed(sound_orchard)
    kinds: Counter[str] = Counter()
    path.write_text(changed, "utf-8", newline="\n")
    try:
        faults = list(faults_of(page(path), path, claims, kinds))
    finally:
        path.unlink()
    assert [fault for fault in faults if "8642" in fault], faults


def test_a_tick_that_the_figure_does_not_list_is_noticed(sound_orchard: Path) -> None:
    whole = copy.deepcopy(page(sound_orchard / "index.html"))
    for figure in whole.all("figure", class_="chart"):
        assert json.loads(figure.attrs["data-exempt-text"])
        figure.attrs["data-exempt-text"] = "[]"
    path = sound_orchard / "index.html"
    faults = list(faults_of(whole, path, claimed(sound_orchard), Counter()))
    assert faults and all(fault.startswith("drawing of price-ladder") for fault in faults)


def test_kinds_are_those_of_the_templates_and_the_generator() -> None:
    """The list above is closed: nothing in the program writes another kind."""
    files = [*(ROOT / "templates").glob("*.html"), *(ROOT / "explainer").rglob("*.py")]
    written = {
        kind
        for file in files
        for kind in re.findall(r'data-exempt="([a-z]+)"', file.read_text("utf-8"))
    }
    assert written and written <= KINDS
