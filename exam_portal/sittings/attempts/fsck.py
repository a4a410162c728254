# SPDX-License-Identifier: Apache-2.0
"""Every attempt recomputed from its facts; the first difference of each is named."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from exam_portal.audit.fsck import Difference, also
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import late, projection, quarantine, receipts, replaying, submit
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import Attempt, LateEvent, LateRuling, LeaseChange, Seat, Sitting, Submission


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each attempt whose row, journal or receipt is not what the facts give."""
    for sitting in session.scalars(select(Sitting).order_by(Sitting.id)):
        yield from of_sitting(session, sitting)


def of_sitting(session: Session, sitting: Sitting) -> Iterator[Difference]:
    """Yield each attempt of the sitting whose row, journal or receipt is not what the facts give."""
    facts = projection.facts_of(session, sitting)
    found = (
        select(Attempt, Seat.room_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .where(Attempt.sitting_id == sitting.id)
    )
    for attempt, room_id in session.execute(found.order_by(Attempt.id)):
        problem = _problem(session, attempt, facts.projection(attempt, room_id)) or _late_problem(
            session, attempt
        )
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
    key = receipts.signing_key(session, attempt.sitting_id)
    if not receipts.is_genuine(receipts.receipt_of(submission), key):
        return "the receipt is not signed by the installation that held the sitting"
    own = _receipt(session, attempt, submission)
    return "" if submission.receipt == own else "the receipt is another one's"


def _receipt(session: Session, attempt: Attempt, submission: Submission) -> dict[str, Any]:
    return receipts.content_of(
        attempt,
        sitting=session.get_one(Sitting, attempt.sitting_id).public_id,
        kind=submission.kind,
        answered=submission.answered,
        items=session.get_one(PaperForm, attempt.form_id).item_count,
        at=submission.at,
    )


def _late_problem(session: Session, attempt: Attempt) -> str:
    """Say what is wrong with the late batches: their bytes, or a ruling of one person or on other batches."""
    batches = session.scalars(
        select(LateEvent).where(LateEvent.attempt_id == attempt.id).order_by(LateEvent.id)
    ).all()
    try:
        for batch in batches:
            quarantine.events_of(session, attempt, batch)
    except JournalBroken as problem:
        return str(problem)
    except KeyErased:
        pass  # the hashes still stand in the rulings
    approved = select(LateRuling).where(
        LateRuling.attempt_id == attempt.id, LateRuling.approved_by.is_not(None)
    )
    last = 0
    for ruling in session.scalars(approved.order_by(LateRuling.last_id)):
        if ruling.approved_by == ruling.by:
            return "a ruling on late answers has one person's word alone"
        if ruling.batches != late.digest(one for one in batches if last < one.id <= ruling.last_id):
            return "a ruling on late answers is about other batches"
        last = ruling.last_id
    return ""


def _last_lease(session: Session, attempt: Attempt) -> str | None:
    found = select(LeaseChange.lease).where(LeaseChange.attempt_id == attempt.id)
    return session.scalar(found.order_by(LeaseChange.id.desc()).limit(1))
