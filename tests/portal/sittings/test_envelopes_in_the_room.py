# SPDX-License-Identifier: Apache-2.0
"""Envelopes are opened before two candidates, at a stated minute, and no seal is silently another one."""

import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, text

from exam_portal.audit import fsck
from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.triggers import PREFIX
from exam_portal.papers import errors, service
from exam_portal.papers.models import Envelope, EnvelopeEvent, EnvelopeEventKind, Paper, PaperContent
from exam_portal.sittings import paper_times
from exam_portal.sittings.models import AttendanceStatus
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import At, Person, upload
from tests.portal.sittings.builders import (
    LISTED,
    MINUTE,
    START,
    Hall,
    a_hall,
    a_seated,
    a_started,
    check_in,
    here,
)

ONE_ENGINE = pytest.mark.engines("sqlite")
SEALED = START - 600 * MINUTE
OPENED = START - 5 * MINUTE
ENTERED = START + 30 * MINUTE


@pytest.fixture(autouse=True)
def who_sits_there() -> None:
    """The papers are told by the sittings who has a seat, and when the part begins."""
    paper_times.fill_hooks()


def an_envelope(session: Session, hall: Hall, *, label: str = "ĐỀ-01", seal_no: str = "NP-0417") -> Envelope:
    """An envelope of the written part, sealed the evening before."""
    facts: dict[str, Any] = {"part": "written", "kind": "official", "content": PaperContent.OUTSIDE}
    paper = service.name_paper(session, hall.secretary, LISTED, competition=here(session, hall), **facts)
    return service.register_envelope(
        session,
        hall.secretary,
        SEALED,
        paper=paper,
        label=label,
        seal_no=seal_no,
        copies=5,
        minute_no="01/BB",
    )


def note(
    session: Session,
    hall: Hall,
    envelope: Envelope,
    kind: EnvelopeEventKind = EnvelopeEventKind.OPENED,
    *,
    at: datetime = ENTERED,
    **found: Any,
) -> EnvelopeEvent:
    """It is on record what happened: opened in the room as it should be, but for this."""
    facts: dict[str, Any] = {"happened_at": OPENED, "seal_no": "NP-0417", "candidates": ("001", "002")}
    facts |= {"place": "P.101", "seal_intact": True, "present": "Trưởng Ban coi thi", **found}
    return service.note_envelope(session, hall.invigilator, at, envelope=envelope, kind=kind.value, **facts)


def test_two_different_candidates_who_sit_there_see_the_seal(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        envelope = an_envelope(session, hall)
        check_in(session, hall, sitting.seats[2], status=AttendanceStatus.ABSENT, identity_checked=False)
        for candidates in (
            (),
            ("001",),
            ("001", "001"),
            ("001", "999"),
            ("001", "003"),
            ("001", "002", "003"),
        ):
            with pytest.raises(errors.TwoCandidates):
                note(session, hall, envelope, candidates=candidates)
        event = note(session, hall, envelope, candidates=(" 001", "002"))
        assert (event.candidates, event.happened_at, event.at) == ("001, 002", OPENED, ENTERED)
    with database.reading() as session:
        assert [one for one in fsck.differences(session) if one.where == "papers"] == []


def test_the_room_states_the_minute_within_bounds(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_seated(session, hall)
        envelope = an_envelope(session, hall)
        with pytest.raises(errors.NotYetHappened):
            note(session, hall, envelope, happened_at=ENTERED + MINUTE)
        with pytest.raises(errors.BeforeSealed):
            note(session, hall, envelope, happened_at=SEALED - MINUTE)
        note(session, hall, envelope, EnvelopeEventKind.HANDED_OVER)
        with pytest.raises(errors.BeforeSealed):  # the handing over came after it
            note(session, hall, envelope, happened_at=OPENED - MINUTE)
        with pytest.raises(errors.WrongEnvelopeEvent):  # the part has begun
            note(session, hall, envelope, EnvelopeEventKind.COPIED, happened_at=START)


def test_a_broken_or_other_seal_needs_a_reason_and_a_new_one_a_new_number(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_seated(session, hall)
        envelope = an_envelope(session, hall)
        with pytest.raises(errors.SealNotRead):
            note(session, hall, envelope, seal_no=" ")
        for found in ({"seal_no": "NP-0418"}, {"seal_intact": False}, {"seal_intact": False, "reason": " "}):
            with pytest.raises(errors.SealUnexplained):
                note(session, hall, envelope, **found)
        note(session, hall, envelope, seal_no="NP-0418", reason="Dán chồng niêm phong khi vận chuyển")
        again: dict[str, Any] = {"happened_at": OPENED + MINUTE}
        for number in ("", "np-0417"):
            with pytest.raises((errors.SealNotRead, errors.SealNumberTaken)):
                note(session, hall, envelope, EnvelopeEventKind.RESEALED, seal_no=number, **again)
        note(session, hall, envelope, EnvelopeEventKind.RESEALED, seal_no="NP-0500", **again)
        with pytest.raises(errors.SealUnexplained):  # the old one does not close it any more
            note(session, hall, envelope, EnvelopeEventKind.HANDED_OVER, **again)
        note(session, hall, envelope, EnvelopeEventKind.HANDED_OVER, seal_no="np-0500", **again)
        facts: dict[str, Any] = {"label": "ĐỀ-02", "seal_no": "NP-0500", "copies": 1, "minute_no": "02/BB"}
        paper = session.get_one(Paper, envelope.paper_id)
        with pytest.raises(errors.SealNumberTaken):
            service.register_envelope(session, hall.secretary, ENTERED, paper=paper, **facts)


@ONE_ENGINE
@pytest.mark.parametrize(
    "change",
    [
        "happened_at = at",
        "candidates = '001, 003'",
        "seal_no = 'X'",
        "place = 'P.999'",
        "signed_paper_id = NULL",
    ],
)
def test_an_opening_that_was_changed_behind_the_portals_back_is_named(
    hall: Hall, portal: Flask, database: Database, clock: At, change: str
) -> None:
    opened_on_its_page(hall, portal, database, clock)
    with database.writing(unhurried=True) as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}envelope_events_update"))
        session.execute(text(f"UPDATE envelope_events SET {change}"))
    with database.reading() as session:
        assert "envelope noted" in {one.code for one in fsck.differences(session)}


@ONE_ENGINE
def test_the_printed_minute_says_what_was_recorded_and_the_leaf_holds_the_hash_of_the_scan(
    hall: Hall, portal: Flask, database: Database, clock: At
) -> None:
    person, paper = opened_on_its_page(hall, portal, database, clock)
    with database.reading() as session:
        leaf = session.scalars(select(Leaf).where(Leaf.type == "papers.envelope_noted")).one()
        assert len(leaf.content["sha256"]) == 64
    content = person.client.get(f"{paper}/minutes/opening").get_data()
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    for said in ("18/01/2027 07:55", "P.101", "NP-0417", "001, Nguyễn Thị Hạnh", "002, Trần Quốc Bảo"):
        assert said in words


def opened_on_its_page(hall: Hall, portal: Flask, database: Database, clock: At) -> tuple[Person, str]:
    """The envelope was opened at 07:55, entered at 08:30 with the scan of its minute; refused before."""
    with database.writing(unhurried=True) as session:
        a_seated(session, hall)
        envelope = an_envelope(session, hall).public_id
        competition = hall.competition.public_id
        paper_id = session.scalars(select(Paper.public_id)).one()
    clock.set(ENTERED)
    person = Person.at(portal, database, hall.invigilator, ENTERED)
    paper = f"/staff/competitions/{competition}/exam-papers/{paper_id}"
    address = f"{paper}/envelopes/{envelope}"
    person.get(address)
    facts: dict[str, Any] = {"kind": "opened", "seal_no": "NP-0417", "seal_intact": "yes", "place": "P.101"}
    facts |= {"witnesses": "Đại diện Ban Giám sát", "happened_at": "18/01/2027 07:55"}
    assert "#first_candidate" in person.post(address, 422, **facts)
    facts |= {"first_candidate": "001", "second_candidate": "002"}
    assert "#happened_at" in person.post(address, 422, **facts | {"happened_at": "18/01/2027 08:31"})
    facts |= {"paper_number": "05/BB-MBĐ", "paper_issued_on": "18/01/2027", "paper_signed_by": "Đỗ Thị Mai"}
    person.post(address, **facts, paper_scan=upload(a_pdf(), "bien-ban.pdf"))
    return person, paper
