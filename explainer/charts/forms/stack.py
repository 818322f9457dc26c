"""The stack: the parts of a whole by year, one bar a year, in as many panels as there are wholes.

All panels share one scale, which starts at zero, so that a bar of one can be compared with a bar of
another. Above a bar stands which part of it the first one is. A part that was not reported is not
drawn, and the text version says which. The live view shows amounts or shares of the whole; where a
bar lacks a part that others have, its shares would be those of another whole, and are not offered.
"""

import json
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from explainer.charts import alt, form, plot
from explainer.charts.form import Content, Form, Row
from explainer.charts.marks import text_width, widest, wrapped
from explainer.charts.tables import Table, YearOptions, rounded_to
from explainer.charts.theme import SMALL, Size, hue
from explainer.data.kinds import optional, required
from explainer.data.quantities import Quantity
from explainer.voice.voice import Voice

MOST_PARTS = 3

SHARES = "shown == 'shares'"
"""Whether the live view shows shares,"""

PERCENT = [0, 25, 50, 75, 100]
"""and the ticks of their axis."""

GAP = 24
"""Between two panels, in px."""

WIDEST = 48
"""The width in px of the widest bar."""

SHADES = (1, 0.4, 0.1)
"""How dense parts of one colour are, that are no products with colours of their own."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The bars of these rows, panel beside panel."""
    left, right = widest([*options["ticks"], *options["percent"]], SMALL) + 10, 12
    panel = (size.width - left - right + GAP) / len({row["panel"] for row in rows}) - GAP
    years = sorted({row["year"] for row in rows})
    drawn = _drawn(rows, years, panel)
    below = wrapped(words["share"], size.width) if any("share" in row for row in drawn) else []
    heads = plot.LINE * max(len(row.get("head", ())) for row in drawn)
    legend, top = _legend(rows, size.width, heads)
    height, bottom = 210 if size.is_wide else 170, 30 + (plot.LINE * len(below) + 6 if below else 0)
    axis, scale, title = _axis(options, words)
    tall, whole, params = "datum.value", "datum.whole", []
    if options["percent"]:
        tall = f"{SHARES} ? datum.value / datum.whole * 100 : {tall}"
        whole = f"{SHARES} ? 100 : {whole}"
        names = {"amounts": words["amounts"], "shares": words["shares"]}
        params = [plot.choice("shown", names, "amounts", words["shown"])]
    between = max(0.28, 1 - WIDEST * len(years) / panel)
    muted = {**LETTERING, "align": "left", "color": plot.MUTED}
    layers = [
        *_bars(rows, panel, between, axis, scale, {**legend, "symbolOffset": -left}, height, heads),
        plot.once().mark_text(**muted, text=title).encode(**plot.fixed(x=-left, y=4 - top)),
        plot.once().mark_text(**muted).encode(**plot.fixed(text=below, x=-left, y=height + 34)),
    ]
    return plot.framed(
        layers, plot.data(drawn, FIELDS), size, height,
        left=left, top=top, right=right, bottom=bottom, params=params,
        transform=plot.steps(tall=tall, top=whole),
    )  # fmt: skip


FIELDS = "panel year part order value whole head tick share tone description"

LETTERING: dict[str, Any] = {"aria": False, "baseline": "top"}


def _axis(options: plot.Settings, words: plot.Words) -> tuple[Any, Any, Any]:
    """The axis of amounts, which the live view may turn into shares; its scale, and its title."""
    values = options["values"]
    axis = plot.axis(list(zip(values, options["ticks"], strict=True)), grid=True)
    end: Any = max(values)
    title = json.dumps(words["axis"])
    if options["percent"]:
        title = f"{SHARES} ? {json.dumps(words['of_whole'])} : {title}"
        percent = json.dumps(options["percent"])
        axis.values = alt.expr(f"{SHARES} ? {PERCENT} : {values}")
        axis.labelExpr = f"{SHARES} ? {percent}[datum.value / 25] : {axis['labelExpr']}"
        end = alt.expr(f"{SHARES} ? 100 : {end}")
    return axis, alt.Scale(domain=[0, end], nice=False), alt.expr(title)


def _bars(
    rows: plot.Rows,
    panel: float,
    between: float,
    axis: Any,
    scale: Any,
    legend: Mapping[str, Any],
    height: float,
    heads: float,
) -> list[Any]:
    """The bars of panels that are so many px wide, with their years, shares and heads."""
    parts = {row["part"]: row for row in rows}
    panels = list(dict.fromkeys(row["panel"] for row in rows))

    def of_part(key: str) -> Any:
        return alt.Scale(domain=list(parts), range=[row[key] for row in parts.values()])

    hue = of_part("color")
    # Of a single part, the scale has no number.
    dense: Any = alt.FillOpacityValue(1)
    if len(parts) > 1:
        dense = alt.FillOpacity("part:O", scale=of_part("shade"), legend=None)
    place = {
        "x": alt.X(
            "panel:N", sort=panels, axis=None,
            scale=alt.Scale(paddingInner=GAP / (panel + GAP), paddingOuter=0),
        ),
        "xOffset": alt.XOffset(
            "year:O", scale=alt.Scale(paddingInner=between, paddingOuter=between / 2)
        ),
    }  # fmt: skip
    return [
        plot.layer().mark_bar(strokeWidth=1)
        .encode(
            y=alt.Y("tall:Q", scale=scale, axis=axis, stack="zero"), order="order:Q",
            color=alt.Color("part:N", scale=hue, legend=alt.Legend(**legend)),
            fillOpacity=dense, stroke=alt.Stroke("part:N", scale=hue, legend=None),
            **place, **plot.said(),
        ),
        plot.layer("datum.tick").mark_text(**LETTERING, color=plot.MUTED)
        .encode(text="year:N", **plot.fixed(y=height + 8), **place),
        plot.layer("datum.share")
        .mark_text(aria=False, baseline="bottom", dy=-3, fontWeight="bold")
        .encode(text="share:N", y=alt.Y("top:Q", scale=scale), **plot.own("color", field="tone"),
                **place),
        plot.layer("datum.head")
        .mark_text(**LETTERING, align="left", fontWeight="bold", dy=-heads - 18)
        .encode(text="head:N", x=alt.X("panel:N", sort=panels, bandPosition=0), **plot.fixed(y=0)),
    ]  # fmt: skip


def _drawn(rows: plot.Rows, years: Sequence[int], panel: float) -> list[Row]:
    """The rows as they are drawn: with the head of each panel, and years and shares if they fit."""
    step = panel / len(years)
    every = max(1, round((text_width("2000") + 10) / step + 0.49))
    told = years[::-1][::every]
    fit = all(text_width(row.get("share", ""), bold=True) + 2 <= step for row in rows)
    drawn: list[Row] = []
    for row in rows:
        before = drawn[-1] if drawn else {}
        same = before.get("panel") == row["panel"]
        one = {key: value for key, value in row.items() if fit or key != "share"}
        if not same and row["panel"]:
            one["head"] = wrapped(row["panel"], panel, SMALL, bold=True)
        if row["year"] in told and not (same and before["year"] == row["year"]):
            one["tick"] = True
        drawn.append(one)
    return drawn


def _legend(rows: plot.Rows, width: float, heads: float) -> tuple[dict[str, Any], float]:
    """The legend of the parts, and the px that stand over the plot: axis title, legend, heads."""
    names = dict.fromkeys(row["part"] for row in rows)
    beside = math.fsum(text_width(name, SMALL, bold=True) + 40 for name in names) <= width
    room = 22 if beside else 20 * len(names)
    top = 26 + room + (heads + 18 if heads else 12) + 8
    return {
        "title": None, "orient": "none", "legendY": 26 - top,
        "direction": "horizontal" if beside else "vertical", "symbolType": "square",
        "symbolSize": 160, "labelFontWeight": "bold", "labelLimit": width - 30, "columnPadding": 18,
    }, top  # fmt: skip


# The data half: which rows the options ask for, and what the form is told beside them


class Options(YearOptions):
    """Options of a stack."""

    by: str = required(
        "The column that tells the parts apart; "
        "a cell that names a product, by id or label, has its colour."
    )
    parts: list[str] = optional(
        "The cells of that column in the order in which they are stacked; if left out, all "
        "of them.",
        default=[],
        max_length=MOST_PARTS,
    )
    rest: bool = optional("Whether what is left is stacked as one more part.", default=False)
    across: str = optional("The column that tells the panels apart.", default="")
    panels: list[str] = optional(
        "The cells of that column that have a panel; if left out, all of them.",
        default=[],
        max_length=4,
    )


def _table(options: Options, voice: Voice) -> Table:
    return options.table(voice, options.by, options.across)


def _content(options: Options, voice: Voice) -> Content:
    """The bars, and their shares where those can be compared."""
    found, word = _table(options, voice), voice.language.word
    rows = _rows(options, found)
    wholes = [row["whole"] for row in rows]
    settings = {**form.axis_ticks(voice, [0, *wholes], found.unit, 4), "percent": []}
    words = form.axis_words(voice, found.unit)
    words["share"] = word("chart.share_above", part=rows[0]["part"])
    if has_shares(rows):
        settings["percent"] = form.tick_texts(voice, PERCENT, voice.dataset.units.unit("1"))
        words |= {key: word(f"chart.{key}") for key in ("amounts", "shares", "of_whole")}
        words["shown"] = word("chart.voices")
    return Content(rows, settings, words, [str(row["year"]) for row in rows])


def _rows(options: Options, found: Table) -> list[Row]:
    """A row for each part of each bar: panel by panel, year by year, from the axis up."""
    parts = found.chosen("parts", options.parts, options.by)
    others = [part for part in found.words(options.by) if part not in parts]
    if others and not options.rest:
        raise form.unfit(
            "parts",
            f'a bar would leave out {len(others)} of the column "{options.by}", as "{others[0]}"',
            "name every part, choose rows with where:, or add rest: true",
        )
    if len(parts) + bool(others) > MOST_PARTS:
        raise form.unfit(
            "parts" if options.parts else "by",
            f"{len(parts) + bool(others)} parts cannot be told apart; {MOST_PARTS} are the most",
            "name the important ones in parts:, and add rest: true",
        )
    across = options.across
    hues = _hues(parts, options.by, found)
    rows: list[Row] = []
    for panel in found.chosen("panels", options.panels, across) if across else [""]:
        bars: dict[int, dict[str, Fraction]] = {}
        for cell in found.cells:
            if cell.words.get(across, "") == panel:
                bars.setdefault(cell.x, {})[cell.words[options.by]] = cell.number
        label = found.word(across, panel)
        for year, numbers in bars.items():
            rows += _bar(numbers, hues, options.by, label, year, found)
    colors = {row["part"]: row["color"] for row in rows}
    for row in rows:
        # Parts that share a colour are told apart by how dense they are.
        alike = [part for part, color in colors.items() if color == row["color"]]
        row["shade"] = SHADES[alike.index(row["part"])]
    return rows


def _hues(parts: Sequence[str], by: str, found: Table) -> dict[str, str]:
    """The colour of each part: its product's, or where no part is one, one of its own, because of
    greys a key would show one alone."""
    dataset = found.voice.dataset
    if any(dataset.product(part) in dataset.colors for part in parts):
        return {part: form.tone(found.voice, part) for part in parts}
    names = [found.word(by, part) for part in parts]
    return {part: hue(names.index(found.word(by, part)) + 1) for part in parts}


def _bar(
    numbers: Mapping[str, Fraction],
    hues: Mapping[str, str],
    by: str,
    panel: str,
    year: int,
    found: Table,
) -> list[Row]:
    """The rows of one bar, from the axis up."""
    word = found.voice.language.word
    stacked = [(part, found.word(by, part), numbers[part]) for part in hues if part in numbers]
    if others := [value for part, value in numbers.items() if part not in hues]:
        stacked.append(("", word("chart.other"), sum(others, Fraction(0))))
    whole, place = sum(numbers.values(), Fraction(0)), f"{panel}, {year}" if panel else str(year)
    rows: list[Row] = []
    for part, name, value in stacked:
        text, color = found.text(value, form="long"), hues.get(part) or form.tone(found.voice, part)
        rows.append(
            {
                "panel": panel, "group": panel, "year": year, "part": name, "order": len(rows),
                "value": form.number(value), "whole": form.number(whole), "unit": found.unit.symbol,
                "text": text, "description": f"{place}, {name}: {text}.", "color": color,
            }
        )  # fmt: skip
    first = next(iter(hues))
    if first in numbers and stacked[1:] and whole:
        rows[-1]["share"] = _share(numbers[first] / whole, found.voice)
        rows[-1]["tone"] = plot.INK if rows[0]["color"] == plot.SLATE else rows[0]["color"]
    return rows


def _share(part: Fraction, voice: Voice) -> str:
    """A part of a whole in per cent, our calculation: whole numbers, but for less than one."""
    percent = rounded_to(part * 100, 0 if part == 0 or part >= Fraction(1, 100) else 1)
    return voice.language.quantity(Quantity(percent, percent, voice.dataset.units.unit("%")))


def has_shares(rows: plot.Rows) -> bool:
    """Whether shares can be compared: of two parts or more, all of which every bar has."""
    parts, bars = {row["part"] for row in rows}, {(row["panel"], row["year"]) for row in rows}
    whole = len(rows) == len(parts) * len(bars) and all(row["whole"] for row in rows)
    return whole and len(parts) > 1


def _misleads(options: Options, voice: Voice) -> list[str]:
    found = _table(options, voice)
    if any(cell.number < 0 for cell in found.cells):
        return ["a part below zero cannot be stacked"]
    if found.unit.over == ("%",) or (found.unit.currency and found.unit.under):
        return [f"parts in {found.unit.symbol} do not add up to a whole"]
    return []


FORM = Form(
    name="stack",
    options=Options,
    content=_content,
    draw=draw,
    columns=form.columns("panel year part value=text"),
    published=("panel", "year", "part", "share"),
    misleads=_misleads,
)
