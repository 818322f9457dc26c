"""What becomes of a note: what stands on its page, and what its editor is told."""

from __future__ import annotations

import time

import pytest
from reading import read, seen, told, voice

from explainer.pages.page import NoteBody, note_page
from explainer.problems import Place, Problem, Report, Rule


def html(body: str) -> str:
    """The HTML of a sound body."""
    note, problems = read(body)
    assert note and not problems, problems
    return "".join(str(piece.html) for piece in note.pieces)


# Links and headings


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("As [UNODC 2024] says.\n\n[UNODC 2024]: https://example.org/x", "UNODC 2024"),
        ("See [the 2014 brief][].\n\n[the 2014 brief]: https://example.org/x", "the 2014 brief"),
        ("See [a note][1].\n\n[1]: https://example.org/x", "a note"),
        ("See [UNODC\n2024].\n\n[UNODC 2024]: https://example.org/x", "UNODC\n2024"),
    ],
)
def test_a_label_with_a_number_leads_on(body: str, text: str) -> None:
    made = html(body).replace('<span data-exempt="year">', "").replace("</span>", "")
    assert f'<a href="https://example.org/x">{text}</a>' in made


def test_the_list_of_contents_leaves_out_the_marks_of_footnotes() -> None:
    note, _ = read("## Prices in 2014[^1]\n\n[^1]: A remark.")
    assert note and [heading.text for heading in note.headings] == ["Prices in 2014"]


def test_a_digit_before_an_underscore_is_no_emphasis() -> None:
    note, _ = read("In 2014_and b_.")
    assert note and "<em>" not in note.pieces[0].html


QUOTED = """He said "no, 'it's' fine" of l'"offre" ("'so'")."""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "He said “no, ‘it’s’ fine” of l’“offre” (“‘so’”)."),
        ("es", "He said “no, ‘it’s’ fine” of l’“offre” (“‘so’”)."),
        ("de", "He said „no, ‚it’s‘ fine“ of l’„offre“ („‚so‘“)."),
        ("fr", "He said «_no, “it’s” fine_» of l’«_offre_» («_“so”_»).".replace("_", "\u202f")),
    ],
)
def test_quotation_marks_are_those_of_the_language(code: str, said: str) -> None:
    note, _ = read(QUOTED, code=code)
    assert note and note.pieces[0].html == f"<p>{said}</p>"
    assert voice(code).said(QUOTED) == said


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("Le prix moyen de", 'write "d’" in place of "de", and no gap behind it'),
        ("Il ne vaut que", 'write "qu’" in place of "que", and no gap behind it'),
        (
            "Il vaut environ",
            'write {{ claim("price-orchard", form="most") }}, or turn the sentence',
        ),
        ("Il vaut d’", None),
    ],
)
def test_what_to_write_in_place_of_a_word_before_a_claim(words: str, hint: str | None) -> None:
    gap = "" if words.endswith("’") else " "
    _, problems = read(f'{words}{gap}{{{{ claim("price-orchard") }}}}.', code="fr")
    assert [problem.hint for problem in problems] == ([hint] if hint else [])


# Lists


@pytest.mark.parametrize("step", [2, 3, 4])
def test_lists_nest_by_as_many_columns_as_is_usual(step: int) -> None:
    indent = " " * step
    body = f"- a\n{indent}- b\n{indent * 2}- c\n{indent}- d\n- e\n\n{indent}Of e.\n\nEnd."
    flat = html(body).replace("\n", "")
    assert flat.count("<ul>") == 3
    assert "Of e.</p></li></ul><p>End." in flat


def test_code_in_an_item_stays_code_of_it() -> None:
    for body in ("- a\n\n      code 12\n\n- b", "- a\n\n        code 12\n\n- b"):
        flat = html(body).replace("\n", "")
        assert "<pre><code>code 12</code></pre></li>" in flat, flat


def test_a_sentence_that_begins_with_a_number_keeps_it() -> None:
    _, problems = read("1500. That is what the police say.")
    assert [str(p.rule) for p in problems] == ["unbound-number"]
    assert r"1500\." in problems[0].hint
    assert "1500" in seen("".join(str(p.html) for p in read(r"1500\. That is it.")[0].pieces))


# Callouts


def test_a_callout_is_no_quotation() -> None:
    made = html("> [!NOTE]\n> A word of *ours*.\n\n> A “quotation” with 12.")
    assert '<aside class="callout callout-note">' in made
    assert '<p class="callout-title" data-exempt="interface">Note</p>' in made
    assert "A word of <em>ours</em>." in made and "[!NOTE]" not in made
    assert made.count('data-exempt="quotation"') == 1


def test_a_callout_has_a_kind_that_there_is() -> None:
    _, problems = read("> [!WARNIN]\n> Text.")
    assert [(p.rule, p.hint) for p in problems] == [(Rule.BAD_VALUE, 'did you mean "WARNING"?')]


def test_callouts_are_named_in_the_language() -> None:
    note, _ = read("> [!CAUTION]\n> Texto.", code="es")
    assert note and "Precaución" in str(note.pieces[0].html)


# Blocks of charts


@pytest.mark.parametrize(
    "body",
    [
        "- Item\n\n    ```vega-lite\n    id: x\n    ```",
        "> ```vega-lite\n> id: x\n> ```",
        "    ```vega-lite\n    id: x\n    ```",
        "```vega\nid: x\n```",
        "```vegalite\nid: x\n```",
        "``` {.vega-lite}\nid: x\n```",
        "~~~Vega-Lite\nid: x\n~~~",
        "```vega-lite\nid: x",
        "```text\nnever closed\n\n```vega-lite\nid: x\n```",
    ],
)
def test_a_chart_that_would_show_as_its_source_is_told_of(body: str) -> None:
    assert "bad-chart" in [rule for _, rule, _ in told(body)]


@pytest.mark.parametrize(
    "body", ["````markdown\n```vega-lite\nid: x\n```\n````", "```yaml\nid: x\n```"]
)
def test_a_chart_that_is_shown_as_code_is_let_be(body: str) -> None:
    assert told(body) == []


# What Markdown leaves as text

LEFT = {
    "Text\n- item": "a list right behind a paragraph",
    "Text\n| a | b |\n| --- | --- |\n| c | d |": "a table that is none",
    "Text\na | b\n--- | ---\nc | d": "a table that is none",
    "Text\n• item": "a list that is none",
    "- a\n\n    ```text\n    code\n    ```": "a fence in a list or a quotation",
    "```text\nnever closed": "a fence",
    "A ~~word~~.": "a strikethrough",
    "- [ ] to do": "a box to tick",
    "- [x] done": "a box to tick",
    "!!! note\n    Text.": "an admonition",
    "::: tip\nText.\n:::": "a container",
    "It is $x^n$ here.": "a formula",
    "It is $$x$$ here.": "a formula",
    "A ==word==.": "a highlight",
    "A [[page]].": "a link",
    "A [page] (https://example.org).": "a link",
    "A word.^[A remark.]": "a footnote",
    "A **word.": "the mark of bold",
    "> A word.\n> [!NOTE]": "the mark of a callout",
    "A word {#here} there.": "a list of attributes",
    "A line\\\nand one.": "a backslash",
}


@pytest.mark.parametrize("body", LEFT)
def test_what_is_left_as_text_is_told_of(body: str) -> None:
    assert f"{LEFT[body]} stays text" in [m for _, rule, m in told(body) if rule == "left-as-text"]


@pytest.mark.parametrize(
    "body",
    [
        "A dash - as here - and a * star.",
        "Prices in US$ and in $ are one; from $a to $b.",
        "He [the man] (of whom more) came.",
        "Two\\* stars, `~~code~~`, `- [ ]` and `$x$`.",
        "```text\n- [ ] a\n!!! b\n::: c\n~~d~~\n```",
        "> Quoted\n> words.",
        "[Page](https://example.org/a_(b)) and <https://example.org>.",
        "- a\n- b\n\nText.\n\n| a | b |\n|---|---|\n| c | d |",
    ],
)
def test_what_is_only_text_is_let_be(body: str) -> None:
    assert told(body) == []


# Characters


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("It is \u202e21\u202c.", "a character that turns the direction of reading"),
        ("It is &#x202E;x.", "a character that turns the direction of reading as an entity"),
        ("It \uffff is.", "a character that is none"),
        ("It \ue105 is.", "a private-use character"),
        ("It \x07 is.", "a control character"),
    ],
)
def test_characters_that_nobody_sees_are_refused(body: str, what: str) -> None:
    assert (1, "bad-value", f"the note holds {what}") in told(body)


def test_a_terminal_is_told_nothing() -> None:
    problem = Problem(
        Place("a.md", 1), Rule.BAD_ID, "x\x1b[2J\n::error::y", "z\x9b", " ::error::\x1b[31m"
    )
    shown = problem.text()
    assert not set(shown) & {"\x1b", "\x9b"}
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert "\x1b" not in problem.annotation() and "\n" not in problem.annotation()


# Whatever stands there


@pytest.mark.parametrize(
    "body",
    [
        "<![a",
        "<![a]>",
        "x <![CDATA[ y",
        "<!x",
        "<!DOCTYPE html>",
        "<?x",
        "&#xFFFFFFFF;",
        "<a <b",
        "</",
    ],
)
def test_whatever_stands_there_is_told_or_shown(body: str) -> None:
    note, problems = read(f"Text.\n\n{body}\n\nEnd.")
    assert note and (problems or seen("".join(str(p.html) for p in note.pieces)))


@pytest.mark.parametrize(
    "piece",
    ["{{", "{", "}}", "{%", "[", "![", "[^", "[a](", "<a ", "<![a", "$", "*", "`", "\t", ": a\n"],
)
def test_a_long_paragraph_of_openings_is_read_at_once(piece: str) -> None:
    body = (piece * 20_000)[:20_000]
    read("Text.")
    begun = time.process_time()
    read(f"Text\n\n{body}\n\nEnd.")
    assert time.process_time() - begun < 2


def test_what_is_nested_too_deeply_is_told_on_its_line() -> None:
    assert told("Text.\n\n" + "[" * 500 + "\n\nEnd.")[0][:2] == (3, "bad-value")
    assert {line for line, *_ in told("Text.\n\n" + "<div>" * 500 + "x\n\nEnd.")} <= {3}
    assert {line for line, *_ in told("Text.\n\n" + "- " * 500 + "x\n\nEnd.")} == {3}


# Quotations


@pytest.mark.parametrize(
    "body",
    [
        f"> {'word ' * 26}",
        f"<q>{'word ' * 26}</q>",
        f"> {'word ' * 13}\n>\n> {'word ' * 13}",
        f"> [!TIP]\n> Text.\n>\n> > {'word ' * 26}",
        f"- a\n\n    > {'word ' * 26}",
    ],
)
def test_a_quotation_is_of_25_words_wherever_it_stands(body: str) -> None:
    assert "a quotation of 26 words; 25 are the most" in [message for *_, message in told(body)]
    assert told(body.replace("word ", "", 1)) == []


def test_claims_stand_at_the_margin_behind_a_table_with_columns() -> None:
    table = "<table><colgroup><col><col></colgroup><tr><td>a</td><td>b</td></tr></table>"
    note, problems = read(f'{table}\n\nA kilo is {{{{ claim("price-port") }}}}.')
    assert note is not None and not problems
    body = note_page(Report(), note, voice("en"), [], "").body
    assert isinstance(body, NoteBody)
    assert [piece.kind for piece in body.pieces] == ["html", "margin", "html"]
