"""The plain forms: lines, bars and dots over the columns of a series, or over claims.

What stands on the axis below is a time (years, months or days, in UTC), for dots also a number,
and for bars any word. Lines and dots may leave zero out; bars never do. What is open is hollow.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from explainer.charts import cartesian, days, plot
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
    tones,
    unfit,
)
from explainer.charts.forms import estimates
from explainer.charts.rows import bars
from explainer.charts.tables import Cells, Table, Where, number, runs, table, told, x_of, y_of
from explainer.charts.theme import Size
from explainer.data.claims import Series
from explainer.data.kinds import ClaimId, SeriesId
from explainer.data.quantities import Unit
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

MOST_ROWS = 2_000
"""The most bars or dots: more of them would be a heavy page, and no picture."""


def line(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """Lines through these rows, each named at its end, or above a narrow plot."""
    return cartesian.marks(rows, options, words, size, "line")


def scatter(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """A dot for each of these rows."""
    return cartesian.marks(rows, options, words, size, "scatter")


def bar(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """Bars from zero: side by side over a time, else one below the other, each with its label."""
    if rows[0]["time"] and not rows[0]["id"]:
        return cartesian.marks(rows, options, words, size, "bar")
    return bars(rows, options, words, size)


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
    y: Cells = Field(
        default=[],
        description="The column of numbers, where the series has more than one; or a list of them.",
    )
    where: Where = Field(default={})
    unit: str = Field(
        default="", description="The unit of the axis, where it is not the data's own."
    )


class Grouped(Options):
    """Options of lines and dots."""

    by: str = Field(
        default="",
        description=(
            "The column that tells lines, or dots, apart; "
            "a cell that names a product, by id or label, has its colour."
        ),
    )
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
        return series.unit_of(y_of(series, "".join(options.y[:1]), options.series), units)
    return voice.quantity(options.claims[0]).unit


def _table(form: str, options: Options, voice: Voice, y: str) -> Table:
    assert options.series is not None
    by = getattr(options, "by", "")
    x = x_of(voice.dataset.series[options.series], options.x, options.series)
    columns = (by,) if isinstance(options, Grouped) else (x,)
    most = MOST_ROWS if isinstance(options, Grouped) and form == "line" else 0
    return table(
        voice, options.series, x, y, columns, options.where, _unit(options, voice).symbol,
        years=False, most=most,
    )  # fmt: skip


def _rows_of(form: str) -> Callable[[Any, Voice], list[Row]]:
    def rows(options: Options, voice: Voice) -> list[Row]:
        if bool(options.series) == bool(options.claims):
            raise unfit("series", "a series or claims, one of the two", "leave the other one out")
        made = (_series_rows if options.series else _claim_rows)(form, options, voice)
        groups = list(dict.fromkeys(row["line"] for row in made))
        shades = tones(voice)
        if form != "bar" and len(groups) > len(shades):
            raise unfit(
                "by",
                f"{len(groups)} of them cannot be told apart; {len(shades)} are the most here",
                "choose among them with where:",
            )
        known = voice.dataset.colors
        for row in made:
            look = groups.index(row["line"])
            product = voice.dataset.product(row.pop("of"))
            neutral = tone(voice, "") if form == "bar" or len(groups) == 1 else shades[look]
            row["color"] = tone(voice, product) if product in known else neutral
            alike = shades is plot.TONES and product not in known
            row["look"] = look if form == "scatter" or alike else 0
        if isinstance(options, Bars) and options.sort == "value" and not _over_time(made):
            # What is farthest from zero stands first.
            tops = [plot.top(row) for row in made]
            made.sort(key=plot.top, reverse=max(tops) >= -min(tops))
        return made

    return rows


def _over_time(rows: Sequence[Row]) -> bool:
    return bool(rows[0]["time"]) and not rows[0]["id"]


def _series_rows(form: str, options: Options, voice: Voice) -> list[Row]:
    """A row for each number of a series, column by column."""
    if not options.y[1:]:
        return _column_rows(form, options, voice, "".join(options.y))
    if not isinstance(options, Grouped) or options.by:
        raise unfit("y", "several columns of numbers are several lines, or kinds of dots",
                    "form: line and scatter draw them, without by:")  # fmt: skip
    rows: list[Row] = []
    for column in options.y:
        name = capital(_head(voice.dataset.series[options.series or ""], column, voice))
        own = _column_rows(form, options, voice, column)
        rows += [row | {"line": name, "group": name, "label": name, "of": "",
                        "description": f"{name}, {row['description']}"} for row in own]  # fmt: skip
    return rows


def _column_rows(form: str, options: Options, voice: Voice, y: str) -> list[Row]:
    """A row for each number of a column, in the order of time where there is one."""
    found = _table(form, options, voice, y)
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
    units = voice.dataset.units
    counted = x in found.series.counted
    unit = found.series.unit_of(x, units) if counted else units.unit("1")
    rows: list[Row] = []
    for cell in cells:
        word = "" if isinstance(options, Bars) else cell.words.get(by, "")
        name = found.word(by, word) if word else ""
        label = found.word(x, str(cell.x))
        when = voice.language.date(str(cell.x)) if timed else label if form == "bar" else ""
        when = when or voice.language.headed(what, axis_text(voice, cell.x, unit))
        value, text = number(cell.number), found.text(cell.number)
        said = found.text(cell.number, form="long")
        about = ", ".join(part for part in (name, when) if part)
        rows.append(
            {
                "id": "", "line": name, "group": name, "label": name or label, "remark": "",
                "when": when, "year": when, "time": str(cell.x) if timed else None,
                "x": None if timed or form == "bar" else cell.x, "value": value, "low": None,
                "high": None, "open": None, "unit": found.unit.symbol, "text": text,
                "description": f"{voice.language.headed(capital(about), said)}.", "run": None,
                "of": word or (str(cell.x) if form == "bar" else "") ,
            }
        )  # fmt: skip
        if voice.dataset.product(rows[-1]["of"]) not in voice.dataset.colors and not word:
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
        rows.append(
            {
                **row, "line": "", "group": "", "when": when, "year": when, "run": None, "x": None,
                "time": None if form == "bar" else time, "of": row["product"],
                "calculation": voice.dataset.ours(name),
                "parts": [part for part in (who, when) if part],
            }
        )  # fmt: skip
    # What all of them share is said once, above the axis.
    shared = [part for part in rows[0]["parts"] if all(part in row["parts"] for row in rows[1:])]
    shared = shared if form == "bar" and rows[1:] else []
    for row in rows:
        remark = [part for part in row.pop("parts") if part not in shared]
        row["remark"] = capital(estimates.DOT.join(remark))
        row["shared"] = capital(estimates.DOT.join(shared))
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
            unit = series.unit_of(x, voice.dataset.units)
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
    shared = rows[0].get("shared", "")
    return {"axis": capital(label), "shared": shared, **open_words(voice)}


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
