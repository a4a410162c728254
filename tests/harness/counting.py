# SPDX-License-Identifier: Apache-2.0
"""What the database is asked: every statement and every commit, as SQLite itself reports them."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Pool, event

BESIDE = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


@dataclasses.dataclass(slots=True)
class Counts:
    """What was asked while it was counted."""

    statements: list[str] = dataclasses.field(default_factory=list)
    commits: int = 0

    def note(self, statement: str) -> None:
        """One statement more; those of triggers (SQLite shows them as comments) belong to another."""
        first = statement.lstrip().upper()
        if first.startswith("COMMIT"):
            self.commits += 1
        elif not first.startswith(("--", *BESIDE)):
            self.statements.append(statement)


@contextmanager
def counted() -> Iterator[Counts]:
    """Yield what every connection that is taken from a pool meanwhile is asked, past the ORM as well."""
    counts = Counts()

    def watch(connection: Any, *_: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(counts.note)

    def leave(connection: Any, *_: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(None)

    event.listen(Pool, "checkout", watch)
    event.listen(Pool, "checkin", leave)
    try:
        yield counts
    finally:
        event.remove(Pool, "checkout", watch)
        event.remove(Pool, "checkin", leave)
