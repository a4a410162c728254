# SPDX-License-Identifier: Apache-2.0
"""What invigilators found, gave, said and imposed is what the record says, row by act."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.sittings import kept_scans, kept_words
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    AttendanceStatus,
    BrowserKey,
    Incident,
    LeaseChange,
    PaperTurn,
    Room,
    RoomBinding,
    Sanction,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    SittingMessage,
    TimeGrant,
)

COURSE = {
    SittingEventKind.STARTED: ("open",),
    SittingEventKind.PAUSED: ("sittings.paused", "sittings.evacuated"),
    SittingEventKind.RESUMED: ("sittings.resumed",),
    SittingEventKind.ENDED: ("close",),
}


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each grant of time, approval and message that was not given as it stands."""
    yield from acts.compare(session, "sittings", "time", ("sittings.time_granted",), _grants())
    rows = (
        select(
            TimeGrant.public_id.label("_about"),
            TimeGrant.approved_by.label("_by"),
            TimeGrant.approved_at.label("_at"),
            TimeGrant.seconds,
        )
        .where(TimeGrant.approved_at.is_not(None) | TimeGrant.approved_by.is_not(None))
        .order_by(TimeGrant.id)
    )
    yield from acts.compare(session, "sittings", "credit", ("sittings.credit_approved",), rows)
    turns = select(PaperTurn.public_id.label("_about"), PaperTurn.public_id.label("turn"))
    for act, by, at in (
        ("paper_turn_proposed", PaperTurn.by, PaperTurn.at),
        ("paper_turn_approved", PaperTurn.approved_by, PaperTurn.approved_at),
    ):
        done = turns.add_columns(by.label("_by"), at.label("_at")).where(at.is_not(None))
        yield from acts.compare(session, "sittings", act.replace("_", " "), (f"sittings.{act}",), done)
    places = (
        turns.add_columns(Room.public_id.label("room"), Seat.public_id.label("seat"))
        .outerjoin(Room, Room.id == PaperTurn.room_id)
        .outerjoin(Seat, Seat.id == PaperTurn.seat_id)
        .order_by(PaperTurn.id)
    )
    yield from acts.compare(session, "sittings", "paper turn", ("sittings.paper_turn_proposed",), places)
    said = (
        select(
            SittingMessage.public_id.label("_about"),
            SittingMessage.by.label("_by"),
            SittingMessage.at.label("_at"),
            SittingMessage.words,
            Sitting.public_id.label("sitting"),
            Seat.public_id.label("seat"),
            Room.public_id.label("room"),
        )
        .join(Sitting, Sitting.id == SittingMessage.sitting_id)
        .outerjoin(Seat, Seat.id == SittingMessage.seat_id)
        .outerjoin(Room, Room.id == SittingMessage.room_id)
        .order_by(SittingMessage.id)
    )
    yield from acts.compare(session, "sittings", "message", ("sittings.message_sent",), said, {"words"})
    yield from _course(session)
    yield from _machines(session)
    yield from kept_scans.differences(session)
    yield from kept_words.differences(session)
    yield from acts.untold("sittings", "attendance", _attendances(session), _found_at_seats(session))
    yield from _register(session)


def _course(session: Session) -> Iterator[Difference]:
    """Yield each start, pause, resumption, end and change of computers that happened otherwise."""
    for kind, types in COURSE.items():
        rows = (
            select(
                Sitting.public_id.label("_about"),
                SittingEvent.by.label("_by"),
                SittingEvent.at.label("_at"),
                Room.public_id.label("room"),
            )
            .join(Sitting, Sitting.id == SittingEvent.sitting_id)
            .outerjoin(Room, Room.id == SittingEvent.room_id)
            .where(SittingEvent.kind == kind)
            .order_by(SittingEvent.id)
        )
        told = (act for act in acts.told(session, *types) if "room" in act)  # papers open, too
        yield from acts.untold("sittings", kind.value, acts.stored(session, rows), told)
    changes = (
        select(Attempt.public_id.label("_about"), LeaseChange.at.label("_at"))
        .join(Attempt, Attempt.id == LeaseChange.attempt_id)
        .order_by(LeaseChange.id)
    )
    moved = changes.add_columns(LeaseChange.moved_by.label("_by")).where(LeaseChange.moved_by.is_not(None))
    yield from acts.compare(session, "sittings", "device moved", ("sittings.attempt_moved",), moved)
    bound = changes.where(LeaseChange.moved_by.is_(None))
    yield from acts.compare(session, "sittings", "device", ("sittings.device_bound",), bound)


def _attendances(session: Session) -> Iterator[Mapping[str, Any]]:
    rows = (
        select(
            Seat.public_id.label("_about"),
            Attendance.by.label("_by"),
            Attendance.at.label("_at"),
            Attendance.status,
            Attendance.identity_checked,
            Attendance.arrived_at,
        )
        .join(Seat, Seat.id == Attendance.seat_id)
        .order_by(Attendance.id)
    )
    yield from acts.stored(session, rows)


def _found_at_seats(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield what each act says of each seat; one act can let a whole room begin."""
    for act in acts.told(session, "attendance"):
        for seat in act.get("seats", ()):
            present = {"status": AttendanceStatus.PRESENT.value, "identity_checked": True}
            yield {**act, **present, "_about": seat, "arrived_at": act["_at"]}
        if "seats" not in act:
            yield act


def _register(session: Session) -> Iterator[Difference]:
    """Yield each incident and sanction that stands otherwise than it was entered and confirmed."""
    incidents = (
        select(
            Incident.public_id.label("_about"),
            Incident.by.label("_by"),
            Incident.at.label("_at"),
            Incident.category,
            Incident.description,
            Incident.occurred_at,
            Seat.public_id.label("seat"),
            Room.public_id.label("room"),
            SignedPaper.public_id.label("paper"),
        )
        .outerjoin(Seat, Seat.id == Incident.seat_id)
        .outerjoin(Room, Room.id == Incident.room_id)
        .outerjoin(SignedPaper, SignedPaper.id == Incident.signed_paper_id)
        .order_by(Incident.id)
    )
    yield from acts.compare(
        session, "sittings", "incident", ("sittings.incident",), incidents, {"description"}
    )
    sanctions = (
        select(Sanction.public_id.label("_about"), Seat.public_id.label("seat"), Sanction.level)
        .join(Seat, Seat.id == Sanction.seat_id)
        .order_by(Sanction.id)
    )
    entered = sanctions.add_columns(Sanction.by.label("_by"), Sanction.at.label("_at"), Sanction.reason)
    yield from acts.compare(
        session, "sittings", "sanction", ("sittings.sanction_proposed",), entered, {"reason"}
    )
    confirmed = sanctions.add_columns(
        Sanction.confirmed_by.label("_by"), Sanction.confirmed_at.label("_at")
    ).where(Sanction.confirmed_at.is_not(None) | Sanction.confirmed_by.is_not(None))
    yield from acts.compare(
        session, "sittings", "sanction confirmed", ("sittings.sanction_confirmed",), confirmed
    )


def _machines(session: Session) -> Iterator[Difference]:
    """Yield each room and sitting bound to other computers than was told."""
    bound = (
        select(
            Room.public_id.label("_about"),
            RoomBinding.by.label("_by"),
            RoomBinding.at.label("_at"),
            RoomBinding.networks,
        )
        .join(Room, Room.id == RoomBinding.room_id)
        .order_by(RoomBinding.id)
    )
    yield from acts.compare(session, "sittings", "networks", ("sittings.room_bound",), bound)
    keys = select(
        BrowserKey.public_id.label("_about"),
        BrowserKey.by.label("_by"),
        BrowserKey.at.label("_at"),
        BrowserKey.kind,
        BrowserKey.key,
    ).order_by(BrowserKey.id)
    yield from acts.compare(session, "sittings", "browser key", ("sittings.browser_key_added",), keys)
    gone = (
        select(
            BrowserKey.public_id.label("_about"),
            BrowserKey.withdrawn_by.label("_by"),
            BrowserKey.withdrawn_at.label("_at"),
        )
        .where(BrowserKey.withdrawn_at.is_not(None))
        .order_by(BrowserKey.id)
    )
    yield from acts.compare(
        session, "sittings", "browser key withdrawn", ("sittings.browser_key_withdrawn",), gone
    )


def _grants() -> acts.Rows:
    return (
        select(
            TimeGrant.public_id.label("_about"),
            TimeGrant.by.label("_by"),
            TimeGrant.at.label("_at"),
            TimeGrant.kind,
            TimeGrant.seconds,
            Sitting.public_id.label("sitting"),
            Seat.public_id.label("seat"),
            Room.public_id.label("room"),
        )
        .join(Sitting, Sitting.id == TimeGrant.sitting_id)
        .outerjoin(Seat, Seat.id == TimeGrant.seat_id)
        .outerjoin(Room, Room.id == TimeGrant.room_id)
        .order_by(TimeGrant.id)
    )
