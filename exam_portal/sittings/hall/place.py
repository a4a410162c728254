# SPDX-License-Identifier: Apache-2.0
"""Whether this installation is a hall: what the pages ask before they show anything."""

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.sittings.models import Hall, HallSide, Sitting
from exam_portal.web.hooks import HallPlace


def held_here(session: Session) -> HallPlace | None:
    """Return the one sitting that this installation holds; None where it is no hall."""
    row = session.execute(
        select(Competition.code, Competition.public_id, Sitting.public_id)
        .join(Sitting, Sitting.competition_id == Competition.id)
        .join(Hall, Hall.sitting_id == Sitting.id)
        .where(Hall.side == HallSide.HALL.value)
    ).one_or_none()
    return HallPlace(code=row[0], competition=row[1], sitting=row[2]) if row else None
