# SPDX-License-Identifier: Apache-2.0
"""T39 beyond pages: scans at the desk, devices, addresses, letters, the log, a dump of what is reached.

Each search is shown to find what it seeks where it may be: in the file that was brought, in the whole
database, in the candidate's own letter.
"""

import base64
import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError

from exam_portal.accounts.models import WebSession
from exam_portal.core import mail, outbox, schema
from exam_portal.core.confinement import REACHABLE, confine
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.filetypes import JPEG, PDF, PNG
from exam_portal.sittings import letters
from exam_portal.sittings.models import Attempt, Contact, LeaseChange
from tests.portal.competitions.pages import Person, upload
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, give, masked
from tests.portal.marking.test_canary import CANARY, everything, with_canaries
from tests.portal.marking.typed import ESSAY, a_typed_office
from tests.portal.security.test_scans import NAME, a_pdf_with_traces, a_picture
from tests.portal.sittings.builders import a_hall, a_received, here, sheet_codes

FILES = ((JPEG, a_picture(JPEG)), (PNG, a_picture(PNG)), (PDF, a_pdf_with_traces()))
ADDRESS, DEVICE = "10.77.66.55", "MAY-TINH-CANARY"


@pytest.mark.engines("sqlite")
def test_t39_scans_reach_the_desk_without_what_was_written_beside_their_pages(
    portal: Flask, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=len(FILES))
        sitting = a_received(session, hall)
        codes = sorted(sheet_codes(session, sitting))
        place = f"/staff/competitions/{here(session, hall).public_id}"
        office = masked(session, hall)
        assign(session, office, 0, 1)
    masker = Person.at(portal, database, hall.masker, MARKED)
    for code, (_, content) in zip(codes, FILES, strict=True):
        assert NAME.encode() in content  # the control: it is there when it is brought
        masker.get(f"{place}/scans")
        masker.post(f"{place}/scans", sheet_code=code, scan=upload(content, f"{NAME}.pdf"))
    marker = Person.at(portal, database, office.markers[0], MARKED)
    served = {}
    for number in range(len(FILES)):
        answer = marker.client.get(f"{desk_of(database, office, number)}/pages/1")
        assert answer.status_code == 200
        served[answer.mimetype] = answer.data
        assert NAME not in str(answer.headers)
    assert set(served) == {kind for kind, _ in FILES}
    assert not [kind for kind, content in served.items() if NAME.encode() in content]
    for kind in (JPEG, PNG):
        picture = Image.open(io.BytesIO(served[kind]))
        assert not picture.getexif()
        assert NAME not in str(picture.info)


def with_devices(session: Session, office: Office) -> None:
    """Of every candidate it is known from where and with what he or she wrote."""
    for attempt in session.scalars(select(Attempt)).all():
        lease = LeaseChange(attempt_id=attempt.id, lease="0" * 32, device=DEVICE, moved_by=None, at=MARKED)
        session.add(lease)
        contact = session.get(Contact, attempt.id)
        if contact is None:
            contact = Contact(attempt_id=attempt.id, seen_at=MARKED, address=ADDRESS, browser="")
            session.add(contact)
        contact.address = ADDRESS
    for number, candidate in enumerate(office.hall.candidates):
        session.add(
            WebSession(
                token_hash=bytes([number + 1]) * 32,
                account_id=candidate.account_id,
                user_agent=DEVICE,
                created_at=MARKED,
                last_seen_at=MARKED,
                expires_at=MARKED,
            )
        )
    session.flush()


@pytest.fixture
def known(database: Database) -> tuple[Office, set[str]]:
    """Typed scripts in bags, some marked, of candidates all of whose traces are known."""
    office = a_typed_office(database, with_rubric=False)
    with database.writing(unhurried=True) as session:
        canaries = with_canaries(session, office) | {ADDRESS, DEVICE}
        with_devices(session, office)
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
        give(session, office, 0, 0, "71.5")
    return office, canaries


def dump(session: Session) -> Iterator[tuple[str, str]]:
    """Yield every table that the session may read, with all that stands in it."""
    for table in schema.metadata().sorted_tables:
        try:
            with session.begin_nested():
                yield table.name, _words(session, table)
        except DBAPIError:
            continue


def _words(session: Session, table: Table) -> str:
    rows = session.execute(table.select()).all()
    return " ".join(
        cell.decode(errors="replace")
        if isinstance(cell, bytes)
        else json.dumps(cell, ensure_ascii=False, default=str)
        for row in rows
        for cell in row
    )


def test_t39_a_dump_of_all_that_a_marker_s_session_can_read_holds_no_identity(
    known: tuple[Office, set[str]], database: Database
) -> None:
    _, canaries = known
    with database.writing(unhurried=True) as session:
        whole = dict(dump(session))  # the control: unconfined, the very same search finds them
        confine(session)
        reached = dict(dump(session))
    assert set(reached) == REACHABLE
    assert '"71.5"' in reached["marks"]
    found = {table for table, text in whole.items() for canary in canaries if canary in text}
    assert {"accounts", "seats", "contacts", "lease_changes", "web_sessions"} <= found
    assert not [(table, canary) for table, text in reached.items() for canary in canaries if canary in text]


@pytest.mark.engines("sqlite")
def test_t39_nobody_who_marks_keys_or_runs_the_marking_reads_a_device_an_address_or_a_name_on_its_pages(
    portal: Flask,
    database: Database,
    known: tuple[Office, set[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    office, canaries = known
    caplog.set_level(logging.DEBUG)
    people = (*office.markers[:2], office.typists[0], office.secretary, office.hall.house.chair)
    read = {}
    for actor in people:
        for address, text in everything(portal, database, office, actor):
            if "/marking" in address:
                read[actor.account_id, address] = text
    assert any(ESSAY in text for text in read.values())
    assert sum("71,5" in text for text in read.values()) >= 1
    read[0, "log"] = caplog.text
    found = {(where, canary) for where, text in read.items() for canary in canaries if canary in text}
    assert found == set()


@pytest.mark.engines("sqlite")
def test_t39_letters_name_a_candidate_to_that_candidate_alone(
    database: Database, known: tuple[Office, set[str]]
) -> None:
    office, _ = known
    sent = {}
    with database.writing(unhurried=True) as session:
        competition = here(session, office.hall)
        letters.send(session, MARKED, competition=competition, kind=letters.Kind.SUMMONS)
    for _ in range(3):
        with database.reading() as session:
            jobs = [(row.id, row.kind, row.payload) for row in session.scalars(select(outbox.OutboxRow))]
            for number, kind, payload in jobs:
                if kind == mail.KIND:
                    sent[number] = _letter(session, payload)
        for number, kind, _ in jobs:
            if kind in (letters.JOB, letters.ONE):
                outbox.perform(database, number, lambda: MARKED)
    about = [one for one in sent.values() if CANARY in one["text"]]
    assert len({letter["to"] for letter in about}) == len(office.hall.candidates)
    for letter in about:
        own = letter["to"].removeprefix("canary.").removesuffix("@example.test")
        assert f"{CANARY} {own}" in letter["text"]
        assert letter["text"].count(CANARY) == 1


def _letter(session: Session, payload: dict[str, str]) -> dict[str, str]:
    sealed = base64.b64decode(payload["letter"])
    letter: dict[str, str] = json.loads(session.keys.open(payload["key"], sealed, mail.KIND))
    return letter
