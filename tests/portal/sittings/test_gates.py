# SPDX-License-Identifier: Apache-2.0
"""Who is seated in a part that follows a gate: those who passed it, as soon as that is known."""

from collections.abc import Iterator
from typing import Any

import pytest

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.results import admission as results
from exam_portal.sittings import admission, errors, queries, service
from exam_portal.sittings.models import Sitting
from exam_portal.sittings.service import arranging
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.attempts.builders import ITEMS
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, a_room, here
from tests.portal.sittings.computers import mark_tests, player_at, rules_with_a_test, running, seal_all

OVER = START + 60 * MINUTE


@pytest.fixture(autouse=True)
def nobody_knows() -> Iterator[None]:
    """Each test says itself who knows the gates; what the program had named comes back afterwards."""
    known = list(admission._providers)
    admission._providers.clear()
    yield
    admission._providers[:] = known


def test_who_failed_the_test_is_not_seated_in_the_written_part(database: Database) -> None:
    hall, sitting = a_test_taken(database)
    results.register()
    with database.writing(unhurried=True) as session:
        mark(session, hall, sitting)
        assert numbers(hall, expected(session, hall)) == ["001"]
        written = a_written(session, hall)
        assert service.allot_seats(session, hall.secretary, LISTED, **seats(session, hall, written)) == 1
        assert [seat.candidate_no for seat in queries.board(session, written)] == ["001"]
        assert expected(session, hall) == []
        with pytest.raises(errors.NobodyToSeat):
            service.allot_seats(session, hall.secretary, LISTED, **seats(session, hall, written))


def test_while_a_gate_is_open_everybody_is_expected(database: Database) -> None:
    hall, sitting = a_test_taken(database)
    results.register()
    with database.writing(unhurried=True) as session:
        assert numbers(hall, expected(session, hall)) == ["001", "002", "003"]
        mark(session, hall, sitting)
        assert numbers(hall, expected(session, hall)) == ["001"]


def test_a_decision_may_seat_by_name_who_is_not_expected(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, ruleset=rules_with_a_test())
        admission.known_by(lambda _session, _vacancy_id, _part: frozenset({hall.candidates[0].id}))
        written = a_written(session, hall)
        named = {hall.candidates[1].id}
        facts = seats(session, hall, written)
        assert service.allot_seats(session, hall.secretary, LISTED, **facts, candidate_ids=named) == 1


@pytest.mark.engines("sqlite")
def test_before_the_first_gate_nobody_is_asked(database: Database) -> None:
    def refuse(_session: Session, _vacancy_id: int, part: str) -> frozenset[int] | None:
        raise AssertionError(part)

    with database.writing(unhurried=True) as session:
        hall = a_hall(session, ruleset=rules_with_a_test())
        admission.known_by(refuse)
        assert len(arranging.expected(session, hall.competition.id, "test")) == 3


@pytest.mark.engines("sqlite")
def test_while_no_room_has_finished_the_gate_nobody_is_asked(database: Database) -> None:
    asked: list[str] = []

    def note(_session: Session, _vacancy_id: int, part: str) -> frozenset[int] | None:
        asked.append(part)
        return None

    admission.known_by(note)
    with database.writing(unhurried=True) as session:
        assert len(expected(session, a_hall(session, mark="before", ruleset=rules_with_a_test()))) == 3
    assert asked == []
    hall, _ = a_test_taken(database)
    with database.reading() as session:
        assert len(expected(session, hall)) == 3
    assert set(asked) == {"written"}


@pytest.mark.engines("sqlite")
def test_without_a_stage_that_knows_everybody_is_expected(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, ruleset=rules_with_a_test())
        assert len(expected(session, hall)) == 3


def a_test_taken(database: Database) -> tuple[Hall, Sitting]:
    """The test is over: the first candidate answered well, the others nothing."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, ruleset=rules_with_a_test())
        form = attempt_builders.a_form(items=ITEMS[:3])
        sitting = running(session, hall, part="test", form=form)
        seat = sitting.seats[0]
    player = player_at(database, seat, START + MINUTE)
    player.answer("b")
    player.answer(["a", "c"], item="Q-2")
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, seat.sitting_id)
        service.end(session, hall.invigilator, OVER, sitting=sitting)
        assert seal_all(session, hall.invigilator, OVER, sitting) == 3
    return hall, sitting


def mark(session: Session, hall: Hall, sitting: Sitting) -> None:
    """The test is marked by its key."""
    found = session.get_one(Sitting, sitting.id)
    assert mark_tests(session, hall.invigilator, OVER, found) == 3


def a_written(session: Session, hall: Hall) -> Sitting:
    """The written part is planned after the test."""
    facts: dict[str, Any] = {
        "competition": here(session, hall),
        "part": "written",
        "starts_at": START + 48 * 60 * MINUTE,
    }
    return service.create_sitting(session, hall.secretary, LISTED, **facts)


def seats(session: Session, hall: Hall, sitting: Sitting) -> dict[str, Any]:
    """Return what allotting seats asks for: the sitting and a room of it."""
    found = queries.rooms(session, here(session, hall).id)
    room = next((one for one in found if one.name == "P.9"), None) or a_room(session, hall, name="P.9")
    return {"sitting": sitting, "rooms": [room]}


def expected(session: Session, hall: Hall) -> list[int]:
    """Return who is to be seated in the written part."""
    return arranging.expected(session, here(session, hall).id, "written")


def numbers(hall: Hall, ids: list[int]) -> list[str]:
    """Return the candidate numbers."""
    return [one.candidate_no for one in hall.candidates if one.id in ids]
