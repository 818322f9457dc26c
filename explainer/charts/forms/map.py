"""The map: where the places are, and between which of them things move, with schematic arrows.

An arrow is a direction and no route, and the map says so; one that leads beyond the map points
the way there. A place that stands for an area has another mark, and is said to be schematic. The
drawing shows as much of the base map as places and names need. Countries that are named stand out
from their neighbours. The projection is Mercator's, whose scale is true at the latitude of the
middle of the map; the scale bar belongs to that latitude. Coordinates decide where things are
drawn; they are never printed, and no table of the chart holds them.
"""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from explainer.charts import alt, plot
from explainer.charts.cartography import View, laid_out, leaving, view_of
from explainer.charts.form import Content, Form, FormOptions, Row, claim_row, columns, tone, unfit
from explainer.charts.marks import Box
from explainer.charts.theme import LARGE, NARROW, WIDE, Size
from explainer.data.kinds import ClaimId, Entry, PlaceId, Point, ProductId, Text, optional, required
from explainer.data.quantities import Quantity
from explainer.problems import did_you_mean
from explainer.voice.voice import Voice

SEA, LAND, FAR, EDGE = (f"var(--map-{name})" for name in ("sea", "land", "far", "edge"))

HEADS = {"at a place": "M-0.55,2L0,0.75L0.55,2Z", "beyond": "M-0.55,1L0,-0.25L0.55,1Z"}
"""The head of an arrow that points up: before the mark of a place, or at the end of its line."""

ARROW = "M-1.2,-0.14H0.3V-0.55L1.2,0L0.3,0.55V0.14H-1.2Z"
"""An arrow of the key."""

NORTHING = "log(tan(PI / 4 + {} * PI / 360))"
"""How far north of the equator Mercator's projection has a latitude, in radians of longitude."""

COMMAND = (
    "make one with: python -m explainer.charts.basemap countries-50m.json WEST SOUTH EAST NORTH"
)


def draw(rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The land, its borders, the places and the arrows between them."""
    # A narrow map needs its room for names.
    points = [*options["points"].values(), *(leaving(rows, options) if size.is_wide else ())]
    view = view_of(options["box"], points, size)
    drawn = laid_out(rows, options, view, size)
    fields = (
        "kind text description color lon lat lon2 lat2 at head schematic lines under align dx dy"
    )
    keys, bottom = _key(rows, options, words, view, size)
    layers = [
        *_ground(options, view), *_names(halo=True), *_arrows(), *_places(), *_names(), *keys,
    ]  # fmt: skip
    west, south, east, north = view.box
    corners = {"type": "MultiPoint", "coordinates": [[west, south], [east, north]]}
    projection = {
        "type": "mercator",
        "fit": {"type": "Feature", "properties": {}, "geometry": corners},
        "size": [view.width, view.height],
        # Between two points of a coast or a frame, straight on.
        "precision": 0,
    }
    look = {"projection": projection, "view": {"fill": SEA, "stroke": EDGE}}
    data = plot.data(drawn, fields)
    return plot.framed(layers, data, size, view.height, bottom=bottom, more=look)


def _ground(options: plot.Settings, view: View) -> list[Any]:
    """The land, with the named countries set off, and the borders."""

    def shape(kind: str, coordinates: list[Any], **look: Any) -> Any:
        geometry = {"type": kind, "coordinates": coordinates}
        return plot.once(type="Feature", properties={}, geometry=geometry).mark_geoshape(
            stroke=EDGE, strokeWidth=1, clip=True, aria=False, **look
        )

    def land(rings: Iterable[Sequence[Sequence[float]]], fill: str) -> Any:
        polygons = [[ring] for given in rings if (ring := view.ring(given))]
        return shape("MultiPolygon", polygons, fill=fill)

    layers = [land(options["land"], FAR if options["own"] else LAND)]
    if options["own"]:
        layers.append(land(itertools.chain(*options["own"]), LAND))
    if borders := [part for line in options["borders"] for part in view.lines(line)]:
        layers.append(shape("MultiLineString", borders, filled=False))
    return layers


def _arrows() -> list[Any]:
    """A line from place to place, with its head before the mark at which it ends."""
    start, end = NORTHING.format("datum.lat"), NORTHING.format("datum.lat2")
    angle = f"90 - atan2({end} - {start}, (datum.lon2 - datum.lon) * PI / 180) * 180 / PI"
    arrow = plot.layer("datum.kind == 'arrow'")
    color = plot.own("color")
    heads = alt.Scale(domain=list(HEADS), range=list(HEADS.values()))
    return [
        arrow.mark_rule(strokeWidth=2.5, clip=True).encode(
            longitude="lon:Q", latitude="lat:Q", longitude2="lon2:Q", latitude2="lat2:Q",
            **color, **plot.said(),
        ),
        arrow.transform_calculate(angle=angle)
        .mark_point(size=280, filled=True, aria=False)
        .encode(
            longitude="lon2:Q", latitude="lat2:Q", **color,
            angle=alt.Angle("angle:Q", scale=None),
            shape=alt.Shape("head:N", scale=heads, legend=None),
        ),
    ]  # fmt: skip


def _places() -> list[Any]:
    """The places: a dot, or a hollow diamond where it stands for an area."""
    return [
        plot.layer(f"datum.kind == 'place' && {which}")
        .mark_point(shape=shape, size=size, fill=fill, stroke=stroke, strokeWidth=2)
        .encode(longitude="lon:Q", latitude="lat:Q", **plot.said())
        for which, shape, size, fill, stroke in (
            ("!datum.schematic", "circle", 90, plot.INK, plot.PAPER),
            ("datum.schematic", "diamond", 150, plot.PAPER, plot.INK),
        )
    ]


def _names(halo: bool = False) -> list[Any]:
    """The names of places and countries, what is said of arrows, and prices below names.

    With `halo`, their outlines, which lie below everything that is written.
    """
    look: dict[str, Any] = {"baseline": "top", "aria": False}
    look |= {name: alt.expr(f"datum.{name}") for name in ("align", "dx", "dy")}
    look |= {**plot.HALO, "color": plot.PAPER} if halo else {}
    bold, colored = look | {"fontWeight": "bold"}, {} if halo else plot.own("color")
    start, end = NORTHING.format("datum.lat"), NORTHING.format("datum.lat2")
    # A point on the line: Mercator's northing back to a latitude.
    north = f"{start} + ({end} - {start}) * datum.at"
    along = plot.layer(
        "datum.kind == 'arrow'",
        lon="datum.lon + (datum.lon2 - datum.lon) * datum.at",
        lat=f"atan(exp({north})) * 360 / PI - 90",
    )  # fmt: skip
    here = {"longitude": "lon:Q", "latitude": "lat:Q"}
    below = f"datum.dy + {plot.LINE} * length(datum.lines) + (datum.kind == 'country' ? 3 : 0)"
    return [
        plot.layer("datum.kind == 'country'")
        .mark_text(**{"color": plot.MUTED, **look}, fontSize=LARGE).encode(**here, text="lines:N"),
        plot.layer("datum.kind == 'place'").mark_text(**bold).encode(**here, text="lines:N"),
        plot.layer("isValid(datum.under)").mark_text(**bold | {"dy": alt.expr(below)})
        .encode(**here, text="under:N", **colored),
        along.mark_text(**bold).encode(**here, text="lines:N", **colored),
    ]  # fmt: skip


def _key(
    rows: plot.Rows, options: plot.Settings, words: plot.Words, view: View, size: Size
) -> tuple[list[Any], float]:
    """The scale bar and what the marks mean, below the map, with the px that they take."""
    km, text = options["bars"][size.name]
    y, length = view.height + 18, km * view.km
    one = plot.once()
    label: dict[str, Any] = {"baseline": "middle", "color": plot.MUTED, "aria": False}
    bar = [
        one.mark_rule(strokeWidth=2, color=plot.MUTED, aria=False)
        .encode(**plot.fixed(x=1, x2=length, y=y)),
        *(one.mark_point(shape="stroke", angle=90, size=100, stroke=plot.MUTED, aria=False)
          .encode(**plot.fixed(x=x, y=y)) for x in (1, length)),
        *(one.mark_text(align=align, **label).encode(**plot.fixed(x=x, y=y, text=written))
          for align, x, written in (("left", length + 10, text),
                                    ("right", view.width, words["origin"]))),
    ]  # fmt: skip
    moved = [row["product"] for row in rows if row["kind"] == "arrow"]
    shown = [
        (ARROW if product in moved else "square", color, words[f"product {product}"])
        for color, product in dict.fromkeys((row["color"], row["product"]) for row in rows)
        if color != plot.SLATE
    ]
    shown += [(ARROW, plot.SLATE, words["arrow"])] if moved else []
    meant: plot.Meanings = [
        ({"shape": shape, "size": 130, "fill": color, "strokeWidth": 0}, meaning)
        for shape, color, meaning in shown
    ]
    if any(row["schematic"] for row in rows):
        look = {"shape": "diamond", "size": 120, "fill": plot.PAPER, "stroke": plot.INK}
        meant.append((look | {"strokeWidth": 2}, words["schematic"]))
    keys, bottom = plot.key(meant, size, view.height + 18)
    return [*bar, *keys], bottom + 30


# The data half: which rows the options ask for, and what the form is told beside them


Way = Literal["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"]


class Arrow(Entry):
    """A movement from place to place, with what is said of it."""

    model_config = ConfigDict(populate_by_name=True)

    start: PlaceId = required("The place from which it leads.", alias="from")
    to: PlaceId = required("The place to which it leads.")
    claim: ClaimId | None = optional("How much moves, as a claim.")
    text: Text | None = optional("What moves, in words.")
    product: ProductId | None = optional(
        "What moves, which gives the arrow its colour; else the claim's."
    )
    towards: Way | None = optional(
        "The way it points, if it leads beyond the map; `to` then needs no point."
    )


class Options(FormOptions):
    """Options of a map."""

    basemap: str = optional(
        "The base map: a file beside the data file, cut by `explainer.charts.basemap`.",
        default="basemap.json",
    )
    places: list[PlaceId] = required(
        "Places that have a point (`at:`), each drawn with its name.", min_length=1, max_length=16
    )
    arrows: list[Arrow] = optional(
        "What moves from place to place. An arrow is a direction, not a route.",
        default=[],
        max_length=8,
    )
    prices: list[ClaimId] = optional(
        "Claims about these places and countries, written below their names.",
        default=[],
        max_length=16,
    )
    countries: list[PlaceId] = optional(
        "Places of the vocabulary whose name alone is written, such as countries.", default=[]
    )


class Basemap(BaseModel):
    """A base map as `explainer.charts.basemap` writes it."""

    origin: Text
    box: Box
    land: list[list[tuple[float, float]]]
    borders: list[list[tuple[float, float]]]
    countries: list[list[list[tuple[float, float]]]] = []


@lru_cache(maxsize=4)
def _read(content: bytes) -> Basemap:
    return Basemap.model_validate(json.loads(content))


def _basemap(options: Options, voice: Voice) -> Basemap:
    file = voice.dataset.beside.get(options.basemap)
    if file is None:
        raise unfit("basemap", f'there is no base map "{options.basemap}"', COMMAND)
    try:
        return _read(file.content)
    except ValueError:
        raise unfit("basemap", f'"{options.basemap}" is no base map', COMMAND) from None


def _content(options: Options, voice: Voice) -> Content:
    """Its places and arrows, on the base map."""
    base, dataset, word = _basemap(options, voice), voice.dataset, voice.language.word
    points, countries = _points(options, base.box, voice), options.countries
    rows, bars = _rows(options, voice), _bars(base.box, points.values(), voice)
    settings = {
        "box": base.box,
        "land": base.land,
        "borders": base.borders,
        "own": [own for name in countries for own in base.countries if _inside(points[name], own)],
        "points": points,
        "countries": [
            (dataset.label("places", name, voice.code), points[name]) for name in countries
        ],
        "bars": bars,
    }
    words = {
        f"product {name}": dataset.label("products", name, voice.code)
        for name in sorted({row["product"] for row in rows if row["product"]})
    }
    words |= {
        "arrow": word("chart.map_direction"),
        "schematic": word("chart.map_schematic"),
        "origin": word("chart.map_origin", origin=voice.local(base.origin)),
    }
    return Content(rows, settings, words, [text for _, text in bars.values()])


def _points(options: Options, box: Box, voice: Voice) -> Mapping[str, Point]:
    """Longitude and latitude of each place, which lies on the map."""
    west, south, east, north = box
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
        for end in (arrow.start, *(() if arrow.towards else (arrow.to,))):
            if end not in options.places:
                hint = did_you_mean(end, options.places) or "name it in places:"
                message = f'an arrow ends at "{end}", which the map lacks'
                raise unfit("arrows", message, hint, end)
    for claim in options.prices:
        place = voice.dataset.claims[claim].place or ""
        if place not in (*options.places, *options.countries):
            message = f'the map has no place of the claim "{claim}"'
            raise unfit("prices", message, "name its place in places: or countries:", claim)
    return points


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row for each place, then one for each arrow."""
    dataset, word = voice.dataset, voice.language.word
    prices = {dataset.claims[claim].place: claim for claim in options.prices}
    rows: list[Row] = []
    for name in (*options.places, *(name for name in options.countries if name in prices)):
        place, label = dataset.vocabulary.places[name], dataset.label("places", name, voice.code)
        area = place.schematic and name in options.places
        said = word("chart.map_schematic_place", place=label) if area else f"{label}."
        row: Row = {"text": "", "product": ""}
        if name in prices:
            row = claim_row(voice, prices[name], label)
            said = row["description"] + (f" {said}" if area else "")
        rows.append(
            row
            | {
                "label": label,
                "short": label.split(",")[0],
                "kind": "place" if name in options.places else "country",
                "kind_text": word("chart.map_place"),
                "place": name,
                "schematic": area,
                "color": tone(voice, row["product"]),
                "group": word("chart.map_places"),
                "description": said,
                "sources": place.source or "",
            }
        )
    return rows + [_arrow_row(arrow, voice) for arrow in options.arrows]


def _arrow_row(arrow: Arrow, voice: Voice) -> Row:
    dataset, word = voice.dataset, voice.language.word
    ends = [dataset.label("places", name, voice.code) for name in (arrow.start, arrow.to)]
    label = word("chart.leg", first=ends[0], last=ends[1])
    words = voice.said(arrow.text)
    row: Row = claim_row(voice, arrow.claim) if arrow.claim else {"text": words, "place": ""}
    shown = words if arrow.text else row["text"]
    product = arrow.product or row.get("product", "")
    said = f"{voice.language.headed(label, shown) if shown else label}."
    if arrow.claim:
        head = voice.language.headed(label, words or voice.text(arrow.claim, "long"))
        said = f"{head}. {row['description']}"
    if arrow.towards:
        shown = word("chart.map_beyond", place=ends[1]) + (f" ({shown})" if shown else "")
    return {
        **row,
        "label": label,
        "product": product,
        "color": tone(voice, product),
        "kind": "arrow",
        "start": arrow.start,
        "end": arrow.to,
        "towards": arrow.towards,
        "kind_text": word("chart.map_arrow"),
        "schematic": False,
        "shown": shown,
        "group": word("chart.map_arrows"),
        "description": said,
        "sources": "",
    }


def _inside(point: tuple[float, float], rings: Iterable[Sequence[tuple[float, float]]]) -> bool:
    """Whether a point lies in an area: a line to the west crosses an odd number of edges."""
    x, y = point
    edges = (edge for ring in rings for edge in itertools.pairwise([*ring, ring[0]]))
    crossed = sum(
        (y1 > y) != (y2 > y) and x > x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for (x1, y1), (x2, y2) in edges
    )
    return crossed % 2 == 1


def _bars(box: Box, points: Iterable[Point], voice: Voice) -> dict[str, tuple[int, str]]:
    """A round length in km for the scale bar of each drawing, and how it is written."""
    unit, found = voice.dataset.units.unit("km"), {}
    for size in (WIDE, NARROW):
        longest = size.width / 4 / view_of(box, points, size).km
        km = max(n * 10**p for p in range(5) for n in (1, 2, 5) if n * 10**p <= max(longest, 1))
        length = Quantity(Fraction(km), Fraction(km), unit)
        found[size.name] = (km, voice.language.quantity(length, "long"))
    return found


FORM = Form(
    name="map",
    options=Options,
    content=_content,
    draw=draw,
    columns=columns("what=label kind=kind_text value=text"),
    published=("kind_text", "schematic", "sources"),
)
