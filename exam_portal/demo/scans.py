# SPDX-License-Identifier: Apache-2.0
"""Signed papers of the demonstration: a page each that says what it stands for."""

import html
from collections.abc import Sequence
from datetime import date, datetime

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper, prepare_paper
from exam_portal.competitions.models import Competition
from exam_portal.core import pdf
from exam_portal.core.actors import Actor
from exam_portal.demo.stage import Stage

STYLE = """
@page { size: A4; margin: 25mm 20mm 20mm 30mm }
body { font-family: "Be Vietnam Pro", "Liberation Serif", serif; font-size: 13pt; line-height: 1.5 }
.page { break-after: page } .page:last-child { break-after: auto }
h1 { font-size: 15pt; text-align: center; text-transform: uppercase }
.note { margin-top: 30mm; font-size: 10pt; color: #777; border-top: 1px solid #bbb; padding-top: 3mm }
.hand { font-style: italic; font-size: 18pt; color: #1d3f72 }
"""


def scan(title: str, pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF with a page for each list of lines; a line that begins with ``>`` is written by hand."""
    body = "".join(_page(title, lines) for lines in pages)
    return pdf.render(
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>",
        variant=None,
    )


def prepared(
    stage: Stage,
    title: str,
    pages: Sequence[Sequence[str]],
    *,
    number: str,
    issued_on: date,
    signed_by: str,
) -> PreparedPaper:
    """Return the signed paper with its scan in the store."""
    return prepare_paper(
        stage.session.files, scan(title, pages), number=number, issued_on=issued_on, signed_by=signed_by
    )


def file(
    stage: Stage,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    kind: PaperKind,
    number: str,
    title: str,
    signed_by: str,
    pages: Sequence[Sequence[str]],
    issued_on: date | None = None,
) -> SignedPaper:
    """The paper is on file with its scan."""
    return audit.file_paper(
        stage.session,
        actor,
        now,
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        kind=kind,
        title=title,
        paper=prepared(
            stage,
            title,
            pages,
            number=number,
            issued_on=issued_on or now.date(),
            signed_by=signed_by,
        ),
    )


def _page(title: str, lines: Sequence[str]) -> str:
    told = "".join(
        f'<p class="hand">{html.escape(line[1:].strip())}</p>'
        if line.startswith(">")
        else f"<p>{html.escape(line)}</p>"
        for line in lines
    )
    return (
        f'<section class="page"><h1>{html.escape(title)}</h1>{told}'
        '<p class="note">Bản quét minh họa của hệ thống trình diễn, không có giá trị pháp lý.</p></section>'
    )
