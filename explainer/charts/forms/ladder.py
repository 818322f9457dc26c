"""The ladder: what one thing costs at each stop of a way, as a staircase.

Each stop has a tread at its price, and the riser between two carries their multiple. On a log scale
equal risers are equal multiples; the linear twin shows the amounts. There are no bars, which would
lie on a log scale. A stop of another product stands behind a visible break, because its price is
not that of the same thing. What others say of a stop is grey, behind its tread; the live view asks
whether to show it.
"""

import math
from collections.abc import Mapping
from functools import partial
from itertools import chain
from typing import Any, Literal

from explainer.charts import alt, form, plot
from explainer.charts.cartesian import OPEN
from explainer.charts.form import Content, Form, Row, StopOptions
from explainer.charts.marks import widest, wrapped
from explainer.charts.stairs import TAIL, Prices, aside, between_stops, domain, ticks
from explainer.charts.theme import LARGE, SMALL, Size
from explainer.data.kinds import ClaimId, Entry, Text, optional, required
from explainer.data.quantities import Unit
from explainer.voice.languages import capital
from explainer.voice.voice import Voice

SHAPES = ("circle", "square", "diamond")
"""The mark of each product, in the order of ``options["products"]``."""

TALL = 250
"""The height of the prices in a wide drawing in px."""

RIGHT = 14
"""The px to the right of the prices in a narrow one."""


def draw(rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The ladder of these rows: stops from left to right, or from top to bottom when narrow.

    ``options``: ``scale`` (log or linear), ``products`` (ids in order of appearance), ``voices``
    (which voices show at first, or an empty text where there is no choice), ``ticks`` (the texts of
    the values of ``ticks``).
    """
    drawn = [_drawn(row, options) for row in rows]
    return (_wide if size.is_wide else _narrow)(drawn, options, words, size)


def _wide(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    own = [row for row in rows if not row["beside"]]
    # Larger than elsewhere: beside the steps of a text it is shown smaller than it is drawn.
    more = 2 if len(own) <= 5 else 0
    small, large, line = SMALL + more, LARGE + more, SMALL + more + 3
    left = min(widest(options["ticks"], small), 110) + 12
    over = _in_columns(rows, options, (size.width - left) / len(own), more)
    breaks = max(len(row.get("breaks", ())) for row in own)
    title = wrapped(words["axis"], size.width, small)
    top = line * (len(title) + breaks) + 8 + over
    foot, look = 12, {"fontSize": small, "lineHeight": line}
    price, along = partial(_encoding, "y"), partial(_encoding, "x")
    bottom = {**along("middle"), **plot.fixed(y=TALL + foot)}
    layers = [
        *_steps(price, along),
        *_voices(price, along, options, "datum.end - 0.15", "datum.end - 0.03"),
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
        plot.written("lines", 0, align="center", fontWeight="bold", **look).encode(**bottom),
        plot.written("under", f"{line} * length(datum.lines)", align="center", **look)
        .encode(**bottom, **plot.own("color")),
        plot.layer("datum.product_break").mark_rule(strokeDash=[2, 3], aria=False)
        .encode(**along("begin"), **plot.fixed(y=-over, y2=TALL + foot + 2 * line)),
    ]  # fmt: skip
    foot += line * max(map(plot.lines_of, own))
    return _framed(layers, rows, options, words, size, title, left, top, foot, small)


def _in_columns(rows: list[Row], options: plot.Settings, column: float, more: int) -> float:
    """Give the rows their places along the way, and the stops their words in lines, in letters
    larger by that `more`: within a column of these px, and clear of each other. Comes back with the
    px that they take over the plot."""
    small, large = SMALL + more, LARGE + more
    place, scale = 0.42 if options["voices"] else 0.5, Prices(rows, options, TALL)
    # Centred at its mark, a text keeps within its column.
    wide = 2 * place * column - 10
    over: list[float] = [0]
    before: dict[str, Any] = {}
    for row in rows:
        row |= {"room": 0 if row["beside"] else 1, "band": 1, "head": 0, "place": place}
        if row["beside"]:
            continue
        row["figure"] = wrapped(row["text"], wide + 4, large, bold=True)
        row["lines"] = wrapped(row["label"], wide, small, bold=True)
        row["under"] = wrapped(row["product_label"], wide, small)
        row["over"] = 14 + (large + 2) * len(row["figure"])
        row["over"] += TAIL - 6 if row["open"] == "high" else 0
        if row["multiple_text"]:
            # Beside its riser it keeps clear of the mark, and of the line of a ceiling.
            between_stops(before, row, scale, wide / 2 - 12, small + 3)
        if row["product_break"]:
            row["breaks"] = wrapped(row["break_text"], max(column - 6, 100), small)
        over += [row.get("peak", 0) - TALL, row["over"] - (TALL - scale.at(row["level"]))]
        before = row
    return max(over)


def _narrow(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    left, line = 96, plot.LINE
    width = size.width - left - RIGHT
    _in_lines(rows, options, Prices(rows, options, width), left - 8, size.width)
    title = wrapped(words["axis"], size.width)
    price, along = partial(_encoding, "x"), partial(_encoding, "y")
    edge, ends = plot.fixed(x=-left), plot.fixed(x2=width + RIGHT)
    look = {"fontSize": LARGE, "lineHeight": 18, "fontWeight": "bold"}
    layers = [
        *_steps(price, along),
        *_voices(price, along, options, f"datum.end - {12 / line}", f"datum.end - {2 / line}"),
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
    return _framed(layers, rows, options, words, size, title, left, line * len(title) + 26, 8)


def _in_lines(
    rows: list[Row], options: plot.Settings, scale: Prices, beside: float, across: float
) -> None:
    """Give the rows their places along the way, which is counted in lines, and the stops their
    words: of the label within so many px beside the prices, of a break across the drawing."""
    stop: dict[str, Any] = {}
    for row in rows:
        if row["beside"]:
            row |= {"room": 0} | {key: stop[key] for key in ("band", "head", "place")}
            continue
        row["lines"] = wrapped(row["label"], beside, SMALL, bold=True)
        row["under"] = wrapped(row["product_label"], beside)
        row["breaks"] = wrapped(row["break_text"], across) if row["product_break"] else []
        head = plot.LINE * len(row["breaks"]) + 16 if row["breaks"] else 0
        aside(row, scale)
        tall = 30 + 18 * len(row["figure"]) + row["drop"] + (18 if options["voices"] else 8)
        tall = max(tall, plot.LINE * plot.lines_of(row) + 20)
        row["room"] = row["band"] = (head + tall) / plot.LINE
        row["head"], row["place"] = head / plot.LINE, (head + 34) / plot.LINE
        stop = row


def _steps(price: Any, along: Any) -> list[Any]:
    """The staircase: treads and risers, ranges, open ends, and marks with their sentences."""
    color, middle = plot.own("color"), along("middle")
    dashes = alt.expr("datum.open == 'low' ? [4, 3] : [1, 0]")
    unsure = alt.expr("datum.unsure ? [4, 3] : [1, 0]")
    tail = {"y2Offset": -TAIL} if "y" in price("level") else {"x2Offset": TAIL}

    def stops(where: str = "") -> Any:
        return plot.layer(f"!datum.beside && {where}" if where else "!datum.beside")

    return [
        stops().mark_rule(strokeWidth=2, strokeDash=dashes, aria=False)
        .encode(**price("level"), **along("begin", "end"), **color),
        stops("datum.lower < datum.level").mark_rule(strokeWidth=2, aria=False)
        .encode(**price("lower"), **along("begin", "end"), **color),
        # Where a line between products runs along a riser, the riser is seen.
        *(plot.layer("isValid(datum.entry)").mark_rule(**look, aria=False)
          .encode(**price("before", "entry"), **along("begin"))
          for look in ({"strokeWidth": 5, "color": plot.PAPER},
                       {"strokeWidth": 1.5, "strokeDash": unsure})),
        stops("datum.open == 'low'").mark_rule(**plot.OPEN_END)
        .encode(**price("least", "level"), **middle, **color),
        stops("datum.open == 'high'").mark_rule(**plot.OPEN_END, **tail)
        .encode(**price("level", "level"), **middle, **color),
        stops("datum.lower < datum.level").mark_rule(strokeWidth=7)
        .encode(**price("lower", "level"), **middle, **color, **plot.said()),
        stops("datum.lower == datum.level").mark_point(size=110, strokeWidth=2)
        .encode(
            **price("level"), **middle, **plot.said(),
            **plot.hollow("datum.open || datum.calculation"),
            **plot.own("stroke"), **plot.own("shape", field="shape"),
        ),
    ]  # fmt: skip


def _voices(price: Any, along: Any, options: plot.Settings, begin: str, end: str) -> list[Any]:
    """What others say of a stop, as grey ticks on its tread, where the live view asks for them."""
    if not options["voices"]:
        return []

    def others(where: str, width: int) -> Any:
        return plot.layer(
            f"datum.beside && voices == 'everyone' && {where}",
            begin=begin, end=end, middle=f"({begin} + {end}) / 2",
        ).mark_rule(strokeWidth=width, color=plot.SLATE)  # fmt: skip

    return [
        others("datum.lower == datum.level", 2)
        .encode(**price("level"), **along("begin", "end"), **plot.said()),
        others("datum.lower < datum.level", 4)
        .encode(**price("lower", "level"), **along("middle"), **plot.said()),
    ]  # fmt: skip


def _encoding(channel: str, first: str, second: str = "") -> dict[str, str]:
    """What encodes a field, or the way from one to another."""
    return {channel: f"{first}:Q"} | ({f"{channel}2": f"{second}:Q"} if second else {})


def _framed(
    layers: list[Any],
    rows: plot.Rows,
    options: plot.Settings,
    words: plot.Words,
    size: Size,
    title: list[str],
    left: float,
    top: float,
    foot: float,
    letters: int = SMALL,
) -> Any:
    """The layers in their frame, with the axis, and what open and grey marks mean."""
    price, along = ("y", "x") if size.is_wide else ("x", "y")
    long = sum(row["room"] for row in rows)
    look: dict[str, Any] = {"orient": "top"}
    height, right, tails = plot.LINE * long, RIGHT, {"low": "low", "high": "high"}
    if size.is_wide:
        look = {"titleAngle": 0, "titleFontSize": letters, "labelFontSize": letters}
        height, right, tails = TALL, 0, {"low": "down", "high": "up"}
    axis = plot.axis(
        list(zip(ticks(rows, options), options["ticks"], strict=True)), title, grid=True,
        titleAlign="left", titleAnchor="start", titleBaseline="top", titleX=-left, titleY=-top,
        titleLineHeight=letters + 3, **look,
    )  # fmt: skip
    low, high = domain(rows, options)
    looks = plot.open_ends(
        [row for row in rows if not row["beside"]],
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
        least=f"{low}",
    )
    return plot.framed(
        [*layers, *keys], plot.data(rows, fields), size, height,
        left=left, top=top, right=right, bottom=foot + bottom,
        transform=[plot.summed("room", "end"), *places],
        params=choices,
        **{price: plot.scaled(price, low, high, axis, type=options["scale"]),
           along: plot.scaled(along, 0, long, reverse=along == "y")},
    )  # fmt: skip


def _drawn(row: Mapping[str, Any], options: plot.Settings) -> dict[str, Any]:
    """A row as it is drawn: its two prices, which may be one, and its mark."""
    lower, level = plot.ends(row)
    products = options["products"]
    return {
        **row,
        "lower": lower,
        "level": level,
        "shape": SHAPES[products.index(row["product"]) % len(SHAPES)],
        "product_label": row["product_label"] if products[1:] else "",
    }


# The data half: which rows the options ask for, and what the form is told beside them


class Voices(Entry):
    """What others say of the stops."""

    at: dict[ClaimId, list[ClaimId]] = required(
        "The stops of which others speak, each with their claims.", min_length=1
    )
    only: Text = required("What the live view calls the stops alone: only the officer.")
    show: Literal["stops", "everyone"] = optional(
        "What the drawing shows, and the live view at first.", default="stops"
    )


class Options(StopOptions):
    """Options of a ladder."""

    scale: Literal["log", "linear"] = optional(
        "Equal distances are equal multiples (log) or equal sums (linear).", default="log"
    )
    voices: Voices | None = optional("What others say of the stops, in grey behind them.")

    @property
    def others(self) -> dict[str, list[str]]:
        """The claims of others on each stop that has some."""
        return self.voices.at if self.voices else {}


def _content(options: Options, voice: Voice) -> Content:
    """A row a stop, its price and the multiple of the price before it; behind it, a row a voice."""
    rows: list[Row] = []
    unit = voice.quantity(options.stops[0]).unit
    before: Row | None = None
    for step, name in enumerate(options.stops, 1):
        row = _row(voice, name, step, unit)
        if before:
            row |= form.from_stop(voice, row, before)
            left, entered = plot.ends(before), plot.ends(row)
            rising = math.fsum(entered) >= math.fsum(left)
            row["before"], row["entry"] = left[rising], entered[not rising]
            row["unsure"] = row["product_break"] or "low" in (before["open"], row["open"])
        rows.append(row)
        rows += [
            _row(voice, other, step, unit, beside=True) for other in options.others.get(name, ())
        ]
        before = row
    own = [row for row in rows if not row["beside"]]
    values = ticks(rows, {"scale": options.scale})
    settings = {
        "scale": options.scale,
        "products": form.products_in_order(own),
        "voices": options.voices.show if options.voices else "",
        "ticks": [form.axis_text(voice, value, unit) for value in values],
    }
    return Content(rows, settings, _words(options, own, voice, unit))


def _words(options: Options, stops: list[Row], voice: Voice, unit: Unit) -> dict[str, str]:
    word, language = voice.language.word, voice.language
    remark = word("chart.scale_remark" if options.scale == "log" else "chart.linear_remark")
    label = language.unit_label(unit)
    made = list(dict.fromkeys(row["product_label"] for row in stops))
    words = {"axis": " · ".join([label, *made[: not made[1:]], remark]), **form.open_words(voice)}
    if options.voices:
        words |= {
            "voices": word("chart.voices"),
            "only": voice.said(options.voices.only),
            "everyone": word("chart.everyone"),
            "others": word("chart.others_beside"),
        }
    return words


def _row(voice: Voice, name: str, step: int, unit: Unit, *, beside: bool = False) -> Row:
    return form.claim_row(voice, name, "", unit) | {
        "step": step,
        "beside": beside,
        "said_by": capital(voice.who(name)),
        "calculation": voice.dataset.ours(name),
        "color": form.tone(voice, voice.dataset.claims[name].product),
        **form.from_stop(voice, {}, None),
    }


def _claims(options: Options) -> list[str]:
    return [*options.stops, *chain.from_iterable(options.others.values())]


def _misleads(options: Options, voice: Voice) -> list[str]:
    reasons = []
    for name in _claims(options):
        quantity = voice.quantity(name)
        if options.scale == "log" and any(end <= 0 for end in quantity.ends()):
            reasons.append(f'"{name}" is zero or less, which a log scale cannot show')
    claims = voice.dataset.claims
    for stop, names in options.others.items():
        if stop not in options.stops:
            raise form.unfit("voices", f'"{stop}" is no stop of the ladder', needle=stop)
        for name in names:
            if claims[name].product != claims[stop].product:
                reasons.append(f'"{name}" and "{stop}" are not about the same product')
    return reasons


FORM = Form(
    name="ladder",
    options=Options,
    axis=_claims,
    content=_content,
    draw=draw,
    columns=form.columns(
        "place=label product=product_label value=text multiple=multiple_text said_by as_of"
    ),
    published=("step", "multiple_text", "multiple_claim", "product_break", "said_by"),
    misleads=_misleads,
)
