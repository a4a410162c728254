# SPDX-License-Identifier: Apache-2.0
"""Substitutes: named with the panel, seated by decision before the first hearing, for the whole day."""

from typing import Any

import pytest

from exam_portal.audit.models import Leaf
from exam_portal.competitions.models import Relation
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import declared, errors, presentation, queries, service
from exam_portal.interviews.models import Occasion, PanelMember, PanelSession
from exam_portal.interviews.next_step import NextStep, Step
from tests.portal.competitions.builders import a_signed
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, balloting, count, drawn
from tests.portal.interviews.builders import declared as all_declared


def stands_by(session: Session, council: Council, panel: PanelSession, name: str) -> PanelMember:
    """A substitute is named with the panel."""
    facts: dict[str, Any] = {"panel": panel, "name": name, "duty": "Dự khuyết", "is_substitute": True}
    return service.add_member(session, council.secretary, HEARD, **facts)


def called(session: Session, council: Council, member: PanelMember, substitute: PanelMember) -> None:
    """The council has decided that the substitute takes the member's seat."""
    service.call_substitute(
        session,
        council.secretary,
        HEARD,
        member=member,
        substitute=substitute,
        reason="Đi công tác",
        paper=a_signed(session, council.house, council.competition),
    )


def test_a_substitute_has_no_slip_until_called_and_then_hears_every_candidate(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        all_declared(session, council, panel)
        x, y, _ = drawn(session, council, panel)
        assert substitute not in queries.entitled(session, x)
        away = panel.members[0]
        called(session, council, away, substitute)
        for hearing in (x, y):
            entitled = queries.entitled(session, hearing)
            assert (len(entitled), substitute in entitled, away in entitled) == (9, True, False)
        count(session, council, x, a_sheet(9, 9, 0, ["80"] * 9))
        leaf = session.query(Leaf).filter_by(type="interviews.substitute_called").one()
        assert (leaf.content["member"], leaf.content["substitute"]) == (away.public_id, substitute.public_id)
        page = presentation.panel_page(session, council.competition, panel)
        assert (page.seated, page.replaced[away.id]) == (9, substitute)


def test_a_member_related_to_a_candidate_is_replaced_before_the_lots(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        related = service.add_member(
            session, council.secretary, HEARD, panel=panel, name="Tạ Quang Bửu", duty="Ủy viên"
        )
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        lines = declared.of_member(declared.lines(session, panel), related)
        service.declare_relations(
            session,
            council.secretary,
            HEARD,
            member=related,
            answers={line.candidate.id: Relation.PARENT for line in lines},
            disciplined=False,
            paper=a_signed(session, council.house, council.competition),
        )
        all_declared(session, council, panel)
        with pytest.raises(errors.RelatedMembersSit) as refused:
            drawn(session, council, panel)
        assert refused.value.positions == (related.position,)
        called(session, council, related, substitute)
        hearing = drawn(session, council, panel)[0]
        entitled = queries.entitled(session, hearing)
        assert (len(entitled), substitute in entitled, related in entitled) == (9, True, False)


def test_neither_who_was_replaced_nor_who_stands_by_holds_up_the_lots(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        all_declared(session, council, panel)
        ill = service.add_member(
            session, council.secretary, HEARD, panel=panel, name="Tạ Quang Bửu", duty="Ủy viên"
        )
        silent = stands_by(session, council, panel, "Dự khuyết B")
        with pytest.raises(errors.RelationsOpen) as waits:
            drawn(session, council, panel)
        assert waits.value.positions == (ill.position,)
        step = presentation.panel_page(session, council.competition, panel).before_lots
        assert step == NextStep(step=Step.RELATIONS, count=1)
        with pytest.raises(errors.RelationsOpen) as refused:
            called(session, council, ill, silent)
        assert refused.value.positions == (silent.position,)
        called(session, council, ill, substitute)
        step = presentation.panel_page(session, council.competition, panel).before_lots
        assert step == NextStep(step=Step.LOTS)
        assert substitute in queries.entitled(session, drawn(session, council, panel)[0])


@pytest.mark.parametrize("relation", [Relation.PARENT, Relation.OTHER])
def test_a_related_substitute_holds_up_nothing_and_takes_no_seat(
    database: Database, council: Council, relation: Relation
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        lines = declared.of_member(declared.lines(session, panel), substitute)
        service.declare_relations(
            session,
            council.secretary,
            HEARD,
            member=substitute,
            answers={line.candidate.id: relation if place == 1 else None for place, line in enumerate(lines)},
            disciplined=False,
            paper=a_signed(session, council.house, council.competition),
        )
        all_declared(session, council, panel)
        drawn(session, council, panel)
        with pytest.raises(errors.MemberHasConflict):
            called(session, council, panel.members[0], substitute)


def test_nobody_takes_a_seat_after_the_first_hearing_or_twice(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second = (stands_by(session, council, panel, f"Dự khuyết {name}") for name in "AB")
        all_declared(session, council, panel)
        hearing = drawn(session, council, panel)[0]
        one, two = panel.members[:2]
        called(session, council, one, first)
        for member, substitute in ((one, second), (two, first)):
            with pytest.raises(errors.SeatTaken):
                called(session, council, member, substitute)
        for member, substitute in ((two, panel.members[2]), (second, first)):
            with pytest.raises(NotFound):
                called(session, council, member, substitute)
        balloting(session, council, hearing)
        with pytest.raises(errors.HearingsBegun):
            called(session, council, two, second)


def test_a_substitute_is_named_after_the_lots_and_called_once_declared_until_a_hearing_begins(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, *_ = drawn(session, council, panel)
        for member in panel.members[:4]:
            service.note_absence(
                session, council.secretary, HEARD, panel=panel, member=member, hearing=None, reason="Ốm"
            )
        with pytest.raises(errors.QuorumMissing):
            balloting(session, council, x)
        with pytest.raises(errors.MembersFixed):
            service.add_member(
                session, council.secretary, HEARD, panel=panel, name="Dự khuyết A", duty="Ủy viên"
            )
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        with pytest.raises(errors.RelationsOpen):
            called(session, council, panel.members[0], substitute)
        all_declared(session, council, panel)
        called(session, council, panel.members[0], substitute)
        assert presentation.panel_page(session, council.competition, panel).may_change_seats
        balloting(session, council, x)
        assert not presentation.panel_page(session, council.competition, panel).may_change_seats
        with pytest.raises(errors.MembersFixed):
            stands_by(session, council, panel, "Dự khuyết B")


def test_a_substitute_who_falls_ill_is_replaced_too(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second = (stands_by(session, council, panel, f"Dự khuyết {name}") for name in "AB")
        all_declared(session, council, panel)
        hearing = drawn(session, council, panel)[0]
        member = panel.members[0]
        called(session, council, member, first)
        called(session, council, first, second)
        with pytest.raises(errors.SeatTaken):
            called(session, council, second, first)
        entitled = queries.entitled(session, hearing)
        assert len(entitled) == 9
        assert [one in entitled for one in (member, first, second)] == [False, False, True]
        assert presentation.panel_page(session, council.competition, panel).before_lots is None


def test_a_quorum_lost_between_hearings_is_made_up_and_what_was_heard_stays_with_who_heard_it(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, y, z = drawn(session, council, panel)
        count(session, council, x, a_sheet(9, 7, 3, ["80"] * 4))
        with pytest.raises(errors.MembersFixed):
            stands_by(session, council, panel, "Dự khuyết A")
        for member in panel.members[:4]:
            for hearing in (y, z):
                service.note_absence(
                    session,
                    council.secretary,
                    HEARD,
                    panel=panel,
                    member=member,
                    hearing=hearing,
                    reason="Ốm",
                )
        substitute, other = (stands_by(session, council, panel, f"Dự khuyết {name}") for name in "AB")
        all_declared(session, council, panel)
        ill = panel.members[0]
        called(session, council, ill, substitute)
        assert len(queries.entitled(session, y)) == 6
        with pytest.raises(errors.HearingsBegun):  # six are enough again
            called(session, council, panel.members[1], other)
        entitled = queries.entitled(session, y)
        assert (substitute in entitled, ill in entitled) == (True, False)
        second = service.repeat_hearing(
            session,
            council.secretary,
            HEARD,
            hearing=x,
            occasion=Occasion.SECOND_BALLOT,
            paper=a_signed(session, council.house, council.competition),
        )
        for hearing in (x, second):
            entitled = queries.entitled(session, hearing)
            assert (len(entitled), substitute in entitled, ill in entitled) == (9, False, True)
        page = presentation.panel_page(session, council.competition, panel)
        assert [page.is_sat_for(ill, one) for one in (x, y, z, second)] == [False, True, True, False]
        count(session, council, y, a_sheet(6, 6, 0, ["80"] * 6))


def test_nobody_takes_a_seat_while_a_hearing_is_on_even_where_the_quorum_is_lost(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        substitute = stands_by(session, council, panel, "Dự khuyết A")
        all_declared(session, council, panel)
        x, y, _ = drawn(session, council, panel)
        service.open_hearing(session, council.secretary, HEARD, hearing=x)
        for member in panel.members[:4]:
            service.note_absence(
                session, council.secretary, HEARD, panel=panel, member=member, hearing=None, reason="Ốm"
            )
        with pytest.raises(errors.HearingsBegun):
            called(session, council, panel.members[0], substitute)
        paper = a_signed(session, council.house, council.competition)
        service.break_off_hearing(session, council.secretary, HEARD, hearing=x, paper=paper)
        called(session, council, panel.members[0], substitute)
        leaf = session.query(Leaf).filter_by(type="interviews.substitute_called").one()
        assert leaf.content["begun"] == [x.order_no]
        balloting(session, council, y)


def test_substitutes_do_not_make_up_the_size_of_a_panel(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        stands_by(session, council, panel, "Dự khuyết A")
        all_declared(session, council, panel)
        with pytest.raises(errors.PanelSizeDiffers) as short:
            drawn(session, council, panel)
        assert (short.value.seated, short.value.size) == (8, 9)
