# SPDX-License-Identifier: Apache-2.0
"""What a response of each kind earns, in tables; and bounds that hold for any response."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import item as items
from question_bank.grading import InvalidResponse
from question_bank.json_values import Json
from question_bank.kinds.body import token
from question_bank.registry import KINDS
from tests.question_bank import builders, strategies
from tests.question_bank.builders import an_item, options, read_raw

RIGHT = {"p1": token("Lập pháp"), "p2": token("Hành pháp"), "p3": token("Tư pháp")}

EXACT = {"grading": "exact"}
WHOLE = {**builders.raw_item("multiple_choice", id="C1", marks="2"), **EXACT}
OTHER = builders.raw_item("true_false", id="C2")

# kind, overrides, response, score, max
TABLE: list[tuple[str, dict[str, Any], Json, str, str]] = [
    ("single_choice", {}, "b", "1", "1"),
    ("single_choice", {}, ["b"], "1", "1"),
    ("single_choice", {}, "a", "0", "1"),
    ("single_choice", {}, None, "0", "1"),
    ("single_choice", {}, "", "0", "1"),
    ("single_choice", {"marks": "2.5"}, "b", "2.5", "2.5"),
    ("single_choice", {"options": options("1", "0.5", "-0.5")}, "b", "0.5", "1"),
    ("single_choice", {"options": options("1", "0.5", "-0.5")}, "c", "0", "1"),
    ("multiple_choice", {}, ["a", "b"], "1", "1"),
    ("multiple_choice", {}, ["b", "a"], "1", "1"),
    ("multiple_choice", {}, ["a"], "0.5", "1"),
    ("multiple_choice", {}, ["a", "b", "c"], "0.5", "1"),
    ("multiple_choice", {}, ["c", "d"], "0", "1"),
    ("multiple_choice", {}, ["a", "b", "c", "d"], "0", "1"),
    ("multiple_choice", {}, [], "0", "1"),
    ("multiple_choice", {"options": options("0.333", "0.333", "0.333", "-1")}, ["a", "b", "c"], "1", "1"),
    ("multiple_choice", {"options": options("0.333", "0.333", "0.333", "-1")}, ["a", "b"], "0.666", "1"),
    ("true_false", {}, "true", "1", "1"),
    ("true_false", {}, True, "1", "1"),
    ("true_false", {}, "false", "0", "1"),
    ("true_false", {"answer": False}, False, "1", "1"),
    ("true_false", {}, None, "0", "1"),
    ("short_answer", {}, "hội  ĐỒNG nhân dân ", "1", "1"),
    ("short_answer", {}, "HĐND", "0.5", "1"),
    ("short_answer", {}, "hđnd", "0", "1"),
    ("short_answer", {}, "Hội đồng thi tuyển", "0.25", "1"),
    ("short_answer", {}, "Ủy ban", "0", "1"),
    ("short_answer", {"answers": [{"text": "hòa bình"}]}, "Hoà bình", "1", "1"),
    ("short_answer", {"answers": [{"text": "ủy quyền"}]}, "uỷ quyền", "1", "1"),
    ("short_answer", {"answers": [{"text": "5\\*", "match": "pattern"}]}, "5*", "1", "1"),
    ("short_answer", {"answers": [{"text": "5\\*", "match": "pattern"}]}, "51", "0", "1"),
    ("short_answer", {"answers": [{"text": "a*b*c", "match": "pattern"}]}, "a x b y c", "1", "1"),
    ("short_answer", {"answers": [{"text": "ab*ba", "match": "pattern"}]}, "aba", "0", "1"),
    ("numeric", {}, "2.5", "1", "1"),
    ("numeric", {}, "2,6", "1", "1"),
    ("numeric", {}, "+2.4", "1", "1"),
    ("numeric", {}, "2.61", "0.5", "1"),
    ("numeric", {}, "3", "0.5", "1"),
    ("numeric", {}, "3.01", "0", "1"),
    ("numeric", {}, "hai rưỡi", "0", "1"),
    ("numeric", {}, "1e0", "0", "1"),
    ("matching", {"marks": "3"}, RIGHT, "3", "3"),
    ("matching", {"marks": "3"}, list(map(list, RIGHT.items())), "3", "3"),
    ("matching", {"marks": "3"}, {**RIGHT, "p3": token("Kiểm toán")}, "2", "3"),
    ("matching", {}, RIGHT, "1", "1"),
    ("matching", {}, {"p1": RIGHT["p1"]}, "0.333333", "1"),
    ("matching", {}, {"p1": None}, "0", "1"),
    ("ordering", {}, ["0", "1", "2"], "1", "1"),
    ("ordering", {}, [token("Lập"), token("Chấp hành"), token("Quyết toán")], "1", "1"),
    ("ordering", {}, ["0", "2", "1"], "0.333333", "1"),
    ("ordering", {"grading": "adjacent"}, ["1", "2", "0"], "0.5", "1"),
    ("ordering", {"grading": "adjacent"}, ["2", "1", "0"], "0", "1"),
    ("ordering", {"grading": "exact"}, ["0", "2", "1"], "0", "1"),
    ("gap_fill", {"marks": "2"}, {"g1": "5", "g2": "a"}, "2", "2"),
    ("gap_fill", {"marks": "2"}, {"g1": "5"}, "0.5", "2"),
    ("gap_fill", {"marks": "2"}, {"g2": "a"}, "1.5", "2"),
    ("gap_fill", {}, {}, "0", "1"),
    ("multiple_choice", EXACT, None, "0", "1"),
    ("multiple_choice", EXACT, ["a"], "0", "1"),
    ("multiple_choice", EXACT, ["b", "a"], "1", "1"),
    ("multiple_choice", EXACT, ["a", "b", "c"], "0", "1"),
    ("multiple_choice", {**EXACT, "options": options("0.5", "0.5", "0")}, ["a", "b", "c"], "0", "1"),
    (
        "multiple_choice",
        {**EXACT, "options": options("0.333", "0.333", "0.333", "0")},
        ["a", "b", "c"],
        "1",
        "1",
    ),
    ("matching", EXACT, None, "0", "1"),
    ("matching", EXACT, {"p1": RIGHT["p1"], "p2": RIGHT["p2"]}, "0", "1"),
    ("matching", EXACT, {**RIGHT, "p3": token("Kiểm toán")}, "0", "1"),
    ("matching", {**EXACT, "marks": "3"}, RIGHT, "3", "3"),
    ("gap_fill", EXACT, {}, "0", "1"),
    ("gap_fill", EXACT, {"g2": "a"}, "0", "1"),
    ("gap_fill", EXACT, {"g1": "6", "g2": "a"}, "0", "1"),
    ("gap_fill", {**EXACT, "marks": "2"}, {"g1": "5", "g2": "a"}, "2", "2"),
    ("case_study", {"items": [WHOLE, OTHER]}, {"C1": ["a"], "C2": "true"}, "1", "3"),
    ("case_study", {"items": [WHOLE, OTHER]}, {"C1": ["a", "b"], "C2": "false"}, "2", "3"),
    ("essay", {}, "Bài làm", "0", "100"),
    ("case_study", {}, {"C1": "a", "C2": "false"}, "3", "3"),
    ("case_study", {}, {"C1": "a"}, "2", "3"),
    ("case_study", {}, None, "0", "3"),
    ("description", {}, None, "0", "0"),
]


@pytest.mark.parametrize(("kind", "overrides", "response", "score", "most"), TABLE)
def test_a_response_earns_what_the_rule_of_its_kind_says(
    kind: str, overrides: dict[str, Any], response: Json, score: str, most: str
) -> None:
    result = items.score(an_item(kind, **overrides), response)
    assert (result.score, result.max) == (Decimal(score), Decimal(most))
    assert result.outcomes["SCORE"] == Decimal(score)


REFUSED: list[tuple[str, Json, str]] = [
    ("single_choice", "z", "unknown_id"),
    ("single_choice", 2, "wrong_type"),
    ("single_choice", ["a", "b"], "wrong_type"),
    ("multiple_choice", "a", "wrong_type"),
    ("multiple_choice", ["a", "a"], "repeated"),
    ("multiple_choice", ["z"], "unknown_id"),
    ("true_false", "yes", "wrong_type"),
    ("short_answer", 5, "wrong_type"),
    ("numeric", Decimal(5), "wrong_type"),
    ("matching", {"p9": "x"}, "unknown_id"),
    ("matching", {"p1": "x"}, "unknown_id"),
    ("matching", [["p1"]], "wrong_type"),
    ("matching", [["p1", None], ["p1", None]], "repeated"),
    ("ordering", ["0", "1"], "not_a_permutation"),
    ("ordering", ["0", "1", "1"], "repeated"),
    ("gap_fill", {"g9": "5"}, "unknown_id"),
    ("gap_fill", {"g1": 5}, "wrong_type"),
    ("gap_fill", "5", "wrong_type"),
    ("essay", ["a"], "wrong_type"),
    ("case_study", {"C1": "z"}, "unknown_id"),
    ("description", "a", "not_asked"),
]


@pytest.mark.parametrize(("kind", "response", "code"), REFUSED)
def test_a_response_that_cannot_belong_to_the_item_is_refused(kind: str, response: Json, code: str) -> None:
    with pytest.raises(InvalidResponse) as refusal:
        items.score(an_item(kind), response)
    assert refusal.value.code == code


def test_parts_of_an_item_are_outcomes_of_their_own() -> None:
    result = items.score(an_item("gap_fill", marks="2"), {"g1": "5", "g2": "b"})
    assert result.as_dict() == {
        "score": "0.5",
        "max": "2",
        "outcomes": {"SCORE": "0.5", "SCORE.g1": "0.5", "SCORE.g2": "0"},
        "needs_person": False,
    }


@pytest.mark.parametrize("kind", ["multiple_choice", "matching", "gap_fill"])
def test_the_usual_grading_leaves_no_trace_in_files_and_hashes(kind: str) -> None:
    usual, spelt, exact = an_item(kind), an_item(kind, grading="parts"), an_item(kind, grading="exact")
    assert "grading" not in items.native(usual)
    assert items.content_hash(usual) == items.content_hash(spelt) != items.content_hash(exact)
    assert items.native(exact)["grading"] == "exact"
    assert "grading" not in items.view(exact)


def test_no_part_of_a_response_earns_marks_that_the_whole_does_not() -> None:
    outcomes = items.score(an_item("matching", grading="exact"), {"p1": RIGHT["p1"]}).outcomes
    assert set(outcomes.values()) == {Decimal(0)}


@pytest.mark.parametrize("kind", builders.KINDS)
def test_only_essays_need_a_person(kind: str) -> None:
    assert items.score(an_item(kind), None).needs_person == (kind == "essay")


def test_a_case_study_with_an_essay_needs_a_person() -> None:
    parts = [builders.raw_item("essay"), builders.raw_item()]
    assert items.score(an_item("case_study", items=parts), None).needs_person


def test_every_kind_has_a_builder_and_a_place_in_the_table() -> None:
    assert set(KINDS) == set(builders.KINDS) == {row[0] for row in TABLE}


@given(strategies.items())
def test_the_model_response_earns_full_marks_and_no_response_none(raw: strategies.Raw) -> None:
    item = read_raw(raw).items[0]
    full = items.score(item, items.model_response(item))
    assert full.score == item.marks or full.needs_person
    assert items.score(item, None).score == 0


_responses: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | strategies.texts | strategies.ids,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strategies.ids, inner, max_size=4),
    max_leaves=8,
)


@given(strategies.items(), _responses)
def test_no_response_earns_less_than_nothing_or_more_than_the_marks(
    raw: strategies.Raw, response: Any
) -> None:
    item = read_raw(raw).items[0]
    try:
        result = items.score(item, response)
    except InvalidResponse:
        return
    assert 0 <= result.score <= result.max == item.marks


@given(strategies.items(), st.data())
def test_choices_of_options_stay_within_the_bounds(raw: strategies.Raw, data: st.DataObject) -> None:
    item = read_raw(raw).items[0]
    for slot in items.slots(item):
        chosen = data.draw(st.lists(st.sampled_from(slot.ids), unique=True))
        if item.kind == "multiple_choice":
            assert 0 <= items.score(item, chosen).score <= item.marks
        elif item.kind == "ordering":
            order = data.draw(st.permutations(slot.ids))
            assert 0 <= items.score(item, order).score <= item.marks
