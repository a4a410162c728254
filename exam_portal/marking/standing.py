# SPDX-License-Identifier: Apache-2.0
"""What the marks of a script amount to so far, by the rule set: pure, without a person in it."""

import dataclasses
import enum
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from exam_portal.marking import errors
from scoring.marks import Mark, MarkSheet
from scoring.reconcile import differ, reconcile
from scoring.rounding import is_multiple, plain
from scoring.ruleset import RuleSet
from scoring.ruleset.parts import Part


class Need(enum.StrEnum):
    """What a script waits for."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    NOTHING = "nothing"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the scripts of one bag are marked: the part of the rule set, and whether it is a review."""

    ruleset: RuleSet
    part: Part
    is_review: bool

    @classmethod
    def of(cls, ruleset: RuleSet, part_key: str, *, is_review: bool) -> "Rule":
        """Return the rule of a part."""
        part = next(one for one in ruleset.parts if one.key == part_key)
        return cls(ruleset=ruleset, part=part, is_review=is_review)

    @property
    def rounds(self) -> int:
        """How many independent marks every script gets."""
        if self.is_review:
            return 2 if self.ruleset.review.policy == "two_agree_else_mean" else 1
        assert self.part.marking is not None
        return self.part.marking.markers


def tidy_name(name: str) -> str:
    """Return a name in one spelling of its spaces and marks."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def same_name(name: str) -> str:
    """Return what two ways of writing one name have in common."""
    return tidy_name(name).casefold()


def need(rule: Rule, marks: Mapping[int, Decimal]) -> Need:
    """Return what a script with these marks by round waits for."""
    if 1 not in marks:
        return Need.FIRST
    if rule.rounds > 1 and 2 not in marks:
        return Need.SECOND
    if 3 not in marks and _third_is_due(rule, marks):
        return Need.THIRD
    return Need.NOTHING


def _third_is_due(rule: Rule, marks: Mapping[int, Decimal]) -> bool:
    if rule.rounds < 2:
        return False
    first, second = marks[1], marks[2]
    if rule.is_review:
        return first != second
    assert rule.part.marking is not None
    if rule.rounds > 2:
        return True
    if rule.part.marking.resolve in ("mean", "chair_decides"):
        return False
    return differ(rule.part.marking.discrepancy, (first, second), rule.ruleset.numbers.scale)


def checked_value(rule: Rule, value: Decimal | None, scores: Mapping[str, Decimal]) -> Decimal:
    """Return the mark: the sum of the rubric's criteria where there is a rubric, else the value itself.

    Every figure lies on the step of the rule set and between nought and its maximum, or MarkOffStep.
    """
    numbers = rule.ruleset.numbers
    if not rule.part.rubric or (value is not None and not scores):
        if value is None:
            raise errors.CriteriaMissing(("value",))
        return _on_step(value, numbers.step, numbers.scale)
    missing = tuple(row.key for row in rule.part.rubric if row.key not in scores)
    if missing:
        raise errors.CriteriaMissing(missing)
    total = sum((_on_step(scores[row.key], numbers.step, row.max) for row in rule.part.rubric), Decimal(0))
    if value is not None and value != total:
        raise errors.TotalDiffers(plain(value), plain(total))
    return total


def final(rule: Rule, marks: Mapping[int, Decimal]) -> Decimal | None:
    """Return the mark that the part's rule makes of these, or None while something is missing.

    What a review makes of its marks depends on the first marking, which its bag does not know.
    """
    if rule.is_review:
        return None
    sheet = MarkSheet(marks=tuple(Mark(marker=str(n), round=n, value=v) for n, v in sorted(marks.items())))
    numbers, review = rule.ruleset.numbers, rule.ruleset.review
    return reconcile(rule.part, sheet, numbers=numbers, review=review).mark


def _on_step(value: Decimal, step: Decimal, maximum: Decimal) -> Decimal:
    if not 0 <= value <= maximum or not is_multiple(value, step):
        raise errors.MarkOffStep(plain(value), plain(step), plain(maximum))
    return value
