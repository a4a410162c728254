# SPDX-License-Identifier: Apache-2.0
"""What the tests of registration begin with: applicants, their forms, a competition that takes them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, CriterionKind
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.registration import service
from exam_portal.registration.form_content import Degree, FormContent, Gender
from exam_portal.registration.models import Application
from tests.portal.competitions.builders import NOW, House, a_complete_draft, a_member, holding

DEADLINE = datetime(2026, 12, 24, 10, 0, tzinfo=UTC)  # 17:00 in Hà Nội
IN_TIME = DEADLINE - timedelta(minutes=5)
TOO_LATE = DEADLINE + timedelta(minutes=5)
NEXT_MORNING = DEADLINE + timedelta(hours=15)


def a_competition(session: Session, house: House, **overrides: Any) -> Competition:
    """An announced competition, open until 17:00; it asks for service and a first appointment."""
    facts = {"apply_opens_at": NOW, "apply_closes_at": DEADLINE, **overrides}
    competition = a_complete_draft(session, house, **facts)
    vacancy = competition.vacancies[0]
    kind = CriterionKind.FIRST_APPOINTMENT
    competitions.add_criterion(session, house.organiser, NOW, vacancy, kind=kind, params={})
    competitions.submit_for_approval(session, house.organiser, NOW, competition)
    competitions.approve(session, house.chair, NOW, competition)
    competitions.announce(session, house.organiser, NOW, competition)
    return competition


def a_form(number: int = 1, **overrides: Any) -> FormContent:
    """A complete form of somebody with twenty years of service."""
    facts: dict[str, Any] = {
        "birth_date": date(1980, 3, 27),
        "gender": Gender.FEMALE,
        "identity_number": f"{number:012d}",
        "present_post": "Phó Trưởng phòng",
        "present_unit": "Sở Tài chính",
        "service_since": date(2004, 9, 1),
        "degree": Degree.MASTER,
        "degree_field": "Quản lý công",
        "first_appointment": True,
        "managing_body_consent": True,
        "declared": True,
        **overrides,
    }
    return FormContent(**facts)


def an_applicant(session: Session, name: str, mark: str) -> Actor:
    """A candidate's account, signed in."""
    key_id = session.keys.create()
    account = Account(
        kind="candidate",
        login_index=session.keys.index(mark, "login"),
        key_id=key_id,
        profile=profiles.seal(session, key_id, Profile(name=name, login=mark)),
        confirmed_at=NOW,
        created_at=NOW,
    )
    session.add(account)
    session.flush()
    return Actor(account_id=account.id, public_id=account.public_id, is_candidate=True)


def a_board(session: Session, house: House, role: Role, mark: str) -> Actor:
    """A member of a board of the house."""
    return holding(a_member(session, f"{role.value}.{mark}", "Phạm Thu Hà"), role, house.organisation)


def an_application(
    session: Session, competition: Competition, applicant: Actor, number: int = 1, **overrides: Any
) -> Application:
    """A submitted application."""
    vacancy = competition.vacancies[0]
    found = service.start_application(
        session, applicant, NOW + timedelta(days=1), competition=competition, vacancy=vacancy
    )
    service.save_draft(session, applicant, NOW + timedelta(days=1), found, a_form(number, **overrides))
    return service.submit(
        session, applicant, NOW + timedelta(days=1), application=found, competition=competition
    )
