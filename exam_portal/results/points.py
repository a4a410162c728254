# SPDX-License-Identifier: Apache-2.0
"""Points of a test as the rule set reads them: the mark they make, and whether it passes the part."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.composite import minimum
from scoring.ruleset import RuleSet
from scoring.ruleset.parts import Part


def mark_of(ruleset: RuleSet, material: Mapping[str, Any]) -> Decimal:
    """Return the mark that the points of a test make: on the scale, rounded once."""
    return ruleset.numbers.of_points(Decimal(material["value"]), Decimal(material["max"]))


def passes(ruleset: RuleSet, part: Part, material: Mapping[str, Any]) -> bool:
    """Whether these points reach the least mark of the part; always where it has none."""
    least = minimum(part, ruleset.total)
    return least is None or mark_of(ruleset, material) >= least
