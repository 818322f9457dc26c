"""Builds a site: read → check → draw → render, each a pass of its own; then publish.

Everything is read once, as a snapshot. From there on all passes are calls that `memo.py` remembers,
so the same lines build a site for the first time, build it again, and serve it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from explainer.checks.book import MODEL, OPTIONS, _strings, dataset_of, read, tables_of, voice_of
from explainer.checks.copies import Held, verify
from explainer.checks.data import check_ids, check_reviews
from explainer.checks.letters import check_lettering
from explainer.data.dataset import Dataset
from explainer.data.load import load_dataset
from explainer.data.schema import data_schema, without_ids
from explainer.data.walk import texts
from explainer.figures import identity
from explainer.figures.draw import Progress
from explainer.figures.drawer import Drawer, Undrawn
from explainer.figures.figure import Figure, asked_of, make_figure, say_overlaps, with_twin
from explainer.figures.lettering import letters
from explainer.figures.plan import Plan
from explainer.figures.vega import Looks, looks_of
from explainer.memo import Cache, Call, Memo
from explainer.output import standing
from explainer.output.changes import Change, changes
from explainer.output.publish import publish, write
from explainer.output.standing import Summary
from explainer.pages.files import Output, files_of, picture
from explainer.pages.inventory import Book, Contents, contents
from explainer.pages.page import ChartBody, NoteBody
from explainer.problems import ContentError, Place, Problem, Report, Rule, counted, in_order, shown
from explainer.project import SCHEMA, Blob, Setup, Snapshot, decoded, file_at, take
from explainer.text.expressions import plains_in

Early = Callable[[Mapping[str, Output]], object]


def silent(done: int, total: int) -> None:
    """Tell nobody how far the drawing is."""


def unseen(files: Mapping[str, Output]) -> None:
    """Show nobody a site whose pages are not made yet."""


@dataclass(frozen=True)
class Made:
    """A whole site in memory: its files, and what it is made of."""

    files: Mapping[str, Output]
    pages: int
    charts: int
    claims: int
    warnings: Sequence[Problem]
    plains: int
    drafts: int
    """Pages that are drafts: none but in a preview."""
    read: Mapping[str, int]
    """How many sources were read in `full`, in `part`, or stand `unread` behind another."""
    words: Mapping[str, int]
    """The words of the notes in each language."""

    def text(self) -> str:
        """What `check` says when nothing is wrong."""
        read = [f"{self.read['full']} read in full", f"{self.read['part']} in part"]
        read.append(f"{self.read['unread']} known through others")
        words = (f"{count:,} {code}" for code, count in self.words.items())
        return "\n".join(
            [
                f"checked: {counted(self.pages, 'page')}, {counted(self.charts, 'chart')}, "
                f"{counted(self.claims, 'claim')}, {counted(len(self.warnings), 'warning')}",
                f"    sources: {sum(self.read.values())} ({', '.join(read)})",
                f"    words: {', '.join(words)}",
                f"    numbers marked as plain: {self.plains}",
            ]
        )


def make(
    setup: Setup,
    memo: Memo,
    snapshot: Snapshot,
    progress: Progress = silent,
    known: Mapping[str, str] | None = None,
    early: Early = unseen,
) -> Made:
    """Do all of a build but the publishing. Raises `ContentError` with every problem found.

    `known` are the keys of files that need not be made, since they stand in the site already; with
    none, nothing is published, and pictures in pixels wait until somebody asks for one. `early` is
    given the files once no problem is left but those of templates.
    """
    book = read(setup, memo, snapshot)
    book.report.stop_if_failed()
    write(setup.content / SCHEMA, memo.kept(schema_text, book.data).value)
    return _finished(setup, memo, snapshot, book, progress, known, early)


def build(
    setup: Setup,
    snapshot: Snapshot,
    known: Mapping[str, str],
    progress: Progress = silent,
    *,
    strict: bool = False,
) -> Summary:
    """Build the site. Raises `ContentError` with every problem found; the old site then stands.

    `known` are the keys of the files of the site that stands, by path; in a `strict` build warnings
    are problems.
    """
    memo = Memo(Cache(setup.cache), snapshot.program)
    made = make(setup, memo, snapshot, progress, known)
    if strict and made.warnings:
        raise ContentError(made.warnings)
    keys = {path: output.key for path, output in made.files.items()}
    same = {path for path, name in keys.items() if known.get(path) == name}
    keep = (setup.content, setup.templates)
    try:
        published = publish(Contained(made.files), setup.output, keep=keep, same=same)
    except ValueError as error:
        # Names of files beside notes that some system cannot have.
        hint = "give the files beside the notes other names"
        place = Place(shown(setup.content), 1)
        raise ContentError([Problem(place, Rule.PAGE_CLASH, str(error), hint)]) from error
    summary = standing.Summary(
        made.pages, made.charts, made.claims, len(keys), published.written, made.warnings
    )
    standing.remember(setup, snapshot, summary, keys)
    memo.store.prune()
    return summary


class Contained(Mapping[str, bytes]):
    """The bytes of files by their paths, each worked out when it is asked for."""

    def __init__(self, files: Mapping[str, Output]):
        self._files = files

    def __getitem__(self, path: str) -> bytes:
        return self._files[path].value

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def check(setup: Setup, snapshot: Snapshot, progress: Progress = silent) -> Made:
    """Do all of a build but the writing; what is kept for the next build is kept.

    Raises `ContentError` with every problem found.
    """
    memo = Memo(Cache(setup.cache), snapshot.program)
    book = read(setup, memo, snapshot)
    # Only here is anything compared with the calendar: a build gives the same site on any day.
    check_reviews(book.report, book.dataset, [note.value for note in book.notes], date.today())
    _check_schema(book.report, setup, book.dataset.document.line(1))
    book.report.stop_if_failed()
    made = _finished(setup, memo, snapshot, book, progress)
    memo.store.prune()
    return made


def _finished(
    setup: Setup,
    memo: Memo,
    snapshot: Snapshot,
    book: Book,
    progress: Progress,
    known: Mapping[str, str] | None = None,
    early: Early = unseen,
) -> Made:
    """The site, once there is no problem left. Raises `ContentError`."""
    site = book.dataset.site
    if site:
        setup, snapshot = identity.own(setup, snapshot, site)
    looks = _looks(setup, snapshot)
    drawer = Drawer(memo.store, looks, progress)
    made = {code: _figures(memo, book, code, drawer) for code in book.languages}

    def prepare(calls: Sequence[Call[Any]]) -> None:
        _draw(memo, calls, drawer)

    typeface = letters(looks.folder)
    sound = {
        memo.fact(bool, is_sound, figure, book.plans[code][name], code, typeface): figure
        for code, own in made.items()
        for name, figure in own.items()
    }
    prepare(list(sound))
    unsound = [figure for call, figure in sound.items() if not call.value]
    prepare(unsound)
    for told in (*sound, *unsound):
        book.report.add(*told.problems)
    book.report.stop_if_failed()
    figures = {code: dict(_with_twins(memo, book, code, made[code])) for code in book.languages}
    pages = contents(memo, book, figures, setup.site_url, prepare)
    files = files_of(setup, memo, snapshot, book, figures, pages, drawer)
    early(files)
    there = known or {}
    wanted = [
        output
        for path, output in files.items()
        if isinstance(output, Call) and there.get(path) != output.key
    ]
    written = [output for output in wanted if output.function is not picture]
    prepare(written if known is None else wanted)
    for output in written:
        book.report.add(*output.problems)
    book.report.stop_if_failed()
    return _made(memo, book, files, pages)


def _looks(setup: Setup, snapshot: Snapshot) -> Looks:
    style = snapshot.templates.get(identity.STYLE)
    return looks_of(identity.fonts_of(setup, snapshot), style.text() if style else "")


def _made(memo: Memo, book: Book, files: Mapping[str, Output], pages: Contents) -> Made:
    notes = [note.value for note in book.notes]
    access = [source.access for source in book.dataset.sources.values()]
    return Made(
        files,
        sum(not path.endswith(".embed.html") for path in pages.pages),
        len({name for of_language in book.plans.values() for name in of_language}),
        len(book.dataset.claims),
        in_order(book.report.problems),
        sum(note.plains for note in notes) + memo.fact(int, plains_of, book.data).value,
        sum(note.front.draft for note in notes),
        {kind: access.count(kind) for kind in ("full", "part", "unread")},
        {
            code: sum(note.words for note in notes if note.language == code)
            for code in book.languages
        },
    )


def plains_of(report: Report, dataset: Dataset) -> int:
    """How many numbers the data file marks as plain."""
    said = [
        words
        for path, entry in dataset.entries()
        for _, text in texts(entry, path)
        for words in text.values()
    ]
    return sum(map(plains_in, said))


def _figures(memo: Memo, book: Book, code: str, drawer: Drawer) -> dict[str, Call[Any]]:
    """The figures of a language; none where one cannot be made."""
    voice, folder = book.voices[code], book.folder(code)
    return {
        name: memo.call(make_figure, plan, voice, folder, drawer, memo.call(asked_of, plan, voice))
        for name, plan in book.plans[code].items()
    }


def _with_twins(
    memo: Memo, book: Book, code: str, made: Mapping[str, Call[Figure]]
) -> Iterator[tuple[str, Call[Figure]]]:
    """The figures of a language, each with its twin where it has one."""
    for name, figure in made.items():
        twin = book.plans[code][name].value.chart.twin or ""
        yield name, memo.call(with_twin, figure, made[twin]) if twin in made else figure


def _draw(memo: Memo, calls: Sequence[Call[Any]], drawer: Drawer) -> None:
    """Draw at once, on all cores, whatever these calls would have drawn one by one."""
    asked = [figure.arguments[-1].value for figure in memo.missing(calls, make_figure)]
    drawer.draw([job for chart in asked for job in chart.jobs])
    drawer.enlarge([(c.arguments[0].value, c.arguments[1]) for c in memo.missing(calls, picture)])


def is_sound(report: Report, figure: Figure | None, plan: Plan, code: str, typeface: str) -> bool:
    """Whether a figure could be made: if not, it tells why. What cannot be read in it is said."""
    if figure is not None:
        report = report.of(plan.document, *plan.path)
        say_overlaps(report, figure, plan, code)
        if typeface:
            check_lettering(report, figure, code, typeface)
    return figure is not None


# Changes


def compare(setup: Setup, old: Path, new: Path | None) -> list[Change]:
    """The figures that differ between two data files; the newer one is the site's own by default.

    Raises `ContentError` where either cannot be used.
    """
    snapshot = take(setup)
    memo = Memo(Cache(setup.cache, read_only=True), snapshot.program)
    hint = "name the older version of data.yaml"
    datasets = [
        _only_dataset(memo, file_at(path, "there is no such data file", hint), snapshot)
        for path in (old, new or setup.content / "data.yaml")
    ]
    # Both in one language, or every figure would differ.
    files, site = _strings(snapshot), datasets[1].value.site
    code = next((code for code in (*(site.languages if site else ()), MODEL) if code in files), "")
    calls = [memo.call(voice_of, code, files.get(code), data) for data in datasets]
    before, after = (call.value for call in calls)
    if before is None or after is None:
        raise ContentError([problem for call in calls for problem in call.problems])
    printed = _printed(setup, memo, snapshot) if new is None else {}
    return changes(before, after, printed)


def _only_dataset(memo: Memo, blob: Blob, snapshot: Snapshot) -> Call[Dataset]:
    """A data file by itself. Raises `ContentError` where it cannot be used.

    Where a file that it may name does not lie beside it, the site's own stands in for it.
    """
    folder = blob.path.parent
    beside = tuple(
        replace(file_at(folder / name, "", ""), name=name) if (folder / name).is_file() else found
        for name, found in tables_of(snapshot).items()
    )
    data = memo.call(dataset_of, blob, beside)
    report = Report()
    report.add(*data.problems)
    check_ids(report, data.value)
    report.stop_if_failed()
    return data


LISTS = ("data", "sources", "charts", "embed", "404")
"""Kinds of pages that show everything anyway, or nothing of their own."""


def _printed(setup: Setup, memo: Memo, snapshot: Snapshot) -> dict[str, list[str]]:
    """The pages that print each claim or draw each series; no drawing is made for it.

    Raises `ContentError` where the site could not be built.
    """
    book = read(setup, memo, snapshot)
    book.report.stop_if_failed()
    drawer = Undrawn(memo.store, _looks(setup, snapshot), silent)
    made = {code: _figures(memo, book, code, drawer) for code in book.languages}
    for figure in (figure for own in made.values() for figure in own.values()):
        book.report.add(*figure.problems)
    book.report.stop_if_failed()
    figures = {code: dict(_with_twins(memo, book, code, made[code])) for code in book.languages}
    printed: dict[str, list[str]] = {}
    pages = contents(memo, book, figures, setup.site_url, lambda calls: None).pages
    for path, call in pages.items():
        page = call.value
        # What a note shows of a chart counts there.
        if page.kind in LISTS or (isinstance(page.body, ChartBody) and page.body.used):
            continue
        shown: list[Figure] = []
        if isinstance(page.body, NoteBody):
            shown = [*page.body.figures.values()]
        elif isinstance(page.body, ChartBody):
            shown = [page.body.figure]
        for name in page.claims.union(*(figure.series for figure in shown)):
            printed.setdefault(name, []).append(path)
    return printed


def known(setup: Setup) -> Dataset:
    """What the data file has, however faulty; nothing where there is none."""
    blob = take(setup).content.get("data.yaml")
    text = decoded(blob)[0] if blob else ""
    return load_dataset(Report(), text, blob.file if blob else "", OPTIONS)


def held(setup: Setup, folder: Path) -> list[Held]:
    """The quotations of sources that have a copy, held against the copies in a folder.

    Raises `ContentError` where the data file cannot be used, or there is no such folder.
    """
    if not folder.is_dir():
        hint = "name the folder in which you keep copies of sources"
        problem = Problem(Place(shown(folder), 1), Rule.NO_CONTENT, "there is no such folder", hint)
        raise ContentError([problem])
    snapshot = take(setup)
    memo = Memo(Cache(setup.cache, read_only=True), snapshot.program)
    hint = "run this where content/ is, or name its folder with --content"
    blob = file_at(setup.content / "data.yaml", "there is no data file", hint)
    return verify(_only_dataset(memo, blob, snapshot).value, folder)


# The schema for editors


def schema(dataset: Dataset | None = None) -> dict[str, Any]:
    """The JSON schema of the data file, with the options of every form, for editors' tools."""
    return data_schema(OPTIONS, dataset)


def schema_text(report: Report, dataset: Dataset) -> bytes:
    """The schema as it stands beside the data file."""
    return as_written(schema(dataset))


def as_written(schema: dict[str, Any]) -> bytes:
    """A schema as a file holds it."""
    return f"{json.dumps(schema, indent=1, ensure_ascii=False)}\n".encode()


def _check_schema(report: Report, setup: Setup, first_line: str) -> None:
    path = setup.content / SCHEMA
    if not path.exists() and SCHEMA not in first_line:
        # Nobody's editor asks for it.
        return
    try:
        if without_ids(json.loads(path.read_bytes())) == without_ids(schema()):
            return
    except (OSError, ValueError, AttributeError):
        pass
    report.add(
        Problem(
            Place(shown(path), 1),
            Rule.STALE_SCHEMA,
            "the schema for editors is missing or older than the data model",
            "build once, which writes it, and commit it",
        )
    )
