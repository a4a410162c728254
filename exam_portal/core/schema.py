# SPDX-License-Identifier: Apache-2.0
"""The tables and triggers of a database: migrated up and down, and compared with what the code expects.

On SQLite a migration runs on a connection of its own with foreign keys off: a batch change rebuilds the
table, and with foreign keys on that would delete the rows that refer to it. They are checked before the
commit.
"""

import importlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine, event, text

from exam_portal.core import confined_role, triggers
from exam_portal.core.database import Database, postgresql, sqlite
from exam_portal.core.db import Base
from exam_portal.core.errors import Unusable
from exam_portal.core.instance import InstanceLock, prepare
from exam_portal.core.settings import Instance, Settings

SCRIPTS = Path(__file__).resolve().parents[1] / "migrations"
PRAGMAS = (
    *(pragma for pragma in sqlite.COMMON if not pragma.startswith("foreign_keys")),
    "foreign_keys=OFF",
    "journal_mode=WAL",
)
ADVISORY_LOCK = 0x6578616D  # two nodes that start together migrate one after the other


class MigrationBroken(Unusable):
    """There is no such revision, or references would lead nowhere; nothing of the migration was kept."""


class SchemaOutdated(Unusable):
    """The database does not stand where this version of the program expects it."""


def metadata() -> MetaData:
    """Return the tables of every slice."""
    importlib.import_module("exam_portal.migrations.tables")
    return Base.metadata


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the database to the revision, all of it or nothing."""
    with _migration(settings) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Take the database back to the revision, all of it or nothing."""
    with _migration(settings) as connection:
        command.downgrade(_config(connection), revision)


def create_all(settings: Settings) -> None:
    """Make every table as the models say, without the history (tests and the generator of revisions)."""
    with _migration(settings) as connection:
        _copy(metadata()).create_all(connection)
        command.stamp(_config(connection), "head")


def _copy(tables: MetaData) -> MetaData:
    """Return the tables apart from the models: making them on PostgreSQL marks references that are added
    later, and from then on the same objects would leave those out on SQLite."""
    made = MetaData(naming_convention=tables.naming_convention)
    for table in tables.sorted_tables:
        table.to_metadata(made)
    return made


def current(connection: Connection) -> str | None:
    """Return the revision at which this database stands."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the revision that this version of the program expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def require_current(found: str | None) -> None:
    """Raise SchemaOutdated unless this is the revision that the program expects."""
    if found is None:
        raise SchemaOutdated("there is no database yet: exam-portal serve or exam-portal db upgrade makes it")
    if found != head():
        raise SchemaOutdated(
            f"the database is at revision {found}, this program expects {head()}: exam-portal db upgrade"
        )


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Yield the database, closed afterwards; raise SchemaOutdated unless it stands where it should."""
    database = Database(settings)
    try:
        require_current(database.revision())
        yield database
    finally:
        database.dispose()


def differences(settings: Settings) -> list[object]:
    """Return what a new revision would have to say: nothing, when migrations and models agree."""
    tables = metadata()
    engine = _engine(settings)
    try:
        with engine.connect() as connection:
            return list(compare_metadata(MigrationContext.configure(connection), tables))
    finally:
        engine.dispose()


def new_revision(settings: Settings, message: str) -> Path:
    """Write a revision script from the difference between this database and the models; return its path."""
    metadata()
    with _migration(settings) as connection:
        script = command.revision(_config(connection), message, autogenerate=True)
    assert isinstance(script, Script)
    path = Path(script.path)
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "    # ###" not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


def rewrite_initial() -> Path:
    """Replace every revision by one that makes all tables: only before the first release."""
    for script in (SCRIPTS / "versions").glob("*.py"):
        script.unlink()
    with tempfile.TemporaryDirectory() as empty:
        return new_revision(Settings(instance=Instance(directory=Path(empty))), "Make every table")


@contextmanager
def _migration(settings: Settings) -> Iterator[Connection]:
    """Yield the connection of one migration; before it commits, check references, renew triggers, rights."""
    prepare(settings)
    lock = _lock(settings)
    engine = _engine(settings)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
            triggers.remove(connection)
            try:
                yield connection
            except CommandError as problem:
                raise MigrationBroken(str(problem)) from problem
            _check_references(connection)
            triggers.install(connection)
            confined_role.install(connection, settings.database.marking_role)
    finally:
        engine.dispose()
        if lock is not None:
            lock.release()


def _lock(settings: Settings) -> InstanceLock | None:
    if not settings.is_embedded:
        return None
    lock = InstanceLock.beside(sqlite.file_of(settings.database_url))
    lock.acquire()
    return lock


def _engine(settings: Settings) -> Engine:
    if not settings.is_embedded:
        return postgresql.engine(settings.database, settings.database_url)
    file = sqlite.file_of(settings.database_url)
    made = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite.connect(file, PRAGMAS, create=True),
        poolclass=NullPool,
        hide_parameters=True,  # a migration that fails names its statement, not people's rows
    )

    @event.listens_for(made, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = sorted({f"{row[0]} -> {row[2]}" for row in broken})
        raise MigrationBroken(f"{len(broken)} references lead nowhere: {', '.join(tables)}")


def _config(connection: Connection | None = None) -> Config:
    config = Config(stdout=io.StringIO())  # Alembic's progress is not the command's output
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("timezone", "UTC")
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s"
    )
    config.attributes["connection"] = connection
    return config
