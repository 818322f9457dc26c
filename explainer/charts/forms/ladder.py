"""The ladder: what one thing costs at each stop of a way, as a staircase.

Each stop has a tread at its price, and the riser between two carries their multiple. On a log scale
equal risers are equal multiples; the linear twin shows the amounts. There are no bars, which would
lie on a log scale. A stop of another product stands behind a visible break, because its price is
not that of the same thing. What others say of a stop is grey, behind its tread; the live view asks
whether to show it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from explainer.charts import plot
from explainer.charts.cartesian import OPEN
from explainer.charts.form import (
    Column,
    Form,
    FormOptions,
    Row,
    axis_text,
    claim_row,
    from_stop,
    open_words,
    products_in_order,
    tone,
    unfit,
)
from explainer.charts.marks import widest, wrapped
from explainer.charts.stairs import TAIL, Prices, aside, between_stops, domain, levels, ticks
from explainer.charts.theme import LARGE, SMALL, Size
from explainer.data.kinds import ClaimId, Entry, Text
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

SHAPES = ("circle", "square", "diamond")
"""The mark of each product, in the order of ``options["products"]``."""

TALL = 250
"""The height of the prices in a wide drawing in px."""


def draw(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """The ladder of these rows: stops from left to right, or from top to bottom when narrow.

    ``options``: ``scale`` (log or linear), ``products`` (ids in order of appearance), ``voices``
    (which voices show at first, or an empty text where there is no choice), ``ticks`` (the texts of
    the values of ``ticks``). A log scale with a value that is not positive raises ValueError.
    """
    if options["scale"] == "log" and min(level for row in rows for level in levels(row)) <= 0:
        raise ValueError("a log scale cannot show a value of zero or less")
    return (_wide if size.is_wide else _narrow)(rows, options, words, size)


def _wide(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    import altair as alt

    # Larger than elsewhere: beside the steps of a text it is shown smaller than it is drawn.
    more = 2 if sum(not row["beside"] for row in rows) <= 5 else 0
    small, large = SMALL + more, LARGE + more
    line, voiced = small + 3, bool(options["voices"])
    left = min(widest(options["ticks"], small), 110) + 12
    stops = sum(not row["beside"] for row in rows)
    column = (size.width - left) / stops
    drawn = [_drawn(row, options) for row in rows]
    own = [row for row in drawn if not row["beside"]]
    scale, breaks = Prices(rows, options, TALL), 0
    for row in drawn:
        row |= {"room": 0 if row["beside"] else 1, "band": 1, "head": 0}
        row["place"] = 0.42 if voiced else 0.5
    for before, row in zip([None, *own], own, strict=False):
        # Centred at its mark, a text keeps within its column.
        wide = 2 * row["place"] * column - 10
        row["figure"] = wrapped(row["text"], wide + 4, large, bold=True)
        row["lines"] = wrapped(row["label"], wide, small, bold=True)
        row["under"] = wrapped(row["product_label"], wide, small)
        row["over"] = 14 + (large + 2) * len(row["figure"])
        row["over"] += TAIL - 6 if row["open"] == "high" else 0
        if before and row["multiple_text"]:
            # Beside its riser it keeps clear of the mark, and of the line of a ceiling.
            between_stops(before, row, scale, wide / 2 - 12, line)
        if row["product_break"]:
            row["breaks"] = wrapped(row["break_text"], max(column - 6, 100), small)
            breaks = max(breaks, len(row["breaks"]))
    title = wrapped(words["axis"], size.width, small)
    over = max(row.get("peak", 0) for row in own) - TALL
    over = max(0, over, *(row["over"] - (TALL - scale.at(row["level"])) for row in own))
    top = line * (len(title) + breaks) + 8 + over
    foot, look = 12, {"fontSize": small, "lineHeight": line}
    price, along, shared = _channels("y", "x", options, rows, stops, {
        "title": title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start",
        "titleBaseline": "top", "titleX": -left, "titleY": -top, "grid": True,
        "titleFontSize": small, "titleLineHeight": line, "labelFontSize": small,
    })  # fmt: skip
    bottom = plot.fixed(y=TALL + foot)
    layers = [
        *_steps(price, along),
        *(_voices(price, along, "datum.end - 0.15", "datum.end - 0.03") * voiced),
        *(plot.written("figure", "-datum.over", align="center", fontSize=large,
                       lineHeight=large + 2, fontWeight="bold", **halo)
          .encode(**along("middle"), **price("level")) for halo in (plot.HALO, {})),
        plot.layer("isValid(datum.peak)").mark_rule(
            y2Offset=alt.expr(f"datum.times_dy + {line}"), color=plot.GRID, aria=False
        ).encode(**price("times_at", "times_at"), **along("begin")),
        *(plot.written("times", "datum.times_dy", align=alt.expr("datum.times_side"),
                       color=plot.MUTED, **halo, **look,
                       dx=alt.expr("{left: 8, right: -8, center: 0}[datum.times_side]"))
          .encode(**along("begin"), **price("times_at")) for halo in (plot.HALO, {})),
        plot.written("breaks", 0, align="center", color=plot.MUTED, **look)
        .encode(**along("begin"), **plot.fixed(y=-over - line * breaks - 4)),
        plot.written("lines", 0, align="center", fontWeight="bold", **look)
        .encode(**along("middle"), **bottom),
        plot.written("under", f"{line} * length(datum.lines)", align="center", **look)
        .encode(**along("middle"), **bottom, **plot.own("color")),
        plot.layer("datum.product_break").mark_rule(strokeDash=[2, 3], aria=False)
        .encode(**along("begin"), **plot.fixed(y=-over, y2=TALL + foot + 2 * line)),
    ]  # fmt: skip
    foot += line * max(len(row["lines"]) + len(row["under"]) for row in own)
    around = (left, top, foot)
    return _framed(layers, drawn, options, words, size, TALL, shared, around, letters=small)


def _narrow(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    import altair as alt

    left, right, line = 96, 14, plot.LINE
    voiced = bool(options["voices"])
    width = size.width - left - right
    scale = Prices(rows, options, width)
    drawn = [_drawn(row, options) for row in rows]
    own = [row for row in drawn if not row["beside"]]
    for row in own:
        row["lines"] = wrapped(row["label"], left - 8, SMALL, bold=True)
        row["under"] = wrapped(row["product_label"], left - 8)
        row["breaks"] = wrapped(row["break_text"], size.width) if row["product_break"] else []
        head = line * len(row["breaks"]) + 16 if row["breaks"] else 0
        aside(row, scale)
        tall = 30 + 18 * len(row["figure"]) + row["drop"] + (18 if voiced else 8)
        tall = max(tall, line * (len(row["lines"]) + len(row["under"])) + 20)
        row["room"] = row["band"] = (head + tall) / line
        row["head"], row["place"] = head / line, (head + 34) / line
    for row in drawn:
        if row["beside"]:
            stop = next(other for other in own if other["step"] == row["step"])
            row |= {"room": 0} | {key: stop[key] for key in ("band", "head", "place")}
    lines = sum(row["room"] for row in drawn)
    title = wrapped(words["axis"], size.width)
    top = line * len(title) + 26
    price, along, shared = _channels("x", "y", options, rows, lines, {
        "orient": "top", "title": title, "titleAlign": "left", "titleAnchor": "start",
        "titleBaseline": "top", "titleX": -left, "titleY": -top, "grid": True,
        "titleLineHeight": line,
    })  # fmt: skip
    edge, ends = plot.fixed(x=-left), plot.fixed(x2=width + right)
    look = {"fontSize": LARGE, "lineHeight": 18, "fontWeight": "bold"}
    layers = [
        *_steps(price, along),
        *(_voices(price, along, f"datum.end - {12 / line}", f"datum.end - {2 / line}") * voiced),
        plot.written("figure", "datum.drop - 9", align=alt.expr("datum.side"),
                     dx=alt.expr("datum.side == 'left' ? datum.gap : -datum.gap"), **look)
        .encode(**price("level"), **along("middle")),
        *(plot.written("times", 5, f"datum.times_side == '{side}'", align=side, dx=dx,
                       color=plot.MUTED).encode(**price(end), **along("begin"))
          for side, dx, end in (("left", 8, "level"), ("right", -8, "lower"))),
        plot.written("lines", 12, fontWeight="bold").encode(**edge, **along("begin")),
        plot.written("under", f"12 + {line} * length(datum.lines)")
        .encode(**edge, **along("begin"), **plot.own("color")),
        plot.written("breaks", 6, color=plot.MUTED).encode(**edge, **along("left")),
        plot.layer("datum.product_break").mark_rule(strokeDash=[2, 3], aria=False)
        .encode(**edge, **ends, **along("left")),
    ]  # fmt: skip
    return _framed(layers, drawn, options, words, size, lines * line, shared, (left, top, 8), right)


def _steps(price: Any, along: Any) -> list[Any]:
    """The staircase: treads and risers, ranges, open ends, and marks with their sentences."""
    import altair as alt

    color = plot.own("color")
    dashes = alt.expr("datum.open == 'low' ? [4, 3] : [1, 0]")
    unsure = alt.expr("datum.unsure ? [4, 3] : [1, 0]")
    open_end = {"strokeWidth": 2, "strokeDash": plot.DASHES, "aria": False}
    tail = {"yOffset" if "y" in price("level") else "xOffset": TAIL}
    tail = {name: -TAIL if name == "yOffset" else TAIL for name in tail}
    place = along("middle")
    hollow = plot.hollow("datum.open || datum.calculation")

    def stops(where: str = "") -> Any:
        return plot.layer(f"!datum.beside && {where}" if where else "!datum.beside")

    return [
        stops().mark_rule(strokeWidth=2, strokeDash=dashes, aria=False)
        .encode(**price("level"), **along("begin", "end"), **color),
        stops("datum.lower < datum.level").mark_rule(strokeWidth=2, aria=False)
        .encode(**price("lower"), **along("begin", "end"), **color),
        # Where a line between products runs along a riser, the riser is seen.
        plot.layer("isValid(datum.entry)").mark_rule(strokeWidth=5, color=plot.PAPER, aria=False)
        .encode(**price("before", "entry"), **along("begin")),
        plot.layer("isValid(datum.entry)").mark_rule(strokeWidth=1.5, strokeDash=unsure, aria=False)
        .encode(**price("before", "entry"), **along("begin")),
        stops("datum.open == 'low'").mark_rule(**open_end)
        .encode(**price("least", "level"), **place, **color),
        stops("datum.open == 'high'").mark_rule(
            **open_end, **{name.replace("Offset", "2Offset"): px for name, px in tail.items()}
        ).encode(**price("level", "level"), **place, **color),
        stops("datum.lower < datum.level").mark_rule(strokeWidth=7)
        .encode(**price("lower", "level"), **place, **color, **plot.said()),
        stops("datum.lower == datum.level").mark_point(size=110, strokeWidth=2)
        .encode(
            **price("level"), **place, **plot.said(), **hollow, **plot.own("stroke"),
            **plot.own("shape", field="shape"),
        ),
    ]  # fmt: skip


def _voices(price: Any, along: Any, begin: str, end: str) -> list[Any]:
    """What others say of a stop, as grey ticks on its tread, where the live view asks for them."""
    look: dict[str, Any] = {"color": plot.SLATE}

    def others(where: str) -> Any:
        return plot.layer(
            f"datum.beside && voices == 'everyone' && {where}",
            begin=begin, end=end, middle=f"({begin} + {end}) / 2",
        )  # fmt: skip

    return [
        others("datum.lower == datum.level")
        .mark_rule(strokeWidth=2, **look)
        .encode(**price("level"), **along("begin", "end"), **plot.said()),
        others("datum.lower < datum.level")
        .mark_rule(strokeWidth=4, **look)
        .encode(**price("lower", "level"), **along("middle"), **plot.said()),
    ]


def _channels(
    price: str,
    along: str,
    options: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    long: float,
    axis: Mapping[str, Any],
) -> tuple[Any, Any, dict[str, Any]]:
    """What encodes fields as prices, and as places along the way, which is as long as this.

    With them comes what all layers share: scales, and the axis.
    """
    shown = list(zip(ticks(rows, options), options["ticks"], strict=True))
    made = plot.axis(shown, **axis)
    shared = {
        price: plot.scaled(price, *domain(rows, options), made, type=options["scale"]),
        along: plot.scaled(along, 0, long, reverse=along == "y"),
    }

    def of(channel: str) -> Any:
        def encoded(first: str, second: str = "") -> dict[str, Any]:
            return {channel: f"{first}:Q"} | ({f"{channel}2": f"{second}:Q"} if second else {})

        return encoded

    return of(price), of(along), shared


def _framed(
    layers: list[Any],
    drawn: list[dict[str, Any]],
    options: Mapping[str, Any],
    words: Mapping[str, str],
    size: Size,
    height: float,
    shared: Mapping[str, Any],
    room: tuple[float, float, float],
    right: float = 0,
    letters: int = SMALL,
) -> Any:
    """The layers in their frame, with what open and grey marks mean."""
    left, top, foot = room
    tails = {"low": "down", "high": "up"} if size.is_wide else {"low": "low", "high": "high"}
    looks = plot.open_ends(
        [row for row in drawn if not row["beside"]],
        words,
        lambda end, own: OPEN | {"shape": own[0]["shape"], "tail": tails[end]},
    )
    choices = []
    if options["voices"]:
        names = {"stops": words["only"], "everyone": words["everyone"]}
        choices = [plot.choice("voices", names, options["voices"], words["voices"])]
        # Not where only the live view shows them: there its control says as much.
        tick = {"shape": "stroke", "stroke": plot.SLATE, "strokeWidth": 2}
        looks += [(tick, words["others"])] if options["voices"] == "everyone" else []
    keys, bottom = plot.key(looks, size, height + foot - 6, left, letters)
    fields = (
        "id beside step lower level before entry unsure open calculation product_break color shape"
        " figure lines under times breaks over peak times_at times_dy times_side side gap drop room"
        " band head place description"
    )
    # Each stop begins where the one before it ends; other voices stand where their stop does.
    places = plot.steps(
        left="datum.end - datum.band",
        begin="datum.end - datum.band + datum.head",
        middle="datum.end - datum.band + datum.place",
        least=f"{domain(drawn, options)[0]}",
    )
    return plot.framed(
        [*layers, *keys], plot.data(drawn, *fields.split()), size, height,
        left=left, top=top, right=right, bottom=foot + bottom, **shared,
        transform=[plot.summed("room", "end"), *places],
        params=choices,
    )  # fmt: skip


def _drawn(row: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is drawn: its two prices, which may be one, and its mark."""
    lower, level = levels(row)
    kind = options["products"].index(row["product"]) if row["product"] in options["products"] else 0
    made = row["product_label"] if options["products"][1:] else ""
    shape = SHAPES[kind % len(SHAPES)]
    return {**row, "lower": lower, "level": level, "shape": shape, "product_label": made}


# The data half: which rows the options ask for, and what the form is told beside them


class Voices(Entry):
    """What others say of the stops."""

    at: dict[ClaimId, list[ClaimId]] = Field(
        min_length=1, description="The stops of which others speak, each with their claims."
    )
    only: Text = Field(description="What the live view calls the stops alone: only the officer.")
    show: Literal["stops", "everyone"] = Field(
        default="stops", description="What the drawing shows, and the live view at first."
    )


class Options(FormOptions):
    """Options of a ladder."""

    stops: list[ClaimId] = Field(
        min_length=2,
        max_length=7,
        description="The claims at each stop of the way, in order, in one unit.",
    )
    scale: Literal["log", "linear"] = Field(
        default="log",
        description="Equal distances are equal multiples (log) or equal sums (linear).",
    )
    voices: Voices | None = Field(
        default=None, description="What others say of the stops, in grey behind them."
    )

    def others(self, stop: str) -> list[str]:
        """The claims of others on a stop."""
        return list(self.voices.at.get(stop, ())) if self.voices else []


def _rows(options: Options, voice: Voice) -> list[Row]:
    """A row a stop, its price and the multiple of the price before it; behind it, a row a voice."""
    rows: list[Row] = []
    unit = voice.quantity(options.stops[0]).unit
    before: Row | None = None
    for step, name in enumerate(options.stops, 1):
        row = _row(voice, name, step, unit)
        if before:
            row |= from_stop(voice, row, before)
            rising = math.fsum(levels(row)) >= math.fsum(levels(before))
            row["before"], row["entry"] = levels(before)[rising], levels(row)[not rising]
            row["unsure"] = row["product_break"] or "low" in (before["open"], row["open"])
        rows.append(row)
        rows += [_row(voice, other, step, unit, beside=True) for other in options.others(name)]
        before = row
    return rows


def _row(voice: Voice, name: str, step: int, unit: Any, *, beside: bool = False) -> Row:
    claim = voice.dataset.claims[name]
    who = voice.who(name)
    return claim_row(voice, name, "", unit) | {
        "step": step,
        "beside": beside,
        "said_by": capital(who),
        "calculation": voice.dataset.ours(name),
        "color": tone(voice, claim.product),
        **from_stop(voice, {}, None),
    }


def _settings(options: Options, rows: list[Row], voice: Voice) -> dict[str, Any]:
    settings = {
        "scale": options.scale,
        "products": products_in_order([row for row in rows if not row["beside"]]),
        "voices": options.voices.show if options.voices else "",
    }
    return {**settings, "ticks": _tick_texts(options, rows, voice)}


def _tick_texts(options: Options, rows: list[Row], voice: Voice) -> list[str]:
    unit = voice.quantity(options.stops[0]).unit
    return [axis_text(voice, value, unit) for value in ticks(rows, {"scale": options.scale})]


def _words(options: Options, rows: list[Row], voice: Voice) -> dict[str, str]:
    word, language = voice.language.word, voice.language
    remark = word("chart.scale_remark" if options.scale == "log" else "chart.linear_remark")
    unit = language.unit_label(voice.quantity(options.stops[0]).unit)
    made = list(dict.fromkeys(row["product_label"] for row in rows if not row["beside"]))
    words = {"axis": " · ".join([unit, *made[: not made[1:]], remark]), **open_words(voice)}
    if options.voices:
        words |= {
            "voices": word("chart.voices"),
            "only": voice.said(voice.local(options.voices.only)),
            "everyone": word("chart.everyone"),
            "others": word("chart.others_beside"),
        }
    return words


def _claims(options: Options) -> list[str]:
    at = options.voices.at if options.voices else {}
    return [*options.stops, *(name for names in at.values() for name in names)]


def _misleads(options: Options, voice: Voice) -> list[str]:
    reasons = []
    for name in _claims(options):
        quantity = voice.quantity(name)
        if options.scale == "log" and any(end <= 0 for end in quantity.ends()):
            reasons.append(f'"{name}" is zero or less, which a log scale cannot show')
    claims = voice.dataset.claims
    for stop, names in options.voices.at.items() if options.voices else ():
        if stop not in options.stops:
            raise unfit("voices", f'"{stop}" is no stop of the ladder', needle=stop)
        for name in names:
            if claims[name].product != claims[stop].product:
                reasons.append(f'"{name}" and "{stop}" are not about the same product')
    return reasons


FORM = Form(
    name="ladder",
    options=Options,
    axis=_claims,
    rows=_rows,
    settings=_settings,
    draw=draw,
    words=_words,
    ticks=_tick_texts,
    columns=(
        Column("figure.place", "label"),
        Column("figure.product", "product_label"),
        Column("figure.value", "text"),
        Column("figure.multiple", "multiple_text"),
        Column("figure.said_by", "said_by"),
        Column("figure.as_of", "as_of"),
    ),
    published=("step", "multiple_text", "multiple_claim", "product_break", "said_by"),
    misleads=_misleads,
)
