"""How much of a page is what it is read for: measured in a browser, closed as it comes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browsing import SLOW, Visit
from support import page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LARGE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 800}

SEEN = "e => e.checkVisibility({contentVisibilityAuto: true})"
STOPS = f"""(within) => [...document.querySelectorAll(`${{within}} :is(
  a[href], button, summary, input, select, [tabindex="0"])`)].filter(
  e => e.tabIndex >= 0 && ({SEEN})(e))"""
"""What the Tab key stops at, of what can be seen."""

FIGURES = f"""() => [...document.querySelectorAll("figure.chart")].filter({SEEN}).filter(
  figure => !figure.closest(".climb")).map(figure => {{
    const high = e => e.getBoundingClientRect().height;
    const drawing = [...figure.querySelectorAll(".drawing > svg")].find({SEEN});
    const under = figure.getBoundingClientRect().bottom - drawing.getBoundingClientRect().bottom;
    const said = figure.querySelector("figcaption").innerText.length;
    return {{name: figure.id, drawn: high(drawing), under, said, whole: high(figure),
      stops: ({STOPS})("#" + figure.id).length}};
  }})"""

UPON = """() => {
  const [drawing] = document.querySelectorAll(".climb > .chart > .plate > .drawings");
  const own = drawing.getBoundingClientRect();
  return [...document.querySelectorAll(".climb :is(p, h3, summary, button), .climb + *")].filter(
    e => !drawing.contains(e) && e.checkVisibility({contentVisibilityAuto: true})).filter(e => {
      const box = e.getBoundingClientRect();
      return Math.min(box.right, own.right) - Math.max(box.left, own.left) > 1
        && Math.min(box.bottom, own.bottom) - Math.max(box.top, own.top) > 1;
    }).map(e => e.textContent.slice(0, 40));
}"""
"""What stands upon the drawing of a climb, or below it."""


def test_little_stands_between_figures_and_text(browsing: Callable[..., Any], coffee: Path) -> None:
    """One line, as long as its note is: 14 px high on lines of 20, and few stops of the Tab key."""
    for size, letters in ((LARGE, 105), (PHONE, 44)):

        def look(here: Visit, letters: int = letters) -> None:
            for name in ("index", "prices", "trade", "gallery"):
                here.page.goto((coffee / f"{name}.html").as_uri())
                for figure in here.page.evaluate(FIGURES):
                    lines = -(-figure["said"] // letters)
                    assert figure["under"] <= 20 * (lines + 1) + 8, figure
                    assert figure["stops"] <= 4, figure

        browsing(look, viewport=size)


@pytest.mark.parametrize("width", [1248, 1280, 1920])
def test_nothing_comes_to_stand_upon_the_climb(
    browsing: Callable[..., Any], coffee: Path, width: int
) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        climb = here.page.locator(".climb").bounding_box()
        for step in range(20):
            top = climb["y"] - 600 + step * (climb["height"] + 600) / 19
            here.page.evaluate("top => scrollTo({top, behavior: 'instant'})", top)
            assert here.page.evaluate(UPON) == [], top
        assert (
            here.page.locator(".climb .drawing.narrow > svg").first.bounding_box()["width"] >= 520
        )

    browsing(look, viewport={"width": width, "height": 900})


def test_the_tab_key_goes_down_the_climb(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        tops = here.page.evaluate(
            f"({STOPS})('.climb').map(e => e.getBoundingClientRect().top + scrollY)"
        )
        assert len(tops) > 5
        assert all(one <= other + 20 for one, other in pairwise(tops))

    browsing(look, viewport=LARGE)


def test_on_a_phone_the_drawing_stands_above_its_sections_and_can_be_read(
    browsing: Callable[..., Any], coffee: Path
) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        drawing = here.page.locator(".climb .drawing.narrow > svg").first
        scale = drawing.evaluate(
            "e => (b => Math.min(b.width / e.viewBox.baseVal.width, "
            "b.height / e.viewBox.baseVal.height))(e.getBoundingClientRect())"
        )
        assert scale >= 1
        here.page.locator(".step").last.scroll_into_view_if_needed()
        assert here.page.evaluate(UPON) == []

    browsing(look, viewport=PHONE)


def test_one_right_edge(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        edges = {
            round(box["x"] + box["width"])
            for found in (".masthead", ".climb", ".margin")
            if (box := here.page.locator(found).first.bounding_box())
        }
        assert edges == {1280 - 32, 1280 - 56}, "the masthead's has its gutter"

    browsing(look, viewport=LARGE)


@pytest.mark.parametrize("how", [{}, {"java_script_enabled": False}])
def test_a_link_unfolds_its_reference(
    browsing: Callable[..., Any], coffee: Path, how: dict[str, Any]
) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        folded = here.page.locator("details.references")
        assert folded.get_attribute("open") is None
        claim = here.page.locator(".body p > a.claim").first
        entry = here.page.locator(str(claim.get_attribute("href")))
        assert not entry.is_visible()
        claim.focus()
        here.page.keyboard.press("Enter")
        entry.wait_for(state="visible", timeout=SLOW)
        here.page.wait_for_timeout(500)
        assert 0 <= entry.bounding_box()["y"] < LARGE["height"]
        here.page.goto((coffee / "prices.html").as_uri() + str(claim_of(coffee / "prices.html")))
        here.page.locator(":target").wait_for(state="visible", timeout=SLOW)

    browsing(look, viewport=LARGE, reduced_motion="reduce", **how)


def claim_of(path: Path) -> str:
    return next(a.attrs["href"] for a in page(path).all("a", class_="claim") if "href" in a.attrs)


def test_on_a_phone_all_pages_are_one_tap_away(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "index.html").as_uri())
        here.page.locator(".step").last.scroll_into_view_if_needed()
        bar = here.page.locator(".menu > summary")
        box = bar.bounding_box()
        assert box["y"] == 0 and box["height"] == 40
        link = here.page.locator(".menu a[href='trade.html']")
        assert not link.is_visible()
        bar.click()
        assert link.is_visible()
        here.page.locator(".menu .here a").last.click()
        here.page.wait_for_url("**#*", timeout=SLOW)
        link.click()
        here.page.wait_for_url("**/trade.html", timeout=SLOW)

    browsing(look, viewport=PHONE)


@pytest.mark.parametrize("touch", [False, True], ids=["pointer", "touch"])
def test_a_mark_opens_the_card_of_its_claim(
    browsing: Callable[..., Any], coffee: Path, touch: bool
) -> None:
    def look(here: Visit) -> None:
        here.page.goto((coffee / "prices.html").as_uri())
        # The topmost label that says what a claim of the page says: below it lies its outline.
        found = here.page.evaluate(
            """() => {
              const claims = new Map([...document.querySelectorAll(".in-words .claim")].map(
                a => [a.textContent, a.dataset.claim]));
              const svgs = [...document.querySelectorAll(".drawing > svg")].filter(
                e => e.checkVisibility());
              const texts = svgs.flatMap(e => [...e.querySelectorAll("text")]);
              const text = texts.findLast(e => claims.has(e.textContent));
              text.id = "planted";
              return text.dataset.claim = claims.get(text.textContent);
            }"""
        )
        mark = here.page.locator("#planted")
        mark.scroll_into_view_if_needed()
        (mark.tap if touch else mark.hover)()
        card = here.page.locator(".card")
        card.wait_for(state="visible", timeout=SLOW)
        what = page(coffee / "prices.html").one("li", id=f"ref-{found}").one("p", class_="what")
        assert what.text() in " ".join(card.text_content().split())
        assert not [url for url in here.asked if "runtime" in url]
        here.page.keyboard.press("Escape")
        card.wait_for(state="hidden", timeout=SLOW)

    browsing(look, viewport=LARGE, has_touch=touch)
