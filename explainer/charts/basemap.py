"""Cuts a small base map out of a large one: what a chart of the form `map` is drawn on.

    python -m explainer.charts.basemap countries-50m.json --country France -- -6 41 10 52 \
        > basemap.json

The large map is a TopoJSON file of countries such as those of the package world-atlas (ISC licence;
made from Natural Earth, which is in the public domain). The four numbers are the west, south, east
and north of the part wanted, in degrees. The result holds the land and the borders between
countries, simplified (Douglas and Peucker, 1973) and rounded, and says where it comes from. The
countries that a chart is about, named with ``--country France`` and so on, get shapes of their own,
so that the chart can set them off from the others. A ``--`` keeps a west below zero from being
taken for an option.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

TOLERANCE = 0.08
"""How far a simplified line may lie from the true one, in degrees."""

LEAST = 0.02
"""Land smaller than this part of a square degree is left out."""


def cut(
    topology: dict[str, Any],
    box: Box,
    tolerance: float = TOLERANCE,
    named: Sequence[str] = (),
) -> dict[str, Any]:
    """The land and borders of a topology within a box, as rings and lines of [lon, lat].

    Raises KeyError for a named country that the topology lacks.
    """
    arcs = [simplified(arc, tolerance) for arc in _arcs(topology)]
    objects = topology["objects"]

    def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
        whole = (ring for polygon in _polygons(geometry) for ring in polygon)
        found = (clipped_ring(_joined(ring, arcs), box) for ring in whole)
        return [_rounded(ring) for ring in found if len(ring) > 3 and abs(area(ring)) >= LEAST]

    countries = objects["countries"]["geometries"]
    by_name = {country.get("properties", {}).get("name"): country for country in countries}
    uses = Counter(
        arc
        for country in countries
        for polygon in _polygons(country)
        for arc in {arc if arc >= 0 else ~arc for ring in polygon for arc in ring}
    )
    borders = [
        _rounded(line)
        for index, count in uses.items()
        if count > 1
        for line in clipped_line(arcs[index], box)
        if len(line) > 1
    ]
    return {
        "box": list(box),
        "land": rings(objects["land"]),
        "borders": borders,
        "countries": [rings(by_name[name]) for name in named],
    }


def _arcs(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """The arcs of a quantised topology in degrees."""
    made = topology["transform"]
    (scale_x, scale_y), (left, bottom) = made["scale"], made["translate"]
    for arc in topology["arcs"]:
        # Each point is told by the steps from the one before.
        across, up = (accumulate(steps) for steps in zip(*arc, strict=True))
        yield [(x * scale_x + left, y * scale_y + bottom) for x, y in zip(across, up, strict=True)]


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    if geometry["type"] == "GeometryCollection":
        return [polygon for part in geometry["geometries"] for polygon in _polygons(part)]
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    return list(geometry["arcs"]) if geometry["type"] == "MultiPolygon" else []


def _joined(ring: Sequence[int], arcs: Sequence[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """The line without the points that lie within the tolerance of a simpler one."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        away = [_away(point, points[first], points[last]) for point in points[first + 1 : last]]
        if away and max(away) > tolerance:
            at = first + 1 + away.index(max(away))
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[index] for index in sorted(keep)]


def _away(point: Point, start: Point, end: Point) -> float:
    """The distance of a point from the line between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0
    if length:
        along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
        along = min(max(along, 0), 1)
    nearest = (start[0] + along * dx, start[1] + along * dy)
    return float(((point[0] - nearest[0]) ** 2 + (point[1] - nearest[1]) ** 2) ** 0.5)


def _edges(box: Box) -> list[tuple[Callable[[Point], bool], int, float]]:
    west, south, east, north = box
    return [
        (lambda p: p[0] >= west, 0, west),
        (lambda p: p[0] <= east, 0, east),
        (lambda p: p[1] >= south, 1, south),
        (lambda p: p[1] <= north, 1, north),
    ]


def _crossing(one: Point, other: Point, axis: int, limit: float) -> Point:
    part = (limit - one[axis]) / (other[axis] - one[axis])
    return (one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1]))


def clipped_ring(ring: list[Point], box: Box) -> list[Point]:
    """The ring within the box, by the algorithm of Sutherland and Hodgman (1974)."""
    for inside, axis, limit in _edges(box):
        points: list[Point] = []
        for before, point in pairwise([*ring[-1:], *ring]):
            if inside(point) != inside(before):
                points.append(_crossing(before, point, axis, limit))
            if inside(point):
                points.append(point)
        ring = points
    return ring


def clipped_line(line: list[Point], box: Box) -> list[list[Point]]:
    """The parts of a line that lie within the box."""
    parts = [line]
    for inside, axis, limit in _edges(box):
        pieces: list[list[Point]] = []
        for part in parts:
            pieces.append([])
            for before, point in pairwise([part[0], *part]):
                if inside(before) != inside(point):
                    pieces[-1].append(_crossing(before, point, axis, limit))
                    if inside(before):
                        pieces.append([])
                if inside(point):
                    pieces[-1].append(point)
        parts = [piece for piece in pieces if piece]
    return parts


def area(ring: Sequence[Point]) -> float:
    """The area of a ring, by the surveyors' formula: above zero where it runs against the clock."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def _rounded(points: Iterable[Point]) -> list[list[float]]:
    """The points with two decimals, which is about a kilometre; equal neighbours once."""
    near = groupby((round(x, 2), round(y, 2)) for x, y in points)
    return [[x, y] for (x, y), _ in near]


def main() -> None:
    """Read the arguments and print the map."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("topology", type=Path, help="a TopoJSON file of countries")
    for side in ("west", "south", "east", "north"):
        parser.add_argument(side, type=float)
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, help="in degrees")
    parser.add_argument("--country", action="append", default=[], help="one with its own shape")
    parser.add_argument("--origin", default="Natural Earth", help="whom readers are told")
    words = parser.parse_args()
    topology = json.loads(words.topology.read_text("utf-8"))
    box = (words.west, words.south, words.east, words.north)
    made = cut(topology, box, words.tolerance, words.country)
    json.dump({"origin": words.origin, **made}, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
