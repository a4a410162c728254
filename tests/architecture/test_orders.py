# SPDX-License-Identifier: Apache-2.0
"""What is read in an order has one order: rows of one instant or one name change no places by chance."""

import ast

import pytest

from tests.architecture import tree

SHARED = frozenset({"name", "title"})  # by two rows, where no constraint forbids it; and every instant
OWN_NAMES = frozenset({"Room.name"})  # a competition has no two rooms of one name


def _undecided(source: str) -> list[str]:
    """The orders that end with what two rows may share."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    last = [
        ast.unparse(call.args[-1]).removesuffix(".desc()")
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "order_by" and call.args
    ]
    return [each for each in last if _may_be_shared(each) and each not in OWN_NAMES]


def _may_be_shared(column: str) -> bool:
    name = column.rsplit(".", maxsplit=1)[-1]
    return name in SHARED or name == "at" or name.endswith("_at")


def test_every_order_is_decided_to_the_end() -> None:
    found = [
        f"{tree.name(path)}: {each}"
        for path in tree.with_suffix(".py")
        if tree.name(path).startswith("exam_portal/")
        for each in _undecided(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("order", ["Sitting.starts_at", "Bank.part, Bank.title", "Sitting.starts_at.desc()"])
def test_an_order_that_two_rows_may_share_is_found(order: str) -> None:
    assert _undecided(f"rows.order_by({order})")
    assert not _undecided(f"rows.order_by({order}, Sitting.id)")
