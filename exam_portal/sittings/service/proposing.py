# SPDX-License-Identifier: Apache-2.0
"""What the server proposed becomes an incident, or is dismissed with a reason: an invigilator decides."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.sittings.models import (
    GrantKind,
    Incident,
    IncidentCategory,
    ProposalRuling,
    Room,
    Seat,
    Sitting,
)
from exam_portal.sittings.queries.proposals import OpenProposal
from exam_portal.sittings.service import locking, registering, running


def accept_proposal(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    proposal: OpenProposal,
    category: IncidentCategory,
    description: str,
    credit_seconds: int = 0,
) -> Incident:
    """The incident is in the register; a credit waits for the second person like any other."""
    sitting = _untouched(session, sitting, proposal)
    seat = session.get_one(Seat, proposal.found.seat_id) if proposal.found.seat_id else None
    room = session.get_one(Room, proposal.found.room_id) if proposal.found.room_id and not seat else None
    incident = registering.register_incident(
        session,
        actor,
        now,
        sitting=sitting,
        category=category,
        description=description,
        occurred_at=proposal.found.began_at,
        room=room,
        seat=seat,
    )
    if credit_seconds:
        running.grant_time(
            session,
            actor,
            now,
            sitting=sitting,
            kind=GrantKind.CREDIT,
            seconds=credit_seconds,
            reason=description[:500],
            room=room,
            seat=seat,
        )
    _rule(session, actor, now, sitting, proposal, "accept", description, incident)
    return incident


def dismiss_proposal(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, proposal: OpenProposal, reason: str
) -> None:
    """Nothing comes of it, for a reason that is kept."""
    sitting = _untouched(session, sitting, proposal)
    _rule(session, actor, now, sitting, proposal, "dismiss", reason, None)


def _untouched(session: Session, sitting: Sitting, proposal: OpenProposal) -> Sitting:
    locked = locking.sitting(session, sitting)
    ruled = select(ProposalRuling.id).where(
        ProposalRuling.sitting_id == locked.id, ProposalRuling.key == proposal.key
    )
    if session.scalar(ruled) is not None:
        raise StaleState
    return locked


def _rule(
    session: Session,
    actor: Actor,
    now: datetime,
    sitting: Sitting,
    proposal: OpenProposal,
    verdict: str,
    reason: str,
    incident: Incident | None,
) -> None:
    found = proposal.found
    ruling = ProposalRuling(
        sitting_id=sitting.id,
        room_id=found.room_id,
        seat_id=found.seat_id,
        key=proposal.key,
        kind=found.kind.value,
        began_at=found.began_at,
        ended_at=found.ended_at,
        verdict=verdict,
        reason=reason,
        incident_id=incident.id if incident else None,
        by=locking.person(actor),
        at=now,
    )
    session.add(ruling)
    session.flush()
    content = {
        "proposal": proposal.key,
        "verdict": verdict,
        "incident": incident.public_id if incident else None,
        "reason": audit.digest(reason),
    }
    locking.record(session, actor, now, sitting, "proposal_ruled", content, subject=ruling.public_id)
