"""Every digit that a reader meets on a page of the site comes from a claim, or says why not.

The reader here knows nothing of how pages are made: it walks the built HTML. Then digits are
planted, in content, where the build must refuse them by file and line, and in built pages, where
this reader itself must notice.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import copy_of
from support import ROOT, Element, build_into, inside, like_avocado, note, page, pages, run

KINDS = {
    "date",
    "year",
    "decade",
    "name",
    "source",
    "quotation",
    "locator",
    "interface",
    "formula",
    "data",
    "plain",
}
"""Everything that a page may give as the reason why a number comes from no claim."""

SHAPES = {
    "year": r"(?:19|20)\d\d|\d\d",
    "decade": r"(?:19|20)\d0|\d0",
    "date": r"(?:19|20)\d\d|0?[1-9]|[12]\d|3[01]",
}
"""What a run of digits of such a kind looks like."""

UNSEEN = {"script", "style", "template"}
SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "data-label")
"""Attributes that are read out, or shown."""

DIGITS = re.compile(r"\d+(?:[.,\u202f\u00a0]\d+)*|[¼-¾⅐-⅞]")
DATED = re.compile(r"(?:\b\d{1,2} (?:de )?[a-zé]{3,} (?:de )?)?\b(?:19|20)\d\d\b", re.IGNORECASE)


@dataclass
class Found:
    """The digits of some pages: what was found wrong, and how many are exempt, by kind."""

    faults: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def report(self) -> str:
        """The faults, and the counts by kind."""
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        return "\n".join([f"exempt: {counts or 'none'}", *self.faults])


def read_site(site: Path, only: Path | None = None) -> Found:
    """The digits of every page of a site, or of one."""
    found = Found()
    for path in [only] if only else pages(site):
        for fault in _faults(page(path), path, claimed(site), found.kinds):
            found.faults.append(f"{path.relative_to(site).as_posix()}: {fault}")
    return found


@lru_cache(maxsize=8)
def claimed(site: Path) -> frozenset[str]:
    """The numbers that claims print anywhere on a site: where HTML cannot stand they are bare."""
    texts = [a.text() for path in pages(site) for a in page(path).all("a", class_="claim")]
    return frozenset(number for text in texts for number in DIGITS.findall(text))


def _faults(
    whole: Element, path: Path, claims: frozenset[str], kinds: Counter[str]
) -> Iterator[str]:
    for element in whole.all("", class_="claim"):
        data = element.all("data")
        if not element.attrs.get("data-claim") or len(data) != 1:
            yield f"a claim without its id or its value: {element.text()!r}"
    head = whole.one("head")
    yield from _plain(head.one("title").text(), claims, "title")
    for meta in head.all("meta"):
        if meta.attrs.get("name") != "viewport" and "http-equiv" not in meta.attrs:
            yield from _plain(meta.attrs.get("content", ""), claims, "meta")
    yield from _below(whole.one("body"), "body", None, path, claims, kinds)


def _below(
    element: Element,
    where: str,
    figure: Element | None,
    path: Path,
    claims: frozenset[str],
    kinds: Counter[str],
) -> Iterator[str]:
    if element.tag in UNSEEN:
        return
    if element.tag == "svg":
        yield from _drawing(element, figure, path, claims)
        return
    if element.tag == "figure" and "data-chart" in element.attrs:
        figure = element
    kind = element.attrs.get("data-exempt")
    if kind is not None:
        yield from _exempt(element, kind, where, kinds)
    if kind is None:
        for name in SPOKEN:
            yield from _plain(element.attrs.get(name, ""), claims, f"{where} {name}")
    for child in element.children:
        if isinstance(child, Element):
            bound = child.tag == "a" and "data-claim" in child.attrs
            if not bound and (kind is None or child.tag in ("svg", "figure")):
                yield from _below(child, f"{where} {child.tag}", figure, path, claims, kinds)
        elif kind is None and DIGITS.search(child) and element.tag not in ("code", "pre"):
            yield f"{where}: {' '.join(child.split())!r}"


def _exempt(element: Element, kind: str, where: str, kinds: Counter[str]) -> Iterator[str]:
    if kind not in KINDS:
        yield f"{where}: {kind!r} is no kind of exemption"
    numbers = DIGITS.findall(" ".join(_own_texts(element)))
    kinds[kind] += bool(numbers)
    for number in numbers:
        if kind in SHAPES and not re.fullmatch(SHAPES[kind], number):
            yield f"{where}: {number!r} is no {kind}"


def _own_texts(element: Element) -> Iterator[str]:
    """The texts below an exempt element that are in no claim and no exempt element of their own."""
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in UNSEEN and not {"data-claim", "data-exempt"} & set(child.attrs):
            yield from _own_texts(child)


def _plain(text: str, claims: frozenset[str], where: str) -> Iterator[str]:
    """Text where HTML cannot stand: its numbers are printed by claims, or dates."""
    loose = [number for number in DIGITS.findall(DATED.sub("", text)) if number not in claims]
    if loose:
        yield f"{where}: {', '.join(loose)} in {text!r}"


def _drawing(
    svg: Element, figure: Element | None, path: Path, claims: frozenset[str]
) -> Iterator[str]:
    if figure is None:
        if DIGITS.search(svg.text()):
            yield f"a drawing outside a figure shows {svg.text()!r}"
        return
    name = figure.attrs["data-chart"]
    known = _cells(chart_file(path, name))
    allowed = [" ".join(t.split()) for t in json.loads(figure.attrs["data-exempt-text"])]
    for text in svg.all("text"):
        shown = [part.text() for part in text.all("tspan")] or [text.text()]
        whole = " ".join(shown)
        for words in [whole, *shown]:
            loose = set(DIGITS.findall(words)) - known
            if loose and words not in allowed and whole not in allowed:
                yield f"drawing of {name}: {words!r}"
                break
    for part in svg.walk():
        if part.tag in ("title", "desc"):
            yield from _plain(part.text(), claims | known, f"drawing of {name}, {part.tag}")
        yield from _plain(
            part.attrs.get("aria-label", ""), claims | known, f"drawing of {name}, label"
        )


def chart_file(path: Path, name: str) -> Path:
    """The file of a chart's rows, from a page that shows the chart."""
    folder = path.parent if path.parent.name == "charts" else path.parent / "charts"
    return folder / f"{name}.csv"


def _cells(file: Path) -> frozenset[str]:
    return _cells_of(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _cells_of(file: Path, _changed: int) -> frozenset[str]:
    rows = csv.reader(file.read_text("utf-8-sig").splitlines())
    return frozenset(n for row in rows for cell in row for n in DIGITS.findall(cell))


# The sites of this repository


@pytest.fixture(scope="session")
def coffee_site(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The example, built; to be read only."""
    folder = tmp_path_factory.mktemp("every")
    content = copy_of(ROOT / "examples" / "coffee" / "content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site")


@pytest.mark.parametrize("name", ["real_site", "coffee_site"])
def test_every_digit_comes_from_a_claim_or_says_why_not(
    name: str, request: pytest.FixtureRequest
) -> None:
    found = read_site(request.getfixturevalue(name))
    print(f"{name}: {found.report()}")
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
        faults = list(_faults(page(path), path, claims, kinds))
    finally:
        path.unlink()
    assert [fault for fault in faults if "8642" in fault], faults


def test_a_tick_that_the_figure_does_not_list_is_noticed(sound_orchard: Path) -> None:
    whole = page(sound_orchard / "index.html")
    for figure in whole.all("figure", class_="chart"):
        assert json.loads(figure.attrs["data-exempt-text"])
        figure.attrs["data-exempt-text"] = "[]"
    path = sound_orchard / "index.html"
    faults = list(_faults(whole, path, claimed(sound_orchard), Counter()))
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
