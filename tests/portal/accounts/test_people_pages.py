# SPDX-License-Identifier: Apache-2.0
"""The pages of roles: proposing, approving, refusing, as people with and without a duty there see them."""

import dataclasses
import re

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.accounts.models import Account, RoleGrant
from exam_portal.app import create_app
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.portal.accounts.builders import (
    Visitor,
    a_candidate,
    a_competition,
    a_member,
    an_organisation,
    give,
    seat,
)

pytestmark = pytest.mark.engines("sqlite")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Addresses of a city with a competition, and of another one beside it."""

    people: str
    organisation: str
    other_people: str
    other_organisation: str


@pytest.fixture
def house(database: Database) -> House:
    with database.writing(unhurried=True) as session:
        city, other = an_organisation(session, "UBND thành phố"), an_organisation(session, "UBND tỉnh khác")
        first = a_member(session, "mot@example.vn", "Nguyễn Một")
        second = a_member(session, "hai@example.vn", "Nguyễn Hai")
        for account in (first, second):
            give(session, account, Role.ORGANISER, seat(city))
        competition = a_competition(session, city, first)
        elsewhere = a_competition(session, other, first, code="TT-2")
        give(session, a_member(session, "cham@example.vn", "Lê Chấm"), Role.MARKER, seat(city, competition))
        give(session, a_member(session, "giam@example.vn", "Lê Giám"), Role.OVERSIGHT, seat(city))
        a_candidate(session)
        return House(
            people=f"/staff/competitions/{competition.public_id}/people",
            organisation=f"/staff/organisations/{city.public_id}",
            other_people=f"/staff/competitions/{elsewhere.public_id}/people",
            other_organisation=f"/staff/organisations/{other.public_id}",
        )


def signed_in(app: Flask, login: str) -> Visitor:
    visitor = Visitor(app)
    assert visitor.sign_in(login).status_code == 303
    return visitor


@pytest.fixture
def first(app: Flask, house: House) -> Visitor:
    return signed_in(app, "mot@example.vn")


@pytest.fixture
def second(app: Flask, house: House) -> Visitor:
    return signed_in(app, "hai@example.vn")


def approvals(visitor: Visitor, house: House) -> list[str]:
    """Return the addresses of the approve buttons that the visitor is offered."""
    return re.findall(r'action="([^"]+/approve)"', visitor.get(house.people).get_data(as_text=True))


def test_one_organiser_proposes_and_another_approves(first: Visitor, second: Visitor, house: House) -> None:
    answer = first.post(house.people, email="moi@example.vn", name="Đỗ Mới", role="secretary")
    assert answer.status_code == 303
    assert approvals(first, house) == []  # the proposer is offered no button
    (address,) = approvals(second, house)
    assert first.post(address, page=house.people).status_code == 409  # and sending it anyway is refused
    assert second.post(address, page=house.people).status_code == 303
    page = second.get(house.people).get_data(as_text=True)
    assert "Đỗ Mới" in page
    assert approvals(second, house) == []


def test_a_forbidden_pair_is_refused_with_both_roles_and_the_reason(first: Visitor, house: House) -> None:
    answer = first.post(house.people, email="cham@example.vn", role="invigilator")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Ban chấm thi" in page
    assert "Ban coi thi" in page
    assert "Người coi thi biết bài thi nào là của thí sinh nào." in page
    assert 'value="cham@example.vn"' in page  # nothing of what was typed is lost


def test_an_unknown_person_has_to_be_named(first: Visitor, house: House, database: Database) -> None:
    answer = first.post(house.people, email="moi@example.vn", role="secretary")
    assert answer.status_code == 422
    assert "Chưa có tài khoản này" in answer.get_data(as_text=True)
    with database.reading() as session:
        assert len(session.scalars(select(Account)).all()) == 5


def test_a_refused_proposal_invites_nobody(first: Visitor, house: House, database: Database) -> None:
    first.post(house.people, email="an@example.vn", role="secretary")  # a candidate
    first.post(
        house.people, email="moi@example.vn", name="Mới", role="administrator"
    )  # not held in a competition
    with database.reading() as session:
        assert len(session.scalars(select(Account)).all()) == 5
        assert session.scalars(select(RoleGrant.id).where(RoleGrant.approved_at.is_(None))).all() == []


def test_half_an_exception_is_refused(first: Visitor, house: House) -> None:
    answer = first.post(house.people, email="cham@example.vn", role="secretary", paper_number="15/QĐ")
    assert answer.status_code == 422


def test_oversight_reads_and_changes_nothing(app: Flask, house: House) -> None:
    overseer = signed_in(app, "giam@example.vn")
    page = overseer.get(house.people)
    assert page.status_code == 200
    assert "Lê Chấm" in page.get_data(as_text=True)
    assert f'action="{house.people}"' not in page.get_data(as_text=True)
    answer = overseer.post(house.people, email="cham@example.vn", role="secretary")
    assert answer.status_code == 403


def test_one_organiser_never_sees_the_people_of_another(first: Visitor, house: House) -> None:
    for path in (house.other_people, f"{house.other_organisation}/people", f"{house.other_organisation}/new"):
        assert first.get(path).status_code in {403, 404}
    assert "UBND tỉnh khác" not in first.get("/staff/organisations").get_data(as_text=True)


def test_a_grant_cannot_be_reached_through_another_place(
    first: Visitor, second: Visitor, house: House
) -> None:
    first.post(house.people, email="moi@example.vn", name="Mới", role="secretary")
    (address,) = approvals(second, house)
    grant = address.rsplit("/", 2)[1]
    for base in (f"{house.organisation}/people", house.other_people):
        assert second.post(f"{base}/{grant}/approve", page=house.people).status_code == 404


@pytest.mark.parametrize("login", ["an@example.vn", "cham@example.vn"])
def test_candidates_and_markers_have_no_business_there(app: Flask, house: House, login: str) -> None:
    visitor = signed_in(app, login)
    for path in (house.people, f"{house.organisation}/people", f"{house.organisation}/counter"):
        assert visitor.get(path).status_code == 403


def test_where_it_is_required_staff_hold_no_role_before_the_second_factor(
    database: Database, house: House
) -> None:
    values = database.settings.model_dump()
    values["accounts"]["second_factor"] = "required_for_staff"
    app = create_app(Settings.model_validate(values), database)
    app.testing = True
    visitor = Visitor(app)
    assert visitor.sign_in("mot@example.vn").headers["Location"] == "/account/second-factor"
    assert visitor.get(house.people).status_code == 403
    assert visitor.get("/account").status_code == 200


def test_the_page_speaks_both_languages(first: Visitor, house: House) -> None:
    vietnamese = first.get(house.people).get_data(as_text=True)
    first.get("/language/en")
    english = first.get(house.people).get_data(as_text=True)
    assert "Nhân sự và vai trò" in vietnamese
    assert "People and roles" in english
