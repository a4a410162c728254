# SPDX-License-Identifier: Apache-2.0
"""Late answers on the page: two people rule on times and counts, and nobody else does."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.audit.models import SignedPaper
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.sittings.models import LateRuling
from tests.harness.counting import counted
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.sittings.builders import LISTED, MINUTE, a_hall
from tests.portal.sittings.computers import (
    attempt_of,
)
from tests.portal.sittings.late_answers import Late, at_seat

ONE_ENGINE = pytest.mark.engines("sqlite")
Sign = Callable[[Actor], Person]


@pytest.fixture
def sign_in(portal: Flask, database: Database, clock: At) -> Sign:
    """A function that opens a browser for somebody, at the time that the clock shows."""
    return lambda actor: Person.at(portal, database, actor, clock.now())


APPROVE = re.compile(r"/staff/late-rulings/[a-z2-7]{26}/approve")


def test_two_people_rule_on_the_page_and_see_no_answer(
    late_test: Late, database: Database, sign_in: Sign, clock: At
) -> None:
    late_test.arrive("canary-answer", item="Q-3")
    late_test.seal()
    clock.set(late_test.now)
    page = f"/staff/sittings/{late_test.sitting.public_id}"
    secretary, chair = sign_in(late_test.hall.secretary), sign_in(late_test.hall.house.chair)
    assert "Câu trả lời đến muộn chờ quyết định" in secretary.get(f"{page}/board")
    assert f"{page}/late-answers" in secretary.get("/staff")
    assert f"{page}/late-answers" in secretary.get(page)
    shown = secretary.get(f"{page}/late-answers")
    assert "0:05:00" in shown
    with database.reading() as session:
        attempt = attempt_of(session, late_test.seat).public_id
    form = f"/staff/attempts/{attempt}/late-answers"
    secretary.get(form)
    secretary.post(form, 422, verdict="accept", reason="", last=late_test.entries()[0].batches[0].hash)
    secretary.get(form)
    last = late_test.entries()[0].batches[0].hash
    waiting = secretary.post(form, verdict="accept", reason="Mất mạng", last=last)
    assert APPROVE.search(waiting) is None  # nobody approves the own proposal
    found = APPROVE.search(chair.get(f"{page}/late-answers"))
    assert found
    asked = chair.get(found[0])
    assert "Mất mạng" in asked
    done = chair.post(
        found[0],
        paper_number="15/QĐ-HĐTT",
        paper_issued_on="18/01/2027",
        paper_signed_by="Trần Văn Chủ",
        paper_scan=upload(a_pdf(), "quyet-dinh.pdf"),
    )
    assert "15/QĐ-HĐTT" in done
    assert "Câu trả lời đến muộn chờ quyết định" not in secretary.get(f"{page}/board")
    assert f"{page}/late-answers" not in secretary.get("/staff")
    assert all("canary-answer" not in seen for seen in (shown, waiting, asked, done))
    with database.reading() as session:
        ruling = session.scalars(select(LateRuling)).one()
        assert session.get_one(SignedPaper, ruling.signed_paper_id).number == "15/QĐ-HĐTT"


@ONE_ENGINE
def test_the_second_person_sees_the_batches_of_the_proposal_and_no_others(
    late_test: Late, database: Database, sign_in: Sign, clock: At
) -> None:
    first = late_test.arrive()
    late_test.seal()
    ruling = late_test.propose(first)
    second = late_test.arrive("a", after=8 * MINUTE)
    clock.set(late_test.now)
    chair = sign_in(late_test.hall.house.chair)
    page = chair.get(f"/staff/late-rulings/{ruling.public_id}/approve")
    assert ("0:05:00" in page, "0:08:00" in page) == (True, False)
    late_test.approve(ruling)
    with database.reading() as session:
        form = f"/staff/attempts/{attempt_of(session, late_test.seat).public_id}/late-answers"
    page = chair.get(form)
    assert ("0:05:00" in page, "0:08:00" in page) == (False, True)
    late_test.rule(second)
    chair.get(form, 409)  # nothing is left to rule on


@ONE_ENGINE
def test_a_proposal_is_withdrawn_on_the_page(
    late_test: Late, database: Database, sign_in: Sign, clock: At
) -> None:
    last = late_test.arrive()
    late_test.seal()
    ruling = late_test.propose(last)
    clock.set(late_test.now)
    chair = sign_in(late_test.hall.house.chair)
    chair.get(f"/staff/sittings/{late_test.sitting.public_id}/late-answers")
    chair.post(f"/staff/late-rulings/{ruling.public_id}/withdraw")
    with database.reading() as session:
        assert session.scalars(select(LateRuling)).one().withdrawn_by == late_test.hall.house.chair.account_id
    chair.get(f"/staff/sittings/{late_test.sitting.public_id}/late-answers")
    chair.post(f"/staff/late-rulings/{ruling.public_id}/withdraw", 409)


@ONE_ENGINE
def test_an_invigilator_sees_but_does_not_rule_and_another_house_sees_nothing(
    late_test: Late, database: Database, sign_in: Sign, clock: At
) -> None:
    last = late_test.arrive()
    late_test.seal()
    ruling = late_test.propose(last)
    clock.set(late_test.now)
    page = f"/staff/sittings/{late_test.sitting.public_id}/late-answers"
    with database.reading() as session:
        form = f"/staff/attempts/{attempt_of(session, late_test.seat).public_id}/late-answers"
    approve, withdraw = (f"/staff/late-rulings/{ruling.public_id}/{act}" for act in ("approve", "withdraw"))
    invigilator = sign_in(late_test.hall.invigilator)
    assert form not in invigilator.get(page)
    for address in (form, approve):
        invigilator.get(address, 403)
    invigilator.get(page)
    invigilator.post(withdraw, 403)
    with database.writing(unhurried=True) as session:
        elsewhere = a_hall(session, mark="b")
        grant(session, elsewhere.secretary, elsewhere.house.organisation.id, LISTED)
    other = sign_in(elsewhere.secretary)
    for address in (page, form, approve):
        other.get(address, 404)
    other.get("/staff")
    other.post(withdraw, 404)


@ONE_ENGINE
def test_where_nothing_came_late_the_page_says_so(late_test: Late, sign_in: Sign) -> None:
    secretary = sign_in(late_test.hall.secretary)
    page = secretary.get(f"/staff/sittings/{late_test.sitting.public_id}/late-answers")
    assert "Không có câu trả lời nào đến muộn" in page


@ONE_ENGINE
def test_the_page_asks_as_often_for_many_attempts_as_for_one(
    late_test: Late, database: Database, sign_in: Sign, clock: At
) -> None:
    page = f"/staff/sittings/{late_test.sitting.public_id}/late-answers"
    late_test.arrive()
    clock.set(late_test.now)
    secretary = sign_in(late_test.hall.secretary)
    secretary.get(page)
    with counted() as one:
        secretary.get(page)
    for index in (1, 2):
        other = at_seat(late_test, index)
        other.arrive()
        other.arrive("a", after=6 * MINUTE)
    secretary.get(page)
    with counted() as many:
        secretary.get(page)
    assert len(late_test.entries()) == 3
    assert len(many.statements) == len(one.statements)
    assert many.commits == 0
