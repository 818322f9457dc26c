"""What each page of a built site weighs over the wire, and what it may weigh.

    .venv/bin/python bench/sizes.py site

The budgets, in bytes after gzip as a host of static pages sends them, everything included that a
page loads before a reader touches it: LISTED and CLAIM for what lists every claim, else NOTE and
CHART for each of its charts, with more for a map, and ADDRESS for a link to the Vega editor. They
are what makes a page quick on a slow telephone.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

NOTE, CHART, MAP = 46_500, 9_100, 25_000
ADDRESS = 8_000
"""The specification once more, in the address at which the Vega editor opens it."""
LISTED, CLAIM = 45_000, 295
FONTS, SCRIPTS = 25_000, 10_000
LISTS = ("data.html", "sources.html")
"""Pages that list every claim."""

LOADING = ("src", "srcset", "data", "poster", "background")
"""Attributes that make a browser fetch something at once."""

PACKED = (".woff2", ".png", ".jpg", ".jpeg", ".webp")
"""What a host sends as it is, because it is packed already."""

SHOWN = 12
"""How many pages a table shows before a reader asks for the others."""


@dataclass(frozen=True)
class Weight:
    """A page: what it weighs in bytes, what it may weigh, and what it loads from elsewhere."""

    path: str
    charts: int
    maps: int
    total: int
    budget: int
    fonts: int
    scripts: int
    foreign: Sequence[str]

    @property
    def share(self) -> float:
        """How much of the budget is used."""
        return self.total / self.budget


def weigh(site: Path) -> list[Weight]:
    """The weights of a site's pages, by path; of all but 404.html, which stands for any address."""
    claims = len((site / "data/claims.csv").read_text("utf-8").splitlines()) - 1
    pages = sorted(path for path in site.rglob("*.html") if path.name != "404.html")
    return [_weight(site, path, claims) for path in pages]


def table(weights: Sequence[Weight]) -> str:
    """The weights in Markdown: the ones nearest to their budget first, most of them folded."""
    rows = [
        f"| {'⚠️ ' if w.share > 1 else ''}{w.path} | {w.charts} | {w.total / 1000:.1f} kB | "
        f"{w.budget / 1000:.1f} kB | {w.share:.0%} |"
        for w in sorted(weights, key=lambda w: (-w.share, w.path))
    ]
    head = ["| Page | Charts | Over the wire | Budget | Used |", "| --- | --: | --: | --: | --: |"]
    parts = ["\n".join([*head, *rows[:SHOWN]])]
    if rows[SHOWN:]:
        rest = "\n".join([*head, *rows[SHOWN:]])
        others = f"<summary>{len(rows) - SHOWN} more pages</summary>"
        parts.append(f"<details>\n{others}\n\n{rest}\n\n</details>")
    return "\n\n".join(parts)


def _weight(site: Path, path: Path, claims: int) -> Weight:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    addresses = [part for part in map(urlsplit, page.addresses) if part.scheme != "data"]
    own = [part for part in addresses if not part.netloc]
    files = [path, *((path.parent / unquote(part.path)).resolve() for part in own)]
    # A page that preloads no fonts gets them through its style sheet.
    files += [font for file in files if file.suffix == ".css" for font in _fonts(file)]
    files = list(dict.fromkeys(files))
    budget = NOTE + CHART * (page.charts - page.maps) + MAP * page.maps
    if "/editor/#/url/" in path.read_text("utf-8"):
        budget += ADDRESS
    if path.name in LISTS:
        budget = LISTED + CLAIM * claims
    return Weight(
        path.relative_to(site).as_posix(),
        page.charts,
        page.maps,
        sum(map(_sent, files)),
        budget,
        sum(_sent(file) for file in files if file.suffix == ".woff2"),
        sum(_sent(file) for file in files if file.suffix == ".js"),
        [part.geturl() for part in addresses if part.netloc],
    )


def _fonts(sheet: Path) -> list[Path]:
    """The font files that a style sheet names."""
    named = re.findall(r"url\([\"']?([^\"')]+\.woff2)", sheet.read_text("utf-8"))
    return [(sheet.parent / name).resolve() for name in named]


@cache
def _sent(path: Path) -> int:
    """The bytes of a file over the wire."""
    content = path.read_bytes()
    return len(content) if path.suffix in PACKED else len(gzip.compress(content, 9, mtime=0))


@dataclass
class _Page(HTMLParser):
    """A page's charts, and what it fetches before anybody touches it."""

    charts: int = 0
    maps: int = 0
    addresses: list[str] = field(default_factory=list)
    _map: bool = False
    _inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "figure" and "chart" in given.get("class", "").split():
            self.charts += 1
            self._inside, self._map = True, False
        if given.get("loading") == "lazy":
            # Fetched when a reader comes near.
            return
        at_once = {"stylesheet", "preload", "icon"} & set(given.get("rel", "").split())
        if given.get("href", "").endswith(".ico"):
            # For browsers that know none of the icons that follow; others take one of these.
            return
        if tag == "link" and at_once:
            self.addresses.append(given["href"])
        self.addresses += [given[name] for name in LOADING if name in given]

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure" and self._inside:
            self.maps += self._map
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "script" and "geoshape" in data:
            self._map = True


if __name__ == "__main__":
    print(table(weigh(Path(sys.argv[1] if sys.argv[1:] else "site").resolve())))
