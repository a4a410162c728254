# SPDX-License-Identifier: Apache-2.0
"""Reads of the sittings: rooms, plans, seats, the board, the registers, and what later stages ask."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from exam_portal.accounts import queries as accounts
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.competitions.models import Milestone as MilestoneRow
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate, Exclusion, Withdrawal
from exam_portal.sittings.attempts import projection
from exam_portal.sittings.attempts.schedule import Schedule
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    Incident,
    MaskBag,
    MaskedScript,
    Room,
    Sanction,
    Script,
    ScriptHandover,
    ScriptScan,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    TestMark,
    TimeGrant,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SittingEntry:
    """A sitting with where it stands (``state``), for lists."""

    sitting: Sitting
    seats: int
    state: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeatEntry:
    """A seat with who sits there and what is on record about it: one line of the board."""

    id: int
    public_id: str
    candidate_id: int
    candidate_no: str
    name: str
    room_id: int
    room: str
    label: str
    sheet_code: str
    finding_id: int  # 0: nothing recorded
    status: str  # "", present, absent, refused_late
    arrived_at: datetime | None
    attempt_public_id: str | None
    attempt_state: str | None
    answers: int | None  # events in the journal
    last_event_at: datetime | None
    sheets: int | None
    scans: int = 0
    left: str = ""  # withdrawn | disqualified: not in the competition any more


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """Where a room of a sitting stands."""

    room: Room
    seats: int
    state: str  # planned | running | paused | ended | cancelled
    started_at: datetime | None
    closes_at: datetime | None
    remaining_seconds: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnSitting:
    """A sitting as its candidate sees it, once summoned."""

    candidate_public_id: str
    candidate_no: str
    competition: Competition
    sitting: Sitting
    room: Room
    label: str
    attempt_public_id: str | None
    attempt_state: str | None
    is_cancelled: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartStanding:
    """How far the scripts of a part are on their way to the markers."""

    part: str
    scripts: int
    sheets: int
    scanned: int
    masked: int
    bags: int


def rooms(session: Session, competition_id: int) -> Sequence[Room]:
    """Return the rooms of a competition by name."""
    return session.scalars(
        select(Room).where(Room.competition_id == competition_id).order_by(Room.name)
    ).all()


def rooms_of(session: Session, sitting: Sitting) -> Sequence[Room]:
    """Return the rooms in which somebody sits, by name."""
    used = select(Seat.room_id).where(Seat.sitting_id == sitting.id)
    return session.scalars(select(Room).where(Room.id.in_(used)).order_by(Room.name)).all()


def sittings(session: Session, competition_id: int) -> list[SittingEntry]:
    """Return the sittings in the order of their times: two queries, whatever their number."""
    rows = session.execute(
        select(Sitting, func.count(Seat.id))
        .outerjoin(Seat, Seat.sitting_id == Sitting.id)
        .where(Sitting.competition_id == competition_id)
        .group_by(Sitting.id)
        .order_by(Sitting.starts_at, Sitting.id)
    ).all()
    events = _events(session, [sitting.id for sitting, _ in rows])
    return [
        SittingEntry(sitting=sitting, seats=count, state=state(events.get(sitting.id, ())))
        for sitting, count in rows
    ]


def state(events: Sequence[SittingEvent], room_id: int | None = None) -> str:
    """Return where a room stands (or all of them): planned | running | paused | ended | cancelled."""
    own = [event for event in events if room_id is None or event.room_id in (None, room_id)]
    kinds = {event.kind for event in own}
    over = {event.kind for event in own if event.room_id in (None, room_id)}  # one room is not all
    for kind in (SittingEventKind.CANCELLED, SittingEventKind.ENDED):
        if kind in over:
            return kind.value
    if SittingEventKind.STARTED not in kinds:
        return "planned"
    clock = [e.kind for e in own if e.kind in {SittingEventKind.PAUSED, SittingEventKind.RESUMED}]
    return "paused" if clock and clock[-1] == SittingEventKind.PAUSED else "running"


def board(session: Session, sitting: Sitting) -> list[SeatEntry]:
    """Return every seat of a sitting with what is on record about it: two queries, whatever their number."""
    rows = session.execute(_seats().where(Seat.sitting_id == sitting.id)).all()
    people = accounts.names_of(session, {row.account_id for row in rows})
    return [
        SeatEntry(
            id=row.Seat.id,
            public_id=row.Seat.public_id,
            candidate_id=row.Seat.candidate_id,
            candidate_no=row.candidate_no,
            name=people.get(row.account_id, ""),
            room_id=row.Seat.room_id,
            room=row.name,
            label=row.Seat.label,
            sheet_code=row.Seat.sheet_code,
            finding_id=row.Attendance.id if row.Attendance else 0,
            status=row.Attendance.status if row.Attendance else "",
            arrived_at=row.Attendance.arrived_at if row.Attendance else None,
            attempt_public_id=row.Attempt.public_id if row.Attempt else None,
            attempt_state=row.Attempt.state if row.Attempt else None,
            answers=row.Attempt.seq if row.Attempt else None,
            last_event_at=row.Attempt.last_event_at if row.Attempt else None,
            sheets=row.sheets,
            scans=row.scans or 0,
            left=row.status or ("withdrawn" if row.withdrawal_id else ""),
        )
        for row in rows
    ]


def room_states(session: Session, sitting: Sitting, now: datetime) -> list[RoomState]:
    """Return where each room stands, with the time left to a candidate without time of the own."""
    facts = projection.facts_of(session, sitting)
    rows = session.execute(
        select(Room, func.count(Seat.id))
        .join(Seat, Seat.room_id == Room.id)
        .where(Seat.sitting_id == sitting.id)
        .group_by(Room.id)
        .order_by(Room.name)
    ).all()
    return [_room_state(facts, room, count, now) for room, count in rows]


def timing_facts(session: Session, seat: Seat) -> Schedule | None:
    """Return all that bears on a candidate's time, as the one function of the rules takes it."""
    return projection.facts_of(session, seat.sitting).schedule(seat.id, seat.room_id)


def events_of(session: Session, sitting: Sitting) -> Sequence[SittingEvent]:
    """Return what happened in the sitting, in order."""
    return _events(session, [sitting.id]).get(sitting.id, ())


def grants(session: Session, sitting: Sitting) -> Sequence[TimeGrant]:
    """Return the time given in the sitting, the latest first."""
    query = select(TimeGrant).where(TimeGrant.sitting_id == sitting.id).order_by(TimeGrant.id.desc())
    return session.scalars(query).all()


def incidents(session: Session, sitting: Sitting) -> Sequence[Incident]:
    """Return the register of incidents, the latest first."""
    query = select(Incident).where(Incident.sitting_id == sitting.id)
    return session.scalars(query.order_by(Incident.occurred_at.desc(), Incident.id.desc())).all()


def sanctions(session: Session, sitting: Sitting) -> Sequence[Sanction]:
    """Return the sanctions of the sitting, the latest first."""
    query = (
        select(Sanction)
        .join(Seat, Seat.id == Sanction.seat_id)
        .where(Seat.sitting_id == sitting.id)
        .order_by(Sanction.id.desc())
    )
    return session.scalars(query).all()


def handover(session: Session, sitting: Sitting) -> ScriptHandover | None:
    """Return the receipt of the masking board, if it has received the scripts."""
    return session.scalar(select(ScriptHandover).where(ScriptHandover.sitting_id == sitting.id))


def handovers(session: Session, competition_id: int) -> dict[int, ScriptHandover]:
    """Return the receipts of the masking board by sitting."""
    query = select(ScriptHandover).join(Sitting, Sitting.id == ScriptHandover.sitting_id)
    rows = session.scalars(query.where(Sitting.competition_id == competition_id))
    return {row.sitting_id: row for row in rows}


def declared(session: Session, competition_id: int) -> dict[int, SittingEvent]:
    """Return what the invigilators declared to hand over, by sitting."""
    query = select(SittingEvent).join(Sitting, Sitting.id == SittingEvent.sitting_id)
    rows = session.scalars(
        query.where(
            Sitting.competition_id == competition_id,
            SittingEvent.kind == SittingEventKind.HANDED_OVER.value,
        )
    )
    return {row.sitting_id: row for row in rows}


def attendance(session: Session, competition_id: int, part: str) -> dict[int, str]:
    """Return what was found at each candidate's seat in a part: present, absent or refused_late."""
    rows = session.execute(
        select(Seat.candidate_id, Attendance.status)
        .join(Attendance, Attendance.seat_id == Seat.id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .where(Sitting.competition_id == competition_id, Sitting.part == part)
        .order_by(Attendance.id)
    )
    return dict(rows.all())


def test_marks(session: Session, competition_id: int, part: str) -> dict[int, tuple[str, str]]:
    """Return the raw mark of each candidate's test by its last run: (value, maximum), decimal strings."""
    rows = session.execute(
        select(Script.candidate_id, TestMark.value, TestMark.max)
        .join(TestMark, TestMark.script_id == Script.id)
        .where(Script.competition_id == competition_id, Script.part == part)
        .order_by(TestMark.run)
    )
    return {candidate_id: (value, most) for candidate_id, value, most in rows}


def part_standings(session: Session, competition_id: int) -> dict[str, PartStanding]:
    """Return by part how far the scripts are: three queries."""
    scripts = session.execute(
        select(Script.part, func.count(), func.sum(Script.sheets))
        .where(Script.competition_id == competition_id)
        .group_by(Script.part)
    ).all()
    scanned = dict(
        session.execute(
            select(Script.part, func.count(Script.id.distinct()))
            .join(ScriptScan, ScriptScan.script_id == Script.id)
            .where(Script.competition_id == competition_id)
            .group_by(Script.part)
        ).all()
    )
    masked = {
        part: (count, bags)
        for part, count, bags in session.execute(
            select(MaskBag.part, func.count(MaskedScript.id), func.count(MaskBag.id.distinct()))
            .join(MaskedScript, MaskedScript.bag_id == MaskBag.id)
            .where(MaskBag.competition_id == competition_id, MaskBag.purpose == "marking")
            .group_by(MaskBag.part)
        )
    }
    return {
        part: PartStanding(
            part=part,
            scripts=count,
            sheets=int(sheets or 0),
            scanned=scanned.get(part, 0),
            masked=masked.get(part, (0, 0))[0],
            bags=masked.get(part, (0, 0))[1],
        )
        for part, count, sheets in scripts
    }


def own_sittings(session: Session, account_id: int) -> list[OwnSitting]:
    """Return the sittings to which a person has been summoned, the next first."""
    summoned = select(MilestoneRow.competition_id).where(MilestoneRow.kind == MilestoneKind.SUMMONED.value)
    rows = session.execute(
        select(Candidate, Competition, Sitting, Room, Seat, Attempt)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .join(Room, Room.id == Seat.room_id)
        .join(Competition, Competition.id == Candidate.competition_id)
        .outerjoin(Attempt, Attempt.seat_id == Seat.id)
        .where(Candidate.account_id == account_id, Competition.id.in_(summoned))
        .order_by(Sitting.starts_at, Sitting.id)
    ).all()
    cancelled = set(
        session.scalars(
            select(SittingEvent.sitting_id).where(
                SittingEvent.kind == SittingEventKind.CANCELLED.value,
                SittingEvent.sitting_id.in_([row.Sitting.id for row in rows]),
            )
        )
    )
    return [
        OwnSitting(
            candidate_public_id=row.Candidate.public_id,
            candidate_no=row.Candidate.candidate_no,
            competition=row.Competition,
            sitting=row.Sitting,
            room=row.Room,
            label=row.Seat.label,
            attempt_public_id=row.Attempt.public_id if row.Attempt else None,
            attempt_state=row.Attempt.state if row.Attempt else None,
            is_cancelled=row.Sitting.id in cancelled,
        )
        for row in rows
    ]


def _seats() -> Select[tuple[Seat, str, int, str, Attendance, Attempt, int, int, str, int]]:
    later = aliased(Attendance)
    last = (
        select(Attendance)
        .where(~select(later.id).where(later.supersedes_id == Attendance.id).exists())
        .subquery()
    )
    finding = aliased(Attendance, last, name="Attendance")
    scans = (
        select(ScriptScan.script_id, func.count().label("scans")).group_by(ScriptScan.script_id).subquery()
    )
    return (
        select(
            Seat,
            Candidate.candidate_no,
            Candidate.account_id,
            Room.name,
            finding,
            Attempt,
            Script.sheets,
            scans.c.scans,
            Exclusion.status,
            Withdrawal.id.label("withdrawal_id"),
        )
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .join(Room, Room.id == Seat.room_id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Candidate.application_id)
        .outerjoin(finding, finding.seat_id == Seat.id)
        .outerjoin(Attempt, Attempt.seat_id == Seat.id)
        .outerjoin(
            Script, (Script.sitting_id == Seat.sitting_id) & (Script.candidate_id == Seat.candidate_id)
        )
        .outerjoin(scans, scans.c.script_id == Script.id)
        .order_by(Room.name, Seat.label)
    )


def _room_state(facts: projection.SittingFacts, room: Room, seats: int, now: datetime) -> RoomState:
    schedule = facts.schedule(0, room.id)
    found = state(facts.events, room.id)
    runs = schedule is not None and found in {"running", "paused"}
    return RoomState(
        room=room,
        seats=seats,
        state=found,
        started_at=schedule.plan.opens_at if schedule else None,
        closes_at=schedule.closes_at if schedule else None,
        remaining_seconds=int(schedule.remaining(now).total_seconds()) if schedule and runs else None,
    )


def _events(session: Session, sitting_ids: Sequence[int]) -> dict[int, list[SittingEvent]]:
    found: dict[int, list[SittingEvent]] = {}
    query = select(SittingEvent).where(SittingEvent.sitting_id.in_(sitting_ids))
    for event in session.scalars(query.order_by(SittingEvent.at, SittingEvent.id)):
        found.setdefault(event.sitting_id, []).append(event)
    return found
