"""The plain forms: lines, bars and dots over the columns of a series, or over claims.

What stands on the axis below is a time (years, months or days, in UTC), for dots also a number,
and for bars any word. Lines and dots may leave zero out; bars never do. What is open is hollow.
"""

from functools import partial
from typing import Any, Literal

from pydantic import Field

from explainer.charts import cartesian, days, form, plot
from explainer.charts.form import Content, Form, FormOptions, Row
from explainer.charts.forms import estimates
from explainer.charts.rows import bars
from explainer.charts.tables import Cells, Table, Where, runs, table, told, x_of, y_of
from explainer.charts.theme import Size
from explainer.data.claims import Series
from explainer.data.kinds import ClaimId, SeriesId, optional
from explainer.data.quantities import Unit
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

MOST_ROWS = 2_000
"""The most bars or dots: more of them would be a heavy page, and no picture."""


def bar(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """Bars from zero: side by side over a time, else one below the other, each with its label."""
    if rows[0]["time"] and not rows[0]["id"]:
        return cartesian.marks(rows, options, words, size, "bar")
    return bars(rows, options, words, size)


# The data half: which rows the options ask for, and what the forms are told beside them


class Options(FormOptions):
    """Options of the plain forms."""

    series: SeriesId | None = optional("The series that is drawn.")
    claims: list[ClaimId] = optional(
        "The claims that are drawn, instead of a series.", default=[], max_length=30
    )
    x: str = optional(
        "The column of years, months or days, for dots also of numbers; if left out, the "
        "series' column of times.",
        default="",
    )
    y: Cells = optional(
        "The column of numbers, where the series has more than one; or a list of them.", default=[]
    )
    where: Where = Field(default={})
    unit: str = optional("The unit of the axis, where it is not the data's own.", default="")


class Grouped(Options):
    """Options of lines and dots."""

    by: str = optional(
        "The column that tells lines, or dots, apart; "
        "a cell that names a product, by id or label, has its colour.",
        default="",
    )
    zero: bool = optional("Whether the axis has to begin at zero.", default=True)


class Bars(Options):
    """Options of bars."""

    x: str = optional("The column of what the bars are of, or of their times.", default="")
    sort: Literal["listed", "value"] = optional(
        "The order of bars below each other: as listed, or by value.", default="listed"
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


def _table(kind: str, options: Options, voice: Voice, y: str) -> Table:
    assert options.series is not None
    x = x_of(voice.dataset.series[options.series], options.x, options.series)
    by = options.by if isinstance(options, Grouped) else x
    return table(
        voice, options.series, x, y, (by,), options.where, _unit(options, voice).symbol,
        years=False, most=MOST_ROWS if kind == "line" else 0,
    )  # fmt: skip


def _content(kind: str, options: Options, voice: Voice) -> Content:
    """Numbers or claims on an axis, which for bars holds zero, and what stands below it."""
    rows, unit = _rows(kind, options, voice), _unit(options, voice)
    tops = [plot.top(row) for row in rows]
    tops += [0] if getattr(options, "zero", True) else []
    settings, below = form.axis_ticks(voice, tops, unit), []
    if rows[0]["time"]:
        marks = days.ticks([row["time"] for row in rows])
        settings["times"] = [(time, voice.language.date(shown)) for time, shown in marks]
        below = [text for _, text in settings["times"]]
    elif rows[0]["x"] is not None:
        settings |= _settings_across(options, [row["x"] for row in rows], voice)
        below = [*settings["across_ticks"], settings["across_title"]]
    words = {**form.axis_words(voice, unit), "shared": rows[0].get("shared", "")}
    return Content(rows, settings, words, below)


def _rows(kind: str, options: Options, voice: Voice) -> list[Row]:
    """A row a number or a claim, in the colour and with the look that tell its kind."""
    if bool(options.series) == bool(options.claims):
        raise form.unfit("series", "a series or claims, one of the two", "leave the other one out")
    made = (_series_rows if options.series else _claim_rows)(kind, options, voice)
    groups = list(dict.fromkeys(row["line"] for row in made))
    shades = form.tones(voice)
    if kind != "bar" and len(groups) > len(shades):
        raise form.unfit(
            "by",
            f"{len(groups)} of them cannot be told apart; {len(shades)} are the most here",
            "choose among them with where:",
        )
    known = voice.dataset.colors
    for row in made:
        look = groups.index(row["line"])
        product = voice.dataset.product(row.pop("of"))
        neutral = form.tone(voice, "") if kind == "bar" or len(groups) == 1 else shades[look]
        row["color"] = form.tone(voice, product) if product in known else neutral
        alike = shades is plot.TONES and product not in known
        row["look"] = look if kind == "scatter" or alike else 0
    over_time = made[0]["time"] and not made[0]["id"]
    if isinstance(options, Bars) and options.sort == "value" and not over_time:
        # What is farthest from zero stands first.
        tops = [plot.top(row) for row in made]
        made.sort(key=plot.top, reverse=max(tops) >= -min(tops))
    return made


def _series_rows(kind: str, options: Options, voice: Voice) -> list[Row]:
    """A row for each number of a series, column by column."""
    if not options.y[1:]:
        return _column_rows(kind, _table(kind, options, voice, "".join(options.y)), options)
    if not isinstance(options, Grouped) or options.by:
        raise form.unfit("y", "several columns of numbers are several lines, or kinds of dots",
                    "form: line and scatter draw them, without by:")  # fmt: skip
    rows: list[Row] = []
    for column in options.y:
        found = _table(kind, options, voice, column)
        own, name = _column_rows(kind, found, options), capital(found.head(column))
        rows += [row | {"line": name, "group": name, "label": name, "of": "",
                        "description": f"{name}, {row['description']}"} for row in own]  # fmt: skip
    return rows


def _column_rows(kind: str, found: Table, options: Options) -> list[Row]:
    """A row for each number of a column, in the order of time where there is one."""
    voice, language, bars = found.voice, found.voice.language, kind == "bar"
    untimed = [cell.x for cell in found.cells if not days.WHEN.fullmatch(str(cell.x))]
    timed, numeric = not untimed, all(isinstance(cell.x, int | float) for cell in found.cells)
    if not (timed or bars or (kind == "scatter" and numeric)):
        raise form.unfit("x", f'"{untimed[0]}" in "{found.name}" is no year, month or day')
    cells = sorted(found.cells, key=lambda cell: str(cell.x)) if timed else found.cells
    if len(cells) > MOST_ROWS and kind != "line":
        message = f"{len(cells)} rows are too many to draw each of them; {MOST_ROWS} are the most"
        raise form.unfit("series", message, "choose among them with where:, or draw a line")
    by = options.by if isinstance(options, Grouped) else ""
    unit = _unit_across(found.series, found.x, voice)
    rows: list[Row] = []
    for cell in cells:
        word, place = cell.words[by] if by else "", str(cell.x)
        name = found.word(by, word) if word else ""
        label = found.word(found.x, place)
        if timed:
            when = language.date(place)
        else:
            when = label if bars else language.headed(
                found.head(found.x), form.axis_text(voice, cell.x, unit)
            )  # fmt: skip
        about = ", ".join(part for part in (name, when) if part)
        said = found.text(cell.number, form="long")
        of = word or (place if bars else "")
        if not word and voice.dataset.product(of) not in voice.dataset.colors:
            of = found.about.product or ""
        rows.append(
            {
                "id": "", "line": name, "group": name, "label": name or label, "remark": "",
                "when": when, "year": when, "time": place if timed else None,
                "x": None if timed or bars else cell.x, "unit": found.unit.symbol,
                "value": form.number(cell.number), "low": None, "high": None, "open": None,
                "text": found.text(cell.number), "run": None, "of": of,
                "description": f"{language.headed(capital(about), said)}.",
            }
        )  # fmt: skip
    if len(cells) < found.every:
        rows[0]["thinned_from"] = found.every
    if kind == "line":
        for name in dict.fromkeys(row["line"] for row in rows):
            own = {days.count(row["time"]): row for row in rows if row["line"] == name}
            for at, run in runs(own):
                own[at]["run"] = run or None
    return rows


def _unit_across(series: Series, x: str, voice: Voice) -> Unit:
    """The unit of the numbers that stand on x."""
    units = voice.dataset.units
    return series.unit_of(x, units) if x in series.counted else units.unit("1")


def _claim_rows(kind: str, options: Options, voice: Voice) -> list[Row]:
    """A row a claim: for lines and dots at the time it is about."""
    rows: list[Row] = []
    parts: list[list[str]] = []
    for item, name in enumerate(options.claims):
        claim = voice.dataset.claims[name]
        label = voice.said(claim.label) or voice.said(claim.what)
        row = form.claim_row(voice, name, unit=_unit(options, voice)) | {"label": capital(label)}
        time, said = row["as_of"].removeprefix("about "), form.when(voice, name)
        if kind != "bar" and not days.WHEN.fullmatch(time):
            hint = "the form ranges draws what is about a span of time"
            raise form.unfit("claims", f'"{name}" is about no year, month or day', hint, name, item)
        parts.append([part for part in (voice.who(name), said) if part])
        rows.append(
            {
                **row, "line": "", "group": "", "when": said, "year": said, "run": None, "x": None,
                "time": None if kind == "bar" else time, "of": row["product"],
                "calculation": voice.dataset.ours(name),
            }
        )  # fmt: skip
    # What all of them share is said once, above the axis.
    shared = [part for part in parts[0] if all(part in own for own in parts[1:])]
    shared = shared if kind == "bar" and rows[1:] else []
    for row, own in zip(rows, parts, strict=True):
        row["remark"] = capital(estimates.DOT.join(part for part in own if part not in shared))
        row["shared"] = capital(estimates.DOT.join(shared))
    return rows if kind == "bar" else sorted(rows, key=lambda row: str(row["time"]))


def _settings_across(options: Options, places: list[float], voice: Voice) -> dict[str, Any]:
    name = options.series or ""
    series, values = voice.dataset.series[name], plot.ticks(min(places), max(places))
    x = x_of(series, options.x, name)
    title = voice.said(series.heads.get(x)) or x
    label = voice.language.unit_label(_unit_across(series, x, voice))
    one = voice.dataset.units.unit("1")
    return {
        "across": values,
        "across_title": f"{title} ({label})" if label else title,
        "across_ticks": [form.axis_text(voice, value, one) for value in values],
    }


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


def _form(name: str, options: type[Options]) -> Form:
    return Form(
        name=name,
        options=options,
        axis=lambda options: options.claims,
        content=partial(_content, name),
        draw=bar if name == "bar" else partial(cartesian.marks, form=name),
        columns=form.columns("what=label as_of=when value=text"),
        published=("line", "when", "x"),
        misleads=_joins if name == "line" else _misleads,
        told=told,
    )


LINE, SCATTER = _form("line", Grouped), _form("scatter", Grouped)
BAR = _form("bar", Bars)
