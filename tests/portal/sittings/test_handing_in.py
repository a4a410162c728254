# SPDX-License-Identifier: Apache-2.0
"""A script is handed in at a minute and signed for, or its candidate refused before a witness."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit import fsck
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.triggers import PREFIX
from exam_portal.sittings import documents, errors, queries, service
from exam_portal.sittings.models import HandIn, Seat, Sitting
from exam_portal.sittings.service.handing_in import HandedIn
from tests.portal.competitions.pages import At, Person
from tests.portal.sittings.builders import MINUTE, START, Hall, a_hall, an_ended, hand_over
from tests.portal.sittings.test_documents import read

ENDED = START + 180 * MINUTE
OVER = START + 190 * MINUTE
ONE_ENGINE = pytest.mark.engines("sqlite")
REFUSED = HandedIn(at=ENDED, is_signed=False, witness="Giám sát viên Lê Văn Tám", reason="Cho rằng thiếu giờ")


def collect(session: Session, hall: Hall, sitting: Sitting, *lines: HandedIn) -> None:
    """Everybody's script is counted, the first as its line says, where one is given."""
    given = {seat.id: line for seat, line in zip(sitting.seats, lines, strict=False)}
    sheets = {seat.id: 4 for seat in sitting.seats}
    facts: dict[str, Any] = {"sitting": sitting, "sheets": sheets, "handed_in": given}
    service.collect_scripts(session, hall.invigilator, OVER, **facts)


def correct(session: Session, hall: Hall, seat: Seat, line: HandedIn) -> None:
    """The invigilator writes another line."""
    service.correct_hand_in(session, hall.invigilator, OVER, seat=seat, handed_in=line)


def test_a_script_is_signed_for_when_the_time_ended_unless_its_line_says_otherwise(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        collect(session, hall, sitting, HandedIn(at=START + 60 * MINUTE), REFUSED)
        one, two, three = (queries.hand_ins(session, sitting)[seat.id] for seat in sitting.seats)
        assert (one.handed_in_at, two.is_signed, three.handed_in_at) == (START + 60 * MINUTE, False, ENDED)


def test_a_line_keeps_to_the_sitting_and_a_refusal_has_a_witness_and_a_reason(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        seat = sitting.seats[0]
        with pytest.raises(errors.NotPresent):
            correct(session, hall, seat, REFUSED)
        collect(session, hall, sitting)
        for at in (START - MINUTE, OVER + MINUTE):
            with pytest.raises(errors.OutsideSitting):
                correct(session, hall, seat, HandedIn(at=at))
        for witness, reason in (("", "Thiếu giờ"), ("Lê Văn Tám", " ")):
            half = HandedIn(at=ENDED, is_signed=False, witness=witness, reason=reason)
            with pytest.raises(errors.RefusalUnwitnessed):
                correct(session, hall, seat, half)
        correct(session, hall, seat, REFUSED)
        assert not queries.hand_ins(session, sitting)[seat.id].is_signed
        assert len(session.scalars(select(HandIn)).all()) == 4  # the former line stays
        hand_over(session, hall, OVER, sitting)
        with pytest.raises(errors.AlreadyHandedOver):
            correct(session, hall, seat, HandedIn(at=ENDED))
    with database.reading() as session:
        assert [str(one) for one in fsck.differences(session) if one.where == "sittings"] == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("is_signed = 1 WHERE id = 4", "hand-in"),
        ("witness = 'Ai đó' WHERE id = 4", "hand-in"),
        ("handed_in_at = at WHERE id = 2", "scripts"),
    ],
)
def test_a_line_that_was_changed_behind_the_portals_back_is_named(
    database: Database, change: str, code: str
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        collect(session, hall, sitting)
        correct(session, hall, sitting.seats[0], REFUSED)
        session.execute(text(f"DROP TRIGGER {PREFIX}hand_ins_update"))
        session.execute(text(f"UPDATE hand_ins SET {change}"))
    with database.reading() as session:
        assert code in {one.code for one in fsck.differences(session) if one.where == "sittings"}


@ONE_ENGINE
def test_the_page_takes_the_line_and_the_printed_list_shows_it(
    hall: Hall, portal: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        sitting = an_ended(session, hall)
        collect(session, hall, sitting)
        seat = sitting.seats[0].public_id
    clock.set(OVER)
    person = Person.at(portal, database, hall.invigilator, OVER)
    address = f"/staff/seats/{seat}/hand-in"
    assert "18/01/2027 11:00" in person.get(address)
    facts: dict[str, Any] = {
        "handed_in_at": "18/01/2027 10:40",
        "signature": "refused",
        "reason": "Thiếu giờ",
    }
    assert "#witness" in person.post(address, 422, **facts)
    assert "#handed_in_at" in person.post(address, 422, **facts | {"handed_in_at": "18/01/2027 07:00"})
    person.post(address, **facts, witness="Lê Văn Tám")
    assert "Lê Văn Tám" in person.get(address)  # what is on record is what the form shows
    assert "Không ký" in person.get(f"/staff/sittings/{sitting.public_id}/scripts")
    with portal.test_request_context(), database.reading() as session:
        found = session.get_one(Sitting, sitting.id)
        pages = read(documents.of_sitting(session, found, OVER, name="attendance"))
    words = " ".join(" ".join(pages).split())
    for said in ("Không ký, 18/01/2027 10:40", "Lê Văn Tám", "Đã ký, 18/01/2027 11:00"):
        assert said in words
