# SPDX-License-Identifier: Apache-2.0
"""What a blueprint can ask a bank for: its approved items by topic, level, kind and stated difficulty.

Open items are counted from columns. Restricted ones tell these facts under the bank's key only: they are
opened to be counted, for pages of who may read the bank.
"""

import dataclasses
import json
from collections import Counter
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from exam_portal.core.db import Session
from exam_portal.items import imports, standings
from exam_portal.items.models import Item, ItemBank, ItemStage, ItemVersion
from question_bank.json_values import parse_decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How many approved items of the bank are like this."""

    topic: str
    level: str
    kind: str
    difficulty: Decimal | None
    count: int


def supply(session: Session, bank: ItemBank) -> list[Supply]:
    """Return the approved items of the bank, counted; only for who may read it. Two queries."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    facts = (ItemVersion.topic, ItemVersion.level, ItemVersion.kind, ItemVersion.difficulty)
    rows = _approved(bank, select(*facts, func.count()), restricted=False).group_by(*facts)
    for topic, level, kind, difficulty, count in session.execute(rows):
        found[topic, level, kind, difficulty] += count
    sealed = session.scalars(_approved(bank, select(ItemVersion.sealed_content), restricted=True)).all()
    if sealed:
        for content in session.keys.open_all(bank.key_id, sealed, imports.RESTRICTED_CONTEXT):
            fields = json.loads(content)
            topic, level, difficulty = imports.facts_of(fields)
            found[topic, level, fields["kind"], difficulty] += 1
    return [
        Supply(topic=topic, level=level, kind=kind, difficulty=parse_decimal(difficulty), count=count)
        for (topic, level, kind, difficulty), count in sorted(found.items())
    ]


def undecided(session: Session, bank: ItemBank) -> int:
    """Return how many approved open items have options that name others, undecided where they stand."""
    wanted = _approved(bank, select(func.count()).select_from(ItemVersion), restricted=False)
    return session.scalar(wanted.where(ItemVersion.places.in_(("open", "undecided")))) or 0


def _approved(
    bank: ItemBank, wanted: Select[*tuple[Any, ...]], *, restricted: bool
) -> Select[*tuple[Any, ...]]:
    return (
        wanted.join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank.id, ItemVersion.restricted.is_(restricted))
        .where(standings.is_last_version(), standings.stage_of_version() == ItemStage.APPROVED.value)
    )
