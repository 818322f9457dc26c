"""Every id and every text that an entry holds, found by the types of its model.

A key that holds the id of something says so in its type (`ClaimId`, `SourceId` …), and a key that
readers read is a `Text`. So whatever a model gains, every check and every list that asks here
knows of it at once.
"""

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from explainer.data.formulas import parse_formula
from explainer.data.models import CALCULATION, LocalText, Names
from explainer.data.quantities import QuantityError

KeyPath = tuple[str | int, ...]


class Named(NamedTuple):
    """An id that an entry holds: at which place, of which section, and itself."""

    path: KeyPath
    section: str
    name: str


def ids(value: BaseModel, path: KeyPath = ()) -> Iterator[Named]:
    """Every id that an entry names, in the order of its keys; `path` is where the entry stands."""
    for key, name, annotation in _fields(type(value)):
        yield from _ids(annotation, getattr(value, name), (*path, key))


def names_of(value: BaseModel, section: str) -> list[str]:
    """The ids of a section that an entry names, in order, as often as it names them."""
    return [found.name for found in ids(value) if found.section == section]


def texts(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, LocalText]]:
    """Every text of an entry with its place."""
    if isinstance(value, LocalText):
        yield path, value
    elif isinstance(value, BaseModel):
        for key, name, _ in _fields(type(value)):
            yield from texts(getattr(value, name), (*path, key))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))


def named_section(annotation: Any) -> str:
    """The section whose ids a type holds, alone or in a list; empty for any other type."""
    if get_origin(annotation) is Annotated:
        base, *marks = get_args(annotation)
        return next((m.section for m in marks if isinstance(m, Names)), "") or named_section(base)
    if get_origin(annotation) in (list, Union, types.UnionType):
        return next(filter(None, map(named_section, get_args(annotation))), "")
    return ""


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str, Any], ...]:
    """The fields of a model: key in the file, name in Python, type with all that is said of it."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        (info.alias or name, name, hints[name]) for name, info in model.model_fields.items()
    )


def _ids(annotation: Any, value: Any, path: KeyPath) -> Iterator[Named]:
    if value is None:
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        for mark in arguments[1:]:
            if isinstance(mark, Names) and isinstance(value, str):
                yield Named(path, mark.section, value)
            elif mark is CALCULATION and isinstance(value, str):
                yield from _called(value, path)
        yield from _ids(arguments[0], value, path)
    elif origin in (Union, types.UnionType):
        for arm in arguments:
            if isinstance(value, list) == (_bare_origin(arm) is list):
                yield from _ids(arm, value, path)
    elif origin is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _ids(arguments[0], item, (*path, index))
    elif origin is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from _ids(arguments[0], key, (*path, key))
            yield from _ids(arguments[1], item, (*path, key))
    elif isinstance(value, BaseModel):
        yield from ids(value, path)


def _called(formula: str, path: KeyPath) -> Iterator[Named]:
    """The ids that a formula calls; none where it cannot be read, which is said elsewhere."""
    try:
        calls = parse_formula(formula).calls()
    except QuantityError:
        return
    for call in calls:
        section = "places" if call.function == "distance" else "claims"
        for name in call.arguments:
            yield Named(path, section, name)


def _bare_origin(annotation: Any) -> Any:
    """What a type is made of, whatever is said of it."""
    if get_origin(annotation) is Annotated:
        return _bare_origin(get_args(annotation)[0])
    return get_origin(annotation)
