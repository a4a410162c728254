# SPDX-License-Identifier: Apache-2.0
"""Passages in common between masked scripts: found by a job, shown by code to the head, kept as places."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal import background
from exam_portal.core.database import Database
from exam_portal.marking.agreement import service as agreement
from exam_portal.marking.models import MarkingReport
from tests.portal.competitions.pages import Person
from tests.portal.marking.agreed import carry_out
from tests.portal.marking.builders import MARKED, Office
from tests.portal.marking.typed import a_typed_office

pytestmark = pytest.mark.engines("sqlite")
JOB = agreement.JOBS[agreement.LIKENESS]
TEXT = (
    "Theo kế hoạch đầu tư công trung hạn, đơn vị phải rà soát từng dự án, "
    "bố trí vốn có trọng tâm và công khai kết quả."
)


@pytest.fixture(autouse=True)
def known_jobs() -> None:
    """Who asks for a job knows it."""
    background.load_handlers()


def place_of(office: Office) -> str:
    return f"/staff/competitions/{office.hall.competition.public_id}/marking/likeness"


def test_two_scripts_with_one_text_stand_side_by_side_by_code(portal: Flask, database: Database) -> None:
    office = a_typed_office(database, text=TEXT)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    secretary.get(f"{place_of(office)}?part=written")
    secretary.post(place_of(office), part="written", purpose="marking")
    carry_out(database, JOB)
    page = secretary.get(f"{place_of(office)}?part=written")
    first, second = sorted(script.mask_code for script in office.scripts)
    assert f"{first} và {second}" in page
    assert page.count(f">{TEXT[:-1]}</mark>") == 2
    assert "Nguyễn Thị Hạnh" not in page.split("<main")[1]
    with database.reading() as session:
        kept = json.dumps(session.scalars(select(MarkingReport)).one().content, ensure_ascii=False)
    assert "đầu tư" not in kept


def test_scripts_on_paper_have_no_text_to_compare(portal: Flask, database: Database, office: Office) -> None:
    with database.writing() as session:
        agreement.ask(session, office.secretary, MARKED, bags=[office.bag], kind=agreement.LIKENESS)
    carry_out(database, JOB)
    page = Person.at(portal, database, office.secretary, MARKED).get(f"{place_of(office)}?part=written")
    assert "Bài làm của phần này trên giấy: không có văn bản để so." in page


@pytest.mark.parametrize("who", ["marker", "typist"])
def test_no_marker_and_no_typist_opens_it(
    portal: Flask, database: Database, office: Office, who: str
) -> None:
    actors = {"marker": office.markers[0], "typist": office.typists[0]}
    Person.at(portal, database, actors[who], MARKED).get(f"{place_of(office)}?part=written", 403)
