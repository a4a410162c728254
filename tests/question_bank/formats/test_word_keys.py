# SPDX-License-Identifier: Apache-2.0
"""Keys at the end of a Word file: those of statements beside those of choices, each part counting anew."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest

from question_bank.formats import ReadResult
from question_bank.formats.word import truth_keys
from question_bank.item import model_response
from tests.question_bank.formats.test_word import lines, read
from tests.question_bank.formats.test_word_papers import CHOICES, a_table

PAPER = (
    "PHẦN I. Trắc nghiệm nhiều lựa chọn", "Câu 1. Ai?", *CHOICES, "Câu 2. Gì?", *CHOICES,
    "PHẦN II. Trắc nghiệm đúng sai",
    "Câu 1. Về Hội đồng nhân dân:", "a) Một", "b) Hai", "c) Ba", "d) Bốn",
    "Câu 2. Về Ủy ban nhân dân:", "a) Năm", "b) Sáu", "c) Bảy", "d) Tám",
)  # fmt: skip
ANSWERS = ["a", "b", "ĐSĐS", "SSĐS"]


def answers(result: ReadResult) -> list[str]:
    """The right answers, those of statements as Đ and S."""
    found: list[str] = []
    for item in result.items:
        given: Any = model_response(item)
        is_case = item.kind == "case_study"
        found.append("".join("Đ" if each == "true" else "S" for each in given.values()) if is_case else given)
    return found


def paper_with(*keys: str | Sequence[str], before: Sequence[str] = ()) -> ReadResult:
    """What reading the paper gives with these lines and tables of keys behind it."""

    def fill(document: Any) -> None:
        lines(document, *before, *PAPER)
        for each in keys:
            if isinstance(each, str):
                lines(document, each)
            else:
                a_table(document, *each)

    return read(fill)


KEYS: dict[str, tuple[str | list[str], ...]] = {
    "lines": ("ĐÁP ÁN", "PHẦN I", "1.A 2.B", "PHẦN II", "1: a-Đ, b-S, c-Đ, d-S", "2: a-S, b-S, c-Đ, d-S"),
    "words": ("ĐÁP ÁN", "Câu 1: A", "Câu 2: B", "Câu 1. a) Đúng; b) Sai; c) Đúng; d) Sai",
              "Câu 2", "a) Sai", "b) Sai", "c) Đúng", "d) Sai"),
    "reasons": ("ĐÁP ÁN", "1.A 2.B", "Câu 1. a) Đúng vì theo Luật 80. b) Sai. c) Đúng, khoản 2. d) Sai",
                "Câu 2. a) Sai. b) Sai. c) Đúng. d) Sai"),
    "glued": ("ĐÁP ÁN", "1A 2B", "1. ĐSĐS  2. SSĐS"),
    "under letters": ("--- HẾT ---", ["Câu|1|2", "Đáp án|A|B"], ["Câu|a|b|c|d", "1|Đ|S|Đ|S", "2|S|S|Đ|S"]),
    "beside letters": ("ĐÁP ÁN", ["Câu|1|2", "Chọn|A|B"], ["Câu|1|2", "a|Đ|S", "b|S|S", "c|Đ|Đ", "d|S|S"]),
    "two blocks": ("ĐÁP ÁN", ["1|2", "A|B"], ["Câu|a|b|c|d|Câu|a|b|c|d", "1|Đ|S|Đ|S|2|S|S|Đ|S"]),
    "a row for each": ("ĐÁP ÁN", ["1|2", "A|B"], ["Câu|Lệnh hỏi|Đáp án (Đ/S)|Câu|Lệnh hỏi|Đáp án (Đ/S)",
                       "1|a)|Đ|2|a)|S", "|b)|S||b)|S", "|c)|Đ||c)|Đ", "|d)|S||d)|S"]),
    "number and letter": ("ĐÁP ÁN", "1.A 2.B", ["1a|Đ|2a|S", "1b|S|2b|S", "1c|Đ|2c|Đ", "1d|S|2d|S"]),
    "in one cell": ("ĐÁP ÁN", ["1|A", "2|B"], ["Câu 1|Câu 2", "ĐSĐS|S-S-Đ-S"]),
}  # fmt: skip


@pytest.mark.parametrize("keys", KEYS)
def test_keys_of_statements_and_of_choices_are_told_apart_though_both_count_from_one(keys: str) -> None:
    result = paper_with(*KEYS[keys])
    assert (answers(result), result.errors) == (ANSWERS, ())


def test_of_several_papers_the_statements_have_the_key_of_their_code() -> None:
    tables = (["Câu|101|102", "1|C|A", "2|C|B"], ["Câu|101|102", "1|SSSS|ĐSĐS", "2|ĐĐĐĐ|a) S b) S c) Đ d) S"])
    result = paper_with("ĐÁP ÁN", *tables, before=["Mã đề: 102"])
    assert (answers(result), result.errors) == (ANSWERS, ())


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        (("1: a-Đ, b-S, d-S", "2: Đ S Đ"), ["bad_answer", "bad_answer"]),
        (("1: Đ S Đ S", "2: ĐĐĐĐ", "2: SSSS"), ["bad_answer"]),
        (("1: ĐSĐS",), ["unfinished_question"]),
        ((["1|a|Đ|S", "|b|S|Đ", "|c|Đ|Đ", "|d|S|S"], "2: SSĐS"), ["unfinished_question"]),
    ],
    ids=["letters missing", "two keys", "none", "columns of two papers"],
)  # fmt: skip
def test_a_key_of_statements_that_is_in_doubt_refuses_them_and_no_choice(
    keys: tuple[str | list[str], ...], codes: list[str]
) -> None:
    result = paper_with("ĐÁP ÁN", "1.A 2.B", *keys)
    assert answers(result)[:2] == ANSWERS[:2]
    assert {error.line for error in result.errors} <= {3, 4}
    assert len(result.errors) == len(codes)


def test_a_key_below_the_statements_and_another_at_the_end_refuse_them() -> None:
    statements = ("Câu 1. Về Quốc hội:", "a) Một", "b) Hai", "Đáp án: ĐS", "ĐÁP ÁN")
    assert answers(read(lambda document: lines(document, *statements, "Câu 1: Đ S"))) == ["ĐS"]
    result = read(lambda document: lines(document, *statements, "Câu 1: S Đ"))
    assert [error.code for error in result.errors] == ["two_keys"]


@pytest.mark.parametrize("text", ["1. A 2. B", "Câu 3: a", "Điều 5 đúng", "ngày 12/11", "1. Đ", ""])
def test_what_lists_no_truths_is_no_key_of_statements(text: str) -> None:
    assert truth_keys.taken_from(text) == ([], text)


def test_keys_without_a_title_are_no_questions() -> None:
    result = read(lambda document: lines(document, *PAPER[1:11], "--- HẾT ---", "Câu 1: A", "Câu 2: B"))
    assert (answers(result), result.errors) == (["a", "b"], ())


def test_letters_typed_with_marks_of_their_own_are_read() -> None:
    typed = ("Câu 1. Ai bầu Chủ tịch nước?", "A. Quốc hội", "B. Cử tri", "Đáp án: A")
    result = read(lambda document: lines(document, *(unicodedata.normalize("NFD", text) for text in typed)))
    assert (answers(result), result.items[0].stem) == (["a"], "Ai bầu Chủ tịch nước?")
