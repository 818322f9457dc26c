"""What can be wrong with a site's content, and how it is said.

A `Problem` is for the people who write content: file, line, what is wrong, what to do. Bugs of
the generator itself are ordinary exceptions.
"""

import contextlib
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Protocol


class Rule(StrEnum):
    """The stable names of everything that a check can find; `explanation` says it in a line."""

    explanation: str

    def __new__(cls, name: str, explanation: str) -> "Rule":
        """Make the member a plain string that also carries its explanation."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.explanation = explanation
        return member

    UNREADABLE = "unreadable-file", "A file cannot be read, or is not UTF-8 text."
    BAD_YAML = "bad-yaml", "The data file or a note's front matter is not well-formed YAML."
    DUPLICATE_KEY = "duplicate-key", "A key stands twice in one mapping."
    UNKNOWN_KEY = "unknown-key", "A key that the data file or the front matter does not know."
    MISSING_KEY = "missing-key", "A key that has to be there is not."
    BAD_VALUE = "bad-value", "A value is not of the kind that its key asks for."
    BAD_ID = "bad-id", "An id is not made of a-z, 0-9 and hyphens."
    DUPLICATE_ID = "duplicate-id", "Two things that share a namespace have the same id."
    BAD_QUANTITY = "bad-quantity", "A quantity does not parse, or its ends are the wrong way round."
    UNKNOWN_LETTER = (
        "unknown-letter",
        "Letters that the typeface lacks: pages show them in another, and pictures not at all.",
    )
    UNKNOWN_UNIT = "unknown-unit", "A unit that is neither built in nor in the vocabulary."
    BAD_FORMULA = "bad-formula", "A formula does not parse."
    UNIT_MISMATCH = "unit-mismatch", "The units of a formula or a chart do not fit together."
    UNBOUNDED = "unbounded-result", "A formula's result has no bounded end."
    CIRCULAR = "circular-formula", "Formulas that need each other."
    MISSING_TRANSLATION = (
        "missing-translation",
        "A text or a note lacks one of the site's languages.",
    )
    UNKNOWN_CLAIM = "unknown-claim", "There is no claim of that id."
    UNKNOWN_CHART = "unknown-chart", "There is no chart of that id."
    UNKNOWN_SOURCE = "unknown-source", "There is no source of that id."
    UNKNOWN_SPEAKER = "unknown-speaker", "There is no speaker of that id."
    UNKNOWN_TERM = "unknown-term", "There is no glossary entry of that id."
    UNKNOWN_DISAGREEMENT = "unknown-disagreement", "There is no disagreement of that id."
    UNKNOWN_WORD = "unknown-word", "A measure, place, product or level is not in the vocabulary."
    UNREAD_SOURCE = "unread-source", "The last source of a chain has not been read."
    LONG_QUOTATION = "long-quotation", "A quotation is longer than 25 words."
    BAD_EXPRESSION = "bad-expression", "Something in {{ }} or {% %} that a note may not say."
    UNBOUND_NUMBER = "unbound-number", "A number in a text that comes from no claim."
    CLAIM_IN_LINK = "claim-in-link", "A claim stands inside the text of a link."
    CLAIM_IN_HEADING = "claim-in-heading", "A heading prints a claim and does not name its id."
    BAD_HEADING = "bad-heading", "A note's heading is of the first level, which is its title's."
    BROKEN_LINK = "broken-link", "A link leads to a page or file that does not exist."
    BROKEN_ANCHOR = "broken-anchor", "A link leads to a place in a page that does not exist."
    MISSING_FOOTNOTE = "missing-footnote", "A footnote or link reference that is never defined."
    UNUSED_FOOTNOTE = "unused-footnote", "A footnote that nothing refers to."
    FORBIDDEN_HTML = "forbidden-html", "A script, handler, form, style or unsafe link in a note."
    BAD_IMAGE = "bad-image", "An image without alternative text or credit, or one we cannot read."
    BAD_COLOR = "bad-color", "A color of the site cannot be read, or told from another."
    LEFT_AS_TEXT = "left-as-text", "Something that looks like Markdown, and stays text here."
    UNREAD_FILE = "unread-file", "A file that looks like a note, and is none."
    BAD_CHART = "bad-chart", "A chart's options are wrong, or would mislead."
    OVERLAP = "overlap", "Texts of a chart's drawing cover each other, or its edge cuts one off."
    TEMPLATE_ERROR = "template-error", "A template is malformed or names something undefined."
    UNDECLARED_CONFLICT = (
        "undeclared-conflict",
        "Claims on one subject lie apart, and no disagreement says so.",
    )
    UNEXPECTED_RESULT = "unexpected-result", "A formula no longer gives what an editor relied on."
    NUMBER_WORD = "number-word", "A number written as a word, which no check can bind."
    CLUMSY_QUALIFIER = (
        "clumsy-qualifier",
        "A claim's first word reads badly behind the word before it: to up to, at at least.",
    )
    REVIEW_DUE = "review-due", "Something was to be looked at again by now."
    BAD_TABLE = "bad-table", "A table beside the data file is not well-formed CSV."
    BAD_STRINGS = "bad-strings", "The interface strings of a language lack a text or a {name}."
    STALE_SCHEMA = "stale-schema", "The schema file for editors is older than the data model."
    PAGE_CLASH = "page-clash", "Two things would be published under one address."
    BAD_OUTPUT = "bad-output", "The site cannot be written where it should go."
    NO_CONTENT = "no-content", "The content folder or a file that has to be in it is missing."


def counted(count: int, noun: str) -> str:
    """How many there are of something, in English: 1 page, 2 pages."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def verdict(problems: Sequence["Problem"], strict: bool = False) -> str:
    """How many problems there are, and beside them warnings, by which a strict check fails, too."""
    warnings = sum(problem.warning for problem in problems)
    said = [counted(len(problems) - warnings, "problem")]
    text = ", ".join([*said, counted(warnings, "warning")] if warnings else said)
    return f"failed: {text} (strict)" if strict else text


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file as an editor sees it: path as shown, and line number from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, by which rule, what, what to do, and the line itself."""

    place: Place
    rule: Rule
    message: str
    hint: str = ""
    excerpt: str = ""
    warning: bool = False

    @property
    def severity(self) -> str:
        """The word `warning` or `error`."""
        return "warning" if self.warning else "error"

    def text(self) -> str:
        """The problem as a terminal shows it: a line, then the excerpt and the hint."""
        kind = "warning: " if self.warning else ""
        lines = [f"{self.place.file}:{self.place.line}: {kind}{self.rule}: {self.message}"]
        if self.excerpt:
            lines.append(f"    {shortened(_COMMAND.sub('· ', self.excerpt).strip(), 120)}")
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(_harmless(line.replace("\n", " ")) for line in lines)

    def annotation(self) -> str:
        """The problem as a command to GitHub's runner, which shows it on the line it is about."""
        file, title = _escaped(self.place.file, ":,"), _escaped(str(self.rule), ":,")
        text = _harmless(f"{self.message}\n{self.hint}" if self.hint else self.message)
        where = f"file={file},line={self.place.line},title={title}"
        return f"::{self.severity} {where}::{_escaped(text)}"

    def record(self) -> dict[str, str | int | None]:
        """The problem as one JSON object of `--json`."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "rule": str(self.rule),
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint or None,
            "excerpt": self.excerpt or None,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Problem":
        """The problem that a record of it tells of."""
        return cls(
            Place(record["file"], record["line"]),
            next(rule for rule in Rule if rule == record["rule"]),
            record["message"],
            record["hint"] or "",
            record["excerpt"] or "",
            warning=record["severity"] == "warning",
        )


KeyPath = tuple[str | int, ...]
"""The keys and numbers that lead to a place in a file."""


class Fault(Exception):
    """What is wrong with one thing, raised where it is found by code that knows no file.

    Whoever does know where the thing stands catches it with `Report.catching`, which makes a
    `Problem` of it. `path` leads on from there; `needle` is a word to look for at that place.
    """

    def __init__(
        self, rule: Rule, message: str, hint: str = "", *, path: KeyPath = (), needle: str = ""
    ):
        # All of it, so that it comes whole out of another process.
        super().__init__(rule, message, hint)
        self.rule, self.message, self.hint = rule, message, hint
        self.path, self.needle = path, needle

    def __reduce__(self) -> tuple[Any, ...]:
        """Tell pickle what to call: keyword arguments are not among `args`."""
        return partial(type(self), path=self.path, needle=self.needle), self.args


class ToldAtItsPlace(Fault):
    """A fault of something that others rest on, which is told where that is, and not by them."""


class Located(Protocol):
    """A file whose parts have places: parsed YAML by path, a note by line."""

    def problem(
        self, path: KeyPath, rule: Rule, message: str, hint: str = "", *, needle: str = ""
    ) -> Problem:
        """A problem at a place of the file."""


def line_with(needle: str, lines: Sequence[str]) -> int:
    """Which of these lines, counted from 0, holds a text as a word of its own; the first without.

    A line with the text in quotes goes before: of `claim("clans")` the id is meant, and not the
    clans that an earlier line speaks of.
    """
    # "price" is not to be found in "price-rise".
    word = rf"(?<![\w-]){re.escape(needle)}(?![\w-])"
    for pattern in (rf"""["']{word}\\?["']""", word):
        for number, line in enumerate(lines):
            if needle and re.search(pattern, line):
                return number
    return 0


class Report:
    """What is wrong, collected as it is found, by code that is handed one down.

    A report may stand at a place: then what it is told is at that place, or further down.
    """

    def __init__(
        self, file: Located | None = None, path: KeyPath = (), problems: list[Problem] | None = None
    ):
        self.problems: list[Problem] = [] if problems is None else problems
        self._file, self._path = file, path

    def of(self, file: Located, *path: str | int) -> "Report":
        """The same report at a place in a file."""
        return Report(file, path, self.problems)

    def at(self, *path: str | int) -> "Report":
        """The same report further down in its file."""
        return Report(self._file, (*self._path, *path), self.problems)

    def say(
        self,
        rule: Rule,
        message: str,
        hint: str = "",
        *,
        path: KeyPath = (),
        needle: str = "",
        warning: bool = False,
    ) -> None:
        """Tell of a problem at this place, or at a path from here."""
        assert self._file is not None, "a report is told where it stands before it is told more"
        where = (*self._path, *path)
        found = self._file.problem(where, rule, message, hint, needle=needle)
        self.problems.append(replace(found, warning=True) if warning else found)

    def add(self, *problems: Problem) -> None:
        """Tell of problems whose place is known already."""
        self.problems.extend(problems)

    @contextlib.contextmanager
    def catching(self) -> Iterator[None]:
        """Tell of a `Fault` that is raised within, and go on behind it."""
        try:
            yield
        except Fault as fault:
            self.tell(fault)

    def tell(self, fault: Fault) -> None:
        """Tell of a fault, at its path from here, but for one that is told at its own place."""
        if isinstance(fault, ToldAtItsPlace):
            return
        self.say(fault.rule, fault.message, fault.hint, path=fault.path, needle=fault.needle)

    @property
    def failed(self) -> bool:
        """Whether anything that was told is more than a warning."""
        return any(not problem.warning for problem in self.problems)

    def stop_if_failed(self) -> None:
        """Raise `ContentError` with all of it, if any of it is more than a warning."""
        if self.failed:
            raise ContentError(in_order(self.problems))


class ContentError(Exception):
    """Raised where going on makes no sense; carries the problems found up to there."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems sorted by place, each said once."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (p.place, p.warning, str(p.rule), p.message))


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """`did you mean "…"?` for the nearest known name, or an empty string when none is near."""
    name = nearest(wrong, known)
    return f'did you mean "{name}"?' if name else ""


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The known name that is near a wrong one, or an empty string.

    Case, spaces and underscores are made alike before names are compared, since those are the
    commonest slips.
    """
    candidates = [name for name in known if name != wrong]
    alike = {_normal(name): name for name in reversed(candidates)}
    near = difflib.get_close_matches(_normal(wrong), alike, n=1, cutoff=0.6)
    if near:
        return alike[near[0]]
    beginning = [name for name in candidates if _normal(name).startswith(_normal(wrong) + "-")]
    return beginning[0] if beginning and len(wrong) > 2 else ""


def choices(known: Iterable[str], most: int = 12) -> str:
    """The known names as a readable list, cut after `most` of them."""
    names = list(known)
    more = f" … ({len(names)} in all)" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def shown(path: Path) -> str:
    """A path as problems print it: relative to the working folder where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


_COMMAND = re.compile(r"^(?=\s*(?:::|##\[))")
"""That a line begins as the commands to GitHub's runner do, wherever they are printed."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys rather than shows."""


def _harmless(text: str) -> str:
    """A text with a sign in place of each character that a terminal would obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _escaped(text: str, more: str = "") -> str:
    """A text as the runner's commands want it: what would end it is percent-encoded."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _normal(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def shortened(line: str, width: int) -> str:
    """A line of at most so many characters, the last of which says where it is cut."""
    return line if len(line) <= width else line[: width - 1] + "…"
