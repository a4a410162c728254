# SPDX-License-Identifier: Apache-2.0
"""Texts that several questions of a Word paper share, and essays below choices without a title."""

import pytest

from question_bank.formats import ReadResult
from tests.question_bank.formats.test_word import lines, read
from tests.question_bank.formats.test_word_papers import CHOICES


def choice(number: int, marks: str = "") -> tuple[str, ...]:
    """The lines of a choice."""
    return (f"Câu {number}{marks}. Hỏi {number}?", *CHOICES, "Đáp án: A")


def paper(*texts: str) -> ReadResult:
    """What reading a file of these paragraphs gives."""
    return read(lambda document: lines(document, *texts))


@pytest.mark.parametrize(
    "title",
    [
        "Tình huống 1 (dùng cho câu 2–3): Ông An có 15 con.",
        "Tình huống 1. (Dùng cho các câu 2 và 3)",
        "TÌNH HUỐNG SỐ 1 DÙNG CHO CÂU 2 ĐẾN CÂU 3",
        "Tình huống (câu 2 – 3):",
        "Đọc đoạn văn sau và trả lời câu 2 đến câu 3:",
        "I. Đọc đoạn trích sau và thực hiện các yêu cầu từ câu 2 đến câu 3",
        "Sử dụng thông tin sau để trả lời các câu hỏi từ 2 đến 3.",
        "Cho tình huống sau, trả lời câu 2 và câu 3:",
        "Dữ kiện sau dùng cho câu 2, 3:",
        "Câu 2 đến câu 3 dựa vào tình huống sau:",
        "[Câu 2–3] Đọc tình huống sau:",
        "Trả lời câu hỏi 2 - 3 dựa vào bảng số liệu:",
        "Các câu 2, 3 sử dụng dữ kiện sau:",
    ],
)
def test_a_shared_text_stands_in_front_of_the_questions_it_names(title: str) -> None:
    result = paper(*choice(1), title, "Bà Bình khiếu nại.", *choice(2), *choice(3), *choice(4))
    shared = f"{title}\n\nBà Bình khiếu nại.\n\n"
    assert [item.stem for item in result.items] == [
        "Hỏi 1?", f"{shared}Hỏi 2?", f"{shared}Hỏi 3?", "Hỏi 4?"
    ]  # fmt: skip
    assert [(warning.line, warning.code) for warning in result.problems] == [
        (2, "text_repeated"), (3, "text_repeated")
    ]  # fmt: skip


def test_situations_without_numbers_are_shared_until_the_next_one() -> None:
    result = paper("Tình huống 1: An.", *choice(1), *choice(2), "Tình huống 2: Bình.", *choice(3))
    assert [item.stem.split(".")[0] for item in result.items] == [
        "Tình huống 1: An", "Tình huống 1: An", "Tình huống 2: Bình"
    ]  # fmt: skip


def test_a_shared_text_whose_questions_never_come_is_told() -> None:
    result = paper(*choice(1), "Đọc đoạn văn sau và trả lời câu 7 đến 8:", *choice(2))
    assert [item.stem for item in result.items] == ["Hỏi 1?", "Hỏi 2?"]
    assert [(warning.code, warning.detail) for warning in result.problems] == [
        ("left_out", "Đọc đoạn văn sau và trả lời câu 7 đến 8:")
    ]


@pytest.mark.parametrize("start", ["Câu 2 - 15 cán bộ nào?", "Câu 2. Câu 3 và câu 4 của Luật là gì?"])
def test_a_question_that_begins_with_numbers_is_no_shared_text(start: str) -> None:
    result = paper(*choice(1), start, *CHOICES, "Đáp án: B")
    assert (len(result.items), result.problems) == (2, ())


@pytest.mark.parametrize(
    "asked",
    [
        ("Câu 5. Trình bày nguyên tắc bổ nhiệm.",),
        ("Câu 5 (2,0 điểm). Vì sao phải công khai?",),
        ("Câu 5 (2,0 điểm). Anh (chị) hãy:", "- Trình bày khái niệm", "- Ý nghĩa"),
        ("Câu 5. Phân tích", "a) Trình bày vai trò", "b) Nêu ý nghĩa"),
        ("Câu 5. Ông An bị khiển trách. Theo anh (chị), đúng không? Hãy giải thích.",),
        ("Câu 5. Là trưởng phòng, anh/chị xử lý thế nào?",),
    ],
)
def test_an_open_question_below_choices_is_an_essay_and_it_is_told(asked: tuple[str, ...]) -> None:
    result = paper(*choice(1, " (0,25 điểm)"), *asked)
    assert [item.kind for item in result.items] == ["single_choice", "essay"]
    assert [(warning.line, warning.code) for warning in result.problems] == [(5, "essay_assumed")]


@pytest.mark.parametrize(
    "asked",
    [
        ("Câu 5. Thủ đô ở đâu?",),
        ("Câu 5 (0,25 điểm). Cố đô ở đâu?",),
        ("Câu 5 (2 điểm). Cố đô ở đâu?", "- Huế", "- Vinh"),
        ("Câu 5. Nêu thủ đô?", "Hà Nội", "Huế", "Vinh"),
        ("Câu 5 (2 điểm). Nêu phương án đúng nhất:",),
        ("Câu 5 (2 điểm). Nêu thủ đô?", "Hà Nội", "Đáp án: B"),
        ("Câu 5 (2 điểm). Hãy xét các ý:", "a) Một", "b) Hai"),
        ("Phần I. Trắc nghiệm", "Câu 5 (2 điểm). Trình bày nguyên tắc."),
    ],
)
def test_where_options_may_have_been_missed_it_is_no_essay(asked: tuple[str, ...]) -> None:
    result = paper(*choice(1, " (0,25 điểm)"), *asked)
    assert [item.kind for item in result.items] == ["single_choice"]
    assert [(error.line, error.code) for error in result.errors] == [(5, "unfinished_question")]
