# SPDX-License-Identifier: Apache-2.0
"""What the pages of the record show: acts with their people, a leaf with its proof, signed heads."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Account, RoleGrant
from exam_portal.audit import queries as record
from exam_portal.audit import service, tree
from exam_portal.audit.models import Checkpoint, Leaf, Log
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Role
from exam_portal.core.db import Session
from scoring.verify import merkle


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the record."""

    index: int | None
    type: str
    at: datetime
    person: str
    roles: Sequence[Role]
    commitment: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who has acted in a competition."""

    public_id: str
    account_id: int
    name: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That a leaf lies under a signed head: the hashes on the way, and whether they lead there."""

    size: int
    root: str
    path: Sequence[str]
    note: str
    leads_there: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLeaf:
    """A leaf with everything that was committed to."""

    act: Act
    content: Sequence[tuple[str, str]]
    salt: str
    opens_commitment: bool
    published: str  # the bytes of the leaf as the tree holds them
    proof: Proof | None  # none until a head is signed that covers it


def participants(session: Session, log: Log) -> list[Participant]:
    """Return who has acted in a log, by name: two queries."""
    rows = session.execute(
        select(Account.id, Account.public_id).where(
            Account.id.in_(select(Leaf.actor_id).where(Leaf.log_id == log.id).distinct())
        )
    ).all()
    names = accounts.names_of(session, [row.id for row in rows])
    found = [
        Participant(public_id=row.public_id, account_id=row.id, name=names.get(row.id, "–")) for row in rows
    ]
    return sorted(found, key=lambda person: person.name)


def acts(session: Session, competition: Competition, leaves: Sequence[Leaf]) -> list[Act]:
    """Return the lines of these leaves, with names and duties: two queries."""
    people = {leaf.actor_id for leaf in leaves if leaf.actor_id is not None}
    names = accounts.names_of(session, people)
    held = duties(session, competition, people)
    return [_act(leaf, names, held) for leaf in leaves]


def duties(session: Session, competition: Competition, people: set[int]) -> dict[int, Sequence[Role]]:
    """Return the roles that these people have held in the competition, or for a whole authority."""
    rows = session.execute(
        select(RoleGrant.account_id, RoleGrant.role)
        .where(
            RoleGrant.account_id.in_(people),
            RoleGrant.approved_at.is_not(None),
            (RoleGrant.competition_id == competition.id) | RoleGrant.competition_id.is_(None),
        )
        .distinct()
    )
    found: dict[int, list[Role]] = {}
    for account_id, role in rows:
        found.setdefault(account_id, []).append(Role(role))
    return dict(found)


def opened(session: Session, competition: Competition, log: Log, index: int) -> OpenedLeaf:
    """Return the leaf at a place with its content, and its way to the first signed head above it."""
    leaf = record.leaf(session, log.id, index)
    return OpenedLeaf(
        act=acts(session, competition, [leaf])[0],
        content=[(key, _plain(value)) for key, value in sorted(leaf.content.items())],
        salt=leaf.salt.hex(),
        opens_commitment=service.commitment(leaf.salt, leaf.content) == leaf.commitment,
        published=tree.leaf_data(leaf, index).decode(),
        proof=_proof(session, log, leaf, index),
    )


def _proof(session: Session, log: Log, leaf: Leaf, index: int) -> Proof | None:
    head = session.scalar(
        select(Checkpoint)
        .where(Checkpoint.log_id == log.id, Checkpoint.size > index)
        .order_by(Checkpoint.size)
        .limit(1)
    )
    if head is None:
        return None
    path = tree.inclusion_proof(session, log.id, index, head.size)
    own = merkle.leaf_hash(tree.leaf_data(leaf, index))
    return Proof(
        size=head.size,
        root=head.root.hex(),
        path=[step.hex() for step in path],
        note=head.note,
        leads_there=merkle.verify_inclusion(own, index, head.size, path, head.root),
    )


def _act(leaf: Leaf, names: Mapping[int, str], held: Mapping[int, Sequence[Role]]) -> Act:
    return Act(
        index=leaf.index,
        type=leaf.type,
        at=leaf.at,
        person=names.get(leaf.actor_id, "–") if leaf.actor_id is not None else "",
        roles=held.get(leaf.actor_id, ()) if leaf.actor_id is not None else (),
        commitment=leaf.commitment.hex(),
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
