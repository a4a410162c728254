# SPDX-License-Identifier: Apache-2.0
"""Calls for the invigilator, and what was made of the server's proposals, held against the record."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference
from exam_portal.core.db import Session
from exam_portal.sittings.models import Incident, ProposalRuling, Seat, SeatCall, Sitting


def differences(session: Session) -> Iterator[Difference]:
    """Yield each call, answer and ruling on a proposal that stands otherwise than it was told."""
    calls = (
        select(SeatCall.public_id.label("_about"), Seat.public_id.label("seat"))
        .join(Seat, Seat.id == SeatCall.seat_id)
        .order_by(SeatCall.id)
    )
    made = calls.add_columns(SeatCall.at.label("_at"))
    yield from acts.compare(session, "sittings", "call", ("sittings.invigilator_called",), made)
    answered = calls.add_columns(SeatCall.answered_by.label("_by"), SeatCall.answered_at.label("_at")).where(
        SeatCall.answered_at.is_not(None)
    )
    yield from acts.compare(session, "sittings", "call answered", ("sittings.call_answered",), answered)
    ruled = (
        select(
            ProposalRuling.public_id.label("_about"),
            ProposalRuling.by.label("_by"),
            ProposalRuling.at.label("_at"),
            ProposalRuling.key.label("proposal"),
            ProposalRuling.verdict,
            ProposalRuling.reason,
            Incident.public_id.label("incident"),
            Sitting.public_id.label("sitting"),
        )
        .join(Sitting, Sitting.id == ProposalRuling.sitting_id)
        .outerjoin(Incident, Incident.id == ProposalRuling.incident_id)
        .order_by(ProposalRuling.id)
    )
    yield from acts.compare(session, "sittings", "ruling", ("sittings.proposal_ruled",), ruled, {"reason"})
