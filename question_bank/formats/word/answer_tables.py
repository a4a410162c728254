# SPDX-License-Identifier: Apache-2.0
"""Keys that stand apart: "1.A 2.B 3.C", numbers above letters, numbers beside letters."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from question_bank.formats.sheets import headers
from question_bank.formats.sheets.sheet import Row, Sheet
from question_bank.formats.word import truth_keys
from question_bank.formats.word.truth_keys import Cells, Pairs
from question_bank.text import search_key

_PAIR = re.compile(
    r"(?<![\w.])(?:Câu\s?)?(\d{1,4})\s?[.:)–=-]?\s?\(?([A-J](?:\s?[,;&]\s?[A-J]){0,9})(?![\w])", re.IGNORECASE
)
_SAID = re.compile(r"\A\W{0,9}(?:bảng )?(?:đáp án|keys?|answers?)\s{0,3}[:.–-]\s{0,3}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:Câu\s?)?(\d{1,4})[.:)]?", re.IGNORECASE)
_LETTERS = re.compile(r"[A-J](?:\s?[,;&]\s?[A-J]){0,9}[.)]?")
_LABEL = re.compile(r"(?:ý )?[a-h][.)]?|\d{1,4}\s?[.)]?\s?[a-h][.)]?", re.IGNORECASE)
_PAPER = re.compile(r"(?:mã )?(?:đề )?(?:thi )?(?:số )?(\d{3,4})", re.IGNORECASE)
_LONGEST_LINE = 20_000
_LEAST_CODES = 2
_WORDS = frozenset(
    {
        "cau",
        "dap an",
        "d a",
        "da",
        "stt",
        "de",
        "ma de",
        "cau hoi",
        "key",
        "answer",
        "question",
        "y",
        "lenh hoi",
        "dap an d s",
        "d s",
        "dap an dung sai",
        "dung sai",
        "menh de",
        "phat bieu",
    }
)


def pairs_in(text: str) -> Pairs:
    """The numbers of questions with the letters behind them."""
    return [(int(number), letters.upper()) for number, letters in _PAIR.findall(text)]


def is_line(text: str) -> bool:
    """True for a line that holds nothing but keys: "1.A 2.B", "Câu 1: Đ S Đ S"."""
    if len(text) > _LONGEST_LINE:
        return False
    truths, rest = truth_keys.taken_from(_SAID.sub("", text, count=1))
    letters = pairs_in(rest)
    is_bare = not any(char.isalnum() for char in _PAIR.sub(" ", rest))
    is_sure = bool(truths) or len(letters) > 1 or text.strip().lower().startswith("câu")
    return is_bare and bool(truths or letters) and is_sure


def pairs_of(cells: Cells) -> Pairs:
    """The keys of a table, whichever way it is laid out."""
    found: Pairs = truth_keys.pairs_of(cells)
    for place, row in enumerate(cells):
        below = cells[place + 1] if place + 1 < len(cells) else []
        upright = _upright(row, below)
        found += upright or _along(row)
    return found


def by_code(cells: Cells) -> dict[str, Pairs]:
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


def _column(rows: Sequence[Sequence[str]], column: int) -> Pairs:
    """The keys of one paper; nothing where one of them is no key."""
    found = []
    for row in rows:
        number = _NUMBER.fullmatch(row[0].strip())
        said = _said(row[column]) if column < len(row) else ""
        if number is None or not said:
            return []
        found.append((int(number[1]), said))
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


def _upright(row: Sequence[str], below: Sequence[str]) -> Pairs:
    """Numbers in one row and their letters in the next."""
    pairs = []
    for number, letters in zip(row, below, strict=False):
        one, other = _NUMBER.fullmatch(number.strip()), _said(letters)
        if one and other:
            pairs.append((int(one[1]), other))
    return pairs


def _along(row: Sequence[str]) -> Pairs:
    """Pairs within cells, and numbers with the letters in the next cell."""
    found: Pairs = []
    for place, cell in enumerate(row):
        if truth_keys.truth_in(row[place + 1] if place + 1 < len(row) else ""):
            continue  # the statement "1a", not the option A of question 1
        truths, rest = truth_keys.taken_from(cell)
        inside = truths + pairs_in(rest)
        found += inside
        number = _NUMBER.fullmatch(cell.strip())
        said = _said(row[place + 1]) if place + 1 < len(row) else ""
        after = _said(row[place + 2]) if place + 2 < len(row) else ""
        if not inside and number and said and not after:
            found.append((int(number[1]), said))
    return found


def _said(cell: str) -> str:
    """The key that a cell holds: letters of options or truths of statements, or nothing."""
    text = cell.strip()
    return text.strip(" .)") if _LETTERS.fullmatch(text) else truth_keys.truths_in(text)


def _is_part_of_keys(cell: str) -> bool:
    if len(cell) >= 60:
        return False
    is_pair = bool(pairs_in(cell) or truth_keys.taken_from(cell)[0])
    is_alone = bool(
        _NUMBER.fullmatch(cell) or _LABEL.fullmatch(cell) or _said(cell) or truth_keys.truth_in(cell)
    )
    return is_pair or is_alone or search_key(cell) in _WORDS
