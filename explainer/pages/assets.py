"""Files that pages share: style sheets, scripts, fonts, pictures, the Vega runtime."""

import hashlib
import posixpath
import re
from collections.abc import Sequence

from rcssmin import cssmin
from rjsmin import jsmin

from explainer.memo import Call, Given, Memo
from explainer.problems import Report
from explainer.project import Blob, Folder

NOTE_SCRIPTS = ("reading.js", "cards.js", "figures.js", "copy.js")
"""What a note needs at once, as `note.js`: one file is sent in fewer bytes than four."""

FIXED = ("frame.js",)
"""What pages of others load, and so has to stay where it is."""

NOTICES = (("fonts", ".txt"), ("notices", ".txt"))
"""Where the notices stand that authors of fonts and programs ask to be passed on with them."""


def gather_assets(
    memo: Memo, templates: Folder, runtime: Call[bytes] | None
) -> tuple[dict[str, Given[bytes]], Given[dict[str, str]]]:
    """The shared files by their paths in the site, and those paths by the names of the files.

    Each is published under a name that holds its content's hash, but for those in `FIXED`. A style
    sheet names its fonts by file name; the names are replaced by the published ones. What only
    people need of style sheets and scripts, comments and indents, stays behind.
    """
    files: dict[str, Given[bytes]] = {}
    paths: dict[str, str] = {}

    def publish(name: str, content: bytes) -> None:
        stem, dot, suffix = name.rpartition(".")
        digest = hashlib.sha256(content).hexdigest()[:10]
        path = name if name in FIXED else f"assets/{stem}-{digest}{dot}{suffix}"
        files[path], paths[name] = Given(content), path

    def among(folder: str, suffix: str) -> dict[str, Blob]:
        return {
            name.removeprefix(f"{folder}/"): blob
            for name, blob in templates.items()
            if posixpath.dirname(name) == folder and name.endswith(suffix)
        }

    pictures = (("images", ".svg"), ("images", ".png"))
    for folder, suffix in (("fonts", ".woff2"), *pictures, *NOTICES):
        for name, blob in among(folder, suffix).items():
            publish(name, blob.content)
    scripts = among("js", ".js")
    for name, blob in scripts.items():
        publish(name, memo.kept(minified_scripts, (blob,), "").value)
    together = tuple(scripts[name] for name in NOTE_SCRIPTS if name in scripts)
    publish("note.js", memo.kept(minified_scripts, together, ";").value)
    if runtime is not None:
        publish("runtime.js", runtime.value)
    names = tuple((name, posixpath.basename(path)) for name, path in paths.items())
    for name, blob in among("css", ".css").items():
        publish(name, memo.kept(minified_style, blob, names).value)
    return files, Given(paths)


def minified_scripts(report: Report, scripts: Sequence[Blob], end: str) -> bytes:
    """Scripts as one file, without what only people need, each with this at its end."""
    return "".join(f"{jsmin(script.text())}{end}\n" for script in scripts).encode()


def minified_style(report: Report, style: Blob, names: Sequence[tuple[str, str]]) -> bytes:
    """A style sheet without what only people need, its files by their published names."""
    known = dict(names)

    def published(match: re.Match[str]) -> str:
        name = match[1].rpartition("/")[2]
        return f"url({known[name]})" if name in known else match[0]

    css = re.sub(r"url\([\"']?([^)\"']+)[\"']?\)", published, style.text())
    return f"{cssmin(css)}\n".encode()
