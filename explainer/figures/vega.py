"""What draws: specifications become SVG, SVG becomes PNG, and the runtime becomes one script.

The only room that runs vl-convert, which is imported late: most builds have all of it kept.
"""

import hashlib
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import Any

from explainer.charts.theme import colors_of, config, darks_of


@dataclass(frozen=True)
class Looks:
    """What the templates decide of drawings: the fonts of a folder, and the colors of a style."""

    folder: Path
    digest: str
    """Of all of it."""
    colors: Mapping[str, str] = field(hash=False)
    """Those of the light page, by their tokens,"""
    darks: Mapping[str, str] = field(hash=False)
    """and those of the dark page."""


def looks_of(folder: Path, style: str) -> Looks:
    """The looks that a folder of fonts and the text of a style sheet give.

    The folder is named in full: the processes that draw may have been started somewhere else.
    """
    colors, darks = colors_of(style), darks_of(style)
    digest = hashlib.sha256(json.dumps([colors, darks], sort_keys=True).encode())
    for path in sorted(folder.glob("*.ttf")):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Looks(folder.resolve(), digest.hexdigest(), colors, darks)


MEMORY = 512
"""Megabytes that a drawing may take in the converter; the largest of ours takes a tenth."""


def svg_of(spec: dict[str, Any], looks: Looks) -> tuple[str, list[str]]:
    """The SVG of a Vega-Lite specification, which can load nothing, and what Vega warns of.

    Raises ValueError where it cannot be drawn, MemoryError where it asks for too much: the
    converter then draws nothing more in this process.
    """
    # What the converter says while it draws is no message to whoever builds.
    convert, log = _converter(looks), BufferingHandler(sys.maxsize)
    logger = logging.getLogger("vl_convert")
    logger.addHandler(log)
    try:
        svg: str = convert.vegalite_to_svg(spec)
    except ValueError as error:
        if "heap limit exceeded" in str(error):
            raise MemoryError from None
        raise
    finally:
        logger.removeHandler(log)
    for record in log.buffer:
        if record.levelno >= logging.ERROR:
            # Vega tells of what an expression throws, and draws nothing.
            told = record.getMessage().strip()
            raise ValueError(told or "an expression fails on one of the rows")
    return svg, [record.getMessage() for record in log.buffer]


def png_of(svg: str, scale: float, looks: Looks) -> bytes:
    """The PNG of an SVG, each of whose pixels is `scale` pixels wide."""
    png: bytes = _converter(looks).svg_to_png(svg, scale=scale)
    return png


LONGEST = 8_000
"""Characters of the longest address that is offered: not all that an address passes takes more."""


def editor_address(spec: dict[str, Any]) -> str:
    """The address at which the Vega editor opens a Vega-Lite specification: all of it is in it.

    Empty where it would be too long.
    """
    address: str = _converter().vegalite_to_url(spec)
    return address if len(address) <= LONGEST else ""


def runtime_source() -> str:
    """What the runtime sets: how a specification is embedded, and the looks that most share.

    What Vega-Lite has to say of a specification, the build has heard: a reader's console is not
    told again, and never that the height of steps is not fitted, which is not asked of it.
    """
    looks = json.dumps(config(), separators=(",", ":"))
    return f"""
const compiled = (spec) => vegaLite.compile(spec, {{logger: vega.logger(vega.Error)}}).spec;
window.explainerVega = {{
  embed: (stage, spec, options) => vegaEmbed(stage, compiled(spec), options),
  config: {looks},
}};"""


def runtime_script() -> bytes:
    """The Vega runtime as one classic script that sets `window.explainerVega`; takes seconds."""
    import vl_convert

    script: str = vl_convert.javascript_bundle(runtime_source())
    return script.encode()


@cache
def versions() -> tuple[str, ...]:
    """What decides how a specification comes out, beside the code and the fonts."""
    return version("altair"), version("vl-convert-python")


def warm_up() -> None:
    """Load and start what draws: the first drawing of a process takes as long as twenty others."""
    import altair

    chart = altair.Chart(altair.InlineData([])).mark_point()
    _converter().vegalite_to_svg(chart.to_dict())


_drawn_with: list[Looks] = []
"""The looks whose fonts the converter has now: it knows the folder, and not what was in it."""


def _converter(looks: Looks | None = None) -> Any:
    """The converter, with the fonts of these looks and of no others."""
    convert = _configured()
    if looks and _drawn_with != [looks]:
        convert.set_font_directories([str(looks.folder)])
        _drawn_with[:] = [looks]
    return convert


@cache
def _configured() -> Any:
    import vl_convert

    vl_convert.configure(allowed_base_urls=[], max_v8_heap_size_mb=MEMORY)
    logging.getLogger("vl_convert").propagate = False
    return vl_convert
