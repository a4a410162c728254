# SPDX-License-Identifier: Apache-2.0
"""Nothing was stored: exactly why, decided from the attempt as it stands (the slow path)."""

from datetime import datetime

from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.sittings.attempts import projection, quarantine
from exam_portal.sittings.attempts.acknowledgement import Acknowledgement
from exam_portal.sittings.attempts.errors import (
    AttemptClosed,
    DeviceMoved,
    NotRunning,
    StaleHead,
    TokenRefused,
)
from exam_portal.sittings.attempts.statements import Save
from exam_portal.sittings.attempts.tokens import SittingToken
from exam_portal.sittings.attempts.wire import Batch
from exam_portal.sittings.models import AnswerEvent, Attempt, LeaseChange, Seat, Sitting

OVER = frozenset({"submitted", "void"})
WAITING = frozenset({"awaiting", "authorised", "paused"})


def explain(
    database: Database, token: SittingToken, batch: Batch, save: Save, now: datetime
) -> Acknowledgement | None:
    """Return the acknowledgement of a batch stored before, None to try once more, or raise the reason."""
    with database.reading() as session:
        attempt = _attempt(session, token)
        stored = _stored_before(session, attempt, save)
        if stored is not None:
            return stored
        is_kept = _is_kept(session, attempt, now)
        if attempt.lease != token.lease:
            moved_at = _moved_at(session, token)
            closed_at, is_kept = moved_at or now, is_kept and moved_at is not None
            refusal: DeviceMoved | AttemptClosed = DeviceMoved(quarantined=is_kept)
        else:
            if attempt.state in WAITING or _is_early(attempt, now):
                raise NotRunning(attempt.state)
            is_open = attempt.state not in OVER and _accepts(attempt, now)
            if is_open and (attempt.head, attempt.seq) == (save.head, save.seq):
                return None  # what kept the statement from fitting is over
            if is_open:
                raise _stale(session, attempt)
            closed_at = attempt.closes_at or now
            state = attempt.state if attempt.state in OVER else "time_over"
            refusal = AttemptClosed(state=state, closed_at=closed_at, quarantined=is_kept)
    if is_kept:
        quarantine.keep(database, token, batch, closed_at=closed_at, now=now)
    raise refusal


def stale(database: Database, token: SittingToken) -> StaleHead:
    """Return the refusal that tells a device where the journal stands."""
    with database.reading() as session:
        return _stale(session, _attempt(session, token))


def _attempt(session: Session, token: SittingToken) -> Attempt:
    attempt = session.get(Attempt, token.attempt_id)
    if attempt is None or attempt.public_id != token.attempt:
        raise TokenRefused
    return attempt


def _moved_at(session: Session, token: SittingToken) -> datetime | None:
    """Return when the device of this token lost the attempt; None where it never held it."""
    change = LeaseChange
    own = select(func.min(change.id)).where(
        change.attempt_id == token.attempt_id, change.lease == token.lease, change.moved_by.is_(None)
    )
    after = select(func.min(change.at)).where(
        change.attempt_id == token.attempt_id, change.id > own.scalar_subquery()
    )
    return session.scalar(after)


def _is_early(attempt: Attempt, now: datetime) -> bool:
    return attempt.state == "active" and attempt.opens_at is not None and now < attempt.opens_at


def _accepts(attempt: Attempt, now: datetime) -> bool:
    return attempt.accepts_until is not None and now <= attempt.accepts_until


def _is_kept(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Whether the offline window of the rules is still open; without a clock there is none to be over."""
    sitting = session.get_one(Sitting, attempt.sitting_id)
    room_id = session.get_one(Seat, attempt.seat_id).room_id
    schedule = projection.clock_of(session, sitting).schedule(attempt.seat_id, room_id)
    return schedule is None or now <= schedule.quarantines_until


def _stored_before(session: Session, attempt: Attempt, save: Save) -> Acknowledgement | None:
    """Return the first acknowledgement again if exactly these events stand where the batch puts them."""
    last = save.seq + len(save.heads)
    statement = (
        select(AnswerEvent.event_hash, AnswerEvent.head, AnswerEvent.received_at)
        .where(AnswerEvent.attempt_id == attempt.id, AnswerEvent.seq > save.seq, AnswerEvent.seq <= last)
        .order_by(AnswerEvent.seq)
    )
    rows = session.execute(statement).all()
    if [row.event_hash for row in rows] != save.hashes or [row.head for row in rows] != save.heads:
        return None
    return Acknowledgement(attempt.public_id, last, rows[-1].head, rows[-1].received_at)


def _stale(session: Session, attempt: Attempt) -> StaleHead:
    last = session.get(AnswerEvent, (attempt.id, attempt.seq))
    return StaleHead(
        seq=attempt.seq,
        head=attempt.head,
        last_client_seq=last.client_seq if last else 0,
        last_event_hash=last.event_hash if last else None,
    )
