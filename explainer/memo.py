"""What was already worked out: in this process, and on disk for the next one.

It never decides what a site looks like, only how long a build takes: what is kept on disk may be
deleted at any time, damaged, read-only or missing, and is then worked out again. Kept are bytes and
small facts as JSON, under names that tell everything they depend on; never what could run code.
"""

import contextlib
import functools
import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from explainer.problems import Problem, Report

KEPT_BYTES = 600_000_000
"""What is kept at most: room for two thousand charts, each with its pictures."""


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
    key = "store"
    """A pass may be given the store: whatever it finds there or not, it gives the same."""
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
        if not self.read_only:
            with contextlib.suppress(OSError):
                write_whole(self._path(key), _digest(key, value) + value)

    def prune(self, max_bytes: int = KEPT_BYTES) -> None:
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


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file, and its folder, so that nobody ever reads half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    finally:
        # Gone by now, unless the disk is full or somebody pressed Ctrl-C.
        Path(part).unlink(missing_ok=True)


_DIGEST_SIZE = hashlib.sha256().digest_size


def _digest(key: str, value: bytes) -> bytes:
    """The checksum of an entry; with its key, so that a misplaced file is not taken for another."""
    return hashlib.sha256(key.encode() + b"\0" + value).digest()


# Calls that are remembered

T = TypeVar("T")
Outcome = tuple[Any, tuple[Problem, ...]]


class Call(Generic[T]):
    """A call of a pass that was asked for: what it gives is worked out when it is wanted.

    Its key says what it depends on: the pass, and the keys or plain values of its arguments. So two
    calls of one key give the same, in this process or in another that finds it on disk.
    """

    __slots__ = ("_memo", "arguments", "function", "key", "kind")

    def __init__(
        self,
        memo: "Memo",
        function: Callable[..., T],
        arguments: tuple[Any, ...],
        kind: Any = None,
    ):
        self._memo, self.function, self.arguments, self.kind = memo, function, arguments, kind
        name = f"{function.__module__}.{function.__qualname__}"
        self.key = key(name, [plain(argument) for argument in arguments])

    @property
    def kept(self) -> bool:
        """Whether what it gives is kept on disk, too."""
        return self.kind is not None

    @property
    def value(self) -> T:
        """What it gives."""
        found: T = self._memo.outcome(self)[0]
        return found

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What it tells of on the way."""
        return self._memo.outcome(self)[1]


class Given(Generic[T]):
    """A plain value that many calls are given, told apart by what it says."""

    __slots__ = ("key", "value")
    kept = True

    def __init__(self, value: T):
        self.value, self.key = value, key("given", plain(value))


class Memo:
    """Remembers what calls of passes give.

    A pass is a function whose first argument is a `Report` and whose result depends on the others
    alone: on calls, on files as they were read, on plain values. What it gives is never changed
    afterwards. Whatever a build does not ask for is forgotten at its end.
    """

    def __init__(self, store: Cache, program: str = ""):
        self.store = store
        self._program = program
        self._held: dict[str, Outcome] = {}
        self._asked: set[str] = set()
        self._lock = threading.RLock()

    def call(self, function: Callable[..., T], *arguments: Any) -> Call[T]:
        """A call that this process remembers."""
        return Call(self, function, arguments)

    def kept(self, function: Callable[..., bytes], *arguments: Any) -> Call[bytes]:
        """A call whose bytes are kept on disk, too."""
        return Call(self, function, arguments, bytes)

    def fact(self, kind: Any, function: Callable[..., T], *arguments: Any) -> Call[T]:
        """A call whose result, of a type that JSON can tell, is kept on disk, too."""
        return Call(self, function, arguments, kind)

    def outcome(self, call: Call[Any]) -> Outcome:
        """What a call gives and tells of: remembered, read from disk, or worked out now."""
        # One at a time: a preview serves what one build made while the next is made.
        with self._lock:
            found = self._held.get(call.key) or self._from_disk(call)
            if found is None:
                report = Report()
                value = call.function(report, *map(_value, call.arguments))
                found = value, tuple(report.problems)
                if call.kind is not None:
                    self._to_disk(call, found)
            self._held[call.key] = found
            self._ask(call)
            return found

    def missing(self, calls: Iterable[Call[Any]], function: Callable[..., T]) -> list[Call[T]]:
        """The calls of a pass that would be worked out if these were asked for, in order."""
        found: dict[str, Call[T]] = {}
        seen: set[str] = set()

        def look(item: Any) -> None:
            if isinstance(item, tuple):
                for part in item:
                    look(part)
            elif isinstance(item, Call) and item.key not in seen:
                seen.add(item.key)
                if item.key in self._held or self._from_disk(item) is not None:
                    return
                for argument in item.arguments:
                    look(argument)
                if item.function is function:
                    found[item.key] = item

        for call in calls:
            look(call)
        return list(found.values())

    def forget(self) -> None:
        """Forget what was not asked for since the last time."""
        with self._lock:
            asked, self._asked = self._asked, set()
            self._held = {name: held for name, held in self._held.items() if name in asked}

    def _ask(self, item: Any) -> None:
        """Note that a call, and all that it was made of, is of use."""
        if isinstance(item, tuple):
            for part in item:
                self._ask(part)
        elif isinstance(item, Call) and item.key not in self._asked:
            self._asked.add(item.key)
            for argument in item.arguments:
                self._ask(argument)

    def _name(self, call: Call[Any]) -> str:
        return key("call", self._program, call.key)

    def _from_disk(self, call: Call[Any]) -> Outcome | None:
        if call.kind is None:
            return None
        entry = self.store.get(self._name(call))
        if entry is None:
            return None
        head, _, content = entry.partition(b"\n")
        problems = tuple(Problem.from_record(record) for record in json.loads(head))
        value = content if call.kind is bytes else _adapter(call.kind).validate_json(content)
        self._held[call.key] = value, problems
        return value, problems

    def _to_disk(self, call: Call[Any], outcome: Outcome) -> None:
        value, problems = outcome
        head = json.dumps([problem.record() for problem in problems]).encode()
        content = value if call.kind is bytes else _adapter(call.kind).dump_json(value)
        self.store.put(self._name(call), head + b"\n" + content)


def plain(value: Any) -> Any:
    """What stands for an argument in a key: JSON, in which everything that it says is told.

    Raises `TypeError` for what has no such form: it would have to be an argument of its own.
    """
    if hasattr(value, "key"):
        return {"key": value.key}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(map(plain, value))
    if isinstance(value, dict):
        return [[plain(name), plain(item)] for name, item in value.items()]
    if is_dataclass(value):
        return [type(value).__name__, *(plain(getattr(value, f.name)) for f in fields(value))]
    raise TypeError(f"{type(value).__name__} tells nothing that a key could hold")


def _value(argument: Any) -> Any:
    """An argument as a pass is given it."""
    if isinstance(argument, Call | Given):
        return argument.value
    if isinstance(argument, tuple) and type(argument) is tuple:
        return tuple(map(_value, argument))
    return argument


@functools.cache
def _adapter(kind: Any) -> Any:
    from pydantic import TypeAdapter  # Imported late: a build with nothing to do needs none of it.

    return TypeAdapter(kind)
