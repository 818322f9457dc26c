"""`explainer new`: a small explainer in a new folder, and entries to be filled in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from support import ROOT, page, run, tree

from explainer.charts.forms import FORMS
from explainer.command import NEW, main
from explainer.starter.entries import KINDS

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">
<rect width="80" height="40" fill="#8a4b00"/></svg>"""
HUES = ["#b34700 #e69f00", "#0072b2 #56b4e9", "#007a5a #3ec79a", "#a15afc #a45ce8",
        "#524465 #f2f0ea", "#3e00f0 #c8503c"]  # fmt: skip


@pytest.fixture
def started(here: Path, monkeypatch: pytest.MonkeyPatch, workshop: Path) -> Path:
    """A new explainer, in whose folder one is."""
    done = run("new", "my-topic", main=main)
    assert (done.code, done.err) == (0, "")
    (workshop / ".cache").mkdir(exist_ok=True)
    (here / "my-topic" / ".cache").symlink_to(workshop / ".cache", target_is_directory=True)
    monkeypatch.chdir(here / "my-topic")
    return here / "my-topic"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_new_explainer_builds_without_a_warning(started: Path) -> None:
    assert {path.name for path in started.iterdir()} == {
        ".cache", ".github", ".gitignore", "README.md", "content", "requirements.txt",
    }  # fmt: skip
    done = run("check", "--strict", main=main)
    assert (done.code, done.out) == (0, ""), done.err
    assert "4 claims, 0 warnings" in done.err
    assert run("build", main=main).code == 0
    shown = [page(started / "site" / f"{name}.html") for name in ("index", "harvest")]
    charts = [one.attrs["data-chart"] for top in shown for one in top.all("figure", class_="chart")]
    assert charts == ["price-pile", "harvest"]


def test_nothing_is_overwritten(here: Path) -> None:
    (here / "full").mkdir()
    (here / "full" / "index.md").write_text("mine", "utf-8")
    (here / "begun" / ".git").mkdir(parents=True)
    before = tree(here)
    for name, why in (("full", "has something in it"), ("full/index.md", "is a file")):
        done = run("new", name)
        assert (done.code, done.out) == (2, "")
        assert done.err == (f"build.py: error: {name} {why}; name a new folder, or an empty one\n")
    assert tree(here) == before
    done = run("new", "begun", "--from", "git+https://example.org/explainer")
    assert (done.code, done.err) == (0, "")
    wanted = (here / "begun" / "requirements.txt").read_text("utf-8")
    assert wanted == "explainer @ git+https://example.org/explainer\n"


def test_its_workflow_uses_what_ours_uses() -> None:
    own = ROOT / "explainer/starter/files/dot-github/workflows/pages.yml"
    ours = ROOT / ".github/workflows/pages.yml"
    used = [re.findall(r"uses: (.+)", path.read_text("utf-8")) for path in (own, ours)]
    assert used[0] == used[1] and yaml.safe_load(own.read_text("utf-8"))


def test_an_entry_of_every_kind_builds_as_it_is_printed(started: Path) -> None:
    path = started / "content" / "data.yaml"
    assert set(KINDS) == set(
        re.findall(r"\w+", NEW.partition("WHAT is ")[2].partition(", and")[0])
    ) - {"or"}
    for kind, section in KINDS.items():
        done = run("new", kind, main=main)
        assert done.code == 0, done.err
        if section and f"\n{section}:\n" not in path.read_text("utf-8"):
            change(path, "\nclaims:\n", f"\n{section}:\n\nclaims:\n")
        if section:
            change(path, f"\n{section}:\n", f"\n{section}:\n{done.out}")
        else:
            text = done.out.replace("\n…\n", '\n{{ chart("new-chart") }}, {{ term("new-term") }}\n')
            text = text.replace(") }}, {{", ") }}\n\n{{")
            (started / "content" / "new.md").write_text(text, "utf-8")
    done = run(main=main)
    assert done.code == 0, done.err
    assert page(started / "site" / "new.html").one("figure", class_="chart")
    for form in FORMS:
        done = run("new", "chart", "a-b", "--form", form, main=main)
        assert yaml.safe_load(f"charts:\n{done.out}")["charts"]["a-b"]["form"] == form


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["claims"], 'did you mean "claim"? A folder of this name is ./claims'),
        (["claim", "A b"], "A b is no id: ids are made of a-z, 0-9 and single hyphens"),
        (
            ["claim", "--form", "pile"],
            "there is no form pile of a claim; the forms of a chart are ",
        ),
        (["chart", "--form", "pie"], "there is no form pie of a chart; the forms of a chart are "),
    ],
)
def test_what_is_no_entry_is_told(here: Path, words: list[str], said: str) -> None:
    done = run("new", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"build.py: error: {said}")
    assert not list(here.iterdir())


def test_a_site_has_an_address_authors_a_logo_and_colors_of_its_own(started: Path) -> None:
    (started / "content" / "logo.svg").write_text(LOGO, "utf-8")
    pairs = ('{{light: "{}", dark: "{}"}}'.format(*hue.split()) for hue in HUES)
    change(
        started / "content" / "data.yaml",
        "  # url: https://example.org/honey/\n",
        "  url: https://example.org/honey\n  authors: [Ana Roe, Luis Poe]\n"
        "  logo: {file: logo.svg, alt: A brown box}\n"
        '  colors:\n    accent: {light: "#8a4b00", dark: "#f0b860"}\n'
        f"    products: [{', '.join(pairs)}]\n",
    )
    done = run("check", "--strict", main=main)
    assert done.code == 0, done.err
    assert run(main=main).code == 0
    site = started / "site"
    index = page(site / "index.html")
    assert (
        index.one("link", rel="canonical").attrs["href"] == "https://example.org/honey/index.html"
    )
    # What is opened from a folder asks for no font early.
    assert not index.all("link", rel="preload") and "data-published" not in index.one("html").attrs
    assert "By Ana Roe and Luis Poe" in index.one("p", class_="dates").text()
    assert "Ana Roe, Luis Poe, “What a jar" in index.all("details", class_="cite")[0].text()
    (told,) = index.all("script", type="application/ld+json")
    article = json.loads("".join(map(str, told.children)))["@graph"][0]
    assert [author["name"] for author in article["author"]] == ["Ana Roe", "Luis Poe"]
    assert (site / "feed.xml").read_text("utf-8").count("<author>") == 2
    logo = index.one("header", class_="masthead").all("img")
    assert (logo[0].attrs["alt"], logo[0].attrs["width"], logo[0].attrs["height"]) == (
        "A brown box", "56", "28",
    )  # fmt: skip
    assert (site / logo[0].attrs["src"]).read_text("utf-8") == LOGO

    (style,) = site.glob("assets/site-*.css")
    assert "--accent:light-dark(#8a4b00,#f0b860)" in style.read_text("utf-8")
    assert "--series-1:light-dark(#b34700,#e69f00)" in style.read_text("utf-8")
    drawn = {name: (site / "charts" / f"price-pile.{name}").read_text("utf-8")
             for name in ("svg", "vl.json", "html")}  # fmt: skip
    for text in drawn.values():
        assert "#b34700" in text
    assert "#0072b2" not in drawn["svg"]
    small = (site / "charts" / "small" / "price-pile.svg").read_text("utf-8")
    assert "--series-1:#e69f00" in small

    done = run("--site-url", "https://example.org/elsewhere", main=main)
    assert done.code == 0, done.err
    index = page(site / "index.html")
    assert (
        index.one("link", rel="canonical").attrs["href"]
        == "https://example.org/elsewhere/index.html"
    )
    assert len(index.all("link", rel="preload")) == 3


def test_letters_that_no_font_has_are_noticed_without_templates_of_its_own(started: Path) -> None:
    change(started / "content" / "index.md", "\n\n", "\n\nΜέλι.\n\n")
    done = run("check", main=main)
    assert 'unknown-letter: "Μέλι" has Greek letters that the typeface lacks' in done.err
