"""The SVG that comes out of a specification: what is wrong with it, and what a page is given."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from explainer.charts.theme import FONT, FONTS, TOKEN, Size, with_fallbacks
from explainer.problems import Fault, Rule, choices, did_you_mean

SVG = "http://www.w3.org/2000/svg"

HIGHEST = 4000
"""Height in px of the highest drawing."""

LEGIBLE = 12
"""Size in px of the smallest text."""


def width_of(svg: str) -> float:
    """The width of a drawing in px."""
    return float(ElementTree.fromstring(svg).attrib["width"])


UNSHOWN = {
    "Infinite extent": (
        "a scale has no value to show",
        "look at the fields, the filters and the types of its channels",
    ),
    "Log scale domain includes zero": (
        "a log scale would have to show zero",
        "draw it on a linear scale, or symlog",
    ),
}
"""What Vega only warns of, though nobody would see what was asked for."""


def refuse(svg: str, warnings: Sequence[str], colors: Mapping[str, str]) -> None:
    """Raise `Fault` for a drawing of a note that would load something, or cannot be read.

    `warnings` are those of Vega, `colors` those of the light page by their tokens.
    """
    for message, hint in _wrong(svg, warnings, colors):
        raise Fault(Rule.BAD_CHART, message, hint)


def _wrong(
    svg: str, warnings: Sequence[str], colors: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each reason to refuse a drawing, and what to do."""
    for beginning, told in UNSHOWN.items():
        if any(warning.startswith(beginning) for warning in warnings):
            yield told
    for token in TOKEN.findall(svg):
        if token not in colors:
            hint = did_you_mean(token, colors) or f"the colours are {choices(colors, 20)}"
            yield f'there is no colour "{token}"', hint
    tree = ElementTree.fromstring(svg)
    if float(tree.attrib["height"]) > HIGHEST:
        # A picture without end would take all memory, and the build with it.
        yield f"the drawing is higher than {HIGHEST} px", "give it less height, or fewer rows"
    yield from _nothing_shown(tree)
    for element in tree.iter():
        if _loads(element):
            yield "the drawing would load something from elsewhere", "a chart draws its rows only"
        size = re.fullmatch(r"([\d.]+)px", element.attrib.get("font-size", ""))
        if size and float(size[1]) < LEGIBLE and "".join(element.itertext()).strip():
            least = f"{LEGIBLE} px is the least that can be read; leave the font size to the site"
            yield f"a text of the drawing is {size[1]} px high", least


def _loads(element: ElementTree.Element) -> bool:
    return element.tag.endswith(("}image", "}style", "}script", "}foreignObject")) or any(
        name.rpartition("}")[2] == "href"
        or re.search(r"url\s*\((?!#)", value, re.IGNORECASE)
        # An escape of style sheets spells anything.
        or (name in ("fill", "stroke", "cursor", "style") and "\\" in value)
        for name, value in element.attrib.items()
    )


def _nothing_shown(tree: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """What there is to say of a drawing in which there is nothing to be seen."""
    kinds: dict[str, list[str]] = {}
    for group in tree.iter(f"{{{SVG}}}g"):
        names = group.get("class", "").split()
        if _is_mark(group):
            kinds.setdefault(names[0], []).extend(filter(None, map(_drawn, group)))
        elif ("role-frame" in names or "role-scope" in names) and _has_no_room(group):
            hint = "give it more height, shorter labels, or a legend at the bottom"
            yield "the plot has no room left", hint
    if not any(kinds.values()):
        hint = "look at the fields and the filters; an expression may fail on its rows"
        yield "the drawing shows no mark", hint
    lines = kinds.get("mark-line", [])
    if "mark-symbol" not in kinds and any(map(POINT.fullmatch, lines)):
        yield "a line of a single point draws nothing", "give the mark point: true"


POINT = re.compile("M[^A-Za-z]*Z?")
"""A path that leads nowhere."""

LEAST = 8
"""Width and height in px of the smallest plot."""


def _is_mark(group: ElementTree.Element) -> bool:
    return "role-mark" in group.get("class", "").split()


def _drawn(element: ElementTree.Element) -> str:
    """What a mark is made of; nothing for one that cannot be seen."""
    if element.tag.endswith("}path"):
        return element.get("d", "")
    if element.tag.endswith("}text"):
        return "".join(element.itertext())
    return element.tag


def _has_no_room(frame: ElementTree.Element) -> bool:
    """Whether a plot with marks in it is hardly higher or wider than nothing."""
    for view in frame.findall(f"{{{SVG}}}g"):
        ground = view.find(f"{{{SVG}}}path")
        if ground is not None and any(map(_is_mark, view.findall(f"{{{SVG}}}g/{{{SVG}}}g"))):
            size = re.match(r"M[-\d.]+,[-\d.]+h([-\d.]+)v([-\d.]+)h", ground.get("d", ""))
            if size and min(map(float, size.groups())) < LEAST:
                return True
    return False


PLACED = frozenset("d transform x y x1 y1 x2 y2 cx cy r width height points".split())
"""Attributes that place something, in px: a tenth of one is less than a screen can show."""

USUAL = {"opacity": "1", "font-weight": "normal", "stroke-dasharray": "1,0", "version": "1.1"}
"""Attributes that say what goes without saying."""

LONG = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")


def labels(svg: str) -> list[str]:
    """The texts of a drawing that label an axis or a legend."""
    return _labels(ElementTree.fromstring(svg))


def finished(
    svg: str,
    chart: str,
    size: Size,
    said: tuple[str, str],
    colors: Mapping[str, str],
    claims: Mapping[str, str],
) -> dict[str, Any]:
    """A drawing as it stands in a page, and what it shows: the fields of a `Drawing`.

    It is one image, `said` being its name and description; its ids begin with that of the chart,
    and beside the token of each color stands the one of the light page. A mark that says one of the
    descriptions in `claims` names its claim.
    """
    prefix = f"chart-{chart}-{size.name}"
    tree = ElementTree.fromstring(_counted(svg))
    ticks, texts = _labels(tree), []
    for element in tree.iter():
        claim = claims.get(element.get("aria-label", ""))
        for name in [n for n in element.attrib if n.startswith("aria-") or n in ("role", "class")]:
            # The drawing is one image to assistive technology; the text version says the marks.
            del element.attrib[name]
        for name, value in element.attrib.items():
            if name in PLACED:
                value = LONG.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), value)
            element.attrib[name] = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", value)
        if "id" in element.attrib:
            element.attrib["id"] = f"{prefix}-{element.attrib['id']}"
        if element.get("font-family") == FONT:
            del element.attrib["font-family"]
        if element.tag == f"{{{SVG}}}text":
            # A label of several lines holds a span for each, with no space between them.
            texts.append(" ".join(element.itertext()))
        if claim:
            element.attrib["data-claim"] = claim
        for name, usual in USUAL.items():
            if element.get(name) == usual:
                del element.attrib[name]
        for inner in [e for e in element if _is_nothing(e)]:
            element.remove(inner)
        _outlined(element)
    for place, (tag, text) in enumerate(zip(("title", "desc"), said, strict=True)):
        inner = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        inner.text = text
        tree.insert(place, inner)
    tree.attrib["font-family"] = FONTS
    tree.attrib["role"] = "img"
    tree.attrib["aria-labelledby"] = f"{prefix}-title"
    tree.attrib["aria-describedby"] = f"{prefix}-desc"
    ElementTree.register_namespace("", SVG)
    inline = ElementTree.tostring(tree, encoding="unicode", short_empty_elements=True)
    return {
        "svg": with_fallbacks(inline.replace(f' xmlns="{SVG}"', "", 1), colors),
        "width": round(float(tree.attrib["width"])),
        "height": round(float(tree.attrib["height"])),
        "texts": texts,
        "ticks": ticks,
    }


def _is_nothing(element: ElementTree.Element) -> bool:
    """Whether an element draws nothing: a group or a text without content, a line of no length."""
    if element.tag == f"{{{SVG}}}path":
        return element.get("d") in NOTHING
    return (
        element.tag in (f"{{{SVG}}}g", f"{{{SVG}}}text") and not len(element) and not element.text
    )


NOTHING = ("", "M0,0h0v0h0Z")
"""Paths that lead nowhere, which Vega has for grounds without a size."""

OUTLINE = ("stroke", "stroke-width", "stroke-linejoin")


def _outlined(parent: ElementTree.Element) -> None:
    """Join texts with their outlines, where Vega has drawn both, the one group behind the other."""
    outlines: ElementTree.Element | None = None
    for group in list(parent):
        whole = bool(len(group)) and all(e.tag == f"{{{SVG}}}text" for e in group)
        if whole and outlines is not None and _said(outlines, OUTLINE) == _said(group, ()):
            for text, outline in zip(group, outlines, strict=True):
                text.attrib |= {n: outline.attrib[n] for n in OUTLINE if n in outline.attrib}
                text.attrib["paint-order"] = "stroke"
            parent.remove(outlines)
        outlines = group if whole and all("stroke" in e.attrib for e in group) else None


def _said(group: ElementTree.Element, without: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """The texts of a group, each with how it looks."""
    return [
        ("\n".join(text.itertext()), {n: v for n, v in text.attrib.items() if n not in without})
        for text in group
    ]


def _counted(svg: str) -> str:
    """The SVG with its ids counted from one: the converter counts on from drawing to drawing."""
    names: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        stem = match[2].rstrip("0123456789")
        return match[1] + names.setdefault(match[2], f"{stem}{len(names) + 1}")

    return re.sub(r'(\sid="|url\(#|href="#)([A-Za-z_-]+\d+)(?=["\)])', renamed, svg)


def _labels(tree: ElementTree.Element) -> list[str]:
    return [
        " ".join(text.itertext())
        for group in tree.iter(f"{{{SVG}}}g")
        if {"role-axis-label", "role-legend-label"} & set(group.get("class", "").split())
        for text in group.iter(f"{{{SVG}}}text")
    ]
