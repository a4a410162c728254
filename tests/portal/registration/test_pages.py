# SPDX-License-Identifier: Apache-2.0
"""The pages of registration, walked by applicant, counter, vetting board and secretary."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.registration.form_content import (
    REQUIRED,
    AttachmentKind,
    Degree,
    PoliticalTheory,
    StateManagement,
)
from exam_portal.registration.forms import ApplicationForm
from exam_portal.registration.messages import LABELS
from exam_portal.registration.models import Application
from scoring.ruleset import parse
from tests.harness.databases import settings_in
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, a_house
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    an_applicant,
    an_application,
)

pytestmark = pytest.mark.engines("sqlite")

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
    return made


def test_an_applicant_fills_attaches_checks_submits_and_withdraws(app: Flask, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        vacancy, applicant = competition.vacancies[0].public_id, an_applicant(session, "Trần Thị An", "an")
        notice = f"/competitions/{competition.public_id}"
    person = Person.at(app, database, applicant, NOW)
    assert vacancy in person.get(notice)
    page = person.post(f"/vacancies/{vacancy}/applications")
    address = re.search(r'action="(/me/applications/[a-z2-7]{26})/documents"', page)
    assert address is not None
    own = address[1]
    refused = person.post(own, 422, **{**FORM, "birth_date": "31/02/1980", "present_unit": "Sở Nội vụ"})
    assert "Sở Nội vụ" in refused
    assert "birth_date" in refused
    person.post(own, **FORM, then="review")
    file = (io.BytesIO(a_pdf()), "bằng thạc sĩ.pdf")
    page = person.post(f"{own}/documents", kind="degree", file=file)
    assert "bằng thạc sĩ.pdf" in page
    document = re.search(r"/me/documents/[a-z2-7]{26}", page)
    assert document is not None
    assert person.client.get(document[0]).data == a_pdf()
    person.get(f"{own}/review")
    assert "BN-0001" in person.post(f"{own}/review")
    assert person.client.get(f"{own}/receipt.pdf").data.startswith(b"%PDF")
    assert (
        person.post(own, 200, **FORM).count("BN-0001") > 0
    )  # a submitted application shows no form any more
    person.get(f"{own}/withdrawal")
    assert "Đã rút" in person.post(f"{own}/withdrawal", reason="Việc gia đình")


def test_an_incomplete_application_is_not_submitted_and_says_what_is_missing(
    app: Flask, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        vacancy, applicant = competition.vacancies[0].public_id, an_applicant(session, "Trần Thị An", "an")
        notice = f"/competitions/{competition.public_id}"
    person = Person.at(app, database, applicant, NOW)
    person.get(notice)
    page = person.post(f"/vacancies/{vacancy}/applications")
    own = re.search(r'action="(/me/applications/[a-z2-7]{26})/documents"', page)[1]  # type: ignore[index]
    person.post(own, **{**FORM, "degree": "", "then": "review"})
    assert "Trình độ chuyên môn cao nhất" in person.post(f"{own}/review", 422)


def test_a_draft_calls_optional_only_what_submitting_does_not_ask_for(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        form = ApplicationForm()
        optional = {field.name for field in form if "(optional)" in str(field())}
    assert not optional & set(REQUIRED)
    assert {"phone", "programme_title"} <= optional


def test_each_degree_and_each_level_of_theory_has_a_word_of_its_own() -> None:
    assert len({str(member) for kind in (Degree, PoliticalTheory) for member in kind}) == 8
    assert set(LABELS) >= {*Degree, *PoliticalTheory, *StateManagement, *AttachmentKind}


def test_nobody_opens_the_application_of_another(app: Flask, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        owner = an_applicant(session, "Trần Thị An", "an")
        other = an_applicant(session, "Lê Văn Bình", "binh")
        own = f"/me/applications/{an_application(session, competition, owner).public_id}"
    Person.at(app, database, owner, NOW).get(own)
    stranger = Person.at(app, database, other, NOW)
    for address in (own, f"{own}/review", f"{own}/withdrawal", f"{own}/receipt.pdf"):
        stranger.get(address, 404)


def test_the_board_finds_concludes_and_the_secretary_approves_the_list(
    app: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        for number, name in enumerate(("Trần Thị An", "Lê Văn Bình", "Phạm Văn Đạt")):
            an_application(
                session,
                competition,
                an_applicant(session, name, f"p{number}"),
                number + 1,
                first_appointment=number < 2,
            )
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        board = a_board(session, house, Role.VETTING_BOARD, "b")
        for actor in (board, house.secretary):
            grant(session, actor, house.organisation.id, NOW)
        filed = session.scalars(select(Application).order_by(Application.id))
        dossiers = [f"/staff/applications/{one.public_id}" for one in filed]
        place = f"/staff/competitions/{competition.public_id}"
        missed = competition.vacancies[0].criteria[1].public_id
    clock.set(NEXT_MORNING)
    member = Person.at(app, database, board, NEXT_MORNING)
    assert "BN-0003" in member.get(f"{place}/applications")
    for dossier in dossiers[:2]:
        member.get(dossier)
        member.post(f"{dossier}/findings")
        assert "Đủ điều kiện" in member.post(
            f"{dossier}/conclusion", outcome="eligible", conclusion_reason=""
        )
    member.get(dossiers[2])
    member.post(f"{dossiers[2]}/findings")
    gap = {"decision": "not_met", "reason": "", "attachment": ""}
    refused = member.post(f"{dossiers[2]}/findings/{missed}", 422, **gap)
    assert "Nêu vì sao" in refused
    assert f'href="#decision-{missed}"' in refused  # the summary leads to the criterion, which stands open
    assert refused.count('<details class="govuk-details" open') == 1
    member.post(f"{dossiers[2]}/findings/{missed}", decision="not_met", reason="Đã giữ chức", attachment="")
    assert "mọi tiêu chuẩn đều đạt" in member.post(
        f"{dossiers[2]}/conclusion", 422, outcome="eligible", conclusion_reason=""
    )
    member.post(f"{dossiers[2]}/conclusion", outcome="ineligible", conclusion_reason="")
    member.post(f"{place}/applications/list", 403)
    secretary = Person.at(app, database, house.secretary, NEXT_MORNING)
    secretary.get(f"{place}/applications")
    page = secretary.post(f"{place}/applications/list")
    assert page.index("Trần Thị An") < page.index("Lê Văn Bình")
    assert "Phạm Văn Đạt" not in page
    assert secretary.client.get(f"{place}/candidates.pdf").data.startswith(b"%PDF")


def test_the_counter_takes_in_a_dossier_and_refuses_a_late_one(
    app: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        counter = a_board(session, house, Role.COUNTER, "c")
        grant(session, counter, house.organisation.id, NOW)
        from exam_portal.accounts import service as accounts

        people = [
            accounts.issue_counter_code(
                session, counter, NOW, organisation=house.organisation, name=name, phone="0912345678"
            )[0].public_id
            for name in ("Nguyễn Thị Hoa", "Đỗ Văn Khánh")
        ]
        place = f"/staff/competitions/{competition.public_id}"
        vacancy = competition.vacancies[0].public_id
    clock.set(NEXT_MORNING)
    desk = Person.at(app, database, counter, NEXT_MORNING)
    desk.get(f"{place}/dossiers/new")
    facts = {**FORM, "vacancy": vacancy}
    refused = desk.post(f"{place}/dossiers/new", 422, **facts, person=people[0], stamped_at="")
    assert "012345678901" in refused
    gaps = {"person": people[0], "stamped_at": "", "birth_date": "31/02/1980"}
    refused = desk.post(f"{place}/dossiers/new", 422, **{**facts, **gaps})
    assert refused.index('href="#stamped_at"') < refused.index('href="#birth_date"')  # as on the page
    gaps = {"person": people[0], "stamped_at": "24/12/2026 16:55", "degree": "", "present_unit": ""}
    refused = desk.post(f"{place}/dossiers/new", 422, **{**facts, **gaps})
    assert 'href="#degree"' in refused
    assert 'href="#present_unit"' in refused
    taken = desk.post(f"{place}/dossiers/new", **facts, person=people[0], stamped_at="24/12/2026 16:55")
    assert "BN-0001" in taken
    desk.get(f"{place}/dossiers/new")
    late = {**facts, "identity_number": "012345678902", "stamped_at": "24/12/2026 17:05"}
    page = desk.post(f"{place}/dossiers/new", **late, person=people[1])
    assert "không được tiếp nhận" in page
    receipt = re.search(r"/staff/refused-dossiers/[a-z2-7]{26}/receipt.pdf", page)
    assert receipt is not None
    assert desk.client.get(receipt[0]).data.startswith(b"%PDF")
    with database.reading() as session:
        assert session.scalars(select(Application)).one().receipt_no == "BN-0001"
        assert session.scalars(select(Competition)).one().apply_closes_at < NEXT_MORNING


def test_a_long_list_of_applications_is_turned_page_by_page(
    app: Flask, database: Database, clock: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exam_portal.registration.routes.lists.PAGE", 1)
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        for number, name in enumerate(("Trần Thị An", "Lê Văn Bình")):
            an_application(session, competition, an_applicant(session, name, f"p{number}"), number + 1)
        grant(session, house.secretary, house.organisation.id, NOW)
        place = f"/staff/competitions/{competition.public_id}/applications"
    clock.set(NEXT_MORNING)
    secretary = Person.at(app, database, house.secretary, NEXT_MORNING)
    first = secretary.get(place)
    second = secretary.get(f"{place}?page=2")
    assert "Trần Thị An" in first
    assert f"{place}?page=2" in first
    assert "Lê Văn Bình" in second


def test_a_document_opens_whatever_its_sender_has_written_into_its_name(
    app: Flask, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        vacancy, applicant = competition.vacancies[0].public_id, an_applicant(session, "Trần Thị An", "an")
    person = Person.at(app, database, applicant, NOW)
    person.get("/me")
    page = person.post(f"/vacancies/{vacancy}/applications")
    own = re.search(r'action="(/me/applications/[a-z2-7]{26})/documents"', page)[1]  # type: ignore[index]
    name = "..%2Fb%E1%BA%B1ng%0Ac%E1%BA%A5p%00%E2%80%AEfdp.pdf"  # a path, a line end, NUL, text turned round
    parts = (
        f'name="csrf_token"\r\n\r\n{person.token}',
        'name="kind"\r\n\r\ndegree',
        f"name=\"file\"; filename*=UTF-8''{name}\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7",
    )
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--b--\r\n"
    kind, origin = "multipart/form-data; boundary=b", {"Sec-Fetch-Site": "same-origin"}
    answer = person.client.post(f"{own}/documents", data=body, content_type=kind, headers=origin)
    assert answer.status_code == 303
    page = person.get(own)
    assert "bằng cấpfdp.pdf" in page
    document = re.search(r"/me/documents/[a-z2-7]{26}", page)[0]  # type: ignore[index]
    assert person.client.get(document).status_code == 200


def _row(number: int, since: str, until: str, unit: str) -> dict[str, Any]:
    named = {"since": since, "until": until, "unit": unit, "position": "Chuyên viên"}
    return {f"history-{number}-{name}": said for name, said in named.items()}


def test_a_work_history_is_kept_shown_and_offered_more_rows_and_a_wrong_period_is_refused(
    app: Flask, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        vacancy, applicant = competition.vacancies[0].public_id, an_applicant(session, "Trần Thị An", "an")
    person = Person.at(app, database, applicant, NOW)
    person.get(f"/competitions/{competition.public_id}")
    page = person.post(f"/vacancies/{vacancy}/applications")
    own = re.search(r'action="(/me/applications/[a-z2-7]{26})/documents"', page)[1]  # type: ignore[index]
    assert 'name="line_manager"' not in page  # these rules keep no line manager off the boards
    for wrong, why in (
        (_row(0, "13/2004", "", "Sở Y tế"), "Viết tháng và năm"),
        (_row(0, "", "", "Sở Y tế"), "Viết tháng và năm"),
        (_row(0, "09/2004", "08/2012", ""), "Viết tên đơn vị"),
        (_row(0, "09/2004", "08/2003", "Sở Y tế"), "Kết thúc trước khi bắt đầu"),
    ):
        assert why in person.post(own, 422, **FORM, **wrong)
    both = _row(0, "09/2012", "", "Sở Nội vụ") | _row(1, "09/2004", "08/2012", "Sở Y tế")
    review = person.post(own, **FORM, **both, then="review")
    assert "09/2004 – 08/2012" in review
    offered = set(re.findall(r'name="history-(\d+)-unit"', person.get(own)))
    assert offered == {"0", "1", "2", "3"}


def test_a_line_manager_is_asked_for_where_the_rules_keep_one_off_the_boards(app: Flask) -> None:
    text = Path("config/rulesets/leadership-gate.toml").read_text(encoding="utf-8")
    with app.test_request_context():
        for rules, is_asked in ((text, False), (text.replace('"disciplined"]', '"line_manager"]'), True)):
            form = ApplicationForm()
            form.fit(parse(rules))
            assert ("line_manager" in form) is is_asked
