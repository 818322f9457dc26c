"""The legs: what is added on each leg of a way, from the first price to the last.

Each bar begins at the price where its leg does and ends at the next, on a linear scale from zero,
in the colour of its product; a leg from one product to another has none. A sum that is only a
ceiling is pale with a dashed outline; one that is only a floor goes on in dashes.
"""

import itertools
from collections.abc import Mapping
from typing import Any

from explainer.charts import form, plot
from explainer.charts.form import Content, Form, Row, StopOptions
from explainer.charts.marks import wrapped
from explainer.charts.rows import beside, height_of, in_row, row_labels, sided, stacked
from explainer.charts.theme import Size
from explainer.data.quantities import Unit
from explainer.voice.voice import Voice

BAR = 20
"""Thickness of a bar in px."""

TAIL = 34
"""How far the line of a floor reaches beyond it, in px."""


def draw(rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size) -> Any:
    """The legs of these rows in the order given, on a linear axis with `options["ticks"]`."""
    left = plot.left_of(size)
    drawn, top, last = _drawn(rows, size)
    shown = [
        (value, text)
        for value, text in zip(ticks(rows), options["ticks"], strict=False)
        if value <= top
    ]
    title = "\n".join(wrapped(words["axis"], size.width - left))
    axis = plot.axis(shown, title, orient="top", grid=True, titleAnchor="start")
    color = plot.own("stroke", "fill")
    pale = {"fillOpacity": 0.4, "strokeWidth": 1.5, "strokeDash": plot.DASHES}
    layers = [
        *row_labels(size),
        # From the end of each bar to where the next one begins.
        in_row("isValid(datum.to) && !datum.last").mark_rule(aria=False)
        .encode(x="to:Q", y2="next:Q"),
        in_row("datum.open == 'high'").mark_rule(**plot.OPEN_END, x2Offset=TAIL)
        .encode(x="end:Q", x2="end:Q", **plot.own("stroke")),
        *(in_row(which).mark_bar(height=BAR, **look)
          .encode(x="from:Q", x2="to:Q", **color, **plot.said())
          for which, look in (("!datum.unsure", {}), ("datum.unsure", pale))),
        *sided("begin", "end"),
    ]  # fmt: skip
    height = height_of(drawn)
    keys, bottom = plot.key(_key(drawn, words), size, height, left)
    if words["if_full"]:
        note = wrapped(words["if_full"], size.width)
        layers.append(
            plot.once()
            .mark_text(**plot.TEXT, color=plot.MUTED)
            .encode(**plot.fixed(x=-left, y=height + bottom + 14, text=note))
        )
        bottom += 18 + plot.LINE * len(note)
    fields = (
        "id lines under inset side gap from to begin end open unsure last text color description"
    )
    return stacked(
        [*layers, *keys], drawn, fields, size=size, left=left, top=46, bottom=bottom,
        x=plot.scaled("x", ticks(rows)[0], last, axis),
        transform=[{"window": [{"op": "lead", "field": "middle", "as": "next"}]}],
    )  # fmt: skip


def _drawn(rows: plot.Rows, size: Size) -> tuple[list[Row], float, float]:
    """The rows as they are drawn, with labels and figures where they have room; the first round
    value that no bar passes; and where the axis ends, with room for the figures."""
    wide, width = size.is_wide, size.width - plot.left_of(size)
    drawn = [
        {**row, "begin": min(row["from"], row["to"]), "end": max(row["from"], row["to"])}
        for row in rows
    ]
    values, most = ticks(rows), max(row["end"] for row in drawn)
    top = next(value for value in values if value >= most)
    room = [
        (row["end"], plot.figure_room(row["text"], _gap(row)) + 4 if wide else 22) for row in drawn
    ]
    last = plot.last_with_room(room, values[0], top, width)
    per = width / (last - values[0])
    for number, row in enumerate(drawn):
        # Beside the line from the bar above, if that stands over a narrow label.
        at = 0 if wide or not number else (row["from"] - values[0]) * per + 8
        row["inset"] = at if at < width / 2 else 0
        less = at if at < width / 2 else width - at + 16
        # From which price to which, and what that is of the whole, on one line where it fits.
        both = f"{row['remark']} · {row['share']}"
        one = len(wrapped(both, plot.label_room(size))) == 1
        row["remark"] = both if one else row["remark"]
        plot.label(row, size, less)
        for text in ("" if one else row["share"], row["break_text"]):
            row["under"] += wrapped(text, plot.label_room(size) - less) if text else []
        begin, end = ((row[name] - values[0]) * per for name in ("begin", "end"))
        beside(row, size, begin, end, _gap(row))
    return drawn, top, last


def _gap(row: Mapping[str, Any]) -> float:
    return TAIL + 8 if row["open"] == "high" else 8


def _key(rows: plot.Rows, words: plot.Words) -> plot.Meanings:
    """What the open bars among these rows mean."""
    looks: dict[str, dict[str, Any]] = {
        "low": {"fillOpacity": 0.4, "strokeDash": [3, 2], "strokeWidth": 1.5},
        "high": {"strokeWidth": 0},
    }
    square = {"shape": "square", "size": 144}
    return plot.open_ends(
        rows, words, lambda end, own: {**square, "fill": own[0]["color"], **looks[end]}
    )


def ticks(rows: plot.Rows) -> list[float]:
    """The values at which the axis is to be labelled, from zero or below it.

    Their texts come back to `draw` in `options["ticks"]`, one for each of these values.
    """
    prices = [price for row in rows for price in (row["from"], row["to"])]
    values = plot.ticks(min(0, *prices), max(0, *prices))
    return [*values, *(values[-1] + (values[1] - values[0]) * step for step in (1, 2, 3))]


# The data half: which rows the options ask for, and what the form is told beside them


class Options(StopOptions):
    """Options of the legs."""


def _content(options: Options, voice: Voice) -> Content:
    """A row a leg, on an axis in the unit of the first stop."""
    word, unit = voice.language.word, voice.quantity(options.stops[0]).unit
    capped = voice.quantity(options.stops[-1]).open == "low"
    rows = _rows(options, voice, unit, capped)
    words = {
        "axis": word("chart.added", unit=voice.language.unit_label(unit)),
        "if_full": word("chart.if_full") if capped else "",
        **form.open_words(voice),
    }
    texts = [form.axis_text(voice, value, unit) for value in ticks(rows)]
    return Content(rows, {"ticks": texts}, words)


def _rows(options: Options, voice: Voice, unit: Unit, capped: bool) -> list[Row]:
    """A row a leg: what it adds, and its share of the whole if the last figure is the full one."""
    rows: list[Row] = []
    first, last = options.stops[0], options.stops[-1]
    whole, word = f'(stated("{last}") - stated("{first}"))', voice.language.word
    stops = [form.claim_row(voice, name, "", unit) for name in options.stops]
    for number, (start, stop) in enumerate(itertools.pairwise(stops), 1):
        before, after = start["id"], stop["id"]
        added = form.calculated(voice, f'claim("{after}") - claim("{before}")', stop["unit"])
        part = f'(stated("{after}") - stated("{before}"))'
        share = form.calculated(voice, f"{part} / {whole}", "%")
        label = word("chart.leg", first=start["label"], last=stop["label"])
        long = added.text(voice, "long")
        same = start["product"] == stop["product"]
        labels = start["product_label"], stop["product_label"]
        share_key = "chart.share_if_full" if capped else "chart.share_of_whole"
        share_text = word(share_key, share=share.text(voice))
        rows.append(
            {
                "id": added.claim or f"leg-{number}",
                "label": label,
                **form.numbers(added.quantity),
                "unit": stop["unit"],
                "place": stop["place"],
                "product": stop["product"],
                "product_break": not same,
                "as_of": stop["as_of"],
                "text": added.text(voice),
                "text_claim": added.claim,
                # The one figure that a stop states, whether or not it is a ceiling or a floor.
                "from": plot.ends(start)[1],
                "to": plot.ends(stop)[1],
                "last": number == len(stops) - 1,
                "unsure": added.quantity.value is None or added.quantity.open == "low",
                "color": form.tone(voice, stop["product"] if same else None),
                "remark": word("chart.leg", first=start["text"], last=stop["text"]),
                "break_text": "" if same else form.becomes(voice, *labels),
                "share": word("chart.share_of_whole", share=share.text(voice)),
                "share_text": share_text,
                "share_claim": share.claim,
                "description": word("chart.sentence_leg", label=label, text=long, share=share_text),
            }
        )
    return rows


def _misleads(options: Options, voice: Voice) -> list[str]:
    return [
        f'"{name}" is a range, and a leg is counted from one figure to the next'
        for name in options.stops
        if voice.quantity(name).value is None
    ]


FORM = Form(
    name="legs",
    options=Options,
    axis=lambda options: options.stops,
    content=_content,
    draw=draw,
    columns=form.columns("leg=label added=text share=share_text"),
    published=("from", "to", "remark", "product_break", "text_claim", "share_text", "share_claim"),
    misleads=_misleads,
)
