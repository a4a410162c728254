# SPDX-License-Identifier: Apache-2.0
"""A suspension by two invigilators: the work is sealed, the candidate leaves the competition."""

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from exam_portal.competitions.models import Competition
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, StaleState
from exam_portal.registration import queries as registration
from exam_portal.registration.models import Exclusion
from exam_portal.sittings import errors, queries, service
from exam_portal.sittings.attempts import fsck
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import AttemptClosed
from exam_portal.sittings.models import AttendanceStatus, Sanction, SanctionLevel, Script, Seat, Submission
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import MINUTE, START, Hall, a_hall, a_started, a_summoned, check_in
from tests.portal.sittings.computers import attempt_of, player_at, running, states, summoned

AT = START + 30 * MINUTE


def test_a_confirmed_suspension_seals_what_was_written_and_disqualifies(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        seat = sitting.seats[0]
    player = player_at(database, seat, START + MINUTE)
    player.answer("b")
    with database.writing(unhurried=True) as session:
        suspend(session, hall, session.get_one(Seat, seat.id))
        submission = session.scalars(select(Submission)).one()
        assert (submission.kind, submission.at, submission.answered) == ("by_invigilator", AT, 1)
        assert states(session, sitting) == ["submitted", "active", "active"]
        assert session.scalars(select(Script)).one().candidate_id == seat.candidate_id
        assert statuses(session) == ["disqualified", "present", "present"]
        assert [one.left for one in queries.board(session, sitting)] == ["disqualified", "", ""]
    player.now = AT + MINUTE
    with pytest.raises(AttemptClosed):
        player.answer("c")


@pytest.mark.parametrize("level", [SanctionLevel.REPRIMAND, SanctionLevel.WARNING])
def test_a_lesser_sanction_leaves_the_candidate_at_work(database: Database, level: SanctionLevel) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        suspend(session, hall, sitting.seats[0], level=level)
        assert states(session, sitting) == ["active", "active", "active"]
        assert statuses(session) == ["present", "present", "present"]


@pytest.mark.engines("postgresql")
def test_a_suspension_locks_in_the_order_of_everybody(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        made = propose(session, hall, running(session, hall).seats[0])
    locked: list[str] = []

    def note(*told: object) -> None:
        if "FOR UPDATE" in str(told[2]):
            locked.append(str(told[2]).partition("FROM ")[2].split()[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with database.writing(unhurried=True) as session:
            found = session.get_one(Sanction, made.id)
            service.confirm_sanction(session, hall.second, AT, sanction=found)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert locked[:3] == ["competitions", "sittings", "attempts"]


def test_one_invigilator_alone_ends_nothing(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        made = propose(session, hall, sitting.seats[0])
        with pytest.raises(errors.OtherInvigilator):
            service.confirm_sanction(session, hall.invigilator, AT, sanction=made)
        assert states(session, sitting) == ["active", "active", "active"]
        assert statuses(session) == ["present", "present", "present"]


def test_of_two_who_confirm_at_once_one_is_told_and_nothing_doubles(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        made = propose(session, hall, sitting.seats[0])
    told: list[DomainError] = []

    def confirm() -> None:
        try:
            with database.writing(unhurried=True) as session:
                found = session.get_one(Sanction, made.id)
                service.confirm_sanction(session, hall.second, AT, sanction=found)
        except DomainError as problem:
            told.append(problem)

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in told] == [StaleState]
    with database.reading() as session:
        assert len(session.scalars(select(Exclusion)).all()) == 1
        assert len(session.scalars(select(Submission)).all()) == 1


def test_a_second_suspension_finds_the_candidate_gone_and_changes_nothing_more(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        suspend(session, hall, sitting.seats[0])
        suspend(session, hall, sitting.seats[0])
        assert len(session.scalars(select(Exclusion)).all()) == 1


def test_who_is_suspended_before_the_start_never_begins(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        attempt_builders.open_paper(session, sitting)
        for seat in sitting.seats:
            check_in(session, hall, seat)
        suspend(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, AT, sitting=sitting)
        assert states(session, sitting) == ["awaiting", "active", "active"]
        gone = attempt_of(session, sitting.seats[0])
        assert attempts.seal_attempt(session, hall.second, AT, attempt=gone, replayed=None) is None


def test_on_paper_the_script_is_counted_and_the_candidate_disqualified(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        check_in(session, hall, seat)
        suspend(session, hall, seat)
        assert statuses(session)[0] == "disqualified"
        service.collect_scripts(session, hall.invigilator, AT, sitting=sitting, sheets={seat.id: 2})


def test_who_has_left_is_not_checked_in_again(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        seat = sitting.seats[0]
        suspend(session, hall, seat)
        with pytest.raises(errors.LeftCompetition):
            check_in(session, hall, seat, AT)
        check_in(session, hall, seat, AT, status=AttendanceStatus.ABSENT, identity_checked=False)


def test_a_room_is_checked_in_without_those_who_have_left(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        suspend(session, hall, sitting.seats[0])
        room = sitting.seats[0].room
        assert service.check_in_room(session, hall.invigilator, AT, sitting=sitting, room=room) == 2
        assert [one.status for one in queries.board(session, sitting)] == ["", "present", "present"]


def test_the_projection_of_a_suspended_attempt_follows_from_the_facts(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        suspend(session, hall, sitting.seats[0])
    with database.reading() as session:
        assert list(fsck.differences(session)) == []


def propose(
    session: Session, hall: Hall, seat: Seat, level: SanctionLevel = SanctionLevel.SUSPENSION
) -> Sanction:
    """The first invigilator enters a sanction."""
    facts: dict[str, Any] = {"seat": seat, "level": level, "reason": "Sử dụng điện thoại"}
    return service.sanction(session, hall.invigilator, AT, **facts)


def suspend(
    session: Session, hall: Hall, seat: Seat, level: SanctionLevel = SanctionLevel.SUSPENSION
) -> None:
    """Two invigilators put their names to a sanction."""
    service.confirm_sanction(session, hall.second, AT, sanction=propose(session, hall, seat, level))


def statuses(session: Session) -> list[str]:
    """Return how the candidates of the one competition stand, by number."""
    competition_id = session.scalars(select(Competition.id)).one()
    return [one.status for one in registration.candidates(session, competition_id)]
