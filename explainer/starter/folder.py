"""A small explainer in a new folder, to be written over."""

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from explainer.problems import shown
from explainer.project import PROGRAM, SCHEMA

FILES = Path(__file__).resolve().parent / "files"
"""What is written. A name that begins with `dot-` is written with a dot there."""


class Occupied(Exception):
    """Raised where a folder cannot take an explainer; tells people why."""


def begin(folder: Path, origin: str, schema: bytes) -> None:
    """Write an explainer into a new or empty folder, with the schema for editors.

    `origin` is a line of requirements.txt, from which its workflow installs this program. Raises
    `Occupied` where something is in the way, and overwrites nothing.
    """
    # Who keeps a history from the first day on has begun it before.
    if folder.exists() and (
        not folder.is_dir() or any(path.name != ".git" for path in folder.iterdir())
    ):
        why = "has something in it" if folder.is_dir() else "is a file"
        raise Occupied(f"{shown(folder)} {why}; name a new folder, or an empty one")
    files = {
        path.relative_to(FILES).as_posix().replace("dot-", "."): path.read_bytes()
        for path in sorted(FILES.rglob("*"))
        if path.is_file()
    }
    files["requirements.txt"] = f"{origin}\n".encode()
    files[f"content/{SCHEMA}"] = schema
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise Occupied(f"{shown(folder)} cannot be written: {error.strerror}") from error


def origin() -> str:
    """Where this program was installed from, as a line of requirements.txt."""
    try:
        found = distribution("explainer")
    except PackageNotFoundError:
        return f"explainer @ {PROGRAM.parent.as_uri()}"
    told = json.loads(found.read_text("direct_url.json") or "{}")
    if "vcs_info" in told:
        vcs = told["vcs_info"]
        return f"explainer @ {vcs['vcs']}+{told['url']}@{vcs['commit_id']}"
    return f"explainer @ {told['url']}" if told else f"explainer=={found.version}"
