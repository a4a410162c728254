# SPDX-License-Identifier: Apache-2.0
"""What still stands between late answers and the marks: the time in which they may come, and the rulings."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from exam_portal.core.db import Session
from exam_portal.sittings.attempts import projection
from exam_portal.sittings.attempts.errors import LateAnswersWait
from exam_portal.sittings.models import (
    Attempt,
    Hall,
    HallSide,
    LateEvent,
    LateRuling,
    LateVerdict,
    MaskKey,
    Script,
    Seat,
    Sitting,
    Submission,
    TestMark,
)


def is_counted() -> ColumnElement[bool]:
    """Whether marks of the attempt were computed or the scripts of its part are masked: nothing is added."""
    marked = exists().where(TestMark.script_id == Script.id, Script.attempt_id == Attempt.id)
    masked = exists().where(
        Sitting.id == Attempt.sitting_id,
        MaskKey.competition_id == Sitting.competition_id,
        MaskKey.part == Sitting.part,
    )
    return marked | masked


def waiting(session: Session, sitting_ids: Collection[int]) -> dict[int, int]:
    """Return how many late batches of each sitting wait for a ruling: one query."""
    ruled = exists().where(
        LateRuling.attempt_id == LateEvent.attempt_id,
        LateRuling.last_id >= LateEvent.id,
        LateRuling.approved_by.is_not(None),
    )
    rows = session.execute(
        select(Attempt.sitting_id, func.count())
        .join(LateEvent, LateEvent.attempt_id == Attempt.id)
        .where(Attempt.sitting_id.in_(sitting_ids), Attempt.state != "void", ~ruled, ~is_counted())
        .group_by(Attempt.sitting_id)
    )
    return dict(rows.all())


def require_ruled(session: Session, sitting_ids: Collection[int]) -> None:
    """No late batch of these sittings waits; else LateAnswersWait says how many do."""
    if count := sum(waiting(session, sitting_ids).values()):
        raise LateAnswersWait(count)


def expected_until(session: Session, sitting: Sitting) -> datetime | None:
    """Return until when late answers are kept of those who did not hand in themselves; None: nobody's."""
    facts = projection.facts_of(session, sitting)
    rows = session.execute(
        select(Attempt.seat_id, Seat.room_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(
            Attempt.sitting_id == sitting.id, Submission.kind != "by_candidate", Attempt.lease.is_not(None)
        )
    )
    schedules = (facts.schedule(seat_id, room_id) for seat_id, room_id in rows)
    return max((found.quarantines_until for found in schedules if found), default=None)


def is_final(session: Session, sitting: Sitting, now: datetime) -> bool:
    """Whether no late answer of the sitting can come any more, and none waits for a ruling.

    In a hall nothing is final: late answers are ruled on, and tests marked, at home.
    """
    if session.scalar(select(Hall.id).where(Hall.sitting_id == sitting.id, Hall.side == HallSide.HALL.value)):
        return False
    until = expected_until(session, sitting)
    return (until is None or now > until) and not waiting(session, [sitting.id])


def unruled(session: Session, attempt: Attempt) -> Sequence[LateEvent]:
    """Return the late batches of the attempt that no approved ruling is about, in order of arrival."""
    last = select(func.coalesce(func.max(LateRuling.last_id), 0)).where(
        LateRuling.attempt_id == attempt.id, LateRuling.approved_by.is_not(None)
    )
    found = select(LateEvent).where(LateEvent.attempt_id == attempt.id, LateEvent.id > last.scalar_subquery())
    return session.scalars(found.order_by(LateEvent.id)).all()


def accepted(session: Session, attempt: Attempt) -> Sequence[LateEvent]:
    """Return the late batches that count, in order of arrival."""
    rulings = session.scalars(
        select(LateRuling)
        .where(LateRuling.attempt_id == attempt.id, LateRuling.approved_by.is_not(None))
        .order_by(LateRuling.last_id)
    ).all()
    if not rulings:
        return ()
    batches = session.scalars(
        select(LateEvent).where(LateEvent.attempt_id == attempt.id).order_by(LateEvent.id)
    )
    return [late for late in batches if verdict_on(late.id, rulings) == LateVerdict.ACCEPT]


def verdict_on(late_id: int, rulings: Iterable[LateRuling]) -> str | None:
    """Return the verdict of the first approved ruling that reaches as far as this batch."""
    return next((one.verdict for one in rulings if one.approved_by and one.last_id >= late_id), None)


def digest(batches: Iterable[LateEvent]) -> bytes:
    """Return what binds a ruling to its batches."""
    return hashlib.sha256(b"".join(late.body_hash for late in batches)).digest()
