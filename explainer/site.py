"""Builds a site: read → check → draw → render → publish, each a pass of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from explainer.charts.forms import FORMS
from explainer.checks.data import (
    check_claims,
    check_conflicts,
    check_expected,
    check_ids,
    check_reviews,
    check_texts,
    check_words,
)
from explainer.checks.notes import check_links, check_notes
from explainer.checks.series import check_rows, check_series
from explainer.checks.templates import check_templates
from explainer.checks.whole import Project
from explainer.data.dataset import Dataset
from explainer.data.load import load_dataset, read_text
from explainer.data.schema import data_schema, without_ids
from explainer.figures.draw import runtime, validate
from explainer.figures.figure import Figure, make_figures
from explainer.figures.picture import make_icons, make_pictures
from explainer.figures.plan import Plan, plan_blocks, plan_charts
from explainer.memo import Cache
from explainer.notes.note import Note, read_note
from explainer.output import exports, feeds
from explainer.output.changes import Change, changes
from explainer.output.linked import figure_csvw
from explainer.output.memory import Summary
from explainer.output.publish import publish, write
from explainer.pages.assets import gather_assets
from explainer.pages.made import (
    corrections_page,
    data_page,
    glossary_page,
    not_found_page,
    sources_page,
)
from explainer.pages.page import (
    Page,
    base_path,
    chart_page,
    embed_page,
    folder_of,
    note_page,
    users_of,
)
from explainer.pages.render import Renderer
from explainer.problems import ContentError, Place, Problem, Report, Rule, choices, in_order, shown
from explainer.project import SCHEMA, Setup
from explainer.voice.languages import languages_on_offer, load_language, string_problems
from explainer.voice.voice import Voice

CACHE_BYTES = 600_000_000
"""What is kept at most: room for two thousand charts, each with its pictures."""

OPTIONS = {name: form.options for name, form in FORMS.items()}
"""The options of each form of chart."""

MODEL = "en"
"""The language whose interface strings the others are translated from."""

TOLD = (
    "t", "url", "asset", "cite", "runtime", "site", "page", "pieces", "figures",
    "disagreements", "listed", "groups", "count_claims", "count_speakers", "count_sources", "uses",
    "sources", "figure", "used", "blocks", "styled", "target",
    "target_address", "entries", "address", "frame_size",
)  # fmt: skip
"""Every name that some template is told."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rendered:
    """A whole site in memory: its files, and what it is made of."""

    files: Mapping[str, bytes]
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


def make(setup: Setup, progress: Progress = lambda done, all: None) -> Rendered:
    """Do all of a build but the publishing. Raises `ContentError` with every problem found."""
    cache = Cache(setup.cache)
    project, plans, problems = read(setup, cache)
    text = json.dumps(schema(project.dataset), indent=1, ensure_ascii=False)
    write(setup.content / SCHEMA, f"{text}\n".encode())
    site = render(setup, project, plans, problems, cache, progress)
    cache.prune(CACHE_BYTES)
    return site


def build(setup: Setup, progress: Progress = lambda done, all: None) -> Summary:
    """Build the site. Raises `ContentError` with every problem found; the old site then stands."""
    site = make(setup, progress)
    try:
        published = publish(site.files, setup.output, keep=(setup.content, setup.templates))
    except ValueError as error:
        # Names of files beside notes that some system cannot have.
        place = Place(shown(setup.content), 1)
        hint = "give the files beside the notes other names"
        raise ContentError([Problem(place, Rule.PAGE_CLASH, str(error), hint)]) from error
    return Summary(
        site.pages, site.charts, site.claims, len(site.files), published.written, site.warnings
    )


def check(setup: Setup) -> Rendered:
    """Do all of a build but the writing. Raises `ContentError` with every problem found."""
    cache = Cache(setup.cache, read_only=True)
    project, plans, problems = read(setup, cache)
    # Only here is anything compared with the calendar: a build gives the same site on any day.
    report = Report(problems=problems)
    check_reviews(report, project, date.today())
    report.add(*_stale_schema(setup))
    return render(setup, project, plans, problems, cache, lambda done, all: None)


def render(
    setup: Setup,
    project: Project,
    plans: Mapping[str, Mapping[str, Plan]],
    problems: Sequence[Problem],
    cache: Cache,
    progress: Progress,
) -> Rendered:
    """The site in memory, once there is no problem left. Raises `ContentError`."""
    _stop_at_errors(problems)
    voices = list(project.voices.values())
    figures, found = make_figures(
        plans,
        voices,
        cache,
        setup.templates / "fonts",
        progress,
        lambda code: folder_of(code, project.languages),
    )
    _stop_at_errors([*problems, *found])
    pictures = make_pictures(figures, project.voices, cache, setup.templates / "fonts", progress)
    pages = make_pages(project, figures, setup.site_url)
    files, found = render_all(setup, project, pages, figures, cache, pictures)
    _stop_at_errors([*problems, *found])
    access = [source.access for source in project.dataset.sources.values()]
    return Rendered(
        files,
        sum(page.kind != "embed" for page in pages),
        len({name for of_language in plans.values() for name in of_language}),
        len(project.dataset.claims),
        in_order(problems),
        sum(note.plains for note in project.notes),
        sum(page.draft for page in pages),
        {kind: access.count(kind) for kind in ("full", "part", "unread")},
        {
            code: sum(note.words for note in project.notes if note.language == code)
            for code in project.languages
        },
    )


# Read and check


def read(setup: Setup, cache: Cache) -> tuple[Project, dict[str, dict[str, Plan]], list[Problem]]:
    """Everything that was written for the site, its charts by language, and all that is wrong."""
    data = setup.content / "data.yaml"
    hint = "run this where content/ is, or name its folder with --content"
    _demand(data, "there is no data file", hint)
    report = Report()
    dataset, problems = _loaded(report, data), report.problems
    if problems and not isinstance(dataset.document.data, dict):
        # Of a data file that cannot be read, no claim exists: every note would be full of faults.
        raise ContentError(in_order(problems))
    voices, languages, found = _voices(setup, dataset)
    problems += found
    if not voices:
        raise ContentError(in_order(problems))
    notes: list[Note] = []
    broken: set[Path] = set()
    for code in languages:
        folder = setup.content / folder_of(code, languages)
        for path in sorted(folder.glob("*.md")):
            note, found = read_note(path, shown(path), voices[code])
            problems += found
            if note is None:
                broken.add(path)
            elif setup.drafts or not note.front.draft:
                notes.append(note)
    declared, found = plan_charts(dataset, next(iter(voices.values())))
    problems += found
    plans = {code: dict(declared) for code in languages}
    for note in notes:
        blocks, found = plan_blocks(
            note,
            voices[note.language],
            lambda spec: validate(spec, cache),
        )
        problems += found
        for name in blocks.keys() & (plans[note.language].keys() - declared.keys()):
            problems.append(
                blocks[name].document.problem(
                    ("id",),
                    Rule.DUPLICATE_ID,
                    f'another note has a chart "{name}" already',
                    "give the block another id",
                )
            )
        plans[note.language] |= blocks
    project = Project(
        dataset, voices, notes, languages, setup.content, setup.templates, frozenset(broken)
    )
    for check_all in (
        check_words,
        check_claims,
        check_series,
        check_conflicts,
        check_rows,
        check_expected,
        check_texts,
        check_notes,
        check_links,
    ):
        check_all(report, project)
    check_templates(report, setup.templates, TOLD)
    return project, plans, problems


def _loaded(report: Report, path: Path) -> Dataset:
    """The dataset of a data file."""
    text, unreadable = read_text(path, shown(path))
    if unreadable:
        raise ContentError([unreadable])
    return load_dataset(report, text, shown(path), OPTIONS)


def _demand(path: Path, message: str, hint: str) -> None:
    """Raise `ContentError` where a file is missing without which nothing can be read."""
    if not path.is_file():
        raise ContentError([Problem(Place(shown(path), 1), Rule.NO_CONTENT, message, hint)])


def _voices(setup: Setup, dataset: Dataset) -> tuple[dict[str, Voice], list[str], list[Problem]]:
    """The voice of each of the site's languages; with no usable `site:`, of the first on offer."""
    offered = languages_on_offer(setup.templates)
    wanted = dataset.site.languages if dataset.site else offered[:1]
    voices: dict[str, Voice] = {}
    problems: list[Problem] = []
    for code in dict.fromkeys(wanted):
        if code in offered and MODEL in offered and code != MODEL:
            problems += string_problems(code, MODEL, setup.templates)
        language, found = load_language(code, setup.templates, dataset.unit_labels(code))
        problems += found
        if language:
            voices[code] = Voice(dataset, language)
        elif not found:
            problems.append(
                dataset.document.problem(
                    ("site", "languages"),
                    Rule.BAD_VALUE,
                    f'there are no interface strings for the language "{code}"',
                    f"languages on offer: {choices(offered)}; translate "
                    f"{shown(setup.templates / 'strings')} for another",
                )
            )
    return voices, list(voices), problems


def _stop_at_errors(problems: Sequence[Problem]) -> None:
    if any(not problem.warning for problem in problems):
        raise ContentError(in_order(problems))


# Pages and files


def make_pages(
    project: Project, figures: Mapping[str, Mapping[str, Figure]], site_url: str
) -> list[Page]:
    """Every page of the site but the aliases, in the order of the navigation."""
    pages: list[Page] = []
    for code, voice in project.voices.items():
        folder = folder_of(code, project.languages)
        notes = sorted(
            (note for note in project.notes if note.language == code),
            key=lambda note: (note.slug != "index", note.front.order, note.slug),
        )
        written = [note_page(note, voice, figures[code], folder) for note in notes]
        claims, charts = users_of(written, lambda page: page.body["figures"])
        pages += written
        titles = {page.path.removeprefix(folder)[:-5]: page.title_text for page in written}
        if project.dataset.glossary:
            pages.append(glossary_page(voice, folder))
        pages += [
            data_page(voice, folder, claims),
            sources_page(voice, folder),
            corrections_page(voice, folder, titles),
        ]
        for name, figure in figures[code].items():
            own = chart_page(figure, voice, charts.get(name, []))
            pages += [own, embed_page(figure, own)]
    pages.append(not_found_page(list(project.voices.values()), base_path(site_url)))
    return pages


def render_all(
    setup: Setup,
    project: Project,
    pages: Sequence[Page],
    figures: Mapping[str, Mapping[str, Figure]],
    cache: Cache,
    pictures: Mapping[str, bytes] | None = None,
) -> tuple[dict[str, bytes], list[Problem]]:
    """Every file of the site by its path, `pictures` included; what is wrong with the templates."""
    has_charts = any(figures.values())
    assets = gather_assets(setup.templates, runtime(cache) if has_charts else None)
    files = dict(assets.files)
    renderer = Renderer(
        setup.templates, project.dataset, project.voices, assets, setup.site_url, pages
    )
    problems: list[Problem] = []

    def add(path: str, content: bytes, file: str) -> None:
        if path in files:
            problems.append(
                Problem(
                    Place(file, 1),
                    Rule.PAGE_CLASH,
                    f"{path} would be published twice",
                    "give one of the two another name",
                )
            )
        files[path] = content

    by_path = {page.path: page for page in pages}
    for page in pages:
        content, found = renderer.render(page)
        problems += found
        add(page.path, content, page.file or shown(setup.content / "data.yaml"))
    for note in project.notes:
        folder = folder_of(note.language, project.languages)
        for old in note.front.aliases:
            content, found = renderer.alias(folder + old, by_path[f"{folder}{note.slug}.html"])
            problems += found
            add(folder + old, content, note.file)
        for address, path in note.files.items():
            content = path.read_bytes()
            if files.get(folder + address) != content:
                add(folder + address, content, note.file)
    for code, of_language in figures.items():
        made = _data_files(project.voices[code], of_language, pages, setup.site_url)
        for figure in of_language.values():
            made[figure.files.csv] = figure.csv()
            made[figure.files.csvw] = figure_csvw(figure, project.voices[code])
            made[figure.files.json] = figure.metadata(project.voices[code])
        for address, content in made.items():
            add(address, content, shown(setup.content / "data.yaml"))
    for address, content in {**(pictures or {}), **make_icons(setup.templates, cache)}.items():
        add(address, content, shown(setup.content / "data.yaml"))
    if setup.site_url:
        files["sitemap.xml"] = feeds.sitemap(renderer.sitemap())
    return files, list(dict.fromkeys(problems))


def _data_files(
    voice: Voice, figures: Mapping[str, Figure], pages: Sequence[Page], site_url: str
) -> dict[str, bytes]:
    """The data of a language for other programs."""
    folder = folder_of(voice.code, voice.languages)
    files = {
        f"{folder}data/claims.csv": exports.claims_csv(voice),
        f"{folder}data/claims.csv-metadata.json": exports.claims_csvw(voice),
        f"{folder}data/claims.json": exports.claims_json(voice),
        f"{folder}data/sources.bib": exports.sources_bib(voice),
        f"{folder}data/datapackage.json": exports.data_package(voice, figures, folder, site_url),
    }
    for name, figure in figures.items():
        # A data package may not reach outside its folder.
        files[f"{folder}data/charts/{name}.csv"] = figure.csv()
    if site_url:
        updated = [page.updated.iso for page in pages if page.updated]
        files[f"{folder}corrections.xml"] = feeds.corrections_feed(
            voice, voice.dataset.corrections, folder, site_url, max(updated, default=feeds.NEVER)
        )
        files[f"{folder}feed.xml"] = feeds.pages_feed(
            voice, _entries(pages, voice.code, site_url), folder, site_url
        )
    return files


def _entries(pages: Sequence[Page], language: str, site_url: str) -> list[feeds.Entry]:
    """The notes of a language that state a date, as a feed tells them."""
    return [
        feeds.Entry(
            page.title_text,
            site_url + page.path,
            page.changed,
            page.summary_text,
            page.published.iso if page.published else "",
        )
        for page in pages
        if page.kind == "note" and page.language == language and page.changed
    ]


# Changes


def compare(setup: Setup, old: Path, new: Path | None) -> list[Change]:
    """The figures that differ between two data files; the newer one is the site's own by default.

    Raises `ContentError` where either cannot be used.
    """
    mine = new or setup.content / "data.yaml"
    voices = [_only_voice(setup, path) for path in (old, mine)]
    printed: dict[str, list[str]] = {}
    if new is None:
        project, plans, problems = read(setup, Cache(setup.cache, read_only=True))
        _stop_at_errors(problems)
        for note in project.notes:
            folder = folder_of(note.language, project.languages)
            voice = project.voices[note.language]
            shown_plans = [plans[note.language][name] for name in note.charts]
            rows = [row for plan in shown_plans for row in plan.form.rows(plan.options, voice)]
            in_charts = [
                value
                for row in rows
                for key, value in row.items()
                if key == "id" or key.endswith("_claim")
            ]
            for name in dict.fromkeys([*note.uses, *in_charts]):
                printed.setdefault(str(name), []).append(f"{folder}{note.slug}.html")
    return changes(voices[0], voices[1], printed)


def _only_voice(setup: Setup, path: Path) -> Voice:
    """A data file by itself, in its first language."""
    _demand(path, "there is no such data file", "name the older version of data.yaml")
    report = Report()
    dataset = _loaded(report, path)
    check_ids(report, dataset)
    voices, _, found = _voices(setup, dataset)
    _stop_at_errors([*report.problems, *found])
    return next(iter(voices.values()))


# The schema for editors


def schema(dataset: Dataset | None = None) -> dict[str, Any]:
    """The JSON schema of the data file, with the options of every form, for editors' tools."""
    return data_schema(OPTIONS, dataset)


def _stale_schema(setup: Setup) -> list[Problem]:
    path = setup.content / SCHEMA
    data = setup.content / "data.yaml"
    if not path.exists() and SCHEMA not in data.read_text("utf-8", "replace").partition("\n")[0]:
        # Nobody's editor asks for it.
        return []
    try:
        if without_ids(json.loads(path.read_bytes())) == without_ids(schema()):
            return []
    except (OSError, ValueError, AttributeError):
        pass
    return [
        Problem(
            Place(shown(path), 1),
            Rule.STALE_SCHEMA,
            "the schema for editors is missing or older than the data model",
            "build once, which writes it, and commit it",
        )
    ]
