# SPDX-License-Identifier: Apache-2.0
"""The pages of decisions and preference points, walked by secretary, board and applicant, and looked at."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, DecisionKind
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings
from exam_portal.registration import service as registration
from exam_portal.registration.models import Application, PreferenceFinding
from exam_portal.results.models import Publication
from scoring.ruleset import parse
from tests.harness.browser import Album
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, RULES, House, a_house
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.marking.builders import MARKED
from tests.portal.reading import Shown, read_pages
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    a_form,
    an_applicant,
    an_application,
)
from tests.portal.results import builders as at
from tests.portal.results.builders import HEARD, LOCKED, POSTED, Stage, a_stage

pytestmark = pytest.mark.engines("sqlite")

GIVEN = parse(RULES.read_text(encoding="utf-8").replace("enabled = false", "enabled = true"))
PAPER: dict[str, Any] = {
    "paper_number": "20/QĐ-HĐTT",
    "paper_issued_on": "25/01/2027",
    "paper_signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
    "page": "1",
}


@pytest.fixture
def clock() -> At:
    """The clock of the application under test."""
    return At(HEARD)


@pytest.fixture
def portal(settings: Settings, database: Database, clock: At, catalogues: None) -> Flask:
    """The application at the time of these tests."""
    made = create_app(settings, database, clock=clock)
    made.testing = True
    made.config["PROPAGATE_FAULTS"] = True
    return made


def equal_totals(database: Database) -> tuple[Stage, str, str]:
    """Two candidates with the same total; the place of the competition and its post are returned, too."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=GIVEN)
        at.marked(session, stage, {place: ["70", "70"] for place in range(2)})
        at.hear(session, stage, {place: ["80"] * 7 for place in range(2)})
        at.compute(session, stage)
        place = f"/staff/competitions/{stage.office.hall.competition.public_id}"
        return stage, place, at.vacancy_of(session, stage).public_id


def test_a_mistaken_decision_is_refused_by_field_and_a_wrong_one_replaced(
    portal: Flask, database: Database, clock: At
) -> None:
    stage, place, vacancy = equal_totals(database)
    secretary = Person.at(portal, database, stage.secretary, clock.instant)
    form = secretary.get(f"{place}/decisions/new?kind=tie")
    assert 'value="revoke"' not in form
    assert "panel_remark" not in form
    tie = {"kind": "tie", "vacancy": vacancy, **PAPER}
    body = secretary.post(
        f"{place}/decisions/new", 422, **tie, candidates="01, 002", paper_scan=upload(a_pdf())
    )
    assert 'href="#candidates"' in body
    assert "các số báo danh là: 001, 002" in body
    keep = {"kind": "panel_keep", "part": "programme", "candidates": "001", "vacancy": vacancy, **PAPER}
    body = secretary.post(f"{place}/decisions/new", 422, **keep, paper_scan=upload(a_pdf()))
    assert 'href="#part"' in body
    body = secretary.post(f"{place}/decisions/new", **tie, candidates="001, 002", paper_scan=upload(a_pdf()))
    replace = re.search(rf"{place}/decisions/[a-z2-7]{{26}}/replacement", body)
    assert replace is not None
    form = secretary.get(replace[0])
    assert 'value="revoke"' in form
    assert 'value="001, 002"' in form
    right = {**tie, "paper_number": "21/QĐ-HĐTT", "candidates": "002, 001"}
    body = secretary.post(replace[0], **right, paper_scan=upload(a_pdf()))
    assert re.search(r"<s>Thứ tự khi bằng điểm</s>", body)
    assert "bằng văn bản số 21/QĐ-HĐTT" in body
    body = secretary.post(replace[0], 422, **right, paper_scan=upload(a_pdf()))
    assert "đã được thay thế" in body
    body = secretary.post(f"{place}/results/vacancies/{vacancy}/compute")
    assert re.search(r"002.*Trúng tuyển", body, re.DOTALL)


def test_who_may_only_read_decisions_replaces_none(portal: Flask, database: Database, clock: At) -> None:
    stage, place, _ = equal_totals(database)
    with database.writing(unhurried=True) as session:
        at.decide(session, stage, DecisionKind.TIE, order=["001", "002"])
    overseer = Person.at(portal, database, stage.oversight, clock.instant)
    assert "replacement" not in overseer.get(f"{place}/decisions")
    secretary = Person.at(portal, database, stage.secretary, clock.instant)
    replace = re.search(r"[^\"]*/replacement", secretary.get(f"{place}/decisions"))
    assert replace is not None
    overseer.get(replace[0], 403)


def test_the_sheet_says_which_decision_to_go_on_does_not_count_any_more(
    portal: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.decide(session, stage, DecisionKind.PROCEED, at=LOCKED - timedelta(days=1))
        at.marked(session, stage, {0: ["72", "78"], 1: ["44", "49"]})
        at.compute(session, stage)
        vacancy = at.vacancy_of(session, stage).public_id
    place = f"/staff/competitions/{stage.office.hall.competition.public_id}"
    secretary = Person.at(portal, database, stage.secretary, clock.instant)
    assert "Quyết định số 12/QĐ-HĐTT không còn giá trị" in secretary.get(
        f"{place}/results/vacancies/{vacancy}"
    )


def test_an_approval_on_paper_of_who_has_approved_is_refused_in_words(
    portal: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {0: ["72", "78"], 1: ["60", "64"]})
        at.hear(session, stage, {place: [str(80 + place)] * 7 for place in range(2)})
        at.compute(session, stage)
        waiting = at.approve(session, stage, at.prepared(session, stage), stage.chair)
    clock.set(POSTED)
    place = f"/staff/competitions/{stage.office.hall.competition.public_id}/results"
    address = f"{place}/publications/{waiting.public_id}/approve-on-paper"
    organiser = Person.at(portal, database, stage.office.hall.house.organiser, clock.instant)
    organiser.get(address)
    facts = {name: value for name, value in PAPER.items() if name != "page"}
    body = organiser.post(
        address, 422, content_hash=waiting.content_hash, paper_scan=upload(a_pdf()), **facts
    )
    assert "Người này đã duyệt rồi" in body
    with database.reading() as session:
        assert session.get_one(Publication, waiting.id).published_at is None
    other = {**facts, "paper_signed_by": "Phan Thanh Sơn, Chủ tịch UBND"}
    body = organiser.post(address, content_hash=waiting.content_hash, paper_scan=upload(a_pdf()), **other)
    assert "Phan Thanh Sơn, Chủ tịch UBND" in body


def a_claim(database: Database) -> tuple[House, Actor, Actor, Application, Competition]:
    """A competition that gives preference points, a draft, and somebody of the vetting board."""
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house, ruleset=GIVEN)
        applicant = an_applicant(session, "Lê Thị An", "an@example.vn")
        application = registration.start_application(
            session, applicant, NOW, competition=competition, vacancy=competition.vacancies[0]
        )
        board = a_board(session, house, Role.VETTING_BOARD, "v")
        for actor in (board, house.secretary):
            grant(session, actor, house.organisation.id, NOW)
    return house, applicant, board, application, competition


FORM: dict[str, Any] = {
    "birth_date": "27/03/1980",
    "gender": "female",
    "identity_number": "012345678901",
    "present_post": "Phó Trưởng phòng",
    "present_unit": "Sở Tài chính",
    "service_since": "01/09/2004",
    "degree": "master",
    "degree_field": "Quản lý công",
    "first_appointment": "yes",
    "declared": "y",
}


def test_a_preference_is_claimed_decided_on_and_told(portal: Flask, database: Database, clock: At) -> None:
    house, applicant, board, application, competition = a_claim(database)
    clock.set(NOW)
    me = Person.at(portal, database, applicant, clock.instant)
    address = f"/me/applications/{application.public_id}"
    assert "Đối tượng ưu tiên" in me.get(address)
    assert "Điểm ưu tiên từ 0 đến 7,5" in me.post(address, 422, **FORM, preference_points="9")
    assert "Ghi đối tượng ưu tiên tương ứng" in me.post(address, 422, **FORM, preference_points="5")
    claim: dict[str, Any] = {"preference_category": "Con liệt sĩ", "preference_points": "5"}
    assert "Con liệt sĩ" in me.post(address, **FORM, **claim, then="review")
    me.post(f"{address}/review")

    clock.set(NEXT_MORNING)
    with database.writing(unhurried=True) as session:
        found = session.get_one(Competition, competition.id)
        competitions.close_registration(session, house.secretary, NEXT_MORNING, found)
    vetting = Person.at(portal, database, board, clock.instant)
    dossier = f"/staff/applications/{application.public_id}"
    assert "Con liệt sĩ" in vetting.get(dossier)
    assert "Điểm ưu tiên từ 0 đến 7,5" in vetting.post(
        f"{dossier}/preference", 422, points="8", preference_reason="Giấy số 12"
    )
    assert 'href="#preference_reason"' in vetting.post(f"{dossier}/preference", 422, points="5")
    body = vetting.post(f"{dossier}/preference", points="5", preference_reason="Giấy số 12")
    assert "Giấy số 12" in body
    me = Person.at(portal, database, applicant, clock.instant)
    assert "Giấy số 12" not in me.get(address)  # until the list is approved
    other = Person.at(portal, database, house.secretary, clock.instant)
    other.get(dossier)
    other.post(f"{dossier}/preference", 403, points="7", preference_reason="Giấy số 12")


def test_no_preference_is_asked_for_where_the_rules_give_none(
    portal: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Lê Thị An", "an@example.vn")
        application = registration.start_application(
            session, applicant, NOW, competition=competition, vacancy=competition.vacancies[0]
        )
    clock.set(NOW)
    me = Person.at(portal, database, applicant, clock.instant)
    address = f"/me/applications/{application.public_id}"
    assert "preference_category" not in me.get(address)
    me.post(address, **FORM, preference_category="Con liệt sĩ")
    assert "Con liệt sĩ" not in me.get(f"{address}/review")


def an_application_with_a_claim(session: Session) -> tuple[Actor, Actor, str, str]:
    """Somebody of a board, an applicant, the addresses of a draft and of a dossier with decided points."""
    house = a_house(session, "Sở Tài chính", "b")
    competition = a_competition(session, house, ruleset=GIVEN)
    applicant = an_applicant(session, "Lê Thị An", "an@example.vn")
    facts: dict[str, Any] = {"competition": competition, "vacancy": competition.vacancies[0]}
    draft = registration.start_application(session, applicant, NOW, **facts)
    claim = {"preference_category": "Con liệt sĩ", "preference_points": "5"}
    registration.save_draft(session, applicant, NOW, draft, a_form(1, **claim))
    other = an_applicant(session, "Lê Thị Bình", "binh@example.vn")
    submitted = an_application(session, competition, other, 2, **claim)
    competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
    board = a_board(session, house, Role.VETTING_BOARD, "v")
    grant(session, board, house.organisation.id, NOW)
    reason = {"points": Decimal(5), "reason": "Con liệt sĩ: giấy xác nhận số 12"}
    registration.decide_preference(session, board, NEXT_MORNING, application=submitted, **reason)  # type: ignore[arg-type]
    return board, applicant, draft.public_id, submitted.public_id


@pytest.mark.journey
def test_the_pages_can_be_read_on_a_telephone_and_on_a_desk(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    stage, place, vacancy = equal_totals(database)
    with database.writing(unhurried=True) as session:
        at.decide(session, stage, DecisionKind.PROCEED, at=LOCKED)
        mistaken = at.decide(session, stage, DecisionKind.TIE, order=["001", "002"])
        at.decide(
            session, stage, DecisionKind.TIE, order=["002", "001"], supersedes=mistaken, number="13/QĐ-HĐTT"
        )
        session.add(
            PreferenceFinding(
                application_id=stage.candidates[0].application_id,
                points=Decimal("2.5"),
                reason="Con liệt sĩ",
                by=stage.secretary.account_id,
                at=MARKED,
            )
        )
        session.flush()
        at.compute(session, stage)
        waiting = at.publish(session, stage)
        registration.exclude_candidate(
            session, stage.secretary, POSTED, stage.candidates[1], status="withdrawn", reason="Theo đơn"
        )
        at.compute(session, stage, POSTED)
        found = an_application_with_a_claim(session)
    app = create_app(settings, database, clock=At(POSTED))
    secretary = Person.at(app, database, stage.secretary, POSTED)
    replace = re.search(r"[^\"]*/replacement", secretary.get(f"{place}/decisions"))
    assert replace is not None
    competition = stage.office.hall.competition.public_id
    board, applicant, draft, submitted = found
    pages: list[Shown] = [
        ("decisions", stage.secretary, f"{place}/decisions"),
        ("decision", stage.secretary, f"{place}/decisions/new?kind=tie"),
        ("replacement", stage.secretary, replace[0]),
        ("sheet", stage.secretary, f"{place}/results/vacancies/{vacancy}"),
        ("publication", stage.secretary, f"{place}/results/publications/{waiting.public_id}"),
        ("published", None, f"/competitions/{competition}/results/1"),
        ("application", applicant, f"/me/applications/{draft}"),
        ("dossier", board, f"/staff/applications/{submitted}"),
    ]
    read_pages(app, database, POSTED, new_person, album, pages)
