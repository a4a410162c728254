# SPDX-License-Identifier: Apache-2.0
"""Questions of several statements, each true or false, as Vietnamese papers have had them since 2025.

"a) … b) … c) … d) …" with "Đáp án: Đ S Đ S" below, or "(Đúng)" and "(Sai)" behind each statement. Such a
question is a case study of statements: its text is what the statements are about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from question_bank.formats.intake import Unreadable
from question_bank.formats.word.document import Table
from question_bank.formats.word.passage import Passage
from question_bank.formats.word.questions import Question
from question_bank.json_values import decimal_text

_STATEMENT = re.compile(r"\s{0,9}([a-h])\s?[.)]\s{0,5}(?=\S)")
_BEHIND = re.compile(r"\s{0,3}[(\[]\s?(Đúng|Sai|Đ|S)\s?[)\]][\s.;]{0,5}$", re.IGNORECASE)
LEAST = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and whether it is true."""

    letter: str
    text: Passage
    is_true: bool


def statements_of(question: Question, line: int) -> tuple[Sequence[Passage | Table], list[Statement]]:
    """What stands before the statements, and the statements; none where the question is of another sort.

    Raises `Unreadable` where the key does not fit them.
    """
    before, found = _parts(question)
    if len(found) < LEAST or not (question.truths or all(_BEHIND.search(text.text) for _, text in found)):
        return question.stem, []
    if question.truths and len(question.truths) != len(found):
        message = (
            f"Question {question.number} has {len(found)} statements, and its key {len(question.truths)}."
        )
        raise Unreadable(line, "bad_answer", message, question.truths)
    made = []
    for place, (letter, text) in enumerate(found):
        behind = _BEHIND.search(text.text)
        said = question.truths[place : place + 1] or (behind[1][0].upper() if behind else "")
        if behind and behind[1][0].upper() != said:
            message = f"Statement {letter} of question {question.number} has two keys."
            raise Unreadable(line, "two_keys", message, letter)
        made.append(Statement(letter, text.cut(0, behind.start()) if behind else text, said == "Đ"))
    return before, made


def marks_of_each(marks: str, count: int) -> list[str]:
    """The marks of the statements: equal parts of those of the question (of 1 where it names none).

    What four places cannot part equally the last one has more: together they are what the question earns.
    """
    whole = Decimal(marks.replace(",", ".") or "1")
    part = (whole / count).quantize(Decimal("0.0001"), ROUND_DOWN)
    return [decimal_text(one) for one in [*[part] * (count - 1), whole - part * (count - 1)]]


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
