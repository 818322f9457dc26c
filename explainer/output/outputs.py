"""What makes each file of the tables in `project.py`: a pass for every kind."""

from collections.abc import Callable

from explainer.figures import picture
from explainer.figures.figure import Figure
from explainer.notes.photographs import bare
from explainer.output import exports, tables
from explainer.problems import Report
from explainer.project import Blob
from explainer.voice.voice import Voice


def published_file(report: Report, file: Blob) -> bytes:
    """A file beside a note; a photograph without what its camera tells beside it."""
    return bare(file.content)


CHART_MAKERS: dict[str, Callable[[Report, Figure, Voice], bytes]] = {
    "csv": exports.chart_csv,
    "csvw": tables.chart_csvw,
    "json": exports.chart_json,
    "spec": exports.chart_spec,
    "svg": picture.svg,
    "small": picture.small,
}
"""Makers of a chart's files, but for its pages and for pictures in pixels."""

DRAWN_LARGE: dict[str, tuple[Callable[..., str], float]] = {
    "png": (picture.sheet, picture.FINE),
    "card": (picture.card, 1),
}
"""The SVG of which each of a chart's pictures in pixels is made, and its scale."""

DATA_MAKERS: dict[str, Callable[[Report, Voice], bytes]] = {
    "csv": exports.claims_csv,
    "csvw": tables.claims_csvw,
    "json": exports.claims_json,
    "bibtex": exports.sources_bib,
}
"""Makers of the files of all claims, but for the package, which lists the charts, too."""

SERIES_MAKERS: dict[str, Callable[[Report, Voice, str], bytes]] = {
    "csv": exports.series_csv,
    "csvw": tables.series_csvw,
}
"""Makers of the files of a series that has a table."""
