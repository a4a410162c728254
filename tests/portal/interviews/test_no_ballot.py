# SPDX-License-Identifier: Apache-2.0
"""A member who opens the ballot of a hearing that came to none reads why there is none."""

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.interviews import service
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, drawn
from tests.portal.interviews.test_again import absent

WAITS = "Thư ký phát phiếu sau phiên trình bày"


@pytest.mark.engines("sqlite")
def test_a_member_reads_why_there_is_no_ballot(portal: Flask, database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        away, stopped, waiting = drawn(session, council, a_panel(session, council, mode="portal"))
        absent(session, council, away, "Lê Văn Anh", "Trần Thị Bích")
        service.open_hearing(session, council.secretary, HEARD, hearing=stopped)
        minute = a_signed(session, council.house, council.competition)
        service.break_off_hearing(session, council.secretary, HEARD, hearing=stopped, paper=minute)
        pages = [f"/panel/hearings/{one.public_id}" for one in (away, stopped, waiting)]
    member = Person.at(portal, database, council.members[0], HEARD)
    of_away, of_stopped, of_waiting = (member.get(page) for page in pages)
    assert "Thí sinh không đến phiên trình bày này" in of_away
    assert "Phiên trình bày này đã dừng giữa chừng" in of_stopped
    assert [WAITS in page for page in (of_away, of_stopped, of_waiting)] == [False, False, True]
