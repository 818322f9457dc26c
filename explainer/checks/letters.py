"""Letters that the typeface lacks: where a text holds some, and which charts show them."""

import re
import unicodedata
from collections.abc import Iterable

from explainer.figures.figure import Figure
from explainer.notes.note import TextFile
from explainer.problems import Report, Rule
from explainer.project import Blob

HINT = "write it in letters that it has, or add these: templates/fonts/README.md says how"


def check_letters(report: Report, blob: Blob, letters: str) -> None:
    """Warn of words in a script that is not among these letters, once for each script of a file.

    Pages show them in a typeface of the reader's, which may look out of place.
    """
    lines = blob.text().split("\n")
    report = report.of(TextFile(file=blob.file, lines=lines))
    found: dict[str, list[tuple[int, str]]] = {}
    for number, line in enumerate(lines, 1):
        if line.isascii() or (blob.name.endswith(".yaml") and line.lstrip().startswith("#")):
            continue
        for word in re.findall(r"[^\W\d_]+", line):
            lacking = next((c for c in word if c.isalpha() and c not in letters), "")
            name = script(lacking) if lacking else "Latin"
            # A rare Latin letter, as in Łódź, looks like its neighbours in most typefaces.
            if name != "Latin":
                found.setdefault(name, []).append((number, word))
    for name, [(number, word), *others] in found.items():
        more = f" (and {len(others)} more)" if others else ""
        message = f'"{word}" has {name} letters that the typeface lacks{more}'
        report.say(Rule.UNKNOWN_LETTER, message, HINT, path=(number,), warning=True)


def script(letter: str) -> str:
    """The script of a letter, such as Greek, or what it is called where there is no such word."""
    name = unicodedata.name(letter, "unknown").split()[0]
    return name if name == "CJK" else name.capitalize()


def check_lettering(report: Report, figure: Figure, code: str, letters: str) -> None:
    """Tell of what a figure's pictures would show as boxes; the report stands at its chart."""
    shown: Iterable[str] = (
        *figure.wide.texts,
        *figure.narrow.texts,
        figure.title_text,
        figure.note.striptags(),
        *figure.caveats,
        *(source.label for source in figure.sources),
    )
    for text in shown:
        lacking = [c for c in dict.fromkeys(text) if c not in letters and not c.isspace()]
        if lacking:
            message = f'"{text}" in the chart "{figure.id}" in {code} holds what the typeface lacks'
            report.say(Rule.UNKNOWN_LETTER, f"{message}: {' '.join(lacking[:8])}", HINT)
            return
