"""What a page weighs over the wire, and that it needs nothing from elsewhere.

The budgets are those of `bench/sizes.py`, which also makes of them the table in a pull request.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, page, pages

from bench.sizes import CHART, FONTS, LISTED, NOTE, SCRIPTS, Weight, table, weigh


@pytest.fixture(scope="module")
def weights(real_online: Path) -> list[Weight]:
    return weigh(real_online)


def test_every_page_is_weighed_and_keeps_to_its_budget(
    real_online: Path, weights: list[Weight]
) -> None:
    paths = {path.relative_to(real_online).as_posix() for path in pages(real_online)}
    assert {weight.path for weight in weights} == paths - {"404.html"}
    assert [w for w in weights if w.total > w.budget] == []
    by_path = {weight.path: weight for weight in weights}
    charts = len(page(real_online / "index.html").all("figure", class_="chart"))
    assert by_path["index.html"].charts == charts > 2
    assert any(weight.maps for weight in weights)
    # Style sheet, fonts and scripts are in it: a page alone is far less.
    assert NOTE / 2 < by_path["glossary.html"].total < NOTE
    assert by_path["data.html"].budget > LISTED > CHART


def test_no_page_loads_anything_from_elsewhere(weights: list[Weight]) -> None:
    assert [(w.path, w.foreign) for w in weights if w.foreign] == []


def test_fonts_and_scripts_keep_to_theirs(weights: list[Weight]) -> None:
    for weight in weights:
        assert 0 < weight.fonts <= FONTS, weight.path
        assert 0 < weight.scripts <= SCRIPTS, weight.path


def test_the_table_shows_first_what_is_nearest_to_its_budget() -> None:
    light = Weight("light.html", 0, 0, 9_000, 45_000, 0, 0, ())
    heavy = Weight("heavy.html", 2, 0, 64_100, 63_000, 0, 0, ())
    rows = table([light, heavy]).splitlines()[2:]
    assert rows == [
        "| ⚠️ heavy.html | 2 | 64.1 kB | 63.0 kB | 102% |",
        "| light.html | 0 | 9.0 kB | 45.0 kB | 20% |",
    ]


def test_the_summary_of_a_pull_request(real_online: Path, tmp_path: Path) -> None:
    data = (ROOT / "content" / "data.yaml").read_text("utf-8")
    assert data.count("    value: 1500 USD/kg\n") >= 1
    older = tmp_path / "data.yaml"
    older.write_text(data.replace("value: 1500 USD/kg\n", "value: 1400 USD/kg\n", 1), "utf-8")
    words = [sys.executable, ROOT / ".ci" / "summary.py", real_online, older]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    rows = [line for line in done.stdout.splitlines() if line.startswith("| price-")]
    assert any("$1,400" in row and "$1,500" in row and "index.html" in row for row in rows), rows
    assert "| Page | Charts |" in done.stdout
    for text, said in (("", "no data file before"), ("site: 1", "cannot be compared")):
        older.write_text(text, "utf-8")
        done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
        assert said in done.stdout


def test_no_page_carries_script_or_style_of_its_own(real_online: Path) -> None:
    for path in pages(real_online):
        for element in page(path).walk():
            assert "style" not in element.attrs, f"{path.name}: {element.tag}"
            assert element.tag != "style", path.name
            assert not [name for name in element.attrs if name.startswith("on")], path.name
            if element.tag == "script" and "src" not in element.attrs:
                kind = element.attrs.get("type", "")
                assert kind in ("application/json", "application/ld+json"), path.name


def test_pictures_say_how_large_they_are(real_online: Path) -> None:
    for path in pages(real_online):
        for image in page(path).all("img"):
            assert int(image.attrs["width"]) and int(image.attrs["height"]), path.name
