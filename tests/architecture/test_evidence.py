# SPDX-License-Identifier: Apache-2.0
"""Evidence is guarded by the database itself, on both engines, after the real migrations."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from exam_portal.core import schema, triggers
from exam_portal.core.database import Database
from exam_portal.core.db import APPEND_ONLY


def test_every_table_of_the_evidence_has_its_triggers(database: Database) -> None:
    schema.metadata()
    assert APPEND_ONLY
    with database.reading() as session:
        guarded = list(triggers.installed(session.connection()).values())
    assert {name: guarded.count(name) for name in APPEND_ONLY} == dict.fromkeys(APPEND_ONLY, 2)


def test_the_migrations_leave_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.reading() as session:
        found = set(inspect(session.connection()).get_table_names())
    assert found - {"alembic_version"} == set(schema.metadata().tables)


def test_no_evidence_hangs_on_a_cascade() -> None:
    cascading = [
        f"{table.name}.{column.name}"
        for table in schema.metadata().tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.ondelete or key.onupdate
    ]
    assert cascading == []


def test_a_leaf_can_be_neither_changed_nor_deleted(database: Database) -> None:
    with database.writing() as session:
        session.execute(text(INSERT_LOG))
        session.execute(text(INSERT_LEAF), {"bytes": b"0" * 32, "at": "2026-01-01 00:00:00"})
    for statement in ("UPDATE leaves SET type = 'other'", "DELETE FROM leaves"):
        with pytest.raises(DBAPIError, match=triggers.MESSAGE), database.writing() as session:
            session.execute(text(statement))


INSERT_LOG = """INSERT INTO logs (id, public_id, origin, created_at)
VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'a test', '2026-01-01 00:00:00')"""
INSERT_LEAF = """INSERT INTO leaves (id, log_id, type, at, content, salt, commitment)
VALUES (1, 1, 'tests.written', :at, '{}', :bytes, :bytes)"""
