"""Every link of a built site leads to something that is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from support import page, pages

# What no build can promise: the sites of others, and what needs no file.
ELSEWHERE = ("http", "https", "mailto", "data")
ADDRESSES = {"href", "src", "srcset", "poster", "action", "data-runtime", "data-view"}


@pytest.fixture(params=["coffee", "small_site"])
def site(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


def test_links_are_relative_and_lead_somewhere(site: Path) -> None:
    assert pages(site)
    assert [wrong for file in pages(site) for wrong in broken(site, file)] == []


def test_ids_stand_once_a_page(site: Path) -> None:
    for file in pages(site):
        found = [element.attrs["id"] for element in page(file).walk() if "id" in element.attrs]
        assert sorted(found) == sorted(set(found)), file.name


def broken(site: Path, file: Path) -> list[str]:
    """What is wrong with the links of a page, each as `page: address: what is wrong`."""
    return [
        f"{file.relative_to(site).as_posix()}: {address}: {wrong}"
        for element in page(file).walk()
        for name, address in element.attrs.items()
        if name in ADDRESSES and (wrong := fault(site, file, address))
    ]


def fault(site: Path, file: Path, address: str) -> str:
    """What is wrong with one address of a page: an empty string for nothing."""
    parts = urlsplit(address)
    if parts.scheme in ELSEWHERE:
        return ""
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return "is not relative"
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file.resolve()
    if not target.is_relative_to(site.resolve()):
        return "leads out of the site"
    if not target.is_file():
        return "names no file"
    if parts.fragment and unquote(parts.fragment) not in anchors(target):
        return "names no place in the page"
    return ""


@cache
def anchors(file: Path) -> frozenset[str]:
    """The ids of a page."""
    return frozenset(element.attrs.get("id", "") for element in page(file).walk())
