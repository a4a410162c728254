# SPDX-License-Identifier: Apache-2.0
"""What an officer asks a drawing for: what of it may be stored in the open, and the whole as it is sealed."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from question_bank.blueprint import Difficulty, difficulty_text


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an officer asks for: counts by (topic, level), chosen items, a total, and how it is given."""

    counts: Mapping[tuple[str, str], int]
    chosen: Sequence[str] = ()
    total: int | None = None
    forms: int = 1
    may_share: bool = False  # several forms may hold the same items
    shuffle_items: bool = True
    with_reserve: bool = False
    minutes: int = 60
    title: str = ""
    scale: Decimal = Decimal(100)
    difficulty: Difficulty | None = None
    enemies: Sequence[tuple[str, ...]] = ()  # of each group at most one in a form
    left_out: Sequence[str] = ()

    @property
    def items(self) -> int:
        """How many items a form has."""
        return max(self.total or 0, sum(self.counts.values()) + len(self.chosen))

    def stored(self) -> dict[str, Any]:
        """Return what is stored of it in the open: everything but the chosen items, which are composition."""
        return {
            "schema": "exam-portal/blueprint/1",
            "items": self.items,
            "marks": f"{self.scale:f}",
            "minutes": self.minutes,
            "cells": [
                {"topic": topic, "level": level, "count": count}
                for (topic, level), count in sorted(self.counts.items())
            ],
            "chosen": len(self.chosen),
            "difficulty": None if self.difficulty is None else difficulty_text(self.difficulty),
            "enemies": len(self.enemies),
            "left_out": len(self.left_out),
            "forms": self.forms,
            "may_share": self.may_share,
            "shuffle_items": self.shuffle_items,
        }

    def whole(self) -> dict[str, Any]:
        """Return everything, as it is sealed until the draw."""
        return {
            **dataclasses.asdict(self),
            "counts": [[topic, level, count] for (topic, level), count in sorted(self.counts.items())],
            "scale": f"{self.scale:f}",
            "difficulty": self.difficulty and [f"{self.difficulty.mean:f}", f"{self.difficulty.tolerance:f}"],
        }


def of(whole: Mapping[str, Any]) -> Asked:
    """Return what was asked, from what was sealed."""
    difficulty = whole["difficulty"]
    read = {
        "counts": {(topic, level): count for topic, level, count in whole["counts"]},
        "chosen": tuple(whole["chosen"]),
        "scale": Decimal(whole["scale"]),
        "difficulty": difficulty
        and Difficulty(mean=Decimal(difficulty[0]), tolerance=Decimal(difficulty[1])),
        "enemies": tuple(map(tuple, whole["enemies"])),
        "left_out": tuple(whole["left_out"]),
    }
    return Asked(**{**whole, **read})
