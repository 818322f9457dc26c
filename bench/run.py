"""How long builds take: this site, and made ones of N notes, beside MkDocs and a plain script.

    .venv/bin/python bench/run.py                      # everything; writes bench/RESULTS.md
    .venv/bin/python bench/run.py --notes 10 --repeat 1 --output -
    .venv/bin/python bench/run.py --notes --without-site --without-others --large --output -

Each run is a process of its own, timed from outside: wall clock, the CPU seconds of it and of all
that it started, and the memory of the largest of them at its peak. Medians. Machines differ and
are seldom quiet, so what counts are ratios between rows of one table.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.corpus import name, write_others, write_ours  # noqa: E402
from bench.sizes import LISTS, weigh  # noqa: E402

OTHERS = ("mkdocs==1.6.1", "mkdocs-material==9.8.2")
RESULTS = ROOT / "bench" / "RESULTS.md"

LARGE = {"count": 200, "claims": 500, "front": 20, "rows": 100_000}
"""Notes, claims, charts of the front page, and rows of a table that one note draws."""

TARGETS = {
    ("this site", "from nothing"): 6.0,
    ("this site", "nothing changed"): 0.2,
    ("this site", "one note changed"): 0.8,
    ("1,000 notes", "from nothing"): 90.0,
    ("1,000 notes", "nothing changed"): 0.7,
    ("1,000 notes", "one note changed"): 4.0,
}
"""Seconds of wall clock on two cores."""


@dataclass(frozen=True)
class Run:
    """One process: seconds of wall clock and of CPU, and megabytes at the peak."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Result:
    """The medians of a case."""

    what: str
    case: str
    program: str
    run: Run


def main() -> None:
    """Run what the command line asks for and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=int, nargs="*", default=[10, 100, 1000], metavar="N")
    parser.add_argument("--large", action="store_true", help="a large topic, as LARGE says")
    parser.add_argument("--repeat", type=int, default=3, metavar="TIMES")
    parser.add_argument("--without-site", action="store_true", help="leave this site out")
    parser.add_argument("--without-others", action="store_true", help="measure our builds alone")
    parser.add_argument("--output", default=str(RESULTS), help="the file to write, or - to print")
    arguments = parser.parse_args()
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        for result in _all(arguments, Path(folder)):
            results.append(result)
            run = result.run
            print(f"{result.what}, {result.case}, {result.program}: {run.wall:.2f} s", flush=True)
    command = " ".join(["bench/run.py", *sys.argv[1:]])
    text = report(results, command, arguments.repeat, with_others=not arguments.without_others)
    if arguments.output == "-":
        print(text)
    else:
        path = Path(arguments.output)
        remarks = _remarks(path)
        path.write_text(text + remarks, "utf-8")


def _all(arguments: argparse.Namespace, folder: Path) -> Iterator[Result]:
    if not arguments.without_site:
        content = folder / "site" / "content"
        shutil.copytree(ROOT / "content", content)
        yield from _ours("this site", content, arguments.repeat)
    if arguments.large:
        content = folder / "large" / "content"
        write_ours(content, **LARGE)
        yield from _ours("a large topic", content, arguments.repeat)
        for weight in weigh(content.parent / "site"):
            if weight.path in ("index.html", name(LARGE["count"] - 1) + ".html", *LISTS):
                print(f"  {weight.path}: {weight.charts} charts, {weight.total / 1000:.1f} kB")
    python = None if arguments.without_others else _environment(folder / "others")
    for count in arguments.notes:
        what = f"{count:,} notes"
        content = folder / f"ours-{count}" / "content"
        write_ours(content, count)
        yield from _ours(what, content, arguments.repeat)
        if python is not None:
            yield from _theirs(what, folder / f"theirs-{count}", count, python, arguments.repeat)


# What is measured


def _ours(what: str, content: Path, repeat: int) -> Iterator[Result]:
    """Our builds of a site: from nothing, unchanged, with one note and with one claim changed."""
    folder, note = content.parent, content / "index.md"
    command = [sys.executable, str(ROOT / "build.py"), "--content", "content", "--output", "site"]
    times = iter(range(10_000))

    def from_nothing() -> None:
        shutil.rmtree(folder / "site", ignore_errors=True)
        shutil.rmtree(folder / ".cache", ignore_errors=True)

    def change_note() -> None:
        with note.open("a", encoding="utf-8") as text:
            text.write(f"\nOne more sentence{'!' * (1 + next(times))}\n")

    def change_claim() -> None:
        data = content / "data.yaml"
        text = data.read_text("utf-8")
        found = re.search(r"(?m)^    value: (?:about )?([0-9]{3,}) USD/kg$", text)
        assert found is not None
        value = str(int(found[1]) + 1)
        data.write_text(text[: found.start(1)] + value + text[found.end(1) :], "utf-8")

    cases: list[tuple[str, Callable[[], None]]] = [
        ("from nothing", from_nothing),
        ("nothing changed", lambda: None),
        ("one note changed", change_note),
        ("one claim changed", change_claim),
    ]
    for case, prepare in cases:
        yield Result(what, case, "explainer", _median(command, folder, repeat, prepare))


def _theirs(what: str, folder: Path, count: int, python: Path, repeat: int) -> Iterator[Result]:
    """The same number of pages by others, which keep nothing, so each of their builds is alike."""
    write_others(folder, count)
    mkdocs = [str(python), "-m", "mkdocs", "build", "--quiet", "--clean"]
    plain = [sys.executable, str(ROOT / "bench" / "plain.py"), "docs", "plain-site"]
    for program, command in (("MkDocs, Material", mkdocs), ("plain script", plain)):
        run = _median(command, folder, repeat, lambda: None)
        yield Result(what, "any", program, run)


def _environment(folder: Path) -> Path:
    """The Python of a new virtual environment that has the others."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *OTHERS], check=True)
    return python


def _median(command: Sequence[str], folder: Path, repeat: int, prepare: Callable[[], None]) -> Run:
    runs = []
    for _ in range(repeat):
        prepare()
        runs.append(_timed(command, folder))
    return Run(*(median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "memory")))


def _timed(command: Sequence[str], folder: Path) -> Run:
    """Run a command in a folder; raises `SystemExit` with what it said if it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        # Waited for here and not by `subprocess`, which would not tell what it used.
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')}")
    # Kilobytes, and bytes on macOS.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


# The report


def report(results: Sequence[Result], command: str, repeat: int, with_others: bool) -> str:
    """The table in Markdown, with what it was measured with."""
    programs = ["altair", "jinja2", "markdown", "vl-convert-python"]
    versions = [f"{name} {version(name)}" for name in programs]
    if with_others:
        versions += [name.replace("==", " ") for name in OTHERS]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [
        "# How long builds take",
        "",
        f"Written by `.venv/bin/python {command}`: medians of {repeat}, each run a process of its "
        f"own, on {cores} cores of {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, {', '.join(versions)}.",
        "",
        "| Site | What changed | Built by | Wall clock | Target | CPU | Memory at the peak |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        target = TARGETS.get((result.what, result.case)) if result.program == "explainer" else None
        goal = f"≤ {target:g} s" if target else ""
        run = result.run
        lines.append(
            f"| {result.what} | {result.case} | {result.program} | {run.wall:.2f} s | {goal} "
            f"| {run.cpu:.2f} s | {run.memory:,.0f} MB |"
        )
    return "\n".join([*lines, ""])


def _remarks(path: Path) -> str:
    """What people wrote below the table, which stays."""
    text = path.read_text("utf-8") if path.is_file() else ""
    start = text.find("\n## ")
    return text[start:] if start >= 0 else ""


if __name__ == "__main__":
    main()
