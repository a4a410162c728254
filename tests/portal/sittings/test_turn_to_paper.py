# SPDX-License-Identifier: Apache-2.0
"""Computers cannot go on: the reserve paper on paper, by two people; what was typed stays as evidence."""

import io
from datetime import datetime

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import text

from exam_portal.audit import fsck
from exam_portal.core.database import Database
from exam_portal.core.errors import StaleState
from exam_portal.core.triggers import PREFIX
from exam_portal.sittings import errors, masking, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import AttemptClosed
from exam_portal.sittings.models import PaperTurn, Seat, Sitting
from tests.portal.competitions.pages import At, Person
from tests.portal.sittings.attempts.builders import open_paper
from tests.portal.sittings.builders import (
    MINUTE,
    SECOND,
    START,
    Hall,
    a_hall,
    a_started,
    as_declared,
    check_in,
    hand_over,
    here,
)
from tests.portal.sittings.computers import attempt_of, player_at, running, seal_all, states, summoned

REASON = "Máy chủ hỏng lúc 08:30, không khôi phục được"
OVER = START + 200 * MINUTE


def turned(database: Database, *, only_second: bool = False) -> tuple[Hall, int]:
    """The first candidate has answered, the second has handed in; then a turn to paper is proposed."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
    first, second = sitting.seats[:2]
    player_at(database, first, START + MINUTE).answer("b")
    player_at(database, second, START + MINUTE).answer("b")
    with database.writing(unhurried=True) as session:
        attempt = attempt_of(session, second)
        replayed = attempts.replay(session, attempt)
        attempts.seal_attempt(
            session, hall.invigilator, START + 2 * MINUTE, attempt=attempt, replayed=replayed
        )
        sitting = session.get_one(Sitting, sitting.id)
        seat = sitting.seats[2] if only_second else None
        service.propose_paper(
            session, hall.invigilator, START + 30 * MINUTE, sitting=sitting, reason=REASON, seat=seat
        )
    return hall, sitting.id


def approve(database: Database, hall: Hall) -> int:
    """The second invigilator approves."""
    with database.writing(unhurried=True) as session:
        turn = session.query(PaperTurn).one()
        return service.approve_paper(session, hall.second, START + 31 * MINUTE, turn=turn)


def test_paper_takes_the_place_of_what_was_not_handed_in_and_there_is_one_script_each(
    database: Database,
) -> None:
    hall, sitting_id = turned(database)
    with database.reading() as session:
        assert states(session, session.get_one(Sitting, sitting_id)) == ["active", "submitted", "active"]
    assert approve(database, hall) == 2
    with database.reading() as session:
        sitting = session.get_one(Sitting, sitting_id)
        assert states(session, sitting) == ["void", "submitted", "void"]
        first = attempt_of(session, sitting.seats[0])
        assert attempts.replay(session, first).answers.responses == {"Q-1": "b"}  # the record stays
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, sitting_id)
        one, two, three = sitting.seats
        service.end(session, hall.invigilator, OVER, sitting=sitting)
        assert seal_all(session, hall.invigilator, OVER, sitting) == 0

        def collect(seat: Seat, sheets: int, at: datetime = OVER) -> int:
            given = {seat.id: sheets}
            return service.collect_scripts(session, hall.invigilator, at, sitting=sitting, sheets=given)

        with pytest.raises(errors.NotOnPaper):
            collect(two, 3)
        with pytest.raises(errors.NotHandedOver):
            masking.mask_scripts(session, hall.masker, OVER, competition=here(session, hall), part="written")
        assert collect(one, 3) == 1
        with pytest.raises(errors.CountsDiffer):
            hand_over(session, hall, OVER, sitting)
        assert collect(three, 4, OVER + SECOND) == 1
        hand_over(session, hall, OVER, sitting)
        service.receive(session, hall.masker, OVER, sitting=sitting, bags=as_declared(session, sitting))
        [bag] = masking.mask_scripts(
            session, hall.masker, OVER, competition=here(session, hall), part="written"
        )
        assert len(bag.scripts) == 3
    with database.reading() as session:
        assert not [str(one) for one in fsck.differences(session) if one.where == "sittings"]


@pytest.mark.engines("sqlite")
def test_a_turn_that_was_moved_to_another_place_is_named(database: Database) -> None:
    turned(database, only_second=True)
    with database.writing(unhurried=True) as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}paper_turns_update"))
        session.execute(
            text("UPDATE paper_turns SET seat_id = (SELECT min(id) FROM seats WHERE id <> seat_id)")
        )
    with database.reading() as session:
        assert "paper turn" in {one.code for one in fsck.differences(session)}


def test_nobody_turns_to_paper_alone_twice_or_once_all_have_handed_in(database: Database) -> None:
    hall, sitting_id = turned(database, only_second=True)
    with database.writing(unhurried=True) as session:
        turn = session.query(PaperTurn).one()
        with pytest.raises(errors.OtherInvigilator):
            service.approve_paper(session, hall.invigilator, START + 31 * MINUTE, turn=turn)
    assert approve(database, hall) == 1
    with pytest.raises(StaleState):
        approve(database, hall)
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, sitting_id)
        assert states(session, sitting) == ["active", "submitted", "void"]
        seat = sitting.seats[1]
        turn = service.propose_paper(
            session, hall.invigilator, START + 32 * MINUTE, sitting=sitting, reason=REASON, seat=seat
        )
        with pytest.raises(StaleState):  # this candidate has handed in
            service.approve_paper(session, hall.second, START + 33 * MINUTE, turn=turn)


def test_a_closed_attempt_takes_no_more_answers(database: Database) -> None:
    hall, sitting_id = turned(database)
    with database.reading() as session:
        seat = session.get_one(Sitting, sitting_id).seats[2]
    player = player_at(database, seat, START + 29 * MINUTE)
    player.answer("a")
    approve(database, hall)
    player.now = START + 32 * MINUTE
    with pytest.raises(AttemptClosed):
        player.answer("b")


def test_a_sitting_on_paper_has_nothing_to_turn_from(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        with pytest.raises(errors.OnPaperAlready):
            service.propose_paper(session, hall.invigilator, START, sitting=sitting, reason=REASON)


@pytest.mark.engines("sqlite")
def test_the_pages_propose_approve_and_print_the_minute(
    portal: Flask, database: Database, hall: Hall, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        sitting = summoned(session, hall)
        open_paper(session, sitting)
        check_in(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, START, sitting=sitting)
        session.refresh(sitting)
    at = START + 30 * MINUTE
    clock.set(at)
    base = f"/staff/sittings/{sitting.public_id}"
    first = Person.at(portal, database, hall.invigilator, at)
    first.get(f"{base}/paper-turns/new")
    first.post(f"{base}/paper-turns/new", room="", seat="", reason=REASON)
    with database.reading() as session:
        turn = session.query(PaperTurn).one()
    address = f"/staff/paper-turns/{turn.public_id}"
    assert f"{address}/approve" not in first.get(f"{base}/board")
    first.post(f"{address}/approve", 409)
    second = Person.at(portal, database, hall.second, at)
    assert f"{address}/approve" in second.get(f"{base}/board")
    second.post(f"{address}/approve")
    assert f"{base}/scripts" in second.get(base)
    minute = PdfReader(io.BytesIO(second.client.get(f"{address}/minute.pdf").data)).pages[0].extract_text()
    assert REASON in " ".join(minute.split())
