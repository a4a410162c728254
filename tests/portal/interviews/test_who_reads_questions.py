# SPDX-License-Identifier: Apache-2.0
"""Before the draw, questions are read by nobody related to a candidate, and each reading is on record."""

import pytest
from flask import Flask

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import errors
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.room import service
from exam_portal.interviews.routes import questions
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel
from tests.portal.interviews.builders import declared as all_declared
from tests.portal.interviews.test_question_draw import a_set

WORDS = "Câu 1 Quản lý"


def _related(session: Session, council: Council, member: Actor, relation: Relation) -> None:
    course.declare_conflict(
        session,
        member,
        HEARD,
        session.get_one(Competition, council.competition.id),
        account_id=member.account_id or 0,
        candidate_account_id=council.candidates[0].account_id,
        relation=relation,
    )


def _seated(session: Session, council: Council, panel: PanelSession, place: int, *, named_only: bool) -> None:
    panels.add_member(
        session,
        council.secretary,
        HEARD,
        panel=panel,
        name=f"Ủy viên {place + 1}",
        duty="Ủy viên",
        account_id=None if named_only else council.members[place].account_id,
    )


def _readings(session: Session) -> int:
    return session.query(Leaf).filter_by(type="interviews.questions_read").count()


@pytest.mark.engines("sqlite")
def test_a_related_member_reads_and_approves_no_questions(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        filed = service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set())
        _related(session, council, council.members[0], Relation.PARENT)
        page = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/questions"
        approval = f"{page}/{filed.public_id}/approve"
    related, other, filing = (
        Person.at(portal, database, who, HEARD)
        for who in (council.members[0], council.members[1], council.secretary)
    )
    shown = related.get(page)
    assert WORDS not in shown
    assert "Ông/bà không được đọc các câu hỏi này" in shown
    related.post(approval, 403)
    assert WORDS not in filing.get(page)
    with database.reading() as session:
        assert _readings(session) == 0
    assert WORDS in other.get(page)
    with database.reading() as session:
        assert _readings(session) == 1
    assert WORDS not in other.post(approval)


@pytest.mark.engines("sqlite")
def test_a_set_that_is_filed_while_the_page_is_made_is_not_shown_without_its_own_reading(
    portal: Flask, database: Database, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=3)
        service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set())
        panel_id, page = (
            panel.id,
            f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}",
        )
    reader = Person.at(portal, database, council.members[1], HEARD)
    noted = questions._note_reading

    def and_then_filed(competition_id: str, public_id: str) -> int | None:
        found = noted(competition_id, public_id)
        with database.writing(unhurried=True) as session:
            again = session.get_one(PanelSession, panel_id)
            service.file_questions(session, council.secretary, HEARD, panel=again, made=a_set())
        return found

    monkeypatch.setattr(questions, "_note_reading", and_then_filed)
    assert WORDS not in reader.get(f"{page}/questions")
    monkeypatch.setattr(questions, "_note_reading", noted)
    assert WORDS in reader.get(f"{page}/questions")
    with database.reading() as session:
        assert _readings(session) == 2


@pytest.mark.parametrize("mode", ["paper", "portal"])
def test_a_member_who_has_yet_to_declare_reads_no_questions_by_account_or_by_name(
    database: Database, council: Council, mode: str
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode=mode, members=8)
        _seated(session, council, panel, 8, named_only=mode == "paper")
        filed = service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set())
        reader = council.members[8]
        with pytest.raises(errors.QuestionsKeptBack):
            service.note_reading(session, reader, HEARD, panel=panel, found=filed)
        with pytest.raises(errors.QuestionsKeptBack):
            service.approve_questions(session, reader, HEARD, panel=panel, set_id=filed.public_id)
        all_declared(session, council, panel)
        service.note_reading(session, reader, HEARD, panel=panel, found=filed)
        service.approve_questions(session, reader, HEARD, panel=panel, set_id=filed.public_id)


def test_a_relation_typed_from_paper_keeps_its_name_from_the_questions(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=3)
        filed = service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set())
        course.declare_on_paper(
            session,
            council.secretary,
            HEARD,
            session.get_one(Competition, council.competition.id),
            person="Ủy viên 1",
            candidate_account_id=council.candidates[0].account_id,
            relation=Relation.OTHER,
            paper=a_signed(session, council.house, council.competition, kind=PaperKind.CONFLICT_DECLARATION),
        )
        with pytest.raises(errors.QuestionsKeptBack):
            service.note_reading(session, council.members[0], HEARD, panel=panel, found=filed)
        service.note_reading(session, council.members[1], HEARD, panel=panel, found=filed)


def test_any_relation_keeps_from_the_questions_on_the_panel_or_off_it(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=3)
        filed = service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set())
        for reader in (council.members[0], council.house.chair):
            service.note_reading(session, reader, HEARD, panel=panel, found=filed)
            _related(session, council, reader, Relation.OTHER)
            with pytest.raises(errors.QuestionsKeptBack):
                service.note_reading(session, reader, HEARD, panel=panel, found=filed)
