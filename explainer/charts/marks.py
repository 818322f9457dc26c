"""What the forms draw with: measured lettering, and marks placed in pixels.

The forms place their words themselves, because a label that collides or is clipped makes a chart
useless and Vega-Lite prevents neither. Marks that carry data do not come from here: they stand in
the form, on real scales.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from explainer.charts.theme import SMALL

INK = "var(--chart-ink)"
MUTED = "var(--chart-muted)"
GRID = "var(--chart-grid)"
PAPER = "var(--chart-paper)"

FADING = (7, 3, 5, 3, 4, 3, 3, 3, 2, 3, 1, 400)
"""Dashes that die away: the sign, in every form, that an end is open."""

FADING_LENGTH = 36
"""How far such a line is drawn, in px; a sign, not a measure."""

# Advance widths of the vendored font's regular weight, in hundredths of its size.
_WIDTHS = {
    24: "',.:;ij|‘’ \u00a0\u202f",
    30: "Il!()[]f{}-/\\rt°",
    42: '"*?szxcvy“”',
    48: "JLYEF",
    62: "DGNHU→←",
    66: "OQ",
    82: "MWwm%@—…",
}
_WIDTH_OF = {char: width / 100 for width, chars in _WIDTHS.items() for char in chars}


@dataclass(frozen=True)
class Words:
    """Lettering: ``x``, ``y`` in px is the baseline of its first line, at the side ``align``."""

    x: float
    y: float
    text: str | Sequence[str]
    color: str = INK
    size: int = SMALL
    bold: bool = False
    align: str = "left"


@dataclass(frozen=True)
class Line:
    """A decorative line between two points in px."""

    x: float
    y: float
    x2: float
    y2: float
    color: str = MUTED
    width: float = 1
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Dot:
    """A decorative mark in px; ``shape`` as in Vega, hollow or filled."""

    x: float
    y: float
    shape: str
    color: str
    hollow: bool = False
    size: int = 100


@dataclass
class Sheet:
    """What a form has placed so far; all of it is silent to a screen reader."""

    words: list[Words] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)

    def around(self, marks: Sequence[Any], behind: Sequence[Any] = ()) -> Any:
        """The layered chart: what lies behind, lines and dots, the marks with data, the words."""
        import altair as alt  # only where something must be drawn: it costs a third of a second

        return alt.layer(
            *behind, *lines(self.lines), *dots(self.dots), *marks, *lettering(self.words)
        )


def text_width(text: str, size: float = SMALL, bold: bool = False) -> float:
    """About how wide a line of text is in px, rather too wide than too narrow."""
    widths = (_WIDTH_OF.get(char, 0.56 if ord(char) < 0x2E80 else 1.0) for char in text)
    # Not sum(), which is more exact from Python 3.12 on: charts would differ by version.
    return math.fsum(widths) * (size * (1.05 if bold else 1.0))


def wrapped(text: str, width: float, size: float = SMALL, bold: bool = False) -> list[str]:
    """The text in lines of at most ``width`` px; a word that is wider alone is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and text_width(f"{line} {word}", size, bold) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold) > width and len(word) > 1:
            head = len(word) - 1
            while head > 1 and text_width(word[:head] + "-", size, bold) > width:
                head -= 1
            lines.append(word[:head] + "-")
            word = word[head:]
        line = word
    return [*lines, line]


def widest(lines: Iterable[str], size: float = SMALL, bold: bool = False) -> float:
    """The width in px of the widest of these lines, 0 when there is none."""
    return max((text_width(line, size, bold) for line in lines), default=0)


def rounded(number: float) -> float:
    """A position in px as short as a specification needs it."""
    short = round(float(number), 1)
    return int(short) if short.is_integer() else short


def round_step(rough: float) -> float:
    """The least step of 1, 2 or 5 times a power of ten that is not below `rough`."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def lettering(words: Iterable[Words]) -> list[Any]:
    """Text layers for these words, one for each look; silent to a screen reader."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    def look(item: Words) -> tuple[str, int, bool, str]:
        return item.color, item.size, item.bold, item.align

    layers = []
    for (color, size, bold, align), group in groupby(sorted(words, key=look), key=look):
        rows = [
            {"x": rounded(item.x), "y": rounded(item.y), "t": _lines(item.text)} for item in group
        ]
        mark: dict[str, Any] = {"aria": False, "align": align, "baseline": "alphabetic"}
        if color != INK:
            mark["color"] = color
        if size != SMALL:
            mark |= {"fontSize": size, "lineHeight": size + 3}
        if bold:
            mark["fontWeight"] = "bold"
        layers.append(
            alt.Chart(inline(rows))
            .mark_text(**mark)
            .encode(x=pixels("x"), y=pixels("y", "y"), text=alt.Text("t:N"))
        )
    return layers


def lines(items: Iterable[Line]) -> list[Any]:
    """Rule layers for these lines, one for each look; silent to a screen reader."""
    import altair as alt

    def look(item: Line) -> tuple[str, float, tuple[float, ...]]:
        return item.color, item.width, item.dash

    layers = []
    for (color, width, dash), group in groupby(sorted(items, key=look), key=look):
        rows = [
            {
                "x": rounded(item.x),
                "y": rounded(item.y),
                "x2": rounded(item.x2),
                "y2": rounded(item.y2),
            }
            for item in _joined(group)
        ]
        mark: dict[str, Any] = {"aria": False, "color": color, "strokeWidth": width}
        if dash:
            mark["strokeDash"] = list(dash)
        layers.append(
            alt.Chart(inline(rows))
            .mark_rule(**mark)
            .encode(x=pixels("x"), y=pixels("y", "y"), x2=alt.X2("x2"), y2=alt.Y2("y2"))
        )
    return layers


def _joined(items: Iterable[Line]) -> list[Line]:
    """Upright lines that go on where another ends, as one: a grid drawn row by row."""
    joined: list[Line] = []
    ends: dict[tuple[float, float], int] = {}
    for item in items:
        index = ends.pop((item.x, item.y), None) if item.x == item.x2 and not item.dash else None
        if index is None:
            index = len(joined)
            joined.append(item)
        else:
            joined[index] = replace(joined[index], y2=item.y2)
        if item.x == item.x2:
            ends[item.x, item.y2] = index
    return joined


def dots(items: Iterable[Dot]) -> list[Any]:
    """Point layers for these marks, one for each look; silent to a screen reader."""
    import altair as alt

    def look(item: Dot) -> tuple[str, str, bool, int]:
        return item.shape, item.color, item.hollow, item.size

    layers = []
    for (shape, color, hollow, size), group in groupby(sorted(items, key=look), key=look):
        rows = [{"x": rounded(item.x), "y": rounded(item.y)} for item in group]
        layers.append(
            alt.Chart(inline(rows))
            .mark_point(
                aria=False,
                shape=shape,
                size=size,
                stroke=color,
                fill=PAPER if hollow else color,
                strokeWidth=2,
            )
            .encode(x=pixels("x"), y=pixels("y", "y"))
        )
    return layers


def open_bars_key(
    rows: list[dict[str, Any]],
    words: Mapping[str, str],
    width: float,
    y: float,
    sheet: Sheet,
) -> float:
    """Explains the open bars that occur; the px where the drawing ends."""
    for open_end, word in (("low", "up_to"), ("high", "at_least")):
        if not any(row["open"] == open_end for row in rows):
            continue
        y += 22
        if open_end == "low":
            edges = ((1, 36, -11, -11), (1, 36, 1, 1), (1, 1, -11, 1), (36, 36, -11, 1))
            sheet.lines.append(Line(1, y - 5, 36, y - 5, "var(--series-1-soft)", 12))
            for x, x2, above, below in edges:
                sheet.lines.append(
                    Line(x, y + above, x2, y + below, "var(--series-1)", 1.5, (4, 3))
                )
        else:
            sheet.lines.append(Line(6, y - 5, 14, y - 5, "var(--series-1)", 12))
            sheet.lines.append(
                Line(16, y - 5, FADING_LENGTH + 8, y - 5, "var(--series-1)", 2, FADING)
            )
        text = wrapped(words[word], width - 50)
        sheet.words.append(Words(48, y, text, MUTED))
        y += 16 * (len(text) - 1)
    return y + 10


def inline(rows: list[dict[str, Any]]) -> Any:
    """These rows as the data of a layer, written out in the specification."""
    import altair as alt

    # Altair copies a list with every chart that is made of the layer; a tuple it leaves alone.
    return alt.Data(values=tuple(rows))  # type: ignore[no-untyped-call]


def pixels(field: str, channel: str = "x") -> Any:
    """The ``x`` or ``y`` channel for a field that is a position in px already."""
    import altair as alt

    kind = alt.X if channel == "x" else alt.Y
    return kind(f"{field}:Q", scale=None, axis=None)


def _lines(text: str | Sequence[str]) -> str | list[str]:
    if isinstance(text, str):
        return text
    return text[0] if len(text) == 1 else list(text)
