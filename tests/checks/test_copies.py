"""`build.py verify`: quotations are held, word for word, against kept copies of their sources."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from support import AVOCADO, like_avocado, page, run, write_tree

from explainer.checks.copies import holds

DATA = (AVOCADO / "data.yaml").read_text("utf-8")
ARTICLE = """Avocados: a survey in 12 charts

The kilo costs ‘up to\u00a0$11
in  Rotterdam’, says an importer, “and more in winter”.
"""


@pytest.fixture
def kept(here: Path) -> Path:
    """A site with one quotation, and a folder with a copy of its source under some name."""
    digest = hashlib.sha256(ARTICLE.encode()).hexdigest()
    copy = f"    copy: {{sha256: {digest}, on: 2026-11-23}}\n"
    where = "    published: 2019-06-03\n"
    like_avocado(here / "content", {"data.yaml": DATA.replace(where, where + copy)})
    write_tree(here / "copies", {"deep/a survey.txt": ARTICLE, "other.txt": "x"})
    return here


def verified(folder: str = "copies") -> tuple[int, str, str]:
    done = run("verify", folder, "--content", "content", "--output", "site")
    return done.code, done.out, done.err


def quoting(kept: Path, words: str) -> None:
    path = kept / "content" / "data.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("quote: up to $11 in Rotterdam", f"quote: {words}"), "utf-8")


def test_a_quotation_is_found_in_the_copy(kept: Path) -> None:
    assert verified() == (
        0,
        "price-market: found in deep/a survey.txt\n",
        "1 quotation: 1 found, 0 not\n",
    )


def test_one_letter_changed_is_found_out(kept: Path) -> None:
    quoting(kept, "up to $11 in Roterdam")
    code, out, err = verified()
    assert code == 1
    assert out == "price-market: NOT found in deep/a survey.txt: up to $11 in Roterdam\n"
    assert err == "1 quotation: 0 found, 1 not\n"


def test_a_changed_copy_is_no_copy(kept: Path) -> None:
    write_tree(kept / "copies", {"deep/a survey.txt": f"{ARTICLE} "})
    code, out, _ = verified()
    assert code == 1
    assert out == 'price-market: not held: the copy of "fruit-weekly" is not there\n'


@pytest.mark.parametrize(
    ("copy", "code", "said"),
    [
        (b"%PDF-1.7 up to $11 in Rotterdam", 1, "not held: a copy is no text; keep the page or"),
        ("<html>Preis: bis zu … «up to $11 in Rotterdam»".encode("cp1252"), 0, "found in a copy"),
    ],
    ids=["pdf", "windows-1252"],
)
def test_a_copy_in_another_form(kept: Path, copy: bytes, code: int, said: str) -> None:
    path = kept / "content" / "data.yaml"
    digests = (hashlib.sha256(text).hexdigest() for text in (ARTICLE.encode(), copy))
    path.write_text(path.read_text("utf-8").replace(*digests), "utf-8")
    (kept / "copies" / "a copy").write_bytes(copy)
    found, out, _ = verified()
    assert (found, f"price-market: {said}" in out) == (code, True), out


def test_programs_are_told_the_same(kept: Path) -> None:
    done = run("verify", "copies", "--content", "content", "--json")
    assert [json.loads(line) for line in done.out.splitlines()] == [
        {
            "section": "claims",
            "id": "price-market",
            "source": "fruit-weekly",
            "quote": "up to $11 in Rotterdam",
            "file": "deep/a survey.txt",
            "found": True,
            "readable": True,
        }
    ]


def test_a_folder_that_is_not_there(kept: Path) -> None:
    code, out, err = verified("nowhere")
    assert (code, out) == (1, "")
    assert "there is no such folder" in err


def test_it_writes_nothing(kept: Path) -> None:
    before = sorted(path for path in kept.rglob("*"))
    verified()
    assert sorted(path for path in kept.rglob("*")) == before


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ('"and more in winter"', True),
        ("up to $11 in Rotterdam", True),
        ("The kilo … says an importer", True),
        ("The kilo costs […] in winter", True),
        ("says an importer … The kilo", False),
        ("up to $1", False),
        ("p to $11", False),
        ("Up to $11", False),
        ("up to 11 in Rotterdam", False),
        ("in Rotterdam says an importer", False),
    ],
)
def test_word_for_word(quote: str, found: bool) -> None:
    assert holds(ARTICLE, quote) is found


def test_a_page_is_read_without_its_tags(kept: Path) -> None:
    html = (
        "<!DOCTYPE html><html><head><script>up to $11 in Rotterdam</script></head>"
        "<body><p>The kilo costs <b>up to $11</b> in</p><p>Rotterdam</p></body></html>"
    )
    path = kept / "content" / "data.yaml"
    text = path.read_text("utf-8")
    digests = [hashlib.sha256(t.encode()).hexdigest() for t in (ARTICLE, html)]
    path.write_text(text.replace(*digests), "utf-8")
    write_tree(kept / "copies", {"page.html": html})
    assert verified()[0] == 0


def test_readers_are_told_which_quotations_were_held(kept: Path) -> None:
    done = run("--content", "content", "--output", "site")
    assert done.code == 0, done.err
    data = page(kept / "site" / "data.html")
    entry = data.one("", id="price-market")
    assert "compared word for word with a copy that we keep, of November 23, 2026" in entry.text()
    others = [e.text() for e in data.all("", class_="entry") if not e.all(id="price-market")]
    assert others and not any("copy that we keep" in text for text in others)
    sources = page(kept / "site" / "sources.html")
    said = sources.one("", id="fruit-weekly").text()
    assert "November 23, 2026; 1 quotation was compared with it word for word" in said
    assert "compared with it" not in sources.one("", id="orchard-news").text()
