# SPDX-License-Identifier: Apache-2.0
"""No draw from a seed that somebody may have seen: a hearing added later waits for a fresh one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.audit.kinds import PaperKind
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import admission
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.interviews.room import against_record, drawing, errors, outstanding, questions, service
from exam_portal.interviews.room.models import QuestionDraw, QuestionSet
from exam_portal.interviews.room.outstanding import Wanted
from exam_portal.interviews.room.questions import Set
from tests.portal.audit.builders import a_paper
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, balloting, drawn
from tests.portal.interviews.test_again import absent, add, again, drawn_for
from tests.portal.interviews.test_question_draw import a_set, approved

BEFORE = HEARD - timedelta(hours=1)
NEXT_DAY = HEARD + timedelta(days=1)
LATER = NEXT_DAY + timedelta(hours=1)
NOTHING_ADDED = Set(questions=(), each=1, once=True)


def _draw(session: Session, council: Council, hearing: Hearing) -> QuestionDraw:
    who = "Trần Thị Bích"
    return service.draw_questions(session, council.secretary, LATER, hearing=hearing, witnesses=who)


def _all_over(session: Session, council: Council, panel: PanelSession) -> list[Hearing]:
    """Two have drawn and the third is broken off or did not come: nobody waits."""
    hearings = drawn(session, council, panel)
    _filed_again(session, council, panel, a_set(8), BEFORE)
    for hearing in hearings[:2]:
        _draw(session, council, hearing)
        balloting(session, council, hearing)
    return hearings


def _filed_again(
    session: Session,
    council: Council,
    panel: PanelSession,
    made: Set = NOTHING_ADDED,
    now: datetime = LATER,
) -> QuestionSet:
    filed = service.file_questions(session, council.secretary, now, panel=panel, made=made)
    service.approve_questions(session, council.house.chair, now, panel=panel, set_id=filed.public_id)
    return filed


@pytest.mark.parametrize("how", ["broken_off", "absent"])
def test_a_hearing_repeated_after_the_seed_was_shown_draws_from_a_fresh_one(
    database: Database, council: Council, how: str
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        last = _all_over(session, council, panel)[2]
        if how == "broken_off":
            panels.open_hearing(session, council.secretary, HEARD, hearing=last)
            minute = a_signed(session, council.house, council.competition)
            panels.break_off_hearing(session, council.secretary, HEARD, hearing=last, paper=minute)
        else:
            absent(session, council, last, "Lê Văn Anh", "Trần Thị Bích")
        assert drawing.may_reveal(session, panel)
        shown = drawing.opened(session, session.scalars(select(QuestionSet)).one())
        repeated = again(session, council, last)
        assert not drawing.may_reveal(session, panel)
        with pytest.raises(errors.SeedSeen):
            _draw(session, council, repeated)
        assert [one.wanted for one in outstanding.outstanding(session, [council.competition.id])] == [
            Wanted.MORE
        ]
        filed = _filed_again(session, council, panel)
        assert outstanding.outstanding(session, [council.competition.id]) == []
        with pytest.raises(errors.QuestionsFixed):  # one fresh seed is enough
            _filed_again(session, council, panel, a_set(9))
        fresh = drawing.opened(session, filed)
        assert (fresh.set, fresh.seed == shown.seed) == (shown.set, False)
        gone = drawing.gone(session, panel.id)
        draw = _draw(session, council, repeated)
        assert draw.numbers == questions.drawn(fresh.set, fresh.seed, repeated.public_id, gone)
        assert drawing.may_reveal(session, panel)
        assert list(against_record.differences(session)) == []


def test_a_supplementary_hearing_waits_for_a_fresh_seed_or_draws_on_paper(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = drawn_for(session, council, [0, 1])
        approved(session, council, panel, a_set(4))
        for hearing in panel.hearings:
            _draw(session, council, hearing)
        added = add(session, council, panel, 2)
        session.refresh(panel)
        with pytest.raises(errors.SeedSeen):
            _draw(session, council, added)
        minute = a_paper(
            session,
            council.secretary,
            council.house.organisation.id,
            competition_id=council.competition.id,
            kind=PaperKind.LOTS_MINUTE,
        )
        free = [
            next(one for one in cell.numbers if one not in drawing.gone(session, panel.id))
            for cell in a_set(4).cells
        ]
        facts: dict[str, Any] = {
            "hearing": added,
            "witnesses": "Lê Văn Anh",
            "numbers": free,
            "paper": minute,
        }
        assert service.draw_questions(session, council.secretary, LATER, **facts).numbers == free
        assert list(against_record.differences(session)) == []


def test_the_seed_waits_for_one_who_failed_and_may_come_back(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        _all_over(session, council, panel)
        passed = [frozenset(one.id for one in council.candidates[:2])]
        admission.known_by(lambda _session, _vacancy, _part: passed[0])
        assert drawing.waiting(session, panel) == []
        assert not drawing.may_reveal(session, panel)  # a review may raise the third again


def test_nothing_is_filed_where_no_seed_is_missing(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        with pytest.raises(errors.QuestionUnreadable):
            _filed_again(session, council, panel)
        _all_over(session, council, panel)
        with pytest.raises(errors.QuestionUnreadable):
            _filed_again(session, council, panel)


def test_a_draw_from_the_old_seed_is_named(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        _all_over(session, council, panel)
        triggers.remove(session.connection())
        assert list(against_record.differences(session)) == []
        moved = "UPDATE hearings SET occasion = 'supplementary' WHERE order_no = 1"
        session.connection().exec_driver_sql(moved)
        session.expire_all()
        assert [one.code for one in against_record.differences(session)] == ["question draw"]


@pytest.mark.engines("sqlite")
def test_the_page_asks_for_the_fresh_seed_and_takes_a_set_without_further_questions(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        last = _all_over(session, council, panel)[2]
        absent(session, council, last, "Lê Văn Anh", "Trần Thị Bích")
        again(session, council, last, now=HEARD - timedelta(minutes=1))
        seed = drawing.opened(session, session.scalars(select(QuestionSet)).one()).seed.hex()
        page = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/questions"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    chair = Person.at(portal, database, council.house.chair, HEARD)
    shown = secretary.get(page)
    assert seed not in shown
    assert "Đã thêm phiên sau khi nộp" in shown
    secretary.get(f"{page}/new")
    secretary.post(f"{page}/new", questions="", each="1", once="y")
    with database.reading() as session:
        filed = session.scalars(select(QuestionSet.public_id).order_by(QuestionSet.id.desc())).first()
    assert "Không có câu hỏi bổ sung" in chair.get(page)
    chair.post(f"{page}/{filed}/approve")
    assert "Đã thêm phiên sau khi nộp" not in secretary.get(page)
