# SPDX-License-Identifier: Apache-2.0
"""Text files of rows: the sign between the cells is found out, whichever program wrote them."""

import csv
import io

from question_bank.formats.encoding import Decoded, NotText, decode
from question_bank.formats.intake import TooMany
from question_bank.formats.sheets import headers
from question_bank.formats.sheets.sheet import Counter, Row, Sheet
from question_bank.text import with_line_ends

_SIGNS = (",", ";", "\t", "|")
_LOOK = 80
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotTable(ValueError):
    """The text cannot be taken apart into rows; `line` is where that shows."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"The file is no table of cells: {reason}.")
        self.line = line


def text_of(content: bytes) -> Decoded:
    """The text of the file; UTF-16 is known without its mark too. Raises `NotText`."""
    start = content[:400]
    if start[:2] not in {b"\xff\xfe", b"\xfe\xff"} and 3 * start[1::2].count(0) > len(start[1::2]):
        content = b"\xff\xfe" + content
    return decode(content)


def sheet(text: str) -> Sheet:
    """All rows of the text; raises `NotTable` where it cannot be taken apart."""
    return Sheet(name="", rows=tuple(_rows(_without_sign(text), _sign(text))))


def beginning(content: bytes) -> Sheet | None:
    """The first rows of a file that may be a table, or None where it is none."""
    try:
        text = text_of(content).text
        sign = _sign(text)
        lines = text.split("\n", _LOOK)[:_LOOK]
        return Sheet(name="", rows=tuple(_rows(_without_sign("\n".join(lines)), sign)))
    except (NotText, NotTable, TooMany):
        return None


def guarded(cell: str) -> str:
    """The cell so that no program takes it for a formula: behind an apostrophe, which reading takes off."""
    return f"'{cell}" if _is_formula(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip("'").startswith(_FORMULA)


def _rows(text: str, sign: str, most: int | None = None) -> list[Row]:
    counter = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    found: list[Row] = []
    line = 1
    try:
        for cells in reader:
            row = counter.row(line, (_bare(with_line_ends(cell)) for cell in cells))
            found += [row] if row is not None else []
            line = reader.line_num + 1
            if most is not None and len(found) >= most:
                break
    except csv.Error as problem:
        raise NotTable(line, str(problem)) from problem
    return found


def _sign(text: str) -> str:
    """The sign between the cells: the named one, else the one under which a header or even rows appear."""
    first = text.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    head = "\n".join(text.split("\n", _LOOK)[:_LOOK])
    best, most = ",", (-1, -1)
    for sign in _SIGNS:
        try:
            rows = _rows(head, sign, most=_LOOK)
        except (NotTable, TooMany):
            continue
        found = Sheet(name="", rows=tuple(rows))
        is_known = headers.find(found) is not None
        widths = [len(row.cells) for row in rows]
        usual = max(widths, key=widths.count, default=0)
        score = (int(is_known), widths.count(usual) * (usual > 2) * usual)
        if score > most:
            best, most = sign, score
    return best


def _without_sign(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"\n{rest}" if first.strip().lower().startswith("sep=") and len(first.strip()) == 5 else text
