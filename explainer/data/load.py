"""The data file, `content/data.yaml`, as typed records in which every value knows its line.

Each entry is validated by itself, so that one mistake hides no other; then every formula is worked
out.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from explainer.data.dataset import Dataset, great_circle
from explainer.data.formulas import Call, evaluate, parse_formula
from explainer.data.models import (
    ID_PATTERN,
    SECTIONS,
    TOP_LEVEL,
    Claim,
    Correction,
    Counted,
    Label,
    Measure,
    PlaceWord,
    Site,
    Vocabulary,
)
from explainer.data.quantities import (
    BUILT_IN,
    Quantity,
    QuantityError,
    Units,
    is_currency,
    parse_quantity,
)
from explainer.data.validate import validated
from explainer.data.yaml import Document, parse
from explainer.data.yaml import Path as KeyPath
from explainer.problems import Place, Problem, Rule, choices, did_you_mean

# Reading


def read_text(path: Path, file: str) -> tuple[str, Problem | None]:
    """The text of a UTF-8 file, with plain line ends; and what is wrong with it."""
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), None
    except OSError:
        return "", Problem(
            Place(file, 1), Rule.UNREADABLE, "cannot be read", "look at its permissions"
        )
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        excerpt = content.splitlines()[line - 1].decode("utf-8", errors="replace").strip()
        message = "is not UTF-8 text"
        return "", Problem(Place(file, line), Rule.UNREADABLE, message, "save it as UTF-8", excerpt)


def load_dataset(path: Path, file: str) -> tuple[Dataset, list[Problem]]:
    """The dataset of a data file, with all that is wrong in the file taken by itself."""
    text, problem = read_text(path, file)
    if problem:
        return Dataset(Document(file, [])), [problem]
    document = parse(text, file)
    dataset = Dataset(document)
    problems = list(document.problems)
    if document.data is None and problems:
        return dataset, problems
    if not isinstance(document.data, dict):
        problems.append(
            document.problem(
                (),
                Rule.BAD_VALUE,
                "the data file is not a mapping of keys",
                f"its keys are {choices(TOP_LEVEL, 20)}",
            )
        )
        return dataset, problems
    problems += _fill(dataset, document.data)
    problems += _work_out(dataset)
    return dataset, problems


def _fill(dataset: Dataset, data: dict[str, Any]) -> list[Problem]:
    document, problems = dataset.document, []
    for key in data:
        if key not in TOP_LEVEL:
            # What is there under a misspelt name is missed by nobody.
            meant = did_you_mean(key, [name for name in TOP_LEVEL if name not in data])
            dataset.broken.add((meant.removeprefix('did you mean "').removesuffix('"?'),))
            problems.append(
                document.problem(
                    (key,),
                    Rule.UNKNOWN_KEY,
                    f'the data file knows no key "{key}"',
                    did_you_mean(key, TOP_LEVEL) or f"its keys are {choices(TOP_LEVEL, 20)}",
                )
            )
    site, found = validated(Site, data.get("site", {}), document, ("site",))
    dataset.site = site
    problems += found
    dataset.vocabulary, found = _vocabulary(dataset, data.get("vocabulary") or {})
    problems += found
    dataset.units = Units(frozenset(dataset.vocabulary.units))
    for section, model in SECTIONS.items():
        entries = data.get(section)
        if entries is None:
            continue
        if not isinstance(entries, dict):
            problems.append(
                document.problem(
                    (section,),
                    Rule.BAD_VALUE,
                    f"{section} maps ids to entries",
                    "write an id and a colon, and the entry below it, indented",
                )
            )
            continue
        for name, raw in entries.items():
            path: KeyPath = (section, name)
            if not re.fullmatch(ID_PATTERN, str(name)):
                problems.append(
                    document.problem(
                        path,
                        Rule.BAD_ID,
                        f'"{name}" cannot be an id',
                        "ids are made of a-z, 0-9 and single hyphens",
                    )
                )
                dataset.broken.add(path)
                continue
            entry, found = validated(model, raw, document, path)
            problems += found
            if entry is None:
                dataset.broken.add(path)
            else:
                getattr(dataset, section)[name] = entry
    corrections = data.get("corrections") or []
    if not isinstance(corrections, list):
        problems.append(
            document.problem(
                ("corrections",),
                Rule.BAD_VALUE,
                "corrections is a list",
                "begin each with a hyphen",
            )
        )
        corrections = []
    for index, raw in enumerate(corrections):
        correction, found = validated(Correction, raw, document, ("corrections", index))
        problems += found
        if correction:
            dataset.corrections.append(correction)
    return problems


def _vocabulary(dataset: Dataset, raw: Any) -> tuple[Vocabulary, list[Problem]]:
    """The vocabulary's sound words; the others are `broken`, so that nobody misses them."""
    document = dataset.document
    problems: list[Problem] = []
    kinds: dict[str, type[BaseModel]] = {
        "measures": Measure,
        "places": PlaceWord,
        "products": Label,
        "levels": Label,
        "units": Counted,
    }
    if not isinstance(raw, dict):
        _, problems = validated(Vocabulary, raw, document, ("vocabulary",))
        return Vocabulary(), problems
    for key in raw:
        if key not in kinds:
            problems.append(
                document.problem(
                    ("vocabulary", key),
                    Rule.UNKNOWN_KEY,
                    f'the vocabulary knows no key "{key}"',
                    did_you_mean(key, kinds) or f"its keys are {choices(kinds)}",
                )
            )
    words: dict[str, dict[str, Any]] = {}
    for kind, model in kinds.items():
        given = raw.get(kind) or {}
        if not isinstance(given, dict):
            problems.append(
                document.problem(
                    ("vocabulary", kind),
                    Rule.BAD_VALUE,
                    f"{kind} maps ids to words",
                    "write an id, a colon, and label:",
                )
            )
            continue
        for name, entry in given.items():
            path: KeyPath = ("vocabulary", kind, name)
            word, found = validated(model, entry, document, path)
            if not re.fullmatch(ID_PATTERN, str(name)):
                found.append(
                    document.problem(
                        path,
                        Rule.BAD_ID,
                        f'"{name}" cannot be an id',
                        "ids are made of a-z, 0-9 and single hyphens",
                    )
                )
            elif kind == "units" and (name in BUILT_IN or is_currency(name)):
                found.append(
                    document.problem(
                        path,
                        Rule.DUPLICATE_ID,
                        f'the unit "{name}" is built in',
                        "give the thing that is counted another name",
                    )
                )
            elif word is not None:
                words.setdefault(kind, {})[name] = word
            if found:
                dataset.broken.add(path)
            problems += found
    return Vocabulary(**words), problems


# Working out quantities


def _work_out(dataset: Dataset) -> list[Problem]:
    """Fill in every claim's quantity; formulas after what they need."""
    problems: list[Problem] = []
    for name, claim in dataset.claims.items():
        problem = _shape_problem(dataset, name, claim)
        if problem:
            problems.append(problem)
            dataset.broken.add(("claims", name))
            continue
        try:
            if claim.value is not None:
                dataset.quantities[name] = parse_quantity(claim.value, dataset.units)
            else:
                dataset.formulas[name] = parse_formula(claim.formula or "")
        except QuantityError as error:
            key = "value" if claim.value is not None else "formula"
            problems.append(
                dataset.document.problem(
                    ("claims", name, key), error.rule, error.message, error.hint
                )
            )
            dataset.broken.add(("claims", name))
    state: dict[str, str] = {}
    for name in dataset.formulas:
        problems += _evaluated(dataset, name, state, [])
    for name in [key for key in dataset.claims if key not in dataset.quantities]:
        dataset.broken.add(("claims", name))
    for name, quantity in dataset.quantities.items():
        problems += _sign_problems(dataset, name, quantity)
    return problems


def _shape_problem(dataset: Dataset, name: str, claim: Claim) -> Problem | None:
    path: KeyPath = ("claims", name)
    if (claim.value is None) == (claim.formula is None):
        return dataset.document.problem(
            path,
            Rule.MISSING_KEY if claim.value is None else Rule.BAD_VALUE,
            f'claim "{name}" needs either a value or a formula'
            + ("" if claim.value is None else ", not both"),
            "a value is what somebody said; a formula is our calculation",
        )
    if claim.formula is not None and claim.unit is None:
        return dataset.document.problem(
            path,
            Rule.MISSING_KEY,
            f'claim "{name}" has a formula and no "unit"',
            'add a line unit: …; a pure number has the unit "1"',
        )
    if claim.value is not None and claim.unit is not None:
        return dataset.document.problem(
            (*path, "unit"),
            Rule.BAD_VALUE,
            f'claim "{name}" has its unit in its value already',
            "delete the line; unit: belongs to formulas",
        )
    return None


def _evaluated(
    dataset: Dataset, name: str, state: dict[str, str], trail: list[str]
) -> list[Problem]:
    if state.get(name) == "done":
        return []
    path: KeyPath = ("claims", name, "formula")
    if name in trail:
        circle = " → ".join([*trail[trail.index(name) :], name])
        state[name] = "done"
        return [
            dataset.document.problem(
                path,
                Rule.CIRCULAR,
                f"formulas need each other: {circle}",
                "one of them has to state a value, or use other claims",
            )
        ]
    problems: list[Problem] = []
    formula, claim = dataset.formulas[name], dataset.claims[name]
    sound = True
    for call in formula.calls():
        found = _call_problem(dataset, path, call)
        if found:
            problems.append(found)
        used = call.arguments[0]
        if not found and call.function != "distance" and used in dataset.formulas:
            problems += _evaluated(dataset, used, state, [*trail, name])
        sound &= found is None
        sound &= call.function == "distance" or used in dataset.quantities
    state[name] = "done"
    if not sound:
        return problems
    try:
        dataset.quantities[name] = evaluate(
            formula, _resolver(dataset), dataset.units.unit(claim.unit or ""), claim.digits
        )
    except QuantityError as error:
        problems.append(dataset.document.problem(path, error.rule, error.message, error.hint))
    return problems


def _call_problem(dataset: Dataset, path: KeyPath, call: Call) -> Problem | None:
    for argument in call.arguments:
        if call.function == "distance":
            place = dataset.vocabulary.places.get(argument)
            if place is None or place.at is None:
                what = "no place" if place is None else "no position (at:) for the place"
                return dataset.document.problem(
                    path,
                    Rule.UNKNOWN_WORD,
                    f'{what} "{argument}"',
                    did_you_mean(argument, dataset.vocabulary.places),
                )
        elif not dataset.knows("claims", argument):
            return dataset.document.problem(
                path,
                Rule.UNKNOWN_CLAIM,
                f'no claim "{argument}"',
                did_you_mean(argument, dataset.names("claims")),
                needle=argument,
            )
    return None


def _resolver(dataset: Dataset) -> Callable[[Call], Quantity]:
    def resolve(call: Call) -> Quantity:
        if call.function == "distance":
            first, last = (dataset.vocabulary.places[name] for name in call.arguments)
            return great_circle(first, last, dataset.units.unit("km"))
        quantity = dataset.quantities[call.arguments[0]]
        if call.function == "claim":
            return quantity
        end = quantity.value
        if end is None:
            raise QuantityError(
                Rule.BAD_FORMULA,
                f'stated("{call.arguments[0]}") is a range, which states no single figure',
                "use claim(…), which carries both ends through",
            )
        return Quantity(end, end, quantity.unit, quantity.approximate)

    return resolve


def _sign_problems(dataset: Dataset, name: str, quantity: Quantity) -> list[Problem]:
    claim = dataset.claims[name]
    measure = dataset.vocabulary.measures.get(claim.measure)
    if measure is None or measure.signed or all(end >= 0 for end in quantity.ends()):
        return []
    key = "value" if claim.value is not None else "formula"
    return [
        dataset.document.problem(
            ("claims", name, key),
            Rule.BAD_QUANTITY,
            f'the measure "{claim.measure}" is never negative, '
            f"and this can be {quantity.written()}",
            "add signed: true to the measure in the vocabulary if it can be",
        )
    ]
