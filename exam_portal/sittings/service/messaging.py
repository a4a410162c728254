# SPDX-License-Identifier: Apache-2.0
"""Words from the desk to the screens, and calls from the seats to the desk."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.sittings import errors
from exam_portal.sittings.models import Room, Seat, SeatCall, Sitting, SittingMessage
from exam_portal.sittings.place import Place
from exam_portal.sittings.service import locking


def send_message(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    words: str,
    room: Room | None = None,
    seat: Seat | None = None,
) -> SittingMessage:
    """The words go to the screens of one seat, a room or all; the log holds their hash."""
    sitting = locking.sitting(session, sitting)
    if sitting.mode == "paper":
        raise errors.NoScreens
    place = Place.of(sitting, room, seat)
    locking.require_not_over(locking.events(session, sitting.id), place.lies_in)
    message = SittingMessage(
        sitting_id=sitting.id, **place.row, words=words, by=locking.person(actor), at=now
    )
    session.add(message)
    session.flush()
    content = {"message": message.public_id, **place.told, "words": audit.digest(words)}
    locking.record(session, actor, now, sitting, "message_sent", content, subject=message.public_id)
    return message


def call_invigilator(session: Session, actor: Actor, now: datetime, *, seat: Seat) -> SeatCall:
    """The call shows on the board until somebody answers it; calling again meanwhile changes nothing."""
    sitting = locking.sitting(session, seat.sitting)
    locking.require_not_over(locking.events(session, sitting.id), seat.room_id)
    is_open = select(SeatCall).where(SeatCall.seat_id == seat.id, SeatCall.answered_at.is_(None))
    waiting = session.scalar(is_open)
    if waiting is not None:
        return waiting
    call = SeatCall(seat_id=seat.id, at=now)
    session.add(call)
    session.flush()
    content = {"call": call.public_id, "seat": seat.public_id}
    locking.record(session, actor, now, sitting, "invigilator_called", content, subject=call.public_id)
    return call


def answer_call(session: Session, actor: Actor, now: datetime, *, call: SeatCall) -> None:
    """Somebody has gone to the seat."""
    seat = session.get_one(Seat, call.seat_id)
    sitting = locking.sitting(session, seat.sitting)
    call = session.get_one(SeatCall, call.id, populate_existing=True)
    if call.answered_at is not None:
        raise StaleState
    call.answered_by, call.answered_at = locking.person(actor), now
    session.flush()
    content = {"call": call.public_id, "seat": seat.public_id}
    locking.record(session, actor, now, sitting, "call_answered", content, subject=call.public_id)
