"""Live views: every kind of Vega-Lite block answers, and rows and marks light each other up.

All blocks of tests/live/ are driven in one visit of a browser, under the policy of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browsing import SLOW, Visit, with_charts
from support import TESTS, build_into, inside, like_avocado, page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NOTE = (TESTS / "live" / "index.md").read_text("utf-8")
BLOCKS = re.findall(r"^id: (\S+)$", NOTE, re.MULTILINE)

SAME = """figure => {
  const parts = svg => ["path", "rect", "circle", "line", "text"].map(
    name => [...svg.querySelectorAll(`g ${name}`)].filter(seen).length);
  const seen = mark =>
    mark.tagName === "text"
      ? mark.textContent
      : !["", "M0,0h0v0h0Z"].includes(mark.getAttribute("d"));
  const [still, moving] = figure.querySelectorAll(".drawing.wide > svg, .drawing.wide .live svg");
  return [still, moving].map(svg => [parts(svg), svg.getAttribute("viewBox")]);
}"""


@dataclass
class Tour:
    """What a visit to all blocks found."""

    jumps: dict[str, float] = field(default_factory=dict)
    same: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The page of all blocks."""
    folder = tmp_path_factory.mktemp("live")
    content = like_avocado(folder / "content", {"index.md": NOTE})
    with inside(workshop):
        return build_into(content, folder / "site") / "index.html"


@pytest.fixture(scope="module")
def tour(browsing: Callable[..., Any], blocks: Path) -> Tour:
    """Brings every block to life, and drives those that answer."""

    def visit(here: Visit) -> Tour:
        found = Tour()
        tell = found.complaints.append
        here.page.on("console", lambda message: tell(message.text))
        here.page.goto(blocks.as_uri())
        for name in BLOCKS:
            figure = here.page.locator(f"#chart-{name}")
            figure.locator("button.go-live").click()
            # From the click on there is room for its controls.
            before = figure.bounding_box()["height"]
            figure.and_(here.page.locator("[data-live=true]")).wait_for(timeout=SLOW)
            found.jumps[name] = figure.bounding_box()["height"] - before
            found.same[name] = figure.evaluate(SAME)
        for name, drive in DRIVEN.items():
            figure = here.page.locator(f"#chart-{name}")
            figure.locator(".live svg").first.scroll_into_view_if_needed()
            found.seen[name] = drive(here, figure)
        found.complaints += here.errors + here.violations()
        return found

    result: Tour = browsing(visit, viewport={"width": 760, "height": 900})
    return result


def marks(figure: Any, kind: str) -> Any:
    """The marks of a kind that carry data."""
    return figure.locator(f".live .role-mark.mark-{kind} > *")


def values(found: Any, name: str) -> list[str]:
    """An attribute of each mark."""
    given: list[str] = found.evaluate_all(f"all => all.map(e => e.getAttribute({name!r}))")
    return given


def drag(here: Visit, area: Any, start: float, end: float) -> None:
    """Draws from one part of an area's width to another."""
    box = area.bounding_box()
    middle = box["y"] + box["height"] / 2
    here.page.mouse.move(box["x"] + box["width"] * start, middle)
    here.page.mouse.down()
    here.page.mouse.move(box["x"] + box["width"] * end, middle, steps=4)
    here.page.mouse.up()
    settle(here)


def settle(here: Visit) -> None:
    """Waits until what was done is seen."""
    here.page.evaluate("new Promise(seen => requestAnimationFrame(() => setTimeout(seen, 50)))")


def brush(here: Visit, figure: Any) -> Any:
    points = marks(figure, "symbol")
    before = values(points, "fill")
    drag(here, figure.locator(".live svg").first, 0.45, 0.75)
    return before, values(points, "fill")


def brush_and_see(here: Visit, figure: Any) -> Any:
    bars = marks(figure, "rect").and_(figure.locator("[aria-label*='Sum of sold']"))
    before = values(bars, "aria-label")
    points = marks(figure, "symbol").first.locator("..")
    drag(here, points, 0.45, 1)
    return before, values(bars, "aria-label")


def click_bar(here: Visit, figure: Any) -> Any:
    bars = marks(figure, "rect")
    before = values(bars, "fill-opacity")
    bars.first.click()
    settle(here)
    return before, values(bars, "fill-opacity")


def click_legend(here: Visit, figure: Any) -> Any:
    points = marks(figure, "symbol")
    before = values(points, "opacity")
    figure.locator(".live .role-legend-symbol path").first.click()
    settle(here)
    return before, values(points, "opacity")


def slide(here: Visit, figure: Any) -> Any:
    before = marks(figure, "symbol").count()
    figure.get_by_label("sold at least").fill("5")
    return before, marks(figure, "symbol").count()


def set_controls(here: Visit, figure: Any) -> Any:
    points = marks(figure, "symbol")
    before = values(points, "d")
    figure.locator(".live input[type=range]").fill("400")
    figure.locator(".live select").select_option("square")
    here.page.wait_for_url("**#chart-slider-size:size=400&shape=square")
    after = values(points, "d")
    figure.locator("button.reset").click()
    return before, after, values(points, "d")


def say(here: Visit, figure: Any) -> Any:
    # In the middle of the window: what follows the pointer there has room on every side.
    cell = marks(figure, "rect").first
    cell.hover()
    tooltip = here.page.locator("#vg-tooltip-element")
    here.page.locator("#vg-tooltip-element.visible").wait_for()
    said = " ".join(tooltip.inner_text().split())
    colour = "e => getComputedStyle(e).backgroundColor"
    looks = []
    for scheme in ("light", "dark"):
        here.page.emulate_media(color_scheme=scheme)
        looks.append(tooltip.evaluate(colour))
    here.page.emulate_media(color_scheme="light")
    here.page.keyboard.press("Escape")
    return said, looks, tooltip.is_visible()


DRIVEN: dict[str, Callable[[Visit, Any], Any]] = {
    "interval-brush": brush,
    "interval-linked": brush_and_see,
    "point-click": click_bar,
    "point-legend": click_legend,
    "slider-filter": slide,
    "slider-size": set_controls,
    "heat-map": say,
}


def test_there_are_two_blocks_of_each_kind() -> None:
    kinds = [name.partition("-")[0] for name in BLOCKS]
    many = {"layered", "faceted", "concat", "repeat", "stacked", "heat", "geo", "interval", "point"}
    assert {kind for kind in kinds if kinds.count(kind) >= 2} >= {*many, "slider"}
    assert {"box-plot", "error-bars", "window-sum", "lookup-town"} <= set(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_the_view_is_the_drawing_and_nothing_jumps(tour: Tour, name: str) -> None:
    still, moving = tour.same[name]
    assert moving == still and sum(still[0]) > 4
    assert abs(tour.jumps[name]) <= 1


def test_nothing_is_blocked_and_nothing_fails(tour: Tour) -> None:
    assert tour.complaints == []


def test_an_interval_selects(tour: Tour) -> None:
    before, after = tour.seen["interval-brush"]
    assert set(before) == {"var(--series-2)"}
    assert set(after) == {"var(--series-2)", "var(--chart-grid)"}


def test_an_interval_of_one_view_filters_another(tour: Tour) -> None:
    before, after = tour.seen["interval-linked"]
    assert len(before) == 2 and before != after


def test_a_point_selects(tour: Tour) -> None:
    before, after = tour.seen["point-click"]
    assert before == ["1", "1"] and after == ["1", "0.2"]
    before, after = tour.seen["point-legend"]
    assert set(before) == {"1"} and sorted(after) == ["0.1"] * 6 + ["1"] * 6


def test_a_slider_filters(tour: Tour) -> None:
    assert tour.seen["slider-filter"] == (12, 7)


def test_controls_change_the_marks_and_reset(tour: Tour) -> None:
    before, after, again = tour.seen["slider-size"]
    assert before != after and again == before
    assert all("A" in path for path in before) and not any("A" in path for path in after)


def test_a_tooltip_is_in_the_colours_of_the_page_and_goes_with_esc(tour: Tour) -> None:
    said, looks, still_there = tour.seen["heat-map"]
    assert "month" in said and "shop" in said
    assert looks[0] != looks[1]
    assert not still_there


# What a view leaves alone


def test_only_a_click_a_tap_or_enter_begins_a_view(
    browsing: Callable[..., Any], blocks: Path
) -> None:
    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        figure = here.page.locator("#chart-point-click")
        figure.locator(".drawing.wide").hover()
        here.page.mouse.wheel(0, 10)
        figure.locator("button.go-live").focus()
        figure.locator("details.in-words > summary").click()
        figure.locator("tbody tr").first.hover()
        here.page.wait_for_timeout(600)
        assert not [url for url in here.asked if "runtime" in url]
        assert figure.get_attribute("data-live") is None
        figure.locator("button.go-live").press("Enter")
        figure.and_(here.page.locator("[data-live=true]")).wait_for(timeout=SLOW)

    browsing(look, viewport={"width": 760, "height": 900})


def test_a_view_keeps_name_and_description_of_its_drawing(
    browsing: Callable[..., Any], blocks: Path
) -> None:
    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        here.enlivened("point-click")
        session = here.context.new_cdp_session(here.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        told = {
            (node["name"]["value"], node.get("description", {}).get("value"))
            for node in nodes
            if node.get("role", {}).get("value") == "group" and node.get("name", {}).get("value")
        }
        assert ("A chart of point click", "A made-up chart, point click.") in told

    browsing(look, viewport={"width": 760, "height": 900})


def test_a_wheel_over_a_view_scrolls_the_page(browsing: Callable[..., Any], blocks: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        figure = here.enlivened("scales-moved")
        assert "Ctrl" in figure.locator(".live-status").inner_text()
        plot = figure.locator(".live svg").first
        plot.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
        box, before = plot.bounding_box(), here.page.evaluate("scrollY")
        points = values(marks(figure, "symbol"), "transform")
        here.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        here.page.mouse.wheel(0, -120)
        here.page.wait_for_timeout(500)
        assert here.page.evaluate("scrollY") < before - 50
        assert values(marks(figure, "symbol"), "transform") == points
        here.page.keyboard.down("Control")
        here.page.mouse.wheel(0, -120)
        here.page.keyboard.up("Control")
        settle(here)
        assert values(marks(figure, "symbol"), "transform") != points, "with Ctrl it zooms"

    browsing(look, viewport={"width": 760, "height": 900}, reduced_motion="reduce")


@pytest.mark.parametrize("size", [(760, 900), (760, 150), (1280, 900)])
def test_a_tooltip_never_loses_its_first_line(
    browsing: Callable[..., Any], blocks: Path, size: tuple[int, int]
) -> None:
    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        figure = here.enlivened("scales-moved")
        for index in (0, 5, 11):
            mark = marks(figure, "symbol").nth(index)
            mark.evaluate("e => e.scrollIntoView({block: 'end', behavior: 'instant'})")
            here.page.mouse.move(0, 0)
            mark.hover(force=True)
            tooltip = here.page.locator("#vg-tooltip-element.visible")
            tooltip.wait_for()
            box = tooltip.bounding_box()
            assert box["y"] >= 0 and box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]

    browsing(look, viewport={"width": size[0], "height": size[1]})


def test_an_interval_begins_under_the_pointer_of_a_larger_view(
    browsing: Callable[..., Any], blocks: Path
) -> None:
    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        figure = here.enlivened("interval-brush")
        plot = figure.locator(".live svg").first
        box = plot.bounding_box()
        assert abs(box["width"] - 288) > 100, "it is shown larger than it is drawn"
        drag(here, plot, 0.4, 0.8)
        brush = figure.locator(".live .brush_brush_bg").bounding_box()
        assert abs(brush["x"] - (box["x"] + 0.4 * box["width"])) <= 2
        assert abs(brush["x"] + brush["width"] - (box["x"] + 0.8 * box["width"])) <= 2

    browsing(look, viewport={"width": 500, "height": 900})


def test_a_view_that_shows_anything_else_gives_way_to_the_drawing(
    browsing: Callable[..., Any], blocks: Path
) -> None:
    """A number taken for a date, a mark elsewhere, a mark less: the drawing is the one to trust."""
    changes = {
        "point-click": ('"field": "shop"', '"field": "month"'),
        "heat-map": ('"field": "month", "type": "ordinal"', '"field": "month", "type": "temporal"'),
        "interval-brush": ('"sold": 9', '"sold": 90'),
        "slider-size": ('"value": 100', '"value": 4000'),
    }

    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        for name, (old, new) in changes.items():
            figure = here.page.locator(f"#chart-{name}")
            changed = figure.locator("script[data-drawing=wide]").evaluate(
                "(e, [old, now]) => { const text = JSON.stringify(JSON.parse(e.text), null, 1)"
                ".replace(/\\s*\\n\\s*/g, ' '); e.text = text.replaceAll(old, now);"
                " return e.text !== text; }",
                [old, new],
            )
            assert changed, name
            figure.locator("button.go-live").click()
            status = figure.locator(".live-status:not(:empty)")
            status.wait_for(timeout=SLOW)
            assert figure.get_attribute("data-live") is None, name
            assert figure.locator(".drawing.wide > svg").is_visible()
            assert figure.locator(".live").count() == 0

    browsing(look, viewport={"width": 760, "height": 900})


# Rows and marks


def lit(figure: Any) -> list[str]:
    """What the lit marks stand for."""
    found: list[str] = figure.evaluate(
        "f => [...f.querySelectorAll('.live .lit')].map(e => JSON.stringify(e.__data__.datum))"
    )
    return found


def with_rows(here: Visit, name: str) -> Any:
    figure = here.enlivened(name)
    figure.locator("details.in-words > summary").click()
    return figure


def test_rows_of_a_block_light_up_their_marks(browsing: Callable[..., Any], blocks: Path) -> None:
    def look(here: Visit) -> None:
        here.page.goto(blocks.as_uri())
        figure = with_rows(here, "interval-brush")
        rows = figure.locator("tbody tr")
        row = {"month": 3, "kind": "ripe", "shop": "Here", "sold": 6}
        rows.nth(2).hover()
        [datum] = lit(figure)
        assert row.items() <= json.loads(datum).items()
        figure.locator(".in-words li li").nth(1).hover()
        [datum] = lit(figure)
        assert json.loads(datum)["sold"] == 7
        marks(figure, "symbol").nth(4).hover()
        assert [row.get_attribute("class") for row in rows.all()].count("lit") == 1
        assert rows.nth(4).get_attribute("class") == "lit"

        # A bar that sums up rows stands for all of them, an area for its series.
        figure = with_rows(here, "point-click")
        figure.locator("tbody tr").first.hover()
        [datum] = lit(figure)
        assert json.loads(datum)["shop"] == "Here"
        figure = with_rows(here, "stacked-area")
        figure.locator("tbody tr").first.hover()
        assert {json.loads(datum)["kind"] for datum in lit(figure)} == {"ripe"}
        # Where no mark can be told from its row, nothing happens.
        figure = with_rows(here, "repeat-fields")
        figure.locator("tbody tr").first.hover()
        assert lit(figure) == []
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 760, "height": 900})


def test_rows_are_one_stop_of_the_keyboard(browsing: Callable[..., Any], coffee: Path) -> None:
    """In a chart of a form: its marks say the sentences of its rows."""
    name = coffee / with_charts(coffee)
    figures = page(name).all("figure", class_="chart")
    chart = next(f.attrs["data-chart"] for f in figures if f.all("button", class_="go-live"))
    # The others have none: a view of them could do no more than the drawing.
    assert len([f for f in figures if f.all("button", class_="go-live")]) < len(figures)
    sentences = [
        item.text()
        for item in page(name).one("figure", data_chart=chart).all("li")
        if not item.all("ul")
    ]

    def look(here: Visit) -> None:
        here.page.goto(name.as_uri())
        figure = with_rows(here, chart)
        rows = figure.locator("tbody tr")
        assert rows.count() == len(sentences) > 1
        assert figure.locator("tbody tr[tabindex='0']").count() == 1
        assert figure.locator(".rows-hint").is_visible()
        rows.first.focus()
        for index, sentence in enumerate(sentences):
            said = {" ".join(json.loads(datum)["description"].split()) for datum in lit(figure)}
            assert said == {sentence}, index
            assert rows.nth(index).evaluate("e => e === document.activeElement")
            here.page.keyboard.press("ArrowDown")
        here.page.keyboard.press("Escape")
        assert lit(figure) == []
        here.page.keyboard.press("Home")
        assert rows.first.evaluate("e => e === document.activeElement")
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 1000, "height": 900})


def test_a_finger_brings_view_tooltip_and_row(browsing: Callable[..., Any], coffee: Path) -> None:
    name = coffee / with_charts(coffee)

    def look(here: Visit) -> None:
        here.page.goto(name.as_uri())
        figure = here.page.locator("#chart-price-ladder")
        figure.locator(".drawing.narrow").tap()
        figure.and_(here.page.locator("[data-live=true]")).wait_for(timeout=SLOW)
        mark = figure.locator(".live [aria-label]:not(svg)").first
        mark.tap()
        tooltip = here.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert " ".join(tooltip.inner_text().split()) == " ".join(
            str(mark.get_attribute("aria-label")).split()
        )
        box = tooltip.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        figure.locator(".title").tap()
        here.page.locator("#vg-tooltip-element.visible").wait_for(state="detached")
        figure.locator("details.in-words > summary").tap()
        figure.locator("tbody tr").last.locator("td").last.tap()
        assert lit(figure)
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 360, "height": 800}, has_touch=True)
