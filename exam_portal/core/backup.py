# SPDX-License-Identifier: Apache-2.0
"""Copies of an installation: taken while it runs, checked before they count, restored into emptiness only."""

import dataclasses
import json
import os
import sqlite3
from pathlib import Path

from exam_portal.core.database import sqlite
from exam_portal.core.errors import Unusable
from exam_portal.core.files import make_directory, sync_directory, write_new
from exam_portal.core.instance import InstanceLock
from exam_portal.core.settings import Settings

DATABASE = "portal.sqlite3"
FILES = "files"
KEYS = "keys"
MANIFEST = "backup.json"


class BackupRefused(Unusable):
    """The copy was not made or not restored; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A checked copy."""

    directory: Path
    tables: int
    rows: int
    files: int


def make(settings: Settings, directory: Path) -> Backup:
    """Return a checked copy of database and encrypted files, without the keys.

    The database is copied before the files: a file that came later is named by no copied row.
    """
    _require_sqlite(settings)
    make_directory(directory.resolve())
    copy = directory / DATABASE
    _copy_database(sqlite.file_of(settings.database_url), copy)
    counts = _check(copy)
    files = _copy_tree(settings.path(settings.storage.directory, FILES), directory / FILES)
    made = Backup(directory=directory, tables=len(counts), rows=sum(counts.values()), files=files)
    write_new(directory / MANIFEST, json.dumps({"files": files, "rows": counts}, indent=1).encode())
    return made


def copy_keys(settings: Settings, directory: Path, *, apart_from: Path) -> None:
    """Copy the keys to another place than the backup they open."""
    if directory.resolve().is_relative_to(apart_from.resolve()):
        raise BackupRefused("keys beside the backup would open it to whoever takes it: choose another place")
    _copy_tree(settings.path(settings.secrets.key_directory, KEYS), directory / KEYS)
    for given, name in _single_keys(settings):
        write_new(directory / name, settings.path(given, name).read_bytes())


def restore(settings: Settings, directory: Path, keys: Path | None) -> None:
    """Put a backup in place; refused where a database, files or keys exist already."""
    _require_sqlite(settings)
    target = sqlite.file_of(settings.database_url)
    lock = InstanceLock.beside(target)
    lock.acquire()
    try:
        if not (directory / MANIFEST).exists():
            raise BackupRefused(f"{directory} holds no backup")
        expected = json.loads((directory / MANIFEST).read_bytes())["rows"]
        if target.exists():
            raise BackupRefused(f"{target} exists: restore into an empty instance")
        if _check(directory / DATABASE) != expected:
            raise BackupRefused("the copy does not hold the rows that its manifest names")
        _copy_tree(directory / FILES, settings.path(settings.storage.directory, FILES))
        if keys is not None:
            _restore_keys(settings, keys)
        _copy_database(directory / DATABASE, target)
    finally:
        lock.release()


def _restore_keys(settings: Settings, keys: Path) -> None:
    _copy_tree(keys / KEYS, settings.path(settings.secrets.key_directory, KEYS))
    for given, name in _single_keys(settings):
        target = settings.path(given, name)
        if target.exists() and target.read_bytes() != (keys / name).read_bytes():
            raise BackupRefused(f"{target} exists and is another key")
        if not target.exists():
            write_new(target, (keys / name).read_bytes())


def _single_keys(settings: Settings) -> tuple[tuple[str, str], ...]:
    secrets = settings.secrets
    return (secrets.master_key_file, "master.key"), (secrets.signing_key_file, "signing.key")


def _require_sqlite(settings: Settings) -> None:
    if not settings.is_embedded:
        raise BackupRefused("PostgreSQL is backed up by its own tools (pgBackRest), the files by the store's")


def _copy_database(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup interface: one snapshot, beside which the server goes on writing."""
    if not source.exists():
        raise BackupRefused(f"there is no database {source}")
    reader = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    sqlite.make_private(target)
    writer = sqlite3.connect(target)
    try:
        reader.backup(writer)
    finally:
        writer.close()
        reader.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    sync_directory(target.parent)


def _check(copy: Path) -> dict[str, int]:
    """Return the rows of each table of a sound copy, or refuse it."""
    connection = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if verdict != "ok" or broken:
            raise BackupRefused(f"the copy is not sound: {verdict}, {len(broken)} references lead nowhere")
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = [name for (name,) in connection.execute(query)]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - from the schema
            for name in sorted(names)
        }
    except sqlite3.DatabaseError as problem:
        raise BackupRefused(f"the copy is not sound: {problem}") from problem
    finally:
        connection.close()


def _copy_tree(source: Path, target: Path) -> int:
    """Copy every file that is not there yet, and return how many the source holds."""
    count = 0
    for path in sorted(source.rglob("*")) if source.exists() else ():
        if path.is_file() and not path.name.startswith("."):
            count += 1
            there = target / path.relative_to(source)
            if not there.exists():
                write_new(there.resolve(), path.read_bytes())
    return count
