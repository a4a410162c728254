# SPDX-License-Identifier: Apache-2.0
"""Handing in: the head is sealed once, a receipt is signed, and a script exists for those who mark."""

import dataclasses
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import receipts, replaying
from exam_portal.sittings.attempts.errors import AttemptClosed, DeviceMoved, NotRunning, StaleHead
from exam_portal.sittings.models import Attempt, Script, Seat, Sitting, Submission

RUNNING = frozenset({"active", "paused"})
PORTION = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Counted:
    """How many items are answered at this place of the journal: counted before the writer is taken."""

    seq: int
    answered: int


def count(session: Session, attempt: Attempt) -> Counted:
    """Return how many items have an answer at the attempt's present head."""
    return Counted(attempt.seq, replaying.answers_of(session, attempt).answered)


def submit(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    attempt: Attempt,
    lease: str,
    counted: Counted | None = None,
) -> Submission:
    """The attempt is handed in at the present head; doing it again returns the same receipt.

    After the closing time it is sealed as of that time: the journal holds nothing later anyway.
    Raises StaleHead where ``counted`` was counted before another save of this device came in.
    """
    locked = session.get_one(Attempt, attempt.id, with_for_update=True, populate_existing=True)
    existing = submission_of(session, locked)
    if existing is not None:
        return existing
    _require_held(locked, lease, now)
    if counted is not None and counted.seq != locked.seq:
        raise StaleHead(seq=locked.seq, head=locked.head, last_client_seq=0, last_event_hash=None)
    is_over = locked.closes_at is not None and now > locked.closes_at
    kind, at = ("by_time", locked.closes_at or now) if is_over else ("by_candidate", now)
    return _seal(session, actor, now, locked, counted or count(session, locked), kind=kind, at=at)


def seal_expired(session: Session, now: datetime, *, sitting: Sitting) -> int:
    """Attempts whose time and grace are over are sealed as of their closing; return how many were.

    A call seals at most ``PORTION``, so that nobody waits long for the writer: call again until it returns 0.
    """
    return _seal_each(session, SYSTEM, now, sitting, _is_expired(now), kind="by_time")


def seal_all(session: Session, actor: Actor, now: datetime, *, sitting: Sitting) -> int:
    """The invigilator has ended the sitting: attempts that still run are sealed, ``PORTION`` at a time."""
    return _seal_each(session, actor, now, sitting, lambda _attempt: True, kind="by_invigilator")


def seal_attempt(session: Session, actor: Actor, now: datetime, *, attempt: Attempt) -> Submission | None:
    """The attempt is sealed as it stands, its candidate being sent away; None where it does not run."""
    locked = session.get_one(Attempt, attempt.id, with_for_update=True, populate_existing=True)
    if locked.state not in RUNNING:
        return None
    at = min(now, locked.closes_at or now)
    return _seal(session, actor, now, locked, count(session, locked), kind="by_invigilator", at=at)


def submission_of(session: Session, attempt: Attempt) -> Submission | None:
    """Return how the attempt was handed in, if it was."""
    return session.scalar(select(Submission).where(Submission.attempt_id == attempt.id))


def _is_expired(now: datetime) -> Callable[[Attempt], bool]:
    return lambda attempt: (
        attempt.state == "active" and attempt.accepts_until is not None and now > attempt.accepts_until
    )


def _seal_each(
    session: Session,
    actor: Actor,
    now: datetime,
    sitting: Sitting,
    is_due: Callable[[Attempt], bool],
    *,
    kind: str,
) -> int:
    found = (
        select(Attempt)
        .where(Attempt.sitting_id == sitting.id, Attempt.state.in_(RUNNING))
        .order_by(Attempt.id)
        .with_for_update()
    )
    due = [attempt for attempt in session.scalars(found) if is_due(attempt)][:PORTION]
    for attempt in due:
        at = min(now, attempt.closes_at or now)
        _seal(session, actor, now, attempt, count(session, attempt), kind=kind, at=at)
    return len(due)


def _require_held(attempt: Attempt, lease: str, now: datetime) -> None:
    if attempt.lease != lease:
        raise DeviceMoved
    if attempt.state == "void":
        raise AttemptClosed(state="void", closed_at=attempt.closes_at or now, quarantined=False)
    if attempt.state != "active":
        raise NotRunning(attempt.state)


def _seal(
    session: Session,
    actor: Actor,
    now: datetime,
    attempt: Attempt,
    counted: Counted,
    *,
    kind: str,
    at: datetime,
) -> Submission:
    sitting = session.get_one(Sitting, attempt.sitting_id)
    items = session.get_one(PaperForm, attempt.form_id).item_count
    content = receipts.content_of(
        attempt, sitting=sitting.public_id, kind=kind, answered=counted.answered, items=items, at=at
    )
    submission = Submission(
        attempt_id=attempt.id,
        kind=kind,
        seq=attempt.seq,
        head=attempt.head,
        answered=counted.answered,
        receipt=content,
        signature=receipts.sign(session.signer, content),
        at=at,
    )
    attempt.state = "submitted"
    session.add_all([submission, _script(session, sitting, attempt, at)])
    session.flush()
    _record(session, actor, now, sitting, submission, attempt)
    return submission


def _script(session: Session, sitting: Sitting, attempt: Attempt, at: datetime) -> Script:
    return Script(
        competition_id=sitting.competition_id,
        sitting_id=sitting.id,
        candidate_id=session.get_one(Seat, attempt.seat_id).candidate_id,
        part=sitting.part,
        source="portal",
        attempt_id=attempt.id,
        collected_at=at,
    )


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    sitting: Sitting,
    submission: Submission,
    attempt: Attempt,
) -> None:
    audit.record(
        session,
        actor,
        now,
        type="seal",
        content={
            "attempt": attempt.public_id,
            "kind": submission.kind,
            "seq": submission.seq,
            "head": submission.head.hex(),
            "answered": submission.answered,
        },
        competition_id=sitting.competition_id,
        subject=attempt.public_id,
    )
