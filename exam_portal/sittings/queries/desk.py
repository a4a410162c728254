# SPDX-License-Identifier: Apache-2.0
"""Reads of the desk: what was said to the screens, and who has called."""

from collections.abc import Sequence

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.models import Seat, SeatCall, Sitting, SittingMessage


def messages(session: Session, sitting: Sitting) -> Sequence[SittingMessage]:
    """Return what was said, the latest first."""
    found = select(SittingMessage).where(SittingMessage.sitting_id == sitting.id)
    return session.scalars(found.order_by(SittingMessage.id.desc())).all()


def calls(session: Session, sitting: Sitting, *, only_open: bool = False) -> Sequence[SeatCall]:
    """Return who called: those who still wait first come first, otherwise all, the latest first."""
    found = select(SeatCall).join(Seat, Seat.id == SeatCall.seat_id).where(Seat.sitting_id == sitting.id)
    if only_open:
        return session.scalars(found.where(SeatCall.answered_at.is_(None)).order_by(SeatCall.id)).all()
    return session.scalars(found.order_by(SeatCall.id.desc())).all()
