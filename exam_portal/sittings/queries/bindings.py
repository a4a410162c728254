# SPDX-License-Identifier: Apache-2.0
"""Reads of what a sitting is bound to: the networks of its rooms, the keys of its browser."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.sittings.models import BrowserKey, RoomBinding, Sitting


def networks(session: Session, room_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the networks of the rooms that are bound."""
    last = (
        select(func.max(RoomBinding.id))
        .where(RoomBinding.room_id.in_(room_ids))
        .group_by(RoomBinding.room_id)
    )
    found = session.scalars(select(RoomBinding).where(RoomBinding.id.in_(last)))
    return {one.room_id: list(one.networks) for one in found if one.networks}


def browser_keys(session: Session, sitting: Sitting) -> Sequence[BrowserKey]:
    """Return the keys of Safe Exam Browser that count for the sitting, in their order."""
    found = select(BrowserKey).where(BrowserKey.sitting_id == sitting.id, BrowserKey.withdrawn_at.is_(None))
    return session.scalars(found.order_by(BrowserKey.id)).all()
