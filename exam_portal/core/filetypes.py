# SPDX-License-Identifier: Apache-2.0
"""Which files people may bring, told from their bytes and never from their name."""

import io
import zipfile
from typing import Final

from exam_portal.core.errors import DomainError

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ALLOWED: Final = frozenset({PDF, JPEG, PNG, DOCX})
EXTENSIONS: Final = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", DOCX: ".docx"}
MOST_PARTS: Final = 2_000  # of the archive that a DOCX is
LARGEST_UNPACKED: Final = 200 * 1024 * 1024


class FileTypeRefused(DomainError):
    """The bytes are none of the allowed kinds of document."""

    status = 415


def media_type_of(content: bytes, *, allowed: frozenset[str] = ALLOWED) -> str:
    """Return the media type that the bytes show, or raise FileTypeRefused."""
    found = _recognise(content)
    if found is None or found not in allowed:
        raise FileTypeRefused(found or "unknown")
    return found


def _recognise(content: bytes) -> str | None:
    if content.startswith((b"%PDF-1.", b"%PDF-2.")):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04") and _is_docx(content):
        return DOCX
    return None


def _is_docx(content: bytes) -> bool:
    """Whether the archive is a Word document without macros and of a sane size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return False
    names = {entry.filename for entry in entries}
    is_sane = len(entries) <= MOST_PARTS and sum(entry.file_size for entry in entries) <= LARGEST_UNPACKED
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return is_sane and not has_macros and {"[Content_Types].xml", "word/document.xml"} <= names
