"""The series: numbers over the years as lines, and the spread of the others as a band.

A year without a number is a gap in the line. The band runs from the lowest to the highest of the
values it stands for, and their mean, which is a calculation of ours and unweighted, is a line in
it. All of this is worked out at build: the page carries only what is drawn. The live view shows
the values of the year last pointed at, and beside the lines any one of those in the band.
"""

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from explainer.charts import alt, form, plot
from explainer.charts.form import Content, Form, Row
from explainer.charts.marks import widest, wrapped
from explainer.charts.tables import Table, YearOptions, runs, told
from explainer.charts.theme import SMALL, Size
from explainer.data.kinds import ClaimId, Entry, Text, optional, required
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

MOST_LINES = 3

CHOICE = 800
"""The most numbers that a page carries only so that one of their lines can be chosen."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The lines of these rows over the years, each named at its end, or above a narrow plot."""
    wide, values = size.is_wide, options["values"]
    height, right = (250, plot.ENDS) if wide else (210, 16)
    left = math.ceil(widest(options["ticks"], SMALL)) + 12
    across = size.width - left - right
    rows = _drawn(rows, options, height / (values[-1] - values[0]), wide)
    numbered = [row for row in rows if row["kind"] in ("line", "band")]
    years = sorted({row["year"] for row in numbered})
    shown = [(year, str(year)) for year in plot.marked_years(years, 8 if wide else 4)]
    colors = {row["line"]: row["color"] for row in numbered}
    color = alt.Color(
        "line:N", scale=alt.Scale(domain=list(colors), range=list(colors.values())), legend=None
    )
    layers = [*_layers(rows, numbered, color, across, height), *plot.zero(values, across)]
    breaks = sum(len(row["lines"]) for row in rows if row["kind"] == "break")
    above: float = plot.LINE * breaks
    above += 18.0 if breaks or any(row.get("peak") for row in rows) else 6
    if wide:
        layers += plot.end_labels(across, color)
    else:
        keys = [
            (plot.stroke(row), f"{row['line']}: {row['text']}, {row['year']}")
            for row in numbered
            if row.get("ending")
        ]
        room = plot.key(keys, size, 0)[1]
        layers += plot.key(keys, size, -above - room - 4, left)[0]
        above += room
    band = {"shape": "square", "size": 200, "fill": plot.SLATE, "opacity": 0.2, "strokeWidth": 0}
    bands = [(band, words["band"])] if any(row["kind"] == "band" for row in rows) else []
    key, bottom = plot.key(bands, size, height + 20, left)
    head, top = plot.heading(wrapped(words["axis"], size.width), left, above)
    others = [row["line"] for row in rows if row["kind"] == "other"]
    # No line is chosen before a reader does so.
    choice = alt.binding_select(options=["", *others], labels=["–", *others], name=options["by"])
    return plot.framed(
        [*head, *layers, *key], plot.data(rows, FIELDS), size, height,
        left=left, top=top, right=right, bottom=bottom + 28,
        x=plot.scaled("x", years[0], max(years[-1], years[0] + 1), plot.axis(
            shown, grid=True, labelFlush=False, labelPadding=8,
        )),
        y=plot.upright(values, options["ticks"]),
        transform=plot.steps(top="isValid(datum.value) ? datum.value : datum.high"),
        params=[alt.param(name="one", value="", bind=choice).param] if others else [],
    )  # fmt: skip


FIELDS = (
    "year value low high text line run kind look alone lines above side under peak ending tail"
    " nudge years values until description"
)

NUMBERED = "datum.kind == 'line' || datum.kind == 'band'"


def _layers(
    rows: plot.Rows, numbered: plot.Rows, color: Any, across: float, height: float
) -> list[Any]:
    """The band, the breaks, the lines, what the live view shows upon them, and the notes."""
    side: dict[str, Any] = {"align": alt.expr("datum.side"), "aria": False}
    looks = {row["line"]: plot.LOOKS[row["look"]] for row in numbered}
    dash = alt.StrokeDash(
        "line:N", scale=alt.Scale(domain=list(looks), range=list(looks.values())), legend=None
    )
    rise = f"-6 - {plot.LINE} * (length(datum.lines) - 1)"
    beside = alt.expr("datum.side == 'left' ? 10 : -10")
    lower = alt.expr(f"datum.under ? 20 : {rise} - 2")
    of = plot.layer
    return [
        of("datum.kind == 'band'").mark_area(color=plot.SLATE, opacity=0.2, aria=False)
        .encode(x="year:Q", y="low:Q", y2="high:Q", detail="run:N"),
        of("datum.kind == 'break'").mark_rule(strokeDash=plot.DASHES, aria=False)
        .encode(x="year:Q", **plot.fixed(y=0, y2=height)),
        of("datum.kind == 'break'")
        .mark_text(dy=alt.expr(f"{rise} - {plot.LINE} * datum.above"), color=plot.MUTED, **side)
        .encode(x="year:Q", text="lines:N", **plot.fixed(y=0)),
        of(f"isValid(datum.value) && ({NUMBERED})").mark_line(strokeWidth=2.5, aria=False)
        .encode(x="year:Q", y="value:Q", color=color, strokeDash=dash,
                detail=[alt.Detail("line:N"), alt.Detail("run:N")]),
        # A number between two gaps is a dot; the others are felt for along the line.
        of(NUMBERED).mark_point(size=60, filled=True)
        .encode(x="year:Q", y="top:Q", color=color, **plot.said(),
                **plot.either("datum.alone", opacity=(1, 0))),
        *_live(rows, numbered, across, height),
        of("datum.kind == 'note'")
        .mark_point(shape="diamond", size=90, stroke=plot.INK, fill=plot.PAPER, strokeWidth=2)
        .encode(x="year:Q", y="top:Q", **plot.said()),
        *_lettered(of("datum.kind == 'note'"), {"dx": beside, "dy": lower, **side},
                   x="year:Q", y="top:Q", text="lines:N"),
        *_lettered(of("isValid(datum.peak)"), {"dy": -8, "color": plot.MUTED, **side},
                   x="year:Q", y="high:Q", text="peak:N"),
    ]  # fmt: skip


def _lettered(layer: Any, look: Mapping[str, Any], **place: Any) -> list[Any]:
    """Lettering upon marks, in an outline that keeps it apart from them."""
    return [layer.mark_text(**look, **halo).encode(**place) for halo in (plot.HALO, {})]


def _live(rows: plot.Rows, numbered: plot.Rows, across: float, height: float) -> list[Any]:
    """What the live view shows: the values of the year pointed at, and a line chosen by name."""
    years = {row["year"] for row in numbered}
    year = alt.selection_point(
        name="year", fields=["year"], on="pointerover", clear=False, empty=False
    )
    late = f"datum.year > {(min(years) + max(years)) / 2}"
    beside: dict[str, Any] = {
        "align": alt.expr(f"{late} ? 'right' : 'left'"), "dx": alt.expr(f"{late} ? -8 : 8"),
        "fontWeight": "bold", "aria": False,
    }  # fmt: skip
    one = plot.layer("datum.kind == 'other' && datum.line == one").transform_flatten(
        ["years", "values"], as_=["year", "one"]
    )
    chosen_line = [
        one.mark_line(color=plot.INK, strokeWidth=1.5, aria=False).encode(x="year:Q", y="one:Q"),
        one.transform_filter("datum.year == datum.until")
        .mark_text(dx=-4, dy=-10, align="right", fontWeight="bold", aria=False)
        .encode(x="year:Q", y="one:Q", text="line:N"),
    ]
    drawn = plot.layer(NUMBERED)
    each = drawn.transform_aggregate(count="count()", groupby=["year"])
    pointed, whole = each.transform_filter(year), {"x": "year:Q", **plot.fixed(y=0, y2=height)}
    return [
        *(chosen_line if any(row["kind"] == "other" for row in rows) else []),
        pointed.mark_rule(color=plot.INK, aria=False).encode(**whole),
        *_lettered(pointed, beside, x="year:Q", **plot.fixed(y=8), text="year:N"),
        *_lettered(drawn.transform_filter(year), beside, x="year:Q", y="top:Q", text="text:N"),
        # What is pointed at lies above all that then is shown, which would take the pointer away.
        each.mark_rule(opacity=0, strokeWidth=math.ceil(across / len(years)) + 1, aria=False)
        .encode(**whole)
        .properties(name="years")
        .add_params(year),
    ]


def _drawn(rows: plot.Rows, options: plot.Settings, per_unit: float, wide: bool) -> list[Row]:
    """The rows as they are drawn, and behind them the breaks, and the lines that can be chosen."""
    numbered = [row for row in rows if row["kind"] != "note"]
    years = sorted({row["year"] for row in numbered})
    runs = Counter((row["line"], row["run"]) for row in numbered)
    ends = {row["line"]: row for row in numbered}
    high = options["values"][0] + (options["values"][-1] - options["values"][0]) * 0.8

    def side(year: int, parts: int) -> str:
        """To which side of a mark its words keep clear of the edges of the plot."""
        at = (year - years[0]) / ((years[-1] - years[0]) or 1) * parts
        return "left" if at <= 1 else "right" if at > parts - 1 else "center"

    drawn: list[Row] = []
    for row in rows:
        made = {**row, "run": row["run"] or None}
        if row["kind"] == "note":
            lines = wrapped(f"{row['label']}: {row['text']}", 150 if wide else 96)
            made |= {"lines": lines, "side": side(row["year"], 2), "under": plot.top(row) > high}
        elif runs[row["line"], row["run"]] == 1:
            made["alone"] = True
        if row is ends.get(row["line"]):
            made |= plot.named(row["line"], row["text"], str(row["year"]))
        if row.get("peak"):
            made["side"] = side(row["year"], 3)
        drawn.append(made)
    plot.spread([row for row in drawn if row.get("ending")], per_unit, options["values"][0])
    above = 0
    for mark in sorted(options["breaks"], key=lambda mark: int(mark["at"])):
        lines = wrapped(mark["text"], 130)
        drawn.append({"kind": "break", "year": mark["at"], "lines": lines, "above": above,
                      "side": side(mark["at"], 3)})  # fmt: skip
        above += len(lines)
    span = list(range(years[0], years[-1] + 1))
    for line, values in options["others"].items():
        drawn.append({"kind": "other", "line": line, "years": span, "until": max(values),
                      "values": [values.get(year) for year in span]})  # fmt: skip
    return drawn


# The data half: which rows the options ask for, and what the form is told beside them


class Break(Entry):
    """A year from which numbers were gathered in another way."""

    at: int = required("The year.")
    text: Text = required("What changed then, in a few words.")


class Options(YearOptions):
    """Options of a series."""

    by: str = optional(
        "The column that tells the lines apart; "
        "a cell that names a product, by id or label, has its colour.",
        default="",
    )
    lines: list[str] = optional(
        "The cells of that column that have a line; with no band, all may be left out.",
        default=[],
        max_length=MOST_LINES,
    )
    band: Literal["", "rest", "all"] = optional(
        "A band from the lowest to the highest of the others (rest), or of all.", default=""
    )
    band_label: Text | None = optional("What the band is called.")
    mean: bool = optional(
        "Whether the band has a line through its mean, which is worked out at build.", default=False
    )
    breaks: list[Break] = optional(
        "Years from which numbers were gathered in another way, marked by a rule.", default=[]
    )
    notes: list[ClaimId] = optional(
        "Claims to be marked in the chart at the time they are about.", default=[], max_length=6
    )


Others = dict[int, dict[str, Fraction]]
"""What a band stands for: by year, the number of each by its name."""


def _table(options: Options, voice: Voice) -> Table:
    found = options.table(voice, options.by)
    if not options.by and (options.lines or options.band):
        option = "lines" if options.lines else "band"
        raise form.unfit(option, f"{option} without by", "by: names the column of the lines")
    return found


def _content(options: Options, voice: Voice) -> Content:
    """The lines and the band, and what of the others the live view may show."""
    found = _table(options, voice)
    others = _others(options, found)
    rows = _rows(options, found, others)
    lines: dict[str, dict[int, int | float]] = {}
    for year, values in others.items():
        for name, value in values.items():
            lines.setdefault(name, {})[year] = form.number(value)
    keys = ("value", "low", "high")
    numbers = [row[key] for row in rows for key in keys if row.get(key) is not None]
    settings = {
        # A choice of one, or of more than a page should carry, is none.
        "others": lines if len(lines) > 1 and sum(map(len, lines.values())) <= CHOICE else {},
        "by": found.head(options.by),
        **form.axis_ticks(voice, [0, *numbers], found.unit),
        "breaks": [{"at": mark.at, "text": voice.said(mark.text)} for mark in options.breaks],
    }
    band = voice.language.word("chart.band_key_mean" if options.mean else "chart.band_key")
    words = {**form.axis_words(voice, found.unit), "band": band}
    # The axis may mark any year, also one of which there is no number.
    years = [row["year"] for row in rows]
    marked = [str(year) for year in range(min(years), max(years) + 1)]
    return Content(rows, settings, words, marked)


def _rows(options: Options, found: Table, others: Others) -> list[Row]:
    """A row for each number drawn, by line and year; of a band its two ends and its mean."""
    voice = found.voice
    drawn = found.chosen("lines", options.lines, options.by) if options.by else [""]
    if options.band and not options.lines:
        drawn = []
    most = MOST_LINES - bool(options.band)
    if len(drawn) > most:
        raise form.unfit(
            "lines" if options.lines else "by",
            f"{len(drawn)} lines cannot be told apart; {most} are the most here",
            "name some in lines:, and show the others as band: rest",
        )
    rows: list[Row] = []
    if others:
        label = voice.said(options.band_label)
        label = label or voice.language.word(f"chart.band_{options.band}")
        rows += _band_rows(others, label, options.mean, found)
    what = voice.said(found.about.what)
    known, shades = voice.dataset.colors, form.tones(voice)
    for index, value in enumerate(drawn):
        label = found.word(options.by, value) if options.by else capital(what)
        # A line that stands alone has the colour of what the series is about.
        product = voice.dataset.product(value)
        if product not in known:
            product = "" if drawn[1:] or others else found.about.product or ""
        color = form.tone(voice, product) if product in known else shades[index]
        look = index if product not in known and shades is plot.TONES else 0
        own = {c.x: c.number for c in found.cells if c.words.get(options.by, "") == value}
        for year, run in runs(own):
            text, said = (found.text(own[year], form=how) for how in ("", "long"))
            rows.append(
                _row(found, label, year, run, text, said, value=form.number(own[year]), kind="line",
                     color=color, look=look)
            )  # fmt: skip
    return [*rows, *(_note_row(voice, claim, found, rows) for claim in options.notes)]


def _others(options: Options, found: Table) -> Others:
    """What the band stands for: by year, the number of each by its name."""
    others: Others = {}
    for cell in found.cells:
        value = cell.words.get(options.by, "")
        if options.band == "all" or (options.band == "rest" and value not in options.lines):
            others.setdefault(cell.x, {})[found.word(options.by, value)] = cell.number
    return others


def _band_rows(values: Others, label: str, mean: bool, found: Table) -> list[Row]:
    rows: list[Row] = []
    word = found.voice.language.word
    for year, run in runs(values):
        numbers = list(values[year].values())
        low, high, middle = min(numbers), max(numbers), found.mean(numbers)
        text, span = found.text(low, high), found.text(low, high, "long")
        said = word("chart.band_sentence", span=span)
        more: Row = {
            "low": form.number(low),
            "high": form.number(high),
            "count": len(numbers),
            "span": text,
        }
        if mean:
            text, average = found.text(middle), found.text(middle, form="long")
            said = word("chart.band_mean_sentence", span=span, mean=average)
            more["value"] = form.number(middle)
        more |= {"kind": "band", "color": plot.SLATE, "look": 1}
        rows.append(_row(found, label, year, run, text, said, **more))
    top = max(rows, key=lambda row: float(row["high"]))
    name, high = max(values[top["year"]].items(), key=lambda item: item[1])
    top["peak"] = f"{name}, {top['year']}: {found.text(high)}"
    return rows


def _row(found: Table, label: str, year: int, run: int, text: str, said: str, **more: Any) -> Row:
    """The row of a year of a line or a band."""
    return {
        "line": label, "group": label, "year": year, "value": None, "low": None, "high": None,
        "count": None, "unit": found.unit.symbol, "text": text, "span": "", "run": run,
        "description": f"{label}, {year}: {said}.", **more,
    }  # fmt: skip


def _note_row(voice: Voice, name: str, found: Table, rows: plot.Rows) -> Row:
    row = form.claim_row(voice, name, unit=found.unit)
    year, years = (voice.dataset.claims[name].as_of or "")[:4], [row["year"] for row in rows]
    if not year.isdigit() or not min(years) <= int(year) <= max(years):
        raise form.unfit(
            "notes",
            f'"{name}" has no year on the axis',
            "a note stands at the year of its claim's as_of",
            needle=name,
        )
    value = row["value"] if row["value"] is not None else row["high"]
    return {
        **row, "line": row["label"], "group": row["label"], "year": int(year), "value": value,
        "span": "", "kind": "note", "color": plot.INK, "look": 0, "run": 0,
    }  # fmt: skip


def _misleads(options: Options, voice: Voice) -> list[str]:
    found = _table(options, voice)
    reasons = []
    signed = voice.dataset.vocabulary.measures[found.about.measure or ""].signed
    if not signed and any(cell.number < 0 for cell in found.cells):
        reasons.append("numbers below zero have no place on an axis that starts at zero")
    for name in options.notes:
        if voice.quantity(name).unit.dimensions != found.unit.dimensions:
            reasons.append(f'"{name}" is not in the unit of the axis')
    products = {voice.dataset.claims[name].product for name in options.notes}
    if options.notes and found.unit.currency and products != {found.about.product}:
        reasons.append("prices of different products would share an axis")
    return reasons


FORM = Form(
    name="series",
    options=Options,
    axis=lambda options: options.notes,
    content=_content,
    draw=draw,
    columns=form.columns("line year value=text span"),
    published=("line", "year", "count", "span"),
    misleads=_misleads,
    told=told,
)
