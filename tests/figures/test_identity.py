"""What makes a site one's own: colors that can be told apart, and fonts laid over ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import ROOT, like_avocado, note, run

from explainer.charts import colors
from explainer.charts.theme import TOKENS
from explainer.figures.identity import fonts_of
from explainer.project import Setup, take

FONTS = ROOT / "templates" / "fonts"
PAGES = pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])


@PAGES
def test_our_own_hues_are_what_is_asked_of_others(page: int) -> None:
    hues = [TOKENS[f"--series-{number}"][page] for number in range(1, 7)]
    paper = TOKENS["--chart-paper"][page]
    assert not list(colors.alike(hues))
    least = [colors.READABLE] * colors.SOFTENED + [colors.VISIBLE] * 3
    assert all(colors.contrast(hue, paper) >= part for hue, part in zip(hues, least, strict=True))
    assert colors.contrast(TOKENS["--accent"][page], paper) >= colors.READABLE


@PAGES
@pytest.mark.parametrize("color", ["#ffaa00", "#005080", "#7f7f7f", "#000000", "#ffffff"])
def test_what_a_hint_offers_would_do(color: str, page: int) -> None:
    paper = TOKENS["--chart-paper"][page]
    assert colors.contrast(colors.legible(color, paper, colors.READABLE), paper) >= 4.5


def test_red_and_green_of_one_brightness_are_one_color_to_many() -> None:
    assert [pair[:2] for pair in colors.alike(["#b34700", "#5f7300", "#0072b2"])] == [(1, 2)]


def test_a_font_of_one_s_own_takes_the_place_of_ours_and_the_others_stay(here: Path) -> None:
    setup = Setup(here / "content", here / "templates", here / "site", here / ".cache")
    assert fonts_of(setup, take(setup)) == FONTS
    (here / "templates" / "fonts").mkdir(parents=True)
    regular = FONTS / "ExplainerSans-Regular.ttf"
    shutil.copy(regular, here / "templates" / "fonts" / "ExplainerSans-Bold.ttf")
    made = fonts_of(setup, take(setup))
    assert made.is_relative_to(here / ".cache")
    assert {path.name for path in made.iterdir()} == {path.name for path in FONTS.glob("*.ttf")}
    assert (made / "ExplainerSans-Bold.ttf").read_bytes() == regular.read_bytes()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no font", "Not a TrueType or OpenType font (not enough data)"),
        ((FONTS / "ExplainerSans-Bold.woff2").read_bytes(), "it is packed for pages (WOFF)"),
        ((FONTS / "ExplainerSans-Bold.ttf").read_bytes()[:9000], "unexpected end of "),
    ],
    ids=["no-font", "woff", "half"],
)
def test_a_font_that_cannot_be_read_is_a_problem(here: Path, content: bytes, why: str) -> None:
    site = like_avocado(here / "content", {"index.md": note('Not {{ claim("nothing") }}.')})
    fonts = here / "templates" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "ExplainerSans-Bold.ttf").write_bytes(content)
    done = run("check", "--content", site, "--templates", "templates")
    assert done.code == 1 and "unknown-claim" in done.err
    place = "templates/fonts/ExplainerSans-Bold.ttf:1: unreadable-file: is no font that can be read"
    assert f"{place}: {why}" in done.err
