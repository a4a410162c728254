# SPDX-License-Identifier: Apache-2.0
"""Members declare relations before dossiers and lots; the portal compares, and asks what may be forgotten."""

import dataclasses
from typing import Any

import pytest
from flask import Flask

from exam_portal.accounts import queries as accounts
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.competitions import queries as course
from exam_portal.competitions import service as course_service
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import declared, errors, likeness, queries, service
from exam_portal.interviews.likeness import Clue, Likened
from exam_portal.interviews.models import PanelMember, PanelSession
from exam_portal.registration import access as dossiers
from exam_portal.registration import service as registration
from exam_portal.registration.errors import DeclareFirst
from exam_portal.registration.models import Application
from scoring.ruleset import conduct
from tests.portal.competitions.builders import a_signed
from tests.portal.interviews.builders import HEARD, Council, a_panel, drawn, entrusted, keepers_of
from tests.portal.interviews.builders import declared as all_declared


@pytest.mark.parametrize(
    ("member", "candidate", "found"),
    [
        ("Nguyễn Văn Hòa", "Nguyễn Thị Lan", (Clue.COMMON_SURNAME,)),
        ("Nguyễn Văn Hòa", "Nguyễn Văn Nam", (Clue.COMMON_SURNAME,)),
        ("Nguyễn Khắc Hòa", "Nguyễn Khắc Nam", (Clue.SURNAME,)),
        ("Tạ Quang Bửu", "Tạ Thị Ánh", (Clue.SURNAME,)),
        ("TẠ QUANG BỬU", "Tạ  Thị Ánh", (Clue.SURNAME,)),
        ("Tạ Quang Bửu", "Lê Thị Ánh", ()),
    ],
)
def test_a_family_name_is_weak_where_most_people_bear_it(
    member: str, candidate: str, found: tuple[Clue, ...]
) -> None:
    assert likeness.clues(Likened(name=member, units=[]), Likened(name=candidate, units=[])) == found


def test_units_and_nominations_are_compared_as_whole_words() -> None:
    member = Likened(name="Lê Văn A", units=["Giám đốc Sở Nội vụ, Ủy viên", "Phòng Tư pháp"])
    assert likeness.clues(member, Likened(name="Trần B", units=["Sở Nội vụ"])) == (Clue.UNIT,)
    assert likeness.clues(member, Likened(name="Trần B", units=["Phòng Tư pháp huyện X"])) == (Clue.UNIT,)
    assert likeness.clues(member, Likened(name="Trần B", units=["Sở Nội"])) == (Clue.UNIT,)
    assert likeness.clues(member, Likened(name="Trần B", units=["Sở", "Văn phòng"])) == ()
    nominated = Likened(name="Trần B", units=[], nominated_by="Lê Văn A, Giám đốc Sở Nội vụ")
    assert likeness.clues(member, nominated) == (Clue.NOMINATOR,)
    managed = Likened(name="Trần B", units=[], line_manager="ông Lê Văn A")
    assert likeness.clues(member, managed) == (Clue.MANAGER,)
    other = Likened(name="Trần B", units=["Sở Y tế", "Sở Tài chính"], line_manager="Lê Văn Ánh")
    assert likeness.clues(member, other) == ()


def _answers(session: Session, panel: PanelSession, member: PanelMember, **told: Relation) -> dict[int, Any]:
    """None to every candidate, but for those told by number."""
    lines = declared.of_member(declared.lines(session, panel), member)
    return {line.candidate.id: told.get(f"c{line.candidate.candidate_no}") for line in lines}


def _declare(
    session: Session, actor: Actor, member: PanelMember, answers: dict[int, Any], *, disciplined: bool = False
) -> None:
    facts: dict[str, Any] = {"member": member, "answers": answers, "disciplined": disciplined}
    service.declare_relations(session, actor, HEARD, **facts)


def test_a_member_speaks_alone_or_signs_and_leaves_nobody_out(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", members=0)
        member = _seat(session, council, panel, 0)
        everybody = _answers(session, panel, member)
        facts: dict[str, Any] = {"member": member, "answers": everybody, "disciplined": False}
        with pytest.raises(errors.DeclarationUnsigned):
            service.declare_relations(session, council.secretary, HEARD, **facts)
        part = dict(list(everybody.items())[:1])
        with pytest.raises(errors.DeclarationIncomplete) as left_out:
            service.declare_relations(session, council.members[0], HEARD, **{**facts, "answers": part})
        assert left_out.value.missing == 2
        with pytest.raises(NotFound):
            service.declare_relations(session, council.members[0], HEARD, **{**facts, "answers": {99: None}})
        service.declare_relations(session, council.members[0], HEARD, **facts)
        leaf = session.query(Leaf).filter_by(type="interviews.relations_declared").one()
        assert leaf.content == {**leaf.content, "member": member.public_id, "candidates": 3, "paper": None}


def _seat(session: Session, council: Council, panel: PanelSession, place: int) -> PanelMember:
    return service.add_member(
        session,
        council.secretary,
        HEARD,
        panel=panel,
        name=f"Ủy viên {place + 1}",
        duty="Ủy viên",
        account_id=council.members[place].account_id if panel.mode != "paper" else None,
    )


def test_a_declared_relation_takes_the_slip_binds_the_house_and_names_no_kind_in_the_record(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", members=8)
        member = _seat(session, council, panel, 8)
        answers = _answers(session, panel, member, c001=Relation.OTHER)
        _declare(session, council.members[8], member, answers)
        entrusted(session, council, panel, keepers_of(session, council))
        x, y, _ = drawn(session, council, panel)
        assert member not in queries.entitled(session, x)
        assert member in queries.entitled(session, y)
        pair = (council.members[8].account_id, council.candidates[0].account_id)
        assert pair in course.conflicts(session, council.competition.id)
        leaves = session.query(Leaf).filter_by(type="interviews.relations_declared").all()
        assert all("other_relation" not in str(leaf.content) for leaf in leaves)


def test_a_relation_signed_on_paper_takes_the_slip_of_a_member_without_account(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        member = _seat(session, council, panel, 8)
        service.declare_relations(
            session,
            council.secretary,
            HEARD,
            member=member,
            answers=_answers(session, panel, member, c002=Relation.OTHER),
            disciplined=False,
            paper=a_signed(session, council.house, council.competition, kind=PaperKind.CONFLICT_DECLARATION),
        )
        x, y, _ = drawn(session, council, panel)
        assert [len(queries.entitled(session, one)) for one in (x, y)] == [9, 8]


def test_what_the_comparison_asks_waits_for_an_answer_and_a_weak_clue_holds_up_nothing(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        account_id = council.candidates[0].account_id
        family = accounts.names_of(session, {account_id})[account_id].split()[0]
        member = service.add_member(
            session,
            council.secretary,
            HEARD,
            panel=panel,
            name=f"{family} Kháng Chiến",
            duty="Trưởng phòng, Phòng Tài chính – Kế hoạch",
        )
        lines = declared.of_member(declared.lines(session, panel), member)
        assert all(not line.is_open for line in lines)  # nothing is hinted at before the member has spoken
        paper = a_signed(session, council.house, council.competition)
        facts: dict[str, Any] = {"member": member, "paper": paper, "disciplined": False}
        answers = _answers(session, panel, member)
        service.declare_relations(session, council.secretary, HEARD, answers=answers, **facts)
        with pytest.raises(errors.RelationsOpen) as asked:
            drawn(session, council, panel)
        assert asked.value.positions == (9,)
        service.declare_relations(session, council.secretary, HEARD, answers=answers, **facts)
        assert not any(line.is_open for line in declared.of_member(declared.lines(session, panel), member))
        drawn(session, council, panel)


def test_dossiers_stay_closed_to_a_member_who_has_not_declared(
    portal: Flask, database: Database, council: Council
) -> None:
    with portal.app_context(), database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        secretary = council.secretary
        application = session.get_one(Application, council.candidates[0].application_id)
        facts = (session, secretary, application.public_id, "registration.view_dossier")
        assert dossiers.load_application(*facts) is application
        member = service.add_member(
            session,
            secretary,
            HEARD,
            panel=panel,
            name="Thư ký Hội đồng",
            duty="Ủy viên kiêm thư ký",
            account_id=secretary.account_id,
        )
        with pytest.raises(DeclareFirst):
            dossiers.load_application(*facts)
        answers = _answers(session, panel, member)
        _declare(session, secretary, member, answers)
        assert dossiers.load_application(*facts) is application


def test_lots_wait_for_the_declarations(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        _seat(session, council, panel, 8)
        with pytest.raises(errors.RelationsOpen):
            drawn(session, council, panel)
        all_declared(session, council, panel)
        drawn(session, council, panel)


def test_nobody_sits_who_is_related_to_a_candidate_as_the_rules_name_it(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        course_service.declare_conflict(
            session,
            council.members[4],
            HEARD,
            session.get_one(Competition, council.competition.id),
            account_id=council.members[4].account_id or 0,
            candidate_account_id=council.candidates[0].account_id,
            relation=Relation.PARENT,
        )
        with pytest.raises(errors.RelatedMembersSit) as refused:
            drawn(session, council, panel)
        assert refused.value.positions == (5,)
        assert panel.hearings == []
        registration.exclude_candidate(
            session, council.secretary, HEARD, council.candidates[0], status="withdrawn", reason="Ốm"
        )
        council = dataclasses.replace(council, candidates=council.candidates[1:])
        hearing = drawn(session, council, panel)[0]
        assert panel.members[4] in queries.entitled(session, hearing)


def _typed(session: Session, council: Council, person: str, relation: Relation) -> None:
    """A signed declaration about the first candidate, as the secretary types it."""
    course_service.declare_on_paper(
        session,
        council.secretary,
        HEARD,
        session.get_one(Competition, council.competition.id),
        person=person,
        candidate_account_id=council.candidates[0].account_id,
        relation=relation,
        paper=a_signed(session, council.house, council.competition, kind=PaperKind.CONFLICT_DECLARATION),
    )


@pytest.mark.parametrize("mode", ["paper", "portal"])
def test_nobody_is_seated_under_the_name_of_a_relation_typed_from_paper(
    database: Database, council: Council, mode: str
) -> None:
    with database.writing(unhurried=True) as session:
        _typed(session, council, "Ông Ủy viên 9", Relation.PARENT)
        panel = a_panel(session, council, mode=mode, members=8)
        with pytest.raises(errors.MemberHasConflict):
            _seat(session, council, panel, 8)


def test_a_relation_typed_under_another_name_seats_the_member(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        _typed(session, council, "Lê Văn Khác", Relation.PARENT)
        assert _seat(session, council, a_panel(session, council, members=8), 8).position == 9


def test_a_relation_typed_from_paper_after_the_seat_takes_the_slip_and_bars_whom_the_rules_name(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, y, _ = drawn(session, council, panel)
        _typed(session, council, "Ủy viên 3", Relation.OTHER)
        assert panel.members[2] not in queries.entitled(session, x)
        assert panel.members[2] in queries.entitled(session, y)
        _typed(session, council, "Ủy viên 4", Relation.PARENT)
        assert panel.members[3] not in queries.entitled(session, y)
        assert panel.members[4] in queries.entitled(session, x)


def test_every_relation_that_rules_may_name_can_be_declared() -> None:
    kinds = {one.value for one in Relation}
    assert set(conduct.RELATIONS) - kinds == {"disciplined"}  # said of oneself
