"""Pictures beside a note: their size, and what a photograph is published without."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit
from support import build_into, inside, like_avocado, note, page, run

from explainer.notes.photographs import bare

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKT/wAARCAAEAAYDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QA"
    "FQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCMA5Nf/9k="
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAHklEQVR4nGP8z8DAWLSJAQkwMqDyGRgYmBgwABYhANqUA0/q1nLZ"
    "AAAAAElFTkSuQmCC"
)
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4TBUAAAAvBcAAAA8wcvs/svMfWrjPT0T/wwEA")
"""A picture of six by four dots, as each kind."""

SECRETS = (b"GPSHERE", b"Exif", b"xpacket", b"Somebody", b"8BIM", b"second picture")


def exif(turn: int) -> bytes:
    """What a camera tells: how to turn the picture, and where it was taken."""
    entries = struct.pack(">HHIHH", 0x112, 3, 1, turn, 0) + struct.pack(">HHII", 0x8825, 4, 1, 38)
    return b"MM\x00*" + struct.pack(">IH", 8, 2) + entries + struct.pack(">I", 0) + b"GPSHERE"


def told_jpeg(turn: int) -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    told = segment(0xE1, b"Exif\0\0" + exif(turn)) + segment(0xE1, b"http://xap\0<?xpacket GPSHERE")
    told += segment(0xED, b"Photoshop 3.0\x008BIM Somebody") + segment(0xFE, b"by Somebody")
    return JPEG[:2] + told + JPEG[2:] + b"a second picture, GPSHERE"


def told_png(turn: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    told = chunk(b"eXIf", exif(turn)) + chunk(b"tEXt", b"Author\0Somebody")
    told += chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<?xpacket GPSHERE") + chunk(
        b"tIME", bytes(7)
    )
    return PNG[:33] + told + PNG[33:] + b"a second picture"


def told_webp(turn: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)

    head = chunk(b"VP8X", struct.pack("<II", 0x0C, 5)[:7] + struct.pack("<I", 3)[:3])
    body = (
        b"WEBP"
        + head
        + WEBP[12:]
        + chunk(b"EXIF", exif(turn))
        + chunk(b"XMP ", b"<?xpacket Somebody")
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


KINDS: dict[str, Callable[[int], bytes]] = {
    "photo.jpg": told_jpeg,
    "photo.png": told_png,
    "photo.webp": told_webp,
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("turn", [1, 6])
def test_a_photograph_is_published_without_its_place(tmp_path: Path, name: str, turn: int) -> None:
    told = KINDS[name](turn)
    assert any(secret in told for secret in SECRETS)
    text = f'![A field]({name} "Somebody else")\n\nThe [same]({name}).'
    content = like_avocado(tmp_path / "content", {"index.md": note(text), name: told})
    with inside(tmp_path):
        site = build_into(content, tmp_path / "site")
    published = (site / name).read_bytes()
    # How it is to be turned is all that remains, in a few bytes.
    rest = published.replace(b"Exif\0\0MM", b"") if turn != 1 else published
    assert not [secret for secret in SECRETS if secret in rest.replace(b"EXIF", b"")]
    assert bare(published) == published
    [image] = page(site / "index.html").all("img")
    size = (image.attrs["width"], image.attrs["height"])
    assert size == (("6", "4") if turn == 1 else ("4", "6"))


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("turn", [1, 6])
def test_it_looks_as_it_did(browsing: Callable[..., Any], tmp_path: Path, turn: int) -> None:
    def look(here: Visit) -> None:
        for name, maker in KINDS.items():
            told, plain = tmp_path / f"told-{name}", tmp_path / f"plain-{name}"
            told.write_bytes(maker(turn))
            plain.write_bytes(bare(maker(turn)))
            seen = []
            for path in (told, plain):
                here.page.goto(path.as_uri())
                seen.append(here.page.evaluate(DOTS))
            assert seen[0] == seen[1], name
            assert seen[0][0] in ([6, 4], [4, 6])

    browsing(look)


DOTS = """() => {
  const image = document.querySelector("img");
  const {naturalWidth: width, naturalHeight: height} = image;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  return [[width, height], [...canvas.getImageData(0, 0, width, height).data]];
}"""


@pytest.mark.parametrize("name", KINDS)
def test_one_that_ends_too_early_is_a_problem(tmp_path: Path, name: str) -> None:
    whole = KINDS[name](1)
    for part in (len(whole) // 2, 40):
        with pytest.raises(ValueError, match=r"ends too early|no marker"):
            bare(whole[:part])
    content = like_avocado(
        tmp_path / "content",
        {"index.md": note(f'![A field]({name} "Somebody")'), name: whole[: len(whole) // 2]},
    )
    with inside(tmp_path):
        done = run("--content", content, "--output", tmp_path / "site")
    assert done.code == 1 and f'"{name}" cannot be read to its end' in done.err


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="200"', "300×200"),
        ('width="30mm" height="20mm" viewBox="0 0 3 2"', "113×76"),
        ('viewBox="0 0 640 480"', "640×480"),
        ('viewBox="10,20,64.4,48"', "64×48"),
        ('width="100%" height="100%" viewBox="0 0 640 480"', "640×480"),
        ('width="320" viewBox="0 0 640 480"', "320×240"),
        ('height="2in" viewBox="0 0 640 480"', "256×192"),
    ],
)
def test_a_drawing_has_the_size_of_its_root(tmp_path: Path, attributes: str, size: str) -> None:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>'
        '<rect width="7" height="5" viewBox="0 0 9 9"/></svg>'
    )
    content = like_avocado(
        tmp_path / "content",
        {"index.md": note('![A drawing](drawing.svg "Somebody")'), "drawing.svg": svg},
    )
    with inside(tmp_path):
        site = build_into(content, tmp_path / "site")
    [image] = page(site / "index.html").all("img")
    assert f"{image.attrs['width']}×{image.attrs['height']}" == size


def test_pictures_alone_in_their_paragraph_are_figures_in_a_row(tmp_path: Path) -> None:
    body = (
        '![A field](a.png "Ana"){: caption="In 2019, at {{ claim("price-orchard") }} a kilo" }\n'
        '![A tree](a.png "Ben")\n\nText and ![a bee](a.png "Cleo") in a line.'
    )
    content = like_avocado(tmp_path / "content", {"index.md": note(body), "a.png": PNG})
    with inside(tmp_path):
        whole = page(build_into(content, tmp_path / "site") / "index.html")
    row = whole.one("div", class_="pictures")
    captions = [figure.one("figcaption") for figure in row.all("figure")]
    assert [c.text() for c in captions] == ["In 2019, at about $2 a kilo Ana", "Ben"]
    assert captions[0].one("a", class_="claim").attrs["href"] == "#ref-price-orchard"
    assert whole.all(id="ref-price-orchard") and captions[0].one("span", data_exempt="year")
    assert whole.one("span", class_="image").text() == "Cleo"
    assert [image.attrs["alt"] for image in whole.all("img")] == ["A field", "A tree", "a bee"]


def test_a_drawing_without_any_size_is_a_problem(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="7" height="5"/></svg>'
    content = like_avocado(
        tmp_path / "content",
        {"index.md": note('![A drawing](drawing.svg "Somebody")'), "drawing.svg": svg},
    )
    with inside(tmp_path):
        done = run("--content", content, "--output", tmp_path / "site")
    assert done.code == 1 and "the size of" in done.err and "viewBox" in done.err
