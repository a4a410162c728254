# SPDX-License-Identifier: Apache-2.0
"""Sittings of one part that come one after the other: whoever sits first knows the paper."""

from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.papers.models import Paper
from exam_portal.sittings.errors import PaperKnown
from exam_portal.sittings.models import Sitting, SittingEvent, SittingEventKind


def other_shift(session: Session, sitting: Sitting) -> datetime | None:
    """Return the start of another sitting with the paper of this one that is over before, or begins after it.

    Between them people who know the paper meet people who do not. None where there is no such sitting, or
    where they overlap: then nobody leaves the one before the other has begun. Where nobody chose a paper for
    a sitting it is the part's official one; what stands in envelopes outside the portal is not known here.
    """
    by_default = session.scalar(
        select(Paper.id).where(
            Paper.competition_id == sitting.competition_id,
            Paper.part == sitting.part,
            Paper.kind == "official",
            Paper.content == "inside",
        )
    )
    chosen = sitting.paper_id or by_default
    if chosen is None:
        return None
    cancelled = select(SittingEvent.sitting_id).where(SittingEvent.kind == SittingEventKind.CANCELLED.value)
    others = session.scalars(
        select(Sitting)
        .where(
            Sitting.competition_id == sitting.competition_id,
            Sitting.part == sitting.part,
            Sitting.id != sitting.id,
            Sitting.id.not_in(cancelled),
        )
        .order_by(Sitting.starts_at, Sitting.id)
    )
    return next(
        (
            one.starts_at
            for one in others
            if (one.paper_id or by_default) == chosen and not _overlap(one, sitting)
        ),
        None,
    )


def require_unknown(session: Session, sitting: Sitting) -> None:
    """Nobody can know the paper from an earlier shift, nor tell it to a later one; else PaperKnown."""
    starts_at = other_shift(session, sitting)
    if starts_at is not None:
        raise PaperKnown(starts_at)


def _overlap(one: Sitting, other: Sitting) -> bool:
    first, second = sorted((one, other), key=lambda each: each.starts_at)
    return (second.starts_at - first.starts_at) // timedelta(seconds=1) < first.duration_seconds
