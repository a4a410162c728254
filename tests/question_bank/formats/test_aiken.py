# SPDX-License-Identifier: Apache-2.0
"""Aiken: good questions are read, and a bad one costs no good one."""

from dataclasses import replace

import pytest

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.formats.holding import CannotHold
from question_bank.item import model_response

GOOD = """Ai bầu Chủ tịch nước?
A. Chính phủ
B) Quốc hội
C)Mặt trận Tổ quốc
ANSWER: B
"""


def read(text: str) -> ReadResult:
    return formats.read(text.encode(), "aiken", name="de.txt")


def test_a_question_comes_with_its_options_and_the_right_one() -> None:
    (item,) = read(GOOD).items
    assert (item.kind, item.stem, model_response(item)) == ("single_choice", "Ai bầu Chủ tịch nước?", "b")
    assert item.body.view()["options"][2] == {"id": "c", "text": "Mặt trận Tổ quốc"}  # type: ignore[index]


def test_a_line_of_the_text_may_begin_with_a_letter_that_is_no_option() -> None:
    (item,) = read(
        "Ai viết Tư bản luận?\nC. Mác hay Ph. Ăng-ghen?\nA. C. Mác\nB. Ăng-ghen\nANSWER: A\n"
    ).items
    assert item.stem.split() == ["Ai", "viết", "Tư", "bản", "luận?", "C.", "Mác", "hay", "Ph.", "Ăng-ghen?"]
    assert [option["id"] for option in item.body.view()["options"]] == ["a", "b"]  # type: ignore[index, union-attr, call-overload]


@pytest.mark.parametrize("stem", ["A. Xmít là ai?", "ANSWER: là gì?"])
def test_a_text_that_would_be_read_as_something_else_is_not_written(stem: str) -> None:
    (item,) = read(GOOD).items
    with pytest.raises(CannotHold, match="begins as"):
        formats.write((replace(item, stem=stem),), "aiken")


BAD = [
    ("Câu thiếu phương án\nA) Một\nANSWER: A\n", 1, "option_count"),
    ("A) Không có câu hỏi\nB) Hai\nANSWER: A\n", 1, "unfinished_question"),
    ("Câu không có đáp án\nA) Một\nB) Hai\n", 1, "unfinished_question"),
    ("Câu chưa có gì\n", 1, "unfinished_question"),
    ("Đáp án lạ\nA) Một\nB) Hai\nANSWER: C\n", 4, "bad_answer"),
    ("Hai đáp án\nA) Một\nB) Hai\nANSWER: A, B\n", 4, "bad_answer"),
    ("Hai lần chữ A\nA) Một\nA) Hai\nANSWER: A\n", 1, "repeated_option"),
    ("Đáp án mồ côi\n\nANSWER: A\n", 1, "unfinished_question"),
]


@pytest.mark.parametrize(("bad", "line", "code"), BAD)
def test_a_bad_question_is_named_with_its_line_and_its_neighbours_are_read(
    bad: str, line: int, code: str
) -> None:
    result = read(f"{GOOD}\n{bad}\nCâu sau?\nA) Đúng\nB) Sai\nANSWER: A\n")
    assert [item.stem for item in result.items] == ["Ai bầu Chủ tịch nước?", "Câu sau?"]
    assert (result.errors[0].line, result.errors[0].code) == (line + 6, code)
    assert result.refused == 1


@pytest.mark.parametrize("answer", ["B", "b", "B.", "B) Quốc hội"])
def test_the_right_letter_may_be_spelt_as_its_option_is(answer: str) -> None:
    (item,) = read(GOOD.replace("ANSWER: B", f"answer:{answer}")).items
    assert model_response(item) == "b"


def test_blank_lines_and_line_ends_of_other_systems_change_nothing() -> None:
    for text in (GOOD.replace("\n", "\r\n"), GOOD.replace("\n", "\r"), GOOD.replace("\n", "\n\n")):
        assert read(text).items == read(GOOD).items


def test_signs_of_markdown_are_shown_as_they_were_typed() -> None:
    (item,) = read(GOOD.replace("Ai bầu", "1. Tính 2*3*4 <b> và [[a]](b)")).items
    assert item.stem == r"1\. Tính 2\*3\*4 \<b> và \[\[a]](b) Chủ tịch nước?"
    assert formats.read(formats.write([item], "aiken")).items == (item,)


def test_an_option_that_names_places_is_warned_of_as_everywhere() -> None:
    result = read(GOOD.replace("Mặt trận Tổ quốc", "Cả A và B"))
    assert [problem.code for problem in result.warnings] == ["positional_option"]
    assert not result.items[0].shuffle


@pytest.mark.parametrize("line", ["x" * 1_000_000, "A) " * 300_000, "ANSWER: " * 120_000])
def test_a_megabyte_on_one_line_is_read_or_refused(line: str) -> None:
    result = read(f"{GOOD}\n{line}\n\n{GOOD}")
    assert len(result.items) == 2


def test_thousands_of_equal_questions_get_ids_of_their_own() -> None:
    result = read(GOOD * 3_000)
    assert len({item.id for item in result.items}) == 3_000
