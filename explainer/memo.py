"""Drawings kept from one build to the next.

A cache never decides what a site looks like, only how long a build takes: it may be deleted at any
time, damaged, read-only or missing, and the build just draws again.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


def key(*parts: object) -> str:
    """Returns one name for everything that a kept thing depends on.

    `parts` are JSON values; the order of a mapping's keys does not matter, all else does.
    """
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Cache:
    """Keeps bytes under keys in a folder, which need not exist; several builds may share it."""

    folder: Path
    read_only: bool = False
    """Whether nothing new is kept: for a command that promises to write nothing."""

    def get(self, key: str) -> bytes | None:
        """Returns what was kept under `key`, or None if it is missing, unreadable or damaged."""
        path = self._path(key)
        try:
            entry = path.read_bytes()
        except OSError:
            return None
        digest, value = entry[:_DIGEST_SIZE], entry[_DIGEST_SIZE:]
        if digest != _digest(key, value):
            return None
        # The time of modification says when the entry was last of use.
        if not self.read_only:
            with contextlib.suppress(OSError):
                os.utime(path)
        return value

    def put(self, key: str, value: bytes) -> None:
        """Keeps `value` under `key` if the folder can be written; nobody ever reads half of it."""
        if self.read_only:
            return
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_digest(key, value) + value)
                Path(part).replace(path)
            finally:
                # Gone by now, unless the disk is full or somebody pressed Ctrl-C.
                Path(part).unlink(missing_ok=True)

    def prune(self, max_bytes: int) -> None:
        """Deletes what was not used for longest, until at most `max_bytes` are kept."""
        kept = 0
        for _, size, path in sorted(self._entries(), reverse=True):
            kept += size
            if kept > max_bytes:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / f"{name[2:]}.kept"

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        # By name: whatever else somebody put into the folder is not ours to delete. The second
        # star finds what a killed build had half written.
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*.kept*"):
            with contextlib.suppress(OSError):
                found = path.stat()
                yield found.st_mtime_ns, found.st_size, path


_DIGEST_SIZE = hashlib.sha256().digest_size


def _digest(key: str, value: bytes) -> bytes:
    """The checksum of an entry; with its key, so that a misplaced file is not taken for another."""
    return hashlib.sha256(key.encode() + b"\0" + value).digest()
