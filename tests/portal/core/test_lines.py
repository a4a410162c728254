# SPDX-License-Identifier: Apache-2.0
"""Lines to PostgreSQL: a statement is its own transaction, prepared once; nobody meets a broken line."""

import psycopg
import pytest
from sqlalchemy import text

from exam_portal.core.database import Database, is_outage
from exam_portal.core.database.lines import Statement, array
from exam_portal.core.settings import Settings

pytestmark = pytest.mark.engines("postgresql")

PUT = """
INSERT INTO outbox (kind, payload, created_at, next_at, attempts)
SELECT $1, '{}', $2, $2, number FROM unnest($3::int[]) AS number
"""
AT = "2026-01-01T00:00:00+00:00"


def put(database: Database, statement: Statement, kind: str, *numbers: int) -> int:
    return database.commit_together(lambda line: statement.run(line, (kind, AT, array(numbers))))  # type: ignore[arg-type]


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT kind FROM outbox ORDER BY id")))


def prepared(database: Database) -> list[str]:
    query = "SELECT name FROM pg_prepared_statements"
    return database.commit_together(lambda line: [name for (name,) in line.execute(query)])


def test_what_is_prepared_on_a_line_outlives_what_others_roll_back(database: Database) -> None:
    statement = Statement("put", PUT)
    assert put(database, statement, "first", 1, 2) == 2
    with database.reading() as session:  # ends with a ROLLBACK, on a connection of the pool
        session.execute(text("SELECT 1"))
    assert "put" in prepared(database)
    assert put(database, statement, "second", 3) == 1
    assert kinds(database) == ["first", "first", "second"]


def test_nothing_is_prepared_where_the_settings_forbid_it(settings: Settings) -> None:
    without = settings.database.model_copy(update={"prepared_statements": False})
    database = Database(settings.model_copy(update={"database": without}))
    try:
        assert put(database, Statement("put", PUT), "plain", 1) == 1
        assert prepared(database) == []
        assert kinds(database) == ["plain"]
    finally:
        database.dispose()


def test_a_statement_that_is_refused_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    statement = Statement("put", PUT)
    with pytest.raises(psycopg.errors.CheckViolation):
        put(database, statement, "refused", 1, -1)
    assert put(database, statement, "taken", 1) == 1
    assert kinds(database) == ["taken"]


def test_where_one_line_died_nobody_meets_the_others(database: Database) -> None:
    statement = Statement("put", PUT)
    lines = database._lines
    with lines.borrow() as first, lines.borrow() as second:
        dead = [first.info.backend_pid, second.info.backend_pid]
    with database.reading() as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM unnest(:dead) AS pid"), {"dead": dead})
    with pytest.raises(psycopg.OperationalError) as problem:
        put(database, statement, "lost", 1)
    assert is_outage(problem.value)
    assert put(database, statement, "stored", 1) == 1
    assert kinds(database) == ["stored"]


def test_a_list_of_numbers_or_of_bytes_arrives_as_it_was(database: Database) -> None:
    numbers, texts = [1, 2**31 - 1], [b"", b"\x00\xff"]
    query = "SELECT 1 WHERE $1::int[] = ARRAY[1, 2147483647] AND $2::bytea[] = ARRAY['', '\\x00ff'::bytea]"
    insert = f"INSERT INTO outbox (kind, payload, created_at, next_at, attempts) SELECT 'same', '{{}}', '{AT}', '{AT}', x FROM ({query}) AS found (x)"  # noqa: E501
    statement = Statement("same", insert)
    same = database.commit_together(lambda line: statement.run(line, (array(numbers), array(texts))))  # type: ignore[arg-type]
    assert same == 1
