# SPDX-License-Identifier: Apache-2.0
"""What the marks of a script amount to so far, by the rule set: pure, without a person in it."""

import dataclasses
import enum
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


def need(rule: Rule, marks: Mapping[int, Decimal]) -> Need:
    """Return what a script with these marks by round waits for."""
    if 1 not in marks:
        return Need.FIRST
    if rule.rounds > 1 and 2 not in marks:
        return Need.SECOND
    if 3 not in marks and third_is_due(rule, marks):
        return Need.THIRD
    return Need.NOTHING


def third_is_due(rule: Rule, marks: Mapping[int, Decimal]) -> bool:
    """Whether the first two marks call for a third."""
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


def distance(rule: Rule, marks: Mapping[int, Decimal]) -> Decimal | None:
    """Return how far the independent marks lie apart, or None before there are as many as the rule asks."""
    values = [value for number, value in marks.items() if number <= rule.rounds]
    return max(values) - min(values) if rule.rounds > 1 and len(values) == rule.rounds else None


def is_apart(rule: Rule, marks: Mapping[int, Decimal]) -> bool:
    """Whether the independent marks lie too far apart for what the rule makes of marks that agree."""
    apart = distance(rule, marks)
    if apart is None:
        return False
    if rule.is_review:
        return apart > 0
    assert rule.part.marking is not None
    return differ(rule.part.marking.discrepancy, (Decimal(0), apart), rule.ruleset.numbers.scale)


def checked_value(rule: Rule, value: Decimal | None, scores: Mapping[str, Decimal]) -> Decimal:
    """Return the mark: the sum of the rubric's criteria where there is a rubric, else the value itself.

    Every figure lies on the step of the rule set and between nought and its maximum, or MarkOffStep.
    """
    numbers = rule.ruleset.numbers
    if not rule.part.rubric or (value is not None and not scores):
        if value is None:
            raise errors.CriteriaMissing(("value",))
        return _on_step(value, numbers.step, numbers.scale)
    missing = [row for row in rule.part.rubric if row.key not in scores]
    if missing:
        raise errors.CriteriaMissing(tuple(row.key for row in missing), tuple(row.title for row in missing))
    figures = [_on_step(scores[row.key], numbers.step, row.max, row.key) for row in rule.part.rubric]
    total = sum(figures, Decimal(0))
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


def _on_step(value: Decimal, step: Decimal, maximum: Decimal, criterion: str = "") -> Decimal:
    if not 0 <= value <= maximum or not is_multiple(value, step):
        raise errors.MarkOffStep(plain(value), plain(step), plain(maximum), criterion)
    return value
