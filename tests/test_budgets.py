"""What a page weighs over the wire, and that it needs nothing from elsewhere.

The budgets, in bytes after gzip as a host of static pages sends them, everything included that a
page loads before a reader touches it: DATA for what lists every claim, else NOTE and CHART for each
of its charts, with more for a map. They are what makes a page quick on a slow telephone.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import copy_of
from support import ROOT, Element, build_into, inside, page, pages

NOTE, CHART, MAP = 45_000, 9_000, 25_000
LISTED, CLAIM = 45_000, 300
FONTS, SCRIPTS = 25_000, 10_000
LOADING = ("src", "srcset", "data", "poster", "background")
"""Attributes that make a browser fetch something at once."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The site of this repository, built for an address; to be read only."""
    folder = tmp_path_factory.mktemp("published")
    content = copy_of(ROOT / "content", folder / "content")
    with inside(workshop):
        return build_into(content, folder / "site", "--site-url", "https://example.org/air/")


@cache
def sent(path: Path) -> int:
    """The bytes of a file over the wire; pictures and fonts are packed already."""
    content = path.read_bytes()
    packed = path.suffix in (".woff2", ".png", ".jpg", ".webp")
    return len(content) if packed else len(gzip.compress(content, 9, mtime=0))


def loaded(path: Path) -> list[Path]:
    """The files that a page fetches before anybody touches it, itself included."""
    files = [path]
    for element in page(path).walk():
        rel = element.attrs.get("rel", "").split()
        at_once = {"stylesheet", "preload", "icon"} & set(rel)
        addresses = [element.attrs["href"]] if element.tag == "link" and at_once else []
        addresses += [element.attrs[name] for name in LOADING if name in element.attrs]
        for address in addresses:
            parts = urlsplit(address)
            if parts.scheme == "data":
                continue
            assert not parts.netloc, f"{path.name} loads {address}"
            files.append((path.parent / unquote(parts.path)).resolve())
    return list(dict.fromkeys(files))


def is_map(script: Element) -> bool:
    return "geoshape" in "".join(str(part) for part in script.children)


def test_every_page_keeps_to_its_budget(published: Path) -> None:
    heavy = []
    claims = len((published / "data/claims.csv").read_text("utf-8").splitlines()) - 1
    for path in pages(published):
        if path.name == "404.html":
            continue
        whole = page(path)
        charts = whole.all("figure", class_="chart")
        maps = sum(any(map(is_map, chart.all("script"))) for chart in charts)
        budget = NOTE + CHART * (len(charts) - maps) + MAP * maps
        if path.name in ("data.html", "sources.html"):
            budget = LISTED + CLAIM * claims
        total = sum(sent(file) for file in loaded(path))
        if total > budget:
            heavy.append(f"{path.relative_to(published)}: {total:,} of {budget:,} bytes")
    assert not heavy


def test_fonts_and_scripts_keep_to_theirs(published: Path) -> None:
    for path in pages(published):
        files = loaded(path)
        assert sum(sent(f) for f in files if f.suffix == ".woff2") <= FONTS, path.name
        assert sum(sent(f) for f in files if f.suffix == ".js") <= SCRIPTS, path.name


def test_no_page_carries_script_or_style_of_its_own(published: Path) -> None:
    for path in pages(published):
        for element in page(path).walk():
            assert "style" not in element.attrs, f"{path.name}: {element.tag}"
            assert element.tag != "style", path.name
            assert not [name for name in element.attrs if name.startswith("on")], path.name
            if element.tag == "script" and "src" not in element.attrs:
                kind = element.attrs.get("type", "")
                assert kind in ("application/json", "application/ld+json"), path.name


def test_pictures_say_how_large_they_are(published: Path) -> None:
    for path in pages(published):
        for image in page(path).all("img"):
            assert int(image.attrs["width"]) and int(image.attrs["height"]), path.name
