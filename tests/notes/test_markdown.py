"""Any body of Markdown: read without a traceback, and shown as Markdown shows it, or told of."""

from __future__ import annotations

import re
import time

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from reading import read, seen

from explainer.notes.lists import nested
from explainer.problems import Rule

NAMES = "tables footnotes attr_list smarty toc def_list sane_lists fenced_code md_in_html abbr"
SETTINGS = {"tables": {"use_align_attribute": True}, "footnotes": {"BACKLINK_TEXT": "↑"}}

WORDS = """avocado **bold** *em* _a_ snake_case `code` [link](https://example.org) [Ref] a--b
"quoted" it's ... &amp; &nbsp; \\* C# a|b <b>raw</b> <br> <https://example.org> end\\ `a ** _
(paren) foo. *foo.* "foo." 'so' <q>said</q> <span class="c">s</span> HTML *em*{.k} {#x} {: .c}
![tree](https://example.org/x.png) [^n] $x ~~a~~ ==b== ::: !!! [ ] ] ) > < | # - + : = ~~~
""".split()
BEFORE = ["", "- ", "* ", "1. ", "2. ", "> ", "> > ", "## ", "### ", "    ", "  ", "| ", "> - "]
BEFORE += [
    ":   ",
    "[^n]: ",
    "[Ref]: ",
    "*[HTML]: ",
    "  - ",
    "    - ",
    "   - ",
    "\t",
    "<!-- ",
    "<div>",
]
BEHIND = [
    "",
    "  ",
    " #",
    " |",
    " {#y}",
    "\n---",
    "\n===",
    "\n{: .c}",
    " -->",
    "</div>",
    "\n```",
    "\n",
]
BEHIND += ["\n\n", "\n\n", "\n\n", " | b\n---|---\nc | d"]

LOSE_TEXT = {Rule.FORBIDDEN_HTML, Rule.BAD_VALUE, Rule.BAD_EXPRESSION, Rule.BAD_CHART}
"""Rules about what is left out of the page, or whose fault is that it cannot be read."""

lines = st.builds(
    lambda before, words, behind: before + " ".join(words) + behind,
    st.sampled_from(BEFORE),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    st.sampled_from(BEHIND),
)
bodies = st.lists(lines, min_size=1, max_size=9).map("\n".join)
noise = st.text(st.sampled_from("ab1 \n\t*_`~[](){}<>!#|\\-+=:&;\"'^$.%/"), max_size=60)


def plain(body: str) -> str:
    """The HTML that Python-Markdown makes of a body by itself, once its lists are set in."""
    body = nested(body.expandtabs(4))
    return Markdown(
        extensions=NAMES.split(), extension_configs=SETTINGS, output_format="html"
    ).convert(body)


@settings(
    max_examples=350,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(bodies)
@example("- a\n  - b\n    - c")
@example("## {: .c} {#id}\n\nText")
@example("### a end\\\n- b")
@example("2. -  -  |\n> x")
@example('<div markdown="1">\na | b\n---|---\n\n1. c ##\n</div>')
def test_a_body_shows_what_markdown_shows_or_is_told_of(body: str) -> None:
    same_or_told(body)


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.one_of(noise, lines), min_size=1, max_size=4).map("\n".join))
def test_so_does_any_noise(body: str) -> None:
    same_or_told(body)


def same_or_told(body: str) -> None:
    begun = time.process_time()
    note, problems = read(body)
    assert time.process_time() - begun < 5
    assert note
    last = len(note.lines)
    assert all(0 < problem.place.line <= last for problem in problems)
    if {problem.rule for problem in problems} & LOSE_TEXT:
        return
    shown = seen("".join(str(piece.html) for piece in note.pieces))
    assert straight(shown) == straight(seen(plain(body)))


def straight(text: str) -> str:
    """The text with straight quotation marks: which way one turns that stands alone is open."""
    return re.sub("[‘’]", "'", re.sub("[“”]", '"', text))
