"""Where the words of a ladder have room: beside its risers, over its treads, behind its marks."""

import math
from collections.abc import Mapping
from typing import Any

from explainer.charts import plot
from explainer.charts.marks import text_width, wrapped
from explainer.charts.theme import LARGE

TAIL = 34
"""How far the line of a floor reaches beyond it, in px."""


def ticks(rows: plot.Rows, options: plot.Settings) -> list[float]:
    """The values at which the axis is to be labelled: decades, or round steps from zero.

    Their texts come back to ``draw`` in ``options["ticks"]``, one for each of these values.
    """
    start, end = domain(rows, options)
    if options["scale"] == "linear":
        step = plot.round_step(end / 4)
        return [step * i for i in range(int(end / step + 1e-9) + 1)]
    first, last = math.ceil(math.log10(start) - 1e-9), math.floor(math.log10(end) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]


class Prices:
    """Where about prices lie, to know on which side of a mark there is room for words."""

    def __init__(self, rows: plot.Rows, options: plot.Settings, length: float):
        self.length, self.log = length, options["scale"] == "log"
        self.low, self.high = map(self._bent, domain(rows, options))

    def at(self, value: float) -> float:
        """The px between the lower end and a price."""
        return (self._bent(value) - self.low) / (self.high - self.low) * self.length

    def between(self, one: float, other: float) -> float:
        """The price half-way between two in the drawing."""
        return math.sqrt(one * other) if self.log else (one + other) / 2

    def _bent(self, value: float) -> float:
        return math.log10(value) if self.log else value


def between_stops(
    before: Mapping[str, Any], row: dict[str, Any], scale: Prices, room: float, line: float
) -> None:
    """Where a multiple stands in lines of this height: beside the middle of its riser, below the
    upper tread. A riser that is lower than its words has them over the figures on both sides of it,
    at the upper end of a line.
    """
    rise = scale.at(row["entry"]) - scale.at(row["before"])
    row["times"] = wrapped(row["multiple_text"], room, line - 3)
    tall = line * len(row["times"])
    if abs(rise) > tall + 6:
        row["times_at"] = scale.between(row["before"], row["entry"])
        row["times_dy"] = -tall / 2
        row["times_side"] = "left" if rise > 0 else "right"
    else:
        row["times"] = [row["multiple_text"]]
        row["times_at"] = max(row["before"], row["entry"])
        foot = scale.at(row["times_at"])
        peak = max(scale.at(one["level"]) + one["over"] for one in (before, row)) + line + 4
        row |= {"times_dy": foot - peak, "times_side": "center", "peak": peak}


def aside(row: dict[str, Any], scale: Prices) -> None:
    """On which side of its mark a narrow drawing has the figure of a stop, and its multiple."""
    low, high = scale.at(row["lower"]), scale.length - scale.at(row["level"]) + 12
    width = text_width(row["text"], LARGE, bold=True)
    gap = TAIL + 6 if row["open"] == "high" else 12
    # The line of a ceiling takes the left side.
    left = 0 if row["open"] == "low" else low - 12
    row |= {"side": "left", "gap": gap, "drop": 0, "figure": [row["text"]]}
    if width > high - gap:
        lines = wrapped(row["text"], max(high - gap, 1), LARGE, bold=True)
        if width <= left:
            row |= {"side": "right", "gap": 12}
        elif high - gap >= 80:
            row |= {"figure": lines, "drop": -9 * (len(lines) - 1)}
        else:
            row |= {"side": "right", "drop": 20}
            row["gap"] = 8 if width + 8 <= low else -min(width - low, high - 2)
            row["figure"] = wrapped(row["text"], low - row["gap"], LARGE, bold=True)
    if row["multiple_text"]:
        row["times"] = [row["multiple_text"]]
        wide = text_width(row["multiple_text"]) + 8
        row["times_side"] = "right" if wide < low or wide > high else "left"


def domain(rows: plot.Rows, options: plot.Settings) -> tuple[float, float]:
    """What the axis spans: from zero, or on a log scale at least two labelled decades."""
    both = [level for row in rows for level in plot.ends(row)]
    low, high = min(both), max(both)
    if options["scale"] == "linear":
        return 0, high
    below, above = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    # The axis begins at a full decade only where that leaves little of it empty.
    start = 10.0**below if low / 10.0**below <= 2.5 else low * 0.9
    if math.floor(math.log10(high)) - math.ceil(math.log10(start) - 1e-9) < 1:
        return 10.0**below, 10.0 ** max(above, below + 1)
    # It ends at a full decade, which has a line, on the same terms.
    return start, 10.0**above if 10.0**above / high <= 5 else high
