"""Files that pages share: style sheets, scripts, fonts, pictures, the Vega runtime."""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

# Rendering


@dataclass(frozen=True)
class Assets:
    """Files that pages share, published under names that hold their content's hash."""

    files: Mapping[str, bytes]
    paths: Mapping[str, str]
    """Name as written in templates → path in the site."""


NOTE_SCRIPTS = ("reading.js", "cards.js", "figures.js", "copy.js")
"""What a note needs at once, as `note.js`: one file is sent in fewer bytes than four."""


def gather_assets(templates: Path, runtime: bytes | None) -> Assets:
    """Stylesheets, scripts, fonts and pictures of the templates folder, and the Vega runtime.

    A stylesheet names its fonts by file name; the names are replaced by the published ones. What
    only people need of stylesheets and scripts, comments and indents, stays behind.
    """
    files: dict[str, bytes] = {}
    paths: dict[str, str] = {}

    def publish(name: str, content: bytes) -> None:
        stem, dot, suffix = name.rpartition(".")
        path = f"assets/{stem}-{hashlib.sha256(content).hexdigest()[:10]}{dot}{suffix}"
        files[path], paths[name] = content, path

    for pattern in ("fonts/*.woff2", "images/*.svg"):
        for path in sorted(templates.glob(pattern)):
            publish(path.name, path.read_bytes())
    scripts = {path.name: jsmin(path.read_text("utf-8")) for path in templates.glob("js/*.js")}
    for name, script in sorted(scripts.items()):
        publish(name, f"{script}\n".encode())
    together = [scripts[name] for name in NOTE_SCRIPTS if name in scripts]
    publish("note.js", "".join(f"{script};\n" for script in together).encode())
    if runtime is not None:
        publish("runtime.js", runtime)

    def published(match: re.Match[str]) -> str:
        name = match[1].rpartition("/")[2]
        return f"url({posixpath.basename(paths[name])})" if name in paths else match[0]

    for path in sorted(templates.glob("css/*.css")):
        css = re.sub(r"url\([\"']?([^)\"']+)[\"']?\)", published, path.read_text("utf-8"))
        publish(path.name, f"{cssmin(css)}\n".encode())
    return Assets(files, paths)
