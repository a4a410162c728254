# SPDX-License-Identifier: Apache-2.0
"""What the tests of competitions begin with: an authority, its people, a draft, a competition under way."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account, Organisation
from exam_portal.accounts.profiles import Profile
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import service
from exam_portal.competitions.models import Competition, CriterionKind, MilestoneKind
from exam_portal.core.actors import Actor, Grant, Role
from exam_portal.core.db import Session
from scoring.ruleset import RuleSet, parse
from tests.portal.audit.builders import a_paper, an_organisation

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OPENS = NOW + timedelta(days=1)
CLOSES = OPENS + timedelta(days=30)
LATER = CLOSES + timedelta(days=1)
RULES = Path("config/rulesets/leadership-gate.toml")
Kind = MilestoneKind

TO_MARKS_POSTED = (
    (Kind.REGISTRATION_CLOSED, ""),
    (Kind.LIST_APPROVED, ""),
    (Kind.SUMMONED, ""),
    (Kind.MARKS_LOCKED, "written"),
    (Kind.UNMASKED, "written"),
    (Kind.MARKS_POSTED, ""),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An authority with the people who run its competitions."""

    organisation: Organisation
    organiser: Actor
    chair: Actor
    secretary: Actor


def the_rules() -> RuleSet:
    """The rule set of a written gate before the action programme."""
    return parse(RULES.read_text(encoding="utf-8"))


def a_member(session: Session, login: str, name: str) -> Account:
    """A member of staff has an account with a name."""
    key_id = session.keys.create()
    account = Account(
        kind="staff",
        login_index=session.keys.index(login, "login"),
        key_id=key_id,
        profile=profiles.seal(session, key_id, Profile(name=name, login=login)),
        confirmed_at=NOW,
        created_at=NOW,
    )
    session.add(account)
    session.flush()
    return account


def holding(account: Account, role: Role, organisation: Organisation) -> Actor:
    """The person, holding the role for the organisation."""
    grant = Grant(role=role, organisation_ids=frozenset({organisation.id}))
    return Actor(account_id=account.id, public_id=account.public_id, grants=(grant,))


def a_house(session: Session, name: str = "Sở Nội vụ Hà Nội", mark: str = "a") -> House:
    """An authority with organiser, chair and secretary."""
    organisation = an_organisation(session, name)
    return House(
        organisation=organisation,
        organiser=holding(a_member(session, f"tochuc.{mark}", "Trần Thị Bích"), Role.ORGANISER, organisation),
        chair=holding(a_member(session, f"chutich.{mark}", "Nguyễn Văn Hòa"), Role.CHAIR, organisation),
        secretary=holding(a_member(session, f"thuky.{mark}", "Lê Minh Đức"), Role.SECRETARY, organisation),
    )


def a_draft(session: Session, house: House, **overrides: Any) -> Competition:
    """A draft exists, complete but for its posts."""
    facts: dict[str, Any] = {
        "organisation_id": house.organisation.id,
        "ruleset": the_rules(),
        "code": "TT-2026-01",
        "title": "Thi tuyển Phó Giám đốc Sở Tài chính",
        "description": "Hồ sơ nộp tại Phòng Tổ chức cán bộ.",
        "apply_opens_at": OPENS,
        "apply_closes_at": CLOSES,
        **overrides,
    }
    return service.create_competition(session, house.organiser, NOW, **facts)


def a_complete_draft(session: Session, house: House, **overrides: Any) -> Competition:
    """A draft with one post and one criterion, ready for the chair."""
    competition = a_draft(session, house, **overrides)
    vacancy = service.add_vacancy(
        session,
        house.organiser,
        NOW,
        competition,
        code="PGD",
        title="Phó Giám đốc",
        unit="Sở Tài chính",
        level="department",
    )
    service.add_criterion(
        session, house.organiser, NOW, vacancy, kind=CriterionKind.MIN_YEARS_SERVICE, params={"years": 5}
    )
    return competition


def an_announced(session: Session, house: House, **overrides: Any) -> Competition:
    """A competition whose notice is public."""
    competition = a_complete_draft(session, house, **overrides)
    service.submit_for_approval(session, house.organiser, NOW, competition)
    service.approve(session, house.chair, NOW, competition)
    service.announce(session, house.organiser, NOW, competition)
    return competition


def go_on(session: Session, house: House, competition: Competition, *steps: tuple[Kind, str]) -> None:
    """The competition has reached these, one after the other, on a paper each."""
    paper = a_signed(session, house, competition)
    for kind, occurrence in steps:
        service.reach(session, house.secretary, LATER, competition, kind, occurrence=occurrence, paper=paper)


def a_signed(session: Session, house: House, competition: Competition, **overrides: Any) -> SignedPaper:
    """A signed paper of the competition is filed."""
    facts = {"competition_id": competition.id, "kind": PaperKind.COUNCIL_DECISION, **overrides}
    return a_paper(session, house.secretary, house.organisation.id, **facts)
