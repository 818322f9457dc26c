"""The consistency check: what it draws and refuses, and how its sliders move in a browser."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browsing import SLOW, Visit, served
from support import AVOCADO, Element, build_into, inside, like_avocado, note, page, run

from explainer.charts.sliders import slider_over, written

CLAIM = """
  {name}:
    what: {{en: "{what}"}}
    value: {value}
    measure: {measure}
    as_of: 2019
    said_by: {who}
    chain: [orchard-news]
    checked: 2019-07-01
"""
CLAIMS = {
    "load-growers": ("load of a truck", "20 t/truck", "load", "growers"),
    "load-importer": ("load of a truck", "25..32 t/truck", "load", "importer"),
    "load-alone": ("load of a boat", "30 t/boat", "load", "importer"),
    "load-none": ("least load of a truck", "0..5 t/truck", "count", "importer"),
    "trucks-growers": ("trucks on the road", "about 75..80 truck/day", "count", "growers"),
    "trucks-importer": ("trucks on the road", "at least 90 truck/day", "count", "importer"),
    "boats": ("boats in the harbor", "12 boat/day", "count", "importer"),
    "price-truck": ("a day of a truck", "300 USD/truck", "fare", "growers"),
}
DISAGREEMENTS = """
disagreements:
  loads:
    question: {en: What does a truck carry?}
    claims: [load-growers, load-importer]
  trucks:
    question: {en: How many trucks?}
    claims: [trucks-growers, trucks-importer]
"""
CHART = """
charts:
  trucks-a-day:
    form: consistency
    title: {en: The trucks do not carry the harvest}
    how_to_read: {en: Each row is one answer.}
    description: {en: A chart of what should agree.}
"""
SOUND = """inputs: [harvest-growers, load-growers]
formula: claim("harvest-growers") / claim("load-growers")
unit: truck/day
compare: [trucks-growers, trucks-importer]"""


def with_chart(folder: Path, options: str) -> Path:
    """The small site with more claims, and with one chart with these options."""
    data = (AVOCADO / "data.yaml").read_text("utf-8")
    data = data.replace(
        "    harvest:\n      label: {en: harvest}\n",
        "    harvest:\n      label: {en: harvest}\n    load:\n      label: {en: load}\n"
        "    count:\n      label: {en: count}\n    fare:\n      label: {en: fare}\n",
    )
    units = "".join(
        f"    {n}:\n      label:\n        en: {{one: {n}, other: {n}s}}\n"
        for n in ("truck", "boat")
    )
    data = data.replace("  units:\n", f"  units:\n{units}", 1)
    more = "".join(
        CLAIM.format(name=name, what=what, value=value, measure=measure, who=who)
        + ("    money: nominal\n" if measure == "fare" else "")
        for name, (what, value, measure, who) in CLAIMS.items()
    )
    data = data.replace("\ndisagreements:\n", more + DISAGREEMENTS)
    data = data.replace("\ncharts:\n", CHART + "".join(f"    {o}\n" for o in options.splitlines()))
    body = '{{ chart("trucks-a-day") }}\n\n{{ term("hass") }}'
    return like_avocado(folder, {"data.yaml": data, "index.md": note(body)})


@pytest.fixture(scope="module")
def trucks(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """A site with a sound check."""
    folder = tmp_path_factory.mktemp("consistency")
    with inside(workshop):
        return build_into(with_chart(folder / "content", SOUND), folder / "site")


def figure(site: Path) -> Element:
    """The chart in its page."""
    return page(site / "index.html").one("figure", data_chart="trucks-a-day")


def spec(site: Path, size: str = "wide") -> dict[str, Any]:
    """The specification of one of its drawings."""
    script = figure(site).one("script", data_drawing=size)
    found: dict[str, Any] = json.loads("".join(str(part) for part in script.children))
    return found


def test_rows_say_what_goes_in_what_others_say_and_what_follows(trucks: Path) -> None:
    with (trucks / "charts" / "trucks-a-day.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["part"], row["role"], row["id"], row["text"].replace("\u00a0", " "))
            for row in csv.DictReader(file)
        ]
    assert rows == [
        ("A", "Put in", "harvest-growers", "1,600 tonnes"),
        ("A", "Others on the same question", "harvest-importer", "about 2,300–2,500 tonnes"),
        ("B", "Put in", "load-growers", "20 tonnes"),
        ("B", "Others on the same question", "load-importer", "25–32 tonnes"),
        ("→ A ÷ B", "What follows", "", "80"),
        ("→ A ÷ B", "Stated directly", "trucks-growers", "about 75–80"),
        ("→ A ÷ B", "Stated directly", "trucks-importer", "at least 90"),
    ]


def test_both_drawings_say_the_stated_case_and_nothing_of_a_choice(trucks: Path) -> None:
    for drawing in figure(trucks).all("svg", role="img"):
        said = " ".join(text.text() for text in drawing.all("text"))
        words = " ".join(said.split()).replace("\u00a0", " ")
        # One line of arithmetic, with who says what goes in, and then what follows.
        whole = words.index("1,600 tonnes per day"), words.index("20 tonnes per truck")
        assert whole[0] < words.index("80 trucks per day") and whole[1] < words.index("80 trucks")
        assert "÷" in words and "=" in words and "What follows" in words
        assert "A growers’ association · 2019" in words
        # Those who state it directly; what others put in has its own charts.
        assert "about 75–80" in words and "at least 90" in words
        assert "25–32 tonnes" not in words
        assert "Trucks per day by the figures put in: 80." in words
        assert "1 of the 2 figures" in words
        assert "your choice" not in said


def test_sliders_go_as_far_as_claims_do(trucks: Path) -> None:
    for size in ("wide", "narrow"):
        binds = {
            param["name"]: (param["value"], {**param["bind"], "name": ""})
            for param in spec(trucks, size)["params"]
            if "bind" in param
        }
        assert binds == {
            "_harvest_growers": (
                1600,
                {"input": "range", "min": 1600, "max": 2500, "step": 10, "name": ""},
            ),
            "_load_growers": (
                20,
                {"input": "range", "min": 20, "max": 32, "step": 0.2, "name": ""},
            ),
        }


@pytest.mark.parametrize(
    ("figures", "start", "expected"),
    [
        ((137, 225), 225, ("137", "225", "1")),
        (("0.25", "0.5"), "0.3", ("0.25", "0.5", "0.005")),
        # Ends that meet no round step are widened, the start stays what was stated.
        (("1/3", "7/3"), 1, ("0.33", "2.34", "0.01")),
    ],
)
def test_a_slider_has_round_steps(
    figures: tuple[str, str], start: str, expected: tuple[str, str, str]
) -> None:
    low, high = (Fraction(figure) for figure in figures)
    slider = slider_over([high, low], Fraction(start))
    assert (slider.low, slider.high, slider.step) == tuple(Fraction(text) for text in expected)
    assert slider.start == Fraction(start)
    assert slider.low <= low and slider.high >= high


@pytest.mark.parametrize(
    ("number", "text"), [("1234567.5", "1.234.567,5"), ("80", "80"), ("0.25", "0,25")]
)
def test_a_choice_is_written_as_the_language_writes_numbers(number: str, text: str) -> None:
    vl_convert = pytest.importorskip("vl_convert")
    german = SimpleNamespace(number_symbols={"latn": {"decimal": ",", "group": "."}})
    voice: Any = SimpleNamespace(language=SimpleNamespace(locale=german))
    said = written(f"format({number}, ',.2~f')", voice)
    spec = {
        "data": {"values": [{}]},
        "transform": [{"calculate": said, "as": "said"}],
        "mark": "text",
        "encoding": {"text": {"field": "said", "type": "nominal"}},
    }
    assert f">{text}</text>" in vl_convert.vegalite_to_svg(spec)


def options(**changed: str) -> str:
    """The sound options with some of them changed."""
    keys = dict(line.split(": ", 1) for line in SOUND.splitlines())
    return "\n".join(f"{key}: {value}" for key, value in {**keys, **changed}.items())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"formula": 'claim("harvest-growers") / claim("load-importer")'}, "none of its inputs"),
        ({"formula": 'claim("harvest-growers") / 20'}, 'does not use its input "load-growers"'),
        ({"formula": 'claim("harvest-growers") %'}, "is not a formula"),
        ({"formula": 'claim("harvest-growers") * claim("load-growers")'}, "the formula gives"),
        (
            {
                "formula": '(claim("harvest-growers") * claim("harvest-growers") '
                '- claim("harvest-growers") * 4000) / claim("load-growers")'
            },
            "cannot subtract",
        ),
        (
            {"inputs": "[load-growers, price-truck]", "unit": "USD/t",
             "formula": 'claim("price-truck") / claim("load-growers")'},
            "it would work out money",
        ),
        (
            {"inputs": "[harvest-growers, load-alone]", "unit": "boat/day", "compare": "[boats]",
             "formula": 'claim("harvest-growers") / claim("load-alone")'},
            'nobody bounds "load-alone"',
        ),
        ({"against": "{load-growers: [load-none]}"}, "a divisor can be zero"),
        ({"against": "{load-growers: [boats]}"}, 'cannot be counted in "t/truck"'),
        ({"against": "{boats: [load-none]}"}, 'against: names "boats"'),
        ({"against": "{load-growers: [laod-none]}"}, 'no claim "laod-none"'),
        ({"compare": "[trucks-growers, boats]"}, "do not share a unit"),
        ({"compare": "[boats]"}, 'cannot be counted in "truck/day"'),
        ({"compare": "[]"}, "at least 1"),
        ({"unit": "lorry/day"}, 'no unit "lorry"'),
        ({"formula": 'distance("uruapan", "rotterdam")'}, "holds a distance"),
    ],
)  # fmt: skip
def test_what_cannot_move_or_would_mislead_is_refused(
    here: Path, changed: dict[str, str], reason: str
) -> None:
    done = run("check", "--content", with_chart(here / "content", options(**changed)))
    assert done.code == 1 and reason in done.err, done.err
    assert "Traceback" not in done.err


# In a browser


def enlivened(here: Visit, address: str) -> Any:
    """The figure with its live view."""
    here.page.goto(address)
    return here.enlivened("trucks-a-day")


def shown(chart: Any) -> str:
    """The words that the live view shows."""
    texts: list[str] = chart.locator(".live svg text").evaluate_all(
        "all => all.map(e => [...e.childNodes].map(line => line.textContent).join(' '))"
    )
    return " ".join(" ".join(texts).split())


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("place", ["file", "root"])
def test_sliders_move_what_follows_and_the_address(
    browsing: Callable[..., Any], trucks: Path, place: str
) -> None:
    def look(here: Visit, address: str) -> None:
        here.page.goto(address)
        chart = here.page.locator("#chart-trucks-a-day")
        chart.locator("button.go-live").click()
        before = chart.bounding_box()["height"]
        chart.and_(here.page.locator("[data-live=true]")).wait_for(timeout=SLOW)
        assert abs(chart.bounding_box()["height"] - before) <= 1, "room was kept for the sliders"
        assert "your choice" not in shown(chart)
        sliders = chart.locator("input[type=range]")
        assert sliders.count() == 2
        box = sliders.first.bounding_box()
        assert box["height"] >= 24
        assert sliders.nth(1).bounding_box()["y"] < chart.locator(".live svg").bounding_box()["y"]
        label = chart.get_by_label("Harvest of Michoacán, tonnes per day")
        assert label.count() == 1
        assert chart.locator(".vega-bind output").first.text_content() == "1,600"

        sliders.first.focus()
        here.page.keyboard.press("End")
        assert chart.locator(".vega-bind output").first.text_content() == "2,500"
        assert sliders.first.get_attribute("aria-valuetext") == "2,500"
        said = shown(chart)
        assert "your choice: 2,500" in said and "your choice: 130" in said
        assert "Trucks per day by your choice: 130." in said and "1 of the 2 figures" in said
        here.page.wait_for_url("**#chart-trucks-a-day:harvest-growers=2500&load-growers=20")
        chart.locator(".live-status", has_text="by your choice: 130.").wait_for()

        sliders.nth(1).fill("30")
        assert "Trucks per day by your choice: 83." in shown(chart)
        assert "none of the 2 figures" in shown(chart)
        chart.locator("button.reset").click()
        assert "your choice" not in shown(chart)
        here.page.wait_for_url("**:harvest-growers=1600&load-growers=20")
        assert not here.errors and not here.violations()

    def whole(here: Visit) -> None:
        if place == "file":
            look(here, (trucks / "index.html").as_uri())
        else:
            with served(trucks) as root:
                look(here, f"{root}index.html")

    browsing(whole, viewport={"width": 1000, "height": 900})


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_choice_can_be_linked_to(browsing: Callable[..., Any], trucks: Path) -> None:
    def look(here: Visit) -> None:
        address = (trucks / "index.html").as_uri()
        for settings, expected in {
            "harvest-growers=2000&load-growers=25": "by your choice: 80.",
            # Beyond its ends a slider does not go, and what it cannot say it leaves alone.
            "harvest-growers=99999&load-growers=x&other=%3Cb%3E": "by your choice: 130.",
        }.items():
            here.page.goto("about:blank")
            here.page.goto(f"{address}#chart-trucks-a-day:{settings}")
            chart = here.page.locator("#chart-trucks-a-day[data-live=true]")
            chart.wait_for(timeout=SLOW)
            chart.locator(".live svg text", has_text=expected).wait_for()
            assert chart.evaluate("e => e.getBoundingClientRect().top < innerHeight")
        # In a window of another width, the choice stays.
        here.page.set_viewport_size({"width": 400, "height": 800})
        chart = here.page.locator("#chart-trucks-a-day")
        chart.locator("button.go-live").click()
        chart.locator(".live svg text", has_text="by your choice: 130.").wait_for()
        assert chart.locator(".drawing.narrow .live").count() == 1
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 1000, "height": 700})
