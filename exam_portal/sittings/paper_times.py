# SPDX-License-Identifier: Apache-2.0
"""What the papers, below the sittings, are told by hooks: when, who is there, which seals are taken."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, exists, func, or_, select

from exam_portal.core.db import Session
from exam_portal.papers import schedule, seals, witnesses
from exam_portal.papers.models import Paper
from exam_portal.registration.models import Candidate
from exam_portal.sittings.models import (
    AttendanceStatus,
    Hall,
    HallSide,
    ScriptBag,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
)
from exam_portal.sittings.queries.seating import last_findings

PRESENT = AttendanceStatus.PRESENT.value


def first_start(session: Session, paper: Paper) -> datetime | None:
    """Return the start of the first sitting of the part that was not cancelled, if there is one."""
    return session.scalar(select(func.min(Sitting.starts_at)).where(*_of_part(paper)))


def last_end(session: Session, paper: Paper) -> datetime | None:
    """Return when the last of the part's sittings ended; None while one of them has not, or none was set.

    A sitting that was cancelled counts for nothing; one that has been set, and nobody has ended, lies ahead.
    """
    ends = [row.ended_at for row in _ends(session, paper)]
    return max(ends) if ends and None not in ends else None


def opens_at(session: Session, paper: Paper) -> datetime | None:
    """Return the start of the first sitting that uses this paper: it was chosen, or nobody chose another.

    A reserve paper is opened for the sitting whose paper it takes the place of, not for those before.
    """
    chosen = Sitting.paper_id == paper.id
    used = or_(chosen, Sitting.paper_id.is_(None)) if paper.kind == "official" else chosen
    return session.scalar(select(func.min(Sitting.starts_at)).where(*_of_part(paper), used))


def to_come(session: Session, paper: Paper) -> Sequence[datetime]:
    """Return the starts of the part's sittings that were not cancelled and that nobody has ended."""
    return [row.starts_at for row in _ends(session, paper) if row.ended_at is None]


def away(session: Session, paper: Paper) -> Sequence[tuple[str, datetime]]:
    """Return the halls that were packed with this paper and have not come back, and when each was packed."""
    found = (
        select(Hall.name, Hall.at)
        .join(Sitting, Sitting.id == Hall.sitting_id)
        .where(
            Sitting.paper_id == paper.id,
            Hall.side == HallSide.HOME.value,
            Hall.merged_at.is_(None),
            Hall.withdrawn_at.is_(None),
        )
        .order_by(Hall.id)
    )
    return [(name, at) for name, at in session.execute(found)]


def sit_there(session: Session, paper: Paper, numbers: Collection[str]) -> bool:
    """Whether each of these candidates has a seat in the part, and nobody found it empty."""
    finding = last_findings()
    found = session.scalars(
        select(Candidate.candidate_no)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .outerjoin(finding, finding.c.seat_id == Seat.id)
        .where(
            *_of_part(paper),
            Candidate.candidate_no.in_(numbers),
            func.coalesce(finding.c.status, PRESENT) == PRESENT,
        )
    )
    return set(numbers) <= set(found)


def on_a_bag(session: Session, competition_id: int, number: str) -> bool:
    """Whether the seal of this number closes a bag of scripts of the competition."""
    query = select(ScriptBag.id).where(
        ScriptBag.competition_id == competition_id, ScriptBag.seal_no == number
    )
    return session.scalar(query) is not None


def fill_hooks() -> None:
    """The papers ask here from now on."""
    schedule.fill(first_start=first_start, opens_at=opens_at, last_end=last_end, to_come=to_come, away=away)
    seals.fill(on_a_bag)
    witnesses.fill(sit_there)


def _ends(session: Session, paper: Paper) -> Sequence[Row[datetime, datetime | None]]:
    """Return when each sitting of the part starts and when it was ended, if it was."""
    ended = (
        select(func.max(SittingEvent.at))
        .where(
            SittingEvent.sitting_id == Sitting.id,
            SittingEvent.kind == SittingEventKind.ENDED.value,
            SittingEvent.room_id.is_(None),
        )
        .scalar_subquery()
    )
    found = select(Sitting.starts_at, ended.label("ended_at")).where(*_of_part(paper))
    return session.execute(found.order_by(Sitting.starts_at, Sitting.id)).all()


def _of_part(paper: Paper) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a sitting of the paper's part that was not cancelled."""
    cancelled = exists().where(
        SittingEvent.sitting_id == Sitting.id, SittingEvent.kind == SittingEventKind.CANCELLED.value
    )
    return (Sitting.competition_id == paper.competition_id, Sitting.part == paper.part, ~cancelled)
