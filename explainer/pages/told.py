"""What a template is told of its page and of the site."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypedDict

from markupsafe import Markup

from explainer.figures.picture import CARD
from explainer.pages.cite import Citation, cite_page
from explainer.pages.linked import Record, linked
from explainer.pages.made import (
    ChartsBody,
    CorrectionsBody,
    DataBody,
    GlossaryBody,
    MissingBody,
    SourcesBody,
)
from explainer.pages.navigation import Alternate, Directory, NavLink, relative
from explainer.pages.page import Body, ChartBody, NoteBody, Page, by_mouth
from explainer.voice.voice import Reference, Voice


@dataclass(frozen=True)
class AliasBody(Body):
    """What the page at an old address is told."""

    target: str
    """The path of the page that has moved."""
    target_address: str
    """Its absolute address, or empty."""


@dataclass(frozen=True)
class LogoPicture:
    """The site's logo as pages show it: the name of its asset, and its size in px."""

    name: str
    width: int
    height: int


@dataclass(frozen=True)
class SiteWords:
    """The site's own words in one language."""

    title: str
    tagline: str
    description: str
    publisher: str
    contact: str
    repository: str
    licence_name: str
    licence_url: str
    authors: tuple[str, ...]
    by: str
    """The authors in a sentence; empty where none are named."""
    logo: LogoPicture | None
    logo_alt: str
    hosted: bool
    """Whether it is on its way to a server: pages in a folder may not ask for fonts early."""


class Common(TypedDict):
    """What every template is told."""

    t: Callable[..., str]
    url: Callable[[str], str]
    address: Callable[[str], str]
    asset: Callable[[str], str]
    cite: Callable[[Reference], Citation]
    runtime: str
    site: SiteWords
    page: "PageWords"
    navigation: Callable[[], Markup]


BODIES = (
    NoteBody, ChartBody, GlossaryBody, ChartsBody, DataBody, SourcesBody, CorrectionsBody,
    MissingBody, AliasBody,
)  # fmt: skip
"""What each kind of page is told beyond that."""

TOLD = (*Common.__annotations__, *dict.fromkeys(f.name for kind in BODIES for f in fields(kind)))
"""Every name that some template is told."""


class PageWords:
    """A page as its template meets it: its own fields, and what follows from where it stands."""

    card_size = CARD

    def __init__(
        self,
        page: Page,
        voice: Voice,
        site: SiteWords,
        directory: Directory,
        others: tuple[tuple[str, str], ...],
    ):
        self._page, self._voice, self._site, self._directory = page, voice, site, directory
        self._others = others
        self.url = page.path
        """Its path in the site."""
        self.previous, self.next = directory.neighbours(page.path)
        """The notes before it and behind it."""
        self.feed = bool(directory.site_url)
        """Whether there is a feed."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._page, name)

    @property
    def home(self) -> str:
        """The address of the front page in its language."""
        folder = self._directory.folder(self._page.language)
        return relative(f"{folder}index.html", self._page.path)

    @property
    def alternates(self) -> list[Alternate]:
        """The same page in each language that has it."""
        names, page, address = dict(self._directory.languages), self._page, self._directory.address
        return [
            Alternate(
                code, names[code], relative(path, page.path), address(path), code == page.language
            )
            for code, path in self._others
        ]

    @property
    def canonical(self) -> str:
        """Its absolute address, or empty."""
        return self._directory.address(self._page.path)

    @property
    def trail(self) -> list[NavLink]:
        """The pages above it, from the front page down."""
        page = self._page
        return [NavLink(item.title, relative(item.url, page.path)) for item in page.trail]

    @property
    def history(self) -> str:
        """Where every change to it can be seen, if its repository is one that shows them."""
        repository = self._site.repository.rstrip("/").removesuffix(".git")
        file = self._page.file
        if not file or file.startswith(("/", "..")) or not repository:
            return ""
        host = repository.split("/")[2]
        if host.startswith("gitlab."):
            return f"{repository}/-/commits/HEAD/{file}"
        return f"{repository}/commits/HEAD/{file}" if host == "github.com" else ""

    @property
    def mouths(self) -> list[list[Reference]]:
        """Its references in groups of one who speaks by one way."""
        return by_mouth(self._page.references)

    def said(self, names: str) -> list[list[Reference]]:
        """The references of these claims, grouped in the same way."""
        known = {reference.id: reference for reference in self._page.references}
        return by_mouth(known[name] for name in names.split())

    @property
    def citation(self) -> Citation:
        """How to cite it."""
        site, language = self._site, self._voice.language
        return cite_page(self._page, language, site.title, self.canonical, site.authors)

    @property
    def linked(self) -> Record:
        """What it says of itself to machines, as JSON-LD; empty where it says nothing."""
        return linked(self._page, self._voice, self._directory)


def site_words(voice: Voice, logo: LogoPicture | None = None, hosted: bool = False) -> SiteWords:
    """The site's own words in a language."""
    site, said = voice.site, voice.said
    authors = tuple(map(said, site.authors))
    return SiteWords(
        said(site.title),
        said(site.tagline),
        said(site.description),
        said(site.publisher),
        site.contact or "",
        site.repository or "",
        site.licence.name,
        site.licence.url,
        authors,
        voice.language.word("page.authors", names=voice.joined(authors)) if authors else "",
        logo,
        said(site.logo.alt) if site.logo else "",
        hosted,
    )
