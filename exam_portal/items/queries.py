# SPDX-License-Identifier: Apache-2.0
"""Reads of the item bank: what it holds, where each version stands, what a search finds."""

import dataclasses
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import selectinload

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import standings
from exam_portal.items.models import (
    Item,
    ItemBank,
    ItemImport,
    ItemReview,
    ItemStage,
    ItemVersion,
    taken_in,
)
from question_bank import formats, text
from question_bank.item import Item as BankItem

PAGE = 25


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """An item as the list of a bank shows it; a restricted one shows neither stem nor topic."""

    public_id: str
    version_id: int
    external_id: str
    version: int
    kind: str
    stem: str
    topic: str
    level: str
    restricted: bool
    stage: ItemStage
    places: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a search asks for; empty means everything."""

    words: str = ""
    topic: str = ""
    level: str = ""
    stage: str = ""
    source_ends: tuple[str, str] | None = None  # between these days, both included
    places: str = ""  # how items stand with options that name others; "any" of them
    ids: frozenset[str] | None = None  # public ids of items that were chosen one by one


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a bank holds for one person to read: drafts of others, and what others have reviewed."""

    bank: ItemBank
    drafts: int
    reviewed: int


def parsed(content: Mapping[str, Any]) -> BankItem:
    """Return the item of a stored native content."""
    return parsed_bytes(json.dumps(content, ensure_ascii=False).encode())


def parsed_bytes(content: bytes) -> BankItem:
    """Return the item of stored native bytes; what the bank stored once reads again."""
    fields = json.loads(content)
    language = fields.pop("language", "vi")
    document = {"schema": "exam-portal/items/1", "language": language, "items": [fields]}
    result = formats.read(json.dumps(document, ensure_ascii=False).encode(), "native")
    if not result.complete or len(result.items) != 1:
        raise ValueError(f"a stored item does not read: {result.errors}")
    return result.items[0]


def last_version(session: Session, bank_id: int, external_id: str) -> ItemVersion:
    """Return the last version of an item that the bank holds."""
    return session.scalars(
        select(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id, Item.external_id == external_id, standings.is_last_version())
    ).one()


def holds(session: Session, bank_id: int | None, external_id: str) -> bool:
    """Whether the bank holds an item of this id, whatever its stage."""
    found = select(Item.id).where(Item.bank_id == bank_id, Item.external_id == external_id)
    return session.scalar(found) is not None


def banks(session: Session, organisation_ids: Sequence[int]) -> list[tuple[ItemBank, int]]:
    """Return the banks of these organisations with the number of their items: one query."""
    rows = session.execute(
        select(ItemBank, func.count(Item.id))
        .outerjoin(Item, and_(Item.bank_id == ItemBank.id, Item.versions.any()))
        .where(ItemBank.organisation_id.in_(organisation_ids))
        .group_by(ItemBank.id)
        .order_by(ItemBank.title, ItemBank.id)
    )
    return [(row[0], row[1]) for row in rows]


def search(session: Session, bank_id: int, wanted: Filter, *, page: int = 1) -> tuple[list[ItemEntry], int]:
    """Return a page of items and how many there are in all: two queries, whatever the size of the bank."""
    stage = standings.stage_of_version()
    condition = and_(Item.bank_id == bank_id, standings.is_last_version(), *_conditions(wanted, stage))
    joined = select(ItemVersion, Item.external_id, Item.public_id, stage).join(Item)
    rows = session.execute(
        joined.where(condition).order_by(Item.external_id).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    total = session.scalar(select(func.count()).select_from(ItemVersion).join(Item).where(condition)) or 0
    return [_entry(row[0], row[1], row[2], row[3]) for row in rows], total


def every(session: Session, bank_id: int, *, stage: ItemStage, kinds: Collection[str]) -> list[ItemEntry]:
    """Return every item of these kinds at this stage, by id; restricted ones without their words."""
    at = standings.stage_of_version()
    rows = session.execute(
        select(ItemVersion, Item.external_id, Item.public_id, at)
        .join(Item)
        .where(
            Item.bank_id == bank_id,
            standings.is_last_version(),
            at == stage.value,
            ItemVersion.kind.in_(kinds),
        )
        .order_by(Item.external_id)
    )
    return [_entry(row[0], row[1], row[2], row[3]) for row in rows]


def heads(
    session: Session, bank_id: int, wanted: Filter, *, among: Collection[int] | None = None
) -> list[standings.VersionHead]:
    """Return every last version (of these rows) that a search finds, with the last word on it: one query."""
    bank: ColumnElement[bool] = Item.bank_id == bank_id
    if among is not None:  # look these rows up, and do not search the bank for them: hence the sum
        bank = and_(Item.bank_id + 0 == bank_id, ItemVersion.id.in_(among))
    last_word = (
        select(func.max(ItemReview.id))
        .where(ItemReview.item_version_id == ItemVersion.id)
        .correlate(ItemVersion)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ItemVersion.id,
            ItemVersion.author_id,
            ItemVersion.content_hash,
            ItemReview.stage,
            ItemReview.by,
            ItemReview.at,
            ItemVersion.restricted,
            ItemVersion.places,
        )
        .join(Item)
        .outerjoin(ItemReview, ItemReview.id == last_word)
        .where(bank, standings.is_last_version(), *_conditions(wanted, standings.stage_of_version()))
    )
    return [
        standings.VersionHead(
            id=row[0],
            author_id=row[1],
            content_hash=row[2],
            standing=standings.Standing(stage=ItemStage(row[3]), by=row[4], at=row[5]) if row[3] else None,
            restricted=row[6],
            places=row[7],
        )
        for row in rows
    ]


def counts(session: Session, bank_id: int) -> dict[ItemStage, int]:
    """Return how many items of the bank stand at each stage: one query."""
    stage = standings.stage_of_version()
    rows = session.execute(
        select(stage, func.count())
        .select_from(ItemVersion)
        .join(Item)
        .where(Item.bank_id == bank_id, standings.is_last_version())
        .group_by(stage)
    )
    return {ItemStage(row[0] or ItemStage.DRAFT.value): row[1] for row in rows}


def waiting(session: Session, organisation_ids: Collection[int], account_id: int) -> list[Waiting]:
    """Return the banks that hold something for this person to review or to approve: one query."""
    stage, by = standings.last_word(ItemReview.stage), standings.last_word(ItemReview.by)
    drafts = func.count(case((stage.is_(None), 1)))
    reviewed = func.count(case((and_(stage == ItemStage.REVIEWED.value, by != account_id), 1)))
    rows = session.execute(
        select(ItemBank, drafts, reviewed)
        .join(Item, Item.bank_id == ItemBank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(
            ItemBank.organisation_id.in_(organisation_ids),
            ItemVersion.author_id != account_id,
            standings.is_last_version(),
        )
        .group_by(ItemBank.id)
        .order_by(ItemBank.title, ItemBank.id)
    )
    return [Waiting(bank=row[0], drafts=row[1], reviewed=row[2]) for row in rows if row[1] or row[2]]


def item(session: Session, bank_id: int, public_id: str) -> Item:
    """Return an item of this bank, else NotFound."""
    found = session.scalar(
        select(Item)
        .where(Item.bank_id == bank_id, Item.public_id == public_id)
        .options(selectinload(Item.versions))
    )
    if found is None or not found.versions:
        raise NotFound
    return found


def pool_stamp(session: Session, bank_id: int) -> str:
    """Return what changes whenever the approved items of the bank might have changed."""
    committed = select(func.count(ItemImport.committed_at)).where(ItemImport.bank_id == bank_id)
    last_version, last_review = session.execute(
        select(func.max(ItemVersion.id), func.max(ItemReview.id))
        .select_from(Item)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .outerjoin(ItemReview, ItemReview.item_version_id == ItemVersion.id)
        .where(Item.bank_id == bank_id, taken_in(ItemVersion))
    ).one()
    return f"{session.scalar(committed)}/{last_version or 0}/{last_review or 0}"


def topics(session: Session, bank_id: int) -> list[str]:
    """Return the topics of the bank's unrestricted items."""
    rows = session.scalars(
        select(ItemVersion.topic)
        .join(Item)
        .where(Item.bank_id == bank_id, standings.is_last_version(), ItemVersion.topic != "")
        .distinct()
        .order_by(ItemVersion.topic)
    )
    return list(rows)


def found_versions(session: Session, bank_id: int, wanted: Filter, *, most: int) -> Sequence[ItemVersion]:
    """Return the last versions that a search finds, by the ids of their items, and no more than so many."""
    conditions = _conditions(wanted, standings.stage_of_version())
    rows = select(ItemVersion).join(Item).where(Item.bank_id == bank_id, standings.is_last_version())
    return session.scalars(rows.where(*conditions).order_by(Item.external_id).limit(most)).all()


def approved_versions(session: Session, bank_id: int) -> Sequence[ItemVersion]:
    """Return the approved last versions of the bank: the pool from which papers are drawn."""
    return session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(
            Item.bank_id == bank_id,
            standings.is_last_version(),
            standings.stage_of_version() == ItemStage.APPROVED.value,
        )
        .order_by(Item.external_id)
    ).all()


def _conditions(wanted: Filter, stage: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        ItemVersion.search_text.contains(word, autoescape=True)
        for word in text.search_key(wanted.words).split()
    ]
    if wanted.topic:
        conditions.append(ItemVersion.topic == wanted.topic)
    if wanted.level:
        conditions.append(ItemVersion.level == wanted.level)
    if wanted.source_ends:
        conditions.append(ItemVersion.valid_to.between(*wanted.source_ends))
    if wanted.places == "any":
        conditions.append(ItemVersion.places != "")
    elif wanted.places:
        conditions.append(ItemVersion.places == wanted.places)
    if wanted.ids is not None:
        conditions.append(Item.public_id.in_(wanted.ids))
    if wanted.stage == ItemStage.DRAFT:
        conditions.append(stage.is_(None))
    elif wanted.stage:
        conditions.append(stage == wanted.stage)
    return conditions


def _entry(version: ItemVersion, external_id: str, public_id: str, stage: str | None) -> ItemEntry:
    return ItemEntry(
        public_id=public_id,
        version_id=version.id,
        external_id=external_id,
        version=version.version,
        kind=version.kind,
        stem="" if version.content is None else str(version.content["stem"]),
        topic=version.topic,
        level=version.level,
        restricted=version.restricted,
        stage=ItemStage(stage) if stage else ItemStage.DRAFT,
        places=version.places,
    )
