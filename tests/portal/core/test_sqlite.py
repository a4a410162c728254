# SPDX-License-Identifier: Apache-2.0
"""SQLite runs with the pragmas that durability and safety need, and only where its library is safe."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from exam_portal.core.database import Database, UnsafeSqlite, sqlite
from exam_portal.core.database.database import EXIT_STORAGE_FAILED
from exam_portal.core.settings import Settings
from tests.harness.databases import settings_in

EXPECTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "busy_timeout": 5000,
    "cell_size_check": 1,
    "mmap_size": 0,
}


@pytest.mark.parametrize(("name", "value"), EXPECTED.items())
def test_both_kinds_of_connections_are_durable_and_strict(bare: Database, name: str, value: Any) -> None:
    with bare.writing() as session:
        assert session.scalar(text(f"PRAGMA {name}")) == value
    with bare.reading() as session:
        assert session.scalar(text(f"PRAGMA {name}")) == value


def test_only_the_writer_makes_checkpoints_and_only_readers_are_query_only(bare: Database) -> None:
    with bare.writing() as session:
        writer = [session.scalar(text(f"PRAGMA {name}")) for name in ("wal_autocheckpoint", "query_only")]
    with bare.reading() as session:
        reader = [session.scalar(text(f"PRAGMA {name}")) for name in ("wal_autocheckpoint", "query_only")]
    assert (writer, reader) == ([1000, 0], [0, 1])


def test_there_is_one_writer_connection(bare: Database) -> None:
    seen = set()
    for _ in range(3):
        with bare.writing() as session:
            seen.add(id(session.connection().connection.driver_connection))
        bare.commit_together(lambda connection: seen.add(id(connection)))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("version", "writers", "is_safe"),
    [
        ((3, 34, 1), 1, False),
        ((3, 35, 0), 1, True),
        ((3, 40, 1), 1, True),
        ((3, 40, 1), 2, False),
        ((3, 51, 2), 2, False),
        ((3, 51, 3), 2, True),
        ((3, 52, 0), 2, False),
        ((3, 53, 0), 2, True),
    ],
)
def test_a_library_that_can_corrupt_the_file_is_refused(
    version: tuple[int, int, int], writers: int, is_safe: bool
) -> None:
    if is_safe:
        sqlite.guard(version, writers=writers)
    else:
        with pytest.raises(UnsafeSqlite):
            sqlite.guard(version, writers=writers)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory"])
def test_a_database_in_memory_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeSqlite, match="file"):
        Database(settings_in(tmp_path, url=url))


def _a_disk_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    return error


def test_a_failing_disk_on_the_hot_path_is_reported_before_anything_is_acknowledged(
    bare_settings: Settings,
) -> None:
    failures: list[BaseException] = []
    database = Database(bare_settings, on_storage_failure=failures.append)

    def work(_connection: object) -> None:
        raise _a_disk_error()

    with pytest.raises(sqlite3.OperationalError):
        database.commit_together(work)
    database.dispose()
    assert [type(each) for each in failures] == [sqlite3.OperationalError]


def test_an_ordinary_error_is_not_a_failing_disk(bare_settings: Settings) -> None:
    failures: list[BaseException] = []
    database = Database(bare_settings, on_storage_failure=failures.append)
    with pytest.raises(sqlite3.OperationalError):
        database.commit_together(lambda connection: connection.execute("SELECT * FROM nowhere"))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("SELECT * FROM nowhere"))
    database.dispose()
    assert failures == []


CHILD = """
import resource, sys
from pathlib import Path
from sqlalchemy import text
from exam_portal.core import telemetry
from exam_portal.core.database import Database
from tests.harness.databases import settings_in
settings = settings_in(Path(sys.argv[1]))
telemetry.configure(settings.log)  # to standard error: what is printed below is what was acknowledged
database = Database(settings)
with database.writing() as session:
    session.execute(text("CREATE TABLE kept (n INTEGER, filling TEXT)"))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
for number in range(10_000):
    if sys.argv[2] == "verb":
        with database.writing() as session:
            session.execute(text("INSERT INTO kept VALUES (:n, :f)"), {"n": number, "f": "x" * 5000})
    else:
        row = (number, "x" * 5000)
        database.commit_together(lambda c: c.execute("INSERT INTO kept VALUES (?, ?)", row).rowcount)
    print(number, flush=True)
"""


@pytest.mark.parametrize("path", ["verb", "answers"])
def test_a_process_whose_disk_fails_ends_and_has_acknowledged_only_what_is_stored(
    tmp_path: Path, path: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), path], capture_output=True, text=True, check=False
    )
    acknowledged = {int(line) for line in done.stdout.split()}
    with sqlite3.connect(tmp_path / "portal.sqlite3") as connection:
        stored = {n for (n,) in connection.execute("SELECT n FROM kept")}
    connection.close()
    assert done.returncode == EXIT_STORAGE_FAILED, done.stderr
    assert len(acknowledged) > 10
    assert acknowledged <= stored
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY  # of the child only


KILLED = """
import sys, threading
from pathlib import Path
from sqlalchemy import text
from exam_portal.core import telemetry
from exam_portal.core.database import Database
from tests.harness.databases import settings_in
settings = settings_in(Path(sys.argv[1]))
telemetry.configure(settings.log)  # to standard error: what is printed below is what was acknowledged
database = Database(settings)
with database.writing() as session:
    session.execute(text("CREATE TABLE IF NOT EXISTS kept (thread INTEGER, n INTEGER)"))
def save(thread):
    for n in range(1_000_000):
        if sys.argv[2] == "lying":
            print(thread, n, flush=True)
        database.commit_together(lambda c: c.execute("INSERT INTO kept VALUES (?, ?)", (thread, n)).rowcount)
        if sys.argv[2] == "honest":
            sys.stdout.write(f"{thread} {n}\\n"); sys.stdout.flush()
threads = [threading.Thread(target=save, args=(each,), daemon=True) for each in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
"""


def _acknowledged_but_lost(directory: Path, kind: str, *, lines: int) -> int:
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(directory), kind], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    seen = [child.stdout.readline() for _ in range(lines)]
    os.kill(child.pid, signal.SIGKILL)
    seen += child.stdout.read().splitlines()
    child.stdout.close()
    child.wait()
    told = {tuple(map(int, line.split())) for line in seen if len(line.split()) == 2}
    connection = sqlite3.connect(directory / "portal.sqlite3")
    stored = set(connection.execute("SELECT thread, n FROM kept"))
    connection.close()
    return len(told - stored)


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    assert sum(_acknowledged_but_lost(tmp_path / str(n), "honest", lines=300 + 97 * n) for n in range(3)) == 0


def test_the_kill_test_would_notice_acknowledgements_before_the_commit(tmp_path: Path) -> None:
    assert sum(_acknowledged_but_lost(tmp_path / str(n), "lying", lines=300 + 97 * n) for n in range(3)) > 0


def test_no_test_relies_on_the_order_of_rows_that_nobody_asked_to_have_sorted(bare: Database) -> None:
    with bare.writing() as session:
        session.execute(text("CREATE TABLE written (at INTEGER PRIMARY KEY)"))
        session.execute(text("INSERT INTO written VALUES (1), (2), (3)"))
    with bare.reading() as session:
        assert session.scalars(text("SELECT at FROM written")).all() == [3, 2, 1]
        assert session.scalars(text("SELECT at FROM written ORDER BY at")).all() == [1, 2, 3]
