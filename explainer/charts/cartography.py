"""What part of a base map a drawing shows, and on which side of its mark a text covers nothing.

Vega's projection draws the map. What is known of it here serves to choose and to cut the part that
is drawn, and to find free room for lettering, which Vega-Lite does not do.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explainer.charts.basemap import area, clipped_line, clipped_ring, simplified
from explainer.charts.marks import Box, box_of, covered, widest, wrapped
from explainer.charts.plot import LINE, Rows, Settings
from explainer.charts.theme import LARGE, NARROW, SMALL, WIDE, Size

MARGINS = {WIDE.name: (84, 44), NARROW.name: (26, 34)}
"""The least px between a place and the sides of a map, and its upper and lower edge: for names."""

HEIGHTS = {WIDE.name: (300, 460), NARROW.name: (250, 310)}
"""The least and the most px that a map is high; more of the land is shown where it would be less,
as far as the base map goes."""

CLOSE = 12
"""How near in px a text stands to a mark to be taken for its name."""

GAP = 4
"""Px that are free above and below the words of an arrow: nearer texts would be read as one."""

DEGREE = 111.32
"""Length in km of a degree of the equator."""

BEYOND = 0.2
"""How far an arrow that leads beyond the map is drawn at most, in parts of the map's width."""

TOWARDS = {
    "north": (0, 1), "northeast": (1, 1), "east": (1, 0), "southeast": (1, -1),
    "south": (0, -1), "southwest": (-1, -1), "west": (-1, 0), "northwest": (-1, 1),
}  # fmt: skip

EDGE = 6
"""The least px between the end of such an arrow and the frame."""


class View:
    """A part of the base map in a drawing so wide, in Mercator's projection."""

    def __init__(self, box: Sequence[float], width: float):
        self.box, self.width = tuple(box), width
        west, south, east, north = box
        self.per_degree = width / (east - west)
        self.height = round((_northing(north) - _northing(south)) * self.per_degree)
        latitude = (south + north) / 2
        self.km = self.per_degree / (DEGREE * math.cos(math.radians(latitude)))
        """The length in px of a km at the middle latitude."""

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """About where a point comes to lie, in px: what measures texts needs to know it."""
        west, _, _, north = self.box
        y = (_northing(north) - _northing(latitude)) * self.per_degree
        return (longitude - west) * self.per_degree, y

    def beyond(self, start: Sequence[float], east: int, north: int) -> tuple[float, float]:
        """Where an arrow ends that leaves the map in a direction: within its frame."""
        x, y = self.at(*start)
        frame = (0, 0, self.width, self.height)
        ahead = _ahead((east, north), (x, self.height - y), frame)
        length = min(BEYOND * self.width, *(room - EDGE for room in ahead))
        x, y = x + east * length, y - north * length
        west, _, _, edge = self.box
        latitude = _latitude(_northing(edge) - y / self.per_degree)
        return west + x / self.per_degree, latitude

    def ring(self, points: Iterable[Sequence[float]]) -> list[list[float]]:
        """A closed line as far as the map shows it, turned as d3 has an area within its line."""
        ring = clipped_ring(self._fine(points), self._around())
        if len(ring) < 3:
            return []
        return _rounded(ring[::-1] + ring[-1:] if area(ring) > 0 else [*ring, ring[0]])

    def lines(self, points: Iterable[Sequence[float]]) -> list[list[list[float]]]:
        """The parts of a line that the map shows."""
        parts = clipped_line(self._fine(points), self._around())
        return [_rounded(part) for part in parts if len(part) > 1]

    def _around(self) -> Box:
        """The map and a little more, so that no coast is drawn where land goes on."""
        west, south, east, north = self.box
        more = 4 / self.per_degree
        return west - more, south - more, east + more, north + more

    def _fine(self, points: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
        return simplified([(point[0], point[1]) for point in points], 0.5 / self.per_degree)


def _rounded(points: Iterable[Sequence[float]]) -> list[list[float]]:
    return [[round(x, 2), round(y, 2)] for x, y in points]


def _northing(latitude: float) -> float:
    """How far north of the equator a latitude lies, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _latitude(northing: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(northing)))) - 90


def view_of(box: Sequence[float], points: Iterable[Sequence[float]], size: Size) -> View:
    """What a drawing shows: as little of the box as places and their names need."""
    west, south, east, north = box
    bottom, top = _northing(south), _northing(north)
    across, up = zip(*((x, _northing(y)) for x, y in points), strict=True)
    (beside, above), (least, most) = MARGINS[size.name], HEIGHTS[size.name]
    left, right, low, high = min(across), max(across), min(up), max(up)
    width = min(
        max((right - left) * size.width / (size.width - 2 * beside),
            (high - low) * size.width / (most - 2 * above), (east - west) / 8),
        east - west,
    )  # fmt: skip
    degree = size.width / width
    height = min(max((high - low) + 2 * above / degree, least / degree), top - bottom)
    x = min(max((left + right - width) / 2, west), east - width)
    y = min(max((low + high - height) / 2, bottom), top - height)
    return View((x, _latitude(y), x + width, _latitude(y + height)), size.width)


def leaving(rows: Iterable[Mapping[str, Any]], options: Settings) -> Iterator[tuple[float, float]]:
    """Where arrows that lead beyond the map come to its edge, or near it: land is left behind."""
    west, _, east, _ = options["box"]
    for row in rows:
        if row.get("towards"):
            (x, y), (right, up) = options["points"][row["start"]], TOWARDS[row["towards"]]
            far = min(BEYOND * (east - west), *_ahead((right, up), (x, y), options["box"]))
            yield x + right * far, y + up * far


def _ahead(way: tuple[float, float], point: tuple[float, float], box: Box) -> list[float]:
    """How far it is from a point to those sides of a box that lie ahead, one or two of them."""
    (right, up), (x, y), (west, south, east, north) = way, point, box
    sides = [(right, east - x), (-right, x - west), (up, north - y), (-up, y - south)]
    return [room for part, room in sides if part > 0]


def laid_out(rows: Rows, options: Settings, view: View, size: Size) -> list[dict[str, Any]]:
    """The rows as they are drawn: where they lie, and their texts in lines beside their marks."""
    drawn = [_placed(row, options, view) for row in rows]
    named = {row["label"] for row in drawn if row["kind"] == "country"}
    drawn += [
        {"kind": "country", "label": name, "short": name, "lon": at[0], "lat": at[1]}
        for name, at in options["countries"]
        if name not in named
    ]
    for row in drawn:
        width: float = 150 if size.is_wide else 118
        text = row.get("short", "")
        if row["kind"] == "arrow":
            # Its words are narrow, but none of them is cut.
            text = row["shown"]
            width = max(130 if size.is_wide else 104, widest(text.split(" "), bold=True))
        elif row.get("text"):
            row["under"] = wrapped(row["text"], width, bold=True)
        row["lines"] = wrapped(text, width, bold=True) if text else []
    places = [view.at(row["lon"], row["lat"]) for row in drawn if row["kind"] == "place"]
    taken, soft = _taken(drawn, places, options, view)
    # Whoever comes first has the choice: that order is best in which all stand best.
    orders = ((*order, "country") for order in itertools.permutations(KINDS))
    tried = (_spots(drawn, order, Room(view, [*taken], soft, places)) for order in orders)
    _, spots = min(tried, key=lambda one: one[0])
    return [{**row, **spot} for row, spot in zip(drawn, spots, strict=True)]


KINDS = ("place", "beyond", "at a place")
"""What has texts on a map besides countries: places, and arrows by where they end."""


def _taken(
    rows: Rows, places: Sequence[tuple[float, float]], options: Settings, view: View
) -> tuple[list[Box], list[Box]]:
    """What texts must keep off, marks and arrows; and what they had better: borders."""
    arrows = [row for row in rows if row["kind"] == "arrow"]
    along = [_between(row, view, step / 24) for row in arrows for step in range(25)]
    parts = (part for line in options["borders"] for part in view.lines(line))
    soft = [_around(*view.at(*point), 3) for part in parts for point in part]
    return [_around(*at, 8) for at in places] + [_around(*at, 4) for at in along], soft


def _around(x: float, y: float, around: float) -> Box:
    return x - around, y - around, x + around, y + around


def _spots(rows: Rows, order: Sequence[str], room: "Room") -> tuple[float, list[dict[str, Any]]]:
    """Where the text of each row stands if they choose in this order of their kinds, and how far
    all of that is from what would be best."""
    found: list[dict[str, Any]] = [{} for _ in rows]
    kinds = [order.index(row.get("head", row["kind"])) for row in rows]
    for number in sorted(range(len(rows)), key=kinds.__getitem__):
        row = rows[number]
        if row["lines"]:
            part, align, dx, dy = room.spot(row)
            found[number] = {"align": align, "dx": dx, "dy": dy}
            found[number] |= {"at": part} if row["kind"] == "arrow" else {}
    return room.cost, found


def _placed(row: Mapping[str, Any], options: Settings, view: View) -> dict[str, Any]:
    """A row with the longitude and latitude at which it begins and, if an arrow, ends."""
    if row["kind"] != "arrow":
        start, more = options["points"][row["place"]], {}
    else:
        start, far = options["points"][row["start"]], options["points"].get(row["end"])
        if way := row["towards"]:
            far = view.beyond(start, *TOWARDS[way])
        more = {"head": "beyond" if way else "at a place", "lon2": far[0], "lat2": far[1]}
    return {**row, "lon": start[0], "lat": start[1], **more}


def _between(row: Mapping[str, Any], view: View, part: float) -> tuple[float, float]:
    """A point on an arrow, or that of a place, in px."""
    x, y = view.at(row["lon"], row["lat"])
    x2, y2 = view.at(row["lon2"], row["lat2"]) if "lon2" in row else (x, y)
    return x + (x2 - x) * part, y + (y2 - y) * part


@dataclass
class Room:
    """Which parts of a map are taken, and where beside a point a text covers nothing."""

    view: View
    taken: list[Box]
    soft: Sequence[Box]
    """What a text had better not cover, though it may."""
    places: Sequence[tuple[float, float]]
    cost: float = 0.0
    """How far all texts so far are from where they would be best."""

    def spot(self, row: Mapping[str, Any]) -> tuple[float, str, float, float]:
        """The best place for a row's text, one that covers nothing: on which part of its arrow, its
        alignment, and the px from there to its upper edge."""
        country, lines = row["kind"] == "country", [*row["lines"], *row.get("under", ())]
        wide = widest(lines, LARGE if country else SMALL, bold=True)
        high = LINE * len(lines)
        ends = (("lon", "lat"), ("lon2", "lat2"))
        own = [self.view.at(row[x], row[y]) for x, y in ends if x in row]
        # By the marks of others it would be taken for their name.
        strangers = [] if country else [place for place in self.places if place not in own]
        least, found, taken = math.inf, (0.0, "", 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)
        tried = _within(high) if country else _beside(row, high)
        for far, part, align, dx, dy in sorted(tried, key=lambda one: one[0]):
            if far >= least:
                break
            x, y = _between(row, self.view, part)
            west, north, east, south = box_of(x + dx, y + dy, align, wide, high)
            box = (west - 2, north, east + 2, south)
            total = far + self._cost(box, strangers, least)
            if total < least:
                least, found, taken = total, (part, align, dx, dy), box
        west, north, east, south = taken
        gap = GAP if row["kind"] == "arrow" else 0
        self.taken.append((west, north - gap, east, south + gap))
        self.cost += least
        part, align, dx, dy = found
        # The letters of a line stand a little below its upper edge.
        return part, align, round(dx, 1), round(dy + 2, 1)

    def _cost(self, box: Box, strangers: Sequence[tuple[float, float]], most: float) -> float:
        west, north, east, south = box
        inside = west >= 2 and north >= 2 and east <= self.view.width - 2
        cost = 0.0 if inside and south <= self.view.height - 2 else 5000.0
        for x, y in strangers:
            beside = west - CLOSE < x < east + CLOSE and north - CLOSE < y < south + CLOSE
            cost += 60 * beside
        if cost < most:
            cost += 3 * covered(box, self.taken)
        if cost < most:
            cost += 0.06 * covered(box, self.soft)
        return cost


_Spot = tuple[float, float, str, float, float]
"""What a place for a text costs by itself, on which part of an arrow it is, the alignment of the
text, and the px from there to its upper edge."""


def _beside(row: Mapping[str, Any], high: float) -> Iterator[_Spot]:
    """Places beside a mark, or beside parts of an arrow."""
    parts = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 1) if row["kind"] == "arrow" else (0,)
    for away, part in itertools.product((10, 16, 24, 34, 46), parts):
        near = away - 4
        # A name stands by its mark, and words by the middle of their arrow.
        far = 5 * (away - 10) + 120 * abs(part - 0.5)
        for align, dx, dy in (
            ("left", away, -high / 2), ("right", -away, -high / 2),
            ("left", near, near), ("left", near, -near - high),
            ("center", 0, away), ("center", 0, -away - high),
            ("right", -near, near), ("right", -near, -near - high),
        ):  # fmt: skip
            yield far, part, align, dx, dy


def _within(high: float) -> Iterator[_Spot]:
    """Places for the name of a country, as near its own point as can be."""
    for dx, dy in itertools.product(range(-64, 65, 8), repeat=2):
        yield math.hypot(dx, dy), 0, "center", dx, dy - high / 2
