# SPDX-License-Identifier: Apache-2.0
"""Between the desk and the seats: messages, calls, evacuation, and rooms that come back one by one."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.sittings import errors, fsck, queries, service
from exam_portal.sittings.attempts import queries as attempts
from exam_portal.sittings.attempts.tokens import TokenPress
from exam_portal.sittings.models import Incident, Seat, SeatCall, Sitting, SittingMessage
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.sittings.attempts.builders import HOUR
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, a_room, a_started
from tests.portal.sittings.computers import attempt_of, player_at, running, states

Sign = Callable[[Actor], Person]


def two_rooms(session: Session, hall: Hall) -> tuple[Sitting, Seat, Seat]:
    """A paper that runs in two rooms: a seat of each."""
    sitting = running(session, hall)
    other = a_room(session, hall, name="P.102")
    last = sitting.seats[-1]
    session.execute(
        text("UPDATE seats SET room_id = :room WHERE id = :id"), {"room": other.id, "id": last.id}
    )
    session.expire_all()
    return sitting, sitting.seats[0], sitting.seats[-1]


def screen(session: Session, seat: Seat, at: datetime) -> dict[str, Any]:
    """What the candidate's screen is told."""
    place = attempts.place_of(session, attempt_of(session, seat).public_id)
    assert place is not None
    return attempts.state_of(session, place, at)


def said(session: Session, seat: Seat) -> Sequence[str]:
    """The messages on the screen of a seat."""
    return [one["words"] for one in screen(session, seat, START + MINUTE)["notices"]]


def test_a_message_reaches_whom_it_names_and_the_log_holds_its_hash_alone(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting, first, last = two_rooms(session, hall)
        for words, place in (
            ("Cả ca thi", {}),
            ("Phòng 101", {"room": first.room}),
            ("Riêng ông/bà", {"seat": last}),
        ):
            service.send_message(
                session, hall.invigilator, START + MINUTE, sitting=sitting, words=words, **place
            )
        assert said(session, first) == ["Cả ca thi", "Phòng 101"]
        assert said(session, last) == ["Cả ca thi", "Riêng ông/bà"]
        assert [one["is_private"] for one in screen(session, last, START)["notices"]] == [False, True]
        leaves = session.scalars(select(Leaf.content).where(Leaf.type == "sittings.message_sent")).all()
        assert len(leaves) == 3
        assert not any("Riêng" in str(leaf) for leaf in leaves)


def test_a_message_that_was_changed_in_the_database_is_named(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting, _, _ = two_rooms(session, hall)
        service.send_message(session, hall.invigilator, START, sitting=sitting, words="Còn 10 phút")
        assert not list(fsck.differences(session))
        fact = {"sitting_id": sitting.id, "words": "Chọn đáp án B", "by": hall.second.account_id, "at": START}
        session.add(SittingMessage(**fact))
        session.flush()
        assert [one.code for one in fsck.differences(session)] == ["message"]


def test_no_message_goes_to_paper_to_a_foreign_seat_or_after_the_end(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall, other = a_hall(session), a_hall(session, mark="b")
        sitting, first, _ = two_rooms(session, hall)
        on_paper = a_started(session, other)
        send: dict[str, Any] = {"words": "Giữ trật tự"}
        with pytest.raises(errors.NoScreens):
            service.send_message(session, other.invigilator, START, sitting=on_paper, **send)
        with pytest.raises(NotFound):
            service.send_message(
                session, hall.invigilator, START, sitting=sitting, seat=on_paper.seats[0], **send
            )
        service.end(session, hall.invigilator, START + MINUTE, sitting=sitting, reason="Cháy")
        with pytest.raises(errors.SittingOver):
            service.send_message(session, hall.invigilator, START + MINUTE, sitting=sitting, **send)
        with pytest.raises(errors.SittingOver):
            service.call_invigilator(session, hall.invigilator, START + MINUTE, seat=first)


def test_a_seat_calls_once_until_somebody_has_come(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting, first, _ = two_rooms(session, hall)
        candidate = Actor(account_id=hall.candidates[0].account_id, is_candidate=True)
        call = service.call_invigilator(session, candidate, START + MINUTE, seat=first)
        assert service.call_invigilator(session, candidate, START + 2 * MINUTE, seat=first) is call
        assert screen(session, first, START + 2 * MINUTE)["called_at"] is not None
        assert [one.calls for one in queries.seat_states(session, sitting)].count(True) == 1
        service.answer_call(session, hall.invigilator, START + 3 * MINUTE, call=call)
        with pytest.raises(StaleState):
            service.answer_call(session, hall.second, START + 3 * MINUTE, call=call)
        assert screen(session, first, START + 3 * MINUTE)["called_at"] is None
        assert not any(one.calls for one in queries.seat_states(session, sitting))
        service.call_invigilator(session, candidate, START + 4 * MINUTE, seat=first)
        assert len(queries.calls(session, sitting)) == 2
        assert not list(fsck.differences(session))
        facts = {"at": START, "answered_by": call.answered_by, "answered_at": START}
        session.add(SeatCall(seat_id=sitting.seats[-1].id, **facts))
        session.flush()
        assert sorted(one.code for one in fsck.differences(session)) == ["call", "call answered"]


def test_an_evacuation_blanks_the_screens_stops_the_time_and_is_given_back(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting, first, last = two_rooms(session, hall)
        before = attempt_of(session, first).closes_at
        facts: dict[str, Any] = {"sitting": sitting, "reason": "Cháy", "instructions": "Ra sân trước"}
        service.evacuate(session, hall.house.organiser, START + 10 * MINUTE, **facts)
        with pytest.raises(StaleState):
            service.evacuate(session, hall.invigilator, START + 11 * MINUTE, **facts)
        told = screen(session, first, START + 20 * MINUTE)
        assert (told["state"], told["evacuation"]) == ("paused", "Ra sân trước")
        service.resume(session, hall.invigilator, START + 40 * MINUTE, sitting=sitting)
        assert screen(session, last, START + 41 * MINUTE)["evacuation"] is None
        assert before is not None
        assert attempt_of(session, first).closes_at == before + 30 * MINUTE
        assert states(session, sitting) == ["active"] * 3


def test_a_pause_may_turn_into_an_evacuation_and_is_given_back_whole(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting, first, _ = two_rooms(session, hall)
        before = attempt_of(session, first).closes_at
        assert before is not None
        by = hall.invigilator
        service.pause(session, by, START + 10 * MINUTE, sitting=sitting, reason="Khói", room=first.room)
        facts: dict[str, Any] = {"sitting": sitting, "reason": "Cháy", "instructions": "Ra sân"}
        service.evacuate(session, by, START + 15 * MINUTE, **facts)
        service.resume(session, by, START + 20 * MINUTE, sitting=sitting)
        assert attempt_of(session, first).closes_at == before + 10 * MINUTE


def test_rooms_come_back_from_a_pause_of_all_one_by_one(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting, first, last = two_rooms(session, hall)
        before = attempt_of(session, first).closes_at
        assert before is not None
        service.pause(session, hall.invigilator, START + 10 * MINUTE, sitting=sitting, reason="Mất điện")
        at = START + 15 * MINUTE
        service.resume(session, hall.invigilator, at, sitting=sitting, room=first.room)
        found = {one.room.name: one.state for one in queries.room_states(session, sitting, at)}
        assert found == {"P.101": "running", "P.102": "paused"}
        assert (attempt_of(session, first).state, attempt_of(session, last).state) == ("active", "paused")
        with pytest.raises(StaleState):
            service.resume(session, hall.invigilator, at, sitting=sitting, room=first.room)
        service.resume(session, hall.invigilator, START + 22 * MINUTE, sitting=sitting)
        assert attempt_of(session, first).closes_at == before + 5 * MINUTE
        assert attempt_of(session, last).closes_at == before + 12 * MINUTE


@pytest.fixture
def held(database: Database, portal: Flask, clock: At) -> tuple[Hall, Sitting, Sign]:
    """A sitting in the portal, with people who can sign in."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        for actor in (hall.invigilator, hall.house.organiser):
            grant(session, actor, hall.house.organisation.id, LISTED)
        session.refresh(sitting)
        session.refresh(hall.house.organisation)
    clock.set(START + 10 * MINUTE)
    return hall, sitting, lambda actor: Person.at(portal, database, actor, clock.now())


@pytest.mark.engines("sqlite")
def test_the_invigilator_sends_words_from_the_list_and_of_the_own(
    held: tuple[Hall, Sitting, Sign], database: Database
) -> None:
    hall, sitting, sign_in = held
    place = f"/staff/sittings/{sitting.public_id}"
    invigilator = sign_in(hall.invigilator)
    invigilator.get(f"{place}/messages/new")
    assert "Viết thông báo, hoặc chọn" in invigilator.post(f"{place}/messages/new", 422, words="  ")
    page = invigilator.post(f"{place}/messages/new", ready="ten", words="Kiểm tra lại phiếu.")
    assert "Còn 10 phút làm bài.\nKiểm tra lại phiếu." in page
    assert "Đỗ Thị Mai" in page
    with database.reading() as session:
        assert session.scalars(select(SittingMessage)).one().words.startswith("Còn 10 phút")


@pytest.mark.engines("sqlite")
def test_a_call_shows_on_the_live_board_until_it_is_answered(
    held: tuple[Hall, Sitting, Sign], database: Database, portal: Flask
) -> None:
    hall, sitting, sign_in = held
    with database.reading() as session:
        seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    player = player_at(database, seat, START + MINUTE)
    browser = portal.test_client()
    base = f"/sit/attempts/{player.token.attempt}"
    headers = {"X-Sitting": "1", "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    assert browser.post(f"{base}/call", headers=headers).status_code == 401
    until = int((START + HOUR).timestamp())
    token = dataclasses.replace(player.token, expires=until)
    browser.set_cookie(f"sitting-{player.token.attempt[:10]}", TokenPress(database.keys).write(token))
    assert browser.post(f"{base}/call", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert browser.post(f"{base}/call", headers=headers).status_code == 200
    invigilator = sign_in(hall.invigilator)
    board = f"/staff/sittings/{sitting.public_id}/board"
    assert invigilator.client.get(f"{board}.json").get_json()["calls"] == 1
    invigilator.get(f"/staff/sittings/{sitting.public_id}/messages")
    with database.reading() as session:
        call = session.scalars(select(SeatCall)).one()
    invigilator.post(f"/staff/calls/{call.public_id}/answered")
    assert invigilator.client.get(f"{board}.json").get_json()["calls"] == 0


@pytest.mark.engines("sqlite")
def test_the_organiser_clears_the_rooms_and_the_register_says_so(
    held: tuple[Hall, Sitting, Sign], database: Database
) -> None:
    hall, sitting, sign_in = held
    place = f"/staff/sittings/{sitting.public_id}"
    organiser = sign_in(hall.house.organiser)
    facts: dict[str, Any] = {"reason": "Chuông báo cháy", "instructions": "Ra sân trước"}
    assert "bình tĩnh rời phòng" in organiser.get(f"{place}/evacuation")
    assert "Tạm dừng" in organiser.post(f"{place}/evacuation", **facts)
    with database.reading() as session:
        assert session.scalars(select(Incident)).one().category == "evacuation"
        assert states(session, sitting) == ["paused"] * 3
