# SPDX-License-Identifier: Apache-2.0
"""Claiming rows, carrying them out, and what happens to those that fail."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, func, or_, select, update

from exam_portal.core.confinement import door
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.outbox.rows import OutboxRow, handler_of

log = structlog.get_logger(__name__)
LEASE = timedelta(minutes=10)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a handler receives.

    A handler whose effect lies in the database calls ``finish`` in the same transaction, and the effect
    happens exactly once. Otherwise the row is deleted after it returned: the effect happens at least once.
    """

    id: int
    kind: str
    payload: dict[str, Any]
    created_at: datetime
    now: datetime
    database: Database

    def finish(self, session: Session) -> bool:
        """Delete the row within this transaction; False when somebody else has finished it already.

        SQLite gives a free id to the next row: what the handler itself has queued must not be taken for it.
        """
        own = (OutboxRow.id == self.id, OutboxRow.kind == self.kind, OutboxRow.created_at == self.created_at)
        return session.execute(delete(OutboxRow).where(*own).returning(OutboxRow.id)).first() is not None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the outbox stands: what waits, how long, and what has failed too often to be tried again."""

    waiting: int
    oldest_seconds: float
    poisoned: tuple[tuple[int, str, str], ...]  # id, kind, name of the last error


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one job stands that is not done yet; the name of the last error, once an attempt has failed."""

    row_id: int
    attempts: int
    next_at: datetime
    last_error: str | None
    is_claimed: bool = False  # a worker has it, or had it when it died

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt failed, and none is under way since."""
        return self.attempts > 0 and not self.is_claimed

    def is_poisoned(self, max_attempts: int) -> bool:
        """Whether it failed so often that it is not tried again by itself."""
        return self.has_failed and self.attempts >= max_attempts


class Claims:
    """Takes due rows so that no other relay hands them out meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._limit = database.settings.jobs.max_attempts

    def take(self, now: datetime, *, at_most: int = 50) -> list[int]:
        """Return the ids of due rows, claimed in a committed transaction. No write when nothing is due.

        What was never tried is due at once: a rehearsal writes by a clock that runs ahead of the machine's.
        """
        due = (
            select(OutboxRow.id)
            .where(or_(OutboxRow.next_at <= now, OutboxRow.attempts == 0), OutboxRow.attempts < self._limit)
            .where(or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until <= now))
            .order_by(OutboxRow.next_at, OutboxRow.id)
            .limit(at_most)
        )
        with self._database.reading() as session:
            if session.scalars(due.limit(1)).first() is None:
                return []
        with self._database.writing() as session:
            ids = list(session.scalars(due.with_for_update(skip_locked=True)))
            session.execute(update(OutboxRow).where(OutboxRow.id.in_(ids)).values(claimed_until=now + LEASE))
        return ids

    def forget(self) -> None:
        """Free every claim: at the start of the one embedded process all older claims are of the dead."""
        with self._database.writing() as session:
            claimed = OutboxRow.claimed_until.is_not(None)
            session.execute(update(OutboxRow).where(claimed).values(claimed_until=None))


def perform(database: Database, row_id: int, clock: Callable[[], datetime]) -> None:
    """Carry out one row: afterwards it is gone, or it says when it will be tried again."""
    with database.reading() as session:
        row = session.get(OutboxRow, row_id)
        if row is None:
            return  # done already: a second delivery changes nothing
    job = Job(
        id=row.id,
        kind=row.kind,
        payload=row.payload,
        created_at=row.created_at,
        now=clock(),
        database=database,
    )
    try:
        handler_of(job.kind)(job)
    except Exception as problem:  # noqa: BLE001 - whatever a handler raises, the row stays and waits
        _postpone(job, row.attempts + 1, problem)
        return
    with database.writing() as session:
        job.finish(session)


def _postpone(job: Job, attempts: int, problem: Exception) -> None:
    name = type(problem).__name__[:64]
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    log.warning("job_failed", kind=job.kind, row=job.id, attempts=attempts, error=name)
    with job.database.writing() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == job.id)
            .values(attempts=attempts, next_at=job.now + pause, claimed_until=None, last_error=name)
        )


def health(session: Session, now: datetime, *, max_attempts: int) -> Health:
    """Return how the outbox stands."""
    is_poisoned = OutboxRow.attempts >= max_attempts
    waiting = session.scalar(select(func.count()).select_from(OutboxRow).where(~is_poisoned)) or 0
    oldest = session.scalar(select(func.min(OutboxRow.created_at)).where(~is_poisoned))
    bad = select(OutboxRow.id, OutboxRow.kind, OutboxRow.last_error).where(is_poisoned).order_by(OutboxRow.id)
    return Health(
        waiting=waiting,
        oldest_seconds=(now - oldest).total_seconds() if oldest is not None else 0.0,
        poisoned=tuple(
            (row_id, kind, error or "") for row_id, kind, error in session.execute(bad.limit(100))
        ),
    )


@door
def standing(session: Session, kind: str, about: str) -> Standing | None:
    """Return how the newest job of this kind about this stands; None once it is done, or without one."""
    own = select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.about == about)
    row = session.scalar(own.order_by(OutboxRow.id.desc()).limit(1))
    if row is None:
        return None
    return Standing(
        row_id=row.id,
        attempts=row.attempts,
        next_at=row.next_at,
        last_error=row.last_error,
        is_claimed=row.claimed_until is not None,
    )


@door
def retry(session: Session, now: datetime, row_id: int) -> None:
    """Have a row tried again at once, as often as a new one."""
    session.execute(
        update(OutboxRow).where(OutboxRow.id == row_id).values(attempts=0, next_at=now, claimed_until=None)
    )
