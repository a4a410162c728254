# SPDX-License-Identifier: Apache-2.0
"""No cell of an exported table can compute anything, whatever people typed."""

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from exam_portal.core import sheets
from exam_portal.core.sheets import Sheet

EVIL = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x","y")', "\0=1", "＝1+1"]


def a_sheet(*cells: sheets.Cell) -> Sheet:
    return Sheet(title="Kết quả", header=["Họ và tên"], rows=[[cell] for cell in cells])


@pytest.mark.parametrize("text", EVIL)
def test_a_csv_cell_never_begins_as_a_formula_does(text: str) -> None:
    content = sheets.csv_file(a_sheet(text)).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(content, newline="")))[1][0]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0", "＝"))


@given(st.text(min_size=1, max_size=30))
def test_every_typed_text_comes_out_as_text(text: str) -> None:
    assert not sheets.neutral(text).startswith(sheets.DANGEROUS)


def test_harmless_text_is_left_alone() -> None:
    assert sheets.neutral("Nguyễn Thị Ánh") == "Nguyễn Thị Ánh"


@pytest.mark.parametrize("text", [text for text in EVIL if text.isprintable()])
def test_an_xlsx_file_holds_no_formula_and_no_link(text: str) -> None:
    book = zipfile.ZipFile(io.BytesIO(sheets.workbook([a_sheet(text)])))
    sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    names = {etree.QName(element).localname for element in sheet.iter("*")}
    assert names & {"f", "hyperlink", "hyperlinks"} == set()
    assert CalamineWorkbook.from_filelike(io.BytesIO(sheets.workbook([a_sheet(text)]))).get_sheet_by_index(
        0
    ).to_python()[1] == [text]


def test_a_library_left_to_itself_would_write_the_formula() -> None:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "=1+1")
    assert b"<f>" in zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers() -> None:
    read = CalamineWorkbook.from_filelike(io.BytesIO(sheets.workbook([a_sheet(Decimal("84.4"), 7, None)])))
    assert read.get_sheet_by_index(0).to_python()[1:3] == [[84.4], [7.0]]
