"""What pages and data say of themselves to machines: schema.org records, and CSVW for a CSV file.

Every text in them is the plain form of what the page prints. What would be an address is left out
where the site's own is not known.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explainer.figures.figure import Figure
from explainer.figures.sources import SourceLine
from explainer.text.table import read_csv
from explainer.voice.voice import Voice

Record = dict[str, Any]


@dataclass(frozen=True)
class About:
    """What all records of a page share."""

    title: str
    summary: str
    language: str
    address: str
    """The page's address, or empty."""
    home: str
    """The address of the front page in its language, or empty."""
    publisher: str
    licence: str
    """Where the licence of our own words and charts is."""
    authors: tuple[str, ...] = ()


def article(about: About, published: str, updated: str, picture: str) -> Record:
    """A note as an article; `picture` is the address of its card, or empty."""
    publisher = _filled({"@type": "Organization", "name": about.publisher, "url": about.home})
    return _filled(
        {
            "@type": "Article",
            "headline": about.title,
            "description": about.summary,
            "inLanguage": about.language,
            "datePublished": published,
            "dateModified": updated or published,
            "author": [{"@type": "Person", "name": name} for name in about.authors] or publisher,
            "publisher": publisher,
            "license": about.licence,
            "mainEntityOfPage": about.address,
            "image": picture,
        }
    )


def dataset(
    about: About,
    files: Sequence[tuple[str, str]],
    sources: Iterable[SourceLine],
    periods: Iterable[str],
    measures: Iterable[str] = (),
) -> Record:
    """The data of a page: its files by media type and address, its sources, the times it is of."""
    return _filled(
        {
            "@type": "Dataset",
            "name": about.title,
            "description": about.summary,
            "inLanguage": about.language,
            "url": about.address,
            "license": about.licence,
            "isAccessibleForFree": True,
            "creator": _filled(
                {"@type": "Organization", "name": about.publisher, "url": about.home}
            ),
            "temporalCoverage": coverage(periods),
            "variableMeasured": list(measures),
            "isBasedOn": [
                _filled(
                    {
                        "@type": "CreativeWork",
                        "name": ", ".join(filter(None, (source.label, source.title))),
                        "url": source.url,
                    }
                )
                for source in sources
            ],
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
                for kind, address in files
                if address
            ],
        }
    )


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Record:
    """The pages from the front page down to this one, by title and address."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": title, "item": address}
            for number, (title, address) in enumerate(steps, 1)
        ],
    }


def graph(records: Sequence[Record]) -> Record:
    """The records of a page as one JSON-LD document."""
    return {"@context": "https://schema.org", "@graph": list(records)}


def coverage(periods: Iterable[str]) -> str:
    """The years that dates of claims span, as ISO 8601 writes it: 2014, or 2012/2025."""
    years = [year for text in periods for year in re.findall(r"(?<!\d)(?:1\d|20)\d\d(?!\d)", text)]
    ends = dict.fromkeys((min(years), max(years))) if years else ()
    return "/".join(ends)


def _filled(record: Record) -> Record:
    return {key: value for key, value in record.items() if value not in ("", [], None)}


# CSVW


def csvw(
    name: str,
    content: bytes,
    title: str,
    description: str,
    terms: str,
    sources: Iterable[SourceLine],
    voice: Voice,
    columns: Mapping[str, str] | None = None,
) -> bytes:
    """What stands beside a CSV file as `name-metadata.json`: what it is, from whom, on what terms.

    The W3C's "Metadata Vocabulary for Tabular Data" makes programs look there. `columns` says what
    some of the columns hold.
    """
    site = voice.dataset.site
    assert site is not None
    record = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": voice.code}],
        "url": name,
        "dc:title": title,
        "dc:description": description,
        "dc:creator": voice.said(voice.local(site.publisher or site.title)),
        "dc:license": {"@id": site.licence.url},
        "dc:rights": terms,
        "dc:source": [
            _filled(
                {
                    "dc:title": ", ".join(filter(None, (source.label, source.title))),
                    "schema:url": {"@id": source.url} if source.url else "",
                    "dc:rights": source.licence,
                }
            )
            for source in sources
        ],
        "tableSchema": {
            "columns": [
                _filled(
                    {
                        "titles": head,
                        "datatype": kind,
                        "dc:description": (columns or {}).get(head, ""),
                    }
                )
                for head, kind in typed_columns(content)
            ]
        },
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def figure_csvw(figure: Figure, voice: Voice) -> bytes:
    """What stands beside the CSV file of a figure."""
    return csvw(
        figure.files["csv"].rpartition("/")[2],
        figure.csv(),
        figure.title_text,
        figure.description,
        " ".join([*figure.caveats, voice.language.word("figure.licence", licence=figure.licence)]),
        figure.sources,
        voice,
    )


def typed_columns(content: bytes) -> list[tuple[str, str]]:
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
