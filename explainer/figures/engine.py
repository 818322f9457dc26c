"""What draws: specifications become SVG, SVG becomes PNG, and the runtime becomes one script.

The only room that runs vl-convert, which is imported late: most builds have all of it kept.
"""

import hashlib
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


def svg_of(spec: dict[str, Any], fonts: Fonts) -> str:
    """The SVG of a Vega-Lite specification, which can load nothing."""
    import vl_convert

    _register(fonts)
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


def png_of(svg: str, scale: float, fonts: Fonts) -> bytes:
    """The PNG of an SVG, each of whose pixels is `scale` pixels wide."""
    import vl_convert

    _register(fonts)
    png: bytes = vl_convert.svg_to_png(svg, scale=scale)
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


_registered: set[Fonts] = set()
"""Those that the converter of this process knows: it cannot be asked."""


def _register(fonts: Fonts) -> None:
    import vl_convert

    if fonts not in _registered:
        vl_convert.register_font_directory(str(fonts.folder))
        _registered.add(fonts)
