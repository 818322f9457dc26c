"""Quotations, held against kept copies of the sources that they are from."""

import hashlib
import html
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from explainer.data.dataset import Dataset


@dataclass(frozen=True)
class Held:
    """A quotation, and what holding it against a copy gave."""

    section: str
    """`claims` or `series`."""
    id: str
    source: str
    quote: str
    file: str
    """The copy, empty where the folder has none of that digest."""
    found: bool
    readable: bool = True
    """Whether the copy is one of text, or a page."""

    def text(self) -> str:
        """The result as a terminal shows it."""
        if not self.file:
            return f'{self.id}: not held: the copy of "{self.source}" is not there'
        if not self.readable:
            return f"{self.id}: not held: {self.file} is no text; keep the page or its text"
        if self.found:
            return f"{self.id}: found in {self.file}"
        return f"{self.id}: NOT found in {self.file}: {self.quote}"

    def record(self) -> dict[str, object]:
        """The result as one JSON object of `--json`."""
        return {**asdict(self), "file": self.file or None}


def verify(dataset: Dataset, folder: Path) -> list[Held]:
    """Each quotation whose last source has a copy, held against that copy in a folder.

    A copy is known by its digest, whatever its name. Words have to be the same, in the same order;
    white space and the shape of quotation marks do not matter, and … stands for words left out.
    """
    files = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    texts: dict[Path, str | None] = {}
    found = []
    for section, name, source, quote in dataset.quotations():
        copy = dataset.sources[source].kept
        path = files.get(copy.sha256) if copy else None
        if path is not None and path not in texts:
            texts[path] = _plain(path)
        text = texts[path] if path else ""
        file = path.relative_to(folder).as_posix() if path else ""
        whole = bool(text and holds(text, quote))
        found.append(Held(section, name, source, quote, file, whole, text is not None))
    return found


def holds(text: str, quote: str) -> bool:
    """Whether a text holds the words of a quotation, one part between … behind the other."""
    text, position = normal(text), 0
    for part in re.split(r"\[?(?:…|\.\.\.)\]?", quote):
        words = re.escape(normal(part))
        at = re.compile(rf"(?<!\w){words}(?!\w)" if words else "").search(text, position)
        if at is None:
            return False
        position = at.end()
    return True


def normal(text: str) -> str:
    """A text with plain quotation marks, and one space wherever there is white space."""
    text = text.translate(_MARKS)
    return " ".join(text.split())


_MARKS = str.maketrans(
    {**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛", "'"), "\u00ad": None}
)


def _plain(path: Path) -> str | None:
    """The text of a copy, without the tags and the scripts of a page; None if it is no text."""
    raw = path.read_bytes()
    if raw.startswith(b"%PDF") or b"\0" in raw:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if re.match(r"\s*<(?:!doctype|html|\?xml|!--)", text, re.IGNORECASE):
        text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->", " ", text)
        # What divides words for a reader does it here, too; <b> does not.
        text = re.sub(r"(?i)</?(?:p|div|br|li|td|th|tr|h\d|section|article)\b[^>]*>", " ", text)
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return text
