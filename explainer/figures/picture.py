"""A figure as a picture that travels alone: to download, and as the card of a shared link.

Whoever meets such a picture has nothing beside it, so title, sources, terms and the name of the
site stand in it, and its colours are literal.
"""

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from markupsafe import Markup, escape

from explainer.charts.marks import wrapped
from explainer.charts.theme import FONT, FONTS, SMALL, WIDE, literal
from explainer.figures.draw import Drawing
from explainer.figures.drawer import Drawer
from explainer.figures.figure import Figure
from explainer.figures.identity import Sign, sign_of
from explainer.figures.svg import SVG
from explainer.problems import Report
from explainer.project import Blob
from explainer.voice.voice import Voice

CARD = (1200, 630)
"""Width and height in px of the card that a shared link shows: what most networks ask for."""

MARGIN = 24
EDGE = 56
"""Margins in px of a picture to download, and of a card."""

ICON, BROWSER_ICON, PHONE_ICON = "icon.svg", 32, 180
"""The icon among the pictures of the templates, and in px the sizes it is published in, too."""

SIGN = 40
"""Height in px of the logo at the foot of a card."""

FADE = 110
"""Height in px of the strip in which a drawing that is cut fades away."""

OTHER_FONTS = 1.085
"""How much more room lettering takes where the picture is shown in the likest other font."""

WIDE_FONTS = ("DejaVu Sans", "Verdana")
"""What there is where none of the likest fonts is."""

FINE = 1.5
"""How many pixels of a downloaded PNG make up one of its drawing."""


def favicon(report: Report, icon: Blob, drawer: Drawer) -> bytes:
    """The site's icon as the file that browsers know by its name."""
    small = _icon(icon, BROWSER_ICON, drawer)
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", BROWSER_ICON, BROWSER_ICON, 0, 0, 1, 32, len(small), 22)
    return head + entry + small


def touch_icon(report: Report, icon: Blob, drawer: Drawer) -> bytes:
    """The site's icon as the file that telephones know by its name."""
    return _icon(icon, PHONE_ICON, drawer)


ICONS = {"favicon.ico": favicon, "apple-touch-icon.png": touch_icon}


def _icon(icon: Blob, size: int, drawer: Drawer) -> bytes:
    side = float(ElementTree.fromstring(icon.text()).attrib["width"])
    return drawer.enlarged(icon.text(), size / side)


def svg(report: Report, figure: Figure, voice: Voice) -> bytes:
    """The figure as a picture by itself, to download."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{sheet(report, figure, voice)}'.encode()


def sheet(report: Report, figure: Figure, voice: Voice) -> str:
    """The figure as an SVG by itself: title, wide drawing, remarks, sources, terms, site."""
    paper = _Paper(WIDE.width + 2 * MARGIN, y=MARGIN)
    width = (WIDE.width + MARGIN) / OTHER_FONTS
    paper.write(MARGIN, wrapped(figure.title_text, width, 22, bold=True), 22, bold=True)
    paper.y += 14
    paper.place(figure.wide, MARGIN, paper.y)
    paper.y += figure.wide.height + 14
    note = _note(figure, voice)
    terms = voice.language.word("figure.licence", licence=figure.licence)
    below = (note, *figure.caveats, _sources(figure, voice), f"{terms} {_site(voice)}.")
    for text in filter(None, below):
        paper.write(MARGIN, wrapped(text, width, SMALL), SMALL, color="--chart-muted")
    return paper.svg(paper.y + MARGIN - 6, figure)


def small(report: Report, figure: Figure, voice: Voice) -> bytes:
    """The figure's wide drawing as a picture, light or dark as the page is that shows it."""
    head, _, inner = str(figure.wide.svg).partition(">")
    dark = "".join(f"{token}:{dark};" for token, dark in figure.darks.items() if token in inner)
    # It may load no font; others that readers have take as much room when they are scaled.
    fonts = {"Like": (FONTS.split(", ")[1:-1], 93), "Wide": (WIDE_FONTS, 81)}
    faces = "".join(
        f"@font-face{{font-family:{face};size-adjust:{size}%;src:"
        f"{','.join(f'local({name!r})' for name in names)}}}"
        for face, (names, size) in fonts.items()
    )
    style = f'{faces}svg{{font-family:"{FONT}",Like,Wide,sans-serif}}'
    style += f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f'{head} xmlns="{SVG}"><style>{style}</style>{inner}'.encode()


def card(report: Report, figure: Figure, voice: Voice, logo: Blob | None) -> str:
    """The figure as an SVG of the size of a card: title, drawing, sources, site with its logo.

    Below the title or beside it, wide or narrow: that drawing which shows largest. Of one that is
    so high that nothing could be read, the upper part is shown, fading away.
    """
    width, height = CARD
    paper = _Paper(width, y=EDGE)
    paper.parts.append('<rect width="100%" height="12" fill="var(--accent)"/>')
    foot = _foot(paper, figure, voice, sign_of(logo) if logo else None)
    (lines, size), drawing, box = max(_arrangements(figure, foot), key=_worth)
    paper.write(EDGE, lines, size, bold=True)
    # In the middle of its place.
    left, top, across, room = box
    scale = _scale(drawing, box)
    left += (across - drawing.width * scale) / 2
    top += max(0, room - drawing.height * scale) / 2
    paper.place(drawing, left, top, scale, room)
    return paper.svg(height, figure)


_Box = tuple[float, float, float, float]
"""Left and upper edge, width and height in px of the place for a drawing."""

_Arrangement = tuple[tuple[list[str], int], Drawing, _Box]
"""The lines of a card's title with their size, and which drawing stands where."""

COLUMN, GAP = 400, 40
"""Of a card whose drawing stands beside its title: the width of the title and the gap behind it."""

SMALLEST, LARGEST = 0.7, 1.6
"""How far a drawing is reduced and enlarged in a card at most."""


def _arrangements(figure: Figure, foot: float) -> list[_Arrangement]:
    """The ways to fill a card down to the line at `foot`, the plainest first."""
    whole = CARD[0] - 2 * EDGE
    above = _title(figure.title_text, whole, most=2)
    top = EDGE + len(above[0]) * _leading(above[1]) + 12
    aside = _title(figure.title_text, COLUMN, most=8)
    beside = (EDGE + COLUMN + GAP, EDGE, whole - COLUMN - GAP, foot - EDGE)
    return [
        (above, figure.wide, (EDGE, top, whole, foot - top)),
        (aside, figure.wide, beside),
        (aside, figure.narrow, beside),
    ]


def _worth(arrangement: _Arrangement) -> float:
    """The larger the better; of two much alike, the wide drawing fills a card better."""
    _, drawing, box = arrangement
    scale = _scale(drawing, box)
    whole = min(1, box[3] / (drawing.height * scale))
    return scale * whole * (1.25 if drawing.width == WIDE.width else 1)


def _scale(drawing: Drawing, box: _Box) -> float:
    """How large a drawing can be in a place."""
    return max(SMALLEST, min(box[2] / drawing.width, box[3] / drawing.height, LARGEST))


def _title(text: str, width: float, most: int) -> tuple[list[str], int]:
    """The title in as large a type as fits into so many lines."""
    for size in (46, 42, 38, 34, 30):
        lines = wrapped(text, width, size, bold=True)
        if len(lines) <= most and not any(line.endswith("-") for line in lines):
            break
    return lines, size


def _foot(paper: "_Paper", figure: Figure, voice: Voice, sign: Sign | None) -> float:
    """Write sources and site at the foot of a card; gives where the room above them ends."""
    for count in range(len(figure.sources), -1, -1):
        # A list that is cut says so; it is whole where the link leads.
        text = _sources(figure, voice, count)
        lines = wrapped(text, CARD[0] - 2 * EDGE, 20) if text else []
        if len(lines) <= 2:
            break
    if figure.illustrative:
        lines = [*wrapped(figure.illustrative, CARD[0] - 2 * EDGE, 20), *lines]
    gap = 12 if sign else 0
    start = CARD[1] - EDGE + 12 - _leading(24) - gap - len(lines) * _leading(20)
    head, paper.y = paper.y, start
    paper.write(EDGE, lines, 20, color="--chart-muted")
    paper.y += gap
    paper.write(EDGE + paper.sign(EDGE, sign), [_site(voice)], 24, bold=True)
    paper.y = head
    return start - 18


def _sources(figure: Figure, voice: Voice, most: int | None = None) -> str:
    """The sources of a figure, or the first of them, in a line; empty where it has none."""
    labels = [source.label for source in figure.sources]
    language = voice.language
    word = language.word("figure.sources" if len(labels) == 1 else "figure.sources_many")
    cut = most is not None and most < len(labels)
    shown = language.parted([*labels[:most], "…"] if cut else labels)
    return language.headed(word, shown if cut else f"{shown}.") if labels else ""


def _note(figure: Figure, voice: Voice) -> str:
    note, word = figure.note.striptags(), voice.language.word("figure.note")
    return voice.language.headed(word, note) if note else ""


def _site(voice: Voice) -> str:
    return voice.said(voice.site.title)


def _leading(size: float) -> float:
    return round(size * 1.25)


@dataclass
class _Paper:
    """What a picture shows, written from the top down."""

    width: int
    y: float
    """The top of the next line in px."""
    parts: list[str] = field(default_factory=list)

    def sign(self, x: float, sign: Sign | None) -> float:
        """A logo beside the next line; gives the width that it takes in px, with a gap."""
        if sign is None:
            return 0
        width = min(SIGN * sign.ratio, 3 * SIGN)
        self.parts.append(
            f'<image x="{x}" y="{self.y - 4:.1f}" width="{width:.1f}" height="{SIGN}" '
            f'href="{sign.address}"/>'
        )
        return width + 14

    def write(
        self,
        x: float,
        lines: Iterable[str],
        size: int,
        *,
        bold: bool = False,
        color: str = "--chart-ink",
    ) -> None:
        """Lines of text, one below the other."""
        weight = ' font-weight="bold"' if bold else ""
        for line in lines:
            self.parts.append(
                f'<text x="{x}" y="{round(self.y + size)}" font-size="{size}px"{weight}'
                f' fill="var({color})">{escape(line)}</text>'
            )
            self.y += _leading(size)

    def place(
        self, drawing: Drawing, x: float, y: float, scale: float = 1, room: float = math.inf
    ) -> None:
        """A drawing with its upper left corner at a point; below `room` px it fades away."""
        _, _, inner = str(drawing.svg).partition(">")
        width, height = drawing.width * scale, min(room, drawing.height * scale)
        # Lettering in another font may need some of the margin.
        overflow = ' overflow="visible"' if height == drawing.height * scale else ""
        self.parts.append(
            f'<svg x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'viewBox="0 0 {drawing.width} {height / scale:.1f}"{overflow}>{inner}'
        )
        if height < drawing.height * scale - 1:
            stops = "".join(
                f'<stop offset="{part}" stop-color="var(--chart-paper)" stop-opacity="{part}"/>'
                for part in (0, 1)
            )
            self.parts.append(
                f'<linearGradient id="fading" x2="0" y2="1">{stops}</linearGradient>'
                f'<rect x="{x:.1f}" y="{y + height - FADE:.1f}" width="{width:.1f}" '
                f'height="{FADE}" fill="url(#fading)"/>'
            )

    def svg(self, height: float, figure: Figure) -> str:
        """The whole as one image, with the figure's name and description."""
        size = f'width="{self.width}" height="{round(height)}"'
        name = f"picture-{figure.id}"
        return literal(
            f'<svg xmlns="{SVG}" {size} viewBox="0 0 {self.width} {round(height)}" '
            f'font-family="{FONTS}" role="img" '
            f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
            f'<title id="{name}-title">{escape(figure.title_text)}</title>'
            f'<desc id="{name}-desc">{escape(figure.description)}</desc>'
            f'<rect width="100%" height="100%" fill="var(--chart-paper)"/>'
            f"{''.join(self.parts)}</svg>",
            figure.colors,
        )


# Frames

FRAME = WIDE.width + 32
"""Width in px of the frame that other sites are offered: the wide drawing and its margins."""

FRAMED = 384
"""The most px to which the narrow drawing grows in a frame."""

FRAMES = (320, 340, FRAMED + 16, FRAME)
"""Widths in px for which a frame's height is made: a narrow column, the highest state, the wide."""


def frame_height(figure: Figure, voice: Voice, credits: Sequence[Markup]) -> int:
    """How high a frame has to be to show the figure's embed page whole, in any of `FRAMES`.

    `credits` are the lines that the page has for sources which ask for one.
    """
    return max(_height_at(width, figure, voice, credits) for width in FRAMES)


def _height_at(width: int, figure: Figure, voice: Voice, credits: Sequence[Markup]) -> int:
    """The height of the embed page in a frame so wide.

    Measured as `templates/css/site.css` sets that page; rather a little too high than too low.
    """
    word, inner = voice.language.word, width - 16
    drawing = figure.wide if inner >= WIDE.width else figure.narrow
    drawn = drawing.height * min(inner, FRAMED if drawing is figure.narrow else inner)
    lines = len(wrapped(figure.title_text, inner, 21, bold=True))
    how = figure.how_to_read.striptags()
    above = 24 + 23 * len(wrapped(how, inner, 15)) if how else 12
    columns = max(1, (inner + 24) // (272 + 24))
    rows = -(-len(drawing.controls) // columns)
    controls = rows * (74 if columns > 1 else 94)
    sources = voice.language.parted(
        f"{', '.join(filter(None, (source.label, source.more)))} ({word('figure.terms')})"
        for source in figure.sources
    )
    licence = word("figure.licence", licence=figure.licence)
    caption = [
        _note(figure, voice),
        *figure.caveats,
        f"{_sources(figure, voice)[:9]}{sources}",
        licence,
    ]
    caption += [line.striptags() for line in credits]
    below = sum(4 + 21 * len(wrapped(text, inner, 15)) for text in caption if text)
    height = 8 + 26 * lines + above + drawn / drawing.width + controls + 48 + below + 37 + 33 + 8
    return math.ceil(height)
