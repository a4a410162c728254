# SPDX-License-Identifier: Apache-2.0
"""Printed documents of registration: receipts (document 5 of domain 7) and the list (document 7)."""

import dataclasses
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import printing as letterhead
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration import presentation, queries
from exam_portal.registration.models import Application, RefusedDossier
from exam_portal.web import printing
from exam_portal.web.printed import Signature


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """One applicant on the printed list."""

    receipt_no: str
    name: str
    birth_year: int | None
    unit: str
    post: str
    reason: str


def receipt(session: Session, application: Application, now: datetime) -> bytes:
    """Return the receipt of a dossier: number, time, what lies in it, who received it."""
    page = presentation.application_page(session, application)
    taken_by = accounts.name_of(session, application.entered_by) if application.entered_by else ""
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            page.competition,
            now,
            title=_("RECEIPT OF A DOSSIER"),
            subject=page.competition.title,
            code=f"BN/{application.receipt_no}",
            number=application.receipt_no or "",
            grounds=(),
            signatures=[Signature(duty=_("RECEIVED BY"), name=taken_by)],
            qr_svg=printing.qr(f"{page.competition.code}/{application.receipt_no}"),
        )
    return printing.document("registration/print/receipt.html", frame, page=page)


def refusal_receipt(session: Session, refused: RefusedDossier, now: datetime) -> bytes:
    """Return the receipt of a dossier that came too late: its stamp, and what the deadline was."""
    page = presentation.refusal_page(session, refused)
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            page.competition,
            now,
            title=_("RECEIPT OF A DOSSIER NOT ACCEPTED"),
            subject=page.competition.title,
            code=f"TC/{refused.receipt_no}",
            number=refused.receipt_no,
            grounds=(),
            signatures=[Signature(duty=_("RECEIVED BY"), name=accounts.name_of(session, refused.by))],
        )
    return printing.document("registration/print/refusal.html", frame, page=page)


def candidate_list(session: Session, competition: Competition, now: datetime) -> bytes:
    """Return the list of applicants who are eligible and who are not, each with the reason."""
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=_("LIST OF APPLICANTS"),
            subject=_("Eligible and not eligible for the competition"),
            code="DS",
            signatures=[
                Signature(duty=_("SECRETARY")),
                Signature(duty=_("CHAIR"), authority=_("FOR THE COUNCIL")),
            ],
        )
    return printing.document(
        "registration/print/list.html",
        frame,
        eligible=_lines(session, competition, "eligible"),
        ineligible=_lines(session, competition, "ineligible"),
    )


def _lines(session: Session, competition: Competition, outcome: str) -> list[ListLine]:
    rows = queries.concluded(session, competition.id, outcome)
    return [
        ListLine(
            receipt_no=row.entry.receipt_no or "",
            name=row.entry.name,
            birth_year=row.content.birth_date.year if row.content.birth_date else None,
            unit=row.content.present_unit,
            post=row.entry.vacancy_title,
            reason=row.reason,
        )
        for row in rows
    ]
