"""Tables beside the data file: CSV files whose rows are read, and placed, like those of YAML."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explainer.data.characters import STRAY, what
from explainer.data.yaml import MAX_VALUES, Lines, as_number
from explainer.problems import Fault, Place, Problem, Report, Rule, did_you_mean
from explainer.project import Blob, decoded

Beside = Mapping[str, Blob]
"""The files beside the data file by their paths from there."""


@dataclass(frozen=True)
class Table:
    """A CSV file: its head, its rows, and the line on which each of them begins."""

    head: list[str]
    rows: list[list[Any]]
    lines: Lines


def read_table(report: Report, beside: Beside, name: str) -> Table | None:
    """The table of a file beside the data file; None where it has no head, and the report says why.

    Cells that are numbers are numbers, empty ones None. Raises `Fault` where there is no such file.
    """
    blob = beside.get(name)
    if blob is None:
        tables = [other for other in beside if other.endswith(".csv")]
        hint = did_you_mean(name, tables) or "put it there, or write its path from there"
        raise Fault(Rule.NO_CONTENT, f'there is no file "{name}" beside the data file', hint)
    text, unreadable = decoded(blob)
    if unreadable:
        report.add(unreadable)
        return None
    lines = text.split("\n")

    def say(line: int, message: str, hint: str) -> None:
        excerpt = lines[line - 1].strip()
        report.add(Problem(Place(blob.file, line), Rule.BAD_TABLE, message, hint, excerpt))

    if found := STRAY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        say(line, f"a cell holds {what(found[0])}", "delete it; it is invisible")
        return None
    rows: list[list[str]] = []
    at: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                at.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        hint = "look at the quotes of this line; a quote within a cell is written twice"
        say(min(begins, len(lines)), f"a row that is no CSV: {error}", hint)
        return None
    wrong = _wrong(rows, at)
    if wrong:
        say(*wrong)
        return None
    head = [cell.strip() for cell in rows[0]]
    read = [[_cell(cell) for cell in row] for row in rows[1:]]
    return Table(head, read, Lines(blob.file, lines, at[1:]))


def _wrong(rows: list[list[str]], at: list[int]) -> tuple[int, str, str] | None:
    """What keeps rows from being a table: line, message and hint."""
    if len(rows) < 2:
        hint = "its first line names the columns, the others are the rows"
        return (at or [1])[0], "a table without a row", hint
    head = [cell.strip() for cell in rows[0]]
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(head) == 1 and sign in head[0]:
            return at[0], f"the columns stand between {called}", "save it with commas between them"
    for number, name in enumerate(head):
        if not name:
            return at[0], f"column {number + 1} has no name", "the first line names the columns"
        if name in head[:number]:
            return at[0], f'two columns are named "{name}"', "give one of them another name"
    if len(rows) * len(head) > MAX_VALUES:
        return at[0], f"more than {MAX_VALUES} cells", "keep the rows that the site needs"
    return None


def _cell(text: str) -> Any:
    text = text.strip()
    return as_number(text) if text else None
