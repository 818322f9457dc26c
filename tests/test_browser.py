"""The site in a real browser: without JavaScript, from a folder, under / and under /repo/.

An installed Chromium or Chrome is driven; with none these tests are skipped, unless the variable
REQUIRE_BROWSER is 1.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, served, sync_api, with_charts
from conftest import copy_of
from support import AVOCADO, build_into, inside, page, pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


KINDS = [
    "index.html",
    "charts.html",
    "data.html",
    "sources.html",
    "charts/{chart}.html",
    "404.html",
]


@pytest.fixture(scope="module")
def site(coffee: Path) -> Path:
    return coffee


@pytest.fixture(scope="module")
def under(coffee: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The site's addresses: from a folder, at the top of a host, and in a folder of one."""
    top = tmp_path_factory.mktemp("host")
    shutil.copytree(coffee, top / "repo")
    with served(coffee) as root, served(top) as host:
        yield {"file": f"{coffee.as_uri()}/", "root": root, "repo": f"{host}repo/"}


def charts(site: Path) -> list[str]:
    return sorted(path.stem for path in (site / "charts").glob("*.csv"))


@pytest.fixture
def visit(browser: sync_api.Browser) -> Iterator[object]:
    made: list[Visit] = []

    def start(**options: object) -> Visit:
        made.append(Visit(browser, **options))
        return made[-1]

    yield start
    for one in made:
        one.context.close()


LIVE = "figure.chart:has(.go-live)"
"""A chart of which a live view can show more."""


FIGURES = """() => [...document.querySelectorAll("figure.chart")].map(figure => {
  const seen = e => !!e && e.checkVisibility({visibilityProperty: true});
  const shows = what => seen(figure.querySelector(what));
  if (!shows(".title")) return figure.closest("details:not([open])") ? [] : ["no title"];
  const faults = [];
  if (!shows("figcaption")) faults.push("no caption");
  if (!shows(".drawing.narrow svg")) faults.push("no narrow drawing");
  if (shows(".drawing.wide svg")) faults.push("the wide drawing");
  if ([...figure.querySelectorAll("button")].some(seen)) faults.push("a button");
  // A table of very many rows stands on the chart's own page, and a link in its place.
  const table = "table, details.in-words > p:not([class]) > a";
  if (!shows(table)) figure.querySelector("details > summary").click();
  if (!shows(table)) faults.push("no table");
  return faults;
})"""
"""What is wrong with each figure of a page for those without JavaScript."""


def test_whole_without_javascript_at_320(browsing: Callable[..., Any], site: Path) -> None:
    def look(here: Visit) -> None:
        for path in pages(site):
            name = path.relative_to(site).as_posix()
            if page(path).all("meta", http_equiv="refresh"):
                continue  # It only leads on to another.
            here.page.goto(path.as_uri())
            sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert here.page.evaluate(sideways) <= 0, name
            assert here.page.locator("h1").first.is_visible() or name == "404.html", name
            assert [fault for faults in here.page.evaluate(FIGURES) for fault in faults] == [], name
        assert all(url.startswith(("file:", "data:")) for url in here.asked)

    browsing(look, java_script_enabled=False, viewport={"width": 320, "height": 640})


@pytest.mark.parametrize(
    ("place", "wish"), [("file", "click"), ("file", "tap"), ("root", "enter"), ("repo", "tap")]
)
def test_a_wish_brings_the_live_view(visit, under, coffee: Path, place: str, wish: str) -> None:
    here = visit(has_touch=wish == "tap", viewport={"width": 1000, "height": 900})
    here.page.goto(under[place] + with_charts(coffee))
    figure = here.page.locator(LIVE).first
    figure.locator(".drawing.wide").scroll_into_view_if_needed()
    assert figure.get_attribute("data-live") is None
    assert not [url for url in here.asked if "runtime" in url]

    drawing = figure.locator(".drawing.wide")
    if wish == "click":
        drawing.click()
    elif wish == "tap":
        drawing.tap()
    else:
        figure.locator("button").first.press("Enter")

    figure.and_(here.page.locator("[data-live=true]")).wait_for()
    assert len([url for url in here.asked if "runtime" in url]) == 1
    assert figure.locator(".live svg").first.is_visible()
    assert here.violations() == []
    assert here.errors == []
    base = under[place] if place != "file" else "file://"
    assert all(url.startswith((base, "data:", "blob:")) for url in here.asked)


def sentences(site: Path, name: str) -> list[str]:
    """What the marks of a page's first chart say, from the text version beside it."""
    figures = page(site / name).all("figure", class_="chart")
    figure = next(figure for figure in figures if figure.all("button", class_="go-live"))
    return [item.text() for item in figure.all("li") if not item.all("ul")]


@pytest.mark.parametrize("place", ["file", "repo"])
def test_a_mark_says_its_sentence(visit, under, coffee: Path, place: str) -> None:
    here = visit(viewport={"width": 1000, "height": 900})
    name = with_charts(coffee)
    here.page.goto(under[place] + name)
    figure = here.page.locator(LIVE).first
    figure.locator(".drawing.wide").click()
    figure.and_(here.page.locator("[data-live=true]")).wait_for()
    said = sentences(coffee, name)
    assert said
    for sentence in said:
        mark = figure.locator(
            f".live [aria-label={json.dumps(sentence, ensure_ascii=False)}]"
        ).first
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        assert box is not None
        here.page.mouse.move(0, 0)
        here.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
        tooltip = here.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert sentence in " ".join(tooltip.inner_text().split())
    assert here.violations() == []


def test_the_drawing_stays_where_the_runtime_does_not_come(visit, under, coffee: Path) -> None:
    here = visit(viewport={"width": 1000, "height": 900})
    here.page.route("**/*runtime*", lambda route: route.abort())
    here.page.goto(under["root"] + with_charts(coffee))
    figure = here.page.locator(LIVE).first
    figure.locator("button").first.click()
    figure.locator(".live-status:not(:empty)").wait_for()
    assert figure.get_attribute("data-live") is None
    assert figure.locator(".drawing.wide > svg").is_visible()
    assert figure.locator(".live").count() == 0


@pytest.mark.parametrize("kind", [*KINDS, "{charts}"])
def test_no_barrier_that_axe_finds(browsing: Callable[..., Any], site: Path, kind: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    name = kind.format(chart=charts(site)[0], charts=with_charts(site))

    def look(here: Visit) -> None:
        here.page.goto((site / name).as_uri())
        here.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        # The dark page has the same structure in other colours.
        dark = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
        for scheme, rules in (("light", None), ("dark", dark)):
            here.page.emulate_media(color_scheme=scheme)
            answer = axe.Axe().run(here.page, options=rules)
            violations = answer.response["violations"]
            found = {v["id"]: [node["html"][:120] for node in v["nodes"]][:3] for v in violations}
            assert found == {}, scheme

    how = {"viewport": {"width": 1000, "height": 900}, "reduced_motion": "reduce"}
    browsing(look, bypass_csp=True, **how)


def test_the_page_for_missing_addresses(
    visit, workshop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("missing")
    content = copy_of(AVOCADO, folder / "content")
    top = folder / "host"
    with served(top) as host:
        with inside(workshop):
            build_into(content, top / "repo", "--site-url", f"{host}repo/")
        here = visit()
        answer = here.page.goto(f"{host}repo/a/b/c")
        assert answer is not None
        assert answer.status == 404
        title = page(top / "repo" / "404.html").one("main").all("h1")[0].text()
        assert here.page.locator("h1", has_text=title).first.is_visible()
        assert here.page.evaluate("document.styleSheets.length") >= 1
        assert here.violations() == []
        here.page.locator("main a").first.click()
        here.page.wait_for_url(f"{host}repo/index.html")
        assert here.page.locator("h1").is_visible()


def test_nothing_runs_from_a_text_of_the_content(visit, small_site: Path) -> None:
    here = visit()
    for path in pages(small_site):
        here.page.goto(path.as_uri())
        assert here.violations() == []
    assert here.errors == []
