"""What a pull request changes for readers, in Markdown, for the summary of its checks.

    .venv/bin/python .ci/summary.py SITE OLD.yaml

SITE is the built site, OLD.yaml the data file as it was before.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.sizes import table, weigh  # noqa: E402

COLUMNS = ("id", "old", "new", "why", "pages")


def main(site: Path, old: Path, *options: str) -> None:
    """Print both parts; `options` are those of `build.py`."""
    print("## Figures that change\n")
    print(figures(old, *options))
    print("\n## What pages weigh\n")
    print(table(weigh(site.resolve())))


def figures(old: Path, *options: str) -> str:
    """The figures that differ from those of the older data file, as a table."""
    if not old.is_file() or not old.stat().st_size:
        return "There was no data file before."
    words = [sys.executable, str(ROOT / "build.py"), "changes", str(old), "--json", *options]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        # The model of the data has changed, and the older file is none of it any more.
        return "The older data file cannot be compared: `build.py changes` finds problems in it."
    records = [json.loads(line) for line in done.stdout.splitlines()]
    if not records:
        return "No figure changes."
    rows = [" | ".join(_cell(record[column]) for column in COLUMNS) for record in records]
    head = ["| Figure | Was | Is | Why | On |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(f"| {row} |" for row in rows)])


def _cell(value: str | list[str] | None) -> str:
    """A value as text that no table, tag or link of Markdown can come of."""
    text = ", ".join(value) if isinstance(value, list) else value or "—"
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\|`*_[]" else c for c in text)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
