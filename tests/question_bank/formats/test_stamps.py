# SPDX-License-Identifier: Apache-2.0
"""A file that bears the stamp of a state secret is known, wherever the stamp stands and whatever was read."""

import io
import json
import zipfile

import docx
import pytest
import xlsxwriter

from question_bank import formats
from question_bank.formats import stamps
from tests.portal.papers.builders import a_choice, a_file

QUESTION = ["Câu 1. Thủ đô của Việt Nam?", "A. Huế", "*B. Hà Nội", "C. Vinh", "D. Đà Nẵng"]
CSV = "STT,Câu hỏi,A,B,C,D,Đáp án\n1,Hỏi?,Một,Hai,Ba,Bốn,{key}\n"


def a_document(*paragraphs: str, header: str = "") -> bytes:
    """A Word file of these paragraphs."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_workbook(rows: list[list[object]]) -> bytes:
    """A sheet of these rows."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return written.getvalue()


def stamp_of(content: bytes) -> str | None:
    """The stamp that an import would see."""
    return stamps.stamp_in(content, formats.read(content).items)


@pytest.mark.parametrize(
    ("content", "stamp"),
    [
        (a_document("TUYỆT MẬT", *QUESTION), "TUYỆT MẬT"),
        (a_document(*QUESTION, header="Đề thi - Độ mật: Tối mật"), "Đề thi - Độ mật: Tối mật"),
        (("Đề thi - Độ mật: Tuyệt mật\n" + CSV.format(key="A")).encode(), "Đề thi - Độ mật: Tuyệt mật"),
        (CSV.format(key="").replace("Hỏi?", "Độ mật: Mật").encode(), "Độ mật: Mật"),  # refused: no key
        (a_workbook([["MẬT"], ["STT", "Câu hỏi", "A", "B", "Đáp án"], [1, "Hỏi?", "x", "y", "A"]]), "MẬT"),
        (json.dumps({"schema": "exam-portal/items/1", "items": [{"note": "TỐI MẬT"}]}).encode(), "TỐI MẬT"),
    ],
    ids=["word", "header", "above a table", "refused question", "sheet", "escaped json"],
)
def test_a_stamp_is_found_where_no_question_stands(content: bytes, stamp: str) -> None:
    assert stamp_of(content) == stamp


def test_questions_about_secrets_are_no_secrets() -> None:
    options = [
        {"id": "abc"[n], "text": text, "fraction": str(int(n == 0))}
        for n, text in enumerate(["MẬT", "TỐI MẬT", "x"])
    ]
    item = a_choice(1, stem="Dấu nào được đóng lên tài liệu độ mật thấp nhất?", options=options)
    assert stamp_of(a_file([item])) is None
    words = ["Câu 1. Có mấy độ mật: Mật, Tối mật và Tuyệt mật?", "A. MẬT", "*B. Ba", "C. Hai", "D. Một"]
    assert stamp_of(a_document(*words)) is None
    assert stamp_of(CSV.format(key="A").replace("Một", "MẬT").encode()) is None


def test_a_damaged_or_strange_archive_has_no_stamp() -> None:
    assert stamps.stamp_in(b"PK\x03\x04" + bytes(40), ()) is None
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("picture.png", "MẬT".encode())
    assert stamps.stamp_in(buffer.getvalue(), ()) is None
