"""Writes the parts of REFERENCE.md that the code decides; `test_reference.py` keeps them fresh."""

from __future__ import annotations

import argparse
import re
import sys
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from support import ROOT, TESTS

from explainer import command
from explainer.charts.form import Form
from explainer.charts.forms import FORMS
from explainer.data import claims, kinds, models
from explainer.data.kinds import Color, Day, Link, Point, SiteAddress, Text, When
from explainer.data.models import DataFile
from explainer.data.quantities import BUILT_IN
from explainer.data.walk import named_section
from explainer.figures import blocks
from explainer.notes.note import Alias, Front
from explainer.problems import Rule
from explainer.text.expressions import ACCEPTED

COFFEE = ROOT / "examples" / "coffee" / "content" / "data.yaml"

NAMED: list[tuple[Any, str]] = [
    (Text, "[text](#texts), or one a language"),
    (When, "[date](#dates)"),
    (Day, "[day](#dates)"),
    (Link, "web address"),
    (SiteAddress, "web address"),
    (Color, '`"#005f96"`'),
    (Point, "`[latitude, longitude]`"),
    (Alias, "`old-name.html`"),
]
"""Types of keys that have a name of their own, and what to call them."""

WRITTEN = {
    "value": "[quantity](#quantities)",
    "expect": "[quantity](#quantities)",
    "formula": "[formula](#formulas)",
    "unit": "[unit](#quantities)",
}
"""Keys whose texts are written in a way of their own."""

WORDS = {str: "text", bool: "`true` or `false`", int: "whole number", float: "number"}

EXAMPLES = {
    "speakers": ("road-buyer",),
    "sources": ("port-bulletin",),
    "claims": ("price-farm", "share-last-leg", "tea"),
    "series": ("sacks",),
    "disagreements": ("farm-price",),
    "glossary": ("grade-1",),
    "vocabulary": ("price", "upper-valley", "raw", "cup"),
}
"""Entries of the example that show what an entry looks like."""

USES = {
    "claim": "the number with its qualifier, as a link to its reference",
    "chart": "a chart, in a paragraph of its own",
    "disagreement": "what sources say against each other, in a paragraph of its own",
    "source": "a short name that leads to the source",
    "term": "a word of the glossary, explained where it stands",
    "plain": "a number that is no claim; the second text says why, and is not published",
}
OPTIONS = {
    "form": '`form="compact"` is short, for narrow places; `form="long"` has the unit in full; '
    '`form="most"` says "as much as" for "up to", behind a preposition; '
    '`form="size"` leaves out the sign: "lost {{ … }}"; `form="when"` is the time that it is about',
    "bare": '`bare="…"` leaves the qualifier out, and says why the sentence does not need it',
}


def parts() -> dict[str, str]:
    """Every part of the reference by its name."""
    return {
        "commands": commands(),
        "front-matter": f"{table(Front)}",
        "expressions": expressions(),
        "blocks": table(blocks.Block),
        "units": units(),
        "data-file": data_file(),
        "chart-keys": table(models.Chart),
        "forms": "\n\n".join(form_part(form) for form in FORMS.values()),
        "rules": rules(),
    }


# Commands


def commands() -> str:
    """The commands and options of `build.py`, as its parser knows them."""
    parser = command.parser("build.py")
    commands = next(
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    abouts = {action.dest: action.help for action in commands._choices_actions}
    lines = [
        "| Command | What it does |",
        "| --- | --- |",
        f"| `build.py` | {parser.description} |",
    ]
    shared = {action.dest for action in parser._actions}
    for name, of_command in commands.choices.items():
        own = [action for action in of_command._actions if action.dest not in shared]
        words = " ".join(["build.py", name, *(f"{_usage(action)}" for action in own)])
        lines.append(f"| `{words}` | {_sentence(abouts[name])} {_own(own)}|")
    lines += ["", "| Option of every command | What it does |", "| --- | --- |"]
    for action in parser._actions:
        if action.option_strings and action.dest != "help":
            lines.append(f"| `{_usage(action).strip('[]')}` | {_sentence(action.help)} |")
    return "\n".join(lines)


def _usage(action: argparse.Action) -> str:
    """An argument as a usage line has it."""
    name = action.option_strings[-1] if action.option_strings else ""
    value = "" if action.nargs == 0 else str(action.metavar or action.dest)
    words = " ".join(filter(None, [name, value]))
    return f"[{words}]" if name or action.nargs == "?" else words


def _own(actions: list[argparse.Action]) -> str:
    said = [f"`{_usage(a).strip('[]')}`: {a.help}." for a in actions if a.option_strings and a.help]
    return " ".join([*said, ""]) if said else ""


def _sentence(text: str | None) -> str:
    text = (text or "").rstrip(".").replace("|", "\\|")
    return f"{text[:1].upper()}{text[1:]}."


# Notes


def expressions() -> str:
    """The table of what may stand in double braces."""
    lines = ["| You write | Readers get | Options |", "| --- | --- | --- |"]
    for name, (count, options) in ACCEPTED.items():
        words = '"id"' if count == 1 else '"3 pages", "why this is no claim"'
        said = "; ".join(OPTIONS[option] for option in sorted(options, reverse=True))
        lines.append(f"| `{{{{ {name}({words}) }}}}` | {USES[name]} | {said} |")
    return "\n".join(lines)


# The data file


def units() -> str:
    """The table of built-in units."""
    kinds: dict[str, list[str]] = {}
    for name, (kind, _) in BUILT_IN.items():
        kinds.setdefault(kind or "pure number", []).append(f"`{name}`")
    lines = ["| Of | Units |", "| --- | --- |"]
    lines += [f"| {kind} | {', '.join(names)} |" for kind, names in kinds.items()]
    lines.append("| money | every code of ISO 4217: `USD`, `EUR`, `JPY` … |")
    lines.append("| things that are counted | what stands under `vocabulary: units:` |")
    return "\n".join(lines)


def data_file() -> str:
    """The sections of the data file: the keys of each, and an example."""
    found = [table(DataFile)]
    for name, hint in get_type_hints(DataFile, include_extras=True).items():
        model = entry_model(hint)
        if model is models.Chart:
            continue
        found += [f"### `{name}`", (model.__doc__ or "").split("\n\n")[0].strip()]
        found.append(table(model, REQUIRED.get(name, {})))
        if name == "claims":
            found += [_sentences(claims.Group), table(claims.Group)]
        for key, inner in inner_models(model):
            found += [f"Each entry of `{name}: {key}:` holds:", table(inner)]
        example = _example(name)
        if example:
            found.append(f"```yaml\n{example}\n```")
    return "\n\n".join(found)


REQUIRED = {
    "claims": {
        "value": "this or `formula`",
        "formula": "this or `value`",
        "unit": "with a formula",
        **dict.fromkeys(("said_by", "chain", "as_of", "checked"), "with a value"),
        "money": "for a currency",
        "level": "for a `price`",
        "product": "for a price by weight",
    }
}
"""What the models do not say, because `checks.py` and `dataset.py` do."""


def _sentences(model: type[BaseModel]) -> str:
    """What a model is, in a line."""
    return " ".join((model.__doc__ or "").split())


def _example(section: str) -> str:
    """Entries of the coffee example as they are written there."""
    lines = COFFEE.read_text("utf-8").split("\n")
    start = lines.index(f"{section}:") + 1 if f"{section}:" in lines else len(lines)
    end = next((n for n in range(start, len(lines)) if re.match(r"\S", lines[n])), len(lines))
    body = lines[start:end]
    if section not in EXAMPLES:
        kept = [line for line in body if line.strip() and not line.strip().startswith("#")]
        return "\n".join([f"{section}:", *kept])
    found = [f"{section}:"]
    if section == "vocabulary":
        for number, line in enumerate(body):
            head = re.fullmatch(r"  (\w+):", line)
            if head:
                found.append(line)
            entry = re.fullmatch(r"    ([\w-]+):", line)
            if entry and entry[1] in EXAMPLES[section]:
                found += _indented(body, number)
        return "\n".join(found)
    for name in EXAMPLES[section]:
        entry_lines = _indented(body, body.index(f"  {name}:"))
        if "    rows:" in entry_lines:
            entry_lines = entry_lines[: entry_lines.index("    rows:") + 3]
        found += entry_lines
    return "\n".join(found)


def _indented(lines: list[str], start: int) -> list[str]:
    """The line and those below it that are indented further, without comments and gaps."""
    depth = len(lines[start]) - len(lines[start].lstrip())
    found = [lines[start]]
    for line in lines[start + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        if line.strip() and not line.strip().startswith("#"):
            found.append(line)
    return found


# Tables of keys


def table(model: type[BaseModel], required: dict[str, str] | None = None) -> str:
    """The keys of a model: whether each must be there, what it holds, what it is."""
    lines = ["| Key | Must be there | Holds | What it is |", "| --- | --- | --- | --- |"]
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        must = "yes" if field.is_required() else (required or {}).get(name, "")
        key = field.alias or name
        holds = _held(hints[name], name) + _limits(field) + _default(field)
        about = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{key}` | {must} | {holds} | {about} |")
    return "\n".join(lines)


def _held(hint: Any, key: str) -> str:
    """What a key may hold, in words."""
    for known, words in NAMED:
        if hint == known:
            return words
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        section = named_section(hint)
        if section:
            return f"id, of `{section}:`"
        return "id" if hint == kinds.Id else _held(arguments[0], key)
    if origin in (Union, types.UnionType):
        others = [argument for argument in arguments if argument is not type(None)]
        return ", or ".join(dict.fromkeys(_held(kind, key) for kind in others))
    if origin is Literal:
        return " \\| ".join(f"`{value}`" for value in arguments if value)
    if origin is list:
        return f"list of {_several(_held(arguments[0], key))}"
    if origin is dict and arguments[1] is Any:
        return "keys"
    if origin is dict:
        by = (
            "id" if arguments[0] == kinds.Id else _held(arguments[0], "").replace("id, of", "id of")
        )
        return f"by {'name' if by == 'text' else by}: {_held(arguments[1], '')}"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return "keys of a claim" if hint is claims.PART else "keys, see below"
    if hint is str and key in WRITTEN:
        return WRITTEN[key]
    return WORDS.get(hint, "anything")


def _several(words: str) -> str:
    return {"id": "ids", "text": "texts", "anything": "cells"}.get(
        words, words.replace("id, of", "ids of").replace("list of anything", "lists of cells")
    )


def _limits(field: FieldInfo) -> str:
    low = next((m.min_length for m in field.metadata if isinstance(m, MinLen)), None)
    high = next((m.max_length for m in field.metadata if isinstance(m, MaxLen)), None)
    if low is not None or high is not None:
        return (
            f", exactly {low}"
            if low == high
            else f", {low}–{high}"
            if low and high
            else f", at most {high}"
            if high
            else f", at least {low}"
        )
    least = next((m.ge for m in field.metadata if isinstance(m, Ge)), None)
    most = next((m.le for m in field.metadata if isinstance(m, Le)), None)
    return f" from {least} to {most}" if least is not None else ""


def _default(field: FieldInfo) -> str:
    if field.is_required() or isinstance(field.default, bool) or not field.default:
        return ""
    return f" (else `{field.default}`)" if isinstance(field.default, str | int) else ""


def entry_model(hint: Any) -> type[BaseModel]:
    """The model of a section's entries, or of the section itself."""
    while not (isinstance(hint, type) and issubclass(hint, BaseModel)):
        hint = get_args(hint)[-1]
    return hint


def inner_models(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The models inside of a model, by the keys that hold them, to the last."""
    for key, hint in get_type_hints(model, include_extras=True).items():
        key = model.model_fields[key].alias or key
        for part in _parts_of(hint):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield key, part
                for below, inner in inner_models(part):
                    yield f"{key}: … {below}", inner


def _parts_of(hint: Any) -> Iterator[Any]:
    yield hint
    for argument in get_args(hint):
        yield from _parts_of(argument)


# Charts


def form_part(form: Form) -> str:
    """A form: what it shows, how it is drawn, its options, and an example."""
    about = sys.modules[form.options.__module__].__doc__ or ""
    first, _, rest = about.partition("\n\n")
    shows = " ".join(first.partition(": ")[2].split())
    more = " ".join(rest.split())
    found = [f"### `{form.name}`", f"{shows[:1].upper()}{shows[1:]} {more}", table(form.options)]
    for key, inner in inner_models(form.options):
        found += [f"Each of `{key}:` holds:", table(inner)]
    found.append(f"```yaml\n{_chart_example(form)}\n```")
    return "\n\n".join(found)


def _chart_example(form: Form) -> str:
    """The first chart of a form in the example, without the texts that every chart has."""
    lines = COFFEE.read_text("utf-8").split("\n")
    body = lines[lines.index("charts:") :]
    at = body.index(f"    form: {form.name}")
    name = next(n for n in range(at, 0, -1) if re.match(r"  \S", body[n]))
    found, skip = [], False
    for line in _indented(body, name):
        key = re.match(r"    (\w+):", line)
        if key:
            skip = key[1] not in ("form", *form.options.model_fields)
        if not skip:
            found.append(line)
    return "\n".join(["charts:", *found])


# Rules


def rules() -> str:
    """Every rule by name, with a message as an editor sees it."""
    messages = _messages()
    found = []
    for rule in sorted(Rule):
        found += [f"### `{rule}`", rule.explanation]
        if rule in messages:
            found.append(f"```\n{messages[rule]}\n```")
    return "\n\n".join(found)


def _messages() -> dict[str, str]:
    """A message of each rule, from the content that must not build: the best to learn from.

    That is one of a case that bears the rule's name, or one with a hint, or the shortest.
    """
    found: dict[str, list[tuple[bool, bool, int, str]]] = {}
    for path in sorted((TESTS / "invalid").glob("*/expected.txt")):
        # A message begins where a line is not indented; the last line only counts them.
        text = "\n".join(path.read_text("utf-8").splitlines()[:-1])
        for message in re.split(r"\n(?=\S)", text):
            head = re.match(r"\S+?:\d+: (?:warning: )?([a-z-]+): ", message)
            if head:
                named = path.parent.name.startswith(head[1])
                rank = (not named, "hint:" not in message, len(message), message)
                found.setdefault(head[1], []).append(rank)
    return {rule: min(ranked)[-1] for rule, ranked in found.items()}
