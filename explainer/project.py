"""Where a site comes from and goes to, and a fingerprint of everything that decides what it is."""

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

SCHEMA = "data.schema.json"
"""The schema for editors, beside the data file: written by a build, not read by one."""


@dataclass(frozen=True)
class Setup:
    """Where a site comes from and goes to."""

    content: Path
    templates: Path
    output: Path
    cache: Path
    site_url: str = ""
    """The site's address, ending in a slash; empty where it is not known."""
    drafts: bool = False
    """Whether notes that are drafts are pages too: in a preview, never in a site."""

    def fingerprint(self) -> str:
        """A hash of the content, the templates, this program, its libraries and the address."""
        digest = hashlib.sha256(f"{self.site_url}\n{sys.version}\n".encode())
        for name in _libraries():
            digest.update(f"{name} {version(name)}\n".encode())
        for folder in (self.content, self.templates, Path(__file__).parent):
            for path in _files(folder):
                digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        # Problems name files as they are seen from the working folder.
        digest.update(f"{Path.cwd()}\n{self.content.resolve()}\n".encode())
        return digest.hexdigest()


def setup_for(arguments: Any) -> Setup:
    """The setup that command-line arguments and the environment ask for."""
    address = arguments.site_url or os.environ.get("SITE_URL", "")
    return Setup(
        content=Path(arguments.content),
        templates=Path(arguments.templates),
        output=Path(arguments.output),
        cache=Path(".cache"),
        site_url=f"{address.rstrip('/')}/" if address else "",
    )


def _libraries() -> list[str]:
    """The names of the libraries that a build uses; none where the program is not installed."""
    try:
        wanted = requires("explainer") or []
    except PackageNotFoundError:
        return []
    return [line.split("==")[0] for line in wanted if "extra ==" not in line]


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder that can matter, in order; those of tools and editors are left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        skipped = hidden or "__pycache__" in path.parts or path.name == SCHEMA
        if path.is_file() and not skipped:
            yield path
