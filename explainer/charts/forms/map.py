"""The map: where the places are, and between which of them things move, with schematic arrows.

An arrow is a direction and no route, and the map says so. A place that stands for an area has
another mark, and is said to be schematic. The drawing is a framed piece of the base map: all of it
when wide, the part around the places when narrow, so that these do not crowd. Countries that are
named stand out from their neighbours. The projection is Mercator's, whose scale is true at the
latitude of the middle of the map; the scale bar belongs to that latitude. Coordinates decide where
things are drawn; they are never printed, and no file of the chart holds them.
"""

import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from explainer.charts.basemap import clipped_line, clipped_ring, simplified
from explainer.charts.form import Column, Form, FormOptions, Row, claim_row, unfit
from explainer.charts.marks import (
    INK,
    MUTED,
    PAPER,
    Dot,
    Line,
    Sheet,
    Words,
    inline,
    pixels,
    rounded,
    text_width,
    widest,
    wrapped,
)
from explainer.charts.theme import LARGE, NARROW, SMALL, WIDE, Size, series, themed
from explainer.data.kinds import ClaimId, Entry, PlaceId, Text
from explainer.data.quantities import Quantity
from explainer.problems import did_you_mean
from explainer.voice.voice import Voice

SEA, LAND, FAR, EDGE = (f"var(--map-{name})" for name in ("sea", "land", "far", "edge"))
FINE = 0.5
"""How far a line of the narrow map may lie from the true one, in px."""

MARGIN = 24
"""The least px between a place and the sides of the narrow map."""

DEGREE = 111.32
"""Length in km of a degree of the equator."""

COMMAND = (
    "make one with: python -m explainer.charts.basemap countries-50m.json WEST SOUTH EAST NORTH"
)


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The land, its borders, the places and the arrows between them."""
    view = _View(view_of(options["box"], options["points"].values(), size), size.width)
    sheet = Sheet()
    taken: list[_Box] = []
    arrows = [row for row in rows if row["kind"] == "arrow"]
    points = {name: view.at(*at) for name, at in options["points"].items()}
    drawn = [_arrow(row, points, options["ends"]) for row in arrows]
    for x, y in points.values():
        taken.append((x - 7, y - 7, x + 7, y + 7))
    for arrow in drawn:
        taken += _along(arrow)
    for row in rows:
        if row["kind"] == "place":
            text = wrapped(row["short"], 118 if size.width < WIDE.width else 150, bold=True)
            at = _free(text, [points[row["place"]]], taken, view)
            sheet.words.append(Words(at[0], at[1], text, bold=True))
    for name, place in options["countries"]:
        area = [[view.at(*point) for point in ring] for ring in options["own"].get(name, [])]
        spot = _inland(name, view.at(*place), area, taken, view)
        if spot:
            sheet.words.append(Words(spot[0], spot[1], name, MUTED, LARGE, align="center"))
    for row, arrow in zip(arrows, drawn, strict=True):
        if row["shown"]:
            longest = widest(row["shown"].split(" "), bold=True)
            room = max(longest, 84) if size.width < WIDE.width else 130
            text = wrapped(row["shown"], room, bold=True)
            at = _free(text, _halting(arrow), taken, view)
            sheet.words.append(Words(at[0], at[1], text, arrow["color"], bold=True))
    foot = _key(rows, options, words, view, sheet)
    marks = [*_arrow_marks(drawn), *_place_marks(rows, points)]
    chart = sheet.around(marks, _ground(options, view))
    return themed(chart, size, foot, placed=True)


def view_of(
    box: Sequence[float], points: Iterable[Sequence[float]], size: Size
) -> tuple[float, float, float, float]:
    """The degrees that a drawing shows: the whole box, or as little of its width as places need.

    A narrow map is at most as high as it is wide.
    """
    west, south, east, north = box
    if size.width >= WIDE.width:
        return west, south, east, north
    left, right = (edge(point[0] for point in points) for edge in (min, max))
    needed = (right - left) * size.width / (size.width - 2 * MARGIN)
    span = min(max(needed, _northing(north) - _northing(south)), east - west)
    start = min(max((left + right - span) / 2, west), east - span)
    return start, south, start + span, north


def _ground(options: Mapping[str, Any], view: "_View") -> list[Any]:
    """The sea, the land with the named countries set off, and the borders."""
    import altair as alt

    def shape(kind: str, coordinates: list[Any]) -> Any:
        feature = {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}}
        return alt.Chart(inline([feature])).project(type="identity", scale=1, translate=[0, 0])

    def land(rings: Iterable[Sequence[Sequence[float]]], fill: str) -> Any:
        polygons = [[ring] for given in rings if (ring := view.ring(given))]
        return shape("MultiPolygon", polygons).mark_geoshape(
            fill=fill, stroke=EDGE, strokeWidth=1, aria=False
        )

    corner = {"x": 0, "y": 0, "x2": view.width, "y2": view.height}
    sea = alt.Chart(inline([corner])).mark_rect(fill=SEA, aria=False)
    layers = [
        sea.encode(x=pixels("x"), y=pixels("y", "y"), x2="x2", y2="y2"),
        land(options["land"], FAR if options["own"] else LAND),
    ]
    if options["own"]:
        layers.append(land(itertools.chain(*options["own"].values()), LAND))
    borders = [part for line in options["borders"] for part in view.lines(line)]
    if borders:
        layers.append(
            shape("MultiLineString", borders).mark_geoshape(
                filled=False, stroke=EDGE, strokeWidth=1, aria=False
            )
        )
    return layers


_Box = tuple[float, float, float, float]


class _View:
    """Mercator's projection of a box of degrees onto a drawing, in px."""

    def __init__(self, box: Sequence[float], width: float):
        west, south, east, north = box
        self.per_degree = width / (east - west)
        self.west, self.top = west, _northing(north)
        self.width = width
        self.height = round((self.top - _northing(south)) * self.per_degree)
        self.latitude = (south + north) / 2

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (
            rounded((longitude - self.west) * self.per_degree),
            rounded((self.top - _northing(latitude)) * self.per_degree),
        )

    def ring(self, points: Iterable[Sequence[float]]) -> list[list[float]]:
        """A closed line as far as the map shows it; nothing where it lies outside."""
        ring = clipped_ring(self._fine(points), (0, 0, self.width, self.height))
        ring = [self._beyond(point) for point in ring]
        return self._rounded([*ring, ring[0]]) if len(ring) > 2 else []

    def lines(self, points: Iterable[Sequence[float]]) -> list[list[list[float]]]:
        """The parts of a line that the map shows."""
        parts = clipped_line(self._fine(points), (0, 0, self.width, self.height))
        return [self._rounded(part) for part in parts if len(part) > 1]

    def _fine(self, points: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
        placed = [self.at(point[0], point[1]) for point in points]
        return placed if self.width >= WIDE.width else simplified(placed, FINE)

    def _beyond(self, point: tuple[float, float]) -> tuple[float, float]:
        """A point on the frame, moved out of it, so that no coast is drawn where land goes on."""
        x, y = point
        out = 2
        x = -out if x < 0.05 else self.width + out if x > self.width - 0.05 else x
        y = -out if y < 0.05 else self.height + out if y > self.height - 0.05 else y
        return x, y

    def _rounded(self, points: Iterable[tuple[float, float]]) -> list[list[float]]:
        placed = [[rounded(x), rounded(y)] for x, y in points]
        return [p for i, p in enumerate(placed) if i == 0 or p != placed[i - 1]]

    @property
    def km(self) -> float:
        """The length in px of a km at the middle latitude."""
        return self.per_degree / (DEGREE * math.cos(math.radians(self.latitude)))


def _northing(latitude: float) -> float:
    """How far north of the equator a latitude lies, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _arrow(
    row: Mapping[str, Any],
    points: Mapping[str, tuple[float, float]],
    ends: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """An arrow from place to place, short of both marks, with the angle of its head."""
    start, end = ends[row["label"]]
    (x, y), (x2, y2) = points[start], points[end]
    length = math.hypot(x2 - x, y2 - y) or 1
    dx, dy = (x2 - x) / length, (y2 - y) / length
    return {
        "id": row.get("id", ""),
        "text": row["text"],
        "description": row["description"],
        "color": series(1),
        "x": rounded(x + dx * 11),
        "y": rounded(y + dy * 11),
        "x2": rounded(x2 - dx * 13),
        "y2": rounded(y2 - dy * 13),
        "angle": round(math.degrees(math.atan2(dx, -dy))),
    }


def _along(arrow: Mapping[str, Any]) -> list[_Box]:
    """Small boxes along an arrow, which no word may cover."""
    steps = 12
    found = []
    for step in range(steps + 1):
        x = arrow["x"] + (arrow["x2"] - arrow["x"]) * step / steps
        y = arrow["y"] + (arrow["y2"] - arrow["y"]) * step / steps
        found.append((x - 4, y - 4, x + 4, y + 4))
    return found


def _halting(arrow: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Points along an arrow, those about its middle first, beside which its words may stand."""
    return [
        (
            arrow["x"] + (arrow["x2"] - arrow["x"]) * part,
            arrow["y"] + (arrow["y2"] - arrow["y"]) * part,
        )
        for part in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
    ]


def _free(
    text: Sequence[str], points: Sequence[tuple[float, float]], taken: list[_Box], view: _View
) -> tuple[float, float]:
    """Where a text beside a point covers nothing: the baseline of its first line, at its left."""
    width, height = widest(text, SMALL, bold=True), 16 * len(text)
    tried: list[tuple[float, float]] = []
    for away, (x, y) in itertools.product((10, 18, 30, 44), points):
        middle = y - height / 2
        tried += [
            (x + away, middle),
            (x - away - width, middle),
            (x + away - 4, y + away - 6),
            (x + away - 4, y - away - height + 6),
            (x - width / 2, y + away),
            (x - width / 2, y - away - height),
            (x - away - width + 4, y + away - 6),
            (x - away - width + 4, y - away - height + 6),
        ]
    best, least = tried[0], math.inf
    for left, top in tried:
        box = (left - 2, top, left + width + 2, top + height)
        outside = left < 2 or left + width > view.width - 2 or top < 2 or top + height > view.height
        cost = math.fsum(_overlap(box, other) for other in taken) + 1000 * outside
        if cost < least:
            best, least = (left, top), cost
        if not cost:
            break
    taken.append((best[0], best[1], best[0] + width, best[1] + height))
    return rounded(best[0]), rounded(best[1] + 12)


def _inland(
    name: str,
    point: tuple[float, float],
    area: Sequence[Sequence[tuple[float, float]]],
    taken: list[_Box],
    view: _View,
) -> tuple[float, float] | None:
    """Where the name of a country covers nothing: within it, as near its own point as can be."""
    half = text_width(name, LARGE) / 2
    steps = [i * 8 for i in range(-8, 9)]
    free = []
    for dx, dy in sorted(((a, b) for a in steps for b in steps), key=lambda d: math.hypot(*d)):
        x, y = point[0] + dx, point[1] + dy
        box = (x - half - 3, y - 13, x + half + 3, y + 5)
        within = box[0] > 2 and box[2] < view.width - 2 and box[1] > 2 and box[3] < view.height - 2
        if within and not any(_overlap(box, other) for other in taken):
            corners = [(left, top) for left in (box[0], x, box[2]) for top in (box[1], box[3])]
            free.append((sum(not _inside(c, area) for c in corners) if area else 0, box, (x, y)))
    if not free:
        return None
    _, box, (x, y) = min(free, key=lambda found: found[0])
    taken.append(box)
    return rounded(x), rounded(y)


def _overlap(one: _Box, other: _Box) -> float:
    """The area in square px that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0


def _arrow_marks(arrows: Sequence[Mapping[str, Any]]) -> list[Any]:
    import altair as alt

    if not arrows:
        return []
    data = inline([dict(arrow) for arrow in arrows])
    said: dict[str, Any] = {
        "description": alt.Description("description:N"),
        "tooltip": alt.Tooltip("description:N"),
    }
    return [
        alt.Chart(data)
        .mark_rule(color=series(1), strokeWidth=2.5)
        .encode(x=pixels("x"), y=pixels("y", "y"), x2=alt.X2("x2"), y2=alt.Y2("y2"), **said),
        alt.Chart(data)
        .mark_point(shape="triangle-up", size=110, filled=True, color=series(1), aria=False)
        .encode(x=pixels("x2"), y=pixels("y2", "y"), angle=alt.Angle("angle:Q", scale=None)),
    ]


def _place_marks(
    rows: Sequence[Mapping[str, Any]], points: Mapping[str, tuple[float, float]]
) -> list[Any]:
    import altair as alt

    layers = []
    for schematic in (False, True):
        data = [
            {
                "place": row["place"],
                "text": row["text"],
                "description": row["description"],
                "x": points[row["place"]][0],
                "y": points[row["place"]][1],
            }
            for row in rows
            if row["kind"] == "place" and row["schematic"] is schematic
        ]
        if data:
            layers.append(
                alt.Chart(inline(data))
                .mark_point(
                    shape="diamond" if schematic else "circle",
                    size=150 if schematic else 70,
                    fill=PAPER if schematic else INK,
                    stroke=INK,
                    strokeWidth=2,
                )
                .encode(
                    x=pixels("x"),
                    y=pixels("y", "y"),
                    description=alt.Description("description:N"),
                    tooltip=alt.Tooltip("description:N"),
                )
            )
    return layers


def _key(
    rows: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    words: Mapping[str, str],
    view: _View,
    sheet: Sheet,
) -> float:
    """The scale bar and what the marks mean, below the map; the px where the drawing ends."""
    # The lower edge of the frame: land that goes on is drawn beyond it.
    sheet.lines.append(Line(0, view.height + 2, view.width, view.height + 2, PAPER, 4))
    y: float = view.height + 22
    km, text = options["bars"]["wide" if view.width >= WIDE.width else "narrow"]
    length = rounded(km * view.km)
    sheet.lines += [
        Line(1, y - 4, length, y - 4, MUTED, 2),
        Line(1, y - 9, 1, y + 1, MUTED, 2),
        Line(length, y - 9, length, y + 1, MUTED, 2),
    ]
    sheet.words.append(Words(length + 10, y, text, MUTED))
    sheet.words.append(Words(view.width, y, words["origin"], MUTED, align="right"))
    kinds = {row["kind"] for row in rows}
    if "arrow" in kinds:
        y += 22
        sheet.lines.append(Line(1, y - 5, 24, y - 5, series(1), 2.5))
        sheet.dots.append(Dot(26, y - 5, "triangle-right", series(1), size=80))
        text = wrapped(words["arrow"], view.width - 42)
        sheet.words.append(Words(40, y, text, MUTED))
        y += 16 * (len(text) - 1)
    if any(row["schematic"] for row in rows):
        y += 22
        sheet.dots.append(Dot(14, y - 5, "diamond", INK, hollow=True, size=120))
        text = wrapped(words["schematic"], view.width - 42)
        sheet.words.append(Words(40, y, text, MUTED))
        y += 16 * (len(text) - 1)
    return y + 8


# The data half: which rows the options ask for, and what the form is told beside them


class Arrow(Entry):
    """A movement from place to place, with what is said of it."""

    model_config = ConfigDict(populate_by_name=True)

    start: PlaceId = Field(alias="from", description="The place from which it leads.")
    to: PlaceId = Field(description="The place to which it leads.")
    claim: ClaimId | None = Field(default=None, description="How much moves, as a claim.")
    text: Text | None = Field(default=None, description="What moves, in words.")


class Options(FormOptions):
    """Options of a map."""

    basemap: str = Field(
        default="basemap.json",
        description="The base map: a file beside the data file, cut by `explainer.charts.basemap`.",
    )
    places: list[PlaceId] = Field(
        min_length=1,
        max_length=16,
        description="Places that have a point (`at:`), each drawn with its name.",
    )
    arrows: list[Arrow] = Field(
        default=[],
        max_length=8,
        description="What moves from place to place. An arrow is a direction, not a route.",
    )
    countries: list[PlaceId] = Field(
        default=[],
        description="Places of the vocabulary whose name alone is written, such as countries.",
    )


class Basemap(BaseModel):
    """A base map as `explainer.charts.basemap` writes it."""

    origin: Text
    box: tuple[float, float, float, float]
    land: list[list[tuple[float, float]]]
    borders: list[list[tuple[float, float]]]
    countries: list[list[list[tuple[float, float]]]] = []


@lru_cache(maxsize=4)
def _read(content: bytes) -> Basemap:
    return Basemap.model_validate(json.loads(content))


def _basemap(options: Options, voice: Voice) -> Basemap:
    content = voice.dataset.beside.get(options.basemap)
    if content is None:
        raise unfit("basemap", f'there is no base map "{options.basemap}"', COMMAND)
    try:
        return _read(content)
    except ValueError:
        raise unfit("basemap", f'"{options.basemap}" is no base map', COMMAND) from None


def _points(options: Options, voice: Voice) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each place, which lies on the map."""
    west, south, east, north = _basemap(options, voice).box
    known = voice.dataset.vocabulary.places
    points = {}
    for option, names in (("places", options.places), ("countries", options.countries)):
        for name in names:
            at = known[name].at
            if at is None:
                hint = "give it at: [latitude, longitude] in the vocabulary"
                raise unfit(option, f'the place "{name}" has no position', hint, name)
            if not (west <= at[1] <= east and south <= at[0] <= north):
                hint = "cut a larger base map, or leave the place out"
                raise unfit(option, f'"{name}" lies outside the base map', hint, name)
            points[name] = (at[1], at[0])
    for arrow in options.arrows:
        for end in (arrow.start, arrow.to):
            if end not in options.places:
                hint = did_you_mean(end, options.places) or "name it in places:"
                message = f'an arrow ends at "{end}", which the map lacks'
                raise unfit("arrows", message, hint, end)
    return points


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row for each place, then one for each arrow."""
    _points(options, voice)
    dataset, word = voice.dataset, voice.language.word
    rows: list[Row] = []
    for name in options.places:
        place = dataset.vocabulary.places[name]
        label = dataset.label("places", name, voice.code)
        said = word("chart.map_schematic_place", place=label) if place.schematic else f"{label}."
        rows.append(
            {
                "label": label,
                "short": label.split(",")[0],
                "kind": "place",
                "kind_text": word("chart.map_place"),
                "place": name,
                "schematic": place.schematic,
                "text": "",
                "shown": "",
                "group": word("chart.map_places"),
                "description": said,
                "sources": place.source or "",
            }
        )
    for arrow in options.arrows:
        rows.append(_arrow_row(arrow, voice))
    return rows


def _arrow_row(arrow: Arrow, voice: Voice) -> Row:
    dataset, word = voice.dataset, voice.language.word
    ends = [dataset.label("places", name, voice.code) for name in (arrow.start, arrow.to)]
    label = word("chart.leg", first=ends[0], last=ends[1])
    words = voice.said(voice.local(arrow.text))
    row: Row = claim_row(voice, arrow.claim) if arrow.claim else {"text": words, "place": ""}
    text = row["text"]
    shown = words if arrow.text else text
    said = f"{label}: {shown}." if shown else f"{label}."
    if arrow.claim:
        said = f"{label}: {words or voice.text(arrow.claim, 'long')}. {row['description']}"
    return {
        **row,
        "label": label,
        "kind": "arrow",
        "kind_text": word("chart.map_arrow"),
        "schematic": False,
        "shown": shown,
        "group": word("chart.map_arrows"),
        "description": said,
        "sources": "",
    }


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    base = _basemap(options, voice)
    points = _points(options, voice)
    arrows = [row for row in rows if row["kind"] == "arrow"]
    return {
        "box": base.box,
        "land": base.land,
        "borders": base.borders,
        "own": {
            voice.dataset.label("places", name, voice.code): country
            for name in options.countries
            for country in base.countries
            if _inside(points[name], country)
        },
        "points": {name: points[name] for name in options.places},
        "ends": {
            row["label"]: (arrow.start, arrow.to)
            for row, arrow in zip(arrows, options.arrows, strict=True)
        },
        "countries": [
            (voice.dataset.label("places", name, voice.code), points[name])
            for name in options.countries
        ],
        "bars": _bars(options, voice),
    }


def _inside(point: tuple[float, float], rings: Iterable[Sequence[tuple[float, float]]]) -> bool:
    """Whether a point lies in an area: a line to the west crosses an odd number of edges."""
    x, y = point
    crossed = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x > x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossed += 1
    return crossed % 2 == 1


def _bars(options: Options, voice: Voice) -> dict[str, tuple[int, str]]:
    """A round length in km for the scale bar of each drawing, and how it is written."""
    base, unit = _basemap(options, voice), voice.dataset.units.unit("km")
    points = _points(options, voice)
    found = {}
    for size in (WIDE, NARROW):
        box = view_of(base.box, [points[name] for name in options.places], size)
        longest = size.width / 4 / _View(box, size.width).km
        km = max(n * 10**p for p in range(5) for n in (1, 2, 5) if n * 10**p <= max(longest, 1))
        length = Quantity(Fraction(km), Fraction(km), unit)
        found[size.name] = (km, voice.language.quantity(length, "long"))
    return found


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word = voice.language.word
    return {
        "arrow": word("chart.map_direction"),
        "schematic": word("chart.map_schematic"),
        "origin": word("chart.map_origin", origin=voice.local(_basemap(options, voice).origin)),
    }


FORM = Form(
    name="map",
    options=Options,
    axis=lambda options: [],
    rows=_rows,
    settings=_settings,
    draw=draw,
    words=_words,
    ticks=lambda options, rows, voice: [text for _, text in _bars(options, voice).values()],
    columns=(
        Column("figure.what", "label"),
        Column("figure.kind", "kind_text"),
        Column("figure.value", "text"),
    ),
    published=("kind_text", "schematic", "sources"),
    misleads=lambda options, voice: [],
)
