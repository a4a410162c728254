# SPDX-License-Identifier: Apache-2.0
"""Questions in sheets: Excel workbooks and text files of rows, in the layouts Vietnamese boards use."""

import csv
import io
import re
from datetime import datetime

import xlsxwriter

from question_bank.formats import archive, office, xml
from question_bank.formats.encoding import NotText
from question_bank.formats.format import Format, ReadResult, failed
from question_bank.formats.intake import Intake, TooMany, too_many
from question_bank.formats.sheets import delimited, reading, workbook, writing
from question_bank.item import Item

_PARTS = re.compile(rb"xl[/\\](?:workbook\d*\.xml|worksheets[/\\]|workbook\.bin)", re.IGNORECASE)
_WIDTHS = {"Nội dung câu hỏi": 60, "Giải thích": 40, "Chủ đề": 25, "Loại câu hỏi": 14}


def _is_workbook(content: bytes) -> bool:
    return office.is_old(content) or (archive.is_archive(content) and _PARTS.search(content) is not None)


def _read_workbook(content: bytes, file: str) -> ReadResult:
    if office.is_old(content):
        return office.refused_as_old(file)
    intake = Intake(file, "xlsx")
    shown = []
    try:
        for sheet, is_hidden in workbook.sheets(archive.Archive(content, is_office=True)):
            if not is_hidden:
                shown.append(sheet)
            elif sheet.rows:
                message = f"The sheet {sheet.name!r} is hidden, and is left out."
                intake.warn(sheet.rows[0].line, "hidden_sheet", message, sheet.name)
    except (archive.ArchiveRefused, xml.XmlRefused) as problem:
        return office.refused(file, problem)
    except TooMany as problem:
        return too_many(file, problem)
    return reading.read(shown, file, intake)


def _write_workbook(items: tuple[Item, ...]) -> bytes:
    """The items in one sheet. Every cell is a text: none is a formula, whatever sign it begins with."""
    rows = writing.table(items)
    written = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(written, plain)
    book.set_properties({"created": datetime(2025, 1, 1)})  # noqa: DTZ001  # equal items, equal bytes
    sheet = book.add_worksheet("Câu hỏi")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True, "num_format": "@"})
    for place, name in enumerate(rows[0]):
        sheet.set_column(place, place, _WIDTHS.get(name, 24 if name.startswith("Đáp án ") else 12))
    for line, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(line, place, cell, text if line else head)
    sheet.freeze_panes(1, 0)
    book.close()
    return written.getvalue()


def _recognises_text(content: bytes) -> bool:
    return not archive.is_archive(content) and reading.is_table(delimited.beginning(content))


def _read_text(content: bytes, file: str) -> ReadResult:
    try:
        decoded = delimited.text_of(content)
        sheet = delimited.sheet(decoded.text)
    except (NotText, delimited.NotTable) as problem:
        code = "not_text" if isinstance(problem, NotText) else "not_table"
        return failed(file, code, str(problem), line=problem.line)
    except TooMany as problem:
        return too_many(file, problem)
    intake = Intake(file, "csv")
    if decoded.code_page:
        intake.warn_of_code_page(decoded.code_page)
    return reading.read([sheet], file, intake)


def _write_text(items: tuple[Item, ...]) -> bytes:
    """The items as rows between semicolons, which Excel takes apart where the comma is the decimal sign."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([delimited.guarded(cell) for cell in row] for row in writing.table(items))
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8")


XLSX = Format(
    name="xlsx",
    title="Excel",
    endings=("xlsx", "xlsm"),
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    recognises=_is_workbook,
    read=_read_workbook,
    write=_write_workbook,
)
CSV = Format(
    name="csv",
    title="CSV",
    endings=("csv", "tsv"),
    media_type="text/csv",
    recognises=_recognises_text,
    read=_read_text,
    write=_write_text,
)
