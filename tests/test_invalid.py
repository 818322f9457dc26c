"""Content that must not build: what an editor is told, and that the old site stays as it was.

Each folder of tests/invalid/ holds the files in which the mistakes are; data.yaml and index.md come
from tests/avocado/ where it has none of its own, and templates/ holds templates in place of ours.
`expected.txt` is what a terminal shows. UPDATE_EXPECTED=1 writes those files again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support import AVOCADO, ROOT, TESTS, run, same_or_update, tree, tree_with_times

CASES = sorted(path for path in (TESTS / "invalid").iterdir() if path.is_dir())
FIELDS = {"file", "line", "rule", "severity", "message", "hint", "excerpt"}
each_case = pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)


def laid_out(case: Path, folder: Path) -> list[str]:
    """The case's content (and templates) below a folder, and the options that name them."""
    for path in case.rglob("*"):
        name = path.relative_to(case)
        if path.is_file() and name.parts[0] not in ("expected.txt", "templates"):
            (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / "content" / name)
    for name in ("data.yaml", "index.md"):
        if not (folder / "content" / name).exists() and case.name != "no-front-page":
            (folder / "content").mkdir(exist_ok=True)
            shutil.copy(AVOCADO / name, folder / "content" / name)
    if case.name == "no-front-page":
        shutil.copy(AVOCADO / "data.yaml", folder / "content" / "data.yaml")
    words = ["--content", "content", "--output", "site"]
    if (case / "templates").is_dir():
        shutil.copytree(case / "templates", folder / "templates")
        words += ["--templates", "templates"]
    return words


@each_case
def test_says_what_is_wrong_and_leaves_the_old_site(
    case: Path, here: Path, small_site: Path
) -> None:
    words = laid_out(case, here)
    shutil.copytree(small_site, here / "site")
    before = tree_with_times(here / "site")

    done = run(*words)

    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    same_or_update(case / "expected.txt", done.err.replace(ROOT.as_posix(), "…"))
    assert tree_with_times(here / "site") == before
    assert {path.name for path in here.iterdir()} <= {"content", "site", "templates", ".cache"}


@each_case
def test_says_the_same_to_programs(case: Path, here: Path, small_site: Path) -> None:
    words = laid_out(case, here)
    # Which a build would write, and `check` misses.
    shutil.copy(small_site.parent / "content" / "data.schema.json", here / "content")
    before = tree(here)

    done = run("check", "--json", *words)

    assert done.code == 1
    # What it has worked out it keeps for the next run, and writes nothing else.
    assert {name: text for name, text in tree(here).items() if name[:7] != ".cache/"} == before
    records = [json.loads(line) for line in done.out.splitlines()]
    assert all(set(record) == FIELDS for record in records)
    assert [as_text(record) for record in records] == problems(case)
    for record in records:
        if record["excerpt"]:
            content = (here / record["file"]).read_bytes().decode("utf-8", errors="replace")
            assert content.splitlines()[record["line"] - 1].strip() == record["excerpt"]


def as_text(record: dict[str, Any]) -> str:
    kind = "warning: " if record["severity"] == "warning" else ""
    hint = f"\n    hint: {record['hint']}" if record["hint"] else ""
    text = f"{record['file']}:{record['line']}: {kind}{record['rule']}: {record['message']}{hint}"
    return text.replace(ROOT.as_posix(), "…")


def problems(case: Path) -> list[str]:
    """The problems of `expected.txt`, without the lines of the files that it shows."""
    found: list[str] = []
    for line in (case / "expected.txt").read_text("utf-8").splitlines()[:-1]:
        if not line.startswith("    "):
            found.append(line)
        elif line.startswith("    hint: "):
            found[-1] += f"\n{line}"
    return found
