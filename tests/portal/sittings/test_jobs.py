# SPDX-License-Identifier: Apache-2.0
"""What recurs: attempts past their grace are sealed as of their closing, heads of journals are recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from exam_portal.audit.models import Leaf
from exam_portal.core import jobs as core_jobs
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Rehearsal, Settings, Sittings
from exam_portal.sittings import jobs, service
from exam_portal.sittings.attempts.projection import DEFAULT_OFFLINE_MINUTES
from exam_portal.sittings.models import Attempt, Contact, ContactGap, GrantKind, Sitting, Submission
from tests.portal.sittings.builders import MINUTE, SECOND, START, Hall, a_hall, here
from tests.portal.sittings.computers import attempt_of, player_at, running, states

CLOSES = START + 180 * MINUTE
GRACE = 60 * SECOND


@pytest.mark.parametrize(("after", "sealed"), [(GRACE, False), (GRACE + SECOND, True)])
def test_an_attempt_is_sealed_once_its_grace_is_over(
    database: Database, after: timedelta, sealed: bool
) -> None:
    with database.writing(unhurried=True) as session:
        sitting = running(session, a_hall(session))
    jobs.seal_expired(database, CLOSES + after)
    with database.reading() as session:
        assert states(session, sitting) == ["submitted" if sealed else "active"] * 3
        found = session.scalars(select(Submission)).all()
    assert {(one.kind, one.at) for one in found} == ({("by_time", CLOSES)} if sealed else set())


def test_who_has_more_time_is_sealed_later(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        service.grant_time(
            session,
            hall.invigilator,
            START + MINUTE,
            sitting=sitting,
            kind=GrantKind.EXTRA_TIME,
            seconds=1200,
            reason="Khuyết tật vận động",
            seat=sitting.seats[1],
        )
    jobs.seal_expired(database, CLOSES + GRACE + SECOND)
    with database.reading() as session:
        assert states(session, sitting) == ["submitted", "active", "submitted"]
    jobs.seal_expired(database, CLOSES + 20 * MINUTE + GRACE + SECOND)
    with database.reading() as session:
        assert states(session, sitting) == ["submitted"] * 3


def cut_off(database: Database) -> tuple[Hall, Sitting]:
    """Over the end the first is cut off for good, the third until two minutes later; the second is there."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        first, second, third = (attempt_of(session, seat).id for seat in sitting.seats)
        back = CLOSES + 2 * MINUTE
        session.add(ContactGap(attempt_id=third, silent_from=CLOSES - 10 * MINUTE, silent_until=back))
        for attempt_id, seen_at in (
            (first, CLOSES - 10 * MINUTE),
            (second, CLOSES - 5 * SECOND),
            (third, back),
        ):
            session.add(Contact(attempt_id=attempt_id, seen_at=seen_at, address="10.0.0.1", browser=""))
    jobs.seal_expired(database, CLOSES + 3 * MINUTE)
    with database.reading() as session:
        assert states(session, sitting) == ["active", "submitted", "active"]
    return hall, sitting


def test_an_outage_over_the_end_can_be_given_back_before_anything_is_sealed(database: Database) -> None:
    hall, sitting = cut_off(database)
    with database.writing(unhurried=True) as session:
        here = session.get_one(Sitting, sitting.id)
        given = service.grant_time(
            session,
            hall.invigilator,
            CLOSES + 4 * MINUTE,
            sitting=here,
            kind=GrantKind.CREDIT,
            seconds=900,
            reason="Mất mạng",
        )
        service.approve_credit(session, hall.second, CLOSES + 5 * MINUTE, grant=given)
    player = player_at(database, sitting.seats[0], CLOSES + 6 * MINUTE)
    player.answer("b")
    jobs.seal_expired(database, CLOSES + 14 * MINUTE)
    with database.reading() as session:
        assert states(session, sitting) == ["active", "submitted", "active"]
        assert attempt_of(session, sitting.seats[0]).closes_at == CLOSES + 15 * MINUTE


def test_who_was_cut_off_over_the_end_is_sealed_once_the_offline_window_is_over(database: Database) -> None:
    _, sitting = cut_off(database)
    last = CLOSES + GRACE + DEFAULT_OFFLINE_MINUTES * MINUTE
    for instant, sealed in ((last, ["active", "submitted", "active"]), (last + SECOND, ["submitted"] * 3)):
        jobs.seal_expired(database, instant)
        with database.reading() as session:
            assert states(session, sitting) == sealed


def test_who_is_paused_is_not_sealed_however_late_it_is(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        service.pause(session, hall.invigilator, CLOSES - MINUTE, sitting=sitting, reason="Mất điện")
    jobs.seal_expired(database, CLOSES + 60 * MINUTE)
    with database.reading() as session:
        assert states(session, sitting) == ["paused"] * 3


def test_every_attempt_is_sealed_and_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        sitting = running(session, a_hall(session, people=12))
    for _ in range(2):
        jobs.seal_expired(database, CLOSES + GRACE + SECOND)
    with database.reading() as session:
        assert states(session, sitting) == ["submitted"] * 12
        assert len(session.scalars(select(Submission)).all()) == 12


def test_one_journal_that_cannot_be_read_keeps_nobody_else_open(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        sitting = running(session, a_hall(session))
        seat = sitting.seats[0]
    player_at(database, seat, START + MINUTE).answer("b")
    with database.reading() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.seat_id == seat.id)).one()
    database.keys.destroy(attempt.key_id)
    with capture_logs() as logged:
        jobs.seal_expired(database, CLOSES + GRACE + SECOND)
    with database.reading() as session:
        assert states(session, sitting) == ["active", "submitted", "submitted"]
    told = [(line["event"], line["attempt"]) for line in logged if line["log_level"] == "error"]
    assert told == [("attempt_not_sealed", attempt.id)]


@pytest.mark.parametrize("enabled", [True, False])
def test_a_rehearsal_is_sealed_by_its_own_clock_where_one_may_be_held(
    database: Database, enabled: bool
) -> None:
    database.settings = database.settings.model_copy(update={"rehearsal": Rehearsal(enabled=enabled)})
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        competition = here(session, hall)
        competition.kind, competition.clock_offset_seconds = "rehearsal", 3600
    jobs.seal_expired(database, CLOSES + GRACE + SECOND - timedelta(hours=1))
    with database.reading() as session:
        assert states(session, sitting) == ["submitted" if enabled else "active"] * 3


def test_the_heads_of_running_journals_enter_the_record_and_move_with_them(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        seat = sitting.seats[0]
    jobs.record_heads(database, START + MINUTE)
    player_at(database, seat, START + MINUTE).answer("b")
    jobs.record_heads(database, START + 2 * MINUTE)
    with database.writing(unhurried=True) as session:
        first, second = roots(session)
        assert (first["count"], second["count"]) == (3, 3)
        assert first["root"] != second["root"]
        service.cancel(
            session, hall.invigilator, START + 3 * MINUTE, sitting=again(session, sitting), reason="Bão"
        )
    jobs.record_heads(database, START + 4 * MINUTE)
    with database.reading() as session:
        assert len(roots(session)) == 2  # nothing runs any more


def test_how_often_heads_are_recorded_follows_the_setting() -> None:
    settings = Settings(sittings=Sittings(heads_seconds=7))
    pace, recorded = core_jobs._RECURRING["sittings.heads"]
    assert (pace(settings), recorded) == (7, jobs.record_heads)


def again(session: Session, sitting: Sitting) -> Sitting:
    """Return the sitting as this session sees it."""
    return session.get_one(Sitting, sitting.id)


def roots(session: Session) -> list[dict[str, object]]:
    """Return what the record holds of the heads, in order."""
    found = select(Leaf).where(Leaf.type == "heads").order_by(Leaf.id)
    return [dict(leaf.content) for leaf in session.scalars(found)]
