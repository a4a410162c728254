# SPDX-License-Identifier: Apache-2.0
"""Readers cannot write, a transaction is all or nothing, and instants stay instants, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from exam_portal.core.database import Database
from exam_portal.core.outbox import OutboxRow

NOW = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)


def a_row(**overrides: object) -> OutboxRow:
    values: dict[str, object] = {
        "kind": "test",
        "payload": {},
        "created_at": NOW,
        "next_at": NOW,
        "attempts": 0,
    }
    return OutboxRow(**(values | overrides))


def test_what_was_written_can_be_read(database: Database) -> None:
    with database.writing() as session:
        session.add(a_row(payload={"ô": [1, "2.50"]}))
    with database.reading() as session:
        assert session.scalars(select(OutboxRow)).one().payload == {"ô": [1, "2.50"]}


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    def act() -> None:
        with database.writing() as session:
            session.add(a_row())
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        act()
    with database.reading() as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as session:
        session.add(a_row())
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.flush()


def test_a_reader_sees_one_snapshot(database: Database) -> None:
    with database.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM outbox"))
        with database.writing() as writer:
            writer.add(a_row())
        assert session.scalar(text("SELECT count(*) FROM outbox")) == before
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM outbox")) == 1


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    in_hanoi = NOW.astimezone(timezone(timedelta(hours=7)))
    with database.writing() as session:
        session.add(a_row(created_at=in_hanoi))
    with database.reading() as session:
        found = session.scalars(select(OutboxRow)).one().created_at
    assert (found, found.tzinfo) == (NOW, UTC)


def test_a_naive_datetime_is_refused(database: Database) -> None:
    def act() -> None:
        with database.writing() as session:
            session.add(a_row(created_at=NOW.replace(tzinfo=None)))

    with pytest.raises(StatementError, match="naive"):
        act()


def test_instants_compare_in_queries(database: Database) -> None:
    with database.writing() as session:
        session.add(a_row())
        early = select(OutboxRow.id).where(OutboxRow.created_at < NOW + timedelta(microseconds=1))
        late = select(OutboxRow.id).where(OutboxRow.created_at < NOW)
        assert (len(session.scalars(early).all()), len(session.scalars(late).all())) == (1, 0)


def test_a_session_carries_keys_files_and_signer(database: Database) -> None:
    with database.writing() as writer, database.reading() as reader:
        for session in (writer, reader):
            assert (session.keys, session.files, session.signer) == (
                database.keys,
                database.files,
                database.signer,
            )


def test_the_hot_path_commits_on_both_databases(database: Database) -> None:
    mark = "?" if database.kind == "sqlite" else "%s"
    statement = (
        "INSERT INTO outbox (kind, payload, created_at, next_at, attempts) "
        f"VALUES ({mark}, '{{}}', '2026-01-01', '2026-01-01', 0) RETURNING id"
    )

    def work(connection: object) -> int:
        row = connection.execute(statement, ("hot",)).fetchone()  # type: ignore[attr-defined]
        return int(row[0])

    first, second = database.commit_together(work), database.commit_together(work)
    assert second > first
    with database.reading() as session:
        assert list(session.scalars(select(OutboxRow.id).order_by(OutboxRow.id))) == [first, second]


def test_a_failing_work_on_the_hot_path_leaves_nothing(database: Database) -> None:
    def work(connection: object) -> None:
        connection.execute("DELETE FROM outbox")  # type: ignore[attr-defined]
        raise LookupError

    with database.writing() as session:
        session.add(a_row())
    with pytest.raises(LookupError):
        database.commit_together(work)
    with database.reading() as session:
        assert len(session.scalars(select(OutboxRow)).all()) == 1


@pytest.mark.engines("postgresql")
def test_commits_on_postgresql_are_durable_even_where_the_server_says_otherwise(database: Database) -> None:
    with database.reading() as session:  # the test cluster itself runs with synchronous_commit=off
        assert session.scalar(text("SHOW synchronous_commit")) == "on"
