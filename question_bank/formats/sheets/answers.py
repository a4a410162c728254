# SPDX-License-Identifier: Apache-2.0
"""The options of a question, from whichever cells of its rows hold them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.formats import lettered
from question_bank.formats.sheets import cells, keys
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row

LEAST_OF_A_CHOICE = 2


@dataclass(frozen=True, slots=True)
class Question:
    """The rows that hold one question: one as a rule, one for each option in some layouts."""

    rows: tuple[Row, ...]

    @property
    def line(self) -> int:
        """The number of its first row."""
        return self.rows[0].line


@dataclass(frozen=True, slots=True)
class Answers:
    """The texts of the options by letter, and which of them are marked as right beside their text.

    `is_column` says that the marks stand in the column of keys, one beside each option.
    """

    texts: Mapping[str, str]
    marked: tuple[str, ...]
    is_column: bool = False


def taken_apart(question: Question, header: Header) -> tuple[str, Answers]:
    """The question's own text, and its options from whichever cells hold them."""
    row = question.rows[0]
    stem = row.cell(header.column("stem"))
    if header.options:
        found = {letter: row.cell(column) for letter, column in sorted(header.options.items())}
        return stem, _own_labels_off({letter: text for letter, text in found.items() if text})
    choices = header.column("choices")
    if len(question.rows) > 1:
        return stem, _by_row(question, header)
    inside = row.cell(choices)
    rest, options = lettered.split(inside or stem)
    if options:
        texts_by_letter = {"ABCDEFGHIJ"[place]: text for place, (text, _) in enumerate(options)}
        marked = tuple(letter for letter, (_, star) in zip(texts_by_letter, options, strict=True) if star)
        return stem if inside else rest, Answers(texts_by_letter, marked)
    lines = [line.strip() for line in inside.split("\n") if line.strip()]
    if len(lines) < LEAST_OF_A_CHOICE:
        lines = cells.parts(inside)
    kept = lines[:10] if len(lines) >= LEAST_OF_A_CHOICE else []
    return stem, _own_labels_off({"ABCDEFGHIJ"[place]: text for place, text in enumerate(kept)})


def _by_row(question: Question, header: Header) -> Answers:
    """Options that stand under each other, one to a row, with a mark beside the right ones."""
    choices, key = header.column("choices"), header.column("key")
    held = [row for row in question.rows if row.cell(choices)][:10]
    found = {letter: row.cell(choices) for letter, row in zip("ABCDEFGHIJ", held, strict=False)}
    said = {letter: row.cell(key) for letter, row in zip("ABCDEFGHIJ", held, strict=False)}
    answers = _own_labels_off(found)
    is_key_of_all = not any(row.cell(key) for row in question.rows[1:]) and keys.key_of(
        question.rows[0].cell(key), answers.texts
    )
    marked = () if is_key_of_all else tuple(letter for letter, cell in said.items() if keys.truth(cell))
    return Answers(answers.texts, marked or answers.marked, is_column=bool(marked))


def _own_labels_off(found: Mapping[str, str]) -> Answers:
    """The options without letters of their own ("A. …" in the column A), and those a star marks."""
    marked = tuple(
        letter for letter, text in found.items() if text.startswith("*") and not text.startswith("**")
    )
    bare = {
        letter: text.removeprefix("*").strip() if letter in marked else text for letter, text in found.items()
    }
    labelled = re.compile(r"([A-Ja-j])\s?[.)/:]\s*(?=\S)")
    matches = {letter: labelled.match(text) for letter, text in bare.items()}
    if bare and all(match and match[1].upper() == letter for letter, match in matches.items()):
        bare = {letter: text[match.end() :] for letter, text in bare.items() if (match := matches[letter])}
    is_few = len(marked) < len(found)
    return Answers(bare, marked) if is_few else Answers(found, ())
