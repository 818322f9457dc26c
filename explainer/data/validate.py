"""Entries against their models, with what is wrong in an editor's words."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from explainer.data.models import NOUNS
from explainer.data.yaml import RUN_TOGETHER, Document
from explainer.problems import Fault, KeyPath, Report, Rule, choices, did_you_mean, nearest

_Model = TypeVar("_Model", bound=BaseModel)


def validated(
    report: Report,
    model: type[_Model],
    raw: Any,
    document: Document,
    path: KeyPath,
    known: Sequence[str] = (),
) -> _Model | None:
    """The entry that stands at `path`, or None where more is wrong with it than unknown keys.

    A key that is misspelt breaks it, but is told once: not as missing under its right name as well.
    `known` are the keys to choose from, where there are more than the model's own.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        errors = error.errors()
    misspelt = {
        loc: name for item in errors if (loc := item["loc"]) and (name := _meant(model, raw, item))
    }
    told = {(*loc[:-1], name) for loc, name in misspelt.items()}
    faults = [
        translated(item, model, document, path, known)
        for item in errors
        if not (item["type"] == "missing" and item["loc"] in told)
    ]
    report = report.of(document)
    for fault in faults:
        report.tell(fault)
    if misspelt or any(fault.rule is not Rule.UNKNOWN_KEY for fault in faults):
        return None
    try:
        return model.model_validate(_without(raw, [item["loc"] for item in errors]))
    except ValidationError:
        return None


def _meant(model: type[BaseModel], raw: Any, item: Any) -> str:
    """The key that an unknown one was meant to be, if it is near one that is not there."""
    if item["type"] != "extra_forbidden":
        return ""
    *above, wrong = item["loc"]
    for key in above:
        raw = raw[key] if isinstance(raw, list) or (isinstance(raw, dict) and key in raw) else {}
    return nearest(str(wrong), [key for key in _fields_at(model, tuple(above)) if key not in raw])


def unknown_key(owner: str, key: str, known: Sequence[str], path: KeyPath, hint: str = "") -> Fault:
    """What is wrong with a key that is none of those that are known."""
    hint = did_you_mean(key, known) or hint or f"its keys are {choices(known, 30)}"
    return Fault(Rule.UNKNOWN_KEY, f'{owner} knows no key "{key}"', hint, path=path)


def _without(raw: Any, paths: list[tuple[int | str, ...]]) -> Any:
    if not isinstance(raw, dict):
        return raw
    here = {path[0] for path in paths if len(path) == 1}
    return {
        key: _without(value, [path[1:] for path in paths if len(path) > 1 and path[0] == key])
        for key, value in raw.items()
        if key not in here
    }


def translated(
    item: Any,
    model: type[BaseModel],
    document: Document,
    path: KeyPath,
    known: Sequence[str] = (),
) -> Fault:
    """A pydantic error in an editor's words, at its path from the top of the document."""
    full = (*path, *item["loc"])
    while not document.holds(full) and len(full) > len(path) and item["type"] != "missing":
        full = full[:-1]
    name = str(full[-1]) if full else ""
    if full and isinstance(full[-1], int) and isinstance(item["input"], str):
        # Of a list, the item itself says more than its number.
        name = item["input"]
    owner, kind = _owner(path), item["type"]
    if kind == "extra_forbidden":
        outer = known if len(item["loc"]) == 1 else ()
        return unknown_key(owner, name, outer or _fields_at(model, item["loc"][:-1]), full)
    if kind == "missing":
        message = f'{owner} has no "{name}"'
        return Fault(Rule.MISSING_KEY, message, f"add a line {name}: …", path=full[:-1])
    what = f'"{name}" of {owner}' if item["loc"] else owner
    if item["input"] is None:
        message = f"{what} is empty"
        return Fault(Rule.BAD_VALUE, message, "fill it in, or delete the line", path=full)
    message = f'{what} cannot be "{item["input"]}"'
    if kind == "literal_error":
        expected = [word.strip(" '") for word in re.split(r",| or ", item["ctx"]["expected"])]
        hint = did_you_mean(str(item["input"]), expected)
        hint = hint or f"it is one of {choices(expected, 20)}"
        return Fault(Rule.BAD_VALUE, message, hint, path=full)
    if kind == "string_pattern_mismatch":
        wanted = _PATTERNS.get(name, "an id made of a-z, 0-9 and single hyphens")
        return Fault(Rule.BAD_VALUE, message, f"it has to be {wanted}", path=full)
    if kind in ("model_type", "dict_type") and RUN_TOGETHER.match(str(item["input"])):
        message = f"{what} is a text, not keys"
        return Fault(Rule.BAD_VALUE, message, "put a space behind the colon of a key", path=full)
    wanted = str(item["ctx"]["error"]) if kind == "value_error" else item["msg"].lower()
    message = f"{what} is not what it should be"
    return Fault(Rule.BAD_VALUE, message, f"wanted: {wanted}", path=full)


_PATTERNS = {
    "money": "nominal, or real and a year: real 2014",
    "file": "a file beside the notes: logo.svg or logo.png",
    "sha256": "the 64 digits and letters that sha256sum gives",
}
"""What keys that are written in a way of their own hold."""


def _owner(path: KeyPath) -> str:
    """What stands at a path, as an editor calls it."""
    if not path:
        return "the front matter"
    if path[0] == "vocabulary" and len(path) > 2:
        return f'{str(path[1]).removesuffix("s")} "{path[2]}"'
    if len(path) > 1 and isinstance(path[0], str):
        return f'{NOUNS.get(path[0], path[0])} "{path[1]}"'
    return str(path[0])


def _fields_at(model: Any, location: tuple[Any, ...]) -> list[str]:
    """The keys that the model at a location knows, followed through lists, maps and options."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        found = (_fields_at(argument, location) for argument in get_args(model))
        return next(filter(None, found), [])
    keys = {info.alias or name: info for name, info in model.model_fields.items()}
    if not location:
        return list(keys)
    info = keys.get(str(location[0]))
    if info is None:
        return []
    # The second part may be an index, or a key of a mapping.
    return _fields_at(info.annotation, location[1:]) or _fields_at(info.annotation, location[2:])
