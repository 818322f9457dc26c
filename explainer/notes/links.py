"""Where the links of a note lead, as far as the note alone can tell."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from explainer.notes.images import PUBLISHED_FILES, file_beside
from explainer.problems import Fault, Rule, shortened

MADE_FOLDERS = ("charts/", "data/")
"""Folders of the site that a build fills: a link into them is checked with the pages."""

BY_NAME = "link to a note by its file name: prices.md"

_SCHEMES = frozenset({"", "http", "https", "mailto"})


class Link(NamedTuple):
    """A link as a page has it, whether it stays on the site, and the file beside it leads to."""

    href: str
    inside: bool
    file: str = ""


def read_link(href: str, files: Mapping[str, bytes]) -> Link:
    """The link of an address that a note gives. Raises `Fault`."""
    try:
        parts = urlsplit(re.sub(r"[\x00-\x20]", "", href))
    except ValueError:
        raise Fault(Rule.BROKEN_LINK, f'"{shortened(href, 81)}" is not an address') from None
    if parts.scheme.lower() not in _SCHEMES:
        message = f'a link may not begin with "{parts.scheme}:"'
        raise Fault(Rule.FORBIDDEN_HTML, message, "link to a page or a web address")
    if parts.scheme or parts.netloc:
        return Link(href, inside=False)
    path = unquote(parts.path)
    bare_address = not path and not parts.fragment
    too_long = any(len(name.encode("utf-8", "replace")) > 255 for name in path.split("/"))
    if bare_address or too_long or path.startswith("/") or "\\" in path or "\0" in path:
        raise Fault(Rule.BROKEN_LINK, f'"{shortened(href, 81)}" leads to no page or file', BY_NAME)
    if parts.path.endswith(".md"):
        fragment = f"#{parts.fragment}" * bool(parts.fragment)
        return Link(f"{parts.path[:-3]}.html{fragment}", inside=True)
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in PUBLISHED_FILES and not posixpath.normpath(path).startswith(MADE_FOLDERS):
        file = file_beside(path, files)
        return Link(parts._replace(path=quote(file)).geturl(), inside=True, file=file)
    return Link(href, inside=True)
