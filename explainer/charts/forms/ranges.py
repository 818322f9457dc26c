"""The ranges: what is said of a quantity over time, one mark a claim at the time it is about.

Time runs to the right on a true scale, so that years of which nobody speaks are seen. A figure
stands beside its mark, with as much of who speaks and of where as there is room for; where not even
the figures have room, the marks stand in rows, as of `estimates`. Only counts of one speaker for
years that follow each other are joined by a line.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from explainer.charts import alt, plot
from explainer.charts.form import Content, Form, FormOptions, Row, columns
from explainer.charts.forms import estimates
from explainer.charts.forms.estimates import DOT, TAIL
from explainer.charts.marks import Box, box_of, covered, widest, wrapped
from explainer.charts.theme import SMALL, WIDE, Size
from explainer.data.kinds import ClaimId, optional, required
from explainer.voice.voice import Voice

HEIGHTS = (184, 250)
"""The height of the plot in px, and where that is too low."""

GAP = 9
"""Between a mark and its figure, in px."""

EDGES = (4, 44, 84)
"""The px to the right of the plot: little, or enough for figures of the last years."""

SHAPES = ("circle", "diamond", "triangle-up")
"""What tells speakers apart, where they are so few."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The marks of these rows along their dates, or in rows where that would be too tight."""
    values = estimates.ticks(rows)
    left = widest(options["ticks"], SMALL) + 12
    years = _years(rows)
    plane = _Plane(values[0], values[-1], years[0], years[-1] + 1, 0, size.width - left, 0)
    drawn, plane = _labelled([_drawn(row) for row in rows], plane)
    if not drawn:
        return estimates.draw(rows, options, words, size)
    named = [(year + 0.5, str(year)) for year in years]
    below = plot.axis(named, labelPadding=6, labelSeparation=6, grid=False)
    beside = plot.axis(
        list(zip(values, options["ticks"], strict=True)), words["axis"], grid=True, titleX=-left,
        titleY=-14, titleAngle=0, titleAlign="left", titleBaseline="bottom",
    )  # fmt: skip
    told = [*_speakers(drawn), *estimates.open_ends([r for r in rows if not r["line"]], words)]
    keys, bottom = plot.key(told, size, plane.height + 8, left)
    return plot.framed(
        [*_layers(plane.width), *keys], plot.data(drawn, FIELDS), size, plane.height,
        left=left, top=46, right=size.width - left - plane.width, bottom=bottom + 26,
        x=plot.scaled("x", plane.first, plane.last, below),
        y=plot.scaled("y", plane.low, plane.high, beside),
    )  # fmt: skip


def _layers(across: float) -> list[Any]:
    """The lines across a plot of these px, the marks, and what stands beside them."""
    color, filled = plot.own("color"), plot.own("stroke") | plot.hollow("datum.hollow")
    place = {"x": "at:Q", "y": "end:Q"}

    def marks(which: str) -> Any:
        return plot.layer(f"!datum.line && {which}")

    beside: dict[str, Any] = {
        "align": alt.expr("datum.align"), "dx": alt.expr("datum.aside || 0"),
        "where": "isValid(datum.rise)",
    }  # fmt: skip
    return [
        plot.layer("datum.line")
        .mark_rule(strokeDash=plot.DASHES, strokeWidth=1.5, color=plot.SLATE)
        .encode(y="end:Q", **plot.fixed(x=0, x2=across), **plot.said()),
        marks("datum.run").mark_line(strokeWidth=1.5, aria=False, color=plot.MUTED)
        .encode(**place, detail="run:N"),
        marks("datum.open == 'low'").mark_rule(**plot.OPEN_END)
        .encode(x="at:Q", y="least:Q", y2="end:Q", **color),
        marks("datum.open == 'high'").mark_rule(**plot.OPEN_END, y2Offset=-TAIL)
        .encode(**place, y2="end:Q", **color),
        marks("datum.begin < datum.end").mark_bar(width=7, strokeWidth=2)
        .encode(x="at:Q", y="begin:Q", y2="end:Q", **filled, **plot.said()),
        marks("datum.begin == datum.end")
        .mark_point(size=170, filled=True, color=plot.PAPER, aria=False).encode(**place),
        marks("datum.begin == datum.end").mark_point(size=80, strokeWidth=2)
        .encode(**place, **plot.own("shape", field="shape"), **filled, **plot.said()),
        # Where a line passes, a text is read.
        *(plot.written(field, down, **beside, **look, **halo).encode(x="place:Q", y="anchor:Q")
          for halo in ({"stroke": plot.PAPER, "strokeWidth": 4}, {})
          for field, down, look in (
              ("figure", "datum.rise", {"fontWeight": "bold"}),
              ("under", f"datum.rise + {plot.LINE}", {"color": plot.MUTED}),
          )),
    ]  # fmt: skip


FIELDS = (
    "id at least begin end open line run figure under place anchor align aside rise color"
    " hollow shape description"
)


def _years(rows: plot.Rows) -> list[int]:
    """The years that the axis of time spans."""
    dated = [int(row["at"]) for row in rows if row["at"] and not row["line"]]
    return list(range(min(dated), max(dated) + 1))


# Where a figure has room


def _drawn(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is drawn: the two ends of its mark, and how that looks."""
    begin, end = plot.ends(row)
    return {
        **row,
        "least": min(0, begin),
        "begin": begin,
        "end": end,
        "hollow": row["calculation"] or bool(row["open"]),
        "shape": "square" if row["calculation"] else "circle",
    }


class _Plane(NamedTuple):
    """What the axes of value and of time span, and how many px long they are.

    It tells whether a figure has room; where it stands then is said in the terms of the axes.
    """

    low: float
    high: float
    first: float
    last: float
    width: float
    whole: float
    """Its length with the room behind it."""
    height: float

    def across(self, at: float) -> float:
        """How far from the left a time is, in px."""
        return (at - self.first) / (self.last - self.first) * self.width

    def down(self, value: float) -> float:
        """How far from above a value is, in px."""
        return (self.high - value) / (self.high - self.low) * self.height

    def mark(self, row: Mapping[str, Any]) -> Box:
        """What a mark takes, its open end included."""
        over, under = self.down(row["end"]), self.down(row["begin"])
        if row["line"]:
            return 0, over - 2, self.width, over + 2
        x = self.across(row["at"])
        over -= TAIL if row["open"] == "high" else 0
        under = self.down(row["least"]) if row["open"] == "low" else under
        return x - 7, over - 7, x + 7, under + 7

    def box(self, row: Mapping[str, Any], spot: Mapping[str, Any]) -> Box:
        """What the figure of a row and the text below it take at a spot."""
        wide = widest([row["figure"], *row["under"]], SMALL, bold=True)
        x, y = self.across(spot["place"]) + spot["aside"], self.down(spot["anchor"]) + spot["rise"]
        return box_of(x, y, spot["align"], wide, plot.LINE * (1 + len(row["under"])))

    def holds(self, box: Box) -> bool:
        """Whether a text is within the plot."""
        left, top, right, bottom = box
        return left >= 0 and right <= self.whole and top >= -14 and bottom <= self.height + 4

    def spots(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Where the figure of a row may stand, the best first."""
        lines = plot.LINE * (1 + len(row["under"]))
        over = -GAP - lines - (TAIL if row["open"] == "high" else 0)
        if row["line"]:
            for rise in (2 - lines - 6, 4):
                for place, align in ((self.first, "left"), (self.last, "right")):
                    yield _spot(place, row["end"], align, 0, rise)
            return
        levels = dict.fromkeys([(row["begin"] + row["end"]) / 2, row["end"], row["begin"]])
        for align, beside in (("center", 0), ("left", -7), ("right", 7)):
            yield _spot(row["at"], row["end"], align, beside, over)
            if row["open"] != "low":
                yield _spot(row["at"], row["begin"], align, beside, GAP)
            for at in levels if align == "center" else ():
                yield _spot(row["at"], at, "left", GAP + 2, -plot.LINE / 2)
                yield _spot(row["at"], at, "right", -GAP - 2, -plot.LINE / 2)


def _spot(place: float, anchor: float, align: str, aside: float, rise: float) -> dict[str, Any]:
    return {"place": place, "anchor": anchor, "align": align, "aside": aside, "rise": rise}


def _labelled(rows: list[Row], plane: _Plane) -> tuple[list[Row], _Plane]:
    """The rows, each with the spot of its figure, and the plane: no rows where some have no room.

    With each figure stands who speaks and of where, if there is room for it. Where a few speakers
    have their own shapes and the figures no room, the first, the last and the outermost of each
    are told.
    """
    few = _few_speakers(rows)
    details = ["about", "shape"] if few else ["whole", "about"]
    if plane.whole < WIDE.width / 2 and not few:
        # Rows are read as well there, and say who speaks.
        details = ["whole"]
    everyone = {row["id"] for row in rows}
    told = [(detail, everyone) for detail in details]
    told += [("shape", _outermost(rows))] if few else []
    for detail, own in told:
        for crossed, height, edge in product((False, True), HEIGHTS, EDGES):
            trial = [_with_detail(row, detail, few) for row in rows]
            spans = plane._replace(width=plane.whole - edge, height=height)
            some = [row for row in trial if row["id"] in own]
            if found := _placed(trial, some, spans, crossed):
                return found, spans
    return [], plane


def _with_detail(row: dict[str, Any], detail: str, few: Mapping[str, str]) -> dict[str, Any]:
    """The row with the lines that stand below its figure, and with the shape of its mark."""
    texts = {"whole": [row["label"], row["about"]], "about": [row["about"]], "shape": []}[detail]
    text = DOT.join(part for part in texts if part and not row["line"])
    under = wrapped(text, 130) if text else []
    return {**row, "under": under, "shape": few.get(row["said_by"], row["shape"])}


def _few_speakers(rows: plot.Rows) -> dict[str, str]:
    """The shapes of the speakers, where they are so few, and say so much, that those help."""
    own = [row["said_by"] for row in rows if not row["line"]]
    names = list(dict.fromkeys(own))
    few = len(names) <= len(SHAPES) and len(own) >= 2 * len(names)
    return dict(zip(names, SHAPES, strict=False)) if few else {}


def _outermost(rows: plot.Rows) -> set[str]:
    """The first, the last, the lowest and the highest of each speaker, by their ids."""
    found: set[str] = set()
    for name in {row["said_by"] for row in rows}:
        own = [row for row in rows if row["said_by"] == name]
        lowest = min(own, key=lambda row: row["begin"])
        highest = max(own, key=lambda row: row["end"])
        found |= {row["id"] for row in (own[0], own[-1], lowest, highest)}
    return found


MOST_TRIALS = 2000
"""How many spots are tried before a chart counts as too tight."""


def _placed(rows: plot.Rows, told: plot.Rows, plane: _Plane, crossed: bool) -> list[Row]:
    """The rows with the spots of the figures told, so that nothing meets; none if that fails.

    A line across may be `crossed`.
    """
    taken = [plane.mark(row) for row in rows if not (row["line"] and crossed)]
    free = [
        [
            (spot, box)
            for spot in plane.spots(row)
            if plane.holds(box := plane.box(row, spot)) and not _meets(box, taken)
        ]
        for row in told
    ]
    trials = 0

    def rest(index: int, boxes: list[Box]) -> list[Row] | None:
        nonlocal trials
        if index == len(told):
            return []
        for spot, box in free[index]:
            trials += 1
            if trials < MOST_TRIALS and not _meets(box, boxes):
                following = rest(index + 1, [*boxes, box])
                if following is not None:
                    return [spot, *following]
        return None

    found = rest(0, []) if all(free) else None
    if found is None:
        return []
    spots = {row["id"]: spot for row, spot in zip(told, found, strict=True)}
    return [{**row, **spots.get(row["id"], {})} for row in rows]


def _meets(box: Box, others: Iterable[Box]) -> bool:
    return covered(box, others) > 0


def _speakers(rows: plot.Rows) -> plot.Meanings:
    """Which shape is whose, for the key."""
    look = {"fill": plot.SLATE, "stroke": plot.SLATE, "strokeWidth": 2}
    return [({"shape": shape, **look}, name) for name, shape in _few_speakers(rows).items()]


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of ranges."""

    claims: list[ClaimId] = required(
        "The claims, each with the time it is about.", min_length=2, max_length=14
    )
    lines: list[ClaimId] = optional(
        "Claims to measure them by, each a line across all times.", default=[], max_length=2
    )
    unit: str = optional("The unit of the axis; if left out, that of the first claim.", default="")


def _as_estimates(options: Options) -> estimates.Options:
    """The same claims, and those to measure them by, as options of estimates."""
    claims = [*options.claims, *options.lines]
    return estimates.Options.model_construct(claims=claims, unit=options.unit, sort="time")


def _content(options: Options, voice: Voice) -> Content:
    """A row a claim, in order of time, with the time as a number of years."""
    made = estimates.FORM.content(_as_estimates(options), voice)
    for row in made.rows:
        row["at"] = when(row["as_of"])
        row["line"] = row["id"] in options.lines
        ours = row["said_by"] if row["calculation"] else ""
        row["about"] = DOT.join(part for part in (ours, *row["about"]) if part)
        row["figure"] = _figure(row, voice)
        if row["line"]:
            row["figure"] = voice.language.headed(row["label"], row["figure"])
    made.rows.sort(key=lambda row: row["at"])
    _join(made.rows)
    return made._replace(ticks=[*map(str, _years(made.rows))])


def _figure(row: Row, voice: Voice) -> str:
    """A figure as it stands on the axis, whose title names its unit."""
    quantity = voice.quantity(row["id"])
    unit = quantity.unit
    if unit.currency or unit.over == ("%",) or unit.symbol != row["unit"]:
        return str(row["text"])
    return voice.language.quantity(replace(quantity, unit=voice.dataset.units.unit("1")))


def _join(rows: list[Row]) -> None:
    """Give the single figures of one speaker for years that follow each other one `run`."""
    last: dict[tuple[str, ...], Row] = {}
    for number, row in enumerate(rows):
        if row["line"] or row["calculation"] or row["value"] is None:
            continue
        whose = (row["said_by"], row["place"], row["product"])
        before = last.get(whose)
        if before is not None and 0 < row["at"] - before["at"] <= 1.01:
            row["run"] = before.setdefault("run", f"run {number}")
        last[whose] = row


def when(as_of: str) -> float:
    """The middle of a date or span in years, such as 2014.5 for 2014; 0 where it has none."""
    middles = []
    for date in re.findall(r"\d{4}(?:-\d\d)?(?:-\d\d)?", as_of):
        year, *rest = map(int, date.split("-"))
        day = rest[1] - 0.5 if rest[1:] else 15
        middles.append(year + ((rest[0] - 1 + day / 31) / 12 if rest else 0.5))
    return round(math.fsum(middles) / len(middles), 3) if middles else 0.0


def _misleads(options: Options, voice: Voice) -> list[str]:
    reasons = estimates.FORM.misleads(_as_estimates(options), voice)
    for name in options.claims:
        if not when(voice.dataset.claims[name].as_of or ""):
            reasons.append(f'"{name}" has no date, and so no place on an axis of time')
    return reasons


FORM = Form(
    name="ranges",
    options=Options,
    axis=lambda options: [*options.claims, *options.lines],
    content=_content,
    draw=draw,
    columns=columns("as_of said_by value=text"),
    published=estimates.FORM.published,
    misleads=_misleads,
)
