"""Lists as Python-Markdown wants them: each level four columns further in than the one above."""

import re

_MARKER = re.compile(r"(?:[-*+]|\d+\.) +\S")
_RULE = re.compile(r"([-*_])(?: *\1){2,} *")
_QUOTED = re.compile(r"(?: {0,3}> ?)*")
_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)")


def nested(text: str) -> str:
    """The text with items that stand two or three columns in where others would have four.

    What belongs to an item moves with it. A list of four columns a level stays as it is.
    """
    lines = text.split("\n")
    reader = _Reader()
    for number, line in enumerate(lines):
        quoted = _QUOTED.match(line)
        assert quoted
        lines[number] = quoted[0] + reader.moved(line[quoted.end() :], quoted[0].count(">"))
    return "\n".join(lines)


class _Reader:
    """Reads a text line by line, and knows which items are open."""

    def __init__(self) -> None:
        self.items: list[int] = []
        """The column of the marker of each open item."""
        self.depth = 0
        self.fence = ""
        self.blank = True
        self.shift = 0

    def moved(self, line: str, depth: int) -> str:
        """The line where it belongs."""
        if depth != self.depth:
            self.items, self.depth, self.fence, self.blank = [], depth, "", True
        if fence := _FENCE.match(line):
            if not self.fence:
                self.fence = fence[1]
            elif line.strip().startswith(self.fence) and not line.strip(" `~"):
                self.fence = ""
        if self.fence or not line.strip():
            self.blank = self.blank or not self.fence
            return line
        text = line.lstrip(" ")
        column = len(line) - len(text)
        marker = _MARKER.match(text) and not _RULE.fullmatch(text)
        if marker and (self.items or (self.blank and column < 4)):
            self._close(column)
            if not self.items or column - self.items[-1] < 8:
                self.shift = 4 * len(self.items) - column if self.items else 0
                self.items.append(column)
                line = self._shifted(line, column)
            self.shift = 0
        else:
            if self.blank:
                self._close(column)
                # Six columns in, or more, is code that belongs to the item.
                code = bool(self.items) and column - self.items[-1] >= 6
                self.shift = 4 * (len(self.items) + code) - column if self.items else 0
                if code:
                    self.shift += max(column - self.items[-1] - 8, 0)
            line = self._shifted(line, column)
        self.blank = text.startswith("#")
        return line

    def _close(self, column: int) -> None:
        while self.items and column < self.items[-1] + 2:
            self.items.pop()

    def _shifted(self, line: str, column: int) -> str:
        return " " * self.shift + line if self.shift > 0 else line[min(-self.shift, column) :]
