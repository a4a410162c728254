# SPDX-License-Identifier: Apache-2.0
"""The register of incidents, and sanctions that two invigilators put their names to."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.registration import service as registration
from exam_portal.registration.models import Candidate, Exclusion
from exam_portal.sittings import errors
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.replaying import Replayed
from exam_portal.sittings.models import (
    Attempt,
    Incident,
    IncidentCategory,
    Room,
    Sanction,
    SanctionLevel,
    Seat,
    Sitting,
)
from exam_portal.sittings.place import Place
from exam_portal.sittings.service import locking


def register_incident(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    category: IncidentCategory,
    description: str,
    occurred_at: datetime,
    room: Room | None = None,
    seat: Seat | None = None,
    paper: SignedPaper | None = None,
) -> Incident:
    """What happened is in the register, for the council to see; the words stay out of the log."""
    sitting = locking.sitting(session, sitting)
    if occurred_at > now:
        raise errors.ArrivalInFuture
    place = Place.of(sitting, room, seat)
    incident = Incident(
        sitting_id=sitting.id,
        **place.row,
        category=category.value,
        description=description,
        occurred_at=occurred_at,
        signed_paper_id=paper.id if paper else None,
        by=locking.person(actor),
        at=now,
    )
    session.add(incident)
    session.flush()
    content = {
        "incident": incident.public_id,
        "category": category.value,
        "description": audit.digest(description),
        "occurred_at": audit.stamp(occurred_at),
        **place.told,
        "paper": paper.public_id if paper else None,
    }
    locking.record(session, actor, now, sitting, "incident", content, subject=incident.public_id)
    return incident


def report_other_form(
    session: Session, actor: Actor, now: datetime, *, seat: Seat, description: str
) -> Incident:
    """The register says, once for a seat, that a computer refused a form not committed to."""
    sitting = locking.sitting(session, seat.sitting)
    known = select(Incident).where(
        Incident.seat_id == seat.id,
        Incident.category == IncidentCategory.PAPER_FAULT.value,
        Incident.by == locking.person(actor),
    )
    return session.scalars(known).first() or register_incident(
        session,
        actor,
        now,
        sitting=sitting,
        category=IncidentCategory.PAPER_FAULT,
        description=description,
        occurred_at=now,
        room=session.get_one(Room, seat.room_id),
        seat=seat,
    )


def sanction(
    session: Session, actor: Actor, now: datetime, *, seat: Seat, level: SanctionLevel, reason: str
) -> Sanction:
    """The sanction waits for the second invigilator."""
    sitting = locking.sitting(session, seat.sitting)
    made = Sanction(seat_id=seat.id, level=level.value, reason=reason, by=locking.person(actor), at=now)
    session.add(made)
    session.flush()
    content = {
        "sanction": made.public_id,
        "seat": seat.public_id,
        "level": level.value,
        "reason": audit.digest(reason),
    }
    locking.record(session, actor, now, sitting, "sanction_proposed", content, subject=made.public_id)
    return made


def confirm_sanction(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sanction: Sanction,
    paper: SignedPaper | None = None,
    replayed: Replayed | None = None,
) -> None:
    """The sanction stands: two invigilators have put their names to it.

    A suspension ends the candidate's part in the competition: what was written is sealed as it stands, and
    the candidate is disqualified. ``paper`` is the minute that was signed in the room, ``replayed`` the
    candidate's attempt as it was read before the writer is taken.
    """
    seat = session.get_one(Seat, sanction.seat_id)
    if sanction.level == SanctionLevel.SUSPENSION:  # the exclusion locks it, and the order is everybody's
        locking.competition(session, session.get_one(Competition, seat.sitting.competition_id))
    sitting = locking.sitting(session, seat.sitting)
    sanction = session.get_one(Sanction, sanction.id, populate_existing=True)
    if sanction.confirmed_by is not None:
        raise StaleState
    if sanction.by == actor.account_id:
        raise errors.OtherInvigilator
    sanction.confirmed_by, sanction.confirmed_at = locking.person(actor), now
    session.flush()
    content = {
        "sanction": sanction.public_id,
        "seat": seat.public_id,
        "level": sanction.level,
        "paper": paper.public_id if paper else None,
    }
    locking.record(session, actor, now, sitting, "sanction_confirmed", content, subject=sanction.public_id)
    if sanction.level == SanctionLevel.SUSPENSION:
        _end_attempt(session, actor, now, seat, replayed)
        _disqualify(session, actor, now, seat, reason=sanction.reason, paper=paper)


def _end_attempt(
    session: Session, actor: Actor, now: datetime, seat: Seat, replayed: Replayed | None
) -> None:
    """What was written is sealed, and nothing more can be."""
    attempt = session.scalar(select(Attempt).where(Attempt.seat_id == seat.id))
    if attempt is not None:
        attempts.seal_attempt(session, actor, now, attempt=attempt, replayed=replayed)
    attempts.refresh(session, seat.sitting, seat_ids=[seat.id])


def _disqualify(
    session: Session, actor: Actor, now: datetime, seat: Seat, *, reason: str, paper: SignedPaper | None
) -> None:
    """The candidate is disqualified (once)."""
    candidate = session.get_one(Candidate, seat.candidate_id, with_for_update=True)
    if session.scalar(select(Exclusion.id).where(Exclusion.candidate_id == candidate.id)) is None:
        facts = {"status": "disqualified", "reason": reason}
        registration.exclude_candidate(session, actor, now, candidate, paper=paper, **facts)
