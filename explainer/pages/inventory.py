"""Which pages a site has: of notes, made from the data, of charts; and what they know of others."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from explainer.data.dataset import Dataset
from explainer.figures.figure import Figure
from explainer.figures.plan import Plan
from explainer.memo import Call, Given, Memo
from explainer.notes.note import Note
from explainer.pages.gallery import Thumb, relatives, thumb
from explainer.pages.made import (
    charts_page,
    corrections_page,
    data_page,
    glossary_page,
    not_found_page,
    sources_page,
)
from explainer.pages.navigation import Directory, NavLink, base_path, folder_of
from explainer.pages.page import Facts, Page, chart_page, embed_page, facts, note_page
from explainer.pages.render import Templates, alias_page, rendered
from explainer.problems import Report
from explainer.project import chart_files
from explainer.voice.voice import Voice

Figures = Mapping[str, Mapping[str, Call[Figure]]]
"""The figures of each language by their ids."""


@dataclass(frozen=True)
class Book:
    """Everything that was written for a site, as it was understood, before anything is drawn."""

    data: Call[Dataset]
    voices: Mapping[str, Call[Voice]]
    notes: Sequence[Call[Note]]
    plans: Mapping[str, Mapping[str, Call[Plan]]]
    """The charts of each language by their ids."""
    report: Report
    broken: Collection[str]
    """Notes whose front matter cannot be used: told of already, and to be missed by nobody."""
    drafts: Collection[str]
    """Notes that are drafts, and no pages."""

    @property
    def dataset(self) -> Dataset:
        """What the data file says."""
        return self.data.value

    @property
    def written(self) -> list[Note]:
        """All notes."""
        return [note.value for note in self.notes]

    @property
    def languages(self) -> list[str]:
        """The codes of the site's languages, the first one first."""
        return list(self.voices)

    def folder(self, code: str) -> str:
        """The folder of a language in the site."""
        return folder_of(code, self.languages)

    def listed(self, code: str) -> list[Call[Note]]:
        """The notes of a language in the order of the navigation."""
        return sorted(
            (note for note in self.notes if note.value.language == code),
            key=lambda note: (note.value.slug != "index", note.value.front.order, note.value.slug),
        )

    def twins(self, code: str) -> dict[str, str]:
        """The chart that is folded below another, by its id; empty where none is."""
        return {name: plan.value.chart.twin or "" for name, plan in self.plans[code].items()}


@dataclass
class Contents:
    """All pages of a site, by their paths, with the file of content that each is made from."""

    pages: dict[str, Call[Page]] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    """The language of each page."""
    aliases: list[tuple[str, str, str]] = field(default_factory=list)
    """Old addresses: the path there, that of the page it leads to, and the note's file."""
    files: dict[str, str] = field(default_factory=dict)
    """The file of each page that is a note."""
    facts: dict[str, list[Facts]] = field(default_factory=dict)
    """What is known of the notes' pages of each language, in the order of the navigation."""
    thumbs: dict[str, list[Thumb]] = field(default_factory=dict)
    """The charts of each language as other pages show them."""
    directories: dict[str, Given[Directory]] = field(default_factory=dict)

    def alternates(self, path: str, codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The same page in each language that has it, by code and path; none of `404.html`."""
        if path == "404.html":
            return ()
        bare = path.removeprefix(folder_of(self.languages[path], codes))
        found = [(code, folder_of(code, codes) + bare) for code in codes]
        return tuple((code, other) for code, other in found if other in self.pages)


def contents(
    memo: Memo,
    book: Book,
    figures: Figures,
    site_url: str,
    prepare: Callable[[Sequence[Call[Any]]], None],
) -> Contents:
    """Every page of a site, of the figures of each language.

    What others have to know of the notes is worked out.

    `prepare` is given the calls for that first: what they need of drawings is drawn all at once.
    """
    found = Contents()
    words = {code: voice.value.language.word for code, voice in book.voices.items()}
    names = tuple((code, word("name")) for code, word in words.items())
    pages = {
        code: dict(_note_pages(memo, book, code, figures[code], found)) for code in book.languages
    }
    known = {
        code: [memo.fact(Facts, facts, page) for page in own.values()]
        for code, own in pages.items()
    }
    small = {
        code: [memo.fact(Thumb, thumb, figure) for figure in figures[code].values()]
        for code in book.languages
    }
    prepare([*chain(*known.values()), *chain(*small.values())])
    for code, word in words.items():
        folder = book.folder(code)
        own = [call.value for call in known[code]]
        thumbs = [call.value for call in small[code]]
        made = _made_pages(memo, book, code, own, thumbs)
        pages[code] |= {f"{folder}{kind}.html": page for kind, page in made.items()}
        pages[code] |= dict(_chart_pages(memo, book, code, figures[code], own, thumbs))
        found.pages |= pages[code]
        found.languages |= dict.fromkeys(pages[code], code)
        found.facts[code], found.thumbs[code] = own, thumbs
        listed = [NavLink(i.nav, i.path, draft=i.draft, section=i.section) for i in own]
        listed += [
            NavLink(word(f"{kind}.title"), f"{folder}{kind}.html")
            for kind in made
            if kind != "corrections"
        ]
        directory = Directory(site_url, names, tuple(listed), tuple(item.path for item in own))
        found.directories[code] = Given(directory)
    voices = tuple(book.voices.values())
    found.pages["404.html"] = memo.call(not_found_page, voices, base_path(site_url))
    found.languages["404.html"] = book.languages[0]
    return found


def _note_pages(
    memo: Memo, book: Book, code: str, figures: Mapping[str, Call[Figure]], found: Contents
) -> Iterator[tuple[str, Call[Page]]]:
    """The pages of notes; of which file each is, and what addresses it had, `found` is told."""
    folder, twins = book.folder(code), book.twins(code)
    for call in book.listed(code):
        note = call.value
        shown: dict[str, Call[Figure]] = {}
        for name in note.charts:
            for chart in (name, twins.get(name, "")):
                if chart in figures:
                    shown.setdefault(chart, figures[chart])
        path = f"{folder}{note.slug}.html"
        found.files[path] = note.file
        found.aliases += [(folder + old, path, note.file) for old in note.front.aliases]
        yield path, memo.call(note_page, call, book.voices[code], tuple(shown.values()), folder)


def _made_pages(
    memo: Memo, book: Book, code: str, own: Sequence[Facts], thumbs: Sequence[Thumb]
) -> dict[str, Call[Page]]:
    """The pages made from the data, by their kinds."""
    folder, voice = book.folder(code), book.voices[code]
    uses: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in own:
        for name in item.claims:
            uses[name].append((item.title, item.path))
    titles = tuple((i.path.removeprefix(folder).removesuffix(".html"), i.title) for i in own)
    pages: dict[str, Call[Page]] = {}
    if book.dataset.glossary:
        pages["glossary"] = memo.call(glossary_page, voice, folder)
    if thumbs:
        # In the order in which readers of the pages meet them.
        met = {name: place for place, name in enumerate(n for item in own for n in item.charts)}
        sorted_ = sorted(thumbs, key=lambda one: met.get(one.id, len(met)))
        pages["charts"] = memo.call(charts_page, voice, folder, Given(tuple(sorted_)))
    pages["data"] = memo.call(data_page, voice, folder, Given(tuple(uses.items())))
    pages["sources"] = memo.call(sources_page, voice, folder)
    pages["corrections"] = memo.call(corrections_page, voice, folder, titles)
    return pages


def _chart_pages(
    memo: Memo,
    book: Book,
    code: str,
    figures: Mapping[str, Call[Figure]],
    own: Sequence[Facts],
    thumbs: Sequence[Thumb],
) -> Iterator[tuple[str, Call[Page]]]:
    users: dict[str, list[Facts]] = defaultdict(list)
    for item in own:
        for name in item.charts:
            users[name].append(item)
    shown = {name: [user.path for user in of_chart] for name, of_chart in users.items()}
    related = relatives(thumbs, shown, book.twins(code))
    for name, figure in figures.items():
        files = chart_files(book.folder(code), name)
        using = tuple(users[name])
        page = memo.call(chart_page, figure, book.voices[code], using, Given(related[name]))
        yield files["page"], page
        yield files["embed"], memo.call(embed_page, page)


def html_of(
    memo: Memo,
    found: Contents,
    voices: Mapping[str, Call[Voice]],
    templates: Call[Templates],
    assets: Given[dict[str, str]],
    site_url: str,
) -> Iterator[tuple[str, Call[bytes], str]]:
    """Every page as HTML, aliases included: its path, and the file of content that it is from."""

    def html(path: str, page: Call[Page], like: str) -> Call[bytes]:
        code = found.languages[like]
        others = found.alternates(like, list(voices))
        return memo.kept(
            rendered, page, voices[code], templates, assets, found.directories[code], others
        )

    for path, page in found.pages.items():
        yield path, html(path, page, path), found.files.get(path, "")
    for old, path, file in found.aliases:
        moved = memo.call(alias_page, found.pages[path], old, site_url)
        yield old, html(old, moved, path), file
