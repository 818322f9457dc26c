"""What makes each file of the tables in `project.py`: a pass for every kind."""

from collections.abc import Callable, Sequence

from explainer.figures.figure import Figure
from explainer.figures.identity import sign_of
from explainer.figures.picture import FINE, card, sheet, small
from explainer.notes.photographs import bare
from explainer.output import exports, feeds, linked, search
from explainer.problems import Report
from explainer.project import Blob
from explainer.voice.voice import Voice


def published_file(report: Report, file: Blob) -> bytes:
    """A file beside a note; a photograph without what its camera tells beside it."""
    return bare(file.content)


def chart_csv(report: Report, figure: Figure, voice: Voice) -> bytes:
    """The rows of a figure as a CSV file."""
    return figure.csv()


def chart_csvw(report: Report, figure: Figure, voice: Voice) -> bytes:
    """What the columns of that file hold."""
    return linked.figure_csvw(figure, voice)


def chart_json(report: Report, figure: Figure, voice: Voice) -> bytes:
    """What a figure shows and where each number comes from."""
    return figure.metadata(voice)


def chart_spec(report: Report, figure: Figure, voice: Voice) -> bytes:
    """How a figure is drawn, for whoever wants to draw it otherwise."""
    return figure.specification()


def chart_svg(report: Report, figure: Figure, voice: Voice) -> bytes:
    """A figure as a picture that travels alone."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{sheet(figure, voice)}'.encode()


def chart_small(report: Report, figure: Figure, voice: Voice) -> bytes:
    """A figure's drawing as a picture among others."""
    return small(figure).encode()


def chart_sheet(report: Report, figure: Figure, voice: Voice) -> str:
    """The SVG of which a figure's picture to download is made."""
    return sheet(figure, voice)


def chart_card(report: Report, figure: Figure, voice: Voice, logo: Blob | None) -> str:
    """The SVG of which a figure's card for shared links is made, with the site's logo."""
    return card(figure, voice, sign_of(logo) if logo else None)


def claims_csv(report: Report, voice: Voice) -> bytes:
    """Every claim as a CSV file."""
    return exports.claims_csv(voice)


def claims_csvw(report: Report, voice: Voice) -> bytes:
    """What the columns of that file hold."""
    return exports.claims_csvw(voice)


def claims_json(report: Report, voice: Voice) -> bytes:
    """Every claim, source and disagreement for programs."""
    return exports.claims_json(voice)


def sources_bib(report: Report, voice: Voice) -> bytes:
    """Every source as a BibTeX entry."""
    return exports.sources_bib(voice)


def series_csv(report: Report, voice: Voice, name: str) -> bytes:
    """The table of a series as it stands beside the data file."""
    return exports.table_of(voice, name)


def series_csvw(report: Report, voice: Voice, name: str) -> bytes:
    """What the columns of that table hold."""
    return exports.series_csvw(voice, name)


def package(
    report: Report, voice: Voice, figures: Sequence[Figure], folder: str, site_url: str
) -> bytes:
    """What the language's data files are, and from whom."""
    return exports.data_package(voice, {f.id: f for f in figures}, folder, site_url)


def search_index(report: Report, voice: Voice, listed: Sequence[search.Entry]) -> bytes:
    """What the search of a language looks through."""
    return search.index(voice, listed)


def corrections_feed(
    report: Report, voice: Voice, folder: str, site_url: str, updated: str
) -> bytes:
    """The corrections as a feed; `updated` is its day when there are none."""
    return feeds.corrections_feed(voice, voice.dataset.corrections, folder, site_url, updated)


def pages_feed(
    report: Report, voice: Voice, entries: Sequence[feeds.Entry], folder: str, site_url: str
) -> bytes:
    """The pages of a language as a feed."""
    return feeds.pages_feed(voice, entries, folder, site_url)


def sitemap(report: Report, listed: Sequence[feeds.Listed]) -> bytes:
    """Every page for search engines."""
    return feeds.sitemap(listed)


CHART_MAKERS: dict[str, Callable[[Report, Figure, Voice], bytes]] = {
    "csv": chart_csv,
    "csvw": chart_csvw,
    "json": chart_json,
    "spec": chart_spec,
    "svg": chart_svg,
    "small": chart_small,
}
"""Makers of a chart's files, but for its pages and for pictures in pixels."""

DRAWN_LARGE: dict[str, tuple[Callable[..., str], float]] = {
    "png": (chart_sheet, FINE),
    "card": (chart_card, 1),
}
"""The SVG of which each of a chart's pictures in pixels is made, and its scale."""

DATA_MAKERS: dict[str, Callable[[Report, Voice], bytes]] = {
    "csv": claims_csv,
    "csvw": claims_csvw,
    "json": claims_json,
    "bibtex": sources_bib,
}
"""Makers of the files of all claims, but for the package, which lists the charts, too."""

SERIES_MAKERS: dict[str, Callable[[Report, Voice, str], bytes]] = {
    "csv": series_csv,
    "csvw": series_csvw,
}
"""Makers of the files of a series that has a table."""
