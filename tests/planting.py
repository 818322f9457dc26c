"""Plants a number in every place of a data file where a text can stand, found by the models' types.

Whatever key a model gains is planted in, too: nothing here knows a key by its name.
"""

from __future__ import annotations

import copy
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from support import ROOT

from explainer import site
from explainer.checks.data import check_data
from explainer.data.kinds import LocalText, Quotation
from explainer.data.models import Chart, DataFile
from explainer.data.walk import _fields
from explainer.data.yaml import parse
from explainer.figures.plan import plan_charts
from explainer.problems import Problem, Report
from explainer.project import Blob, file_at

KeyPath = tuple[Any, ...]

TABLE, CELLS = "table.csv", b"year,weight\n2001,1\n2002,2\n"
"""A table that stands beside every data file here."""


@dataclass(frozen=True)
class Place:
    """A key of a model in which a text can stand, and where in the data there is one."""

    model: str
    key: str
    path: KeyPath
    local: bool
    """Whether it is a text in several languages, not plain words."""

    def __str__(self) -> str:
        return f"{self.model}.{self.key}"


def places(data: Any) -> list[Place]:
    """One place for each key of a model that can hold a text: where there is one, if anywhere."""
    found: dict[tuple[str, str], Place] = {}
    there: set[tuple[str, str]] = set()
    for place, present in _places(data, DataFile, ()):
        name = (place.model, place.key)
        if name not in found or (present and name not in there):
            found[name] = place
        if present:
            there.add(name)
    return list(found.values())


def wanted() -> set[str]:
    """Every key of a model that can hold a text, by the types alone."""
    found: set[str] = set()
    open_models: list[type[BaseModel]] = [DataFile, *site.OPTIONS.values()]
    seen: set[type[BaseModel]] = set()
    while open_models:
        model = open_models.pop()
        if model in seen:
            continue
        seen.add(model)
        for key, _, annotation in _fields(model):
            for leaf in _leaves(annotation):
                if isinstance(leaf, type) and issubclass(leaf, BaseModel):
                    open_models.append(leaf)
                elif _holds_text(leaf):
                    found.add(f"{_name(model)}.{key}")
    # Of a claim in a group, the keys are a claim's; its table is named by a file.
    return {n for n in found if not n.startswith("ClaimPart.") and n != "Group.claims"}


def text_keys(model: type[BaseModel]) -> list[str]:
    """The keys of a model whose values are text and nothing else."""
    return [key for key, _, hint in _fields(model) if any(map(_holds_text, _leaves(hint)))]


def planted(data: Any, place: Place, texts: dict[str, str]) -> Any:
    """The data with these texts in a place: one a language, or the first as plain words."""
    changed = copy.deepcopy(data)
    *above, key = place.path
    holder = changed
    for part in above:
        holder = holder[part]
    before = holder.get(key) if isinstance(holder, dict) else holder[key]
    if place.local:
        holder[key] = dict(texts)
    else:
        text = next(iter(texts.values()))
        holder[key] = f"{before} {text}" if isinstance(before, str) else text
    return changed


def written(data: Any) -> str:
    """A data file, each text on a line of its own."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)


def problems_of(content: Path, data: Any) -> list[Problem]:
    """What is wrong with a data file and its charts, in all its languages."""
    report = Report()
    beside = [_blob(path, path.read_bytes()) for path in sorted(content.glob("*.json"))]
    beside.append(_blob(content / TABLE, CELLS))
    blob = _blob(content / "data.yaml", written(data).encode())
    dataset = site.dataset_of(report, blob, beside)
    voices = []
    for code in dataset.site.languages if dataset.site else ():
        strings = file_at(ROOT / "templates" / "strings" / f"{code}.yaml", "no strings", "")
        voice = site.voice_of(report, code, strings, dataset)
        assert voice
        voices.append(voice)
    if voices:
        check_data(report, dataset, voices)
        plan_charts(report, voices[0])
    return report.problems


def raw(content: Path) -> Any:
    """The data of a folder of content, as plain values."""
    document = parse((content / "data.yaml").read_text("utf-8"), "data.yaml")
    assert not document.problems
    return document.data


def _blob(path: Path, content: bytes) -> Blob:
    return Blob(path.name, path, content, (0, 0, 0))


def _places(value: Any, annotation: Any, path: KeyPath) -> Iterator[tuple[Place, bool]]:
    for model, held in _models(annotation, value):
        options = site.OPTIONS.get(str(held.get("form"))) if model is Chart else None
        for part in filter(None, (model, options)):
            for key, _, hint in _fields(part):
                yield from _keys(part, key, hint, held.get(key), (*path, key))
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _places(value, arguments[0], path)
    elif origin in (Union, types.UnionType):
        for arm in arguments:
            yield from _places(value, arm, path)
    elif origin is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, arguments[0], (*path, index))
    elif origin is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, arguments[1], (*path, key))


def _models(annotation: Any, value: Any) -> Iterator[tuple[type[BaseModel], dict[str, Any]]]:
    """The model itself, where a type is one and the value could be of it."""
    model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    # Of a claim in a group, the keys are a claim's: what stands alone is planted in.
    alone = isinstance(value, dict) and "shared" not in value
    if model and alone and annotation.__name__ not in ("Group", "ClaimPart"):
        yield annotation, value


def _keys(
    model: type[BaseModel], key: str, annotation: Any, value: Any, path: KeyPath
) -> Iterator[tuple[Place, bool]]:
    for leaf in _leaves(annotation):
        if _holds_text(leaf):
            local = leaf is LocalText
            yield (
                Place(_name(model), key, _inside(annotation, value, path), local),
                value
                not in (
                    None,
                    [],
                    {},
                ),
            )
    yield from _places(value, annotation, path)


def _inside(annotation: Any, value: Any, path: KeyPath) -> KeyPath:
    """The path of a text within lists and mappings: of the first of them."""
    if isinstance(value, list) and value:
        return _inside(annotation, value[0], (*path, 0))
    if isinstance(value, dict) and value and "dict" in str(annotation):
        first = next(iter(value))
        if first not in ("en", "es"):
            return _inside(annotation, value[first], (*path, first))
    return path


def _leaves(annotation: Any) -> Iterator[Any]:
    """The types at the ends of a type, a quotation as such."""
    if annotation == Quotation:
        yield Quotation
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        # What is checked in a way of its own, such as a date or an id, is no text.
        if arguments[0] is not str:
            yield from _leaves(arguments[0])
    elif origin is dict:
        yield from _leaves(arguments[1])
    elif origin in (list, Union, types.UnionType):
        for argument in arguments:
            yield from _leaves(argument)
    else:
        yield annotation


def _holds_text(leaf: Any) -> bool:
    return leaf is LocalText or leaf is str or leaf == Quotation


def _name(model: type[BaseModel]) -> str:
    form = next((name for name, options in site.OPTIONS.items() if options is model), "")
    return f"{form} options" if form else model.__name__


def numbers(start: int) -> Iterator[str]:
    """Numbers that nothing else says, and that are no years."""
    while True:
        start += 1
        yield str(start)


def lines_with(text: str, number: str) -> Sequence[int]:
    """The lines of a text that hold a number."""
    return [n for n, line in enumerate(text.splitlines(), 1) if number in line]
