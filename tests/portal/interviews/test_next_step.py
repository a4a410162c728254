# SPDX-License-Identifier: Apache-2.0
"""The home of who runs a panel, and of its members, says what comes next, and the page it leads to agrees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from exam_portal.competitions.models import Relation
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import declared, service
from exam_portal.interviews.models import Hearing, Occasion, PanelMember, PanelSession
from exam_portal.registration.models import Exclusion
from tests.portal.audit.builders import a_paper
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
    entrusted,
    keepers_of,
    key,
)

pytestmark = pytest.mark.engines("sqlite")
AFTER = HEARD + timedelta(minutes=1)
OWN = "Khai quan hệ của ông/bà với thí sinh"
TITLES = {
    "seat": "Lập các hội đồng chấm",
    "members": "Ghi thành viên hội đồng chấm, chức danh PGD",
    "relations": "Cho khai quan hệ trong hội đồng chấm, chức danh PGD",
    "substitutes": "Gọi thành viên dự khuyết vào hội đồng chấm, chức danh PGD",
    "keepers": "Chỉ định người giữ hồ sơ niêm phong, chức danh PGD",
    "shares": "Còn người giữ chưa chép mảnh khóa, chức danh PGD",
    "lots": "Bốc thăm cho hội đồng chấm, chức danh PGD",
    "begin": "Bắt đầu phiên trình bày kế tiếp, chức danh PGD",
    "slips": "Đang có phiên trình bày, chức danh PGD: phát phiếu sau phiên",
    "again": "Một phiên của chức danh PGD đã dừng giữa chừng: gọi thí sinh trình bày lại",
    "unopened": "Một hòm phiếu của chức danh PGD không được mở: cho bỏ phiếu lại",
}


@pytest.fixture
def asks(portal: Flask, database: Database, council: Council) -> Callable[..., list[str]]:
    """Which steps the home of the secretary (or of somebody else) names."""

    def found(actor: Actor | None = None) -> list[str]:
        page = Person.at(portal, database, actor or council.secretary, AFTER).get("/staff")
        return [step for step, title in TITLES.items() if title in page]

    return found


def change(database: Database, act: Callable[[Session], Any]) -> Any:
    """Do something and keep it."""
    with database.writing(unhurried=True) as session:
        return act(session)


def says(session: Session, council: Council, member: PanelMember, relation: Relation | None) -> None:
    """The member has signed the same of every candidate."""
    lines = declared.of_member(declared.lines(session, member.panel), member)
    service.declare_relations(
        session,
        council.secretary,
        HEARD,
        member=member,
        answers=dict.fromkeys((line.candidate.id for line in lines), relation),
        disciplined=False,
        paper=a_signed(session, council.house, council.competition),
    )


def test_from_the_seating_to_the_last_count_the_secretary_is_asked_for_one_step_at_a_time(
    database: Database, council: Council, asks: Callable[..., list[str]]
) -> None:
    assert asks() == ["seat"]
    panel = change(database, lambda session: a_panel(session, council, members=8))
    assert asks() == ["members"]

    def ninth(session: Session) -> PanelMember:
        there = session.get_one(PanelSession, panel.id)
        return service.add_member(
            session, council.secretary, HEARD, panel=there, name="Tạ Quang Bửu", duty="Ủy viên"
        )

    change(database, ninth)
    assert asks() == ["relations"]

    def related(session: Session) -> None:
        there = session.get_one(PanelSession, panel.id)
        says(session, council, there.members[8], Relation.SIBLING)
        says(
            session,
            council,
            service.add_member(
                session,
                council.secretary,
                HEARD,
                panel=there,
                name="Phùng Khắc Dự",
                duty="Phó Giám đốc",
                is_substitute=True,
            ),
            None,
        )

    change(database, related)
    assert asks() == ["substitutes"]

    def called(session: Session) -> None:
        there = session.get_one(PanelSession, panel.id)
        service.call_substitute(
            session,
            council.secretary,
            HEARD,
            member=there.members[8],
            substitute=there.members[9],
            reason="Có quan hệ với thí sinh",
            paper=a_paper(
                session,
                council.secretary,
                council.house.organisation.id,
                competition_id=council.competition.id,
            ),
        )

    change(database, called)
    assert asks() == ["lots"]
    first, second, third = change(
        database, lambda session: drawn(session, council, session.get_one(PanelSession, panel.id))
    )
    assert asks() == ["begin"]
    change(
        database,
        lambda session: service.open_hearing(
            session, council.secretary, HEARD, hearing=session.get_one(Hearing, first.id)
        ),
    )
    assert asks() == ["slips"]
    assert asks(council.house.chair) == ["slips"]
    assert asks(council.members[0]) == []

    def counted(session: Session) -> None:
        service.open_ballot(session, council.secretary, HEARD, hearing=session.get_one(Hearing, first.id))

    change(database, counted)
    assert asks() == ["begin"]  # that a ballot is open stands beside it
    sheet = a_sheet(9, 9, 0, ["80"] * 9)

    def over(session: Session) -> None:
        for hearing in (second, third):
            count(session, council, session.get_one(Hearing, hearing.id), sheet)

    change(database, over)
    assert asks() == []


def test_of_secret_ballots_on_screens_the_keepers_come_before_the_lots(
    database: Database, council: Council, asks: Callable[..., list[str]]
) -> None:
    panel = change(database, lambda session: a_panel(session, council, mode="portal", kept=False))
    assert asks() == ["keepers"]

    def named(session: Session) -> None:
        entrusted(session, council, session.get_one(PanelSession, panel.id), keepers_of(session, council))

    change(database, named)
    assert asks() == ["lots"]


def test_back_on_screens_after_the_lots_the_keepers_come_before_the_slips(
    database: Database, council: Council, asks: Callable[..., list[str]]
) -> None:
    def turned(session: Session) -> PanelSession:
        panel = a_panel(session, council, mode="portal")
        drawn(session, council, panel)
        for mode in ("paper", "portal"):
            service.change_ballot_mode(
                session, council.secretary, HEARD, panel=panel, mode=mode, reason="Máy hỏng rồi có máy khác"
            )
        return panel

    panel = change(database, turned)
    assert asks() == ["keepers"]

    def named(session: Session) -> None:
        keepers = keepers_of(session, council, names="2")
        entrusted(session, council, session.get_one(PanelSession, panel.id), keepers)

    change(database, named)
    assert asks() == ["begin"]


def broken_off(session: Session, council: Council, hearing: Hearing) -> None:
    """The hearing has begun and ended without a ballot."""
    service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
    service.break_off_hearing(
        session,
        council.secretary,
        HEARD,
        hearing=hearing,
        paper=a_signed(session, council.house, council.competition),
    )


def called_again(session: Session, council: Council, hearing: Hearing, occasion: Occasion) -> Hearing:
    """The council has the candidate heard, or voted on, again."""
    paper = a_signed(session, council.house, council.competition)
    return service.repeat_hearing(
        session, council.secretary, HEARD, hearing=hearing, occasion=occasion, paper=paper
    )


def test_a_hearing_that_was_broken_off_is_asked_for_until_it_is_called_again_and_heard(
    database: Database, council: Council, asks: Callable[..., list[str]]
) -> None:
    def begun(session: Session) -> list[Hearing]:
        hearings = drawn(session, council, a_panel(session, council))
        broken_off(session, council, hearings[0])
        for other in hearings[1:]:
            count(session, council, other, a_sheet(9, 9, 0, ["80"] * 9))
        return hearings

    first = change(database, begun)[0]
    assert asks() == ["again"]
    assert asks(council.house.chair) == ["again"]
    assert asks(council.members[0]) == []

    def again(session: Session) -> Hearing:
        return called_again(session, council, session.get_one(Hearing, first.id), Occasion.REPEATED)

    second = change(database, again)
    assert asks() == ["begin"]
    change(database, lambda session: broken_off(session, council, session.get_one(Hearing, second.id)))
    assert asks() == ["again"]  # the later one, not both
    third = change(
        database,
        lambda session: called_again(
            session, council, session.get_one(Hearing, second.id), Occasion.REPEATED
        ),
    )

    def heard(session: Session) -> None:
        there = session.get_one(Hearing, third.id)
        balloting(session, council, there)
        for typist in (0, 1):
            key(session, council, typist, there, a_sheet(9, 9, 0, ["80"] * 9), page=4)

    change(database, heard)
    assert asks() == []


def test_nobody_is_asked_to_call_again_who_has_left_the_competition(
    database: Database, council: Council, asks: Callable[..., list[str]]
) -> None:
    def begun(session: Session) -> Hearing:
        hearing = drawn(session, council, a_panel(session, council))[0]
        broken_off(session, council, hearing)
        return hearing

    hearing = change(database, begun)
    assert asks() == ["begin", "again"]

    def excluded(session: Session) -> None:
        session.add(
            Exclusion(
                candidate_id=hearing.candidate_id,
                status="withdrawn",
                reason="Xin rút",
                by=council.secretary.account_id,
                at=HEARD,
            )
        )

    change(database, excluded)
    assert asks() == ["begin"]


def test_a_box_below_the_quorum_is_asked_for_until_the_ballot_is_given_again(
    database: Database, council: Council, asks: Callable[..., list[str]]
) -> None:
    def counted(session: Session) -> list[Hearing]:
        hearings = drawn(session, council, a_panel(session, council))
        count(session, council, hearings[0], a_sheet(9, 5, 0, []))
        for other in hearings[1:]:
            count(session, council, other, a_sheet(9, 9, 0, ["80"] * 9))
        return hearings

    first = change(database, counted)[0]
    assert asks() == ["unopened"]
    change(
        database,
        lambda session: called_again(
            session, council, session.get_one(Hearing, first.id), Occasion.SECOND_BALLOT
        ),
    )
    assert asks() == ["slips"]


def test_nobody_is_asked_for_lots_while_the_part_before_is_not_decided(
    portal: Flask, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, unmasked=False)
        panel = a_panel(session, council)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    secretary = Person.at(portal, database, council.secretary, AFTER)
    assert TITLES["lots"] not in secretary.get("/staff")
    page = secretary.get(place)
    assert "Bốc thăm sau khi biết ai đạt phần thi trước." in page
    assert f'href="{place}/lots"' not in page


def test_a_member_is_asked_to_declare_until_every_candidate_has_been_spoken_of(
    portal: Flask, database: Database, council: Council
) -> None:
    def seated(session: Session) -> PanelSession:
        panel = a_panel(session, council, mode="portal", members=8)
        service.add_member(
            session,
            council.secretary,
            HEARD,
            panel=panel,
            name="Tạ Quang Bửu",
            duty="Ủy viên",
            account_id=council.members[8].account_id,
        )
        return panel

    panel = change(database, seated)
    ninth = Person.at(portal, database, council.members[8], AFTER)
    page = ninth.get("/staff")
    assert OWN in page
    assert "3 thí sinh chờ ông/bà khai" in page
    assert f'href="/panel/{panel.public_id}/relations"' in page
    first = Person.at(portal, database, council.members[0], AFTER)
    assert OWN not in first.get("/staff")
    assert "Quan hệ với thí sinh: đã khai" in first.get("/panel")
    assert "3 thí sinh chờ ông/bà khai" in ninth.get("/panel")
    change(
        database,
        lambda session: says(session, council, session.get_one(PanelSession, panel.id).members[8], None),
    )
    assert OWN not in ninth.get("/staff")


def test_who_may_not_sit_is_marked_for_who_calls_a_substitute_only(
    portal: Flask, database: Database, council: Council
) -> None:
    def related(session: Session) -> PanelSession:
        panel = a_panel(session, council, members=8)
        member = service.add_member(
            session, council.secretary, HEARD, panel=panel, name="Tạ Quang Bửu", duty="Ủy viên"
        )
        says(session, council, member, Relation.SIBLING)
        return panel

    panel = change(database, related)
    place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    page = Person.at(portal, database, council.secretary, AFTER).get(place)
    assert "không được tham gia" in page
    assert f'href="{place}/lots"' not in page
    typist = Person.at(portal, database, council.typists[0], AFTER).get(place)
    assert "không được tham gia" not in typist
    assert "theo bản khai" not in typist
