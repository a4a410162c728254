# SPDX-License-Identifier: Apache-2.0
"""Where versions of items stand: the last word on each, and which version of an item is the last."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from exam_portal.core.db import Session
from exam_portal.items.models import ItemReview, ItemStage, ItemVersion, taken_in


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The last word on a version."""

    stage: ItemStage
    by: int
    at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VersionHead:
    """As much of a version as a review of many needs."""

    id: int
    author_id: int
    content_hash: str
    standing: Standing | None
    restricted: bool
    places: str


def stages(session: Session, version_ids: Sequence[int]) -> dict[int, Standing]:
    """Return where versions stand; those without a review are drafts and are left out."""
    later = aliased(ItemReview)
    rows = session.scalars(
        select(ItemReview).where(
            ItemReview.item_version_id.in_(version_ids),
            ~exists().where(later.item_version_id == ItemReview.item_version_id, later.id > ItemReview.id),
        )
    )
    return {row.item_version_id: standing for row in rows if (standing := _standing(row)) is not None}


def reviews_of(session: Session, version_ids: Sequence[int]) -> Sequence[ItemReview]:
    """Return every word on these versions, the first one first."""
    return session.scalars(
        select(ItemReview).where(ItemReview.item_version_id.in_(version_ids)).order_by(ItemReview.id)
    ).all()


def is_last(session: Session, version: ItemVersion) -> bool:
    """Whether no later version of the item exists."""
    later = select(ItemVersion.id).where(
        ItemVersion.item_id == version.item_id, ItemVersion.version > version.version, taken_in(ItemVersion)
    )
    return session.scalar(later.limit(1)) is None


def stage_of_version() -> Any:
    """Return the last word on the version as a column; null for a draft."""
    return last_word(ItemReview.stage)


def is_last_version() -> ColumnElement[bool]:
    """Whether the version is the last one of its item that is there at all."""
    later = aliased(ItemVersion)
    newer = (later.item_id == ItemVersion.item_id, later.version > ItemVersion.version)
    return and_(taken_in(ItemVersion), ~exists().where(*newer, taken_in(later)))


def _standing(word: ItemReview | None) -> Standing | None:
    if word is None:
        return None
    return Standing(stage=ItemStage(word.stage), by=word.by, at=word.at)


def last_word(column: InstrumentedAttribute[Any]) -> Any:
    """Return a column of the last review of the version; null where there is none."""
    return (
        select(column)
        .where(ItemReview.item_version_id == ItemVersion.id)
        .order_by(ItemReview.id.desc())
        .limit(1)
        .correlate(ItemVersion)
        .scalar_subquery()
    )
