"""What is told of the CSV files of a language: beside each of them (CSVW), and in its data package.

Both are written from the same references as the pages, so they say the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from explainer.data.claims import Series
from explainer.data.quantities import plain_digits
from explainer.figures.figure import Figure
from explainer.figures.sources import SourceLine, source_lines
from explainer.output.exports import (
    CLAIM_COLUMNS,
    as_json,
    chart_csv,
    claims_csv,
    filled,
    series_csv,
)
from explainer.problems import Report
from explainer.text.table import read_csv
from explainer.voice.voice import Voice


@dataclass(frozen=True)
class Table:
    """A CSV file, and what there is to say of it."""

    path: str
    """Below `data/`."""
    content: bytes
    title: str
    description: str
    terms: str
    sources: Sequence[SourceLine]
    columns: Mapping[str, str] | None = None
    """What some of its columns hold."""


def chart_csvw(report: Report, figure: Figure, voice: Voice) -> bytes:
    """What stands beside the CSV file of a figure."""
    return _csvw(_of_figure(report, figure, voice), voice)


def claims_csvw(report: Report, voice: Voice) -> bytes:
    """What stands beside the CSV file of claims."""
    return _csvw(_of_claims(report, voice), voice)


def series_csvw(report: Report, voice: Voice, name: str) -> bytes:
    """What stands beside the table of a series."""
    return _csvw(_of_series(report, voice, name), voice)


def data_package(
    report: Report, voice: Voice, figures: Sequence[Figure], folder: str, site_url: str
) -> bytes:
    """A data package (Frictionless, version 2) of the language's data files, as JSON (UTF-8).

    Its paths are relative to `data/`. The licence of a chart's rows is that of our charts; each
    resource names its sources, whose facts keep their own terms.
    """
    licence = voice.site.licence
    ours = [{"name": _slug(licence.name), "title": licence.name, "path": licence.url}]
    claims = _of_claims(report, voice)
    kinds = [(name, kind) for name, (kind, _) in CLAIM_COLUMNS.items()]
    first = _resource("claims", claims, kinds, ours)
    first["schema"]["primaryKey"] = ["id"]
    charts = [(figure.id, _of_figure(report, figure, voice)) for figure in figures]
    series = [(name, _of_series(report, voice, name)) for name in voice.dataset.tables]
    title = voice.said(voice.site.title)
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _slug(title),
        "title": title,
        "description": voice.said(voice.site.description) or title,
        "languages": [voice.code],
        "licenses": ours,
        "sources": _named(claims.sources),
        "resources": [
            first,
            *(_resource(f"chart-{n}", t, _typed_columns(t.content), ours) for n, t in charts),
            *(_resource(f"series-{n}", t, _typed_columns(t.content)) for n, t in series),
        ],
    }
    if site_url:
        package["homepage"] = f"{site_url}{folder}index.html"
    return as_json(package)


def _of_claims(report: Report, voice: Voice) -> Table:
    return Table(
        "claims.csv",
        claims_csv(report, voice),
        voice.language.word("data.title"),
        voice.language.word("data.summary"),
        _made_from(voice),
        source_lines(voice, voice.dataset.sources),
        {name: text for name, (_, text) in CLAIM_COLUMNS.items()},
    )


def _of_figure(report: Report, figure: Figure, voice: Voice) -> Table:
    own = voice.language.word("figure.licence", licence=figure.licence)
    return Table(
        f"charts/{figure.id}.csv",
        chart_csv(report, figure, voice),
        figure.title_text,
        figure.description,
        " ".join([*figure.caveats, own]),
        figure.sources,
    )


def _of_series(report: Report, voice: Voice, name: str) -> Table:
    series = voice.dataset.series[name]
    return Table(
        f"series/{name}.csv",
        series_csv(report, voice, name),
        voice.said(series.what),
        voice.said(series.note),
        _made_from(voice),
        source_lines(voice, series.chain),
        _columns(voice, series),
    )


def _made_from(voice: Voice) -> str:
    return voice.language.word("page.made_from", licence=voice.site.licence.name)


def _columns(voice: Voice, series: Series) -> dict[str, str]:
    """What the columns of a series hold, with the unit of numbers."""
    found = {name: voice.said(head) for name, head in series.heads.items()}
    for name in series.counted:
        about = series.about(name)
        scale = f" × {plain_digits(Fraction(str(about.scale)))}" if about.scale else ""
        found[name] = f"{voice.said(about.what)} ({about.unit}{scale})"
    return found


def _csvw(table: Table, voice: Voice) -> bytes:
    """What stands beside a CSV file as `NAME-metadata.json`: what it is, from whom, on what terms.

    The W3C's "Metadata Vocabulary for Tabular Data" makes programs look there.
    """
    site, columns = voice.site, table.columns or {}
    return as_json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": voice.code}],
            "url": table.path.rpartition("/")[2],
            "dc:title": table.title,
            "dc:description": table.description,
            "dc:creator": voice.said(site.publisher or site.title),
            "dc:license": {"@id": site.licence.url},
            "dc:rights": table.terms,
            "dc:source": [
                filled(
                    {
                        "dc:title": source.full,
                        "schema:url": {"@id": source.url} if source.url else "",
                        "dc:rights": source.licence,
                    }
                )
                for source in table.sources
            ],
            "tableSchema": {
                "columns": [
                    filled(
                        {"titles": head, "datatype": kind, "dc:description": columns.get(head, "")}
                    )
                    for head, kind in _typed_columns(table.content)
                ]
            },
        }
    )


def _resource(
    name: str,
    table: Table,
    kinds: Sequence[tuple[str, str]],
    licences: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """A table as a resource of the data package, of columns whose types are given."""
    fields = [{"name": head, "type": kind} for head, kind in kinds]
    if table.columns is not None:
        fields = [field | {"description": table.columns.get(field["name"], "")} for field in fields]
    return {
        "name": name,
        "path": table.path,
        "title": table.title,
        "description": table.description,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"licenses": licences} if licences else {}),
        "sources": _named(table.sources),
        "schema": {"fields": fields},
    }


def _named(sources: Sequence[SourceLine]) -> list[dict[str, str]]:
    """Sources as a data package names them."""
    return [
        {"title": f"{source.short}: {source.title}"} | ({"path": source.url} if source.url else {})
        for source in sources
    ]


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")


def _typed_columns(content: bytes) -> list[tuple[str, str]]:
    """The columns of a CSV file, each with the narrowest type that all its cells have."""
    head, *rows = read_csv(content)
    return [(name, _type([row[index] for row in rows])) for index, name in enumerate(head)]


def _type(cells: Sequence[str]) -> str:
    stated = [cell for cell in cells if cell]
    if stated and all(re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", cell) for cell in stated):
        return "number"
    if stated and all(cell in ("true", "false") for cell in stated):
        return "boolean"
    return "string"
