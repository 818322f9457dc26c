"""The files for other programs say what the pages say."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import vl_convert
from support import ADDRESS, AVOCADO, build_into, inside, like_avocado, page, pages, specs

from explainer.output.exports import bibtex_entry
from explainer.text.table import csv_bytes, read_csv

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
ATOM = "{http://www.w3.org/2005/Atom}"
CORRECTIONS = """
corrections:
  - date: 2019-08-01
    page: index
    claims: [price-port]
    was: {en: A kilo cost 4 dollars & more in Los Angeles.}
    now: {en: 'It costs {{ claim("price-port") }}.'}
    why: {en: "We had misread the table <of June>."}
  - date: 2019-09-01
    kind: clarification
    was: {en: Avocados.}
    now: {en: "Hass “avocados.”"}
    why: {en: A reader asked.}
"""


@pytest.fixture
def site(coffee_online: Path) -> Path:
    return coffee_online


def folders(site: Path) -> list[Path]:
    """The folder of each language of a site."""
    return sorted(path.parent for path in site.rglob("data.html"))


def rows_of(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# Claims


def test_claims_say_the_same_everywhere(site: Path) -> None:
    for folder in folders(site):
        rows = rows_of(folder / "data" / "claims.csv")
        records = json.loads((folder / "data" / "claims.json").read_bytes())["claims"]
        listed = page(folder / "data.html")
        entries = {
            entry.one("div", class_="more").attrs["id"]: entry.one("span", class_="figure").one("a")
            for entry in listed.all("details", class_="entry")
        }
        assert [row["id"] for row in rows] == [record["id"] for record in records]
        assert {row["id"] for row in rows} == set(entries)
        for row, record in zip(rows, records, strict=True):
            assert row["text"] == record["text"], row["id"]
            assert even(row["text"]) == entries[row["id"]].text(), row["id"]
            assert machine(row) == entries[row["id"]].one("data").attrs["value"], row["id"]
            assert as_csv(record, row) == row


def even(text: str) -> str:
    return " ".join(text.split())


def machine(row: Mapping[str, str]) -> str:
    """The value of a `<data>` element as the columns of the CSV file have it."""
    if row["value"]:
        return row["value"]
    return "..".join(dict.fromkeys(end for end in (row["low"], row["high"]) if end))


def as_csv(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """A record of the JSON file as the CSV file writes it; its lists are joined."""

    def cell(name: str) -> str:
        value = record[name]
        if isinstance(value, list):
            return " > ".join(value)
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value)

    return {name: cell(name) for name in columns}


def test_what_a_claim_names_is_in_the_file(site: Path) -> None:
    whole = json.loads((site / "data" / "claims.json").read_bytes())
    known = {record["id"] for record in whole["claims"]}
    for record in whole["claims"]:
        assert set(record["chain"]) <= set(whole["sources"])
        assert set(record["inputs"]) <= known
        assert set(record["disagreements"]) <= set(whole["disagreements"])
        assert bool(record["formula"]) == bool(record["inputs"]) or "distance(" in record["formula"]
    for entry in whole["disagreements"].values():
        assert set(entry["claims"]) <= known


# Sources


def test_sources_as_bibtex(site: Path) -> None:
    for folder in folders(site):
        entries = bibtex((folder / "data" / "sources.bib").read_text("utf-8"))
        known = json.loads((folder / "data" / "claims.json").read_bytes())["sources"]
        assert set(entries) == set(known)
        for name, (kind, fields) in entries.items():
            source = known[name]
            assert kind == ("online" if source["url"] else "misc"), name
            assert fields.get("url") == source["url"], name
            assert untex(fields["title"]) == source["title"], name
            if source["published"]:
                assert fields["year"] in source["published"], name


def bibtex(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The entries of a BibTeX file: id → kind and fields. Stricter than BibTeX itself."""
    entries: dict[str, tuple[str, dict[str, str]]] = {}
    position = 0
    while position < len(text.rstrip()):
        head = re.compile(r"\s*@(\w+)\{([a-z0-9-]+),").match(text, position)
        assert head, text[position : position + 80]
        assert head[2] not in entries
        position = head.end()
        fields: dict[str, str] = {}
        while named := re.compile(r"\s*(\w+) = \{").match(text, position):
            depth, start = 1, named.end()
            position = start
            while depth:
                if text[position] == "\\":
                    position += 1
                else:
                    depth += {"{": 1, "}": -1}.get(text[position], 0)
                position += 1
            assert named[1] not in fields
            fields[named[1]] = text[start : position - 1]
            assert text[position] == ","
            position += 1
        closed = re.compile(r"\s*\}").match(text, position)
        assert closed, text[position : position + 80]
        position = closed.end()
        entries[head[2]] = (head[1], fields)
    return entries


SIGNS = {"textasciitilde{}": "~", "textasciicircum{}": "^", "textbackslash{}": "\\"}


def untex(text: str) -> str:
    found = re.sub(r"\\(text\w+\{\}|[&%$#_{}])", lambda match: SIGNS.get(match[1], match[1]), text)
    assert not re.search(r"(?<!\\)[&%$#_]", text), "what TeX reads is escaped"
    return found


def test_no_sign_of_a_source_is_read_by_tex() -> None:
    signs = "A & B_C ~ 100% {x} ^ # $ \\ end"
    fields = {"title": signs, "author": signs, "url": "https://example.org/~a_b?c={d}&e=%20"}
    ((kind, read),) = bibtex(bibtex_entry("online", "name", fields)).values()
    assert kind == "online"
    assert untex(read["title"]) == signs
    assert (read["author"][0], untex(read["author"][1:-1]), read["author"][-1]) == ("{", signs, "}")
    assert read["url"] == "https://example.org/~a_b?c=%7Bd%7D&e=%20"


def test_the_citation_of_each_claim_is_bibtex(site: Path) -> None:
    for block in page(site / "data.html").all("pre", data_exempt="source"):
        assert len(bibtex("".join(str(child) for child in block.children))) == 1


# Data package


def test_the_data_package_is_valid(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frictionless = pytest.importorskip("frictionless")  # Heavy: half a second to import.

    def offline(*_: object) -> None:
        raise AssertionError("the network is asked for something")

    monkeypatch.setattr(socket.socket, "connect", offline)
    for folder in folders(site):
        path = folder / "data" / "datapackage.json"
        resources = json.loads(path.read_bytes())["resources"]
        files = {f.relative_to(path.parent).as_posix() for f in path.parent.rglob("*.csv")}
        assert {resource["path"] for resource in resources} == files
        report = frictionless.validate(str(path))
        assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
        assert report.stats["tasks"] == len(resources)


# Charts


def test_a_chart_has_the_same_rows_in_its_file_its_table_and_its_drawings(site: Path) -> None:
    seen = 0
    for folder in folders(site):
        claims = {row["id"] for row in rows_of(folder / "data" / "claims.csv")}
        for path in sorted((folder / "charts").glob("*.csv")):
            name, rows = path.stem, rows_of(path)
            figure = page(path.with_suffix(".html")).one("figure", data_chart=name)
            metadata = json.loads(path.with_suffix(".json").read_bytes())
            table = figure.one("table").one("tbody").all("tr")
            assert path.read_bytes() == (folder / "data" / "charts" / path.name).read_bytes()
            assert len(rows) == len(table) == len(metadata["rows"]), name
            assert rows == [as_row(row, rows[0]) for row in metadata["rows"]], name
            for row, line in zip(rows, table, strict=True):
                printed = {a.attrs["data-claim"]: a.text() for a in line.all("a", class_="claim")}
                if row.get("id") in claims:
                    assert row["id"] in printed, name
                    assert even(row["text"]) == printed[row["id"]], name
            for drawing in ("wide", "narrow"):
                script = figure.one("script", data_drawing=drawing)
                spec = json.loads("".join(str(child) for child in script.children))
                # Where sliders move the figures put in, what others say of them is in the table.
                moved = any("bind" in param for param in spec.get("params", ()))
                assert same_rows(drawn_rows(spec), metadata["rows"], moved), f"{name}, {drawing}"
            assert len(specs(figure)) == 2
            seen += 1
    assert seen > 3


def as_row(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """A row of the metadata as the CSV file writes it."""

    def cell(value: Any) -> str:
        if value is None:
            return ""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "@") else text

    return {name: cell(row.get(name)) for name in columns}


def drawn_rows(spec: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Every table of rows that a specification carries."""
    tables = list(spec.get("datasets", {}).values())
    waiting: list[Any] = [{key: value for key, value in spec.items() if key != "datasets"}]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            inline = value.get("data")
            if isinstance(inline, dict) and "values" in inline:
                tables.append(inline["values"])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return tables


def joined(value: Any) -> Any:
    """A text that stands in lines, as one."""
    return " ".join(value) if isinstance(value, list) else value


def same_rows(
    tables: Sequence[Sequence[Mapping[str, Any]]], rows: Sequence[Any], some: bool
) -> bool:
    """Whether the tables, which a form may have split, hold just these rows with their figures, or
    some of them."""
    told = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
    names = [name for name in ("id", "text", "value", "low", "high") if name in told] or told

    def fits(drawn: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
        # What a drawing writes as no text is no value in a table, and it may take several lines.
        same = ((joined(drawn[name]), row.get(name)) for name in names if name in drawn)
        return all(one == other or (one == "" and other is None) for one, other in same)

    # A form may also carry rows of labels and lines, which hold none of the figures.
    marks = [row for table in tables for row in table if any(name in row for name in names)]
    if some:
        # What follows from them is a row of no claim, under a name that its mark has alone.
        known = {row.get("id") for row in rows}
        marks = [mark for mark in marks if mark.get("id") in known]
    return all(any(fits(mark, row) for row in rows) for mark in marks) and (
        some
        or all(
            any(fits(mark, row) for mark in marks)
            for row in rows
            # A place of a map that no figure is about has none.
            if any(row.get(name) not in (None, "") for name in names)
        )
    )


# Feed of corrections


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Path:
    """The small site with two corrections; both folders, with a site ADDRESS and without."""
    folder = tmp_path_factory.mktemp("corrected")
    text = (AVOCADO / "data.yaml").read_text("utf-8") + CORRECTIONS
    content = like_avocado(folder / "content", {"data.yaml": text})
    with inside(workshop):
        build_into(content, folder / "known", "--site-url", ADDRESS)
        build_into(content, folder / "unknown")
    return folder


def test_a_feed_only_where_the_address_is_known(corrected: Path) -> None:
    assert (corrected / "known" / "corrections.xml").is_file()
    assert not list((corrected / "unknown").rglob("*.xml"))
    for path in pages(corrected / "unknown"):
        assert "corrections.xml" not in path.read_text("utf-8"), path.name
    linked = page(corrected / "known" / "corrections.html").all("a", href="corrections.xml")
    assert linked and linked[0].attrs["type"] == "application/atom+xml"


def test_the_feed_is_atom(corrected: Path) -> None:
    feed = ElementTree.parse(corrected / "known" / "corrections.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}updated") == "2019-09-01T00:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    own = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert [link.get("href") for link in own] == [f"{ADDRESS}corrections.xml"]
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids) == 2
    anchors = {e.attrs.get("id") for e in page(corrected / "known" / "corrections.html").walk()}
    for address in [feed.findtext(f"{ATOM}id") or "", *ids]:
        assert address.startswith(f"{ADDRESS}corrections.html")
        assert urlsplit(address).fragment in anchors | {""}
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == [
        "2019-09-01T00:00:00Z",
        "2019-08-01T00:00:00Z",
    ]
    summary = entries[1].findtext(f"{ATOM}summary") or ""
    assert "4 dollars & more" in summary and "<of June>" in summary
    assert "$3.50" in summary and "claim(" not in summary
    assert entries[0].findtext(f"{ATOM}summary") == "Avocados. → Hass “avocados.” A reader asked."


def test_each_language_has_its_feed(coffee_online: Path) -> None:
    for folder, code in ((coffee_online, "en"), (coffee_online / "es", "es")):
        feed = ElementTree.parse(folder / "corrections.xml").getroot()
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == code
        below = "es/" if code == "es" else ""
        assert feed.findtext(f"{ATOM}id") == f"{ADDRESS}{below}corrections.html"


def test_the_notices_of_programs_and_fonts_go_with_them(coffee_online: Path) -> None:
    """Whoever is given the chart runtime and the letters is told whose they are."""
    for name in ("sources.html", "es/sources.html"):
        links = page(coffee_online / name).one("p", class_="notices").all("a")
        texts = [(coffee_online / name).parent / link.attrs["href"] for link in links]
        runtime, fonts = (path.resolve().read_text("utf-8") for path in texts)
        assert "SIL OPEN FONT LICENSE" in fonts.upper() and "Adobe" in fonts
        assert runtime.count("opyright") > 10 and "University of Washington" in runtime
        versions = {
            "vega": vl_convert.get_vega_version(),
            "vega-embed": vl_convert.get_vega_embed_version(),
            "vega-lite": max(vl_convert.get_vegalite_versions()),
        }
        # Others than those that are bundled: templates/notices/make_notices.py writes them again.
        for program, version in versions.items():
            assert re.search(rf"^{program} {re.escape(version)}", runtime, re.MULTILINE), program


def test_spreadsheets_read_every_letter_and_take_no_text_for_a_formula(site: Path) -> None:
    marked = 0
    for path in site.rglob("*.csv"):
        content = path.read_bytes()
        # They read UTF-8 where a mark says so, which is where there is a letter beyond ASCII.
        assert content.startswith(codecs.BOM_UTF8) == (not content.isascii()), path
        marked += content.startswith(codecs.BOM_UTF8)
        for row in rows_of(path):
            for cell in row.values():
                assert not cell.startswith(("=", "+", "@", "-", "\t")) or NUMBER.fullmatch(cell), (
                    cell
                )
    assert marked > 2


def test_a_cell_that_looks_like_a_formula_stands_as_text() -> None:
    texts = ["=1+1", "+1 234", "-a", "@SUM(1)", "\tx", "plain", "a=b", "−5", "-5", "+1.5e3"]
    head, *rows = read_csv(csv_bytes(["text"], [[text] for text in texts]))
    assert head == ["text"]
    assert [row[0] for row in rows] == [
        *("'=1+1", "'+1 234", "'-a", "'@SUM(1)", "'\tx", "plain", "a=b", "−5", "-5", "+1.5e3")
    ]
    assert read_csv(csv_bytes(["a", "b", "c"], [[-5, True, None]])) == [
        ["a", "b", "c"],
        ["-5", "true", ""],
    ]
