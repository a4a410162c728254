# SPDX-License-Identifier: Apache-2.0
"""A large hall is shown room by room, each room whole; a small one on one page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.sittings import presentation, queries, service
from exam_portal.sittings.models import Sitting
from tests.harness.counting import counted
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.sittings import computers
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, a_room, a_sitting

pytestmark = pytest.mark.engines("sqlite")
MOST_QUESTIONS = 25  # of which half are who asks and where
SEAT = re.compile(r'data-seat="([a-z2-7]{26})"')
Sign = Callable[[Actor], Person]


@pytest.fixture
def hall(database: Database) -> Hall:
    with database.writing(unhurried=True) as session:
        made = a_hall(session, people=5)
        grant(session, made.invigilator, made.house.organisation.id, LISTED)
        return made


@pytest.fixture
def sitting(hall: Hall, database: Database) -> Sitting:
    """Two rooms: three people in the first, two in the second."""
    with database.writing(unhurried=True) as session:
        rooms = [a_room(session, hall, name=name, capacity=3) for name in ("P.101", "P.102")]
        found = a_sitting(session, hall)
        service.allot_seats(session, hall.secretary, LISTED, sitting=found, rooms=rooms)
        return found


@pytest.fixture
def invigilator(portal: Flask, database: Database, clock: At, hall: Hall) -> Person:
    clock.set(START)
    return Person.at(portal, database, hall.invigilator, clock.now())


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Already four seats are many."""
    monkeypatch.setattr(presentation, "SHOWN_AT_ONCE", 4)


def rooms_of(database: Database, sitting: Sitting) -> dict[str, str]:
    """Return the public ids of the rooms by name."""
    with database.reading() as session:
        return {one.room.name: one.room.public_id for one in queries.tallies(session, sitting)}


def seats_of(database: Database, sitting: Sitting, room: str) -> set[str]:
    """Return the public ids of the seats of a room."""
    with database.reading() as session:
        return {one.public_id for one in queries.board(session, sitting) if one.room == room}


def test_the_board_of_a_small_hall_shows_every_seat(
    sitting: Sitting, database: Database, invigilator: Person
) -> None:
    page = invigilator.get(f"/staff/sittings/{sitting.public_id}/board")
    everybody = seats_of(database, sitting, "P.101") | seats_of(database, sitting, "P.102")
    assert set(SEAT.findall(page)) == everybody


@pytest.mark.usefixtures("large")
def test_the_board_of_a_large_hall_shows_a_room_whole_and_the_way_to_the_others(
    sitting: Sitting, database: Database, invigilator: Person
) -> None:
    board = f"/staff/sittings/{sitting.public_id}/board"
    rooms = rooms_of(database, sitting)
    first = invigilator.get(board)
    assert set(SEAT.findall(first)) == seats_of(database, sitting, "P.101")
    assert f"{board}?room={rooms['P.102']}" in first
    second = invigilator.get(f"{board}?room={rooms['P.102']}")
    assert set(SEAT.findall(second)) == seats_of(database, sitting, "P.102")
    assert "P.101" in second
    assert len(re.findall(r"/rooms/[a-z2-7]{26}/check-in", second)) == 2  # every room can be checked in


@pytest.mark.usefixtures("large")
def test_the_live_board_follows_the_room_that_is_shown(
    sitting: Sitting, database: Database, invigilator: Person
) -> None:
    address = f"/staff/sittings/{sitting.public_id}/board"
    room = rooms_of(database, sitting)["P.102"]
    assert f"{address}.json?room={room}" in invigilator.get(f"{address}?room={room}")
    state = invigilator.client.get(f"{address}.json?room={room}").get_json()
    assert {one["id"] for one in state["seats"]} == seats_of(database, sitting, "P.102")
    assert len(state["rooms"]) == 2


@pytest.mark.usefixtures("large")
def test_who_checked_in_a_room_stays_in_it(sitting: Sitting, database: Database, invigilator: Person) -> None:
    place = f"/staff/sittings/{sitting.public_id}"
    room = rooms_of(database, sitting)["P.102"]
    invigilator.get(f"{place}/board?room={room}")
    page = invigilator.post(f"{place}/rooms/{room}/check-in")
    assert set(SEAT.findall(page)) == seats_of(database, sitting, "P.102")
    assert "2 có mặt, 0 vắng, 0 chưa ghi nhận" in page
    assert "0 có mặt, 0 vắng, 3 chưa ghi nhận" in page


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("page", ["", "/scripts"])
def test_the_other_pages_of_a_large_hall_are_turned_room_by_room(
    sitting: Sitting, database: Database, invigilator: Person, page: str
) -> None:
    address = f"/staff/sittings/{sitting.public_id}{page}"
    rooms = rooms_of(database, sitting)
    first, second = invigilator.get(address), invigilator.get(f"{address}?room={rooms['P.102']}")
    assert (">001<" in first, ">005<" in first) == (True, False)
    assert (">001<" in second, ">005<" in second) == (False, True)
    assert f"{address}?room={rooms['P.101']}" in second


@pytest.mark.parametrize("people", [3, 80])
def test_the_live_board_asks_the_same_few_questions_whatever_the_size_of_the_hall(
    database: Database, portal: Flask, clock: At, people: int
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=people, mark="s")
        sitting = computers.running(session, hall, capacity=people)
        grant(session, hall.invigilator, hall.house.organisation.id, LISTED)
        session.refresh(hall.house.organisation)
        session.refresh(sitting)
    clock.set(START + MINUTE)
    invigilator = Person.at(portal, database, hall.invigilator, clock.now())
    board = f"/staff/sittings/{sitting.public_id}/board.json"
    first = invigilator.client.get(board)
    assert len(first.get_json()["seats"]) == people
    with counted() as counts:
        again = invigilator.client.get(board, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert len(counts.statements) <= MOST_QUESTIONS, "\n".join(counts.statements)
