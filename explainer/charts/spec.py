"""A Vega-Lite specification as it is written: its parts, its views, its fields and its words."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from explainer.charts.form import Row
from explainer.data.kinds import is_number
from explainer.problems import KeyPath

VIEWS = ("layer", "concat", "hconcat", "vconcat", "spec")
"""Keys that hold further views."""

SHOWN = {"title", "subtitle", "text", "tooltip", "description"}
"""Keys of a specification whose words readers see or hear."""

LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
"""A text within an expression of Vega, in either kind of quotes."""

SPECIFIER = re.compile(r"""(\bformat\([^()]*,\s*)(['"])[-+ $#(,.~\d]*[a-z%]?\2""")
"""How an expression says that a number is to be formatted."""

DIRECTIVE = re.compile(r"%[-_0]?[a-zA-Z]")
"""A part of a format of dates."""

MADE = {"fold": ["key", "value"], "density": ["value", "density"], "quantile": ["prob", "value"]}
"""Fields that a transform makes where it names none."""

OURS = {"joinaggregate", "window", "regression", "loess", "density", "quantile", "impute"}
"""Transforms that make numbers which stand in no row,"""

STATED = {"count", "min", "max", "argmin", "argmax", "distinct", "valid", "missing", "values"}
"""operations that do not,"""

SUMMARIES = ("boxplot", "errorbar", "errorband")
"""and marks that do."""


class View(NamedTuple):
    """A single view: where it stands, its kind of mark, and its channels with those around it."""

    path: KeyPath
    mark: str
    look: Mapping[str, Any]
    """What its mark says of itself beside its kind."""
    encoding: Mapping[str, Any]

    def channel(self, name: str) -> Mapping[str, Any]:
        """A channel; an empty one where it has none."""
        found = self.encoding.get(name)
        return found if isinstance(found, dict) else {}

    def scale(self, name: str) -> Mapping[str, Any]:
        """The scale of a channel, as far as it says something of it."""
        found = self.channel(name).get("scale")
        return found if isinstance(found, dict) else {}


def parts(
    value: Any, path: KeyPath = (), without: Collection[str] = ()
) -> Iterator[tuple[KeyPath, Any]]:
    """Every part of a specification with its place, from the top down, but below some keys."""
    yield path, value
    inner: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else inner:
        if key not in without:
            yield from parts(item, (*path, key), without)


def views(view: Mapping[str, Any], path: KeyPath = (), above: Any = None) -> Iterator[View]:
    """The single views of a specification."""
    own = view.get("encoding")
    encoding = {**(above or {}), **(own if isinstance(own, dict) else {})}
    mark = view.get("mark")
    look = mark if isinstance(mark, dict) else {"type": mark}
    if mark:
        yield View(path, str(look.get("type")), look, encoding)
    for key in VIEWS:
        inner = view.get(key)
        for index, item in enumerate(inner if isinstance(inner, list) else [inner]):
            if isinstance(item, dict):
                place = (*path, key, index) if isinstance(inner, list) else (*path, key)
                yield from views(item, place, encoding)


def with_views(
    view: Mapping[str, Any], change: Callable[[Any], Any], keys: Collection[str] = VIEWS
) -> dict[str, Any]:
    """A view with those changed that stand in it under some keys."""
    made = dict(view)
    for key in keys:
        inner = made.get(key)
        if isinstance(inner, list):
            made[key] = [change(item) if isinstance(item, dict) else item for item in inner]
        elif isinstance(inner, dict):
            made[key] = change(inner)
    return made


# Fields


def fields(spec: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath]]:
    """The fields that a specification names, each with its place."""
    for path, value in parts(spec, (), ("data", "datasets", "from")):
        key = path[-1] if path else ""
        if key in ("field", "groupby") or (key == "repeat" and isinstance(value, list)):
            names = value if isinstance(value, list) else [value]
            yield from ((name, path) for name in names if isinstance(name, str))


def made(spec: Mapping[str, Any]) -> set[str]:
    """The fields that transforms make; `*` where nobody can say."""
    found: set[str] = set()
    for _, value in parts(spec):
        if isinstance(value, dict):
            names = value.get("as")
            found |= {str(n) for n in (names if isinstance(names, list) else [names]) if n}
            if not names:
                found.update(*(usual for transform, usual in MADE.items() if transform in value))
            if "pivot" in value or "lookup" in value:
                found.add("*")
    return found


def left_out(spec: Mapping[str, Any], rows: Sequence[Row]) -> set[int]:
    """The numbers of the rows that its plain filters, those of a field with `oneOf` or `equal` on
    top of it, leave out."""
    steps, ours = spec.get("transform"), made(spec)
    out: set[int] = set()
    for step in steps if isinstance(steps, list) else []:
        test = step.get("filter") if isinstance(step, dict) else None
        if not isinstance(test, dict) or not isinstance(test.get("field"), str):
            continue
        kept = test.get("oneOf", [test["equal"]] if "equal" in test else None)
        if isinstance(kept, list) and test["field"] not in ours and "timeUnit" not in test:
            out |= {n for n, row in enumerate(rows) if row.get(test["field"]) not in kept}
    return out


def way_of(name: str) -> list[str]:
    """The keys by which a field is reached: of `a.b[0]`, three; of `a\\.b`, one."""
    keys = [""]
    for token in re.findall(r"\\.|[^\\.\[\]]+|[.\[\]]", name):
        if token in (".", "["):
            keys.append("")
        elif token != "]":
            keys[-1] += token[1:] if token[0] == "\\" else token.strip("'\"")
    return [key for key in keys if key]


def values_of(name: Any, rows: Sequence[Row], spec: Mapping[str, Any]) -> list[tuple[int, Any]]:
    """What the rows hold in a field, by their numbers; nothing where a transform may change it."""
    keys = way_of(name) if isinstance(name, str) else []
    if len(keys) != 1 or {name, "*"} & made(spec):
        return []
    return [(number, row[keys[0]]) for number, row in enumerate(rows) if keys[0] in row]


def calculates(spec: Mapping[str, Any]) -> bool:
    """Whether it shows numbers that are worked out from those of its rows."""
    return any(
        key in OURS
        or (key == "aggregate" and isinstance(value, str) and value not in STATED)
        or (key == "op" and value not in STATED and "transform" in path)
        or (key == "calculate" and re.search(r"[-+*/%]|\w\(", LITERAL.sub("", str(value))))
        or (value in SUMMARIES and (key == "mark" or path[-2:] == ("mark", "type")))
        for path, value in parts(spec)
        for key in path[-1:]
    )


# Words


def written(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[KeyPath, str]]:
    """The words of a specification that readers would see, and where they stand in it."""
    known = {str(item) for row in rows for item in row.values()}
    waiting: list[tuple[KeyPath, Any]] = [((), spec)]
    while waiting:
        path, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [((*path, key), item) for key, item in value.items()]
            if isinstance(value.get("bind"), dict) and "name" not in value["bind"]:
                # The name of a parameter stands before its control where it has no other.
                yield (*path, "name"), str(value.get("name", ""))
        elif isinstance(value, list):
            waiting += [((*path, index), item) for index, item in enumerate(value)]
        elif isinstance(value, str) or is_number(value):
            yield from ((path, text) for text in _seen(path, value, known))


def _seen(path: KeyPath, value: str | float, known: Collection[str]) -> Iterator[str]:
    """What readers see of a value of a specification."""
    keys = [key for key in path if isinstance(key, str)]
    key = keys[-1] if keys else ""
    if is_shown(path):
        yield str(value)
    elif not isinstance(value, str):
        return
    elif key in ("calculate", "expr", "labelExpr"):
        plain = SPECIFIER.sub(r"\1''", value)
        yield from (one or two for one, two in LITERAL.findall(plain))
    elif ("bind" in keys and key in ("name", "labels", "options")) or (
        key in ("domain", "values") and value not in known
    ):
        yield value
    elif key in ("format", "timeFormat") and DIRECTIVE.search(value):
        yield DIRECTIVE.sub(" ", value)


def is_shown(path: KeyPath) -> bool:
    """Whether the words at a place of a specification stand in the drawing as they are."""
    keys = [key for key in path if isinstance(key, str)]
    return bool(keys) and (
        keys[-1] in SHOWN or (keys[-1] in ("value", "datum") and bool(SHOWN & set(keys)))
    )


def relabelled(spec: Any) -> KeyPath:
    """Where a specification writes the labels of a scale itself; an empty place if nowhere."""
    return next((path for path, _ in parts(spec) if path[-1:] == ("labelExpr",)), ())


def unlabelled(value: Any) -> Any:
    """The specification with the labels that its scales have by themselves."""
    if isinstance(value, dict):
        return {key: unlabelled(item) for key, item in value.items() if key != "labelExpr"}
    return [unlabelled(item) for item in value] if isinstance(value, list) else value
