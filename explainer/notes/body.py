"""What the body of a note is made of once it is read."""

from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from markupsafe import Markup
from pydantic import PlainSerializer, PlainValidator

from explainer.notes.markdown import Fence

Html = Annotated[Markup, PlainValidator(Markup), PlainSerializer(str)]
"""HTML that is safe in a page; a note that was kept as JSON has it back."""


class Piece(NamedTuple):
    """A part of a note's body: HTML, or the id of a chart or disagreement to set there."""

    kind: str
    html: Html
    id: str = ""


class Heading(NamedTuple):
    """A heading for the list of contents."""

    level: int
    id: str
    text: str


@dataclass(kw_only=True)
class Body:
    """The body of a note, bound and checked."""

    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    targets: list[tuple[str, int]] = field(default_factory=list)
    """Its links: where each leads, and on which line it stands."""
    uses: dict[str, list[str]] = field(default_factory=dict)
    """Claim → anchors of the places in the prose that print it."""
    charts: list[str] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    """Sources that the prose names."""
    files: list[str] = field(default_factory=list)
    """Addresses of the files beside the note that it links or shows."""
    plains: int = 0
    words: int = 0
