"""A line of arithmetic in a drawing, and what follows from it in words, of figures and of choices.

In the live view a parameter `chosen` tells whether a reader has moved a slider; then what stands
there is the reader's choice.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from explainer.charts import plot
from explainer.charts.marks import text_width, wrapped
from explainer.charts.sliders import quoted
from explainer.charts.theme import SMALL, Size

FIGURE = 18
"""The size of the figures of the arithmetic in px."""

FIGURE_LINE = FIGURE + 4
"""The height of a line of them in px."""

SAMPLE = "8,888,888"
"""The longest number for which the drawing keeps room where readers' choices will stand."""


def line(
    rows: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    words: Mapping[str, str],
    size: Size,
    over: float,
) -> tuple[Any, float]:
    """The line of arithmetic, `over` px above the plot, and the px that it takes.

    A term stands beside the other in a wide drawing, below the other in a narrow one.
    """
    import altair as alt

    wide = size.is_wide
    count = len(options["terms"])
    terms = [
        _term(term, rows, words, size.width / count if wide else size.width)
        for term in options["terms"]
    ]
    width = min(term["width"] for term in terms)
    choice = _lines(words["choice"].replace("{text}", SAMPLE), width, FIGURE)
    for term in terms:
        term["below"] = FIGURE_LINE * max(text.count("\n") + 1 for text in (choice, term["figure"]))
    if wide:
        # What stands below the figures stands in one line.
        terms = [{**term, "below": max(t["below"] for t in terms)} for term in terms]
    step = 4 + max(
        term["below"] + plot.LINE * (len(term["what"]) + len(term["who"])) for term in terms
    )
    high = step if wide else step * count
    left = plot.left_of(size)
    way: dict[str, Any] = {"shorthand": "term:N", "sort": None, "axis": None, "bandPosition": 0}
    span = [-left, size.width - left] if wide else [-over - high, -over]
    way["scale"] = alt.Scale(type="band", range=span, paddingInner=0, paddingOuter=0)
    place = (
        {"x": alt.X(**way), **plot.fixed(y=-over - high)}
        if wide
        else {"y": alt.Y(**way), **plot.fixed(x=-left)}
    )
    chosen = ", ".join(f"{json.dumps(t['param'])}: {t['param']}_text" for t in options["terms"])
    shown = filled(choice.replace(SAMPLE, "{text}"), f"({{{chosen}}})[datum.param]")
    big: dict[str, Any] = {
        "fontSize": FIGURE,
        "lineHeight": FIGURE_LINE,
        "fontWeight": "bold",
        "lineBreak": "\n",
    }
    inset: dict[str, Any] = {"dx": alt.expr("datum.inset")}
    layers = [
        # First, since the terms stand in the order in which layers name them.
        plot.layer().mark_text(**plot.TEXT, **big, color=plot.MUTED)
        .encode(text="operator:N", **place),
        plot.layer(shown=f"chosen ? {shown} : datum.figure")
        .mark_text(**plot.TEXT, **big, **inset)
        .encode(text="shown:N", **place),
        plot.layer().mark_text(**plot.TEXT, **inset, fontWeight="bold", dy=alt.expr("datum.below"))
        .encode(text="what:N", **place),
        plot.layer().mark_text(
            **plot.TEXT, **inset, color=plot.MUTED,
            dy=alt.expr(f"datum.below + {plot.LINE} * length(datum.what)"),
        )
        .encode(text="who:N", **place),
    ]  # fmt: skip
    return alt.layer(*layers, data=alt.Data(values=tuple(terms), name="terms")), high  # type: ignore[no-untyped-call]


def verdict(
    agrees: Sequence[str], words: Mapping[str, str], size: Size, left: float, y: float
) -> tuple[list[Any], float]:
    """What follows in words, of the figures put in and then of a choice, from `y` px down; and the
    px that this takes."""
    stated = _lines(words["stated_gives"], size.width)
    choice = _lines(words["choice_gives"].replace("{text}", SAMPLE), size.width)
    given, *met = (
        "\n".join(wrapped(text, size.width)) for text in (words["stated_agrees"], *agrees)
    )
    moved = filled(choice.replace(SAMPLE, "{text}"), "result_text")
    first = max(text.count("\n") + 1 for text in (stated, choice))
    second = max(text.count("\n") + 1 for text in met)
    said: list[tuple[str, dict[str, Any], float]] = [
        (f"chosen ? {moved} : {quoted(stated)}", {"fontWeight": "bold"}, 16.0),
        (f"chosen ? {quoted(met)}[met] : {quoted(given)}", {}, 18 + plot.LINE * first),
    ]
    layers = [
        plot.once()
        .transform_calculate(said=text)
        .mark_text(**plot.TEXT, **bold, lineBreak="\n")
        .encode(text="said:N", **plot.fixed(x=-left, y=y + down))
        for text, bold, down in said
    ]
    return layers, 20 + plot.LINE * (first + second)


def filled(text: str, signal: str) -> str:
    """The expression of a text with a signal in the place of `{text}`."""
    before, place, after = text.partition("{text}")
    parts = [quoted(before), *([signal, quoted(after)] if place else [])]
    return " + ".join(part for part in parts if part != '""') or '""'


def _term(
    term: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
    width: float,
) -> dict[str, Any]:
    """A term of the line as it is drawn, within this many px: its operator, and what follows it."""
    row = next(row for row in rows if row["part"] == term["part"])
    operator = words[f"operator_{term['term']}"]
    inset = text_width(operator, FIGURE, bold=True) + 8 if operator else 0
    width -= inset + 14
    return {
        **term,
        "operator": operator,
        "inset": round(inset),
        "width": width,
        "figure": _lines(row["long_text"], width, FIGURE),
        "what": wrapped(words[f"head_{term['part']}"], width, SMALL, bold=True),
        "who": wrapped(row["who"], width),
    }


def _lines(text: str, width: float, size: float = SMALL) -> str:
    """A bold text, broken into lines."""
    return "\n".join(wrapped(text, width, size, bold=True))
