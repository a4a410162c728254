# SPDX-License-Identifier: Apache-2.0
"""Who may do what in an item bank: the setting board of its organisation, or of one of its competitions."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.accounts.models import Organisation
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import arrivals, queries
from exam_portal.items.models import Item, ItemBank, ItemImport
from exam_portal.web import policy


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BankPlace:
    """Where a bank lies: its organisation, and those of its competitions in which the reader holds a duty."""

    organisation_id: int
    competition_ids: frozenset[int] = frozenset()


def _sets_questions(actor: Actor, target: Any) -> bool:
    return target is not None and (
        actor.holds(Role.SETTING_BOARD, organisation_id=target.organisation_id)
        or any(actor.holds(Role.SETTING_BOARD, competition_id=found) for found in target.competition_ids)
    )


sets_questions = policy.Check(
    "setting_board of the organisation or of one of its competitions",
    _sets_questions,
    lambda actor: Role.SETTING_BOARD in actor.roles,
)

PERMISSIONS: policy.Permissions = {
    "items.list": policy.any_of(
        policy.holds_anywhere(Role.SETTING_BOARD), doc="See the item banks of one's own places."
    ),
    "items.open_bank": policy.any_of(sets_questions, doc="Open an item bank for an organisation."),
    "items.see": policy.any_of(sets_questions, doc="Search a bank, open items with their keys."),
    "items.write": policy.any_of(sets_questions, doc="Write items, import files of items."),
    "items.take_out": policy.any_of(
        sets_questions, doc="Take questions out of a bank as a file, with their keys; each time is on record."
    ),
    "items.comment": policy.any_of(sets_questions, doc="Comment on items, own ones too."),
    "items.review": policy.any_of(sets_questions, doc="Review, approve, return and retire items of others."),
}


def load_bank(session: Session, actor: Actor, public_id: str, permission: str) -> ItemBank:
    """Return the bank if the actor may do this with it, else NotFound."""
    bank = session.scalar(select(ItemBank).where(ItemBank.public_id == public_id))
    if bank is None:
        raise NotFound
    policy.authorise(actor, permission, place(session, actor, bank.organisation_id))
    return bank


def load_item(session: Session, actor: Actor, bank_id: str, public_id: str, permission: str) -> Item:
    """Return the item with its versions if the actor may do this in its bank, else NotFound."""
    return queries.item(session, load_bank(session, actor, bank_id, permission).id, public_id)


def load_import(session: Session, actor: Actor, bank_id: str, public_id: str, permission: str) -> ItemImport:
    """Return the import if the actor may do this in its bank, else NotFound."""
    return arrivals.item_import(session, load_bank(session, actor, bank_id, permission).id, public_id)


def place(session: Session, actor: Actor, organisation_id: int) -> BankPlace:
    """Return the place of a bank of this organisation, as far as it bears on this actor."""
    ids = [grant.competition_id for grant in actor.grants if grant.competition_id is not None]
    if not ids:
        return BankPlace(organisation_id=organisation_id)
    found = session.scalars(
        select(Competition.id).where(Competition.organisation_id == organisation_id, Competition.id.in_(ids))
    )
    return BankPlace(organisation_id=organisation_id, competition_ids=frozenset(found))


def organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Return the organisations whose banks the actor may open, by name."""
    ids = organisation_ids(session, actor)
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name, Organisation.id)
    ).all()


def organisation_ids(session: Session, actor: Actor) -> frozenset[int]:
    """Return the organisations whose banks the actor may open."""
    grants = [grant for grant in actor.grants if grant.role is Role.SETTING_BOARD]
    own = {found for grant in grants for found in grant.organisation_ids}
    competitions = [grant.competition_id for grant in grants if grant.competition_id is not None]
    if competitions:
        own.update(
            session.scalars(select(Competition.organisation_id).where(Competition.id.in_(competitions)))
        )
    return frozenset(own)
