"""Files beside a note: the pictures that it shows, and what may be published of them."""

import io
import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

from markupsafe import Markup

from explainer.notes.photographs import bare, turn_of
from explainer.problems import Fault, Report, Rule, did_you_mean, shortened

PUBLISHED_FILES = frozenset(".png .jpg .jpeg .webp .svg .pdf .csv".split())


def show_image(
    report: Report,
    given: Mapping[str, str],
    others: str,
    files: Mapping[str, bytes],
    caption: Markup | None,
) -> tuple[str, Markup]:
    """The address of a picture, and how a page shows it. Raises `Fault`.

    `others` are the attributes that it has beside its address, its text and its credit. With a
    caption, even an empty one, it is a figure; with None, it stands in a line of text.
    """
    source = given.get("src", "")
    alt, credit = given.get("alt", "").strip(), given.get("title", "").strip()
    if not alt or not credit:
        lacks = "alternative text" if not alt else "credit"
        hint = 'write ![what it shows](picture.png "Whose picture it is")'
        report.say(Rule.BAD_IMAGE, f'the image "{source}" has no {lacks}', hint)
    if _elsewhere(source):
        hint = "put a copy beside the note: a page asks no other host for anything"
        raise Fault(Rule.BAD_IMAGE, f'the image "{source}" is on another site', hint)
    address = file_beside(unquote(source), files)
    width, height = size_of(files[address], source)
    image = Markup(
        '<img src="{}" alt="{}" width="{}" height="{}"{} loading="lazy" decoding="async">'
    ).format(quote(address), alt, width, height, Markup(others))
    whose = Markup('<small data-exempt="source">{}</small>').format(credit)
    if caption is None:
        return address, Markup('<span class="image">{}{}</span>').format(image, whose)
    figure = Markup('<figure class="picture">{}<figcaption>{} {}</figcaption></figure>')
    return address, figure.format(image, caption, whose)


def file_beside(address: str, files: Mapping[str, bytes]) -> str:
    """The plain address of a file beside a note that may be published. Raises `Fault`."""
    shown, address = shortened(address, 81), posixpath.normpath(address)
    path = PurePosixPath(address)
    if path.suffix.lower() not in PUBLISHED_FILES:
        hint = "png, jpg, webp and svg are"
        raise Fault(Rule.BAD_IMAGE, f'"{shown}" is no image that we publish', hint)
    if address.startswith(("/", "../")) or "\\" in address:
        hint = "put the file into the note's folder"
        raise Fault(Rule.BROKEN_LINK, f'"{shown}" leads out of the note\'s folder', hint)
    if address not in files:
        hint = did_you_mean(address, files) or "put it into the note's folder"
        raise Fault(Rule.BROKEN_LINK, f'no file "{shown}" beside the note', hint)
    folded = address.casefold()
    twin = next((n for n in sorted(files) if n != address and n.casefold() == folded), "")
    if twin:
        message = f'"{PurePosixPath(twin).name}" and "{path.name}" differ only in case'
        raise Fault(Rule.PAGE_CLASH, message, "rename one: to some systems they are one file")
    refuse_unsafe(files[address], address)
    return address


def refuse_picture(content: bytes, name: str) -> None:
    """Raise a `Fault` where a file is no picture that may be published."""
    refuse_unsafe(content, name)
    size_of(content, name)


def refuse_unsafe(content: bytes, address: str) -> None:
    """Raise a `Fault` where a file is active, asks for others, or cannot be read to its end."""
    unsafe = _unsafe_svg(content) if address.lower().endswith(".svg") else ""
    if unsafe:
        hint = "save it without scripts, handlers and outside references"
        raise Fault(Rule.FORBIDDEN_HTML, f'"{address}" {unsafe}', hint)
    try:
        bare(content)
    except ValueError:
        message = f'"{address}" cannot be read to its end'
        why = "what a camera tells beside the picture is left out"
        hint = f"save it again as png, jpg or webp: {why}"
        raise Fault(Rule.BAD_IMAGE, message, hint) from None


def _elsewhere(source: str) -> bool:
    try:
        return bool(urlsplit(source).scheme or urlsplit(source).netloc)
    except ValueError:
        return True


def size_of(content: bytes, source: str) -> tuple[int, int]:
    """The width and height of a picture in whole px, which is what HTML takes. Raises `Fault`."""
    import imagesize  # Few notes have pictures.

    try:
        drawn = _drawn_size(content) if source.lower().endswith(".svg") else None
        size = drawn or imagesize.get(io.BytesIO(content), exif_rotation=False)
        # From 5 on, a camera was held upright.
        width, height = map(round, size if turn_of(content) < 5 else reversed(size))
    except (OSError, ValueError, ArithmeticError):
        width = height = 0
    if width <= 0 or height <= 0:
        hint = "save it again as png, jpg, webp, or svg with width and height or a viewBox"
        raise Fault(Rule.BAD_IMAGE, f'the size of "{source}" cannot be read', hint)
    return width, height


_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:e[-+]?\d+)?)\s*(px|pt|pc|mm|cm|in)?\s*", re.IGNORECASE)
_PX = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}


def _drawn_size(content: bytes) -> tuple[float, float]:
    """The size in px that an SVG has by itself: what its root says, else its viewBox."""
    root = ElementTree.fromstring(content.decode("utf-8-sig"))
    box = [float(part) for part in root.get("viewBox", "").replace(",", " ").split()]
    width, height = (_px(root.get(key, "")) for key in ("width", "height"))
    if width and height:
        return width, height
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        return 0, 0
    if width:
        return width, width * box[3] / box[2]
    return (height * box[2] / box[3], height) if height else (box[2], box[3])


def _px(length: str) -> float:
    """A length of an SVG in px; 0 for a part of something, or none."""
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _PX[(found[2] or "").lower()] if found else 0


_HARMLESS_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_ACTIVE = frozenset("script foreignobject handler listener iframe embed object".split())
_OUTSIDE = re.compile(r"@import|image-set\s*\(|url\(\s*[\"']?\s*(?![#\s\"'])|\\", re.IGNORECASE)
_XHTML = "{http://www.w3.org/1999/xhtml}"


def _unsafe_svg(content: bytes) -> str:
    """Why an SVG is not published: it is active, asks for other files, or cannot be read."""
    try:
        text = content.decode("utf-8-sig")
        if re.search(r"<!DOCTYPE|<!ENTITY|<\?(?!xml\s)", text, re.IGNORECASE):
            return "holds a document type, entity or processing instruction"
        root = ElementTree.fromstring(text)
    except (ValueError, RecursionError, ElementTree.ParseError):
        return "cannot be read as SVG"
    for element in root.iter():
        local = element.tag.rpartition("}")[2].lower()
        if local in _ACTIVE or element.tag.startswith(_XHTML):
            return "holds a script or handler"
        if local == "style" and _OUTSIDE.search("".join(element.itertext())):
            return "asks for another file"
        for name, value in element.attrib.items():
            name, value = name.rpartition("}")[2].lower(), value.strip()
            changed = value.rpartition(":")[2].lower() if name == "attributename" else ""
            if name.startswith("on") or changed == "href" or changed.startswith("on"):
                return "holds a script or handler"
            if name in ("href", "src") and not (value[:1] == "#" or _HARMLESS_DATA.match(value)):
                return "asks for another file"
            if name == "base" or _OUTSIDE.search(value):
                return "asks for another file"
    return ""
