"""The site on paper: every drawing once and whole, always light, no page left nearly empty.

Printed by Chromium and by Firefox, on A4 and on letter, by readers who chose light and dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, served
from firefox import Firefox, firefox
from support import Element, page

pdfium = pytest.importorskip("pypdfium2")

__all__ = ["firefox"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAPERS = {"A4": (21.0, 29.7), "Letter": (21.59, 27.94)}
MARGIN = 1.5
CHOICES = ("light", "dark")


@dataclass(frozen=True)
class Printed:
    """A site, its address, and the pages of it that are printed."""

    site: Path
    address: str
    names: Sequence[str]


FILLED = 0.25
"""How far down a page something stands at least, but for the last one."""


@dataclass(frozen=True)
class Sheet:
    """A printed page: its letters and digits, how light it is, how far down it is used."""

    text: str
    light: float
    filled: float


def sheets(printed: bytes) -> list[Sheet]:
    """The pages of a PDF."""
    return [sheet(one) for one in pdfium.PdfDocument(printed)]


def sheet(one: Any) -> Sheet:
    picture = one.render(scale=0.5, grayscale=True)
    dots, width = bytes(picture.buffer), picture.stride
    rows = [dots[start : start + picture.width] for start in range(0, len(dots), width)]
    inked = [number for number, row in enumerate(rows) if min(row) < 200]
    return Sheet(
        letters(one.get_textpage().get_text_range()),
        sum(map(sum, rows)) / (255 * picture.width * len(rows)),
        (max(inked) + 1) / len(rows) if inked else 0,
    )


def letters(text: str) -> str:
    """What of a text comes whole out of a PDF: at a hyphen, a mark of its own may stand."""
    return "".join(filter(str.isalnum, text))


@pytest.fixture
def printed(coffee: Path) -> Iterator[Printed]:
    """The page of the example with every form."""
    with served(coffee) as address:
        yield Printed(coffee, address, ["gallery.html"])


def drawings(path: Path) -> dict[str, list[str]]:
    """What each drawing of a page says that is printed: not that of a folded twin."""
    top = page(path)
    folded = [figure for twin in top.all("details", class_="twin") for figure in twin.all("figure")]
    return {
        figure.attrs["id"]: said(figure.one("div", class_="drawing wide"))
        for figure in top.all("figure", class_="chart")
        if figure not in folded
    }


def said(drawing: Element) -> list[str]:
    """What a drawing says, but for texts with an outline: on paper, each is there twice, mixed."""
    own = [text for text in drawing.all("text") if "stroke" not in text.attrs]
    parts = [part for text in own for part in text.all("tspan") or [text]]
    return [text for text in (letters(part.text()) for part in parts) if text]


def hold(path: Path, printed: bytes) -> None:
    """What has to be so on every sheet of paper."""
    pages = sheets(printed)
    found = drawings(path)
    assert found
    for name, words in found.items():
        whole = [number for number, one in enumerate(pages) if all(w in one.text for w in words)]
        missing = [[w for w in words if w not in one.text] for one in pages]
        assert whole, f"{name} is on no page, or cut in two: {min(missing, key=len)}"
    for number, one in enumerate(pages, 1):
        assert one.light > 0.75, f"page {number} is dark"
        assert one.filled > FILLED or number == len(pages), f"page {number} is nearly empty"


def test_chromium(browsing: Callable[..., Any], printed: Printed) -> None:
    def look(here: Visit) -> None:
        for name in printed.names:
            for choice, paper in zip(CHOICES, PAPERS, strict=True):
                here.page.goto(printed.address + name)
                here.page.evaluate(f"localStorage.setItem('theme', '{choice}')")
                here.page.reload()
                assert here.page.locator("html").get_attribute("data-theme") == choice
                margin = dict.fromkeys(("top", "bottom", "left", "right"), f"{MARGIN}cm")
                hold(printed.site / name, here.page.pdf(format=paper, margin=margin))

    browsing(look, color_scheme="dark")


def test_firefox(firefox: Firefox, printed: Printed) -> None:
    for name in printed.names:
        for choice, size in zip(CHOICES, PAPERS.values(), strict=True):
            firefox.go(printed.address + name)
            firefox.evaluate(f"localStorage.setItem('theme', '{choice}')")
            firefox.go(printed.address + name)
            assert firefox.evaluate("document.documentElement.dataset.theme") == choice
            hold(printed.site / name, firefox.pdf(*size, MARGIN))
