"""Reads built pages as somebody who trusts nothing: which digits come from no claim?

The reader here knows nothing of how pages are made: it walks the built HTML.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from support import Element, page, pages

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
        for fault in faults_of(page(path), path, claimed(site), found.kinds):
            found.faults.append(f"{path.relative_to(site).as_posix()}: {fault}")
    return found


@lru_cache(maxsize=8)
def claimed(site: Path) -> frozenset[str]:
    """The numbers that claims print anywhere on a site: where HTML cannot stand they are bare."""
    texts = [a.text() for path in pages(site) for a in page(path).all("a", class_="claim")]
    return frozenset(number for text in texts for number in DIGITS.findall(text))


def faults_of(
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
