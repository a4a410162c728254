# SPDX-License-Identifier: Apache-2.0
"""A counting sheet is keyed by two people, of whom neither has voted on it."""

import dataclasses

import pytest

from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import errors, service
from exam_portal.interviews.models import Hearing
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import grant
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, balloting, declared, drawn, key
from tests.portal.interviews.test_substitutes import stands_by

SHEET = a_sheet(9, 9, 0, ["80"] * 9)


def _typist(session: Session, council: Council, login: str, name: str) -> Council:
    """The council, whose second typist is of this name."""
    organisation = council.house.organisation
    actor = holding(a_member(session, login, name), Role.TYPIST, organisation)
    grant(session, actor, organisation.id, HEARD)
    return dataclasses.replace(council, typists=(council.typists[0], actor))


def _balloting(session: Session, council: Council) -> Hearing:
    hearing = drawn(session, council, a_panel(session, council))[0]
    balloting(session, council, hearing)
    return hearing


@pytest.mark.parametrize("name", ["Ủy viên 2", "ủy viên 2", "TS. Ủy viên 2, Trưởng phòng"])
def test_nobody_keys_who_bears_the_name_of_a_member(database: Database, council: Council, name: str) -> None:
    with database.writing(unhurried=True) as session:
        hearing = _balloting(session, council)
        council = _typist(session, council, "khac", name)
        with pytest.raises(errors.MemberKeys):
            key(session, council, 1, hearing, SHEET)


def test_neither_a_member_by_account_nor_a_substitute_keys(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        stands_by(session, council, panel, "Dự khuyết A")
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        with pytest.raises(errors.MemberKeys):
            key(session, _typist(session, council, "khac", "Dự khuyết A"), 1, hearing, SHEET)
        seated = dataclasses.replace(council, typists=(council.members[0], council.typists[1]))
        with pytest.raises(errors.MemberKeys):
            key(session, seated, 0, hearing, SHEET)


def test_a_member_who_was_seated_by_account_keys_under_no_other_name(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        typist = council.typists[0]
        service.add_member(
            session,
            council.secretary,
            HEARD,
            panel=panel,
            name="Tạ Quang Bửu",
            duty="Ủy viên",
            account_id=typist.account_id,
        )
        declared(session, council, panel)
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        with pytest.raises(errors.MemberKeys):
            key(session, council, 0, hearing, SHEET)


def test_two_accounts_of_one_name_make_no_count(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = _balloting(session, council)
        twice = _typist(session, council, "hai", "Ông Nhập liệu 1")
        assert key(session, council, 0, hearing, SHEET) is None
        with pytest.raises(errors.KeyedUnderThisName):
            key(session, twice, 1, hearing, SHEET)
        assert key(session, council, 0, hearing, SHEET) is None  # the first may correct the own reading
        assert key(session, council, 1, hearing, SHEET) is not None


def test_two_of_one_name_are_told_apart_by_the_unit(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = _balloting(session, council)
        one = _typist(session, council, "mot", "Nguyễn Văn An (Sở Nội vụ)")
        other = _typist(session, council, "hai", "Nguyễn Văn An (Sở Tài chính)")
        assert key(session, one, 1, hearing, SHEET) is None
        assert key(session, other, 1, hearing, SHEET) is not None
