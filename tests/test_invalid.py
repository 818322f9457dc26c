"""Content that must not build: what an editor is told, and that the old site stays as it was.

Each folder of tests/invalid/ holds the files in which the mistakes are; data.yaml and index.md come
from tests/avocado/ where it has none of its own, and templates/ holds changed templates.
`expected.txt` is what a terminal shows. UPDATE_EXPECTED=1 writes those files again: read them after.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

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
        shutil.copytree(ROOT / "templates", folder / "templates")
        shutil.copytree(case / "templates", folder / "templates", dirs_exist_ok=True)
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
    same_or_update(case / "expected.txt", done.err)
    assert tree_with_times(here / "site") == before
    left = {path.name for path in here.iterdir()}
    assert left <= {"content", "site", "templates", ".cache"}


@each_case
def test_says_the_same_to_programs(case: Path, here: Path) -> None:
    done = run("--json", *laid_out(case, here))

    assert done.code == 1
    records = [json.loads(line) for line in done.out.splitlines()]
    assert records
    assert all(set(record) == FIELDS for record in records)
    said = [
        f"{r['file']}:{r['line']}: "
        + ("warning: " if r["severity"] == "warning" else "")
        + f"{r['rule']}: {r['message']}"
        for r in records
    ]
    shown = (case / "expected.txt").read_text("utf-8").splitlines()
    assert said == [line for line in shown if re.match(r"\S+:\d+: |\S.*\.md:\d+: ", line)]
    assert [f"    hint: {r['hint']}" for r in records if r["hint"]] == [
        line for line in shown if line.startswith("    hint: ")
    ]


@each_case
def test_check_finds_the_same_and_writes_nothing(case: Path, here: Path) -> None:
    words = laid_out(case, here)
    before = tree(here)

    done = run("check", "--json", *words)

    assert done.code == 1
    rules = [json.loads(line)["rule"] for line in done.out.splitlines()]
    rules = [rule for rule in rules if rule != "stale-schema"]
    shown = (case / "expected.txt").read_text("utf-8")
    # `check` does not render, so it may stop short of what only a page would show.
    assert all(f": {rule}: " in shown for rule in rules)
    assert tree(here) == before


@each_case
def test_every_problem_points_at_a_line_that_exists(case: Path, here: Path) -> None:
    done = run("--json", *laid_out(case, here))

    for record in map(json.loads, done.out.splitlines()):
        path = Path(record["file"])
        if not path.is_file():
            continue
        lines = path.read_bytes().decode("utf-8", errors="replace").splitlines() or [""]
        assert 1 <= record["line"] <= len(lines)
        if record["excerpt"]:
            assert record["excerpt"].strip() == lines[record["line"] - 1].strip()
