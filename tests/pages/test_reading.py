"""What a page adds for those who read it on a screen, and that it is whole without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import SLOW, Visit
from support import page

LARGE = {"width": 1280, "height": 800}
TOPS = "all => all.map(e => Math.round(e.getBoundingClientRect().top + scrollY))"
PHONE = {"width": 320, "height": 640}


def in_browser(
    browsing: Callable[..., Any], address: Path, look: Callable[[Any], None], **how: Any
) -> None:
    def visit(here: Visit) -> None:
        here.page.goto(address.as_uri())
        look(here.page)
        assert not here.errors and not here.violations()

    browsing(visit, **{"viewport": LARGE, **how})


def colour(tab: Any) -> str:
    return str(tab.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_choice_of_colours_is_kept(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(tab: Any) -> None:
        as_device = colour(tab)
        button = tab.locator("button.theme")
        for wanted in ("light", "dark"):
            button.click()
            assert tab.locator("html").get_attribute("data-theme") == wanted
        dark = colour(tab)
        assert dark != as_device
        tab.goto((coffee / "data.html").as_uri())
        assert colour(tab) == dark, "the next page keeps it"
        button.click()
        assert colour(tab) == as_device, "and the device decides again"
        assert tab.evaluate("Object.keys(localStorage).join()") == "theme", "nothing else is kept"

    in_browser(browsing, coffee / "index.html", look, color_scheme="light")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_contents_mark_the_section_being_read(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(tab: Any) -> None:
        for place in ("farm", "how", "divide"):
            tab.locator(f".contents a[href='#{place}']").click()
            marked = tab.locator(".contents [aria-current]")
            tab.locator(f".contents a[href='#{place}'][aria-current]").wait_for(timeout=SLOW)
            assert marked.count() == 1

    in_browser(browsing, coffee / "index.html", look, reduced_motion="reduce")


READ = """e => scrollTo({
  top: e.getBoundingClientRect().top + scrollY - innerHeight / 6, behavior: "instant"})"""
"""Scrolls to where an element is being read."""

PLANT = """() => document.querySelectorAll(".climb .step").forEach(step => {
  const { dataset, textContent } = step.querySelector(".claim");
  document.querySelectorAll(".climb .drawing > svg text").forEach(text => {
    if (text.textContent === textContent) text.dataset.claim = dataset.claim;
  });
})"""
"""Gives the labels of the climb's drawing the claim of the section that speaks of them first."""


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_climb_marks_what_its_section_is_about(
    browsing: Callable[..., Any], coffee: Path
) -> None:
    def look(tab: Any) -> None:
        tab.evaluate(PLANT)
        drawing = tab.locator("#chart-price-ladder .drawing.narrow")
        for place, figure in (("stop-farm", "about $3"), ("stop-cafe", "up to $150")):
            heading = tab.locator(f"#{place}")
            before = drawing.locator("text", has_text=figure).first.evaluate(
                "e => getComputedStyle(e).fill"
            )
            heading.evaluate(READ)
            marked = drawing.locator("text.marked", has_text=figure).first
            marked.wait_for(timeout=SLOW)
            assert set(drawing.locator("text.marked").all_text_contents()) == {figure}
            assert marked.evaluate("e => getComputedStyle(e).fill") == before, "its own color"
            assert drawing.bounding_box()["y"] >= 0, "the drawing is in sight"
            assert tab.locator(f".contents a[href='#{place}'][aria-current]").count() == 1
        beside = drawing.bounding_box()
        text = tab.locator(".step").last.bounding_box()
        assert beside["x"] >= text["x"] + text["width"]

    in_browser(browsing, coffee / "index.html", look)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("how", [{"java_script_enabled": False}, {"reduced_motion": "reduce"}])
def test_the_drawing_of_a_climb_stays_in_sight(
    browsing: Callable[..., Any], coffee: Path, how: dict[str, Any]
) -> None:
    def look(tab: Any) -> None:
        tab.locator(".step").last.evaluate(READ)
        box = tab.locator("#chart-price-ladder .drawing.narrow svg").bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= LARGE["height"]
        caption = tab.locator(".climb > .chart > figcaption").bounding_box()
        steps = tab.locator(".climb .steps").bounding_box()
        assert caption["y"] + caption["height"] <= steps["y"]

    in_browser(browsing, coffee / "index.html", look, **how)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_margin_says_who_and_nothing_moves(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(tab: Any) -> None:
        margin = tab.locator(".margin").first
        assert "calculation" in margin.inner_text()
        box, text = margin.bounding_box(), tab.locator(".body > p").first.bounding_box()
        assert box["x"] > text["x"] + text["width"]
        assert margin.get_attribute("aria-hidden") == "true"
        assert tab.locator(".margin a[href]").count() == 0, "it holds nothing to be reached"
        figures = tab.locator(".margin b").all_inner_texts()
        told = tab.evaluate(
            "[...document.querySelectorAll('.margin small')].map(p => p.textContent)"
        )
        assert len(told) == len(set(told)) and figures
        places = tab.locator("h2, h3").evaluate_all(TOPS)
        tab.evaluate("document.querySelectorAll('.margin').forEach(e => e.remove())")
        assert tab.locator("h2, h3").evaluate_all(TOPS) == places

    for script in (True, False):
        in_browser(browsing, coffee / "index.html", look, java_script_enabled=script)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("touch", [False, True], ids=["pointer", "touch"])
def test_a_term_is_explained_where_it_stands(
    browsing: Callable[..., Any], coffee: Path, touch: bool
) -> None:
    def look(tab: Any) -> None:
        term = tab.locator("main .steps a.term").first
        name = str(term.get_attribute("href")).partition("#")[2]
        meaning = term.get_attribute("aria-description")
        assert meaning and not term.get_attribute("title")
        if touch:
            term.tap()
        else:
            term.hover()
        card = tab.locator(".card")
        card.wait_for(state="visible", timeout=SLOW)
        assert meaning in card.inner_text()
        tab.keyboard.press("Escape")
        card.wait_for(state="hidden", timeout=SLOW)
        term.focus()
        tab.keyboard.press("Enter")
        tab.wait_for_url(f"**/glossary.html#{name}", timeout=SLOW)
        assert tab.locator(f"#{name} dd").is_visible()

    in_browser(browsing, coffee / "index.html", look, has_touch=touch)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("name", ["index", "prices", "trade", "glossary", "data", "sources"])
def test_nothing_is_wider_than_a_narrow_window(
    browsing: Callable[..., Any], coffee: Path, name: str
) -> None:
    def look(tab: Any) -> None:
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    in_browser(browsing, coffee / f"es/{name}.html", look, viewport=PHONE)


def test_terms_lead_to_the_glossary_and_say_what_they_mean(coffee: Path) -> None:
    entries = {e.attrs["id"]: e for e in page(coffee / "glossary.html").all("div", class_="entry")}
    assert entries
    words = [entry.one("dt").text().casefold() for entry in entries.values()]
    assert words == sorted(words)
    for term in page(coffee / "index.html").all("a", class_="term"):
        assert term.attrs["title"]
        assert term.attrs["href"].partition("#")[2] in entries


def test_the_way_up_from_a_chart(coffee: Path) -> None:
    trail = page(coffee / "es/charts/price-ladder.html").one("nav", class_="trail")
    assert [a.attrs["href"] for a in trail.all("a")] == ["../index.html"]
    trail = page(coffee / "charts/price-legs.html").one("nav", class_="trail")
    assert [a.attrs["href"] for a in trail.all("a")] == ["../index.html", "../prices.html"]
