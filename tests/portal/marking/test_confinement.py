# SPDX-License-Identifier: Apache-2.0
"""What marking asks the database outside the handover is refused by the database itself (docs/adr/0018)."""

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from exam_portal.core import schema
from exam_portal.core.confinement import REACHABLE, confine, opened
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import queries
from exam_portal.marking.models import Mark, Phrase
from exam_portal.sittings import handover
from exam_portal.web import database as of_request
from exam_portal.web.policy import PermissionNotDecided
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of
from tests.portal.marking.typed import ESSAY, a_typed_office

NUMBERS = "SELECT candidate_no FROM candidates"
REFUSAL = "permission denied|prohibited|not authorized"
WAYS = (
    NUMBERS,
    "SELECT count(*) FROM candidates",
    "SELECT 1 FROM candidates WHERE candidate_no LIKE '0%'",
    "SELECT m.value FROM marks m JOIN candidates c ON c.id = m.masked_script_id",
    "SELECT id FROM marks WHERE EXISTS (SELECT 1 FROM candidates WHERE candidate_no <> '')",
    "SELECT (SELECT max(candidate_no) FROM candidates) FROM marks",
    "WITH people AS (SELECT candidate_no FROM candidates) SELECT * FROM people",
    "SELECT signer FROM marks UNION SELECT candidate_no FROM candidates",
    "SELECT words FROM told",
    "SELECT sealed_mapping FROM masked_scripts",
    "SELECT key_id FROM mask_keys",
    "SELECT sheet_code FROM seats",
    "SELECT profile FROM accounts",
    "SELECT * FROM conflicts_of_interest",
    "SELECT content FROM leaves",
    "SELECT payload FROM outbox",
)
VIEW = "CREATE VIEW told AS SELECT candidate_no AS words FROM candidates"
CHANGES = (
    (
        "INSERT INTO marker_phrases (public_id, competition_id, marker_id, text, changed_at)"
        " SELECT public_id, competition_id, account_id, candidate_no, admitted_at FROM candidates"
    ),
    "UPDATE marker_phrases SET text = (SELECT max(candidate_no) FROM candidates)",
    "DELETE FROM mark_drafts WHERE EXISTS (SELECT 1 FROM candidates WHERE candidate_no = '1')",
    "UPDATE candidates SET candidate_no = candidate_no",
    "DELETE FROM candidates",
)


def refused(session: Session, statement: str) -> bool:
    """Whether the database refuses a statement for what it names; nothing else may be wrong with it."""
    try:
        with session.begin_nested():
            session.execute(text(statement))
    except DBAPIError as problem:
        told = str(problem.orig)
        assert any(words in told for words in REFUSAL.split("|")), told
        return True
    return False


def tables() -> list[str]:
    """Every table of the portal."""
    return sorted(schema.metadata().tables)


def test_a_confined_session_reads_the_tables_of_marking_and_no_other(
    office: Office, database: Database
) -> None:
    for sessions in (database.reading, database.writing):
        with sessions() as session:
            confine(session)
            read = {table for table in tables() if not refused(session, f"SELECT count(*) FROM {table}")}
        assert read == REACHABLE
        with sessions() as session:  # the control: all of them are there, and unconfined they are read
            assert not any(refused(session, f"SELECT count(*) FROM {table}") for table in tables())


def test_no_way_round_leads_to_what_is_not_marking(office: Office, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        session.execute(text(VIEW))
    with database.writing(unhurried=True) as session:
        assert [way for way in WAYS if refused(session, way)] == []  # the control
        confine(session)
        assert [way for way in (*WAYS, *CHANGES) if not refused(session, way)] == []


def test_a_confined_session_makes_no_view_or_table(office: Office, database: Database) -> None:
    with database.writing() as session:
        confine(session)
        assert refused(session, "CREATE VIEW mine AS SELECT * FROM candidates")
        assert refused(session, "CREATE TABLE mine AS SELECT 1 AS one")


def test_what_was_prepared_before_is_refused_afterwards(office: Office, database: Database) -> None:
    for _ in range(8):  # the drivers keep what is asked often
        with database.writing() as session:
            session.execute(text(NUMBERS)).all()
    with database.writing() as session:
        session.execute(text(NUMBERS)).all()
        confine(session)
        assert refused(session, NUMBERS)


def test_confinement_outlives_the_transaction_but_not_the_session(office: Office, database: Database) -> None:
    with database.reading() as session:
        confine(session)
        for _ in range(3):
            assert session.scalars(select(Mark.id)).all() == []
            with pytest.raises(DBAPIError, match=REFUSAL):
                session.execute(text(NUMBERS))
            session.rollback()


def test_connections_come_back_to_the_pool_unconfined(office: Office, database: Database) -> None:
    for sessions in (database.reading, database.writing):
        for _ in range(database.settings.database.pool * 2 + 1):
            with sessions() as session:
                confine(session)
                session.execute(select(Mark.id))
            with sessions() as session:
                assert session.execute(text(NUMBERS)).all()
    with suppress(ZeroDivisionError), database.writing() as session:
        confine(session)
        raise ZeroDivisionError
    with database.writing() as session:
        assert session.execute(text(NUMBERS)).all()
    assert database.commit_together(_numbers)


def _numbers(line: DBAPIConnection) -> list[object]:
    cursor = line.cursor()
    cursor.execute(NUMBERS)
    return list(cursor.fetchall())


def test_the_handover_answers_a_confined_session_and_shuts_behind_itself(
    office: Office, database: Database
) -> None:
    with database.writing() as session:
        confine(session)
        assert len(handover.scripts(session, office.bag.id)) == 2
        assert handover.content(session, office.scripts[0].id).kind in {"physical", "scan"}
        assert handover.markers(session, office.bag)
        assert refused(session, NUMBERS)


def test_a_door_shuts_when_what_is_behind_it_fails(office: Office, database: Database) -> None:
    with database.writing() as session:
        confine(session)
        with suppress(ZeroDivisionError), opened(session):
            assert not refused(session, NUMBERS)
            raise ZeroDivisionError
        assert refused(session, NUMBERS)
        with suppress(DBAPIError), session.begin_nested(), opened(session):
            session.execute(text("SELECT no_such_column FROM candidates"))
        assert refused(session, NUMBERS)
        with opened(session), opened(session):
            pass
        assert refused(session, NUMBERS)


def test_who_is_not_confined_notices_no_door(office: Office, database: Database) -> None:
    with database.reading() as session:
        with opened(session):
            pass
        assert session.execute(text(NUMBERS)).all()


@pytest.mark.parametrize(
    ("address", "is_confined"),
    [
        ("/marking", True),
        ("/staff/competitions/{}/marking", True),
        ("/staff/competitions/{}/marking/agreement", True),
        ("/staff", False),
        ("/staff/competitions/{}", False),
    ],
)
def test_requests_for_pages_of_marking_are_confined_before_their_view_and_others_are_not(
    portal: Flask, database: Database, office: Office, address: str, is_confined: bool
) -> None:
    who = office.markers[0] if address == "/marking" else office.secretary
    cookie = Person.at(portal, database, who, MARKED).client.get_cookie("portal-session")
    assert cookie is not None
    place = address.format(office.hall.competition.public_id)
    with portal.test_request_context(place, headers={"Cookie": f"portal-session={cookie.value}"}):
        assert portal.preprocess_request() is None
        assert refused(of_request.reader(), NUMBERS) is is_confined
        with suppress(PermissionNotDecided), of_request.writer() as session:
            found = refused(session, NUMBERS)
        assert found is is_confined
        assert refused(of_request.reader(), NUMBERS) is is_confined
        with of_request.framing() as session:
            assert not refused(session, NUMBERS)


def test_a_marker_marks_on_either_database_and_a_draft_becomes_a_mark(
    portal: Flask, database: Database
) -> None:
    office = a_typed_office(database, with_rubric=False)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    desk = desk_of(database, office)
    assert "Cải cách hành chính" in marker.get(desk)
    marker.post(f"{desk}/draft", 200, tab="a", rests_on="0", total="70", comment="")
    marker.post(desk, tab="a", rests_on="1", total="71,5", comment="")
    with database.reading() as session:
        assert queries.count_marks(session, office.bag.id) == 1
        assert ESSAY in handover.content(session, office.scripts[0].id).answers[0].text
        assert session.scalars(select(Phrase)).all() == []
