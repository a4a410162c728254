# SPDX-License-Identifier: Apache-2.0
"""Reads of what a sitting is bound to: the networks of its rooms, the keys of its browser."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.sittings.models import BrowserKey, RoomBinding, Seat, Sitting

HALF_A_DAY = timedelta(hours=12)


def networks(session: Session, room_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the networks of the rooms that are bound."""
    last = (
        select(func.max(RoomBinding.id))
        .where(RoomBinding.room_id.in_(room_ids))
        .group_by(RoomBinding.room_id)
    )
    found = session.scalars(select(RoomBinding).where(RoomBinding.id.in_(last)))
    return {one.room_id: list(one.networks) for one in found if one.networks}


def networks_in_use(session: Session, now: datetime) -> list[str]:
    """Return the networks of the bound rooms in which a sitting is held within half a day of now."""
    near = Sitting.starts_at.between(now - HALF_A_DAY, now + HALF_A_DAY)
    rooms = select(Seat.room_id).join(Sitting, Sitting.id == Seat.sitting_id).where(near).distinct()
    found = networks(session, session.scalars(rooms).all())
    return sorted({network for of_room in found.values() for network in of_room})


def browser_keys(session: Session, sitting: Sitting) -> Sequence[BrowserKey]:
    """Return the keys of Safe Exam Browser that count for the sitting, in their order."""
    found = select(BrowserKey).where(BrowserKey.sitting_id == sitting.id, BrowserKey.withdrawn_at.is_(None))
    return session.scalars(found.order_by(BrowserKey.id)).all()
