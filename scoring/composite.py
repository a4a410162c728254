# SPDX-License-Identifier: Apache-2.0
"""Marks of parts become a total. Only ranked parts can enter: no other kind of part has a weight."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.explanation import Explanation
from scoring.rounding import plain, published, weighted_sum
from scoring.ruleset.parts import AdvisoryPart, Part, RankedPart
from scoring.ruleset.settings import Numbers, Total

RankedMark = tuple[RankedPart, Decimal]


def minimum(part: Part, total: Total) -> Decimal | None:
    """The least rounded mark that does not fail the candidate; an advisory part has none."""
    if isinstance(part, AdvisoryPart):
        return None
    if isinstance(part, RankedPart) and total.each_part_min is not None:
        return max(part.pass_mark, total.each_part_min)
    return part.pass_mark


def combined(ranked: Sequence[RankedMark], numbers: Numbers, preference: Decimal) -> Decimal:
    """The weighted sum of rounded marks and preference points, rounded once."""
    return numbers.rounded(weighted_sum([(part.weight, mark) for part, mark in ranked], preference))


def explain_total(
    ranked: Sequence[RankedMark], total: Total, result: Decimal, preference: Decimal
) -> tuple[Explanation, ...]:
    """The steps from marks to total that are not plain from the marks themselves."""
    steps = []
    if total.mode == "weighted":
        weighted = Explanation(
            code="weighted_total",
            part=None,
            values=tuple(published(mark) for _, mark in ranked),
            weights=tuple(plain(part.weight) for part, _ in ranked),
            result=published(result),
        )
        steps.append(weighted)
    if preference:
        points = (plain(preference),)
        steps.append(
            Explanation(code="preference_points", part=None, values=points, result=published(result))
        )
    return tuple(steps)
