# SPDX-License-Identifier: Apache-2.0
"""Members sign on a page of their own that they heard all of the hearing; slips say nothing of anybody."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.interviews import service
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, balloting, drawn
from tests.portal.interviews.test_confidence import words_of

pytestmark = [
    pytest.mark.engines("sqlite"),
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="pdftotext is not installed (Debian: poppler-utils)"
    ),
]


def test_who_gets_a_slip_signs_on_the_first_page_and_no_slip_bears_a_name_or_the_sentence(
    portal: Flask, database: Database, council: Council, tmp_path: Path
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0]
        away, who = panel.members[8], council.secretary
        service.note_absence(session, who, HEARD, panel=panel, member=away, hearing=hearing, reason="Ốm")
        balloting(session, council, hearing)
        here = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        address = f"{here}/hearings/{hearing.public_id}/slips.pdf"
        present = [member.name for member in panel.members[:8]]
    printed = Person.at(portal, database, council.secretary, HEARD).client.get(address)
    first, back, *slips = words_of(printed.data, tmp_path).split("\f")
    sentence = "Tôi đã nghe toàn bộ"
    assert sentence in first
    assert "Trang này để trống" in back  # printed on both sides, the names are on the back of no slip
    assert [name for name in (*present, "Ủy viên 9") if name in first] == present
    *slips, end = slips
    assert (len(slips), len(set(slips)), end) == (8, 1, "")  # nothing tells one slip from another
    assert "Xây dựng đề án" in slips[0]
    assert not any("Nhận xét" in slip for slip in slips)  # a line in a member's hand would name the member
    assert not any(sentence in slip or name in slip for slip in slips for name in present)
