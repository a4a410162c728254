# SPDX-License-Identifier: Apache-2.0
"""Two versions of an item differ in exactly the facts that were changed, and a text word by word."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import comparison
from question_bank.item import Item
from tests.harness.pace import Stopwatch
from tests.question_bank.builders import KINDS, Raw, raw_item, read_raw


def item_of(raw: Raw) -> Item:
    """The item, read."""
    return read_raw(raw).items[0]


def _paths(before: Item, after: Item) -> list[tuple[str, ...]]:
    return [change.path for change in comparison.changes(before, after)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_does_not_differ_from_its_next_version_that_says_the_same(kind: str) -> None:
    assert _paths(item_of(raw_item(kind)), item_of(raw_item(kind, version=2))) == []


def test_a_moved_key_and_a_new_source_are_two_facts_each_with_its_place() -> None:
    before = raw_item()
    options: list[Raw] = [dict(option) for option in before["options"]]
    options[0]["fraction"], options[1]["fraction"] = "1", "0"
    after = {**before, "options": options, "source": {"instrument": "Luật 80/2025/QH15"}}
    found = comparison.changes(item_of(before), item_of(after))
    assert [(change.path, change.before, change.after) for change in found] == [
        (("options", "a", "fraction"), "0", "1"),
        (("options", "b", "fraction"), "1", "0"),
        (("source", "instrument"), None, "Luật 80/2025/QH15"),
    ]


def test_a_key_that_became_false_is_told_as_false_and_not_as_missing() -> None:
    before, after = raw_item("true_false"), raw_item("true_false", answer=False)
    found = comparison.changes(item_of(before), item_of(after))
    assert [(change.path, change.before, change.after) for change in found] == [(("answer",), True, False)]


def test_an_option_that_moved_is_told_as_an_order_and_one_that_came_by_its_words_only() -> None:
    before = raw_item()
    moved = {**before, "options": list(reversed(before["options"]))}
    assert _paths(item_of(before), item_of(moved)) == [("options", "order")]
    new = {"id": "z", "text": "Phương án mới", "fraction": "0"}
    longer = {**before, "options": [new, *before["options"]]}
    assert _paths(item_of(before), item_of(longer)) == [
        ("options", "z", "text"),
        ("options", "z", "fraction"),
    ]
    assert _paths(item_of(longer), item_of(before)) == [
        ("options", "z", "text"),
        ("options", "z", "fraction"),
    ]


@given(st.text(alphabet="ab ă,\n", max_size=40), st.text(alphabet="ab ă,\n", max_size=40))
def test_the_parts_of_a_comparison_spell_both_texts(before: str, after: str) -> None:
    parts = comparison.words(before, after)
    assert "".join(part.text for part in parts if part.kind != "added") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after


def test_texts_that_have_little_in_common_and_very_long_ones_are_told_as_replaced() -> None:
    for before, after in (("Một hai ba", "Bốn, năm; sáu"), ("a b " * 3000, "a c " * 3000)):
        assert [part.kind for part in comparison.words(before, after)] == ["removed", "added"]


def _text(letter: str, times: int) -> str:
    """One word again and again, another between: each step of a comparison finds one that stays."""
    return " ".join(f"a {letter}{number}" for number in range(times))


@pytest.mark.parametrize(
    ("before", "after", "is_told_as_replaced"),
    [
        ("a " * 990, "b a " * 490, True),
        (_text("x", 440), _text("y", 440), True),
        (_text("x", 250), _text("y", 250), None),
        (" ".join(map(str, range(1900))), " ".join(map(str, range(1, 1901))), False),
        ("a" + " \n" * 30_000, "b" + "\n " * 30_000, True),
    ],
)
def test_no_two_texts_hold_a_reader_up(before: str, after: str, is_told_as_replaced: bool | None) -> None:
    with Stopwatch() as watch:
        kinds = [part.kind for part in comparison.words(before, after)]
    assert watch.seconds < 2
    if is_told_as_replaced is not None:
        assert (kinds == ["removed", "added"]) is is_told_as_replaced


def test_a_long_text_of_a_law_with_a_few_changes_is_compared_word_by_word() -> None:
    said = [
        "khi",
        "người",
        "có",
        "thẩm",
        "quyền",
        "giải",
        "quyết",
        "khiếu",
        "nại",
        "của",
        "công",
        "dân",
        "theo",
        "quy",
        "định",
        "của",
        "pháp",
        "luật",
    ]
    numbered = (
        f"{word}{place % 29}" for place, word in zip(range(1800), itertools.cycle(said), strict=False)
    )
    before = " ".join(numbered)
    assert not comparison.is_too_much(before, before)
    after = before.replace("khi0", "sau", 1)
    assert [part.kind for part in comparison.words(before, after)] == ["removed", "added", "same"]
    assert comparison.is_too_much("a " * 990, "b a " * 490)


def test_blanks_are_compared_with_the_words_that_they_stand_before() -> None:
    parts = comparison.words("một hai\n\nba", "một hai ba bốn")
    assert [(part.kind, part.text) for part in parts] == [
        ("same", "một hai"),
        ("removed", "\n\n"),
        ("added", " "),
        ("same", "ba"),
        ("added", " bốn"),
    ]
