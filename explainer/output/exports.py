"""The data as files for other programs: CSV, JSON, BibTeX, Vega-Lite.

All of them are written from the same references as the pages, so they say the same.
"""

import json
from collections.abc import Mapping
from typing import Any

from explainer.charts.form import numbers
from explainer.charts.nested import portable
from explainer.data.models import Source
from explainer.data.quantities import Quantity, plain_digits
from explainer.figures.figure import Figure
from explainer.problems import Report
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


def claims_csv(report: Report, voice: Voice) -> bytes:
    """Every claim as a CSV file (RFC 4180, UTF-8)."""
    return csv_bytes(list(CLAIM_COLUMNS), [list(r.values()) for r in _records(voice)])


def claims_json(report: Report, voice: Voice) -> bytes:
    """Every claim, speaker office, source and disagreement as one JSON object (UTF-8)."""
    dataset = voice.dataset
    records = [
        {
            **{key: None if value == "" else value for key, value in record.items()},
            **{end: numbers(dataset.quantities[name])[end] for end in ("value", "low", "high")},
            "chain": list(dataset.claims[name].chain),
            "inputs": dataset.inputs(name),
            "disagreements": dataset.disputes(name),
        }
        for name, record in zip(dataset.quantities, _records(voice), strict=True)
    ]
    sources = {
        name: {
            "title": voice.said(source.title),
            "author": source.author,
            "publisher": voice.said(source.publisher) or None,
            "published": source.published,
            "language": source.lang,
            "url": source.url,
            "access": source.access,
            "terms": voice.said(source.licence),
        }
        for name, source in dataset.sources.items()
    }
    disagreements = {
        name: {"question": voice.said(entry.question), "claims": list(entry.claims)}
        for name, entry in dataset.disagreements.items()
    }
    whole = {"claims": records, "sources": sources, "disagreements": disagreements}
    return as_json(whole)


def _records(voice: Voice) -> list[dict[str, Any]]:
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


def series_csv(report: Report, voice: Voice, name: str) -> bytes:
    """The table of a series, whole and as it was written."""
    return voice.dataset.beside[voice.dataset.tables[name]].content


# Charts


def chart_csv(report: Report, figure: Figure, voice: Voice) -> bytes:
    """The rows of a figure, with the ids of their claims, as a CSV file."""
    names = list(dict.fromkeys(name for row in figure.published for name in row))
    return csv_bytes(names, [[row.get(name) for name in names] for row in figure.published])


def chart_spec(report: Report, figure: Figure, voice: Voice) -> bytes:
    """A figure's wide drawing as a Vega-Lite specification that draws it anywhere, as JSON."""
    made = portable(figure.wide.spec, (figure.title_text, figure.description), figure.colors)
    return (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def chart_json(report: Report, figure: Figure, voice: Voice) -> bytes:
    """What the figure shows and where each number comes from, as JSON (UTF-8)."""
    claims = [voice.reference(name) for name in figure.claims]
    record = {
        "id": figure.id,
        "language": voice.code,
        "title": figure.title_text,
        "description": figure.description,
        "how_to_read": figure.how_to_read.striptags(),
        "note": figure.note.striptags(),
        "caveats": figure.caveats,
        "licence": figure.licence,
        "sources": [
            {"id": s.id, "label": s.label, "title": s.title, "url": s.url, "terms": s.licence}
            for s in figure.sources
        ],
        "claims": [
            {
                "id": claim.id,
                "text": claim.long,
                "what": claim.what.striptags(),
                "said_by": claim.who,
                "chain": [link.id for link in claim.chain],
                "as_of": claim.claim.as_of,
                "how_sure": claim.sure,
                "formula": claim.formula or None,
            }
            for claim in claims
        ],
        "series": [
            {
                "id": name,
                "what": voice.said(series.what),
                "unit": ", ".join(dict.fromkeys(series.about(c).unit for c in series.counted)),
                "said_by": voice.office(series.said_by),
                "chain": series.chain,
                "as_of": series.as_of,
                "note": voice.said(series.note),
            }
            for name, series in ((n, voice.dataset.series[n]) for n in figure.series)
        ],
        "rows": figure.published,
    }
    return as_json(record)


# BibTeX


def sources_bib(report: Report, voice: Voice) -> bytes:
    """Every source as a BibTeX entry (UTF-8, for biber or any tool that reads UTF-8)."""
    entries = [_bibtex(name, source, voice) for name, source in voice.dataset.sources.items()]
    return ("\n\n".join(entries) + "\n").encode()


def _bibtex(name: str, source: Source, voice: Voice) -> str:
    """A source as a BibTeX entry."""
    day = (source.published or "").split("..")[0].removeprefix("about ")
    fields = {
        "title": voice.said(source.title),
        "author": source.author or "",
        "organization": voice.said(source.publisher),
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


def filled(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what is empty."""
    return {key: value for key, value in record.items() if value not in ("", [], None)}


def as_json(record: Mapping[str, Any]) -> bytes:
    """A record as a JSON file holds it (UTF-8)."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
