# SPDX-License-Identifier: Apache-2.0
"""The role of PostgreSQL under which confined sessions run: made, granted its few tables, and checked.

Like the triggers of evidence it is renewed by every migration, so that a new table is out of its reach until
somebody declares it reachable. On SQLite there are no roles, and nothing is to be done.
"""

from typing import Final

from psycopg import sql
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ProgrammingError

from exam_portal.core.confinement import REACHABLE
from exam_portal.core.errors import Unusable

ACTS: Final = "SELECT, INSERT, UPDATE, DELETE"
_EXISTS: Final = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
_MAY: Final = text("SELECT pg_has_role(current_user, :role, :how)")
_SETS: Final = (16,)  # the version from which a member may not by that alone take the role on
_BEYOND: Final = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname <> ALL (:reachable)"
    " AND (has_any_column_privilege(:role, oid, 'SELECT, INSERT, UPDATE, REFERENCES')"
    " OR has_table_privilege(:role, oid, 'DELETE, TRUNCATE, TRIGGER'))"
    " ORDER BY relname"
)
_MISSING: Final = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relname = ANY (:reachable) AND NOT (has_table_privilege(:role, oid, 'SELECT')"
    " AND has_table_privilege(:role, oid, 'INSERT') AND has_table_privilege(:role, oid, 'UPDATE')"
    " AND has_table_privilege(:role, oid, 'DELETE')) ORDER BY relname"
)


class MarkingRoleMissing(Unusable):
    """The role of marking cannot be made or used by the account of the portal; nothing was migrated."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"the pages of marking need the role {role}, and this account may not make it: have an"
            f" administrator of PostgreSQL run CREATE ROLE {role} NOLOGIN; GRANT {role} TO <this account>;"
        )


def install(connection: Connection, role: str) -> None:
    """The role exists, the portal may take it on, and it reaches the reachable tables and no others."""
    if connection.dialect.name != "postgresql":
        return
    _make(connection, role)
    schema = _identifier(connection, str(connection.scalar(text("SELECT current_schema()"))))
    name = _identifier(connection, role)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
    for things in ("TABLES", "SEQUENCES"):
        connection.exec_driver_sql(f"REVOKE ALL ON ALL {things} IN SCHEMA {schema} FROM {name}")
    for table in sorted(REACHABLE & set(inspect(connection).get_table_names())):
        own = _identifier(connection, table)
        connection.exec_driver_sql(f"GRANT {ACTS} ON {own} TO {name}")
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:own, 'id')"), {"own": own})
        if sequence is not None:
            connection.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {sequence} TO {name}")


def problem(connection: Connection, role: str) -> str:
    """Return what stands against the role: "missing", "beyond <table>", "without <table>", or nothing."""
    if connection.dialect.name != "postgresql":
        return ""
    given = {"role": role, "reachable": sorted(REACHABLE)}
    if not connection.scalar(_EXISTS, {"role": role}) or not _may_take_on(connection, role):
        return "missing"
    if (table := connection.scalar(_BEYOND, given)) is not None:
        return f"beyond {table}"
    table = connection.scalar(_MISSING, given)
    return f"without {table}" if table is not None else ""


def _make(connection: Connection, role: str) -> None:
    name = _identifier(connection, role)
    try:
        with connection.begin_nested():
            if not connection.scalar(_EXISTS, {"role": role}):
                connection.exec_driver_sql(f"CREATE ROLE {name} NOLOGIN")
            if not _may_take_on(connection, role):
                connection.exec_driver_sql(f"GRANT {name} TO CURRENT_USER")
    except ProgrammingError as refused:
        raise MarkingRoleMissing(role) from refused


def _may_take_on(connection: Connection, role: str) -> bool:
    """Whether the account may take it on; from 16 on, who makes a role is a member without that right."""
    version = connection.dialect.server_version_info or _SETS
    how = "SET" if tuple(version) >= _SETS else "MEMBER"
    return bool(connection.scalar(_MAY, {"role": role, "how": how}))


def _identifier(connection: Connection, name: str) -> str:
    return sql.Identifier(name).as_string(connection.connection.driver_connection)
