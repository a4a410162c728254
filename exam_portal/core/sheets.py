# SPDX-License-Identifier: Apache-2.0
"""Tables for spreadsheets in which no cell can ever compute anything."""

import csv
import dataclasses
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | date | datetime | None
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
LONGEST_TITLE = 31  # of a worksheet, by the format


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: a title, a header and rows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return an XLSX file. Text is written as text whatever it begins with."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _fill(book, sheet, bold)
    return target.getvalue()


def csv_file(sheet: Sheet) -> bytes:
    """Return an RFC 4180 file in UTF-8 with the mark spreadsheets need to see Vietnamese letters."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([neutral(title) for title in sheet.header])
    writer.writerows([[_plain(cell) for cell in row] for row in sheet.rows])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def neutral(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    without_nul = text.replace("\0", "")
    return f"'{without_nul}" if text.startswith(DANGEROUS) else without_nul


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutral(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _fill(book: "xlsxwriter.Workbook", sheet: Sheet, bold: object) -> None:
    page = book.add_worksheet(sheet.title[:LONGEST_TITLE])
    page.freeze_panes(1, 0)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | Decimal):
                page.write_number(number, column, cell)
            elif cell is not None:
                page.write_string(number, column, cell if isinstance(cell, str) else _plain(cell))
