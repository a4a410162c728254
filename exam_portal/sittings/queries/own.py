# SPDX-License-Identifier: Apache-2.0
"""Reads of a candidate: the sittings to which one has been summoned."""

import dataclasses

from sqlalchemy import select

from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.competitions.models import Milestone as MilestoneRow
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate
from exam_portal.sittings.models import Attempt, Room, Seat, Sitting, SittingEvent, SittingEventKind


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnSitting:
    """A sitting as its candidate sees it, once summoned."""

    candidate_public_id: str
    candidate_no: str
    competition: Competition
    sitting: Sitting
    room: Room
    label: str
    attempt_public_id: str | None
    attempt_state: str | None
    is_cancelled: bool


def own_sittings(session: Session, account_id: int) -> list[OwnSitting]:
    """Return the sittings to which a person has been summoned, the next first."""
    summoned = select(MilestoneRow.competition_id).where(MilestoneRow.kind == MilestoneKind.SUMMONED.value)
    rows = session.execute(
        select(Candidate, Competition, Sitting, Room, Seat, Attempt)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .join(Room, Room.id == Seat.room_id)
        .join(Competition, Competition.id == Candidate.competition_id)
        .outerjoin(Attempt, Attempt.seat_id == Seat.id)
        .where(Candidate.account_id == account_id, Competition.id.in_(summoned))
        .order_by(Sitting.starts_at, Sitting.id)
    ).all()
    cancelled = set(
        session.scalars(
            select(SittingEvent.sitting_id).where(
                SittingEvent.kind == SittingEventKind.CANCELLED.value,
                SittingEvent.sitting_id.in_([row.Sitting.id for row in rows]),
            )
        )
    )
    return [
        OwnSitting(
            candidate_public_id=row.Candidate.public_id,
            candidate_no=row.Candidate.candidate_no,
            competition=row.Competition,
            sitting=row.Sitting,
            room=row.Room,
            label=row.Seat.label,
            attempt_public_id=row.Attempt.public_id if row.Attempt else None,
            attempt_state=row.Attempt.state if row.Attempt else None,
            is_cancelled=row.Sitting.id in cancelled,
        )
        for row in rows
    ]
