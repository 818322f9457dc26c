"""Days are days: the same in drawing and live view, wherever a site is built and read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit
from support import ROOT, TESTS, inside, like_avocado, note, page, run, tree

from explainer.charts.days import in_utc

NOTE = (TESTS / "live" / "days.md").read_text("utf-8")
BLOCKS = re.findall(r"^id: (\S+)$", NOTE, re.MULTILINE)
ZONES = ("America/La_Paz", "Pacific/Kiritimati")
"""In one, midnight in UTC is the evening before, in the other the afternoon after."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of the blocks, built from nothing in each zone."""
    sites = {}
    for zone in ZONES:
        folder = tmp_path_factory.mktemp("days")
        content = like_avocado(folder / "content", {"index.md": NOTE})
        words = [
            sys.executable,
            ROOT / "build.py",
            "--content",
            content,
            "--output",
            folder / "site",
        ]
        done = subprocess.run(
            [str(word) for word in words],
            cwd=folder,
            env={**os.environ, "TZ": zone},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        sites[zone] = folder / "site"
    return sites


def shown(site: Path, name: str) -> list[str]:
    """The words of a drawing."""
    figure = page(site / "index.html").one("figure", data_chart=name)
    return [text.text() for text in figure.one(class_="drawing wide").all("text")]


def test_a_site_is_the_same_wherever_it_is_built(built: dict[str, Path]) -> None:
    one, other = (tree(site) for site in built.values())
    assert one == other


def test_the_drawings_show_the_days_that_the_rows_name(built: dict[str, Path]) -> None:
    site = built[ZONES[0]]
    assert shown(site, "day-line")[:3] == ["Dec 01", "Dec 15", "Jan 01"]
    assert shown(site, "month-names")[:2] == ["Dec 2020", "Jan 2021"]
    assert {"Dec 2020", "Jan 2021"} <= set(shown(site, "month-spans"))
    words = shown(site, "day-words")
    assert [w for w in words if re.fullmatch(r"\w{3} \d\d", w)] == [
        *("Dec 01", "Dec 15", "Jan 01", "Jan 31")
    ]
    assert {"Dec", "Jan"} <= set(words) and "Nov" not in words
    assert {"2018", "2019", "2021"} <= set(shown(site, "year-numbers"))
    assert {"Dec 2020", "Jan 2021"} <= set(shown(site, "month-rows"))
    assert "09:00" in shown(site, "hours") and "21:00" in shown(site, "hours")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("zone", [*ZONES, "Europe/Madrid"])
def test_live_views_show_the_days_of_the_drawing_and_tooltips_say_them(
    browsing: Callable[..., Any], built: dict[str, Path], zone: str
) -> None:
    def look(here: Visit) -> None:
        address = built[ZONES[0]] / "index.html"
        here.page.goto(address.as_uri())
        offset = here.page.evaluate("new Date('2021-01-01T00:00Z').getTimezoneOffset()")
        assert offset != 0
        for name in BLOCKS:
            figure = here.enlivened(name)
            texts = figure.locator(".live svg text").all_text_contents()
            assert texts == shown(built[ZONES[0]], name), name
            said = []
            for mark in figure.locator(".live .role-mark:not(.mark-group) > path").all():
                mark.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
                here.page.mouse.move(0, 0)
                mark.hover(force=True)
                tooltip = here.page.locator("#vg-tooltip-element.visible")
                if tooltip.count():
                    said.append(" ".join(tooltip.inner_text().split()))
                if label := mark.get_attribute("aria-label"):
                    said.append(label)
            assert said, name
            for text in said:
                assert not re.search(r"undefined|NaN|null|\d{9}", text), (name, text)
            if name == "month-names":
                assert any("Dec 2020" in text for text in said), said
        assert not here.errors and not here.violations()

    browsing(look, viewport={"width": 760, "height": 900}, timezone_id=zone)


@pytest.mark.parametrize("day", ["1/2/2020", "about 2014", "2014-8-1", "Dec 2020"])
def test_a_day_that_is_read_differently_elsewhere_is_refused(tmp_path: Path, day: str) -> None:
    body = f"""```vega-lite
id: days
title: Days
description: Two days.
illustrative: true
data:
  values:
    - {{day: 2020-12-01, sold: 1}}
    - {{day: {day}, sold: 1}}
mark: point
encoding:
  x: {{field: day, type: temporal}}
```"""
    content = like_avocado(tmp_path / "content", {"index.md": note(body)})
    with inside(tmp_path):
        done = run("--content", content, "--output", tmp_path / "site")
    assert done.code == 1
    assert f'"{day}" in "day" is no date' in done.err
    assert f"{{day: {day}, sold: 1}}" in done.err, "its own line"


def test_expressions_and_moments_are_reckoned_in_utc() -> None:
    spec = {
        "params": [{"name": "first", "value": {"year": 2020, "month": "jan"}}],
        "transform": [
            {
                "calculate": "month(datum.day) + datum.month(1) + 'year(x)' + utcyear(now())",
                "as": "m",
            },
            {"filter": {"not": "year(datum.day) < 2020"}},
            {"timeUnit": {"unit": "yearmonth", "step": 2}, "field": "day", "as": "two"},
        ],
        "mark": {"type": "bar", "tooltip": False},
        "encoding": {
            "x": {"field": "day", "timeUnit": "binnedyearmonth"},
            "x2": {"field": "two"},
            "y": {"field": "sold", "scale": {"domain": [{"year": 2020}, {"year": 2021}]}},
        },
    }
    rows = [{"day": 2014, "sold": 2014}, {"day": "2020-12-01 10:30", "sold": 2}]
    made, dated = in_utc(spec, rows)
    assert made["params"][0]["value"]["utc"] is True
    assert made["transform"][0]["calculate"] == (
        "utcmonth(datum.day) + datum.month(1) + 'year(x)' + utcyear(now())"
    )
    assert made["transform"][1]["filter"] == {"not": "utcyear(datum.day) < 2020"}
    assert made["transform"][2]["timeUnit"] == {"unit": "utcyearmonth", "step": 2}
    assert made["encoding"]["x"]["timeUnit"] == "binnedutcyearmonth"
    assert made["encoding"]["x"]["scale"] == {"type": "utc"}
    assert "scale" not in made["encoding"]["x2"]
    assert made["encoding"]["y"]["scale"]["domain"] == [
        {"year": 2020, "utc": True},
        {"year": 2021, "utc": True},
    ]
    assert made["mark"] == {"type": "bar", "tooltip": False}
    assert dated == [{"day": "2014", "sold": 2014}, {"day": "2020-12-01T10:30Z", "sold": 2}]
    assert rows[0]["day"] == 2014, "what is published stays as it was written"
