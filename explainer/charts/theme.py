"""What every chart looks like: its colours by token, its two sizes, its lettering.

Colours stand in a specification as ``var(--token)``, so that one drawing serves light, dark and
forced colours. For whoever shows the drawing without the site's style, ``with_fallbacks`` names the
light colour beside each token; where a file must stand alone (a downloaded picture) ``literal``
puts the light colours in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOKENS: dict[str, tuple[str, str]] = {
    "--accent": ("#005f96", "#7cc4ef"),
    "--chart-paper": ("#fffefb", "#15171a"),
    "--chart-ink": ("#1d2025", "#eceae4"),
    "--chart-muted": ("#5c616b", "#a9adb5"),
    "--chart-grid": ("#e2dfd7", "#33373d"),
    "--chart-slate": ("#44505c", "#b4bfca"),
    "--map-sea": ("#e3ecf1", "#10161b"),
    "--map-land": ("#f3ecdb", "#34383f"),
    "--map-far": ("#fbf9f3", "#23272d"),
    "--map-edge": ("#b9ae94", "#565b64"),
    "--series-1": ("#0072b2", "#56b4e9"),
    "--series-2": ("#b34700", "#e69f00"),
    "--series-3": ("#007a5a", "#3ec79a"),
    "--series-4": ("#a15afc", "#a45ce8"),
    "--series-5": ("#524465", "#f2f0ea"),
    "--series-6": ("#3e00f0", "#c8503c"),
    "--series-1-soft": ("#d3e6f2", "#1d3b50"),
    "--series-2-soft": ("#f7dfcd", "#4a3510"),
    "--series-3-soft": ("#cfe9df", "#153f33"),
}
"""Custom property to its colour on the light page and on the dark page.

The series are the blue and a darkened vermillion of Okabe and Ito (their own orange and sky blue
are too faint on a light page and take over on the dark one), and a green; those from the fourth
were looked for by computer, as far from all others as colour-blind eyes allow.
"""

SERIES = 6
"""How many colours there are for products."""


def hue(number: int) -> str:
    """The colour of a product of this number, from 1, as style sheets name it."""
    return f"var(--series-{number})"


FONT = "Explainer Sans"
"""The one family of every chart; it is vendored, so that text is measured alike everywhere."""

FONTS = f"{FONT}, Arial, Liberation Sans, Helvetica, Roboto, sans-serif"
"""What a drawing names, for those who have not the family: the likest in width first."""

TOKEN = re.compile(r"var\((--[a-z0-9-]+)(?:,[^()]*)?\)")
"""A colour by its token, with or without another beside it."""

SMALL = 13
"""Size in px of ticks, remarks and place names. Nothing in a chart is smaller than 12 px."""

LARGE = 15
"""Size in px of the figures written beside the marks."""


@dataclass(frozen=True)
class Size:
    """One of the drawings of a chart; ``width`` is that of the whole SVG in px."""

    name: str
    width: int

    @property
    def is_wide(self) -> bool:
        """Whether labels have room beside what they name."""
        return self.width >= WIDE.width


WIDE = Size("wide", 640)
NARROW = Size("narrow", 288)


def config() -> dict[str, Any]:
    """The Vega-Lite configuration of every chart."""
    ink, muted, grid = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-grid)"
    return {
        "font": FONT,
        # Under a reader's own style the page may be dark, and the lettering is not.
        "background": "var(--chart-paper)",
        "view": {"stroke": None, "fill": None},
        # Vega's own point opacity of 0.7 washes the colours out.
        "mark": {"opacity": 1},
        "text": {"fontSize": SMALL, "color": ink, "lineHeight": SMALL + 3},
        "point": {"opacity": 1, "color": "var(--series-1)"},
        "bar": {"color": "var(--series-1)"},
        "line": {"color": "var(--series-1)", "strokeWidth": 2},
        "area": {"color": "var(--series-1-soft)"},
        "rule": {"color": muted},
        "axis": {
            # Vega names axes in English; the figure's own description does better.
            "aria": False,
            "domain": False,
            "ticks": False,
            "gridColor": grid,
            "labelColor": muted,
            "labelFontSize": SMALL,
            "titleColor": muted,
            "titleFontSize": SMALL,
            "titleFontWeight": "normal",
        },
        "legend": {
            "aria": False,
            "labelColor": ink,
            "labelFontSize": SMALL,
            "titleColor": muted,
            "titleFontSize": SMALL,
        },
        "header": {"labelColor": ink, "labelFontSize": SMALL, "titleFontSize": SMALL},
        "title": {"color": ink, "fontSize": LARGE, "subtitleColor": muted, "subtitleFontSize": 13},
        "range": {"category": [hue(number + 1) for number in range(SERIES)]},
    }


def colors_of(style: str) -> dict[str, str]:
    """The colours of the light page by their tokens, as a style sheet has them before all others.

    Where it has none, ours.
    """
    return _of_page(style, 0, HEX)


def darks_of(style: str) -> dict[str, str]:
    """The colours of the dark page, in the same way."""
    return _of_page(style, 1, rf"light-dark\([^(),]+,\s*{HEX}\)")


HEX = "(#[0-9a-fA-F]{3,8})"
"""A colour in a style sheet."""


def _of_page(style: str, page: int, value: str) -> dict[str, str]:
    ours = {token: colors[page] for token, colors in TOKENS.items()}
    # Those that charts and pictures use.
    token = r"--(?:accent|(?:chart|map|series)-[a-z0-9-]+)"
    return ours | dict(reversed(re.findall(rf"({token}):\s*{value}\s*;", style)))


def literal(svg_or_spec_text: str, colors: Mapping[str, str] | None = None) -> str:
    """The same text with each ``var(--token)`` replaced by its colour on the light page.

    An unknown token raises KeyError.
    """
    known = colors_of("") if colors is None else colors
    return TOKEN.sub(lambda match: known[match[1]], svg_or_spec_text)


def with_fallbacks(svg: str, colors: Mapping[str, str]) -> str:
    """The same drawing with its colour on the light page beside each token.

    An unknown token raises KeyError.
    """
    return TOKEN.sub(lambda match: f"var({match[1]}, {colors[match[1]]})", svg)
