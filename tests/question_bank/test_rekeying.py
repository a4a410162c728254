# SPDX-License-Identifier: Apache-2.0
"""A new key for an item that was sat: right answers change, and nothing that a candidate saw."""

from typing import Any

import pytest

from question_bank.fields import Fields
from question_bank.item import Item, score, unrecognisable, view
from question_bank.json_reader import node_of
from question_bank.problems import Problems
from question_bank.registry import read_item
from question_bank.rekeying import KeyDoesNotFit, answers_of, rekeyed, right_of

OPTIONS = {"a": "Luật", "b": "Nghị định", "c": "Thông tư"}


def an_item(kind: str, fractions: dict[str, str] | None = None, **own: Any) -> Item:
    fields = {
        "id": "Q-1",
        "version": 1,
        "kind": kind,
        "title": "",
        "stem": "Văn bản nào?",
        "marks": "3",
        "shuffle": True,
        **own,
    }
    if fractions is not None:
        fields["options"] = [
            {"id": name, "text": OPTIONS[name], "fraction": share} for name, share in fractions.items()
        ]
    problems = Problems("")
    read = read_item(Fields(node_of(fields), (), problems), "vi")
    assert read is not None, problems.found()
    return read


SINGLE = an_item("single_choice", {"a": "1", "b": "0", "c": "0.5"})
SEVERAL = an_item("multiple_choice", {"a": "0.5", "b": "0.5", "c": "-0.5"})
STATEMENT = an_item("true_false", answer=True)


def earned(item: Item, response: Any) -> str:
    return str(score(item, response).score)


def test_the_new_right_option_earns_all_and_the_former_one_nothing() -> None:
    changed = rekeyed(SINGLE, ["Nghị định"])
    assert [earned(changed, name) for name in "abc"] == ["0", "3", "1.5"]
    assert right_of(changed) == ("Nghị định",)
    assert view(changed) == view(SINGLE)


def test_each_of_several_right_options_earns_the_same_part() -> None:
    changed = rekeyed(SEVERAL, OPTIONS.values())
    assert earned(changed, ["a", "b", "c"]) == "3"
    assert earned(changed, ["a"]) == earned(changed, ["c"]) == "0.999999"
    narrowed = rekeyed(SEVERAL, ["Thông tư"])
    assert earned(narrowed, ["c"]) == "3"
    assert earned(narrowed, ["a", "c"]) == "1.5"


def test_a_statement_is_turned_round() -> None:
    assert earned(rekeyed(STATEMENT, ["false"]), "false") == "3"
    assert earned(rekeyed(STATEMENT, ["false"]), "true") == "0"


def test_a_key_in_the_words_of_the_options_fits_every_form_that_holds_the_item() -> None:
    for seed in (bytes(32), b"1" * 32):
        form_item = unrecognisable(SINGLE, seed)
        changed = rekeyed(form_item, ["Thông tư"])
        chosen = next(option["id"] for option in view(changed)["options"] if option["text"] == "Thông tư")  # type: ignore[index,union-attr,call-overload]
        assert earned(changed, chosen) == "3"
        assert view(changed) == view(form_item)


@pytest.mark.parametrize(
    ("item", "right"),
    [
        (SINGLE, []),
        (SINGLE, ["Hiến pháp"]),
        (SINGLE, ["Luật", "Nghị định"]),
        (SEVERAL, ["Hiến pháp", "Luật"]),
        (STATEMENT, ["true", "false"]),
        (an_item("short_answer", answers=[{"text": "Luật", "fraction": "1"}]), ["Luật"]),
    ],
)
def test_a_key_that_the_item_cannot_have_is_refused(item: Item, right: list[str]) -> None:
    with pytest.raises(KeyDoesNotFit):
        rekeyed(item, right)


def test_what_a_key_can_name_are_options_or_truths_or_nothing() -> None:
    assert answers_of(SINGLE) == tuple(OPTIONS.values())
    assert answers_of(STATEMENT) == ("true", "false")
    assert answers_of(an_item("short_answer", answers=[{"text": "Luật", "fraction": "1"}])) == ()
