# SPDX-License-Identifier: Apache-2.0
"""Somebody turned the machine's clock: while an attempt runs the house counts on, otherwise it follows.

A clock that is set right before an examination has to be believed; one that is turned during it would take
time from everybody, or give it. Until the attempts are over ``/readyz`` says ``clock`` and the log says it
again every minute. Either is a leaf of the record, with the time before and after, and stands on the board.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import exists, select

from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf
from exam_portal.core.actors import SYSTEM
from exam_portal.core.clock import SteadyClock
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt

EVERY_SECONDS = 1.0
WORDS_EVERY = 60  # looks
TURNED = "sittings.clock_turned"
SAME_STEP_SECONDS = 3  # of one step two processes see this much less or more
NEAR = timedelta(hours=12)
SAME_STEP = timedelta(minutes=1)
log = structlog.get_logger(__name__)


class Timekeeper:
    """A thread that compares the clocks until it is stopped."""

    def __init__(self, database: Database, clock: SteadyClock) -> None:
        self._database = database
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timekeeper", daemon=True)
        self._looks = 0

    def start(self) -> None:
        """The thread runs."""
        self._thread.start()

    def stop(self) -> None:
        """The thread has ended."""
        self._stopping.set()
        self._thread.join()

    def look(self) -> None:
        """The clocks agree, or it is said that they do not."""
        step = self._clock.step
        if not step:
            self._looks = 0
            return
        with self._database.reading() as session:
            is_examining = anybody_writes(session)
        if not is_examining:
            self._clock.follow()
            log.warning("clock_followed", seconds=round(step.total_seconds()))
            self._put_on_record(step, is_followed=True)
        elif self._looks % WORDS_EVERY == 0:
            log.error("clock_was_turned", seconds=round(step.total_seconds()))
            if not self._looks:
                self._put_on_record(step, is_followed=False)
        self._looks += 1

    def _put_on_record(self, step: timedelta, *, is_followed: bool) -> None:
        """The step is one leaf of the installation, however many processes have seen it."""
        now = self._clock.now()
        house = now - step if is_followed else now
        with self._database.writing() as session:
            audit.log_of(session, now, None)
            if _is_on_record(session, house, step, is_followed=is_followed):
                return
            content = {
                "before": house.isoformat(),
                "after": (house + step).isoformat(),
                "seconds": round(step.total_seconds()),
                "is_followed": is_followed,
            }
            audit.record(session, SYSTEM, now, type=TURNED, content=content)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.look()
            except Exception:  # a lost connection must not end it
                log.exception("timekeeper_failed")


def last_turn(session: Session) -> Leaf | None:
    """Return the last step of the machine's clock that is on record."""
    return session.scalar(select(Leaf).where(Leaf.type == TURNED).order_by(Leaf.id.desc()).limit(1))


def turned_during(session: Session, starts_at: datetime) -> Mapping[str, Any] | None:
    """Return the last step of the clock if it fell upon the day of a sitting that starts then."""
    last = last_turn(session)
    return last.content if last is not None and abs(last.at - starts_at) < NEAR else None


def _is_on_record(session: Session, house: datetime, step: timedelta, *, is_followed: bool) -> bool:
    last = last_turn(session)
    return (
        last is not None
        and last.content["is_followed"] == is_followed
        and abs(last.content["seconds"] - step.total_seconds()) <= SAME_STEP_SECONDS
        and abs(datetime.fromisoformat(last.content["before"]) - house) <= SAME_STEP
    )


def anybody_writes(session: Session) -> bool:
    """Whether an attempt runs that a turned clock would touch."""
    return bool(session.scalar(select(exists().where(Attempt.state.in_(RUNNING)))))
