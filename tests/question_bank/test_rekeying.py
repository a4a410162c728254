# SPDX-License-Identifier: Apache-2.0
"""A new key for an item that was sat: right answers change, and nothing that a candidate saw."""

from typing import Any

import pytest

from question_bank import typed_keys
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
TYPED = an_item(
    "short_answer",
    answers=[{"text": "Luật*", "fraction": "1", "match": "pattern"}, {"text": "Bộ luật", "fraction": "0.5"}],
)
NUMBER = an_item(
    "numeric", answers=[{"value": "5", "fraction": "1"}, {"low": "1", "high": "2", "fraction": "0.5"}]
)
ORDER = an_item(
    "ordering", sequence=[{"id": str(place), "text": text} for place, text in enumerate(("Một", "Hai", "Ba"))]
)
PAIRS = an_item(
    "matching",
    pairs=[{"id": "p1", "text": "Thủ đô", "match": "Hà Nội"}, {"id": "p2", "text": "Cố đô", "match": "Huế"}],
    extra_targets=["Đà Nẵng"],
)
GAPS = an_item(
    "gap_fill",
    stem="[[g2]] rồi [[g1]]",
    gaps=[
        {"id": "g1", "kind": "numeric", "answers": [{"value": "5", "fraction": "1"}]},
        {
            "id": "g2",
            "kind": "single_choice",
            "options": [
                {"id": name, "text": text, "fraction": str(int(name == "a"))}
                for name, text in OPTIONS.items()
            ],
        },
    ],
)


def earned(item: Item, response: Any) -> str:
    return str(score(item, response).score)


def test_the_new_right_option_earns_all_and_the_former_one_nothing() -> None:
    changed = rekeyed(SINGLE, ["Nghị định"])
    assert [earned(changed, name) for name in "abc"] == ["0", "3", "1.5"]
    assert right_of(changed) == ("Nghị định",)
    assert view(changed) == view(SINGLE)


def test_each_of_several_right_options_earns_the_same_part() -> None:
    changed = rekeyed(SEVERAL, tuple(OPTIONS.values()))
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
        (SINGLE, ["Luật", "Nghị định", "Thông tư"]),  # then nobody is told apart: it is neutralised
        (SEVERAL, ["Hiến pháp", "Luật"]),
        (STATEMENT, ["true", "false"]),
        (TYPED, [""]),
        (NUMBER, ["năm"]),
        (NUMBER, ["6..4"]),
        (ORDER, ["Một", "Hai"]),
        (ORDER, ["Một", "Hai", "Hai"]),
        (PAIRS, ["Hà Nội"]),
        (PAIRS, ["Hà Nội", "Vinh"]),
        (GAPS, ["Luật", "5"]),
        (an_item("essay", rubric=[{"key": "a", "title": "A", "max": "3"}]), ["Luật"]),
    ],
)
def test_a_key_that_the_item_cannot_have_is_refused(item: Item, right: list[str]) -> None:
    with pytest.raises(KeyDoesNotFit):
        rekeyed(item, right)


def test_several_answers_of_a_single_choice_can_all_be_right() -> None:
    changed = rekeyed(SINGLE, ["Nghị định", "Thông tư"])
    assert [earned(changed, name) for name in "abc"] == ["0", "3", "3"]
    assert view(changed) == view(SINGLE)


def test_accepted_texts_and_numbers_are_replaced_and_partial_credit_stays() -> None:
    changed = rekeyed(TYPED, ["Luật*", "Pháp lệnh"])
    assert [earned(changed, typed) for typed in ("luật đất đai", "PHÁP LỆNH", "Bộ luật")] == ["3", "3", "1.5"]
    assert earned(rekeyed(TYPED, ["Pháp lệnh"]), "Luật") == "0"
    changed = rekeyed(NUMBER, ["7", "9,5 ± 0,1", "20..30"])
    typed = ("5", "7", "9.4", "9,61", "20", "30", "1")
    assert [earned(changed, each) for each in typed] == ["0", "3", "3", "0", "3", "3", "1.5"]


def test_an_order_pairs_and_gaps_get_the_key_that_was_typed_with_letters() -> None:
    assert typed_keys.read(ORDER, typed_keys.written(ORDER)) == ("Một", "Hai", "Ba")
    letters = {text: letter for letter, text in typed_keys.legend(ORDER)}
    changed = rekeyed(ORDER, typed_keys.read(ORDER, " ".join(letters[each] for each in ("Ba", "Hai", "Một"))))
    assert earned(changed, score_response(changed)) == "3"
    assert earned(changed, score_response(ORDER)) == "1"
    assert view(changed) == view(ORDER)

    names = {text: letter for letter, text in typed_keys.legend(PAIRS)}
    right = typed_keys.read(PAIRS, f"1 – {names['Đà Nẵng']}; 2-{names['Huế']}")
    changed = rekeyed(PAIRS, right)
    assert earned(changed, score_response(PAIRS)) == "1.5"
    assert view(changed) == view(PAIRS)

    assert dict(typed_keys.legend(GAPS)) == {"1a": "Luật", "1b": "Nghị định", "1c": "Thông tư"}
    assert typed_keys.written(GAPS) == "1: a\n2: 5"
    changed = rekeyed(GAPS, typed_keys.read(GAPS, "1: a | b\n2: 6 | 7"))
    assert [earned(changed, {"g1": "7", "g2": name}) for name in "abc"] == ["3", "3", "1.5"]
    assert earned(changed, {"g1": "5", "g2": "b"}) == "1.5"


@pytest.mark.parametrize(
    ("item", "typed"),
    [
        (ORDER, "a, b, x"),
        (PAIRS, "1-a"),
        (PAIRS, "1-a, 1-b"),
        (GAPS, "1: a"),
        (GAPS, "1: z\n2: 5"),
        (TYPED, " "),
    ],
)
def test_what_is_typed_and_cannot_be_read_is_refused(item: Item, typed: str) -> None:
    with pytest.raises(KeyDoesNotFit):
        typed_keys.read(item, typed)


def score_response(item: Item) -> Any:
    return item.body.model_response()


def test_what_a_key_can_name_are_options_or_truths_or_nothing() -> None:
    assert answers_of(SINGLE) == tuple(OPTIONS.values())
    assert answers_of(STATEMENT) == ("true", "false")
    assert answers_of(an_item("short_answer", answers=[{"text": "Luật", "fraction": "1"}])) == ()
