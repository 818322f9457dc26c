"""Whatever is edited, in whatever order: what is remembered gives the bytes as from nothing.

Random edits of texts, claims, charts, templates, strings, fonts and files beside notes, with
deletions and renames. After each, the site is made by a process that remembers the one before, by
one that finds what was kept on disk, and by one that knows nothing.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support import ROOT, write_tree

from bench import corpus
from explainer import site
from explainer.figures import drawer
from explainer.memo import Cache, Memo
from explainer.problems import ContentError
from explainer.project import Setup, Snapshot, take

NOTES = 3
EDITS = 10
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="{}"/></svg>'


class Desk:
    """A folder of content and templates, on which somebody works at random."""

    def __init__(self, folder: Path, seed: int):
        self.content, self.templates = folder / "content", folder / "templates"
        corpus.write_ours(self.content, NOTES)
        shutil.copytree(ROOT / "templates", self.templates)
        self.chance = random.Random(seed)
        self.count = 0

    def edit(self) -> str:
        """Edit something, and say what."""
        self.count += 1
        action = self.chance.choice(
            [
                self.sentence, self.heading, self.summary, self.price, self.chart_title,
                self.chart_away, self.template, self.style, self.string, self.font,
                self.picture, self.picture_away, self.new_note, self.note_away, self.rename,
                self.broken, self.order,
            ]
        )  # fmt: skip
        action()
        return action.__name__

    def note(self) -> Path:
        """One of the notes; not the front page, which has to stay."""
        notes = [path for path in sorted(self.content.glob("*.md")) if path.name != "index.md"]
        return self.chance.choice(notes or [self.content / "index.md"])

    def change(self, path: Path, pattern: str, new: str | Callable[[re.Match[str]], str]) -> None:
        """Replace the first match in a file, if there is one."""
        text = path.read_text("utf-8")
        path.write_text(re.sub(pattern, new, text, count=1, flags=re.MULTILINE), "utf-8")

    def sentence(self) -> None:
        with self.note().open("a", encoding="utf-8") as file:
            file.write(f"\nOne more sentence{'!' * self.count}\n")

    def heading(self) -> None:
        self.change(self.note(), r"^## The ", "## Once more the ")

    def summary(self) -> None:
        self.change(self.note(), r"^summary: ", "summary: Again, ")

    def order(self) -> None:
        self.change(self.note(), r"^order: \d+", f"order: {self.count}")

    def price(self) -> None:
        def higher(match: re.Match[str]) -> str:
            return f"value: {int(match[1]) + self.count}"

        name = self.chance.randrange(NOTES)
        self.change(self.content / "data.yaml", rf"(?<=price-{name}:\n)(.*\n.*)value", r"\1value")
        self.change(self.content / "data.yaml", r"value: (\d+)", higher)

    def chart_title(self) -> None:
        self.change(self.content / "data.yaml", r"The way from ", "The long way from ")

    def chart_away(self) -> None:
        self.change(self.note(), r"^\{\{ chart.*$", "")

    def template(self) -> None:
        self.change(self.templates / "base.html", "<main", f'<main data-edit="{self.count}"')

    def style(self) -> None:
        with (self.templates / "css" / "site.css").open("a", encoding="utf-8") as file:
            file.write(f"\n.edit-{self.count} {{ margin: {self.count}px; }}\n")

    def string(self) -> None:
        self.change(self.templates / "strings" / "en.yaml", r"skip: Skip", "skip: Now skip")

    def font(self) -> None:
        regular, bold = (
            self.templates / "fonts" / f"ExplainerSans-{name}.woff2" for name in ("Regular", "Bold")
        )
        one, other = regular.read_bytes(), bold.read_bytes()
        regular.write_bytes(other)
        bold.write_bytes(one)

    def picture(self) -> None:
        (self.content / "dot.svg").write_text(DOT.format(self.count), "utf-8")
        with (self.content / "index.md").open("a", encoding="utf-8") as file:
            file.write('\n![A dot](dot.svg "Ours")\n')

    def picture_away(self) -> None:
        (self.content / "dot.svg").unlink(missing_ok=True)

    def new_note(self) -> None:
        text = f"---\ntitle: New {'I' * self.count}\nsummary: More of it.\n---\n\nMore.\n"
        write_tree(self.content, {f"new-{'i' * self.count}.md": text})

    def note_away(self) -> None:
        path = self.note()
        if path.name.startswith("new-"):
            path.unlink()

    def rename(self) -> None:
        path = self.note()
        if path.name.startswith("new-"):
            path.rename(path.with_name(f"{path.stem}-again.md"))

    def broken(self) -> None:
        with self.note().open("a", encoding="utf-8") as file:
            file.write("\nIt costs 12 dollars.\n" if self.count % 2 else "\n{{ claim(}}\n")

    def mend(self) -> None:
        """Take out what cannot be built."""
        for path in self.content.glob("*.md"):
            text = path.read_text("utf-8")
            text = text.replace("\nIt costs 12 dollars.\n", "").replace("\n{{ claim(}}\n", "")
            if not (self.content / "dot.svg").is_file():
                text = text.replace('\n![A dot](dot.svg "Ours")\n', "")
            path.write_text(text, "utf-8")


def outcome(setup: Setup, memo: Memo, snapshot: Snapshot) -> Mapping[str, bytes] | list[str]:
    """Every file of the site, or what is wrong; pictures in pixels by what they are made of."""
    try:
        made = site.make(setup, memo, snapshot)
    except ContentError as error:
        return [problem.text() for problem in error.problems]
    return {path: file.value for path, file in made.files.items() if file.kept}


@pytest.mark.parametrize("seed", range(10))
def test_remembered_is_as_from_nothing(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Bundling it anew each time would take most of the time.
    monkeypatch.setattr(drawer, "runtime", lambda store: b"// Vega")
    desk = Desk(tmp_path, seed)
    setup = Setup(desk.content, desk.templates, tmp_path / "site", tmp_path / "kept")
    snapshot = take(setup)
    warm = Memo(Cache(setup.cache))
    print(f"seed {seed}")
    for _ in range(EDITS):
        print(desk.edit())
        snapshot = take(setup, snapshot)
        remembered = outcome(setup, warm, snapshot)
        warm.forget()
        assert remembered == outcome(setup, Memo(Cache(setup.cache)), take(setup))
        fresh = Memo(Cache(tmp_path / f"nothing-{desk.count}"))
        assert remembered == outcome(setup, fresh, take(setup))
        if isinstance(remembered, list):
            desk.mend()
