# SPDX-License-Identifier: Apache-2.0
"""The pages of the sealed record, walked by secretary, keepers and somebody who keeps no share."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from exam_portal.accounts.models import Account
from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.interviews import service as panels
from exam_portal.interviews.record.models import RecordOpening, RecordShare
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import Person, upload
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
    keepers_of,
)

pytestmark = pytest.mark.engines("sqlite")
WORD = re.compile(r'<li><span class="ep-code">([a-z]+)</span></li>')
DECISION: dict[str, Any] = {
    "paper_number": "88/QĐ",
    "paper_issued_on": "28/01/2027",
    "paper_signed_by": "Lê Văn A",
    "decided_by": "authority_decision",
    "first_witness": "Trần Thị Bích",
    "second_witness": "Đỗ Văn Nam",
}


def test_keepers_copy_their_shares_and_open_a_record_for_its_minute_alone(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert f"{place}/record" in secretary.get(place)
    secretary.get(f"{place}/record/keepers")
    chosen = [_public_id(database, one) for one in keepers]
    secretary.post(f"{place}/record/keepers", 422, holders=chosen[:1], threshold="2")
    secretary.post(f"{place}/record/keepers", holders=chosen, threshold="2")
    secretary.post(f"{place}/record/keepers", 422, holders=chosen, threshold="2")  # again, without a reason
    secretary.post(f"{place}/record/keepers", holders=chosen, threshold="2", reason="Ốm trước khi chép")
    assert "Ốm trước khi chép" in secretary.get(f"{place}/record")
    assert f"{place}/record/share" not in secretary.get("/staff")  # keeps no share
    shares = [_copied(portal, database, one, f"{place}/record") for one in keepers]
    with database.reading() as session:
        kept = session.scalars(select(RecordShare).where(RecordShare.taken_at.is_not(None))).all()
        assert len(kept) == len(keepers)
        assert not any(session.keys.exists(share.key_id) for share in kept)
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, session.merge(panel))[0]
        balloting(session, council, hearing)
        for number, member in enumerate(council.members):
            value = Decimal(60 + number)
            panels.cast_ballot(
                session, member, HEARD, hearing=hearing, value=value, scores={}, has_heard=True
            )
        panels.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        at = f"{place}/hearings/{hearing.public_id}"
    assert f'action="{at}/record"' not in secretary.get(f"{at}/record")  # keeps no share: no form
    right = {"share_1": shares[0], "share_2": shares[1]}
    secretary.get(place)  # a form token of another page
    secretary.post(f"{at}/record", 422, **DECISION, **right, paper_scan=upload(a_pdf()))
    keeper = Person.at(portal, database, keepers[0], HEARD)
    keeper.get(f"{at}/record")
    typed = {"share_1": shares[0], "share_2": shares[0]}
    keeper.post(f"{at}/record", 422, **DECISION, **typed, paper_scan=upload(a_pdf()))
    keeper.post(f"{at}/record", 422, **DECISION, share_1=shares[0], share_2=shares[1])  # without the scan
    keeper.post(
        f"{at}/record", 422, **DECISION | {"second_witness": "Ủy viên 1"}, **right, paper_scan=upload(a_pdf())
    )
    with database.reading() as session:
        assert session.scalars(select(RecordOpening)).all() == []
        told = session.scalars(
            select(Leaf).where(Leaf.type == "interviews.record_refused").order_by(Leaf.id)
        ).all()
        assert [(one.actor_id, one.content["why"]) for one in told] == [
            (council.secretary.account_id, "interviews.NoRecordShare"),
            (keepers[0].account_id, "interviews.ShareTwice"),
            (keepers[0].account_id, "interviews.OpeningUnwitnessed"),
        ]
        own = {name for one in told for name in one.content if not name.startswith("_")}
        assert own == {"panel", "hearing", "why"}  # nothing of what was typed
    typed["share_2"] = shares[2]
    answer = keeper.client.post(
        f"{at}/record",
        data={"csrf_token": keeper.token, **DECISION, **typed, "paper_scan": upload(a_pdf())},
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.mimetype == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    words = _words(answer.data)
    given = re.findall(r"[0-9a-f]{8} Ủy viên ([1-9]) (?:– )*([0-9]+)", words)
    assert {int(number): int(mark) for number, mark in given} == {n: 59 + n for n in range(1, 10)}, words
    assert "88/QĐ" in words
    assert "Trần Thị Bích" in words
    oversight = Person.at(portal, database, keepers[1], HEARD)
    assert "Trần Thị Bích" in oversight.get(at)
    assert "Trần Thị Bích" in oversight.get(f"{place}/record")
    minute = _words(oversight.client.get(f"{at}/count.pdf").data)
    assert "Ủy viên 1" not in minute


def test_the_envelope_of_the_slips_is_registered_on_paper(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0]
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        competition = council.competition.public_id
        at = f"/staff/competitions/{competition}/panel/{panel.public_id}/hearings/{hearing.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert f"{at}/envelope" in secretary.get(at)
    secretary.get(f"{at}/envelope")
    secretary.post(f"{at}/envelope", 422, number="PB-01", seal_no="", keeper="Văn thư")
    secretary.post(f"{at}/envelope", number="PB-01", seal_no="0731", keeper="Văn thư, két số 2")
    assert "0731" in secretary.get(f"{at}/envelope")
    fields: dict[str, Any] = {"number": "PB-01", "seal_no": "0713", "keeper": "Văn thư, két số 2"}
    secretary.get(f"{at}/envelope/correction")
    secretary.post(f"{at}/envelope/correction", 422, **fields, reason="")
    shown = secretary.post(f"{at}/envelope/correction", **fields, reason="Gõ đảo hai chữ số")
    for words in ("0731", "0713", "Gõ đảo hai chữ số"):
        assert words in shown
    minute = _words(secretary.client.get(f"{at}/count.pdf").data)
    for words in ("0731", "0713", "Gõ đảo hai chữ số"):
        assert words in minute


def test_an_envelope_that_was_not_registered_has_no_page_of_corrections(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0]
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    secretary.get(f"{place}/hearings/{hearing.public_id}/envelope/correction", 404)


def _copied(portal: Flask, database: Database, keeper: Actor, place: str) -> str:
    person = Person.at(portal, database, keeper, HEARD)
    assert f'href="{place}/share"' in person.get("/staff")
    words = WORD.findall(person.get(f"{place}/share"))
    assert len(words) == 20
    person.post(f"{place}/share", 422, share=" ".join(words[:-1]))
    person.post(f"{place}/share", share=" ".join(word[:4] for word in words))
    assert f'href="{place}/share"' not in person.get("/staff")
    assert not WORD.search(person.client.get(f"{place}/share").get_data(as_text=True))
    return " ".join(words)


def _public_id(database: Database, actor: Actor) -> str:
    with database.reading() as session:
        return session.get_one(Account, actor.account_id or 0).public_id


def _words(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
