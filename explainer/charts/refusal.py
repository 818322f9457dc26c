"""What a specification of a note may not ask for: to load, to mislead, to show nothing."""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from explainer.charts import spec as specs
from explainer.charts.colors import contrast
from explainer.charts.days import ISO
from explainer.charts.form import Row
from explainer.charts.spec import LITERAL, View, parts
from explainer.charts.theme import SERIES, TOKENS
from explainer.data.kinds import is_number
from explainer.problems import KeyPath, choices, did_you_mean

LOADED = re.compile(r"url\s*\(|https?:|^\s*//", re.IGNORECASE)
"""What a value looks like that makes a browser load something."""

COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]+|(?:rgb|hsl)a?\([\d.,%/ deg-]*\)"
    r"|var\(--[a-z0-9-]+\)",
    re.IGNORECASE,
)
"""All that a colour may be."""

PAINTS = re.compile(r"fill|stroke|background|cursor|color|.*Color")
"""Keys that hold a colour, or the shape of the pointer."""

WITHIN = {"value", "range", "condition", "scale", "expr"}
"""Keys below those that hold one, too."""

CALLS = {"if", "scale", "isValid", "inrange", "indexof", "abs", "length"}
"""Functions that an expression may call where it chooses a colour."""

FAINTEST = 1.35
"""The contrast with the page, light or dark, that a colour of an editor has at least."""

MOST_SAID = 10
"""Rows of one field that are told of, where what is wrong is wrong in all of them."""

LEAST_STEP = 14
"""Height in px that a name on the left takes."""

LARGEST = 10**15
"""A greater number loses its last digits in a chart."""

LATEST = 10**7
"""A smaller number is no moment, counted in milliseconds, that anybody meant."""


class Refusal(NamedTuple):
    """Why a specification is not drawn: at which place, for what reason, and what to do."""

    path: KeyPath
    reason: str
    hint: str
    needle: str = ""


def refused(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Refusal]:
    """Where a specification would load something, mislead, or show what is in none of its rows."""
    yield from _loads(spec)
    yield from _aside(spec)
    yield from _too_large(spec, rows)
    yield from _crowded(spec, rows)
    for view in specs.views(spec):
        yield from _bars(view)
        yield from _faint(view)
    if rows:
        yield from unknown_fields(spec, rows)
        yield from _placed(spec, rows)
        said: set[tuple[str, str]] = set()
        for view in specs.views(spec):
            for refusal in _of_rows(view, rows, spec):
                if (refusal.reason, str(refusal.path)) not in said:
                    said.add((refusal.reason, str(refusal.path)))
                    yield refusal


# What it loads

NOT_HERE: Mapping[str | int, tuple[str, str]] = {
    "url": ("a chart loads nothing from elsewhere", "put the rows into it"),
    "href": ("a mark is not a link", "put the link into the note"),
    "usermeta": ("a chart has no usermeta", "the page decides how a chart is embedded"),
}
"""Keys that no specification has, each with the reason and what to do."""


def _loads(spec: Mapping[str, Any]) -> Iterator[Refusal]:
    for path, value in parts(spec):
        key, above = (path[-1], path[-2:-1]) if path else ("", ())
        if any(name in NOT_HERE for name in path[:-1]):
            continue
        if key in NOT_HERE:
            yield Refusal(path, *NOT_HERE[key])
        elif key == "element" and above == ("bind",):
            yield Refusal(path, "a control stands in its own figure", "leave element out")
        elif value == "image" and (key == "mark" or (key == "type" and above == ("mark",))):
            yield Refusal(path, "a chart loads no images", "put the image into the note")
        elif isinstance(value, str):
            yield from _loading_text(path, value)


def _loading_text(path: KeyPath, text: str) -> Iterator[Refusal]:
    if path == ("$schema",) or specs.is_shown(path):
        return
    if LOADED.search(text):
        yield Refusal(path, NOT_HERE["url"][0], "colours are names or #rrggbb")
        return
    keys = [key for key in path if isinstance(key, str)]
    paint = next((n for n, key in reversed([*enumerate(keys)]) if PAINTS.fullmatch(key)), None)
    if paint is None or not set(keys[paint + 1 :]) <= WITHIN:
        return
    if keys[-1] == "expr":
        code = LITERAL.sub("", text)
        literals = [one or two for one, two in LITERAL.findall(text)]
        calls = set(re.findall(r"(\w+)\s*\(", code)) - CALLS
        if "+" in code or calls or not all(map(_is_paint, literals)):
            hint = "choose between colours: datum.weight > 3 ? 'teal' : '#b34700'"
            yield Refusal(path, "an expression would make a colour of its own", hint)
    elif not _is_paint(text):
        hint = "colours are names, #rrggbb, or var(--series-1)"
        yield Refusal(path, f'"{text}" is no colour', hint)


def _is_paint(text: str) -> bool:
    """Whether a text can be a colour, or the shape of the pointer."""
    return bool(COLOUR.fullmatch(text) or re.fullmatch("[a-z-]*", text))


def _aside(spec: Mapping[str, Any]) -> Iterator[Refusal]:
    """Rows beside those that the table and the CSV file of the figure hold."""
    for path, value in parts(spec, (), ("values", "sequence")):
        key, looked_up = (path[-1], path[-2:-1] == ("from",)) if path else ("", False)
        # It may be the outline of a map; what is loaded is refused already.
        bare = isinstance(value, dict) and {"sphere", "graticule", "url"} & set(value)
        if key == "datasets" or (key == "data" and not looked_up and not bare):
            hint = "put all rows into data: on top"
            yield Refusal(path, "its table would not hold these rows", hint)
        elif key == "data" and looked_up and any(is_number(item) for _, item in parts(value)):
            hint = "put them into its rows, and look up names only"
            yield Refusal(path, "a lookup brings numbers that its table would not hold", hint)


def _too_large(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Refusal]:
    whole = [*parts(spec), *parts(list(rows), ("data", "values"))]
    for path, value in whole:
        if is_number(value) and not abs(value) <= LARGEST:
            yield Refusal(path, "a number is more than a chart can hold", "count in a larger unit")


# What misleads


def _bars(view: View) -> Iterator[Refusal]:
    """Bars whose lengths would say something else: on a log axis, or on one without its zero."""
    if view.mark not in ("bar", "area"):
        return
    for channel in ("x", "y"):
        if view.scale(channel).get("type") == "log":
            yield Refusal(
                (*view.path, "mark"),
                f"a {view.mark} on a log axis has no length that means anything",
                "use points or ticks, or a linear scale",
            )
    channel = _length(view)
    scale = view.scale(channel) if channel else {}
    domain = scale.get("domain")
    low, high = (scale.get(key, 0) for key in ("domainMin", "domainMax"))
    stated = (scale.get(key) for key in ("domainMin", "domainMax"))
    if isinstance(domain, list) and (ends := [*filter(is_number, (*domain, *stated))]):
        low, high = min(ends), max(ends)
    cut = (is_number(low) and low > 0) or (is_number(high) and high < 0)
    if cut or scale.get("zero") is False:
        yield Refusal(
            (*view.path, "encoding", channel, "scale"),
            f"a {view.mark} that does not start at zero has no length that means anything",
            "let the axis start at zero, or use points or ticks",
        )


def _length(view: View) -> str:
    """The channel along which a bar or an area has its length; none where it has two ends."""
    measures = [
        name
        for name in ("x", "y")
        if (view.channel(name).get("type") == "quantitative" or "aggregate" in view.channel(name))
        and not view.channel(name).get("bin")
    ]
    if len(measures) == 2:
        added = [name for name in measures if "aggregate" in view.channel(name)]
        lying = view.look.get("orient") == "horizontal" or added == ["x"]
        measures = ["x"] if lying else ["y"]
    return next((name for name in measures if f"{name}2" not in view.encoding), "")


def _faint(view: View) -> Iterator[Refusal]:
    """Colours of an editor that one of the two pages swallows."""
    told = [((*view.path, "mark", key), view.look.get(key)) for key in ("color", "fill")]
    told += [
        ((*view.path, "encoding", name, "value"), view.channel(name).get("value"))
        for name in ("color", "fill")
    ]
    for path, colour in told:
        if isinstance(colour, str) and (page := _swallowed(colour)):
            yield Refusal(
                path,
                f'"{colour}" is not seen on the {page} page',
                "var(--chart-ink) is dark on light and light on dark, var(--series-1) a colour",
            )


def _swallowed(colour: str) -> str:
    """The page, light or dark, on which a colour can hardly be seen; an empty text for neither."""
    colour = {"black": "#000000", "white": "#ffffff"}.get(colour.lower(), colour)
    if re.fullmatch("#[0-9a-fA-F]{3}", colour):
        colour = "#" + "".join(digit * 2 for digit in colour[1:])
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        return ""
    papers = zip(("light", "dark"), TOKENS["--chart-paper"], strict=True)
    return next((page for page, paper in papers if contrast(colour, paper) < FAINTEST), "")


def _crowded(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Refusal]:
    """Names on the left that a stated height lays over each other."""
    height = spec.get("height")
    for view in specs.views(spec):
        channel = view.channel("y")
        named = channel.get("type", "nominal") in ("nominal", "ordinal")
        values = specs.values_of(channel.get("field"), rows, spec) if named else []
        names = {str(value) for _, value in values}
        if is_number(height) and names and height / len(names) < LEAST_STEP:
            reason = f"{len(names)} names in {height} px lie over each other"
            hint = "leave height out: rows have a height of their own"
            yield Refusal(("height",), reason, hint)
            return


# What its rows do not hold


def unknown_fields(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Refusal]:
    """The fields that a specification names and neither its rows nor its transforms have."""
    own = list(dict.fromkeys(key for row in rows for key in row))
    known = {*own, *specs.made(spec)}
    if "*" in known:
        return
    for name, path in specs.fields(spec):
        way = specs.way_of(name) or [""]
        if len(way) > 1 and name in known and way[0] not in known:
            hint = f"write {name.replace('.', chr(92) + '.')}: a dot leads into a field"
            reason = f'the rows have no field "{way[0]}" with "{way[1]}" in it'
            yield Refusal(path, reason, hint, name)
        elif name not in known and way[0] not in known:
            hint = did_you_mean(name, own) or f"fields: {choices(own)}"
            yield Refusal(path, f'the rows have no field "{name}"', hint, name)


def _placed(spec: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Refusal]:
    """Marks that stand at a number which no row holds."""
    sliders = _sliders(spec)
    for path, value in parts(spec):
        if not isinstance(value, dict) or "datum" not in value:
            continue
        here, datum = (*path, "datum"), value["datum"]
        if isinstance(datum, dict) and "expr" in datum:
            if str(datum["expr"]).strip() not in sliders:
                hint = "place it by a field of its rows, or by a parameter bound to a control"
                yield Refusal(here, "a mark would stand where an expression puts it", hint)
            elif "domain" not in (value.get("scale") or {}):
                hint = "give the channel scale: {domain: [from, to]}"
                reason = "Vega-Lite finds no scale for a mark that a control moves"
                yield Refusal(here, reason, hint)
        elif not _known(datum, rows):
            hint = "put the number into a row, with its source, and place the mark by its field"
            yield Refusal(here, f"a mark would stand at {datum}, which is in no row", hint)


def _sliders(spec: Mapping[str, Any]) -> Collection[str]:
    """The parameters that readers set: what stands at one of them is their choice."""
    params = spec.get("params")
    found = [p for p in params if isinstance(p, dict)] if isinstance(params, list) else []
    return {str(param.get("name")) for param in found if isinstance(param.get("bind"), dict)}


def _known(value: Any, rows: Sequence[Row]) -> bool:
    """Whether a number is zero, of the rows, or a year within those of a field of the rows."""
    if not is_number(value) or value == 0:
        return True
    for name in dict.fromkeys(key for row in rows for key in row):
        found = [row[name] for row in rows if isinstance(row.get(name), (int, float))]
        if value in found:
            return True
        years = found and all(isinstance(year, int) and 1900 <= year <= 2099 for year in found)
        if years and min(found) <= value <= max(found) and value == int(value):
            return True
    return False


# What its rows hold


def _of_rows(view: View, rows: Sequence[Row], spec: Mapping[str, Any]) -> Iterator[Refusal]:
    """Values of the rows that a channel cannot show."""
    for name in view.encoding:
        channel = view.channel(name)
        field, kind = str(channel.get("field", "")), channel.get("type")
        values = specs.values_of(field, rows, spec)
        if not values:
            continue
        if kind == "temporal" or ("timeUnit" in channel and kind != "quantitative"):
            yield from _no_dates(field, values)
        elif kind == "quantitative" or channel.get("bin") or "aggregate" in channel:
            if channel.get("aggregate") not in ("count", "distinct", "valid", "missing", "values"):
                yield from _no_numbers(field, values)
                yield from _off_scale(view, name, field, values, spec)
        elif name in ("color", "fill", "stroke"):
            out = specs.left_out(spec, rows)
            yield from _alike(view, name, field, [v for v in values if v[0] not in out])


def _row(field: str, number: int) -> KeyPath:
    return ("data", "values", number, *specs.way_of(field)[:1])


def _no_numbers(field: str, values: list[tuple[int, Any]]) -> Iterator[Refusal]:
    wrong = [(number, v) for number, v in values if v is not None and not is_number(v)]
    if wrong:
        number, value = wrong[0]
        more = f", nor {'are' if wrong[2:] else 'is'} {len(wrong) - 1} more" if wrong[1:] else ""
        yield Refusal(
            _row(field, number),
            f'{_shown(value)} in "{field}" is no number{more}',
            "write plain digits with a point, such as 1200000 or 4.5, and a gap as null",
        )


def _no_dates(field: str, values: list[tuple[int, Any]]) -> Iterator[Refusal]:
    hint = "write 2020, 2020-12, 2020-12-01 or 2020-12-01 09:30"
    undated = ((number, value) for number, value in values if not _is_date(value))
    for number, value in itertools.islice(undated, MOST_SAID):
        reason = f'{_shown(value)} in "{field}" is no date'
        if is_number(value):
            reason = f'the number {value} in "{field}" would be taken for milliseconds since 1970'
        yield Refusal(_row(field, number), reason, hint)


def _is_date(value: Any) -> bool:
    """Whether a value is a gap, a day, a year or a moment."""
    if is_number(value):
        return value >= LATEST or (isinstance(value, int) and 1000 <= value <= 9999)
    return value is None or (isinstance(value, str) and ISO.fullmatch(value) is not None)


def _off_scale(
    view: View, name: str, field: str, values: list[tuple[int, Any]], spec: Mapping[str, Any]
) -> Iterator[Refusal]:
    """Numbers that a scale cannot show, or leaves out."""
    scale, numbers = view.scale(name), [(row, v) for row, v in values if is_number(v)]
    for row, value in numbers if scale.get("type") == "log" else ():
        if value <= 0:
            reason = f'{value} in "{field}" has no place on a log scale'
            yield Refusal(_row(field, row), reason, "draw it on a linear scale, or symlog")
            return
    domain = scale.get("domain")
    if not (isinstance(domain, list) and len(domain) == 2 and all(map(is_number, domain))):
        return
    plain = not {"aggregate", "bin", "timeUnit"} & set(view.channel(name))
    filtered = any(path[-1:] == ("filter",) for path, _ in parts(spec))
    out = [value for _, value in numbers if not min(domain) <= value <= max(domain)]
    if plain and not filtered and out and (not view.look.get("clip") or len(out) == len(numbers)):
        yield Refusal(
            (*view.path, "encoding", name, "scale", "domain"),
            f"the axis leaves out {len(out)} of {len(numbers)} rows",
            "widen the domain, or leave it out",
        )


def _alike(view: View, name: str, field: str, values: list[tuple[int, Any]]) -> Iterator[Refusal]:
    """More names than there are colours to tell them apart."""
    scale = view.encoding[name].get("scale", {})
    if scale is None or (isinstance(scale, dict) and "scheme" in scale):
        return
    colours = scale.get("range") if isinstance(scale, dict) else None
    count = len(colours) if isinstance(colours, list) else SERIES
    names = dict.fromkeys(str(value) for _, value in values)
    if len(names) > count:
        yield Refusal(
            (*view.path, "encoding", name),
            f'{len(names)} values of "{field}" would share {count} colours',
            "choose some with a filter, gather some into one, or tell them apart by row: or facet:",
        )


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
