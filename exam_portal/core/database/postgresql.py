# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL as the portal runs it: a pool, durable commits, read-only snapshots for readers."""

from typing import Any

import psycopg
from sqlalchemy import Engine, ExceptionContext, create_engine, event

from exam_portal.core.errors import Unusable
from exam_portal.core.settings import DatabaseSettings

OLDEST = 150000


class UnsuitablePostgresql(Unusable):
    """This server cannot be reached, or cannot be used."""


def engine(settings: DatabaseSettings, url: str) -> Engine:
    """Return the pool; every new connection speaks UTC and commits durably."""
    made = create_engine(
        url,
        pool_size=settings.pool,
        max_overflow=settings.pool,
        pool_timeout=15,
        hide_parameters=True,  # what is bound is people's, and errors are logged
        connect_args={
            "prepare_threshold": 5 if settings.prepared_statements else None,
            "connect_timeout": 10,
        },
    )

    @event.listens_for(made, "connect")
    def prepare(connection: "psycopg.Connection[Any]", _record: object) -> None:
        _prepare(connection)

    @event.listens_for(made, "handle_error")
    def name_the_cause(context: ExceptionContext) -> None:
        if context.connection is None:
            cause = str(context.original_exception).partition("\n")[0]
            raise UnsuitablePostgresql(f"PostgreSQL cannot be used: {cause}") from context.original_exception

    return made


def readers(writing: Engine) -> Engine:
    """Return the same pool for readers: one snapshot per transaction, and no way to write."""
    return writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _prepare(connection: "psycopg.Connection[Any]") -> None:
    if connection.info.server_version < OLDEST:
        raise UnsuitablePostgresql(f"PostgreSQL 15 or later is needed, not {connection.info.server_version}")
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")
    setting = connection.execute("SHOW synchronous_commit").fetchone()
    if setting is not None and setting[0] in {"off", "local"}:  # never weaker than on, stronger stays
        connection.execute("SET synchronous_commit = on")
    connection.autocommit = False
