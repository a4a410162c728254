# SPDX-License-Identifier: Apache-2.0
"""Each mark of a criterion belongs to one anchor."""

from decimal import Decimal

from exam_portal.marking import anchors
from tests.portal.marking.typed import rules_with_a_rubric


def test_anchors_cover_every_mark_of_the_criterion_once() -> None:
    ruleset = rules_with_a_rubric(with_levels=True)
    part = next(one for one in ruleset.parts if one.rubric)
    law, practice = part.rubric
    found = anchors.of(law, ruleset.numbers.step)
    assert [one.mark for one in found] == [Decimal(40), Decimal(30), Decimal(15)]
    value = Decimal(0)
    while value <= law.max:
        assert sum(one.low <= value <= one.high for one in found) == 1, value
        value += ruleset.numbers.step
    assert anchors.of(practice, ruleset.numbers.step) == []
