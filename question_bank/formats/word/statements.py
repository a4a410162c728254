# SPDX-License-Identifier: Apache-2.0
"""Questions of several statements, each true or false, as Vietnamese papers have had them since 2025.

"a) … b) … c) … d) …" with "Đáp án: Đ S Đ S" below, "(Đúng)" and "(Sai)" behind each statement, or a table
with a column to tick for Đúng and one for Sai.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.formats.intake import Unreadable
from question_bank.formats.sheets import headers, ticks
from question_bank.formats.stated import LEAST
from question_bank.formats.word import answer_tables, truth_keys
from question_bank.formats.word.document import Table
from question_bank.formats.word.keys_apart import UNSURE
from question_bank.formats.word.passage import Passage, joined
from question_bank.formats.word.questions import Question

_STATEMENT = re.compile(r"\s{0,9}([a-h])\s?[.)]\s{0,5}(?=\S)")
_BEHIND = re.compile(r"\s{0,3}[(\[]\s?(Đúng|Sai|Đ|S)\s?[)\]][\s.;]{0,5}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and whether it is true."""

    letter: str
    text: Passage
    is_true: bool


def may_be_in(question: Question) -> bool:
    """True when the question has a table to tick, or parts behind small letters."""
    if question.ticked is not None:
        return True
    is_small = all(
        option.label.text.strip(" *([").startswith(tuple("abcdefgh")) for option in question.options
    )
    return is_small and len(_parts(question)[1]) >= LEAST


def statements_of(
    question: Question, apart: str, line: int
) -> tuple[Sequence[Passage | Table], list[Statement]]:
    """What stands before the statements, and the statements; none where the question is of another sort.

    `apart` is the key that stands elsewhere. Raises `Unreadable` where the key does not fit them.
    """
    key = _key(question, apart, line)
    if question.ticked is not None:
        return question.stem, _ticked(question.ticked, question, key, line)
    before, found = _parts(question)
    if len(found) < LEAST or not (key or all(_BEHIND.search(text.text) for _, text in found)):
        return question.stem, []
    if key and len(key) != len(found):
        message = f"Question {question.number} has {len(found)} statements, and its key {len(key)}."
        raise Unreadable(line, "bad_answer", message, key)
    made = []
    for place, (letter, text) in enumerate(found):
        behind = _BEHIND.search(text.text)
        said = key[place : place + 1] or (behind[1][0].upper() if behind else "")
        if behind and behind[1][0].upper() != said:
            raise _two_keys(question, letter, line)
        made.append(Statement(letter, text.cut(0, behind.start()) if behind else text, said == "Đ"))
    return before, made


def _key(question: Question, apart: str, line: int) -> str:
    """The truths that a line below the question, or a key apart from it, names."""
    if apart == truth_keys.UNREADABLE:
        message = f"The key of question {question.number} does not name the statements a, b, c … once each."
        raise Unreadable(line, "bad_answer", message)
    is_apart = truth_keys.is_one(apart)
    is_doubted = apart == UNSURE and not question.options
    if is_doubted or (is_apart and question.truths not in {"", apart}):
        message = f"Question {question.number} has two keys."
        raise Unreadable(line, "two_keys", message, apart)
    return apart if is_apart else question.truths


def _ticked(table: Table, question: Question, truths: str, line: int) -> list[Statement]:
    """The statements of a table; what its rows do not tick the key says."""
    sheet = answer_tables.as_sheet(
        [["\n".join(p.passage.text for p in cell) for cell in row] for row in table.rows]
    )
    header = headers.find(sheet)
    if header is None:
        return []
    column = header.column("statement") or header.column("stem") or 0
    made: list[Statement] = []
    for row in sheet.rows:
        if row.line <= header.last or not row.cell(column):
            continue
        said = ticks.truth(row, header)
        key = truths[len(made) : len(made) + 1]
        text = joined(each.passage for each in table.rows[row.line - 1][column])
        label = _STATEMENT.match(text.text)
        letter = "abcdefgh"[len(made) : len(made) + 1]
        if said is None and not key:
            message = f"Nothing says whether statement {letter} of question {question.number} is true."
            raise Unreadable(line, "bad_answer", message, letter)
        if said is not None and key and said != (key == "Đ"):
            raise _two_keys(question, letter, line)
        is_true = key == "Đ" if said is None else said
        made.append(Statement(letter, text.cut(label.end()) if label else text, is_true))
    return made


def _two_keys(question: Question, letter: str, line: int) -> Unreadable:
    message = f"Statement {letter} of question {question.number} has two keys."
    return Unreadable(line, "two_keys", message, letter)


def _parts(question: Question) -> tuple[Sequence[Passage | Table], list[tuple[str, Passage]]]:
    if question.options:
        letters = [option.letter.lower() for option in question.options]
        return question.stem, list(zip(letters, (o.text for o in question.options), strict=True))
    pieces: list[Passage | Table] = []
    for block in question.stem:
        pieces += (
            [each for each in block.lines() if not each.is_blank] if isinstance(block, Passage) else [block]
        )
    found: list[tuple[str, Passage]] = []
    before: list[Passage | Table] = []
    for piece in pieces:
        label = _STATEMENT.match(piece.text) if isinstance(piece, Passage) else None
        if label and isinstance(piece, Passage) and label[1] == "abcdefgh"[len(found) : len(found) + 1]:
            found.append((label[1], piece.cut(label.end())))
        elif found:
            return question.stem, []
        else:
            before.append(piece)
    return before, found
