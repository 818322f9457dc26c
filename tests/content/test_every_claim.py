"""Each claim of this repository's content in turn: changed by a little, then taken away.

Changed, it must read differently at every place that prints it, and nothing else may change but
what is calculated from it. Taken away, the problems must name every line that relied on it, which
a plain search of the files finds, too.

Nothing is drawn: of a drawing, the rows are compared that it would be drawn from. Where the content
has grown so large that all claims take too long, a sample is taken, chosen by the hash of the ids,
and EVERY_CLAIM=1 takes them all.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import copy_of
from markupsafe import Markup
from support import ROOT, inside

from explainer import site
from explainer.figures import drawer
from explainer.figures.draw import Drawing, Job
from explainer.memo import Cache, Memo
from explainer.problems import ContentError, Problem
from explainer.project import take

MOST = 120
"""As many claims are taken, unless EVERY_CLAIM is set."""

CHUNKS = 4
"""Parts into which the claims are divided, for several workers."""

REFUSED = {"undeclared-conflict"}
"""Rules by which a small change may rightly be refused."""

DATA = (ROOT / "content" / "data.yaml").read_text("utf-8")
CLAIMS: dict[str, dict[str, Any]] = yaml.safe_load(DATA)["claims"]

PRINTED = re.compile(
    r'<a class="claim" data-claim="([^"]+)" href="[^"]*"[^>]*>'
    r'<data value="([^"]*)">([^<]*)</data></a>'
)
BLANK = Drawing(Markup(""), {}, 1, 1, ())


@dataclass(frozen=True)
class Place:
    """A place that prints a claim: the page or drawing, the value for machines, the text."""

    where: str
    value: str
    text: str


@dataclass(frozen=True)
class Whole:
    """The site of some data file, undrawn."""

    book: site.Book
    problems: Sequence[Problem]
    places: Mapping[str, Sequence[Place]]
    """Every place at which each claim is printed, in order."""


class Bench:
    """Makes the site from changed data files, in memory."""

    def __init__(self, folder: Path) -> None:
        self.content = copy_of(ROOT / "content", folder / "content")
        self.setup = site.Setup(
            self.content, ROOT / "templates", folder / "site", folder / "cache", ""
        )
        self.memo = Memo(Cache(self.setup.cache, read_only=True))
        self.jobs: list[Job] = []

    def read(self, data: str) -> site.Book:
        """What is read from a data file, and what is wrong."""
        (self.content / "data.yaml").write_text(data, "utf-8", newline="\n")
        return site.read(self.setup, self.memo, take(self.setup))

    def made(self, data: str) -> Whole:
        """The site of a data file."""
        self.jobs.clear()
        book = self.read(data)
        try:
            made = site.make(self.setup, self.memo, take(self.setup))
        except ContentError as error:
            return Whole(book, error.problems, {})
        self.memo.forget()
        files = {path: file.value for path, file in made.files.items() if path.endswith(".html")}
        places: dict[str, list[Place]] = {}
        for path, content in files.items():
            text = content.decode()
            printed = PRINTED.findall(text)
            assert len(printed) == text.count("data-claim="), path
            for name, *rest in printed:
                places.setdefault(name, []).append(Place(path, *rest))
        for name, place in self._rows():
            places.setdefault(name, []).append(place)
        return Whole(book, made.warnings, places)

    def _rows(self) -> Iterator[tuple[str, Place]]:
        for number, job in enumerate(self.jobs):
            where = f"drawing {number}: {job.chart}, {job.size.name}"
            for row in job.rows:
                if "id" in row:
                    ends = [row.get(key) for key in ("value", "low", "high")]
                    yield row["id"], Place(where, str(ends), str(row.get("text")))
                for key, value in row.items():
                    if key.endswith("_claim") and value:
                        stem = key.removesuffix("_claim")
                        text = str(row.get(f"{stem}_text", row.get(stem, row.get("text"))))
                        yield str(value), Place(where, str(row.get(stem, text)), text)

    def blank(self, jobs: Sequence[Job], *_: object) -> list[Drawing]:
        """In place of the drawings."""
        self.jobs += jobs
        return [BLANK for _ in jobs]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("claims")
    made = Bench(folder)
    with pytest.MonkeyPatch.context() as patch, inside(folder):
        patch.setattr(drawer, "draw_all", made.blank)
        patch.setattr(drawer, "runtime", lambda store: b"")
        # The files of data are compared with data.html elsewhere.
        patch.setattr(site, "_data_files", lambda *_: iter(()))
        yield made


@pytest.fixture(scope="module")
def before(bench: Bench) -> Whole:
    """The site as it is."""
    whole = bench.made(DATA)
    assert not [problem for problem in whole.problems if not problem.warning]
    return whole


def chosen(names: Sequence[str]) -> list[str]:
    """All of the claims, or a sample that is the same on every machine."""
    if os.environ.get("EVERY_CLAIM") or len(names) <= MOST:
        return list(names)
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:MOST]


def chunk(names: Sequence[str], number: int) -> list[str]:
    return chosen(names)[number::CHUNKS]


STATED = [name for name, claim in CLAIMS.items() if "value" in claim]


# Changed


def changed(name: str, factor: Decimal) -> str:
    """The data file with the numbers of a claim multiplied by a factor."""

    def by_factor(match: re.Match[str]) -> str:
        number = Decimal(match[0]) * factor
        return f"{number.normalize():f}"

    def line(match: re.Match[str]) -> str:
        # The unit of a multiple is a "1" behind its number.
        return match[1] + re.sub(r"(?<!\d )\d+(?:\.\d+)?", by_factor, match[2])

    pattern = rf"(^  {name}:\n(?:    .*\n)*?    value: )(.*)$"
    data, count = re.subn(pattern, line, DATA, count=1, flags=re.MULTILINE)
    assert count == 1, name
    return data


def calculated_from(name: str, book: site.Book) -> set[str]:
    """The claims that are calculated from a claim, however far on."""
    found, waiting = {name}, [name]
    while waiting:
        here = waiting.pop()
        for other in book.dataset.formulas:
            if other not in found and here in book.dataset.inputs(other):
                found.add(other)
                waiting.append(other)
    return found


@pytest.mark.parametrize("number", range(CHUNKS))
def test_changed_by_one_per_cent(number: int, bench: Bench, before: Whole) -> None:
    faults: list[str] = []
    counts: dict[str, int] = {}
    refused: dict[str, str] = {}
    for name in chunk(STATED, number):
        for step in ("1.01", "0.99", "1.1", "2"):
            after = bench.made(changed(name, Decimal(step)))
            errors = sorted({str(p.rule) for p in after.problems if not p.warning})
            if not errors or not set(errors) <= REFUSED:
                break
            refused[f"{name} × {step}"] = ", ".join(errors)
        if errors:
            faults.append(f"{name} × {step}: {', '.join(errors)}")
            continue
        counts[name] = len(before.places.get(name, ()))
        faults += compared(name, before, after)
    print(report(counts, refused))
    assert not faults, "\n".join([*faults, report(counts, refused)])


def compared(name: str, before: Whole, after: Whole) -> Iterator[str]:
    """What differs otherwise than it should."""
    follow = calculated_from(name, after.book)
    if not [place for place in before.places.get(name, ()) if place.where == "data.html"]:
        yield f"{name}: data.html does not print it"
    for other in before.places.keys() | after.places.keys():
        was, now = before.places.get(other, ()), after.places.get(other, ())
        if [place.where for place in was] != [place.where for place in now]:
            yield f"{name}: {other} stands at other places"
            continue
        for old, new in zip(was, now, strict=True):
            if other == name and (old.value == new.value or old.text == new.text):
                yield f"{name}: {old.where} still says {old.text}"
            if other not in follow and old != new:
                yield f"{name}: {other} changed from {old.text} to {new.text} in {old.where}"


def report(counts: Mapping[str, int], refused: Mapping[str, str]) -> str:
    """How many places print each claim, and which changes were refused, by which rules."""
    lines = [f"{count:4} places: {name}" for name, count in sorted(counts.items())]
    lines += [f"refused: {name}: {rules}" for name, rules in refused.items()]
    return "\n".join(lines)


# Taken away


def without(name: str) -> str:
    """The data file without a claim; the other lines keep their numbers."""
    pattern = rf"^  {name}:\n(?:    .*\n|\n(?=    ))+"
    data, count = re.subn(
        pattern, lambda match: "\n" * match[0].count("\n"), DATA, count=1, flags=re.MULTILINE
    )
    assert count == 1, name
    return data


def lines_with(name: str, content: Path) -> set[tuple[str, int]]:
    """Where a search for a claim's id finds it: in an expression, in a list, as a key below one."""
    use = re.compile(
        rf"""(?:claim|stated)\(\s*["']{name}["']|^\s+(?:-|claim:)\s+{name}\s*$|^\s{{6,}}{name}:"""
        rf"""|^\s+[a-z0-9_-]+: \[[^\]]*(?<![a-z0-9-]){name}(?![a-z0-9-])"""
    )
    return {
        (path.relative_to(content).as_posix(), number)
        for path in [*content.rglob("*.md"), content / "data.yaml"]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if use.search(line)
    }


@pytest.mark.parametrize("number", range(CHUNKS))
def test_taken_away(number: int, bench: Bench) -> None:
    faults: list[str] = []
    for name in chunk(list(CLAIMS), number):
        problems = bench.read(without(name)).report.problems
        named = {
            (problem.place.file.removeprefix("content/"), problem.place.line)
            for problem in problems
            if f'"{name}"' in problem.message and str(problem.rule) == "unknown-claim"
        }
        expected = lines_with(name, bench.content)
        faults += [f"{name}: {file}:{line} is not named" for file, line in expected - named]
        faults += [f"{name}: {file}:{line} is named" for file, line in named - expected]
    assert not faults, "\n".join(faults)
