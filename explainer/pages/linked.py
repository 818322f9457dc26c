"""What pages and data say of themselves to machines: schema.org records.

Every text in them is the plain form of what the page prints. What would be an address is left out
where the site's own is not known.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from explainer.figures.sources import SourceLine, source_lines
from explainer.output.exports import filled
from explainer.pages.made import DataBody
from explainer.pages.navigation import Directory
from explainer.pages.page import ChartBody, Page, coverage
from explainer.project import CHART_FILES, DATA_FILES
from explainer.voice.voice import Voice

Record = dict[str, Any]


def linked(page: Page, voice: Voice, directory: Directory) -> Record:
    """The records of a page as one JSON-LD document; empty where it says nothing."""
    if page.kind == "note":
        records = [_article(page, voice, directory)]
    elif isinstance(page.body, DataBody):
        records = [_all_data(page, page.body, voice, directory)]
    elif isinstance(page.body, ChartBody):
        figure = page.body.figure
        files = [(CHART_FILES[kind].media, figure.files[kind]) for kind in ("csv", "json")]
        data = _dataset(page, voice, directory, files, figure.sources, figure.periods)
        records = [data, *_breadcrumbs(page, voice, directory)]
    else:
        return {}
    return {"@context": "https://schema.org", "@graph": records}


def _article(page: Page, voice: Voice, directory: Directory) -> Record:
    """A note as an article, with its card."""
    published, updated = (day.iso if day else "" for day in (page.published, page.updated))
    authors = [{"@type": "Person", "name": voice.said(name)} for name in voice.site.authors]
    publisher = _publisher(page, voice, directory)
    return filled(
        {
            **_shared(page, voice),
            "@type": "Article",
            "headline": page.title_text,
            "datePublished": published,
            "dateModified": updated or published,
            "author": authors or publisher,
            "publisher": publisher,
            "mainEntityOfPage": directory.address(page.path),
            "image": directory.address(page.pictured.files["card"]) if page.pictured else "",
        }
    )


def _all_data(page: Page, body: DataBody, voice: Voice, directory: Directory) -> Record:
    """The claims and sources as a dataset."""
    folder, dataset = directory.folder(page.language), voice.dataset
    offered = [file for file in DATA_FILES.values() if file.linked]
    files = [(file.media, folder + file.path) for file in offered]
    periods = [claim.as_of or "" for claim in dataset.claims.values()]
    measures = dict.fromkeys(ref.measure for group in body.groups for ref in group.references)
    sources = source_lines(voice, dataset.sources)
    return _dataset(page, voice, directory, files, sources, periods, measures)


def _dataset(
    page: Page,
    voice: Voice,
    directory: Directory,
    files: Sequence[tuple[str, str]],
    sources: Iterable[SourceLine],
    periods: Iterable[str],
    measures: Iterable[str] = (),
) -> Record:
    """The data of a page: its files by media type and path, its sources, the times it is of."""
    return filled(
        {
            **_shared(page, voice),
            "@type": "Dataset",
            "name": page.title_text,
            "url": directory.address(page.path),
            "isAccessibleForFree": True,
            "creator": _publisher(page, voice, directory),
            "temporalCoverage": coverage(periods),
            "variableMeasured": list(measures),
            "isBasedOn": [
                filled({"@type": "CreativeWork", "name": source.full, "url": source.url})
                for source in sources
            ],
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
                for kind, path in files
                if (address := directory.address(path))
            ],
        }
    )


def _breadcrumbs(page: Page, voice: Voice, directory: Directory) -> list[Record]:
    """The pages from the front page down to this one; none where no address is known."""
    if not directory.site_url:
        return []
    steps = [(voice.said(voice.site.title), f"{directory.folder(page.language)}index.html")]
    steps += [(item.title, item.url) for item in page.trail]
    items = [
        {"@type": "ListItem", "position": number, "name": title, "item": directory.address(path)}
        for number, (title, path) in enumerate([*steps, (page.title_text, page.path)], 1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": items}]


def _shared(page: Page, voice: Voice) -> Record:
    return {
        "description": page.summary_text,
        "inLanguage": page.language,
        "license": voice.site.licence.url,
    }


def _publisher(page: Page, voice: Voice, directory: Directory) -> Record:
    name = voice.said(voice.site.publisher or voice.site.title)
    home = directory.address(f"{directory.folder(page.language)}index.html")
    return filled({"@type": "Organization", "name": name, "url": home})
