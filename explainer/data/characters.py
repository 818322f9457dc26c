"""Characters that no text needs, and that do harm where they stand unseen."""

import re
from collections.abc import Iterator

_STRAY = {
    "a control character": "\x00-\x08\x0b-\x1f\x7f",
    "a private-use character": "\ue000-\uf8ff",
    "a character that turns the direction of reading": "\u061c\u200e\u200f\u202a-\u202e"
    "\u2066-\u2069",
    "a character that is none": "\ufdd0-\ufdef\ufffe\uffff",
}
"""Some mark places while a note is read; some show a number from its end; some no file may hold."""

STRAY = re.compile(f"[{''.join(_STRAY.values())}]")

_ENTITY = re.compile(r"&#(?:0*+(\d{1,7})|[xX]0*+([0-9a-fA-F]{1,6}))(?![0-9a-fA-F]);?")
"""A character written as its number: decimal or hexadecimal."""


def what(character: str) -> str:
    """What a stray character is, in an editor's words."""
    return next(name for name, range_ in _STRAY.items() if re.match(f"[{range_}]", character))


def stray(text: str) -> Iterator[tuple[int, str]]:
    """Where stray characters stand in a text, themselves or as an entity, and what they are."""
    for match in STRAY.finditer(text):
        yield match.start(), what(match[0])
    for match in _ENTITY.finditer(text):
        if character := _stray_entity(match):
            yield match.start(), f"{what(character)} as an entity"


def without_stray(text: str) -> str:
    """The text without them."""
    return _ENTITY.sub(lambda m: "" if _stray_entity(m) else m[0], STRAY.sub("", text))


def _stray_entity(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    return chr(code) if code < 0x110000 and STRAY.match(chr(code)) else ""
