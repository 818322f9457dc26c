"""Tables as CSV files that programs and spreadsheets read alike."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as a CSV file (RFC 4180, UTF-8).

    Spreadsheets take a file for one of an older encoding unless it begins with a mark; it has that
    where there is a letter that they would get wrong.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    plain = text.getvalue()
    mark = b"" if plain.isascii() else codecs.BOM_UTF8
    return mark + plain.encode()


def read_csv(content: bytes) -> list[list[str]]:
    """The rows of a CSV file, its head first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _cell(value: Any) -> str:
    """A value as it stands in a file: what is no text as in JSON, a text never as a formula."""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    formula = isinstance(value, str) and text.startswith(FORMULA) and not NUMBER.fullmatch(text)
    return f"'{text}" if formula else text
