"""Charts become drawings: SVG in the page's own colours, and the Vega-Lite spec behind it.

A drawing is kept finished, under a key of everything that can change it (rows, options, words,
size, title, fonts, code, versions), so a build that changes nothing imports neither Altair nor
vl-convert.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from explainer import memo as kept
from explainer.charts import block
from explainer.charts.forms import DRAWN
from explainer.charts.nested import nested, portable, without_empty
from explainer.charts.spec import VIEWS, relabelled, unlabelled
from explainer.charts.theme import WIDE, Size, config
from explainer.figures import overlap, svg, vega
from explainer.figures.overlap import Overlap
from explainer.figures.vega import Looks
from explainer.problems import Fault, Rule, shortened
from explainer.workers import Call, Lost, share

Progress = Callable[[int, int], None]

WORK_OF_A_WORKER = 14
"""Drawings that take about as long as two starts of a worker."""

RUNTIME_WORK = 25
"""How many drawings take as long as bundling the runtime."""

LIMIT = 20.0
"""Seconds that a drawing of a note may take, the start of a process included."""

RUNTIME_LIMIT = 300.0
"""Seconds after which bundling the runtime is given up."""


@dataclass(frozen=True)
class Job:
    """All that decides how a drawing looks, and the names under which it stands in the page."""

    chart: str
    form: str
    rows: list[dict[str, Any]]
    settings: dict[str, Any]
    words: dict[str, str]
    size: Size
    title: str
    description: str
    claims: Mapping[str, str] = field(default_factory=dict)
    """The claims that its marks show, by what the marks say."""

    def key(self, looks: Looks) -> str:
        """The key under which it is kept: what is drawn, and with what."""
        told = {**vars(self), "size": (self.size.name, self.size.width)}
        return kept.key(told, looks.digest, vega.versions(), _code(self.form))


@dataclass(frozen=True)
class Drawing:
    """A drawing of a chart at one size."""

    svg: Markup
    """The inline SVG: one image with a name and a description."""
    spec: dict[str, Any]
    width: int
    height: int
    texts: Sequence[str]
    """Every text that the drawing shows,"""
    ticks: Sequence[str] = ()
    """those of them that label an axis or a legend,"""
    scale: Sequence[str] | None = None
    """and, where a specification relabels them, what its scales would say by themselves."""
    overlaps: Sequence[Overlap] = ()
    """What of its lettering cannot be read."""
    editor: str = ""
    """Where the wide drawing opens in the Vega editor, if an address can hold it."""

    @property
    def own_spec(self) -> dict[str, Any]:
        """The specification without the looks that most charts share: the runtime brings those."""
        if self.spec.get("config") != config():
            return self.spec
        return {key: value for key, value in self.spec.items() if key != "config"}

    @property
    def controls(self) -> list[dict[str, Any]]:
        """The controls that its live view shows below it, each with its `input` and its `name`."""
        return list(_controls(self.spec))


def draw_all(
    jobs: Sequence[Job], store: kept.Cache, looks: Looks, progress: Progress
) -> list[Drawing | Fault]:
    """The drawings of the jobs, in order, or why there is none; kept ones are not drawn again.

    What stands in a note is drawn in a process of its own, which may take too long, or die.
    """
    keys = [job.key(looks) for job in jobs]
    calls = {
        key: Call(_tried, (job, looks), LIMIT if DRAWN[job.form].labels_itself else 0)
        for key, job in zip(keys, jobs, strict=True)
    }
    # Whoever draws will need the runtime, which takes as long as many drawings.
    made = _given(calls, store, progress, _runtime_call())
    return [_drawing(made[key]) for key in keys]


def raster_all(
    pictures: Sequence[tuple[str, float]], store: kept.Cache, looks: Looks, progress: Progress
) -> list[bytes]:
    """The PNG of each picture, given as an SVG and a scale; kept ones are not made again."""
    keys = [kept.key("png", *picture, looks.digest, vega.versions()) for picture in pictures]
    calls = [Call(vega.png_of, (*picture, looks)) for picture in pictures]
    made = _given(dict(zip(keys, calls, strict=True)), store, progress)
    return [made[key] for key in keys]


def runtime(store: kept.Cache) -> bytes:
    """The Vega runtime as one classic script that sets `window.explainerVega`."""
    calls = _runtime_call()
    [(key, found)] = _given(calls, store, lambda done, total: None).items()
    if isinstance(found, Lost):
        # Its process was killed.
        found = vega.runtime_script()
        store.put(key, found)
    script: bytes = found
    return script


def _runtime_call() -> dict[str, Call]:
    key = kept.key("runtime", vega.runtime_source(), vega.versions())
    return {key: Call(vega.runtime_script, (), RUNTIME_LIMIT)}


def _given(
    calls: Mapping[str, Call],
    store: kept.Cache,
    progress: Progress,
    beside: Mapping[str, Call] | None = None,
) -> dict[str, Any]:
    """What each call gives, by its key: what is kept is not worked out again, and bytes are kept.

    What is given `beside` is worked out and kept, too, where any of the calls has to be.
    """
    found: dict[str, Any] = {key: entry for key in calls if (entry := store.get(key)) is not None}
    missing = {key: call for key, call in calls.items() if key not in found}
    more = {key: call for key, call in (beside or {}).items() if missing and not store.get(key)}
    names, kept_before = [*missing, *more], len(found)

    def take(number: int, given: Any) -> None:
        if isinstance(given, bytes):
            store.put(names[number], given)
        if number < len(missing):
            found[names[number]] = given
            progress(len(found) - kept_before, len(missing))

    work = len(missing) + RUNTIME_WORK * len(more)
    share([*missing.values(), *more.values()], work // WORK_OF_A_WORKER, take)
    return found


def _drawing(given: bytes | Fault | Lost) -> Drawing | Fault:
    if isinstance(given, Lost):
        message, hint = LOST[given]
        return Fault(Rule.BAD_CHART, message.format(LIMIT), hint)
    if isinstance(given, Fault):
        return given
    made = json.loads(given)
    overlaps = [Overlap(*pair) for pair in made["overlaps"]]
    return Drawing(**{**made, "svg": Markup(made["svg"]), "overlaps": overlaps})


LOST = {
    Lost.LATE: (
        "drawing it was given up after {:.0f} seconds",
        "draw fewer rows, or ask its transforms for fewer steps",
    ),
    Lost.DEAD: (
        "what draws broke down over it",
        "it asks for more memory than there is: draw fewer rows, or ask for fewer steps",
    ),
}
"""What became of a drawing whose process gave nothing, and what to do."""


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
            if key in ("params", *VIEWS):
                yield from _controls(item)


# In whichever process draws


def _tried(job: Job, looks: Looks) -> bytes | Fault:
    """A job's drawing as it is kept, or why there is none."""
    try:
        return json.dumps(_drawn(job, looks), ensure_ascii=False, sort_keys=True).encode()
    except Fault as fault:
        return fault
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A bug in a form of ours stays one; what a note asks for may fail in any way, and a panic
        # of the converter is no Exception.
        if not DRAWN[job.form].labels_itself:
            raise
        return Fault(
            Rule.BAD_CHART,
            f"it cannot be drawn: {deepest(TRACE.split(str(error))[0])}",
            "look at its expressions, and try it in the editor of Vega-Lite",
        )


TRACE = re.compile(r"\s+at (?:\S+ \()?https?:")
"""Where the runtime's account of an error turns from what it was to where in its code."""


def deepest(message: str) -> str:
    """The first, deepest complaint of an error of a library, on one line."""
    first = re.split(r"\n\s*\n|\n(?=See the help)", message.strip())[0]
    return shortened(" ".join(first.split()), 300)


def _drawn(job: Job, looks: Looks) -> dict[str, Any]:
    """The fields of a job's drawing."""
    from altair.utils.schemapi import debug_mode

    form = DRAWN[job.form]
    # A form's own charts are sound, as the tests know; Altair would check each part of each again,
    # which takes as long as drawing them. What stands in a note has been checked as a whole.
    with debug_mode(False):
        chart = form.draw(job.rows, job.settings, job.words, job.size)
        # Altair adds a size to the looks, for views that have none; those of the forms have one.
        alike = {"config": config()}
        spec = chart if isinstance(chart, dict) else nested(chart.to_dict(validate=False)) | alike
    drawn, warnings = vega.svg_of(spec, looks)
    scale = None
    if not isinstance(chart, dict):
        spec = without_empty(spec, drawn)
    if form.labels_itself:
        if svg.width_of(drawn) > job.size.width:
            spec, drawn = _narrowed(spec, drawn, job.size, looks)
        svg.refuse(drawn, warnings, looks.colors)
        if relabelled(spec):
            scale = svg.labels(vega.svg_of(unlabelled(spec), looks)[0])
    said = (job.title, job.description)
    done = svg.finished(drawn, job.chart, job.size, said, looks.colors, job.claims)
    editor = ""
    if job.size == WIDE:
        editor = vega.editor_address(portable(spec, said, looks.colors))
    return {
        **done,
        "spec": spec,
        "scale": scale,
        "overlaps": overlap.overlaps(drawn, looks.folder),
        "editor": editor,
    }


SMALLEST = 0.15
"""The part of its own width that a view keeps at least."""


def _narrowed(
    spec: dict[str, Any], drawn: str, size: Size, looks: Looks
) -> tuple[dict[str, Any], str]:
    """A drawing of several views, and its spec, with views so narrow that it fits the size."""
    wide, trial = svg.width_of(drawn), 0.5
    half = svg.width_of(vega.svg_of(block.shrunk(spec, trial), looks)[0])
    # What does not shrink with the views, such as labels and legends, keeps its width.
    views = (wide - half) / (1 - trial)
    factor = (size.width - 2 - (wide - views)) / views if views > 0 else 0
    if factor >= SMALLEST:
        made = block.shrunk(spec, factor)
        drawn, _ = vega.svg_of(made, looks)
        if svg.width_of(drawn) <= size.width:
            return made, drawn
    raise Fault(
        Rule.BAD_CHART,
        f"it does not fit into the {size.width} px of the {size.name} drawing",
        "give it fewer views beside each other, shorter labels, or a legend at the bottom",
    )


@cache
def _code(form: str) -> str:
    """A digest of the code that draws a form: its own, this, and what they import."""
    sources: dict[str, bytes] = {}
    waiting = [DRAWN[form].options.__module__, __name__]
    while waiting:
        name = waiting.pop()
        path = _CODE.joinpath(*name.split(".")[1:]).with_suffix(".py")
        if name not in sources and path.is_file():
            sources[name] = path.read_bytes()
            for room, parts in _IMPORTS.findall(sources[name].decode()):
                waiting += [room, *(f"{room}.{part}" for part in parts.split(", "))]
    return hashlib.sha256(b"\0".join(sources[name] for name in sorted(sources))).hexdigest()


_CODE = Path(__file__).parents[1]
_IMPORTS = re.compile(r"^from (explainer\.(?:charts|figures)[\w.]*) import (.*)", re.MULTILINE)
