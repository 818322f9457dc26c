"""Entries against their models, with what is wrong in an editor's words."""

import re
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from explainer.data.models import NOUNS
from explainer.data.yaml import Document
from explainer.data.yaml import Path as KeyPath
from explainer.problems import Problem, Rule, choices, did_you_mean

_Model = TypeVar("_Model", bound=BaseModel)


def validated(
    model: type[_Model], raw: Any, document: Document, path: KeyPath
) -> tuple[_Model | None, list[Problem]]:
    """The entry, and what is wrong with it: unknown keys alone do not break it.

    A key that is misspelt does, but it is told once: not as missing under its right name as well.
    """
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        errors = error.errors()
        misspelt = {
            loc: name
            for item in errors
            if (loc := item["loc"]) and (name := _meant(model, raw, item))
        }
        meant = {(*loc[:-1], name) for loc, name in misspelt.items()}
        problems = [
            translated(item, model, document, path)
            for item in errors
            if not (item["type"] == "missing" and item["loc"] in meant)
        ]
        problems = list(dict.fromkeys(problems))
        if not misspelt and all(problem.rule is Rule.UNKNOWN_KEY for problem in problems):
            paths = [item["loc"] for item in errors]
            try:
                return model.model_validate(_without(raw, paths)), problems
            except ValidationError:
                pass
        return None, problems


def _meant(model: type[BaseModel], raw: Any, item: Any) -> str:
    """The key that an unknown one was meant to be, if it is near one that is not there."""
    if item["type"] != "extra_forbidden":
        return ""
    *above, wrong = item["loc"]
    for key in above:
        raw = raw[key] if isinstance(raw, list) or (isinstance(raw, dict) and key in raw) else {}
    known = [key for key in _fields_at(model, tuple(above)) if key not in raw]
    return did_you_mean(str(wrong), known).removeprefix('did you mean "').removesuffix('"?')


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
    known: list[str] | None = None,
) -> Problem:
    """A pydantic error as a problem in an editor's words; `known` are the keys to choose from."""
    location = tuple(item["loc"])
    full = (*path, *location)
    while full not in document.spans and len(full) > len(path) and item["type"] != "missing":
        full = full[:-1]
    name = str(full[-1]) if full else ""
    if full and isinstance(full[-1], int) and isinstance(item["input"], str):
        # Of a list, the item itself says more than its number.
        name = item["input"]
    owner = _owner(path)
    kind = item["type"]
    if kind == "extra_forbidden":
        known = known or _fields_at(model, location[:-1])
        return document.problem(
            full,
            Rule.UNKNOWN_KEY,
            f'{owner} knows no key "{name}"',
            did_you_mean(name, known) or f"its keys are {choices(known, 30)}",
        )
    if kind == "missing":
        return document.problem(
            full[:-1],
            Rule.MISSING_KEY,
            f'{owner} has no "{name}"',
            f"add a line {name}: …",
        )
    if item["input"] is None:
        what = f'"{name}" of {owner}' if location else owner
        return document.problem(
            full, Rule.BAD_VALUE, f"{what} is empty", "fill it in, or delete the line"
        )
    if kind == "literal_error":
        expected = [word.strip(" '") for word in re.split(r",| or ", item["ctx"]["expected"])]
        given = str(item["input"])
        return document.problem(
            full,
            Rule.BAD_VALUE,
            f'"{name}" of {owner} cannot be "{given}"',
            did_you_mean(given, expected) or f"it is one of {choices(expected, 20)}",
        )
    message = str(item["ctx"]["error"]) if kind == "value_error" else item["msg"].lower()
    if kind == "string_pattern_mismatch":
        message = {"money": "nominal, or real and a year: real 2014"}.get(
            name, "an id made of a-z, 0-9 and single hyphens"
        )
        return document.problem(
            full,
            Rule.BAD_VALUE,
            f'"{name}" of {owner} cannot be "{item["input"]}"',
            f"it has to be {message}",
        )
    return document.problem(
        full, Rule.BAD_VALUE, f'"{name}" of {owner} is not what it should be', f"wanted: {message}"
    )


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
    if get_origin(model) is not None and not (isinstance(model, type)):
        for argument in get_args(model):
            found = _fields_at(argument, location)
            if found:
                return found
        return []
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    if not location:
        return list(model.model_fields)
    info = model.model_fields.get(str(location[0]))
    if info is None:
        return []
    rest = location[1:]
    found = _fields_at(info.annotation, rest)
    return found or (_fields_at(info.annotation, rest[1:]) if rest else [])
