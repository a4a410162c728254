# SPDX-License-Identifier: Apache-2.0
"""One door to the database: ``reading``, ``writing``, and ``commit_together`` for the answer path."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import configure_mappers

from exam_portal.core.database import postgresql, sqlite
from exam_portal.core.database.groups import GroupCommit
from exam_portal.core.database.lines import Lines
from exam_portal.core.database.writer import WriterLock
from exam_portal.core.db import CONFINED_ROLE, Session
from exam_portal.core.instance import InstanceLock, prepare
from exam_portal.core.keystore import Keystore
from exam_portal.core.settings import Settings
from exam_portal.core.signing import Signer
from exam_portal.core.storage import Storage

T = TypeVar("T")
EXIT_STORAGE_FAILED = 74  # EX_IOERR


def _end_process(error: BaseException) -> None:
    """End at once, acknowledging nothing more: the parent starts a process that reads the disk afresh."""
    sys.stderr.write(f"exam-portal: the database file failed ({error}); this process ends\n")
    sys.stderr.flush()
    os._exit(EXIT_STORAGE_FAILED)


class Database:
    """The database with what a session carries beside it.

    On SQLite the first use of the writer takes the lock of the operating system on the database file; until
    ``dispose`` no other process can write.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        keys: Keystore | None = None,
        files: Storage | None = None,
        signer: Signer | None = None,
        on_storage_failure: Callable[[BaseException], None] = _end_process,
    ) -> None:
        prepare(settings)
        self.settings = settings
        self.kind: Literal["sqlite", "postgresql"] = "sqlite" if settings.is_embedded else "postgresql"
        self.keys = keys or Keystore.of(settings)
        self.signer = signer or Signer.of(settings)
        self.files = files or Storage.of(settings, self.keys)
        self.lock = WriterLock(
            budget_ms=settings.database.writer_budget_ms, strict=settings.database.long_writes == "raise"
        )
        self._on_failure = on_storage_failure
        self._groups = GroupCommit(self._borrow, on_storage_failure)
        self.instance_lock: InstanceLock | None = None
        self.file: Path | None = None
        self._reader, self._writer = self._open(settings)
        self._lines = Lines(self._writer, settings.database.pool)
        configure_mappers()  # once, here: otherwise the first verb would do it while it holds the writer

    def hold(self, *, wait_seconds: float = 0) -> None:
        """Be the only process that can write, or raise InstanceHeld (nothing to do on PostgreSQL)."""
        if self.instance_lock is not None and self.instance_lock.acquire(wait_seconds=wait_seconds):
            self._writer.connect().close()  # so that the first act need not open it while it holds the writer

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session on one consistent snapshot; the database itself refuses its writes."""
        with self._session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self, *, unhurried: bool = False) -> Iterator[Session]:
        """Yield the session of one transaction: committed at the end, rolled back when anything is raised.

        On SQLite it holds the one writer, so it must be short; ``unhurried`` is for seeds and commands that
        have the installation to themselves.
        """
        if self.kind == "postgresql":
            with self._session(self._writer) as session, session.begin():
                yield session
            return
        self.hold()
        with (
            self.lock.hold(unhurried=unhurried),
            self._session(self._writer) as session,
            session.begin(),
        ):
            yield session

    def commit_together(self, work: Callable[[DBAPIConnection], T]) -> T:
        """Return what ``work`` returned on the driver's connection, after the COMMIT that holds it.

        On SQLite many threads' works share one transaction, each in a savepoint of its own.
        """
        if self.kind == "sqlite":
            self.hold()
            return self._groups.run(work)
        with self._lines.borrow() as line:
            return work(line)  # type: ignore[arg-type]

    def revision(self) -> str | None:
        """Return the revision of the tables; None when there are none (or no file yet)."""
        if self.file is not None and not self.file.exists():
            return None
        with self.reading() as session:
            return MigrationContext.configure(session.connection()).get_current_revision()

    def dispose(self) -> None:
        """Close every connection, the writer last (it makes the final checkpoint), then free the lock."""
        self._lines.dispose()
        self._reader.dispose()
        self._writer.dispose()
        if self.instance_lock is not None:
            self.instance_lock.release()

    def _open(self, settings: Settings) -> tuple[Engine, Engine]:
        if self.kind == "postgresql":
            pool = postgresql.engine(settings.database, settings.database_url)
            return postgresql.readers(pool), pool
        sqlite.guard(sqlite3.sqlite_version_info, writers=settings.server.workers)
        self.file = file = sqlite.file_of(settings.database_url)
        self.instance_lock = InstanceLock.beside(file)
        return sqlite.reader_engine(file, settings.database.readers), sqlite.writer_engine(
            file, self._on_failure
        )

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            session.keys, session.files, session.signer = self.keys, self.files, self.signer
            session.info[CONFINED_ROLE] = self.settings.database.marking_role
            yield session

    @contextmanager
    def _borrow(self) -> Iterator[sqlite3.Connection]:
        with self.lock.hold():
            pooled = self._writer.raw_connection()
            try:
                assert isinstance(pooled.driver_connection, sqlite3.Connection)
                yield pooled.driver_connection
            finally:
                pooled.close()
