# SPDX-License-Identifier: Apache-2.0
"""Tables of questions within a Word file, as sheets: plain cells, HTML where a cell shows a picture."""

from collections.abc import Sequence

from question_bank.formats.sheets import headers
from question_bank.formats.sheets.headers import Header
from question_bank.formats.word import answer_tables, marked_keys
from question_bank.formats.word.document import Paragraph, Table
from question_bank.formats.word.passage import Passage, joined
from question_bank.formats.word.questions import Option, Question

_NOTHING = Passage(())


def cells_of(table: Table) -> list[list[str]]:
    """The texts of the cells; a star marks an option that only its look says to be right."""
    cells = [[_cell(cell) for cell in row] for row in table.rows]
    header = headers.find(answer_tables.as_sheet(cells))
    if header is not None and header.options and header.column("key") is None:
        _mark(cells, table, header)
    return cells


def _mark(cells: list[list[str]], table: Table, header: Header) -> None:
    asked = [_question(row, header) for row in table.rows]
    usual = marked_keys.usual_signs(asked)
    for place, question in enumerate(asked):
        for letter in marked_keys.key_of(question, usual):
            column = header.options[letter]
            cells[place][column] = f"*{cells[place][column]}"


def _question(row: Sequence[Sequence[Paragraph]], header: Header) -> Question:
    question = Question(0)
    for letter, column in sorted(header.options.items()):
        text = joined(paragraph.passage for paragraph in row[column]) if column < len(row) else _NOTHING
        if not text.is_blank:
            question.options.append(Option(letter, _NOTHING, text, False))
    return question


def _cell(cell: Sequence[Paragraph]) -> str:
    passages = [paragraph.passage for paragraph in cell if not paragraph.passage.is_blank]
    has_more = any(
        piece.picture or piece.marks & {"sup", "sub"} for each in passages for piece in each.pieces
    )
    if not has_more:
        return "\n".join(passage.text for passage in passages).strip()
    return "".join(f"<p>{passage.html(with_emphasis=False)}</p>" for passage in passages)
