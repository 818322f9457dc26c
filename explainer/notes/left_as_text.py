"""What Markdown left as text, though somebody meant more by it."""

import re
from collections.abc import Iterator

_OWN_PARAGRAPH = "put an empty line before it"
_AT_LINE = {
    r"[ ]*(?:[-*+]|\d{1,2}\.)[ ]+\S": ("a list right behind a paragraph", _OWN_PARAGRAPH),
    r"[ ]*\|.*\|[ ]*$|[ ]*[-–—:]+[ ]*\|[-–—:| ]*$": (
        "a table that is none",
        "put an empty line before it, and a line of | --- | behind its head",
    ),
}
_BEGINNING = {
    r"[ ]*(?:[•◦▪‣]|\d{1,2}\))[ ]+\S": ("a list that is none", "begin its items with - or with 1."),
    r"[ ]*(?:`{3,}+|~{3,}+)(?!\W*vega)": (
        "a fence",
        "fence code at the margin, and close it; in a list, indent it",
    ),
    r"\[[ xX]\] ": ("a box to tick", "say in words what is done"),
    r"(?:!!!|\?\?\?\+?) ?\w+": ("an admonition", "write > [!NOTE] and its text in lines with >"),
    r":{3,}": ("a container", "write > [!NOTE] and its text in lines with >"),
    r"[ ]*\[[^\[\]\n]+\]:\s": ("a definition", "write [label]: address, without spaces in it"),
}
_ANYWHERE = {
    r"~~(?=\S)[^~\n]+~~": ("a strikethrough", "write <del>…</del>"),
    r"(?<![\w$])\$\$?(?=\S)[^$\n]*(?<=\S)\$\$?(?![\w$])": (
        "a formula",
        "write it in words, or as `code`",
    ),
    r"==(?=\S)[^=\n]+==": ("a highlight", "write <mark>…</mark>"),
    r"\*\*(?=\S)|(?<=\S)\*\*": ("the mark of bold", "put ** on both sides, without spaces"),
    r"\[\[[^\[\]\n]+\]\]": ("a link", "write [text](file.md)"),
    r"\] ?\((?=https?:|#\w|[^\s()]+\.(?:md|html|pdf|csv|png|jpe?g|svg|webp)\b)": (
        "a link",
        "write [text](address), without a space between the two",
    ),
    r"\^\[": ("a footnote", "write [^1] here, and its text in a line [^1]: …"),
    r"\[![A-Z]+\]": ("the mark of a callout", "begin the quotation with it: > [!NOTE]"),
    r"\{[:#.][^{}\n]*\}": ("a list of attributes", "put it right behind what it is about"),
    r"\\$": ("a backslash", "end the line with two spaces to break it"),
}


_PATTERNS = [
    (
        re.compile(f"{before}(?:{'|'.join(f'({pattern})' for pattern in table)})", re.MULTILINE),
        table,
    )
    for before, table in (
        ("(?<=\n)", _AT_LINE | _BEGINNING),
        (r"\A", _BEGINNING),
        ("", _ANYWHERE),
    )
]


def leftovers(text: str, *, begins: bool) -> Iterator[tuple[int, str, str]]:
    """What a reader of a text sees as it was typed: where, what it is, and what to do.

    `begins` says whether a paragraph or an item begins with the text.
    """
    for pattern, table in _PATTERNS if begins else (_PATTERNS[0], _PATTERNS[2]):
        for match in pattern.finditer(text):
            what, hint = list(table.values())[(match.lastindex or 1) - 1]
            yield match.start(), what, hint
