"""The data file, `content/data.yaml`, as typed records in which every value knows its line.

Each entry is validated by itself, so that one mistake hides no other; then every formula is worked
out.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from explainer.formulas import Call, Formula, evaluate, parse_formula
from explainer.models import (
    ID_PATTERN,
    NOUNS,
    SECTIONS,
    TOP_LEVEL,
    Chart,
    Claim,
    Correction,
    Counted,
    Disagreement,
    Label,
    LocalText,
    Measure,
    PlaceWord,
    Series,
    Site,
    Source,
    Speaker,
    Term,
    Vocabulary,
)
from explainer.problems import Place, Problem, Rule, choices, did_you_mean
from explainer.quantities import (
    BUILT_IN,
    Quantity,
    QuantityError,
    Unit,
    Units,
    is_currency,
    parse_quantity,
)
from explainer.strictyaml import Document, parse
from explainer.strictyaml import Path as KeyPath

EARTH_RADIUS_KM = Fraction(6371)
"""Mean radius of the Earth (IUGG), for great-circle distances."""


@dataclass
class Dataset:
    """The data file, checked entry by entry; what did not validate is left out and `broken`."""

    document: Document
    site: Site | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    speakers: dict[str, Speaker] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    disagreements: dict[str, Disagreement] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)
    glossary: dict[str, Term] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    """The quantity of each claim, formulas worked out."""
    formulas: dict[str, Formula] = field(default_factory=dict)
    broken: set[KeyPath] = field(default_factory=set)
    """Entries that are there but did not validate: to be missed by nobody else."""
    units: Units = field(default_factory=Units)

    def has_word(self, kind: str, name: str) -> bool:
        """Whether the vocabulary has a measure, place, product or level, sound or broken."""
        words = getattr(self.vocabulary, kind)
        lost = {("vocabulary",), ("vocabulary", kind), ("vocabulary", kind, name)}
        return name in words or bool(lost & self.broken)

    def knows(self, section: str, name: str) -> bool:
        """Whether there is an entry of that id, sound or broken."""
        lost = {(section,), (section, name)}
        return name in getattr(self, section) or bool(lost & self.broken)

    def names(self, section: str) -> list[str]:
        """The ids of a section, sound and broken: what an editor may have meant."""
        broken = [str(path[1]) for path in self.broken if len(path) == 2 and path[0] == section]
        return [*getattr(self, section), *sorted(broken)]

    def label(self, words: str, name: str | None, language: str) -> str:
        """The label of a measure, place, product or level, or an empty string for none."""
        word = getattr(self.vocabulary, words).get(name) if name else None
        return word.label.said(language) if word else ""

    def unit_labels(self, language: str) -> dict[str, dict[str, Any]]:
        """The nouns of the counted units in a language."""
        return {
            name: unit.label.get(language, next(iter(unit.label.values()))).model_dump(
                exclude_none=True
            )
            for name, unit in self.vocabulary.units.items()
        }

    def speakers_of(self, claim: Claim) -> list[Speaker]:
        """Those who said a claim, as far as they are known."""
        return [self.speakers[name] for name in claim.speakers if name in self.speakers]

    def inputs(self, name: str) -> list[str]:
        """The ids of the claims that a calculation uses directly, in order, each once."""
        formula = self.formulas.get(name)
        calls = formula.calls() if formula else []
        return list(dict.fromkeys(c.arguments[0] for c in calls if c.function != "distance"))

    def grounds(self, name: str) -> list[str]:
        """The ids of the sourced claims on which a claim rests: itself, or a formula's inputs."""
        if name not in self.formulas:
            return [name]
        found = [ground for part in self.inputs(name) for ground in self.grounds(part)]
        return list(dict.fromkeys(found))

    def sources_of(self, name: str) -> list[str]:
        """The ids of the sources behind a claim, nearest the speaker first, each once."""
        chains = [
            self.claims[ground].chain for ground in self.grounds(name) if ground in self.claims
        ]
        return list(dict.fromkeys(source for chain in chains for source in chain))

    def disputes(self, name: str) -> list[str]:
        """The ids of the disagreements in which a claim stands."""
        return [
            key for key, disagreement in self.disagreements.items() if name in disagreement.claims
        ]

    def texts(self) -> Iterator[tuple[KeyPath, LocalText]]:
        """Every text of the data file with its path."""
        if self.site:
            yield from _texts(self.site, ("site",))
        yield from _texts(self.vocabulary, ("vocabulary",))
        for section in SECTIONS:
            for name, entry in getattr(self, section).items():
                yield from _texts(entry, (section, name))
        for index, correction in enumerate(self.corrections):
            yield from _texts(correction, ("corrections", index))


def _texts(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, LocalText]]:
    if isinstance(value, LocalText):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*path, name))
        for name, extra in (value.model_extra or {}).items():
            yield from _texts(extra, (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


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


def great_circle(first: PlaceWord, last: PlaceWord, unit: Unit) -> Quantity:
    """The great-circle distance in km on a sphere (haversine formula), about where schematic."""
    assert first.at is not None and last.at is not None
    (lat1, lon1), (lat2, lon2) = (
        (math.radians(place.at[0]), math.radians(place.at[1]))
        for place in (first, last)
        if place.at
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    kilometres = Fraction(round(2 * float(EARTH_RADIUS_KM) * math.asin(math.sqrt(half))))
    approximate = first.schematic or last.schematic
    return Quantity(kilometres, kilometres, unit, approximate, digits=3)


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
