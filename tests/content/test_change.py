"""One figure is changed in the data file: everything on the site says the new one, nothing the old.

This is the promise of the whole, so it is tested on the content of this repository.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from conftest import copy_of
from support import ROOT, Element, build_into, inside, page, pages

CLAIM = "price-santa-cruz-paste"
OLD, NEW = "1500", "1700"
SHOWN_OLD, SHOWN_NEW = "1,500", "1,700"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The site, built after one value was changed."""
    folder = tmp_path_factory.mktemp("changed")
    content = copy_of(ROOT / "content", folder / "content")
    data = (content / "data.yaml").read_text("utf-8")
    found = re.compile(rf"(^  {CLAIM}:\n(?:    .*\n)*?    value: ){OLD} ", re.M)
    data, count = found.subn(rf"\g<1>{NEW} ", data)
    assert count == 1
    (content / "data.yaml").write_text(data, "utf-8")
    with inside(workshop):
        return build_into(content, folder / "site")


def links(whole: Element) -> list[Element]:
    return [a for a in whole.all("a", class_="claim") if a.attrs["data-claim"] == CLAIM]


def test_prose_tables_references_and_data_page(real_site: Path, changed: Path) -> None:
    printed = 0
    for path in pages(changed):
        name = path.relative_to(changed)
        here, before = links(page(path)), links(page(real_site / name))
        assert len(here) == len(before), name
        printed += len(here)
        for link, was in zip(here, before, strict=True):
            assert link.one("data").attrs["value"] == NEW
            assert SHOWN_NEW in link.text()
            assert SHOWN_OLD in was.text()
    assert printed > 5
    assert links(page(changed / "data.html"))


def test_nothing_says_the_old_figure(changed: Path) -> None:
    for path in sorted(changed.rglob("*")):
        if path.suffix not in (".html", ".svg", ".csv", ".json") or path.name.startswith("."):
            continue
        text = without_quotations(path)
        # A range may begin with the same sum: that is another claim's.
        assert not re.search(rf"{re.escape(SHOWN_OLD)}(?![–\d])", text), path.name


def without_quotations(path: Path) -> str:
    """The words of a file; a quotation stays as its source has it."""
    # Nor does a place in a drawing say anything.
    text = re.sub(r' (?:d|transform)="[^"]*"', "", path.read_text("utf-8"))
    data = (ROOT / "content" / "data.yaml").read_text("utf-8")
    for quotation in re.findall(r"^ +quote: \"?(.*?)\"?$", data, re.M):
        text = text.replace(quotation, "")
    return text


@pytest.mark.parametrize("chart", ["price-ladder", "price-ladder-linear", "price-legs"])
def test_charts_and_their_files(chart: str, changed: Path) -> None:
    folder = changed / "charts"
    figure = page(folder / f"{chart}.html").one("figure", data_chart=chart)
    metadata = json.loads((folder / f"{chart}.json").read_text("utf-8"))
    claim = next((c for c in metadata["claims"] if c["id"] == CLAIM), None)
    if claim:
        assert SHOWN_NEW in claim["text"]
    rows = list(csv.DictReader(io.StringIO((folder / f"{chart}.csv").read_text("utf-8-sig"))))
    assert OLD not in [value for row in rows for value in row.values()]
    for svg in figure.all("svg"):
        texts = " ".join(text.text() for text in svg.all("text"))
        words = svg.one("desc").text()
        assert SHOWN_OLD not in texts + words
        if chart.startswith("price-ladder"):
            assert SHOWN_NEW in texts
            assert SHOWN_NEW in words
    if chart.startswith("price-ladder"):
        assert [row["value"] for row in rows if row["id"] == CLAIM] == [NEW]
        spec = "".join(str(s.children) for s in figure.all("script", type="application/json"))
        assert SHOWN_NEW in spec
        assert SHOWN_OLD not in spec
        assert SHOWN_NEW in figure.one("table").text()


def test_calculations_follow(changed: Path) -> None:
    data = page(changed / "data.html")
    assert "1.7" in data.one(id="multiple-vraem-santa-cruz").text()
    assert "$700" in data.one(id="added-vraem-santa-cruz").text()
