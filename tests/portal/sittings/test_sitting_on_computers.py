# SPDX-License-Identifier: Apache-2.0
"""A part held in the portal, from its sealed paper to the marker's desk."""

import pytest
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.papers.models import PaperForm
from exam_portal.sittings import errors, fsck, handover, masking, queries, scripts_against_record, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import StillRunning
from exam_portal.sittings.models import Attempt, Sitting
from tests.portal.security.test_who_takes_part import LAST, named_after
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, a_hall, a_started, check_in
from tests.portal.sittings.computers import (
    mark_tests,
    player_at,
    rules_with_a_test,
    running,
    seal_a_paper,
    seal_all,
    seated,
    states,
    summoned,
)

FIRST = LAST.replace("max", "min")
FORGERIES = [  # by whoever has the database's password
    (f"UPDATE test_marks SET value = '3' {FIRST.format('test_marks')}", "test mark"),
    (f"DELETE FROM test_marks {LAST.format('test_marks')}", "test marks"),
    ("UPDATE test_marks SET run = run + 1 WHERE run = 2", "test marks"),
    ("UPDATE scripts SET part = 'written'", "script"),
    ("UPDATE lease_changes SET at = '2020-01-01 00:00:00'", "device"),
    ("UPDATE sitting_events SET at = '2020-01-01 00:00:00' WHERE kind = 'ended'", "ended"),
]


def test_a_sitting_on_computers_waits_for_a_sealed_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = seated(session, hall)
        with pytest.raises(errors.PaperNotSealed):
            service.prepare(session, hall.secretary, LISTED, sitting=sitting)
        seal_a_paper(session, hall)
        assert service.prepare(session, hall.secretary, LISTED, sitting=sitting) == 3
        assert service.prepare(session, hall.secretary, LISTED, sitting=sitting) == 0


def test_its_clock_runs_once_two_officers_have_opened_the_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        with pytest.raises(errors.PaperNotOpened):
            service.start(session, hall.invigilator, START, sitting=sitting)
        attempt_builders.open_paper(session, sitting)
        service.start(session, hall.invigilator, START, sitting=sitting)


def on_board(session: Session, sitting: Sitting) -> list[str | None]:
    """What the board says of the seats, and says when it is asked again every few seconds."""
    shown = [seat.attempt_state for seat in queries.board(session, sitting)]
    assert sorted(map(str, shown)) == sorted(
        str(seat.attempt_state) for seat in queries.seat_states(session, sitting)
    )
    return shown


def test_who_is_checked_in_works_from_the_start_and_is_sealed_at_the_end(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        attempt_builders.open_paper(session, sitting)
        check_in(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, START, sitting=sitting)
        check_in(session, hall, sitting.seats[1], START + 4 * MINUTE)
        assert states(session, sitting) == ["active", "active", "awaiting"]
        assert on_board(session, sitting) == ["not_in", "not_in", "awaiting"]
        first = session.scalars(select(Attempt).where(Attempt.seat_id == sitting.seats[0].id)).one()
        attempts.take_attempt(session, hall.invigilator, START, attempt=first, device="x")
        assert on_board(session, sitting) == ["active", "not_in", "awaiting"]
        code = attempts.move_attempt(session, hall.invigilator, START, attempt=first)
        assert on_board(session, sitting) == ["moved", "not_in", "awaiting"]
        attempts.take_attempt(session, hall.invigilator, START, attempt=first, device="y", code=code)
        assert on_board(session, sitting) == ["active", "not_in", "awaiting"]
        with pytest.raises(StillRunning):
            masking.mask_scripts(session, hall.masker, START, competition=hall.competition, part="written")
        service.end(session, hall.invigilator, START + 100 * MINUTE, sitting=sitting, reason="Đã thi xong")
        assert seal_all(session, hall.invigilator, START + 100 * MINUTE, sitting) == 2
        assert states(session, sitting) == ["submitted", "submitted", "awaiting"]
        assert {seat.attempt_state for seat in queries.board(session, sitting)} == {"submitted", "awaiting"}


def test_nobodys_time_is_cut_short_without_a_reason(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        attempt_builders.open_paper(session, sitting)
        check_in(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, START, sitting=sitting)
        for reason in ("", "   "):
            with pytest.raises(errors.TimeRemains) as refused:
                service.end(session, hall.invigilator, START + MINUTE, sitting=sitting, reason=reason)
            assert refused.value.working == 1
        assert states(session, sitting)[0] == "active"
        event = service.end(
            session, hall.invigilator, START + MINUTE, sitting=sitting, reason="Cháy ở tầng 3"
        )
        assert event.payload == {"reason": "Cháy ở tầng 3", "cut_short": 1}


def test_its_scripts_reach_the_marker_as_text_without_a_hand_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        attempt_builders.open_paper(session, sitting)
        check_in(session, hall, sitting.seats[0])
        service.start(session, hall.invigilator, START, sitting=sitting)
        service.end(session, hall.invigilator, START + 100 * MINUTE, sitting=sitting, reason="Đã thi xong")
        seal_all(session, hall.invigilator, START + 100 * MINUTE, sitting)
        [bag] = masking.mask_scripts(
            session, hall.masker, START + 101 * MINUTE, competition=hall.competition, part="written"
        )
        [script] = handover.scripts(session, bag.id)
        content = handover.content(session, script.id)
    assert content.kind == "text"
    assert [answer.item for answer in content.answers] == ["Q-1", "Q-2", "Q-3", "E-1"]


def test_the_reserve_paper_takes_the_place_of_the_official_one_before_the_start(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = seated(session, hall)
        seal_a_paper(session, hall)
        with pytest.raises(errors.PaperNotSealed):  # there is no reserve
            service.use_reserve_paper(session, hall.secretary, LISTED, sitting=sitting)
        reserve = seal_a_paper(session, hall, kind="reserve")
        service.use_reserve_paper(session, hall.secretary, LISTED, sitting=sitting)
        assert sitting.paper_id == reserve.id
        service.prepare(session, hall.secretary, LISTED, sitting=sitting)
        forms = set(
            session.scalars(select(PaperForm.paper_id).join(Attempt, Attempt.form_id == PaperForm.id))
        )
        assert forms == {reserve.id}


def test_once_attempts_are_prepared_the_paper_stays(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = summoned(session, hall)
        official = sitting.paper_id
        seal_a_paper(session, hall, kind="reserve")
        with pytest.raises(StaleState):
            service.use_reserve_paper(session, hall.secretary, LISTED, sitting=sitting)
        assert sitting.paper_id == official


def test_once_the_clock_has_run_the_reserve_stays_where_it_is(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seal_a_paper(session, hall, kind="reserve")
        with pytest.raises(errors.SittingStarted):
            service.use_reserve_paper(session, hall.secretary, START, sitting=sitting)


def test_a_test_is_marked_once_all_of_it_is_sealed_and_a_new_run_counts(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, ruleset=rules_with_a_test())
        form = attempt_builders.a_form(items=attempt_builders.ITEMS[:3])
        sitting = running(session, hall, part="test", form=form)
        seat, over = sitting.seats[0], START + 60 * MINUTE
    player = player_at(database, seat, START + MINUTE)
    player.answer("b")
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, seat.sitting_id)
        with pytest.raises(StillRunning):
            attempts.mark_tests(session, hall.invigilator, over, sitting=sitting, computed=[])
        service.end(session, hall.invigilator, over, sitting=sitting)
        seal_all(session, hall.invigilator, over, sitting)
        assert mark_tests(session, hall.invigilator, over, sitting) == 3
        assert mark_tests(session, hall.invigilator, over, sitting) == 3
        marks = queries.test_marks(session, hall.competition.id, "test")
    assert marks == {
        hall.candidates[0].id: ("1", "3"),
        hall.candidates[1].id: ("0", "3"),
        hall.candidates[2].id: ("0", "3"),
    }
    with database.reading() as session:
        for check in (scripts_against_record, fsck):
            assert not list(check.differences(session))
    for statement, code in FORGERIES:
        assert code in named_after(database, statement, scripts_against_record, fsck), statement
