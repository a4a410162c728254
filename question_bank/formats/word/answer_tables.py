# SPDX-License-Identifier: Apache-2.0
"""Keys that stand apart: "1.A 2.B 3.C", numbers above letters, numbers beside letters."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from question_bank.formats.sheets import headers
from question_bank.formats.sheets.sheet import Row, Sheet
from question_bank.text import search_key

Cells = Sequence[Sequence[str]]

_PAIR = re.compile(
    r"(?<![\w.])(?:Câu\s?)?(\d{1,4})\s?[.:)–=-]?\s?\(?([A-J](?:\s?[,;&]\s?[A-J]){0,9})(?![\w])", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:Câu\s?)?(\d{1,4})[.:)]?", re.IGNORECASE)
_LETTERS = re.compile(r"[A-J](?:\s?[,;&]\s?[A-J]){0,9}[.)]?")
_PAPER = re.compile(r"(?:mã )?(?:đề )?(?:thi )?(?:số )?(\d{3,4})", re.IGNORECASE)
_LEAST_CODES = 2
_WORDS = frozenset(
    {"cau", "dap an", "d a", "da", "stt", "de", "ma de", "cau hoi", "key", "answer", "question"}
)


def pairs_in(text: str) -> list[tuple[int, str]]:
    """The numbers of questions with the letters behind them."""
    return [(int(number), letters.upper()) for number, letters in _PAIR.findall(text)]


def pairs_of(cells: Cells) -> list[tuple[int, str]]:
    """The keys of a table, whichever way it is laid out."""
    found: list[tuple[int, str]] = []
    for place, row in enumerate(cells):
        below = cells[place + 1] if place + 1 < len(cells) else []
        upright = _upright(row, below)
        found += upright or _along(row)
    return found


def by_code(cells: Cells) -> dict[str, list[tuple[int, str]]]:
    """The keys of a table that holds those of several papers, by the code of the paper; else nothing.

    Codes head the columns and numbers the rows, or the other way round.
    """
    for table in (cells, list(zip_longest(*cells, fillvalue=""))):
        for place, head in enumerate(table[:3]):
            codes = {
                column: found[1]
                for column, cell in enumerate(head)
                if (found := _PAPER.fullmatch(cell.strip()))
            }
            if len(codes) < _LEAST_CODES or place + 1 == len(table):
                continue
            rows = [row for row in table[place + 1 :] if row and _NUMBER.fullmatch(row[0].strip())]
            found_keys = {code: _column(rows, column) for column, code in codes.items()}
            if rows and all(found_keys.values()) and len(set(codes.values())) == len(codes):
                return found_keys
    return {}


def _column(rows: Sequence[Sequence[str]], column: int) -> list[tuple[int, str]]:
    """The keys of one paper; nothing where one of them is no key."""
    found = []
    for row in rows:
        number = _NUMBER.fullmatch(row[0].strip())
        letters = row[column].strip() if column < len(row) else ""
        if number is None or not _LETTERS.fullmatch(letters):
            return []
        found.append((int(number[1]), letters.strip(" .)")))
    return found


def is_table_of_keys(cells: Cells) -> bool:
    """True for a table that holds numbers and letters, and hardly anything else."""
    filled = [cell.strip() for row in cells for cell in row if cell.strip()]
    fitting = [cell for cell in filled if _is_part_of_keys(cell)]
    return len(filled) > 3 and 10 * len(fitting) >= 8 * len(filled)


def is_table_of_questions(cells: Cells) -> bool:
    """True for a table whose columns are named as those of a sheet of questions."""
    return headers.find(as_sheet(cells)) is not None


def is_table_of_ticks(cells: Cells) -> bool:
    """True for a table of statements, with a column to tick for Đúng and one for Sai."""
    header = headers.find(as_sheet(cells))
    return header is not None and header.has_ticks


def as_sheet(cells: Cells) -> Sheet:
    """The table as a sheet."""
    rows = tuple(Row(line, tuple(row)) for line, row in enumerate(cells, start=1))
    return Sheet(name="", rows=rows)


def _upright(row: Sequence[str], below: Sequence[str]) -> list[tuple[int, str]]:
    """Numbers in one row and their letters in the next."""
    pairs = []
    for number, letters in zip(row, below, strict=False):
        one, other = _NUMBER.fullmatch(number.strip()), _LETTERS.fullmatch(letters.strip())
        if one and other:
            pairs.append((int(one[1]), letters.strip(" .)")))
    return pairs


def _along(row: Sequence[str]) -> list[tuple[int, str]]:
    """Pairs within cells, and numbers with the letters in the next cell."""
    found: list[tuple[int, str]] = []
    for place, cell in enumerate(row):
        inside = pairs_in(cell)
        found += inside
        number = _NUMBER.fullmatch(cell.strip())
        letters = row[place + 1].strip() if place + 1 < len(row) else ""
        after = row[place + 2].strip() if place + 2 < len(row) else ""
        if not inside and number and _LETTERS.fullmatch(letters) and not _LETTERS.fullmatch(after):
            found.append((int(number[1]), letters.strip(" .)")))
    return found


def _is_part_of_keys(cell: str) -> bool:
    is_short = len(cell) < 60 and bool(pairs_in(cell))
    return is_short or bool(_NUMBER.fullmatch(cell) or _LETTERS.fullmatch(cell)) or search_key(cell) in _WORDS
