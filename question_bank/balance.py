# SPDX-License-Identifier: Apache-2.0
"""What a form is like beside its sisters: items of each cell, difficulty, marks, time. It names no item.

Counted from the items that stand in the form, by code that takes nothing from whoever chose them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.json_values import Json, decimal_text

PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One form in figures. The mean difficulty is of the items that state one, `stated` of them."""

    items: int
    cells: tuple[int, ...]  # in the order of the blueprint
    stated: int
    mean: Decimal | None
    marks: Decimal
    minutes: int

    def as_dict(self) -> dict[str, Json]:
        """The figures as stored and printed."""
        return {
            "items": self.items,
            "cells": self.cells,
            "stated": self.stated,
            "mean": None if self.mean is None else decimal_text(self.mean),
            "marks": decimal_text(self.marks),
            "minutes": self.minutes,
        }


def balance_of(items: Sequence[Item], blueprint: Blueprint) -> Balance:
    """Return the figures of a form with these items."""
    stated = [item.difficulty for item in items if item.difficulty is not None]
    mean = (sum(stated, Decimal(0)) / len(stated)).quantize(PLACES) if stated else None
    return Balance(
        items=len({item.id for item in items}),
        cells=tuple(sum(cell.holds(item) for item in items) for cell in blueprint.cells),
        stated=len(stated),
        mean=mean,
        marks=sum((item.marks for item in items), Decimal(0)),
        minutes=blueprint.minutes,
    )
