"""Reads YAML as an editor means it, and remembers the line of every value.

YAML 1.2 scalars (`no` is a string, `010` is ten), duplicate keys refused, plain data only: no
tags, few aliases, bounded depth and size. Built on PyYAML's event stream, which libyaml parses,
so that a hostile file can neither exhaust the stack nor explode.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import yaml

from explainer.data.characters import STRAY, what
from explainer.problems import Fault, KeyPath, Place, Problem, Rule, line_with

MAX_DEPTH = 40
MAX_ALIASES = 100
MAX_VALUES = 2_000_000


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Span(NamedTuple):
    """The lines (from 1, both included) on which a value's key stands, and the value ends."""

    key: int
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
    spans: dict[KeyPath, Span] = field(default_factory=dict)
    tables: dict[KeyPath, Lines] = field(default_factory=dict)
    """The parts that stand in files of their own."""
    written: dict[KeyPath, KeyPath] = field(default_factory=dict)
    """Of claims and their keys that are written in a group, where that is."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    """What can be meant as it stands, and perhaps is not."""

    def place(self, path: KeyPath, needle: str = "") -> Place:
        """The line of the value at `path`, or the line within it that contains `needle`.

        A path that leads to nothing gives the place of its nearest existing ancestor, which is
        where an editor would add what is missing.
        """
        path = self._written(path)
        while path and path not in self.spans:
            item = path[-1] if isinstance(path[-1], int) else 0
            table = self.tables.get(path) or self.tables.get(path[:-1])
            if table and item < len(table.at):
                return Place(table.file, table.at[item])
            path = path[:-1]
        span = self.spans.get(path, Span(1, 1))
        lines = self.lines[span.key - 1 : span.last]
        return Place(self.file, span.key + line_with(needle, lines))

    def holds(self, path: KeyPath) -> bool:
        """Whether something stands at a path, here or in a table."""
        return self._written(path) in self.spans or self._written(path[:2]) in self.tables

    def _written(self, path: KeyPath) -> KeyPath:
        for depth in (3, 2):
            if found := self.written.get(path[:depth]):
                return (*found, *path[depth:])
        return path

    def line(self, number: int) -> str:
        """The text of a line, numbered from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def problem(
        self, path: KeyPath, rule: Rule, message: str, hint: str = "", *, needle: str = ""
    ) -> Problem:
        """A problem at the value at `path`, with the line itself as its excerpt."""
        place = self.place(path, needle)
        beside = (table.text for table in self.tables.values() if table.file == place.file)
        text = self.line(place.line) if place.file == self.file else next(beside)[place.line - 1]
        return Problem(place, rule, message, hint, text.strip())

    def at_line(self, number: int, message: str, hint: str, rule: Rule = Rule.BAD_YAML) -> Problem:
        """A problem of a line."""
        return Problem(Place(self.file, number), rule, message, hint, self.line(number).strip())


def parse(text: str, file: str, first_line: int = 1) -> Document:
    """Parse one YAML document; `first_line` is the file's line on which `text` begins.

    Problems are collected in the result, whose data is None where nothing could be read.
    """
    document = Document(file, [""] * (first_line - 1) + text.splitlines())
    builder = _Builder(document, text, first_line)
    try:
        document.data = builder.build()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        message = ", ".join(part for part in (error.context, error.problem) if part)
        document.problems.append(_syntax_problem(document, line, message))
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + first_line
        document.problems.append(_syntax_problem(document, line, str(error).splitlines()[0]))
    except Fault as fault:
        document.problems.append(document.at_line(builder.line, fault.message, fault.hint))
    return document


def _refused(message: str, hint: str = "write the values out") -> Fault:
    return Fault(Rule.BAD_YAML, message, hint)


class _Builder:
    """Makes plain data of YAML's events, which nest so little that calls may nest as deep."""

    def __init__(self, document: Document, text: str, first_line: int):
        self.document = document
        self.offset = first_line
        self.line = first_line
        """The line of the event that is being read."""
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.aliases = 0
        self.count = 0
        self.events = self._events(text)

    def build(self) -> Any:
        data, documents = None, 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    hint = "one file holds one: delete the ---"
                    raise _refused("a second document begins here", hint)
            elif isinstance(event, yaml.NodeEvent):
                data = self._value(event, (), self.line)
        return data

    def _events(self, text: str) -> Iterator[Any]:
        event: Any
        for event in yaml.parse(text, Loader=_Loader):
            self.line = event.start_mark.line + self.offset
            yield event

    def _value(self, event: Any, path: KeyPath, key_line: int) -> Any:
        """The value that begins with an event, read to its end."""
        end = event
        if isinstance(event, yaml.AliasEvent):
            value = self._aliased(event)
        else:
            self._refuse(event)
            if isinstance(event, yaml.ScalarEvent):
                value = self._scalar(event)
            elif len(path) >= MAX_DEPTH:
                message = f"nested more than {MAX_DEPTH} levels deep"
                raise _refused(message, "look at the brackets")
            elif isinstance(event, yaml.MappingStartEvent):
                value, end = self._mapping(path)
            else:
                value, end = self._list(path)
            if event.anchor:
                self.anchors[event.anchor] = (value, _size(value))
        last = end.end_mark.line + self.offset - (end.end_mark.column == 0)
        self.document.spans[path] = Span(key_line, max(last, self.line))
        return value

    def _mapping(self, path: KeyPath) -> tuple[dict[str, Any], Any]:
        """A mapping, and the event that ends it. Of two equal keys, the first is kept."""
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event), self.line
            if key in lines:
                message = f'"{key}" stands twice in {".".join(map(str, path)) or "the file"}'
                hint = f"the first one is on line {lines[key]}; keep one of the two"
                problem = self.document.at_line(line, message, hint, Rule.DUPLICATE_KEY)
                self.document.problems.append(problem)
            lines.setdefault(key, line)
            found.setdefault(key, self._value(next(self.events), (*path, key), line))
        return found, event

    def _list(self, path: KeyPath) -> tuple[list[Any], Any]:
        """A list, and the event that ends it."""
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found)), self.line))
        return found, event

    def _key(self, event: Any) -> str:
        if isinstance(event, yaml.AliasEvent):
            raise _refused("an alias cannot be a key")
        self._refuse(event)
        if not isinstance(event, yaml.ScalarEvent):
            hint = "put it in quotes"
            if "{{" in self.document.line(self.line):
                hint = "write >- behind the colon, and the text on a line of its own, indented"
            raise _refused("a key has to be a plain word, not a mapping or a list", hint)
        if event.value == "<<":
            raise _refused("merge keys (<<) are not for this file", "write the keys out")
        return str(event.value)

    def _scalar(self, event: Any) -> Any:
        if not event.style:
            self._warn_of_remark(event)
        self._grow(1)
        return event.value if not event.implicit[0] else _resolved(event.value)

    def _warn_of_remark(self, event: Any) -> None:
        """Warn where a remark cuts what was perhaps the rest of the text."""
        line = event.end_mark.line + self.offset
        rest = self.document.line(line)[event.end_mark.column :]
        if _REMARK.match(rest) and event.value:
            message = f'the text ends before "{rest.split()[0]}": what follows # is a remark'
            hint = "put the text in quotes, or a space behind # where it is a remark"
            problem = self.document.at_line(line, message, hint)
            self.document.warnings.append(replace(problem, warning=True))

    def _aliased(self, event: Any) -> Any:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _refused(f"more than {MAX_ALIASES} aliases")
        if event.anchor not in self.anchors:
            raise _refused(f"nothing is anchored as &{event.anchor}")
        value, size = self.anchors[event.anchor]
        self._grow(size)
        return value

    def _grow(self, size: int) -> None:
        self.count += size
        if self.count > MAX_VALUES:
            raise _refused(f"more than {MAX_VALUES} values once aliases are filled in")

    def _refuse(self, event: Any) -> None:
        """Raise a `Fault` for a tag, or for what no text may hold."""
        if event.tag not in (None, "!"):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = "write plain data, without the tag"
            raise _refused(f"tags such as {tag} are not allowed", hint)
        if isinstance(event, yaml.ScalarEvent) and (found := STRAY.search(event.value)):
            raise _refused(f"a text holds {what(found[0])}", "delete it; it is invisible")


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

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z")


def _resolved(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema, without its octal and hexadecimal forms."""
    return _WORDS[text] if text in _WORDS else as_number(text)


def as_number(text: str) -> Any:
    """A text as the number that it is, or as it stands."""
    if not _FLOAT.match(text) or not math.isfinite(float(text)):
        return text
    number = int(text) if _INT.match(text) else float(text)
    if str(number) == text:
        return number
    return (WrittenInt if isinstance(number, int) else WrittenFloat)(number).written(text)


def _size(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_size, parts))


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
            return document.at_line(near, "no space behind the colon of a key", "put one there")
    for near in range(line, 0, -1):
        if _opens(document.line(near)) and _KEY.match(document.line(near + 1)):
            message = f"a quote opened in line {near} is never closed"
            hint = (
                "close it where its text ends; an apostrophe within single quotes is written twice"
            )
            return document.at_line(near, message, hint)
    excerpt = document.line(line)
    hint = "look at the quotes, colons and indentation of this line and the one above"
    if "\t" in excerpt[: len(excerpt) - len(excerpt.lstrip())] or "\\t" in message:
        hint = "indent with spaces: YAML does not take tabs"
    elif "mapping values are not allowed" in message:
        hint = 'a text that holds ": " wants quotes; keys of one entry begin in the same column'
    elif "cannot start any token" in message:
        hint = "a text that begins with @, ` or % wants quotes around it"
    return document.at_line(line, message, hint)
