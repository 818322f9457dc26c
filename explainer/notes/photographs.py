"""Photographs without what they tell beside the picture: where, when, by whom and with what taken.

A camera writes its position into the file, and a program its user's name. Of all that only how a
picture is to be turned and its colours are kept: without them it would look different.
"""

import struct
import zlib
from collections.abc import Iterator

JPEG, PNG, RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"

TOLD_IN_PNG = frozenset((b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"))
"""Kinds of chunks of a PNG that are no part of its picture."""

TOLD_IN_WEBP = frozenset((b"EXIF", b"XMP "))
EXIF_FLAG, XMP_FLAG = 0x08, 0x04
"""The like of a WebP, and how its head says that they are there."""


def bare(content: bytes) -> bytes:
    """A picture without what is told beside it; anything but JPEG, PNG and WebP as it is.

    Raises `ValueError` where it cannot be read to its end.
    """
    try:
        if content.startswith(JPEG):
            return _jpeg(content)
        if content.startswith(PNG):
            return _png(content)
        if content.startswith(RIFF) and content[8:12] == b"WEBP":
            return _webp(content)
    except (IndexError, struct.error) as error:
        raise ValueError("the picture ends too early") from error
    return content


def turn_of(content: bytes) -> int:
    """How a picture is to be turned, from 1 (not at all) to 8, as EXIF counts."""
    try:
        found = next(filter(None, map(_turn, _told(content))), 1)
    except (IndexError, struct.error, ValueError):
        return 1
    return found if 1 <= found <= 8 else 1


def _told(content: bytes) -> Iterator[bytes]:
    """What a camera tells of a picture: each EXIF of it, as a TIFF."""
    if content.startswith(JPEG):
        found = (part[4:] for marker, part in _segments(content) if marker == 0xE1)
    elif content.startswith(PNG):
        found = (part[8:] for kind, part in _chunks(content) if kind == b"eXIf")
    elif content.startswith(RIFF):
        found = (part[8:] for kind, part in _pieces(content) if kind == b"EXIF")
    else:
        return
    for body in found:
        tiff = body.removeprefix(b"Exif\x00\x00")
        if tiff.startswith((b"MM\x00*", b"II*\x00")):
            yield tiff


def _turn(tiff: bytes) -> int:
    """The tag 0x112 of the first list of a TIFF; 0 where it has none."""
    order = ">" if tiff.startswith(b"MM") else "<"
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    for place in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * place)
        if tag == 0x112:
            return int(value)
    return 0


def _turned(content: bytes) -> bytes:
    """The few bytes of EXIF that say how a picture is to be turned; none where it is upright."""
    turn = turn_of(content)
    # A TIFF of one entry.
    entry = struct.pack(">IHHHIHHI", 8, 1, 0x112, 3, 1, turn, 0, 0)
    return b"MM\x00*" + entry if turn > 1 else b""


def _jpeg(content: bytes) -> bytes:
    made = [content[:2]]
    exif = _turned(content)
    if exif:
        exif = b"Exif\x00\x00" + exif
        made.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    for marker, segment in _segments(content):
        # Of what programs add, the colour profile and the kind of colours are kept.
        added = 0xE0 <= marker <= 0xEF or marker == 0xFE
        kept = marker in (0xE0, 0xEE) or (marker == 0xE2 and segment[4:16] == b"ICC_PROFILE\x00")
        if not added or kept:
            made.append(segment)
    return b"".join(made)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts of a JPEG up to its end, each with its marker; what follows is another picture."""
    start = 2
    while True:
        if content[start] != 0xFF:
            raise ValueError("a part of the picture has no marker")
        while content[start + 1] == 0xFF:
            start += 1
        marker = content[start + 1]
        if marker == 0xD9:
            yield marker, content[start : start + 2]
            return
        end = start + 2 + struct.unpack_from(">H", content, start + 2)[0]
        if marker == 0xDA:
            end = _scanned(content, end)
        if end > len(content):
            raise ValueError("the picture ends too early")
        yield marker, content[start:end]
        start = end


def _scanned(content: bytes, start: int) -> int:
    """Where the next marker stands behind the dots of a JPEG."""
    while True:
        start = content.find(b"\xff", start)
        if start < 0:
            raise ValueError("the picture ends too early")
        follows = content[start + 1]
        if follows and follows != 0xFF and not 0xD0 <= follows <= 0xD7:
            return start
        start += 1 if follows == 0xFF else 2


def _png(content: bytes) -> bytes:
    exif = _turned(content)
    made = [PNG]
    for kind, chunk in _chunks(content):
        if kind == b"IDAT" and exif:
            told = b"eXIf" + exif
            made.append(struct.pack(">I", len(exif)) + told + struct.pack(">I", zlib.crc32(told)))
            exif = b""
        if kind not in TOLD_IN_PNG:
            made.append(chunk)
    return b"".join(made)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG up to its end, each with its kind; what follows is no part of it."""
    start, kind = len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, start)
        end = start + 12 + length
        if end > len(content):
            raise ValueError("the picture ends too early")
        yield kind, content[start:end]
        start = end


def _webp(content: bytes) -> bytes:
    exif = _turned(content)
    made = []
    for kind, piece in _pieces(content):
        if kind == b"VP8X":
            flags = piece[8] & ~(EXIF_FLAG | XMP_FLAG) | (EXIF_FLAG if exif else 0)
            piece = piece[:8] + bytes((flags,)) + piece[9:]
        if kind not in TOLD_IN_WEBP:
            made.append(piece)
    if exif:
        made.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    body = b"WEBP" + b"".join(made)
    return RIFF + struct.pack("<I", len(body)) + body


def _pieces(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a WebP, each with its kind."""
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    if end > len(content):
        raise ValueError("the picture ends too early")
    start = 12
    while start < end:
        kind, length = struct.unpack_from("<4sI", content, start)
        after = start + 8 + length + length % 2
        yield kind, content[start:after]
        start = after
