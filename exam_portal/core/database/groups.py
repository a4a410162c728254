# SPDX-License-Identifier: Apache-2.0
"""Group commit: many threads' small works in one transaction, acknowledged only after its COMMIT."""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from exam_portal.core import telemetry
from exam_portal.core.database.sqlite import is_fatal

T = TypeVar("T")
LARGEST_BATCH = 512
LONGEST_BATCH_SECONDS = 0.04  # leaves room for the COMMIT inside the budget of the writer


class BatchLost(Exception):
    """The transaction was rolled back by the database; nothing of the batch is stored."""


class _Entry(Generic[T]):
    __slots__ = ("_error", "_result", "_wake", "is_settled", "work")

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.is_settled = False
        self._wake = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None

    def attempt(self, connection: sqlite3.Connection) -> None:
        connection.execute("SAVEPOINT work")
        try:
            self._result = self.work(connection)
        except Exception as problem:  # noqa: BLE001 - handed to the thread that brought the work
            self._error = problem
            if connection.in_transaction:
                connection.execute("ROLLBACK TO work")
        if connection.in_transaction:
            connection.execute("RELEASE work")

    def check(self, connection: sqlite3.Connection) -> None:
        """Stop the batch when the disk failed or the database gave up the whole transaction."""
        if self._error is not None and is_fatal(self._error):
            raise self._error
        if not connection.in_transaction:
            raise BatchLost("the database rolled the whole transaction back")

    def fail(self, error: BaseException) -> None:
        self._error = self._error or (error if isinstance(error, Exception) else BatchLost(repr(error)))

    def settle(self) -> None:
        self.is_settled = True
        self._wake.set()

    def lead(self) -> None:
        self._wake.set()

    def wait(self) -> None:
        self._wake.wait()

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]


class GroupCommit:
    """Threads bring works; whoever comes first leads one transaction with all that has gathered meanwhile.

    ``borrow`` gives the writer's connection and holds the writer lock. A leader serves one batch and hands
    the lead to the first of those who came later, so nobody waits for more than the batch before his own.
    """

    def __init__(
        self,
        borrow: Callable[[], AbstractContextManager[sqlite3.Connection]],
        on_fatal: Callable[[BaseException], None],
    ) -> None:
        self._borrow = borrow
        self._on_fatal = on_fatal
        self._mutex = threading.Lock()
        self._waiting: deque[_Entry[Any]] = deque()
        self._is_led = False

    def run(self, work: Callable[[Any], T]) -> T:
        """Return what ``work`` returned, after the COMMIT that holds it; or raise what it raised."""
        entry = _Entry(work)
        with self._mutex:
            self._waiting.append(entry)
            follows, self._is_led = self._is_led, True
        if follows:
            entry.wait()
        if not entry.is_settled:
            self._lead()
        return entry.outcome()

    def _lead(self) -> None:
        batch: list[_Entry[Any]] = []
        try:
            with self._borrow() as connection:
                self._commit(connection, batch)
        except BaseException as problem:
            self._fail(batch, problem)
            if not isinstance(problem, Exception):
                raise
        finally:
            self._hand_over()
            for entry in batch:
                entry.settle()

    def _fail(self, batch: list[_Entry[Any]], problem: BaseException) -> None:
        """Tell every thread of the batch; a failing disk ends the process before any of them answers."""
        if not batch and (own := self._next()) is not None:
            batch.append(own)  # the connection could not be had: the leader fails, the next may try
        for entry in batch:
            entry.fail(problem)
        if is_fatal(problem):
            self._on_fatal(problem)

    def _commit(self, connection: sqlite3.Connection, batch: list[_Entry[Any]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + LONGEST_BATCH_SECONDS
        try:
            while (entry := self._next()) is not None:
                batch.append(entry)
                entry.attempt(connection)
                entry.check(connection)
                if len(batch) == LARGEST_BATCH or time.monotonic() > until:
                    break
            connection.execute("COMMIT")
            telemetry.BATCH.observe(len(batch))
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _next(self) -> "_Entry[Any] | None":
        with self._mutex:
            return self._waiting.popleft() if self._waiting else None

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting[0].lead()
            else:
                self._is_led = False
