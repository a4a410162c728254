# SPDX-License-Identifier: Apache-2.0
"""What a scan is: read from its bytes, never from its name or from what the browser claimed."""

import dataclasses
import hashlib
import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy import select

from exam_portal.audit.models import SignedPaper
from exam_portal.core import anonymous
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.core.storage import Blob

IMAGES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
PDF = "application/pdf"
KNOWN = frozenset({PDF, *IMAGES.values()})
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
    sha256: bytes


def examine(content: bytes, *, claimed: str = "") -> Scan:
    """Return kind, number of pages and hash of a scan, or raise UnreadableScan.

    ``claimed`` is the browser's word: it decides nothing, but a known kind that is not true is refused.
    """
    found = _kind(content)
    if found is None or (claimed in KNOWN and claimed != found):
        raise UnreadableScan
    pages = _count(content) if found == PDF else 1
    return Scan(media_type=found, pages=pages, sha256=hashlib.sha256(content).digest())


def without_traces(content: bytes, scan: Scan) -> bytes:
    """Return the same pages without anything written beside them, or raise UnreadableScan."""
    try:
        return anonymous.stripped(content, scan.media_type)
    except anonymous.NotStripped as problem:
        raise UnreadableScan from problem


def key_for(session: Session, organisation_id: int, competition_id: int | None) -> str | None:
    """Return the key under which this competition's (or organisation's) scans already lie."""
    return session.scalar(
        select(Blob.key_id)
        .join(SignedPaper, SignedPaper.blob_id == Blob.id)
        .where(
            SignedPaper.organisation_id == organisation_id,
            SignedPaper.competition_id == competition_id
            if competition_id is not None
            else SignedPaper.competition_id.is_(None),
        )
        .limit(1)
    )


def _kind(content: bytes) -> str | None:
    for magic, media_type in IMAGES.items():
        if content.startswith(magic):
            return media_type
    return PDF if b"%PDF-" in content[:HEADER_WITHIN] else None


def _count(content: bytes) -> int:
    try:
        pages = len(PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, AttributeError) as problem:
        raise UnreadableScan from problem
    if pages == 0:
        raise UnreadableScan
    return pages
