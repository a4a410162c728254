# SPDX-License-Identifier: Apache-2.0
"""Nobody else on the machine reads the database, wherever its directory was made."""

import stat
from pathlib import Path

import pytest

from exam_portal.core import backup, schema
from exam_portal.core.database import Database
from tests.harness.databases import settings_in

pytestmark = pytest.mark.engines("sqlite")


def _open_to_others(directory: Path) -> list[str]:
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_t8_the_database_is_private_in_a_directory_that_is_not(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    settings = settings_in(tmp_path)
    schema.upgrade(settings)
    database = Database(settings)
    try:
        with database.writing(unhurried=True) as session:
            session.keys.create()
        assert (tmp_path / "portal.sqlite3").exists()
        assert _open_to_others(tmp_path) == []
        (tmp_path / "copies").mkdir(mode=0o755)
        backup.make(settings, tmp_path / "copies")
        assert _open_to_others(tmp_path / "copies") == []
    finally:
        database.dispose()
