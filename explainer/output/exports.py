"""The data as files for other programs: CSV, JSON, BibTeX, a data package.

All of them are written from the same references as the pages, so they say the same.
"""

import json
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from explainer.data.claims import Series
from explainer.data.models import Source
from explainer.data.quantities import Quantity, plain_digits
from explainer.figures.figure import Figure
from explainer.figures.sources import source_lines
from explainer.output.linked import csvw, typed_columns
from explainer.text.table import csv_bytes
from explainer.voice.voice import Reference, Voice

CLAIM_COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("string", "The claim's id; its line on the data page is data.html#id."),
    "what": ("string", "What is counted or priced."),
    "text": ("string", "The figure in words and digits, its qualifier and whole unit included."),
    "value": ("number", "The one figure stated; empty for a range."),
    "low": ("number", "The lower end where one is stated."),
    "high": ("number", "The upper end where one is stated."),
    "approximate": ("boolean", "Whether the figure is given as about."),
    "qualifier": ("string", "up-to, under, at-least, over or about; several joined by a space."),
    "unit": ("string", "The unit of value, low and high."),
    "measure": ("string", "What kind of figure it is."),
    "place": ("string", "Where, by the id of the vocabulary."),
    "product": ("string", "Of which product, by the id of the vocabulary."),
    "level": ("string", "The level of sale of a price."),
    "money": ("string", "nominal, or real and a year."),
    "as_of": ("string", "The time that the statement is about."),
    "said_by": ("string", "Who said it, by office."),
    "chain": ("string", "The ids of the sources, nearest the speaker first, joined by ' > '."),
    "formula": (
        "string",
        "The formula of our calculations, and of numbers that stand in a series.",
    ),
    "how_sure": ("string", "calculation, disagree, several, one or unnamed."),
    "checked": ("string", "The day on which it was last compared with its source."),
    "note": ("string", "Our remark."),
}
"""Each column of the claims' CSV file: its type in the data package, and what it holds."""


def claim_records(voice: Voice) -> list[dict[str, Any]]:
    """A record of each claim, in the order of the data file, under `CLAIM_COLUMNS`."""
    return [_record(voice, voice.reference(name)) for name in voice.dataset.quantities]


def _record(voice: Voice, reference: Reference) -> dict[str, Any]:
    claim, quantity = reference.claim, voice.quantity(reference.id)
    return {
        "id": reference.id,
        "what": reference.what.striptags(),
        "text": reference.long,
        "value": _number(quantity, quantity.value),
        "low": _number(quantity, quantity.low),
        "high": _number(quantity, quantity.high),
        "approximate": quantity.approximate,
        "qualifier": " ".join(quantity.qualifiers),
        "unit": quantity.unit.symbol,
        "measure": claim.measure,
        "place": claim.place or "",
        "product": claim.product or "",
        "level": claim.level or "",
        "money": claim.money or "",
        "as_of": claim.as_of or "",
        "said_by": reference.who,
        "chain": " > ".join(claim.chain),
        "formula": reference.formula,
        "how_sure": reference.sure,
        "checked": claim.checked or "",
        "note": reference.note.striptags(),
    }


def _number(quantity: Quantity, number: Any) -> str:
    return "" if number is None else plain_digits(quantity.printed(number))


def claims_csv(voice: Voice) -> bytes:
    """Every claim as a CSV file (RFC 4180, UTF-8)."""
    return csv_bytes(list(CLAIM_COLUMNS), [list(r.values()) for r in claim_records(voice)])


def claims_csvw(voice: Voice) -> bytes:
    """What stands beside the CSV file of claims: its columns, its sources and their terms."""
    site, word = voice.dataset.site, voice.language.word
    assert site is not None
    return csvw(
        "claims.csv",
        claims_csv(voice),
        word("data.title"),
        word("data.summary"),
        word("page.made_from", licence=site.licence.name),
        source_lines(voice, voice.dataset.sources),
        voice,
        {name: text for name, (_, text) in CLAIM_COLUMNS.items()},
    )


def claims_json(voice: Voice) -> bytes:
    """Every claim, speaker office, source and disagreement as one JSON object (UTF-8)."""
    dataset = voice.dataset
    records = []
    for record in claim_records(voice):
        claim = dataset.claims[record["id"]]
        full = {k: (v if v != "" else None) for k, v in record.items()}
        for key in ("value", "low", "high"):
            full[key] = None if full[key] is None else _json_number(str(full[key]))
        full["chain"] = list(claim.chain)
        full["inputs"] = dataset.inputs(record["id"])
        full["disagreements"] = dataset.disputes(record["id"])
        records.append(full)
    sources = {
        name: {
            "title": voice.said(voice.local(source.title)),
            "author": source.author,
            "publisher": voice.said(voice.local(source.publisher)) or None,
            "published": source.published,
            "language": source.lang,
            "url": source.url,
            "access": source.access,
            "terms": voice.said(voice.local(source.licence)),
        }
        for name, source in dataset.sources.items()
    }
    disagreements = {
        name: {"question": voice.said(voice.local(entry.question)), "claims": list(entry.claims)}
        for name, entry in dataset.disagreements.items()
    }
    whole = {"claims": records, "sources": sources, "disagreements": disagreements}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _json_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


# Tables of series


def table_of(voice: Voice, name: str) -> bytes:
    """The table of a series, whole and as it was written."""
    return voice.dataset.beside[voice.dataset.tables[name]].content


def series_csvw(voice: Voice, name: str) -> bytes:
    """What stands beside the table of a series: its columns, its sources and their terms."""
    series, site = voice.dataset.series[name], voice.dataset.site
    assert site is not None
    return csvw(
        f"{name}.csv",
        table_of(voice, name),
        voice.said(voice.local(series.what)),
        voice.said(voice.local(series.note)),
        voice.language.word("page.made_from", licence=site.licence.name),
        source_lines(voice, series.chain),
        voice,
        _columns(voice, series),
    )


def _columns(voice: Voice, series: Series) -> dict[str, str]:
    """What the columns of a series hold, with the unit of numbers."""
    found = {name: voice.said(voice.local(head)) for name, head in series.heads.items()}
    for name in series.counted:
        about = series.about(name)
        scale = f" × {plain_digits(Fraction(str(about.scale)))}" if about.scale else ""
        found[name] = f"{voice.said(voice.local(about.what))} ({about.unit}{scale})"
    return found


# BibTeX


def sources_bib(voice: Voice) -> bytes:
    """Every source as a BibTeX entry (UTF-8, for biber or any tool that reads UTF-8)."""
    entries = [bibtex(name, source, voice) for name, source in voice.dataset.sources.items()]
    return ("\n\n".join(entries) + "\n").encode()


def bibtex(name: str, source: Source, voice: Voice) -> str:
    """A source as a BibTeX entry."""
    day = (source.published or "").split("..")[0].removeprefix("about ")
    fields = {
        "title": voice.said(voice.local(source.title)),
        "author": source.author or "",
        "organization": voice.said(voice.local(source.publisher)),
        "year": day[:4] if day[:4].isdigit() else "",
        "date": day if day[:4].isdigit() else "",
        "language": source.lang,
        "url": source.url or "",
        "note": voice.language.word(f"access.{source.access}"),
    }
    return bibtex_entry("online" if source.url else "misc", name, fields)


def bibtex_entry(kind: str, name: str, fields: Mapping[str, str]) -> str:
    """A BibTeX entry of the fields that are not empty."""
    written = {key: value.translate(_TEX) for key, value in fields.items() if value}
    if "url" in written:
        written["url"] = fields["url"].translate(_BRACES)
    if "author" in written:
        # Whole, so that a firm is not taken for a first name and a last one.
        written["author"] = f"{{{written['author']}}}"
    lines = [f"  {key} = {{{value}}}," for key, value in written.items()]
    return "\n".join([f"@{kind}{{{name},", *lines, "}"])


_TEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
    }
)
"""The signs of TeX as it prints them."""

_BRACES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
"""What would end an address that is taken as it is."""


# Data package


def data_package(voice: Voice, figures: Mapping[str, Figure], folder: str, site_url: str) -> bytes:
    """A data package (Frictionless, version 2) of the language's data files, as JSON (UTF-8).

    Its paths are relative to `data/`. The licence of a chart's rows is that of our charts; each
    resource names its sources, whose facts keep their own terms.
    """
    site = voice.dataset.site
    assert site is not None
    ours = [
        {
            "name": _licence_id(site.licence.name),
            "title": site.licence.name,
            "path": site.licence.url,
        }
    ]
    resources: list[dict[str, Any]] = [
        {
            "name": "claims",
            "path": "claims.csv",
            "title": voice.language.word("data.title"),
            "description": voice.language.word("data.summary"),
            "scheme": "file",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "licenses": ours,
            "sources": _sources(voice, voice.dataset.sources),
            "schema": {
                "fields": [
                    {"name": name, "type": kind, "description": text}
                    for name, (kind, text) in CLAIM_COLUMNS.items()
                ],
                "primaryKey": ["id"],
            },
        }
    ]
    resources += [
        {
            "name": f"chart-{name}",
            "path": f"charts/{name}.csv",
            "title": figure.title_text,
            "description": figure.description,
            "scheme": "file",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "licenses": ours,
            "sources": _sources(voice, [line.id for line in figure.sources]),
            "schema": {"fields": _fields(figure)},
        }
        for name, figure in figures.items()
    ]
    resources += [_series_resource(voice, name) for name in voice.dataset.tables]
    title = voice.said(voice.local(site.title))
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _licence_id(title),
        "title": title,
        "description": voice.said(voice.local(site.description or site.title)),
        "languages": [voice.code],
        "licenses": ours,
        "sources": _sources(voice, voice.dataset.sources),
        "resources": resources,
    }
    if site_url:
        package["homepage"] = f"{site_url}{folder}index.html"
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _series_resource(voice: Voice, name: str) -> dict[str, Any]:
    """A series that has a table, as a resource of the data package."""
    series = voice.dataset.series[name]
    columns = _columns(voice, series)
    fields = [
        {"name": head, "type": kind, "description": columns.get(head, "")}
        for head, kind in typed_columns(table_of(voice, name))
    ]
    return {
        "name": f"series-{name}",
        "path": f"series/{name}.csv",
        "title": voice.said(voice.local(series.what)),
        "description": voice.said(voice.local(series.note)),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": _sources(voice, series.chain),
        "schema": {"fields": fields},
    }


def _licence_id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")


def _sources(voice: Voice, names: Iterable[str]) -> list[dict[str, str]]:
    sources = []
    for name in names:
        source = voice.dataset.sources[name]
        record = {"title": f"{voice.short(name)}: {voice.said(voice.local(source.title))}"}
        if source.url:
            record["path"] = source.url
        sources.append(record)
    return sources


def _fields(figure: Figure) -> list[dict[str, str]]:
    """The columns of a chart's CSV with their types."""
    return [{"name": name, "type": kind} for name, kind in typed_columns(figure.csv())]
