# SPDX-License-Identifier: Apache-2.0
"""A bag is read question by question, at each in another order, and marked at the desk."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page as Browser

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import by_question, own_work
from exam_portal.marking.access import Assigned
from tests.harness.browser import Album
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, give
from tests.portal.marking.typed import a_typed_office
from tests.portal.reading import read_pages

PEOPLE = 6


@pytest.fixture
def office(database: Database) -> Office:
    """Six scripts of three typed answers, in a bag that two markers have."""
    made = a_typed_office(database, people=PEOPLE, questions=3)
    with database.writing(unhurried=True) as session:
        for marker in (0, 1):
            assign(session, made, marker, marker + 1)
    return made


def in_hand(office: Office, marker: int) -> Assigned:
    """The bag in a marker's hands."""
    return Assigned(
        bag=office.bag,
        marker_id=office.markers[marker].account_id or 0,
        round=marker + 1,
        organisation_id=office.hall.house.organisation.id,
        competition_id=office.bag.competition_id,
    )


def order_of(session: Session, office: Office, marker: int, question: int) -> list[int]:
    """The scripts in which this marker reads the answers to a question."""
    found = in_hand(office, marker)
    tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
    places = range(1, len(tasks) + 1)
    return [by_question.reading(session, found, tasks, question, place).script.id for place in places]


def test_each_marker_reads_the_answers_to_each_question_in_another_order(
    database: Database, office: Office
) -> None:
    with database.reading() as session:
        orders = [order_of(session, office, marker, number) for marker in (0, 1) for number in (1, 2, 3)]
        again = [order_of(session, office, marker, number) for marker in (0, 1) for number in (1, 2, 3)]
        desk = [
            task.script.id
            for task in own_work.tasks(session, office.bag, 1, office.markers[0].account_id or 0)
        ]
    assert orders == again
    assert all(sorted(one) == sorted(script.id for script in office.scripts) for one in orders)
    assert len({tuple(one) for one in (*orders, desk)}) == 7


def test_what_was_marked_stays_in_its_place(database: Database, office: Office) -> None:
    with database.reading() as session:
        before = order_of(session, office, 0, 2)
    with database.writing(unhurried=True) as session:
        give(session, office, 0, 3, "60")
    with database.reading() as session:
        assert order_of(session, office, 0, 2) == before


@pytest.mark.parametrize(("question", "place"), [(0, 1), (4, 1), (1, 0), (1, PEOPLE + 1)])
def test_there_is_nothing_beyond_the_questions_and_the_scripts(
    database: Database, office: Office, question: int, place: int
) -> None:
    with database.reading() as session:
        found = in_hand(office, 0)
        tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
        with pytest.raises(NotFound):
            by_question.reading(session, found, tasks, question, place)


@pytest.mark.engines("sqlite")
def test_the_page_shows_one_answer_and_leads_on_to_the_last(
    portal: Flask, database: Database, office: Office
) -> None:
    marker = Person.at(portal, database, office.markers[0], MARKED)
    bag = f"/marking/bags/{office.bag.public_id}"
    address, seen = f"{bag}/questions/2/1", []
    assert f'href="{address}"' in marker.get(bag)
    while "/questions/2/" in address:
        page = marker.get(address)
        assert "Câu 2: Cải cách" in page
        assert "Câu 3: Cải cách" not in page
        seen += re.findall(rf'href="{bag}/scripts/([a-z2-7]{{26}})"', page)
        (address,) = re.findall(
            r'href="([^"]+)"[^>]*class="[^"]*govuk-button|class="govuk-button[^"]*"[^>]*href="([^"]+)"', page
        )[-1:]
        address = next(part for part in address if part) if isinstance(address, tuple) else address
    assert address == f"{bag}/questions/3/1"
    assert len(seen) == len(set(seen)) == PEOPLE
    marker.get(f"{bag}/questions/4/1", 404)
    Person.at(portal, database, office.markers[2], MARKED).get(f"{bag}/questions/1/1", 404)


@pytest.mark.engines("sqlite")
def test_a_bag_of_one_answer_each_is_read_at_the_desk(portal: Flask, database: Database) -> None:
    office = a_typed_office(database)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    bag = f"/marking/bags/{office.bag.public_id}"
    assert "/questions/" not in marker.get(bag)
    marker.get(f"{bag}/questions/1/1", 404)


@pytest.mark.journey
@pytest.mark.engines("sqlite")
def test_the_pages_read_well(
    portal: Flask, database: Database, office: Office, new_person: Callable[..., Browser], album: Album
) -> None:
    bag, marker = f"/marking/bags/{office.bag.public_id}", office.markers[0]
    pages = [
        ("bag-of-three", marker, bag),
        ("question", marker, f"{bag}/questions/2/1"),
        ("last", marker, f"{bag}/questions/3/6"),
    ]
    read_pages(portal, database, MARKED, new_person, album, [*pages])
