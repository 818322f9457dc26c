"""The site as readers have it before them: whole, without barrier, as long as its text, printed.

What has to hold of any site are tests of the generator, once more.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, served
from firefox import firefox
from support import TESTS, page

sys.path.append(str(TESTS / "pages"))

from test_browser import test_no_barrier_that_axe_finds, test_whole_without_javascript_at_320
from test_conditions import (
    TestForcedColours,
    large,
    test_no_page_scrolls_sideways_in_large_type,
)
from test_lists import at, test_nothing_of_an_open_entry_is_wider_than_the_window
from test_measures import FIGURES, STOPS
from test_print import Printed, test_chromium, test_firefox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LARGE = {"width": 1280, "height": 900}
ROW, REST = 28, 1000  # px: a closed entry, most of them on one line, and what is around them
PHONE = {"width": 360, "height": 800}


@pytest.fixture(scope="module")
def site(real_site: Path) -> Path:
    return real_site


@pytest.fixture
def printed(real_site: Path) -> Iterator[Printed]:
    """The pages with the highest drawings."""
    with served(real_site) as address:
        yield Printed(real_site, address, ["index.html", "history.html", "flights.html"])


def test_a_page_is_as_long_as_its_text(browsing: Callable[..., Any], real_site: Path) -> None:
    for size, most in ((LARGE, 11_000), (PHONE, 15_000)):

        def look(here: Visit, most: int = most) -> None:
            here.page.goto((real_site / "index.html").as_uri())
            height = here.page.evaluate("document.documentElement.scrollHeight")
            assert height <= most
            text = here.page.locator(".body").bounding_box()
            onward = here.page.locator(".onward").bounding_box()
            assert onward["y"] - text["y"] - text["height"] <= 200
            assert len(here.page.evaluate(f"({STOPS})('body')")) <= 160

        browsing(look, viewport=size)


def test_a_figure_is_mostly_its_drawing(browsing: Callable[..., Any], real_site: Path) -> None:
    for size, least in ((LARGE, 0.73), (PHONE, 0.63)):

        def look(here: Visit, least: float = least) -> None:
            for name in ("index", "prices", "flights", "history", "places", "unknowns"):
                here.page.goto((real_site / f"{name}.html").as_uri())
                for figure in here.page.evaluate(FIGURES):
                    assert figure["drawn"] >= least * figure["whole"], figure

        browsing(look, viewport=size)


@pytest.mark.parametrize("name", ["data", "es/data", "sources", "es/sources"])
def test_lists_are_short(browsing: Callable[..., Any], real_site: Path, name: str) -> None:
    """A line for each entry, but for few that need two."""
    entries = len(page(real_site / f"{name}.html").all("details", class_="entry"))

    def look(tab: Any) -> None:
        height = tab.evaluate("document.documentElement.scrollHeight")
        assert height <= REST + ROW * entries, height

    at(browsing, real_site, f"{name}.html", look, java_script_enabled=False)


def test_every_chart_of_this_site_fits_the_frame_that_is_offered(
    browsing: Callable[..., Any], real_online: Path
) -> None:
    """As it is pasted, without its script, in columns from the narrowest on."""
    heights = {}
    for path in real_online.rglob("charts/*.embed.html"):
        whole = page(path.with_name(path.name.replace(".embed", "")))
        code = whole.one("div", id="embed").one("pre").text()
        heights[path] = int(re.findall(r'height="(\d+)"', code)[0])

    def visit(here: Visit) -> None:
        for path, height in heights.items():
            here.page.goto(path.as_uri())
            for width in (320, 340, 400):
                here.page.set_viewport_size({"width": width, "height": 300})
                needed = here.page.evaluate(
                    "() => [document.documentElement.scrollWidth,"
                    " document.documentElement.getBoundingClientRect().height]"
                )
                assert needed[0] <= width and needed[1] <= height, (path.name, width, needed)
        assert not here.errors

    assert len(heights) > 30
    browsing(visit)
