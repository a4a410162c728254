# SPDX-License-Identifier: Apache-2.0
"""Hot pages ask the database as often for a thousand as for three, and a save is one commit.

The numbers are ceilings that were measured: who adds a question to a hot page says so here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.registration import queries as registration
from exam_portal.sittings.models import Sitting
from tests.harness.counting import Counts, counted
from tests.load import crowd
from tests.portal.competitions.builders import NOW, House, a_house, a_member, an_announced, holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.sittings.attempts.builders import an_event
from tests.portal.sittings.attempts.test_addresses import Device
from tests.portal.sittings.builders import START, a_hall, a_seated

pytestmark = pytest.mark.engines("sqlite")
FEW, MANY = 3, 1000

World = Callable[[Session, House, int], str]


def competitions(session: Session, house: House, number: int) -> Competition:
    """So many announced competitions; return the last."""
    codes = [f"TT-{number}-{index}" for index in range(number)]
    return [an_announced(session, house, code=code) for code in codes][-1]


def notices(session: Session, house: House, number: int) -> str:
    competitions(session, house, number)
    return "/competitions"


def home(session: Session, house: House, number: int) -> str:
    competitions(session, house, number)
    return "/"


def own_list(session: Session, house: House, number: int) -> str:
    competitions(session, house, number)
    return "/staff/competitions"


def staff_home(session: Session, house: House, number: int) -> str:
    competitions(session, house, number)
    return "/staff"


def notice(session: Session, house: House, number: int) -> str:
    return f"/competitions/{competitions(session, house, 1).public_id}?{number}"


def applications(session: Session, house: House, number: int) -> str:
    competition = competitions(session, house, 1)
    crowd.applicants(session, competition, number, NOW)
    return f"/staff/competitions/{competition.public_id}/applications"


def candidates(session: Session, house: House, number: int) -> str:
    competition = competitions(session, house, 1)
    crowd.candidates(session, competition, number, NOW)
    return f"/staff/competitions/{competition.public_id}/candidates"


# The page, how many rows make it large, and how many questions it may ask.
PAGES: dict[str, tuple[World, int, int]] = {
    "home": (home, 12, 9),
    "notices": (notices, 12, 8),
    "a notice": (notice, 12, 11),
    "competitions": (own_list, 12, 8),
    "staff home": (staff_home, 12, 16),
    "applications": (applications, MANY, 20),
    "candidates": (candidates, 200, 18),
}


def asked(client: FlaskClient, address: str) -> Counts:
    """Return what opening the page asks for, once everything that is built once has been built."""
    assert client.get(address).status_code == 200
    with counted() as counts:
        assert client.get(address).status_code == 200
    return counts


def a_reader(session: Session, house: House, number: int) -> Actor:
    account = a_member(session, f"nguoi.doc.{number}", "Lê Minh Đức")
    secretary = holding(account, Role.SECRETARY, house.organisation)
    grant(session, secretary, house.organisation.id, NOW)
    return secretary


@pytest.mark.parametrize("name", PAGES)
def test_a_hot_page_asks_as_often_for_many_as_for_few(app: Flask, database: Database, name: str) -> None:
    world, large, ceiling = PAGES[name]
    found = []
    for number in (FEW, large):
        with database.writing(unhurried=True) as session:
            house = a_house(session, f"Sở {number}", mark=str(number))
            address = world(session, house, number)
            reader = a_reader(session, house, number)
        found.append(asked(Person.at(app, database, reader, datetime.now(UTC)).client, address))
    few, many = found
    assert len(many.statements) <= len(few.statements), _difference(few, many)
    assert len(many.statements) <= ceiling, "\n".join(many.statements)
    assert many.commits == 0
    assert [s for s in many.statements if not s.lstrip().upper().startswith(("SELECT", "WITH"))] == []


def _difference(few: Counts, many: Counts) -> str:
    heads = [statement[:160] for statement in few.statements]
    for statement in many.statements:
        if statement[:160] in heads:
            heads.remove(statement[:160])
        else:
            return f"{len(few.statements)} for few, {len(many.statements)} for many; first new:\n{statement}"
    return ""


def test_a_page_that_asks_for_each_row_would_be_noticed(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        competition = competitions(session, a_house(session), 1)
        crowd.applicants(session, competition, FEW, NOW)
    with counted() as counts, database.reading() as session:
        for entry in registration.applications(session, competition.id):
            registration.conclusion(session, entry.id)
    assert len(counts.statements) == FEW + 2


def test_the_board_asks_as_often_for_a_full_house_as_for_three(app: Flask, database: Database) -> None:
    found = []
    for number in (FEW, 200):
        with database.writing(unhurried=True) as session:
            hall = a_hall(session, mark=str(number))
            sitting = a_seated(session, hall, starts_at=START)
            competition = session.get_one(Competition, hall.competition.id)
            people = crowd.candidates(session, competition, number - FEW, NOW) if number > FEW else []
            crowd.seats(session, session.get_one(Sitting, sitting.id), people)
            grant(session, hall.invigilator, hall.house.organisation.id, NOW)
        reader = Person.at(app, database, hall.invigilator, datetime.now(UTC))
        found.append(asked(reader.client, f"/staff/sittings/{sitting.public_id}/board.json"))
    few, many = found
    assert len(many.statements) <= len(few.statements) <= 15, _difference(few, many)
    assert many.commits == 0


def test_a_save_is_two_statements_and_one_commit_however_long_the_journal(
    app: Flask, database: Database
) -> None:
    device = Device(app, database)
    saves = []
    for number in range(1, 21):
        with counted() as counts:
            device.save(an_event(number))
        saves.append(counts)
    assert [counts.commits for counts in saves] == [1] * 20
    assert {len(counts.statements) for counts in saves[1:]} == {len(saves[1].statements)}
    assert len(saves[-1].statements) <= 3, "\n".join(saves[-1].statements)


def test_a_save_of_many_answers_is_one_commit(app: Flask, database: Database) -> None:
    device = Device(app, database)
    device.save(an_event(1))
    with counted() as counts:
        device.save(*(an_event(number) for number in range(2, 22)))
    assert counts.commits == 1


def test_looking_at_pages_writes_at_most_once_a_minute(app: Flask, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        grant(session, house.organiser, house.organisation.id, NOW)
    person = Person.at(app, database, house.organiser, datetime.now(UTC) - timedelta(minutes=5))
    commits = []
    for _ in range(4):
        with counted() as counts:
            person.client.get("/staff/competitions")
        commits.append(counts.commits)
    assert commits == [1, 0, 0, 0]
