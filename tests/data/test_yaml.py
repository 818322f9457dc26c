"""YAML as an editor means it: scalars, places, and what is refused."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.data.yaml import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("010", 10),
        ("0o10", "0o10"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1,500", "1,500"),
        ("12:30", "12:30"),
        ("2019-05-01", "2019-05-01"),
        ("2019-05", "2019-05"),
        ("2019", 2019),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'2019'", "2019"),
        ('"no"', "no"),
        (".inf", ".inf"),
        ("99999999999999999999", float("99999999999999999999")),
        ("NaN", "NaN"),
        ("<<", "<<"),
    ],
)
def test_scalars(text: str, value: Any) -> None:
    document = parse(f"key: {text}", "data.yaml")
    assert not document.problems
    assert document.data == {"key": value}
    found = document.data["key"]
    assert isinstance(found, type(value))
    assert isinstance(found, bool) == isinstance(value, bool)
    if isinstance(found, int | float) and not isinstance(found, bool):
        assert str(found) == f"{found}" == text, "where a text is wanted, it is the one written"
        assert type(json.loads(json.dumps(found))) is type(value)


def test_a_number_keeps_its_text_on_the_way_to_another_process() -> None:
    found = pickle.loads(pickle.dumps(parse("[010, 3.10]", "data.yaml").data))
    assert found == [10, 3.1]
    assert [str(number) for number in found] == ["010", "3.10"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, '"a" stands twice in the file'),
        ("x:\n  a: 1\n  a: 1", 3, '"a" stands twice in x'),
        ("a: !!python/name:os.system x", 1, "tags such as !!python/name:os.system"),
        ("a: !secret x", 1, "tags such as !secret"),
        ("a: 1\n---\nb: 2", 2, "a second document"),
        ("a: *nothing", 1, "nothing"),
        ("a: &x [*x]", 1, "x"),
        ("? [a, b]\n: 1", 1, "a plain word"),
        ("a:\n\t- b", 2, "found character"),
        ("a: b: c", 1, "mapping values"),
        ("a: [1, 2", 1, "while parsing a flow sequence"),
        ("a: 'open", 1, "quoted scalar"),
        ("a: " + "[" * 50 + "]" * 50, 1, "nested more than 40"),
        ("a: \x01", 1, ""),
        ("a: \ufffe", 1, ""),
    ],
)
def test_refused(text: str, line: int, words: str) -> None:
    problems = parse(text, "data.yaml").problems
    assert problems
    assert words in problems[0].message
    assert problems[0].place.line == line


def test_aliases_are_bounded() -> None:
    many = "a: &a 1\nb: [" + ", ".join(["*a"] * 101) + "]"
    assert "more than 100 aliases" in parse(many, "data.yaml").problems[0].message
    few = parse("a: &a {x: 1}\nb: *a", "data.yaml")
    assert few.data == {"a": {"x": 1}, "b": {"x": 1}}


def test_every_value_knows_its_line() -> None:
    text = "a: 1\nb:\n  - x\n  -\n    c: |\n      long\n      text\n    d: end\n"
    document = parse(text, "note.md", first_line=3)
    lines = {
        path: document.place(path).line
        for path in [("a",), ("b",), ("b", 0), ("b", 1, "c"), ("b", 1, "d"), ("b", 1, "missing")]
    }
    assert lines == {
        ("a",): 3,
        ("b",): 4,
        ("b", 0): 5,
        ("b", 1, "c"): 7,
        ("b", 1, "d"): 10,
        ("b", 1, "missing"): 7,
    }
    assert document.place(("b",), "text").line == 9


def test_a_name_is_found_as_a_word_of_its_own() -> None:
    document = parse("chain:\n  - price-rise\n  - price\n", "data.yaml")
    assert document.place(("chain",), "price").line == 3


@settings(max_examples=150, deadline=None)
@given(st.text("ab:-#&*!|>'\"[]{},? \n\t01%@`~.\u00e9\u2028", max_size=60))
def test_no_text_brings_it_down(text: str) -> None:
    document = parse(text, "data.yaml")
    last = max(len(document.lines), 1)
    assert all(1 <= problem.place.line <= last for problem in document.problems)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('a:\n  t: "open\n  u: x\n  v: "another"\nb: 1\n', 2, "a quote opened in line 2"),
        ("a:\n  t: 'it''s\n  u: x\nb:\n  c: 1\n", 2, "a quote opened in line 2"),
        ('a:\n  b: {t: "open, u: x}\n  c: {t: "shut: ", u: [ "v" ]}\n', 2, "opened in line 2"),
        ("a:\n  b: {t: 'it''s', u: 'open}\n  c: 1\n", 2, "a quote opened in line 2"),
        ('a:\n  t: {{ claim("x") }} jobs\n  u: x\n', 2, "write >- behind the colon"),
    ],
)
def test_where_a_quote_or_a_brace_opens(text: str, line: int, words: str) -> None:
    [problem] = parse(text, "data.yaml").problems
    assert problem.place.line == line and words in problem.message + problem.hint
