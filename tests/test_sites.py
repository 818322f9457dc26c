"""Whole small sites, compared with what a reader must find on their pages.

A page is compared by what it says (`support.outline`), a drawing by its name, its description and
the words that it shows. UPDATE_EXPECTED=1 writes the expected files again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import copy_of
from support import (
    TESTS,
    UPDATE,
    Element,
    build_into,
    inside,
    outline,
    page,
    pages,
    same_or_update,
    tree,
)

from explainer.text.numbers import number_tokens

SITES = sorted(path.name for path in (TESTS / "sites").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def built_sites(workshop: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    sites = {}
    for name in SITES:
        folder = tmp_path_factory.mktemp(name)
        content = copy_of(TESTS / "sites" / name / "content", folder / "content")
        with inside(workshop):
            sites[name] = build_into(content, folder / "site")
    return sites


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest, built_sites: dict[str, Path]) -> Path:
    return built_sites[request.param]


@pytest.mark.parametrize("name", SITES)
def test_pages_say_what_they_must(name: str, built_sites: dict[str, Path]) -> None:
    site, expected = built_sites[name], TESTS / "sites" / name / "expected"
    found = {
        path.relative_to(site).with_suffix(".txt").as_posix(): said(page(path))
        for path in pages(site)
    }
    found |= {
        p.relative_to(site).as_posix(): p.read_bytes().decode().replace("\r\n", "\n")
        for p in site.rglob("*.csv")
    }
    if UPDATE and expected.is_dir():
        for path in expected.rglob("*.*"):
            path.unlink()
    for file, text in found.items():
        same_or_update(expected / file, text)
    stored = {path.relative_to(expected).as_posix() for path in expected.rglob("*.*")}
    assert stored == set(found)


def said(whole: Element) -> str:
    """The title of a page, its description, and what its main part says."""
    summary = whole.all("meta", name="description")
    lines = [f"title: {whole.one('head').one('title').text()}"]
    lines += [f"description: {meta.attrs['content']}" for meta in summary]
    body = whole.all("main") or whole.all("body")
    return "\n".join([*lines, ""]) + outline(body[0])


def test_every_claim_leads_to_its_reference_and_back(site: Path) -> None:
    for path in pages(site):
        whole = page(path)
        ids = {element.attrs["id"] for element in whole.walk() if "id" in element.attrs}
        for link in whole.all("a", class_="claim"):
            claim = link.attrs["data-claim"]
            if path.stem in ("data", "sources"):
                assert claim in tree_ids(site, path)
                continue
            if link.attrs.get("href") == f"#ref-{claim}":
                entry = whole.one(id=f"ref-{claim}")
                assert entry.all("a", href=f"{up(site, path)}data.html#{claim}")
                for back in entry.all("a", class_="back"):
                    assert back.attrs["href"].removeprefix("#") in ids


def tree_ids(site: Path, path: Path) -> set[str]:
    whole = page(path.with_name("data.html"))
    return {element.attrs["id"] for element in whole.walk() if "id" in element.attrs}


def up(site: Path, path: Path) -> str:
    return "../" if path.parent.name == "charts" else ""


def test_every_link_leads_somewhere(site: Path) -> None:
    for path, address in addresses(site):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        assert target.is_file(), f"{path.name}: {address}"
        if parts.fragment and target.suffix == ".html":
            ids = {element.attrs.get("id") for element in page(target).walk()}
            assert unquote(parts.fragment) in ids, f"{path.name}: {address}"


def addresses(site: Path) -> Iterator[tuple[Path, str]]:
    for path in pages(site):
        for element in page(path).walk():
            for name in ("href", "src", "data-runtime", "data-view"):
                address = element.attrs.get(name, "")
                if address and not address.startswith(("data:", "mailto:")):
                    yield path, address


def test_ids_stand_once(site: Path) -> None:
    for path in pages(site):
        ids = [e.attrs["id"] for e in page(path).walk() if e.attrs.get("id")]
        assert len(ids) == len(set(ids)), path.name


def test_no_inline_script_or_style(site: Path) -> None:
    for path in pages(site):
        whole = page(path)
        head = whole.one("head")
        first = next(child for child in head.children if isinstance(child, Element))
        assert first.attrs.get("http-equiv") == "Content-Security-Policy", path.name
        assert "unsafe" not in first.attrs["content"]
        for element in whole.walk():
            assert "style" not in element.attrs, path.name
            assert not any(name.startswith("on") for name in element.attrs), path.name
            data = element.attrs.get("type") in ("application/json", "application/ld+json")
            if element.tag == "script" and not data:
                assert element.attrs.get("src"), path.name
            assert element.tag != "style", path.name


def test_every_digit_that_a_reader_sees_is_bound_or_exempt(site: Path) -> None:
    for path in pages(site):
        if path.parent.name == "charts":
            continue
        known = printed_numbers(page(path.with_name("data.html")))
        for words in loose(page(path).one("body"), bound=False):
            assert number_tokens(words) <= known, f"{path.name}: {words!r}"


def printed_numbers(data: Element) -> set[str]:
    """The numbers that the claims of a site print: as plain text they stand in titles, too."""
    texts = [element.text() for element in data.all("data")]
    return {number for text in texts for number in number_tokens(text)}


def loose(element: Element, *, bound: bool) -> Iterator[str]:
    """The texts outside claims, exempt elements, drawings and code."""
    bound |= element.tag in ("data", "code", "pre", "script", "svg", "title")
    bound |= "data-exempt" in element.attrs or "data-claim" in element.attrs
    for child in element.children:
        if isinstance(child, Element):
            yield from loose(child, bound=bound)
        elif not bound:
            yield YEARS.sub("", child)


YEARS = re.compile(r"\b\d{1,2} \w+ (?:19|20)\d\d\b|\b(?:19|20)\d\d\b")


def test_a_site_without_charts_has_no_runtime(built_sites: dict[str, Path]) -> None:
    scripts = {path for path in tree(built_sites["minimal"]) if path.endswith(".js")}
    assert not [name for name in scripts if "runtime" in name]
    assert [name for name in tree(built_sites["bindings"]) if "runtime" in name]
