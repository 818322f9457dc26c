# ruff: noqa
# mypy: ignore-errors
"""Temporary."""

from pathlib import Path
from explainer.data.load import load_dataset as _load
from explainer.voice.languages import load_language
from explainer.voice.voice import Voice


def load_dataset(report, blob, beside):
    ds, p = _load(blob.path, blob.file)
    report.add(*p)
    return ds


def load_voice(report, code, strings, dataset, templates):
    lang, p = load_language(code, Path(templates), dataset.unit_labels(code))
    report.add(*p)
    return Voice(dataset, lang) if lang else None
