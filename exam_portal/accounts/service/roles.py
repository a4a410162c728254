# SPDX-License-Identifier: Apache-2.0
"""Roles are proposed by one person, approved by another, and refused where duties exclude each other."""

import dataclasses
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from exam_portal.accounts import actors, duties
from exam_portal.accounts.errors import (
    ForbiddenCombination,
    GrantDecided,
    GrantExists,
    NotStaff,
    SamePerson,
    UnfitException,
    WrongPlace,
)
from exam_portal.accounts.models import Account, AccountKind, RoleGrant
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Log, SignedPaper
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden

ORGANISATION_ROLES = frozenset(
    {Role.ADMINISTRATOR, Role.ORGANISER, Role.COUNTER, Role.SETTING_BOARD, Role.OVERSIGHT}
)
COMPETITION_ROLES = frozenset(Role) - {Role.ADMINISTRATOR, Role.ORGANISER, Role.COUNTER}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where a role is held: a whole organisation, or one of its competitions."""

    organisation_id: int
    competition_id: int | None = None
    public_id: str = ""  # of the competition or organisation, for the record

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that can be held there."""
        return ORGANISATION_ROLES if self.competition_id is None else COMPETITION_ROLES


def propose_grant(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    account: Account,
    role: Role,
    seat: Seat,
    exception_paper: SignedPaper | None = None,
    council_may_mark: bool = True,
) -> RoleGrant:
    """The role waits for another person's approval; refused at once where duties exclude each other."""
    _lock(session, account)
    _check_seat(actor, account, role, seat)
    if _live(session, account.id, role, seat) is not None:
        raise GrantExists
    _check_duties(session, account.id, role, seat, exception_paper, council_may_mark)
    grant = _add(session, actor, now, account, role, seat, exception_paper)
    _record(session, actor, now, "accounts.role_proposed", grant, account, seat)
    return grant


def approve_grant(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    grant: RoleGrant,
    seat: Seat,
    council_may_mark: bool = True,
) -> None:
    """The role is in force: approved by somebody who neither proposed nor receives it, checked once more."""
    account = session.get_one(Account, grant.account_id)
    _lock(session, account)
    session.refresh(grant)
    if grant.approved_at is not None or grant.revoked_at is not None:
        raise GrantDecided
    if actor.account_id is None or actor.account_id in {grant.proposed_by, grant.account_id}:
        raise SamePerson
    _check_seat(actor, account, Role(grant.role), seat)
    paper = session.get(SignedPaper, grant.exception_paper_id) if grant.exception_paper_id else None
    _check_duties(session, account.id, Role(grant.role), seat, paper, council_may_mark, besides=grant.id)
    grant.approved_by, grant.approved_at = actor.account_id, now
    session.flush()
    _record(session, actor, now, "accounts.role_granted", grant, account, seat)


def revoke_grant(session: Session, actor: Actor, now: datetime, *, grant: RoleGrant, seat: Seat) -> None:
    """The role is no longer held, or the proposal withdrawn; what was done under it stays."""
    account = session.get_one(Account, grant.account_id)
    _lock(session, account)
    session.refresh(grant)
    if grant.revoked_at is not None:
        raise GrantDecided
    grant.revoked_by, grant.revoked_at = actor.account_id, now
    session.flush()
    _record(session, actor, now, "accounts.role_revoked", grant, account, seat)


def install_grant(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    account: Account,
    role: Role,
    seat: Seat,
    exception_paper: SignedPaper | None = None,
    council_may_mark: bool = True,
) -> RoleGrant:
    """The role is in force by the installation's command line, which stands above the portal's people.

    The separation of duties holds here, too.
    """
    if not actor.system:
        raise Forbidden("accounts.install_grant")
    _lock(session, account)
    _check_seat(actor, account, role, seat)
    if _live(session, account.id, role, seat) is not None:
        raise GrantExists
    _check_duties(session, account.id, role, seat, exception_paper, council_may_mark)
    grant = _add(session, actor, now, account, role, seat, exception_paper)
    grant.approved_at = now
    session.flush()
    _record(session, actor, now, "accounts.role_granted", grant, account, seat)
    return grant


def held_roles(
    session: Session, account_id: int, seat: Seat, *, besides: int | None = None
) -> frozenset[Role]:
    """Return the roles held or proposed for the person that meet this seat: in the same competition, in the
    organisations above it, and, for a role in an organisation, everywhere below that.

    In a competition, what was in force there once and was taken back still counts: who has seen questions,
    room or masks does not forget them.
    """
    above = actors.ancestors(session, seat.organisation_id)
    meets = and_(RoleGrant.competition_id.is_(None), RoleGrant.organisation_id.in_(above))
    if seat.competition_id is None:
        below = actors.descendants(session, {seat.organisation_id})[seat.organisation_id]
        meets = or_(meets, RoleGrant.organisation_id.in_(below))
    else:
        meets = or_(meets, RoleGrant.competition_id == seat.competition_id)
    query = select(RoleGrant.role).where(RoleGrant.account_id == account_id, _counts(seat), meets)
    if besides is not None:
        query = query.where(RoleGrant.id != besides)
    return frozenset(Role(role) for role in session.scalars(query))


def _counts(seat: Seat) -> ColumnElement[bool]:
    """Whether a grant stands, or stood for a while since the competition's record begins."""
    stands = RoleGrant.revoked_at.is_(None)
    if seat.competition_id is None:
        return stands
    began = select(Log.created_at).where(Log.competition_id == seat.competition_id).scalar_subquery()
    return or_(stands, and_(RoleGrant.approved_at.is_not(None), RoleGrant.revoked_at > began))


def _check_seat(actor: Actor, account: Account, role: Role, seat: Seat) -> None:
    if account.kind != AccountKind.STAFF or account.disabled_at is not None:
        raise NotStaff
    if role not in seat.roles:
        raise WrongPlace(role)
    is_administrator = actor.holds(Role.ADMINISTRATOR, organisation_id=seat.organisation_id)
    if role is Role.ADMINISTRATOR and not (is_administrator or actor.system):
        raise Forbidden("accounts.propose")


def _check_duties(
    session: Session,
    account_id: int,
    role: Role,
    seat: Seat,
    paper: SignedPaper | None,
    council_may_mark: bool,
    besides: int | None = None,
) -> None:
    held = held_roles(session, account_id, seat, besides=besides)
    conflict = duties.forbidden_pair(held, role, council_may_mark=council_may_mark)
    if conflict is None:
        if paper is not None:
            raise UnfitException
        return
    if not conflict.may_be_excepted or paper is None:
        raise ForbiddenCombination(conflict)
    if paper.kind != PaperKind.ROLE_EXCEPTION or paper.competition_id != seat.competition_id:
        raise UnfitException


def _live(session: Session, account_id: int, role: Role, seat: Seat) -> RoleGrant | None:
    """Return the grant or proposal that stands; read under the lock, unique indexes behind it."""
    here = (
        RoleGrant.competition_id.is_(None)
        if seat.competition_id is None
        else RoleGrant.competition_id == seat.competition_id
    )
    return session.scalar(
        select(RoleGrant).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == role,
            RoleGrant.organisation_id == seat.organisation_id,
            RoleGrant.revoked_at.is_(None),
            here,
        )
    )


def _lock(session: Session, account: Account) -> None:
    """Hold the person's row: of two decisions about one person's duties the second sees the first."""
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update())


def _add(
    session: Session,
    actor: Actor,
    now: datetime,
    account: Account,
    role: Role,
    seat: Seat,
    paper: SignedPaper | None,
) -> RoleGrant:
    grant = RoleGrant(
        account_id=account.id,
        role=role,
        organisation_id=seat.organisation_id,
        competition_id=seat.competition_id,
        exception_paper_id=paper.id if paper is not None else None,
        proposed_by=actor.account_id,
        proposed_at=now,
    )
    session.add(grant)
    session.flush()
    return grant


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    type_: str,
    grant: RoleGrant,
    account: Account,
    seat: Seat,
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=type_,
        competition_id=seat.competition_id,
        subject=account.public_id,
        content={
            "grant": grant.public_id,
            "account": account.public_id,
            "role": grant.role,
            "place": seat.public_id,
            "organisation": grant.organisation_id,
            "competition": grant.competition_id,
            "exception_paper": grant.exception_paper_id,
        },
    )
