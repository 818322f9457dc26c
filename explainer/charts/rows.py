"""Bars one below the other, each with its label and its figure."""

from collections.abc import Mapping, Sequence
from typing import Any

from explainer.charts import plot
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
    values = options["values"]
    ends = [
        (row["top"], plot.figure_room(row["text"], TAIL + 6 if row["open"] == "high" else 8))
        for row in rows
    ]
    last = plot.last_with_room(
        ends, values[0], max(0, *(end for end, _ in ends)), size.width - left
    )
    ticks = [t for t in zip(values, options["ticks"], strict=True) if t[0] <= last]
    x = alt.X(
        type="quantitative",
        scale=alt.Scale(domain=[values[0], last], nice=False),
        axis=plot.axis(ticks, words["axis"], orient="top", grid=True, titleAnchor="start"),
    )
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
        .encode(**zero, **plot.fixed(y=0, y2=height)),
        plot.figures("datum.top >= 0 && datum.open != 'high'", 8, x="top:Q", **place),
        plot.figures("datum.top >= 0 && datum.open == 'high'", TAIL + 6, x="top:Q", **place),
        # That of a bar to the left stands where there is room: to the right of zero.
        plot.figures("datum.top < 0", 8, **zero, **place),
    ]  # fmt: skip
    keys, bottom = plot.key(open_bars(rows, words), size, height, left)
    data = plot.data(rows, *"id lines under top text open calculation color description".split())
    return plot.framed([*layers, *keys], data, size, height, left=left, top=46, bottom=bottom, x=x)


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
