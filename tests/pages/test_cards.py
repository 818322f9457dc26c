"""A figure's card: how it opens and closes, what it says, and what it leaves uncovered.

And the way that needs no script: from a figure to its reference, on to the source, and back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from browsing import SLOW, Visit
from support import Element, page, pages

CLAIM = "main .body p > a.claim"
"""A figure in running text."""


def opened(here: Visit, link: Any) -> Any:
    """The card, once it is open for this link."""
    card = here.page.locator(".card")
    card.wait_for(state="visible", timeout=SLOW)
    assert link.get_attribute("data-card") is not None
    return card


def says_who(here: Visit, link: Any, card: Any) -> None:
    """The card tells what the reference tells: the figure, and who said it."""
    name = link.get_attribute("data-claim")
    entry = here.page.locator(f"#ref-{name}")
    told = [entry.locator("p").first.text_content()]
    if not entry.locator(".worked").count():
        told.append(here.page.locator(f".mouth:has(#ref-{name}) > .said").text_content())
    for words in told:
        assert " ".join(words.split()) in " ".join(card.text_content().split())


def clear_of(link: Any, card: Any) -> None:
    """The card does not cover a line on which the figure stands."""
    # Asked at one moment: the page may still be scrolling.
    box, *lines = link.evaluate(
        "(link, card) => [card, link].flatMap("
        "e => [...e.getClientRects()].map(r => [r.top, r.bottom]))",
        card.element_handle(),
    )
    for top, bottom in lines:
        assert box[0] >= bottom or box[1] <= top


def gone(here: Visit) -> None:
    here.page.keyboard.press("Escape")
    here.page.locator(".card").wait_for(state="hidden", timeout=SLOW)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [1000, 320])
def test_hover(browsing: Callable[..., Any], coffee: Path, width: int) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "trade.html").as_uri())
        links = here.page.locator(CLAIM)
        for number in (0, links.count() // 2, links.count() - 1):
            link = links.nth(number)
            link.scroll_into_view_if_needed()
            link.hover()
            card = opened(here, link)
            says_who(here, link, card)
            clear_of(link, card)
            gone(here)
            here.page.mouse.move(0, 0)
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": width, "height": 700})


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_focus(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "trade.html").as_uri())
        for _ in range(120):
            here.page.keyboard.press("Tab")
            if here.page.evaluate(f"document.activeElement.matches({CLAIM!r})"):
                break
        link = here.page.locator(":focus")
        card = opened(here, link)
        says_who(here, link, card)
        clear_of(link, card)
        gone(here)
        assert link.evaluate("e => e === document.activeElement"), "Esc leaves the focus alone"
        address = link.get_attribute("href")
        here.page.keyboard.press("Enter")
        here.page.wait_for_url(f"**{address}", timeout=SLOW)

    browsing(look, viewport={"width": 1000, "height": 700})


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_tap(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "trade.html").as_uri())
        link = here.page.locator(CLAIM).first
        link.scroll_into_view_if_needed()
        link.tap()
        card = opened(here, link)
        assert urlsplit(here.page.url).fragment == "", "the first tap leads nowhere"
        says_who(here, link, card)
        clear_of(link, card)
        link.tap()
        here.page.wait_for_url(f"**{link.get_attribute('href')}", timeout=SLOW)

    browsing(look, viewport={"width": 360, "height": 700}, has_touch=True)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("height", [700, 340, 200])
def test_a_card_begins_within_the_window(
    browsing: Callable[..., Any], coffee: Path, height: int
) -> None:
    """However low the window is: what does not fit is scrolled to within the card."""

    def look(here: Visit) -> None:
        here.page.goto((coffee / "trade.html").as_uri())
        links = here.page.locator(CLAIM)
        for number in range(0, links.count(), links.count() // 10 + 1):
            for place in ("start", "center", "end"):
                link = links.nth(number)
                link.evaluate("(e, block) => e.scrollIntoView({block, behavior: 'instant'})", place)
                link.hover()
                card = opened(here, link)
                box = card.bounding_box()
                assert box["y"] >= 0, (number, place, box)
                assert box["y"] + box["height"] <= height or box["y"] < height - 60
                assert card.evaluate("e => e.scrollTop") == 0
                gone(here)
                here.page.mouse.move(0, 0)

    browsing(look, viewport={"width": 700, "height": height}, reduced_motion="reduce")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_by_keyboard_without_script(browsing: Callable[..., Any], coffee: Path) -> None:
    """Every step is a link that the Enter key follows."""

    def follow(here: Visit, link: Any) -> str:
        address = str(link.get_attribute("href"))
        link.focus()
        here.page.keyboard.press("Enter")
        here.page.wait_for_url(f"**{address}", timeout=SLOW)
        return urlsplit(address).fragment

    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        link = here.page.locator(CLAIM).first
        name = link.get_attribute("data-claim")
        reference = here.page.locator(f"#{follow(here, link)}")
        assert reference.is_visible()
        mouth = here.page.locator(f".mouth:has(#ref-{name})")
        assert mouth.locator("[data-exempt=source] a").count() > 0
        back = follow(here, reference.locator("a.back").first)
        place = here.page.locator(f"#{back}")
        assert place.is_visible()
        assert (
            place.locator(f"[data-claim={name}]")
            .or_(here.page.locator(f"#{back}[data-claim={name}]"))
            .count()
        )
        here.page.go_back()
        assert reference.is_visible(), "the way back leads to an unfolded entry"
        follow(here, reference.locator(".meta a[href*='data.html#']"))
        assert here.page.locator(f"#{name}").is_visible()
        assert here.page.locator(f"#{name} [data-exempt=source] a[href]").count() > 0

    browsing(look, java_script_enabled=False, viewport={"width": 1000, "height": 700})


# The same way for every claim of every page, without a browser


@pytest.fixture
def site(coffee: Path) -> Path:
    return coffee


def test_every_figure_leads_to_a_source_and_back(site: Path) -> None:
    for path in pages(site):
        ids = anchors(path)
        mouths = page(path.resolve()).all("div", class_="mouth")
        entries = [e for name, e in ids.items() if name.startswith("ref-") and e.tag == "li"]
        for entry in entries:
            links = [a.attrs["href"] for a in entry.one("p", class_="meta").all("a")]
            onward = [href for href in links if urlsplit(href).path.endswith("data.html")]
            assert len(onward) == 1 and reached(path, onward[0]), onward
            [mouth] = [e for e in mouths if entry in e.walk()]
            sources = [a for e in mouth.all("", data_exempt="source") for a in e.all("a")]
            name = entry.attrs["id"].removeprefix("ref-")
            inputs = [a for a in entry.all("a", class_="claim") if a.attrs["data-claim"] != name]
            measured = re.search("distance from|distancia de", entry.text())
            assert sources or inputs or measured, f"{path.name}: {name}"
            for back in entry.all("a", class_="back"):
                place = ids[back.attrs["href"].removeprefix("#")]
                printed = {e.attrs.get("data-claim") for e in place.walk()}
                assert name in printed, f"{path.name}: {back.attrs['href']} does not print {name}"


def reached(path: Path, address: str) -> Element | None:
    """The element to which a link within the site leads."""
    parts = urlsplit(address)
    return anchors(path.parent / unquote(parts.path) if parts.path else path).get(parts.fragment)


@lru_cache(maxsize=64)
def anchors(path: Path) -> dict[str, Element]:
    """The elements of a page that links can lead to."""
    return {e.attrs["id"]: e for e in page(path.resolve()).walk() if e.attrs.get("id")}
