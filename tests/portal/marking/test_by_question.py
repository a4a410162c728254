# SPDX-License-Identifier: Apache-2.0
"""A bag is read question by question, at each in another order, and marked at the desk."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page as Browser

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import by_question, order, own_work
from exam_portal.marking.access import Assigned
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, ScriptContent
from tests.harness.browser import Album
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, an_office, assign, give, many
from tests.portal.marking.test_training import a_rule, a_script
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
    places = [(marker, number) for marker in (0, 1) for number in (1, 2, 3)]
    orders = []
    with database.reading() as session:
        for marker, number in places:
            found = in_hand(office, marker)
            by_code = sorted(
                handover.scripts_at_desk(session, office.bag, found.round), key=lambda one: one.mask_code
            )
            for scripts in (by_code, many(office)):
                where = (session, found.bag, found.round, found.marker_id, scripts)
                orders.append(tuple(one.id for one in order.shuffled(*where, question=number)))
            assert order_of(session, office, marker, number) == list(orders[-2])
        desk = order.shuffled(session, office.bag, 1, in_hand(office, 0).marker_id, many(office))
    assert len({*orders[1::2], tuple(one.id for one in desk)}) == len(places) + 1


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


@pytest.mark.parametrize("at", [0, 1, -1], ids=["the first code", "the second code", "the last code"])
def test_a_script_whose_paper_did_not_ask_a_question_is_left_out_of_it(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    by_code = sorted(office.scripts, key=lambda one: one.mask_code)
    short, sheets = by_code.pop(at).id, by_code[0].id
    whole, shown = handover.items_of, handover.content

    def items_of(session: Session, bag: BagView) -> dict[int, tuple[str, ...]]:
        return {**whole(session, bag), short: ("E-3",), sheets: ()}

    def content(session: Session, script_id: int) -> ScriptContent:
        found = shown(session, script_id)
        return replace(found, answers=found.answers[2:]) if script_id == short else found

    monkeypatch.setattr(handover, "items_of", items_of)
    monkeypatch.setattr(handover, "content", content)
    with database.reading() as session:
        found = in_hand(office, 0)
        tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
        for question, count in (1, PEOPLE - 2), (2, PEOPLE - 2), (3, PEOPLE - 1):
            read = [by_question.reading(session, found, tasks, question, 1 + place) for place in range(count)]
            assert {one.answer.prompt for one in read} == {read[0].answer.prompt}
            assert (short in {one.script.id for one in read}) == (question == 3)
            with pytest.raises(NotFound):
                by_question.reading(session, found, tasks, question, count + 1)


def test_the_handover_names_the_questions_of_typed_scripts_only(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        on_paper = an_office(session, mark="b")
    with database.reading() as session:
        asked = {script.id: ("E-1", "E-2", "E-3") for script in office.scripts}
        assert handover.items_of(session, office.bag) == asked
        assert set(handover.items_of(session, on_paper.bag).values()) == {()}


@pytest.mark.engines("sqlite")
def test_nobody_reads_a_script_by_question_before_the_training_is_passed(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        a_script(session, office)
        a_rule(session, office)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    marker.get(f"/marking/bags/{office.bag.public_id}/questions/1/1", 403)


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
