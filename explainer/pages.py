"""A page and its template: what stands on it, where it leads, what a template is told."""

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from markupsafe import Markup, escape
from rcssmin import cssmin
from rjsmin import jsmin

from explainer.body import Heading, Piece
from explainer.citations import Reference, Voice
from explainer.dataset import Dataset
from explainer.exports import bibtex_entry
from explainer.feeds import Listed, numbered
from explainer.figures import Figure, source_lines
from explainer.linked import About, Record, article, breadcrumbs, dataset, graph
from explainer.models import Correction as Entry
from explainer.notes import Note
from explainer.pictures import CARD, FRAME, frame_height
from explainer.problems import Place, Problem, Rule, shown

GLOSSARY, DATA, SOURCES, CORRECTIONS, NOT_FOUND = (
    "glossary.html",
    "data.html",
    "sources.html",
    "corrections.html",
    "404.html",
)
MADE_PAGES = ("glossary", "data", "sources", "corrections", "404")
"""Pages that are made from the data file; no note can have their names."""
HOME_PAGES = (GLOSSARY, DATA, SOURCES, CORRECTIONS, "index.html", "corrections.xml", "feed.xml")
"""Pages that templates name without their language's folder, and `data/` with all in it."""
DATA_FILES = (
    ("text/csv", "data/claims.csv"),
    ("application/json", "data/claims.json"),
    ("application/json", "data/datapackage.json"),
)
"""The files of all claims, by media type and path below the language's folder."""


@dataclass(frozen=True)
class When:
    """A date for people and for machines."""

    iso: str
    text: str


@dataclass(frozen=True)
class NavLink:
    """A link to a page of the site."""

    title: str
    url: str
    current: bool = False
    draft: bool = False


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
class Citation:
    """How to cite a page or a claim: in plain text, and as a BibTeX entry."""

    text: str
    bibtex: str


@dataclass(frozen=True)
class Correction:
    """A correction as a page tells it."""

    id: str
    date: When
    kind: str
    page: NavLink | None
    was: Markup
    now: Markup
    why: Markup


@dataclass(frozen=True)
class Page:
    """A page, whatever it was made from."""

    kind: str
    template: str
    language: str
    path: str
    title: Markup
    title_text: str
    summary: Markup
    summary_text: str
    published: When | None = None
    updated: When | None = None
    checked: When | None = None
    nav: str = ""
    """What the navigation calls it; empty: its title."""
    headings: Sequence[Heading] = ()
    credits: Sequence[Markup] = ()
    references: Sequence[Reference] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    """What only this kind of page is told."""
    claims: frozenset[str] = frozenset()
    """Every claim that it prints."""
    file: str = ""
    """The file of content that it was made from."""
    corrections: Sequence[Correction] = ()
    """Corrections that concern it."""
    trail: Sequence[NavLink] = ()
    """The pages above it, from the front page down."""
    draft: bool = False
    """Whether it is not to be published yet: only a preview has such pages."""
    changed: str = ""
    """The day of its last change; empty where it says none."""
    pictured: Figure | None = None
    """The figure whose card stands for it where its address is shared."""
    references_on: str = ""
    """Where the references of its claims are, if not at its own foot."""


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


def folder_of(language: str, languages: Sequence[str]) -> str:
    """The folder of a language in the site: the first language has none."""
    return "" if language == languages[0] else f"{language}/"


# Pages of content


def note_page(note: Note, voice: Voice, figures: Mapping[str, Figure], folder: str) -> Page:
    """The page of a note, with a reference for each claim that it prints."""
    places = {name: list(anchors) for name, anchors in note.uses.items()}
    on_page: dict[str, Figure] = {}
    disagreements = {
        piece.id: _disagreement(voice, piece.id)
        for piece in note.pieces
        if piece.kind == "disagreement"
    }
    for name in note.charts:
        figure: Figure | None = figures[name]
        while figure is not None:
            on_page.setdefault(figure.id, figure)
            for claim in figure.claims:
                places.setdefault(claim, []).append(f"chart-{figure.id}")
            figure = figure.twin if figure.twin and figure.twin.id not in on_page else None
    for text in (note.front.title, note.front.summary):
        for claim in voice.claims_in(text):
            places.setdefault(claim, [])
    concerned = [
        (number, entry)
        for number, entry in numbered(voice.dataset.corrections)
        if entry.page == note.slug or set(entry.claims) & set(places)
    ]
    corrections = [_correction(voice, number, entry, folder) for number, entry in concerned]
    for _, entry in concerned:
        for claim in _printed_by(voice, entry):
            places.setdefault(claim, [])
    for disagreement in disagreements.values():
        for claim in disagreement["printed"]:
            places.setdefault(claim, []).append(f"disagreement-{disagreement['id']}")
    references = _references(voice, places)
    used_sources = {link.id for reference in references for link in reference.chain}
    used_sources.update(note.cited)
    return Page(
        kind="note",
        template="note.html",
        language=voice.code,
        path=f"{folder}{note.slug}.html",
        title=note.title,
        title_text=note.title_text,
        summary=note.summary,
        summary_text=note.summary_text,
        nav=voice.said(note.front.nav),
        published=_when(voice, note.front.published),
        updated=_when(voice, note.front.updated),
        checked=_when(voice, note.front.checked),
        headings=[heading for heading in note.headings if heading.level <= 3],
        credits=[line for source, line in voice.credits.items() if source in used_sources],
        references=references,
        body={
            "pieces": _laid_out(note.pieces, note.front.climb),
            "figures": on_page,
            "disagreements": disagreements,
        },
        claims=frozenset(places),
        file=note.file,
        corrections=corrections,
        draft=note.front.draft,
        changed=note.front.updated or note.front.published or "",
        pictured=next((figures[name] for name in note.charts), None),
    )


def _laid_out(pieces: Sequence[Piece], climb: str) -> list[Piece]:
    """The pieces of a note as its page sets them.

    A chart before any text opens the page. The sections of the third level behind the chart
    `climb` become its steps, up to the next heading of the second level or whatever else comes.
    """
    laid_out: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index == 0 and piece.kind == "chart":
            laid_out.append(piece._replace(kind="opening"))
        elif climb and laid_out and laid_out[-1] == Piece("chart", Markup(""), climb):
            steps, heading, rest = str(piece.html).partition("<h2")
            before, *sections = re.split("(?=<h3)", steps)
            wrapped = "".join(f'<section class="step">{section}</section>' for section in sections)
            laid_out[-1] = Piece("climb", Markup(before + wrapped), climb)
            if heading or piece.kind != "html":
                laid_out.append(piece._replace(html=Markup(heading + rest)))
        else:
            laid_out.append(piece)
    return laid_out


def _references(voice: Voice, places: Mapping[str, Sequence[str]]) -> list[Reference]:
    """The references of a page: of what it prints, and of what those references print."""
    waiting, done = list(places), dict[str, Reference]()
    while waiting:
        name = waiting.pop(0)
        if name in done or name not in voice.dataset.quantities:
            continue
        done[name] = replace(voice.reference(name), places=list(places.get(name, ())))
        claim = voice.dataset.claims[name]
        waiting += voice.dataset.inputs(name)
        for text in (claim.what, claim.note):
            waiting += voice.claims_in(voice.local(text))
    return list(done.values())


def _disagreement(voice: Voice, name: str) -> dict[str, Any]:
    entry = voice.dataset.disagreements[name]
    texts = {key: voice.local(text) for key, text in entry.implies.items()}
    other = [voice.local(entry.question), voice.local(entry.settles), voice.local(entry.note)]
    printed = [*entry.claims]
    for text in (*texts.values(), *other):
        printed += voice.claims_in(text)
    return {
        "id": name,
        "question": voice.marked(other[0]),
        "claims": [voice.reference(c) for c in entry.claims if c in voice.dataset.quantities],
        "implies": {key: voice.marked(text) for key, text in texts.items()},
        "settles": voice.marked(other[1]),
        "note": voice.marked(other[2]),
        "printed": printed,
    }


def chart_page(figure: Figure, voice: Voice, users: Sequence[Page]) -> Page:
    """A chart's own page."""
    printed = {claim: [f"chart-{figure.id}"] for claim in figure.claims}
    if figure.twin:
        for claim in figure.twin.claims:
            printed.setdefault(claim, []).append(f"chart-{figure.twin.id}")
    references = _references(voice, printed)
    used_sources = {link.id for reference in references for link in reference.chain}
    credits = [line for source, line in voice.credits.items() if source in used_sources]
    return Page(
        kind="chart",
        template="chart.html",
        language=voice.code,
        path=figure.files.page,
        title=figure.title,
        title_text=figure.title_text,
        summary=Markup(""),
        summary_text=figure.description,
        credits=credits,
        references=references,
        body={
            "figure": figure,
            "used": [NavLink(page.title_text, page.path) for page in users],
            "frame_size": (FRAME, frame_height(figure, voice, credits)),
        },
        claims=frozenset(printed),
        trail=[
            NavLink(page.nav or page.title_text, page.path)
            for page in users[:1]
            if not page.path.endswith("index.html")
        ],
        changed=max((page.changed for page in users), default=""),
        pictured=figure,
    )


def embed_page(figure: Figure, chart: Page) -> Page:
    """A chart by itself, for the frames of other sites; `chart` is the page it leads to."""
    return replace(
        chart,
        kind="embed",
        template="embed.html",
        path=figure.files.embed,
        references=(),
        references_on=posixpath.basename(chart.path),
        body={"figure": figure},
        trail=(),
    )


# Pages made from the data file


def glossary_page(voice: Voice, folder: str) -> Page:
    """The page that explains every term of the glossary, in the order of the alphabet."""
    dataset, word = voice.dataset, voice.language.word
    entries: list[dict[str, Any]] = []
    printed: list[str] = []
    for name, term in dataset.glossary.items():
        texts = [voice.local(text) for text in (term.term, term.expansion, term.meaning)]
        printed += [claim for text in texts for claim in voice.claims_in(text)]
        source = dataset.sources.get(term.source or "")
        entries.append(
            {
                "id": name,
                "term": voice.marked(texts[0]),
                "expansion": voice.marked(texts[1]),
                "meaning": voice.marked(texts[2]),
                "source": voice.short(term.source) if term.source and source else "",
                "source_id": term.source or "",
            }
        )
    entries.sort(key=lambda entry: _alphabetical(entry["term"].striptags()))
    return Page(
        kind="glossary",
        template="glossary.html",
        language=voice.code,
        path=f"{folder}{GLOSSARY}",
        title=escape(word("glossary.title")),
        title_text=word("glossary.title"),
        summary=escape(word("glossary.summary")),
        summary_text=word("glossary.summary"),
        references=_references(voice, {claim: [] for claim in printed}),
        body={"entries": entries},
        claims=frozenset(printed),
    )


def _alphabetical(text: str) -> str:
    """What a text is sorted by: its letters without their accents, in lower case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum() or char == " ")


def data_page(voice: Voice, folder: str, users: Mapping[str, Sequence[Page]]) -> Page:
    """The page that lists every claim, grouped by what it measures."""
    dataset, word = voice.dataset, voice.language.word
    groups = []
    for measure, label in dataset.vocabulary.measures.items():
        names = [n for n, c in dataset.claims.items() if c.measure == measure]
        if names:
            groups.append(
                {
                    "id": f"measure-{measure}",
                    "label": label.label.said(voice.code),
                    "references": [voice.reference(name) for name in names],
                }
            )
    sourced = [claim for claim in dataset.claims.values() if claim.formula is None]
    return Page(
        kind="data",
        template="data.html",
        language=voice.code,
        path=f"{folder}{DATA}",
        title=escape(word("data.title")),
        title_text=word("data.title"),
        summary=escape(word("data.summary")),
        summary_text=word("data.summary"),
        headings=[Heading(2, str(group["id"]), str(group["label"])) for group in groups],
        credits=list(voice.credits.values()),
        body={
            "groups": groups,
            "count_claims": len(dataset.claims),
            "count_speakers": len({name for claim in sourced for name in claim.speakers}),
            "count_sources": len({name for claim in sourced for name in claim.chain}),
            "uses": {
                name: [NavLink(page.title_text, page.path) for page in pages]
                for name, pages in users.items()
            },
        },
        claims=frozenset(dataset.claims),
        changed=max((claim.checked or "" for claim in dataset.claims.values()), default=""),
    )


def sources_page(voice: Voice, folder: str) -> Page:
    """The page that lists every source, what rests on it, and its terms."""
    dataset, word = voice.dataset, voice.language.word
    entries = []
    printed: list[str] = []
    for name, source in dataset.sources.items():
        for text in (source.licence, source.note):
            printed += voice.claims_in(voice.local(text))
        resting = [key for key, claim in dataset.claims.items() if name in claim.chain]
        entries.append(
            {
                "id": name,
                "title": voice.said(voice.local(source.title)),
                "author": source.author or "",
                "publisher": voice.said(voice.local(source.publisher)),
                "published": voice.language.date(source.published) if source.published else "",
                "language": source.lang,
                "access": source.access,
                "licence": voice.marked(voice.local(source.licence)),
                "url": source.url or "",
                "archive_url": source.archive_url or "",
                "note": voice.marked(voice.local(source.note)),
                "claims": [voice.reference(key) for key in resting],
            }
        )
    return Page(
        kind="sources",
        template="sources.html",
        language=voice.code,
        path=f"{folder}{SOURCES}",
        title=escape(word("sources.title")),
        title_text=word("sources.title"),
        summary=escape(word("sources.summary")),
        summary_text=word("sources.summary"),
        credits=list(voice.credits.values()),
        references=_references(voice, {claim: [] for claim in printed}),
        body={"sources": entries},
    )


def corrections_page(voice: Voice, folder: str, titles: Mapping[str, str]) -> Page:
    """The page that lists every correction, newest first; `titles` names each note's page."""
    word = voice.language.word
    listed = numbered(voice.dataset.corrections)
    printed = [claim for _, entry in listed for claim in _printed_by(voice, entry)]
    return Page(
        kind="corrections",
        template="corrections.html",
        language=voice.code,
        path=f"{folder}{CORRECTIONS}",
        title=escape(word("corrections.title")),
        title_text=word("corrections.title"),
        summary=escape(word("corrections.summary")),
        summary_text=word("corrections.summary"),
        references=_references(voice, {claim: [] for claim in printed}),
        body={"listed": [_correction(voice, n, e, folder, titles) for n, e in listed]},
        claims=frozenset(printed),
        changed=listed[0][1].date if listed else "",
    )


def _correction(
    voice: Voice,
    number: int,
    entry: Entry,
    folder: str,
    titles: Mapping[str, str] | None = None,
) -> Correction:
    page = entry.page if titles and entry.page in titles else None
    when = _when(voice, entry.date)
    assert when is not None
    return Correction(
        id=f"correction-{number}",
        date=when,
        kind=entry.kind,
        page=NavLink(titles[page], f"{folder}{page}.html") if titles and page else None,
        was=voice.marked(voice.local(entry.was)),
        now=voice.marked(voice.local(entry.now)),
        why=voice.marked(voice.local(entry.why)),
    )


def _printed_by(voice: Voice, entry: Entry) -> list[str]:
    return [
        claim
        for text in (entry.was, entry.now, entry.why)
        for claim in voice.claims_in(voice.local(text))
    ]


def cite_page(page: Page, site_title: str, address: str) -> Citation:
    """How to cite a page: its title, the site, the day of its last change, its address if known."""
    day = page.updated or page.published
    parts = [f"“{page.title_text}”", site_title, day.text if day else "", address]
    year = day.iso[:4] if day else ""
    fields = {
        "title": page.title_text,
        "organization": site_title,
        "year": year,
        "date": day.iso if day else "",
        "language": page.language,
        "url": address,
    }
    name = page.path.removesuffix(".html").replace("/", "-")
    kind = "online" if address else "misc"
    return Citation(", ".join(filter(None, parts)) + ".", bibtex_entry(kind, name, fields))


def cite_claim(voice: Voice, reference: Reference, site_title: str, address: str) -> Citation:
    """How to cite a claim: what and how much, who said it and through whom, and where it stands."""
    what = f"{reference.what.striptags()}: {reference.long}"
    who = reference.who or voice.language.word("reference.calculation")
    chain = " → ".join(
        link.label if link.read else f"{link.label} ({voice.language.word('access.not_read')})"
        for link in reference.chain
    )
    parts = [f"“{what}”", who, chain, reference.as_of, site_title, address]
    fields = {
        "title": what,
        "author": f"{{{who}}}",
        "howpublished": chain,
        "note": reference.as_of,
        "organization": site_title,
        "url": address,
    }
    kind = "online" if address else "misc"
    return Citation(", ".join(filter(None, parts)) + ".", bibtex_entry(kind, reference.id, fields))


def not_found_page(voices: Sequence[Voice], base: str) -> Page:
    """The page served at any missing address, in every language of the site.

    It is served at that address, however deep, so it can only link by absolute paths: with no site
    URL known it links to nothing, and stands without its style.
    """
    codes = [voice.code for voice in voices]
    blocks = [
        {
            "code": voice.code,
            "title": voice.language.word("not_found.title"),
            "text": voice.language.word("not_found.text"),
            "home_label": voice.language.word("not_found.home"),
            "home_url": f"{base}{folder_of(voice.code, codes)}index.html" if base else "",
        }
        for voice in voices
    ]
    word = voices[0].language.word
    return Page(
        kind="404",
        template="404.html",
        language=codes[0],
        path=NOT_FOUND,
        title=escape(word("not_found.title")),
        title_text=word("not_found.title"),
        summary=escape(word("not_found.summary")),
        summary_text=word("not_found.summary"),
        body={"blocks": blocks, "styled": bool(base)},
    )


def _when(voice: Voice, text: str | None) -> When | None:
    return When(text, voice.language.date(text)) if text else None


# Rendering


@dataclass(frozen=True)
class Assets:
    """Files that pages share, published under names that hold their content's hash."""

    files: Mapping[str, bytes]
    paths: Mapping[str, str]
    """Name as written in templates → path in the site."""


NOTE_SCRIPTS = ("reading.js", "cards.js", "figures.js", "copy.js")
"""What a note needs at once, as `note.js`: one file is sent in fewer bytes than four."""


def gather_assets(templates: Path, runtime: bytes | None) -> Assets:
    """Stylesheets, scripts, fonts and pictures of the templates folder, and the Vega runtime.

    A stylesheet names its fonts by file name; the names are replaced by the published ones. What
    only people need of stylesheets and scripts, comments and indents, stays behind.
    """
    files: dict[str, bytes] = {}
    paths: dict[str, str] = {}

    def publish(name: str, content: bytes) -> None:
        stem, dot, suffix = name.rpartition(".")
        path = f"assets/{stem}-{hashlib.sha256(content).hexdigest()[:10]}{dot}{suffix}"
        files[path], paths[name] = content, path

    for pattern in ("fonts/*.woff2", "images/*.svg"):
        for path in sorted(templates.glob(pattern)):
            publish(path.name, path.read_bytes())
    scripts = {path.name: jsmin(path.read_text("utf-8")) for path in templates.glob("js/*.js")}
    for name, script in sorted(scripts.items()):
        publish(name, f"{script}\n".encode())
    together = [scripts[name] for name in NOTE_SCRIPTS if name in scripts]
    publish("note.js", "".join(f"{script};\n" for script in together).encode())
    if runtime is not None:
        publish("runtime.js", runtime)

    def published(match: re.Match[str]) -> str:
        name = match[1].rpartition("/")[2]
        return f"url({posixpath.basename(paths[name])})" if name in paths else match[0]

    for path in sorted(templates.glob("css/*.css")):
        css = re.sub(r"url\([\"']?([^)\"']+)[\"']?\)", published, path.read_text("utf-8"))
        publish(path.name, f"{cssmin(css)}\n".encode())
    return Assets(files, paths)


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


def base_path(site_url: str) -> str:
    """The path part of the site's address, ending in a slash; empty where none is known."""
    if not site_url:
        return ""
    return "/" + site_url.split("//", 1)[-1].partition("/")[2]


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


def users_of(
    pages: Iterable[Page], charts_on: Callable[[Page], Iterable[str]]
) -> tuple[dict[str, list[Page]], dict[str, list[Page]]]:
    """The pages that print each claim, and those that show each chart."""
    claims: dict[str, list[Page]] = {}
    charts: dict[str, list[Page]] = {}
    for page in pages:
        for name in sorted(page.claims):
            claims.setdefault(name, []).append(page)
        for name in charts_on(page):
            charts.setdefault(name, []).append(page)
    return claims, charts
