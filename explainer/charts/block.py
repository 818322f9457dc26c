"""Any Vega-Lite specification from a note, in the site's looks and sizes.

Not a form that the data file can name: its rows come with it, and Vega labels its axes by itself.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from explainer.charts.days import in_utc, unreadable
from explainer.charts.form import Form, FormOptions, Row
from explainer.charts.theme import WIDE, Size, config
from explainer.text.numbers import number_tokens

Place = tuple[str | int, ...]

HEIGHTS = {"wide": 320, "narrow": 260}
"""Height in px of a drawing that names none."""

VIEWS = ("layer", "concat", "hconcat", "vconcat", "spec")
"""Keys that hold further views."""

SEVERAL = ("concat", "hconcat", "vconcat", "spec")
"""Those of them that hold views with widths of their own."""

UNSTATED = 300
"""Width in px that Vega-Lite gives to a view that states none,"""

UNSTATED_STEP = 20
"""and to a step of a scale of names."""

SHOWN = {"title", "subtitle", "text", "tooltip", "description"}
"""Keys of a specification whose words readers see or hear."""

LOADED = re.compile(r"url\s*\(|https?:|^\s*//", re.IGNORECASE)
"""What a value looks like that makes a browser load something."""

LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
"""A text within an expression of Vega, in either kind of quotes."""

SPECIFIER = re.compile(r"""(\bformat\([^()]*,\s*)(['"])[-+ $#(,.~\d]*[a-z%]?\2""")
"""How an expression says that a number is to be formatted."""

DIRECTIVE = re.compile(r"%[-_0]?[a-zA-Z]")
"""A part of a format of dates."""

NUMBER = re.compile(
    r"(\d+(?:[,\u202f\u00a0]\d{3})*(?:\.\d+)?)\s?([yzafpnµmkMGTPEZY%](?![a-zA-Z]))?"
)
"""A number as Vega formats it, and the letter that stands for a power of ten."""

PREFIXES = {"%": 1e-2, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
"""Letters that stand for a power of ten, and the per cent sign."""

LETTERS = 4
"""A label of a scale holds as many letters at most: a unit, or the name of a month."""

MADE = {"fold": ["key", "value"], "density": ["value", "density"], "quantile": ["prob", "value"]}
"""Fields that a transform makes where it names none."""


class Options(FormOptions):
    """A specification without its data, and the rows that it draws."""

    spec: dict[str, Any]
    rows: list[dict[str, Any]]


def unknown_fields(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[str, Place]]:
    """The fields that a specification names and neither its rows nor its transforms have."""
    known = {key for row in rows for key in row} | set(_made(spec))
    if "*" in known:
        return
    for name, path in _fields(spec, ()):
        first = name.replace("[", ".").split(".")[0]
        if name not in known and first not in known:
            yield name, path


def _fields(value: Any, path: Place) -> Iterator[tuple[str, Place]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("field", "groupby") and not isinstance(item, dict):
                names = item if isinstance(item, list) else [item]
                yield from ((name, (*path, key)) for name in names if isinstance(name, str))
            elif key not in ("data", "datasets", "from"):
                yield from _fields(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _fields(item, (*path, index))


def _made(value: Any) -> Iterator[str]:
    """The fields that transforms make; `*` where nobody can say."""
    if isinstance(value, dict):
        made = value.get("as")
        yield from (name for name in (made if isinstance(made, list) else [made]) if name)
        for transform, names in MADE.items():
            if transform in value and not made:
                yield from names
        if "pivot" in value or "lookup" in value:
            yield "*"
        for item in value.values():
            yield from _made(item)
    elif isinstance(value, list):
        for item in value:
            yield from _made(item)


def refused(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[Place, str, str]]:
    """Where a specification would load something, mislead, or show what is in none of its rows.

    Each with its place, the reason, and what to do.
    """
    yield from _loads(spec, ())
    yield from _misleads(spec, (), {})
    yield from _aside(spec, ())
    yield from unreadable(spec, rows)
    if rows:
        yield from _placed(spec, rows, _sliders(spec), ())


def _loads(value: Any, path: Place) -> Iterator[tuple[Place, str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            here = (*path, key)
            if key == "url":
                yield here, "a chart loads nothing from elsewhere", "put the rows into it"
            elif key == "href":
                yield here, "a mark is not a link", "put the link into the note"
            elif key == "usermeta":
                yield here, "a chart has no usermeta", "the page decides how a chart is embedded"
            elif key == "element" and path[-1:] == ("bind",):
                yield here, "a control stands in its own figure", "leave element out"
            elif item == "image" and (key == "mark" or (key == "type" and path[-1:] == ("mark",))):
                yield here, "a chart loads no images", "put the image into the note"
            else:
                yield from _loads(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _loads(item, (*path, index))
    elif isinstance(value, str) and not _is_shown(path) and LOADED.search(value):
        if path == ("$schema",):
            return
        yield path, "a chart loads nothing from elsewhere", "colours are names or #rrggbb"


def _aside(value: Any, path: Place) -> Iterator[tuple[Place, str, str]]:
    """Rows beside those that the table and the CSV file of the figure hold."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = (*path, key)
            if key == "datasets" or (key == "data" and not _looked_up(path) and _numbered(item)):
                yield here, "its table would not hold these rows", "put all rows into data: on top"
            elif key == "data" and _looked_up(path) and _numbers_in(item):
                yield (
                    here,
                    "a lookup brings numbers that its table would not hold",
                    "put them into its rows, and look up names only",
                )
            elif key != "data":
                yield from _aside(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _aside(item, (*path, index))


def _looked_up(path: Place) -> bool:
    return path[-1:] == ("from",)


def _numbered(data: Any) -> bool:
    """Whether data is more than the outline of a map; what is loaded is refused already."""
    return not isinstance(data, dict) or not set(data) & {"sphere", "graticule", "url"}


def _numbers_in(value: Any) -> bool:
    if isinstance(value, (dict, list)):
        return any(map(_numbers_in, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sliders(spec: Mapping[str, Any]) -> set[str]:
    """The parameters that readers set: what stands at one of them is their choice."""
    params = spec.get("params")
    found = [p for p in params if isinstance(p, dict)] if isinstance(params, list) else []
    return {str(param.get("name")) for param in found if isinstance(param.get("bind"), dict)}


def _placed(
    value: Any, rows: Sequence[Row], sliders: Collection[str], path: Place
) -> Iterator[tuple[Place, str, str]]:
    """Marks that stand at a number which no row holds."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = (*path, key)
            if key != "datum":
                yield from _placed(item, rows, sliders, here)
            elif isinstance(item, dict) and "expr" in item:
                if str(item["expr"]).strip() not in sliders:
                    yield (
                        here,
                        "a mark would stand where an expression puts it",
                        "place it by a field of its rows, or by a parameter bound to a control",
                    )
                elif "domain" not in (value.get("scale") or {}):
                    yield (
                        here,
                        "Vega-Lite finds no scale for a mark that a control moves",
                        "give the channel scale: {domain: [from, to]}",
                    )
            elif not _known(item, rows):
                yield (
                    here,
                    f"a mark would stand at {item}, which is in no row",
                    "put the number into a row, with its source, and place the mark by its field",
                )
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _placed(item, rows, sliders, (*path, index))


def _known(value: Any, rows: Sequence[Row]) -> bool:
    """Whether a number is zero, of the rows, or a year within those of a field of the rows."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value == 0:
        return True
    for name in dict.fromkeys(key for row in rows for key in row):
        found = [row[name] for row in rows if isinstance(row.get(name), (int, float))]
        if value in found:
            return True
        years = found and all(isinstance(year, int) and 1900 <= year <= 2099 for year in found)
        if years and min(found) <= value <= max(found) and value == int(value):
            return True
    return False


def written(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[Place, str]]:
    """The words of a specification that readers would see, and where they stand in it."""
    known = {str(item) for row in rows for item in row.values()}
    waiting: list[tuple[Place, Any]] = [((), spec)]
    while waiting:
        path, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [((*path, key), item) for key, item in value.items()]
            if isinstance(value.get("bind"), dict) and "name" not in value["bind"]:
                # The name of a parameter stands before its control where it has no other.
                yield (*path, "name"), str(value.get("name", ""))
        elif isinstance(value, list):
            waiting += [((*path, index), item) for index, item in enumerate(value)]
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            yield from ((path, text) for text in _seen(path, value, known))


def _seen(path: Place, value: str | float, known: Collection[str]) -> Iterator[str]:
    """What readers see of a value of a specification."""
    keys = [key for key in path if isinstance(key, str)]
    key = keys[-1] if keys else ""
    if _is_shown(path):
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


def _is_shown(path: Place) -> bool:
    """Whether the words at a place of a specification stand in the drawing as they are."""
    keys = [key for key in path if isinstance(key, str)]
    return bool(keys) and (
        keys[-1] in SHOWN or (keys[-1] in ("value", "datum") and bool(SHOWN & set(keys)))
    )


def relabelled(spec: Any) -> Place:
    """Where a specification writes the labels of a scale itself; an empty place if nowhere."""
    return next((path for path, _ in _strings(spec, ()) if path[-1:] == ("labelExpr",)), ())


def unlabelled(value: Any) -> Any:
    """The specification with the labels that its scales have by themselves."""
    if isinstance(value, dict):
        return {key: unlabelled(item) for key, item in value.items() if key != "labelExpr"}
    return [unlabelled(item) for item in value] if isinstance(value, list) else value


def tick(text: str, scale: Sequence[str] | None) -> bool:
    """Whether a label of an axis or a legend is one of its scale: a number, or a short date.

    A specification may put the numbers of its scales, which are given then, into words of its own.
    """
    if scale is not None:
        return number_tokens(text) <= number_tokens(" ".join(scale))
    return sum(character.isalpha() for character in text) <= LETTERS


def formatted(text: str, rows: Sequence[Row]) -> bool:
    """Whether every number of a text is a number of the rows, perhaps rounded."""
    values = [
        abs(value)
        for row in rows
        for value in row.values()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    for match in NUMBER.finditer(text):
        digits = re.sub(r"[,\u202f\u00a0]", "", match[1])
        unit = float(PREFIXES.get(match[2], 1))
        step = unit / 10 ** len(digits.partition(".")[2])
        number = float(digits) * unit
        if not any(abs(value - number) <= step * 0.501 for value in values):
            return False
    return True


def _strings(value: Any, path: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))
    elif isinstance(value, str):
        yield path, value


def _misleads(
    view: Mapping[str, Any], path: Place, above: Mapping[str, Any]
) -> Iterator[tuple[Place, str, str]]:
    encoding = (
        {**above, **view.get("encoding", {})}
        if isinstance(view.get("encoding", {}), dict)
        else dict(above)
    )
    mark = view.get("mark")
    kind = mark.get("type") if isinstance(mark, dict) else mark
    for channel in ("x", "y"):
        scale = (
            encoding.get(channel, {}).get("scale")
            if isinstance(encoding.get(channel), dict)
            else None
        )
        if kind in ("bar", "area") and isinstance(scale, dict) and scale.get("type") == "log":
            yield (
                (*path, "mark"),
                f"a {kind} on a log axis has no length that means anything",
                "use points or ticks, or a linear scale",
            )
    for key in VIEWS:
        inner = view.get(key)
        for index, item in enumerate(inner if isinstance(inner, list) else [inner]):
            if isinstance(item, dict):
                place = (*path, key, index) if isinstance(inner, list) else (*path, key)
                yield from _misleads(item, place, encoding)


def draw(
    rows: list[Row], settings: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> dict[str, Any]:
    """The specification over its rows, in the site's looks, fitted to the size where it can be.

    It does not become an Altair chart on its way: that would give a selection of one view to all.

    Of several views, only those that stand alone are fitted here: `shrunk` makes the others
    narrower, once it is known how wide they come out.
    """
    import altair as alt  # Imported late: a build in which nothing is drawn does not need it.

    spec, rows = in_utc(settings["spec"], rows)
    if size.width < WIDE.width:
        spec = _stacked(spec)
    own = spec.pop("config", None) or {}
    if not _several(spec):
        spec["width"] = size.width
        spec.setdefault("height", HEIGHTS[size.name])
        spec["autosize"] = {"type": "fit", "contains": "padding"}
    looks = config()
    looks["mark"] = {**looks["mark"], "tooltip": True}
    # Where a view has no ground, no pointer meets it, and no interval can be drawn on it.
    looks["view"] = {**looks["view"], "fill": "transparent"}
    # Vega's own black would not be seen on a dark page.
    looks["header"] = {"titleColor": looks["header"]["labelColor"], **looks["header"]}
    spec |= {
        "$schema": alt.SCHEMA_URL,
        "padding": 2,
        "config": _merged(looks, own),
        "data": {"values": rows},
    }
    return spec


def _several(spec: Mapping[str, Any]) -> bool:
    """Whether a specification has several views, each of a width of its own."""
    encoding = spec.get("encoding") or {}
    inner = ("concat", "hconcat", "vconcat", "spec", "facet")
    return any(key in spec for key in inner) or any(
        key in encoding for key in ("facet", "row", "column")
    )


def _stacked(view: dict[str, Any]) -> dict[str, Any]:
    """The view with what stood side by side one below the other."""
    view = dict(view)
    if "hconcat" in view:
        view["vconcat"] = view.pop("hconcat")
    facet, encoding = view.get("facet"), dict(view.get("encoding") or {})
    if isinstance(facet, dict) and "column" in facet and "row" not in facet:
        view["facet"] = facet = facet["column"]
    wrapped = isinstance(facet, dict) and not {"row", "column"} & set(facet)
    if wrapped or "concat" in view or isinstance(view.get("repeat"), list):
        view["columns"] = 1
    if "column" in encoding and "row" not in encoding:
        encoding["facet"] = encoding.pop("column")
    if isinstance(encoding.get("facet"), dict):
        view["encoding"] = {**encoding, "facet": {**encoding["facet"], "columns": 1}}
    for key in SEVERAL:
        inner = view.get(key)
        if isinstance(inner, list):
            view[key] = [_stacked(item) for item in inner]
        elif isinstance(inner, dict):
            view[key] = _stacked(inner)
    return view


def shrunk(spec: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """A drawn specification with the widths of its views, stated or not, times a factor."""
    made = _shrunk(spec, factor)
    view = dict(made["config"].get("view") or {})
    # Its step is of heights too, which stay as they are.
    view["continuousWidth"] = _scaled(view.get("continuousWidth", UNSTATED), factor)
    step = {"step": view.get("step", UNSTATED_STEP)}
    view["discreteWidth"] = _scaled(view.get("discreteWidth", step), factor)
    return {**made, "config": {**made["config"], "view": view}}


def _shrunk(view: Mapping[str, Any], factor: float) -> dict[str, Any]:
    made = dict(view)
    if "width" in made:
        made["width"] = _scaled(made["width"], factor)
    for key in SEVERAL:
        inner = made.get(key)
        if isinstance(inner, list):
            made[key] = [_shrunk(item, factor) for item in inner]
        elif isinstance(inner, dict):
            made[key] = _shrunk(inner, factor)
    return made


def _scaled(width: Any, factor: float) -> Any:
    if isinstance(width, dict):
        return {key: _scaled(item, factor) for key, item in width.items()}
    return width * factor if isinstance(width, (int, float)) else width


def _merged(looks: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The site's looks, and within each key of them what a specification says otherwise."""
    return {
        **looks,
        **{
            key: _merged(looks[key], item)
            if isinstance(item, dict) and isinstance(looks.get(key), dict)
            else item
            for key, item in own.items()
        },
    }


FORM = Form(
    name="vega-lite",
    options=Options,
    axis=lambda options: [],
    rows=lambda options, voice: options.rows,
    settings=lambda options, rows, voice: {"spec": options.spec},
    draw=draw,
    words=lambda options, rows, voice: {},
    ticks=lambda options, rows, voice: [],
    columns=(),
    published=(),
    misleads=lambda options, voice: [],
    labels_itself=True,
)
