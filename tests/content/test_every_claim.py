"""Each claim of this repository's content: changed by a little, then taken away.

Changed, it must read differently at every place that prints it, and nothing else may change but
what is calculated from it. Taken away, the problems must name every line that relied on it, which
a plain search of the files finds, too.

Nothing is drawn: of a drawing, the rows are compared that it would be drawn from. Several claims
are changed, or taken away, at once, and those that are refused have their turn again, changed by
something else: so all of them are tried in a tenth of the builds.
"""

from __future__ import annotations

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

CHUNKS = 4
"""Parts into which the claims are divided, for several workers."""

AT_ONCE = 24
"""How many claims are changed or taken away at once."""

REFUSED = {"undeclared-conflict", "bad-quantity"}
"""Rules by which a small change may rightly be refused: of airstrips there is no tenth."""

DATA = (ROOT / "content" / "data.yaml").read_text("utf-8")
CLAIMS: dict[str, dict[str, Any]] = yaml.safe_load(DATA)["claims"]

PRINTED = re.compile(
    r'<a class="claim" data-claim="([^"]+)"[^>]*>'
    r'<data[^>]* value="([^"]*)">([^<]*)</data></a>'
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
        patch.setattr("explainer.pages.files._data_files", lambda *_: iter(()))
        yield made


@pytest.fixture(scope="module")
def before(bench: Bench) -> Whole:
    """The site as it is."""
    whole = bench.made(DATA)
    assert not [problem for problem in whole.problems if not problem.warning]
    return whole


def groups(names: Sequence[str], number: int) -> Iterator[Sequence[str]]:
    """The claims of a part, in groups; neighbours in the data file, which are about one thing and
    in one calculation, are in different ones."""
    own = names[number::CHUNKS]
    count = -(-len(own) // AT_ONCE)
    return (own[first::count] for first in range(count))


STATED = [name for name, claim in CLAIMS.items() if "value" in claim]


# Changed


def changed(names: Sequence[str], factor: Decimal) -> str:
    """The data file with the numbers of claims multiplied by a factor."""

    def by_factor(match: re.Match[str]) -> str:
        number = Decimal(match[0]) * factor
        return f"{number.normalize():f}"

    def line(match: re.Match[str]) -> str:
        # The unit of a multiple is a "1" behind its number.
        return match[1] + re.sub(r"(?<!\d )\d+(?:\.\d+)?", by_factor, match[2])

    data = DATA
    for name in names:
        pattern = rf"(^  {name}:\n(?:    .*\n)*?    value: )(.*)$"
        data, count = re.subn(pattern, line, data, count=1, flags=re.MULTILINE)
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
    for names in groups(STATED, number):
        left = list(names)
        for step in ("1.01", "0.99", "1.1", "2"):
            taken, refused = accepted(bench, left, Decimal(step))
            if taken:
                after = bench.made(changed(taken, Decimal(step)))
                faults += [str(p.message) for p in after.problems if not p.warning]
                faults += compared(taken, before, after)
            left = refused
        faults += [f"{name} cannot be changed" for name in left]
    assert not faults, "\n".join(faults)


def accepted(
    bench: Bench, names: Sequence[str], factor: Decimal
) -> tuple[Sequence[str], Sequence[str]]:
    """Which of these claims may be changed together by a factor, and which are refused."""
    taken, refused = list(names), list[str]()
    while taken:
        problems = bench.read(changed(taken, factor)).report.problems
        errors = [problem for problem in problems if not problem.warning]
        if not errors:
            break
        assert {str(problem.rule) for problem in errors} <= REFUSED, errors
        named = {name for name in taken if any(is_about(name, problem) for problem in errors)}
        assert named, errors
        refused += sorted(named)
        taken = [name for name in taken if name not in named]
    return taken, refused


def is_about(name: str, problem: Problem) -> bool:
    """Whether a problem names a claim or one calculated from it, or stands in its entry."""
    above = DATA.splitlines()[: problem.place.line]
    entry = next(line for line in reversed(above) if re.match(r"  \S", line))
    return entry.strip() == f"{name}:" or f'"{name}"' in problem.message


def compared(names: Sequence[str], before: Whole, after: Whole) -> Iterator[str]:
    """What differs otherwise than it should, where these claims were changed."""
    follow = set().union(*(calculated_from(name, after.book) for name in names))
    for name in names:
        if not [place for place in before.places.get(name, ()) if place.where == "data.html"]:
            yield f"{name}: data.html does not print it"
    for other in before.places.keys() | after.places.keys():
        was, now = before.places.get(other, ()), after.places.get(other, ())
        if [place.where for place in was] != [place.where for place in now]:
            yield f"{', '.join(names)}: {other} stands at other places"
            continue
        for old, new in zip(was, now, strict=True):
            if other in names and (old.value == new.value or old.text == new.text):
                yield f"{other}: {old.where} still says {old.text}"
            if other not in follow and old != new:
                yield (
                    f"{', '.join(names)}: {other} changed from {old.text} to {new.text} "
                    f"in {old.where}"
                )


# Taken away


def without(names: Sequence[str]) -> str:
    """The data file without claims; the other lines keep their numbers."""
    data = DATA
    for name in names:
        pattern = rf"^  {name}:\n(?:    .*\n|\n(?=    ))+"
        data, count = re.subn(
            pattern, lambda match: "\n" * match[0].count("\n"), data, count=1, flags=re.MULTILINE
        )
        assert count == 1, name
    return data


def lines_with(name: str, content: Path) -> set[tuple[str, int]]:
    """Where a search for a claim's id finds it: in an expression, in a list, as a key below one."""
    use = re.compile(
        rf"""(?:claim|stated)\(\s*\\?["']{name}\\?["']|^\s+(?:-|claim:)\s+{name}\s*$|^\s{{6,}}{name}:"""
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
    for names in groups(list(CLAIMS), number):
        problems = bench.read(without(names)).report.problems
        for name in names:
            named = {
                (problem.place.file.removeprefix("content/"), problem.place.line)
                for problem in problems
                if f'"{name}"' in problem.message and str(problem.rule) == "unknown-claim"
            }
            expected = lines_with(name, bench.content)
            faults += [f"{name}: {file}:{line} is not named" for file, line in expected - named]
            faults += [f"{name}: {file}:{line} is named" for file, line in named - expected]
    assert not faults, "\n".join(faults)
