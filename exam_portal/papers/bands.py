# SPDX-License-Identifier: Apache-2.0
"""Easy, medium and hard questions: bands of the expected share of right answers, between two cuts.

They are cells of the blueprint like any other (``from``, ``to``, ``count`` or ``min`` and ``max``).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.items.models import Item, ItemBank, ItemStage, ItemVersion
from exam_portal.items.standings import is_last_version, stage_of_version
from exam_portal.papers.preparing import fits
from question_bank.blueprint import Cell
from question_bank.json_values import parse_decimal
from question_bank.paper import MOST_ITEMS

NAMES = ("easy", "medium", "hard")
EASY_FROM, HARD_BELOW = Decimal("0.7"), Decimal("0.3")  # usual in classical item analysis


class Bounds(NamedTuple):
    """From (with) to (without); None where the scale ends."""

    low: Decimal | None
    high: Decimal | None


def bounds(hard_below: Decimal, easy_from: Decimal) -> Mapping[str, Bounds]:
    """Return the bounds of each band."""
    return {
        "easy": Bounds(easy_from, None),
        "medium": Bounds(hard_below, easy_from),
        "hard": Bounds(None, hard_below),
    }


def cells(
    hard_below: Decimal, easy_from: Decimal, counts: Mapping[str, tuple[int | None, int | None]]
) -> tuple[Cell, ...]:
    """Return the cells of the bands for which a count, from or to, was asked."""
    return tuple(
        Cell(
            topic=None,
            level=None,
            least=least or 0,
            most=MOST_ITEMS if most is None else most,
            easiness_from=each.low,
            easiness_to=each.high,
        )
        for name, each in bounds(hard_below, easy_from).items()
        for least, most in (counts[name],)
        if least or most is not None
    )


def difficulties(session: Session, bank: ItemBank, *, written: bool) -> Mapping[Decimal, int]:
    """Return how many approved questions that fit the part state each difficulty; of restricted ones none."""
    rows = session.execute(
        select(ItemVersion.kind, ItemVersion.content)
        .join(Item)
        .where(Item.bank_id == bank.id, is_last_version(), ItemVersion.content.is_not(None))
        .where(stage_of_version() == ItemStage.APPROVED.value)
    )
    found: dict[Decimal, int] = {}
    for kind, content in rows:
        stated = parse_decimal(content["difficulty"] or "")
        if stated is not None and fits(kind, written=written):
            found[stated] = found.get(stated, 0) + 1
    return found


def count(of: Bounds, difficulties: Mapping[Decimal, int]) -> int:
    """Return how many of them lie in the band."""
    cell = Cell(topic=None, level=None, least=0, most=0, easiness_from=of.low, easiness_to=of.high)
    return sum(number for stated, number in difficulties.items() if cell.band_holds(stated))
