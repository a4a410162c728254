# SPDX-License-Identifier: Apache-2.0
"""The list of candidates is turned page by page; who leaves is recorded on a page of its own."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.registration.models import Exclusion
from tests.load import crowd
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, House, a_house, an_announced
from tests.portal.competitions.pages import Person, grant, upload

pytestmark = pytest.mark.engines("sqlite")
PEOPLE = 3
OPTION = re.compile(r'<option value="([a-z2-7]{26})">(\d+) – ')
Sign = Callable[[Actor], Person]
NUMBER = re.compile(r'<th scope="row"[^>]*>(\d+)</th>')
PAPER = {"paper_number": "12/QĐ", "paper_issued_on": "01/09/2026", "paper_signed_by": "Trần Văn Chủ"}


@pytest.fixture
def house(database: Database) -> House:
    with database.writing(unhurried=True) as session:
        found = a_house(session)
        for actor in (found.secretary, found.organiser):
            grant(session, actor, found.organisation.id, NOW)
        return found


@pytest.fixture
def place(database: Database, house: House) -> str:
    """The address of a competition with three candidates."""
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, house)
        crowd.candidates(session, competition, PEOPLE, NOW)
        return f"/staff/competitions/{competition.public_id}/candidates"


@pytest.fixture
def sign_in(app: Flask, database: Database) -> Sign:
    return lambda actor: Person.at(app, database, actor, datetime.now(UTC))


def sent(person: Person, address: str, fields: dict[str, Any]) -> TestResponse:
    """Return the answer to a form, one of whose fields is called status."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    return person.client.post(address, data={"csrf_token": person.token, **fields}, headers=headers)


def test_a_long_list_of_candidates_is_turned_page_by_page(
    house: House, place: str, sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exam_portal.registration.routes.lists.PAGE", 2)
    secretary = sign_in(house.secretary)
    first, second = secretary.get(place), secretary.get(f"{place}?page=2")
    assert NUMBER.findall(first) == ["2000", "2001"]
    assert NUMBER.findall(second) == ["2002"]
    assert f"{place}?page=2" in first


def test_a_candidate_leaves_on_a_signed_paper(
    house: House, place: str, sign_in: Sign, database: Database
) -> None:
    secretary = sign_in(house.secretary)
    assert f"{place}/exclusions/new" in secretary.get(place)
    offered = OPTION.findall(secretary.get(f"{place}/exclusions/new"))
    assert [number for _, number in offered] == ["2000", "2001", "2002"]
    facts = {"candidate": offered[1][0], "status": "withdrawn", "exclusion_reason": "Đơn xin rút"}
    refused = sent(secretary, f"{place}/exclusions/new", facts)
    assert refused.status_code == 422  # without the paper nothing happens, and nothing typed is lost
    assert "Đơn xin rút" in refused.text
    paper = {**PAPER, "paper_scan": upload(a_pdf(), "don.pdf")}
    assert sent(secretary, f"{place}/exclusions/new", {**facts, **paper}).status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(Exclusion)).all()) == 1
    left = [number for _, number in OPTION.findall(secretary.get(f"{place}/exclusions/new"))]
    assert left == ["2000", "2002"]  # nobody leaves twice


def test_who_may_not_exclude_is_not_led_there(house: House, place: str, sign_in: Sign) -> None:
    organiser = sign_in(house.organiser)
    assert "exclusions" not in organiser.get(place)
    assert organiser.client.get(f"{place}/exclusions/new").status_code == 403
