# SPDX-License-Identifier: Apache-2.0
"""What a change of a legal instrument touches: items that rest on it, and papers in which they stood."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from exam_portal.core.db import Session
from exam_portal.items import drawn, exposure, service, sources, standings
from exam_portal.items.models import Item, ItemBank, ItemStage, ItemUse, ItemVersion, taken_in
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
    found = (*_open(session, bank, wanted), *_restricted(session, bank, wanted))
    return sorted((each for each in found if _names(each.article, part)), key=lambda each: each.external_id)


def with_exposure(session: Session, found: Sequence[Touched]) -> list[Touched]:
    """Return these items with how often each stood in a paper: one query."""
    held = exposure.exposure_of(session, [each.id for each in found])
    return [dataclasses.replace(each, held=held[each.id]) for each in found]


def papers(session: Session, bank: ItemBank, instrument: str, article: str = "") -> list[TouchedPaper]:
    """Return the papers in which an item stood on the instrument, and those nobody may look into yet.

    What counts is the version that stood in the paper, though a later one may rest on something else.
    """
    wanted, part = text.search_key(instrument), text.search_key(article)
    resting = list(_resting(session, bank, wanted, part))
    if not resting:
        return []
    held = _held(session, bank, resting)
    found = []
    for paper in drawn.drawn_from(session, bank.id):
        if paper.public_id in held:
            items, at = held[paper.public_id]
            found.append(TouchedPaper(paper=paper, items=len(items), held_at=at))
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
            standings.is_last_version(),
            func.coalesce(standings.stage_of_version(), "") != ItemStage.RETIRED.value,
        )
    ).all()
    return sum(row[0] >= soon[0] for row in rows), sum(row[0] <= over[1] for row in rows)


def bounds(today: date) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return between which last days in force a source ends soon, and between which it has ended."""
    yesterday = today - timedelta(days=1)
    return (today.isoformat(), (today + SOON).isoformat()), ("0", yesterday.isoformat())


def _open(session: Session, bank: ItemBank, wanted: str) -> Iterator[Touched]:
    rows = session.execute(
        select(ItemVersion, Item.id, Item.public_id, Item.external_id, standings.stage_of_version())
        .join(Item)
        .where(
            Item.bank_id == bank.id,
            ItemVersion.instrument.contains(wanted, autoescape=True),
            ItemVersion.restricted.is_(False),
            standings.is_last_version(),
        )
    )
    for version, item_id, public_id, external_id, stage in rows:
        if _names(version.instrument, wanted):
            content: Mapping[str, Any] = version.content or {}
            if resting := _naming(content, wanted):
                yield _touched(item_id, public_id, external_id, stage, content, resting)


def _restricted(session: Session, bank: ItemBank, wanted: str) -> Iterator[Touched]:
    """Yield those whose source nobody knows without the key of the bank."""
    rows = session.execute(
        select(ItemVersion, Item.id, Item.public_id, Item.external_id, standings.stage_of_version())
        .join(Item)
        .where(Item.bank_id == bank.id, ItemVersion.restricted.is_(True), standings.is_last_version())
    )
    for version, item_id, public_id, external_id, stage in rows:
        content = native(service.content_of(session, version, bank))
        if resting := _naming(content, wanted):
            yield _touched(item_id, public_id, external_id, stage, content, resting)


def _held(
    session: Session, bank: ItemBank, resting: Iterable[tuple[int, set[int]]]
) -> dict[str, tuple[set[int], datetime]]:
    """Return the papers in which one of these versions stood: with which items, and when last."""
    uses: dict[int, list[tuple[str, int, datetime]]] = {}
    rows = session.execute(
        select(ItemUse.item_id, ItemUse.paper, ItemUse.version, ItemUse.held_at)
        .join(Item, Item.id == ItemUse.item_id)
        .where(Item.bank_id == bank.id)
    )
    for item_id, paper, version, held_at in rows:
        uses.setdefault(item_id, []).append((paper, version, held_at))
    found: dict[str, tuple[set[int], datetime]] = {}
    for item_id, numbers in resting:
        for paper, number, held_at in uses.get(item_id, ()):
            if number in numbers:
                items, last = found.get(paper, (set(), held_at))
                found[paper] = items | {item_id}, max(last, held_at)
    return found


def _resting(session: Session, bank: ItemBank, wanted: str, part: str) -> Iterator[tuple[int, set[int]]]:
    """Yield each version, the last or not, that rests on it, with its numbers: the bank's and its own."""
    versions = session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(
            Item.bank_id == bank.id,
            taken_in(ItemVersion),
            or_(
                ItemVersion.restricted.is_(True),
                ItemVersion.instrument.contains(wanted, autoescape=True),
            ),
        )
    )
    for version in versions:
        if not version.restricted and not _names(version.instrument, wanted):
            continue
        item = service.content_of(session, version, bank)
        if any(_names(source["article"], part) for source in _naming(native(item), wanted)):
            yield version.item_id, {version.version, item.version}


def _names(said: str | None, wanted: str) -> bool:
    """Whether these words stand in what a source says, whole."""
    return not wanted or f" {wanted} " in f" {text.search_key(said or '')} "


def _naming(content: Mapping[str, Any], wanted: str) -> list[Mapping[str, Any]]:
    """Return the sources of an item, and of the questions inside it, that name the instrument."""
    return [source for source in sources.of(content) if _names(source["instrument"], wanted)]


def _touched(
    item_id: int,
    public_id: str,
    external_id: str,
    stage: str | None,
    content: Mapping[str, Any],
    resting: Sequence[Mapping[str, Any]],
) -> Touched:
    """Return the item with the articles of these sources, and the day on which the first of them ends."""
    restricted = bool(content.get("restricted"))
    return Touched(
        id=item_id,
        public_id=public_id,
        external_id=external_id,
        stage=ItemStage(stage) if stage else ItemStage.DRAFT,
        stem="" if restricted else str(content.get("stem") or ""),
        restricted=restricted,
        article="; ".join(dict.fromkeys(each["article"] for each in resting if each["article"])),
        valid_to=min((each["valid_to"] for each in resting if each["valid_to"]), default=""),
    )
