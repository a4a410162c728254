# SPDX-License-Identifier: Apache-2.0
"""Scans of signed papers and documents of dossiers: small, real PDF files with so many pages."""

import functools
import io
from datetime import datetime

from pypdf import PdfWriter

from exam_portal.rehearsal.browser import Upload, Value

A4 = (595, 842)


@functools.cache
def pdf(pages: int, name: str) -> bytes:
    """Return a PDF file with so many pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*A4)
    writer.add_metadata({"/Title": name})
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def upload(name: str, pages: int = 1) -> Upload:
    """Return the file as a form sends it."""
    return f"{name}.pdf", pdf(pages, name), "application/pdf"


def signed_paper(number: str, signed_by: str, on: datetime, *, pages: int = 1) -> dict[str, Value]:
    """Return the fields of a signed paper."""
    return {
        "paper_number": number,
        "paper_issued_on": f"{on:%d/%m/%Y}",
        "paper_signed_by": signed_by,
        "paper_scan": upload(number.replace("/", "-"), pages),
    }
