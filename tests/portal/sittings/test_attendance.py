# SPDX-License-Identifier: Apache-2.0
"""Who is there, and until which second one may come."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import DecisionKind
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.sittings import errors, queries, service
from exam_portal.sittings.models import AttendanceStatus
from tests.portal.competitions.builders import a_signed
from tests.portal.sittings.builders import (
    MINUTE,
    SECOND,
    START,
    Hall,
    a_hall,
    a_received,
    a_started,
    a_summoned,
    check_in,
)

LIMIT = 10 * MINUTE  # a part of 180 minutes admits ten minutes after the start


@pytest.mark.parametrize(
    ("after", "admitted"),
    [
        (-30 * MINUTE, True),
        (timedelta(0), True),
        (SECOND, True),
        (LIMIT - SECOND, True),
        (LIMIT, True),  # the last second still counts
        (LIMIT + SECOND, False),
        (60 * MINUTE, False),
    ],
)
@pytest.mark.engines("sqlite")
def test_the_rules_admit_to_the_second(database: Database, after: timedelta, admitted: bool) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_started(session, hall).seats[0]
        if admitted:
            check_in(session, hall, seat, START + max(after, timedelta(0)), arrived_at=START + after)
        else:
            with pytest.raises(errors.TooLate) as refused:
                check_in(session, hall, seat, START + after)
            assert refused.value.until == START + LIMIT


def test_only_the_recorded_decision_of_the_chair_admits_who_came_too_late(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        first, second = sitting.seats[:2]
        admit_late(session, hall, "001")
        check_in(session, hall, first, START + 25 * MINUTE)
        with pytest.raises(errors.TooLate):  # the decision names one candidate
            check_in(session, hall, second, START + 25 * MINUTE)
        found = queries.attendance(session, hall.competition.id, "written")
    assert found == {hall.candidates[0].id: "present"}


def test_a_decision_for_another_part_admits_nobody(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_started(session, hall).seats[0]
        admit_late(session, hall, "001", part="programme")
        with pytest.raises(errors.TooLate):
            check_in(session, hall, seat, START + 25 * MINUTE)


def test_nobody_is_late_before_the_clock_runs(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_summoned(session, hall).seats[0]
        check_in(session, hall, seat, START + 40 * MINUTE)


def test_nobody_is_present_without_identity(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_summoned(session, hall).seats[0]
        with pytest.raises(errors.IdentityNotChecked):
            check_in(session, hall, seat, identity_checked=False)


def test_nobody_arrives_later_than_now(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_started(session, hall).seats[0]
        with pytest.raises(errors.ArrivalInFuture):
            check_in(session, hall, seat, START, arrived_at=START + SECOND)


def test_a_later_finding_supersedes_the_former_and_both_stay(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        check_in(session, hall, seat, status=AttendanceStatus.ABSENT, identity_checked=False)
        check_in(session, hall, seat, START + MINUTE)
        assert queries.board(session, sitting)[0].status == "present"
        assert queries.attendance(session, hall.competition.id, "written") == {
            hall.candidates[0].id: "present"
        }


def test_of_two_invigilators_at_one_seat_the_second_is_told(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        seat = a_started(session, hall).seats[0]
        check_in(session, hall, seat, seen=0)
        with pytest.raises(StaleState):
            check_in(session, hall, seat, status=AttendanceStatus.ABSENT, identity_checked=False, seen=0)


def test_a_room_is_checked_in_as_a_whole_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        room = sitting.seats[0].room
        check_in(session, hall, sitting.seats[0], status=AttendanceStatus.ABSENT, identity_checked=False)
        facts: dict[str, Any] = {"sitting": sitting, "room": room}
        assert service.check_in_room(session, hall.invigilator, START, **facts) == 2
        with pytest.raises(StaleState):
            service.check_in_room(session, hall.invigilator, START, **facts)
        assert [one.status for one in queries.board(session, sitting)] == ["absent", "present", "present"]


def test_a_whole_room_is_not_checked_in_after_the_last_minute(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        room = sitting.seats[0].room
        with pytest.raises(errors.TooLate):
            service.check_in_room(
                session, hall.invigilator, START + LIMIT + SECOND, sitting=sitting, room=room
            )


def test_whose_script_lies_there_was_not_absent(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        check_in(session, hall, seat)
        service.collect_scripts(session, hall.invigilator, START, sitting=sitting, sheets={seat.id: 3})
        with pytest.raises(errors.HasWorked):
            check_in(session, hall, seat, status=AttendanceStatus.ABSENT, identity_checked=False)


def test_the_register_is_closed_with_the_hand_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_received(session, hall)
        with pytest.raises(errors.AlreadyHandedOver):
            check_in(session, hall, sitting.seats[0], START + 200 * MINUTE, arrived_at=START)


def admit_late(session: Session, hall: Hall, number: str, part: str = "written") -> None:
    """The chair's signed decision is recorded."""
    at: datetime = START + 20 * MINUTE
    competitions.record_decision(
        session,
        hall.secretary,
        at,
        hall.competition,
        kind=DecisionKind.LATE_ADMISSION,
        payload={"candidate": number, "part": part},
        paper=a_signed(session, hall.house, hall.competition),
    )
