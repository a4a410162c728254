# SPDX-License-Identifier: Apache-2.0
"""What the pages tell a member about a ballot given is so: of a sealed record, of none, and with a name."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.interviews import documents, presentation, service
from exam_portal.interviews.models import Ballot
from exam_portal.interviews.record.service import GivenBallot, OpenedRecord
from tests.portal.audit.builders import a_prepared_paper
from tests.portal.competitions.pages import Person
from tests.portal.interviews import builders
from tests.portal.interviews.builders import HEARD, a_council, a_panel, balloting, drawn
from tests.portal.interviews.test_confidence import CONFIDENCE, a_vote, words_of

pytestmark = pytest.mark.engines("sqlite")
SEALED, UNNAMED, NAMED = "giữ dưới niêm phong", "không có tên ông/bà", "có tên ông/bà, theo quy chế"


@pytest.mark.parametrize(
    ("ballot", "record", "said"),
    [("secret", "", SEALED), ("secret", "none", UNNAMED), ("named", "", NAMED)],
)
def test_a_member_is_told_of_a_ballot_given_what_is_kept_of_it(
    portal: Flask, database: Database, ballot: str, record: str, said: str
) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, ballot=ballot, record=record)
        hearing = drawn(session, council, a_panel(session, council, mode="portal"))[0]
        balloting(session, council, hearing)
        voter, address = council.members[0], f"/panel/hearings/{hearing.public_id}"
        service.cast_ballot(
            session, voter, HEARD, hearing=hearing, value=Decimal(70), scores={}, has_heard=True
        )
    page = Person.at(portal, database, voter, HEARD).get(address).split("<main")[1]
    assert [words for words in (SEALED, UNNAMED, NAMED) if words in page] == [said]


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed (Debian: poppler-utils)"
)
def test_the_minute_of_an_opened_vote_says_confidence_and_no_mark(
    portal: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = CONFIDENCE.read_text(encoding="utf-8").replace("size = 7", "size = 9")
    monkeypatch.setattr(builders, "rules_of_nine", lambda **_: text)
    with database.writing(unhurried=True) as session, portal.test_request_context():
        council = a_council(session)
        panel, (hearing, *_) = a_vote(session, council, "portal")
        balloting(session, council, hearing)
        for number, member in enumerate(council.members):
            value = Decimal(0 if number == 0 else 100)
            service.cast_ballot(
                session, member, HEARD, hearing=hearing, value=value, scores={}, has_heard=True
            )
        service.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        ballots = session.scalars(select(Ballot).where(Ballot.hearing_id == hearing.id)).all()
        given = [
            GivenBallot(member=member, ballot=one) for member, one in zip(panel.members, ballots, strict=True)
        ]
        page = presentation.panel_page(session, council.competition, panel)
        row = next(one for one in page.hearings if one.hearing.id == hearing.id)
        minute = documents.record_minute(
            session,
            page,
            row,
            OpenedRecord(given=given, holders=[], agrees=True),
            HEARD,
            decision=a_prepared_paper(session.files),
            witnesses=["Trần Thị Bích", "Đỗ Văn Nam"],
        )
        words = " ".join(words_of(minute.get_data(), tmp_path).split())
    assert "Phiếu chấm Thành viên Tín nhiệm" in words
    assert words.count("không tín nhiệm") == 1
    assert words.count(" tín nhiệm") == 8 + 1  # eight of nine, and once behind "không"
    assert "Thành viên Điểm" not in words
