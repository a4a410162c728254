# SPDX-License-Identifier: Apache-2.0
"""What the desk has said to a seat, and whether the seat waits for somebody: part of what the screen asks."""

from typing import Any

from sqlalchemy import or_, select

from exam_portal.core.db import Session
from exam_portal.papers import errata
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.models import Attempt, Seat, SeatCall, SittingMessage


def notices_for(session: Session, seat: Seat) -> list[dict[str, Any]]:
    """Return the messages to this seat, its room or all, in their order."""
    found = (
        select(SittingMessage)
        .where(
            SittingMessage.sitting_id == seat.sitting_id,
            or_(SittingMessage.seat_id.is_(None), SittingMessage.seat_id == seat.id),
            or_(SittingMessage.room_id.is_(None), SittingMessage.room_id == seat.room_id),
        )
        .order_by(SittingMessage.id)
    )
    return [
        {
            "id": one.public_id,
            "at": instant(one.at),
            "words": one.words,
            "is_private": one.seat_id is not None,
        }
        for one in session.scalars(found)
    ]


def corrections_for(session: Session, attempt: Attempt) -> list[dict[str, Any]]:
    """Return the corrections of the form with which the candidate sits, in the order of their versions."""
    return [
        {
            "id": one.public_id,
            "at": instant(one.at),
            "words": one.words,
            "is_private": False,
            "is_correction": True,
        }
        for one in errata.notices(session, attempt.form_id)
    ]


def called_at(session: Session, seat: Seat) -> str | None:
    """Return since when the candidate has been waiting for the invigilator, if so."""
    found = select(SeatCall.at).where(SeatCall.seat_id == seat.id, SeatCall.answered_at.is_(None))
    at = session.scalar(found)
    return instant(at) if at else None
