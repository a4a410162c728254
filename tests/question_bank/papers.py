# SPDX-License-Identifier: Apache-2.0
"""Builders of banks, forms and seals."""

from decimal import Decimal
from typing import Any

from question_bank.item import Item
from question_bank.paper import PaperForm
from question_bank.sealing import SealSecrets
from tests.question_bank.builders import KINDS, an_item, options, raw_item, read_raw


def a_bank(size: int = 60, topics: int = 3) -> tuple[Item, ...]:
    """Items spread over topics and three levels, difficulties from 0.30 to 0.89."""
    raw = [
        raw_item(
            id=f"Q{number:03d}",
            topics=[f"T{number % topics}"],
            level=("remember", "understand", "apply")[number // topics % 3],
            difficulty=f"0.{30 + number * 7 % 60}",
        )
        for number in range(size)
    ]
    return read_raw(*raw).items


def a_form(**overrides: Any) -> PaperForm:
    """A form with one item of every kind."""
    settings: dict[str, Any] = {
        "id": "F1",
        "title": "Đề số 1",
        "kind": "official",
        "language": "vi",
        "minutes": 60,
        "marks": Decimal(100),
        "items": tuple(an_item(kind) for kind in KINDS),
        "shuffle_items": True,
    }
    return PaperForm(**{**settings, **overrides})


def a_choice_form() -> PaperForm:
    """Two four-option items, the last option of the second one fixed."""
    fixed = options("0", "1", "0", "0")
    fixed[3]["fixed"] = True
    return a_form(items=(an_item(id="Q1"), an_item(id="Q2", options=fixed)))


def secrets(fill: int = 1) -> SealSecrets:
    """Secrets that are no secret: one repeated byte."""
    return SealSecrets(key=bytes([fill]) * 32, nonce=bytes([fill + 1]) * 32, iv=bytes([fill + 2]) * 12)
