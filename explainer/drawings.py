"""Charts become drawings: SVG in the page's own colours, and the Vega-Lite spec behind it.

The only room that runs vl-convert. A drawing is kept in the cache under everything that can change
it (rows, options, words, size, theme, form, versions), so a build that changes nothing imports
neither Altair nor vl-convert.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from explainer import cache as kept
from explainer.charts import DRAWN
from explainer.charts.theme import WIDE, Size, literal

SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Drawing:
    """A drawing of a chart at one size."""

    svg: Markup
    """The inline SVG: one image with a name and a description."""
    standalone: bytes
    """The same as a file of its own, in literal colours."""
    png: bytes
    """Twice the size, in literal colours; only of the wide drawing."""
    spec: dict[str, Any]
    width: int
    height: int
    texts: tuple[str, ...]
    """Every text that the drawing shows."""


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
) -> list[Drawing]:
    """The drawings of the jobs, in order; kept ones are not drawn again."""
    raw: dict[str, bytes] = {}
    keys = [job.key() for job in jobs]
    missing: dict[str, Job] = {}
    for job, key in zip(jobs, keys, strict=True):
        found = cache.get(key)
        if found is None:
            missing[key] = job
        else:
            raw[key] = found
    for done, (key, job) in enumerate(missing.items()):
        progress(done, len(missing))
        raw[key] = _drawn(job, fonts)
        cache.put(key, raw[key])
    if missing:
        progress(len(missing), len(missing))
    return [_finished(job, json.loads(raw[key])) for job, key in zip(jobs, keys, strict=True)]


def runtime(cache: kept.Cache) -> bytes:
    """The Vega runtime as one classic script that sets `window.explainerVega`."""
    source = "window.explainerVega={embed:vegaEmbed};"
    key = kept.key("runtime", source, version("vl-convert-python"))
    found = cache.get(key)
    if found is None:
        import vl_convert  # Imported late: most builds find the script in the cache.

        found = vl_convert.javascript_bundle(source).encode()
        cache.put(key, found)
    return found


def validate(spec: dict[str, Any], cache: kept.Cache) -> str:
    """What Altair finds wrong with a Vega-Lite specification, in a line; empty when it is sound."""
    key = kept.key("valid", spec, version("altair"))
    found = cache.get(key)
    if found is None:
        import altair  # Imported late, as above.

        try:
            altair.Chart.from_dict(spec)
            message = ""
        except Exception as error:  # Altair raises several kinds; each says what is wrong.
            message = _shortened(str(error))
        found = message.encode()
        cache.put(key, found)
    return found.decode()


def _shortened(message: str, most: int = 300) -> str:
    """The first, deepest complaint of a schema error, on one line."""
    first = re.split(r"\n\s*\n|\n(?=See the help)", message.strip())[0]
    line = " ".join(first.split())
    return line if len(line) <= most else line[: most - 1] + "…"


_registered: set[Path] = set()


def _drawn(job: Job, fonts: Path) -> bytes:
    """Draw a job: its spec, its SVG, and the PNG of the wide one, as JSON."""
    import vl_convert  # Imported late: 0.4 s that a build with nothing to draw does not pay.

    if fonts not in _registered:
        vl_convert.register_font_directory(str(fonts))
        _registered.add(fonts)
    chart = DRAWN[job.form].draw(job.rows, job.settings, job.words, job.size)
    spec = chart.to_dict()
    svg = vl_convert.vegalite_to_svg(spec)
    result = {"spec": spec, "svg": svg}
    if job.size == WIDE:
        png = vl_convert.svg_to_png(_on_paper(literal(svg)), scale=2)
        result["png"] = base64.b64encode(png).decode()
    return json.dumps(result, ensure_ascii=False, sort_keys=True).encode()


def _on_paper(svg: str) -> str:
    """The SVG with the page's light colour behind it: a picture has to stand on any ground."""
    paper = literal("var(--chart-paper)")
    return re.sub(
        r"(<svg [^>]*>)", rf'\1<rect width="100%" height="100%" fill="{paper}"/>', svg, count=1
    )


def _finished(job: Job, made: Mapping[str, Any]) -> Drawing:
    """A drawing with its names: of the chart in ids, of the figure in title and description."""
    prefix = f"chart-{job.chart}-{job.size.name}"
    tree = ElementTree.fromstring(made["svg"])
    texts = []
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
        standalone=('<?xml version="1.0" encoding="UTF-8"?>\n' + _on_paper(literal(svg))).encode(),
        png=base64.b64decode(made.get("png", "")),
        spec=made["spec"],
        width=width,
        height=height,
        texts=tuple(texts),
    )


def _tools() -> list[str]:
    """The versions, and the code, that decide how a drawing looks."""
    global _fingerprint
    if not _fingerprint:
        code = hashlib.sha256()
        for path in sorted((Path(__file__).parent / "charts").glob("*.py")):
            code.update(path.read_bytes())
        code.update(Path(__file__).read_bytes())
        _fingerprint = [version("altair"), version("vl-convert-python"), code.hexdigest()]
    return _fingerprint


_fingerprint: list[str] = []
