# SPDX-License-Identifier: Apache-2.0
"""The one in-process writer lock: who waits, how long it is held, and what happens when that is too long."""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from exam_portal.core import telemetry

log = structlog.get_logger(__name__)


class WriterHeldTooLong(Exception):
    """A transaction computed longer than the budget while everybody else waited for the writer."""


class NestedWriting(Exception):
    """A thread that already holds the writer asked for it again; it would wait for itself."""


@contextmanager
def _no_collection() -> Iterator[None]:
    """Put the collection of garbage off: in a large process one takes longer than the whole budget."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class WriterLock:
    """A lock with a budget. Parsing, hashing and rendering belong outside; bulk inserts use executemany."""

    def __init__(self, *, budget_ms: int, strict: bool) -> None:
        self.budget_ms = budget_ms
        self.strict = strict
        self.longest_ms = 0.0
        self._lock = threading.Lock()
        self._holder: int | None = None

    @contextmanager
    def hold(self, *, unhurried: bool = False) -> Iterator[None]:
        """Hold the writer; afterwards report, and if strict refuse, what went over the budget.

        Strictness looks at the processor time of this thread, so that a busy machine is not blamed on the
        code; the warning looks at the wall, because that is what the others wait for.
        """
        if self._holder == threading.get_ident():
            raise NestedWriting("this thread already holds the writer: compose verbs in one session instead")
        with self._lock:
            self._holder = threading.get_ident()
            wall, processor = time.monotonic(), time.thread_time()
            try:
                if unhurried:
                    yield
                else:
                    with _no_collection():
                        yield
            finally:
                wall_ms = (time.monotonic() - wall) * 1000
                processor_ms = (time.thread_time() - processor) * 1000
                self._holder = None
        if not unhurried:
            self._judge(wall_ms, processor_ms)

    def _judge(self, wall_ms: float, processor_ms: float) -> None:
        telemetry.WRITER_SECONDS.observe(wall_ms / 1000)
        self.longest_ms = max(self.longest_ms, wall_ms)
        if wall_ms > self.budget_ms:
            log.warning("writer_held_too_long", wall_ms=round(wall_ms), processor_ms=round(processor_ms))
        if self.strict and processor_ms > self.budget_ms:
            raise WriterHeldTooLong(f"the writer was held for {processor_ms:.0f} ms of processor time")
