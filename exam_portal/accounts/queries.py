# SPDX-License-Identifier: Apache-2.0
"""Reading accounts: people, organisations, and who holds which role where."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.accounts import actors, profiles
from exam_portal.accounts.models import Account, Organisation, RoleGrant
from exam_portal.accounts.profiles import Profile
from exam_portal.accounts.service import Seat
from exam_portal.audit.models import SignedPaper
from exam_portal.core import names
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """One role of one person in one place, with how it came to be."""

    public_id: str
    role: Role
    person: str
    login: str
    account_public_id: str
    is_in_force: bool
    proposed_by: str  # name; empty: the installation
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    is_own_proposal: bool  # the reader proposed it, so somebody else has to approve
    is_own: bool  # the reader would hold it
    exception_number: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """A person to choose from."""

    id: int
    public_id: str
    name: str


def holders(
    session: Session, role: Role, *, organisation_id: int, competition_id: int | None = None
) -> list[AccountEntry]:
    """Return who holds the role here, for the competition or for its organisation, by name: three queries."""
    wide = RoleGrant.competition_id.is_(None) & RoleGrant.organisation_id.in_(
        actors.ancestors(session, organisation_id)
    )
    place = wide if competition_id is None else wide | (RoleGrant.competition_id == competition_id)
    rows = session.execute(
        select(Account.id, Account.public_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == role.value,
            RoleGrant.approved_at.is_not(None),
            RoleGrant.revoked_at.is_(None),
            Account.disabled_at.is_(None),
            place,
        )
        .distinct()
    ).all()
    people = names_of(session, [row.id for row in rows])
    found = [AccountEntry(id=row.id, public_id=row.public_id, name=people.get(row.id, "")) for row in rows]
    return sorted(found, key=lambda entry: names.order(entry.name))


def account(session: Session, account_id: int) -> Account:
    """Return the account of somebody who has signed in."""
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound
    return found


def account_by_public_id(session: Session, public_id: str) -> Account:
    """Return the account with this public id, or raise NotFound."""
    found = session.scalar(select(Account).where(Account.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def organisation_by_public_id(session: Session, public_id: str) -> Organisation:
    """Return the organisation with this public id, or raise NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def profile_of(session: Session, account_id: int) -> Profile:
    """Return name and contacts of a person; empty when the person has been erased."""
    return profiles.of_accounts(session, [account_id]).get(account_id, profiles.ERASED)


def name_of(session: Session, account_id: int | None) -> str:
    """Return the name of a person; empty for the installation itself."""
    return profile_of(session, account_id).name if account_id is not None else ""


def names_of(session: Session, account_ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return the names of several people in one query."""
    found = profiles.of_accounts(session, (i for i in account_ids if i is not None))
    return {account_id: profile.name for account_id, profile in found.items()}


def organisations_of(session: Session, actor: Actor, roles: Iterable[Role]) -> Sequence[Organisation]:
    """Return the organisations in which the actor holds one of the roles, those above before those below."""
    wanted = frozenset(roles)
    ids = {i for grant in actor.grants if grant.role in wanted for i in grant.organisation_ids}
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.parent_id.nulls_first(), Organisation.name, Organisation.id)
    ).all()


def is_above(session: Session, organisation_id: int, other_id: int) -> bool:
    """Whether the first organisation is the second or stands above it."""
    return organisation_id in actors.ancestors(session, other_id)


def grants_at(session: Session, reader: Actor, seat: Seat) -> Sequence[GrantRow]:
    """Return the grants and proposals of one place that stand, by role and name."""
    rows = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.organisation_id == seat.organisation_id,
            RoleGrant.competition_id.is_(None)
            if seat.competition_id is None
            else RoleGrant.competition_id == seat.competition_id,
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(RoleGrant.id)
    ).all()
    people = profiles.of_accounts(session, _people(rows))
    public_ids = _public_ids(session, rows)
    numbers = _paper_numbers(session, rows)
    found = [_row(row, reader, people, public_ids, numbers) for row in rows]
    order = {role: place for place, role in enumerate(Role)}
    return sorted(found, key=lambda row: (order[row.role], names.order(row.person)))


def grant_at(session: Session, seat: Seat, public_id: str) -> RoleGrant:
    """Return the grant of this place, or raise NotFound: also for one of another place."""
    grant = session.scalar(select(RoleGrant).where(RoleGrant.public_id == public_id))
    if (
        grant is None
        or grant.organisation_id != seat.organisation_id
        or grant.competition_id != seat.competition_id
    ):
        raise NotFound
    return grant


def _people(rows: Sequence[RoleGrant]) -> set[int]:
    ids = {i for row in rows for i in (row.account_id, row.proposed_by, row.approved_by)}
    return {i for i in ids if i is not None}


def _public_ids(session: Session, rows: Sequence[RoleGrant]) -> Mapping[int, str]:
    ids = {row.account_id for row in rows}
    return dict(session.execute(select(Account.id, Account.public_id).where(Account.id.in_(ids))).all())


def _paper_numbers(session: Session, rows: Sequence[RoleGrant]) -> Mapping[int, str]:
    ids = {row.exception_paper_id for row in rows if row.exception_paper_id is not None}
    query = select(SignedPaper.id, SignedPaper.number).where(SignedPaper.id.in_(ids))
    return dict(session.execute(query).all()) if ids else {}


def _row(
    row: RoleGrant,
    reader: Actor,
    people: Mapping[int, Profile],
    public_ids: Mapping[int, str],
    numbers: Mapping[int, str],
) -> GrantRow:
    def name(account_id: int | None) -> str:
        return people[account_id].name if account_id is not None else ""

    return GrantRow(
        public_id=row.public_id,
        role=Role(row.role),
        person=name(row.account_id),
        login=people[row.account_id].login,
        account_public_id=public_ids[row.account_id],
        is_in_force=row.approved_at is not None,
        proposed_by=name(row.proposed_by),
        proposed_at=row.proposed_at,
        approved_by=name(row.approved_by),
        approved_at=row.approved_at,
        is_own_proposal=row.proposed_by is not None and row.proposed_by == reader.account_id,
        is_own=row.account_id == reader.account_id,
        exception_number=numbers.get(row.exception_paper_id, "") if row.exception_paper_id else "",
    )
