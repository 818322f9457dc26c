"""How to cite a page or a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.output.exports import bibtex_entry
from explainer.pages.page import Page
from explainer.voice.languages import Language
from explainer.voice.voice import Reference, Voice


@dataclass(frozen=True)
class Citation:
    """How to cite a page or a claim: in plain text, and as a BibTeX entry."""

    text: str
    bibtex: str


def cite_page(
    page: Page, language: Language, site_title: str, address: str, authors: Sequence[str] = ()
) -> Citation:
    """How to cite a page: who wrote it, its title, the site, its last day, its address if known."""
    day = page.updated or page.published
    parts = [
        ", ".join(authors),
        language.quoted(page.title_text),
        site_title,
        day.text if day else "",
        address,
    ]
    fields = {
        "author": " and ".join(authors),
        "title": page.title_text,
        "organization": site_title,
        "year": day.iso[:4] if day else "",
        "date": day.iso if day else "",
        "language": page.language,
        "url": address,
    }
    return _citation(parts, page.path.removesuffix(".html").replace("/", "-"), fields)


def cite_claim(voice: Voice, reference: Reference, site_title: str, address: str) -> Citation:
    """How to cite a claim: what and how much, who said it and through whom, and where it stands."""
    what = voice.language.headed(reference.what.striptags(), reference.long)
    who = reference.who or voice.language.word("reference.calculation")
    chain = " → ".join(
        link.label if link.read else f"{link.label} ({voice.language.word('access.not_read')})"
        for link in reference.chain
    )
    parts = [voice.language.quoted(what), who, chain, reference.as_of, site_title, address]
    fields = {
        "title": what,
        "author": who,
        "howpublished": chain,
        "note": reference.as_of,
        "organization": site_title,
        "url": address,
    }
    return _citation(parts, reference.id, fields)


def _citation(parts: Sequence[str], name: str, fields: Mapping[str, str]) -> Citation:
    kind = "online" if fields["url"] else "misc"
    return Citation(", ".join(filter(None, parts)) + ".", bibtex_entry(kind, name, fields))
