# SPDX-License-Identifier: Apache-2.0
"""Handing in: the head is sealed once, a receipt is signed, and a script exists for those who mark.

What is answered has been read before the writer is taken (``replaying.replay``); inside, only what was saved
since then is read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import receipts, replaying
from exam_portal.sittings.attempts.errors import AttemptClosed, DeviceMoved, NotRunning, TimeLeft
from exam_portal.sittings.attempts.replaying import Replayed
from exam_portal.sittings.models import Attempt, Script, Seat, Sitting, Submission

RUNNING = frozenset({"active", "paused"})


def submit(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    attempt: Attempt,
    lease: str,
    replayed: Replayed,
    is_by_time: bool = False,
) -> Submission:
    """The attempt is handed in at the present head; doing it again returns the same receipt.

    After the closing time it is sealed as of that time: the journal holds nothing later anyway.
    ``is_by_time``: nobody asked for it, the browser took the time for over; while it is not, that is refused.
    """
    locked = _locked(session, attempt)
    existing = submission_of(session, locked)
    if existing is not None:
        return existing
    _require_held(locked, lease, now)
    is_over = locked.closes_at is not None and now >= locked.closes_at
    if is_by_time and not is_over:
        raise TimeLeft
    kind, at = ("by_time", locked.closes_at or now) if is_over else ("by_candidate", now)
    return _seal(session, actor, now, locked, replayed, kind=kind, at=at)


def running(session: Session, sitting_id: int) -> Sequence[int]:
    """Return the ids of the attempts that are not sealed yet, to be sealed one by one."""
    found = select(Attempt.id).where(Attempt.sitting_id == sitting_id, Attempt.state.in_(RUNNING))
    return session.scalars(found.order_by(Attempt.id)).all()


def expired(session: Session, sitting_id: int, now: datetime) -> Sequence[int]:
    """Return the ids of the attempts whose time and grace are over; of a paused one they never are."""
    over = (Attempt.state == "active", Attempt.accepts_until < now)
    found = select(Attempt.id).where(Attempt.sitting_id == sitting_id, *over)
    return session.scalars(found.order_by(Attempt.id)).all()


def seal_expired(
    session: Session, now: datetime, *, attempt: Attempt, replayed: Replayed
) -> Submission | None:
    """The attempt is sealed as of its closing, its time and grace being over; None where they are not."""
    locked = _locked(session, attempt)
    if locked.state != "active" or locked.accepts_until is None or now <= locked.accepts_until:
        return None
    return _seal(session, SYSTEM, now, locked, replayed, kind="by_time", at=locked.closes_at or now)


def seal_attempt(
    session: Session, actor: Actor, now: datetime, *, attempt: Attempt, replayed: Replayed | None
) -> Submission | None:
    """The attempt is sealed as it stands: the sitting was ended, or the candidate sent away.

    None where it does not run. Where nothing was read before (``replayed`` None), the journal is read here.
    """
    locked = _locked(session, attempt)
    if locked.state not in RUNNING:
        return None
    at = min(now, locked.closes_at or now)
    return _seal(session, actor, now, locked, replayed, kind="by_invigilator", at=at)


def submission_of(session: Session, attempt: Attempt) -> Submission | None:
    """Return how the attempt was handed in, if it was."""
    return session.scalar(select(Submission).where(Submission.attempt_id == attempt.id))


def _locked(session: Session, attempt: Attempt) -> Attempt:
    return session.get_one(Attempt, attempt.id, with_for_update=True, populate_existing=True)


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
    replayed: Replayed | None,
    *,
    kind: str,
    at: datetime,
) -> Submission:
    sitting = session.get_one(Sitting, attempt.sitting_id)
    items = session.get_one(PaperForm, attempt.form_id).item_count
    answered = replaying.replay(session, attempt, since=replayed).answers.answered
    content = receipts.content_of(
        attempt, sitting=sitting.public_id, kind=kind, answered=answered, items=items, at=at
    )
    submission = Submission(
        attempt_id=attempt.id,
        kind=kind,
        seq=attempt.seq,
        head=attempt.head,
        answered=answered,
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
