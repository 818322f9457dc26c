"""The lists of claims, of sources and of charts: found, put in order, opened by a link, short."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browsing import SLOW
from support import page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WINDOW = {"width": 1280, "height": 900}
IN_SIGHT = "e => { const {top} = e.getBoundingClientRect(); return top >= 0 && top < innerHeight; }"


@pytest.fixture
def site(coffee: Path) -> Path:
    return coffee


def at(browsing: Callable[..., Any], site: Path, name: str, look: Any, **how: Any) -> None:
    path, _, place = name.partition("#")

    def visit(here: Any) -> None:
        here.page.goto((site / path).as_uri() + (f"#{place}" if place else ""))
        look(here.page)
        assert not here.errors and not here.violations()

    browsing(visit, **{"viewport": WINDOW, **how})


def a_claim(site: Path) -> str:
    """One far down on the data page."""
    return str(page(site / "data.html").all("div", class_="more")[-3].attrs["id"])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("name", ["data.html", "es/sources.html"])
def test_a_link_opens_its_entry(
    browsing: Callable[..., Any], coffee: Path, name: str, scripts: bool
) -> None:
    found = page(coffee / name).all("div", class_="more")[-3].attrs["id"]

    def look(tab: Any) -> None:
        row = tab.locator(f"details.entry:has(#{found}) > summary")
        assert tab.locator("details.entry[open]").count() == 1
        assert tab.locator(f"#{found}").is_visible()
        assert row.evaluate(IN_SIGHT)
        assert row.evaluate(
            "e => { const {left, top} = e.getBoundingClientRect();"
            " return e.contains(document.elementFromPoint(left + 60, top + 4)); }"
        ), "nothing lies over it"
        assert tab.locator(".filters").is_visible() == scripts
        assert bool(tab.locator(".columns button").count()) == scripts

    how = {"java_script_enabled": scripts, "reduced_motion": "reduce"}
    at(browsing, coffee, f"{name}#{found}", look, **how)


@pytest.mark.parametrize("width", [412, 768, 1280])
@pytest.mark.parametrize("name", ["data.html", "sources.html", "es/data.html", "es/sources.html"])
def test_nothing_moves_when_controls_appear(
    browsing: Callable[..., Any], coffee: Path, name: str, width: int
) -> None:
    places = """() => [...document.querySelectorAll(".columns > span, .entry > summary")].map(
        (e) => { const {x, y, width, height} = e.getBoundingClientRect();
                 return [x, y, width, height].map(Math.round).join(); })"""

    def look(tab: Any) -> None:
        shown = tab.evaluate(places)
        tab.evaluate(
            """() => { document.querySelector(".filters").hidden = true;
               for (const b of document.querySelectorAll(".columns button"))
                 b.replaceWith(...b.childNodes); }"""
        )
        assert tab.evaluate(places) == shown

    at(browsing, coffee, name, look, viewport={"width": width, "height": 800})


def test_claims_are_found_and_put_in_order(browsing: Callable[..., Any], coffee: Path) -> None:
    total = len(page(coffee / "data.html").all("details", class_="entry"))
    name = a_claim(coffee)

    def look(tab: Any) -> None:
        rows = tab.locator("details.entry:visible")
        assert rows.count() == total
        tab.locator(".filters input").fill(name)
        assert rows.count() == 1 and tab.locator("h2:visible").count() == 1
        tab.locator(".filters button").click()
        assert rows.count() == total

        place = tab.locator("select[data-column=place]")
        chosen = tab.locator("select[data-column=place] option").nth(1).inner_text()
        place.select_option(chosen)
        assert set(tab.locator("summary:visible .place").all_inner_texts()) == {chosen}
        assert 0 < rows.count() < total
        assert str(rows.count()) in tab.locator("output").inner_text()
        # A link to what is hidden brings it back, open.
        tab.evaluate(f"location.hash = '{name}'")
        tab.locator(f"#{name}").wait_for(state="visible", timeout=SLOW)
        assert rows.count() == total

        button = tab.locator(".columns .when button")
        listed = tab.locator("summary .what").all_inner_texts()
        button.click()
        keys = "all => all.map(e => e.dataset.key.replace(/^\\D+/, '')).filter(Boolean)"
        dates = tab.locator("summary:visible .when").evaluate_all(keys)
        assert dates == sorted(dates) and len(dates) > total / 2
        assert button.get_attribute("aria-pressed") == "true"
        assert tab.locator("h2:visible").count() == 0
        button.click()
        assert tab.locator("summary:visible .when").evaluate_all(keys) == sorted(dates)[::-1]
        button.click()
        assert tab.locator("summary .what").all_inner_texts() == listed

        tab.locator(".columns .figure button").press("Enter")
        figures = tab.locator("summary .figure").evaluate_all(
            "all => all.map(e => [e.dataset.unit, parseFloat(e.querySelector('data').value)])"
        )
        assert all(a[1] <= b[1] for a, b in pairwise(figures) if a[0] == b[0])
        units = [unit for unit, _ in figures]
        assert sum(a != b for a, b in pairwise(units)) == len(set(units)) - 1

    at(browsing, coffee, "data.html", look)


def test_sources_are_found_and_put_in_order(browsing: Callable[..., Any], coffee: Path) -> None:
    def look(tab: Any) -> None:
        counts = tab.locator("summary:visible .count")
        tab.locator(".columns .count button").click()
        found = [int(text.rpartition(":")[2]) for text in counts.all_inner_texts()]
        assert found == sorted(found) and found[-1] > 5
        tab.locator("select[data-column=read]").select_option(index=1)
        assert 0 < counts.count() < len(found)
        title = tab.locator("summary:visible .title").last.inner_text()
        tab.locator(".filters button").click()
        tab.locator(".filters input").fill(title.upper())
        assert title in tab.locator("summary:visible .title").all_inner_texts()
        assert counts.count() < len(found)

    at(browsing, coffee, "sources.html", look)


@pytest.mark.parametrize("width", [320, 360, 768, 1024])
@pytest.mark.parametrize("name", ["data.html", "sources.html"])
def test_nothing_of_an_open_entry_is_wider_than_the_window(
    browsing: Callable[..., Any], site: Path, name: str, width: int
) -> None:
    def look(tab: Any) -> None:
        tab.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width

    at(browsing, site, name, look, viewport={"width": width, "height": 800})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_shown_small_in_the_colours_of_the_page(
    browsing: Callable[..., Any], coffee: Path, scheme: str
) -> None:
    """Those that the reader has chosen, whatever the device says."""
    charts = {path.stem for path in (coffee / "charts").glob("*.csv")}
    linked = {
        a.attrs["href"] for a in page(coffee / "charts.html").one("ul", class_="gallery").all("a")
    }
    assert linked == {f"charts/{name}.html" for name in charts}
    width = "async e => { e.loading = 'eager'; await e.decode(); return e.naturalWidth; }"

    def look(tab: Any) -> None:
        pictures = tab.locator(".gallery img")
        assert pictures.count() == len(charts)
        assert all(pictures.nth(n).evaluate(width) for n in range(pictures.count()))
        tops = [box["y"] for box in (pictures.nth(n).bounding_box() for n in range(4))]
        assert tops[0] == tops[1] == tops[2] < tops[3], "three in a row"
        before = pictures.first.screenshot()
        for _ in range(2):
            tab.locator("button.theme").click()
        tab.wait_for_timeout(300)
        assert tab.locator("html").get_attribute("data-theme") == "dark"
        assert (pictures.first.screenshot() == before) == (scheme == "dark")

    at(browsing, coffee, "charts.html", look, color_scheme=scheme)
