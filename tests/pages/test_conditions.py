"""The site under conditions that its readers bring: large type, an older browser, forced colours.

Every page of the example is tried, in both languages, and in `tests/content/` those of this site.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, driven
from support import ROOT, Element, page, pages

from explainer.charts.theme import TOKENS
from explainer.figures.picture import OTHER_FONTS

BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHARTED = "trade.html"
"""A page with charts in its text."""

FONT = 32  # px, twice what browsers come with
PHONE = {"width": 360, "height": 800}

LETTERS = """names => Math.min(...[...document.querySelectorAll('.drawing > svg')].filter(
  svg => svg.getClientRects().length && (!names || names.includes(svg.closest('figure').id))).map(
  svg => 13 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""
"""How many px high the smallest lettering of the drawings on a page is shown."""

COLUMN = """() => [...document.querySelectorAll('.drawing > svg')].filter(
  svg => svg.getClientRects().length).map(svg => [svg, svg.closest('.drawings')].map(
  e => Math.round(e.getBoundingClientRect().width)))"""
"""How wide each drawing on a page is, and how wide its column."""


@pytest.fixture(scope="module")
def site(coffee: Path) -> Path:
    return coffee


@pytest.fixture(scope="module")
def large() -> Iterator[Callable[..., Any]]:
    """A browser whose reader has set the largest type."""
    with driven(f"--blink-settings=defaultFontSize={FONT}") as run:
        yield run


def in_force(site: Path) -> list[Path]:
    """The pages of a site but for those that only lead on to another."""
    return [path for path in pages(site) if not page(path).all("meta", http_equiv="refresh")]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_no_page_scrolls_sideways_in_large_type(large: Callable[..., Any], site: Path) -> None:
    def look(here: Visit) -> None:
        sideways = {}
        for path in in_force(site):
            here.page.goto(path.as_uri())
            here.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
            width = here.page.evaluate("document.documentElement.scrollWidth")
            if width > PHONE["width"]:
                sideways[path.relative_to(site).as_posix()] = width
        assert here.page.evaluate("getComputedStyle(document.documentElement).fontSize") == (
            f"{FONT}px"
        )
        assert sideways == {}

    large(look, viewport=PHONE)


class TestLargeType:
    pytestmark = BROWSER

    def test_lettering_of_charts_grows_with_it(
        self, large: Callable[..., Any], browsing: Callable[..., Any], coffee: Path
    ) -> None:
        shown: dict[int, list[float]] = {}

        def look(here: Visit) -> None:
            for width in (360, 1280):
                here.page.set_viewport_size({"width": width, "height": 800})
                here.page.goto((coffee / CHARTED).as_uri())
                shown.setdefault(width, []).append(here.page.evaluate(LETTERS, None))

        browsing(look)
        large(look)
        before, after = shown[1280]
        assert before >= 13 and after >= 1.9 * before
        # On a telephone it takes all the width that there is.
        before, after = shown[360]
        assert before >= 13 and after >= 360 / 288 * 13 - 0.1

    def test_a_drawing_fills_its_column(self, browsing: Callable[..., Any], coffee: Path) -> None:
        def look(here: Visit) -> None:
            here.page.goto((coffee / CHARTED).as_uri())
            for width in (320, 360, 480, 671, 672, 768, 1000, 1280, 1920):
                here.page.set_viewport_size({"width": width, "height": 800})
                found = here.page.evaluate(COLUMN)
                assert found and here.page.evaluate(LETTERS, None) >= 13, width
                for drawing, column in found:
                    # Between the two drawings, the narrow one grows up to a size that is large
                    # enough.
                    full = abs(drawing - column) <= 1
                    assert full or drawing == 480 < column < 640, (width, drawing, column)

        browsing(look)


class TestWithoutTheStyle:
    """As reader views and feed readers show it; `tests/readability.mjs` tries one of them."""

    def test_each_figure_has_one_drawing_with_colours_and_fonts(self, site: Path) -> None:
        figures = 0
        for path in in_force(site):
            for figure in page(path).all("figure", class_="chart"):
                figures += 1
                shown = [d for d in figure.all(class_="drawing") if "hidden" not in d.attrs]
                assert [d.attrs["class"] for d in shown] == ["drawing wide"], path
                [svg] = figure.one(class_="drawing wide").children
                assert isinstance(svg, Element) and "sans-serif" in svg.attrs["font-family"]
                for part in figure.all(class_="drawings"):
                    for element in part.walk():
                        for value in element.attrs.values():
                            assert "var(" not in value or COLOUR.fullmatch(value), (path, value)
        assert figures > 100

    @pytest.mark.browser
    @pytest.mark.xdist_group("browser")
    def test_lettering_is_not_cut_in_the_likest_other_font(
        self, browsing: Callable[..., Any], site: Path
    ) -> None:
        """Of pictures to download, which name more than one font but carry none."""

        def look(here: Visit) -> None:
            pictures = 0
            here.page.goto((site / "index.html").as_uri())
            here.page.evaluate(FONTS_ARE_THERE)
            for path in site.rglob("charts/*.svg"):
                svg = path.read_text("utf-8").partition("?>")[2]
                assert "sans-serif" in svg.partition(">")[0], path.name
                assert here.page.evaluate(CUT, [svg, OTHER_FONTS]) == [], path.name
                pictures += 1
            assert pictures > 25

        browsing(look, bypass_csp=True)


COLOUR = re.compile(r"var\(--[\w-]+, #[0-9a-f]{6}\)")

FONTS_ARE_THERE = """Promise.all(["400", "700"].map(
  weight => document.fonts.load(`${weight} 16px "Explainer Sans"`)))"""

CUT = """([svg, wider]) => {
  document.body.innerHTML = svg;
  const picture = document.body.firstElementChild;
  const edge = picture.getBoundingClientRect();
  return [...picture.querySelectorAll("text")].filter(text => text.textContent.trim()).flatMap(
    text => (text.children.length ? [...text.children] : [text]).map(line => {
      const {left, width} = line.getBoundingClientRect();
      const part = {middle: .5, end: 1}[text.getAttribute("text-anchor")] ?? 0;
      const start = left - width * (wider - 1) * part;
      return start >= edge.left && start + width * wider <= edge.right ? "" : line.textContent;
    })).filter(Boolean);
}"""
"""The lines of a picture that would be cut in a font so much wider."""


class TestOlderBrowsers:
    @pytest.mark.parametrize(
        "path", ["templates/css/site.css", "explainer/preview/overlay/overlay.css"]
    )
    def test_each_colour_stands_first_as_it_is_on_the_light_page(self, path: str) -> None:
        style = (ROOT / path).read_text("utf-8")
        plain, _, rest = style.partition("@supports (color: light-dark(#000, #fff)) {\n")
        block, _, after = rest.partition("\n}\n")
        assert "light-dark(" not in plain
        assert "light-dark(" not in after.replace("not (color: light-dark(#000, #fff))", "")
        pairs = re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\);", block)
        assert dict(re.findall(r"  (--[\w-]+): (#\w+);", plain)) == {n: v for n, v, _ in pairs}
        if "site" in path:
            both = {name: values for name, *values in pairs}
            assert {name: tuple(both[name]) for name in TOKENS} == TOKENS

    @pytest.mark.browser
    @pytest.mark.xdist_group("browser")
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_without_light_dark_the_page_is_light_and_whole(
        self, browsing: Callable[..., Any], coffee: Path, scheme: str
    ) -> None:
        """As in a browser that has never heard of the function: what names it is dropped."""

        def older(route: Any) -> None:
            style = next((coffee / "assets").glob("site-*.css")).read_text("utf-8")
            route.fulfill(body=style.replace("light-dark(", "unknown("), content_type="text/css")

        def look(here: Visit) -> None:
            here.page.route("**/site-*.css", older)
            here.page.goto((coffee / "index.html").as_uri())
            colours = here.page.evaluate(
                "() => { const is = getComputedStyle(document.documentElement);"
                " return [is.backgroundColor, is.color, is.colorScheme]; }"
            )
            assert colours == ["rgb(255, 254, 251)", "rgb(29, 32, 37)", "light"]
            fills = here.page.evaluate(
                "[...document.querySelectorAll('.drawing svg [fill^=\"var(--series-1,\"]')].map("
                "e => getComputedStyle(e).fill)"
            )
            assert fills and set(fills) == {"rgb(0, 114, 178)"}
            assert not here.page.locator("button.theme").is_visible(), "there is nothing to choose"

        browsing(look, color_scheme=scheme)


SHAPES = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(
      c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const ground = rgb(getComputedStyle(document.documentElement).backgroundColor);
  const against = (colour, opacity) => {
    if (colour === 'none') return 1;
    const found = rgb(colour);
    const share = opacity * found[3] / 255;
    const mixed = found.map((c, i) => c * share + ground[i] * (1 - share));
    const [a, b] = [light(mixed), light(ground)].sort((one, two) => two - one);
    return (a + .05) / (b + .05);
  };
  return [...document.querySelectorAll('.drawing svg :is(path, rect, circle, line)')].filter(
    e => e.getClientRects().length && !e.closest('defs, clipPath')).map(e => {
      const {fill, fillOpacity, stroke, strokeOpacity, strokeWidth} = getComputedStyle(e);
      const own = ['fill', 'stroke'].map(name => e.getAttribute(name) ?? '').join(' ');
      return [own, Math.max(against(fill, +fillOpacity),
        parseFloat(strokeWidth) ? against(stroke, +strokeOpacity) : 1),
        e.closest('figure').id];
    });
}"""
"""Each shape that is shown: the colours that it asks for, and its contrast against the page."""

GROUND = ("--chart-paper", "--map-sea", "--map-land", "--map-far")
"""What lies behind the data."""


class TestForcedColours:
    pytestmark = BROWSER

    def test_data_is_seen_and_the_grid_is_quieter(
        self, browsing: Callable[..., Any], site: Path
    ) -> None:
        """In the narrow drawing and in the wide one, on light and on dark."""

        def hold(here: Visit) -> int:
            seen = 0
            for colours, contrast, figure in here.page.evaluate(SHAPES):
                names = re.findall(r"--[\w-]+", colours)
                if "--chart-grid" in names:
                    assert contrast < 3, figure
                elif colours.replace("transparent", "").replace("none", "").strip() and not (
                    names and set(names) <= set(GROUND)
                ):
                    assert contrast >= 3, (figure, colours)
                    seen += 1
            return seen

        def look(here: Visit) -> None:
            seen: Counter[tuple[int, str]] = Counter()
            for path in site.rglob("charts/*.html"):
                if ".embed." in path.name:
                    continue
                here.page.goto(path.as_uri())
                for width in (360, 1000):
                    here.page.set_viewport_size({"width": width, "height": 800})
                    for scheme in ("light", "dark"):
                        here.page.emulate_media(color_scheme=scheme)
                        seen[width, scheme] += hold(here)
            assert len(seen) == 4 and min(seen.values()) > 100

        browsing(look, forced_colors="active")
