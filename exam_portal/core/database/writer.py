# SPDX-License-Identifier: Apache-2.0
"""The one in-process writer lock: who waits, how long it is held, and what happens when that is too long."""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog

from exam_portal.core import telemetry

log = structlog.get_logger(__name__)
NEVER = 2**31 - 1


class WriterHeldTooLong(Exception):
    """A transaction computed longer than the budget while everybody else waited for the writer."""


class NestedWriting(Exception):
    """A thread that already holds the writer asked for it again; it would wait for itself."""


class _NoFullCollection:
    """Inside, only young garbage is collected: going through a large process takes longer than the budget.

    What was put off begins at once when the last one leaves. So a holder leaves only once the writer is free;
    by then the next one may be inside, and must not be befallen either.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._inside = 0
        self._thresholds = gc.get_threshold()

    def __enter__(self) -> None:
        with self._mutex:
            if self._inside == 0:
                self._thresholds = gc.get_threshold()
                gc.set_threshold(*self._thresholds[:2], NEVER)
            self._inside += 1

    def __exit__(self, *_exception: object) -> None:
        with self._mutex:
            self._inside -= 1
            if self._inside == 0:
                gc.set_threshold(*self._thresholds)


_NO_FULL_COLLECTION = _NoFullCollection()


# Of several processes on a borrowed core: the processor time of the same work was seen to count up to half
# more than alone, and what the machine's host takes for itself is counted as well.
SHARED_CORE = 3.0


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
        with ExitStack() as afterwards, self._lock:
            self._holder = threading.get_ident()
            if not unhurried:
                afterwards.enter_context(_NO_FULL_COLLECTION)
            wall, processor = time.monotonic(), time.thread_time()
            try:
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
        if self.strict and processor_ms > self.budget_ms * SHARED_CORE:
            raise WriterHeldTooLong(f"the writer was held for {processor_ms:.0f} ms of processor time")
