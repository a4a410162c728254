# SPDX-License-Identifier: Apache-2.0
"""Papers written in Word are read: the key from what marks it, and what is lost named by its question."""

import base64
import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import RGBColor

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.item import model_response

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MATHS = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>x</m:t></m:r></m:oMath>'
STEMS = ("Ai bầu Chủ tịch nước?", "Nhiệm kỳ mấy năm?", "Cơ quan nào lập pháp?")
OPTIONS = ("Chính phủ", "Quốc hội", "Mặt trận", "Cử tri")
RIGHT = "BDA"


def read(fill: Callable[[Any], None]) -> ReadResult:
    """What reading a document gives that was filled so."""
    document, written = docx.Document(), io.BytesIO()
    fill(document)
    document.save(written)
    return formats.read(written.getvalue(), name="de.docx")


def keys(result: ReadResult) -> str:
    """The letters of the right options, one after another."""
    return "".join(str(model_response(item)) for item in result.items).upper()


def lines(document: Any, *texts: str) -> None:
    """A paragraph for each text."""
    for text in texts:
        document.add_paragraph(text)


def questions(document: Any, mark: Callable[[Any, Any], None] | None = None, *, beside: bool = False) -> None:
    """Three questions; the right options are marked so. Letters are bold in front of every option."""
    for number, (stem, right) in enumerate(zip(STEMS, RIGHT, strict=True), start=1):
        document.add_paragraph().add_run(f"Câu {number}. {stem}").bold = True
        paragraph = document.add_paragraph()
        for place, (letter, text) in enumerate(zip("ABCD", OPTIONS, strict=True)):
            paragraph = document.add_paragraph() if place and not beside else paragraph
            label, words = (
                paragraph.add_run(f"{letter}. "),
                paragraph.add_run(text + ("\t" if beside else "")),
            )
            label.bold = True
            if mark and letter == right:
                mark(label, words)


MARKS: dict[str, Callable[[Any, Any], None]] = {
    "bold": lambda _, words: setattr(words, "bold", True),
    "underlined letter": lambda label, _: setattr(label, "underline", True),
    "underlined": lambda _, words: setattr(words, "underline", True),
    "red": lambda _, words: setattr(words.font.color, "rgb", RGBColor(255, 0, 0)),
    "highlighted": lambda _, words: setattr(words.font, "highlight_color", WD_COLOR_INDEX.YELLOW),
    "starred": lambda label, _: setattr(label, "text", f"*{label.text}"),
    "italic": lambda _, words: setattr(words, "italic", True),
}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("beside", [False, True], ids=["under each other", "side by side"])
def test_the_right_option_is_the_one_that_stands_out(mark: str, beside: bool) -> None:
    result = read(lambda document: questions(document, MARKS[mark], beside=beside))
    assert (keys(result), result.problems) == (RIGHT, ())
    assert [item.stem for item in result.items] == list(STEMS)
    assert [o["text"] for o in result.items[0].body.view()["options"]] == list(OPTIONS)  # type: ignore[index, union-attr, call-overload]


def test_without_a_key_each_question_is_refused_by_its_number() -> None:
    result = read(questions)
    assert [(error.line, error.code) for error in result.errors] == [(n, "bad_answer") for n in (1, 2, 3)]


TABLES: dict[str, list[list[str]]] = {
    "above": [["Câu", "1", "2", "3"], ["Đáp án", *RIGHT]],
    "beside": [["Câu", "Đáp án"], ["1", "B"], ["2", "D"], ["3", "A"]],
    "pairs": [["1.B", "2.D", "3.A"]],
    "columns": [["1", "B", "2", "D"], ["3", "A", "", ""]],
}


@pytest.mark.parametrize("layout", TABLES)
def test_a_table_of_keys_at_the_end_is_understood_however_it_is_laid_out(layout: str) -> None:
    def fill(document: Any) -> None:
        questions(document)
        lines(document, "---- HẾT ----", "BẢNG ĐÁP ÁN")
        table = document.add_table(rows=len(TABLES[layout]), cols=len(TABLES[layout][0]))
        for place, row in enumerate(TABLES[layout]):
            for column, text in enumerate(row):
                table.cell(place, column).text = text

    assert keys(read(fill)) == RIGHT


@pytest.mark.parametrize(
    "line", ["1. B  2. D  3. A", "1-B, 2-D, 3-A", "Câu 1: B; Câu 2: D; Câu 3: A", "1B 2D 3A"]
)
def test_a_line_of_keys_at_the_end_is_understood(line: str) -> None:
    def fill(document: Any) -> None:
        questions(document)
        lines(document, "ĐÁP ÁN", line)

    assert keys(read(fill)) == RIGHT


def test_a_key_in_a_line_below_its_question_and_what_surrounds_it() -> None:
    result = read(
        lambda document: lines(
            document,
            "Chương I. Hiến pháp",
            "Câu 7 (0,25 điểm). Ai bầu Chủ tịch nước?",
            "A. Chính phủ",
            "B. Quốc hội",
            "Đáp án: B",
            "Mức độ: Thông hiểu",
            "Giải thích: Theo Hiến pháp.",
        )
    )
    (item,) = result.items
    assert (keys(result), item.level, item.feedback, item.topics) == (
        "B", "understand", "Theo Hiến pháp.", ("Chương I. Hiến pháp",)
    )  # fmt: skip
    assert str(item.marks) == "0.25"


def test_a_key_that_contradicts_the_marks_refuses_its_question() -> None:
    def fill(document: Any) -> None:
        questions(document, MARKS["red"])
        lines(document, "ĐÁP ÁN", "1.B 2.C 3.A")

    result = read(fill)
    assert (keys(result), [(error.line, error.code) for error in result.errors]) == ("BA", [(2, "two_keys")])


def test_questions_may_be_numbered_plainly_and_options_by_single_blanks() -> None:
    result = read(
        lambda document: lines(
            document,
            "1. Một?",
            "A. a B. b C. c D. d",
            "Đáp án: C",
            "2) Hai? Gồm: 1. x",
            "2. y",
            "A. a1",
            "B. b1",
            "Chọn A",
        )
    )
    assert (keys(result), [item.stem[:3] for item in result.items]) == ("CA", ["Một", "Hai"])


def test_a_table_whose_columns_are_named_is_read_as_a_sheet() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(rows=2, cols=5)
        row = ("STT", "Hình ảnh", "Câu hỏi", "Đáp án", "Giải thích")
        for column, text in enumerate(row):
            table.cell(0, column).text = text
        table.cell(1, 1).paragraphs[0].add_run().add_picture(io.BytesIO(PNG))
        table.cell(1, 2).text = "Hình nào?\nA. Một\nB. Hai"
        table.cell(1, 3).text = "B"

    result = read(fill)
    assert (keys(result), result.errors) == ("B", ())
    assert "](data:image/png;base64," in result.items[0].stem


def test_a_stem_keeps_its_pictures_tables_and_raised_digits_and_names_a_lost_equation() -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("Câu 1. Diện tích 5 m")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run().add_picture(io.BytesIO(PNG))
        table = document.add_table(rows=2, cols=2)
        for place in range(4):
            table.cell(place // 2, place % 2).text = f"ô {place}"
        lines(document, "A. Một", "B. Hai", "Đáp án: A")
        paragraph = document.add_paragraph("Câu 2. Tính ")
        paragraph._p.append(parse_xml(MATHS))
        lines(document, "A. Một", "B. Hai", "Đáp án: B")

    result = read(fill)
    first, second = result.items
    assert "5 m²![" in first.stem
    assert "| ô 2 | ô 3 |" in first.stem
    assert second.stem == r"Tính \[công thức]" or "[công thức]" in second.stem
    assert [(warning.line, warning.code) for warning in result.warnings] == [(2, "equation_lost")]


def test_numbers_and_letters_may_come_from_lists_of_word() -> None:
    def fill(document: Any) -> None:
        numbered = document.styles["List Number"].element.pPr.numPr.numId.val
        abstract = document.part.numbering_part.element
        kind = next(each for each in abstract.num_lst if each.numId == numbered).abstractNumId.val
        level = next(
            each
            for each in abstract.iterchildren()
            if each.tag.endswith("}abstractNum") and each.values()[0] == str(kind)
        ).find(".//{*}lvlText")
        level.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val", "Câu %1.")
        for stem, right in zip(STEMS, RIGHT, strict=True):
            document.add_paragraph(stem, style="List Number")
            lines(
                document,
                *(f"{letter}. {text}" for letter, text in zip("ABCD", OPTIONS, strict=True)),
                f"Đáp án: {right}",
            )

    assert keys(read(fill)) == RIGHT


def test_essays_stand_under_their_heading() -> None:
    result = read(
        lambda document: lines(
            document, "PHẦN II. TỰ LUẬN", "Câu 1 (2 điểm). Trình bày.", "Câu 2. Phân tích."
        )
    )
    assert [item.kind for item in result.items] == ["essay", "essay"]


def test_texts_of_fonts_before_unicode_are_refused() -> None:
    result = read(
        lambda document: lines(
            document, "C©u 1. Chñ tÞch n­íc do ai bÇu ra?", "A. C¬ quan nhµ n­íc", "B. Nh©n d©n"
        )
    )
    assert result.errors[0].code == "legacy_font"
