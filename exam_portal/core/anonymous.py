# SPDX-License-Identifier: Apache-2.0
"""A scan without what its maker wrote beside the pages: names, places, devices, file names.

Pictures lose every block that is not needed to draw them (how to turn the picture is kept); a PDF is written
anew from its pages. The pages themselves are not touched.
"""

import io
import struct
from collections.abc import Iterator
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from exam_portal.core.filetypes import JPEG, PDF, PNG

PNG_START: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
)
EXIF: Final = b"Exif\x00\x00"
ORIENTATION: Final = 0x0112
UPRIGHT, MOST_TURNED = 1, 8
START_OF_SCAN, END = 0xDA, 0xD9
KEPT_APPLICATIONS: Final = frozenset({0xE0, 0xEE})  # JFIF and Adobe: how colours are meant
COMMENT: Final = 0xFE
IN_A_SCAN: Final = frozenset({0x00, *range(0xD0, 0xD8)})
BESIDE_THE_PAGE: Final = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/LastModified")


class NotStripped(Exception):
    """The file is not built as its kind is; nothing was kept of it."""


def stripped(content: bytes, media_type: str) -> bytes:
    """Return the same pages without anything beside them, or raise NotStripped."""
    try:
        return _WAYS[media_type](content)
    except (KeyError, ValueError, IndexError, struct.error, OSError, PyPdfError, AttributeError) as problem:
        raise NotStripped(media_type) from problem


def _jpeg(content: bytes) -> bytes:
    kept = b"".join(_jpeg_segments(content))
    return content[:2] + _orientation(content) + kept


def _jpeg_segments(content: bytes) -> Iterator[bytes]:
    """Yield the segments that draw the picture, up to its end mark; what follows that is left out."""
    at = 2
    while content[at + 1] != END:
        if content[at] != 0xFF:
            raise ValueError("no segment")
        marker = content[at + 1]
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + length
        if marker == START_OF_SCAN:
            end = _end_of_scan(content, end)
        is_application = 0xE0 <= marker <= 0xEF
        if marker != COMMENT and (not is_application or marker in KEPT_APPLICATIONS):
            yield content[at:end]
        at = end
    yield bytes((0xFF, END))


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the next segment begins: a mark that is neither a stuffed byte nor a restart."""
    while True:
        at = content.index(0xFF, at)
        if content[at + 1] not in IN_A_SCAN:
            return at
        at += 2


def _orientation(content: bytes) -> bytes:
    """Return a segment that says only how the picture is to be turned, where that differs from upright."""
    turned = next(filter(None, map(_turned, _exif_blocks(content))), UPRIGHT)
    if turned == UPRIGHT:
        return b""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0)
    block = EXIF + b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block


def _exif_blocks(content: bytes) -> Iterator[bytes]:
    """Yield what cameras wrote before the picture begins."""
    at = 2
    while content[at] == 0xFF and content[at + 1] not in {START_OF_SCAN, END}:
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        block = content[at + 4 : at + 2 + length]
        if content[at + 1] == 0xE1 and block.startswith(EXIF):
            yield block[len(EXIF) :]
        at += 2 + length


def _turned(block: bytes) -> int | None:
    """Return how the picture is to be turned (2 to 8), where a readable block says so."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 14:
        return None
    (start,) = struct.unpack(f"{order}I", block[4:8])
    (count,) = struct.unpack(f"{order}H", block[start : start + 2])
    for number in range(count):
        entry = block[start + 2 + 12 * number : start + 14 + 12 * number]
        tag, _, _, value = struct.unpack(f"{order}HHIH2x", entry)
        if tag == ORIENTATION:
            return value if UPRIGHT < value <= MOST_TURNED else None
    return None


def _png(content: bytes) -> bytes:
    if not content.startswith(PNG_START):
        raise ValueError("no PNG")
    kept, at = [PNG_START], len(PNG_START)
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise ValueError("a block ends after the file")
        if kind in PNG_KEPT:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise ValueError("no end")


def _pdf(content: bytes) -> bytes:
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(content)).pages:
        added = writer.add_page(page)
        for name in BESIDE_THE_PAGE:
            added.pop(NameObject(name), None)
    writer.metadata = None
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


_WAYS = {JPEG: _jpeg, PNG: _png, PDF: _pdf}
