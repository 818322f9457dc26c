"""What changed, for those who follow the site, and where everything is, for those who index it.

Atom feeds (RFC 4287) of pages and of corrections, and the sitemap. All of them consist of absolute
addresses, so they are only made where the site's is known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from explainer.data.dataset import Dataset
from explainer.data.models import Correction
from explainer.problems import Report
from explainer.voice.voice import Voice

NEVER = "1970-01-01"
"""The day of a feed in which nothing has a date."""


@dataclass(frozen=True)
class Entry:
    """An entry of a feed; its address is its id, too."""

    title: str
    address: str
    updated: str
    """The day of its last change."""
    summary: str
    published: str = ""


def corrections_feed(
    report: Report, voice: Voice, folder: str, site_url: str, updated: str
) -> bytes:
    """The corrections as a feed; `updated` is its day when there are none."""
    page, headed = f"{site_url}{folder}corrections.html", voice.language.headed
    entries = [
        Entry(
            headed(voice.language.word(f"corrections.{entry.kind}"), voice.said(entry.now)),
            f"{page}#correction-{entry.name}",
            entry.date,
            f"{voice.said(entry.was)} → {_ended(voice.said(entry.now))} {voice.said(entry.why)}",
        )
        for entry in newest_first(voice.dataset)
    ]
    title = headed(voice.said(voice.site.title), voice.language.word("corrections.title"))
    return _atom(voice, title, page, f"{site_url}{folder}corrections.xml", entries, updated)


def pages_feed(
    report: Report, voice: Voice, entries: Sequence[Entry], folder: str, site_url: str
) -> bytes:
    """The pages of a language as a feed, what changed last first."""
    changed = sorted(entries, key=lambda entry: entry.updated, reverse=True)
    title, address = voice.said(voice.site.title), f"{site_url}{folder}"
    return _atom(voice, title, f"{address}index.html", f"{address}feed.xml", changed, NEVER)


def _atom(
    voice: Voice, title: str, page: str, own: str, entries: Sequence[Entry], updated: str
) -> bytes:
    authors = voice.site.authors or [voice.site.publisher or voice.site.title]
    named = (f"<author><name>{escape(voice.said(name))}</name></author>" for name in authors)
    newest = max([entry.updated for entry in entries] or [updated])
    return (
        f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{voice.code}">
<title>{escape(title)}</title>
<id>{escape(page)}</id>
<link rel="alternate" type="text/html" href={quoteattr(page)}/>
<link rel="self" type="application/atom+xml" href={quoteattr(own)}/>
<updated>{newest}T00:00:00Z</updated>
{"".join(named)}
"""
        + "\n".join(map(_entry, entries))
        + "\n</feed>\n"
    ).encode()


def _entry(entry: Entry) -> str:
    published = f"<published>{entry.published}T00:00:00Z</published>\n" if entry.published else ""
    return f"""<entry>
<title>{escape(entry.title)}</title>
<id>{escape(entry.address)}</id>
<link href={quoteattr(entry.address)}/>
{published}<updated>{entry.updated}T00:00:00Z</updated>
<summary>{escape(entry.summary)}</summary>
</entry>"""


def newest_first(dataset: Dataset) -> list[Correction]:
    """The corrections, newest first; of one day, the last first."""
    return sorted(dataset.corrections.values(), key=lambda entry: entry.date)[::-1]


def _ended(text: str) -> str:
    """The text with a full stop, where it has no end of its own."""
    return text if re.search(r"[.!?…][”’»“)\s]*\Z", text) else f"{text}."


# Sitemap


@dataclass(frozen=True)
class Listed:
    """A page in the sitemap."""

    address: str
    changed: str
    """The day of its last change, or empty where no page says one."""
    alternates: Sequence[tuple[str, str]]
    """The same page in each language, by code and address, itself included."""


def sitemap(report: Report, listed: Sequence[Listed]) -> bytes:
    """Every page for search engines, with the same page in other languages (sitemaps.org)."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        + "\n".join(map(_listed, listed))
        + "\n</urlset>\n"
    ).encode()


def _listed(page: Listed) -> str:
    others = [*page.alternates, ("x-default", page.alternates[0][1])] if page.alternates[1:] else []
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>\n'
        for code, address in others
    )
    changed = f"<lastmod>{page.changed}</lastmod>\n" if page.changed else ""
    return f"<url>\n<loc>{escape(page.address)}</loc>\n{changed}{links}</url>"
