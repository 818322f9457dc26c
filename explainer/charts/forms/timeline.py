"""The timeline: dated events and spans, lane by lane, each on a row with its words.

Time runs to the right, and each event is as long as its date is vague: a year is as long as a year,
a day is a point. A date that is "about" has a dashed outline. To the right of the axis stand the
date and what happened, so that no word is as far away as its event is long ago.
"""

import calendar
import math
import re
from typing import Any

from explainer.charts import plot
from explainer.charts.form import Content, Form, FormOptions, Row, columns, unfit
from explainer.charts.marks import wrapped
from explainer.charts.theme import SMALL, Size
from explainer.data.kinds import Entry, Id, SourceId, Text, When, optional, required
from explainer.problems import did_you_mean
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

BETWEEN = 0.4
"""The room between two events, in lines of text."""

HEAD = 0.9
"""The room above the name of a lane and below it, in lines of text."""

EDGE = 6
"""How far a point at the end of the axis reaches beyond it, in px."""

GAP = 18
"""How far from the axis its words stand, in px."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The events of these rows, one below the other, with their words to the right of the axis."""
    wide = size.is_wide
    axis, dates = (124, 124) if wide else (66, 0)
    rows = _drawn(rows, size.width - EDGE - axis - GAP, dates)
    total = sum(row["tall"] for row in rows)
    first, last = _ends(rows)
    years = [(year, str(year)) for year in _marked(first, last, wide)]
    ticks = plot.axis(years, orient="top", grid=True, labelOverlap=False, labelFlush=True)
    right = plot.fixed(x=axis + GAP)
    look = plot.either(
        "datum.kind == 'about'", fill=(plot.PAPER, plot.SLATE), strokeDash=([2, 2], [1, 0])
    )
    beside = 0 if wide else f"{plot.LINE} * length(datum.dated)"
    layers = [
        plot.layer("datum.lane").mark_rule(color=plot.GRID, yOffset=4, aria=False)
        .encode(y="head:Q", **plot.fixed(x=-EDGE, x2=size.width)),
        plot.written("lane", 9, fontWeight="bold", color=plot.MUTED).encode(y="head:Q", **right),
        plot.written("dated", 0, fontWeight="bold").encode(y="top:Q", **right),
        plot.written("text", beside).encode(y="top:Q", **plot.fixed(x=axis + GAP + dates)),
        plot.layer("datum.kind != 'day'")
        .mark_bar(height=10, yOffset=SMALL / 2, stroke=plot.SLATE, strokeWidth=1.5)
        .encode(x="start:Q", x2="end:Q", y="top:Q", **look, **plot.said()),
        plot.layer("datum.kind == 'day'")
        .mark_point(shape="circle", yOffset=SMALL / 2, size=80, filled=True, color=plot.SLATE)
        .encode(x="start:Q", y="top:Q", **plot.said()),
    ]  # fmt: skip
    # Rows follow each other: where one begins is where those before it end.
    begun = f"(isValid(datum.lane) ? {HEAD} + length(datum.lane) : 0)"
    places = plot.steps(head="datum.bottom - datum.tall", top=f"datum.head + {begun}")
    return plot.framed(
        layers,
        plot.data(rows, "dated text lane start end kind tall description"),
        size, plot.LINE * total, left=EDGE, top=24, right=size.width - axis - EDGE,
        x=plot.scaled("x", first, last, ticks), y=plot.scaled("y", total, 0),
        transform=[plot.summed("tall", "bottom"), *places],
    )  # fmt: skip


def _drawn(rows: plot.Rows, room: float, dates: float) -> list[Row]:
    """The rows with their words in lines, and how many lines each takes; the first of each lane
    names it. The date stands beside what happened where `dates` px are left for it, else above."""
    drawn: list[Row] = []
    for before, row in zip([{"lane": ""}, *rows], rows, strict=False):
        dated = wrapped(row["when_text"], dates - 10 if dates else room, bold=True)
        lines = wrapped(row["text"], room - dates)
        lane = wrapped(row["lane"], room, bold=True) if before["lane"] != row["lane"] else []
        tall = max(len(dated), len(lines)) if dates else len(dated) + len(lines)
        head = HEAD + len(lane) if lane else 0
        drawn.append(
            {**row, "dated": dated, "text": lines, "tall": tall + head + BETWEEN,
             "lane": lane or None}
        )  # fmt: skip
    return drawn


def _ends(rows: plot.Rows) -> tuple[int, float]:
    """The beginning of the year in which it began, and its end."""
    return math.floor(min(row["start"] for row in rows)), max(row["end"] for row in rows)


def _marked(first: int, last: float, wide: bool) -> list[int]:
    """The years that the axis marks: some round ones, or where it is short the first and last."""
    years = range(first, max(math.ceil(last), first + 1))
    step = max(1, int(plot.round_step((last - first) / 3)))
    return [year for year in years if year % step == 0] if wide else sorted({first, years[-1]})


# The data half: which rows the options ask for, and what the form is told beside them


class Lane(Entry):
    """A lane: what the events in it have in common."""

    id: Id = required("The id by which events name it.")
    label: Text = required("What its events have in common.")


class Event(Entry):
    """Something that happened: when, in which lane, what, and who says so."""

    when: When = required("When it happened, or from when to when.")
    lane: Id = required("The lane in which it stands.")
    text: Text = required("What happened, in a few words; claims may stand in it.")
    source: SourceId | None = optional("Who says so.")
    sources: list[SourceId] = optional("Who says so, where it is several.", default=[])

    @property
    def named(self) -> list[str]:
        """The sources that it names."""
        return [*filter(None, [self.source]), *self.sources]


class Options(FormOptions):
    """Options of a timeline."""

    lanes: list[Lane] = required("The lanes, from the top.", min_length=1, max_length=4)
    events: list[Event] = required("What happened, in any order.", min_length=2, max_length=30)


def _content(options: Options, voice: Voice) -> Content:
    """A row an event, lane by lane in the order of time."""
    lanes = {lane.id: lane.label for lane in options.lanes}
    rows: list[Row] = []
    for item, event in enumerate(options.events):
        if event.lane not in lanes:
            hint = did_you_mean(event.lane, lanes) or "add it to lanes:"
            raise unfit("events", f'no lane "{event.lane}"', hint, event.lane, item)
        if event.when == "unstated":
            raise unfit("events", "an event without a date", "leave it out", "unstated", item)
        if not event.named and not voice.claims_in(event.text):
            hint = "name its source:, or print a claim in its text"
            raise unfit("events", "an event that nobody is named for", hint, item=item)
        lane = voice.said(lanes[event.lane])
        rows.append(_row(event, lane, list(lanes).index(event.lane), voice))
    unused = [lane for lane in lanes if not any(e.lane == lane for e in options.events)]
    if unused:
        raise unfit("lanes", f'nothing happens in the lane "{unused[0]}"', "", unused[0])
    rows.sort(key=lambda row: (row["number"], row["start"], row["end"]))
    # The axis may mark every year.
    first, last = _ends(rows)
    return Content(rows, {}, {}, [str(year) for year in range(first, math.ceil(last) + 1)])


def _row(event: Event, lane: str, number: int, voice: Voice) -> Row:
    text, claims = voice.said(event.text), voice.claims_in(event.text)
    when, (start, end) = capital(voice.language.date(event.when)), span(event.when)
    kind = "about" if event.when.startswith("about ") else "span"
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", event.when):
        kind, start = "day", round((start + end) / 2, 3)
        end = start
    sources = [*event.named, *(s for claim in claims for s in voice.dataset.sources_of(claim))]
    return {
        "when": event.when, "when_text": when, "lane": lane, "group": lane, "number": number,
        "text": text, "start": start, "end": end, "kind": kind,
        "sources": " ".join(dict.fromkeys(sources)), "description": f"{when}, {lane}: {text}",
        **{f"{index}_claim": claim for index, claim in enumerate(claims, 1)},
    }  # fmt: skip


def span(when: str) -> tuple[float, float]:
    """The beginning and end of a date in years: of 2014-08, 2014.583 and 2014.667."""
    dates = re.findall(r"\d{4}(?:-\d\d)?(?:-\d\d)?", when)
    return _edge(dates[0], 0), _edge(dates[-1], 1)


def _edge(date: str, end: int) -> float:
    """Where a year, a month or a day begins, or ends."""
    year, month, day = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    if not month:
        return float(year + end)
    days = (day - 1 + end) / calendar.monthrange(year, month)[1] if day else end
    return round(year + (month - 1 + days) / 12, 3)


FORM = Form(
    name="timeline",
    options=Options,
    content=_content,
    draw=draw,
    columns=columns("as_of=when_text lane what=text"),
    published=("when", "when_text", "lane", "sources", "claims"),
)
