"""Where a site comes from and goes to, and a snapshot of all that decides what it is.

A build reads everything once, at its beginning. What it makes is then of these bytes and of no
others, whatever is saved meanwhile, and the fingerprint of a build is that of what it was made of.
"""

import hashlib
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from explainer.problems import ContentError, Place, Problem, Rule, shown

SCHEMA = "data.schema.json"
"""The schema for editors, beside the data file: written by a build, not read by one."""

PROGRAM = Path(__file__).resolve().parent

_INSIDE, _BESIDE = PROGRAM / "templates", PROGRAM.parent / "templates"
TEMPLATES = _INSIDE if _INSIDE.is_dir() else _BESIDE
"""The templates that come with the program: inside it where it was installed, else beside it."""

ADDRESS = re.compile(r"https?://[^\s/?#\"<>]+(/[^\s?#\"<>]*)?/")
"""The address of a site."""


@dataclass(frozen=True)
class FileKind:
    """A file that a site has beside its pages: where, and what it is to programs."""

    path: str
    """Below the folder of its language; `{id}` is a chart's id."""
    media: str
    linked: bool = False
    """Whether the data page offers it to search engines."""


CHART_FILES = {
    "page": FileKind("charts/{id}.html", "text/html"),
    "embed": FileKind("charts/{id}.embed.html", "text/html"),
    "csv": FileKind("charts/{id}.csv", "text/csv"),
    # What its columns hold, where standard tools look for it (W3C CSVW).
    "csvw": FileKind("charts/{id}.csv-metadata.json", "application/csvm+json"),
    "json": FileKind("charts/{id}.json", "application/json"),
    # A Vega-Lite specification, under the ending by which editors know one.
    "spec": FileKind("charts/{id}.vl.json", "application/json"),
    "svg": FileKind("charts/{id}.svg", "image/svg+xml"),
    "png": FileKind("charts/{id}.png", "image/png"),
    "card": FileKind("charts/{id}.card.png", "image/png"),
    "small": FileKind("charts/small/{id}.svg", "image/svg+xml"),
}
"""What is published of each chart, by the name that templates use."""

DATA_FILES = {
    "csv": FileKind("data/claims.csv", "text/csv", linked=True),
    "csvw": FileKind("data/claims.csv-metadata.json", "application/csvm+json"),
    "json": FileKind("data/claims.json", "application/json", linked=True),
    "bibtex": FileKind("data/sources.bib", "text/x-bibtex"),
    "package": FileKind("data/datapackage.json", "application/json", linked=True),
    "search": FileKind("data/search.js", "text/javascript"),
}
"""What is published of all claims and sources."""

SERIES_FILES = {
    "csv": FileKind("data/series/{id}.csv", "text/csv"),
    "csvw": FileKind("data/series/{id}.csv-metadata.json", "application/csvm+json"),
}
"""What is published of each series whose rows stand in a table of its own."""

FEEDS = ("corrections.xml", "feed.xml")
"""Published where the site's address is known."""


def chart_files(folder: str, name: str) -> dict[str, str]:
    """The addresses of a chart's files from the site's top, by kind."""
    return {kind: folder + file.path.format(id=name) for kind, file in CHART_FILES.items()}


def is_home_path(path: str) -> bool:
    """Whether templates name a page or file without the folder of its language."""
    pages = ("index", "glossary", "charts", "data", "sources", "corrections")
    return path.removesuffix(".html") in pages or path in FEEDS or path.startswith("data/")


@dataclass(frozen=True)
class Setup:
    """Where a site comes from and goes to."""

    content: Path
    templates: Path
    """A folder whose files take the place of those of `TEMPLATES` that have their names."""
    output: Path
    cache: Path
    site_url: str = ""
    """The site's address, ending in a slash; empty where only `site: url:` may know it."""
    hosted: bool = False
    """Whether the address came with the command, of a site that is on its way to a server."""
    drafts: bool = False
    """Whether notes that are drafts are pages too: in a preview, never in a site."""


def setup_for(arguments: Any) -> Setup:
    """The setup that command-line arguments and the environment ask for."""
    address = arguments.site_url or os.environ.get("SITE_URL", "")
    return Setup(
        content=Path(arguments.content),
        templates=Path(arguments.templates),
        output=Path(arguments.output),
        cache=Path(".cache"),
        site_url=with_slash(address),
        hosted=bool(address),
    )


def with_slash(address: str) -> str:
    """The address of a site, ending in a slash; empty where it is empty."""
    return f"{address.rstrip('/')}/" if address else ""


@dataclass(frozen=True, eq=False)
class Blob:
    """A file as it was read."""

    name: str
    """Its path below the folder that was read, with slashes."""
    path: Path
    content: bytes
    stamp: tuple[int, int, int]
    """Time, size and number of the file, by which it is known to be as it was."""
    readable: bool = True
    outside: bool = False
    """Whether it is a link to something outside the folder."""

    @cached_property
    def key(self) -> str:
        """What tells it from any other: its name as people see it, and its bytes."""
        digest = hashlib.sha256(
            f"{self.name}\n{self.file}\n{self.readable}{self.outside}\n".encode()
        )
        digest.update(self.content)
        return digest.hexdigest()

    @cached_property
    def file(self) -> str:
        """The file as problems name it."""
        return shown(self.path)

    def text(self) -> str:
        """Its text, a wrong byte shown as such: for what is not content."""
        return self.content.decode("utf-8", "replace")


Folder = Mapping[str, Blob]
"""The files of a folder by their paths below it, in order."""


@dataclass(frozen=True)
class Snapshot:
    """Everything that decides what a site is, as it was at one moment."""

    content: Folder
    templates: Folder
    program: str
    """A digest of this program and of the libraries that it uses."""

    @property
    def page_templates(self) -> tuple[Blob, ...]:
        """The templates of pages, and of parts of them."""
        return tuple(blob for name, blob in self.templates.items() if name.endswith(".html"))

    def fingerprint(self, setup: Setup) -> str:
        """A digest of all of it, and of the address of the site."""
        digest = hashlib.sha256(f"{self.program}\n{setup.site_url}\n".encode())
        for folder in (self.content, self.templates):
            for blob in folder.values():
                digest.update(blob.key.encode())
            digest.update(b"\n")
        # Problems name files as they are seen from the working folder.
        digest.update(f"{Path.cwd()}\n{setup.content.resolve()}\n".encode())
        return digest.hexdigest()


def take(setup: Setup, before: Snapshot | None = None) -> Snapshot:
    """What there is now; a file that is as it was `before` is not read again."""
    known = before.templates if before else {}
    templates = _read(setup.templates, known)
    if setup.templates.resolve() != TEMPLATES:
        templates = dict(sorted((_read(TEMPLATES, known) | templates).items()))
    return Snapshot(
        _read(setup.content, before.content if before else {}),
        templates,
        before.program if before else _program(),
    )


def file_at(path: Path, message: str, hint: str) -> Blob:
    """A file by itself. Raises `ContentError` with this message where there is none."""
    if not path.is_file():
        raise ContentError([Problem(Place(shown(path), 1), Rule.NO_CONTENT, message, hint)])
    return _blob(path.name, path)


def decoded(blob: Blob) -> tuple[str, Problem | None]:
    """The text of a UTF-8 file, with plain line ends; and what is wrong with it."""

    def wrong(message: str, hint: str, line: int = 1, excerpt: str = "") -> tuple[str, Problem]:
        return "", Problem(Place(blob.file, line), Rule.UNREADABLE, message, hint, excerpt)

    if blob.outside:
        return wrong("leads out of the content folder", "put the file itself there")
    if not blob.readable:
        return wrong("cannot be read", "look at its permissions")
    try:
        text = blob.content.decode("utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n"), None
    except UnicodeDecodeError as error:
        line = blob.content[: error.start].count(b"\n") + 1
        excerpt = blob.content.splitlines()[line - 1].decode("utf-8", "replace").strip()
        return wrong("is not UTF-8 text", "save it as UTF-8", line, excerpt)


def _read(folder: Path, before: Folder) -> dict[str, Blob]:
    found, top = {}, folder.resolve()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        blob = _blob(name, path, before.get(name))
        if not blob.outside and not path.resolve().is_relative_to(top):
            blob = replace(blob, outside=True)
        found[name] = blob
    return found


def _blob(name: str, path: Path, known: Blob | None = None) -> Blob:
    try:
        seen = path.stat()
        stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        if known is not None and (known.path, known.stamp) == (path, stamp):
            return known
        return Blob(name, path, path.read_bytes(), stamp)
    except OSError:
        # Whoever needs it says so.
        return Blob(name, path, b"", (0, 0, 0), readable=False)


def _files(folder: Path) -> list[Path]:
    """The files of a folder that can matter, in order; those of tools and editors are left out.

    Links are followed, but not in circles; what is no plain file would be waited for, and is none.
    """
    found, seen = [], set()
    for top, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(top)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        for name in names:
            skipped = name.startswith((".", "~$")) or name.endswith("~") or name == SCHEMA
            if not skipped and Path(top, name).is_file():
                found.append(Path(top, name))
    return sorted(found)


def _program() -> str:
    """A digest of this program, its libraries, and the Python that runs them."""
    digest = hashlib.sha256(f"{sys.version}\n".encode())
    for name in _libraries():
        digest.update(f"{name} {version(name)}\n".encode())
    for path in _files(PROGRAM):
        digest.update(f"{path.relative_to(PROGRAM).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _libraries() -> list[str]:
    """The names of the libraries that a build uses; none where the program is not installed."""
    try:
        wanted = requires("explainer") or []
    except PackageNotFoundError:
        return []
    return [line.split("==")[0] for line in wanted if "extra ==" not in line]
