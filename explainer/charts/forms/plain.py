"""The plain forms: lines, bars and dots over the columns of a series, or over claims.

What stands on the axis below is a time (years, months or days, in UTC), for dots also a number,
and for bars any word. Lines and dots may leave zero out; bars never do. What is open is hollow.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from explainer.charts import days, plot
from explainer.charts.form import (
    Column,
    Form,
    FormOptions,
    Row,
    axis_text,
    claim_row,
    open_words,
    tick_texts,
    tone,
    unfit,
)
from explainer.charts.forms import estimates
from explainer.charts.marks import text_width, widest, wrapped
from explainer.charts.rows import TAIL, bars
from explainer.charts.tables import Table, number, runs, table, told, x_of, y_of
from explainer.charts.theme import SMALL, Size
from explainer.data.claims import Series
from explainer.data.kinds import ClaimId, SeriesId
from explainer.data.quantities import Unit
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

MOST = 3
"""The most lines, or kinds of dots, that can be told apart."""

MOST_ROWS = 2_000
"""The most bars or dots: more of them would be a heavy page, and no picture."""

LONG = 300
"""From how many rows on a line has no dashes: pictures fail of too many."""

SHAPES = ("circle", "square", "triangle-up")

OPEN = {"fill": plot.PAPER, "strokeWidth": 2, "shape": "circle"}
"""How a mark of an open figure looks in the key."""

HOLLOW = "isValid(datum.open) || datum.calculation"


def line(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """Lines through these rows, each named at its end, or above a narrow plot."""
    return _plot(rows, options, words, size, "line")


def scatter(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """A dot for each of these rows."""
    return _plot(rows, options, words, size, "scatter")


def bar(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """Bars from zero: side by side over a time, else one below the other, each with its label."""
    if rows[0]["time"] and not rows[0]["id"]:
        return _plot(rows, options, words, size, "bar")
    return bars(rows, options, words, size)


def _plot(
    rows: list[dict[str, Any]],
    options: Mapping[str, Any],
    words: Mapping[str, str],
    size: Size,
    form: str,
) -> Any:
    """Marks over an axis of time or of numbers."""
    import altair as alt  # only where something must be drawn: it costs a third of a second

    wide = size.is_wide
    values = options["values"]
    left = math.ceil(widest(options["ticks"], SMALL)) + 12
    ends = wide and form == "line" and any(row["line"] for row in rows)
    height, right = 250 if wide else 210, plot.ENDS if ends else 18
    across = size.width - left - right
    rows = [{**row, "top": plot.top(row)} for row in rows]
    groups = {row["line"]: row for row in rows}
    _name_groups(rows, height / (values[-1] - values[0]), values[0])
    _turn_texts(rows, max(0, values[0]))
    color = alt.Color("color:N", scale=None)
    x, at = _across(rows, options, form)
    base, place = alt.Chart(), {"x": at, "y": "top:Q"}
    layers: list[Any] = plot.zero(values, across)
    if form == "bar":
        # From zero, which the scale holds.
        layers.insert(0, base.mark_bar(strokeWidth=1.5).encode(color=color, **place, **plot.said()))
        step = across / len(days.periods([row["time"] for row in rows]))
        if widest([row["text"] for row in rows]) + 4 < step:
            layers.append(
                base.mark_text(dy=alt.expr("datum.top < 0 ? 10 : -9"), aria=False).encode(
                    text="text:N", **place
                )
            )
    if form == "line":
        looks = alt.Scale(domain=[0, 1, 2], range=plot.LOOKS)
        dashes = {} if len(rows) > LONG or all(row["look"] == 0 for row in rows) else {
            "strokeDash": alt.StrokeDash("look:N", scale=looks, legend=None)
        }  # fmt: skip
        layers.append(
            base.mark_line(strokeWidth=2.5, aria=False).encode(
                **place, color=color, detail=[alt.Detail("line:N"), alt.Detail("run:N")],
                **dashes,
            )
        )  # fmt: skip
        if ends:
            layers += plot.end_labels(across, color)
    if form != "bar":
        few = len(rows) <= 40 or form == "scatter"
        shapes = alt.Scale(domain=[0, 1, 2], range=SHAPES)
        kind = {"shape": alt.Shape("look:N", scale=shapes, legend=None)}
        layers.append(
            base.mark_point(size=70 if form == "scatter" else 36, strokeWidth=2, opacity=int(few))
            .encode(**place, **plot.own("stroke"), **plot.hollow(HOLLOW),
                    **(kind if form == "scatter" else {}), **plot.said())
        )  # fmt: skip
    layers += _claims(rows, place) if rows[0]["id"] else []
    named = not ends and list(groups) != [""]
    keys = [_key(row, form) for row in groups.values() if named]
    room = plot.key(keys, size, 0)[1]
    layers += plot.key(keys, size, -room - 22, left)[0]
    low, bottom = plot.key(
        plot.open_ends(rows, words, lambda end, own: OPEN),
        size,
        height + (40 if rows[0]["x"] is not None else 20),
        left,
    )
    head, top = plot.heading(
        wrapped(words["axis"], size.width),
        left,
        room + (14 if all(row["open"] != "high" for row in rows) else TAIL + 4),
    )
    data = plot.data(
        rows, "id", "line", "time", "x", "top", "text", "open", "calculation", "run", "look",
        "color", "side", "down", "least", "ending", "tail", "nudge", "description",
    )  # fmt: skip
    return plot.framed(
        [*head, *layers, *low], data, size, height, left=left, top=top, right=right,
        bottom=bottom + (48 if rows[0]["x"] is not None else 28),
        x=x, y=plot.upright(values, options["ticks"]),
    )  # fmt: skip


def _across(
    rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any], form: str
) -> tuple[Any, str]:
    """The channel x, of numbers, of moments, or for bars of the periods in between; and its field,
    with its type."""
    import altair as alt

    # A long text at an end would reach beyond the drawing.
    long = max((text_width(text) for _, text in options.get("times", [])), default=0) > 34
    look: dict[str, Any] = {"labelPadding": 8, "grid": form != "bar", "labelFlush": long}
    if rows[0]["time"] is None:
        values = options["across"]
        x = alt.X(
            type="quantitative",
            scale=alt.Scale(domain=[values[0], values[-1]], nice=False, zero=False),
            axis=plot.axis(list(zip(values, options["across_ticks"], strict=True)),
                           options["across_title"], **look),
        )  # fmt: skip
        return x, "x:Q"
    ticks = dict(options["times"])
    if form == "bar":
        said = json.dumps(ticks, ensure_ascii=False)
        axis = alt.Axis(values=list(ticks), labelExpr=f"{said}[datum.value]", title=None,
                        labelOverlap=True, labelAngle=0, **look)  # fmt: skip
        every = days.periods([row["time"] for row in rows])
        scale = alt.Scale(domain=every, padding=0.15)
        return alt.X(type="ordinal", scale=scale, axis=axis), "time:O"
    said = json.dumps({days.first(time): text for time, text in ticks.items()}, ensure_ascii=False)
    moments = [_moment(time) for time in ticks]
    x = alt.X(
        type="temporal",
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(
            values=moments, labelExpr=f"{said}[utcFormat(datum.value, '%Y-%m-%d')]", title=None,
            labelOverlap=True, **look,
        ),
    )  # fmt: skip
    return x, "time:T"


def _moment(time: str) -> dict[str, Any]:
    """A moment as Vega-Lite writes it, at which a year, month or day begins."""
    year, month, day = map(int, days.first(time).split("-"))
    return {"year": year, "month": month, "date": day, "utc": True}


def _name_groups(rows: list[dict[str, Any]], per_unit: float, least: float) -> None:
    """Name each line at its last row."""
    last = {row["line"]: row for row in rows}
    for row in last.values():
        if row["line"]:
            row["ending"] = wrapped(row["line"], plot.ENDS - 12, bold=True)
            row["tail"] = f"{row['text']}, {row['when']}"
    plot.spread([row for row in last.values() if row["line"]], per_unit, least)


def _turn_texts(rows: list[dict[str, Any]], least: float) -> None:
    """Give claims the side on which their figures stand, and the ceilings where they begin."""
    if not rows[0]["id"]:
        return
    times = [days.count(days.first(row["time"])) for row in rows]
    for index, (row, time) in enumerate(zip(rows, times, strict=True)):
        left = time <= (min(times) + max(times)) / 2 and index + 1 < len(rows)
        beside = rows[index + 1 if left else index - 1]
        row["side"] = "left" if left else "right"
        # A line that rises beside the text leaves it the room below.
        row["down"] = 16 if beside["top"] > row["top"] else -10
        row["least"] = least if row["open"] == "low" else None


def _claims(rows: Sequence[Mapping[str, Any]], place: Mapping[str, Any]) -> list[Any]:
    """The lines of open ends, and the figures beside the marks."""
    import altair as alt

    line: dict[str, Any] = {"strokeWidth": 2, "strokeDash": plot.DASHES, "aria": False}
    color = plot.own("color")
    text: dict[str, Any] = {
        "align": alt.expr("datum.side"),
        "dx": alt.expr("datum.side == 'left' ? 10 : -10"),
    }
    base = alt.Chart()
    open_lines = {
        "low": base.mark_rule(**line).encode(**place, y2="least:Q", **color),
        "high": base.mark_rule(**line, y2Offset=-TAIL).encode(**place, y2="top:Q", **color),
    }
    return [
        # Of a layer without rows, Vega warns that an axis of time has nothing to span.
        *(
            layer.transform_filter(f"datum.open == '{end}'")
            for end, layer in open_lines.items()
            if any(row["open"] == end for row in rows)
        ),
        *(
            base.mark_text(
                **text, dy=alt.expr("datum.down"), fontWeight="bold", aria=False, **look
            ).encode(**place, text="text:N")
            for look in (plot.HALO, {})
        ),
    ]


def _key(row: Mapping[str, Any], form: str) -> tuple[dict[str, Any], str]:
    """The mark of a line, or a kind of dots, and what it is called."""
    if form == "line":
        return plot.stroke(row), f"{row['line']}: {row['text']}, {row['when']}"
    look = {"shape": SHAPES[row["look"]], "fill": row["color"], "stroke": row["color"]}
    return look, row["line"]


# The data half: which rows the options ask for, and what the forms are told beside them


class Options(FormOptions):
    """Options of the plain forms."""

    series: SeriesId | None = Field(default=None, description="The series that is drawn.")
    claims: list[ClaimId] = Field(
        default=[], max_length=30, description="The claims that are drawn, instead of a series."
    )
    x: str = Field(
        default="",
        description=(
            "The column of years, months or days, for dots also of numbers; if left out, the "
            "series' column of times."
        ),
    )
    y: str = Field(
        default="", description="The column of numbers, where the series has more than one."
    )
    where: dict[str, str] = Field(
        default={}, description="By column, the cell that a row has to have to be drawn."
    )
    unit: str = Field(
        default="", description="The unit of the axis, where it is not the data's own."
    )


class Grouped(Options):
    """Options of lines and dots."""

    by: str = Field(default="", description="The column that tells lines, or dots, apart.")
    zero: bool = Field(default=True, description="Whether the axis has to begin at zero.")


class Bars(Options):
    """Options of bars."""

    x: str = Field(default="", description="The column of what the bars are of, or of their times.")
    sort: Literal["listed", "value"] = Field(
        default="listed",
        description="The order of bars below each other: as listed, or by value.",
    )


def _unit(options: Options, voice: Voice) -> Unit:
    """The unit of the axis. Raises `Fault` for one that does not exist."""
    units = voice.dataset.units
    if options.unit:
        return units.unit(options.unit)
    if options.series:
        series = voice.dataset.series[options.series]
        return units.unit(series.about(y_of(series, options.y, options.series)).unit)
    return voice.quantity(options.claims[0]).unit


def _table(form: str, options: Options, voice: Voice) -> Table:
    assert options.series is not None
    by = getattr(options, "by", "")
    x = x_of(voice.dataset.series[options.series], options.x, options.series)
    columns = (by,) if isinstance(options, Grouped) else (x,)
    most = MOST_ROWS if isinstance(options, Grouped) and form == "line" else 0
    return table(
        voice, options.series, x, options.y, columns, options.where, options.unit,
        years=False, most=most,
    )  # fmt: skip


def _rows_of(form: str) -> Callable[[Any, Voice], list[Row]]:
    def rows(options: Options, voice: Voice) -> list[Row]:
        if bool(options.series) == bool(options.claims):
            raise unfit("series", "a series or claims, one of the two", "leave the other one out")
        made = (_series_rows if options.series else _claim_rows)(form, options, voice)
        groups = list(dict.fromkeys(row["line"] for row in made))
        if form != "bar" and len(groups) > MOST:
            raise unfit(
                "by",
                f"{len(groups)} of them cannot be told apart; {MOST} are the most here",
                "choose among them with where:",
            )
        known = voice.dataset.colors
        for row in made:
            look = groups.index(row["line"])
            product = row.pop("of")
            neutral = plot.SLATE if form == "bar" or len(groups) == 1 else plot.TONES[look]
            row["color"] = tone(voice, product) if product in known else neutral
            row["look"] = look if form != "bar" and len(groups) > 1 else 0
        if isinstance(options, Bars) and options.sort == "value" and not _over_time(made):
            made.sort(key=lambda row: -plot.top(row))
        return made

    return rows


def _over_time(rows: Sequence[Row]) -> bool:
    return bool(rows[0]["time"]) and not rows[0]["id"]


def _series_rows(form: str, options: Options, voice: Voice) -> list[Row]:
    """A row for each number of a series, in the order of time where there is one."""
    found = _table(form, options, voice)
    by = getattr(options, "by", "")
    timed = all(days.WHEN.fullmatch(str(cell.x)) for cell in found.cells)
    numeric = all(isinstance(cell.x, int | float) for cell in found.cells)
    if form != "bar" and not timed and not (form == "scatter" and numeric):
        wrong = next(c.x for c in found.cells if not days.WHEN.fullmatch(str(c.x)))
        raise unfit("x", f'"{wrong}" in "{found.name}" is no year, month or day')
    cells = sorted(found.cells, key=lambda cell: str(cell.x)) if timed else found.cells
    if len(cells) > MOST_ROWS and form != "line":
        message = f"{len(cells)} rows are too many to draw each of them; {MOST_ROWS} are the most"
        raise unfit("series", message, "choose among them with where:, or draw a line")
    x = x_of(found.series, options.x, found.name)
    what = _head(found.series, x, voice)
    unit = voice.dataset.units.unit(
        found.series.about(x).unit if x in found.series.counted else "1"
    )
    rows: list[Row] = []
    for cell in cells:
        word = "" if isinstance(options, Bars) else cell.words.get(by, "")
        name = found.word(by, word) if word else ""
        label = found.word(x, str(cell.x))
        when = voice.language.date(str(cell.x)) if timed else label if form == "bar" else ""
        when = when or f"{what}: {axis_text(voice, cell.x, unit)}"
        value, text = number(cell.number), found.text(cell.number)
        said = found.text(cell.number, form="long")
        about = ", ".join(part for part in (name, when) if part)
        rows.append(
            {
                "id": "", "line": name, "group": name, "label": name or label, "remark": "",
                "when": when, "year": when, "time": str(cell.x) if timed else None,
                "x": None if timed or form == "bar" else cell.x, "value": value, "low": None,
                "high": None, "open": None, "unit": found.unit.symbol, "text": text,
                "description": f"{capital(about)}: {said}.", "run": None,
                "of": word or (str(cell.x) if form == "bar" else "") ,
            }
        )  # fmt: skip
        if rows[-1]["of"] not in voice.dataset.colors and not word:
            rows[-1]["of"] = found.about.product or ""
    if len(cells) < found.every:
        rows[0]["thinned_from"] = found.every
    if form == "line":
        for name in dict.fromkeys(row["line"] for row in rows):
            own = {days.count(row["time"]): row for row in rows if row["line"] == name}
            for at, run in runs(own):
                own[at]["run"] = run or None
    return rows


def _head(series: Series, column: str, voice: Voice) -> str:
    """What readers call a column."""
    head = series.heads.get(column)
    return voice.said(voice.local(head)) if head else column


def _plain_number(voice: Voice, value: Any) -> str:
    return axis_text(voice, value, voice.dataset.units.unit("1"))


def _claim_rows(form: str, options: Options, voice: Voice) -> list[Row]:
    """A row a claim: for lines and dots at the time it is about."""
    rows: list[Row] = []
    unit = _unit(options, voice)
    for item, name in enumerate(options.claims):
        claim, who = voice.dataset.claims[name], voice.who(name)
        label = voice.said(voice.local(claim.label)) or voice.said(voice.local(claim.what))
        row = claim_row(voice, name, unit=unit) | {"label": capital(label)}
        time = row["as_of"].removeprefix("about ")
        if form != "bar" and not days.WHEN.fullmatch(time):
            hint = "the form ranges draws what is about a span of time"
            raise unfit("claims", f'"{name}" is about no year, month or day', hint, name, item)
        when = voice.language.date(row["as_of"]) if row["as_of"] else ""
        remark = estimates.DOT.join(part for part in (who, when) if part)
        rows.append(
            {
                **row, "line": "", "group": "", "when": when, "year": when, "run": None, "x": None,
                "time": None if form == "bar" else time, "of": row["product"],
                "calculation": claim.formula is not None,
                "remark": capital(remark),
            }
        )  # fmt: skip
    return rows if form == "bar" else sorted(rows, key=lambda row: str(row["time"]))


def _values(options: Options, rows: Sequence[Row]) -> list[float]:
    """Round values for the axis, which for bars holds zero."""
    tops = [plot.top(row) for row in rows]
    if not getattr(options, "zero", True):
        return plot.ticks(min(tops), max(tops))
    return plot.ticks(min(0, *tops), max(0, *tops))


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    found: dict[str, Any] = {"values": _values(options, rows)}
    found["ticks"] = tick_texts(voice, found["values"], _unit(options, voice))
    if rows[0]["time"]:
        marks = days.ticks([row["time"] for row in rows])
        found["times"] = [(time, voice.language.date(shown)) for time, shown in marks]
    elif rows[0]["x"] is not None:
        places = [row["x"] for row in rows]
        found["across"] = plot.ticks(min(places), max(places))
        series = voice.dataset.series[options.series or ""]
        x = x_of(series, options.x, options.series or "")
        title = _head(series, x, voice)
        if x in series.counted:
            unit = voice.dataset.units.unit(series.about(x).unit)
            title += f" ({label})" if (label := voice.language.unit_label(unit)) else ""
        found["across_title"] = title
        found["across_ticks"] = [_plain_number(voice, value) for value in found["across"]]
    return found


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    found = _settings(options, rows, voice)
    times = [text for _, text in found.get("times", [])]
    across = [*found.get("across_ticks", []), found.get("across_title", "")]
    return [*found["ticks"], *across, *times]


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    label = voice.language.unit_label(_unit(options, voice))
    return {"axis": capital(label), **open_words(voice)}


def _misleads(options: Options, voice: Voice) -> list[str]:
    if not options.claims:
        return []
    told = estimates.Options.model_construct(
        claims=options.claims, unit=options.unit, sort="listed"
    )
    reasons = estimates.FORM.misleads(told, voice)
    for name in options.claims:
        quantity = voice.quantity(name)
        if quantity.value is None and not quantity.open:
            reasons.append(f'"{name}" is a range, which has no one place; draw it as ranges')
    return reasons


def _joins(options: Options, voice: Voice) -> list[str]:
    """Why a line would mislead: it says that what one saw has changed."""
    speakers = {voice.dataset.claims[name].said_by for name in options.claims}
    more = ["a line would join what different people say"] if len(speakers) > 1 else []
    return [*_misleads(options, voice), *more]


def _form(name: str, options: type[Options], draw: Callable[..., Any]) -> Form:
    return Form(
        name=name,
        options=options,
        axis=lambda options: options.claims,
        rows=_rows_of(name),
        settings=_settings,
        draw=draw,
        words=_words,
        ticks=_tick_texts,
        columns=(
            Column("figure.what", "label"),
            Column("figure.as_of", "when"),
            Column("figure.value", "text"),
        ),
        published=("line", "when", "x"),
        misleads=_joins if name == "line" else _misleads,
        told=told,
    )


LINE = _form("line", Grouped, line)
BAR = _form("bar", Bars, bar)
SCATTER = _form("scatter", Grouped, scatter)
