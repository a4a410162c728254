# SPDX-License-Identifier: Apache-2.0
"""Triggers that abort every change of evidence, made from the one registry ``core.db.APPEND_ONLY``.

They are defence in depth: the code has no path that updates or deletes a fact. A migration that rebuilds a
table on SQLite drops its triggers with it, therefore every migration removes all and installs all again.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, inspect, text

from exam_portal.core.db import APPEND_ONLY

PREFIX = "append_only_"
FUNCTION = f"{PREFIX}guard"
MESSAGE = "evidence is appended, never changed"

_FUNCTION_BODY = """
CREATE OR REPLACE FUNCTION append_only_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb;
  after jsonb;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
    before := to_jsonb(OLD);
    after := to_jsonb(NEW);
    IF before - TG_ARGV = after - TG_ARGV AND NOT EXISTS (
      SELECT FROM unnest(TG_ARGV) AS name
      WHERE before -> name <> 'null'::jsonb AND before -> name IS DISTINCT FROM after -> name
    ) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'evidence is appended, never changed: %', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: Connection, registry: Mapping[str, frozenset[str]] = APPEND_ONLY) -> None:
    """Make every registered table that exists append-only; what was installed before is replaced."""
    remove(connection)
    statements = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    present = {name: registry[name] for name in sorted(registry) if inspect(connection).has_table(name)}
    for statement in statements(connection, present):
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Drop every trigger of ours (only a migration may, in its own transaction)."""
    for trigger, table in installed(connection).items():
        where = f' ON "{table}"' if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f'DROP TRIGGER "{trigger}"{where}'))


def installed(connection: Connection) -> dict[str, str]:
    """Return the triggers of ours that exist, with their tables."""
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    else:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    return {
        name: table.strip('"') for name, table in connection.execute(text(query)) if name.startswith(PREFIX)
    }


def _postgresql(_connection: Connection, tables: Mapping[str, frozenset[str]]) -> Iterator[str]:
    yield _FUNCTION_BODY.replace(":=", r"\:=").replace("::", r"\:\:")
    for table, once in tables.items():
        arguments = ", ".join(f"'{name}'" for name in sorted(once))
        yield (
            f'CREATE TRIGGER "{PREFIX}{table}_row" BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}({arguments})"
        )
        yield (
            f'CREATE TRIGGER "{PREFIX}{table}_all" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )


def _sqlite(connection: Connection, tables: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for table, once in tables.items():
        abort = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {table}'); END"
        yield f'CREATE TRIGGER "{PREFIX}{table}_delete" BEFORE DELETE ON "{table}" {abort}'
        columns = [column["name"] for column in inspect(connection).get_columns(table)]
        changed = " OR ".join(_is_forbidden(name, once=name in once) for name in columns)
        when = f"WHEN {changed} " if once else ""
        yield f'CREATE TRIGGER "{PREFIX}{table}_update" BEFORE UPDATE ON "{table}" {when}{abort}'


def _is_forbidden(column: str, *, once: bool) -> str:
    changed = f'NEW."{column}" IS NOT OLD."{column}"'
    return f'(OLD."{column}" IS NOT NULL AND {changed})' if once else f"({changed})"
