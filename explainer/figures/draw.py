"""Charts become drawings: SVG in the page's own colours, and the Vega-Lite spec behind it.

The only room that runs vl-convert. A drawing is kept in the cache under everything that can change
it (rows, options, words, size, theme, form, versions), so a build that changes nothing imports
neither Altair nor vl-convert.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

from markupsafe import Markup

from explainer import memo as kept
from explainer.charts import block as fence
from explainer.charts.forms import DRAWN
from explainer.charts.theme import TOKENS, Size
from explainer.problems import choices, did_you_mean
from explainer.workers import Submit, crew, done

_T = TypeVar("_T")

SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Drawing:
    """A drawing of a chart at one size."""

    svg: Markup
    """The inline SVG: one image with a name and a description."""
    spec: dict[str, Any]
    width: int
    height: int
    texts: tuple[str, ...]
    """Every text that the drawing shows,"""
    ticks: tuple[str, ...] = ()
    """those of them that label an axis or a legend,"""
    scale: tuple[str, ...] | None = None
    """and, where a specification relabels them, what its scales would say by themselves."""

    @property
    def controls(self) -> list[dict[str, Any]]:
        """The controls that its live view shows below it, each with its `input` and its `name`."""
        return list(_controls(self.spec))


def _controls(spec: Any) -> Iterator[dict[str, Any]]:
    """The controls that parameters are bound to, wherever in a specification they stand."""
    if isinstance(spec, list):
        for item in spec:
            yield from _controls(item)
    elif isinstance(spec, dict):
        bind = spec.get("bind")
        if isinstance(bind, dict):
            own, name = "input" in bind, spec.get("name")
            for field, control in {name: bind}.items() if own else bind.items():
                yield {"name": field if own else f"{name}_{field}"} | control
        for key, item in spec.items():
            if key in ("params", *fence.VIEWS):
                yield from _controls(item)


class DrawingError(Exception):
    """Raised where a specification from a note cannot be drawn: why, and what to do."""

    def __init__(self, message: str, hint: str = ""):
        # With both, so that it comes whole out of another process.
        super().__init__(message, hint)
        self.message, self.hint = message, hint


@dataclass(frozen=True)
class Complaint:
    """What Vega-Lite's schema finds wrong with a specification, in a line, and where."""

    message: str
    hint: str = ""
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Job:
    """All that decides how a drawing looks, and the names under which it stands in the page."""

    chart: str
    form: str
    rows: list[dict[str, Any]]
    settings: dict[str, Any]
    words: dict[str, str]
    size: Size
    title: str = field(compare=False)
    description: str = field(compare=False)

    def key(self) -> str:
        """The cache key: what is drawn, and with what."""
        return kept.key(
            self.form,
            self.rows,
            self.settings,
            self.words,
            self.size.name,
            self.size.width,
            _tools(),
        )


def draw_all(
    jobs: Sequence[Job], cache: kept.Cache, fonts: Path, progress: Callable[[int, int], None]
) -> list[Drawing | DrawingError]:
    """The drawings of the jobs, in order, or why there is none; kept ones are not drawn again."""
    raw: dict[str, bytes] = {}
    failed: dict[str, DrawingError] = {}
    keys = [job.key() for job in jobs]
    missing: dict[str, Job] = {}
    for job, key in zip(jobs, keys, strict=True):
        found = cache.get(key)
        if found is None:
            missing[key] = job
        else:
            raw[key] = found
    for key, made in _drawn_all(missing, cache, fonts, progress).items():
        if isinstance(made, DrawingError):
            failed[key] = made
        else:
            raw[key] = made
    return [
        failed[key] if key in failed else _finished(job, json.loads(raw[key]))
        for job, key in zip(jobs, keys, strict=True)
    ]


def _drawn_all(
    missing: Mapping[str, Job], cache: kept.Cache, fonts: Path, progress: Callable[[int, int], None]
) -> dict[str, bytes | DrawingError]:
    """Draw the jobs, on several cores where that is worth the start of a process."""
    if not missing:
        return {}
    drawn: dict[str, bytes | DrawingError] = {}
    unbundled = cache.get(_runtime_key()) is None
    with crew((len(missing) + RUNTIME_WORK * unbundled) // WORK_OF_A_WORKER) as submit:
        script = submit(_bundled) if unbundled else None
        calls = {key: (job, fonts) for key, job in missing.items()}
        for key, found in _shared(submit, _tried, calls, progress):
            drawn[key] = found
            if isinstance(found, bytes):
                cache.put(key, found)
        if script is not None and not script.cancel():
            _runtimes[_runtime_key()] = done(script, _bundled)
    return drawn


WORK_OF_A_WORKER = 30
"""Drawings that take about as long as two starts of a worker."""

RUNTIME_WORK = 25
"""How many drawings take as long as bundling the runtime."""


def raster_all(
    pictures: Sequence[tuple[str, float]],
    cache: kept.Cache,
    fonts: Path,
    progress: Callable[[int, int], None],
) -> list[bytes]:
    """The PNG of each picture, given as an SVG and a scale; kept ones are not made again."""
    keys = [kept.key("png", svg, scale, version("vl-convert-python")) for svg, scale in pictures]
    found = {key: png for key in keys if (png := cache.get(key)) is not None}
    calls = {
        key: (*picture, fonts)
        for key, picture in zip(keys, pictures, strict=True)
        if key not in found
    }
    with crew(len(calls) // WORK_OF_A_WORKER) as submit:
        for key, png in _shared(submit, _raster, calls, progress):
            found[key] = png
            cache.put(key, png)
    return [found[key] for key in keys]


def _shared(
    submit: Submit,
    call: Callable[..., _T],
    calls: Mapping[str, tuple[Any, ...]],
    progress: Callable[[int, int], None],
) -> Iterator[tuple[str, _T]]:
    """What a call gives for each of these arguments, with their key, as it comes.

    The workers begin at the front, and this process at the back.
    """
    begun = {key: submit(call, *arguments) for key, arguments in calls.items()}
    for count, (key, arguments) in enumerate(reversed(list(calls.items()))):
        progress(count, len(calls))
        yield key, done(begun[key], call, *arguments)
    if calls:
        progress(len(calls), len(calls))


def _raster(svg: str, scale: float, fonts: Path) -> bytes:
    _register(fonts)
    import vl_convert

    png: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return png


def runtime(cache: kept.Cache) -> bytes:
    """The Vega runtime as one classic script that sets `window.explainerVega`."""
    key = _runtime_key()
    found = cache.get(key)
    if found is None:
        found = _runtimes.get(key) or _bundled()
        cache.put(key, found)
    return found


RUNTIME_SOURCE = "window.explainerVega={embed:vegaEmbed};"

_runtimes: dict[str, bytes] = {}
"""The script under its cache key, where it was bundled beside the drawings."""


def _runtime_key() -> str:
    return kept.key("runtime", RUNTIME_SOURCE, version("vl-convert-python"))


def _bundled() -> bytes:
    import vl_convert  # Imported late: most builds find the script in the cache.

    script: str = vl_convert.javascript_bundle(RUNTIME_SOURCE)
    return script.encode()


def warm_up() -> None:
    """Load and start what draws: the first drawing of a process takes as long as twenty others."""
    import altair
    import vl_convert

    chart = altair.Chart(altair.InlineData([])).mark_point()
    vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])


def validate(spec: dict[str, Any], cache: kept.Cache) -> Complaint | None:
    """What Altair finds wrong with a Vega-Lite specification; nothing when it is sound."""
    key = kept.key("complaint", spec, version("altair"), _tools())
    found = cache.get(key)
    if found is None:
        import altair  # Imported late, as above.

        try:
            altair.Chart.from_dict(spec)
            found = b"[]"
        except Exception as error:  # Altair raises several kinds; each says what is wrong.
            complaint = _complaint(error)
            found = json.dumps([complaint.message, complaint.hint, list(complaint.path)]).encode()
        cache.put(key, found)
    told = json.loads(found)
    return Complaint(told[0], told[1], tuple(told[2])) if told else None


def _complaint(error: Exception) -> Complaint:
    """A schema error in an editor's words, with the nearest value or key that would do."""
    path = tuple(getattr(error, "absolute_path", ()))
    kind, allowed = getattr(error, "validator", ""), getattr(error, "validator_value", None)
    value = getattr(error, "instance", None)
    if isinstance(value, str) and (path[-1:] == ("mark",) or path[-2:] == ("mark", "type")):
        known = _marks()
        return Complaint(
            f'there is no mark "{value}"',
            did_you_mean(value, known) or f"the marks are {choices(known, 20)}",
            path,
        )
    if kind == "enum" and isinstance(value, str) and isinstance(allowed, list):
        known = [str(item) for item in allowed]
        return Complaint(
            f'"{path[-1] if path else value}" cannot be "{value}"',
            did_you_mean(value, known) or f"it is one of {choices(known, 20)}",
            path,
        )
    schema = getattr(error, "schema", None)
    if kind == "additionalProperties" and isinstance(value, dict) and isinstance(schema, dict):
        known = list(schema.get("properties", {}))
        extra = next((key for key in value if key not in known), "")
        return Complaint(
            f'Vega-Lite knows no key "{extra}" here',
            did_you_mean(extra, known) or f"its keys are {choices(known, 20)}",
            (*path, extra),
        )
    return Complaint(
        f"Vega-Lite does not take it: {_shortened(str(error))}",
        "its reference lists what each key may hold",
        path,
    )


def _marks() -> list[str]:
    """The names of Vega-Lite's marks but for images, which no chart loads."""
    import altair

    definitions = altair.Chart._rootschema["definitions"]
    marks = [*definitions["Mark"]["enum"], *("boxplot", "errorbar", "errorband")]
    return [mark for mark in marks if mark != "image"]


def _shortened(message: str, most: int = 300) -> str:
    """The first, deepest complaint of a schema error, on one line."""
    first = re.split(r"\n\s*\n|\n(?=See the help)", message.strip())[0]
    line = " ".join(first.split())
    return line if len(line) <= most else line[: most - 1] + "…"


_registered: set[Path] = set()


def _tried(job: Job, fonts: Path) -> bytes | DrawingError:
    """A job drawn, or why it cannot be."""
    try:
        return _drawn(job, fonts)
    except DrawingError as error:
        return error


def _register(fonts: Path) -> None:
    """Make the converter know the fonts of a folder."""
    import vl_convert  # Imported late: 0.4 s that a build with nothing to draw does not pay.

    if fonts not in _registered:
        vl_convert.register_font_directory(str(fonts))
        _registered.add(fonts)


def _drawn(job: Job, fonts: Path) -> bytes:
    """Draw a job: its spec and its SVG, as JSON."""
    _register(fonts)
    try:
        made = _made(job)
    except (KeyboardInterrupt, SystemExit, DrawingError):
        raise
    except BaseException as error:
        # A bug in a form of ours stays one; what a note asks for may fail in any way, and a panic
        # of the converter is no Exception.
        if not DRAWN[job.form].labels_itself:
            raise
        raise DrawingError(
            f"it cannot be drawn: {_shortened(TRACE.split(str(error))[0])}",
            "look at its expressions, and try it in the editor of Vega-Lite",
        ) from None
    return json.dumps(made, ensure_ascii=False, sort_keys=True).encode()


TRACE = re.compile(r"\s+at (?:\S+ \()?https?:")
"""Where the runtime's account of an error turns from what it was to where in its code."""


def _made(job: Job) -> dict[str, Any]:
    import vl_convert
    from altair.utils.schemapi import debug_mode

    # A form's own charts are sound, as the tests know; Altair would check each part of each again,
    # which takes as long as drawing them. What stands in a note has been checked as a whole.
    with debug_mode(False):
        chart = DRAWN[job.form].draw(job.rows, job.settings, job.words, job.size)
        spec = chart if isinstance(chart, dict) else chart.to_dict(validate=False)
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    if DRAWN[job.form].labels_itself:
        if _width(svg) > job.size.width:
            spec, svg = _narrowed(spec, svg, job.size)
        _refuse(svg)
    made = {"spec": spec, "svg": _counted(svg)}
    if DRAWN[job.form].labels_itself and fence.relabelled(spec):
        plain = vl_convert.vegalite_to_svg(fence.unlabelled(spec), allowed_base_urls=[])
        made["scale"] = _labels(ElementTree.fromstring(plain))
    return made


def _counted(svg: str) -> str:
    """The SVG with its ids counted from one: the converter counts on from drawing to drawing."""
    names: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        stem = match[2].rstrip("0123456789")
        return match[1] + names.setdefault(match[2], f"{stem}{len(names) + 1}")

    return re.sub(r'(\sid="|url\(#|href="#)([A-Za-z_-]+\d+)(?=["\)])', renamed, svg)


def _narrowed(spec: dict[str, Any], svg: str, size: Size) -> tuple[dict[str, Any], str]:
    """A drawing of several views, and its spec, with views so narrow that it fits the size."""
    import vl_convert

    wide, trial = _width(svg), 0.5
    half = _width(vl_convert.vegalite_to_svg(fence.shrunk(spec, trial), allowed_base_urls=[]))
    # What does not shrink with the views, such as labels and legends, keeps its width.
    views = (wide - half) / (1 - trial)
    factor = (size.width - 2 - (wide - views)) / views if views > 0 else 0
    if factor >= SMALLEST:
        made = fence.shrunk(spec, factor)
        svg = vl_convert.vegalite_to_svg(made, allowed_base_urls=[])
        if _width(svg) <= size.width:
            return made, svg
    raise DrawingError(
        f"it does not fit into the {size.width} px of the {size.name} drawing",
        "give it fewer views beside each other, shorter labels, or a legend at the bottom",
    )


SMALLEST = 0.15
"""The part of its own width that a view keeps at least."""

HIGHEST = 4000
"""Height in px of the highest drawing."""

LEGIBLE = 12
"""Size in px of the smallest text."""


def _width(svg: str) -> float:
    return float(ElementTree.fromstring(svg).attrib["width"])


def _refuse(svg: str) -> None:
    """Raise `DrawingError` for a drawing that would load something, or cannot be read."""
    for token in re.findall(r"var\((--[a-z0-9-]+)\)", svg):
        if token not in TOKENS:
            hint = did_you_mean(token, TOKENS) or f"the colours are {choices(TOKENS, 20)}"
            raise DrawingError(f'there is no colour "{token}"', hint)
    tree = ElementTree.fromstring(svg)
    if float(tree.attrib["height"]) > HIGHEST:
        # A picture without end would take all memory, and the build with it.
        raise DrawingError(
            f"the drawing is higher than {HIGHEST} px", "give it less height, or fewer rows"
        )
    for element in tree.iter():
        loads = element.tag.endswith(("}image", "}style", "}script", "}foreignObject"))
        for name, value in element.attrib.items():
            loads = loads or name.rpartition("}")[2] == "href"
            loads = loads or bool(re.search(r"url\s*\((?!#)", value, re.IGNORECASE))
        if loads:
            raise DrawingError(
                "the drawing would load something from elsewhere", "a chart draws its rows only"
            )
        size = re.fullmatch(r"([\d.]+)px", element.attrib.get("font-size", ""))
        if size and float(size[1]) < LEGIBLE and "".join(element.itertext()).strip():
            raise DrawingError(
                f"a text of the drawing is {size[1]} px high",
                f"{LEGIBLE} px is the least that can be read; leave the font size to the site",
            )


def _finished(job: Job, made: Mapping[str, Any]) -> Drawing:
    """A drawing with its names: of the chart in ids, of the figure in title and description."""
    prefix = f"chart-{job.chart}-{job.size.name}"
    tree = ElementTree.fromstring(made["svg"])
    texts = []
    ticks = _labels(tree)
    for element in tree.iter():
        for name in [n for n in element.attrib if n.startswith("aria-") or n in ("role", "class")]:
            # The drawing is one image to assistive technology; the text version says the marks.
            del element.attrib[name]
        for name, value in element.attrib.items():
            element.attrib[name] = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", value)
        if "id" in element.attrib:
            element.attrib["id"] = f"{prefix}-{element.attrib['id']}"
        if element.tag == f"{{{SVG}}}text":
            # A label of several lines holds a span for each, with no space between them.
            texts.append(" ".join(element.itertext()))
    width, height = (round(float(tree.attrib[side])) for side in ("width", "height"))
    title = ElementTree.Element(f"{{{SVG}}}title", {"id": f"{prefix}-title"})
    title.text = job.title
    description = ElementTree.Element(f"{{{SVG}}}desc", {"id": f"{prefix}-desc"})
    description.text = job.description
    tree.insert(0, title)
    tree.insert(1, description)
    tree.attrib["role"] = "img"
    tree.attrib["aria-labelledby"] = f"{prefix}-title"
    tree.attrib["aria-describedby"] = f"{prefix}-desc"
    ElementTree.register_namespace("", SVG)
    svg = ElementTree.tostring(tree, encoding="unicode", short_empty_elements=True)
    inline = svg.replace(f' xmlns="{SVG}"', "", 1)
    return Drawing(
        svg=Markup(inline),
        spec=made["spec"],
        width=width,
        height=height,
        texts=tuple(texts),
        ticks=tuple(ticks),
        scale=tuple(made["scale"]) if "scale" in made else None,
    )


def _labels(tree: ElementTree.Element) -> list[str]:
    """The texts of a drawing that label an axis or a legend."""
    return [
        " ".join(text.itertext())
        for group in tree.iter(f"{{{SVG}}}g")
        if {"role-axis-label", "role-legend-label"} & set(group.get("class", "").split())
        for text in group.iter(f"{{{SVG}}}text")
    ]


def _tools() -> list[str]:
    """The versions, and the code, that decide how a drawing looks."""
    global _fingerprint
    if not _fingerprint:
        code = hashlib.sha256()
        for path in sorted((Path(__file__).parents[1] / "charts").rglob("*.py")):
            code.update(path.read_bytes())
        code.update(Path(__file__).read_bytes())
        _fingerprint = [version("altair"), version("vl-convert-python"), code.hexdigest()]
    return _fingerprint


_fingerprint: list[str] = []
