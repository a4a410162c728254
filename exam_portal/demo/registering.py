# SPDX-License-Identifier: Apache-2.0
"""Applicants of the demonstration: accounts, filled forms, documents, receipts; then the vetting."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar

from sqlalchemy import select

from exam_portal.accounts import service as accounts
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.demo import cast, scans
from exam_portal.demo.material import Person
from exam_portal.demo.stage import Applicant, Stage
from exam_portal.registration import queries, service
from exam_portal.registration.form_content import (
    AttachmentKind,
    Degree,
    FormContent,
    Gender,
    PoliticalTheory,
    StateManagement,
)
from exam_portal.registration.models import Application, Candidate
from exam_portal.registration.work_history import Period

T = TypeVar("T")
FIELDS = ("Luật", "Kinh tế", "Quản lý công", "Tài chính – Ngân hàng", "Công nghệ thông tin", "Hành chính học")


def apply(
    stage: Stage, competition: Competition, vacancy: Vacancy, numbers: Sequence[int], first: datetime
) -> list[Applicant]:
    """These people have applied for the post, one after the other."""
    found = []
    for place, number in enumerate(numbers):
        at = first + timedelta(hours=5 * place)
        applicant = cast.applicant(stage, at, number)
        application = begin(stage, applicant, competition, vacancy, at, filled(applicant.person, number))
        service.submit(
            stage.session,
            applicant.actor,
            at + timedelta(minutes=40),
            application=application,
            competition=competition,
        )
        found.append(applicant)
    return found


def begin(
    stage: Stage,
    applicant: Applicant,
    competition: Competition,
    vacancy: Vacancy,
    now: datetime,
    content: FormContent,
) -> Application:
    """The applicant has a draft with this content and two documents."""
    session, actor = stage.session, applicant.actor
    application = service.start_application(session, actor, now, competition=competition, vacancy=vacancy)
    service.save_draft(session, actor, now + timedelta(minutes=25), application, content)
    for kind, name in (
        (AttachmentKind.CURRICULUM, "so-yeu-ly-lich.pdf"),
        (AttachmentKind.CONSENT, "van-ban-dong-y.pdf"),
    ):
        service.attach(
            session,
            actor,
            now + timedelta(minutes=30),
            application,
            kind=kind.value,
            file_name=name,
            file=service.prepare_attachment(session, application, _document(kind)),
        )
    return application


def filled(person: Person, number: int) -> FormContent:
    """Return the form that this person fills in."""
    return FormContent(
        birth_date=date(person.born, 1 + number % 12, 1 + number % 27),
        gender=Gender(person.gender),
        identity_number=f"0{10 + number % 80:02d}{person.born % 100:02d}{1_000_000 + number * 7919:07d}",
        phone=f"0900{number:06d}",
        address="Thanh Giang",
        present_post=person.post,
        present_unit=person.unit,
        service_since=date(person.born + 24, 9, 1),
        history=(
            Period(since=f"09/{person.born + 32}", unit=person.unit, position=person.post),
            Period(
                since=f"09/{person.born + 24}",
                until=f"08/{person.born + 32}",
                unit="Ủy ban nhân dân xã Thanh Giang",
                position="Công chức văn phòng – thống kê",
            ),
        ),
        degree=Degree.MASTER if number % 3 else Degree.BACHELOR,
        degree_field=FIELDS[number % len(FIELDS)],
        political_theory=PoliticalTheory.ADVANCED,
        state_management=StateManagement.PRINCIPAL,
        in_planning=True,
        first_appointment=True,
        under_discipline=False,
        managing_body_consent=True,
        programme_title="Đổi mới phương thức lãnh đạo, điều hành của đơn vị giai đoạn 2026 – 2030",
        declared=True,
    )


def close(stage: Stage, competition: Competition) -> datetime:
    """The period is over and the register closed; return when."""
    at = competition.apply_closes_at + timedelta(hours=15)
    course.close_registration(stage.session, stage.actor("thuky"), at, competition)
    return at


def vet(stage: Stage, application: Application, now: datetime, *, refused: str = "") -> None:
    """The board has found on every criterion and concluded; ``refused`` is why one is not met."""
    session, board = stage.session, stage.actor("thamdinh1")
    vacancy = session.get_one(Vacancy, application.vacancy_id)
    for place, criterion in enumerate(vacancy.criteria):
        failed = bool(refused) and place == len(vacancy.criteria) - 2
        service.record_finding(
            session,
            board,
            now,
            application=application,
            criterion=criterion,
            decision="not_met" if failed else "met",
            reason=refused if failed else "",
        )
    outcome = "ineligible" if refused else "eligible"
    service.conclude(session, board, now, application=application, outcome=outcome, reason=refused)


def vet_all(stage: Stage, competition: Competition, now: datetime) -> None:
    """Every application has been found eligible."""
    for place, application in enumerate(applications(stage, competition)):
        vet(stage, application, now + timedelta(minutes=20 * place))


def applications(stage: Stage, competition: Competition) -> list[Application]:
    """Return the submitted applications in the order of receipts."""
    entries = queries.applications(stage.session, competition.id)
    return [stage.session.get_one(Application, entry.id) for entry in entries]


def listed(stage: Stage, competition: Competition, now: datetime) -> Sequence[Candidate]:
    """The chair has approved the list; return the candidates by number."""
    return service.approve_list(stage.session, stage.actor("chutich"), now, competition)


def to_the_list(stage: Stage, competition: Competition) -> Sequence[Candidate]:
    """Registration is closed, everybody was eligible, the list is approved."""
    closed = close(stage, competition)
    vet_all(stage, competition, closed + timedelta(days=2))
    return listed(stage, competition, closed + timedelta(days=5))


def numbered(stage: Stage, competition: Competition, given: Mapping[int, T]) -> dict[str, T]:
    """Return what is given to people by candidate number: numbers follow names, not the order of applying."""
    found: dict[str, T] = {}
    for number, value in given.items():
        found[candidate(stage, competition, number).candidate_no] = value
    return found


def candidate(stage: Stage, competition: Competition, number: int) -> Candidate:
    """Return the candidacy of the person with this number in the content."""
    account = accounts.by_login(stage.session, cast.login(number))
    assert account is not None
    return stage.session.scalars(
        select(Candidate).where(
            Candidate.account_id == account.id, Candidate.competition_id == competition.id
        )
    ).one()


@cache
def _document(kind: AttachmentKind) -> bytes:
    titles = {
        AttachmentKind.CURRICULUM: "Sơ yếu lý lịch",
        AttachmentKind.CONSENT: "Văn bản đồng ý cho dự tuyển",
    }
    return scans.scan(titles[kind], [["Tài liệu minh họa kèm theo hồ sơ dự tuyển.", "> Đã ký"]])
