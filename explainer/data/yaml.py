"""Reads YAML as an editor means it, and remembers the line of every value.

YAML 1.2 scalars (`no` is a string, `010` is ten), duplicate keys refused, plain data only: no
tags, few aliases, bounded depth and size. Built on PyYAML's event stream, which libyaml parses,
so that a hostile file can neither exhaust the stack nor explode.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from explainer.data.characters import STRAY, what
from explainer.problems import Fault, Place, Problem, Rule, line_with

MAX_DEPTH = 40
MAX_ALIASES = 100
MAX_VALUES = 2_000_000

Path = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Span:
    """The lines (from 1, both included) on which a value's key, and the value itself, stand."""

    key: int
    first: int
    last: int


@dataclass(frozen=True)
class Lines:
    """The lines of a table beside a document that stand for a part of it."""

    file: str
    text: Sequence[str]
    """All lines of the file,"""
    at: Sequence[int]
    """and on which of them, from 1, each item of the part begins."""


@dataclass
class Document:
    """Parsed YAML: the plain data, where each value stands, and what was wrong with it."""

    file: str
    lines: list[str]
    data: Any = None
    spans: dict[Path, Span] = field(default_factory=dict)
    tables: dict[Path, Lines] = field(default_factory=dict)
    """The parts that stand in files of their own."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    """What can be meant as it stands, and perhaps is not."""

    def place(self, path: Path, needle: str = "") -> Place:
        """The line of the value at `path`, or the line within it that contains `needle`.

        A path that leads to nothing gives the place of its nearest existing ancestor, which is
        where an editor would add what is missing.
        """
        while path and path not in self.spans:
            item = path[-1] if isinstance(path[-1], int) else 0
            table = self.tables.get(path) or self.tables.get(path[:-1])
            if table and item < len(table.at):
                return Place(table.file, table.at[item])
            path = path[:-1]
        span = self.spans.get(path, Span(1, 1, 1))
        lines = self.lines[span.key - 1 : span.last]
        return Place(self.file, span.key + line_with(needle, lines))

    def holds(self, path: Path) -> bool:
        """Whether something stands at a path, here or in a table."""
        return path in self.spans or path[:2] in self.tables

    def line(self, number: int) -> str:
        """The text of a line, numbered from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def problem(
        self, path: Path, rule: Rule, message: str, hint: str = "", *, needle: str = ""
    ) -> Problem:
        """A problem at the value at `path`, with the line itself as its excerpt."""
        place = self.place(path, needle)
        beside = (table.text for table in self.tables.values() if table.file == place.file)
        text = self.line(place.line) if place.file == self.file else next(beside)[place.line - 1]
        return Problem(place, rule, message, hint, text.strip())

    def at_line(self, number: int, fault: Fault) -> Problem:
        """A fault as a problem of a line."""
        place = Place(self.file, number)
        return Problem(place, fault.rule, fault.message, fault.hint, self.line(number).strip())


def parse(text: str, file: str, first_line: int = 1) -> Document:
    """Parse one YAML document; `first_line` is the file's line on which `text` begins.

    Problems are collected in the result, whose data is None where nothing could be read.
    """
    document = Document(file, [""] * (first_line - 1) + text.splitlines())
    builder = _Builder(document, first_line)
    try:
        document.data = builder.build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        message = ", ".join(part for part in (error.context, error.problem) if part)
        document.problems.append(_syntax_problem(document, line, message))
    except yaml.YAMLError as error:
        line = _line_of(error, text) + first_line - 1
        document.problems.append(_syntax_problem(document, line, str(error).splitlines()[0]))
    except Fault as fault:
        document.problems.append(document.at_line(builder.line, fault))
    return document


def _refused(message: str, hint: str = "write the values out") -> Fault:
    return Fault(Rule.BAD_YAML, message, hint)


@dataclass
class _Open:
    """A mapping or list that is still being filled."""

    value: Any
    path: Path
    anchor: str | None
    start: int
    key: str | None = None
    key_line: int = 0
    seen: dict[str, int] = field(default_factory=dict)


class _Builder:
    def __init__(self, document: Document, first_line: int):
        self.document = document
        self.offset = first_line
        self.line = first_line
        """The line of the event that is being read."""
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.stack: list[_Open] = []
        self.root: Any = None
        self.aliases = 0
        self.count = 0

    def build(self, text: str) -> Any:
        documents = 0
        event: Any
        for event in yaml.parse(text, Loader=_Loader):
            self.line = event.start_mark.line + self.offset
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refused(
                        "a second document begins here", "one file holds one: delete the ---"
                    )
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
        return self.root

    def _open(self, event: Any) -> None:
        self._refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            raise _refused(f"nested more than {MAX_DEPTH} levels deep", "look at the brackets")
        path, key_line = self._next_path()
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(value, path, event.anchor, key_line))

    def _close(self, event: Any) -> None:
        done = self.stack.pop()
        last = max(event.end_mark.line + self.offset - (event.end_mark.column == 0), self.line)
        last = min(last, len(self.document.lines))
        self.document.spans[done.path] = Span(done.start, done.start, last)
        if done.anchor:
            self.anchors[done.anchor] = (done.value, _size(done.value))
        self._put(done.value)

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        if found := STRAY.search(event.value):
            raise _refused(f"a text holds {what(found[0])}", "delete it; it is invisible")
        if self._wants_key():
            self._open_key(event.value)
            return
        path, key_line = self._next_path()
        last = event.end_mark.line + self.offset - (event.end_mark.column == 0)
        self.document.spans[path] = Span(key_line, self.line, max(last, self.line))
        if not event.style:
            self._warn_of_remark(event)
        value = event.value if not event.implicit[0] else _resolved(event.value)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._grow(1)
        self._put(value)

    def _warn_of_remark(self, event: Any) -> None:
        """Warn where a remark cuts what was perhaps the rest of the text."""
        line = event.end_mark.line + self.offset
        rest = self.document.line(line)[event.end_mark.column :]
        if _REMARK.match(rest) and event.value:
            cut = rest.split()[0]
            fault = Fault(
                Rule.BAD_YAML,
                f'the text ends before "{cut}": what follows # is a remark',
                "put the text in quotes, or a space behind # where it is a remark",
            )
            problem = self.document.at_line(line, fault)
            self.document.warnings.append(replace(problem, warning=True))

    def _alias(self, event: Any) -> None:
        if self._wants_key():
            raise _refused("an alias cannot be a key")
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _refused(f"more than {MAX_ALIASES} aliases")
        if event.anchor not in self.anchors:
            raise _refused(f"nothing is anchored as &{event.anchor}")
        value, size = self.anchors[event.anchor]
        self._grow(size)
        path, key_line = self._next_path()
        self.document.spans[path] = Span(key_line, self.line, self.line)
        self._put(value)

    def _wants_key(self) -> bool:
        """Whether what comes now is the key of a mapping."""
        top = self.stack[-1] if self.stack else None
        return top is not None and isinstance(top.value, dict) and top.key is None

    def _open_key(self, key: str) -> None:
        top = self.stack[-1]
        if key == "<<":
            raise _refused("merge keys (<<) are not for this file", "write the keys out")
        if key in top.seen:
            where = ".".join(map(str, top.path)) or "the file"
            fault = Fault(
                Rule.DUPLICATE_KEY,
                f'"{key}" stands twice in {where}',
                f"the first one is on line {top.seen[key]}; keep one of the two",
            )
            self.document.problems.append(self.document.at_line(self.line, fault))
        top.seen.setdefault(key, self.line)
        top.key, top.key_line = key, self.line

    def _next_path(self) -> tuple[Path, int]:
        """The path of the value that begins now, and the line of its key."""
        if not self.stack:
            return (), self.line
        top = self.stack[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value)), self.line
        if top.key is None:
            hint = "put it in quotes"
            if "{{" in self.document.line(self.line):
                hint = "write >- behind the colon, and the text on a line of its own, indented"
            raise _refused("a key has to be a plain word, not a mapping or a list", hint)
        return (*top.path, top.key), top.key_line

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            # The first of two equal keys is kept; the second is a problem already.
            top.value.setdefault(top.key, value)
            top.key = None

    def _grow(self, size: int) -> None:
        self.count += size
        if self.count > MAX_VALUES:
            raise _refused(f"more than {MAX_VALUES} values once aliases are filled in")

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _refused(
                f"tags such as {tag} are not allowed", "write plain data, without the tag"
            )


_REMARK = re.compile(r"\s*#[^\s#!-]")
"""What begins a remark and looks like text: of "Ranked #1 by weight", the one."""


class _Written:
    """A number whose text is the one that was written: 010 is ten, and reads 010."""

    text = ""

    def written(self, text: str) -> "_Written":
        """The number with its text."""
        self.text = text
        return self

    def __str__(self) -> str:
        return self.text


class WrittenInt(_Written, int):
    """A whole number that is not written as a program would."""


class WrittenFloat(_Written, float):
    """A decimal number that is not written as a program would."""


RUN_TOGETHER = re.compile(r"\s*(?:- )?[a-z][\w-]*:[^\s:/]")
"""A key and its text without a space between them, which are one text."""

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z")


def _resolved(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema, without its octal and hexadecimal forms."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text):
        return True
    if _FALSE.match(text):
        return False
    return as_number(text)


def as_number(text: str) -> Any:
    """A text as the number that it is, or as it stands."""
    if not _FLOAT.match(text) or not math.isfinite(float(text)):
        return text
    number = int(text) if _INT.match(text) else float(text)
    if str(number) == text:
        return number
    return (WrittenInt if isinstance(number, int) else WrittenFloat)(number).written(text)


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(_size(item) for item in value.values())
    if isinstance(value, list):
        return 1 + sum(_size(item) for item in value)
    return 1


_KEY = re.compile(r"\s*(?:- )?[\w-]+:(?:\s|\Z)")
_QUOTE = re.compile(r"""[:,\[{]\s*(["'])""")
"""A quote that begins a text."""
_REST = {'"': re.compile(r'(?:[^"\\]|\\.)*+"'), "'": re.compile("(?:[^']|'')*+'")}
"""The text behind each kind of quote, with the quote that ends it."""


def _opens(line: str) -> bool:
    """Whether a line that begins with a key begins a quoted text that does not end there."""
    at = 0 if _KEY.match(line) else len(line)
    while found := _QUOTE.search(line, at):
        closed = _REST[found[1]].match(line, found.end())
        if closed is None:
            return True
        at = closed.end()
    return False


def _syntax_problem(document: Document, line: int, message: str) -> Problem:
    line = max(1, min(line, len(document.lines) or 1))
    for near in (line, line - 1):
        if RUN_TOGETHER.match(document.line(near)):
            fault = Fault(Rule.BAD_YAML, "no space behind the colon of a key", "put one there")
            return document.at_line(near, fault)
    for near in range(line, 0, -1):
        if _opens(document.line(near)) and _KEY.match(document.line(near + 1)):
            message = f"a quote opened in line {near} is never closed"
            hint = (
                "close it where its text ends; an apostrophe within single quotes is written twice"
            )
            return document.at_line(near, Fault(Rule.BAD_YAML, message, hint))
    excerpt = document.line(line)
    hint = "look at the quotes, colons and indentation of this line and the one above"
    if "\t" in excerpt[: len(excerpt) - len(excerpt.lstrip())] or "\\t" in message:
        hint = "indent with spaces: YAML does not take tabs"
    elif "mapping values are not allowed" in message:
        hint = 'a text that holds ": " wants quotes; keys of one entry begin in the same column'
    elif "cannot start any token" in message:
        hint = "a text that begins with @, ` or % wants quotes around it"
    return Problem(Place(document.file, line), Rule.BAD_YAML, message, hint, excerpt.strip())


def _line_of(error: yaml.YAMLError, text: str) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
