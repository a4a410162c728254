# SPDX-License-Identifier: Apache-2.0
"""Sheets of questions as items: header, chapters, questions of one row or several."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from question_bank.formats import legacy_fonts
from question_bank.formats.format import ReadResult, failed
from question_bank.formats.intake import Intake, TooMany, Unreadable, too_many
from question_bank.formats.sheets import headers, looks, rows, ticks, words
from question_bank.formats.sheets.answers import Question
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row, Sheet
from question_bank.text import search_key

_USUAL_NAMES = ("sheet", "trang tinh", "cau hoi", "questions", "data", "du lieu", "worksheet", "ngan hang")
_ROWS_TO_TRUST = 3
_PICTURE = "A picture that lies over the row or in one of its cells is left out."


def read(sheets: Sequence[Sheet], file: str, intake: Intake) -> ReadResult:
    """The items of all sheets that have a header; the others are named."""
    if old := legacy_fonts.found_in(_sample(sheets)):
        return failed(file, "legacy_font", legacy_fonts.message(old), old)
    known = [(sheet, headers.find(sheet) or _without_header(sheet)) for sheet in sheets]
    several = sum(1 for _, header in known if header is not None) > 1
    if not any(header for _, header in known) and any(sheet.rows for sheet in sheets):
        message = "No row names the columns: one of them is to be called Câu hỏi, and one Đáp án."
        return failed(file, "no_header", message)
    try:
        for sheet, header in known:
            if several or len(sheets) > 1:
                intake.problems.file = f"{file} [{sheet.name}]"
            if header is not None:
                read_sheet(sheet, header, intake, name=sheet.name if several else "")
            elif sheet.rows:
                message = f"The sheet {sheet.name!r} has no row that names its columns, and is left out."
                intake.warn(sheet.rows[0].line, "no_header", message, sheet.name)
    except TooMany as problem:
        return too_many(file, problem)
    intake.problems.file = file
    return intake.result()


def rows_of(sheet: Sheet, header: Header) -> Sheet:
    """The sheet with cells that reach down filled in where a column says something about many questions."""
    columns = {
        *header.topics,
        *header.tags,
        *(header.one.get(role) for role in ("level", "kind", "instrument")),
    }
    spans = [span for span in sheet.merged if span[1] in columns]
    if not spans:
        return sheet
    by_line = {row.line: row for row in sheet.rows}
    for top, column, bottom in spans:
        for line in range(top + 1, min(bottom, top + 5_000) + 1):
            if line in by_line and top in by_line:
                by_line[line] = _with(by_line[line], column, by_line[top].cell(column))
    return replace(sheet, rows=tuple(by_line[row.line] for row in sheet.rows))


def read_sheet(sheet: Sheet, header: Header, intake: Intake, *, name: str = "") -> None:
    """Every question of the sheet is taken or refused."""
    is_own_name = not search_key(name).startswith(_USUAL_NAMES)
    base = [name.strip()] if name and is_own_name else []
    for column in (*header.unknown, header.column("picture")):
        _leave_out(sheet, header, column, intake)
    pictures = set(sheet.pictures)
    for chapters, question in _questions(_with_stars(rows_of(sheet, header), header), header, intake):
        notes = intake.notes()
        for line in sorted(pictures & {row.line for row in question.rows}):
            notes.warn(line, "picture_left_out", _PICTURE)
        pictures -= {row.line for row in question.rows}
        try:
            found = [*base, *chapters, *rows.topics_of(question.rows[0], header)]
            draft = rows.draft_of(question, header, found, notes)
        except Unreadable as problem:
            intake.refuse(problem, notes, question.rows[0].cell(header.column("id")))
            continue
        intake.take(draft, question.line, notes)
    for line in sorted(line for line in pictures if line > header.last):
        intake.warn(line, "picture_left_out", _PICTURE)


def _with_stars(sheet: Sheet, header: Header) -> Sheet:
    """The sheet with a star before the options that only their look says to be right."""
    key = header.column("key")
    asked = [row for row in sheet.rows if row.line > header.last and not row.cell(key) and row.looks]
    made = looks.starred(asked, header.options) if header.options else {}
    return replace(sheet, rows=tuple(made.get(row.line, row) for row in sheet.rows)) if made else sheet


def _questions(sheet: Sheet, header: Header, intake: Intake) -> Iterator[tuple[list[str], Question]]:
    chapters: list[str] = []
    gathered: list[Row] = []
    for row in sheet.rows:
        if row.line <= header.last or _is_header_again(row, header):
            continue
        if gathered and _continues(row, header, gathered):
            gathered.append(row)
            continue
        if gathered:
            yield chapters, Question(tuple(gathered))
            gathered = []
        title = _chapter(row, header)
        if title:
            chapters = [title]
        elif _is_question(row, header):
            gathered = [row]
        else:
            intake.warn(row.line, "row_left_out", "The row holds no question, and is left out.")
    if gathered:
        yield chapters, Question(tuple(gathered))


def _is_question(row: Row, header: Header) -> bool:
    """True for a row with a question, and for one that has answers and lacks its question."""
    if row.cell(header.column("stem")):
        return True
    answers = [*header.options.values(), *(header.one.get(role) for role in ("choices", "key"))]
    return sum(1 for column in answers if row.cell(column)) > 1


def _continues(row: Row, header: Header, gathered: Sequence[Row]) -> bool:
    """True for a row that adds an option or a statement to the question above it."""
    if header.has_ticks or "statement" in header.one:
        return ticks.continues(row, header, gathered)
    if header.options or "choices" not in header.one:
        return False
    return not row.cell(header.column("stem")) and bool(row.cell(header.column("choices")))


def _chapter(row: Row, header: Header) -> str:
    """The title in a row that holds nothing else, or an empty text."""
    texts = {row.cell(column) for column in row.filled}
    if len(texts) != 1:
        return ""
    (title,) = texts
    is_alone_aside = not row.cell(header.column("stem")) and not title.isdecimal() and row.filled[0] <= 1
    return title[:200] if words.is_section(title) or is_alone_aside else ""


def _is_header_again(row: Row, header: Header) -> bool:
    named = [search_key(text) for text in header.texts if text.strip()]
    cells = [search_key(cell) for cell in row.cells if cell.strip()]
    return cells == named


def _leave_out(sheet: Sheet, header: Header, column: int | None, intake: Intake) -> None:
    if column is None:
        return
    name = header.texts[column].strip()[:60]
    for row in sheet.rows:
        if row.line > header.last and row.cell(column) and not row.cell(column).startswith("<p>"):
            intake.leave_out(name, row.line)


def _without_header(sheet: Sheet) -> Header | None:
    """The columns of a sheet that has no header, but in nearly every row a text, options and a letter."""
    widths = [len(row.cells) for row in sheet.rows]
    usual = max(widths, key=widths.count, default=0)
    if not 4 <= usual <= 10 or len(sheet.rows) < _ROWS_TO_TRUST:
        return None
    letters = {"ABCDEFGHIJ"[place]: place + 1 for place in range(usual - 2)}
    fitting = [
        row
        for row in sheet.rows
        if len(row.cells) == usual
        and row.cells[-1].strip().upper() in letters
        and len(row.cells[0].strip()) > 1
    ]
    if 10 * len(fitting) < 9 * len(sheet.rows):
        return None
    texts = ("stem", *letters, "key")
    return Header(last=0, texts=texts, one={"stem": 0, "key": usual - 1}, options=letters)


def is_table(sheet: Sheet | None) -> bool:
    """True when the rows are recognised as questions."""
    return sheet is not None and (headers.find(sheet) or _without_header(sheet)) is not None


def _sample(sheets: Iterable[Sheet]) -> str:
    return "\n".join(cell for sheet in sheets for row in sheet.rows[:400] for cell in row.cells)


def _with(row: Row, column: int, text: str) -> Row:
    cells = [*row.cells, *[""] * (column + 1 - len(row.cells))]
    cells[column] = cells[column] or text
    return Row(row.line, tuple(cells), row.looks)
