# SPDX-License-Identifier: Apache-2.0
"""Corrections on their pages, and what the candidate is told: proposed by one, decided by another."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.registration.models import Candidate
from exam_portal.results import letters
from exam_portal.results.models import Publication, Run
from exam_portal.results.people import people
from exam_portal.sittings.models import TestCorrection
from tests.harness.browser import Album
from tests.portal.competitions.pages import At, Person
from tests.portal.reading import Shown, read_pages
from tests.portal.results.corrected import LATER, approve, held, other, place_of, points_of, post, propose
from tests.portal.results.test_pages import clock, portal

__all__ = ["clock", "portal"]


def test_a_correction_is_shown_with_its_effect_and_decided_by_another_person(
    portal: Flask, database: Database, clock: At
) -> None:
    test = held(database)
    clock.set(LATER)
    setter, chair = (Person.at(portal, database, one, LATER) for one in (test.setter, test.chair))
    numbers = [candidate.candidate_no for candidate in test.hall.candidates]
    place, item = f"{place_of(test)}/corrections", test.items[0].id
    assert item in setter.get(f"{place}/new?part=test")
    address = f"{place}/new?part=test&item={item}"
    assert "hội đồng nhân dân" not in setter.get(address).lower()  # the bank is not known to the paper
    refused = setter.post(address, 422, kind="key", reason="Sai đáp án")
    assert "không thể có đáp án này" in refused
    page = setter.post(address, kind="neutralised", reason="Câu hỏi có hai phương án đúng")
    assert "Câu hỏi có hai phương án đúng" in page
    tied = f"{numbers[0]}, {numbers[2]}"
    assert "Theo từng thí sinh" not in page  # counts only for who does not see results
    assert tied not in page
    setter.post(address, 422, kind="neutralised", reason="Một lần nữa")  # one waits
    with database.reading() as session:
        row = session.scalars(select(TestCorrection)).one()
        before = points_of(session, test)
    own = f"{place}/{row.public_id}"
    shown = chair.get(own)
    assert tied in shown  # would have the same total
    assert "Theo từng thí sinh" in shown
    seen = re.search(r'name="effect"[^>]*value="([^"]+)"', shown)
    assert seen is not None
    assert setter.client.post(f"{own}/approve", data={"csrf_token": setter.token}).status_code in {403, 404}
    chair.post(f"{own}/approve", 409, minute="15/BB-HĐTT", effect="sha256:" + "0" * 64)
    chair.post(f"{own}/approve", 422, effect=seen[1])  # no minute
    assert "đang có hiệu lực" in chair.post(f"{own}/approve", minute="15/BB-HĐTT", effect=seen[1])
    chair.post(f"{own}/approve", 409, minute="15/BB-HĐTT", effect=seen[1])
    setter.get(address, 200)
    with database.reading() as session:
        assert before == [("3", "3"), ("2", "3"), ("2", "3"), ("1", "3")]
        assert points_of(session, test) == [("2", "2"), ("1", "2"), ("2", "2"), ("1", "2")]
        first, second = session.scalars(select(Run).order_by(Run.number)).all()
        assert (first.reason, second.reason) == ("", "15/BB-HĐTT")
        assert first.output["candidates"][0]["outcome"] == "selected"
        assert second.output["pending"][0]["code"] == "tie_decision_required"
        assert {entry["kind"] for each in second.input["candidates"] for entry in _noted(each)} == {
            "neutralised"
        }


@pytest.mark.engines("sqlite")
def test_a_posted_mark_is_superseded_and_its_candidate_is_told(
    portal: Flask, database: Database, clock: At
) -> None:
    test = held(database)
    post(database, test, "")
    approve(database, test, propose(database, test))
    clock.set(LATER)
    post(database, test, "Câu 1 bị vô hiệu theo biên bản số 15/BB-HĐTT")
    with database.reading() as session:
        first, second = session.scalars(select(Publication).order_by(Publication.number)).all()
        assert second.supersedes_id == first.id
        people_ = people(session, test.hall.competition.id)
        assert [letters.is_corrected(session, one, people_[0]) for one in (first, second)] == [False, True]
        account = session.get_one(Candidate, test.hall.candidates[0].id).account_id
    candidate = Actor(account_id=account, grants=(), is_candidate=True)
    page = Person.at(portal, database, candidate, LATER).get(
        f"/me/results/{test.hall.candidates[0].public_id}"
    )
    assert "đã bị vô hiệu: điểm của câu được chia cho các câu còn lại" in page


@pytest.mark.journey
@pytest.mark.engines("sqlite")
def test_the_pages_of_corrections_read_well_wide_and_narrow(
    portal: Flask, database: Database, clock: At, new_person: Callable[..., Page], album: Album
) -> None:
    test = held(database)
    clock.set(LATER)
    place = f"{place_of(test)}/corrections"
    decided = propose(database, test, 1)
    approve(database, test, decided)
    waiting = propose(database, test, 0, other(test, 0))
    new = f"{place}/new?part=test"
    pages: list[Shown] = [
        ("corrections", test.setter, place),
        ("correction-choose", test.setter, new),
        ("correction-new", test.setter, f"{new}&item={test.items[2].id}"),
        ("correction-effect", test.chair, f"{place}/{waiting}"),
        ("correction-effect-counts", test.setter, f"{place}/{waiting}"),
        ("correction-decided", test.chair, f"{place}/{decided}"),
        ("correction-undo", test.setter, f"{new}&item={test.items[1].id}"),
    ]
    read_pages(portal, database, LATER, new_person, album, pages)


@pytest.mark.engines("sqlite")
def test_the_pages_say_which_field_lacks_and_tell_the_chair_that_a_decision_waits(
    portal: Flask, database: Database, clock: At
) -> None:
    test = held(database)
    clock.set(LATER)
    setter, chair = (Person.at(portal, database, one, LATER) for one in (test.setter, test.chair))
    address = f"{place_of(test)}/corrections/new?part=test&item={test.items[0].id}"
    setter.get(address)
    assert 'id="reason-error"' in setter.post(address, 422, kind="neutralised", reason="  ")
    assert 'id="kind-error"' in setter.post(address, 422, reason="Sai")
    assert 'id="several-error"' in setter.post(address, 422, kind="key", reason="Sai")
    assert "Quyết định đính chính câu hỏi" not in chair.get("/staff")
    setter.post(address, kind="neutralised", reason="Sai")
    assert "Quyết định đính chính câu hỏi" in chair.get("/staff")
    assert "Quyết định đính chính câu hỏi" not in setter.get("/staff")
    with database.reading() as session:
        own = f"{place_of(test)}/corrections/{session.scalars(select(TestCorrection.public_id)).one()}"
    seen = re.search(r'name="effect"[^>]*value="([^"]+)"', chair.get(own))
    assert seen is not None
    assert 'id="minute-error"' in chair.post(f"{own}/approve", 422, minute=" ", effect=seen[1])
    assert 'id="reason-error"' in chair.post(f"{own}/refuse", 422, reason=" ")
    chair.post(f"{own}/approve", minute="15/BB-HĐTT", effect=seen[1])
    assert "Quyết định đính chính câu hỏi" not in chair.get("/staff")
    assert "Hủy việc xử lý câu hỏi" in setter.get(own)
    setter.post(address, 422, kind="key", several="0", reason="Sai")  # undone first
    setter.post(address, kind="restored", reason="Câu hỏi đúng")


def _noted(row: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = row["parts"]["test"]["corrections"]
    return found
