# SPDX-License-Identifier: Apache-2.0
"""Figures of a form go to the version of each question that was held, and to no other."""

from typing import Any

import pytest

from exam_portal.results.item_responses import is_version
from question_bank.item import unrecognisable
from question_bank.registry import KINDS
from tests.question_bank.builders import an_item, options, raw_item

SEED = bytes(range(32))
CORRECTED: dict[str, dict[str, Any]] = {
    "single_choice": {"options": options("1", "0", "0", "0")},
    "true_false": {"answer": False},
    "numeric": {"answers": [{"value": "64"}]},
    "case_study": {"items": [raw_item(options=options("1", "0", "0", "0"))]},
    "ordering": {"sequence": [{"id": name, "text": f"Bước {name}"} for name in "ba"]},
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_question_is_known_again_under_the_names_a_form_gives_its_options(kind: str) -> None:
    item = an_item(kind)
    assert is_version(item, unrecognisable(item, SEED))


@pytest.mark.parametrize("kind", CORRECTED)
def test_a_corrected_key_is_another_version_even_under_the_same_number(kind: str) -> None:
    held = unrecognisable(an_item(kind), SEED)
    assert not is_version(an_item(kind, **CORRECTED[kind]), held)
