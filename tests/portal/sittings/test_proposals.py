# SPDX-License-Identifier: Apache-2.0
"""The server says by itself what looks like an incident; an invigilator decides what it was."""

import dataclasses
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.sittings import fsck, queries, service
from exam_portal.sittings.attempts.presence import Presence, Sighting
from exam_portal.sittings.attempts.tokens import TokenPress
from exam_portal.sittings.models import (
    Contact,
    ContactGap,
    Incident,
    IncidentCategory,
    ProposalKind,
    ProposalRuling,
    ServerStart,
    Sitting,
    TimeGrant,
)
from exam_portal.sittings.proposals import Change, Restart, Silence, propose
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.sittings.attempts.builders import HOUR
from tests.portal.sittings.builders import LISTED, MINUTE, SECOND, START, Hall, a_hall
from tests.portal.sittings.computers import attempt_of, player_at, running

SILENT = 90
KINDS = ProposalKind


def silence(seat: int, since: int, until: int | None, room: int = 1) -> Silence:
    """A silence in minutes after the start."""
    ends = None if until is None else START + until * MINUTE
    return Silence(seat_id=seat, room_id=room, since=START + since * MINUTE, until=ends)


def test_half_the_screens_of_a_room_make_a_silent_room_from_the_screen_that_made_it_half() -> None:
    silences = [silence(1, 20, 32), silence(2, 21, 32), silence(3, 40, 45)]
    found = propose(silences, {1: 4}, [], [])
    assert [(one.kind, one.seat_id, one.screens) for one in found] == [
        (KINDS.SEAT_SILENT, 3, 1),
        (KINDS.ROOM_SILENT, None, 2),
    ]
    assert (found[1].began_at, found[1].ended_at) == (START + 21 * MINUTE, START + 32 * MINUTE)


@pytest.mark.parametrize(("watched", "rooms"), [(1, 0), (2, 1), (4, 1), (5, 0)])
def test_fewer_than_half_or_one_alone_are_no_silent_room(watched: int, rooms: int) -> None:
    silences = [silence(1, 20, 32), silence(2, 20, 32)][: min(watched, 2)]
    found = propose(silences, {1: watched}, [], [])
    assert [one.kind for one in found].count(KINDS.ROOM_SILENT) == rooms


def test_a_room_that_stays_silent_has_no_end_yet() -> None:
    [found] = propose([silence(1, 20, None), silence(2, 22, None)], {1: 3}, [], [])
    assert (found.kind, found.ended_at, found.screens) == (KINDS.ROOM_SILENT, None, 2)


def test_a_restart_explains_the_silences_and_many_processes_are_one_restart() -> None:
    down = [Restart(since=START + 20 * MINUTE, at=START + 25 * MINUTE + one * SECOND) for one in range(4)]
    found = propose([silence(1, 20, 25), silence(2, 20, 25)], {1: 2}, [], down)
    assert [one.kind for one in found] == [KINDS.SERVER_RESTARTED]
    quick = [Restart(since=START + 20 * MINUTE, at=START + 20 * MINUTE + 9 * SECOND)]
    assert propose([], {1: 2}, [], quick) == []


def test_another_computer_is_proposed_with_its_name() -> None:
    change = Change(seat_id=7, room_id=1, at=START + 41 * MINUTE, device="Firefox")
    [found] = propose([], {}, [change], [])
    assert (found.kind, found.seat_id, found.device) == (KINDS.DEVICE_CHANGED, 7, "Firefox")


def seen(database: Database, sitting: Sitting, *minutes: float, seats: int = 3) -> None:
    """The screens of so many seats asked at these minutes; each time is written at once."""
    presence = Presence(database, SILENT)
    with database.reading() as session:
        ids = [attempt_of(session, one).id for one in session.get_one(Sitting, sitting.id).seats[:seats]]
    for minute in minutes:
        for one in ids:
            presence._due = 0
            presence.saw(one, Sighting(START + minute * MINUTE, "10.0.0.7"))


@pytest.fixture
def day(database: Database) -> tuple[Hall, Sitting]:
    """A sitting in the portal that runs."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        grant(session, hall.invigilator, hall.house.organisation.id, LISTED)
        session.refresh(hall.house.organisation)
        session.refresh(sitting)
        assert len(sitting.seats) == 3
        return hall, sitting


@pytest.fixture
def hall(day: tuple[Hall, Sitting]) -> Hall:
    return day[0]


@pytest.fixture
def sitting(day: tuple[Hall, Sitting]) -> Sitting:
    return day[1]


def proposed(session: Session, sitting: Sitting, minute: float) -> list[tuple[str, int | None]]:
    found = queries.open_proposals(session, sitting, START + minute * MINUTE, SILENT)
    return [(one.found.kind.value, one.found.seat_id) for one in found]


def test_a_screen_that_falls_silent_is_proposed_while_it_lasts_and_afterwards(
    database: Database, sitting: Sitting
) -> None:
    first = sitting.seats[0].id
    for one in sitting.seats:
        player_at(database, one, START)
    seen(database, sitting, 1, 1.4, 2, 2.4, 2.8, 3.2)
    with database.reading() as session:
        assert proposed(session, sitting, 3.5) == []
    for minute in (4, 5, 6):
        with database.writing(unhurried=True) as session:
            for seat in sitting.seats[1:]:
                contact = session.get_one(Contact, attempt_of(session, seat).id)
                contact.seen_at = START + minute * MINUTE
    with database.reading() as session:
        assert proposed(session, sitting, 6) == [("seat_silent", first)]
    seen(database, sitting, 6.1, seats=1)
    with database.reading() as session:
        gap = session.scalars(select(ContactGap)).one()
        assert gap.silent_until - gap.silent_from == timedelta(minutes=2.9)
        assert proposed(session, sitting, 6.2) == [("seat_silent", first)]


def test_contacts_are_written_in_one_order_so_that_two_processes_never_wait_for_each_other(
    database: Database, sitting: Sitting
) -> None:
    with database.reading() as session:
        ids = [attempt_of(session, one).id for one in session.get_one(Sitting, sitting.id).seats]
    written: list[Any] = []

    def note(*told: Any) -> None:
        if "INTO contacts" in told[2]:
            written.extend(told[3])

    presence = Presence(database, SILENT)
    presence._due = time.monotonic() + 60
    for one in sorted(ids, reverse=True)[:-1]:
        presence.saw(one, Sighting(START, "10.0.0.7"))
    presence._due = 0
    event.listen(Engine, "before_cursor_execute", note)
    try:
        presence.saw(min(ids), Sighting(START, "10.0.0.7"))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [one["attempt_id"] if isinstance(one, dict) else one[0] for one in written] == sorted(ids)


def test_silence_in_a_pause_or_after_handing_in_is_nobodys_loss(
    database: Database, hall: Hall, sitting: Sitting
) -> None:
    seen(database, sitting, 1)
    with database.writing(unhurried=True) as session:
        here = session.get_one(Sitting, sitting.id)
        service.pause(session, hall.invigilator, START + 1.5 * MINUTE, sitting=here, reason="Mất điện")
        assert proposed(session, here, 10) == []
        service.resume(session, hall.invigilator, START + 10 * MINUTE, sitting=here)
        assert proposed(session, here, 10.5) == []
        assert proposed(session, here, 12) == [("room_silent", None)]
    with database.reading() as session:
        [found] = queries.open_proposals(session, sitting, START + 400 * MINUTE, SILENT)
        assert found.found.ended_at == START + (180 + 8.5) * MINUTE  # the end of their time, not of the day


def test_a_server_that_comes_back_says_since_when_it_was_away(database: Database, sitting: Sitting) -> None:
    seen(database, sitting, 20)
    seen(database, sitting, 25)  # another process
    with database.reading() as session:
        assert proposed(session, sitting, 25.1) == [("server_restarted", None)]
        starts = session.scalars(select(ServerStart).order_by(ServerStart.id)).all()
        assert [one.last_contact_at for one in starts] == [None, START + 20 * MINUTE]


def test_an_accepted_proposal_is_an_incident_with_a_credit_that_a_second_person_approves(
    database: Database, hall: Hall, sitting: Sitting
) -> None:
    seen(database, sitting, 1)
    with database.writing(unhurried=True) as session:
        here = session.get_one(Sitting, sitting.id)
        before = attempt_of(session, here.seats[0]).closes_at
        [proposal] = queries.open_proposals(session, here, START + 5 * MINUTE, SILENT)
        facts: dict[str, Any] = {"sitting": here, "proposal": proposal}
        at = START + 5 * MINUTE
        service.accept_proposal(
            session, hall.invigilator, at, category=IncidentCategory.TECHNICAL,
            description="Hỏng bộ chuyển mạch", credit_seconds=240, **facts,
        )  # fmt: skip
        incident, credit = session.scalars(select(Incident)).one(), session.scalars(select(TimeGrant)).one()
        assert (incident.category, incident.occurred_at) == ("technical", START + MINUTE)
        assert (credit.kind, credit.seconds, credit.room_id) == ("credit", 240, here.seats[0].room_id)
        assert attempt_of(session, here.seats[0]).closes_at == before
        assert proposed(session, here, 7) == []  # it lasts, and was ruled on
        with pytest.raises(StaleState):
            service.dismiss_proposal(session, hall.second, at, reason="Không có gì", **facts)
        assert not list(fsck.differences(session))
        ruling = {"kind": "seat_silent", "began_at": START, "verdict": "dismiss", "reason": "Không có gì"}
        session.add(ProposalRuling(sitting_id=here.id, key="k", by=hall.second.account_id, at=at, **ruling))
        session.flush()
        assert [one.code for one in fsck.differences(session)] == ["ruling"]


@pytest.mark.engines("sqlite")
def test_an_invigilator_rules_on_the_page_and_the_board_counts_what_waits(
    database: Database, hall: Hall, sitting: Sitting, portal: Flask, clock: At
) -> None:
    seen(database, sitting, 1)
    clock.set(START + 5 * MINUTE)
    place = f"/staff/sittings/{sitting.public_id}"
    sign_in: Callable[[Actor], Person] = lambda actor: Person.at(portal, database, actor, clock.now())  # noqa: E731
    invigilator = sign_in(hall.invigilator)
    assert invigilator.client.get(f"{place}/board.json").get_json()["proposals"] == 1
    assert "3 màn hình trong phòng" in invigilator.get(f"{place}/proposals")
    with database.reading() as session:
        [proposal] = queries.open_proposals(session, sitting, clock.now(), SILENT)
    address = f"{place}/proposals/{proposal.key}"
    assert "Mất điện" not in invigilator.get(address)
    assert "Nhập diễn biến sự việc" in invigilator.post(address, 422, verdict="dismiss", words="")
    assert "Không" in invigilator.post(address, 422, verdict="accept", words="Mất điện", category="no such")
    assert "Diễn tập" in invigilator.post(address, verdict="dismiss", words="Diễn tập ngắt mạng")
    assert invigilator.client.get(f"{place}/board.json").get_json()["proposals"] == 0
    invigilator.get(address, 404)


@pytest.mark.engines("sqlite")
def test_the_state_that_a_screen_asks_for_is_what_the_board_knows_of_its_line(
    database: Database, hall: Hall, sitting: Sitting, portal: Flask, clock: At
) -> None:
    player = player_at(database, sitting.seats[0], START)
    clock.set(START + 10 * MINUTE)
    token = dataclasses.replace(player.token, expires=int((START + 9 * HOUR).timestamp()))
    browser = portal.test_client()
    browser.set_cookie(f"sitting-{token.attempt[:10]}", TokenPress(database.keys).write(token))
    answer = browser.get(f"/sit/attempts/{token.attempt}/state", headers={"X-Forwarded-For": "192.0.2.9"})
    assert answer.status_code == 200
    with database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.seen_at, contact.address) == (clock.now(), "127.0.0.1")  # no proxy is trusted
    board = f"/staff/sittings/{sitting.public_id}/board.json"
    invigilator = Person.at(portal, database, hall.invigilator, clock.now())
    lines = {one["id"]: one for one in invigilator.client.get(board).get_json()["seats"]}
    assert lines[sitting.seats[0].public_id]["line"] == "here"
    clock.set(START + 13 * MINUTE)
    lines = {one["id"]: one for one in invigilator.client.get(board).get_json()["seats"]}
    found = lines[sitting.seats[0].public_id]
    assert (found["line"], found["gone"]) == ("gone", "08:10:00")
    assert lines[sitting.seats[1].public_id]["line"] == ""
