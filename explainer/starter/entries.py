"""Entries to be filled in, made from the models: the keys that have to be there, each explained.

What a value can be is taken from the content that there is, so that an entry builds as it stands.
"""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from explainer.charts.forms import FORMS
from explainer.checks.data import WANTED
from explainer.data.dataset import Dataset
from explainer.data.kinds import ID_PATTERN, Color, Day, Language, Link, SiteAddress, Text, When
from explainer.data.models import NOUNS, SECTIONS, Chart, Correction
from explainer.data.walk import named_section
from explainer.notes.note import Front
from explainer.problems import choices

KINDS = {"note": "", "term": "glossary", "correction": "corrections"} | {
    noun: section for section, noun in NOUNS.items() if " " not in noun
}
"""What can be asked for, and the section of the data file where it stands."""

FORM = "estimates"
"""The form of a chart where none is asked for: it draws any claims of one unit."""

ALSO = {"claims": ("value", *WANTED), "series": ("measure", "unit", "columns")}
"""Keys of a section that its model does not ask for: a formula or a table has none of them."""

WRITTEN: Mapping[str, Any] = {
    "value": "1 kg",
    "unit": "kg",
    "columns": ["year", "number"],
    "rows": [[date.today().year, 1]],
}
"""By key, what is written in a way of its own."""

PAGE = 100
"""How many characters a line has at most."""


def misused(kind: str, name: str, form: str) -> str:
    """What is wrong with a wish for an entry; empty where nothing is."""
    if form and (kind != "chart" or form not in FORMS):
        return f"there is no form {form} of a {kind}; the forms of a chart are {choices(FORMS, 20)}"
    if name and kind != "note" and not re.fullmatch(ID_PATTERN, name):
        return f"{name} is no id: ids are made of a-z, 0-9 and single hyphens"
    return ""


def entry(kind: str, name: str, form: str, dataset: Dataset) -> str:
    """An entry of this kind under an id, or a note of this title, to be filled in.

    `dataset` is what there is already, which may be nothing.
    """
    if kind == "note":
        front = "\n".join(_keys(Front, dataset, {"title": name} if name else {}))
        return f"---\n{front}\n---\n\n…\n"
    section, form = KINDS[kind], form or FORM
    lines = [f'# Under "{section}:" of content/data.yaml:']
    if section == "corrections":
        keys = list(_keys(Correction, dataset, {}))
        first = next(n for n, line in enumerate(keys) if not line.startswith("#"))
        lines += [*keys[:first], f"- {keys[first]}", *(f"  {line}" for line in keys[first + 1 :])]
    else:
        keys = list(_keys(SECTIONS[section].model, dataset, {"form": form}, ALSO.get(section, ())))
        if SECTIONS[section].model is Chart:
            keys += _keys(FORMS[form].options, dataset, {})
        lines += [f"{name or f'new-{kind}'}:", *(f"  {line}" for line in keys)]
    return "\n".join(f"  {line}" for line in lines) + "\n"


def _keys(
    model: type[BaseModel], dataset: Dataset, given: Mapping[str, str], also: tuple[str, ...] = ()
) -> Iterator[str]:
    """The lines of an entry: what each key is for, and the key; the others by name at the end."""
    hints = get_type_hints(model, include_extras=True)
    others = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        if not field.is_required() and name not in also:
            others.append(key)
            continue
        named = get_args(hints[name]) if get_origin(hints[name]) is Literal else ()
        known = f" One of: {', '.join(named)}." if named else ""
        yield from _remark(f"{field.description}{known}")
        value = given[name] if name in given else _sample(hints[name], name, field, dataset)
        yield f"{key}: {_flow(value)}"
    if others:
        yield from _remark(f"It may also have: {', '.join(others)}.")


def _remark(text: str) -> list[str]:
    return textwrap.wrap(text, PAGE - 8, initial_indent="# ", subsequent_indent="# ")


def _sample(hint: Any, key: str, field: FieldInfo, dataset: Dataset) -> Any:
    """A value that a key could have."""
    languages = dataset.site.languages if dataset.site else ["en"]
    known = dict.fromkeys((When, Day), date.today().isoformat())
    known |= dict.fromkeys((Link, SiteAddress), "https://example.org/")
    known |= {Color: "#005f96", Language: languages[0]}
    if hint == Text:
        return dict.fromkeys(languages, "…") if len(languages) > 1 else "…"
    section = named_section(hint)
    if section:
        least = max([1, *(getattr(mark, "min_length", 1) for mark in field.metadata)])
        ids = _ids(dataset, section)[:least]
        return ids if get_origin(_bare(hint)) is list else ids[0]
    if key in WRITTEN or hint in known:
        return WRITTEN.get(key) or known[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated or origin in (Union, type(int | None)):
        return _sample(arguments[0], key, field, dataset)
    return arguments[0] if origin is Literal else "…"


def _bare(hint: Any) -> Any:
    """The first of several types, which is the plainest."""
    while get_origin(hint) in (Annotated, Union, type(int | None)):
        hint = get_args(hint)[0]
    return hint


def _ids(dataset: Dataset, section: str) -> list[str]:
    """The ids of a section: of claims, those that state what most of them do."""
    if section == "claims":
        stated = {name: claim for name, claim in dataset.claims.items() if claim.value}
        usual = Counter(claim.measure for claim in stated.values()).most_common(1)
        found = [name for name, claim in stated.items() if claim.measure == usual[0][0]]
    else:
        # What most claims have, is meant most likely; a price needs keys that no model asks for.
        quoted = [claim for claim in dataset.claims.values() if claim.value]
        used = Counter(name for c in quoted for name in (c.measure, *c.speakers, *c.chain))
        found = sorted(dataset.names(section), key=lambda name: (name == "price", -used[name]))
    return found or [f"a-{section.removesuffix('s')}"]


def _flow(value: Any) -> str:
    """A value in a line of YAML."""
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in value.items())}}}"
    text = str(value)
    return text if re.fullmatch(r"[\w…](?:[\w…./ -]|:(?=/))*", text) else json.dumps(text)
