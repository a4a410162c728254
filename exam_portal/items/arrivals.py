# SPDX-License-Identifier: Apache-2.0
"""Reads about files that come into a bank: what it knows, what an import has written, what is kept."""

import dataclasses
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, func, select

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.storage import Blob
from exam_portal.items.imports import Incoming, Known, unpacked
from exam_portal.items.models import Item, ItemImport, ItemStage, ItemVersion, taken_in
from exam_portal.items.standings import is_last_version, stage_of_version


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the bank holds of an item: its last version, and where that stands."""

    public_id: str
    version_id: int
    version: int
    stage: ItemStage


def known(session: Session, bank_id: int, external_ids: Collection[str] | None = None) -> dict[str, Known]:
    """Return the last version of each item of the bank (or of these), by external id: one query."""
    condition = and_(Item.bank_id == bank_id, is_last_version())
    if external_ids is not None:
        condition = and_(condition, Item.external_id.in_(external_ids))
    return _known(session, condition)


def former(
    session: Session, bank_id: int, external_ids: Collection[str] | None = None
) -> frozenset[tuple[str, str]]:
    """Return id and hash of every version that a later one of the bank has replaced: one query."""
    condition = and_(Item.bank_id == bank_id, taken_in(ItemVersion), ~is_last_version())
    if external_ids is not None:
        condition = and_(condition, Item.external_id.in_(external_ids))
    rows = session.execute(
        select(Item.external_id, ItemVersion.content_hash)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(condition)
    )
    return frozenset((row[0], row[1]) for row in rows)


def held(session: Session, bank_id: int, external_ids: Collection[str]) -> dict[str, Held]:
    """Return what the bank holds of these items, by external id: one query."""
    rows = session.execute(
        select(Item.external_id, Item.public_id, ItemVersion.id, ItemVersion.version, stage_of_version())
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank_id, Item.external_id.in_(external_ids), is_last_version())
    )
    return {
        row[0]: Held(
            public_id=row[1],
            version_id=row[2],
            version=row[3],
            stage=ItemStage(row[4]) if row[4] else ItemStage.DRAFT,
        )
        for row in rows
    }


def staged(
    session: Session, kept: ItemImport, external_ids: Collection[str] | None = None
) -> dict[str, Known]:
    """Return what an import has written already (of these items), though nobody sees it yet."""
    condition = ItemVersion.import_id == kept.id
    if external_ids is not None:
        condition = and_(condition, Item.external_id.in_(external_ids))
    return _known(session, condition)


def places(session: Session, bank_id: int, external_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return row id and highest version of these items, what nobody sees included, by external id."""
    rows = session.execute(
        select(Item.external_id, Item.id, func.max(ItemVersion.version))
        .outerjoin(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.bank_id == bank_id, Item.external_id.in_(external_ids))
        .group_by(Item.id, Item.external_id)
    )
    return {row[0]: (row[1], row[2] or 0) for row in rows}


def item_import(session: Session, bank_id: int, public_id: str) -> ItemImport:
    """Return an import of this bank, else NotFound."""
    found = session.scalar(
        select(ItemImport).where(ItemImport.bank_id == bank_id, ItemImport.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def items_of(session: Session, kept: ItemImport) -> list[Incoming]:
    """Return what the file of an import holds, ready to be written."""
    if kept.items_blob_id is None:
        return []
    return unpacked(session.files.read(session, session.get_one(Blob, kept.items_blob_id)))


def imports_of(session: Session, bank_id: int) -> Sequence[ItemImport]:
    """Return the files that were read for this bank, the newest first."""
    return session.scalars(
        select(ItemImport).where(ItemImport.bank_id == bank_id).order_by(ItemImport.id.desc()).limit(20)
    ).all()


def _known(session: Session, condition: ColumnElement[bool]) -> dict[str, Known]:
    rows = session.execute(
        select(Item.external_id, ItemVersion.version, ItemVersion.content_hash)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(condition)
    )
    return {row[0]: Known(version=row[1], content_hash=row[2]) for row in rows}
