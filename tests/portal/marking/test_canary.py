# SPDX-License-Identifier: Apache-2.0
"""T39: nothing that a marker can read names a candidate; and what is sought would be found."""

import io
import re
from collections.abc import Iterator

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking.models import MarkDraft
from exam_portal.registration.models import Candidate
from exam_portal.sittings.models import Room, Seat
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of
from tests.portal.marking.typed import ESSAY, a_typed_office

pytestmark = pytest.mark.engines("sqlite")
CANARY = "Chim Hoàng Yến"
LONG = 6  # shorter ones (a room, a number) stand in a page by chance
# Who marks declares relations to candidates, and chooses them there by name: no script, bag or code is on it.
DECLARATIONS = re.compile(r"/staff/competitions/\w+/conflicts$")


def with_canaries(session: Session, office: Office) -> set[str]:
    """Names, addresses and telephones are canaries; what else names a candidate is returned, too."""
    found = set()
    for number, candidate in enumerate(office.hall.candidates):
        account = session.get_one(Account, candidate.account_id)
        profile = Profile(
            name=f"{CANARY} {number}",
            login=f"canary.{number}@example.test",
            email=f"canary.{number}@example.test",
            phone=f"09170000{number:02d}",
        )
        account.profile = profiles.seal(session, account.key_id, profile)
        found |= {profile.name, profile.email, profile.phone, account.public_id}
    numbers = session.scalars(select(Candidate.candidate_no)).all()
    codes = session.scalars(select(Seat.sheet_code)).all()
    rooms = session.scalars(select(Room.name)).all()
    return found | {one for one in (*numbers, *codes, *rooms) if one and len(one) >= LONG}


def readable(response_data: bytes, mimetype: str | None) -> str:
    """What somebody reads in an answer: of a PDF its text and its metadata."""
    if mimetype != "application/pdf":
        return response_data.decode("utf-8", "replace")
    reader = pypdf.PdfReader(io.BytesIO(response_data))
    told = " ".join(f"{key} {value}" for key, value in (reader.metadata or {}).items())
    return "\n".join([told, *(page.extract_text() for page in reader.pages)])


def everything(portal: Flask, database: Database, office: Office, marker: Actor) -> Iterator[tuple[str, str]]:
    """Every page that the marker can ask for: each address of the portal, with what can be put into it."""
    desk = desk_of(database, office)
    ids = {
        "competition_id": office.hall.competition.public_id,
        "bag_id": office.bag.public_id,
        "script_id": desk.rsplit("/", 1)[-1],
        "part": "written",
    }
    person = Person.at(portal, database, marker, MARKED)
    candidate = office.hall.candidates[0].public_id
    for rule in sorted(portal.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "accounts.log_out"}:
            continue
        address = str(rule)
        if DECLARATIONS.search(address.replace("<public_id:competition_id>", "x")):
            continue
        for name in rule.arguments:
            value = ids.get(name, "1" if f"<int:{name}>" in address else candidate)
            address = re.sub(rf"<(?:[^<>:]+(?:\([^)]*\))?:)?{name}>", str(value), address)
        answer = person.client.get(address, buffered=True)
        text = readable(answer.data, answer.mimetype)
        answer.close()
        yield address, text


def test_t39_no_page_document_error_or_log_that_a_marker_can_read_names_a_candidate(
    portal: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    office = a_typed_office(database, with_rubric=False)
    with database.writing(unhurried=True) as session:
        canaries = with_canaries(session, office)
        assign(session, office, 0, 1)
    read = dict(everything(portal, database, office, office.markers[0]))
    assert ESSAY in read[desk_of(database, office)]
    marker = Person.at(portal, database, office.markers[0], MARKED)
    marker.get(desk_of(database, office))
    marker.post(desk_of(database, office), 422, total="1000", rests_on="0", comment="")
    read["refused"] = marker.page
    marker.post(desk_of(database, office), total="71,5", rests_on="0", comment="")
    marker.get(desk_of(database, office, 1))
    marker.post(desk_of(database, office, 1), total="60", rests_on="0", comment="")
    slips = marker.client.get(f"/marking/bags/{office.bag.public_id}/slips.pdf")
    read["slips"] = readable(slips.data, slips.mimetype)
    assert "71,5" in read["slips"]
    read["log"] = caplog.text
    found = {(where, canary) for where, text in read.items() for canary in canaries if canary in text}
    assert found == set()


def test_a_canary_that_a_marker_can_read_is_found(portal: Flask, database: Database) -> None:
    office = a_typed_office(database, text=f"Tôi là {CANARY} 0. {ESSAY}", with_rubric=False)
    with database.writing(unhurried=True) as session:
        canaries = with_canaries(session, office)
        assign(session, office, 0, 1)
        assert session.query(MarkDraft).count() == 0
    read = dict(everything(portal, database, office, office.markers[0]))
    found = {where for where, text in read.items() for canary in canaries if canary in text}
    assert found == {desk_of(database, office)}
