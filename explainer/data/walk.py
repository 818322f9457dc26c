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
from explainer.data.kinds import CALCULATION, LocalText, Names
from explainer.problems import Fault, KeyPath


class Named(NamedTuple):
    """An id that an entry holds: at which place, of which section, and itself."""

    path: KeyPath
    section: str
    name: str


class Leaf(NamedTuple):
    """A value of an entry that holds no others: its place, itself, and the marks of its type."""

    path: KeyPath
    value: Any
    marks: tuple[Any, ...]


def ids(entry: BaseModel, path: KeyPath = ()) -> Iterator[Named]:
    """Every id that an entry names, in the order of its keys; `path` is where the entry stands."""
    for leaf in leaves(entry, path):
        for mark in leaf.marks:
            if isinstance(mark, Names):
                yield Named(leaf.path, mark.section, leaf.value)
            elif mark is CALCULATION:
                yield from _called(leaf)


def names_of(entry: BaseModel, section: str) -> list[str]:
    """The ids of a section that an entry names, in order, as often as it names them."""
    return [named.name for named in ids(entry) if named.section == section]


def texts(entry: BaseModel, path: KeyPath = ()) -> Iterator[tuple[KeyPath, LocalText]]:
    """Every text of an entry with its place."""
    for leaf in leaves(entry, path):
        if isinstance(leaf.value, LocalText):
            yield leaf.path, leaf.value


def leaves(entry: BaseModel, path: KeyPath = ()) -> Iterator[Leaf]:
    """Every value and every key of a mapping that an entry holds, with its place and its marks."""
    for key, name, annotation in _fields(type(entry)):
        yield from _leaves(annotation, getattr(entry, name), (*path, key), ())


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


def _leaves(annotation: Any, value: Any, path: KeyPath, marks: tuple[Any, ...]) -> Iterator[Leaf]:
    if value is None:
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _leaves(arguments[0], value, path, (*marks, *arguments[1:]))
    elif origin in (Union, types.UnionType):
        fits = (a for a in arguments if isinstance(value, list) == (_bare_origin(a) is list))
        yield from _leaves(next(a for a in fits if a is not type(None)), value, path, marks)
    elif origin is list and arguments[0] == list[Any]:
        # The rows of a series: nothing but cells, and many of them.
        return
    elif origin is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(arguments[0], item, (*path, index), ())
    elif origin is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(arguments[0], key, (*path, key), ())
            yield from _leaves(arguments[1], item, (*path, key), ())
    elif isinstance(value, BaseModel):
        yield from leaves(value, path)
    else:
        yield Leaf(path, value, marks)


def _called(leaf: Leaf) -> Iterator[Named]:
    """The ids that a formula calls; none where it cannot be read, which is said elsewhere."""
    try:
        calls = parse_formula(leaf.value).calls()
    except Fault:
        return
    for call in calls:
        for name in call.arguments:
            yield Named(leaf.path, call.section, name)


def _bare_origin(annotation: Any) -> Any:
    """What a type is made of, whatever is said of it."""
    if get_origin(annotation) is Annotated:
        return _bare_origin(get_args(annotation)[0])
    return get_origin(annotation)
