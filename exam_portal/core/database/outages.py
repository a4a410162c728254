# SPDX-License-Identifier: Apache-2.0
"""Which faults are the database's and pass: a full disk, a busy file, a server that is down or comes up."""

import sqlite3
from collections.abc import Iterator
from typing import Final

import psycopg
from sqlalchemy.exc import TimeoutError as PoolExhausted

from exam_portal.core.database.groups import BatchLost
from exam_portal.core.database.postgresql import UnsuitablePostgresql

PASSING: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
)


def is_outage(error: BaseException) -> bool:
    """Whether the same request may succeed once the database is itself again; of this one nothing is stored.

    (After a failed sync no such answer is given: that ends the process.)
    """
    return any(_is_one(each) for each in _causes(error))


def _is_one(error: BaseException) -> bool:
    if isinstance(error, BatchLost | PoolExhausted | UnsuitablePostgresql | psycopg.OperationalError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and (code & 0xFF) in PASSING


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        original = getattr(error, "orig", None)
        error = original if isinstance(original, BaseException) else error.__cause__
