# SPDX-License-Identifier: Apache-2.0
"""Migrations make what the models say, keep populated data up and down, and are all or nothing."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from exam_portal.core import schema, triggers
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.databases import settings_in


@pytest.fixture
def empty(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an installation without a table."""
    if engine_name == "sqlite":
        return settings_in(tmp_path / "empty")
    make: Callable[..., str] = request.getfixturevalue("new_postgres_database")
    return settings_in(tmp_path / "empty", url=make())


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    database = Database(settings)
    try:
        with database.reading() as session:
            yield session.connection()
    finally:
        database.dispose()


def described(connection: Connection) -> dict[str, Any]:
    """Return everything about the tables, in a form that can be compared."""
    look = inspect(connection)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c.get("default")) for c in look.get_columns(table)
            ],
            "primary key": look.get_pk_constraint(table)["constrained_columns"],
            "references": sorted(
                (str(f["name"]), f["constrained_columns"], f["referred_table"], str(f["options"]))
                for f in look.get_foreign_keys(table)
            ),
            "unique": sorted((str(u["name"]), u["column_names"]) for u in look.get_unique_constraints(table)),
            "checks": sorted(
                (str(c["name"]), re.sub(r"[\s()]+", "", c["sqltext"]))
                for c in look.get_check_constraints(table)
            ),
            "indexes": sorted(
                (str(i["name"]), str(i["column_names"]), bool(i["unique"]), _conditions(i))
                for i in look.get_indexes(table)
            ),
        }
        for table in sorted(look.get_table_names())
        if table != "alembic_version"
    }


def _conditions(index: Any) -> str:
    return str({name: str(value) for name, value in sorted(index.get("dialect_options", {}).items())})


def counts(connection: Connection) -> dict[str, int]:
    names = inspect(connection).get_table_names()
    return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in sorted(names)}


def test_migrations_make_exactly_what_the_models_say(empty: Settings, database: Database) -> None:
    schema.upgrade(empty)
    with connected(empty) as connection:
        migrated, guarded = described(connection), triggers.installed(connection)
    schema.downgrade(empty, "base")
    schema.create_all(empty)
    with connected(empty) as connection:
        assert migrated == described(connection)
        assert guarded == triggers.installed(connection)


def test_nothing_is_left_for_a_new_revision_to_say(settings: Settings) -> None:
    assert schema.differences(settings) == []


@pytest.mark.postgres
def test_tables_made_on_postgresql_first_are_complete_on_sqlite_afterwards(
    new_postgres_database: Callable[..., str], tmp_path: Path
) -> None:
    schema.create_all(settings_in(tmp_path / "large", url=new_postgres_database()))
    small = settings_in(tmp_path / "small")
    schema.create_all(small)
    assert schema.differences(small) == []


def test_a_difference_would_be_noticed(settings: Settings) -> None:
    with_writer(settings, "DROP INDEX ix_outbox_due", "ALTER TABLE outbox ADD COLUMN colour TEXT")
    assert len(schema.differences(settings)) == 2


def test_down_and_up_again_gives_the_same_tables(empty: Settings) -> None:
    schema.upgrade(empty)
    with connected(empty) as connection:
        before = described(connection)
    schema.downgrade(empty, "base")
    with connected(empty) as connection:
        assert described(connection) == {}
        assert triggers.installed(connection) == {}
    schema.upgrade(empty)
    with connected(empty) as connection:
        assert described(connection) == before


def with_writer(settings: Settings, *statements: str) -> None:
    database = Database(settings)
    try:
        with database.writing(unhurried=True) as session:
            for statement in statements:
                session.execute(text(statement))
    finally:
        database.dispose()


POPULATED = (
    """INSERT INTO organisations (id, public_id, name, name_en, place, created_at)
       VALUES (1, 'o1', 'Sở Tài chính', 'Department of Finance', 'Hà Nội', '2026-01-01')""",
    """INSERT INTO organisations (id, public_id, parent_id, name, name_en, place, created_at)
       VALUES (2, 'o2', 1, 'Phòng', 'Division', 'Hà Nội', '2026-01-01')""",
    "INSERT INTO logs (id, public_id, origin, created_at) VALUES (1, 'l1', 'x', '2026-01-01')",
    "INSERT INTO checkpoints (id, log_id, size, root, note, at) VALUES (1, 1, 3, '1', 'n', '2026-01-01')",
)

EXTRA = """
import sqlalchemy as sa
from alembic import op
revision = "feed00000001"
down_revision = {head!r}
def rebuild():
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
def upgrade():
    with op.batch_alter_table("{table}", recreate=rebuild()) as batch:
        batch.add_column(sa.Column("colour", sa.Text(), nullable=True))
{more}
def downgrade():
    with op.batch_alter_table("{table}", recreate=rebuild()) as batch:
        batch.drop_column("colour")
"""


@pytest.fixture
def revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that adds a revision which rebuilds a table, as a later release would."""
    scripts = tmp_path / "migrations"
    head = schema.head()

    def add(table: str, *, more: str = "") -> None:
        shutil.copytree(schema.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        content = EXTRA.format(head=head, table=table, more=more)
        (scripts / "versions" / "29990101_0000_feed00000001_colour.py").write_text(content, encoding="utf-8")
        monkeypatch.setattr(schema, "SCRIPTS", scripts)

    return add


@pytest.mark.parametrize("table", ["organisations", "checkpoints"])
def test_up_down_and_up_on_populated_data_keeps_rows_triggers_and_checks(
    settings: Settings, revision: Callable[..., None], table: str
) -> None:
    with_writer(settings, *POPULATED)
    with connected(settings) as connection:
        before = (described(connection), counts(connection), triggers.installed(connection))
    revision(table)
    schema.upgrade(settings)
    with connected(settings) as connection:
        assert counts(connection) == before[1]
        assert triggers.installed(connection) == before[2]
        assert len(described(connection)[table]["columns"]) == len(before[0][table]["columns"]) + 1
    schema.downgrade(settings, "-1")
    with connected(settings) as connection:
        assert (described(connection), counts(connection), triggers.installed(connection)) == before
    schema.upgrade(settings)
    with connected(settings) as connection:
        assert counts(connection) == before[1]


def test_a_rebuilt_table_guards_its_evidence_again(settings: Settings, revision: Callable[..., None]) -> None:
    with_writer(settings, *POPULATED)
    revision("checkpoints")
    schema.upgrade(settings)
    with pytest.raises(Exception, match="never changed"):
        with_writer(settings, "UPDATE checkpoints SET colour = 'red'")


def test_a_migration_that_fails_leaves_nothing_of_itself(
    settings: Settings, revision: Callable[..., None]
) -> None:
    with_writer(settings, *POPULATED)
    with connected(settings) as connection:
        before = (described(connection), counts(connection), triggers.installed(connection))
    revision("checkpoints", more="    op.execute('SELECT * FROM nowhere')")
    with pytest.raises(Exception, match="nowhere"):
        schema.upgrade(settings)
    with connected(settings) as connection:
        assert (described(connection), counts(connection), triggers.installed(connection)) == before
        assert schema.current(connection) != "feed00000001"


@pytest.mark.engines("sqlite")
def test_a_migration_that_would_orphan_rows_is_undone(
    settings: Settings, revision: Callable[..., None]
) -> None:
    with_writer(settings, *POPULATED)
    revision("checkpoints", more="    op.execute('DELETE FROM logs')")
    with pytest.raises(schema.MigrationBroken, match="checkpoints -> logs"):
        schema.upgrade(settings)
    with connected(settings) as connection:
        assert counts(connection)["logs"] == 1


@pytest.mark.engines("sqlite")
def test_with_foreign_keys_on_the_same_change_would_be_refused_or_lose_rows(
    settings: Settings, revision: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_writer(settings, *POPULATED)
    revision("organisations")
    monkeypatch.setattr(schema, "PRAGMAS", (*schema.PRAGMAS, "foreign_keys=ON"))
    with pytest.raises(Exception, match="FOREIGN KEY"):
        schema.upgrade(settings)


def test_the_program_refuses_a_database_of_another_revision(empty: Settings) -> None:
    with_writer(empty, "SELECT 1")
    with connected(empty) as connection, pytest.raises(schema.SchemaOutdated, match="db upgrade"):
        schema.require_current(schema.current(connection))
    schema.upgrade(empty)
    with connected(empty) as connection:
        schema.require_current(schema.current(connection))


def test_revisions_are_named_by_date_and_purpose() -> None:
    names = [path.name for path in (schema.SCRIPTS / "versions").glob("*.py")]
    assert names
    assert [
        name for name in names if not re.fullmatch(r"\d{8}_\d{4}_[0-9a-f]{12}_[a-z0-9_]+\.py", name)
    ] == []
