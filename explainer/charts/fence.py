"""Any Vega-Lite specification from a note, in the site's looks and sizes.

Not a form that the data file can name: its rows come with it, and Vega labels its axes by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explainer.charts.rows import Form, FormOptions, Row
from explainer.charts.theme import WIDE, Size, config

Place = tuple[str | int, ...]

HEIGHTS = {"wide": 320, "narrow": 260}
"""Height in px of a drawing that names none."""

VIEWS = ("layer", "concat", "hconcat", "vconcat", "spec")
"""Keys that hold further views."""

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


def refused(spec: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Where a specification would load something or mislead: place, reason, what to do."""
    yield from _loads(spec, ())
    yield from _misleads(spec, (), {})


def _loads(value: Any, path: Place) -> Iterator[tuple[Place, str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "url" and isinstance(item, str):
                yield (*path, key), "a chart loads nothing from elsewhere", "put the rows into it"
            if key == "href":
                yield (*path, key), "a mark is not a link", "put the link into the note"
            yield from _loads(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _loads(item, (*path, index))


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


def draw(rows: list[Row], settings: Mapping[str, Any], words: Mapping[str, str], size: Size) -> Any:
    """The specification over its rows, in the site's looks, fitted to the size where it can be."""
    import altair as alt  # Imported late: a build in which nothing is drawn does not need it.

    spec = dict(settings["spec"])
    own = spec.pop("config", {})
    single = not any(key in spec for key in ("concat", "hconcat", "vconcat", "spec", "facet"))
    faceted = any(key in spec.get("encoding", {}) for key in ("facet", "row", "column"))
    if single and not faceted:
        spec["width"] = size.width
        spec.setdefault("height", HEIGHTS[size.name])
        spec["autosize"] = {"type": "fit", "contains": "padding"}
    if size.width < WIDE.width and "hconcat" in spec:
        spec["vconcat"] = spec.pop("hconcat")
    if size.width < WIDE.width and "columns" in spec:
        spec["columns"] = 1
    looks = config()
    looks["mark"] = {**looks["mark"], "tooltip": True}
    spec |= {"padding": 2, "config": {**looks, **own}, "data": {"values": rows}}
    return alt.Chart.from_dict(spec)


FORM = Form(
    name="vega-lite",
    options=Options,
    claims=lambda options: [],
    axis=lambda options: [],
    rows=lambda options, voice: options.rows,
    settings=lambda options, rows, voice: {"spec": options.spec},
    draw=draw,
    words=lambda options, rows, voice: {},
    ticks=lambda options, rows, voice: [],
    columns=(),
    misleads=lambda options, voice: [],
    labels_itself=True,
)
