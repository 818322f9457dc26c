"""Which figures changed between two versions of a data file, why, and on which pages they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.output.feeds import newest_first
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class Change:
    """A figure that is new, gone, or not what it was."""

    id: str
    kind: str
    """`changed`, `added` or `removed`."""
    old: str
    new: str
    why: str
    """The correction that names it, or the calculation's input that changed; may be empty."""
    pages: Sequence[str]

    def text(self) -> str:
        """The change as a terminal shows it."""
        what = {
            "changed": f"{self.old} → {self.new}",
            "added": f"added: {self.new}",
            "removed": f"removed: {self.old}",
        }[self.kind]
        lines = [f"{self.id}: {what}"]
        lines.append(f"    why: {self.why or 'no correction names it'}")
        lines.append(f"    on: {', '.join(self.pages) or 'no page'}")
        return "\n".join(lines)

    def record(self) -> dict[str, object]:
        """The change as one JSON object of `--json`."""
        return {
            "id": self.id,
            "change": self.kind,
            "old": self.old or None,
            "new": self.new or None,
            "why": self.why or None,
            "pages": list(self.pages),
        }


def changes(old: Voice, new: Voice, pages: Mapping[str, Sequence[str]]) -> list[Change]:
    """The figures of claims and series that differ: in the new file's order, removed ones last.

    `pages` maps each claim to the pages that print it, and each series to those that draw it.
    """
    before, after = _figures(old), _figures(new)
    differ = {name for name in after if before.get(name) != after[name]}
    gone = [name for name in before if name not in after]
    found: list[Change] = []
    for name in [*(name for name in after if name in differ), *gone]:
        kind = "removed" if name not in after else "changed" if name in before else "added"
        why = _why(new, name, differ)
        # Of a row, the pages that draw its series.
        on = pages.get(name) or pages.get(name.partition(" (")[0], ())
        sides = before.get(name, ""), after.get(name, "")
        found.append(Change(name, kind, *sides, why, on if kind != "removed" else ()))
    return found


def _figures(voice: Voice) -> dict[str, str]:
    """Each claim and each row of a series as it reads."""
    figures = {name: voice.text(name, "long") for name in voice.dataset.quantities}
    for name, series in voice.dataset.series.items():
        units = {column: series.about(column).unit for column in series.counted}
        for row in series.rows:
            cells = dict(zip(series.columns, row, strict=False))
            key = " ".join(str(cell) for column, cell in cells.items() if column not in units)
            for column, unit in units.items():
                of = f"{key}, {column}" if len(units) > 1 else key
                figures[f"{name} ({of})"] = f"{cells.get(column)} {unit}"
    return figures


def _why(voice: Voice, name: str, differ: set[str]) -> str:
    dataset = voice.dataset
    for entry in newest_first(dataset):
        if name in entry.claims:
            return f"{entry.kind} of {entry.date}: {voice.said(entry.why)}"
    inputs = [part for part in dataset.inputs(name) if part in differ]
    series = {row.partition(" (")[0] for row in differ if " (" in row}
    inputs += [part for part in dataset.read_series(name) if part in series]
    return f"calculated from {', '.join(inputs)}" if inputs else ""
