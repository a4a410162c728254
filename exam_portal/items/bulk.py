# SPDX-License-Identifier: Apache-2.0
"""Many rows in one statement, bound by the driver itself.

A file may bring thousands of items and nobody may hold the writer for long: rows are complete before it is
taken (documents as text), and only what the database assigns is added under it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, insert
from sqlalchemy.sql.compiler import SQLCompiler

from exam_portal.core.db import Base, Session


def add(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], *, common: Mapping[str, Any]
) -> None:
    """Every row is in the table; ``common`` holds the columns in which they agree, as Python values."""
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)
    connection = session.connection()
    shared = {name: _bound(table, name, value, connection.dialect) for name, value in common.items()}
    names = [*rows[0], *shared]
    statement = insert(table).values({name: bindparam(name) for name in names})
    compiled = statement.compile(dialect=connection.dialect)
    assert isinstance(compiled, SQLCompiler)
    connection.exec_driver_sql(compiled.string, _parameters(compiled, rows, shared))


def _parameters(
    compiled: SQLCompiler, rows: Iterable[Mapping[str, Any]], shared: Mapping[str, Any]
) -> list[Any]:
    if compiled.positiontup is None:
        return [{**row, **shared} for row in rows]
    order = compiled.positiontup
    return [tuple(row[name] if name in row else shared[name] for name in order) for row in rows]


def _bound(table: Table, name: str, value: Any, dialect: Dialect) -> Any:
    """Return the value as the driver wants it."""
    process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return value if process is None else process(value)
