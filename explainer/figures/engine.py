"""What draws: specifications become SVG, SVG becomes PNG, and the runtime becomes one script.

The only room that runs vl-convert, which is imported late: most builds have all of it kept.
"""

import hashlib
import logging
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Fonts:
    """The fonts that texts are measured and drawn with: their folder, and what is in it."""

    folder: Path
    digest: str


def fonts_in(folder: Path) -> Fonts:
    """The fonts of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.ttf")):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Fonts(folder, digest.hexdigest())


MEMORY = 512
"""Megabytes that a drawing may take in the converter; the largest of ours takes a tenth."""


def svg_of(spec: dict[str, Any], fonts: Fonts) -> tuple[str, list[str]]:
    """The SVG of a Vega-Lite specification, which can load nothing, and what Vega warns of.

    Raises ValueError where it cannot be drawn, MemoryError where it asks for too much: the
    converter then draws nothing more in this process.
    """
    convert, log = _converter(fonts), _Log()
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
    if log.errors:
        # Vega tells of what an expression throws, and draws nothing.
        raise ValueError(log.errors[0].strip() or "an expression fails on one of the rows")
    return svg, log.warnings


def png_of(svg: str, scale: float, fonts: Fonts) -> bytes:
    """The PNG of an SVG, each of whose pixels is `scale` pixels wide."""
    png: bytes = _converter(fonts).svg_to_png(svg, scale=scale)
    return png


RUNTIME_SOURCE = "window.explainerVega={embed:vegaEmbed};"


def runtime_script() -> bytes:
    """The Vega runtime as one classic script that sets `window.explainerVega`; takes seconds."""
    import vl_convert

    script: str = vl_convert.javascript_bundle(RUNTIME_SOURCE)
    return script.encode()


def versions() -> list[str]:
    """What decides how a specification comes out, beside the code and the fonts."""
    return [version("altair"), version("vl-convert-python")]


def warm_up() -> None:
    """Load and start what draws: the first drawing of a process takes as long as twenty others."""
    import altair

    chart = altair.Chart(altair.InlineData([])).mark_point()
    _converter().vegalite_to_svg(chart.to_dict())


class _Log(logging.Handler):
    """What the converter says while it draws: that is no message to whoever builds."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        told = self.errors if record.levelno >= logging.ERROR else self.warnings
        told.append(record.getMessage())


_registered: set[Fonts | None] = set()
"""The fonts that the converter of this process knows: it cannot be asked."""


def _converter(fonts: Fonts | None = None) -> Any:
    """The converter, with these fonts."""
    import vl_convert

    if not _registered:
        vl_convert.configure(allowed_base_urls=[], max_v8_heap_size_mb=MEMORY)
        logging.getLogger("vl_convert").propagate = False
        _registered.add(None)
    if fonts and fonts not in _registered:
        vl_convert.register_font_directory(str(fonts.folder))
        _registered.add(fonts)
    return vl_convert
