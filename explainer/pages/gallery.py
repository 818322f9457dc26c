"""Charts as other pages show them: small, and beside those that have much in common."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.figures.figure import Figure
from explainer.problems import Report

RELATED = 3
"""How many charts a chart's page leads on to at most."""

SHARED = {"claim": 3, "page": 2, "source": 1}
"""How much it counts that two charts have one in common."""


@dataclass(frozen=True)
class Thumb:
    """A chart as other pages show it, and what it may have in common with others."""

    id: str
    title: str
    page: str
    picture: str
    width: int
    height: int
    claims: tuple[str, ...]
    sources: tuple[str, ...]


def thumb(report: Report, figure: Figure) -> Thumb:
    """A figure as other pages show it."""
    return Thumb(
        figure.id,
        figure.title_text,
        figure.files["page"],
        figure.files["small"],
        figure.wide.width,
        figure.wide.height,
        tuple(figure.claims),
        tuple(source.id for source in figure.sources),
    )


def relatives(
    thumbs: Sequence[Thumb], pages: Mapping[str, Sequence[str]], twins: Mapping[str, str]
) -> dict[str, tuple[Thumb, ...]]:
    """The charts that have most in common with each, most first; `pages` are those that show it.

    Two that are folded into one another need no link.
    """
    shared: dict[tuple[str, str], list[Thumb]] = defaultdict(list)
    marks = {
        one.id: [
            *(("claim", name) for name in one.claims),
            *(("page", path) for path in pages.get(one.id, ())),
            *(("source", name) for name in one.sources),
        ]
        for one in thumbs
    }
    for one in thumbs:
        for mark in marks[one.id]:
            shared[mark].append(one)
    found = {}
    for one in thumbs:
        near = Counter[Thumb]()
        for mark in marks[one.id]:
            near.update(dict.fromkeys(shared[mark], SHARED[mark[0]]))
        others = [
            other
            for other, _ in near.most_common()
            if one.id not in (other.id, twins.get(other.id)) and other.id != twins.get(one.id)
        ]
        found[one.id] = tuple(others[:RELATED])
    return found
