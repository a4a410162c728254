# SPDX-License-Identifier: Apache-2.0
"""What the bank holds of what the blueprint asks: the explanation where no form can exist."""

from collections.abc import Iterable, Mapping
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
    """The demands that no choice of items can meet; empty where counting alone finds none."""
    cells = [
        entry for cell in blueprint.cells if (entry := _cell_shortage(pool.values(), cell, blueprint, forms))
    ]
    return (*_included(pool, blueprint, forms), *cells, *_totals(pool, blueprint, forms))


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
    usable = usable_at_once(names, blueprint)
    if usable < cell.least:
        return Missing(cell=cell.as_dict(), need=cell.least, have=usable)
    need = _different(cell.least, blueprint, forms)
    return Missing(cell=cell.as_dict(), need=need, have=len(names)) if len(names) < need else None


def _included(pool: Mapping[str, Item], blueprint: Blueprint, forms: int) -> list[Missing]:
    allowed = blueprint.max_uses if forms == 1 or blueprint.max_overlap > 0 else 1
    found = []
    for name in blueprint.include:
        have = allowed if name in pool else 0
        if have < forms:
            found.append(Missing(cell={"include": name}, need=forms, have=have))
    return found


def _totals(pool: Mapping[str, Item], blueprint: Blueprint, forms: int) -> list[Missing]:
    whole: dict[str, Json] = {"items": blueprint.items}
    found = []
    need = _different(blueprint.items, blueprint, forms)
    if len(pool) < need:
        found.append(Missing(cell=whole, need=need, have=len(pool)))
    if all(sum(cell.holds(item) for cell in blueprint.cells) <= 1 for item in pool.values()):
        asked = sum(cell.least for cell in blueprint.cells)
        room = _room(pool, blueprint)
        if asked > blueprint.items:
            found.append(Missing(cell=whole, need=asked, have=blueprint.items))
        elif room < blueprint.items:
            found.append(Missing(cell=whole, need=blueprint.items, have=room))
    return found


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
