"""Which pages there are, as every page has to know them: links to them, their neighbours."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property


def folder_of(language: str, languages: Sequence[str]) -> str:
    """The folder of a language in the site: the first language has none."""
    return "" if language == languages[0] else f"{language}/"


def relative(path: str, page: str) -> str:
    """The address of a path of the site as a page names it."""
    return posixpath.relpath(path, posixpath.dirname(page) or ".")


def base_path(site_url: str) -> str:
    """The path part of the site's address, ending in a slash; empty where none is known."""
    return "/" + site_url.split("//", 1)[-1].partition("/")[2] if site_url else ""


@dataclass(frozen=True)
class NavLink:
    """A link to a page of the site."""

    title: str
    url: str
    current: bool = False
    draft: bool = False
    section: str = ""
    """The group in which it stands in the navigation."""


@dataclass(frozen=True)
class Alternate:
    """The same page in a language of the site."""

    code: str
    name: str
    url: str
    address: str
    """Its absolute address, or empty."""
    current: bool


@dataclass(frozen=True, eq=False)
class Directory:
    """The pages of a language that its navigation lists, by path, and what the site is called by.

    The same for all pages of a language: what depends on it is worked out once a folder.
    """

    site_url: str
    languages: tuple[tuple[str, str], ...]
    """The site's languages, by code and name, the first one first."""
    listed: tuple[NavLink, ...]
    """The notes, and behind them the pages made from the data."""
    notes: tuple[str, ...]
    """The paths of the notes, in the same order."""

    @cached_property
    def _places(self) -> dict[str, int]:
        return {path: place for place, path in enumerate(self.notes)}

    def links(self, page: str) -> tuple[NavLink, ...]:
        """The links of the navigation as a page has them, its own marked."""
        return tuple(
            replace(link, url=relative(link.url, page), current=link.url == page)
            for link in self.listed
        )

    def neighbours(self, page: str) -> tuple[NavLink | None, NavLink | None]:
        """The notes before and behind a page, which has to be one for it to have any."""
        at = self._places.get(page)
        if at is None:
            return None, None

        def link(index: int) -> NavLink | None:
            if not 0 <= index < len(self.notes):
                return None
            return NavLink(self.listed[index].title, relative(self.notes[index], page))

        return link(at - 1), link(at + 1)

    def address(self, path: str) -> str:
        """The absolute address of a path in the site; empty where the site's is not known."""
        return self.site_url + path if self.site_url else ""

    def folder(self, language: str) -> str:
        """The folder of a language in the site."""
        return folder_of(language, [code for code, _ in self.languages])
