# SPDX-License-Identifier: Apache-2.0
"""Every attempt recomputed from its facts; the first difference of each is named."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit.fsck import Difference, also
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.sittings.attempts import projection, receipts, replaying, submit
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import Attempt, LeaseChange, Seat, Sitting


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each attempt whose row, journal or receipt is not what the facts give."""
    for sitting in session.scalars(select(Sitting).order_by(Sitting.id)):
        facts = projection.facts_of(session, sitting)
        found = (
            select(Attempt, Seat.room_id)
            .join(Seat, Seat.id == Attempt.seat_id)
            .where(Attempt.sitting_id == sitting.id)
        )
        for attempt, room_id in session.execute(found.order_by(Attempt.id)):
            problem = _problem(session, attempt, facts.projection(attempt, room_id))
            if problem:
                yield Difference(where="sittings", code="attempt", place=f"{attempt.public_id}: {problem}")


def _problem(session: Session, attempt: Attempt, expected: projection.Projection) -> str:
    if projection.stored(attempt) != expected:
        return f"the row says {projection.stored(attempt)}, the facts say {expected}"
    if attempt.lease != _last_lease(session, attempt):
        return "the row names another device than the last change"
    return _journal_problem(session, attempt)


def _journal_problem(session: Session, attempt: Attempt) -> str:
    submission = submit.submission_of(session, attempt)
    try:
        answered = replaying.answers_of(session, attempt).answered
    except JournalBroken as problem:
        return str(problem)
    except KeyErased:
        return ""  # the person's answers were erased; heads and receipts still stand in the log
    if submission is None:
        return ""
    if (submission.seq, submission.head, submission.answered) != (attempt.seq, attempt.head, answered):
        return "what was handed in is not where the journal ends"
    genuine = receipts.is_genuine(receipts.receipt_of(submission), session.signer.public_key)
    return "" if genuine else "the receipt is not signed by this installation"


def _last_lease(session: Session, attempt: Attempt) -> str | None:
    found = select(LeaseChange.lease).where(LeaseChange.attempt_id == attempt.id)
    return session.scalar(found.order_by(LeaseChange.id.desc()).limit(1))
