# SPDX-License-Identifier: Apache-2.0
"""What a change of a legal instrument touches: items that rest on it, and papers in which they stood."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.items import drawn, exposure, queries, service
from exam_portal.items.models import Item, ItemBank, ItemStage, ItemUse, ItemVersion
from question_bank import text
from question_bank.item import native

SOON = timedelta(days=60)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """An item that rests on the instrument; of a restricted one nothing but its source."""

    id: int
    public_id: str
    external_id: str
    stage: ItemStage
    stem: str
    restricted: bool
    article: str
    valid_to: str
    held: exposure.Exposure = exposure.NEVER

    def outlives(self, day: date | None) -> bool:
        """Whether the item would still be used after the instrument has changed: somebody has to act."""
        return self.stage is not ItemStage.RETIRED and (
            day is None or not self.valid_to or self.valid_to >= day.isoformat()
        )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TouchedPaper:
    """A paper drawn from the bank, and how many of the items stood in it; None while that is secret."""

    paper: drawn.DrawnPaper
    items: int | None
    held_at: datetime | None


def touched(session: Session, bank: ItemBank, instrument: str, article: str = "") -> list[Touched]:
    """Return the items of the bank that rest on the instrument (and the article), by id."""
    wanted, part = text.search_key(instrument), text.search_key(article)
    found = [
        each
        for each in (*_open(session, bank, wanted), *_restricted(session, bank, wanted))
        if f" {part} " in f" {text.search_key(each.article)} " or not part
    ]
    held = exposure.exposure_of(session, [each.id for each in found])
    return sorted(
        (dataclasses.replace(each, held=held[each.id]) for each in found), key=lambda each: each.external_id
    )


def papers(session: Session, bank: ItemBank, items: Sequence[Touched]) -> list[TouchedPaper]:
    """Return the papers in which one of the items stood, and those that nobody may look into yet."""
    rows = session.execute(
        select(ItemUse.paper, func.count(func.distinct(ItemUse.item_id)), func.max(ItemUse.held_at))
        .where(ItemUse.item_id.in_([each.id for each in items]))
        .group_by(ItemUse.paper)
    )
    held: Mapping[str, tuple[int, datetime]] = {row[0]: (row[1], row[2]) for row in rows}
    found = []
    for paper in drawn.drawn_from(session, bank.id):
        if paper.public_id in held:
            count, at = held[paper.public_id]
            found.append(TouchedPaper(paper=paper, items=count, held_at=at))
        elif not paper.is_opened:
            found.append(TouchedPaper(paper=paper, items=None, held_at=None))
    return found


def ending(session: Session, bank_id: int, today: date) -> tuple[int, int]:
    """Return how many open items rest on a source that ends soon, and on one that has ended: one query."""
    soon, over = bounds(today)
    rows = session.execute(
        select(ItemVersion.valid_to)
        .join(Item)
        .where(
            Item.bank_id == bank_id,
            ItemVersion.valid_to.between("0", soon[1]),
            queries.is_last_version(),
            func.coalesce(queries.stage_of_version(), "") != ItemStage.RETIRED.value,
        )
    ).all()
    return sum(row[0] >= soon[0] for row in rows), sum(row[0] <= over[1] for row in rows)


def bounds(today: date) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return between which last days in force a source ends soon, and between which it has ended."""
    yesterday = today - timedelta(days=1)
    return (today.isoformat(), (today + SOON).isoformat()), ("0", yesterday.isoformat())


def _open(session: Session, bank: ItemBank, wanted: str) -> Iterator[Touched]:
    rows = session.execute(
        select(ItemVersion, Item.id, Item.public_id, Item.external_id, queries.stage_of_version())
        .join(Item)
        .where(
            Item.bank_id == bank.id,
            ItemVersion.instrument.contains(wanted, autoescape=True),
            ItemVersion.restricted.is_(False),
            queries.is_last_version(),
        )
    )
    for version, item_id, public_id, external_id, stage in rows:
        if f" {wanted} " in f" {version.instrument} ":
            content: Mapping[str, Any] = version.content or {}
            yield _touched(item_id, public_id, external_id, stage, content, restricted=False)


def _restricted(session: Session, bank: ItemBank, wanted: str) -> Iterator[Touched]:
    """Yield those whose source nobody knows without the key of the bank."""
    rows = session.execute(
        select(ItemVersion, Item.id, Item.public_id, Item.external_id, queries.stage_of_version())
        .join(Item)
        .where(Item.bank_id == bank.id, ItemVersion.restricted.is_(True), queries.is_last_version())
    )
    for version, item_id, public_id, external_id, stage in rows:
        item = service.content_of(session, version)
        if f" {wanted} " in f" {text.search_key(item.source.instrument or '')} ":
            yield _touched(item_id, public_id, external_id, stage, native(item), restricted=True)


def _touched(
    item_id: int,
    public_id: str,
    external_id: str,
    stage: str | None,
    content: Mapping[str, Any],
    *,
    restricted: bool,
) -> Touched:
    source = content.get("source") or {}
    return Touched(
        id=item_id,
        public_id=public_id,
        external_id=external_id,
        stage=ItemStage(stage) if stage else ItemStage.DRAFT,
        stem="" if restricted else str(content.get("stem") or ""),
        restricted=restricted,
        article=source.get("article") or "",
        valid_to=source.get("valid_to") or "",
    )
