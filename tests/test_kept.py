"""What is kept for the next build never shows: its site is that of a build from nothing."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, inside, run, tree

from explainer import project as setup
from explainer import workers
from explainer.figures import draw as drawings
from explainer.figures import vega

sys.path.insert(0, str(ROOT))

from bench import corpus

Change = Callable[[Path, pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made corpus, the templates, the site and what was kept; to be copied only."""
    folder = tmp_path_factory.mktemp("kept")
    corpus.write_ours(folder / "content", 5)
    (folder / "content" / "extra.md").write_text(
        "---\ntitle: Extra\nsummary: More of it.\norder: 99\n---\n\nMore.\n", "utf-8"
    )
    shutil.copytree(ROOT / "templates", folder / "templates")
    with inside(folder):
        built()
    return folder


@pytest.fixture
def project(built_once: Path, here: Path) -> Path:
    """The same, in the present folder."""
    shutil.copytree(built_once, here, dirs_exist_ok=True)
    return here


def built() -> dict[str, str]:
    done = run("--content", "content", "--templates", "templates", "--output", "site")
    assert done.code == 0, done.err
    return tree(Path("site"))


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def nothing(here: Path, patch: pytest.MonkeyPatch) -> None:
    pass


def a_note(here: Path, patch: pytest.MonkeyPatch) -> None:
    replaced(here / "content" / "town-3.md", "Growers", "All growers")


def a_heading(here: Path, patch: pytest.MonkeyPatch) -> None:
    replaced(here / "content" / "town-3.md", "## The market", "## The markets")


def a_chart_less(here: Path, patch: pytest.MonkeyPatch) -> None:
    replaced(here / "content" / "town-3.md", '{{ chart("chart-3") }}', "")


def a_claim(here: Path, patch: pytest.MonkeyPatch) -> None:
    replaced(here / "content" / "data.yaml", "value: 211", "value: 212")


def a_template(here: Path, patch: pytest.MonkeyPatch) -> None:
    replaced(here / "templates" / "base.html", "<main", '<main data-tried="yes"')


def a_string(here: Path, patch: pytest.MonkeyPatch) -> None:
    path = here / "templates" / "strings" / "en.yaml"
    replaced(path, "skip: Skip to the text", "skip: Skip to the text here")


def a_version(here: Path, patch: pytest.MonkeyPatch) -> None:
    known = importlib.metadata.version

    def other(name: str) -> str:
        return "99.0" if name == "vl-convert-python" else known(name)

    patch.setattr(setup, "version", other)
    patch.setattr(vega, "versions", lambda: (known("altair"), "99.0"))


def a_note_removed(here: Path, patch: pytest.MonkeyPatch) -> None:
    (here / "content" / "extra.md").unlink()


CHANGES: list[Change] = [
    nothing,
    a_note,
    a_heading,
    a_chart_less,
    a_claim,
    a_template,
    a_string,
    a_version,
    a_note_removed,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_same_bytes_as_from_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    before = tree(project / "site")
    change(project, monkeypatch)
    kept = built()
    shutil.rmtree(project / ".cache")
    shutil.rmtree(project / "site")
    assert kept == built()
    # The versions are on no page.
    assert (kept == before) == (change in (nothing, a_version))


def test_a_version_draws_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = drawings._drawn

    def counted(job: drawings.Job, looks: vega.Looks) -> Any:
        drawn.append(job.form)
        return real(job, looks)

    def here(calls: Sequence[workers.Call], _: int, take: Callable[[int, Any], None]) -> None:
        for number, call in enumerate(calls):
            take(number, call.function(*call.arguments))

    monkeypatch.setattr(drawings, "_drawn", counted)
    monkeypatch.setattr(drawings, "share", here)
    a_claim(project, monkeypatch)
    built()
    by_a_claim = len(drawn)
    a_version(project, monkeypatch)
    built()
    # All five charts show the changed price, each in two widths.
    assert by_a_claim == len(drawn) - by_a_claim == 10


def test_the_other_generators_get_the_same_notes(tmp_path: Path) -> None:
    corpus.write_ours(tmp_path / "ours", 6)
    corpus.write_others(tmp_path / "others", 6)
    notes = {path.name for path in (tmp_path / "ours").glob("*.md")}
    assert {path.name for path in (tmp_path / "others" / "docs").glob("*.md")} == notes
    assert len(notes) == 6
