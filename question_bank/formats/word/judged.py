# SPDX-License-Identifier: Apache-2.0
"""Statements to judge in a Word file: a) to d) in a table with a column for Đúng and one for Sai."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm

from question_bank.formats.stated import LEAST, MOST
from question_bank.formats.word.rendering import add_markdown
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.true_false import TrueFalse

_WIDTHS = (Mm(125), Mm(17), Mm(17))


def are_all(body: CaseStudy) -> bool:
    """True when the case study is nothing but statements, as many as one table has letters for."""
    return LEAST <= len(body.items) <= MOST and all(isinstance(item.body, TrueFalse) for item in body.items)


def add_table(document: Any, head: Sequence[str], statements: Sequence[tuple[str, str]]) -> Any:
    """A table with the statements (Markdown) behind their letters, and empty cells to tick."""
    table = document.add_table(rows=len(statements) + 1, cols=len(head))
    table.style, table.autofit = "Table Grid", False
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row, (letter, statement) in zip(table.rows[1:], statements, strict=True):
        cell = row.cells[0]
        add_markdown(cell, statement, lead=f"{letter}) ")
        first = cell.paragraphs[0]._p  # noqa: SLF001 - python-docx leaves an empty paragraph in front
        first.getparent().remove(first)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - no word for it
        for cell, width in zip(row.cells, _WIDTHS, strict=False):
            cell.width = width
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    return table
