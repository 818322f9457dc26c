"""The files of a content folder that are notes, those that are none, and those that are drafts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import AVOCADO, like_avocado, note, run, write_tree

from explainer.notes.note import says_draft

STOP = '\n\n{{ source("nowhere") }}'
"""A mistake: all is read and checked, and no time is spent on pages."""


def problems(here: Path) -> list[dict[str, object]]:
    done = run("check", "--content", "content", "--output", "site", "--json")
    found = [json.loads(line) for line in done.out.splitlines()]
    return [p for p in found if p["rule"] not in ("unknown-source", "stale-schema")]


def said(here: Path) -> list[tuple[object, object]]:
    return [(p["file"], p["rule"]) for p in problems(here)]


def test_what_looks_like_a_note_and_is_none_is_named(here: Path) -> None:
    names = ["sub/a.md", "B.MD", "c.markdown", "es/d.md", "e.mdx", "sub/sub/f.md"]
    like_avocado(here / "content", {name: note("x") for name in names})
    write_tree(here / "content", {"index.md": note(f"x{STOP}"), "g.txt": "x"})
    assert said(here) == [(f"content/{name}", "unread-file") for name in sorted(names)]
    hints = {str(p["file"]): str(p["hint"]) for p in problems(here)}
    assert "languages:" in hints["content/es/d.md"]
    assert hints["content/c.markdown"] == "name it c.md"
    assert "notes stand in no other folder" in hints["content/sub/a.md"]


DRAFT = note("12 kilos.\n\n[x](nowhere.md)").replace("---\n\n", "draft: true\n---\n\n")


@pytest.mark.parametrize("draft", [DRAFT, DRAFT.replace("draft:", "nope: [\ndraft:")])
def test_a_faulty_draft_does_not_stop_the_site(here: Path, draft: str) -> None:
    like_avocado(here / "content", {"later.md": draft})
    done = run("--content", "content", "--output", "site")
    assert done.code == 0, done.err
    assert not (here / "site" / "later.html").exists()
    assert "content/later.md" in done.err and ": warning: " in done.err


def test_a_link_to_a_draft_says_that_it_is_one_and_to_another_file_does_not(here: Path) -> None:
    body = f"[a](later.md) [b](sub/a.md) [c](index){STOP}"
    like_avocado(here / "content", {"index.md": note(body), "later.md": DRAFT, "sub/a.md": "x"})
    found = [p for p in problems(here) if p["file"] == "content/index.md"]
    assert [p["rule"] for p in found] == ["broken-link"] * 3
    hints = [str(p["hint"]) for p in found]
    assert 'did you mean "index.md"?' in hints
    assert hints.count("the file is there, and is a draft") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r\n"),
        ("---\n", "\ufeff---\n"),
        ("draft: true", "draft: true  # for now"),
        ("draft: true", '"draft": true'),
        ("draft: true", "draft : true"),
    ],
    ids=["crlf", "bom", "remark", "quotes", "space"],
)
@pytest.mark.parametrize("draft", [DRAFT, DRAFT.replace("draft:", "nope: [\ndraft:")])
def test_a_draft_is_one_however_it_is_written(here: Path, draft: str, old: str, new: str) -> None:
    like_avocado(here / "content", {})
    written = draft.replace(old, new, 1 if "---" in old else -1)
    (here / "content" / "later.md").write_bytes(written.encode())
    done = run("--content", "content", "--output", "site")
    assert done.code == 0, done.err
    assert not (here / "site" / "later.html").exists()


@pytest.mark.parametrize("text", ["---\ndraft: true\n---\n", "---\na: [\ndraft: true\n"])
def test_a_note_says_that_it_is_a_draft(text: str) -> None:
    assert says_draft(text)
    assert not says_draft(text.replace("true", "false"))
    assert not says_draft(f"---\ntitle: x\n---\n{text[4:]}")


@pytest.mark.parametrize("name", ["prices.md", "tree.svg"])
def test_what_leads_out_of_the_content_is_not_read(here: Path, name: str) -> None:
    outside = write_tree(here / "elsewhere", {name: note("Not ours.")})
    body = f'![A tree](tree.svg "Ana"){STOP}' if name == "tree.svg" else f"x{STOP}"
    like_avocado(here / "content", {"index.md": note(body)})
    (here / "content" / name).symlink_to(outside / name)
    found = problems(here)
    assert [p["rule"] for p in found] == [
        "broken-link" if name == "tree.svg" else "unreadable-file"
    ]


def test_a_line_of_hyphens_in_a_text_of_the_front_matter_does_not_end_it(here: Path) -> None:
    text = "---\ntitle: x\nsummary: |\n  One.\n  ---\n  Two.\n---\n\nBody."
    like_avocado(here / "content", {"index.md": text + STOP})
    assert said(here) == []


def test_every_number_marked_as_plain_is_counted(here: Path) -> None:
    plain = '{{ plain("7", "why") }}'
    data = (AVOCADO / "data.yaml").read_text("utf-8")
    data = data.replace("First grade only.", f"'First grade {plain} only.'")
    content = like_avocado(
        here / "content",
        {"data.yaml": data, "index.md": note(f"A {plain}.", summary=f"'Of {plain}.'")},
    )
    done = run("--content", content, "--output", here / "built")
    assert done.code == 0, done.err
    done = run("check", "--content", content, "--output", here / "site")
    assert "numbers marked as plain: 3" in done.err


BLOCK = """```vega-lite
id: only-here
title: A chart
description: A bar.
illustrative: true
data: {values: [{a: x, b: 1}]}
mark: bar
encoding: {x: {field: a, type: nominal}, y: {field: b, type: quantitative}}
```"""


def test_a_link_to_a_chart_that_only_the_other_language_has_is_broken(here: Path) -> None:
    data = (AVOCADO / "data.yaml").read_text("utf-8")
    data = data.replace("languages: [en]", "languages: [en, es]")
    like_avocado(
        here / "content",
        {
            "data.yaml": data,
            "index.md": note(f"{BLOCK}\n\n[x](charts/only-here.html)"),
            "es/index.md": note(f"[x](charts/only-here.html){STOP}"),
        },
    )
    found = [p for p in problems(here) if p["rule"] == "broken-link"]
    assert [(p["file"], p["line"]) for p in found] == [("content/es/index.md", 6)]


def test_a_link_may_name_what_a_reader_chose_in_a_chart(here: Path) -> None:
    body = '{{ chart("price-ladder") }}\n\n[x](#chart-price-ladder:price-port=4)'
    like_avocado(here / "content", {"index.md": note(body + STOP)})
    assert said(here) == []
    write_tree(here / "content", {"index.md": note(body.replace("#chart-p", "#chart-q") + STOP)})
    assert [rule for _, rule in said(here)] == ["broken-anchor"]
