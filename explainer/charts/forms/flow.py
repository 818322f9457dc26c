"""The flow: how much is left at each stage of a way, drawn to one scale from stage to stage.

The stages are bars, one below the other, joined by a pale band: what goes on keeps its width, and
what stays behind tapers off beside it. Amounts shown beside (what was seized, lost, drunk on the
spot) follow on the same scale, however thin that makes them: their thinness is the finding.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from explainer.charts import alt, form, plot
from explainer.charts.form import Content, Form, FormOptions, Row
from explainer.charts.marks import wrapped
from explainer.charts.rows import DASHED, height_of, in_row, open_bars, stacked
from explainer.charts.theme import LARGE, Size
from explainer.data.kinds import ClaimId, optional, required
from explainer.voice.voice import Voice

BAR = 26
"""Thickness of a stage in px."""

TAIL = 7
"""How far the line of a floor reaches beyond it, in px: as little as can be seen, since on the
scale of all it would be tens of what is small."""

ASIDE = TAIL + 14
"""How far from the plot the labels stand, in px."""


def draw(rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The flow of these rows, from the top; their labels stand to the right of the plot."""
    wide = size.is_wide
    width = 330 if wide else 136
    rows = _drawn(rows, words, size.width - width - ASIDE)
    most = max(row["end"] for row in rows) or 1
    lines = [plot.lines_of(row) + len(row["text"]) for row in rows]
    for row, own in zip(rows, lines, strict=True):
        # Where labels are narrow, their lines differ, and with them what joins the stages.
        row["room"] = plot.LINE * (max(lines) if wide else own) + (34 if wide else 24)
        row["down"] = BAR / 2
    named = _name_rest(rows, words["rest"], width / most, width + ASIDE)
    color = plot.own("color")
    tones = {row["color"] for row in rows if not row["beside"]}
    tint = tones.pop() if len(tones) == 1 else plot.SLATE
    lying: dict[str, Any] = {"orient": "horizontal"}
    pale = {**lying, "color": tint, "aria": False}
    layers = [
        *_labels(width + ASIDE),
        # An area that narrows from stage to stage, and in it what goes on.
        in_row("!datum.beside").mark_area(**pale, opacity=0.2).encode(x="end:Q"),
        in_row("!datum.beside")
        .mark_area(**pale, opacity=0.25, interpolate="step-after").encode(x="on:Q"),
        in_row().mark_rule(color=plot.GRID, aria=False, xOffset=4)
        .encode(x="end:Q", **plot.fixed(x2=width + ASIDE - 6)),
        in_row("datum.open == 'high'")
        .mark_rule(strokeWidth=3, strokeDash=(2, 2), x2Offset=TAIL, aria=False)
        .encode(x="end:Q", x2="end:Q", **color),
        # Each row has one mark that speaks for it: what is certain, or all that may be.
        in_row("datum.begin < datum.end")
        .mark_bar(**lying, height=BAR - 2, fill=plot.PAPER, strokeWidth=2, strokeDash=plot.DASHES)
        .encode(x="begin:Q", x2="end:Q", **plot.own("stroke"), **plot.said()),
        in_row("datum.begin == datum.end").mark_bar(**lying, height=BAR)
        .encode(x=alt.X("end:Q", stack=None), **color, **plot.said()),
        in_row("datum.begin > 0 && datum.begin < datum.end")
        .mark_bar(**lying, height=BAR, aria=False)
        .encode(x=alt.X("begin:Q", stack=None), **color),
        in_row("isValid(datum.rest)")
        .mark_text(**plot.TEXT, dx=8, dy=alt.expr("datum.room / 2"), color=plot.MUTED)
        .encode(x="slope:Q", text="rest:N"),
    ]  # fmt: skip
    if beside := [row["id"] for row in rows if row["beside"]]:
        layers.append(
            in_row(f"datum.id == '{beside[0]}'", "above")
            .mark_rule(strokeDash=(2, 3), yOffset=-16 if wide else -12, aria=False)
            .encode(**plot.fixed(x=0, x2=size.width))
        )
    title = wrapped(words["axis"], size.width, bold=True)
    keys, bottom = plot.key(_key(rows, named, words), size, height_of(rows) - 20)
    head, top = plot.heading(title)
    fields = "id text lines under on begin end slope rest open beside color description"
    return stacked(
        [*layers, *head, *keys], rows, fields, size=size, top=top,
        right=size.width - width, bottom=bottom - 20,
        x=plot.scaled("x", 0, most),
    )  # fmt: skip


def _drawn(rows: plot.Rows, words: plot.Words, room: float) -> list[Row]:
    """The rows as they are drawn: what is certain, what may be, what goes on, and their labels."""
    drawn: list[Row] = []
    for row in rows:
        begin, end = plot.ends(row)
        before = end if row["beside"] or not drawn else drawn[-1]["end"]
        remark = words["beside"] if row["beside"] else row["share_text"]
        drawn.append(
            {
                **row,
                # What is certain, and the most that the row states.
                "begin": 0 if row["open"] == "low" else begin,
                "end": end,
                "on": min(before, end),
                "text": wrapped(row["text"], room, LARGE, bold=True),
                "lines": wrapped(row["label"], room),
                "under": wrapped(remark, room) if remark else [],
            }
        )
    return drawn


def _name_rest(rows: Sequence[dict[str, Any]], text: str, per_unit: float, room: float) -> bool:
    """Names what stays behind, to the right of the widest wedge and below the middle of its slope,
    where the paper is free; whether none is left to be named."""
    stages = [row for row in rows if not row["beside"]]
    before, after = max(
        itertools.pairwise(stages), key=lambda pair: float(pair[0]["end"] - pair[1]["on"])
    )
    middle = (before["end"] + after["on"]) / 2
    if (before["end"] - after["on"]) * per_unit < 3:
        return True
    lines = wrapped(text, room - middle * per_unit - 18)
    if len(lines) * plot.LINE > before["room"] / 2 - 4 or any(line.endswith("-") for line in lines):
        return False
    before |= {"slope": middle, "rest": lines}
    return True


def _labels(left: float) -> list[Any]:
    """To the right of the plot, the figure of each row, what it is of, and its remark."""
    place = {"y": "above:Q", **plot.fixed(x=left)}
    large: dict[str, Any] = {"fontSize": LARGE, "fontWeight": "bold", "lineHeight": LARGE + 3}
    down = f"{BAR / 2 - 8} + {plot.LINE + 2} * length(datum.text)"
    further = f"{down} + {plot.LINE} * length(datum.lines)"
    return [
        plot.written("text", BAR / 2 - 8, **large).encode(**place),
        plot.written("lines", down).encode(**place),
        plot.written("under", further, color=plot.MUTED).encode(**place),
    ]


def _key(rows: plot.Rows, named: bool, words: plot.Words) -> plot.Meanings:
    """What the open bars among these rows mean, and the wedges where they have no name."""
    bar = {"shape": "square", "fill": plot.PAPER, **DASHED}
    marks = open_bars(rows, words)
    ranged = [row for row in rows if 0 < row["begin"] < row["end"] and not row["open"]]
    marks += [({**bar, "stroke": row["color"]}, words["range"]) for row in ranged[:1]]
    if not named:
        stage = next(row for row in rows if not row["beside"])
        wedge = {"shape": "square", "fill": stage["color"], "opacity": 0.2, "strokeWidth": 0}
        marks.append((wedge, words["rest"]))
    return marks


# The data half: which rows the options ask for, and what the form is told beside them


class Options(FormOptions):
    """Options of a flow."""

    stages: list[ClaimId] = required(
        "The claims from stage to stage, each a part of the one before.", min_length=2, max_length=5
    )
    beside: list[ClaimId] = optional(
        "Claims to compare with, drawn beside the way to the same scale.", default=[], max_length=2
    )


def _content(options: Options, voice: Voice) -> Content:
    """A row a stage, with its share of the stage before; then the amounts shown beside."""
    rows: list[Row] = []
    word, unit = voice.language.word, voice.quantity(options.stages[0]).unit
    for name in [*options.stages, *options.beside]:
        label = voice.said(voice.dataset.claims[name].what)
        row = {**form.claim_row(voice, name, label, unit), "beside": name in options.beside}
        row["color"] = form.tone(voice, row["product"])
        row |= {"share_text": None, "share_claim": ""}
        if rows and not row["beside"]:
            share = form.calculated(voice, f'claim("{name}") / claim("{rows[-1]["id"]}")', "%")
            row["share_text"] = word("chart.share_of_previous", share=share.text(voice))
            row["share_claim"] = share.claim
        rows.append(row)
    words = {key: word(f"chart.{key}") for key in ("beside", "rest", "range")}
    words |= {"axis": voice.language.unit_label(unit), **form.open_words(voice)}
    return Content(rows, {}, words)


def _misleads(options: Options, voice: Voice) -> list[str]:
    axis = voice.quantity(options.stages[0]).unit
    reasons = [
        f'"{name}" is counted in another kind of unit than the stages'
        for name in options.beside
        if voice.quantity(name).unit.amount_dimensions != axis.amount_dimensions
    ]
    for before, after in itertools.pairwise(options.stages):
        whole, part = (voice.quantity(name) for name in (before, after))
        if (
            whole.high is not None
            and part.low is not None
            and (part.low * part.unit.factor > whole.high * whole.unit.factor)
        ):
            reasons.append(f'"{after}" is more than "{before}", of which it should be a part')
    return reasons


FORM = Form(
    name="flow",
    options=Options,
    axis=lambda options: options.stages,
    content=_content,
    draw=draw,
    columns=form.columns("what=label value=text share=share_text as_of"),
    published=("beside", "share_text", "share_claim"),
    misleads=_misleads,
)
