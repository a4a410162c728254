# SPDX-License-Identifier: Apache-2.0
"""How versions of items did in sittings: kept in the bank beside them, never changed."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import imports
from exam_portal.items.models import Item, ItemBank, ItemStatistic, ItemVersion, taken_in
from scoring.verify.canonical import sha256_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """How one version did in one form."""

    version: ItemVersion
    form: str
    persons: int
    content: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """What the record holds of it, together with all others of the analysis."""
        return hash_of(self.version.public_id, self.form, self.persons, self.content)


def keep(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bank: ItemBank,
    source: str,
    found: Sequence[Statistic],
) -> None:
    """The bank remembers how its versions did, by the analysis of this public id."""
    session.add_all(
        ItemStatistic(
            item_version_id=each.version.id,
            source=source,
            form=each.form,
            persons=each.persons,
            content=dict(each.content),
            at=now,
        )
        for each in found
    )
    facts = {
        "bank": bank.public_id,
        "analysis": source,
        "count": len(found),
        "hashes": imports.hash_of_all(each.hash for each in found),
    }
    audit.record(session, actor, now, type="items.statistics_kept", subject=bank.public_id, content=facts)


def of_item(session: Session, item_id: int) -> Sequence[ItemStatistic]:
    """Return how the versions of an item did, the newest first."""
    return session.scalars(
        select(ItemStatistic)
        .join(ItemVersion, ItemVersion.id == ItemStatistic.item_version_id)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemStatistic.id.desc())
    ).all()


def versions_of(
    session: Session, bank_id: int, external_ids: Sequence[str]
) -> Mapping[str, list[ItemVersion]]:
    """Return every version of these items that the bank has taken in, the newest first: one query."""
    rows = session.execute(
        select(Item.external_id, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank_id, Item.external_id.in_(external_ids), taken_in(ItemVersion))
        .order_by(ItemVersion.version.desc())
    )
    found: dict[str, list[ItemVersion]] = {}
    for external_id, version in rows:
        found.setdefault(external_id, []).append(version)
    return found


def versions_of_analysis(session: Session, bank_id: int, source: str) -> Mapping[str, ItemVersion]:
    """Return by external id the version whose figures an analysis gave to this bank: one query."""
    rows = session.execute(
        select(Item.external_id, ItemVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(ItemStatistic, ItemStatistic.item_version_id == ItemVersion.id)
        .where(Item.bank_id == bank_id, ItemStatistic.source == source)
    )
    return dict(rows.all())


def hash_of(version: str, form: str, persons: int, content: Mapping[str, Any]) -> str:
    """Return the hash of one row of the history."""
    return sha256_of({"version": version, "form": form, "persons": persons, "content": dict(content)})
