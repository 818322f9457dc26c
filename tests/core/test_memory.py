"""A build that has nothing to do does nothing, and any change makes it do something."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support import like_avocado, run, tree, tree_with_times

from explainer import site


@pytest.fixture
def built(here: Path) -> Callable[[], str]:
    """Builds the small site in the present folder and gives what the command said."""
    like_avocado(here / "content")

    def build() -> str:
        done = run("--content", "content", "--output", "site")
        assert done.code == 0, done.err
        return done.out + done.err

    build()
    return build


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the test if anything is built."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("something was built")

    monkeypatch.setattr(site, "build", refuse)


def test_nothing_changed(built: Callable[[], str], idle: None, here: Path) -> None:
    before = tree_with_times(here / "site")
    assert "(0 new)" in built()
    assert tree_with_times(here / "site") == before


def test_a_touched_file_is_no_change(built: Callable[[], str], idle: None, here: Path) -> None:
    (here / "content" / "index.md").touch()
    built()


@pytest.mark.parametrize("name", ["index.md", "data.yaml", "data.schema.json"])
def test_a_changed_file_is_seen(built: Callable[[], str], here: Path, name: str) -> None:
    whole = tree(here)
    path = here / "content" / name
    text = path.read_text("utf-8")
    path.write_text(text.replace("vocado", "guacate"), "utf-8")
    built()
    if name == "data.schema.json":
        # What a build writes, it writes again; nothing of it stands on a page.
        path.write_text("{}", "utf-8")
        built()
        assert tree(here)["content/data.schema.json"] == whole["content/data.schema.json"]
    else:
        assert "guacate" in (here / "site" / "index.html").read_text("utf-8")


def test_a_new_and_a_lost_note_are_seen(built: Callable[[], str], here: Path) -> None:
    note = here / "content" / "more.md"
    note.write_text("---\ntitle: More\nsummary: More of it.\n---\n\nMore.\n", "utf-8")
    built()
    assert (here / "site" / "more.html").is_file()
    note.unlink()
    built()
    assert not (here / "site" / "more.html").exists()


def test_a_site_that_is_not_whole_is_built_again(built: Callable[[], str], here: Path) -> None:
    whole = tree(here / "site")
    (here / "site" / "index.html").write_text("tampered with", "utf-8")
    (here / "site" / "data.html").unlink()
    built()
    assert tree(here / "site") == whole


def test_another_address_is_another_site(built: Callable[[], str], here: Path) -> None:
    done = run("--content", "content", "--output", "site", "--site-url", "https://example.org/x")
    assert done.code == 0, done.err
    assert "https://example.org/x/index.html" in (here / "site/index.html").read_text("utf-8")
    built()
    assert "https://example.org" not in (here / "site/index.html").read_text("utf-8")


def test_warnings_are_said_again(here: Path, built: Callable[[], str]) -> None:
    note = here / "content" / "more.md"
    note.write_text("---\ntitle: More\nsummary: More.\n---\n\nSeven more.\n", "utf-8")
    first = built()
    assert "content/more.md:6: warning: number-word:" in first
    assert [line for line in built().splitlines() if "warning" in line] == [
        line for line in first.splitlines() if "warning" in line
    ]


def test_a_damaged_memory_is_forgotten(built: Callable[[], str], here: Path) -> None:
    for path in (here / ".cache").rglob("*.kept"):
        path.write_bytes(path.read_bytes()[:-1])
    assert "built site" in built()
