# SPDX-License-Identifier: Apache-2.0
"""A confined session: the database itself refuses it every table but those of marking (docs/adr/0018).

On PostgreSQL its transactions run under a role that holds nothing else; on SQLite the connection asks about
every table and column that a statement names. What marking needs from elsewhere passes a door: one of the few
functions that lift the confinement for their own statements (``tests/architecture`` lists their modules).
"""

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import psycopg
from psycopg import pq, sql
from sqlalchemy import Connection, Table, event
from sqlalchemy.orm import SessionTransaction

from exam_portal.core.database.postgresql import UnsuitablePostgresql
from exam_portal.core.database.sqlite import ASKS_FIRST
from exam_portal.core.db import CONFINED_ROLE, Base, Session

Given = ParamSpec("Given")
Found = TypeVar("Found")

REACHABLE: set[str] = set()
_CONFINED: Final = "is_confined"
_OPEN: Final = "a_door_is_open"
_ALWAYS: Final = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
_ROWS: Final = frozenset(
    {sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
)


def reachable(*models: type[Base]) -> None:
    """Declare, beside the models, the tables that a confined session reads and writes."""
    for model in models:
        assert isinstance(model.__table__, Table)
        REACHABLE.add(model.__table__.name)


def confine(session: Session) -> None:
    """From now on the session reaches no table but the reachable ones, in this transaction and the next."""
    connection = session.connection() if session.in_transaction() else None
    session.info[_CONFINED] = True
    if connection is not None:
        _shut(session, connection)


@contextmanager
def opened(session: Session) -> Iterator[Session]:
    """Lift the confinement for a while; of an unconfined session nothing changes."""
    if session.info.get(_OPEN) or not session.info.get(_CONFINED):
        yield session
        return
    begun = session.in_transaction()
    session.info[_OPEN] = True
    connection = session.connection()
    try:
        if begun:
            _lift(connection)
        yield session
    finally:
        session.info[_OPEN] = False
        if not connection.closed:
            _shut(session, connection)


def door(
    function: Callable[Concatenate[Session, Given], Found],
) -> Callable[Concatenate[Session, Given], Found]:
    """Make a function one that a confined session may call for what lies elsewhere."""

    @functools.wraps(function)
    def through(session: Session, /, *args: Given.args, **kwargs: Given.kwargs) -> Found:
        with opened(session):
            return function(session, *args, **kwargs)

    return through


@event.listens_for(Session, "after_begin")
def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if session.info.get(_CONFINED) and not session.info.get(_OPEN):
        _shut(session, connection)


def _shut(session: Session, connection: Connection) -> None:
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        connection.connection.info[ASKS_FIRST] = True
        raw.set_authorizer(_decide)
        return
    _run(raw, _set_role(session.info[CONFINED_ROLE]))


def _lift(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.set_authorizer(None)
    else:
        _run(raw, b"SET LOCAL ROLE NONE")


@functools.cache
def _set_role(role: str) -> bytes:
    return sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)).as_bytes(None)


def _run(raw: Any, statement: bytes) -> None:
    """Without the role nothing is read: a confinement that cannot be had is an outage, not a detail.

    It goes through the thin layer of the driver, because a page passes several doors.
    """
    assert isinstance(raw, psycopg.Connection)
    status = raw.info.transaction_status
    if status == pq.TransactionStatus.INERROR:
        return  # nothing is read before the rollback, which takes the role back to what it was
    if status == pq.TransactionStatus.IDLE:
        raw.execute("SELECT 1", prepare=False)  # the driver begins the transaction as it was told to
    result = raw.pgconn.exec_(statement)
    if result.status != pq.ExecStatus.COMMAND_OK:
        told = result.get_error_message().partition("\n")[0]
        raise UnsuitablePostgresql(f"the role of marking cannot be used: {told}; see exam-portal db upgrade")


def _decide(action: int, table: str | None, column: str | None, _database: object, _by: object) -> int:
    """Answer SQLite, which asks while it prepares a statement, about each table and column in it."""
    if action in _ALWAYS:
        return sqlite3.SQLITE_OK
    if action in _ROWS and table in REACHABLE:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (table, column) in _references():
        return sqlite3.SQLITE_OK  # SQLite asks this too when it looks whether a reference leads somewhere
    return sqlite3.SQLITE_DENY


@functools.cache
def _references() -> frozenset[tuple[str, str]]:
    """Return the row numbers to which reachable tables refer: numbers, and nothing that they stand for."""
    return frozenset(
        (key.column.table.name, key.column.name)
        for name in REACHABLE
        for key in Base.metadata.tables[name].foreign_keys
    )
