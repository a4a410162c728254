# SPDX-License-Identifier: Apache-2.0
"""Items name their enemies by a tag; whoever carries the same one stands in a form alone."""

from question_bank import enemies
from tests.question_bank.builders import an_item


def test_items_with_the_same_tag_are_a_group_whatever_its_case_and_a_lone_one_is_none() -> None:
    tagged = {
        "Q1": ["enemies: Thẩm quyền"],
        "Q2": ["khác", "Enemies:thẩm  quyền"],
        "Q3": ["enemies:một mình"],
    }
    items = [an_item(id=name, tags=tags) for name, tags in {**tagged, "Q4": []}.items()]
    assert dict(enemies.groups(items)) == {"thẩm quyền": ("Q1", "Q2")}
    assert enemies.names(items[2]) == {"một mình"}
    assert enemies.names(items[3]) == frozenset()
