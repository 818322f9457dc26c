"""Claims that share keys: written once for a group, and read as if each claim had them all.

The claims of a group stand below it, or in a table: a line a claim, a column a key.
"""

from collections.abc import Iterator
from typing import Any

from explainer.data.table import Beside, Table, read_table
from explainer.data.validate import unknown_key
from explainer.data.yaml import Document, Lines
from explainer.problems import KeyPath, Report, Rule, choices

KEYS = ("shared", "claims")
"""What a group holds: the keys that its claims share, and the claims."""


LISTS = ("said_by", "chain")
"""Keys of which a cell of a table may hold several, as in the file that is published: a > b."""


def ungrouped(
    report: Report, document: Document, claims: dict[str, Any], beside: Beside
) -> dict[str, Any]:
    """The claims of all groups beside those that stand alone, each with what its group shares.

    The document learns where each value of such a claim stands: at the claim, or in its group.
    """
    found: dict[str, Any] = {}
    written: dict[KeyPath, KeyPath] = {}
    for name, entry in claims.items():
        if not is_group(entry):
            _add(report, found, name, entry, ("claims", name))
            continue
        tabled = isinstance(entry.get("claims"), str)
        if tabled:
            entry = _with_table(report, document, name, entry, beside)
        shared, inner = _sound(report.at("claims", name), name, entry, tabled)
        for own, claim in inner.items():
            place: KeyPath = ("claims", name, "claims", own)
            keys = claim if isinstance(claim, dict) else {}
            if own not in found:
                written[("claims", own)] = place
                for key in shared.keys() - keys.keys():
                    written[("claims", own, key)] = ("claims", name, "shared", key)
            _add(report, found, own, {**shared, **keys} if keys is claim else claim, place)
    document.written = written
    return found


def is_group(entry: Any) -> bool:
    """Whether an entry of the claims is a group of them."""
    return isinstance(entry, dict) and (
        "shared" in entry or isinstance(entry.get("claims"), dict | str)
    )


def _with_table(
    report: Report, document: Document, name: str, entry: dict[str, Any], beside: Beside
) -> dict[str, Any]:
    """A group with the claims of the table that it names; without where that cannot be read."""
    claims: dict[str, Any] = {}
    with report.at("claims", name, "claims").catching():
        table = read_table(report, beside, entry["claims"])
        if table is not None and "id" not in table.head:
            place: KeyPath = ("claims", name, "claims")
            document.tables[place] = Lines(table.lines.file, table.lines.text, [1])
            hint = "name the column of the claims' ids so; the others are keys of a claim"
            report.say(Rule.BAD_TABLE, 'the table has no column "id"', hint, path=(*place, 0))
        elif table is not None:
            claims = _claims(report, document, name, table)
    return {"shared": {}, **entry, "claims": claims}


def _claims(report: Report, document: Document, group: str, table: Table) -> dict[str, Any]:
    """The claims of a table by their ids; the document learns on which line each of them stands."""
    found: dict[str, Any] = {}
    for cells, line in zip(table.rows, table.lines.at, strict=True):
        row = dict(zip(table.head, cells, strict=False))
        name = str(row.pop("id") or "")
        path: KeyPath = ("claims", group, "claims", name)
        document.tables[path] = Lines(table.lines.file, table.lines.text, [line])
        if name in found:
            message, hint = f'the claim "{name}" stands twice', "give one of the two another id"
            report.say(Rule.BAD_TABLE, message, hint, path=path)
        elif len(cells) != len(table.head):
            message = f"{len(cells)} cells for {len(table.head)} columns"
            report.say(Rule.BAD_TABLE, message, "look at its commas", path=path)
        else:
            found[name] = _claim(row)
    return found


def _claim(row: dict[str, Any]) -> dict[str, Any]:
    """A claim of its cells: `what.en` is a key within a key, and an empty cell is none."""
    claim: dict[str, Any] = {}
    for key, cell in row.items():
        outer, _, inner = key.partition(".")
        if cell is None:
            continue
        if inner:
            claim.setdefault(outer, {})[inner] = cell
        else:
            several = key in LISTS and isinstance(cell, str) and " > " in cell
            listed = [part.strip() for part in str(cell).split(" > ")]
            claim[key] = listed if several or key == "chain" else cell
    return claim


def _add(report: Report, found: dict[str, Any], name: str, entry: Any, path: KeyPath) -> None:
    if name in found:
        hint = "give one of the two another id"
        report.say(Rule.DUPLICATE_ID, f'the claim "{name}" stands twice', hint, path=path)
    found.setdefault(name, entry)


def _sound(
    report: Report, name: str, entry: dict[str, Any], tabled: bool
) -> Iterator[dict[str, Any]]:
    """The two parts of a group, empty where they are no mappings; beside a table they may be."""
    for key in entry:
        if key not in KEYS:
            hint = f"what its claims share stands under {KEYS[0]}:"
            report.tell(unknown_key(f'the group "{name}"', key, KEYS, (key,), hint))
    for key in KEYS:
        if not isinstance(entry.get(key), dict) or not (entry[key] or tabled):
            message = f'the group "{name}" has no {key}'
            hint = f"a group has {choices(KEYS)}, each with its keys below it, indented"
            report.say(Rule.MISSING_KEY, message, hint, path=(key,) if key in entry else ())
    return (entry[key] if isinstance(entry.get(key), dict) else {} for key in KEYS)
