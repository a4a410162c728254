# SPDX-License-Identifier: Apache-2.0
"""Sheets as Vietnamese boards keep them: the header is found, the key understood, cells read as shown."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.item import Item, model_response
from tests.question_bank.builders import an_item, options

Cells = Sequence[Any]
HEAD = ("STT", "Nội dung câu hỏi", "Đáp án A", "Đáp án B", "Đáp án C", "Đáp án D", "Đáp án đúng")
ROW = (1, "Ai bầu Chủ tịch nước?", "Chính phủ", "Quốc hội", "Mặt trận", "Cử tri", "B")


def a_workbook(*sheets: Sequence[Cells], names: Sequence[str] = ()) -> bytes:
    """A workbook with these sheets; a pair of value and number format is a cell of that format."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    for place, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[place] if names else None)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                value, form = cell if isinstance(cell, tuple) else (cell, None)
                sheet.write(line, column, value, book.add_format({"num_format": form}) if form else None)
    book.close()
    return written.getvalue()


def read(*sheets: Sequence[Cells], **options: Any) -> ReadResult:
    """What reading such a workbook gives."""
    return formats.read(a_workbook(*sheets, **options), name="de.xlsx")


def read_text(text: str, encoding: str = "utf-8") -> ReadResult:
    """What reading such a text file gives."""
    return formats.read(text.encode(encoding), name="de.csv")


def option_texts(item: Item) -> list[str]:
    """The texts of the options in their order."""
    return [option["text"] for option in item.body.view()["options"]]  # type: ignore[index, union-attr, call-overload, misc]


def test_the_header_is_found_below_titles_and_notes() -> None:
    result = read([("NGÂN HÀNG CÂU HỎI",), ("Lưu ý: không sửa mẫu",), (), HEAD, ROW])
    (item,) = result.items
    assert (item.kind, item.stem, model_response(item)) == ("single_choice", "Ai bầu Chủ tịch nước?", "b")
    assert option_texts(item) == ["Chính phủ", "Quốc hội", "Mặt trận", "Cử tri"]
    assert result.problems == ()


HEADS = [
    ("TT", "CAU HOI", "A", "B", "C", "D", "DAP AN"),
    ("Câu", "Câu hỏi", "Phương án 1", "Phương án 2", "Phương án 3", "Phương án 4", "Đáp án đúng (1-4)"),
    ("STT", "Nội dung", "PA A", "PA B", "PA C", "PA D", "Đ/A"),
    ("No", "Question", "Option A", "Option B", "Option C", "Option D", "Correct Answer"),
    ("STT", "Câu hỏi\n(đầy đủ)", "Lựa chọn A", "Lựa chọn B", "Lựa chọn C", "Lựa chọn D", "Key"),
    ("#", "Đề bài", "Đáp án 1", "Đáp án 2", "Đáp án 3", "Đáp án 4", "Phương án đúng"),
    (
        "Stt",
        "Câu hỏi trắc nghiệm",
        "Câu trả lời A",
        "Câu trả lời B",
        "Câu trả lời C",
        "Câu trả lời D",
        "ĐA đúng",
    ),
]


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
def test_a_header_is_known_by_many_names_with_marks_or_without(head: Cells) -> None:
    (item,) = read([head, ROW]).items
    assert (item.stem, model_response(item), len(option_texts(item))) == ("Ai bầu Chủ tịch nước?", "b", 4)


KEYS = [
    ("B", "b"), ("b", "b"), ("B.", "b"), ("(B)", "b"), ("Đáp án B", "b"), ("Đáp án: B", "b"), (2, "b"),
    ("2", "b"), ("2.0", "b"), ("2,00", "b"), ("Câu B", "b"), ("Quốc hội", "b"), ("B. Quốc hội", "b"),
    ("quốc hội", "b"), ("phương án 2", "b"),
    ("B, D", ["b", "d"]), ("B;D", ["b", "d"]), ("BD", ["b", "d"]), ("2,4", ["b", "d"]),
    ("B và D", ["b", "d"]), ("D B", ["b", "d"]), ("B/D", ["b", "d"]), ("Quốc hội\nCử tri", ["b", "d"]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "right"), KEYS, ids=[str(key) for key, _ in KEYS])
def test_the_key_is_a_letter_a_place_or_a_text_and_may_name_several(key: Any, right: Any) -> None:
    (item,) = read([HEAD, (*ROW[:-1], key)]).items
    assert model_response(item) == right
    assert item.kind == ("single_choice" if isinstance(right, str) else "multiple_choice")


@pytest.mark.parametrize("key", ["", "E", 5, 0, "A hoặc gì đó", "Tòa án", "AE", "B, E"])
def test_a_key_that_names_no_option_refuses_its_row_and_no_other(key: Any) -> None:
    result = read([HEAD, (*ROW[:-1], key), ROW])
    assert (len(result.items), result.refused) == (1, 1)
    code = "no_correct_option" if key == "" else "bad_answer"
    assert [(error.line, error.code) for error in result.errors] == [(2, code)]


@pytest.mark.parametrize(("key", "code"), [("C", "two_keys"), ("D", "two_keys"), ("Z", "bad_answer")])
def test_a_key_and_a_star_that_contradict_each_other_refuse_the_row(key: str, code: str) -> None:
    result = read([HEAD, (1, "Ai?", "1", "*2", "3", "4", key)])
    assert (result.items, [error.code for error in result.errors]) == ((), [code])
    assert model_response(read([HEAD, (1, "Ai?", "1", "*2", "3", "4", "x")]).items[0]) == "b"


def test_a_number_that_is_a_place_and_the_text_of_another_option_is_told() -> None:
    result = read([HEAD, (1, "1 + 1 = ?", 2, 1, 3, 4, 1)])
    assert model_response(result.items[0]) == "a"
    assert [warning.code for warning in result.warnings] == ["ambiguous_key"]


def test_numbers_are_read_as_their_cells_show_them() -> None:
    cells = ((0.25, "0%"), (date(2025, 7, 1), "dd/mm/yyyy"), (1.5, "0.00"), 1000000)
    (item,) = read([HEAD, (1, "Chọn số", *cells, "A")]).items
    assert option_texts(item) == ["25%", "01/07/2025", "1.50", "1000000"]
    (item,) = read([HEAD, (1, "Chọn số", 0.1 + 0.2, (7, "00"), (0.125, "0.0%"), 2.0, "A")]).items
    assert option_texts(item) == ["0.3", "07", "12.5%", "2"]


def test_what_surrounds_a_question_is_read_from_its_columns() -> None:
    head = (*HEAD, "Mức độ", "Chủ đề", "Điểm", "Giải thích", "Căn cứ", "Mã câu hỏi", "Khối (1->12)", "Độ khó")
    row = (
        *ROW,
        "Thông hiểu",
        "Tổ chức nhà nước",
        "0,25",
        "Theo Hiến pháp",
        "Hiến pháp 2013",
        "HP-01",
        5,
        "Dễ",
    )
    (item,) = read([head, row]).items
    assert (item.level, item.topics, str(item.marks)) == ("understand", ("Tổ chức nhà nước",), "0.25")
    assert (item.feedback, item.source.instrument, item.id) == ("Theo Hiến pháp", "Hiến pháp 2013", "HP-01")
    assert item.tags == ("Khối: 5", "Độ khó: Dễ")


@pytest.mark.parametrize(
    ("spelt", "level"),
    [("NB", "remember"), ("TH", "understand"), ("VDC", "analyse"), ("Mức 3", "apply"), ("?", None)],
)
def test_a_level_has_many_names_and_what_is_none_stays_as_a_tag(spelt: str, level: str | None) -> None:
    (item,) = read([(*HEAD, "Mức độ"), (*ROW, spelt)]).items
    assert (item.level, item.tags) == (level, () if level else ("Mức độ: ?",))


def test_a_header_of_two_rows_is_read_as_one() -> None:
    rows = [("STT", "Câu hỏi", "Phương án", "", "", "", "Đáp án"), ("", "", "A", "B", "C", "D", ""), ROW]
    (item,) = read(rows).items
    assert (model_response(item), len(option_texts(item))) == ("b", 4)


def test_options_may_stand_in_the_cell_of_the_question() -> None:
    cell = "Ai bầu Chủ tịch nước?\nA. Chính phủ\nB. Quốc hội\nC. Mặt trận\tD. Cử tri"
    (item,) = read([("STT", "Câu hỏi", "Đáp án"), (1, cell, "B")]).items
    assert (item.stem, option_texts(item)[3], model_response(item)) == (
        "Ai bầu Chủ tịch nước?",
        "Cử tri",
        "b",
    )


def test_options_may_stand_under_each_other() -> None:
    rows = [
        ("STT", "Câu hỏi", "Phương án trả lời", "Đáp án đúng"),
        (1, "Ai bầu Chủ tịch nước?", "Chính phủ", ""), ("", "", "Quốc hội", "x"), ("", "", "Mặt trận", ""),
        (2, "Nhiệm kỳ mấy năm?", "Năm năm", "Đúng"), ("", "", "Bốn năm", "Sai"),
    ]  # fmt: skip
    result = read(rows)
    assert [model_response(item) for item in result.items] == ["b", "a"], result.problems


@pytest.mark.parametrize(
    ("cells", "right"),
    [("Đ S Đ S", ["a", "c"]), ("1 0 1 0", ["a", "c"]), ("D - - -", "d"), ("D S S S", "a"), ("D D D D", None)],
)
def test_a_letter_beside_the_first_option_is_a_mark_where_others_have_marks_too(
    cells: str, right: Any
) -> None:
    head = ("STT", "Câu hỏi", "Phương án trả lời", "Đáp án đúng")
    marks = [cell.strip("-") for cell in cells.split()]
    rows = [("", "", text, mark) for text, mark in zip(("Một", "Hai", "Ba", "Bốn"), marks, strict=True)]
    result = read([head, (1, "Cái gì?", *rows[0][2:]), *rows[1:]])
    assert [model_response(item) for item in result.items] == ([right] if right else []), result.problems


def test_chapters_between_the_questions_are_topics_and_the_header_may_come_again() -> None:
    rows = [HEAD, ("Chương I. Hiến pháp",), ROW, HEAD, ("CHƯƠNG II. Ngân sách",), (2, "Câu hai?", *ROW[2:])]
    assert [item.topics for item in read(rows).items] == [("Chương I. Hiến pháp",), ("CHƯƠNG II. Ngân sách",)]


def test_every_sheet_with_a_header_is_read_and_gives_its_name_as_topic() -> None:
    other = (1, "Câu khác?", *ROW[2:])
    result = read([HEAD, ROW], [HEAD, other], [("ghi chú",)], names=("Hiến pháp", "Đất đai", "Trang tính3"))
    assert [item.topics for item in result.items] == [("Hiến pháp",), ("Đất đai",)]
    assert [(warning.file, warning.code) for warning in result.warnings] == [
        ("de.xlsx [Trang tính3]", "no_header")
    ]


def test_true_or_false_short_answers_and_essays_need_no_options() -> None:
    rows = [
        ("Loại câu hỏi", "Câu hỏi", "Đáp án"),
        ("Đúng/Sai", "Quốc hội lập pháp.", "Đúng"), ("Trả lời ngắn", "Cơ quan lập pháp?", "Quốc hội; QH"),
        ("Tự luận", "Trình bày nguyên tắc.", ""), ("Kéo thả", "Kéo vào ô", "x"),
    ]  # fmt: skip
    result = read(rows)
    assert [item.kind for item in result.items] == ["true_false", "short_answer", "essay"]
    assert [(error.line, error.code) for error in result.errors] == [(5, "unsupported_type")]


def test_a_formula_without_a_value_refuses_its_row() -> None:
    content = a_workbook([HEAD, ROW, (2, "Câu?", "Một", "Hai", "Ba", "Bốn", "A")])
    cell = ('<c r="A3"><v>2</v></c>', '<c r="A3"><f>1/0</f></c>')
    result = formats.read(replaced(content, "xl/worksheets/sheet1.xml", *cell))
    assert [(error.line, error.code) for error in result.errors] == [(3, "bad_cell")]


def replaced(content: bytes, part: str, old: str, new: str) -> bytes:
    """The office file with a text of one part replaced."""
    written = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(content))
    with source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            found = source.read(name)
            target.writestr(name, found.replace(old.encode(), new.encode()) if name == part else found)
    return written.getvalue()


def test_people_are_no_questions() -> None:
    roster = [("STT", "Tên", "Tài khoản", "Ngày sinh"), (1, "Nguyễn Văn A", "nva", date(1997, 1, 19))]
    assert read(roster).errors[0].code == "no_header"


TEXT = (
    "STT{0}Câu hỏi{0}Đáp án A{0}Đáp án B{0}Đáp án đúng\n"
    "1{0}Ai bầu Chủ tịch nước?{0}Chính phủ{0}Quốc hội{0}B\n"
)


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_a_text_file_is_read_whatever_stands_between_its_cells_and_however_it_is_encoded(
    sign: str, encoding: str
) -> None:
    text = TEXT.format(sign)
    result = formats.read(as_1258(text) if encoding == "cp1258" else text.encode(encoding))
    (item,) = result.items
    assert (item.stem, model_response(item)) == ("Ai bầu Chủ tịch nước?", "b")
    assert [warning.code for warning in result.warnings] == (
        ["legacy_encoding"] if encoding == "cp1258" else []
    )


def as_1258(text: str) -> bytes:
    """The text in the Vietnamese code page, which writes tone marks behind their vowels."""
    found = bytearray()
    for char in text:
        try:
            found += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", parts.replace(tone, ""))
            found += base.encode("cp1258") + tone.encode("cp1258")
    return bytes(found)


def test_a_cell_may_hold_line_ends_and_the_line_of_a_mistake_is_that_of_the_file() -> None:
    text = TEXT.format(";") + '2;"Câu hai\ncó hai dòng";"Một";Hai;C\n3;Câu ba?;Một;Hai;A\n'
    result = read_text(text)
    assert [item.stem for item in result.items] == ["Ai bầu Chủ tịch nước?", "Câu ba?"]
    assert [(error.line, error.code) for error in result.errors] == [(3, "bad_answer")]


OLD = {
    "TCVN3 (ABC)": "C©u hái;§¸p ¸n A;§¸p ¸n B;§¸p ¸n ®óng\nAi bÇu Chñ tÞch?;Quèc héi;ChÝnh phñ;A\n",
    "VNI": "Caâu hoûi;Ñaùp aùn A;Ñaùp aùn B;Ñaùp aùn ñuùng\nAi baàu Chuû tòch?;Quoác hoäi;Chính phuû;A\n",
}


@pytest.mark.parametrize("name", OLD)
def test_texts_of_fonts_before_unicode_are_refused_by_the_name_of_their_encoding(name: str) -> None:
    for content in (OLD[name].encode(), a_workbook([line.split(";") for line in OLD[name].split("\n")])):
        error = formats.read(content, "csv" if content[:2] != b"PK" else None).errors[0]
        assert (error.code, error.detail) == ("legacy_font", name)


def test_rows_without_a_header_are_read_where_each_ends_with_a_letter() -> None:
    result = read_text("".join(f"Câu số {n} hỏi gì?,Một,Hai,Ba,Bốn,C\n" for n in range(5)))
    assert [model_response(item) for item in result.items] == ["c"] * 5


def test_an_old_binary_file_or_one_with_a_password_is_refused_by_name() -> None:
    assert formats.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600).errors[0].code == "old_office"


DANGEROUS = ["=1+1", "+84 912", "-5", "@SUM(A1)", "'=1", "''", '=HYPERLINK("http://x")', "\t=1"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_text_that_looks_like_a_formula_is_none_and_comes_back_as_it_was(format: str) -> None:
    entries = options("1", "0", "0", "0", "0", "0", "0", "0")
    for entry, text in zip(entries, DANGEROUS, strict=True):
        entry["text"] = text
    item = an_item(stem="=Câu hỏi?", options=entries)
    content = formats.write([item], format)
    (back,) = formats.read(content).items
    assert option_texts(back) == [text.strip() for text in DANGEROUS]
    if format == "csv":
        cells = [
            cell.strip('"') for line in content.decode("utf-8-sig").split("\r\n") for cell in line.split(";")
        ]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    else:
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet


@pytest.mark.parametrize("spelt", ["1.B", "1. B", "4: B", "Câu 1: B", "câu 12 - b", "(B)", "12) B."])
def test_a_key_that_repeats_the_number_of_its_question_names_one_option(spelt: str) -> None:
    (item,) = read([HEAD, (*ROW[:-1], spelt)]).items
    assert (item.kind, model_response(item)) == ("single_choice", "b")


@pytest.mark.parametrize("spelt", ["1, B", "B 3", "2;C"])
def test_a_key_of_places_and_letters_at_once_is_refused(spelt: str) -> None:
    result = read([HEAD, (*ROW[:-1], spelt)])
    assert (result.items, [each.code for each in result.problems]) == ((), ["bad_answer"])


def test_places_that_are_the_text_of_another_option_are_told() -> None:
    row = (1, "Mức nào?", "1.2", "1.5", "2.5", "4", "1.2")
    (problem, *_) = read([HEAD, row]).problems
    assert problem.code == "ambiguous_key"


@pytest.mark.parametrize(
    ("spelt", "codes"), [("1.500", ["thousands_sign"]), ("0.500", []), ("3.14", []), ("1500", [])]
)
def test_a_number_that_may_mean_thousands_is_told(spelt: str, codes: list[str]) -> None:
    table = read_text(f"Loại câu hỏi;Nội dung câu hỏi;Đáp án đúng\nĐiền số;Bao nhiêu hộ?;{spelt}\n")
    gift = formats.read(f"Bao nhiêu hộ? {{#{spelt}}}".encode(), name="de.gift")
    for result in (table, gift):
        assert [item.kind for item in result.items] == ["numeric"]
        assert [each.code for each in result.problems] == codes


def test_a_merged_title_over_the_columns_of_options_is_no_question() -> None:
    for names in (("A", "B"), ("Phương án A", "Phương án B"), ("1", "2")):
        result = read(
            [
                ("STT", "Nội dung", "Phương án trả lời", "", "Đáp án đúng"),
                ("", "", *names, ""),
                ("1", "Một?", "3", "4", "A"),
                ("2", "Hai?", "5", "6", "B"),
            ]
        )
        assert [model_response(item) for item in result.items] == ["a", "b"]
        assert result.problems == ()
