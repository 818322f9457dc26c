"""Lettering that cannot be read: what is found in a drawing, and what an editor is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import ROOT, like_avocado, note, run

from explainer.figures.lettering import width
from explainer.figures.overlap import overlaps

FONTS = ROOT / "templates" / "fonts"

# As Chromium 142 measures them, kerning included.
MEASURED = [
    ("January 2014", 13, False, 72.9),
    ("UNODC and the government", 13, True, 160.8),
    ("alrededor de 350\xa0kg", 15, True, 130.3),
    ("Left by air, on DIRANDRO’s shares", 13, True, 190.9),
    ("Airstrips", 13, False, 44.7),
]


def drawing(*texts: str) -> str:
    inner = "".join(texts)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="288" height="200">'
        f'<g transform="translate(8,10)"><g transform="translate(0.5,0.5)">{inner}</g></g></svg>'
    )


def text(said: str, x: float, y: float, more: str = "", anchor: str = "start") -> str:
    return (
        f'<text text-anchor="{anchor}" transform="translate({x},{y}){more}" '
        f'font-size="13px">{said}</text>'
    )


TAKEN = text("Santa Cruz", 100, 50)  # 58 px wide


@pytest.mark.parametrize(
    "other",
    [
        text("Bolivia", 150, 50),
        text("Bolivia", 100, 56),
        text("Bolivia", 130, 56, anchor="middle"),
        text("Bolivia", 104, 50, anchor="end"),
        text("Bolivia", 130, 70, " rotate(-90)"),
        text("Bolivia", 100, 30, " rotate(30)"),
        text("<tspan>São</tspan><tspan x='0' dy='16'>Paulo</tspan>", 120, 36),
        f'<g transform="translate(50,0)">{text("Bolivia", 100, 50)}</g>',
    ],
)
def test_texts_that_cover_each_other_are_found(other: str) -> None:
    [found] = overlaps(drawing(TAKEN, other), FONTS)
    assert "Santa Cruz" in found and all(found)


@pytest.mark.parametrize(
    "other",
    [
        text("Bolivia", 161, 50),
        text("Bolivia", 100, 64),
        text("Bolivia", 98, 50, anchor="end"),
        text("Bolivia", 175, 80, " rotate(-90)"),
        # Beside it only where it is turned.
        text("Bolivia, Bolivia", 160, 60, " rotate(45)"),
        text("<tspan>São</tspan><tspan x='0' dy='16'>Paulo</tspan>", 120, 66),
        # An outline below it.
        text("Santa Cruz", 100, 50),
        # Not shown, as Vega leaves out labels without room.
        text("Bolivia", 120, 50).replace("<text", '<text opacity="0"'),
        text("", 120, 50),
    ],
)
def test_texts_beside_each_other_are_none(other: str) -> None:
    assert overlaps(drawing(TAKEN, other), FONTS) == []


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        (text("Bolivia", -15, 50), text("Bolivia", -8, 50)),
        (text("Bolivia", 250, 90), text("Bolivia", 238, 90)),
        (text("Bolivia", 20, -4), text("Bolivia", 20, 1)),
        (text("Bolivia", 20, 193), text("Bolivia", 20, 189)),
        (text("Bolivia", 290, 90, anchor="end"), text("Bolivia", 279, 90, anchor="end")),
    ],
)
def test_texts_that_the_edge_cuts_off_are_found(cut: str, whole: str) -> None:
    assert overlaps(drawing(cut), FONTS) == [("Bolivia", "")]
    assert overlaps(drawing(whole), FONTS) == []
    # What a part of a picture hides is meant to be hidden.
    assert overlaps(drawing(f'<g clip-path="url(#a)">{cut}</g>'), FONTS) == []


def test_thousands_that_collide_are_soon_told_of() -> None:
    crowd = [text(f"number {n}", n % 200, n % 180) for n in range(5000)]
    assert 100 < len(overlaps(drawing(*crowd), FONTS)) < 5000


@pytest.mark.parametrize(("said", "size", "bold", "wide"), MEASURED)
def test_widths_are_those_of_the_fonts(said: str, size: int, bold: bool, wide: float) -> None:
    assert width(said, size, bold, FONTS) == pytest.approx(wide, rel=0.02)


def test_a_font_is_known_by_its_weight_and_unknown_letters_have_some_width(tmp_path: Path) -> None:
    assert width("W", 100, True, FONTS) > width("W", 100, False, FONTS) > 70
    for letter, folder in (("語", FONTS), ("W", tmp_path)):
        assert width(letter, 100, False, folder) == pytest.approx(56)


BLOCK = """```vega-lite
id: prices
title: Prices
description: Two prices.
illustrative: true
data: {{values: [{rows}]}}
mark: text
encoding:
  y: {{field: n, type: quantitative}}
  text: {{field: name, type: nominal}}
```"""
CLOSE = "{n: 1, name: from the orchard}, {n: 1.01, name: at the port}"


def test_an_editor_is_told_which_texts_collide_where(here: Path) -> None:
    pages = {"index.md": note(BLOCK.format(rows=CLOSE))}
    content = like_avocado(here / "content", pages)
    told = [
        f'content/index.md:7: warning: overlap: "from the orchard" covers "at the port" '
        f'in the {size} drawing of "prices" in en'
        for size in ("wide", "narrow")
    ]
    words = ("check", "--content", content, "--output", here / "site")
    for _ in range(2):
        # The second time, all of it is kept.
        done = run(*words)
        said = re.findall(r"^content/.*: overlap: .*$", done.err, re.MULTILINE)
        assert sorted(said) == sorted(told) and done.code == 0
        assert "shorter labels" in done.err
    assert run(*words, "--strict").code == 1
    apart = BLOCK.format(rows=CLOSE.replace("1.01", "3"))
    (content / "index.md").write_text(note(apart), "utf-8")
    assert "overlap" not in run(*words).err
