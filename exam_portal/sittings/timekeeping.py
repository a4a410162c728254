# SPDX-License-Identifier: Apache-2.0
"""Somebody turned the machine's clock: while an attempt runs the house counts on, otherwise it follows.

A clock that is set right before an examination has to be believed; one that is turned during it would take
time from everybody, or give it. Until the attempts are over ``/readyz`` says ``clock`` and the log says it
again every minute.
"""

import threading

import structlog
from sqlalchemy import exists, select

from exam_portal.core.clock import SteadyClock
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt

EVERY_SECONDS = 1.0
WORDS_EVERY = 60  # looks
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
            log.warning("clock_followed", seconds=round(self._clock.follow().total_seconds()))
        elif self._looks % WORDS_EVERY == 0:
            log.error("clock_was_turned", seconds=round(step.total_seconds()))
        self._looks += 1

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.look()
            except Exception:  # a lost connection must not end it
                log.exception("timekeeper_failed")


def anybody_writes(session: Session) -> bool:
    """Whether an attempt runs that a turned clock would touch."""
    return bool(session.scalar(select(exists().where(Attempt.state.in_(RUNNING)))))
