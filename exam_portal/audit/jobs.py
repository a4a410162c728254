# SPDX-License-Identifier: Apache-2.0
"""The sequencer: leaves get their places after the commit (PostgreSQL), and heads are signed in time.

On SQLite the single writer has given each leaf its place already, so only the signing is left to do. Several
processes may run this at once: an advisory lock per log lets one of them in at a time.
"""

import threading
from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, func, select

from exam_portal.audit import checkpoints, queries, tree
from exam_portal.audit.models import Checkpoint, Leaf, Log
from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.core.db import Session

EVERY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


def tick(database: Database, now: datetime, *, checkpoint_after: timedelta) -> int:
    """Every committed leaf has its place, and logs that grew are signed when due; how many got a place."""
    placed = 0
    for log_id in _waiting(database):
        while count := _sequence(database, log_id):
            placed += count
    for log_id in _unsigned(database, now - checkpoint_after):
        with database.writing() as session:
            log = session.get_one(Log, log_id, with_for_update=True)
            checkpoints.issue(session, log, now)
    return placed


def is_late(session: Session, now: datetime, *, alarm_seconds: int) -> bool:
    """Whether a leaf has waited for its place longer than it may: the sequencer is not running."""
    oldest = queries.oldest_waiting(session)
    return oldest is not None and now - oldest > timedelta(seconds=alarm_seconds)


def ask_readiness(alarm_seconds: int) -> "Readiness":
    """Return the question of the readiness page about the sequencer."""
    return Readiness(alarm_seconds)


class Readiness:
    """Callable as ``hooks.Check.ask``: empty while every leaf gets its place in time."""

    def __init__(self, alarm_seconds: int) -> None:
        self.alarm_seconds = alarm_seconds

    def __call__(self, session: Session, now: datetime) -> str:
        """Return what is wrong, or nothing."""
        return "sequencer" if is_late(session, now, alarm_seconds=self.alarm_seconds) else ""


class Sequencer:
    """A thread that ticks every second until stopped; ``wake`` makes it tick at once (after a commit)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)

    def start(self) -> None:
        """The thread runs."""
        self._thread.start()

    def wake(self) -> None:
        """The next tick comes now."""
        self._due.set()

    def stop(self) -> None:
        """The thread has ended, after a last tick."""
        self._stopping.set()
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        after = timedelta(seconds=self._database.settings.audit.checkpoint_seconds)
        while not self._stopping.is_set():
            self._due.wait(EVERY_SECONDS)
            self._due.clear()
            try:
                tick(self._database, self._clock.now(), checkpoint_after=after)
            except Exception:  # noqa: BLE001 - a lost connection must not end the sequencer; readiness tells
                _log.error("sequencer_failed", exc_info=True)


def _waiting(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Leaf.log_id).where(Leaf.index.is_(None)).distinct()))


def _sequence(database: Database, log_id: int) -> int:
    with database.writing() as session:
        return tree.sequence(session, log_id)


def _unsigned(database: Database, signed_before: datetime) -> list[int]:
    """Return the logs that hold sequenced leaves beyond their last checkpoint, if that one is old enough.

    A publication is signed at once: the bundle that everybody may take from then on has to hold it.
    """
    last = (
        select(
            Checkpoint.log_id, func.max(Checkpoint.size).label("size"), func.max(Checkpoint.at).label("at")
        )
        .group_by(Checkpoint.log_id)
        .subquery()
    )
    grown = exists().where(Leaf.log_id == Log.id, Leaf.index >= func.coalesce(last.c.size, 0))
    published = grown.where(Leaf.type == "publish")
    query = (
        select(Log.id)
        .outerjoin(last, last.c.log_id == Log.id)
        .where(grown, (last.c.at.is_(None)) | (last.c.at <= signed_before) | published)
    )
    with database.reading() as session:
        return list(session.scalars(query))
