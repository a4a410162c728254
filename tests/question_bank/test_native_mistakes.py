# SPDX-License-Identifier: Apache-2.0
"""Every mistake in a file is reported with line, item and reason, and costs its own item only."""

import json
from typing import Any

import pytest

from question_bank import formats
from question_bank.json_reader import MOST_VALUES
from question_bank.problems import MOST_PROBLEMS
from tests.question_bank.builders import Raw, item_file, options, raw_item, read_raw


def _broken(of: str = "single_choice", /, *, drop: str | None = None, **overrides: Any) -> Raw:
    item = {**raw_item(of), "id": "BAD", **overrides}
    return {key: value for key, value in item.items() if key != drop}


_TWO_TRUE = [{"id": "a", "text": "x", "fraction": "1"}, {"id": "a", "text": "x", "fraction": "1"}]
_CASE_IN_CASE = [raw_item("case_study", id="C1")]

MISTAKES: list[tuple[Raw, str, str]] = [
    (_broken(drop="kind"), "missing_key", "items[1]"),
    (_broken(drop="stem"), "missing_key", "items[1]"),
    (_broken(drop="options"), "missing_key", "items[1]"),
    (_broken(id=""), "empty", "items[1].id"),
    (_broken(id="hai từ"), "bad_identifier", "items[1].id"),
    (_broken(id=7), "wrong_type", "items[1].id"),
    (_broken(stem="  "), "empty", "items[1].stem"),
    (_broken(stem=["a"]), "wrong_type", "items[1].stem"),
    (_broken(kind="hotspot"), "unknown_kind", "items[1].kind"),
    (_broken(version=0), "out_of_range", "items[1].version"),
    (_broken(version="1"), "wrong_type", "items[1].version"),
    (_broken(marks=1), "number_not_text", "items[1].marks"),
    (_broken(marks="1,5"), "bad_number", "items[1].marks"),
    (_broken(marks="-1"), "out_of_range", "items[1].marks"),
    (_broken(marks="1e3"), "bad_number", "items[1].marks"),
    (_broken(marks="0"), "out_of_range", "items[1].marks"),
    (_broken(marks="0.00"), "out_of_range", "items[1].marks"),
    (_broken(marks="0.0001"), "out_of_range", "items[1].marks"),
    (_broken(marks="1001"), "out_of_range", "items[1].marks"),
    (_broken(shuffle="yes"), "wrong_type", "items[1].shuffle"),
    (_broken(topics="Luật"), "wrong_type", "items[1].topics"),
    (_broken(topics=[""]), "wrong_type", "items[1].topics[0]"),
    (_broken(level="hard"), "unknown_value", "items[1].level"),
    (_broken(difficulty="1.2"), "out_of_range", "items[1].difficulty"),
    (_broken(source=[]), "wrong_type", "items[1].source"),
    (_broken(source={"page": 4}), "unknown_key", "items[1].source.page"),
    (_broken(source={"valid_from": "1/7/2025"}), "bad_date", "items[1].source.valid_from"),
    (_broken(source={"valid_from": "2025-02-30"}), "bad_date", "items[1].source.valid_from"),
    (
        _broken(source={"valid_from": "2025-02-01", "valid_to": "2024-01-01"}),
        "empty_range",
        "items[1].source.valid_from",
    ),
    (_broken(colour="red"), "unknown_key", "items[1].colour"),
    (_broken(options=options("0", "0")), "no_correct_option", "items[1].options"),
    (_broken(options=options("1", "0", "1.0")), "several_correct_options", "items[1].options"),
    (_broken(options=options("0.5", "0.5")), "no_correct_option", "items[1].options"),
    (_broken(options=options("1")), "option_count", "items[1].options"),
    (_broken(options=_TWO_TRUE), "repeated_option", "items[1].options"),
    (_broken(options=options("1", "2")), "out_of_range", "items[1].options[1].fraction"),
    (_broken(options=[*options("1", "0"), {"id": "c", "text": "C"}]), "missing_key", "items[1].options[2]"),
    (_broken(options=[*options("1", "0"), "c"]), "wrong_type", "items[1].options[2]"),
    (_broken(options=options("1", "0") * 101), "too_many", "items[1].options"),
    (_broken("multiple_choice", options=options("0.5", "0.2")), "fraction_sum", "items[1].options"),
    (_broken("multiple_choice", options=options("0", "-1")), "fraction_sum", "items[1].options"),
    (_broken("multiple_choice", options=options("1", "1", "0")), "fraction_sum", "items[1].options"),
    (_broken("true_false", drop="answer"), "missing_key", "items[1]"),
    (_broken("true_false", answer="true"), "wrong_type", "items[1].answer"),
    (_broken("true_false", answer=None), "empty", "items[1].answer"),
    (_broken("short_answer", answers=[]), "no_full_answer", "items[1].answers"),
    (
        _broken("short_answer", answers=[{"text": "x", "match": "regex"}]),
        "unknown_value",
        "items[1].answers[0].match",
    ),
    (_broken("numeric", answers=[{"fraction": "1"}]), "value_or_range", "items[1].answers[0]"),
    (_broken("numeric", answers=[{"low": "1"}]), "half_range", "items[1].answers[0]"),
    (_broken("numeric", answers=[{"low": "2", "high": "1"}]), "empty_range", "items[1].answers[0]"),
    (_broken("numeric", answers=[{"value": "2", "high": "1"}]), "value_or_range", "items[1].answers[0]"),
    (_broken("matching", pairs=[{"id": "p", "text": "x", "match": "y"}]), "too_few_pairs", "items[1].pairs"),
    (
        _broken("matching", pairs=[{"id": "p", "text": "x", "match": y} for y in "ab"]),
        "repeated_id",
        "items[1].pairs",
    ),
    (_broken("ordering", sequence=[{"id": "1", "text": "x"}]), "too_few_entries", "items[1].sequence"),
    (
        _broken("ordering", sequence=[{"id": i, "text": "x"} for i in "12"]),
        "repeated_text",
        "items[1].sequence",
    ),
    (_broken("ordering", grading="luck"), "unknown_value", "items[1].grading"),
    (_broken("gap_fill", stem="Không có chỗ trống"), "gap_mismatch", "items[1].gaps"),
    (_broken("gap_fill", gaps=[{"id": "g1", "kind": "essay"}]), "unknown_value", "items[1].gaps[0].kind"),
    (_broken("gap_fill", gaps=[]), "no_gaps", "items[1].gaps"),
    (_broken("essay", marks="90"), "marks_mismatch", "items[1].marks"),
    (_broken("essay", min_words=10, max_words=5), "empty_range", "items[1].min_words"),
    (_broken("essay", rubric=[{"key": "a", "title": "x"}]), "missing_key", "items[1].rubric[0]"),
    (
        _broken("essay", rubric=[{"key": "a", "title": "x", "max": "0"}]),
        "out_of_range",
        "items[1].rubric[0].max",
    ),
    (_broken("essay", rubric=[], marks="0"), "out_of_range", "items[1].marks"),
    (_broken("case_study", items=[raw_item("description")]), "no_items", "items[1].items"),
    (_broken("case_study", items=[raw_item(id="x", marks="0")]), "out_of_range", "items[1].items[0].marks"),
    (
        _broken("gap_fill", gaps=[{"id": "g1", "kind": "single_choice", "options": options("1", "1")}]),
        "several_correct_options",
        "items[1].gaps[0].options",
    ),
    (_broken("case_study", marks="9"), "marks_mismatch", "items[1].marks"),
    (_broken("case_study", items=[]), "no_items", "items[1].items"),
    (_broken("case_study", items=_CASE_IN_CASE), "unknown_kind", "items[1].items[0].kind"),
    (_broken("case_study", items=[raw_item(id="x"), raw_item(id="x")]), "repeated_id", "items[1].items"),
    (_broken("description", marks="1"), "marks_mismatch", "items[1].marks"),
    (_broken("description", options=[]), "unknown_key", "items[1].options"),
]


@pytest.mark.parametrize(
    ("item", "code", "path"), MISTAKES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_mistake_is_named_with_its_line_and_leaves_its_neighbours_alone(
    item: Raw, code: str, path: str
) -> None:
    result = read_raw(raw_item(id="GOOD-1"), item, raw_item(id="GOOD-2"))
    assert [kept.id for kept in result.items] == ["GOOD-1", "GOOD-2"]
    assert result.refused == 1
    found = {(problem.code, problem.path, problem.line) for problem in result.errors}
    assert (code, path, 3) in found


@pytest.mark.parametrize(
    ("fractions", "warned"),
    [(("0.5", "0.5", "0"), True), (("0.5", "0.5"), True), (("0.5", "0.5", "-0.1"), False)],
)
def test_options_that_cost_nothing_are_warned_of(fractions: tuple[str, ...], warned: bool) -> None:
    result = read_raw(raw_item("multiple_choice", options=options(*fractions)))
    assert result.complete
    assert [problem.code for problem in result.warnings] == ["all_ticked_is_full"] * warned


def test_every_mistake_of_an_item_is_reported_at_once() -> None:
    item = raw_item(marks=1, level="hard", colour="red", options=options("0", "0"))
    codes = {problem.code for problem in read_raw(item).errors}
    assert codes == {"number_not_text", "unknown_value", "unknown_key", "no_correct_option"}


def test_the_line_is_that_of_the_value_inside_a_long_item() -> None:
    text = json.dumps({"schema": "exam-portal/items/1", "items": [raw_item(level="hard")]}, indent=1)
    lines = text.splitlines()
    problem = formats.read(text.encode()).problems[0]
    assert '"level": "hard"' in lines[problem.line - 1]


def test_a_second_item_with_the_same_id_and_version_is_refused() -> None:
    result = read_raw(raw_item(), raw_item(stem="Khác?"))
    assert [(problem.code, problem.line) for problem in result.problems] == [("repeated_id", 3)]
    assert result.items[0].stem == "Nội dung câu hỏi?"


WHOLE_FILES: list[tuple[bytes, str, int]] = [
    (b'{"schema": "exam-portal/items/1",\n "items": [\n  {"id": "Q1" "kind": 1}]}', "not_json", 3),
    (b'{"schema": "exam-portal/items/1", "items": [', "not_json", 1),
    (b'{"schema": "exam-portal/items/1",\n\n"items": []} x', "not_json", 3),
    (b'{"schema": "exam-portal/items/1",\n"items": [],}', "not_json", 2),
    (b'{"schema": "exam-portal/items/1", "items": [NaN]}', "not_json", 1),
    (b'{"schema": "exam-portal/items/1",\n"items": ["\\u0000"]}', "not_json", 2),
    (b'{"schema": "exam-portal/items/1", "items": ["\\ud800"]}', "not_json", 1),
    (b'{"schema": "exam-portal/items/1",\n"schema": "exam-portal/items/1", "items": []}', "duplicate_key", 2),
    (b'{"schema": "exam-portal/items/1",\n"items": ["\xff"]}', "not_utf8", 2),
    (b'{"schema": "exam-portal/items/2",\n"items": []}', "unknown_schema", 1),
    (b'{"schema": "exam-portal/items/1",\n"items": {}}', "wrong_type", 2),
    (b'{"schema": "exam-portal/items/1"}', "missing_key", 1),
    (b'{"schema": "exam-portal/items/1", "language": "Tieng Viet", "items": []}', "bad_language", 1),
    (b'{"schema": "exam-portal/items/1", "items": [], "author": "x"}', "unknown_key", 1),
    (b"[]", "wrong_type", 1),
    (b"[" * 200_000, "too_deep", 1),
    (b"[" + b"1," * MOST_VALUES + b"1]", "too_many", 1),
]


@pytest.mark.parametrize(("content", "code", "line"), WHOLE_FILES, ids=lambda value: str(value)[:40])
def test_nothing_of_an_unusable_file_is_read(content: bytes, code: str, line: int) -> None:
    result = formats.read(content, "native", name="f.json")
    assert result.items == ()
    assert (code, line) in {(problem.code, problem.line) for problem in result.problems}
    assert not result.complete


def test_a_mistake_in_the_head_refuses_the_items_below_it() -> None:
    result = formats.read(item_file(raw_item(), author="x"))
    assert result.items == ()
    assert result.refused == 1


def test_a_flood_of_problems_is_cut_off_and_says_so() -> None:
    result = read_raw(*[raw_item(id=f"Q{n}", marks=1) for n in range(MOST_PROBLEMS + 50)])
    assert len(result.problems) == MOST_PROBLEMS + 1
    assert result.problems[-1].code == "too_many_problems"
    assert result.refused == MOST_PROBLEMS + 50
