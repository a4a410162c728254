# SPDX-License-Identifier: Apache-2.0
"""What a scan is: read from its bytes, never from its name or from what the browser claimed."""

import dataclasses
import io
from datetime import date

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from exam_portal.core import anonymous
from exam_portal.core.errors import DomainError
from exam_portal.core.storage import Prepared, Storage

IMAGES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
PDF = "application/pdf"
KNOWN = frozenset({PDF, *IMAGES.values()})
UNREADABLE = (
    PyPdfError,
    DependencyError,
    NotImplementedError,  # locked in a way that nothing here opens
    ValueError,
    KeyError,
    TypeError,
    RecursionError,
    AttributeError,
)
HEADER_WITHIN = 1024  # where readers look for %PDF-


class UnreadableScan(DomainError):
    """The file is neither a readable PDF nor an image; or the PDF is locked or has no page."""

    status = 422


class NoSuchPage(DomainError):
    """A figure was linked to a page that its paper does not have."""

    status = 422

    def __init__(self, page: int, pages: int) -> None:
        super().__init__(f"page {page} of {pages}")
        self.page = page
        self.pages = pages


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What is known of a scan before it is stored."""

    media_type: str
    pages: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPaper:
    """A signed paper as it was given in, its scan read and sealed on disk; no row names it yet."""

    number: str
    issued_on: date
    signed_by: str
    scan: Prepared
    pages: int


def examine(content: bytes, *, claimed: str = "") -> Scan:
    """Return kind and number of pages of a scan, or raise UnreadableScan.

    ``claimed`` is the browser's word: it decides nothing, but a known kind that is not true is refused.
    """
    found = _kind(content)
    if found is None or (claimed in KNOWN and claimed != found):
        raise UnreadableScan
    pages = _count(content) if found == PDF else 1
    return Scan(media_type=found, pages=pages)


def prepare_paper(
    files: Storage, content: bytes, *, number: str, issued_on: date, signed_by: str, claimed: str = ""
) -> PreparedPaper:
    """Return the paper as ``audit.service.file_paper`` takes it, or raise UnreadableScan.

    Reading, sealing and syncing a scan takes its time: this belongs before the writer. Every scan lies under
    a key of its own.
    """
    found = examine(content, claimed=claimed)
    scan = files.prepare(content, media_type=found.media_type, key_id=files.keys.create())
    return PreparedPaper(
        number=number, issued_on=issued_on, signed_by=signed_by, scan=scan, pages=found.pages
    )


def without_traces(content: bytes, scan: Scan) -> bytes:
    """Return the same pages without anything written beside them, or raise UnreadableScan."""
    try:
        return anonymous.stripped(content, scan.media_type)
    except anonymous.NotStripped as problem:
        raise UnreadableScan from problem


def _kind(content: bytes) -> str | None:
    for magic, media_type in IMAGES.items():
        if content.startswith(magic):
            return media_type
    return PDF if b"%PDF-" in content[:HEADER_WITHIN] else None


def _count(content: bytes) -> int:
    try:
        pages = len(PdfReader(io.BytesIO(content)).pages)
    except UNREADABLE as problem:
        raise UnreadableScan from problem
    if pages == 0:
        raise UnreadableScan
    return pages
