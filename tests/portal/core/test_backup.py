# SPDX-License-Identifier: Apache-2.0
"""A backup is a checked copy without the keys, and comes back only into emptiness."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from exam_portal.core import backup
from exam_portal.core.backup import BackupRefused
from exam_portal.core.database import Database
from exam_portal.core.instance import InstanceHeld
from exam_portal.core.keystore import KeyErased
from exam_portal.core.settings import Settings
from exam_portal.core.storage import Blob
from tests.harness.databases import settings_in

NOW = datetime(2026, 3, 2, tzinfo=UTC)
pytestmark = pytest.mark.engines("sqlite")


def put(database: Database, content: bytes) -> str:
    key = database.keys.create()
    prepared = database.files.prepare(content, media_type="text/plain", key_id=key)
    with database.writing() as session:
        session.files.add(session, prepared, now=NOW)
    return key


def contents(settings: Settings) -> list[bytes]:
    database = Database(settings)
    try:
        with database.reading() as session:
            return [session.files.read(session, blob) for blob in session.query(Blob).order_by(Blob.id)]
    finally:
        database.dispose()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """An empty installation to restore into."""
    return settings_in(tmp_path / "elsewhere")


def test_a_backup_with_its_keys_gives_everything_back(
    database: Database, elsewhere: Settings, tmp_path: Path
) -> None:
    put(database, b"dossier")
    made = backup.make(database.settings, tmp_path / "copies" / "one")
    backup.copy_keys(database.settings, tmp_path / "keys" / "one", apart_from=tmp_path / "copies")
    backup.restore(elsewhere, made.directory, tmp_path / "keys" / "one")
    assert contents(elsewhere) == [b"dossier"]
    assert (made.rows > 0, made.files) == (True, 1)


def test_a_backup_alone_opens_nothing(database: Database, elsewhere: Settings, tmp_path: Path) -> None:
    put(database, b"dossier")
    made = backup.make(database.settings, tmp_path / "copies")
    assert not (made.directory / "keys").exists()
    backup.restore(elsewhere, made.directory, None)
    with pytest.raises(KeyErased):
        contents(elsewhere)


def test_keys_are_not_laid_beside_the_backup(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="another place"):
        backup.copy_keys(
            database.settings, tmp_path / "copies" / "one" / "keys", apart_from=tmp_path / "copies"
        )


def test_a_backup_is_taken_while_the_server_writes(
    database: Database, elsewhere: Settings, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            put(database, b"x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup.make(database.settings, tmp_path / f"copy{n}") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    backup.copy_keys(database.settings, tmp_path / "keys", apart_from=made[-1].directory)
    backup.restore(elsewhere, made[-1].directory, tmp_path / "keys")
    assert set(contents(elsewhere)) <= {b"x"}


def test_a_damaged_copy_is_refused(database: Database, elsewhere: Settings, tmp_path: Path) -> None:
    made = backup.make(database.settings, tmp_path / "copy")
    file = made.directory / backup.DATABASE
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 40] = b"\x55" * (4096 * 37)
    file.write_bytes(content)
    with pytest.raises(BackupRefused, match="not sound"):
        backup.restore(elsewhere, made.directory, None)
    assert not (elsewhere.instance.directory / "portal.sqlite3").exists()


def test_a_copy_that_lacks_rows_is_refused(database: Database, elsewhere: Settings, tmp_path: Path) -> None:
    put(database, b"dossier")
    made = backup.make(database.settings, tmp_path / "copy")
    poorer = Database(settings_in(tmp_path / "x", url=f"sqlite:///{made.directory / backup.DATABASE}"))
    with poorer.writing() as session:
        session.execute(text("DROP TRIGGER append_only_blobs_delete"))
        session.execute(text("DELETE FROM blobs"))
    poorer.dispose()
    with pytest.raises(BackupRefused, match="manifest"):
        backup.restore(elsewhere, made.directory, None)


def test_nothing_that_exists_is_overwritten(database: Database, tmp_path: Path) -> None:
    made = backup.make(database.settings, tmp_path / "copy")
    with pytest.raises(BackupRefused, match="empty instance"):
        backup.restore(database.settings, made.directory, None)


def test_a_running_installation_is_not_restored_into(database: Database, tmp_path: Path) -> None:
    made = backup.make(database.settings, tmp_path / "copy")
    database.hold()
    with pytest.raises(InstanceHeld):
        backup.restore(database.settings, made.directory, None)
