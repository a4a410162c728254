# SPDX-License-Identifier: Apache-2.0
"""Time given, credited outages and words to the screens are what the record says, row by act."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference, also
from exam_portal.core.db import Session
from exam_portal.sittings.models import Room, Seat, Sitting, SittingMessage, TimeGrant


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each grant of time, approval and message that was not given as it stands."""
    given = acts.told(session, "sittings.time_granted")
    yield from acts.untold("sittings", "time", _grants(session), given)
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


def _grants(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield each grant as it was told; beside a seat the room says nothing."""
    rows = (
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
    for row in acts.stored(session, rows):
        yield {name: value for name, value in row.items() if name != "room" or row["seat"] is None}
