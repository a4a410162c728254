# SPDX-License-Identifier: Apache-2.0
"""Who is there: identity checked at the seat, lateness decided by the one function of the rules."""

from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, DecisionKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.registration.models import Candidate
from exam_portal.sittings import errors
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    AttendanceStatus,
    Room,
    Script,
    Seat,
    Sitting,
    SittingEventKind,
)
from exam_portal.sittings.service import arranging, locking
from scoring import timing


def check_in(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    seat: Seat,
    status: AttendanceStatus,
    identity_checked: bool = False,
    arrived_at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> Attendance:
    """What was found at the seat is on record; a later finding supersedes it.

    Who came after the last minute is admitted by the chair's recorded decision only (TT 001/2025: 5 or 10
    minutes by duration). ``seen`` is the finding that the invigilator had before the eyes (0: none).
    """
    sitting = locking.sitting(session, seat.sitting)
    _require_register_open(session, sitting, seat)
    last = last_finding(session, seat)
    if seen is not None and seen != (last.id if last else 0):
        raise StaleState
    if status is AttendanceStatus.PRESENT:
        if (last is None or last.status != status) and arranging.has_left(session, seat.candidate_id):
            raise errors.LeftCompetition
        _require_admissible(session, sitting, seat, now, arrived_at or now, identity_checked=identity_checked)
    elif has_worked(session, seat):
        raise errors.HasWorked
    is_present = status is AttendanceStatus.PRESENT
    finding = Attendance(
        seat_id=seat.id,
        status=status.value,
        identity_checked=identity_checked,
        arrived_at=(arrived_at or now) if is_present else arrived_at,
        note=note,
        supersedes_id=last.id if last else None,
        by=locking.person(actor),
        at=now,
    )
    session.add(finding)
    attempts.refresh(session, sitting, seat_ids=[seat.id])
    _record(session, actor, now, sitting, seat, finding)
    return finding


def check_in_room(session: Session, actor: Actor, now: datetime, *, sitting: Sitting, room: Room) -> int:
    """Everybody of the room without a finding is present, identity checked; return how many.

    Who has withdrawn or was disqualified is left out.
    """
    sitting = locking.sitting(session, sitting)
    recorded = select(Attendance.seat_id).join(Seat, Seat.id == Attendance.seat_id)
    waiting = session.scalars(
        select(Seat).where(
            Seat.sitting_id == sitting.id,
            Seat.room_id == room.id,
            Seat.id.not_in(recorded.where(Seat.sitting_id == sitting.id)),
        )
    ).all()
    still = set(arranging.in_competition(session, sitting.competition_id))
    waiting = [seat for seat in waiting if seat.candidate_id in still]
    if not waiting:
        raise StaleState
    _require_register_open(session, sitting, waiting[0])
    until = late_until(session, sitting, waiting[0])
    if until is not None and now > until:
        raise errors.TooLate(now, until)
    attempts.authorise(session, actor, now, sitting=sitting, seats=waiting)
    return len(waiting)


def late_until(session: Session, sitting: Sitting, seat: Seat) -> datetime | None:
    """Return until when this seat may be taken; None before the start: nobody is late."""
    started = locking.happened(locking.events(session, sitting.id), SittingEventKind.STARTED, seat.room_id)
    return plan_of(session, sitting, started.at).late_allowed_until if started else None


def plan_of(session: Session, sitting: Sitting, opens_at: datetime) -> timing.SittingPlan:
    """Return the plan of the sitting as the rules see it."""
    ruleset = competitions.ruleset(session.get_one(Competition, sitting.competition_id))
    return timing.SittingPlan(
        opens_at=opens_at,
        duration=timedelta(seconds=sitting.duration_seconds),
        late=timedelta(minutes=ruleset.late_minutes(sitting.duration_seconds // 60)),
        grace=timedelta(seconds=ruleset.timing.grace_seconds),
        offline=timedelta(minutes=ruleset.timing.offline_minutes),
    )


def last_finding(session: Session, seat: Seat) -> Attendance | None:
    """Return what counts about the seat."""
    query = select(Attendance).where(Attendance.seat_id == seat.id).order_by(Attendance.id.desc()).limit(1)
    return session.scalar(query)


def has_worked(session: Session, seat: Seat) -> bool:
    """Whether an answer or a script shows that somebody sat there."""
    answered = select(Attempt.id).where(Attempt.seat_id == seat.id, Attempt.seq > 0)
    handed_in = select(Script.id).where(
        Script.sitting_id == seat.sitting_id, Script.candidate_id == seat.candidate_id
    )
    return session.scalar(answered) is not None or session.scalar(handed_in) is not None


def _require_register_open(session: Session, sitting: Sitting, seat: Seat) -> None:
    """On paper the register may be completed after the end, from the signed list, until the hand-over."""
    past = locking.events(session, sitting.id)
    if locking.happened(past, SittingEventKind.HANDED_OVER) is not None:
        raise errors.AlreadyHandedOver
    if sitting.mode != "paper":
        locking.require_not_over(past, seat.room_id)


def _require_admissible(
    session: Session,
    sitting: Sitting,
    seat: Seat,
    now: datetime,
    arrived_at: datetime,
    *,
    identity_checked: bool,
) -> None:
    if not identity_checked:
        raise errors.IdentityNotChecked
    if arrived_at > now:
        raise errors.ArrivalInFuture
    started = locking.happened(locking.events(session, sitting.id), SittingEventKind.STARTED, seat.room_id)
    if started is None or arrived_at <= started.at:
        return
    plan = plan_of(session, sitting, started.at)
    admitted = arrived_at if _is_admitted(session, sitting, seat) else None
    phase = timing.phase(plan, timing.PersonalTime(admitted_late_until=admitted), arrived_at)
    if not phase.may_start:
        raise errors.TooLate(arrived_at, phase.late_allowed_until)


def _is_admitted(session: Session, sitting: Sitting, seat: Seat) -> bool:
    """Whether the chair has decided, on a signed paper, that this candidate is admitted late to this part."""
    number = session.get_one(Candidate, seat.candidate_id).candidate_no
    return any(
        decision.kind == DecisionKind.LATE_ADMISSION
        and decision.payload.get("candidate") == number
        and decision.payload.get("part") == sitting.part
        for decision in competitions.decisions(session, sitting.competition_id)
    )


def _record(
    session: Session, actor: Actor, now: datetime, sitting: Sitting, seat: Seat, finding: Attendance
) -> None:
    content = {
        "seat": seat.public_id,
        "status": finding.status,
        "identity_checked": finding.identity_checked,
        "arrived_at": audit.stamp(finding.arrived_at) if finding.arrived_at else None,
        "supersedes": finding.supersedes_id,
    }
    locking.record(session, actor, now, sitting, "attendance", content, subject=seat.public_id)
