# SPDX-License-Identifier: Apache-2.0
"""Statements that are true or false under one text, as Vietnamese papers have had them since 2025.

Such a question is a case study of statements. Where the file says how many marks one, two … right statements
earn, these are its steps; else each statement earns an equal share.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from question_bank.formats.intake import Notes, option_ids
from question_bank.json_reader import Node, node_of
from question_bank.json_values import decimal_text

LEAST, MOST = 2, 8
_RULE = re.compile(
    r"(?<!\d)(\d{1,2})\s{1,3}ý(?!\w)[^;.\n]{0,60}?(?<![\d.,])(\d{1,3}(?:[.,]\d{1,4})?)\s{0,3}(?:điểm|đ)(?!\w)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?(?:\s{0,3}[;|\n]\s{0,3}\d{1,3}(?:[.,]\d{1,6})?){1,7}")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement as Markdown, whether it is true, and its own marks where the file names them."""

    text: str
    is_true: bool
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The marks that one, two … right statements earn, as a file states them."""

    marks: tuple[Decimal, ...]

    def steps(self) -> list[str] | None:
        """The shares of the whole; None where decimals cannot say them."""
        shares = [each / self.marks[-1] for each in self.marks]
        is_exact = all(
            share == round(share, 9) and share * self.marks[-1] == each
            for share, each in zip(shares, self.marks, strict=True)
        )
        return [decimal_text(share) for share in shares] if is_exact else None


def rule_in(text: str) -> Rule | None:
    """The rule a text states, "đúng 01 ý được 0,1 điểm; 02 ý 0,25 điểm …", or lists: "0,1; 0,25; 0,5; 1"."""
    if _LIST.fullmatch(text.strip()):
        return _rule([_decimal(number) for number in _NUMBER.findall(text)])
    found: list[Decimal] = []
    for number, marks in _RULE.findall(text):
        if int(number) == len(found) + 1:
            found.append(_decimal(marks))
        elif int(number) == 1:
            found = [_decimal(marks)]
    return _rule(found)


def amounts_in(text: str) -> tuple[str, ...]:
    """The marks of each statement that a text lists: "0,25; 0,75"; nothing for any other text."""
    spelt = text.strip()
    return tuple(each.replace(",", ".") for each in _NUMBER.findall(spelt)) if _LIST.fullmatch(spelt) else ()


def draft_of(
    draft: dict[str, object],
    statements: Sequence[Statement],
    line: int,
    notes: Notes,
    *,
    marks: str = "",
    rule: Rule | None = None,
    is_sure: bool = False,
) -> dict[str, object]:
    """The draft as a case study of these statements; its stem is what they are about.

    `is_sure`: the file itself says that each statement earns marks of its own.
    """
    steps = rule.steps() if rule is not None and len(rule.marks) == len(statements) else None
    if steps is None and not is_sure:
        message = "Each statement earns an equal share here; papers may pay more for the last right ones."
        notes.warn(line, "grading_changed", message)
    whole = marks or (decimal_text(rule.marks[-1]) if rule is not None and steps else "")
    shares = [each.marks for each in statements]
    if not all(shares):
        shares = marks_of_each(whole, len(statements))
    notes.spend(len(statements), line)
    items = [
        node_of(
            {"id": name, "kind": "true_false", "stem": one.text, "answer": one.is_true, "marks": own}, line
        )
        for name, one, own in zip(option_ids(len(statements)), statements, shares, strict=True)
    ]
    kept = {key: value for key, value in draft.items() if value and key not in {"marks", "stem"}}
    made = {**kept, "kind": "case_study", "stem": "", "stimulus": draft["stem"], "items": items}
    return (
        {**made, "grading": "steps", "steps": Node([Node(s, line) for s in steps], line)} if steps else made
    )


def marks_of_each(marks: str, count: int) -> list[str]:
    """The marks of the statements: equal parts of those of the question (of 1 where it names none).

    What four places cannot part equally the last one has more: together they are what the question earns.
    """
    whole = _decimal(marks or "1")
    part = (whole / count).quantize(Decimal("0.0001"), ROUND_DOWN)
    return [decimal_text(one) for one in [*[part] * (count - 1), whole - part * (count - 1)]]


def _rule(marks: list[Decimal]) -> Rule | None:
    is_one = LEAST <= len(marks) <= MOST and marks == sorted(marks) and marks[-1] > 0
    return Rule(tuple(marks)) if is_one else None


def _decimal(spelt: str) -> Decimal:
    return Decimal(spelt.replace(",", "."))
