"""What pages and data say of themselves to machines: schema.org records.

Every text in them is the plain form of what the page prints. What would be an address is left out
where the site's own is not known.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from explainer.figures.sources import SourceLine

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
    publisher = _publisher(about)
    return filled(
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
    return filled(
        {
            "@type": "Dataset",
            "name": about.title,
            "description": about.summary,
            "inLanguage": about.language,
            "url": about.address,
            "license": about.licence,
            "isAccessibleForFree": True,
            "creator": _publisher(about),
            "temporalCoverage": coverage(periods),
            "variableMeasured": list(measures),
            "isBasedOn": [
                filled(
                    {
                        "@type": "CreativeWork",
                        "name": source.full,
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


def _publisher(about: About) -> Record:
    return filled({"@type": "Organization", "name": about.publisher, "url": about.home})


def filled(record: Record) -> Record:
    """A record without what is empty."""
    return {key: value for key, value in record.items() if value not in ("", [], None)}
