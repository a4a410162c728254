# SPDX-License-Identifier: Apache-2.0
"""Start, pause, time, end; incidents and sanctions by two."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.core.errors import DomainError, StaleState
from exam_portal.sittings import errors, queries, service
from exam_portal.sittings.models import GrantKind, IncidentCategory, SanctionLevel, Sitting, SittingEvent
from exam_portal.sittings.service import collecting
from tests.portal.sittings.builders import (
    MINUTE,
    SECOND,
    START,
    a_hall,
    a_room,
    a_seated,
    a_started,
    a_summoned,
)

HOURS_3 = 180 * MINUTE


def test_a_sitting_does_not_start_before_its_time(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        with pytest.raises(errors.TooEarly):
            service.start(session, hall.invigilator, START - SECOND, sitting=sitting)
        service.start(session, hall.invigilator, START, sitting=sitting)


def test_a_sitting_does_not_start_before_the_summons(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_seated(session, hall)
        with pytest.raises(errors.NotSummoned):
            service.start(session, hall.invigilator, START, sitting=sitting)


def test_of_two_who_start_at_once_one_is_told(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting_id = a_summoned(session, hall).id
    told: list[DomainError] = []

    def start() -> None:
        try:
            with database.writing() as session:
                sitting = session.get_one(Sitting, sitting_id)
                service.start(session, hall.invigilator, START, sitting=sitting)
        except DomainError as problem:
            told.append(problem)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in told] == [StaleState]
    with database.reading() as session:
        assert len(session.scalars(select(SittingEvent)).all()) == 1


def test_a_pause_gives_back_what_it_took(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        service.pause(session, hall.invigilator, START + 20 * MINUTE, sitting=sitting, reason="Mất điện")
        with pytest.raises(StaleState):
            service.pause(session, hall.second, START + 21 * MINUTE, sitting=sitting, reason="Mất điện")
        service.resume(session, hall.invigilator, START + 32 * MINUTE, sitting=sitting)
        with pytest.raises(StaleState):
            service.resume(session, hall.invigilator, START + 33 * MINUTE, sitting=sitting)
        schedule = queries.timing_facts(session, seat)
    assert schedule is not None
    assert schedule.closes_at == START + HOURS_3 + 12 * MINUTE


def test_extra_time_reaches_whom_it_names(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        first, second = sitting.seats[:2]
        service.grant_time(
            session,
            hall.invigilator,
            START + MINUTE,
            sitting=sitting,
            kind=GrantKind.EXTRA_TIME,
            seconds=1200,
            reason="Khuyết tật vận động",
            seat=first,
        )
        assert closing(queries.timing_facts(session, first)) == START + HOURS_3 + 20 * MINUTE
        assert closing(queries.timing_facts(session, second)) == START + HOURS_3


def test_a_credit_counts_only_with_a_second_person(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        grant = service.grant_time(
            session,
            hall.invigilator,
            START + MINUTE,
            sitting=sitting,
            kind=GrantKind.CREDIT,
            seconds=720,
            reason="Hỏng bộ chuyển mạch",
        )
        assert closing(queries.timing_facts(session, seat)) == START + HOURS_3
        with pytest.raises(errors.OtherInvigilator):
            service.approve_credit(session, hall.invigilator, START + 2 * MINUTE, grant=grant)
        service.approve_credit(session, hall.second, START + 2 * MINUTE, grant=grant)
        assert closing(queries.timing_facts(session, seat)) == START + HOURS_3 + 12 * MINUTE
        with pytest.raises(StaleState):
            service.approve_credit(session, hall.second, START + 3 * MINUTE, grant=grant)


def test_no_time_is_given_once_it_is_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        service.end(session, hall.invigilator, START + HOURS_3, sitting=sitting)
        with pytest.raises(errors.SittingOver):
            service.grant_time(
                session,
                hall.invigilator,
                START + HOURS_3,
                sitting=sitting,
                kind=GrantKind.EXTRA_TIME,
                seconds=60,
                reason="Muộn",
            )
        with pytest.raises(errors.SittingOver):
            service.end(session, hall.invigilator, START + HOURS_3, sitting=sitting)


def test_rooms_start_and_stand_by_themselves(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        other = a_room(session, hall, name="P.102")
        service.move_seat(session, hall.secretary, START, seat=sitting.seats[2], room=other, label="01")
        first = sitting.seats[0].room
        service.start(session, hall.invigilator, START, sitting=sitting, room=first)
        states = {one.room.name: one.state for one in queries.room_states(session, sitting, START)}
        assert states == {"P.101": "running", "P.102": "planned"}
        service.start(session, hall.second, START + 5 * MINUTE, sitting=sitting, room=other)
        assert closing(queries.timing_facts(session, sitting.seats[2])) == START + HOURS_3 + 5 * MINUTE


def test_the_end_in_one_room_is_not_the_end_in_all(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        other = a_room(session, hall, name="P.102")
        service.move_seat(session, hall.secretary, START, seat=sitting.seats[2], room=other, label="01")
        first = sitting.seats[0].room
        service.start(session, hall.invigilator, START, sitting=sitting)
        service.end(session, hall.invigilator, START + HOURS_3, sitting=sitting, room=first)
        assert queries.state(queries.events_of(session, sitting), first.id) == "ended"
        assert queries.state(queries.events_of(session, sitting)) == "running"
        assert not collecting.is_over(session, sitting, list(queries.events_of(session, sitting)))
        service.end(session, hall.second, START + HOURS_3, sitting=sitting, room=other)
        assert collecting.is_over(session, sitting, list(queries.events_of(session, sitting)))


def test_a_sanction_stands_by_two_invigilators(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_started(session, hall).seats[0]
        made = service.sanction(
            session,
            hall.invigilator,
            START + MINUTE,
            seat=seat,
            level=SanctionLevel.WARNING,
            reason="Trao đổi giấy nháp",
        )
        with pytest.raises(errors.OtherInvigilator):
            service.confirm_sanction(session, hall.invigilator, START + 2 * MINUTE, sanction=made)
        service.confirm_sanction(session, hall.second, START + 2 * MINUTE, sanction=made)
        with pytest.raises(StaleState):
            service.confirm_sanction(session, hall.second, START + 2 * MINUTE, sanction=made)


def test_an_incident_does_not_happen_later_than_now(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        with pytest.raises(errors.ArrivalInFuture):
            service.register_incident(
                session,
                hall.invigilator,
                START,
                sitting=sitting,
                category=IncidentCategory.TECHNICAL,
                description="Mất điện",
                occurred_at=START + timedelta(minutes=1),
            )


def closing(schedule: object) -> object:
    """Return when the candidate's time ends."""
    return getattr(schedule, "closes_at", None)
