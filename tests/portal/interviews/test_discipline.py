# SPDX-License-Identifier: Apache-2.0
"""Who is in a disciplinary period, or executes a disciplinary decision, says so once and does not sit."""

import re
from typing import Any

import pytest
from flask import Flask

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import declared, errors, queries, service
from exam_portal.interviews.models import PanelMember, PanelSession, RelationStatement
from exam_portal.interviews.room import service as room
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
)
from tests.portal.interviews.builders import declared as all_declared
from tests.portal.interviews.test_question_draw import a_set
from tests.portal.interviews.test_substitutes import called, stands_by


def _said(
    session: Session, panel: PanelSession, member: PanelMember, actor: Actor, **facts: Any
) -> RelationStatement:
    lines = declared.of_member(declared.lines(session, panel), member)
    answers = {line.candidate.id: None for line in lines}
    return service.declare_relations(session, actor, HEARD, member=member, answers=answers, **facts)


def _the_fifth(session: Session, council: Council, panel: PanelSession, **facts: Any) -> PanelMember:
    """The fifth member declares, on paper."""
    member = panel.members[4]
    kind = PaperKind.CONFLICT_DECLARATION
    paper = a_signed(session, council.house, council.competition, kind=kind)
    _said(session, panel, member, council.secretary, paper=paper, **facts)
    return member


def test_a_declaration_that_does_not_speak_of_discipline_is_refused_and_nothing_is_kept(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", members=0)
        member = service.add_member(
            session,
            council.secretary,
            HEARD,
            panel=panel,
            name="Ủy viên 1",
            duty="Ủy viên",
            account_id=council.members[0].account_id,
        )
        with pytest.raises(errors.DisciplineUnsaid):
            _said(session, panel, member, council.members[0])
        assert session.query(RelationStatement).count() == 0
        _said(session, panel, member, council.members[0], disciplined=False)
        _said(session, panel, member, council.members[0])  # asked once
        kept = session.query(RelationStatement).order_by(RelationStatement.id)
        assert [one.disciplined for one in kept] == [False, None]


def test_nobody_is_asked_where_the_rules_do_not_name_it(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, unnamed="disciplined")
        panel = a_panel(session, council)
        _the_fifth(session, council, panel)
        drawn(session, council, panel)


def test_lots_wait_until_a_substitute_sits_for_who_is_disciplined(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        all_declared(session, council, panel)
        disciplined = _the_fifth(session, council, panel, disciplined=True)
        with pytest.raises(errors.RelatedMembersSit) as refused:
            drawn(session, council, panel)
        assert refused.value.positions == (5,)
        called(session, council, disciplined, substitute)
        hearing = drawn(session, council, panel)[0]
        entitled = queries.entitled(session, hearing)
        assert (len(entitled), substitute in entitled, disciplined in entitled) == (9, True, False)


def test_a_disciplined_substitute_takes_no_seat(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        paper = a_signed(session, council.house, council.competition)
        _said(session, panel, substitute, council.secretary, paper=paper, disciplined=True)
        with pytest.raises(errors.MemberHasConflict):
            called(session, council, panel.members[0], substitute)


def test_told_after_the_lots_it_takes_every_slip_not_yet_issued_and_no_later_word_gives_one_back(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, y, z = drawn(session, council, panel)
        count(session, council, x, a_sheet(9, 9, 0, ["80"] * 9))
        member = _the_fifth(session, council, panel, disciplined=True)
        _the_fifth(session, council, panel, disciplined=False)
        assert all(member not in queries.entitled(session, one) for one in (y, z))
        balloting(session, council, y)
        assert (queries.issued(session, x), queries.issued(session, y)) == (9, 8)


def test_the_record_tells_a_declaration_of_discipline_from_no_other(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        _the_fifth(session, council, panel, disciplined=False)
        _the_fifth(session, council, panel, disciplined=True)
        no, yes = (
            leaf.content
            for leaf in session.query(Leaf)
            .filter_by(type="interviews.relations_declared")
            .order_by(Leaf.id.desc())
            .limit(2)
        )
        hidden = {"bound", "paper"}
        assert {key: no[key] for key in no.keys() - hidden} == {key: yes[key] for key in yes.keys() - hidden}
        assert no["bound"] != yes["bound"]


def test_who_is_disciplined_reads_no_questions(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        filed = room.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set())
        reader = council.members[4]
        room.note_reading(session, reader, HEARD, panel=panel, found=filed)
        _said(session, panel, panel.members[4], reader, disciplined=True)
        with pytest.raises(errors.QuestionsKeptBack):
            room.note_reading(session, reader, HEARD, panel=panel, found=filed)


def test_a_member_declares_on_the_own_page_and_the_chair_alone_reads_who_is_disciplined(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        own = f"/panel/{panel.public_id}/relations"
        there = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    member = Person.at(portal, database, council.members[4], HEARD)
    assert 'name="disciplined"' not in member.get(own)  # all has been said on paper
    page = member.get(f"{own}?again=yes")
    asked: dict[str, Any] = dict.fromkeys(re.findall(r'name="(relation_[a-z2-7]{26})"', page), "none")
    assert 'name="disciplined"' in page
    member.post(f"{own}?again=yes", 422, **asked, disciplined="")
    member.post(f"{own}?again=yes", **asked, disciplined="yes")
    chair, secretary = (
        Person.at(portal, database, actor, HEARD) for actor in (council.house.chair, council.secretary)
    )
    assert "đang trong thời hạn xử lý kỷ luật" in chair.get(f"{there}/relations")
    assert "kỷ luật" not in secretary.get(there)
