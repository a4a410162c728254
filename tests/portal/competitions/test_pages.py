# SPDX-License-Identifier: Apache-2.0
"""The pages of competitions, walked by the people who use them."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from exam_portal.app import create_app
from exam_portal.competitions import queries
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.databases import settings_in
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import (
    CLOSES,
    LATER,
    NOW,
    House,
    a_complete_draft,
    a_draft,
    a_house,
    an_announced,
)
from tests.portal.competitions.pages import At, Person, grant, upload

pytestmark = pytest.mark.engines("sqlite")

PAPER: dict[str, Any] = {
    "paper_number": "15/QĐ-HĐTT",
    "paper_issued_on": "20/11/2026",
    "paper_signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
}
FACTS: dict[str, Any] = {
    "code": "TT-2026-07",
    "title": "Thi tuyển Trưởng phòng Văn hóa – Xã hội",
    "title_en": "Head of the Culture–Society division",
    "apply_opens_at": "24/11/2026 08:00",
    "apply_closes_at": "24/12/2026 17:00",
    "description": "Hồ sơ nộp tại **Bộ phận một cửa**.",
    "legal_basis": "Công văn 2424/BNV-CCVC\nQuy chế thi tuyển của phường",
}


@pytest.fixture
def settings(database_url: str, instance_directory: Path) -> Settings:
    """The rule sets of the repository."""
    return settings_in(
        instance_directory,
        url=database_url,
        instance={"directory": instance_directory, "rulesets": Path("config/rulesets").resolve()},
    )


@pytest.fixture
def clock() -> At:
    """The clock of the application under test."""
    return At(NOW)


@pytest.fixture
def app(settings: Settings, database: Database, clock: At, catalogues: None) -> Flask:
    """The application at the time of these tests."""
    made = create_app(settings, database, clock=clock)
    made.testing = True
    made.config["PROPAGATE_FAULTS"] = True
    return made


@pytest.fixture
def house(database: Database) -> House:
    """An authority whose people hold their roles in the database."""
    with database.writing(unhurried=True) as session:
        made = a_house(session)
        for actor in (made.organiser, made.chair, made.secretary):
            grant(session, actor, made.organisation.id, NOW)
        return made


def organiser(app: Flask, database: Database, house: House) -> Person:
    return Person.at(app, database, house.organiser, NOW)


def test_a_competition_goes_from_nothing_to_its_public_notice_through_its_pages(
    app: Flask, database: Database, house: House
) -> None:
    tochuc = organiser(app, database, house)
    chutich = Person.at(app, database, house.chair, NOW)
    nguoi_doc = Person.at(app, database, None, NOW)
    assert "leadership-gate" in tochuc.get("/staff/competitions/new")
    tochuc.get("/staff/competitions/new/leadership-gate")
    page = tochuc.post(
        "/staff/competitions/new/leadership-gate",
        organisation=house.organisation.public_id,
        kind="real",
        **FACTS,
    )
    found = re.search(r"/staff/competitions/([a-z2-7]{26})", page)
    assert found
    place = f"/staff/competitions/{found[1]}"
    assert "Thi tuyển Trưởng phòng" in page
    tochuc.get(f"{place}/vacancies/new")
    page = tochuc.post(
        f"{place}/vacancies/new",
        code="TP-VHXH",
        title="Trưởng phòng Văn hóa – Xã hội",
        unit="Ủy ban nhân dân phường",
        level="division",
        places="1",
    )
    vacancy = re.search(r"/vacancies/([a-z2-7]{26})", page)
    assert vacancy
    criteria = f"{place}/vacancies/{vacancy[1]}/criteria/new"
    tochuc.get(criteria)
    page = tochuc.post(criteria, kind="min_years_service", years="5", next="another")
    page = tochuc.post(criteria, kind="degree", level="degree:bachelor")
    assert "ít nhất 5 năm công tác" in page
    assert "Tốt nghiệp đại học trở lên" in page
    nguoi_doc.get(f"/competitions/{found[1]}", 404)
    tochuc.get(f"{place}/approval")
    tochuc.post(f"{place}/submit")
    chutich.get(f"{place}/approval")
    chutich.post(f"{place}/approve")
    tochuc.get(f"{place}/approval")
    tochuc.post(f"{place}/announce")
    public = nguoi_doc.get(f"/competitions/{found[1]}")
    for words in ("Trưởng phòng Văn hóa", "ít nhất 5 năm", "Bộ phận một cửa", "Quy chế thi tuyển của phường"):
        assert words in public
    assert FACTS["title"] in nguoi_doc.get("/competitions")


def test_a_form_that_is_refused_names_the_field_and_keeps_what_was_typed(
    app: Flask, database: Database, house: House
) -> None:
    tochuc = organiser(app, database, house)
    address = "/staff/competitions/new/leadership-gate"
    tochuc.get(address)
    wrong = {
        **FACTS,
        "code": "",
        "apply_closes_at": "31/2/2026",
        "organisation": house.organisation.public_id,
    }
    page = tochuc.post(address, 422, **wrong)
    assert 'href="#code"' in page
    assert 'href="#apply_closes_at"' in page
    assert "31/2/2026" in page
    assert FACTS["title"] in page
    assert "Bộ phận một cửa" in page
    turned = {**FACTS, "apply_closes_at": "24/11/2026 07:00", "organisation": house.organisation.public_id}
    assert 'href="#apply_closes_at"' in tochuc.post(address, 422, **turned)


def test_a_code_in_use_is_told_at_its_field(app: Flask, database: Database, house: House) -> None:
    with database.writing(unhurried=True) as session:
        a_draft(session, house)
    tochuc = organiser(app, database, house)
    address = "/staff/competitions/new/leadership-gate"
    tochuc.get(address)
    taken = {**FACTS, "code": "TT-2026-01", "organisation": house.organisation.public_id}
    page = tochuc.post(address, 422, **taken)
    assert 'href="#code"' in page
    assert FACTS["title"] in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "min_years_service"}, "years"),
        ({"kind": "min_years_service", "years": "năm"}, "years"),
        ({"kind": "degree", "level": "political_theory:advanced"}, "level"),
        ({"kind": "other"}, "text"),
    ],
)
def test_a_criterion_without_its_value_is_refused_at_the_field(
    app: Flask, database: Database, house: House, fields: dict[str, str], field: str
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_complete_draft(session, house)
        address = (
            f"/staff/competitions/{competition.public_id}/vacancies/{competition.vacancies[0].public_id}"
        )
    tochuc = organiser(app, database, house)
    tochuc.get(f"{address}/criteria/new")
    page = tochuc.post(f"{address}/criteria/new", 422, text_en="kept as typed", **fields)
    assert f'href="#{field}"' in page
    assert "kept as typed" in page


def test_the_chairs_paper_approves_and_is_opened_from_the_page(
    app: Flask, database: Database, house: House
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_complete_draft(session, house)
        place = f"/staff/competitions/{competition.public_id}"
    tochuc, thuky = organiser(app, database, house), Person.at(app, database, house.secretary, NOW)
    tochuc.get(f"{place}/approval")
    tochuc.post(f"{place}/submit")
    thuky.get(f"{place}/approval")
    page = thuky.post(f"{place}/approve-on-paper", 422, **{**PAPER, "paper_signed_by": ""})
    assert 'href="#paper_signed_by"' in page
    assert 'href="#paper_scan"' in page
    assert "15/QĐ-HĐTT" in page
    page = thuky.post(f"{place}/approve-on-paper", 422, **PAPER, paper_scan=upload(b"%PDF-1.7 broken"))
    assert 'href="#paper_scan"' in page
    own = {**PAPER, "paper_signed_by": "Trần Thị Bích, Trưởng phòng"}
    page = thuky.post(f"{place}/approve-on-paper", 422, **own, paper_scan=upload(a_pdf()))
    assert "Trần Thị Bích, Trưởng phòng" in page
    page = thuky.post(f"{place}/approve-on-paper", **PAPER, paper_scan=upload(a_pdf(2)))
    scan = re.search(r'href="(/papers/[a-z2-7]{26})"', page)
    assert scan
    thuky.get(scan[1])
    thuky.get(f"{scan[1]}/about")
    Person.at(app, database, None, NOW).get(scan[1], 303)


def test_a_decision_is_recorded_with_its_scan_and_links_to_its_page(
    app: Flask, database: Database, house: House
) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, house)
        place = f"/staff/competitions/{competition.public_id}"
        vacancy = competition.vacancies[0].public_id
    thuky = Person.at(app, database, house.secretary, NOW)
    thuky.get(f"{place}/decisions/new")
    page = thuky.post(
        f"{place}/decisions/new", 422, kind="tie", **PAPER, page="1", paper_scan=upload(a_pdf())
    )
    assert 'href="#vacancy"' in page
    assert 'href="#candidates"' in page
    page = thuky.post(
        f"{place}/decisions/new",
        422,
        kind="proceed",
        vacancy=vacancy,
        **PAPER,
        page="3",
        paper_scan=upload(a_pdf()),
    )
    assert "15/QĐ-HĐTT" in page
    page = thuky.post(
        f"{place}/decisions/new",
        kind="proceed",
        vacancy=vacancy,
        **PAPER,
        page="2",
        paper_scan=upload(a_pdf(2)),
    )
    assert re.search(r"/papers/[a-z2-7]{26}#page=2", page)


def test_registration_is_closed_and_the_period_prolonged_from_the_pages(
    app: Flask, database: Database, house: House, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, house)
        place = f"/staff/competitions/{competition.public_id}"
    tochuc = organiser(app, database, house)
    assert "close-registration" not in tochuc.get(place)
    tochuc.post(f"{place}/close-registration", 409)
    page = tochuc.post(
        f"{place}/prolong", 422, **PAPER, apply_closes_at="25/11/2026 17:00", paper_scan=upload(a_pdf())
    )
    assert "25/11/2026 17:00" in page
    tochuc.post(f"{place}/prolong", **PAPER, apply_closes_at="31/12/2026 17:00", paper_scan=upload(a_pdf()))
    assert "31/12/2026 17:00" in tochuc.get(f"/competitions/{competition.public_id}")
    clock.set(CLOSES.replace(year=2027))
    tochuc = Person.at(app, database, house.organiser, clock.now())
    assert "close-registration" in tochuc.get(place)
    tochuc.post(f"{place}/close-registration")
    with database.reading() as session:
        assert queries.state(session, competition) == "registration_closed"


def test_another_organiser_finds_no_page_of_this_competition(
    app: Flask, database: Database, house: House
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_complete_draft(session, house)
        other = a_house(session, "Ủy ban nhân dân phường Láng", "b")
        grant(session, other.organiser, other.organisation.id, NOW)
        place = f"/staff/competitions/{competition.public_id}"
        vacancy = competition.vacancies[0]
        pages = [
            place,
            *(
                f"{place}/{name}"
                for name in ("facts", "rules", "vacancies", "approval", "decisions", "papers")
            ),
            f"{place}/documents/notice.pdf",
            f"{place}/vacancies/{vacancy.public_id}",
            f"{place}/vacancies/{vacancy.public_id}/criteria/{vacancy.criteria[0].public_id}",
        ]
    stranger = Person.at(app, database, other.organiser, NOW)
    assert competition.code not in stranger.get("/staff/competitions")
    for address in pages:
        stranger.get(address, 404)
        Person.at(app, database, house.organiser, NOW).get(address)
    for act in ("submit", "announce", "close-registration"):
        stranger.post(f"{place}/{act}", 404)


def test_the_notice_and_the_plan_are_printed(app: Flask, database: Database, house: House) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, house)
        place = f"/staff/competitions/{competition.public_id}"
    tochuc = organiser(app, database, house)
    for address in (
        f"{place}/documents/notice.pdf",
        f"{place}/documents/plan.pdf",
        f"/competitions/{competition.public_id}/notice.pdf",
    ):
        response = tochuc.client.get(address)
        assert response.status_code == 200
        assert response.data.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_speaks_the_readers_language(
    app: Flask, database: Database, house: House, language: str
) -> None:
    with database.writing(unhurried=True) as session:
        competition = an_announced(session, house)
        place = f"/staff/competitions/{competition.public_id}"
    tochuc = organiser(app, database, house)
    tochuc.client.set_cookie("lang", language)
    words = {"vi": "Quyết định", "en": "Decisions"}[language]
    assert words in tochuc.get(f"{place}/decisions")
    assert f'lang="{language}"' in tochuc.get(f"/competitions/{competition.public_id}")


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    app: Flask, database: Database, house: House
) -> None:
    from sqlalchemy import event

    def questions() -> int:
        count = 0

        def note(*_: Any) -> None:
            nonlocal count
            count += 1

        with database.reading() as session:
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", note)
            queries.visible(session, house.organiser)
            event.remove(engine, "before_cursor_execute", note)
        return count

    with database.writing(unhurried=True) as session:
        an_announced(session, house)
    one = questions()
    with database.writing(unhurried=True) as session:
        for number in range(5):
            an_announced(session, house, code=f"TT-{number}")
    assert questions() == one
    assert LATER > NOW


def test_every_kind_has_a_word_of_its_own_in_both_languages(app: Flask) -> None:
    from exam_portal.competitions import models
    from exam_portal.web import messages

    kinds = (
        models.MilestoneKind,
        models.CriterionKind,
        models.DecisionKind,
        models.Relation,
        models.CompetitionKind,
    )
    for language in ("vi", "en"):
        with app.test_request_context("/", headers={"Cookie": f"lang={language}"}):
            for kind in kinds:
                words = [messages.label(member) for member in kind]
                assert len(set(words)) == len(words)
                assert not [word for word in words if "_" in word]
