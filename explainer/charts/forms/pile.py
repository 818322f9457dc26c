"""The pile: amounts at the stops of a way, each as a pile of marks that can be counted.

One mark is a round amount, so there is no scale to explain. What is only possible, below a ceiling
or within a range, is dashed; a calculation of ours is hollow; and a line parts what is another
product. In a wide drawing the piles stand side by side, in a narrow one below each other.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from explainer.charts import alt, form, plot
from explainer.charts.form import Content, Form, Row, StopOptions
from explainer.charts.marks import text_width, widest, wrapped
from explainer.charts.theme import LARGE, SMALL, Size
from explainer.data.kinds import required
from explainer.data.quantities import Quantity, parse_quantity
from explainer.problems import Fault
from explainer.voice.voice import Voice

MOST, LEAST = 200, Fraction(1, 2)
"""How many marks of a pile an eye takes in, and how much of one can still be seen."""

FIGURE, HUGE = 20, 46
"""The size of a figure above its pile in px, and of that above the highest, where there is room."""

GAP = 14
"""What lies between two stops, in px."""

TAIL = 1.2
"""How far the line of a floor goes on behind its last mark, in marks."""


def draw(rows: list[Row], options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The piles of these rows in the order given, a product a shape."""
    made = form.products_in_order(rows)
    rows = [{**row, "kind": made.index(row["product"]) % 3} for row in rows]
    return (_wide if size.is_wide else _narrow)(rows, words, size)


def _wide(rows: list[Row], words: plot.Words, size: Size) -> Any:
    most = max(row["most"] for row in rows)
    pitch = 18 if most <= 60 else 12
    rooms = _rooms(rows, size)
    across = int(min(5 if most <= 60 else 10, (min(rooms) - 6) / pitch))
    drawn = [_drawn(row, words, across, room - GAP) for row, room in zip(rows, rooms, strict=True)]
    high = max(row["tall"] for row in drawn)
    for row, room in zip(drawn, rooms, strict=True):
        row["room"] = room / pitch
        row["over"] = (row["size"] + 2) * len(row["figure"]) + 6
        row["stack"] = row["over"] + plot.LINE * (len(row["times"]) + len(row["breaks"])) + 4
    foot = max(plot.LINE * len(row["lines"] + row["under"] + row["who"]) for row in drawn) + 8
    above = 4 + max(0, *(row["stack"] - (high - row["tall"]) * pitch for row in drawn))
    over = {"x": "left:Q", "y": "tall:Q"}
    under = {"x": "left:Q", **plot.fixed(y=high * pitch + 8)}
    shift = f"{plot.LINE} * length(datum.lines)"
    layers = [
        plot.written("lines", 0, fontWeight="bold").encode(**under),
        plot.written("under", shift).encode(**under),
        plot.written("who", f"{shift} + {plot.LINE} * length(datum.under)", color=plot.MUTED)
        .encode(**under),
        plot.written("figure", "-datum.over", fontWeight="bold",
                     lineHeight=alt.expr("datum.size + 2"))
        .encode(**over, size=alt.Size("size:Q", scale=None)),
        plot.written("times", f"-datum.over - {plot.LINE} * length(datum.times)", color=plot.MUTED)
        .encode(**over),
        plot.written("breaks", "-datum.stack", color=plot.MUTED).encode(**over),
        plot.layer("datum.product_break")
        .mark_rule(strokeDash=[2, 3], xOffset=-GAP / 2, yOffset=foot,
                   y2Offset=alt.expr("-datum.stack"), aria=False)
        .encode(x="left:Q", y="edge:Q", y2="tall:Q"),
        *_marks(pitch, f"datum.left + datum.number % {across}",
                f"floor(datum.number / {across})"),
    ]  # fmt: skip
    return _framed(layers, drawn, words, size, pitch, (0, high), above, foot)


def _narrow(rows: list[Row], words: plot.Words, size: Size) -> Any:
    most = max(row["most"] for row in rows)
    pitch, across = (18, 10) if most <= 100 else (14, 20)
    drawn = [_drawn(row, words, across, size.width, narrow=True) for row in rows]
    for row in drawn:
        row["before"] = 12 + (plot.LINE * len(row["breaks"]) + 6 if row["breaks"] else 0)
        figure = row["drop"] + row["size"] * len(row["figure"])
        label = plot.LINE * len(row["lines"] + row["under"])
        # Whose figure it is stands below what leaves it no room.
        free = size.width - GAP - widest(row["who"])
        row["below"] = label
        if row["who"] and widest(row["figure"], row["size"], bold=True) > free:
            row["below"] = max(label, figure + 2)
        if row["who"] and widest(row["times"]) > free:
            row["below"] = max(label, figure + 2 + plot.LINE * len(row["times"]))
        beside = row["below"] + plot.LINE * len(row["who"])
        taken = min(row["most"] + 1, across) * pitch + widest(row["times"]) + GAP
        # Beside few marks there is room for the multiple.
        figure += plot.LINE * len(row["times"]) if taken > size.width else 0
        row["head"] = (row["before"] + max(beside, figure) + 4) / pitch
        row["room"] = row["head"] + row["tall"] + 12 / pitch
    tall = sum(row["room"] for row in drawn)
    left, right = ({"y": "left:Q", **plot.fixed(x=px)} for px in (0, size.width))
    shift = f"datum.before + {plot.LINE} * length(datum.lines)"
    down = "datum.before + datum.drop"
    dotted = "datum.product_break ? [2, 3] : [1, 0]"
    layers = [
        plot.written("lines", "datum.before", fontWeight="bold").encode(**left),
        plot.written("under", shift).encode(**left),
        plot.written("who", "datum.before + datum.below", color=plot.MUTED).encode(**left),
        plot.written("breaks", 6, color=plot.MUTED).encode(**left),
        plot.written("figure", f"{down} - datum.size * 0.2", align="right", fontWeight="bold",
                lineHeight=alt.expr("datum.size + 2"))
        .encode(**right, size=alt.Size("size:Q", scale=None)),
        plot.written("times", f"{down} + (datum.size + 2) * length(datum.figure)", align="right",
                color=plot.MUTED).encode(**right),
        plot.layer().mark_rule(aria=False, strokeDash=alt.expr(dotted))
        .encode(y="left:Q", **plot.fixed(x=0, x2=size.width),
                **plot.either("datum.product_break", color=(plot.MUTED, "var(--chart-grid)"))),
        *_marks(pitch, f"datum.number % {across}",
                f"datum.left + datum.head + floor(datum.number / {across})"),
    ]  # fmt: skip
    return _framed(layers, drawn, words, size, pitch, (tall, 0), 10, 0)


def _framed(
    layers: list[Any],
    drawn: list[Row],
    words: plot.Words,
    size: Size,
    pitch: int,
    tall: tuple[float, float],
    above: float,
    foot: float,
) -> Any:
    """The layers in their frame, with what a mark is, what dashed and hollow ones mean, and who
    says it all. The plot is so many marks `tall`, a mark and its room a `pitch` in px."""
    height = max(tall) * pitch
    title = wrapped(words["one"], size.width, LARGE, bold=True)
    top = (LARGE + 3) * len(title) + above
    layers.append(_title(title, -top))
    keys, bottom = plot.key(_key(drawn, words), size, height + foot - 8)
    if words["who"]:
        who = wrapped(words["who"], size.width)
        layers.append(_title(who, height + foot + bottom + 2, SMALL, plot.MUTED))
        bottom += plot.LINE * len(who) + 10
    fields = (
        "id lines under who figure times breaks sure most open product_break color hollow whole"
        " part sure_part tall room head before below drop size over stack description"
    )
    # Each stop begins where the one before it ends, in marks.
    return plot.framed(
        [*layers, *keys], plot.data(drawn, fields), size, height, top=top, bottom=foot + bottom,
        transform=[plot.summed("room", "end"),
                   *plot.steps(left="datum.end - datum.room", edge="0")],
        x=plot.scaled("x", 0, size.width / pitch), y=plot.scaled("y", *tall),
    )  # fmt: skip


def _title(lines: list[str], y: float, size: int = LARGE, color: str = plot.INK) -> Any:
    """Lines that stand over all rows, or under them."""
    weight: Any = "bold" if size == LARGE else "normal"
    return (
        plot.once()
        .mark_text(**plot.TEXT, fontSize=size, lineHeight=size + 3, fontWeight=weight, color=color)
        .encode(**plot.fixed(x=0, y=y, text=lines))
    )


def _marks(pitch: int, column: str, line: str) -> list[Any]:
    """The marks of each pile: dashed as far as it may reach, and over them those that are sure."""

    def layer(last: str, cut: str, rows: str, **look: Any) -> Any:
        return (
            plot.layer(rows, number=f"sequence(ceil(datum.{last}))")
            .transform_flatten(["number"])
            .transform_calculate(
                column=f"{column} + 0.5", line=f"{line} + 0.5",
                shape=f"datum.number + 1 > datum.{last} ? datum.{cut} : datum.whole",
            )
            # At its left edge, as its label is.
            .mark_point(size=(pitch - 4) ** 2, strokeWidth=1.5, xOffset=-1, **look)
            .encode(x="column:Q", y="line:Q", **plot.own("shape", field="shape"),
                    **plot.own("stroke"), **plot.said())
        )  # fmt: skip

    dashes = {"strokeDash": [3, 2], "fillOpacity": 0.18}
    return [
        layer("most", "part", "datum.sure < datum.most", **dashes).encode(**plot.own("fill")),
        layer("sure", "sure_part", "datum.sure > 0").encode(**plot.hollow("datum.hollow")),
        # The line behind the last mark of a floor.
        plot.layer(
            "datum.open == 'high'", number="ceil(datum.sure) - 1", column=f"{column} + 1.1",
            to=f"{column} + 1.1 + {TAIL}", line=f"{line} + 0.5",
        )
        .mark_rule(strokeWidth=2, strokeDash=plot.DASHES, aria=False)
        .encode(x="column:Q", x2="to:Q", y="line:Q", **plot.own("stroke")),
    ]  # fmt: skip


def _rooms(rows: plot.Rows, size: Size) -> list[float]:
    """How wide each stop is in px: alike, but that the highest has room for a large figure."""
    even = size.width / len(rows)
    highest = [row for row in rows if row["highest"]]
    if highest[1:] or len(rows) > 5:
        return [even] * len(rows)
    wanted = text_width(highest[0]["text"], HUGE, bold=True) + GAP
    wide = max(even, min(wanted, size.width * 0.46))
    others = (size.width - wide) / (len(rows) - 1)
    return [wide if row["highest"] else others for row in rows]


def _drawn(
    row: Mapping[str, Any], words: plot.Words, across: int, room: float, narrow: bool = False
) -> dict[str, Any]:
    """A row as it is drawn: its words in lines, how large its figure is, and its shapes."""
    kind, label = row["kind"], room
    if narrow:
        room = max(room - text_width(row["label"], SMALL, bold=True) - GAP, room * 0.55)
    size = HUGE if row["highest"] else FIGURE
    while size > LARGE and text_width(row["text"], size, bold=True) > room:
        size -= 1
    # A figure that does not fit beside its label stands below it.
    taken = text_width(row["text"], size, bold=True)
    below = narrow and taken > room
    lines = wrapped(row["label"], label - (taken + GAP if narrow and not below else 0), SMALL, True)
    under = wrapped(row["product_label"], label) if row["product_label"] else []
    who = [] if words["who"] else wrapped(row["remark"], label)
    return {
        **row, "lines": lines, "under": under, "who": who, "size": size,
        "figure": wrapped(row["text"], label, size, bold=True),
        "drop": plot.LINE * len(lines + under + who) + 4 if below else 0,
        "times": wrapped(row["multiple_text"], room) if row["multiple_text"] else [],
        "breaks": wrapped(row["break_text"], label) if row["product_break"] else [],
        "whole": _shape(kind, 1),
        "part": _shape(kind, row["most"] % 1 or 1),
        "sure_part": _shape(kind, row["sure"] % 1 or 1),
        "tall": -(-row["most"] // across),
    }  # fmt: skip


def _shape(kind: int, part: float) -> str:
    """The left part of the mark of a product, as a path that Vega scales: from -1 to 1."""
    x = round(2 * part - 1, 3)
    if kind == 0:
        if part == 1:
            return "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1Z"
        y = round((1 - x * x) ** 0.5, 3)
        return f"M{x},{-y}A1,1,0,{int(x > 0)},0,{x},{y}Z"
    if kind == 1:
        return f"M-1,-1H{x}V1H-1Z"
    y = round(1 - abs(x), 3)
    middle = ("L0,-1", "L0,1") if x > 0 else ("", "")
    return f"M-1,0{middle[0]}L{x},{-y}V{y}{middle[1]}Z"


def _key(rows: plot.Rows, words: plot.Words) -> plot.Meanings:
    """What marks mean that are not filled."""
    look = {"size": 144, "strokeWidth": 1.5}
    dashed = look | {"strokeDash": [3, 2], "fillOpacity": 0.18}
    told: list[tuple[str, dict[str, Any], Callable[[Mapping[str, Any]], bool]]] = [
        ("up_to", dashed, lambda row: row["open"] == "low"),
        ("range", dashed, lambda row: not row["open"] and row["sure"] < row["most"]),
        ("at_least", look, lambda row: row["open"] == "high"),
    ]
    return [
        ({**own, "shape": first["whole"], "stroke": first["color"], "fill": first["color"]},
         words[word])
        for word, own, test in told
        if (first := next(filter(test, rows), None))
    ]  # fmt: skip


# The data half: which rows the options ask for, and what the form is told beside them


class Options(StopOptions):
    """Options of a pile."""

    one: str = required("What one mark stands for, a round amount: 1000 USD/kg.")


def one(options: Options, voice: Voice) -> Quantity:
    """What one mark stands for. Raises `Fault` for what is no plain amount."""
    try:
        quantity = parse_quantity(options.one, voice.dataset.units)
    except Fault as fault:
        raise Fault(fault.rule, fault.message, fault.hint, path=("one",)) from fault
    if quantity.value is None or quantity.value <= 0 or quantity.qualifiers:
        raise form.unfit("one", f'"{options.one}" is no plain amount', "write it as 1000 USD/kg")
    if quantity.unit.dimensions != voice.quantity(options.stops[0]).unit.dimensions:
        raise form.unfit("one", f'its claims cannot be counted in "{quantity.unit.symbol}"')
    return quantity


def counted(options: Options, voice: Voice, name: str) -> tuple[Fraction, Fraction]:
    """How many marks a claim surely is, and how many it is at most: both are one figure's."""
    unit = one(options, voice)
    quantity = form.in_unit(voice.quantity(name), unit.unit)
    ends = [quantity.printed(end) / unit.ends()[0] for end in quantity.ends()]
    return (Fraction(0) if quantity.open == "low" else min(ends)), max(ends)


def _content(options: Options, voice: Voice) -> Content:
    """A row a stop: its amount, how many marks that is, and its multiple of the one before."""
    rows: list[Row] = []
    mark, word = one(options, voice), voice.language.word
    for step, name in enumerate(options.stops, 1):
        sure, most = counted(options, voice, name)
        row = form.claim_row(voice, name, "", mark.unit) | {
            "step": step,
            "sure": _short(sure),
            "most": _short(most),
            "color": form.tone(voice, voice.dataset.claims[name].product),
            "hollow": voice.dataset.ours(name),
            "remark": form.by_whom(voice, name),
        }
        rows.append(row | form.from_stop(voice, row, rows[-1] if rows else None))
    most = max(row["most"] for row in rows)
    for row in rows:
        row["highest"] = row["most"] == most
    remarks = {row["remark"] for row in rows}
    words = {
        "one": word("chart.one_mark", text=voice.language.quantity(mark, "long")),
        # What all of them share is said once.
        "who": "" if len(remarks) > 1 else rows[0]["remark"],
        **form.open_words(voice),
        "range": word("chart.range"),
    }
    return Content(rows, {}, words)


def _short(number: Fraction) -> float | int:
    return int(number) if number.denominator == 1 else round(float(number), 4)


def _misleads(options: Options, voice: Voice) -> list[str]:
    most = {name: counted(options, voice, name)[1] for name in options.stops}
    return [
        f'"{name}" would be a pile of more than {MOST} marks, which nobody counts'
        if marks > MOST
        else f'"{name}" would be less than half a mark'
        for name, marks in most.items()
        if not LEAST <= marks <= MOST
    ]


FORM = Form(
    name="pile",
    options=Options,
    axis=lambda options: options.stops,
    content=_content,
    draw=draw,
    columns=form.columns(
        "place=label product=product_label value=text multiple=multiple_text as_of"
    ),
    published=("step", "multiple_text", "multiple_claim", "product_break"),
    misleads=_misleads,
)
