"""Numbers in prose that come from no claim: which are found, and which are let be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import like_avocado, note, run, write_tree

FINE_EN = [
    "In 2019 the harvest failed.",
    "From 1998 to 2003, and again in 2010–2014 or 2012/13.",
    "On May 10, 2019, on 10 May 2019, in May 2019 and on 3 March.",
    "On 2019-05-10.",
    "In the 1990s.",
    "1. First\n2. Second\n3. Third",
    "0. None\n1. First",
    "1. First\n\n    1. Of the first\n    2. Second of it\n\n2. Second",
    "In 1850, in 1850 and since 1066; from 1821 to 1890, until 2150 (1823).",
    "On 4 July 1776, in July 1776, on 1776-07-04.",
    "In the 1890s, the '90s, the 19th century and the 18th and 19th centuries.",
    "See https://example.org/2014/15, <https://example.org/42> and doi:10.1000/182.",
    "The treaty of Ancón, 1883.",
    "The price `cost = 12` in code.",
    "```text\n12 kilos\n```",
    "~~~\n12 kilos\n~~~",
    "    12 kilos in an indented block",
    "Ripe.[^1]\n\n[^1]: In May.",
    "As Law 30339 of 2014 says, and Law 30339.",
    "## A heading {#part-2}\n\nText.",
    "[Page](https://example.org/2/12.html).",
    "[Page][12]\n\n[12]: https://example.org/12",
    "> “Twelve or 12, who knows.”",
    "An <q>order of 12</q>.",
    "A fruit &#8211; &#x2014; &amp; a stone.",
    '{{ plain("3 pages", "a length") }}',
    'A <span class="col-2">word</span>.',
    "{{ claim('price-orchard') }} since 2019",
    "<!-- 12 -->Text.",
    "Fields of some km² or m³.",
    "In 2014 a kilo was cheap; in 2014, tonnes of it were.",
    "On May 20 prices fell, and on 3 March kilos were sold.",
    "Write `{{` and `}}` here, or `{{ claim(12) }}`, or `<b title=12>`.",
    """An <abbr title='{{ claim("price-orchard") }}'>avocado</abbr>.""",
    """![{{ claim("price-orchard") }}](tree.svg "Ana")""",
    "A <span id=spot>word</span> and<br/>more.",
]
FOUND_EN = [
    ("A crate holds 20 fruits.", "20"),
    ("It costs $3.", "$3"),
    ("It costs € 3.", "3"),
    ("It rose 12.5 %.", "12.5 %"),
    ("It was $2019 a tonne.", "$2019"),
    ("It was 2019 USD.", "2019"),
    ("It was 2019 kg.", "2019"),
    ("It was 2019 kilograms.", "2019"),
    ("It was 2019% up.", "2019%"),
    ("It was 2,019.5 a tonne.", "2,019.5"),
    ("1850 trees.", "1850"),
    ("Of 1500 farmers.", "1500"),
    ("In 1500 villages.", "1500"),
    ("From 1000 to 1500 kilos.", "1500"),
    ("In 999.", "999"),
    ("In 2250.", "2250"),
    ("For 19 centuries.", "19"),
    ("At 10.5000/kg.", "10.5000"),
    ("1500. That is what they say.", "1500"),
    ("1. It was\n1500. Then it rose.", "1500"),
    ("1. First\n\n3. Third", "3"),
    ("2. Second", "2"),
    ('<ol start="1500"><li>x</li></ol>', "1500"),
    ('<ol><li value="1500">x</li></ol>', "1500"),
    ("> [!TIP]\n> It costs 12.", "12"),
    ("> A quotation.\n\n> [!TIP]\n> It costs 12.", "12"),
    ("A share of 1/2.", "1"),
    ("It is 10 times that.", "10"),
    ("The 42nd tree.", "42"),
    ("**12** kilos.", "12"),
    ("| a | b |\n|---|---|\n| x | 12 |", "12"),
    ("- item with 12\n- other", "12"),
    ("## Chapter 12 {#x}\n\nText.", "12"),
    ("[12 kilos](https://example.org)", "12"),
    ("Ripe.[^a]\n\n[^a]: At 12 degrees.", "12"),
    ('![12 trees](tree.svg "Ana")', "12"),
    ('![Trees](tree.svg "Ana, 12")', "12"),
    ('An <abbr title="12 kilos">avocado</abbr>.', "12"),
    ("Twelve &#49;&#50; kilos.", "12"),
    ("Half ½ a kilo.", "½"),
    ("١٢ kilos.", "١٢"),
    ("H2O", "2"),
    ("Term\n:   12 kilos", "12"),
    *(
        (f"It was {text}.", "2000")
        for text in (
            "2000 t",
            "2000 t/day",
            "2000 ha",
            "2000 km²",
            "USD 2000",
            "US$ 2000",
            "$ 2000",
            "S/ 2000",
            "Bs 2000",
            "2000 kilos",
            "2000 percent",
            "2000 per cent",
            "2000×",
            "×2000",
            "2000-fold",
            "2000 metric tonnes",
        )
    ),
    ("From 2014-12 kg.", "12"),
    ("In May 20 kilos were sold.", "20"),
    ("In March 15 trees fell.", "15"),
    ("Trees may 12 of them fell.", "12"),
    ("It was 10⁵.", "10⁵"),
    ("It was ⁴⁵⁰.", "⁴⁵⁰"),
    ("At ① and so on.", "①"),
    ("At Ⅷ and so on.", "Ⅷ"),
    ("It was ↉.", "↉"),
    ('[x](index.md "450 trees")', "450"),
    ('<sup><a href="index.md">450</a></sup>', "450"),
]
FINE_ES = [
    "En 1850, desde 1821 hasta 1890, en la década de 1890, en el siglo 19.",
    "El 10 de mayo de 2019, en mayo de 2019 y en 2019.",
    "En los años 90 y en los años 1990.",
    "Según la Ley 30339.",
]
FOUND_ES = [
    ("Cuesta 1.500 dólares.", "1.500"),
    ("Subió 12,5 %.", "12,5 %"),
]
TERM = """  law:
    term: {en: Law 30339, es: Ley 30339}
    meaning: {en: A law on orchards., es: Una ley de huertos.}
"""
STOP = '\n\n{{ source("nowhere") }}'
"""A mistake behind each note: all is read and checked, and no time is spent on pages."""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>'


@pytest.fixture
def found_in(here: Path):
    """Checks a note of a language; gives the numbers that are found to be unbound."""

    def check(body: str, language: str) -> list[str]:
        like_avocado(here / "content")
        data = (here / "content" / "data.yaml").read_text("utf-8").rstrip("\n") + "\n" + TERM
        data = data.replace("languages: [en]", f"languages: [{language}]")
        data = re.sub(r"\{en: (?=\S.*\}$)", f"{{{language}: ", data, flags=re.M)
        if language != "en":
            data = data.replace("Law 30339, es: ", "").replace("orchards., es: ", "")
            data = re.sub(r"^    en: ", f"    {language}: ", data, flags=re.M)
            data = data.replace("        en:", f"        {language}:")
        write_tree(
            here / "content", {"data.yaml": data, "index.md": note(body + STOP), "tree.svg": SVG}
        )
        done = run("--content", "content", "--output", "site", "--json")
        problems = [line for line in done.out.splitlines() if '"severity": "error"' in line]
        assert all('"unbound-number"' in line or "nowhere" in line for line in problems), done.out
        return re.findall(r'"message": "\\"(.*?)\\" comes', done.out)

    return check


@pytest.mark.parametrize("body", FINE_EN)
def test_left_alone(body: str, found_in) -> None:
    assert found_in(body, "en") == []


@pytest.mark.parametrize(("body", "number"), FOUND_EN)
def test_found(body: str, number: str, found_in) -> None:
    assert number in [text.strip() for text in found_in(body, "en")]


@pytest.mark.parametrize("body", FINE_ES)
def test_left_alone_in_spanish(body: str, found_in) -> None:
    assert found_in(body, "es") == []


@pytest.mark.parametrize(("body", "number"), FOUND_ES)
def test_found_in_spanish(body: str, number: str, found_in) -> None:
    assert number in found_in(body, "es")
