# SPDX-License-Identifier: Apache-2.0
"""Documents of reviews: the receipt of a request (37) and the minute of its decision (38)."""

from datetime import datetime

from flask_babel import force_locale, gettext

from exam_portal.appeals import queries, service
from exam_portal.appeals.models import ReviewRequest
from exam_portal.competitions import printing as letterhead
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.results import steps
from exam_portal.web import filters, printing
from exam_portal.web.printed import Signature


def receipt(session: Session, competition: Competition, request: ReviewRequest, now: datetime) -> bytes:
    """Return the receipt that a candidate keeps of a request for review."""
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("RECEIPT"),
            subject=gettext("Of a request for review"),
            code=f"37/{request.receipt_no}",
            recipients=[gettext("The candidate"), gettext("Filed: records office")],
            signatures=[Signature(duty=gettext("RECEIVED BY"))],
        )
    return printing.document(
        "appeals/print/receipt.html",
        frame,
        entry=queries.entry(session, request),
        title=_title(competition, request.part),
        finish_days=competitions.ruleset(competition).review.finish_days,
        deadline=steps.request_deadline(session, competition),
    )


def minute(session: Session, competition: Competition, request: ReviewRequest, now: datetime) -> bytes:
    """Return the minute of a review; marks stand in it once the review is marked and unmasked."""
    entry = queries.entry(session, request)
    is_open = entry.state in ("lifted", "decided")
    marks = service.marks_before_and_after(session, request) if is_open else None
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("MINUTES"),
            subject=gettext("Review of marking"),
            code=f"38/{request.receipt_no}",
            recipients=[gettext("The candidate"), gettext("Filed: records office")],
            signatures=[
                Signature(duty=gettext("REVIEW BOARD")),
                Signature(authority=gettext("FOR THE COUNCIL"), duty=gettext("CHAIR")),
            ],
        )
    return printing.document(
        "appeals/print/minute.html",
        frame,
        entry=entry,
        title=_title(competition, request.part),
        marks=marks,
    )


def _title(competition: Competition, key: str) -> str:
    """Return the name of a part; documents are in Vietnamese."""
    part = next(one for one in competitions.ruleset(competition).parts if one.key == key)
    with force_locale("vi"):
        return rules.part_title(part, filters.language())
