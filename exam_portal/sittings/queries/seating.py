# SPDX-License-Identifier: Apache-2.0
"""Reads of seats: who sits where, and what is on record about each. Only what a page shows is loaded."""

import dataclasses
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import aliased

from exam_portal.accounts import queries as accounts
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate, Exclusion, Withdrawal
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    AttendanceStatus,
    Contact,
    Incident,
    LeaseChange,
    Room,
    Script,
    ScriptScan,
    Seat,
    SeatCall,
    Sitting,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeatEntry:
    """A seat with who sits there and what is on record about it: one line of the board."""

    id: int
    public_id: str
    candidate_id: int
    candidate_no: str
    account_id: int
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
    scans: int
    seen_at: datetime | None
    address: str
    browser: str
    devices: int
    incidents: int
    calls: bool  # waits for the invigilator
    left: str  # withdrawn | disqualified: not in the competition any more


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SeatState:
    """What of a seat changes by itself while its room works."""

    public_id: str
    status: str  # "", present, absent, refused_late
    arrived_at: datetime | None
    attempt_state: str | None
    last_event_at: datetime | None
    room_id: int
    seen_at: datetime | None  # when its screen last asked
    address: str
    browser: str  # what Safe Exam Browser proved, if it has to
    devices: int  # computers that have held the attempt
    incidents: int
    calls: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoomTally:
    """A room with how many sit there, and about how many of them something is recorded."""

    room: Room
    seats: int
    present: int
    away: int  # absent, or refused because late

    @property
    def open(self) -> int:
        """How many nobody has seen yet."""
        return self.seats - self.present - self.away


def tallies(session: Session, sitting: Sitting) -> list[RoomTally]:
    """Return the rooms in which somebody sits, by name, with their counts: one query."""
    finding = last_findings()
    is_present = finding.c.status == AttendanceStatus.PRESENT.value
    rows = session.execute(
        select(Room, func.count(), func.count(case((is_present, 1))), func.count(case((~is_present, 1))))
        .join(Seat, Seat.room_id == Room.id)
        .outerjoin(finding, finding.c.seat_id == Seat.id)
        .where(Seat.sitting_id == sitting.id)
        .group_by(Room.id)
        .order_by(Room.name)
    )
    return [
        RoomTally(room=room, seats=seats, present=present, away=away) for room, seats, present, away in rows
    ]


def board(session: Session, sitting: Sitting, room_ids: Collection[int] | None = None) -> list[SeatEntry]:
    """Return the seats of a sitting (or of these rooms) with what is on record about each: two queries."""
    return _entries(session, _within(sitting, room_ids))


def seats(session: Session, ids: Collection[int]) -> dict[int, SeatEntry]:
    """Return these seats by their ids."""
    return {entry.id: entry for entry in _entries(session, Seat.id.in_(ids))}


def seat(session: Session, seat_id: int) -> SeatEntry:
    """Return one seat with what is on record about it."""
    return _entries(session, Seat.id == seat_id)[0]


def seat_states(
    session: Session, sitting: Sitting, room_ids: Collection[int] | None = None
) -> list[SeatState]:
    """Return what of the board changes by itself: one query, nobody's name opened."""
    finding = last_findings()
    rows = session.execute(
        select(
            Seat.public_id,
            func.coalesce(finding.c.status, "").label("status"),
            finding.c.arrived_at,
            _standing().label("attempt_state"),
            Attempt.last_event_at,
            Seat.room_id,
            *_noticed(),
        )
        .outerjoin(finding, finding.c.seat_id == Seat.id)
        .outerjoin(Attempt, Attempt.seat_id == Seat.id)
        .outerjoin(Contact, Contact.attempt_id == Attempt.id)
        .where(_within(sitting, room_ids))
        .order_by(Seat.id)
    )
    return [SeatState(**row) for row in rows.mappings()]


def _within(sitting: Sitting, room_ids: Collection[int] | None) -> ColumnElement[bool]:
    inside = Seat.sitting_id == sitting.id
    return inside if room_ids is None else inside & Seat.room_id.in_(room_ids)


def _entries(session: Session, condition: ColumnElement[bool]) -> list[SeatEntry]:
    rows = session.execute(_seats().where(condition)).mappings().all()
    people = accounts.names_of(session, {row["account_id"] for row in rows})
    return [SeatEntry(name=people.get(row["account_id"], ""), **row) for row in rows]


def _seats() -> Select[*tuple[Any, ...]]:
    finding = last_findings()
    scans = (
        select(ScriptScan.script_id, func.count().label("scans")).group_by(ScriptScan.script_id).subquery()
    )
    return (
        select(
            Seat.id,
            Seat.public_id,
            Seat.candidate_id,
            Seat.room_id,
            Seat.label.label("label"),
            Seat.sheet_code,
            Candidate.candidate_no,
            Candidate.account_id,
            Room.name.label("room"),
            func.coalesce(finding.c.id, 0).label("finding_id"),
            func.coalesce(finding.c.status, "").label("status"),
            finding.c.arrived_at,
            Attempt.public_id.label("attempt_public_id"),
            _standing().label("attempt_state"),
            Attempt.seq.label("answers"),
            Attempt.last_event_at,
            Script.sheets,
            func.coalesce(scans.c.scans, 0).label("scans"),
            *_noticed(),
            func.coalesce(Exclusion.status, case((Withdrawal.id.is_not(None), "withdrawn"), else_="")).label(
                "left"
            ),
        )
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .join(Room, Room.id == Seat.room_id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Candidate.application_id)
        .outerjoin(finding, finding.c.seat_id == Seat.id)
        .outerjoin(Attempt, Attempt.seat_id == Seat.id)
        .outerjoin(Contact, Contact.attempt_id == Attempt.id)
        .outerjoin(
            Script, (Script.sitting_id == Seat.sitting_id) & (Script.candidate_id == Seat.candidate_id)
        )
        .outerjoin(scans, scans.c.script_id == Script.id)
        .order_by(Room.name, Seat.label)
    )


def _standing() -> ColumnElement[str]:
    """Return the state of the attempt as a board tells it: no computer holds it (yet), or what it does."""
    is_let_in = Attempt.state.in_(("authorised", "active", "paused"))
    is_moved = (
        select(LeaseChange.id)
        .where(
            LeaseChange.attempt_id == Attempt.id,
            LeaseChange.lease == Attempt.lease,
            LeaseChange.moved_by.is_not(None),
        )
        .exists()
    )
    return case(
        (is_let_in & Attempt.lease.is_(None), "not_in"), (is_let_in & is_moved, "moved"), else_=Attempt.state
    )


def _noticed() -> tuple[Any, ...]:
    """Return what the board tells beside the state: line, address, devices, incidents, calls."""
    call = select(SeatCall.id).where(SeatCall.seat_id == Seat.id, SeatCall.answered_at.is_(None))
    devices = (
        select(func.count())
        .where(LeaseChange.attempt_id == Attempt.id, LeaseChange.moved_by.is_(None))
        .scalar_subquery()
    )
    incidents = select(func.count()).where(Incident.seat_id == Seat.id).scalar_subquery()
    return (
        Contact.seen_at,
        func.coalesce(Contact.address, "").label("address"),
        func.coalesce(Contact.browser, "").label("browser"),
        devices.label("devices"),
        incidents.label("incidents"),
        call.exists().label("calls"),
    )


def last_findings() -> Subquery:
    """Return what counts about each seat: the finding that no other supersedes."""
    later = aliased(Attendance)
    return (
        select(Attendance.id, Attendance.seat_id, Attendance.status, Attendance.arrived_at)
        .where(~select(later.id).where(later.supersedes_id == Attendance.id).exists())
        .subquery()
    )
