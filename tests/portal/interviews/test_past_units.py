# SPDX-License-Identifier: Apache-2.0
"""What candidates say of their past in the application form is compared with what members say of theirs."""

import dataclasses
import re
from typing import Any

import pytest
from flask import Flask

from exam_portal.accounts.models import Account
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import declared, errors, service
from exam_portal.interviews.likeness import Clue
from exam_portal.interviews.models import PanelMember, PanelSession
from exam_portal.registration import queries as registration
from exam_portal.registration.models import Application
from exam_portal.registration.queries import FORM_CONTEXT
from exam_portal.registration.work_history import Period
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, drawn

PAST = Period(since="09/2004", until="08/2012", unit="Ban Quản lý khu kinh tế", position="Chuyên viên")


def _stated(session: Session, council: Council, **facts: Any) -> None:
    """The first candidate's form says this, too."""
    application = session.get_one(Application, council.candidates[0].application_id)
    content = dataclasses.replace(registration.form_of(session, application), **facts)
    key_id = session.get_one(Account, application.account_id).key_id
    application.form = session.keys.seal(key_id, content.dump(), FORM_CONTEXT)
    session.flush()


def _ninth(
    session: Session, council: Council, panel: PanelSession, duty: str, units: str, name: str = "Tạ Quang Bửu"
) -> PanelMember:
    """The ninth member has signed that there is no relation to anybody, and where the work was."""
    member = service.add_member(session, council.secretary, HEARD, panel=panel, name=name, duty=duty)
    lines = declared.of_member(declared.lines(session, panel), member)
    service.declare_relations(
        session,
        council.secretary,
        HEARD,
        member=member,
        answers={line.candidate.id: None for line in lines},
        units=units,
        disciplined=False,
        paper=a_signed(session, council.house, council.competition),
    )
    return member


@pytest.mark.parametrize(
    ("duty", "units"),
    [("Phó Trưởng ban, Ban Quản lý khu kinh tế", ""), ("Ủy viên", "Sở Y tế\nBan Quản lý Khu Kinh tế")],
)
def test_a_past_unit_of_a_candidate_asks_a_member_who_works_or_has_worked_there(
    database: Database, council: Council, duty: str, units: str
) -> None:
    with database.writing(unhurried=True) as session:
        _stated(session, council, history=(PAST,))
        panel = a_panel(session, council, members=8)
        member = _ninth(session, council, panel, duty, units)
        first, *others = declared.of_member(declared.lines(session, panel), member)
        assert (first.is_open, first.clues) == (True, (Clue.UNIT,))
        assert not any(line.is_open for line in others)
        with pytest.raises(errors.RelationsOpen) as asked:
            drawn(session, council, panel)
        assert asked.value.positions == (9,)


def test_a_past_unit_of_nobody_asks_nothing(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        _stated(session, council, history=(PAST,), line_manager="Ngô Bá Khá")
        panel = a_panel(session, council, members=8)
        member = _ninth(session, council, panel, "Giám đốc Sở Nội vụ", "Sở Y tế")
        assert not any(line.is_open for line in declared.of_member(declared.lines(session, panel), member))
        drawn(session, council, panel)


def test_the_line_manager_of_a_candidate_is_asked(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        _stated(session, council, line_manager="Tạ Quang Bửu, Trưởng phòng")
        panel = a_panel(session, council, members=8)
        member = _ninth(session, council, panel, "Ủy viên", "")
        first, *others = declared.of_member(declared.lines(session, panel), member)
        assert (first.is_open, first.clues) == (True, (Clue.MANAGER,))
        assert not any(line.is_open for line in others)


def test_what_the_comparison_asks_is_answered_by_choosing_and_not_by_sending_the_page(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        _stated(session, council, history=(PAST,))
        panel = a_panel(session, council, mode="portal", members=0)
        who = council.members[0]
        member = service.add_member(
            session,
            council.secretary,
            HEARD,
            panel=panel,
            name="Tạ Quang Bửu",
            duty="Ban Quản lý khu kinh tế",
            account_id=who.account_id,
        )
        answers = {
            line.candidate.id: None for line in declared.of_member(declared.lines(session, panel), member)
        }
        service.declare_relations(session, who, HEARD, member=member, answers=answers, disciplined=False)
        own = f"/panel/{panel.public_id}/relations"
    reader = Person.at(portal, database, who, HEARD)
    asked = re.findall(r'name="(relation_[a-z2-7]{26})"', reader.get(own))
    assert len(asked) == 1
    assert not re.findall(r'<option value="none"[^>]*selected', reader.page)
    nothing: dict[str, Any] = {asked[0]: ""}
    reader.post(own, 422, **nothing)
    no_relation: dict[str, Any] = {asked[0]: "none"}
    reader.post(own, **no_relation)
    assert re.findall(r'<option value="none"[^>]*selected', reader.get(f"{own}?again=yes"))
