# SPDX-License-Identifier: Apache-2.0
"""`exam-portal fsck`: what an operator sees when the record is sound, and when it is not."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from exam_portal.audit import cli
from exam_portal.core import triggers
from exam_portal.core.database import Database
from tests.portal.audit.builders import some_acts

pytestmark = pytest.mark.engines("sqlite")


def test_the_command_names_the_first_difference_and_fails(
    database: Database, instance_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAM_PORTAL_INSTANCE__DIRECTORY", str(instance_directory))
    some_acts(database, 4)
    sound = CliRunner().invoke(cli.fsck)
    assert (sound.exit_code, sound.output) == (0, "the record is sound\n")
    with database.writing(unhurried=True) as session:
        connection = session.connection()
        triggers.remove(connection)
        connection.execute(text("""UPDATE leaves SET salt = zeroblob(32) WHERE "index" IN (2, 3)"""))
        triggers.install(connection)
    first = CliRunner().invoke(cli.fsck)
    assert first.exit_code == 1
    assert first.output.endswith(": commitment at 2\n")
    every = CliRunner().invoke(cli.fsck, ["--all"])
    assert every.exit_code == 1
    assert [line.rpartition(" ")[2] for line in every.output.splitlines()] == ["2", "3"]
