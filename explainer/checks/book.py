"""Everything that was written for a site, read and checked, before anything is drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from explainer.charts.forms import FORMS
from explainer.checks.data import check_data, check_pages
from explainer.checks.letters import check_letters
from explainer.checks.links import check_links
from explainer.checks.notes import check_files, check_notes
from explainer.checks.site import check_site
from explainer.checks.templates import check_templates
from explainer.data.dataset import Dataset
from explainer.data.kinds import locale_of
from explainer.data.load import load_dataset
from explainer.figures.blocks import plan_blocks
from explainer.figures.complaint import complaint
from explainer.figures.identity import font_files, fonts_of
from explainer.figures.lettering import font, letters
from explainer.figures.plan import Plan, plan_charts
from explainer.memo import Cache, Call, Given, Memo
from explainer.notes.note import Note, read_note, says_draft
from explainer.pages.inventory import Book
from explainer.pages.navigation import folder_of
from explainer.pages.told import TOLD
from explainer.problems import ContentError, Report, Rule, choices, shown
from explainer.project import Blob, Setup, Snapshot, decoded, file_at
from explainer.voice.languages import check_strings, load_language
from explainer.voice.voice import Voice

OPTIONS = {name: form.options for name, form in FORMS.items()}
"""The options of each form of chart."""

NOTHING = type(None)
"""What a check gives: it only tells of problems."""

MODEL = "en"
"""The language whose interface strings the others are translated from."""


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
            own = call.value.front.draft if call.value else says_draft(decoded(blob)[0])
            draft = own and not setup.drafts
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
    check_site(report, dataset, snapshot.content)
    check_pages(report, dataset, {note.value.slug for note in notes})
    book = Book(data, voices, notes, plans, report, broken, drafts)
    check_notes(report, book, setup.content)
    check_files(report, book, setup.content, snapshot.content)
    check_links(report, book)
    typeface = _typeface(report, setup, snapshot)
    for name, blob in snapshot.content.items():
        if typeface and name.endswith((".md", ".csv", "data.yaml")) and not blob.outside:
            report.add(*memo.fact(NOTHING, check_letters, blob, typeface).problems)
    report.add(*memo.fact(NOTHING, check_templates, snapshot.page_templates, TOLD).problems)
    return book


def _typeface(report: Report, setup: Setup, snapshot: Snapshot) -> str:
    """The characters that charts can show; none where a font is wrong, which is told."""
    before = len(report.problems)
    for blob in font_files(snapshot):
        try:
            font(blob.path.resolve())
        except ContentError as error:
            report.add(*error.problems)
    return letters(fonts_of(setup, snapshot)) if len(report.problems) == before else ""


def _data(setup: Setup, memo: Memo, snapshot: Snapshot) -> Call[Dataset]:
    blob = snapshot.content.get("data.yaml")
    if blob is None:
        hint = "run this where content/ is, or name its folder with --content"
        blob = file_at(setup.content / "data.yaml", "there is no data file", hint)
    return memo.call(dataset_of, blob, tuple(tables_of(snapshot).values()))


def tables_of(snapshot: Snapshot) -> dict[str, Blob]:
    """The files of the content that a data file may name: tables, and base maps."""
    return {n: b for n, b in snapshot.content.items() if n.endswith((".json", ".csv"))}


def dataset_of(report: Report, blob: Blob, beside: Sequence[Blob]) -> Dataset:
    """The dataset of a data file; the files beside it are those that it may name."""
    text, unreadable = decoded(blob)
    if unreadable:
        raise ContentError([unreadable])
    return load_dataset(report, text, blob.file, OPTIONS, {file.name: file for file in beside})


def _voices(
    memo: Memo, snapshot: Snapshot, data: Call[Dataset], report: Report
) -> dict[str, Call[Voice]]:
    """The voice of each of the site's languages; with no usable `site:`, of the first on offer."""
    dataset, files = data.value, _strings(snapshot)
    offered = sorted(files, key=lambda code: (code != MODEL, code))
    voices: dict[str, Call[Voice]] = {}
    listed = report.of(dataset.document, "site", "languages")
    for code in dict.fromkeys(dataset.site.languages if dataset.site else offered[:1]):
        if locale_of(code).text_direction == "rtl":
            message = f'"{code}" is read from right to left, and pages and charts are laid out'
            hint = "take it out of the site's languages"
            listed.say(Rule.BAD_VALUE, f"{message} from left to right", hint)
            continue
        if code in files and MODEL in files and code != MODEL:
            report.add(*memo.fact(NOTHING, check_strings, files[code], files[MODEL]).problems)
        call: Call[Any] = memo.call(voice_of, code, files.get(code), data)
        report.add(*call.problems)
        if call.value:
            voices[code] = call
        elif not call.problems:
            hint = "there are none: look at the folder of templates"
            if offered:
                folder = shown(files[offered[0]].path.parent)
                hint = f"languages on offer: {choices(offered)}; translate {folder} for another"
            message = f'there are no interface strings for the language "{code}"'
            listed.say(Rule.BAD_VALUE, message, hint)
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
    files = {name.removeprefix(folder): snapshot.content[name] for name in names}
    beside = Given(
        tuple(
            (address, file)
            for address, file in files.items()
            if not address.endswith((".md", ".yaml")) and not file.outside
        )
    )
    for address, file in files.items():
        if address.endswith(".md") and "/" not in address:
            yield file, beside


def _plans(
    memo: Memo, voices: Mapping[str, Call[Voice]], notes: Sequence[Call[Note]], report: Report
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
                message = f'another note has a chart "{name}" already'
                where = report.of(plan.document, "id")
                where.say(Rule.DUPLICATE_ID, message, "give the block another id")
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
