# SPDX-License-Identifier: Apache-2.0
"""A person as the offices see one that has to do with them, and the erasure of a person."""

import dataclasses
from collections.abc import Sequence

from sqlalchemy import select

from exam_portal.accounts import access, actors, holdings, profiles, queries, service
from exam_portal.accounts.holdings import Holding
from exam_portal.accounts.models import Account, AccountKind, Erasure, Organisation, RoleGrant
from exam_portal.accounts.profiles import Profile
from exam_portal.audit.models import SignedPaper
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with what is held of one, and the erasure that waits or was done."""

    account: Account
    kind: AccountKind
    profile: Profile
    holdings: Sequence[Holding]
    hindrance: DomainError | None  # why the person cannot be erased now
    erasure: Erasure | None
    paper: SignedPaper | None
    proposed_by: str
    approved_by: str


def person(session: Session, organisation: Organisation, account: Account) -> Person:
    """Return the person, or NotFound where others than this organisation and those below know the person."""
    if not is_known(session, organisation, account):
        raise NotFound
    erasure = service.standing_erasure(session, account.id)
    paper = session.get_one(SignedPaper, erasure.signed_paper_id) if erasure else None
    return Person(
        account=account,
        kind=AccountKind(account.kind),
        profile=profiles.read(session, account),
        holdings=holdings.of(session, account.id),
        hindrance=_hindrance(session, account),
        erasure=erasure,
        paper=paper,
        proposed_by=queries.name_of(session, erasure.proposed_by) if erasure else "",
        approved_by=queries.name_of(session, erasure.approved_by) if erasure else "",
    )


def erasure_of(session: Session, found: Person, public_id: str) -> Erasure:
    """Return this erasure of the person, also one that was withdrawn meanwhile, or raise NotFound."""
    erasure = session.scalar(
        select(Erasure).where(Erasure.public_id == public_id, Erasure.account_id == found.account.id)
    )
    if erasure is None:
        raise NotFound
    return erasure


def waiting_erasures(session: Session, actor: Actor) -> Sequence[tuple[Account, Organisation]]:
    """Return the people whose erasure waits for this actor's word, each with the place of its decision."""
    ids = {i for grant in actor.grants if grant.role in access.OFFICES for i in grant.organisation_ids}
    rows = session.execute(
        select(Account, Organisation)
        .join(Erasure, Erasure.account_id == Account.id)
        .join(SignedPaper, SignedPaper.id == Erasure.signed_paper_id)
        .join(Organisation, Organisation.id == SignedPaper.organisation_id)
        .where(
            Erasure.approved_at.is_(None),
            Erasure.withdrawn_at.is_(None),
            Erasure.proposed_by != actor.account_id,
            Organisation.id.in_(ids),
        )
        .order_by(Erasure.id)
    )
    return [(account, organisation) for account, organisation in rows]


def _hindrance(session: Session, account: Account) -> DomainError | None:
    try:
        service.require_free(session, account)
    except DomainError as refusal:
        return refusal
    return None


def is_known(session: Session, organisation: Organisation, account: Account) -> bool:
    """Whether every place that has to do with the person is this organisation or lies below it.

    Who has only registered is known to the counter that printed the code, or else to the topmost offices.
    """
    below = actors.descendants(session, {organisation.id})[organisation.id]
    places = {found.organisation_id for found in holdings.of(session, account.id)}
    grants = select(RoleGrant.organisation_id).where(RoleGrant.account_id == account.id)
    places |= set(session.scalars(grants))
    if places:
        return places <= below
    counter = profiles.read(session, account).counter
    opened = session.scalar(select(Organisation.id).where(Organisation.public_id == counter))
    return opened in below if opened is not None else organisation.parent_id is None
