# SPDX-License-Identifier: Apache-2.0
"""Printed lists as they are used in the room: signatures stand on the sheet of what they sign."""

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from exam_portal.core.database import Database
from exam_portal.registration import service as registration
from exam_portal.registration.models import Candidate
from exam_portal.sittings import documents, service, summons_documents
from exam_portal.sittings.models import Sitting
from tests.portal.sittings import computers
from tests.portal.sittings.builders import LISTED, START, a_hall, a_room, a_sitting, a_summoned

pytestmark = pytest.mark.engines("sqlite")
SIZES = (4, 5, 6, 7, 8, 9, 10, 11, 12, 13)  # rooms that end at every height of a sheet
NUMBER = re.compile(r"\b0\d\d\b")


def test_every_room_is_signed_for_below_its_last_candidates(portal: Flask, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=sum(SIZES))
        rooms = [a_room(session, hall, name=f"P.{size + 100}", capacity=size) for size in SIZES]
        sitting = a_sitting(session, hall)
        service.allot_seats(session, hall.secretary, LISTED, sitting=sitting, rooms=rooms)
    with portal.test_request_context(), database.reading() as session:
        pages = read(
            documents.of_sitting(session, session.get_one(Sitting, sitting.id), START, name="attendance")
        )
    signed = [page for page in pages if "CÁN BỘ COI THI 1" in page]
    assert len(signed) == len(SIZES)
    assert [page for page in signed if not NUMBER.search(page)] == []
    assert [page for page in pages if not NUMBER.search(page)] == []


def test_who_has_left_is_marked_on_the_list(portal: Flask, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_summoned(session, hall)
        gone = session.get_one(Candidate, hall.candidates[1].id)
        registration.exclude_candidate(
            session, hall.secretary, LISTED, gone, status="disqualified", reason="Khai man"
        )
    with portal.test_request_context(), database.reading() as session:
        for name in ("attendance", "doors"):
            [page] = read(
                documents.of_sitting(session, session.get_one(Sitting, sitting.id), START, name=name)
            )
            assert page.count("Bị loại") == 1


@pytest.mark.parametrize(("mode", "is_told"), [("portal", True), ("lan", True), ("paper", False)])
def test_the_summons_to_a_computer_names_the_check_and_the_practice(
    portal: Flask, database: Database, mode: str, is_told: bool
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = computers.seated(session, hall, mode=mode)
    with portal.test_request_context(), database.reading() as session:
        pages = read(summons_documents.summonses(session, sitting.competition_id, START))
    words = ["".join(page.split()) for page in pages]  # an address may be broken over two lines
    assert [("/sit/check" in page, "/sit/practice" in page) for page in words] == [(is_told, is_told)] * 3


def read(content: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
