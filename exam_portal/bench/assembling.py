# SPDX-License-Identifier: Apache-2.0
"""Assembly measured on made-up banks: how long forms take, and how near they come to the difficulty."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from question_bank import assembly
from question_bank.blueprint import Blueprint, Cell, Difficulty
from question_bank.item import Item, LegalSource
from question_bank.kinds.essay import Essay

TOPICS = tuple(f"T{number}" for number in range(8))
LEVELS = ("remember", "understand", "apply", "analyse")
MEAN = Decimal("0.60")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """So many forms of so many questions each, from a bank of this size; the aim is a number of seconds."""

    forms: int
    length: int
    bank: int
    aim: int


CASES = (Case(forms=4, length=40, bank=2000, aim=5), Case(forms=10, length=60, bank=5000, aim=90))


def run(say: Callable[[str], None], seed: int) -> list[dict[str, Any]]:
    """Assemble each case and return what it took."""
    return [_measured(case, seed, say) for case in CASES]


def in_words(found: list[dict[str, Any]]) -> str:
    """The findings as lines."""
    return "\n".join(
        f"{each['forms']} × {each['length']} of {each['bank']}: {each['seconds']} s (aim {each['aim']}), "
        f"{each['status']}, furthest mean off by {each['off_percent']} %"
        for each in found
    )


def _measured(case: Case, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    bank = _bank(case.bank)
    begin = time.monotonic()
    found = assembly.assemble(
        bank, _blueprint(case.length), case.forms, seed, tell=lambda told: say(f"{told.step} {told.form}")
    )
    took = time.monotonic() - begin
    known = assembly.bank_of(bank)
    means = [
        sum((known[name].difficulty or Decimal(0) for name in form.items), Decimal(0)) / case.length
        for form in found.forms
    ]
    off = max((abs(mean - MEAN) / MEAN * 100 for mean in means), default=Decimal(100))
    return {
        "forms": case.forms,
        "length": case.length,
        "bank": case.bank,
        "aim": case.aim,
        "seconds": f"{took:.1f}",
        "status": found.status,
        "off_percent": f"{off:.2f}",
    }


def _bank(size: int) -> list[Item]:
    drawn = random.Random(3)  # noqa: S311 - a made-up bank, the same each time
    return [
        Item(
            id=f"Q{number:05d}",
            version=1,
            language="vi",
            title="",
            stem="?",
            body=Essay(rubric=(), min_words=None, max_words=None),
            marks=Decimal(1),
            shuffle=False,
            topics=(drawn.choice(TOPICS),),
            level=drawn.choice(LEVELS),
            difficulty=Decimal(drawn.randrange(200, 950)) / 1000,
            source=LegalSource(),
            tags=(),
            feedback=None,
        )
        for number in range(size)
    ]


def _blueprint(length: int) -> Blueprint:
    least = length // (len(TOPICS) * len(LEVELS))
    cells = [
        Cell(topic=topic, level=level, least=least, most=least + 2) for topic in TOPICS for level in LEVELS
    ]
    return Blueprint(
        items=length,
        marks=Decimal(100),
        minutes=60,
        cells=tuple(cells),
        difficulty=Difficulty(mean=MEAN, tolerance=MEAN / 100),
    )
