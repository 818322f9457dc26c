"""What makes a site one's own beside its words: its address, logo, colours and fonts.

They take the place of those that come with the program before anything is made of them, so that
pages, drawings, pictures and cards all follow.
"""

import base64
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from explainer.charts.colors import recolored, shades
from explainer.charts.theme import colors_of
from explainer.data.models import Site
from explainer.memo import write_whole
from explainer.notes.images import size_of
from explainer.project import Blob, Setup, Snapshot

STYLE, ICON = "css/site.css", "images/icon.svg"
"""Templates: the style whose colours all pages and charts have, and the picture of its tab."""

HIGH, WIDE = 28, 168
"""The most px that a logo takes in a line."""


@dataclass(frozen=True)
class Sign:
    """A site's logo, for pictures that show it."""

    address: str
    """All of it, as an address (`data:`)."""
    ratio: float
    """How often its height goes into its width."""


def own(setup: Setup, snapshot: Snapshot, site: Site) -> tuple[Setup, Snapshot]:
    """The setup and the snapshot with what `site:` says of address, logo and colours."""
    templates = dict(snapshot.templates)
    colors = shades(site.colors) if site.colors else {}
    if STYLE in templates and colors:
        before = templates[STYLE].text()
        after = recolored(before, colors)
        templates[STYLE] = replace(templates[STYLE], content=after.encode())
        if ICON in templates:
            accent, own_accent = (colors_of(style)["--accent"] for style in (before, after))
            icon = templates[ICON].text().replace(accent, own_accent)
            templates[ICON] = replace(templates[ICON], content=icon.encode())
    logo = logo_of(snapshot, site)
    if logo:
        templates[f"images/{asset_of(logo)}"] = logo
        if ICON in templates:
            templates[ICON] = replace(templates[ICON], content=_square(logo).encode())
    address = setup.site_url or site.url or ""
    return replace(setup, site_url=address), replace(snapshot, templates=templates)


def logo_of(snapshot: Snapshot, site: Site) -> Blob | None:
    """The file of a site's logo."""
    return snapshot.content.get(site.logo.file) if site.logo else None


def asset_of(logo: Blob) -> str:
    """The name by which templates ask for a logo."""
    return f"logo.{logo.name.rpartition('.')[2]}"


def shown_size(logo: Blob) -> tuple[int, int]:
    """The width and height of a logo in px where it stands in a line."""
    width, height = size_of(logo.content, logo.name)
    high = min(HIGH, WIDE * height / width)
    return max(1, round(high * width / height)), max(1, round(high))


def sign_of(logo: Blob) -> Sign:
    """A logo, for pictures that show it."""
    width, height = size_of(logo.content, logo.name)
    kind = "svg+xml" if logo.name.endswith(".svg") else "png"
    data = base64.b64encode(logo.content).decode()
    return Sign(f"data:image/{kind};base64,{data}", width / height)


def font_files(snapshot: Snapshot) -> list[Blob]:
    """The fonts that charts are drawn with."""
    return [
        blob
        for name, blob in snapshot.templates.items()
        if name.startswith("fonts/") and name.endswith(".ttf")
    ]


def fonts_of(setup: Setup, snapshot: Snapshot) -> Path:
    """The folder of the fonts that charts are drawn with; one is made where two have some."""
    fonts = font_files(snapshot)
    folders = {blob.path.parent for blob in fonts}
    if len(folders) == 1:
        return folders.pop().resolve()
    digest = hashlib.sha256("".join(blob.key for blob in fonts).encode()).hexdigest()
    folder = setup.cache / "fonts" / digest[:16]
    try:
        _lay_out(fonts, folder)
    except OSError:
        # What is kept may be read-only.
        folder = Path(tempfile.gettempdir()) / f"explainer-fonts-{digest[:16]}"
        _lay_out(fonts, folder)
    return folder.resolve()


def _lay_out(fonts: Sequence[Blob], folder: Path) -> None:
    """Write what a folder lacks of some fonts."""
    for blob in fonts:
        path = folder / blob.path.name
        if not path.is_file():
            write_whole(path, blob.content)


def _square(logo: Blob) -> str:
    """A logo as a square SVG, as the pictures of tabs have to be."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">'
        f'<image width="64" height="64" href="{sign_of(logo).address}"/></svg>'
    )
