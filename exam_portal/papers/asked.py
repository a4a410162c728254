# SPDX-License-Identifier: Apache-2.0
"""What an officer asks a drawing for: what of it may be stored in the open, and the whole as it is sealed."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from question_bank.blueprint import Cell, Difficulty, difficulty_text
from question_bank.item import Item


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an officer asks for: counts by (topic, level), chosen items, a total, and how it is given."""

    counts: Mapping[tuple[str, str], int]
    chosen: Sequence[str] = ()
    total: int | None = None
    forms: int = 1
    may_share: bool = False  # several forms may hold the same items
    max_shared: int | None = None  # at most so many in common with another form; None: any number
    shuffle_items: bool = True
    with_reserve: bool = False
    minutes: int = 60
    title: str = ""
    scale: Decimal = Decimal(100)
    difficulty: Difficulty | None = None
    bands: Sequence[Cell] = ()  # of difficulty: cells that name neither topic nor level
    enemies: Sequence[tuple[str, ...]] = ()  # of each group at most one in a form
    left_out: Sequence[str] = ()
    included: Sequence[str] = ()  # in every form
    max_exposure: int | None = None  # who stood in so many held papers rests
    cool_down_months: int | None = None  # who stood in one within so many months rests
    resting: Sequence[str] = ()  # the bank says which (papers.resting)
    bank_enemies: Sequence[tuple[str, ...]] = ()  # groups named by tags of the items
    sealed: Sequence[
        tuple[str, str]
    ] = ()  # of the counts: where no open item stands, so that they stay secret

    @property
    def items(self) -> int:
        """How many items a form has."""
        return max(self.total or 0, sum(self.counts.values()) + len(self.chosen))

    def stored(self) -> dict[str, Any]:
        """Return what is stored of it in the open.

        Not the chosen items, which are composition, nor topics and levels that only restricted items have.
        """
        return {
            "schema": "exam-portal/blueprint/1",
            "items": self.items,
            "marks": f"{self.scale:f}",
            "minutes": self.minutes,
            "cells": [
                *(
                    {"topic": topic, "level": level, "count": count}
                    for (topic, level), count in sorted(self.counts.items())
                    if (topic, level) not in self.sealed
                ),
                *(band.as_dict() for band in self.bands),
            ],
            "sealed": sum(self.counts[place] for place in self.sealed),
            "chosen": len(self.chosen),
            "difficulty": None if self.difficulty is None else difficulty_text(self.difficulty),
            "enemies": len(self.enemies),
            "left_out": len(self.left_out),
            "included": len(self.included),
            "max_exposure": self.max_exposure,
            "cool_down_months": self.cool_down_months,
            "resting": len(self.resting),
            "bank_enemies": len(self.bank_enemies),
            "forms": self.forms,
            "may_share": self.may_share,
            "max_shared": self.max_shared,
            "shuffle_items": self.shuffle_items,
        }

    def open_cells(self, figures: Sequence[Any]) -> list[Any]:
        """Return of figures, one for each cell of the blueprint, those of the cells stored in the open."""
        is_open = [place not in self.sealed for place in sorted(self.counts)] + [True] * len(self.bands)
        return [figure for figure, shown in zip(figures, is_open, strict=True) if shown]

    def whole(self) -> dict[str, Any]:
        """Return everything, as it is sealed until the draw."""
        return {
            **dataclasses.asdict(self),
            "counts": [[topic, level, count] for (topic, level), count in sorted(self.counts.items())],
            "scale": f"{self.scale:f}",
            "bands": [band.as_dict() for band in self.bands],
            "difficulty": self.difficulty and [f"{self.difficulty.mean:f}", f"{self.difficulty.tolerance:f}"],
        }


def holds(place: tuple[str, str], item: Item) -> bool:
    """Whether the item stands in the place, a topic and a level; an empty one is any."""
    topic, level = place
    return (not topic or topic in item.topics) and (not level or level == item.level)


def of(whole: Mapping[str, Any]) -> Asked:
    """Return what was asked, from what was sealed."""
    difficulty = whole["difficulty"]
    read = {
        "counts": {(topic, level): count for topic, level, count in whole["counts"]},
        "chosen": tuple(whole["chosen"]),
        "scale": Decimal(whole["scale"]),
        "difficulty": difficulty
        and Difficulty(mean=Decimal(difficulty[0]), tolerance=Decimal(difficulty[1])),
        "bands": tuple(map(_band, whole["bands"])),
        "enemies": tuple(map(tuple, whole["enemies"])),
        "bank_enemies": tuple(map(tuple, whole["bank_enemies"])),
        "sealed": tuple(map(tuple, whole["sealed"])),
        "left_out": tuple(whole["left_out"]),
    }
    return Asked(**{**whole, **read})


def _band(cell: Mapping[str, Any]) -> Cell:
    exact = cell.get("count")
    return Cell(
        topic=None,
        level=None,
        least=cell["min"] if exact is None else exact,
        most=cell["max"] if exact is None else exact,
        easiness_from=Decimal(cell["from"]) if "from" in cell else None,
        easiness_to=Decimal(cell["to"]) if "to" in cell else None,
    )
