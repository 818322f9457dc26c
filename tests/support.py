"""What the tests share: writing and building small sites, and reading pages as a reader would."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import build

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
AVOCADO = TESTS / "avocado"
"""A small sound site on another topic than ours; other test sites take from it what they lack."""

ADDRESS = "https://example.org/air/"
"""Where sites of tests are said to stand that know their address."""

UPDATE = bool(os.environ.get("UPDATE_EXPECTED"))
"""Whether files of expected results are written again instead of compared."""


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


def run(*words: str | Path, main: Callable[[list[str]], int] = build.main) -> Outcome:
    """Run `build.py` with these words in this process, in the present folder.

    With the `main` of the program itself, as `explainer` runs where it was installed.
    """
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return Outcome(code, out.getvalue(), err.getvalue())


def build_into(content: Path, output: Path, *words: str | Path) -> Path:
    """Build a sound site and give its folder."""
    done = run("--content", content, "--output", output, *words)
    assert done.code == 0, done.err
    return output


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[Path]:
    """Be in a folder for a while: drawings are kept in `.cache` below it."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)


def write_tree(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files, given by their paths below the folder, and give the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def like_avocado(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """A copy of the small sound site, with these files in place of, or beside, its own."""
    shutil.copytree(AVOCADO, folder, dirs_exist_ok=True)
    return write_tree(folder, files or {})


def note(body: str, title: str = "Avocados", summary: str = "What a kilo costs.") -> str:
    """A note file with this body."""
    return f"---\ntitle: {title}\nsummary: {summary}\n---\n\n{body}\n"


def tree(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tree_with_times(folder: Path) -> dict[str, tuple[str, int]]:
    """The digest and time of modification of each file below a folder, by its path."""
    return {
        name: (digest, (folder / name).stat().st_mtime_ns) for name, digest in tree(folder).items()
    }


def same_or_update(path: Path, found: str) -> None:
    """Compare with a file of expected text, or write it where UPDATE_EXPECTED is set."""
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, "utf-8", newline="\n")
    assert path.is_file(), f"no {path.name}: run the test once with UPDATE_EXPECTED=1"
    assert found == path.read_bytes().decode().replace("\r\n", "\n")


def same_part_or_update(path: Path, name: str, writer: str, found: str) -> None:
    """Compare with the part of a file that stands between two comments, or write that part."""
    opening, closing = f"<!-- {name}: written by tests/{writer} -->\n", f"<!-- /{name} -->"
    text = path.read_text("utf-8")
    before, start, rest = text.partition(opening)
    written, end, after = rest.partition(closing)
    assert start and end, f"{path.name} has no part {name}"
    if UPDATE:
        written = f"\n{found}\n\n"
        path.write_text(before + opening + written + closing + after, "utf-8", newline="\n")
    assert written.strip() == found, "run this test once with UPDATE_EXPECTED=1"


# Pages as trees

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass(slots=True)
class Element:
    """An element of a page."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str = "", **attrs: str) -> list[Element]:
        """The elements of a tag below this one whose attributes hold these words."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.walk()
            if tag in ("", element.tag)
            and all(
                value == element.attrs.get(name) or value in element.attrs.get(name, "").split()
                for name, value in wanted.items()
            )
        ]

    def one(self, tag: str = "", **attrs: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} elements {tag} {attrs}"
        return found[0]

    def text(self) -> str:
        """Its text, white space made even."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(
            child if isinstance(child, str) else child._raw()
            for child in self.children
            if isinstance(child, str) or child.tag not in ("script", "style")
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        names = [element.tag for element in self.open]
        if tag in names[1:]:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def page(path: Path) -> Element:
    """A built page, to be read only: many tests look at the same ones."""
    status = path.stat()
    return _page(path, status.st_mtime_ns, status.st_ino)


@functools.lru_cache(maxsize=300)
def _page(path: Path, _changed: int, _number: int) -> Element:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader.root


def pages(site: Path) -> list[Path]:
    """The pages of a site."""
    return sorted(site.rglob("*.html"))


# What a page says, as text

_BLOCKS = {
    "address", "article", "aside", "blockquote", "button", "caption", "dd", "details", "div",
    "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip


def outline(top: Element) -> str:
    """What an element says: a line a block, claims and links shown as such, drawings in words."""
    lines: list[str] = []
    _outline(top, "", lines)
    return "\n".join(lines) + "\n"


def _outline(element: Element, indent: str, lines: list[str]) -> None:
    words: list[str] = []
    start = len(lines)
    name = element.tag + (f"#{element.attrs['id']}" if element.attrs.get("id") else "")

    def flush() -> None:
        said = " ".join("".join(words).split())
        words.clear()
        if said:
            lines.append(f"{indent}{name}: {said}")

    for child in element.children:
        if isinstance(child, str):
            words.append(child)
        elif child.tag == "svg":
            flush()
            lines.append(f"{indent}drawing: {drawn(child)}")
        elif child.tag == "tr":
            flush()
            cells = [inline(cell) for cell in child.children if isinstance(cell, Element)]
            lines.append(f"{indent}row: " + " | ".join(cells))
        elif child.tag in _BLOCKS:
            flush()
            _outline(child, indent + "  " * (element.tag in ("ul", "ol", "dl", "figure")), lines)
        elif child.tag not in ("script", "style"):
            words.append(inline(child))
    flush()
    if element.tag in ("figure", "section", "blockquote", "ul", "ol") and len(lines) > start:
        lines.insert(start, f"{indent}<{name}>")


def inline(element: Element) -> str:
    """An inline element as text: ⟨claim:id value "text"⟩, [text](target), and so on."""
    inner = "".join(c if isinstance(c, str) else inline(c) for c in element.children)
    inner = " ".join(inner.split()) if element.tag != "span" else inner
    attrs = element.attrs
    if "data-claim" in attrs:
        value = "".join(data.attrs["value"] for data in element.all("data"))
        return (
            f'⟨{attrs["data-claim"]} = {value} → {attrs.get("href", "itself")}: "{element.text()}"⟩'
        )
    if element.tag == "a":
        if attrs.get("class") == "permalink" and attrs.get("aria-hidden"):
            return ""
        meaning = f" “{attrs['title']}”" if attrs.get("title") else ""
        # A whole specification in an address is no text for people.
        href = re.sub(r"(/url/vega-lite/)[\w+-]+", r"\1…", attrs.get("href", ""))
        return f"[{inner}]({href}{meaning})"
    if element.tag == "img":
        size = f"{attrs.get('width')}×{attrs.get('height')}"
        return f"image {attrs.get('src')} {size} “{attrs.get('alt')}”"
    if element.tag == "abbr":
        return f"{inner} ({attrs.get('title')})"
    if element.tag in ("em", "strong", "code", "q"):
        return f"<{element.tag}>{inner}</{element.tag}>"
    if attrs.get("data-exempt") == "plain":
        return f"⟨plain: {inner}⟩"
    return inner


def drawn(svg: Element) -> str:
    """A drawing by what it says: its name, its description, and the words that it shows."""
    parts = [part for text in svg.all("text") for part in text.all("tspan") or [text]]
    shown = sorted({word for part in parts for word in part.text().split()})
    title = next(iter(svg.all("title"))).text()
    described = next(iter(svg.all("desc"))).text()
    return f"{svg.attrs.get('role')} “{title}”; {described} Shows {' '.join(shown)}"


def specs(top: Element) -> list[dict[str, object]]:
    """The chart specifications that an element carries."""
    return [
        json.loads("".join(str(part) for part in script.children))
        for script in top.all("script", type="application/json")
    ]


def layers(spec: Mapping[str, Any], above: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """The layers of a specification that hold a mark, each with all of its channels and steps.

    What the specification itself says of its channels is left out.
    """
    for layer in spec.get("layer", ()):
        told = above or {}
        whole = {
            **told,
            **layer,
            "encoding": {**told.get("encoding", {}), **layer.get("encoding", {})},
            "transform": [*told.get("transform", ()), *layer.get("transform", ())],
        }
        yield from layers(layer, whole) if "layer" in layer else [whole]
