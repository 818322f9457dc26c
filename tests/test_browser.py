"""The site in a real browser: without JavaScript, from a folder, under / and under /repo/.

An installed Chromium or Chrome is driven; with none these tests are skipped, unless the variable
REQUIRE_BROWSER is 1.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Visit, served, sync_api, with_charts
from conftest import copy_of
from support import ROOT, build_into, inside, page, pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


KINDS = [
    "index.html",
    "charts.html",
    "data.html",
    "sources.html",
    "charts/{chart}.html",
    "404.html",
]


@pytest.fixture(scope="session")
def under(real_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The site's addresses: from a folder, at the top of a host, and in a folder of one."""
    top = tmp_path_factory.mktemp("host")
    shutil.copytree(real_site, top / "repo")
    with served(real_site) as root, served(top) as host:
        yield {"file": f"{real_site.as_uri()}/", "root": root, "repo": f"{host}repo/"}


each_place = pytest.mark.parametrize("place", ["file", "root", "repo"])


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


def test_whole_without_javascript_at_320(visit, under, real_site: Path) -> None:
    here = visit(java_script_enabled=False, viewport={"width": 320, "height": 640})
    for path in pages(real_site):
        name = path.relative_to(real_site).as_posix()
        here.page.goto(under["root"] + name)
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert here.page.evaluate(sideways) <= 0, name
        assert here.page.locator("h1").first.is_visible() or name == "404.html", name
        for figure in here.page.locator("figure.chart").all():
            if not figure.locator(".title").is_visible():
                # A twin waits folded beside its chart.
                assert figure.evaluate("e => !!e.closest('details:not([open])')"), name
                continue
            assert figure.locator("figcaption").is_visible(), name
            assert figure.locator(".drawing.narrow svg").is_visible(), name
            assert not figure.locator(".drawing.wide svg").is_visible(), name
            assert figure.locator("button:visible").count() == 0, name
            # A table of very many rows stands on the chart's own page, and a link in its place.
            table = figure.locator("table, details.in-words > p:last-child > a")
            if not table.is_visible():
                figure.locator("details > summary").first.click()
            assert table.is_visible(), name
    assert all(url.startswith((under["root"], "data:")) for url in here.asked)


@each_place
@pytest.mark.parametrize("wish", ["click", "enter", "tap"])
def test_a_wish_brings_the_live_view(visit, under, real_site: Path, place: str, wish: str) -> None:
    here = visit(has_touch=wish == "tap", viewport={"width": 1000, "height": 900})
    here.page.goto(under[place] + with_charts(real_site))
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


@each_place
def test_a_mark_says_its_sentence(visit, under, real_site: Path, place: str) -> None:
    here = visit(viewport={"width": 1000, "height": 900})
    name = with_charts(real_site)
    here.page.goto(under[place] + name)
    figure = here.page.locator(LIVE).first
    figure.locator(".drawing.wide").click()
    figure.and_(here.page.locator("[data-live=true]")).wait_for()
    said = sentences(real_site, name)
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


def test_the_drawing_stays_where_the_runtime_does_not_come(visit, under, real_site: Path) -> None:
    here = visit(viewport={"width": 1000, "height": 900})
    here.page.route("**/*runtime*", lambda route: route.abort())
    here.page.goto(under["root"] + with_charts(real_site))
    figure = here.page.locator(LIVE).first
    figure.locator("button").first.click()
    figure.locator(".live-status:not(:empty)").wait_for()
    assert figure.get_attribute("data-live") is None
    assert figure.locator(".drawing.wide > svg").is_visible()
    assert figure.locator(".live").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [*KINDS, "{charts}"])
def test_no_barrier_that_axe_finds(visit, under, real_site: Path, kind: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    here = visit(color_scheme=scheme, bypass_csp=True, viewport={"width": 1000, "height": 900})
    name = kind.replace("{charts}", with_charts(real_site))
    here.page.goto(under["root"] + name.format(chart=charts(real_site)[0]))
    here.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    # The dark page has the same structure in other colours.
    rules = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    answer = axe.Axe().run(here.page, options=rules if scheme == "dark" else None)
    violations = answer.response["violations"]
    found = {v["id"]: [node["html"][:120] for node in v["nodes"]][:3] for v in violations}
    assert found == {}


def test_the_page_for_missing_addresses(
    visit, workshop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("missing")
    content = copy_of(ROOT / "content", folder / "content")
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
