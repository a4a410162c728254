# SPDX-License-Identifier: Apache-2.0
"""Building the actor: who a person is at this moment, from the grants in force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from exam_portal.accounts.models import Account, AccountKind, Organisation, RoleGrant
from exam_portal.core.actors import NOBODY, Actor, Grant, Role
from exam_portal.core.db import Session


def actor_of(session: Session, account_id: int, *, second_factor_required: bool = False) -> Actor:
    """Return the actor of an account: its grants that are approved and not revoked.

    Where a second factor is required, staff without one hold no grant until they have set it up.
    """
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        return NOBODY
    is_candidate = account.kind == AccountKind.CANDIDATE
    is_barred = is_candidate or (second_factor_required and account.totp_confirmed_at is None)
    return Actor(
        account_id=account.id,
        public_id=account.public_id,
        is_candidate=is_candidate,
        language=account.language,
        grants=() if is_barred else grants_of(session, account_id),
    )


def grants_of(session: Session, account_id: int) -> tuple[Grant, ...]:
    """Return the grants in force; a grant for an organisation reaches all below it."""
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.organisation_id, RoleGrant.competition_id)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.approved_at.is_not(None),
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(RoleGrant.id)
    ).all()
    wide = {row.organisation_id for row in rows if row.competition_id is None}
    below = descendants(session, wide)
    return tuple(
        Grant(
            role=Role(row.role),
            organisation_ids=below[row.organisation_id] if row.competition_id is None else frozenset(),
            competition_id=row.competition_id,
        )
        for row in rows
    )


def descendants(session: Session, organisation_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Return for each organisation itself and all below it; the tree is small and read as a whole."""
    wanted = set(organisation_ids)
    if not wanted:
        return {}
    children: dict[int | None, list[int]] = defaultdict(list)
    for identity, parent_id in session.execute(select(Organisation.id, Organisation.parent_id)):
        children[parent_id].append(identity)
    return {top: frozenset(_below(top, children)) for top in wanted}


def ancestors(session: Session, organisation_id: int) -> frozenset[int]:
    """Return the organisation itself and all above it."""
    parents = dict(session.execute(select(Organisation.id, Organisation.parent_id)).all())
    found: set[int] = set()
    current: int | None = organisation_id
    while current is not None and current not in found:
        found.add(current)
        current = parents.get(current)
    return frozenset(found)


def _below(top: int, children: Mapping[int | None, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [top]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children.get(current, ()))
    return found
