# SPDX-License-Identifier: Apache-2.0
"""The structures of the GIFT grammar's own cases agree with the trees that grammar expects."""

import json
from pathlib import Path
from typing import Any

import pytest

from question_bank import formats
from question_bank.item import Item, native
from tests.question_bank.builders import SHARED
from tests.question_bank.formats.gift_trees import expected_items

CASES = sorted((SHARED / "data" / "corpus" / "gift_cases").glob("*/*.gift"))


@pytest.mark.skipif(not CASES, reason="the shared GIFT cases are not on this machine")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_gives_the_items_its_tree_describes(path: Path) -> None:
    expected = expected_items(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
    result = formats.read(path, "gift")
    assert result.errors == ()
    assert [_kept(item, want) for item, want in zip(result.items, expected, strict=True)] == expected


def _kept(item: Item, want: dict[str, Any]) -> dict[str, Any]:
    """Of the item the keys the tree speaks of."""
    found = native(item)
    return {key: found[key] for key in want}
