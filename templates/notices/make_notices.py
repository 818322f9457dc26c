"""Write the copyright notices of the chart runtime, beside this script.

Usage: python make_notices.py FOLDER

FOLDER is where npm has installed vega, vega-lite and vega-embed in the versions that the chart
converter bundles; a test says which, and fails when they are others than those of the notices.
"""

import json
import sys
from pathlib import Path

ROOTS = ("vega", "vega-lite", "vega-embed")
COMMANDS = {"commander", "iconv-lite", "rw", "yargs"}
"""What only the packages' commands need, and is not in the bundle."""

NOTICES = Path(__file__).with_name("runtime.txt")
HEAD = """\
The interactive charts of this site are drawn in the browser by one file, which is made of the
programs below. It is a bundle of their published files, minified. Their authors ask that these
notices go with it.
"""


def main(folder: Path) -> None:
    """Write the notices of all that the runtime is made of."""
    texts: dict[str, list[str]] = {}
    for name in sorted(_needed(folder / "node_modules")):
        package = folder / "node_modules" / name
        told = json.loads((package / "package.json").read_text("utf-8"))
        [licence] = [path for path in package.iterdir() if path.name.upper().startswith("LICEN")]
        text = "\n".join(line.rstrip() for line in licence.read_text("utf-8").strip().split("\n"))
        texts.setdefault(text, []).append(f"{name} {told['version']} ({told['license']})")
    parts = [f"{chr(10).join(names)}\n\n{text}\n" for text, names in texts.items()]
    NOTICES.write_text(f"\n{'-' * 80}\n\n".join([HEAD, *parts]), "utf-8", newline="\n")


def _needed(modules: Path) -> set[str]:
    """The packages that are bundled."""
    found: set[str] = set()
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name not in found | COMMANDS and not name.startswith("@types/"):
            found.add(name)
            told = json.loads((modules / name / "package.json").read_text("utf-8"))
            waiting += told.get("dependencies", {})
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
