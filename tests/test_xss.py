"""Markup in a text of the content shows as text: it never becomes an element."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import build_into, inside, like_avocado, note, page, pages, specs

ATTACK = "</script><script>alert()</script>"
SHOWN = ATTACK


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """A site with an attack in every kind of text."""
    folder = tmp_path_factory.mktemp("xss")
    content = like_avocado(folder / "content")
    data = (content / "data.yaml").read_text("utf-8")
    for text in (
        "a kilo of avocados at the orchard",
        "price in Rotterdam as a multiple of the orchard’s",
        "Uruapan",
        "Hass avocados",
        "a growers’ association",
        "an importer",
        "What a kilo of avocados costs",
        "Orchard News",
        "First grade only.",
        "How much does Michoacán harvest?",
        "Each mark is the price of a kilo at one stop.",
        "The most common kind of avocado.",
        "Facts and short quotations only.",
        "The price of an avocado",
    ):
        assert text in data, text
        data = data.replace(text, ATTACK)
    data = data.replace("quote: up to $11 in Rotterdam", f"quote: {json.dumps(ATTACK)}")
    data = data.replace(" a kilo'}", f" a kilo {ATTACK}'}}")
    data = data.replace("A ladder of prices", f"A ladder {ATTACK}")
    (content / "data.yaml").write_text(data, "utf-8")
    body = (
        '{{ claim("price-orchard") }} and {{ claim("multiple-market") }}, {{ term("hass") }}, '
        '{{ source("orchard-news") }}, {{ plain("</script><script>alert()</script>", "x") }}\n\n'
        '{{ chart("price-ladder") }}\n\n{{ disagreement("harvest") }}\n\n'
        "`</script><script>alert()</script>`"
    )
    (content / "index.md").write_text(note(body, title=ATTACK, summary=ATTACK), "utf-8")
    with inside(workshop):
        return build_into(content, folder / "site", "--site-url", "https://example.org/x/")


DATA = ("application/json", "application/ld+json")
"""Types of script elements that no browser runs."""


def test_no_script_element_is_made(attacked: Path) -> None:
    found = pages(attacked)
    assert len(found) >= 4
    for path in found:
        for script in page(path).all("script"):
            if "src" in script.attrs:
                assert script.attrs["src"].startswith(("assets/", "../assets/", "/x/assets/"))
            else:
                assert script.attrs.get("type") in DATA, path.name
                json.loads("".join(str(part) for part in script.children))


def test_it_shows_as_text(attacked: Path) -> None:
    index = page(attacked / "index.html")
    assert index.one("h1").text() == SHOWN
    assert SHOWN in index.one("head").one("title").text()
    assert index.one("meta", name="description").attrs["content"] == SHOWN
    assert SHOWN in index.one("figure", data_chart="price-ladder").text()
    assert SHOWN in index.one(id="ref-price-orchard").text()
    assert SHOWN in index.one(id="disagreement-harvest-title").text()
    assert SHOWN in page(attacked / "data.html").one(id="price-orchard").text()
    assert SHOWN in page(attacked / "sources.html").one(id="orchard-news").text()


def test_specs_hold_it_as_data(attacked: Path) -> None:
    found = specs(page(attacked / "index.html"))
    assert len(found) == 2
    assert all(SHOWN in json.dumps(spec) for spec in found)


@pytest.mark.parametrize("suffix", ["svg", "csv", "json"])
def test_files_hold_it_as_text(attacked: Path, suffix: str) -> None:
    text = (attacked / "charts" / f"price-ladder.{suffix}").read_text("utf-8")
    assert "alert()" in text
    if suffix == "svg":
        assert "<script" not in text
    if suffix == "json":
        json.loads(text)
