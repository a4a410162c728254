# SPDX-License-Identifier: Apache-2.0
"""In how many held papers an item stood, and when last: papers tell the bank once they have been opened."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, func, insert, select, type_coerce

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import arrivals, imports, standings
from exam_portal.items.models import Item, ItemBank, ItemUse, ItemVersion
from question_bank import enemies
from question_bank.item import Item as BankItem
from scoring.verify.canonical import sha256_of

SCHEMA = "exam-portal/item-use/1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """In how many held papers an item stood, and the instant at which the last of them was opened."""

    times: int = 0
    last_held: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One item, by its id in the bank, in one form of an opened paper."""

    form: str
    item: str
    version: int


NEVER = Exposure()


def exposure_of(session: Session, item_ids: Collection[int]) -> Mapping[int, Exposure]:
    """Return the exposure of these items by row id, of each of them (`NEVER` where it was in none)."""
    found = dict.fromkeys(item_ids, NEVER)
    counted = (
        select(ItemUse.item_id, func.count(func.distinct(ItemUse.paper)), func.max(ItemUse.held_at))
        .where(ItemUse.item_id.in_(item_ids))
        .group_by(ItemUse.item_id)
    )
    for item_id, times, last_held in session.execute(counted):
        found[item_id] = Exposure(times=times, last_held=last_held)
    return found


def exposure_in_bank(session: Session, bank_id: int) -> Mapping[str, Exposure]:
    """Return the exposure of the items of a bank that stood in a held paper, by their id in the bank."""
    counted = (
        select(Item.external_id, func.count(func.distinct(ItemUse.paper)), func.max(ItemUse.held_at))
        .join(ItemUse, ItemUse.item_id == Item.id)
        .where(Item.bank_id == bank_id)
        .group_by(Item.external_id)
    )
    return {name: Exposure(times=times, last_held=last) for name, times, last in session.execute(counted)}


def enemies_of(session: Session, bank_id: int, content: BankItem) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the groups of an item by name, with id and public id of the open items that are in them, too."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in sorted(enemies.names(content))}
    if not found:
        return found
    rows = session.execute(
        select(Item.external_id, Item.public_id, ItemVersion.content)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(
            Item.bank_id == bank_id,
            Item.external_id != content.id,
            func.lower(type_coerce(ItemVersion.content, Text)).contains(enemies.PREFIX),
            standings.is_last_version(),
        )
        .order_by(Item.external_id)
    )
    for external_id, public_id, held in rows:
        for name in enemies.names_in((held or {}).get("tags") or ()) & found.keys():
            found[name].append((external_id, public_id))
    return found


def keep(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bank: ItemBank,
    paper: str,
    held_at: datetime,
    uses: Sequence[Use],
) -> bool:
    """The bank remembers which of its items stood in the paper, once; whether it had not known before."""
    bank = session.get_one(ItemBank, bank.id, with_for_update=True)
    if session.scalar(select(ItemUse.id).where(ItemUse.paper == paper).limit(1)) is not None:
        return False
    places = arrivals.places(session, bank.id, {use.item for use in uses})
    rows = [
        {
            "item_id": places[use.item][0],
            "paper": paper,
            "form": use.form,
            "version": use.version,
            "held_at": held_at,
        }
        for use in uses
        if use.item in places
    ]
    if not rows:
        return False
    session.execute(insert(ItemUse), rows)
    kept = [use for use in uses if use.item in places]
    facts = {"bank": bank.public_id, "paper": paper, "held_at": audit.stamp(held_at), "count": len(kept)}
    facts["hashes"] = hash_of(kept)
    audit.record(session, actor, now, type="items.uses_kept", subject=bank.public_id, content=facts)
    return True


def hash_of(uses: Iterable[Use]) -> str:
    """Return the hash by which the record names what stood in a paper."""
    each = (
        sha256_of({"_": SCHEMA, "form": use.form, "item": use.item, "version": use.version}) for use in uses
    )
    return imports.hash_of_all(each)
