"""Pages rendered with the templates of a folder."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
)

from explainer.data.dataset import Dataset
from explainer.figures.figure import Figure, source_lines
from explainer.figures.picture import CARD
from explainer.output.feeds import Listed
from explainer.output.linked import About, Record, article, breadcrumbs, dataset, graph
from explainer.pages.assets import Assets
from explainer.pages.cite import Citation, cite_claim, cite_page
from explainer.pages.made import DATA, DATA_FILES, HOME_PAGES
from explainer.pages.page import NavLink, Page, base_path, folder_of
from explainer.problems import Place, Problem, Rule, shown
from explainer.voice.voice import Reference, Voice


@dataclass(frozen=True)
class Alternate:
    """The same page in a language of the site."""

    code: str
    name: str
    url: str
    address: str
    """Its absolute address, or empty."""
    current: bool


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


@dataclass(frozen=True)
class Renderer:
    """Renders pages with the templates of a folder."""

    templates: Path
    dataset: Dataset
    voices: Mapping[str, Voice]
    assets: Assets
    site_url: str
    """The site's address, ending in a slash, or empty."""
    pages: Sequence[Page]
    environment: Environment = field(init=False, repr=False, compare=False)
    paths: frozenset[str] = field(init=False, repr=False, compare=False)
    links: dict[tuple[str, bool, str], tuple[list[Page], list[NavLink]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "paths", frozenset(page.path for page in self.pages))
        environment = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        # As it stands in a page: no \u00e9 for é, and no space that nobody needs.
        compact = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
        environment.policies["json.dumps_kwargs"] = compact
        object.__setattr__(self, "environment", environment)

    def render(self, page: Page) -> tuple[bytes, list[Problem]]:
        """The page as HTML (UTF-8), or what is wrong with its template."""
        try:
            template = self.environment.get_template(page.template)
            html = template.render(self._context(page))
            if page.references_on:
                html = html.replace('href="#ref-', f'href="{page.references_on}#ref-')
            return _numbered(html, page.references).encode(), []
        except TemplateError as error:
            return b"", [_template_problem(error, self.templates, page.template)]
        except Exception as error:
            # What a template does with what it is told can fail in any way.
            if not _in_template(error, self.templates):
                raise
            return b"", [_template_problem(error, self.templates, page.template)]

    def alias(self, path: str, page: Page) -> tuple[bytes, list[Problem]]:
        """A page at an old address that points on to a page."""
        stub = replace(
            page,
            template="alias.html",
            path=path,
            body={
                "target": page.path,
                "target_address": self.site_url + page.path if self.site_url else "",
            },
        )
        return self.render(stub)

    def _context(self, page: Page) -> dict[str, Any]:
        voice = self.voices[page.language]

        def t(key: str, **values: object) -> str:
            try:
                return voice.language.word(key, **values)
            except KeyError as error:
                raise UndefinedError(str(error.args[0])) from None

        def url(path: str) -> str:
            return self._url(page, path)

        def asset(name: str) -> str:
            if name not in self.assets.paths:
                raise UndefinedError(f"there is no asset '{name}'")
            return self._url(page, self.assets.paths[name])

        def cite(reference: Reference) -> Citation:
            """How to cite a claim by its line on the data page."""
            address = self._address(f"{self._folder(page)}{DATA}#{reference.id}")
            return cite_claim(voice, reference, self._site_words(voice).title, address)

        figures = page.body.get("figures") or page.body.get("figure")
        return {
            "t": t,
            "url": lambda path: url(self._localised(page, path)),
            "address": lambda path: self._address(self._localised(page, path)),
            "asset": asset,
            "cite": cite,
            "runtime": asset("runtime.js") if figures else "",
            "site": self._site_words(voice),
            "page": self._page_words(page),
            **page.body,
        }

    def _folder(self, page: Page) -> str:
        return folder_of(page.language, list(self.voices))

    def _localised(self, page: Page, path: str) -> str:
        """Templates name the pages made from data without their language's folder."""
        own = path in HOME_PAGES or path.startswith("data/")
        return self._folder(page) + path if own else path

    def _address(self, path: str) -> str:
        """The absolute address of a path in the site; empty where the site's is not known."""
        return self.site_url + path if self.site_url else ""

    def _url(self, page: Page, path: str) -> str:
        if page.kind == "404":
            return base_path(self.site_url) + path
        return posixpath.relpath(path, posixpath.dirname(page.path) or ".")

    def _navigation(self, page: Page) -> tuple[list[Page], list[NavLink]]:
        """The pages that the navigation of a page lists, and the links to them, none marked.

        Worked out once for all pages of a folder, or a site of many notes would take the square of
        its size.
        """
        folder = (page.language, page.kind == "404", posixpath.dirname(page.path))
        if folder not in self.links:
            listed = [
                other
                for other in self.pages
                if other.language == page.language
                and other.kind in ("note", "glossary", "data", "sources")
            ]
            links = [
                NavLink(
                    other.nav or other.title_text, self._url(page, other.path), draft=other.draft
                )
                for other in listed
            ]
            self.links[folder] = (listed, links)
        return self.links[folder]

    def _page_words(self, page: Page) -> dict[str, Any]:
        folder = self._folder(page)
        listed, links = self._navigation(page)
        nav = [
            replace(link, current=True) if other.path == page.path else link
            for other, link in zip(listed, links, strict=True)
        ]
        notes = [other for other in listed if other.kind == "note"]
        index = next((i for i, other in enumerate(notes) if other.path == page.path), None)

        def neighbour(step: int) -> NavLink | None:
            if index is None or not 0 <= index + step < len(notes):
                return None
            other = notes[index + step]
            return NavLink(other.nav or other.title_text, self._url(page, other.path))

        alternates = [
            Alternate(
                code,
                self.voices[code].language.word("name"),
                self._url(page, path),
                self._address(path),
                code == page.language,
            )
            for code, path in self.alternates(page)
        ]
        return {
            **{name: getattr(page, name) for name in page.__dataclass_fields__ if name != "nav"},
            "url": page.path,
            "home": self._url(page, f"{folder}index.html"),
            "nav": nav,
            "alternates": alternates,
            "canonical": self._address(page.path),
            "trail": [replace(item, url=self._url(page, item.url)) for item in page.trail],
            "history": self._history(page),
            "previous": neighbour(-1),
            "next": neighbour(1),
            "feed": bool(self.site_url),
            "citation": cite_page(
                page,
                self._site_words(self.voices[page.language]).title,
                self._address(page.path),
            ),
            "card_size": CARD,
            "linked": self._linked(page),
        }

    def alternates(self, page: Page) -> list[tuple[str, str]]:
        """The same page in each language that has it, by code and path; none of `404.html`."""
        codes = list(self.voices)
        bare = page.path.removeprefix(self._folder(page))
        found = [(code, folder_of(code, codes) + bare) for code in codes]
        return [(code, path) for code, path in found if path in self.paths and page.kind != "404"]

    def sitemap(self) -> list[Listed]:
        """The pages that search engines are told of: not those that say they are none for them."""
        return [
            Listed(
                self._address(page.path),
                page.changed,
                [(code, self._address(path)) for code, path in self.alternates(page)],
            )
            for page in self.pages
            if page.kind not in ("404", "embed")
        ]

    def _linked(self, page: Page) -> Record:
        """What a page says of itself to machines, as JSON-LD; empty where it says nothing."""
        voice = self.voices[page.language]
        site = self._site_words(voice)
        home = self._address(f"{self._folder(page)}index.html")
        about = About(
            page.title_text,
            page.summary_text,
            page.language,
            self._address(page.path),
            home,
            site.publisher or site.title,
            site.licence_url,
        )
        card = self._address(page.pictured.files.card) if page.pictured else ""
        if page.kind == "note":
            published, updated = (
                when.iso if when else "" for when in (page.published, page.updated)
            )
            return graph([article(about, published, updated, card)])
        if page.kind == "data":
            files = [
                (kind, self._address(self._localised(page, path))) for kind, path in DATA_FILES
            ]
            claims = voice.dataset.claims.values()
            measures = [group["label"] for group in page.body["groups"]]
            sources = source_lines(voice, voice.dataset.sources)
            periods = [claim.as_of or "" for claim in claims]
            return graph([dataset(about, files, sources, periods, measures)])
        if page.kind == "chart":
            figure: Figure = page.body["figure"]
            files = [
                ("text/csv", self._address(figure.files.csv)),
                ("application/json", self._address(figure.files.json)),
            ]
            records = [dataset(about, files, figure.sources, figure.periods)]
            steps = [(site.title, home), *((s.title, self._address(s.url)) for s in page.trail)]
            if self.site_url:
                records.append(breadcrumbs([*steps, (about.title, about.address)]))
            return graph(records)
        return {}

    def _history(self, page: Page) -> str:
        """Where every change to a page can be seen, if its repository is one that shows them."""
        site = self.dataset.site
        repository = ((site and site.repository) or "").rstrip("/").removesuffix(".git")
        if not page.file or page.file.startswith(("/", "..")) or not repository:
            return ""
        host = repository.split("/")[2]
        if host == "github.com" or host.startswith("gitlab."):
            between = "/-/commits/HEAD/" if host.startswith("gitlab.") else "/commits/HEAD/"
            return repository + between + page.file
        return ""

    def _site_words(self, voice: Voice) -> SiteWords:
        site = self.dataset.site
        assert site is not None

        def local(text: dict[str, str] | None) -> str:
            return voice.said(voice.local(text))

        return SiteWords(
            local(site.title),
            local(site.tagline),
            local(site.description),
            local(site.publisher),
            site.contact or "",
            site.repository or "",
            site.licence.name,
            site.licence.url,
        )


def _numbered(html: str, references: Sequence[Reference]) -> str:
    """The page with the number of its reference at each claim, for those who read it on paper."""
    numbers = {reference.id: number for number, reference in enumerate(references, 1)}

    def told(match: re.Match[str]) -> str:
        number = numbers.get(match[1])
        return f'{match[0]} data-ref="{number}"' if number else match[0]

    return re.sub(r'<a class="claim" data-claim="([^"]+)" href="#ref-[^"]*"', told, html)


def _in_template(error: Exception, templates: Path) -> bool:
    """Whether an error arose while a template was at work."""
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).is_relative_to(templates):
            return True
        trace = trace.tb_next
    return False


def _template_problem(error: Exception, templates: Path, name: str) -> Problem:
    """A template's error at the template's line, where Jinja tells it."""
    syntax = error if isinstance(error, TemplateSyntaxError) else None
    line, file = (syntax.lineno, syntax.name or name) if syntax else (0, name)
    trace = error.__traceback__
    while trace is not None and not syntax:
        source = trace.tb_frame.f_code.co_filename
        if Path(source).parent == templates or Path(source).is_relative_to(templates):
            file, line = Path(source).relative_to(templates).as_posix(), trace.tb_lineno
        trace = trace.tb_next
    path = templates / str(file)
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    excerpt = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return Problem(
        Place(shown(path), line or 1),
        Rule.TEMPLATE_ERROR,
        str(getattr(error, "message", None) or error),
        "correct the template; what a template is told is listed in CONTRIBUTING.md",
        excerpt,
    )
