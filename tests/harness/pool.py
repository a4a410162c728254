# SPDX-License-Identifier: Apache-2.0
"""Migrated databases on PostgreSQL that are used again: emptied after a test, dropped where it changed more.

Copying hundreds of small files for each test cost half a second of processor; emptying the few tables that a
test wrote to costs a hundredth of that.
"""

import itertools
import os
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from exam_portal.core.private_postgres import PrivateCluster

# What a test must not have changed if its database is to serve another: structure, triggers and their states.
SHAPE = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
  SELECT concat_ws(' ', 'relation', relname, relkind, relhastriggers) AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', 'column', attrelid::regclass, attname, atttypid, attnotnull)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
  UNION ALL
  SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname, tgenabled)
    FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT concat_ws(' ', 'internal trigger', tgrelid::regclass, count(*), tgenabled)
    FROM pg_trigger WHERE tgisinternal GROUP BY tgrelid, tgenabled
  UNION ALL
  SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', 'function', proname, md5(prosrc))
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', 'setting', setdatabase::text, setconfig::text)
    FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
    WHERE datname = current_database()
) AS shape
"""
KEPT = frozenset({"alembic_version"})
_numbers = itertools.count(1)


class DatabasePool:
    """The databases of one session of tests."""

    def __init__(self, cluster: "PrivateCluster", template: str) -> None:
        self._cluster = cluster
        self._template = template
        self._free: list[str] = []
        with self._connect(template) as connection:
            self._shape = _shape(connection)
            self._tables = [row[0] for row in connection.execute(_TABLES) if row[0] not in KEPT]
            filled = _filled(connection, self._tables)
        assert filled == [], f"the migrations fill {filled}: emptying would lose that"

    def take(self) -> str:
        """Return the name of a migrated, empty database that nobody uses."""
        if self._free:
            return self._free.pop()
        name = f"pool_{os.getpid()}_{next(_numbers)}"
        self._cluster.create_database(name, template=self._template)
        return name

    def give_back(self, name: str) -> None:
        """The database is empty again and waits for the next, or is gone because its shape was changed."""
        with self._connect("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        with self._connect(name) as connection:
            is_reusable = _shape(connection) == self._shape
            if is_reusable:
                self._empty(connection)
        if is_reusable:
            self._free.append(name)
        else:
            self._cluster.drop_database(name)

    def _empty(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            for table in _filled(connection, self._tables):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute(_FIRST_NUMBERS)

    def _connect(self, name: str) -> "psycopg.Connection[tuple[object, ...]]":
        address = f"postgresql://portal@127.0.0.1:{self._cluster.port}/{name}"
        return psycopg.connect(address, autocommit=True)


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_FIRST_NUMBERS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def _shape(connection: "psycopg.Connection[tuple[object, ...]]") -> object:
    row = connection.execute(SHAPE).fetchone()
    assert row is not None
    return row[0]


def _filled(connection: "psycopg.Connection[tuple[object, ...]]", tables: list[object]) -> list[str]:
    """Return the tables that hold any row, in one question."""
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
            sql.Literal(table), sql.Identifier(str(table))
        )
        for table in tables
    )
    return [str(row[0]) for row in connection.execute(asked)]
