# SPDX-License-Identifier: Apache-2.0
"""Evidence cannot be changed by SQL either, on both databases; what may be set once is set once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import APPEND_ONLY
from exam_portal.core.storage import Blob

REGISTRY = {"proofs": frozenset({"place", "signed"})}


@pytest.fixture
def evidence(database: Database) -> Database:
    """A database with one row of evidence in a table of the test's own."""
    with database.writing() as session:
        session.execute(
            text("CREATE TABLE proofs (id INTEGER PRIMARY KEY, fact TEXT, place INTEGER, signed TEXT)")
        )
        session.execute(text("INSERT INTO proofs VALUES (1, 'as it was', NULL, NULL)"))
    return database


def install(database: Database) -> None:
    with database.writing() as session:
        triggers.install(session.connection(), REGISTRY)


def act(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.execute(text(statement))


def row(database: Database) -> tuple[object, ...]:
    with database.reading() as session:
        return tuple(session.execute(text("SELECT fact, place, signed FROM proofs WHERE id = 1")).one())


FORBIDDEN = [
    "UPDATE proofs SET fact = 'as it never was'",
    "UPDATE proofs SET fact = NULL",
    "UPDATE proofs SET id = 2",
    "UPDATE proofs SET fact = 'both', place = 7",
    "DELETE FROM proofs",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_change_of_evidence_is_aborted(evidence: Database, statement: str) -> None:
    install(evidence)
    with pytest.raises(IntegrityError, match="appended, never changed"):
        act(evidence, statement)
    assert row(evidence) == ("as it was", None, None)


@pytest.mark.parametrize("statement", FORBIDDEN[:2])
def test_without_the_triggers_the_change_would_happen(evidence: Database, statement: str) -> None:
    act(evidence, statement)
    assert row(evidence) != ("as it was", None, None)


def test_appending_goes_on(evidence: Database) -> None:
    install(evidence)
    act(evidence, "INSERT INTO proofs VALUES (2, 'another', NULL, NULL)")


def test_a_projection_is_set_once(evidence: Database) -> None:
    install(evidence)
    act(evidence, "UPDATE proofs SET place = 7")
    act(evidence, "UPDATE proofs SET signed = 'yes'")
    assert row(evidence) == ("as it was", 7, "yes")
    for statement in ("UPDATE proofs SET place = 8", "UPDATE proofs SET place = NULL"):
        with pytest.raises(IntegrityError):
            act(evidence, statement)
    assert row(evidence) == ("as it was", 7, "yes")


@pytest.mark.engines("sqlite")
def test_replacing_a_row_does_not_slip_past(evidence: Database) -> None:
    install(evidence)
    with pytest.raises(IntegrityError, match="never changed"):
        act(evidence, "INSERT OR REPLACE INTO proofs VALUES (1, 'as it never was', NULL, NULL)")


@pytest.mark.engines("postgresql")
def test_truncating_does_not_slip_past(evidence: Database) -> None:
    install(evidence)
    with pytest.raises(IntegrityError, match="never changed"):
        act(evidence, "TRUNCATE proofs")


def test_every_registered_table_has_its_triggers(database: Database) -> None:
    with database.reading() as session:
        guarded = list(triggers.installed(session.connection()).values())
    assert {name: guarded.count(name) for name in APPEND_ONLY} == dict.fromkeys(APPEND_ONLY, 2)


def test_a_stored_file_cannot_be_made_another(database: Database) -> None:
    file = database.files.prepare(b"x", media_type="text/plain", key_id=database.keys.create())
    with database.writing() as session:
        session.files.add(session, file, now=datetime.now(UTC))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.query(Blob).update({"size": 2})
