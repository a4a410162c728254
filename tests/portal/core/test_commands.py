# SPDX-License-Identifier: Apache-2.0
"""A command that cannot be carried out says why in plain words and ends with status 2."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from exam_portal.cli import main
from exam_portal.core.database import Database
from exam_portal.core.instance import InstanceLock
from exam_portal.core.settings import Settings
from exam_portal.core.settings.loading import variable
from tests.harness import logs

Run = Callable[..., Result]
ON_A_DATABASE = [
    "fsck",
    "users list",
    "users create --name An --login an@example.vn --organisation X",
    "users reset an@example.vn",
    "bundle TT-01 --out bundle.zip",
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A function that carries out a command on an installation of this test's own."""

    def carry_out(command: str, **settings: str) -> Result:
        for key, value in {"instance__directory": str(tmp_path / "own"), **settings}.items():
            monkeypatch.setenv(variable(key.replace("__", ".")), value)
        return CliRunner().invoke(main, command.split())

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield carry_out
    root.handlers[:] = handlers  # a server logs to the standard error that ended with the command
    root.setLevel(level)
    logs.configure()


def refused(result: Result, *words: str) -> None:
    """Hold that the command was refused with these words, in lines that begin with its name."""
    assert isinstance(result.exception, SystemExit), result.exc_info
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("exam-portal: ")
    assert result.stderr.count("\n") == 1
    assert [word for word in words if word not in result.stderr] == []


@pytest.mark.parametrize("command", ON_A_DATABASE)
def test_where_there_is_no_database_a_command_says_so_and_makes_none(
    run: Run, tmp_path: Path, command: str
) -> None:
    refused(run(command), "there is no database yet", "exam-portal serve")
    assert not (tmp_path / "own" / "portal.sqlite3").exists()


@pytest.mark.parametrize("command", [*ON_A_DATABASE, "serve", "worker"])
@pytest.mark.engines("postgresql")
def test_a_database_of_another_revision_is_refused(
    run: Run, settings: Settings, database: Database, command: str
) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0ld'"))
    jobs = {"jobs__backend": "redis", "jobs__redis_url": "redis://127.0.0.1:1/0"}
    refused(
        run(command, database__url=settings.database_url, **jobs), "revision 0ld", "exam-portal db upgrade"
    )


@pytest.mark.parametrize("command", ["serve", "db upgrade", "db status", "fsck", "users list"])
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "needs a file"),
        ("postgresql+psycopg://nobody:hidden@127.0.0.1:1/x", "cannot be used"),
        ("mysql://nobody:hidden@127.0.0.1/x", "database.url"),
        ("nonsense", "database.url"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(
    run: Run, command: str, url: str, said: str
) -> None:
    result = run(command, database__url=url)
    refused(result, said)
    assert "hidden" not in result.stderr


def test_a_server_that_is_too_old_is_refused(
    run: Run, new_postgres_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exam_portal.core.database.postgresql.OLDEST", 990000)
    refused(run("serve", database__url=new_postgres_database()), "PostgreSQL 15 or later")


@pytest.mark.parametrize("command", ["serve", "db upgrade"])
def test_while_another_process_holds_the_database_a_command_says_which(
    run: Run, tmp_path: Path, command: str
) -> None:
    lock = InstanceLock(tmp_path / "own" / "portal.sqlite3.lock")
    lock.acquire()
    try:
        refused(run(command), "is held by process")
    finally:
        lock.release()


@pytest.mark.parametrize(
    ("command", "settings", "said"),
    [
        ("serve", {"server__prot": "1"}, "unknown key EXAM_PORTAL_SERVER__PROT"),
        ("serve", {"server__port": "many"}, "server.port"),
        ("serve", {"limits__upload_bytes": "90000000"}, "limits.upload_bytes"),
        ("--config nowhere.toml fsck", {}, "nowhere.toml: cannot be read"),
        ("db upgrade --revision 0ther", {}, "0ther"),
        ("backup copies", {}, "there is no database"),
        ("restore .", {}, "holds no backup"),
        ("worker", {}, "jobs.backend is memory"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
    settings: dict[str, str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXAM_PORTAL_CONFIG", "")  # the command line sets it
    refused(run(command, **settings), said)
