# SPDX-License-Identifier: Apache-2.0
"""Files are encrypted on disk, whole or refused, and gone with their key."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from exam_portal.core.database import Database
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.core.storage import Blob, FileTooLarge, Storage

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CANARY = "bí mật canary".encode()


def put(database: Database, content: bytes, key: str = "") -> tuple[int, str]:
    key = key or database.keys.create()
    prepared = database.files.prepare(content, media_type="application/pdf", key_id=key)
    with database.writing() as session:
        return session.files.add(session, prepared, now=NOW).id, key


def read(database: Database, blob_id: int) -> bytes:
    with database.reading() as session:
        blob = session.get_one(Blob, blob_id)
        return session.files.read(session, blob)


def on_disk(database: Database) -> list[Path]:
    return [path for path in database.files.directory.rglob("*") if path.is_file()]


def test_a_file_comes_back_as_it_was(database: Database) -> None:
    blob_id, _ = put(database, CANARY)
    assert read(database, blob_id) == CANARY


def test_nothing_of_it_is_legible_on_disk(database: Database) -> None:
    put(database, CANARY)
    files = [path for path in database.settings.instance.directory.rglob("*") if path.is_file()]
    assert [path for path in files if CANARY in path.read_bytes()] == []
    assert on_disk(database) != []


def test_a_changed_file_is_noticed(database: Database) -> None:
    blob_id, _ = put(database, CANARY)
    file = on_disk(database)[0]
    content = bytearray(file.read_bytes())
    content[20] ^= 1
    file.write_bytes(content)
    with pytest.raises(SealBroken):
        read(database, blob_id)


def test_a_swapped_file_is_noticed(database: Database) -> None:
    first, key = put(database, b"one")
    put(database, b"two", key)
    one, two = on_disk(database)
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)
    with pytest.raises(SealBroken):
        read(database, first)


def test_an_erased_person_s_file_cannot_be_read(database: Database) -> None:
    blob_id, key = put(database, CANARY)
    database.keys.destroy(key)
    with pytest.raises(KeyErased):
        read(database, blob_id)


def test_a_file_beyond_the_limit_is_refused_before_it_is_written(database: Database) -> None:
    small = Storage(database.files.directory, database.keys, max_bytes=10)
    key = database.keys.create()
    small.prepare(b"x" * 10, media_type="text/plain", key_id=key)
    before = len(on_disk(database))
    with pytest.raises(FileTooLarge):
        small.prepare(b"x" * 11, media_type="text/plain", key_id=key)
    assert len(on_disk(database)) == before


def test_a_large_file_is_prepared_before_the_writer_is_held(database: Database) -> None:
    blob_id, _ = put(database, b"x" * 20_000_000)  # would raise if the writer were held long
    assert len(read(database, blob_id)) == 20_000_000
