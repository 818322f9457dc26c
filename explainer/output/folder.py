"""What stands in a folder that holds a site, or is about to: whether it is ours, and all of it."""

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SIGNATURE = "# A site built by the explainer generator: every build writes this folder again."
GITIGNORE = ".gitignore"
MANIFEST = ".manifest.json"

GITIGNORE_BYTES = f"{SIGNATURE}\n*\n!{GITIGNORE}\n".encode()
BOOKKEEPING = frozenset({GITIGNORE, MANIFEST})
# What file managers leave in each folder that they show. Nobody misses it, and a build that refuses
# because somebody looked at the site would be a nuisance.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Found:
    """What stands in a folder (or at a path that is no folder, which is never ours)."""

    ours: bool
    manifest: dict[str, str] | None
    """None when there is no list of files, or none that can be read."""
    names: tuple[str, ...]
    """All files, and all folders with a final slash; each folder after what it holds."""
    foreign: tuple[str, ...]
    """Those that are not of our making."""

    @property
    def files(self) -> frozenset[str]:
        """The files among them."""
        return frozenset(name for name in self.names if not name.endswith("/"))

    @property
    def bare(self) -> bool:
        """Whether no site is in it: what a fresh clone has."""
        return all(name == GITIGNORE or is_litter(name) for name in self.names)


def look(folder: Path) -> Found | None:
    """Returns what stands in a folder, None if nothing does; raises OSError if it is unreadable."""
    if not os.path.lexists(folder):
        return None
    if folder.is_symlink() or not folder.is_dir():
        return Found(ours=False, manifest=None, names=(), foreign=())
    names = tuple(_scan(str(folder), ""))
    manifest = read_manifest(folder)
    return Found(
        ours=_is_signed(folder, names),
        manifest=manifest,
        names=names,
        foreign=tuple(_foreign(names, manifest or {})),
    )


def _scan(folder: str, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        name = prefix + entry.name
        # A link to a folder is a thing of its own; what it leads to is not in the site.
        if entry.is_dir(follow_symlinks=False):
            yield from _scan(entry.path, name + "/")
            yield name + "/"
        else:
            yield name


def _is_signed(folder: Path, names: Sequence[str]) -> bool:
    if all(is_litter(name) for name in names):
        return True
    try:
        gitignore = (folder / GITIGNORE).read_bytes()
    except OSError:
        return False
    # Git may have checked the file out with other line ends; the first line says enough.
    if gitignore.partition(b"\n")[0].rstrip() == SIGNATURE.encode():
        return True
    # A run killed while it signed its staging folder left a beginning of our own words.
    staging = folder.name.startswith(".") and folder.name.endswith(".new")
    return staging and set(names) == {GITIGNORE} and GITIGNORE_BYTES.startswith(gitignore)


def read_manifest(folder: Path) -> dict[str, str] | None:
    """Path → SHA-256 as a folder lists its files; None where it has no list that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict):
        return None
    return manifest if all(isinstance(digest, str) for digest in manifest.values()) else None


def _foreign(names: Iterable[str], listed: Iterable[str]) -> Iterator[str]:
    # Some file systems give names back in another Unicode form than they were written in.
    own = {unicodedata.normalize("NFC", path) for path in listed} | BOOKKEEPING
    own |= {folder for path in own for folder in folders_of(path)}
    # A foreign folder is told by what it holds; an empty one by itself.
    holding = {folder for name in names for folder in folders_of(name.rstrip("/"))}
    for name in sorted(names):
        known = unicodedata.normalize("NFC", name) in own or is_litter(name)
        if not known and name not in holding:
            yield name


def folders_of(path: str) -> Iterator[str]:
    """Yields the folders that a path lies in, each with a final slash."""
    return (path[: slash.end()] for slash in re.finditer("/", path))


def is_litter(name: str) -> bool:
    """Whether a file manager left it."""
    return name.rpartition("/")[2] in _LITTER


def whole(output: Path) -> dict[str, str] | None:
    """Returns path → SHA-256 of the site that stands in `output`, or None.

    None means that no site of ours stands there, or that a file of it was lost, altered or added.
    """
    try:
        found = look(output)
        if found is None or not found.ours or found.foreign or found.manifest is None:
            return None
        for path, digest in found.manifest.items():
            if hashlib.sha256((output / path).read_bytes()).hexdigest() != digest:
                return None
        return found.manifest
    except OSError:
        return None


def holds(path: Path, content: bytes) -> bool:
    """Whether a plain file with this content stands at a path."""
    try:
        seen = path.lstat()
        fits = stat.S_ISREG(seen.st_mode) and seen.st_size == len(content)
        return fits and path.read_bytes() == content
    except OSError:
        return False
