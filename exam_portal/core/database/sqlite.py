# SPDX-License-Identifier: Apache-2.0
"""SQLite as the portal runs it: which versions, which pragmas, and what counts as a failing disk."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, ExceptionContext, QueuePool, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from exam_portal.core.errors import Unusable

OLDEST: Final = (3, 35, 0)  # RETURNING
FIXED: Final = (3, 51, 3)  # from here on several writers cannot corrupt a WAL file
WITHDRAWN: Final = (3, 52, 0)
ASKS_FIRST: Final = "asks_first"  # a connection that a confined session uses (``core.confinement``)
FATAL: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

COMMON: Final = (
    "busy_timeout=5000",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
)
READER: Final = (*COMMON, "wal_autocheckpoint=0", "query_only=ON")
WRITER: Final = (
    *COMMON,
    "journal_mode=WAL",
    "wal_autocheckpoint=1000",
    "journal_size_limit=67108864",
    "recursive_triggers=ON",  # INSERT OR REPLACE would otherwise delete evidence without its trigger
)


class UnsafeSqlite(Unusable):
    """This SQLite library cannot be used in the way that was asked."""


def guard(version: tuple[int, int, int], *, writers: int) -> None:
    """Refuse a library that is too old, or that can corrupt a WAL file when several connections write."""
    name = ".".join(map(str, version))
    if version < OLDEST:
        raise UnsafeSqlite(f"SQLite {name} is too old: {'.'.join(map(str, OLDEST))} or later is needed")
    if writers > 1 and (version < FIXED or version == WITHDRAWN):
        raise UnsafeSqlite(f"SQLite {name} can corrupt a WAL file with {writers} writers: use exactly one")


def file_of(url: str) -> Path:
    """Return the database file; a database in memory cannot have separate readers and is refused."""
    name = make_url(url).database
    if not name or name == ":memory:" or name.startswith("file:"):
        raise UnsafeSqlite("SQLite needs a file on a local disk, as in sqlite:///instance/portal.sqlite3")
    return Path(name)


def connect(file: Path, pragmas: tuple[str, ...], *, create: bool) -> sqlite3.Connection:
    """Return a connection without implicit transactions and with the pragmas set."""
    if create:
        make_private(file)
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def make_private(file: Path) -> None:
    """The file exists; a new one is readable by its owner only, as are the companions SQLite makes."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def reader_engine(file: Path, size: int) -> Engine:
    """Return the pool of connections that cannot write."""
    return _engine(lambda: connect(file, READER, create=False), "BEGIN", size=size, overflow=size)


def writer_engine(file: Path, on_fatal: Callable[[BaseException], None]) -> Engine:
    """Return the engine of the one connection that writes and makes every checkpoint."""
    engine = _engine(lambda: connect(file, WRITER, create=True), "BEGIN IMMEDIATE", size=1, overflow=0)

    @event.listens_for(engine, "handle_error")
    def watch(context: ExceptionContext) -> None:
        if is_fatal(context.original_exception):
            on_fatal(context.original_exception)

    return engine


def is_fatal(error: BaseException) -> bool:
    """Whether the disk or the file failed: after that no commit of this process can be believed.

    After a failed sync Linux may call the lost pages clean, so that a later, successful sync proves nothing.
    """
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and (code & 0xFF) in FATAL


def _engine(creator: Callable[[], sqlite3.Connection], begin: str, *, size: int, overflow: int) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite"),
        creator=creator,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=overflow,
        hide_parameters=True,  # what is bound is people's, and errors are logged
    )

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "checkin")
    def free(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
        if record.info.pop(ASKS_FIRST, False) and connection is not None:
            connection.set_authorizer(None)  # whoever takes it next is not confined

    return engine
