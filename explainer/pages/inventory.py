"""Which pages a site has: of notes, made from the data, of charts; and what they know of others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Book:
    """Everything that was written for a site, as it was understood, before anything is drawn."""

    data: Call[Dataset]
    voices: Mapping[str, Call[Voice]]
    notes: Sequence[Call[Note]]
    plans: Mapping[str, Mapping[str, Call[Plan]]]
    """The charts of each language by their ids."""
    report: Report

    @property
    def dataset(self) -> Dataset:
        """What the data file says."""
        return self.data.value

    @property
    def languages(self) -> list[str]:
        """The codes of the site's languages, the first one first."""
        return list(self.voices)

    def folder(self, code: str) -> str:
        """The folder of a language in the site."""
        return folder_of(code, self.languages)


@dataclass(frozen=True)
class Shelf:
    """What a language has to make pages of."""

    voice: Call[Voice]
    folder: str
    notes: Sequence[Call[Note]]
    """In the order of the navigation."""
    figures: Mapping[str, Call[Figure]]
    twins: Mapping[str, str]
    """The chart that is folded below another, by its id."""
    glossary: bool
    """Whether there are terms to explain."""


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
    shelves: Mapping[str, Shelf],
    site_url: str,
    prepare: Callable[[Sequence[Call[Any]]], None],
) -> Contents:
    """Every page of a site; what others have to know of the notes is worked out.

    `prepare` is given the calls for that first: what they need of drawings is drawn all at once.
    """
    found = Contents()
    names = tuple(
        (code, shelf.voice.value.language.word("name")) for code, shelf in shelves.items()
    )
    notes = {code: list(_note_pages(memo, shelf, found)) for code, shelf in shelves.items()}
    small = {
        code: [memo.fact(Thumb, thumb, figure) for figure in shelf.figures.values()]
        for code, shelf in shelves.items()
    }
    prepare(
        [fact for of_language in (notes, small) for facts in of_language.values() for fact in facts]
    )
    for code, shelf in shelves.items():
        own = [fact.value for fact in notes[code]]
        pages = {item.path: found.pages.pop(item.path) for item in own}
        thumbs = [call.value for call in small[code]]
        made = _made_pages(memo, shelf, own, thumbs)
        found.pages |= pages | made | dict(_chart_pages(memo, shelf, own, thumbs))
        found.facts[code], found.thumbs[code] = own, thumbs
        listed = [
            NavLink(item.nav, item.path, draft=item.draft, section=item.section) for item in own
        ]
        listed += [
            NavLink(shelf.voice.value.language.word(f"{kind}.title"), f"{shelf.folder}{kind}.html")
            for kind in ("glossary", "charts", "data", "sources")
            if f"{shelf.folder}{kind}.html" in made
        ]
        directory = Directory(site_url, names, tuple(listed), tuple(item.path for item in own))
        found.directories[code] = Given(directory)
        found.languages |= {path: code for path in found.pages if path not in found.languages}
    voices = tuple(shelf.voice for shelf in shelves.values())
    found.pages["404.html"] = memo.call(not_found_page, voices, base_path(site_url))
    found.languages["404.html"] = next(iter(shelves))
    return found


def _note_pages(memo: Memo, shelf: Shelf, found: Contents) -> Iterator[Call[Facts]]:
    for call in shelf.notes:
        note = call.value
        shown: dict[str, Call[Figure]] = {}
        for name in note.charts:
            for chart in (name, shelf.twins.get(name, "")):
                if chart in shelf.figures:
                    shown.setdefault(chart, shelf.figures[chart])
        page = memo.call(note_page, call, shelf.voice, tuple(shown.values()), shelf.folder)
        path = f"{shelf.folder}{note.slug}.html"
        found.pages[path] = page
        for old in note.front.aliases:
            found.aliases.append((shelf.folder + old, path, note.file))
        found.files[path], found.languages[path] = note.file, note.language
        yield memo.fact(Facts, facts, page)


def _made_pages(
    memo: Memo, shelf: Shelf, own: Sequence[Facts], thumbs: Sequence[Thumb]
) -> dict[str, Call[Page]]:
    """The pages made from the data."""
    folder, voice = shelf.folder, shelf.voice
    uses: dict[str, tuple[tuple[str, str], ...]] = {}
    for item in own:
        for name in item.claims:
            uses[name] = (*uses.get(name, ()), (item.title, item.path))
    titles = tuple((i.path.removeprefix(folder).removesuffix(".html"), i.title) for i in own)
    pages: dict[str, Call[Page]] = {}
    if shelf.glossary:
        pages[f"{folder}glossary.html"] = memo.call(glossary_page, voice, folder)
    if thumbs:
        # In the order in which readers of the pages meet them.
        met = {name: place for place, name in enumerate(n for item in own for n in item.charts)}
        sorted_ = sorted(thumbs, key=lambda one: met.get(one.id, len(met)))
        pages[f"{folder}charts.html"] = memo.call(charts_page, voice, folder, Given(tuple(sorted_)))
    given = Given(tuple(uses.items()))
    pages[f"{folder}data.html"] = memo.call(data_page, voice, folder, given)
    pages[f"{folder}sources.html"] = memo.call(sources_page, voice, folder)
    pages[f"{folder}corrections.html"] = memo.call(corrections_page, voice, folder, titles)
    return pages


def _chart_pages(
    memo: Memo, shelf: Shelf, own: Sequence[Facts], thumbs: Sequence[Thumb]
) -> Iterator[tuple[str, Call[Page]]]:
    users: dict[str, tuple[Facts, ...]] = {}
    for item in own:
        for name in item.charts:
            users[name] = (*users.get(name, ()), item)
    shown = {name: [user.path for user in of_chart] for name, of_chart in users.items()}
    related = relatives(thumbs, shown, shelf.twins)
    for name, figure in shelf.figures.items():
        files = chart_files(shelf.folder, name)
        page = memo.call(chart_page, figure, shelf.voice, users.get(name, ()), Given(related[name]))
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
