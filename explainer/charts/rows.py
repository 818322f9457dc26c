"""Bars one below the other, each with its label and its figure."""

from collections.abc import Mapping, Sequence
from typing import Any

from explainer.charts import plot
from explainer.charts.marks import wrapped
from explainer.charts.theme import Size

TAIL = 30
"""How far the line of a floor reaches beyond it, in px."""


def bars(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> Any:
    """Bars one below the other, each with its figure behind its end."""
    import altair as alt

    rows = [
        {**row, "top": plot.top(row), "id": row["id"] or f"row {number}"}
        for number, row in enumerate(rows)
    ]
    for row in rows:
        plot.label(row, size, "label", "remark")
    left = plot.left_of(size)
    x, top = _across(rows, options, words, size)
    height = plot.row_height(rows, size) * len(rows)
    place = plot.mark_place(rows, size)
    zero = {"x": alt.XDatum(0, type="quantitative")}
    layers = [
        *plot.row_labels(size),
        plot.at_row().mark_bar(height=17, strokeWidth=2).encode(
            x="top:Q", **plot.own("stroke"), **place, **plot.said(),
            **plot.hollow("datum.open == 'low' || datum.calculation"),
            **plot.either("datum.open == 'low'", strokeDash=(plot.DASHES, [1, 0])),
        ),
        plot.at_row().transform_filter("datum.open == 'high'")
        .mark_rule(strokeWidth=2, strokeDash=plot.DASHES, x2Offset=TAIL, aria=False)
        .encode(x="top:Q", x2="top:Q", **plot.own("color"), **place),
        alt.Chart().mark_rule(color=plot.INK, aria=False)
        .encode(**zero, **plot.fixed(y=0, y2=height)) if size.is_wide else
        plot.at_row().mark_tick(color=plot.INK, size=25, thickness=1, orient="vertical", aria=False)
        .encode(**zero, **place),
        plot.figures("datum.top >= 0 && datum.open != 'high'", 8, x="top:Q", **place),
        plot.figures("datum.top >= 0 && datum.open == 'high'", TAIL + 6, x="top:Q", **place),
        plot.figures("datum.top < 0", -8, "right", x="top:Q", **place),
    ]  # fmt: skip
    keys, bottom = plot.key(open_bars(rows, words), size, height, left)
    data = plot.data(rows, *"id lines under top text open calculation color description".split())
    return plot.framed([*layers, *keys], data, size, height, left=left, top=top, bottom=bottom, x=x)


def _across(
    rows: list[dict[str, Any]], options: Mapping[str, Any], words: Mapping[str, str], size: Size
) -> tuple[Any, float]:
    """The scale and the axis of bars, with room for their figures, and the px that it takes above
    them."""
    import altair as alt

    values, width = options["values"], size.width - plot.left_of(size)
    ends = [
        (row["top"], plot.figure_room(row["text"], TAIL + 6 if row["open"] == "high" else 8))
        for row in rows
    ]
    tops = [end for end, _ in ends]
    first, last = plot.domain_with_room(ends, min(0, *tops), max(0, *tops), width)
    shown = [t for t in zip(values, options["ticks"], strict=True) if first <= t[0] <= last]
    ticks = plot.sparse(shown, width * (shown[-1][0] - shown[0][0]) / (last - first))
    head = [words["axis"], *wrapped(words["shared"], width)] if words["shared"] else words["axis"]
    top = 46 + plot.LINE * (len(head) - 1 if isinstance(head, list) else 0)
    x = alt.X(
        type="quantitative",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=plot.axis(ticks, head, orient="top", grid=True, titleAnchor="start"),
    )
    return x, top


def open_bars(
    rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]
) -> list[tuple[dict[str, Any], str]]:
    """What the open bars among these rows mean, for the key."""
    dashed = {"strokeDash": plot.DASHES, "strokeWidth": 2}
    looks: dict[str, dict[str, Any]] = {
        "low": {"fill": plot.PAPER, "shape": "square", **dashed},
        "high": {"shape": "stroke", "size": 200, **dashed},
    }
    return plot.open_ends(rows, words, lambda end, own: looks[end])
