# SPDX-License-Identifier: Apache-2.0
"""The background of a process: a relay from the outbox to huey, the consumer, and what recurs.

No deadline depends on any of it: what it does late was already true (`core.outbox`, `scoring.timing`).
"""

import threading
import time
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import structlog
from huey import Huey, MemoryHuey, RedisHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from sqlalchemy import text

from exam_portal.core import outbox
from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings

log = structlog.get_logger(__name__)
STOP_SECONDS = 10

Recurring = Callable[[Database, datetime], None]
Pace = Callable[[Settings], float]
_RECURRING: dict[str, tuple[Pace, Recurring]] = {}


class Service(Protocol):
    """Something with a thread of its own that a process starts and stops."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, after what is under way."""


def every(pace: Pace, name: str) -> Callable[[Recurring], Recurring]:
    """Have the function called once in about so many seconds, by one process at a time."""

    def register(function: Recurring) -> Recurring:
        _RECURRING[name] = (pace, function)
        return function

    return register


class QuietConsumer(Consumer):
    """A consumer that leaves the signals of the process alone: the server owns them."""

    def _set_signal_handlers(self) -> None:
        """Handle none."""


class Background:
    """Relay, consumer and recurring work of one process, with the services that the slices bring."""

    def __init__(self, database: Database, clock: Clock, services: tuple[Service, ...] = ()) -> None:
        self._database = database
        self._clock = clock
        self._services = services
        self._huey = make_huey(database)
        self._perform = self._huey.task(name="outbox")(self._carry_out)
        self._recur = self._huey.task(name="recurring")(self._carry_out_recurring)
        self._claims = outbox.Claims(database)
        self._stopping = threading.Event()
        self._relay = threading.Thread(target=self._run, name="relay", daemon=True)
        workers = database.settings.jobs.workers
        self._consumer = QuietConsumer(
            self._huey,
            workers=workers,
            periodic=False,
            initial_delay=0.02,
            max_delay=0.25,
            shutdown_timeout=STOP_SECONDS,
        )

    def start(self) -> None:
        """Begin; what a dead process had claimed is free again when no other process can have claimed it."""
        if self._database.kind == "sqlite":
            self._claims.forget()
        self._consumer.start()
        self._relay.start()
        for service in self._services:
            service.start()

    def stop(self) -> None:
        """End after the jobs that are under way; what is left stays in the outbox."""
        self._stopping.set()
        self._relay.join(STOP_SECONDS)
        self._consumer.stop(graceful=True)
        for service in self._services:
            service.stop()

    def _run(self) -> None:
        pause = self._database.settings.jobs.poll_seconds
        due = dict.fromkeys(_RECURRING, time.monotonic())
        while not self._stopping.wait(pause):
            try:
                for row_id in self._claims.take(self._clock.now()):
                    self._perform(row_id)
                self._hand_out_recurring(due)
            except Exception:  # a lost connection must not end the relay; health pages tell
                log.exception("relay_failed")

    def _hand_out_recurring(self, due: dict[str, float]) -> None:
        now = time.monotonic()
        for name, (pace, _) in _RECURRING.items():
            if due.setdefault(name, now) <= now:
                due[name] = now + pace(self._database.settings)
                self._recur(name)

    def _carry_out(self, row_id: int) -> None:
        outbox.perform(self._database, row_id, self._clock.now)

    def _carry_out_recurring(self, name: str) -> None:
        try:
            run_recurring(self._database, self._clock.now(), name)
        except Exception:  # it will be tried again at its next turn
            log.exception("recurring_failed", name=name)


def run_recurring(database: Database, now: datetime, name: str) -> bool:
    """Do the recurring work unless another process is doing it; whether it was done."""
    function = _RECURRING[name][1]
    if database.kind == "sqlite":
        function(database, now)
        return True
    key = {"key": zlib.crc32(name.encode())}
    with database.reading() as session:
        if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), key):
            return False
        function(database, now)
    return True


def make_huey(database: Database) -> "Huey":
    """Return the queue: in memory, or in Redis with signed messages (a queue must not run foreign code)."""
    settings = database.settings.jobs
    options: dict[str, Any] = {"results": False, "utc": True}
    if settings.backend == "redis":
        serializer = SignedSerializer(secret=database.keys.secret("jobs").hex())
        return RedisHuey("exam-portal", url=settings.redis_url, serializer=serializer, **options)
    return MemoryHuey("exam-portal", **options)
