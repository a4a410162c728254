# SPDX-License-Identifier: Apache-2.0
"""The secretary keeps the time of a hearing: planned once for all, each act a fact, overrun on record."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import errors as panel_errors
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import Hearing, Occasion
from exam_portal.interviews.room import errors, planning, queries, service
from exam_portal.interviews.room.models import PhaseEvent, RoomPlan
from exam_portal.interviews.room.planning import Plan
from exam_portal.interviews.room.timing import FactKind, PhaseKey, PhaseStatus, times
from exam_portal.interviews.service import common
from tests.portal.competitions.builders import a_signed
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, count, drawn

PREPARATION, PRESENTATION, QUESTIONS = PhaseKey
MINUTE = timedelta(minutes=1)


def a_plan(preparation: int = 30, presentation: int = 15, questions: int = 30) -> Plan:
    minutes = {PREPARATION: preparation, PRESENTATION: presentation, QUESTIONS: questions}
    return planning.of(minutes)


def act(
    session: Session, who: Actor, verb: Any, hearing: Hearing, phase: PhaseKey, at: int, **more: Any
) -> None:
    verb(session, who, HEARD + at * MINUTE, hearing=hearing, phase=phase, **more)


def test_a_hearing_is_timed_and_its_overrun_is_on_record(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0]
        service.plan_room(session, council.secretary, HEARD, panel=panel, plan=a_plan())
        who = council.secretary
        act(session, who, service.start_phase, hearing, PREPARATION, 0)
        act(session, who, service.end_phase, hearing, PREPARATION, 25)
        panels.open_hearing(session, who, HEARD + 26 * MINUTE, hearing=hearing)
        act(session, who, service.start_phase, hearing, PRESENTATION, 26)
        act(session, who, service.pause_phase, hearing, PRESENTATION, 36, reason="Mất điện")
        act(session, who, service.resume_phase, hearing, PRESENTATION, 40)
        act(session, who, service.end_phase, hearing, PRESENTATION, 48)
        _, part, _ = common.rules(session, panel)
        planned = queries.plan(session, panel.id, part)
        found = times(planned.phases, queries.facts_of(session, hearing.id), HEARD + 60 * MINUTE)
        assert [one.status for one in found] == [PhaseStatus.ENDED, PhaseStatus.ENDED, PhaseStatus.WAITING]
        assert [one.used / MINUTE for one in found] == [25, 18, 0]
        assert (found[1].overrun / MINUTE, found[1].stopped / MINUTE) == (3, 4)
        leaf = session.scalars(
            select(Leaf).where(Leaf.type == "interviews.phase_ended").order_by(Leaf.id.desc())
        ).first()
        assert leaf is not None
        assert leaf.content["overrun_seconds"] == 180
        assert leaf.content["used_seconds"] == 18 * 60
        paused = session.scalars(select(Leaf).where(Leaf.type == "interviews.phase_paused")).one()
        assert "Mất điện" not in str(paused.content)


def test_presentation_needs_the_hearing_opened_and_preparation_does_not(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        first, second, _ = drawn(session, council, a_panel(session, council))
        who = council.secretary
        with pytest.raises(panel_errors.HearingNotOpen):
            act(session, who, service.start_phase, first, PRESENTATION, 0)
        panels.open_hearing(session, who, HEARD, hearing=first)
        act(session, who, service.start_phase, first, PRESENTATION, 0)
        act(session, who, service.start_phase, second, PREPARATION, 1)  # beside it, in its own room
        act(session, who, service.end_phase, second, PREPARATION, 2)
        with pytest.raises(panel_errors.HearingUnderWay) as taken:
            panels.open_hearing(session, who, HEARD, hearing=second)
        assert taken.value.order_no == 1
        act(session, who, service.end_phase, first, PRESENTATION, 4)
        panels.open_ballot(session, who, HEARD, hearing=first)
        panels.open_hearing(session, who, HEARD, hearing=second)
        act(session, who, service.start_phase, second, PRESENTATION, 5)


def test_acts_out_of_order_are_refused_and_leave_nothing(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        who = council.secretary
        for verb in (service.end_phase, service.resume_phase):
            with pytest.raises(errors.PhaseNotOn):
                act(session, who, verb, hearing, PREPARATION, 0)
        act(session, who, service.start_phase, hearing, PREPARATION, 0)
        with pytest.raises(errors.PhaseNotNext):
            act(session, who, service.start_phase, hearing, PREPARATION, 1)
        with pytest.raises(errors.ReasonMissing):
            act(session, who, service.pause_phase, hearing, PREPARATION, 1, reason="  ")
        with pytest.raises(errors.PhaseNotOn):
            act(session, who, service.resume_phase, hearing, PREPARATION, 1)
        act(session, who, service.end_phase, hearing, PREPARATION, 2)
        with pytest.raises(errors.PhaseNotOn):
            act(session, who, service.end_phase, hearing, PREPARATION, 3)
        with pytest.raises(errors.ReasonMissing):
            act(session, who, service.resume_phase, hearing, PREPARATION, 3)
        act(session, who, service.resume_phase, hearing, PREPARATION, 3, reason="Bấm nhầm")
        act(session, who, service.end_phase, hearing, PREPARATION, 4)
        kinds = [one.kind for one in queries.facts_of(session, hearing.id)]
        assert kinds == [FactKind.STARTED, FactKind.ENDED, FactKind.RESUMED, FactKind.ENDED]


def test_after_the_slips_or_without_a_candidate_no_phase_begins(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, _ = drawn(session, council, panel)
        count(session, council, first, a_sheet(9, 7, 3, ["80"] * 4))
        panels.note_candidate_absent(
            session, council.secretary, HEARD, hearing=second, witnesses=["Lê Văn Anh", "Trần Thị Bích"]
        )
        again = panels.repeat_hearing(
            session,
            council.secretary,
            HEARD,
            hearing=first,
            occasion=Occasion.SECOND_BALLOT,
            paper=a_signed(session, council.house, council.competition),
        )
        for hearing in (first, second, again):
            with pytest.raises(errors.HearingOver):
                act(session, council.secretary, service.start_phase, hearing, PREPARATION, 0)


def test_no_slips_are_issued_while_a_phase_of_the_hearing_runs_or_stands_still(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing, other, _ = drawn(session, council, panel)
        who = council.secretary
        panels.open_hearing(session, who, HEARD, hearing=hearing)
        act(session, who, service.start_phase, hearing, QUESTIONS, 0)
        act(session, who, service.start_phase, other, PREPARATION, 1)  # of another hearing: holds up nothing
        with pytest.raises(errors.PhaseStillOn):
            panels.open_ballot(session, who, HEARD + 31 * MINUTE, hearing=hearing)
        act(session, who, service.pause_phase, hearing, QUESTIONS, 31, reason="Mất điện")
        with pytest.raises(errors.PhaseStillOn):
            panels.open_ballot(session, who, HEARD + 31 * MINUTE, hearing=hearing)
        left = panel.members[0]  # who leaves meanwhile can still be noted, and has no slip
        panels.note_absence(session, who, HEARD, panel=panel, member=left, hearing=hearing, reason="Ốm")
        act(session, who, service.end_phase, hearing, QUESTIONS, 32)
        opened = panels.open_ballot(session, who, HEARD + 33 * MINUTE, hearing=hearing)
        assert opened.payload["issued"] == 8
        with pytest.raises(errors.HearingOver):
            act(session, who, service.resume_phase, hearing, QUESTIONS, 34, reason="Bấm nhầm")


@pytest.mark.parametrize("phase", [PRESENTATION, QUESTIONS])
def test_who_has_begun_to_speak_is_not_recorded_as_absent(
    database: Database, council: Council, phase: PhaseKey
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        panels.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        act(session, council.secretary, service.start_phase, hearing, phase, 0)
        minute = a_signed(session, council.house, council.competition)
        with pytest.raises(panel_errors.CandidateHeard):
            panels.note_candidate_absent(session, council.secretary, HEARD, hearing=hearing, paper=minute)


def test_once_the_hearing_has_begun_only_a_signed_minute_says_that_nobody_came(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        who = council.secretary
        act(session, who, service.start_phase, hearing, PREPARATION, 0)
        panels.open_hearing(session, who, HEARD, hearing=hearing)
        with pytest.raises(panel_errors.AbsenceNeedsPaper):
            panels.note_candidate_absent(
                session, who, HEARD, hearing=hearing, witnesses=["Lê Văn Anh", "Trần Thị Bích"]
            )
        minute = a_signed(session, council.house, council.competition)
        panels.note_candidate_absent(session, who, HEARD, hearing=hearing, paper=minute)


def test_the_plan_is_the_same_for_all_and_fixed_by_the_first_hearing(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0]
        _, part, _ = common.rules(session, panel)
        assert [one.minutes for one in queries.plan(session, panel.id, part).phases] == [30, 15, 30]
        service.plan_room(session, council.secretary, HEARD, panel=panel, plan=a_plan(0, 10, 20))
        service.plan_room(session, council.secretary, HEARD, panel=panel, plan=a_plan(0, 12, 20))
        planned = queries.plan(session, panel.id, part)
        assert [(one.key, one.minutes) for one in planned.phases] == [(PRESENTATION, 12), (QUESTIONS, 20)]
        assert session.scalars(select(RoomPlan.version).order_by(RoomPlan.version)).all() == [1, 2]
        with pytest.raises(NotFound):
            act(session, council.secretary, service.start_phase, hearing, PREPARATION, 0)
        with pytest.raises(errors.PlanTooLong) as refused:
            service.plan_room(session, council.secretary, HEARD, panel=panel, plan=a_plan(30, 20, 26))
        assert (refused.value.planned, refused.value.most) == (46, 45)
        panels.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        with pytest.raises(errors.PlanFixed):
            service.plan_room(session, council.secretary, HEARD, panel=panel, plan=a_plan())


def test_the_database_itself_refuses_a_second_beginning_and_a_silent_pause(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        act(session, council.secretary, service.start_phase, hearing, PREPARATION, 0)
        common_facts = {"hearing_id": hearing.id, "by": council.secretary.account_id, "at": HEARD}
        for kind, place, reason in (("started", 2, ""), ("paused", 2, ""), ("ended", 1, "")):
            row = PhaseEvent(phase="preparation", kind=kind, place=place, reason=reason, **common_facts)
            with pytest.raises(IntegrityError):
                _kept(session, row)


def _kept(session: Session, row: PhaseEvent) -> None:
    with session.begin_nested():
        session.add(row)
        session.flush()
