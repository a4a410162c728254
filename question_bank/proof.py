# SPDX-License-Identifier: Apache-2.0
"""Checks of assembled forms, written apart from the code that assembles them.

The assembler chooses; this module only counts. It takes nothing from the assembler but the ids it chose.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.blueprint import Blueprint, Cell, difficulty_text
from question_bank.item import Item
from question_bank.json_values import Json, decimal_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One constraint, the value found, and whether it holds."""

    constraint: str
    value: str
    holds: bool

    def as_dict(self) -> dict[str, Json]:
        """The check as printed."""
        return {"constraint": self.constraint, "value": self.value, "holds": self.holds}


def checks(
    forms: Sequence[Sequence[str]], number: int, bank: Mapping[str, Item], blueprint: Blueprint
) -> tuple[Check, ...]:
    """Every constraint of the blueprint, held against form `number` among all forms."""
    chosen = forms[number]
    found = [_count(chosen, blueprint), _known(chosen, bank)]
    items = [bank[name] for name in chosen if name in bank]
    found += [_cell(cell, items) for cell in blueprint.cells]
    if blueprint.item_marks is not None:
        found.append(_marks(items, blueprint.item_marks))
    if blueprint.difficulty is not None:
        found.append(_difficulty(items, blueprint))
    found += _lists(set(chosen), blueprint)
    found += _between(forms, number, blueprint)
    return tuple(found)


def _count(chosen: Sequence[str], blueprint: Blueprint) -> Check:
    different = len(set(chosen))
    holds = len(chosen) == different == blueprint.items
    return Check(constraint=f"items = {blueprint.items}", value=str(different), holds=holds)


def _known(chosen: Sequence[str], bank: Mapping[str, Item]) -> Check:
    unknown = sum(1 for name in chosen if name not in bank)
    return Check(constraint="items of the bank only", value=str(len(chosen) - unknown), holds=unknown == 0)


def _cell(cell: Cell, items: list[Item]) -> Check:
    inside = sum(
        1
        for item in items
        if (cell.topic is None or cell.topic in item.topics)
        and (cell.level is None or cell.level == item.level)
        and _in_band(item.difficulty, cell.easiness_from, cell.easiness_to)
    )
    name = " × ".join(part for part in (cell.topic, cell.level, _band(cell)) if part is not None)
    bound = str(cell.least) if cell.least == cell.most else f"{cell.least}–{cell.most}"
    return Check(constraint=f"{name} = {bound}", value=str(inside), holds=cell.least <= inside <= cell.most)


def _band(cell: Cell) -> str | None:
    if cell.easiness_from is None and cell.easiness_to is None:
        return None
    low = Decimal(0) if cell.easiness_from is None else cell.easiness_from
    high = Decimal(1) if cell.easiness_to is None else cell.easiness_to
    return f"difficulty {decimal_text(low)}–{decimal_text(high)}"


def _in_band(difficulty: Decimal | None, low: Decimal | None, high: Decimal | None) -> bool:
    if low is None and high is None:
        return True
    if difficulty is None or (low is not None and difficulty < low):
        return False
    return high is None or difficulty < high or (high == 1 and difficulty == 1)


def _marks(items: list[Item], wanted: Decimal) -> Check:
    total = sum((item.marks for item in items), Decimal(0))
    return Check(
        constraint=f"marks of the items = {decimal_text(wanted)}",
        value=decimal_text(total),
        holds=total == wanted,
    )


def _difficulty(items: list[Item], blueprint: Blueprint) -> Check:
    assert blueprint.difficulty is not None
    stated = [item.difficulty for item in items if item.difficulty is not None]
    mean = sum(stated, Decimal(0)) / len(stated) if stated else Decimal(0)
    off = abs(sum(stated, Decimal(0)) - blueprint.difficulty.mean * len(stated))
    holds = bool(stated) and len(stated) == len(items) and off <= blueprint.difficulty.tolerance * len(stated)
    value = decimal_text(mean.quantize(Decimal("0.000001")))
    return Check(
        constraint=f"mean difficulty = {difficulty_text(blueprint.difficulty)}", value=value, holds=holds
    )


def _lists(chosen: set[str], blueprint: Blueprint) -> list[Check]:
    found = []
    if blueprint.include:
        absent = sorted(set(blueprint.include) - chosen)
        found.append(
            Check(constraint="included items present", value=", ".join(absent) or "all", holds=not absent)
        )
    if blueprint.exclude:
        present = sorted(set(blueprint.exclude) & chosen)
        found.append(
            Check(constraint="excluded items absent", value=", ".join(present) or "all", holds=not present)
        )
    for group in blueprint.enemies:
        together = len(chosen & set(group))
        found.append(
            Check(constraint=f"at most one of {', '.join(group)}", value=str(together), holds=together <= 1)
        )
    return found


def _between(forms: Sequence[Sequence[str]], number: int, blueprint: Blueprint) -> list[Check]:
    uses = Counter(name for form in forms for name in set(form))
    most_used = max((uses[name] for name in forms[number]), default=0)
    others = [set(form) for place, form in enumerate(forms) if place != number]
    shared = max((len(other & set(forms[number])) for other in others), default=0)
    return [
        Check(
            constraint=f"uses of an item ≤ {blueprint.max_uses}",
            value=str(most_used),
            holds=most_used <= blueprint.max_uses,
        ),
        Check(
            constraint=f"items shared with another form ≤ {blueprint.max_overlap}",
            value=str(shared),
            holds=shared <= blueprint.max_overlap,
        ),
    ]
