"""The data file, `content/data.yaml`, as typed records in which every value knows its line.

Each entry is validated by itself, so that one mistake hides no other; then every formula is worked
out.
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from explainer.data.claims import Series
from explainer.data.dataset import Dataset
from explainer.data.groups import ungrouped
from explainer.data.kinds import ID_PATTERN
from explainer.data.models import SECTIONS, TOP_LEVEL, Chart, Correction, Site
from explainer.data.quantities import BUILT_IN, Units, is_currency
from explainer.data.table import Beside, read_table
from explainer.data.validate import unknown_key, validated
from explainer.data.vocabulary import Vocabulary
from explainer.data.workout import work_out
from explainer.data.yaml import Document, parse
from explainer.problems import (
    Fault,
    KeyPath,
    Report,
    Rule,
    ToldAtItsPlace,
    choices,
    did_you_mean,
    nearest,
)

Forms = Mapping[str, type[BaseModel]]
"""The options of each form of chart, by the form's name."""

WORDS: dict[str, type[BaseModel]] = {
    name: get_args(field.annotation)[1] for name, field in Vocabulary.model_fields.items()
}
"""The parts of the vocabulary, and what a word of each is."""

UNREADABLE = (Rule.NO_CONTENT, Rule.UNREADABLE, Rule.BAD_TABLE)
"""By which rules a table that cannot be read is told of."""


def load_dataset(
    report: Report, text: str, file: str, forms: Forms, beside: Beside | None = None
) -> Dataset:
    """The dataset of a data file's text; the report is told all that is wrong in it by itself.

    `beside` are the files that it may name: its tables, and base maps.
    """
    document = parse(text, file)
    dataset = Dataset(document, beside=beside or {})
    report.add(*document.problems, *document.warnings)
    report = report.of(document)
    if isinstance(document.data, dict):
        _fill(report, dataset, document.data, forms)
        work_out(report, dataset)
    elif document.data is not None or not document.problems:
        message = "the data file is not a mapping of keys"
        report.say(Rule.BAD_VALUE, message, f"its keys are {choices(TOP_LEVEL, 20)}")
    return dataset


def _fill(report: Report, dataset: Dataset, data: dict[str, Any], forms: Forms) -> None:
    document = dataset.document
    for key in data:
        if key not in TOP_LEVEL:
            # What is there under a misspelt name is missed by nobody.
            dataset.broken.add((nearest(key, [name for name in TOP_LEVEL if name not in data]),))
            report.tell(unknown_key("the data file", key, TOP_LEVEL, (key,)))
    dataset.site = validated(report, Site, data.get("site", {}), document, ("site",))
    dataset.vocabulary = _vocabulary(report, dataset, data.get("vocabulary") or {})
    dataset.units = Units(frozenset(dataset.vocabulary.units))
    for section, (model, *_) in SECTIONS.items():
        entries = _entries(report, data.get(section), (section,), "entries", BELOW)
        if section == "claims":
            told = len(report.problems)
            entries = ungrouped(report, document, entries, dataset.beside)
            if any(problem.rule in UNREADABLE for problem in report.problems[told:]):
                # Which claims a table would have held, nobody knows.
                dataset.broken.add((section,))
        for name, raw in entries.items():
            path: KeyPath = (section, name)
            with report.catching():
                _refuse_id(name, path)
                if section == "series":
                    raw = _with_rows(report, dataset, raw, path)
                entry = validated(report, model, raw, document, path)
                if entry is not None:
                    if isinstance(entry, Series):
                        _refuse_unmeasured(entry, name, path)
                    getattr(dataset, section)[name] = entry
                options = entry
                if isinstance(entry, Chart):
                    options = _options(report, entry, document, path, forms)
                    if options is not None:
                        dataset.options[name] = options
                if options is not None:
                    continue
            dataset.broken.add(path)
    _corrections(report, dataset, data.get("corrections") or [])


BELOW = "write an id and a colon, and the entry below it, indented"


def _entries(report: Report, raw: Any, path: KeyPath, of: str, hint: str) -> dict[str, Any]:
    """The entries of a section as they are written; none where it is no mapping."""
    if raw is None or isinstance(raw, dict):
        return raw or {}
    report.say(Rule.BAD_VALUE, f"{path[-1]} maps ids to {of}", hint, path=path)
    return {}


def _refuse_id(name: str, path: KeyPath) -> None:
    """Raise a `Fault` where a key cannot be an id."""
    if not re.fullmatch(ID_PATTERN, name):
        hint = "ids are made of a-z, 0-9 and single hyphens"
        raise Fault(Rule.BAD_ID, f'"{name}" cannot be an id', hint, path=path)


def _with_rows(report: Report, dataset: Dataset, raw: Any, path: KeyPath) -> Any:
    """A series with the rows of the table that it names. Raises `Fault` where that cannot be."""
    if not isinstance(raw, dict) or not isinstance(raw.get("rows"), str):
        return raw
    file, document = raw["rows"], dataset.document
    if "columns" in raw:
        message = f'the columns of "{path[-1]}" are those of {file}'
        hint = "delete the line; the first line of the table names them"
        raise Fault(Rule.BAD_VALUE, message, hint, path=(*path, "columns"))
    with report.at(*path, "rows").catching():
        table = read_table(report, dataset.beside, file)
        if table is not None:
            document.tables[(*path, "rows")] = table.lines
            dataset.tables[str(path[-1])] = file
            return {**raw, "columns": table.head, "rows": table.rows}
    raise ToldAtItsPlace(Rule.BAD_TABLE, f"{file} cannot be read")


def _refuse_unmeasured(series: Series, name: str, path: KeyPath) -> None:
    """Raise a `Fault` where a series does not say what its columns hold."""
    lacks = "" if series.columns else "columns"
    for column in series.counted:
        about = series.about(column)
        lacks = lacks or ("measure" if about.measure is None else "" if about.unit else "unit")
    if lacks:
        message = f'series "{name}" has no "{lacks}"'
        raise Fault(Rule.MISSING_KEY, message, f"add a line {lacks}: …", path=path)
    for option, column in [("time", series.time), *(("numbers", name) for name in series.numbers)]:
        if column and column not in series.columns:
            hint = did_you_mean(column, series.columns) or f"columns: {choices(series.columns)}"
            message = f'"{name}" has no column "{column}"'
            place = (*path, option, *((column,) if option == "numbers" else ()))
            raise Fault(Rule.BAD_VALUE, message, hint, path=place)


def _options(
    report: Report, chart: Chart, document: Document, path: KeyPath, forms: Forms
) -> BaseModel | None:
    """The options of a chart's form, or None where they are wrong."""
    model = forms.get(chart.form)
    if model is None:
        hint = did_you_mean(chart.form, forms) or f"the forms are {choices(forms, 20)}"
        message = f'there is no form "{chart.form}"'
        report.say(Rule.BAD_CHART, message, hint, path=(*path, "form"))
        return None
    known = [*Chart.model_fields, *model.model_fields]
    return validated(report, model, chart.options, document, path, known)


def _corrections(report: Report, dataset: Dataset, raw: Any) -> None:
    if not isinstance(raw, list):
        message, hint = "corrections is a list", "begin each with a hyphen"
        report.say(Rule.BAD_VALUE, message, hint, path=("corrections",))
        return
    for index, item in enumerate(raw):
        path: KeyPath = ("corrections", index)
        correction = validated(report, Correction, item, dataset.document, path)
        if correction is None:
            continue
        if any(correction.name == other.name for other in dataset.corrections.values()):
            message = f'two corrections have the id "{correction.name}"'
            report.say(Rule.DUPLICATE_ID, message, "give one of them another id:", path=path)
        dataset.corrections[path] = correction


def _vocabulary(report: Report, dataset: Dataset, raw: Any) -> Vocabulary:
    """The vocabulary's sound words; the others are `broken`, so that nobody misses them."""
    if not isinstance(raw, dict):
        validated(report, Vocabulary, raw, dataset.document, ("vocabulary",))
        return Vocabulary()
    for key in raw:
        if key not in WORDS:
            report.tell(unknown_key("the vocabulary", key, list(WORDS), ("vocabulary", key)))
    words: dict[str, dict[str, Any]] = {}
    for kind, model in WORDS.items():
        given, hint = raw.get(kind) or {}, "write an id, a colon, and label:"
        for name, entry in _entries(report, given, ("vocabulary", kind), "words", hint).items():
            path: KeyPath = ("vocabulary", kind, name)
            before = len(report.problems)
            word = validated(report, model, entry, dataset.document, path)
            with report.catching():
                _refuse_id(name, path)
                if kind == "units" and (name in BUILT_IN or is_currency(name)):
                    message = f'the unit "{name}" is built in'
                    hint = "give the thing that is counted another name"
                    raise Fault(Rule.DUPLICATE_ID, message, hint, path=path)
                if word is not None:
                    words.setdefault(kind, {})[name] = word
            if len(report.problems) > before:
                dataset.broken.add(path)
    return Vocabulary(**words)
