# SPDX-License-Identifier: Apache-2.0
"""What the bank holds of what the blueprint asks: the explanation where no form can exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from question_bank.blueprint import Blueprint, Cell
from question_bank.item import Item
from question_bank.json_values import Json
from question_bank.kinds.description import Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A cell, or another demand of the blueprint, with what it needs and what there is."""

    cell: Mapping[str, Json]
    need: int
    have: int

    def as_dict(self) -> dict[str, Json]:
        """The entry as printed."""
        return {"cell": dict(self.cell), "need": self.need, "have": self.have}


def eligible(bank: Mapping[str, Item], blueprint: Blueprint) -> dict[str, Item]:
    """The items that may stand in a form: a mean of difficulties needs a stated difficulty of every item."""
    return {
        name: item
        for name, item in bank.items()
        if name not in blueprint.exclude
        and not isinstance(item.body, Description)
        and (blueprint.difficulty is None or item.difficulty is not None)
    }


def shortages(pool: Mapping[str, Item], blueprint: Blueprint, forms: int) -> tuple[Missing, ...]:
    """The demands that no choice of items can meet; empty where counting alone finds none.

    What there is of a cell is counted from above: no fewer questions are lacking than is told.
    """
    cells = [
        entry for cell in blueprint.cells if (entry := _cell_shortage(pool.values(), cell, blueprint, forms))
    ]
    return (
        *not_included(pool, blueprint, forms),
        *beyond(pool, blueprint),
        *cells,
        *_totals(pool, blueprint, forms),
    )


def usable_at_once(names: Iterable[str], blueprint: Blueprint) -> int:
    """How many of the items can stand in one form: of each group of enemies only one."""
    left = set(names)
    together = 0
    for group in blueprint.enemies:
        present = left & set(group)
        if present:
            together += 1
            left -= present
    return together + len(left)


def _cell_shortage(items: Iterable[Item], cell: Cell, blueprint: Blueprint, forms: int) -> Missing | None:
    names = [item.id for item in items if cell.holds(item)]
    have = _most_places(names, cell.least, blueprint, forms)
    need = cell.least * forms
    return Missing(cell=cell.as_dict(), need=need, have=have) if have < need else None


def _most_places(names: Sequence[str], count: int, blueprint: Blueprint, forms: int) -> int:
    """The most places that these items fill in all forms, of which each has `count` for them (from above)."""
    usable = min(usable_at_once(names, blueprint), count)
    reached = next(each for each in range(usable, -1, -1) if _different(each, blueprint, forms) <= len(names))
    return (
        reached * forms if reached == usable else min((reached + 1) * forms - 1, _uses(len(names), blueprint))
    )


def _uses(items: int, blueprint: Blueprint) -> int:
    return items * (1 if blueprint.max_overlap == 0 else blueprint.max_uses)


def not_included(pool: Mapping[str, Item], blueprint: Blueprint, forms: int) -> list[Missing]:
    """The included items that may not stand in every form, whatever else the bank holds."""
    allowed = blueprint.max_uses if forms == 1 or blueprint.max_overlap > 0 else 1
    found = []
    for name in blueprint.include:
        have = allowed if name in pool else 0
        if have < forms:
            found.append(Missing(cell={"include": name}, need=forms, have=have))
    return found


def beyond(pool: Mapping[str, Item], blueprint: Blueprint) -> list[Missing]:
    """The whole, where its cells ask for more; empty where an item may stand in two of them."""
    asked = sum(cell.least for cell in blueprint.cells)
    if asked <= blueprint.items or not _stand_apart(pool, blueprint):
        return []
    return [Missing(cell={"items": blueprint.items}, need=asked, have=blueprint.items)]


def _totals(pool: Mapping[str, Item], blueprint: Blueprint, forms: int) -> list[Missing]:
    need = blueprint.items * forms
    have = _most_places(tuple(pool), blueprint.items, blueprint, forms)
    if _stand_apart(pool, blueprint):
        have = min(have, _room(pool, blueprint) * forms)
    return [Missing(cell={"items": blueprint.items}, need=need, have=have)] if have < need else []


def _stand_apart(pool: Mapping[str, Item], blueprint: Blueprint) -> bool:
    """Whether no item stands in two cells."""
    return all(sum(cell.holds(item) for cell in blueprint.cells) <= 1 for item in pool.values())


def _room(pool: Mapping[str, Item], blueprint: Blueprint) -> int:
    """The most items one form can take where no item stands in two cells."""
    inside = [sum(cell.holds(item) for item in pool.values()) for cell in blueprint.cells]
    within = sum(min(cell.most, count) for cell, count in zip(blueprint.cells, inside, strict=True))
    return within + len(pool) - sum(inside)


def _different(count: int, blueprint: Blueprint, forms: int) -> int:
    """The least number of different items that all forms together take, `count` in each."""
    if blueprint.max_overlap == 0 or blueprint.max_uses == 1:
        return count * forms
    by_uses = -(-count * forms // blueprint.max_uses)
    by_overlap = sum(max(count - earlier * blueprint.max_overlap, 0) for earlier in range(forms))
    return max(by_uses, by_overlap)
