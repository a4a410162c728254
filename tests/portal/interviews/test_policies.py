# SPDX-License-Identifier: Apache-2.0
"""The council of nine of scenario B, under every aggregate and every rule about deviation."""

from decimal import Decimal

import pytest

from exam_portal.interviews import queries
from scoring.ruleset import parse
from tests.portal.interviews.builders import rules_of_nine

X = ("84", "86", "80", "88", "85", "83", "82")
Y = ("90", "78", "84", "80", "86", "88", "82")  # and one invalid
Z = ("80",) * 8


@pytest.mark.parametrize("deviation", ["off", "flag", "panel_meets"])
@pytest.mark.parametrize(("aggregate", "trim"), [("mean", 0), ("trimmed_mean", 1), ("median", 0)])
def test_the_marks_of_the_council_hold_under_every_policy(aggregate: str, trim: int, deviation: str) -> None:
    text = rules_of_nine(deviation=deviation).replace('aggregate = "mean"', f'aggregate = "{aggregate}"')
    rules = parse(text.replace("trim = 0", f"trim = {trim}"))
    marks = []
    for values, invalid in ((X, 0), (Y, 1), (Z, 0)):
        ballots = [{"slip": str(number), "value": value} for number, value in enumerate(values, 1)]
        counted = {"returned": len(values) + invalid, "invalid": invalid, "ballots": ballots}
        marks.append(queries.result(rules, "programme", counted).mark)
    assert marks == [Decimal("84.00"), Decimal("84.00"), Decimal("80.00")]
