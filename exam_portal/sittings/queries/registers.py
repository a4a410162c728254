# SPDX-License-Identifier: Apache-2.0
"""Reads of the registers: incidents and sanctions."""

from collections.abc import Sequence

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.models import Incident, Sanction, Seat, Sitting


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
