# SPDX-License-Identifier: Apache-2.0
"""The people of the demonstration: who holds which role, and under which name each signs in."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from exam_portal.accounts import service
from exam_portal.accounts.models import Account, AccountKind, Organisation
from exam_portal.accounts.service import Seat
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import SYSTEM, Role
from exam_portal.core.db import Session
from exam_portal.demo import material
from exam_portal.demo.stage import Applicant, Stage

PASSWORD = "thituyen-demo"  # noqa: S105 - published with the demonstration, and existing nowhere else
PROVINCE, CITY, WARD = "thanh-giang", "hai-van", "phuong-tan-lap"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff: the login, the role, and where it is held (empty: in each competition)."""

    login: str
    role: Role
    place: str = ""
    competitions: Sequence[str] = ()  # codes; empty: all of the province


STAFF: Sequence[Member] = (
    Member(login="quantri", role=Role.ADMINISTRATOR, place=PROVINCE),
    Member(login="tochuc", role=Role.ORGANISER, place=PROVINCE),
    Member(login="motcua", role=Role.COUNTER, place=PROVINCE),
    Member(login="tochuc.haivan", role=Role.ORGANISER, place=CITY),
    Member(login="rade1", role=Role.SETTING_BOARD, place=PROVINCE),
    Member(login="rade2", role=Role.SETTING_BOARD, place=PROVINCE),
    Member(login="rade3", role=Role.SETTING_BOARD, place=PROVINCE),
    Member(login="giamsat", role=Role.OVERSIGHT, place=PROVINCE),
    Member(login="chutich", role=Role.CHAIR),
    Member(login="thuky", role=Role.SECRETARY),
    Member(login="thamquyen", role=Role.AUTHORITY),
    *(Member(login=f"uyvien{number}", role=Role.COUNCIL) for number in range(1, 8)),
    Member(login="thamdinh1", role=Role.VETTING_BOARD),
    Member(login="thamdinh2", role=Role.VETTING_BOARD),
    Member(login="coithi1", role=Role.INVIGILATOR),
    Member(login="coithi2", role=Role.INVIGILATOR),
    Member(login="phach1", role=Role.MASKING_BOARD),
    Member(login="phach2", role=Role.MASKING_BOARD),
    *(Member(login=f"cham{number}", role=Role.MARKER) for number in range(1, 4)),
    Member(login="phuctra1", role=Role.REVIEW_BOARD),
    Member(login="phuctra2", role=Role.REVIEW_BOARD),
    Member(login="nhaplieu1", role=Role.TYPIST),
    Member(login="nhaplieu2", role=Role.TYPIST),
)


def found_authorities(session: Session, now: datetime) -> Mapping[str, Organisation]:
    """The tree of authorities exists: province and city with their departments, and a ward."""
    found: dict[str, Organisation] = {}
    for authority in material.authorities():
        found[authority.key] = service.create_organisation(
            session,
            SYSTEM,
            now,
            name=authority.name["vi"],
            name_en=authority.name["en"],
            place=_place(authority.name["vi"]),
            parent=found[authority.parent] if authority.parent else None,
            governing_name=material.authorities()[0].name["vi"] if authority.parent else None,
        )
        for key, name in authority.units.items():
            found[f"{authority.key}/{key}"] = service.create_organisation(
                session,
                SYSTEM,
                now,
                name=name["vi"],
                name_en=name["en"],
                place=_place(authority.name["vi"]),
                parent=found[authority.key],
                governing_name=authority.name["vi"],
            )
    return found


def hire(
    session: Session, now: datetime, organisations: Mapping[str, Organisation], password_hash: str
) -> Mapping[str, Account]:
    """Every member of staff can sign in; those who work for a whole authority hold their role there."""
    names = [person.name for person in reversed(material.people())]
    found: dict[str, Account] = {}
    for member, name in zip(STAFF, names, strict=False):
        account = _open(session, now, AccountKind.STAFF, name, member.login, password_hash)
        found[member.login] = account
        if member.place:
            organisation = organisations[member.place]
            seat = Seat(organisation_id=organisation.id, public_id=organisation.public_id)
            service.install_grant(session, SYSTEM, now, account=account, role=member.role, seat=seat)
    return found


def appoint(stage: Stage, competition: Competition, now: datetime) -> None:
    """Council, boards and staff of a competition hold their roles in it."""
    seat = Seat(
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        public_id=competition.public_id,
    )
    for member in STAFF:
        if not member.place:
            account = stage.accounts[member.login]
            service.install_grant(stage.session, SYSTEM, now, account=account, role=member.role, seat=seat)


def applicant(stage: Stage, now: datetime, number: int) -> Applicant:
    """The person with this number in the content has a candidate's account."""
    person = material.people()[number - 1]
    name = login(number)
    account = _open(stage.session, now, AccountKind.CANDIDATE, person.name, name, stage.password_hash)
    return Applicant(account=account, person=person, login=name)


def login(number: int) -> str:
    """Return the name under which the applicant with this number signs in."""
    return f"ungvien{number:02d}"


def _open(
    session: Session, now: datetime, kind: AccountKind, name: str, login: str, password_hash: str
) -> Account:
    return service.open_account(
        session,
        SYSTEM,
        now,
        kind=kind,
        name=name,
        login=login,
        password_hash=password_hash,
        is_demonstration=True,
    )


def _place(name: str) -> str:
    for prefix in ("Ủy ban nhân dân tỉnh ", "Ủy ban nhân dân thành phố ", "Ủy ban nhân dân phường "):
        name = name.removeprefix(prefix)
    return name
