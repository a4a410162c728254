# SPDX-License-Identifier: Apache-2.0
"""Independent marks of one script become one mark, or the reason why they do not yet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.explanation import Explanation, Outcome, decided, waiting
from scoring.marks import Mark, MarkSheet
from scoring.rounding import mean, plain
from scoring.ruleset.parts import Discrepancy, Marking, Part
from scoring.ruleset.settings import Numbers, Review


def reconcile(
    part: Part,
    sheet: MarkSheet,
    *,
    numbers: Numbers,
    review: Review,
    candidate: str = "",
    chair_mark: Decimal | None = None,
) -> Outcome:
    """The mark of a script by the part's rule, then by the review's where there has been one.

    A review presupposes a mark: while the marking itself waits, so does the review.
    """
    if part.marking is None:
        raise ValueError(f"the part {part.key!r} is not marked by markers")
    marked = _marked(part, part.marking, sheet, numbers, candidate, chair_mark)
    if marked.mark is None or not sheet.remarks:
        return marked
    reviewed = _reviewed(part, sheet.remarks, marked.mark, numbers, review, candidate)
    return Outcome(
        mark=reviewed.mark,
        explanation=(*marked.explanation, *reviewed.explanation),
        pending=reviewed.pending,
    )


def differ(discrepancy: Discrepancy, values: Sequence[Decimal], scale: Decimal) -> bool:
    """Whether these marks lie so far apart that they do not simply make a mean; one alone never does."""
    if len(values) < 2:
        return False
    distance, threshold = Fraction(max(values) - min(values)), Fraction(discrepancy.threshold)
    if discrepancy.basis == "percent_of_max":
        distance, threshold = distance * 100, threshold * Fraction(scale)
    return distance > threshold or (discrepancy.operator == ">=" and distance == threshold)


def _marked(
    part: Part,
    marking: Marking,
    sheet: MarkSheet,
    numbers: Numbers,
    candidate: str,
    chair_mark: Decimal | None,
) -> Outcome:
    by_round = {mark.round: mark.value for mark in sheet.independent}
    missing = [number for number in range(1, marking.markers + 1) if number not in by_round]
    if missing:
        return waiting("marks_missing", candidate, part.key, rounds=missing)
    values = [by_round[number] for number in range(1, marking.markers + 1)]
    third = by_round.get(3) if marking.markers < 3 else None
    if not differ(marking.discrepancy, values, numbers.scale):
        return _plain_mean(part, values, third, numbers)
    if marking.resolve == "chair_decides":
        return _by_chair_mark(part, values, third, chair_mark, numbers, candidate)
    if marking.resolve == "mean":
        return _plain_mean(part, values if third is None else [*values, third], None, numbers)
    if third is None and marking.markers < 3:
        return waiting("third_mark_required", candidate, part.key, difference=_distance(values))
    return _of_three(part.key, marking.resolve, values if third is None else [*values, third], numbers)


def _plain_mean(part: Part, values: Sequence[Decimal], unused: Decimal | None, numbers: Numbers) -> Outcome:
    """The mean; a third mark that nothing called for is said to be left aside."""
    code = {1: "single_mark", 2: "mean_of_two", 3: "mean_of_three"}[len(values)]
    return decided(code, part.key, values, numbers.rounded(mean(values)), *_left_aside(part, unused))


def _left_aside(part: Part, unused: Decimal | None) -> tuple[Explanation, ...]:
    """That a third mark is there and counts nothing, because no rule asks for one."""
    if unused is None:
        return ()
    return (Explanation(code="third_mark_not_needed", part=part.key, values=(plain(unused),), result=None),)


def _by_chair_mark(
    part: Part,
    values: Sequence[Decimal],
    unused: Decimal | None,
    chair_mark: Decimal | None,
    numbers: Numbers,
    candidate: str,
) -> Outcome:
    if chair_mark is None:
        return waiting("chair_mark_required", candidate, part.key, difference=_distance(values))
    found, notes = numbers.rounded(chair_mark), _left_aside(part, unused)
    return decided("chair_decides", part.key, [*values, chair_mark], found, *notes)


def _of_three(part: str, resolve: str, values: Sequence[Decimal], numbers: Numbers) -> Outcome:
    low, middle, high = sorted(values)
    if resolve == "third_decides":
        return decided("third_decides", part, values, numbers.rounded(values[2]))
    if resolve == "median":
        return decided("median_of_three", part, values, numbers.rounded(middle))
    if resolve == "closest_two":
        pair = (middle, high) if high - middle <= middle - low else (low, middle)
        return decided("closest_two", part, values, numbers.rounded(mean(pair)))
    return _two_agree(part, values, numbers, "")


def _two_agree(part: str, values: Sequence[Decimal], numbers: Numbers, prefix: str) -> Outcome:
    """Of three marks, the one that two agree on; else the mean of the three."""
    low, middle, high = sorted(values)
    if middle in {low, high}:
        return decided(f"{prefix}two_agree", part, values, numbers.rounded(middle))
    return decided(f"{prefix}mean_of_three", part, values, numbers.rounded(mean(values)))


def _reviewed(
    part: Part, remarks: Sequence[Mark], marked: Decimal, numbers: Numbers, review: Review, candidate: str
) -> Outcome:
    values = [mark.value for mark in remarks]
    if review.policy == "two_agree_else_mean":
        return _remarked_by_two(part.key, remarks, numbers, candidate)
    found = numbers.rounded(values[0])
    if review.policy == "tolerance":
        stands = abs(Fraction(found) - Fraction(marked)) <= Fraction(review.tolerance)
        return decided("remark_tolerance", part.key, [marked, *values], marked if stands else found)
    return decided(f"remark_{review.policy}", part.key, values, found)


def _remarked_by_two(part: str, remarks: Sequence[Mark], numbers: Numbers, candidate: str) -> Outcome:
    """The mark of a review by two, and a third where they differ; a third stands for neither."""
    values, rounds = [mark.value for mark in remarks], [mark.round for mark in remarks]
    if len(values) == 3:
        return _two_agree(part, values, numbers, "remark_")
    if len(values) == 1 or (rounds[0] < 3 <= rounds[1]):
        missing = [number for number in (1, 2) if number not in rounds]
        return waiting("marks_missing", candidate, part, rounds=missing, review=True)
    if values[0] != values[1]:
        return waiting("third_mark_required", candidate, part, difference=_distance(values), review=True)
    return decided("remark_two_agree", part, values, numbers.rounded(values[0]))


def _distance(values: Sequence[Decimal]) -> str:
    return plain(max(values) - min(values))
