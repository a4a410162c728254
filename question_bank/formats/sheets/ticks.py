# SPDX-License-Identifier: Apache-2.0
"""Statements whose truth is ticked: columns "Đúng" and "Sai", and in each row a mark in one of them."""

import re
from collections.abc import Sequence

from question_bank.formats import amounts, texts
from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.sheets import cells, keys
from question_bank.formats.sheets.answers import Question
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row
from question_bank.formats.stated import LEAST, MOST, Statement

_PRIVATE = "\uf0fc\uf0fe\uf0fb\uf0fd\uf052\uf050\uf054"  # Wingdings; its ticks are the letters ü and þ, too
_TICKS = frozenset("xv+*✓✔☑☒✗✘×√●•■1üþ" + _PRIVATE)
_WORDS = frozenset({"true", "đ", "đúng", "d", "s", "sai", "có", "yes", "chọn"})
_EMPTY = frozenset(["☐", "□", "○", "-", "–", "—", "0", "false", "không", "no", "\uf0a8", "\uf06f", "\uf0a3"])
_LABEL = re.compile(r"\s{0,9}([a-h])\s?[.)]\s{0,9}(?=\S)", re.IGNORECASE)


def truth(row: Row, header: Header) -> bool | None:
    """Whether the row is ticked as true or as false, or its key says so; None where nothing does.

    Raises `Unreadable` for a row with both ticks, and for a sign that is none.
    """
    is_true, is_false = (_is_ticked(row, header.column(name)) for name in ("true", "false"))
    if is_true and is_false:
        raise Unreadable(row.line, "two_keys", "The row is ticked as true and as false.")
    if is_true or is_false:
        return is_true
    return keys.truth(row.cell(header.column("key")))


def continues(row: Row, header: Header, gathered: Sequence[Row]) -> bool:
    """True for a row that adds a statement to the question above it."""
    column, first = header.column("statement"), gathered[0]
    if len(gathered) > MOST:
        return False
    stem = row.cell(header.column("stem"))
    if column is not None:
        return bool(row.cell(column)) and stem in {"", first.cell(header.column("stem"))}
    label = _LABEL.match(stem)
    is_heading = not _has_truth(first, header) and not _LABEL.match(first.cell(header.column("stem")))
    return (
        bool(label) and is_heading and label is not None and label[1].lower() == "abcdefgh"[len(gathered) - 1]
    )


def statements_of(question: Question, header: Header, notes: Notes) -> list[Statement]:
    """The statements of the rows; none where they hold a question of another sort."""
    column = header.column("statement")
    rows = [row for row in question.rows if column is None or row.cell(column)]
    if column is None:
        rows = rows[1:] if header.has_ticks else []
        column = header.column("stem")
    if len(rows) < LEAST:
        return []
    has_own = sum(1 for row in rows if row.cell(header.column("marks"))) > 1
    return [_statement(row, header, column, notes, has_own=has_own) for row in rows]


def without_label(text: str) -> str:
    """The statement without the letter before it."""
    found = _LABEL.match(text)
    return text[found.end() :] if found else text


def _statement(row: Row, header: Header, column: int | None, notes: Notes, *, has_own: bool) -> Statement:
    said = truth(row, header)
    if said is None:
        message = "Nothing says whether the statement is true or false."
        raise Unreadable(row.line, "bad_answer", message, row.cell(column)[:60])
    marks = cells.number(row.cell(header.column("marks"))) if has_own else ""
    if marks and amounts.parse(marks) is None:
        raise Unreadable(row.line, "bad_number", f"{marks[:60]!r} is no number.", marks)
    markup = cells.markup_of(row, header)
    text = row.cell(column)
    source = cells.source(text if markup == "markdown" else without_label(text), markup, row.line)
    return Statement(text=texts.stem(source, notes), is_true=said, marks=marks)


def _has_truth(row: Row, header: Header) -> bool:
    return any(row.cell(header.column(name)) for name in ("true", "false", "key"))


def _is_ticked(row: Row, column: int | None) -> bool:
    spelt = row.cell(column)
    sign = spelt.strip("()[] \u00a0").casefold()
    if not sign or sign in _EMPTY:
        return False
    if sign in _TICKS or sign in _WORDS:
        return True
    raise Unreadable(row.line, "bad_answer", f"{spelt[:60]!r} is no tick.", spelt[:60])
