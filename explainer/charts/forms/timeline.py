"""The timeline: dated events and spans in lanes; where it is narrow, an upright list of them.

Time runs to the right, and each event is as long as its date is vague: a year is as long as a year,
a day is a point. A date that is "about" has a dashed outline. In the upright list the events follow
each other without a scale, which the drawing says.
"""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import Field

from explainer.charts.form import Column, Form, FormOptions, Row, unfit
from explainer.charts.forms.ranges import when as middle_of
from explainer.charts.marks import (
    GRID,
    MUTED,
    PAPER,
    Line,
    Sheet,
    Words,
    inline,
    lines,
    pixels,
    rounded,
    text_width,
    widest,
    wrapped,
)
from explainer.charts.theme import WIDE, Size, series, themed
from explainer.data.kinds import Entry, Id, SourceId, Text, When
from explainer.problems import did_you_mean
from explainer.voice.voice import Voice

SHAPES = ("circle", "square", "diamond", "triangle-up")
BLOCK = 186
"""The width in px to which the words of an event are wrapped."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The events of these rows: along an axis of years, or one below the other."""
    return _along(rows, options, size) if size.width >= WIDE.width else _upright(rows, words, size)


def _along(rows: list[dict[str, Any]], options: Mapping[str, Any], size: Size) -> Any:
    import altair as alt  # only where something must be drawn: it costs a third of a second

    first, last = int(options["years"][0]), int(options["years"][1])
    start, end = 6.0, size.width - 6.0

    def at(year: float) -> float:
        return start + (year - first) / (last - first) * (end - start)

    sheet, y = Sheet(), 22.0
    places: list[float] = []
    for lane in dict.fromkeys(row["lane"] for row in rows):
        own = [row for row in rows if row["lane"] == lane]
        sheet.lines.append(Line(0, y + 8, size.width, y + 8, MUTED))
        sheet.words.append(Words(0, y + 26, lane, own[0]["color"], bold=True))
        y = _lane(own, at, y + 42, size.width, sheet, places) + 4
    grid = []
    edge = -100.0
    for year in range(first, last + 1):
        if (year - first) % options["step"] == 0:
            grid.append(Line(at(year), 20, at(year), y, GRID))
            if at(year) - edge > text_width(str(year)) + 10 and at(year) + 18 <= size.width:
                sheet.words.append(Words(at(year) + 3, 14, str(year), MUTED))
                edge = at(year)
    scale = alt.Scale(domain=[first, last], range=[start, end], nice=False)
    marks = _marks(rows, places, scale)
    return themed(sheet.around(marks, lines(grid)), size, y + 4, placed=True)


def _lane(
    rows: Sequence[Mapping[str, Any]],
    at: Callable[[float], float],
    top: float,
    width: float,
    sheet: Sheet,
    places: list[float],
) -> float:
    """Packs the events of a lane into rows in which no two touch; the px where the lane ends."""
    packed: list[list[tuple[Mapping[str, Any], float, list[str], list[str]]]] = []
    edges: list[float] = []
    of_row: dict[int, int] = {}
    for row in rows:
        head, body = wrapped(row["when_text"], BLOCK, bold=True), wrapped(row["text"], BLOCK)
        wide = max(widest(head, bold=True), widest(body))
        x = at(row["start"])
        left = min(max(x - 4, 0), width - wide)
        begin, stop = min(left, x), max(left + wide, at(row["end"]))
        index = next((i for i, edge in enumerate(edges) if edge + 16 <= begin), len(edges))
        if index == len(edges):
            edges.append(0)
            packed.append([])
        edges[index] = stop
        of_row[id(row)] = index
        packed[index].append((row, left, head, body))
    tops = []
    for line in packed:
        tops.append(top)
        top += 28 + 16 * max(len(head) + len(body) for _, _, head, body in line)
    for line, begin in zip(packed, tops, strict=True):
        for _, left, head, body in line:
            sheet.words.append(Words(left, begin + 22, head, bold=True))
            sheet.words.append(Words(left, begin + 22 + 16 * len(head), body))
    places += [tops[of_row[id(row)]] for row in rows]
    return top


def _marks(rows: Sequence[Mapping[str, Any]], places: Sequence[float], scale: Any) -> list[Any]:
    """The marks that carry the dates, on the real scale, each with its sentence."""
    import altair as alt

    layers = []
    for color in dict.fromkeys(row["color"] for row in rows):
        for kind in ("span", "about", "day"):
            data = [
                {
                    "text": row["text"],
                    "start": row["start"],
                    "end": row["end"],
                    "y": rounded(place),
                    "description": row["description"],
                }
                for row, place in zip(rows, places, strict=True)
                if row["color"] == color and row["kind"] == kind
            ]
            if not data:
                continue
            said: dict[str, Any] = {
                "x": alt.X("start:Q", scale=scale, axis=None),
                "y": pixels("y", "y"),
                "description": alt.Description("description:N"),
                "tooltip": alt.Tooltip("description:N"),
            }
            chart = alt.Chart(inline(data))
            if kind == "day":
                mark = chart.mark_point(shape="circle", size=80, filled=True, color=color)
            else:
                dash: dict[str, Any] = {"fill": PAPER, "strokeDash": [4, 3]}
                look = dash if kind == "about" else {"fill": color}
                mark = chart.mark_bar(height=8, stroke=color, strokeWidth=1.5, **look)
                said["x2"] = alt.X2("end")
            layers.append(mark.encode(**said))
    return layers


def _upright(rows: list[dict[str, Any]], words: Mapping[str, str], size: Size) -> Any:
    import altair as alt

    sheet, y = Sheet(), 16.0
    text = wrapped(words["not_to_scale"], size.width)
    sheet.words.append(Words(0, 12, text, MUTED))
    y += 16 * len(text)
    data = []
    ordered = sorted(rows, key=lambda row: (row["start"], row["end"]))
    begin = y
    for row in ordered:
        width = size.width - 26
        head = wrapped(row["when_text"], width, bold=True)
        body = wrapped(row["text"], width)
        sheet.words.append(Words(26, y + 12, head, bold=True))
        lane = wrapped(row["lane"], width)[0]
        sheet.words.append(Words(26, y + 12 + 16 * len(head), lane, row["color"]))
        sheet.words.append(Words(26, y + 28 + 16 * len(head), body))
        shape = SHAPES[row["number"] % len(SHAPES)]
        data.append(
            {
                "x": 8,
                "y": rounded(y + 8),
                "shape": shape,
                "color": row["color"],
                "text": row["text"],
                "start": row["start"],
                "end": row["end"],
                "description": row["description"],
            }
        )
        y += 36 + 16 * (len(head) + len(body))
    sheet.lines.append(Line(8, begin + 8, 8, data[-1]["y"], GRID, 2))
    layers = []
    for shape, color in dict.fromkeys((point["shape"], point["color"]) for point in data):
        own = [point for point in data if (point["shape"], point["color"]) == (shape, color)]
        drop = [{k: v for k, v in point.items() if k not in ("shape", "color")} for point in own]
        layers.append(
            alt.Chart(inline(drop))
            .mark_point(shape=shape, size=100, filled=True, color=color)
            .encode(
                x=pixels("x"),
                y=pixels("y", "y"),
                description=alt.Description("description:N"),
                tooltip=alt.Tooltip("description:N"),
            )
        )
    return themed(sheet.around(layers), size, y, placed=True)


# The data half: which rows the options ask for, and what the form is told beside them


class Lane(Entry):
    """A lane: what the events in it have in common."""

    id: Id = Field(description="The id by which events name it.")
    label: Text = Field(description="What its events have in common.")


class Event(Entry):
    """Something that happened: when, in which lane, what, and who says so."""

    when: When = Field(description="When it happened, or from when to when.")
    lane: Id = Field(description="The lane in which it stands.")
    text: Text = Field(description="What happened, in a few words; claims may stand in it.")
    source: SourceId | None = Field(default=None, description="Who says so.")
    sources: list[SourceId] = Field(default=[], description="Who says so, where it is several.")

    @property
    def named(self) -> list[str]:
        """The sources that it names."""
        return [*filter(None, [self.source]), *self.sources]


class Options(FormOptions):
    """Options of a timeline."""

    lanes: list[Lane] = Field(min_length=1, max_length=4, description="The lanes, from the top.")
    events: list[Event] = Field(
        min_length=2, max_length=30, description="What happened, in any order."
    )


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row an event, lane by lane in the order of time."""
    dataset = voice.dataset
    lanes = {lane.id: lane for lane in options.lanes}
    rows: list[Row] = []
    for item, event in enumerate(options.events):
        if event.lane not in lanes:
            hint = did_you_mean(event.lane, lanes) or "add it to lanes:"
            raise unfit("events", f'no lane "{event.lane}"', hint, event.lane, item)
        if event.when == "unstated":
            raise unfit("events", "an event without a date", "leave it out", "unstated", item)
        raw = voice.local(event.text)
        claims = voice.claims_in(raw)
        if not event.named and not claims:
            hint = "name its source:, or print a claim in its text"
            raise unfit("events", "an event that nobody is named for", hint, item=item)
        text = voice.said(raw)
        place = list(lanes).index(event.lane)
        label = voice.said(voice.local(lanes[event.lane].label))
        when_text = voice.language.date(event.when)
        start, end = span(event.when)
        exact = bool(re.fullmatch(r"\d{4}-\d\d(-\d\d)?", event.when))
        about = event.when.startswith("about ")
        sources = [*event.named, *(s for c in claims for s in dataset.sources_of(c))]
        rows.append(
            {
                "when": event.when,
                "when_text": when_text[:1].upper() + when_text[1:],
                "lane": label,
                "group": label,
                "number": place,
                "text": text,
                "start": middle_of(event.when) if exact else start,
                "end": middle_of(event.when) if exact else end,
                "kind": "day" if exact else "about" if about else "span",
                "color": series(place),
                "sources": " ".join(dict.fromkeys(sources)),
                "description": f"{when_text[:1].upper()}{when_text[1:]}, {label}: {text}",
                **{f"{index}_claim": claim for index, claim in enumerate(claims, 1)},
            }
        )
    unused = [lane for lane in lanes if not any(e.lane == lane for e in options.events)]
    if unused:
        raise unfit("lanes", f'nothing happens in the lane "{unused[0]}"', "", unused[0])
    return sorted(rows, key=lambda row: (row["number"], row["start"], row["end"]))


def span(when: str) -> tuple[float, float]:
    """The beginning and end of a date in years: of 2014-08, 2014.583 and 2014.667."""
    dates = re.findall(r"\d{4}(?:-\d\d)?(?:-\d\d)?", when)
    return _edge(dates[0], 0), _edge(dates[-1], 1)


def _edge(date: str, end: int) -> float:
    parts = [int(part) for part in date.split("-")]
    year = parts[0]
    if len(parts) == 1:
        return float(year + end)
    if len(parts) == 2:
        return round(year + (parts[1] - 1 + end) / 12, 3)
    days = calendar.monthrange(year, parts[1])[1]
    return round(year + (parts[1] - 1 + (parts[2] - 1 + end) / days) / 12, 3)


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    first, last = int(min(row["start"] for row in rows)), int(max(row["end"] for row in rows)) + 1
    step = next((s for s in (1, 2, 5, 10, 20, 50) if (last - first) / s <= 9), 100)
    first -= first % step
    return {"years": (first, last), "step": step}


def _years(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    first, last = _settings(options, rows, voice)["years"]
    return [str(year) for year in range(first, last + 1)]


FORM = Form(
    name="timeline",
    options=Options,
    axis=lambda options: [],
    rows=_rows,
    settings=_settings,
    draw=draw,
    words=lambda options, rows, voice: {"not_to_scale": voice.language.word("chart.not_to_scale")},
    ticks=_years,
    columns=(
        Column("figure.as_of", "when_text"),
        Column("figure.lane", "lane"),
        Column("figure.what", "text"),
    ),
    published=("when", "when_text", "lane", "sources", "claims"),
    misleads=lambda options, voice: [],
)
