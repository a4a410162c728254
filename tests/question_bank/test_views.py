# SPDX-License-Identifier: Apache-2.0
"""What a candidate is shown holds nothing of the key: planted marks never come through."""

from typing import Any

import pytest
from hypothesis import given

from question_bank import item as items
from question_bank.json_values import Json
from question_bank.kinds.body import token
from tests.question_bank import builders, strategies
from tests.question_bank.builders import SECRET, an_item, read_raw

ALLOWED = {
    "id", "version", "kind", "language", "stem", "marks", "options", "prompts", "targets", "entries", "gaps",
    "stimulus", "items", "steps", "min_words", "max_words", "text",
}  # fmt: skip

# Where an author writes what candidates must not see, per kind.
PLANTED: dict[str, dict[str, Any]] = {
    "single_choice": {
        "options": [
            {"id": "a", "text": "x", "fraction": "1", "feedback": SECRET},
            {"id": "b", "text": "y", "fraction": "0", "feedback": SECRET},
        ]
    },
    "multiple_choice": {
        "options": [
            {"id": "a", "text": "x", "fraction": "1", "feedback": SECRET},
            {"id": "b", "text": "y", "fraction": "-1", "feedback": SECRET},
        ]
    },
    "true_false": {"feedback_true": SECRET, "feedback_false": SECRET},
    "short_answer": {"answers": [{"text": SECRET, "feedback": SECRET}]},
    "numeric": {"answers": [{"value": "73737373", "feedback": SECRET}]},
    "matching": {},
    "ordering": {
        "sequence": [{"id": f"{SECRET}-1", "text": "x"}, {"id": f"{SECRET}-2", "text": "y"}],
    },
    "gap_fill": {
        "stem": "[[g1]] [[g2]]",
        "gaps": [
            {"id": "g1", "kind": "short_answer", "answers": [{"text": SECRET}]},
            {"id": "g2", "kind": "numeric", "answers": [{"value": "73737373"}]},
        ],
    },
    "essay": {"rubric": [{"key": "k", "title": SECRET, "max": "100", "guidance": SECRET}]},
    "case_study": {
        "items": [
            {
                "id": "C1", "kind": "short_answer", "stem": "x", "title": SECRET, "feedback": SECRET,
                "answers": [{"text": SECRET}], "tags": [SECRET], "source": {"article": SECRET},
            },
            {"id": "C2", "kind": "essay", "stem": "y", "rubric": [{"key": "k", "title": SECRET, "max": "1"}]},
        ]
    },
    "description": {},
}  # fmt: skip


@pytest.mark.parametrize("kind", builders.KINDS)
def test_nothing_planted_in_the_key_reaches_a_candidate(kind: str) -> None:
    item = an_item(
        kind,
        title=SECRET,
        feedback=SECRET,
        tags=[SECRET],
        topics=[SECRET],
        level="apply",
        difficulty="0.7373",
        source={"instrument": SECRET, "article": SECRET},
        **PLANTED[kind],
    )
    shown = str(items.view(item))
    assert SECRET in str(items.native(item))
    for secret in (
        SECRET,
        "73737373",
        "0.7373",
        "fraction",
        "feedback",
        "answers",
        "rubric",
        "guidance",
        "apply",
    ):
        assert secret not in shown


def _keys(shown: Json) -> set[str]:
    if isinstance(shown, dict):
        return set(shown) | {key for value in shown.values() for key in _keys(value)}
    return {key for value in shown for key in _keys(value)} if isinstance(shown, list | tuple) else set()


@given(strategies.items())
def test_a_view_has_no_key_outside_the_allow_list(raw: strategies.Raw) -> None:
    assert _keys(items.view(read_raw(raw).items[0])) <= ALLOWED


@given(strategies.single_choices())
def test_the_view_does_not_change_with_the_credit_of_the_options(raw: strategies.Raw) -> None:
    moved = [option["fraction"] for option in raw["options"]]
    other = [{**option, "fraction": moved[place - 1]} for place, option in enumerate(raw["options"])]
    first, second = read_raw(raw), read_raw({**raw, "options": other})
    assert items.view(first.items[0]) == items.view(second.items[0])


def test_the_ids_of_targets_and_entries_say_nothing_about_the_order_of_the_author() -> None:
    matching, ordering = items.view(an_item("matching")), items.view(an_item("ordering"))
    for entries in (matching["targets"], ordering["entries"]):
        assert isinstance(entries, list)
        ids = [entry["id"] for entry in entries]
        assert ids == sorted(ids)
        assert ids == [token(entry["text"]) for entry in entries]
