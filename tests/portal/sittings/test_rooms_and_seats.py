# SPDX-License-Identifier: Apache-2.0
"""Rooms, seats and the summons."""

from datetime import timedelta

import pytest

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind
from exam_portal.core.database import Database
from exam_portal.registration import errors as registration_errors
from exam_portal.registration import service as registration
from exam_portal.sittings import errors, queries, service
from tests.portal.sittings.builders import (
    LISTED,
    START,
    a_hall,
    a_room,
    a_seated,
    a_sitting,
    a_started,
    a_summoned,
    here,
)


def test_candidates_are_seated_by_number_room_after_room(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=5)
        rooms = [a_room(session, hall, name="P.101", capacity=2), a_room(session, hall, name="P.102")]
        sitting = a_sitting(session, hall)
        assert service.allot_seats(session, hall.secretary, LISTED, sitting=sitting, rooms=rooms) == 5
        seats = [(one.candidate_no, one.room, one.label) for one in queries.board(session, sitting)]
    assert seats == [
        ("001", "P.101", "01"),
        ("002", "P.101", "02"),
        ("003", "P.102", "01"),
        ("004", "P.102", "02"),
        ("005", "P.102", "03"),
    ]


def test_rooms_that_are_too_small_are_refused_with_the_numbers(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        room, sitting = a_room(session, hall, capacity=2), a_sitting(session, hall)
        with pytest.raises(errors.NotEnoughSeats) as refused:
            service.allot_seats(session, hall.secretary, LISTED, sitting=sitting, rooms=[room])
    assert (refused.value.candidates, refused.value.places) == (3, 2)


def test_nobody_is_seated_twice_in_a_part(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_seated(session, hall)
        other = a_sitting(session, hall)
        with pytest.raises(errors.NobodyToSeat):
            service.allot_seats(
                session,
                hall.secretary,
                LISTED,
                sitting=other,
                rooms=queries.rooms(session, hall.competition.id),
            )


def test_who_left_the_competition_gets_no_seat(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        registration.exclude_candidate(
            session, hall.secretary, LISTED, hall.candidates[1], status="withdrawn", reason="Đơn xin rút"
        )
        sitting = a_seated(session, hall)
        assert [one.candidate_no for one in queries.board(session, sitting)] == ["001", "003"]


def test_after_a_gate_only_those_named_are_seated(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        room, sitting = a_room(session, hall), a_sitting(session, hall)
        chosen = {hall.candidates[2].id}
        service.allot_seats(
            session, hall.secretary, LISTED, sitting=sitting, rooms=[room], candidate_ids=chosen
        )
        assert [one.candidate_no for one in queries.board(session, sitting)] == ["003"]


def test_two_rooms_of_one_name_are_refused(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_room(session, hall)
        with pytest.raises(errors.NameTaken):
            a_room(session, hall)


def test_a_part_before_the_council_has_no_sitting_in_rooms(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        with pytest.raises(errors.NoSuchPart):
            service.create_sitting(
                session,
                hall.secretary,
                LISTED,
                competition=hall.competition,
                part="programme",
                starts_at=START,
            )


def test_seats_stand_once_the_sitting_has_begun(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        with pytest.raises(errors.SittingStarted):
            service.move_seat(session, hall.secretary, START, seat=seat, room=seat.room, label="20")
        with pytest.raises(errors.SittingStarted):
            service.reschedule(session, hall.secretary, START, sitting=sitting, starts_at=START)


def test_a_sitting_is_planned_for_another_time_but_never_for_a_past_one(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_seated(session, hall)
        with pytest.raises(errors.StartInPast):
            service.reschedule(
                session, hall.secretary, LISTED, sitting=sitting, starts_at=LISTED - timedelta(seconds=1)
            )
        later = START + timedelta(days=1)
        service.reschedule(session, hall.secretary, LISTED, sitting=sitting, starts_at=later)
        service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
        with pytest.raises(errors.TooEarly):  # the old time opens nothing any more
            service.start(session, hall.invigilator, START, sitting=sitting)
        service.start(session, hall.invigilator, later, sitting=sitting)


def test_sheet_codes_say_nothing_and_are_never_the_same(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=5)
        codes = [one.sheet_code for one in queries.board(session, a_seated(session, hall))]
    assert len(set(codes)) == 5
    assert all(len(code) == 8 and not set(code) & set("01OI") for code in codes)


def test_a_summons_in_time_needs_no_reason_and_is_a_milestone(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_summoned(session, hall)
        assert (MilestoneKind.SUMMONED, "") in competitions.reached(session, hall.competition.id)


def test_a_short_notice_names_its_days_and_needs_a_reason(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_seated(session, hall, starts_at=LISTED + timedelta(days=4))
        with pytest.raises(errors.SummonsTooShort) as refused:
            service.summon(session, hall.secretary, LISTED, competition=hall.competition)
        assert refused.value.days < refused.value.required == 5
        service.summon(
            session, hall.secretary, LISTED, competition=hall.competition, reason="Thống nhất với thí sinh"
        )


def test_nobody_is_summoned_while_somebody_has_no_seat(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_sitting(session, hall)
        with pytest.raises(errors.NotSeated) as refused:
            service.summon(session, hall.secretary, LISTED, competition=hall.competition)
    assert refused.value.count == 3


def test_a_post_with_one_candidate_stops_the_summons_until_the_council_decides(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=1)
        a_seated(session, hall)
        with pytest.raises(registration_errors.BelowMinimum):
            service.summon(session, hall.secretary, LISTED, competition=hall.competition)


def test_a_cancelled_sitting_lets_its_people_be_seated_anew(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_seated(session, hall)
        service.cancel(session, hall.secretary, LISTED, sitting=sitting, reason="Mất điện")
        again = a_sitting(session, hall)
        rooms = queries.rooms(session, hall.competition.id)
        assert service.allot_seats(session, hall.secretary, LISTED, sitting=again, rooms=rooms) == 3
