# SPDX-License-Identifier: Apache-2.0
"""The child that reads scans: limited in memory and processor time, with nothing open but its two streams.

It reads one stack from standard input and writes page after page, then it ends.
"""

import dataclasses
import io
import logging
import os
import resource
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from exam_portal.core.filetypes import JPEG, PDF, PNG
from exam_portal.core.scanning import upright, wire

DPI: Final = 200
POINTS: Final = 72
KEPT_PIXELS: Final = 9_000_000  # of one page: A4 at 290 dpi
LONGEST_CODE: Final = 64
QR_CODES: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
FORMATS: Final = {JPEG: "JPEG", PNG: "PNG"}
BROKEN: Final = (
    pypdfium2.PdfiumError,
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one stack may cost."""

    cpu_seconds: int
    megabytes: int
    pages: int
    pixels: int


class Refused(Exception):
    """The stack is not read; the message is one of ``wire.PROBLEMS``."""


def main() -> None:
    """Read the stack and tell its pages."""
    media_type, *numbers = sys.argv[1:]
    cpu_seconds, megabytes, pages, megapixels = map(int, numbers)
    limits = Limits(cpu_seconds=cpu_seconds, megabytes=megabytes, pages=pages, pixels=megapixels * 1_000_000)
    logging.disable()
    target = _claim_output()
    content = sys.stdin.buffer.read()
    _limit(limits)
    try:
        for picture in pictures(content, media_type, limits):
            wire.write_page(target, *_page(picture))
    except Refused as problem:
        wire.write_end(target, str(problem))
    except (*BROKEN, MemoryError):
        wire.write_end(target, wire.BROKEN)
    else:
        wire.write_end(target, "")


def pictures(content: bytes, media_type: str, limits: Limits) -> Iterator[Image.Image]:
    """Yield every page as a picture, one at a time."""
    return _of_pdf(content, limits) if media_type == PDF else iter([_of_image(content, media_type, limits)])


def _of_pdf(content: bytes, limits: Limits) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    if len(document) > limits.pages:
        raise Refused(wire.TOO_LONG)
    for page in document:
        width, height = page.get_size()
        most = (KEPT_PIXELS / max(width * height, 1)) ** 0.5
        yield page.render(scale=min(DPI / POINTS, most), may_draw_forms=False).to_pil().convert("RGB")
        page.close()


def _of_image(content: bytes, media_type: str, limits: Limits) -> Image.Image:
    """Return the picture; its measures are looked at before any of it is unpacked."""
    Image.MAX_IMAGE_PIXELS = None  # ours is the limit that counts, and it is said
    picture: Image.Image = Image.open(io.BytesIO(content), formats=[FORMATS[media_type]])
    if picture.width * picture.height > limits.pixels:
        raise Refused(wire.TOO_LARGE)
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    shrink = (KEPT_PIXELS / (picture.width * picture.height)) ** 0.5
    if shrink < 1:
        picture = picture.resize((max(1, int(picture.width * shrink)), max(1, int(picture.height * shrink))))
    return picture


def _page(picture: Image.Image) -> tuple[list[str], bytes, bytes]:
    """Return the codes of the page, the page, and its copy without the strip (empty where it has none)."""
    found = codes(picture)
    strips = [upright.copy_for_markers(picture, strip) for text, strip in found if wire.is_ours(text)]
    copy = strips[0] if len(strips) == 1 else None
    return [text[:LONGEST_CODE] for text, _ in found], upright.written(picture), copy or b""


def codes(picture: Image.Image) -> list[tuple[str, upright.Strip]]:
    """Return what the codes of the page say and where they stand; a page that says nothing is cleaned."""
    grey = picture.convert("L")
    attempts: tuple[Callable[[], Image.Image], ...] = (
        lambda: grey,
        lambda: ImageOps.autocontrast(grey, cutoff=2),
        lambda: grey.filter(ImageFilter.MedianFilter(3)),
        lambda: ImageOps.autocontrast(grey.filter(ImageFilter.GaussianBlur(1.5)), cutoff=5),
    )
    for attempt in attempts:
        found = zxingcpp.read_barcodes(attempt(), formats=QR_CODES)
        if found:
            return [(one.text, _strip(one.position)) for one in found]
    return []


def _strip(position: zxingcpp.Position) -> upright.Strip:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return upright.Strip(*((float(corner.x), float(corner.y)) for corner in corners))


def _claim_output() -> BinaryIO:
    """Return the answers' stream; whatever a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.megabytes << 20, limits.megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


if __name__ == "__main__":
    main()
