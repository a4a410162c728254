# SPDX-License-Identifier: Apache-2.0
"""The verbs of attempts in one place: ``(session, actor, now, *, …)``, never committing."""

from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.attempts import replaying
from exam_portal.sittings.attempts.heads import record_heads
from exam_portal.sittings.attempts.lease import move as move_attempt
from exam_portal.sittings.attempts.lease import take as take_attempt
from exam_portal.sittings.attempts.marks import compute_marks, mark_tests
from exam_portal.sittings.attempts.preparing import authorise, prepare_attempts
from exam_portal.sittings.attempts.projection import refresh, seats_on_paper
from exam_portal.sittings.attempts.replaying import replay
from exam_portal.sittings.attempts.submit import (
    Handing,
    expired,
    running,
    seal_attempt,
    seal_expired,
    submit_all,
)
from exam_portal.sittings.models import Attempt

__all__ = [
    "Handing",
    "authorise",
    "compute_marks",
    "current_answers",
    "expired",
    "is_on_paper",
    "mark_tests",
    "move_attempt",
    "prepare_attempts",
    "record_heads",
    "refresh",
    "replay",
    "replay_seat",
    "running",
    "seal_attempt",
    "seal_expired",
    "seats_on_paper",
    "submit_all",
    "take_attempt",
]


def is_on_paper(session: Session, attempt: Attempt) -> bool:
    """Whether who sat there goes on on paper, as two people have decided."""
    return attempt.state == "void" and attempt.seat_id in seats_on_paper(session, attempt.sitting_id)


def replay_seat(session: Session, seat_id: int) -> replaying.Replayed | None:
    """Return the answers of who sits there, at the head of the attempt; None where there is none."""
    attempt = session.scalar(select(Attempt).where(Attempt.seat_id == seat_id))
    return None if attempt is None else replaying.replay(session, attempt)


def current_answers(session: Session, attempt: Attempt) -> dict[str, Any]:
    """Return the response by item id as it is marked: the journal, and the late answers accepted."""
    return replaying.counted(session, attempt).answers.responses
