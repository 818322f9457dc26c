"""Builds a site: read → check → draw → render, each a pass of its own; then publish.

Everything is read once, as a snapshot. From there on all passes are calls that `memo.py` remembers,
so the same lines build a site for the first time, build it again, and serve it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from explainer.charts.form import claims_of
from explainer.charts.forms import FORMS
from explainer.checks.copies import Held, verify
from explainer.checks.data import check_data, check_ids, check_pages, check_reviews
from explainer.checks.notes import Project, check_files, check_links, check_notes
from explainer.checks.templates import check_templates
from explainer.data.dataset import Dataset
from explainer.data.load import load_dataset
from explainer.data.schema import data_schema, without_ids
from explainer.data.walk import texts
from explainer.figures.blocks import plan_blocks
from explainer.figures.complaint import complaint
from explainer.figures.drawer import Drawer
from explainer.figures.engine import fonts_in
from explainer.figures.figure import Figure, jobs_of, make_figure, with_twin
from explainer.figures.picture import ICON, ICONS
from explainer.figures.plan import Plan, plan_charts
from explainer.memo import Cache, Call, Given, Memo
from explainer.notes.note import Note, read_note, says_draft
from explainer.output import feeds, memory, outputs
from explainer.output.changes import Change, changes
from explainer.output.memory import Summary
from explainer.output.publish import publish, write
from explainer.pages.assets import gather_assets
from explainer.pages.contents import Contents, Shelf, contents, html_of
from explainer.pages.navigation import folder_of
from explainer.pages.page import Facts, facts
from explainer.pages.render import ready_templates
from explainer.pages.told import TOLD
from explainer.problems import ContentError, Place, Problem, Report, Rule, choices, in_order, shown
from explainer.project import (
    DATA_FILES,
    SCHEMA,
    Blob,
    Setup,
    Snapshot,
    chart_files,
    decoded,
    file_at,
    take,
)
from explainer.text.expressions import plains_in
from explainer.voice.languages import check_strings, load_language
from explainer.voice.voice import Voice

OPTIONS = {name: form.options for name, form in FORMS.items()}
"""The options of each form of chart."""

KEPT_BYTES = 600_000_000
"""What is kept at most: room for two thousand charts, each with its pictures."""

NOTHING = type(None)
"""What a check gives: it only tells of problems."""

MODEL = "en"
"""The language whose interface strings the others are translated from."""

Progress = Callable[[int, int], None]
Output = Call[bytes] | Given[bytes]
"""What gives the bytes of a file, and tells by its key whether they are as they were."""


def silent(done: int, total: int) -> None:
    """Tell nobody how far the drawing is."""


@dataclass(frozen=True)
class Book:
    """Everything that was written for a site, as it was understood, before anything is drawn."""

    dataset: Dataset
    voices: Mapping[str, Call[Voice]]
    notes: Sequence[Call[Note]]
    plans: Mapping[str, Mapping[str, Call[Plan]]]
    """The charts of each language by their ids."""
    report: Report

    @property
    def languages(self) -> list[str]:
        """The codes of the site's languages, the first one first."""
        return list(self.voices)

    def folder(self, code: str) -> str:
        """The folder of a language in the site."""
        return folder_of(code, self.languages)


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
                f"checked: {self.pages} pages, {self.charts} charts, {self.claims} claims, "
                f"{len(self.warnings)} warnings",
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
    standing: Mapping[str, str] | None = None,
) -> Made:
    """Do all of a build but the publishing. Raises `ContentError` with every problem found.

    `standing` are the keys of files that need not be made, since they stand in the site already.
    """
    book = read(setup, memo, snapshot)
    book.report.stop_if_failed()
    write(setup.content / SCHEMA, schema_text(book.dataset))
    return _finished(setup, memo, snapshot, book, progress, standing or {})


def build(
    setup: Setup, snapshot: Snapshot, known: Mapping[str, str], progress: Progress = silent
) -> Summary:
    """Build the site. Raises `ContentError` with every problem found; the old site then stands.

    `known` are the keys of the files of the site that stands, by path.
    """
    memo = Memo(Cache(setup.cache), snapshot.program)
    made = make(setup, memo, snapshot, progress, known)
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
    summary = memory.Summary(
        made.pages, made.charts, made.claims, len(keys), published.written, made.warnings
    )
    memory.remember(setup, snapshot, summary, keys)
    memo.store.prune(KEPT_BYTES)
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
    _check_schema(book.report, setup, snapshot)
    book.report.stop_if_failed()
    return _finished(setup, memo, snapshot, book, progress, {})


def _finished(
    setup: Setup,
    memo: Memo,
    snapshot: Snapshot,
    book: Book,
    progress: Progress,
    standing: Mapping[str, str],
) -> Made:
    """The site, once there is no problem left. Raises `ContentError`."""
    drawer = Drawer(memo.store, fonts_in(setup.templates / "fonts"), progress)
    figures = {code: dict(_figures(memo, book, code, drawer)) for code in book.languages}

    def prepare(calls: Sequence[Call[Any]]) -> None:
        _draw(memo, calls, drawer)

    sound = [memo.fact(bool, is_sound, f) for of_code in figures.values() for f in of_code.values()]
    prepare(sound)
    for call in sound:
        book.report.add(*call.problems)
    book.report.stop_if_failed()
    shelves = {code: _shelf(book, code, figures[code]) for code in book.languages}
    pages = contents(memo, shelves, setup.site_url, prepare)
    files = _files(setup, memo, snapshot, book, figures, pages, drawer)
    wanted = [output for path, output in files.items() if standing.get(path) != output.key]
    prepare([output for output in wanted if isinstance(output, Call)])
    for output in wanted:
        if isinstance(output, Call) and output.function is not picture:
            book.report.add(*output.problems)
    book.report.stop_if_failed()
    return _made(book, files, pages)


def _made(book: Book, files: Mapping[str, Output], pages: Contents) -> Made:
    notes = [note.value for note in book.notes]
    access = [source.access for source in book.dataset.sources.values()]
    return Made(
        files,
        sum(not path.endswith(".embed.html") for path in pages.pages),
        len({name for of_language in book.plans.values() for name in of_language}),
        len(book.dataset.claims),
        in_order(book.report.problems),
        sum(note.plains for note in notes) + _plains(book.dataset),
        sum(note.front.draft for note in notes),
        {kind: access.count(kind) for kind in ("full", "part", "unread")},
        {
            code: sum(note.words for note in notes if note.language == code)
            for code in book.languages
        },
    )


def _plains(dataset: Dataset) -> int:
    """How many numbers the data file marks as plain."""
    said = [
        words
        for path, entry in dataset.entries()
        for _, text in texts(entry, path)
        for words in text.values()
    ]
    return sum(map(plains_in, said))


# Read and check


def read(setup: Setup, memo: Memo, snapshot: Snapshot) -> Book:
    """Everything that was written for the site, with all that is wrong with it."""
    report = Report()
    data = _data(setup, memo, snapshot)
    report.add(*data.problems)
    dataset = data.value
    if report.failed and not isinstance(dataset.document.data, dict):
        # Of a data file that cannot be read, no claim exists: every note would be full of faults.
        report.stop_if_failed()
    voices = _voices(memo, snapshot, data, report)
    if not voices:
        report.stop_if_failed()
    languages = list(voices)
    notes: list[Call[Note]] = []
    broken, drafts = set[str](), set[str]()
    for code, voice in voices.items():
        for blob, beside in _note_files(snapshot, folder_of(code, languages)):
            call: Call[Any] = memo.fact(Note | None, note_of, blob, voice, beside)
            # What is wrong with a draft does not stop the site, which it is no page of.
            draft = says_draft(blob.text()) and not setup.drafts
            report.add(*(replace(p, warning=p.warning or draft) for p in call.problems))
            if draft:
                drafts.add(blob.name)
            elif call.value is None:
                broken.add(blob.name)
            else:
                notes.append(call)
    plans = _plans(memo, voices, notes, report)
    said = tuple(voices.values())
    report.add(*memo.fact(NOTHING, check_data, data, said).problems)
    check_pages(report, dataset, {note.value.slug for note in notes})
    written = [note.value for note in notes]
    project = Project(dataset, written, languages, setup.content, snapshot.content, broken, drafts)
    check_notes(report, project)
    check_files(report, project)
    check_links(report, project)
    report.add(*memo.fact(NOTHING, check_templates, _templates(snapshot), TOLD).problems)
    return Book(dataset, voices, notes, plans, report)


def _templates(snapshot: Snapshot) -> tuple[Blob, ...]:
    return tuple(blob for name, blob in snapshot.templates.items() if name.endswith(".html"))


def _data(setup: Setup, memo: Memo, snapshot: Snapshot) -> Call[Dataset]:
    blob = snapshot.content.get("data.yaml")
    if blob is None:
        hint = "run this where content/ is, or name its folder with --content"
        blob = file_at(setup.content / "data.yaml", "there is no data file", hint)
    beside = tuple(b for name, b in snapshot.content.items() if name.endswith((".json", ".csv")))
    return memo.call(dataset_of, blob, beside)


def dataset_of(report: Report, blob: Blob, beside: Sequence[Blob]) -> Dataset:
    """The dataset of a data file; the files beside it are those that its charts may name."""
    text, unreadable = decoded(blob)
    if unreadable:
        raise ContentError([unreadable])
    dataset = load_dataset(report, text, blob.file, OPTIONS)
    return replace(dataset, beside={file.name: file.content for file in beside})


def _voices(
    memo: Memo, snapshot: Snapshot, data: Call[Dataset], report: Report
) -> dict[str, Call[Voice]]:
    """The voice of each of the site's languages; with no usable `site:`, of the first on offer."""
    dataset, files = data.value, _strings(snapshot)
    offered = sorted(files)
    voices: dict[str, Call[Voice]] = {}
    for code in dict.fromkeys(dataset.site.languages if dataset.site else offered[:1]):
        if code in files and MODEL in files and code != MODEL:
            report.add(*memo.fact(NOTHING, check_strings, files[code], files[MODEL]).problems)
        call: Call[Any] = memo.call(voice_of, code, files.get(code), data)
        report.add(*call.problems)
        if call.value:
            voices[code] = call
        elif not call.problems:
            report.of(dataset.document, "site", "languages").say(
                Rule.BAD_VALUE,
                f'there are no interface strings for the language "{code}"',
                f"languages on offer: {choices(offered)}; translate "
                f"{shown(files[offered[0]].path.parent)} for another"
                if offered
                else "there are none: look at the folder of templates",
            )
    return voices


def _strings(snapshot: Snapshot) -> dict[str, Blob]:
    """The interface strings by the code of their language."""
    return {
        PurePosixPath(name).stem: blob
        for name, blob in snapshot.templates.items()
        if name.startswith("strings/") and name.endswith(".yaml")
    }


def voice_of(report: Report, code: str, strings: Blob | None, dataset: Dataset) -> Voice | None:
    """The voice of a language; None where there are no interface strings for it."""
    language = load_language(report, code, strings, dataset.unit_labels(code))
    return Voice(dataset, language) if language else None


Beside = tuple[tuple[str, Blob], ...]
"""Files beside notes, by their addresses from there."""


def _note_files(snapshot: Snapshot, folder: str) -> Iterator[tuple[Blob, Given[Beside]]]:
    """The notes in a folder, each with the files that stand beside them."""
    names = [name for name in snapshot.content if name.startswith(folder)]
    beside = Given(
        tuple(
            (name.removeprefix(folder), snapshot.content[name])
            for name in names
            if not name.endswith((".md", ".yaml")) and not snapshot.content[name].outside
        )
    )
    for name in names:
        if name.endswith(".md") and "/" not in name.removeprefix(folder):
            yield snapshot.content[name], beside


def _plans(
    memo: Memo,
    voices: Mapping[str, Call[Voice]],
    notes: Sequence[Call[Note]],
    report: Report,
) -> dict[str, dict[str, Call[Plan]]]:
    """The charts of each language: those of the data file, and the blocks of its notes."""
    declared = memo.call(plan_charts, next(iter(voices.values())))
    report.add(*declared.problems)
    plans = {
        code: {name: memo.call(plan_named, declared, name) for name in declared.value}
        for code in voices
    }
    for call in notes:
        note = call.value
        if not note.fences:
            continue
        blocks = memo.call(blocks_of, call, voices[note.language], memo.store)
        report.add(*blocks.problems)
        own = plans[note.language]
        for name, plan in blocks.value.items():
            if name in own and name not in declared.value:
                report.of(plan.document, "id").say(
                    Rule.DUPLICATE_ID,
                    f'another note has a chart "{name}" already',
                    "give the block another id",
                )
            own[name] = memo.call(plan_named, blocks, name)
    return plans


def note_of(
    report: Report, blob: Blob, voice: Voice, beside: Sequence[tuple[str, Blob]]
) -> Note | None:
    """The note of a file, with the files that stand beside it by their address from there."""
    text, unreadable = decoded(blob)
    if unreadable:
        report.add(unreadable)
        return None
    files = {address: file.content for address, file in beside}
    return read_note(report, PurePosixPath(blob.name).stem, blob.file, text, voice, files)


def blocks_of(report: Report, note: Note, voice: Voice, store: Cache) -> dict[str, Plan]:
    """The charts of a note's blocks."""
    return plan_blocks(report, note, voice, lambda spec: complaint(spec, store))


def plan_named(report: Report, plans: Mapping[str, Plan], name: str) -> Plan:
    """One of several charts."""
    return plans[name]


# Draw


def _figures(
    memo: Memo, book: Book, code: str, drawer: Drawer
) -> Iterator[tuple[str, Call[Figure]]]:
    """The figures of a language, each with its twin where it has one."""
    voice, folder = book.voices[code], book.folder(code)
    made: dict[str, Call[Any]] = {
        name: memo.call(make_figure, plan, voice, folder, drawer)
        for name, plan in book.plans[code].items()
    }
    for name, figure in made.items():
        twin = book.plans[code][name].value.chart.twin
        yield name, memo.call(with_twin, figure, made[twin]) if twin in made else figure


def _draw(memo: Memo, calls: Sequence[Call[Any]], drawer: Drawer) -> None:
    """Draw at once, on all cores, whatever these calls would have drawn one by one."""
    jobs = [
        job
        for figure in memo.missing(calls, make_figure)
        for job in jobs_of(figure.arguments[0].value, figure.arguments[1].value)
    ]
    drawer.draw(jobs)
    drawer.enlarge([(c.arguments[0].value, c.arguments[1]) for c in memo.missing(calls, picture)])


def is_sound(report: Report, figure: Figure) -> bool:
    """Whether a figure could be made; that it tells of problems if not is what is wanted."""
    return figure is not None


def bundle(report: Report, drawer: Drawer) -> bytes:
    """The Vega runtime as one classic script."""
    return drawer.runtime()


def picture(report: Report, svg: str, scale: float, drawer: Drawer) -> bytes:
    """A picture in pixels."""
    return drawer.enlarged(svg, scale)


def _shelf(book: Book, code: str, figures: Mapping[str, Call[Figure]]) -> Shelf:
    notes = sorted(
        (note for note in book.notes if note.value.language == code),
        key=lambda note: (
            note.value.slug != "index",
            note.value.front.order,
            note.value.slug,
        ),
    )
    twins = {name: plan.value.chart.twin or "" for name, plan in book.plans[code].items()}
    glossary = bool(book.dataset.glossary)
    return Shelf(book.voices[code], book.folder(code), notes, figures, twins, glossary)


# Files


def _files(
    setup: Setup,
    memo: Memo,
    snapshot: Snapshot,
    book: Book,
    figures: Mapping[str, Mapping[str, Call[Figure]]],
    pages: Contents,
    drawer: Drawer,
) -> dict[str, Output]:
    """Every file of the site by its path; two of one path are a problem."""
    runtime = memo.kept(bundle, drawer) if any(figures.values()) else None
    assets, names = gather_assets(memo, snapshot.templates, runtime)
    files: dict[str, Output] = dict(assets)
    data_file = shown(setup.content / "data.yaml")

    def add(path: str, output: Output, file: str) -> None:
        if path in files:
            message, hint = f"{path} would be published twice", "give one of the two another name"
            book.report.add(Problem(Place(file, 1), Rule.PAGE_CLASH, message, hint))
        files[path] = output

    templates = memo.call(ready_templates, _templates(snapshot))
    for path, html, file in html_of(memo, pages, book.voices, templates, names, setup.site_url):
        add(path, html, file or data_file)
    for call in book.notes:
        note = call.value
        folder = book.folder(note.language)
        for address in note.files:
            beside = memo.kept(outputs.published_file, snapshot.content[folder + address])
            known = files.get(folder + address)
            if known is None or known.key != beside.key:
                add(folder + address, beside, note.file)
    for code in book.languages:
        for path, output in _data_files(setup, memo, book, code, figures[code], pages, drawer):
            add(path, output, data_file)
    icon = snapshot.templates.get(f"images/{ICON}")
    if icon:
        for path, maker in ICONS.items():
            add(path, memo.kept(maker, icon, drawer), data_file)
    if setup.site_url:
        add("sitemap.xml", memo.kept(outputs.sitemap, _listed(setup, memo, book, pages)), data_file)
    return files


def _data_files(
    setup: Setup,
    memo: Memo,
    book: Book,
    code: str,
    figures: Mapping[str, Call[Figure]],
    pages: Contents,
    drawer: Drawer,
) -> Iterator[tuple[str, Output]]:
    """What a language has for other programs and other places."""
    voice, folder, url = book.voices[code], book.folder(code), setup.site_url
    for kind, claims in outputs.DATA_MAKERS.items():
        yield folder + DATA_FILES[kind].path, memo.kept(claims, voice)
    package = memo.kept(outputs.package, voice, tuple(figures.values()), folder, url)
    yield folder + DATA_FILES["package"].path, package
    for name, figure in figures.items():
        paths = chart_files(folder, name)
        for kind, maker in outputs.CHART_MAKERS.items():
            yield paths[kind], memo.kept(maker, figure, voice)
        for kind, (drawn, scale) in outputs.DRAWN_LARGE.items():
            yield paths[kind], memo.call(picture, memo.call(drawn, figure, voice), scale, drawer)
        # A data package may not reach outside its folder.
        yield f"{folder}data/charts/{name}.csv", memo.kept(outputs.chart_csv, figure, voice)
    if url:
        own = pages.facts[code]
        newest = max((item.changed for item in own), default=feeds.NEVER)
        entries = tuple(
            feeds.Entry(item.title, url + item.path, item.changed, item.summary, item.published)
            for item in own
            if item.changed
        )
        corrections = memo.kept(outputs.corrections_feed, voice, folder, url, newest)
        yield f"{folder}corrections.xml", corrections
        yield f"{folder}feed.xml", memo.kept(outputs.pages_feed, voice, entries, folder, url)


def _listed(setup: Setup, memo: Memo, book: Book, pages: Contents) -> tuple[feeds.Listed, ...]:
    """The pages that search engines are told of: not those that say they are none for them."""
    found = []
    for path, page in pages.pages.items():
        if path != "404.html" and not path.endswith(".embed.html"):
            changed = memo.fact(Facts, facts, page).value.changed
            others = [(c, setup.site_url + p) for c, p in pages.alternates(path, book.languages)]
            found.append(feeds.Listed(setup.site_url + path, changed, others))
    return tuple(found)


# Changes


def compare(setup: Setup, old: Path, new: Path | None) -> list[Change]:
    """The figures that differ between two data files; the newer one is the site's own by default.

    Raises `ContentError` where either cannot be used.
    """
    snapshot = take(setup)
    memo = Memo(Cache(setup.cache, read_only=True), snapshot.program)
    hint = "name the older version of data.yaml"
    datasets = [
        _only_dataset(memo, file_at(path, "there is no such data file", hint))
        for path in (old, new or setup.content / "data.yaml")
    ]
    # Both in one language, or every figure would differ.
    files, site = _strings(snapshot), datasets[1].value.site
    code = next((code for code in (*(site.languages if site else ()), MODEL) if code in files), "")
    calls = [memo.call(voice_of, code, files.get(code), data) for data in datasets]
    before, after = (call.value for call in calls)
    if before is None or after is None:
        raise ContentError([problem for call in calls for problem in call.problems])
    printed = _printed(read(setup, memo, snapshot)) if new is None else {}
    return changes(before, after, printed)


def _only_dataset(memo: Memo, blob: Blob) -> Call[Dataset]:
    """A data file by itself. Raises `ContentError` where it cannot be used."""
    data = memo.call(dataset_of, blob, ())
    report = Report()
    report.add(*data.problems)
    check_ids(report, data.value)
    report.stop_if_failed()
    return data


def _printed(book: Book) -> dict[str, list[str]]:
    """The pages that print each claim, or draw each series."""
    book.report.stop_if_failed()
    printed: dict[str, list[str]] = {}
    for call in book.notes:
        note, voice = call.value, book.voices[call.value.language].value
        texts = [note.front.title, note.front.summary]
        names = list(note.uses)
        for chart in note.charts:
            plan = book.plans[note.language][chart].value
            texts += map(voice.local, (plan.chart.title, plan.chart.how_to_read, plan.chart.note))
            names += [*plan.claims, *plan.series]
            for row in plan.form.rows(plan.options, voice):
                names += claims_of(row)
        names += [name for text in texts for name in voice.claims_in(text)]
        for name in dict.fromkeys(names):
            page = f"{book.folder(note.language)}{note.slug}.html"
            printed.setdefault(name, []).append(page)
    return printed


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
    return verify(_only_dataset(memo, blob).value, folder)


# The schema for editors


def schema(dataset: Dataset | None = None) -> dict[str, Any]:
    """The JSON schema of the data file, with the options of every form, for editors' tools."""
    return data_schema(OPTIONS, dataset)


def schema_text(dataset: Dataset) -> bytes:
    """The schema as it stands beside the data file."""
    return f"{json.dumps(schema(dataset), indent=1, ensure_ascii=False)}\n".encode()


def _check_schema(report: Report, setup: Setup, snapshot: Snapshot) -> None:
    path = setup.content / SCHEMA
    if not path.exists() and SCHEMA not in snapshot.content["data.yaml"].text().partition("\n")[0]:
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
