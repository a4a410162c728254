# SPDX-License-Identifier: Apache-2.0
"""What Vietnamese papers hold beside choices: statements to judge, keys of several papers in one table."""

from decimal import Decimal
from typing import Any

import pytest
from docx.oxml import OxmlElement

from question_bank import formats
from question_bank.item import model_response, native
from tests.question_bank.builders import an_item
from tests.question_bank.formats.test_word import RIGHT, keys, lines, questions, read

ABOUT = "Câu 1. Về Quốc hội, theo Hiến pháp 2013:"
STATED = ("Là cơ quan lập hiến", "Do Chủ tịch nước bổ nhiệm", "Giám sát tối cao", "Nhiệm kỳ 6 năm")


def judged(result: Any) -> dict[str, bool]:
    """Which statements of the one question are true."""
    (item,) = result.items
    assert item.kind == "case_study"
    own: Any = native(item)
    return {part["id"]: part["answer"] for part in own["items"]}


@pytest.mark.parametrize(
    "key",
    [
        "Đáp án: Đ S Đ S",
        "Đáp án: a) Đúng, b) Sai, c) Đúng, d) Sai",
        "Đáp án: a-Đ; b-S; c-Đ; d-S",
        "ĐÁP ÁN: Đ, S, Đ, S",
    ],
)
@pytest.mark.parametrize("others", [(), ("Câu 2. Ai?", "A. Một", "B. Hai", "Đáp án: A")])
def test_statements_to_judge_are_a_case_of_statements(key: str, others: tuple[str, ...]) -> None:
    stated = [f"{letter}) {text}" for letter, text in zip("abcd", STATED, strict=True)]
    result = read(lambda document: lines(document, ABOUT, *stated, key, *others))
    assert len(result.items) == (2 if others else 1)
    own: Any = native(result.items[0])
    assert (own["kind"], own["stimulus"]) == ("case_study", "Về Quốc hội, theo Hiến pháp 2013:")
    assert [(p["stem"], p["answer"], p["marks"]) for p in own["items"]] == [
        (text, is_true, "0.25") for text, is_true in zip(STATED, (True, False, True, False), strict=True)
    ]
    assert "grading_changed" in {warning.code for warning in result.warnings}


def test_a_statement_may_say_behind_itself_whether_it_is_true() -> None:
    said = ("Đúng", "Sai", "Đ", "S")
    stated = [f"{letter}) {text} ({end})" for letter, text, end in zip("abcd", STATED, said, strict=True)]
    result = read(lambda document: lines(document, ABOUT, *stated))
    assert judged(result) == {"a": True, "b": False, "c": True, "d": False}


def test_a_key_that_does_not_fit_the_statements_refuses_the_question() -> None:
    result = read(lambda document: lines(document, ABOUT, "a) Một", "b) Hai", "Đáp án: Đ S Đ"))
    assert (result.items, [error.code for error in result.errors]) == ((), ["bad_answer"])


def a_table(document: Any, *rows: str) -> None:
    """A table of the words of these rows."""
    cells = [row.split("|") for row in rows]
    table = document.add_table(rows=len(cells), cols=len(cells[0]))
    for line, row in enumerate(cells):
        for place, text in enumerate(row):
            table.cell(line, place).text = text


TABLES = {
    "codes above": ("Câu|101|102|103", "1|A|B|C", "2|A|D|C", "3|B|A|C"),
    "codes beside": ("Mã đề|1|2|3", "101|A|A|B", "102|B|D|A", "103|C|C|C"),
    "codes in words": ("Câu|Mã đề 101|Mã đề 102", "1|A|B", "2|A|D", "3|B|A"),
}


@pytest.mark.parametrize("table", TABLES)
def test_of_the_keys_of_several_papers_those_of_this_one_count(table: str) -> None:
    def fill(document: Any) -> None:
        lines(document, "ĐỀ THI TUYỂN", "Mã đề: 102")
        questions(document)
        lines(document, "ĐÁP ÁN")
        a_table(document, *TABLES[table])

    result = read(fill)
    assert (keys(result), result.errors) == (RIGHT, ())


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("named", ["", "Mã đề 999"])
def test_where_nothing_says_which_paper_this_is_no_key_is_taken(table: str, named: str) -> None:
    def fill(document: Any) -> None:
        lines(document, *([named] if named else []))
        questions(document)
        a_table(document, *TABLES[table])

    result = read(fill)
    assert (result.items, {error.code for error in result.errors}) == ((), {"several_codes"})


def test_keys_in_lines_stand_under_the_codes_of_their_papers() -> None:
    def fill(document: Any) -> None:
        lines(document, "Mã đề 102")
        questions(document)
        lines(document, "ĐÁP ÁN", "Mã đề 101", "1.A 2.A 3.B", "Mã đề 102", "1.B 2.D 3.A")

    assert keys(read(fill)) == RIGHT


@pytest.mark.parametrize(
    ("marks", "of_each"),
    [
        ("1 điểm", ["0.3333", "0.3333", "0.3334"]),
        ("0,5 điểm", ["0.1666", "0.1666", "0.1668"]),
        ("3 điểm", ["1"] * 3),
    ],
)
def test_the_marks_of_statements_sum_to_those_of_their_question(marks: str, of_each: list[str]) -> None:
    stated = ("a) Một", "b) Hai", "c) Ba", "Đáp án: Đ S Đ")
    result = read(lambda document: lines(document, f"Câu 1 ({marks}). Về Quốc hội:", *stated))
    own: Any = native(result.items[0])
    assert [part["marks"] for part in own["items"]] == of_each
    assert result.items[0].marks == sum(map(Decimal, of_each))


def test_a_row_of_a_key_table_may_be_without_cells() -> None:
    def fill(document: Any) -> None:
        lines(document, "Mã đề 102")
        questions(document)
        a_table(document, *TABLES["codes above"])
        table = document.tables[-1]._tbl
        for row in list(table.tr_lst)[1:3]:
            row.addprevious(OxmlElement("w:tr"))

    assert keys(read(fill)) == RIGHT


CHOICES = ("A. Một", "B. Hai", "C. Ba", "D. Bốn")
READ = "Đọc tình huống sau và trả lời các câu 2 và 3: Ông An khiếu nại."


def test_a_text_that_questions_share_stands_in_front_of_those_it_names() -> None:
    def fill(document: Any) -> None:
        lines(document, "Câu 1. Một?", *CHOICES, READ, "Bà Bình tố cáo.")
        for number in (2, 3, 4):
            lines(document, f"Câu {number}. Hỏi gì {number}?", *CHOICES)
        lines(document, "ĐÁP ÁN", "1.A 2.B 3.C 4.D")

    result = read(fill)
    assert (keys(result), result.errors) == ("ABCD", ())
    shared = f"{READ}\n\nBà Bình tố cáo.\n\n"
    assert [item.stem for item in result.items] == [
        "Một?", f"{shared}Hỏi gì 2?", f"{shared}Hỏi gì 3?", "Hỏi gì 4?"
    ]  # fmt: skip
    texts = [each["text"] for item in result.items for each in dict(native(item))["options"]]  # type: ignore[union-attr, index, call-overload]
    assert set(texts) == {"Một", "Hai", "Ba", "Bốn"}
    assert [(warning.line, warning.code) for warning in result.warnings] == [
        (2, "text_repeated"), (3, "text_repeated")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "title", ["B. TỰ LUẬN (7 điểm)", "PHẦN TỰ LUẬN (7 điểm)", "II. Tự luận", "B. TỰ LUẬN"]
)
def test_a_title_of_essays_ends_the_question_above_it(title: str) -> None:
    first = ("A. TRẮC NGHIỆM (3 điểm)", "Câu 1. Một?", *CHOICES, "Đáp án: A")
    result = read(lambda document: lines(document, *first, title, "Câu 2. Trình bày nguyên tắc."))
    assert ([item.kind for item in result.items], result.problems) == (["single_choice", "essay"], ())
    assert "TỰ LUẬN" not in str(native(result.items[0]))


def test_an_option_may_be_called_as_a_part_is() -> None:
    result = read(
        lambda document: lines(document, "Câu 1. Hình thức?", "A. Trắc nghiệm", "B. Tự luận", "Chọn B")
    )
    assert (keys(result), result.problems) == ("B", ())


def test_another_paragraph_below_an_option_is_told() -> None:
    result = read(lambda document: lines(document, "Câu 1. Một?", *CHOICES, "và những việc khác", "Chọn A"))
    assert [(warning.code, warning.detail) for warning in result.warnings] == [("paragraph_joined", "D")]


def test_marks_make_an_essay_only_where_no_choices_are_asked_and_it_is_told() -> None:
    asked = ("Câu 1 (0,25 điểm). Cố đô ở đâu?", "- Huế", "- Hà Nội", "- Vinh")
    result = read(lambda document: lines(document, *asked))
    assert ([item.kind for item in result.items], [each.code for each in result.problems]) == (
        ["essay"], ["essay_assumed"]
    )  # fmt: skip
    for before in (
        ("Phần I. Trắc nghiệm",),
        ("A. TRẮC NGHIỆM (3 điểm)",),
        ("Câu 9. Một?", *CHOICES, "Chọn A"),
    ):
        result = read(lambda document, before=before: lines(document, *before, *asked))  # type: ignore[misc]
        assert [(error.line, error.code) for error in result.errors] == [(1, "unfinished_question")]


def test_an_underlined_part_of_a_stem_is_kept_and_one_of_an_option_told() -> None:
    def fill(document: Any) -> None:
        for start, end in (("Câu 1. Từ nào có b", "ch khác?"), ("A. b", "ch"), ("B. h", "d")):
            paragraph = document.add_paragraph(start)
            paragraph.add_run("ea").underline = True
            paragraph.add_run(end)
        lines(document, "Đáp án: B")

    result = read(fill)
    assert result.items[0].stem == "Từ nào có b**ea**ch khác?"
    assert [warning.code for warning in result.warnings] == ["left_out"] * 2


def test_short_answers_and_numbers_are_read_from_the_line_below_them() -> None:
    part = ("PHẦN III. Trắc nghiệm trả lời ngắn", "Câu 1. Mấy năm?", "Đáp án: 2,5")
    result = read(lambda document: lines(document, *part, "Câu 2. Cơ quan nào?", "Trả lời: Quốc hội"))
    assert ([item.kind for item in result.items], result.errors) == (["numeric", "short_answer"], ())
    assert [str(model_response(item)) for item in result.items] == ["2.5", "Quốc hội"]
    thousands = read(lambda document: lines(document, *part[:2], "Đáp án: 1.500"))
    assert [warning.code for warning in thousands.warnings] == ["thousands_sign"]


GUIDES = {
    "below each": (
        "Câu 1. Trình bày.", "Hướng dẫn chấm:", "Theo Điều 5.", "Câu 2. Phân tích.", "Đáp án: Hai ý."
    ),
    "alone in its line": (
        "Câu 1. Trình bày.", "HƯỚNG DẪN CHẤM", "Theo Điều 5.", "Câu 2. Phân tích.", "Gợi ý", "Hai ý."
    ),
    "at the end": (
        "Câu 1. Trình bày.", "Câu 2. Phân tích.", "HƯỚNG DẪN CHẤM", "Câu 1: Theo Điều 5.", "Câu 2", "Hai ý."
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", GUIDES)
def test_what_answers_an_essay_is_told_to_markers_and_no_candidate(layout: str) -> None:
    result = read(lambda document: lines(document, "B. TỰ LUẬN (7 điểm)", *GUIDES[layout]))
    assert ([item.stem for item in result.items], result.errors) == (["Trình bày.", "Phân tích."], ())
    rows: Any = [dict(native(item))["rubric"] for item in result.items]
    assert [row[0]["guidance"] for row in rows] == ["Theo Điều 5.", "Hai ý."]


def test_every_kind_stands_in_one_file_under_the_title_that_tells_it() -> None:
    guidance = [{"key": "1", "title": "Hướng dẫn chấm", "max": "2", "guidance": "Ý một.\n\nÝ hai."}]
    essay: dict[str, Any] = {"min_words": None, "max_words": None, "marks": "2"}
    items = (
        an_item(marks="2"),
        an_item("essay", id="E1", rubric=[], **essay),
        an_item("essay", id="E2", rubric=guidance, **essay),
        an_item("true_false"),
        an_item("numeric", answers=[{"value": "-2.5"}]),
        an_item("short_answer", answers=[{"text": "Quốc hội"}]),
        an_item(id="Q-last"),
    )
    result = formats.read(formats.write(items, "docx"), "docx")
    assert (result.items, [problem.code for problem in result.problems]) == (items, ["decimal_comma"])


def test_keys_behind_the_names_of_parts_and_behind_one_word_are_taken() -> None:
    parts = ("PHẦN A. LUẬT", "Câu 1. Một?", *CHOICES, "PHẦN B. TIN HỌC", "Câu 1. Hai?", *CHOICES)
    assert (
        keys(read(lambda document: lines(document, *parts, "ĐÁP ÁN", "Phần A: 1.A", "Phần B: 1.B"))) == "AB"
    )
    both = ("Câu 1. Một?", *CHOICES, "Câu 2. Hai?", *CHOICES, "Đáp án: 1 - B; 2 - C")
    assert keys(read(lambda document: lines(document, *both))) == "BC"


def test_a_level_may_stand_behind_the_number_of_its_part() -> None:
    result = read(lambda document: lines(document, "I. NHẬN BIẾT", "Câu 1. Một?", *CHOICES, "Đáp án: A"))
    assert [(item.level, item.topics) for item in result.items] == [("remember", ())]
    named = ("Câu 1. Mức nào?", "A. Vận dụng", "B. Application", "Đáp án: B")  # options may be called so
    assert keys(read(lambda document: lines(document, *named))) == "B"
