# SPDX-License-Identifier: Apache-2.0
"""From the rows of one question to a draft of an item."""

import html
import re
from collections.abc import Sequence

from question_bank.formats import amounts, companion, stated, texts
from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.sheets import answers, bodies, cells, ticks, words
from question_bank.formats.sheets.answers import Question
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row
from question_bank.formats.sheets.workbook import ERROR
from question_bank.json_reader import Node
from question_bank.json_values import decimal_text

Draft = dict[str, object]

_TOPICS = re.compile(r"[\n;|]|\s>\s")


def draft_of(question: Question, header: Header, topics: Sequence[str], notes: Notes) -> Draft:
    """The draft; raises `Unreadable` where the rows hold no whole question."""
    row = question.rows[0]
    _refuse_errors(question)
    markup = cells.markup_of(row, header)
    statements = ticks.statements_of(question, header, notes)
    stem, found = (
        (row.cell(header.column("stem")), None) if statements else answers.taken_apart(question, header)
    )
    if not stem:
        raise Unreadable(row.line, "unfinished_question", "The row has answers, but no question.")
    picture = row.cell(header.column("picture"))
    if picture.startswith("<p>"):  # of a table in a Word file
        stem = (stem if stem.startswith("<p>") else f"<p>{html.escape(stem, quote=False)}</p>") + picture
    kind, body = bodies.body_of(row, header, found, notes) if found else (None, {})
    draft: Draft = {
        "kind": kind,
        "stem": Node(texts.stem(cells.source(stem, markup, row.line), notes), row.line),
        "title": row.cell(header.column("title")) or None,
        "id": row.cell(header.column("id")) or None,
        "feedback": texts.feedback(
            cells.source(row.cell(header.column("feedback")), markup, row.line), notes
        ),
        "topics": list(dict.fromkeys(topics)) or None,
        "tags": _tags(row, header) or None,
        "source": _legal_source(row, header),
        **_level(row, header, notes),
        **body,
    }
    if statements:
        draft = _of_statements(draft, statements, row, header, notes)
    elif (marks := row.cell(header.column("marks"))) and kind != "description":
        draft["marks"] = cells.number(marks)
    made = {key: value for key, value in draft.items() if value}
    return companion.joined(made, row.cell(header.column("extra")))


def _of_statements(
    draft: Draft, statements: Sequence[stated.Statement], row: Row, header: Header, notes: Notes
) -> Draft:
    """The draft as a case study of the statements, by the steps that the row names."""
    marks = cells.number(row.cell(header.column("marks")))
    if marks and amounts.parse(marks) is None:
        raise Unreadable(row.line, "bad_number", f"{marks[:60]!r} is no number.", marks)
    column = header.column("steps")
    return stated.draft_of(
        draft,
        statements,
        row.line,
        notes,
        marks=marks,
        rule=stated.rule_in(row.cell(column)),
        is_sure=column is not None,
    )


def topics_of(row: Row, header: Header) -> list[str]:
    """The topics that the row names, the outermost first; a chapter that is a bare number keeps its word."""
    found = []
    for column in header.topics:
        for text in (part.strip() for part in _TOPICS.split(row.cell(column))):
            name = header.texts[column].split("(")[0].strip()
            found += [f"{name} {text}" if text.isdecimal() else text] if text else []
    return found


def _refuse_errors(question: Question) -> None:
    for row in question.rows:
        for cell in row.cells:
            if cell.startswith(ERROR):
                message = f"A formula of the row gives no value ({cell[1:] or 'it was never computed'})."
                raise Unreadable(row.line, "bad_cell", message, cell[1:])


def _level(row: Row, header: Header, notes: Notes) -> Draft:
    """The level, where the words name one; what names none stays as a tag and is told."""
    spelt = row.cell(header.column("level"))
    spelt = header.legend("level").get(spelt, spelt)
    difficulty = row.cell(header.column("difficulty"))
    share = amounts.parse(cells.number(difficulty)) if difficulty else None
    found: Draft = {"level": words.level_of(spelt)}
    if share is not None and 0 < share < 1:
        found["difficulty"] = decimal_text(share)
    if not spelt or found["level"]:
        return found
    found["level"] = words.level_by_number(spelt)
    if found["level"]:
        message = f"The level {spelt} was read as {found['level']}: 1 is recall and 4 the highest."
        notes.warn(row.line, "level_by_number", message, spelt)
    else:
        notes.warn(row.line, "unknown_level", f"The level {spelt[:60]!r} is kept as a tag.", spelt)
    return found


def _tags(row: Row, header: Header) -> list[str]:
    found = cells.parts(row.cell(header.column("tags")))
    found += [f"{header.texts[c].split('(')[0].strip()}: {row.cell(c)}" for c in header.tags if row.cell(c)]
    level = row.cell(header.column("level"))
    level = header.legend("level").get(level, level)
    if level and not words.level_of(level) and not words.level_by_number(level):
        found.append(f"Mức độ: {level}")
    difficulty = row.cell(header.column("difficulty"))
    share = amounts.parse(cells.number(difficulty)) if difficulty else None
    if difficulty and not (share is not None and 0 < share < 1):
        found.append(f"Độ khó: {header.legend('difficulty').get(difficulty, difficulty)}")
    return list(dict.fromkeys(found))


def _legal_source(row: Row, header: Header) -> dict[str, object] | None:
    found = {name: row.cell(header.column(name)) for name in ("instrument", "article")}
    return {name: text for name, text in found.items() if text} or None
