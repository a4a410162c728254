# SPDX-License-Identifier: Apache-2.0
"""Easy, medium and hard questions: bands of the expected share of right answers, between two cuts.

They are cells of the blueprint like any other (``from``, ``to``, ``count`` or ``min`` and ``max``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from exam_portal.items.supply import Supply
from question_bank.blueprint import Cell
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


def difficulties(supply: Iterable[Supply]) -> Mapping[Decimal, int]:
    """Return how many of these questions state each difficulty."""
    found: Counter[Decimal] = Counter()
    for each in supply:
        if each.difficulty is not None:
            found[each.difficulty] += each.count
    return found


def count(of: Bounds, difficulties: Mapping[Decimal, int]) -> int:
    """Return how many of them lie in the band."""
    cell = Cell(topic=None, level=None, least=0, most=0, easiness_from=of.low, easiness_to=of.high)
    return sum(number for stated, number in difficulties.items() if cell.band_holds(stated))
