"""A line of arithmetic in a drawing, and what follows from it in words, of figures and of choices.

In the live view a parameter `chosen` tells whether a reader has moved a slider; then what stands
there is the reader's choice.
"""

import json
from collections.abc import Sequence
from typing import Any

from explainer.charts import alt, plot
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
    rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size, over: float
) -> tuple[Any, float]:
    """The line of arithmetic, `over` px above the plot, and the px that it takes.

    A term stands beside the other in a wide drawing, below the other in a narrow one.
    """
    wide, left = size.is_wide, plot.left_of(size)
    choice, terms = _laid_out(rows, options, words, size)
    step = 4 + max(
        term["below"] + plot.LINE * (len(term["what"]) + len(term["who"])) for term in terms
    )
    high = step if wide else step * len(terms)
    span = [-left, size.width - left] if wide else [-over - high, -over]
    scale = alt.Scale(type="band", range=span, paddingInner=0, paddingOuter=0)
    way = (alt.X if wide else alt.Y)("term:N", sort=None, axis=None, bandPosition=0, scale=scale)
    place = {"x": way, **plot.fixed(y=-over - high)} if wide else {"y": way, **plot.fixed(x=-left)}
    chosen = ", ".join(f"{json.dumps(t['param'])}: {t['param']}_text" for t in options["terms"])
    shown = filled(choice.replace(SAMPLE, "{text}"), f"({{{chosen}}})[datum.param]")
    big: dict[str, Any] = {
        "fontSize": FIGURE, "lineHeight": FIGURE_LINE, "fontWeight": "bold", "lineBreak": "\n",
    }  # fmt: skip
    lettering: dict[str, Any] = {**plot.TEXT, "dx": alt.expr("datum.inset")}
    under = f"datum.below + {plot.LINE} * length(datum.what)"
    layers = [
        # First, since the terms stand in the order in which layers name them.
        plot.layer().mark_text(**plot.TEXT, **big, color=plot.MUTED)
        .encode(text="operator:N", **place),
        plot.layer(shown=f"chosen ? {shown} : datum.figure").mark_text(**lettering, **big)
        .encode(text="shown:N", **place),
        plot.layer().mark_text(**lettering, fontWeight="bold", dy=alt.expr("datum.below"))
        .encode(text="what:N", **place),
        plot.layer().mark_text(**lettering, color=plot.MUTED, dy=alt.expr(under))
        .encode(text="who:N", **place),
    ]  # fmt: skip
    return alt.layer(*layers, data=alt.Data(values=tuple(terms), name="terms")), high


def verdict(
    agrees: Sequence[str], words: plot.Words, size: Size, left: float, y: float
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


def _laid_out(
    rows: plot.Rows, options: plot.Settings, words: plot.Words, size: Size
) -> tuple[str, list[dict[str, Any]]]:
    """What stands for readers' choices, in lines, and the terms as they are drawn: their operators
    and what follows these, all in lines, and how far below the figures the next line begins."""
    terms: list[dict[str, Any]] = []
    for term in options["terms"]:
        row = next(row for row in rows if row["part"] == term["part"])
        operator = words[f"operator_{term['term']}"]
        inset = text_width(operator, FIGURE, bold=True) + 8 if operator else 0
        room = size.width / len(options["terms"]) if size.is_wide else size.width
        width = room - (inset + 14)
        terms.append(
            {
                **term, "operator": operator, "inset": round(inset), "width": width,
                "figure": _lines(row["long_text"], width, FIGURE),
                "what": wrapped(words[f"head_{term['part']}"], width, SMALL, bold=True),
                "who": wrapped(row["who"], width),
            }
        )  # fmt: skip
    width = min(term["width"] for term in terms)
    choice = _lines(words["choice"].replace("{text}", SAMPLE), width, FIGURE)
    for term in terms:
        # In a wide drawing, what stands below the figures stands in one line.
        beside = terms if size.is_wide else [term]
        figures = (choice, *(other["figure"] for other in beside))
        term["below"] = FIGURE_LINE * max(text.count("\n") + 1 for text in figures)
    return choice, terms


def _lines(text: str, width: float, size: float = SMALL) -> str:
    """A bold text, broken into lines."""
    return "\n".join(wrapped(text, width, size, bold=True))
