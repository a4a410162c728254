# SPDX-License-Identifier: Apache-2.0
"""Who is reminded on the home page that the questions of a panel wait for filing or approval."""

from typing import Any

import pytest
from flask import Flask

from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import Hearing, Occasion, PanelSession
from exam_portal.interviews.room import outstanding, service
from exam_portal.interviews.room.outstanding import Wanted
from tests.portal.competitions.builders import a_member, a_signed, holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, balloting, count, drawn
from tests.portal.interviews.test_question_draw import a_set, approved

pytestmark = pytest.mark.engines("sqlite")
FILE, ADD, APPROVE = "Nộp bộ câu hỏi", "Bổ sung câu hỏi", "Đọc và duyệt bộ câu hỏi"


def _setter(session: Session, council: Council) -> Actor:
    organisation = council.house.organisation
    actor = holding(a_member(session, "rade", "Ban đề thi"), Role.SETTING_BOARD, organisation)
    grant(session, actor, organisation.id, HEARD)
    return actor


def _home(portal: Flask, database: Database, actor: Actor) -> str:
    return Person.at(portal, database, actor, HEARD).get("/staff")


def _waits(database: Database, council: Council) -> list[Wanted]:
    with database.reading() as session:
        return [one.wanted for one in outstanding.outstanding(session, [council.competition.id])]


def _panel(session: Session, panel: PanelSession) -> PanelSession:
    return session.get_one(PanelSession, panel.id)


def test_the_setting_board_is_reminded_of_a_set_and_nobody_else_until_the_first_hearing(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        setter, panel = _setter(session, council), a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        page = f"/panel/{panel.public_id}/questions"
    home = _home(portal, database, setter)
    assert FILE in home
    assert page in home
    assert Person.at(portal, database, setter, HEARD).get(
        f"/staff/competitions/{council.competition.public_id}{page}"
    )
    for actor in (council.secretary, council.house.chair, council.members[0], council.typists[0]):
        assert FILE not in _home(portal, database, actor)
    with database.writing(unhurried=True) as session:
        balloting(session, council, session.get_one(Hearing, hearing.id))
    assert FILE not in _home(portal, database, setter)


def test_council_and_chair_are_asked_to_approve_but_for_who_filed_and_who_is_related(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        setter, panel = _setter(session, council), a_panel(session, council, mode="portal")
        filed = service.file_questions(session, council.house.chair, HEARD, panel=panel, made=a_set())
        course.declare_conflict(
            session,
            council.members[1],
            HEARD,
            session.get_one(Competition, council.competition.id),
            account_id=council.members[1].account_id or 0,
            candidate_account_id=council.candidates[0].account_id,
            relation=Relation.OTHER,
        )
    asked = (council.members[0], council.members[1], council.house.chair, council.secretary, setter)
    homes = [_home(portal, database, actor) for actor in asked]
    assert [APPROVE in home for home in homes] == [True, False, False, False, False]
    assert not any(FILE in home for home in homes)
    with database.writing(unhurried=True) as session:
        facts: dict[str, Any] = {"panel": _panel(session, panel), "set_id": filed.public_id}
        service.approve_questions(session, council.members[0], HEARD, **facts)
    assert APPROVE not in _home(portal, database, council.members[2])
    assert _waits(database, council) == []


def test_a_set_that_runs_short_is_added_to_by_who_may_file(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        setter, panel = _setter(session, council), a_panel(session, council)
        approved(session, council, panel, a_set(3))
        hearings = drawn(session, council, panel)
        for hearing in hearings:
            service.draw_questions(session, council.secretary, HEARD, hearing=hearing, witnesses="Lê Văn A")
        count(session, council, hearings[0], a_sheet(9, 7, 3, ["80"] * 4))
    assert _waits(database, council) == []
    with database.writing(unhurried=True) as session:
        panels.repeat_hearing(
            session,
            council.secretary,
            HEARD,
            hearing=session.get_one(Hearing, hearings[0].id),
            occasion=Occasion.REPEATED,
            paper=a_signed(session, council.house, council.competition),
        )
    assert _waits(database, council) == [Wanted.MORE]
    asked = (setter, council.secretary, council.house.chair, council.members[0], council.typists[0])
    assert [ADD in _home(portal, database, actor) for actor in asked] == [True, True, True, False, False]
