# SPDX-License-Identifier: Apache-2.0
"""When papers are needed: what the papers, which stand below the sittings, are told through their hook."""

from datetime import datetime

from sqlalchemy import exists, func, select

from exam_portal.core.db import Session
from exam_portal.papers.models import Paper
from exam_portal.sittings.models import Sitting, SittingEvent, SittingEventKind


def first_start(session: Session, paper: Paper) -> datetime | None:
    """Return the start of the first sitting of the part that was not cancelled, if there is one."""
    cancelled = exists().where(
        SittingEvent.sitting_id == Sitting.id, SittingEvent.kind == SittingEventKind.CANCELLED.value
    )
    return session.scalar(
        select(func.min(Sitting.starts_at)).where(
            Sitting.competition_id == paper.competition_id, Sitting.part == paper.part, ~cancelled
        )
    )
