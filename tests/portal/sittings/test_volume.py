# SPDX-License-Identifier: Apache-2.0
"""What a large hall asks for; the database of these tests refuses a transaction that takes long."""

import pytest
from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.results import service as results
from exam_portal.sittings import jobs, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, Room, Sitting, Submission, TestMark
from tests.portal.sittings.attempts.builders import ITEMS, Player, a_form, a_text, open_paper
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, here
from tests.portal.sittings.computers import player_at, rules_with_a_test, running, seal_a_paper, seated

pytestmark = pytest.mark.engines("sqlite")
ESSAY = "Người đứng đầu chịu trách nhiệm về quyết định của mình. " * 40
KEYSTROKES = 400
OVER = START + 50 * MINUTE


def an_essay_written(player: Player) -> None:
    """The candidate types for a long time: a snapshot at every 50th event, splices between."""
    text, events = "", []
    for number in range(1, KEYSTROKES + 1):
        added = ESSAY[len(text) : len(text) + 5]
        splices = None if number % 50 == 1 else [[len(text), 0, added]]
        text += added
        events.append(a_text(number, text, splices=splices))
    for start in range(0, KEYSTROKES, 100):
        player.save(*events[start : start + 100])


def a_hall_of(database: Database, people: int) -> tuple[Hall, int]:
    """So many candidates write an essay in the portal; return their sitting."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=people)
        sitting = running(session, hall)
        seats = list(sitting.seats)
    for seat in seats:
        an_essay_written(player_at(database, seat, START + MINUTE))
    return hall, sitting.id


def test_long_essays_are_sealed_when_their_time_is_over(database: Database) -> None:
    _, sitting_id = a_hall_of(database, 20)
    jobs.seal_expired(database, START + 400 * MINUTE)
    with database.reading() as session:
        sealed = select(func.count()).select_from(Submission).where(Submission.seq == KEYSTROKES)
        assert session.scalar(sealed) == 20
        assert list(attempts.running(session, sitting_id)) == []


def test_what_was_read_before_is_not_read_again_to_seal_it(database: Database) -> None:
    hall, sitting_id = a_hall_of(database, 2)
    with database.reading() as session:
        attempt_id, *_ = attempts.running(session, sitting_id)
        replayed = attempts.replay(session, session.get_one(Attempt, attempt_id))
    read: list[str] = []
    with database.writing() as session:
        connection = session.connection()
        attempt = session.get_one(Attempt, attempt_id)
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_trace_callback(read.append)
        attempts.seal_attempt(session, hall.invigilator, OVER, attempt=attempt, replayed=replayed)
        driver.set_trace_callback(None)
    assert any("submissions" in one for one in read)
    assert [one for one in read if "answer_events" in one] == []


def test_a_hall_of_two_hundred_goes_from_its_attempts_to_its_ranking(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=200, ruleset=rules_with_a_test())
        sitting = seated(session, hall, part="test", capacity=200)
        seal_a_paper(session, hall, part="test", form=a_form(items=ITEMS[:3]))
        sitting_id, room_id = sitting.id, sitting.seats[0].room_id
    with database.writing() as session:
        sitting = session.get_one(Sitting, sitting_id)
        assert service.prepare(session, hall.secretary, LISTED, sitting=sitting) == 200
    with database.writing(unhurried=True) as session:
        service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
        open_paper(session, session.get_one(Sitting, sitting_id))
    with database.writing() as session:
        sitting, room = session.get_one(Sitting, sitting_id), session.get_one(Room, room_id)
        assert service.check_in_room(session, hall.invigilator, START, sitting=sitting, room=room) == 200
    with database.writing() as session:
        service.start(session, hall.invigilator, START, sitting=session.get_one(Sitting, sitting_id))
    jobs.record_heads(database, START + MINUTE)
    with database.writing() as session:
        sitting = session.get_one(Sitting, sitting_id)
        service.end(session, hall.invigilator, OVER, sitting=sitting, reason="Đã thi xong")
    jobs.seal_expired(database, OVER + 10 * MINUTE)
    with database.reading() as session:
        computed = attempts.compute_marks(session, session.get_one(Sitting, sitting_id))
    with database.writing() as session:
        sitting = session.get_one(Sitting, sitting_id)
        attempts.mark_tests(session, hall.invigilator, OVER, sitting=sitting, computed=computed)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TestMark)) == 200
        competition = here(session, hall)
        ranking = results.compute(session, competition, competition.vacancies[0])
    with database.writing() as session:
        competition = here(session, hall)
        vacancy = competition.vacancies[0]
        run = results.compute_run(
            session, hall.secretary, OVER, competition=competition, vacancy=vacancy, computed=ranking
        )
    assert len(run.output["candidates"]) == 200
