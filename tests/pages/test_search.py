"""The search: fetched when it is asked for, from a folder as well, and all by keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import SLOW, served
from support import page, pages

BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WINDOW = {"width": 1000, "height": 800}


@pytest.fixture(scope="module")
def under(coffee: Path) -> Iterator[dict[str, str]]:
    with served(coffee) as host:
        yield {"file": f"{coffee.as_uri()}/", "host": host}


def index(site: Path) -> Any:
    text = (site / "data" / "search.js").read_text("utf-8")
    return json.loads(text.removeprefix("window.explainerIndex=").removesuffix(";\n"))


@pytest.fixture
def site(coffee: Path) -> Path:
    return coffee


@pytest.mark.parametrize("code", ["", "es"])
def test_all_that_is_found_is_there(site: Path, code: str) -> None:
    found = index(site / code)
    kinds = {kind for kind, *_ in found["entries"]}
    assert kinds == {"page", "heading", "chart", "term", "claim", "source"} < set(found["words"])
    known: dict[str, set[str]] = {}
    for _, address, title, _ in found["entries"]:
        path, _, place = address.partition("#")
        if path not in known:
            known[path] = {e.attrs.get("id", "") for e in page(site / code / path).walk()} | {""}
        assert place in known[path], address
        assert title.strip()
    listed = page(site / code / "data.html").all("details", class_="entry")
    assert sum(kind == "claim" for kind, *_ in found["entries"]) == len(listed)


def test_every_page_with_a_head_offers_it_to_those_with_scripts(site: Path) -> None:
    for path in pages(site):
        for head in page(path).all("header", class_="masthead"):
            button = head.one("button", class_="search")
            assert "hidden" in button.attrs
            for name in ("data-script", "data-index"):
                assert (path.parent / button.attrs[name]).is_file(), path


class TestInABrowser:
    pytestmark = BROWSER

    @pytest.mark.parametrize("place", ["file", "host"])
    @pytest.mark.parametrize("name", ["index.html", "es/charts/{chart}.html"])
    def test_it_is_all_done_by_keyboard(
        self,
        browsing: Callable[..., Any],
        under: dict[str, str],
        coffee: Path,
        place: str,
        name: str,
    ) -> None:
        chart = sorted(coffee.glob("charts/*.csv"))[0].stem
        folder = coffee / "es" if name.startswith("es/") else coffee
        terms = [entry for entry in index(folder)["entries"] if entry[0] == "term"]
        _, address, term, _ = max(terms, key=lambda entry: len(entry[2]))

        def visit(here: Any) -> None:
            tab = here.page
            tab.goto(under[place] + name.format(chart=chart))
            assert not [url for url in here.asked if "search" in url], "nothing before it is asked"
            tab.keyboard.press("Control+k")
            box = tab.get_by_role("dialog")
            box.wait_for(timeout=SLOW)
            field = box.get_by_role("searchbox")
            assert field.evaluate("e => e === document.activeElement")
            tab.keyboard.type("xyzzy/")
            assert box.locator("a").count() == 0 and box.locator("output").inner_text()
            assert field.input_value() == "xyzzy/", "here it is a letter like others"
            tab.keyboard.press("Escape")
            box.wait_for(state="hidden", timeout=SLOW)

            tab.keyboard.press("Control+k")
            # Without accents, and in capitals.
            field.fill(term.upper().translate(str.maketrans("ÁÉÍÓÚÑÜ", "AEIOUNU")))
            links = box.locator("a")
            assert term in links.first.inner_text() and links.first.locator(".kind").inner_text()
            tab.keyboard.press("ArrowDown")
            assert links.first.evaluate("e => e === document.activeElement")
            tab.keyboard.press("ArrowUp")
            assert field.evaluate("e => e === document.activeElement")
            tab.keyboard.press("Enter")
            tab.wait_for_url(f"**/{address}", timeout=SLOW)
            assert not here.errors and not here.violations()

        browsing(visit, viewport=WINDOW)

    def test_a_claim_is_found_and_opened(
        self, browsing: Callable[..., Any], under: dict[str, str], coffee: Path
    ) -> None:
        claims = [entry for entry in index(coffee)["entries"] if entry[0] == "claim"]
        _, address, title, _ = claims[-1]

        def visit(here: Any) -> None:
            tab = here.page
            tab.goto(f"{under['file']}data.html")
            tab.locator("button.search").click()
            box = tab.get_by_role("dialog")
            box.get_by_role("searchbox").fill(title.replace(":", ""))
            box.get_by_text(title).first.click()
            box.wait_for(state="hidden", timeout=SLOW)
            tab.locator(f"#{address.partition('#')[2]}").wait_for(state="visible", timeout=SLOW)
            assert not here.errors and not here.violations()

        browsing(visit, viewport=WINDOW)

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_it_has_no_barrier_and_fits_a_telephone(
        self, browsing: Callable[..., Any], under: dict[str, str], scheme: str
    ) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright")

        def visit(here: Any) -> None:
            tab = here.page
            tab.goto(f"{under['host']}es/index.html")
            tab.locator("button.search").click()
            tab.get_by_role("searchbox").fill("el")
            assert tab.locator("dialog a").count() > 5
            assert tab.evaluate("document.documentElement.scrollWidth") <= 320
            assert tab.locator("dialog").evaluate("e => e.scrollWidth <= e.clientWidth")
            found = axe.Axe().run(tab).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []

        browsing(
            visit, viewport={"width": 320, "height": 640}, color_scheme=scheme, bypass_csp=True
        )

    def test_without_scripts_nothing_offers_it(
        self, browsing: Callable[..., Any], under: dict[str, str]
    ) -> None:
        def visit(here: Any) -> None:
            here.page.goto(f"{under['file']}index.html")
            assert not here.page.locator("button.search").is_visible()

        browsing(visit, java_script_enabled=False)
