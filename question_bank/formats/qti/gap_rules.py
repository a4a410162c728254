# SPDX-License-Identifier: Apache-2.0
"""Rules about typed answers: whether they have stars, and when all the gaps of a text are right."""

from collections.abc import Mapping
from decimal import Decimal

from lxml import etree

from question_bank.formats.qti import rules
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.short_answer import ShortAnswer


def has_stars(body: ShortAnswer) -> bool:
    """True where an answer stands for many."""
    return any(answer.match == "pattern" for answer in body.answers)


def worths(body: GapFill, marks: Decimal) -> list[Decimal]:
    """What each gap earns, as it is written: together they earn the marks and nothing else."""
    whole = sum((gap.weight for gap in body.gaps), Decimal(0))
    found = [Decimal(rules.amount(gap.weight * marks / whole)) for gap in body.gaps[:-1]]
    return [*found, marks - sum(found, Decimal(0))]


def pay_all(
    processing: etree._Element, body: GapFill, names: Mapping[str, str], marks: Decimal, *, adds: bool
) -> None:
    """The marks are paid where every gap holds one of the answers that are right in full."""
    both = rules.together(processing, marks, adds=adds)
    for gap, worth in zip(body.gaps, worths(body, marks), strict=True):
        response = names[gap.id]
        if isinstance(gap.body, ShortAnswer) and has_stars(gap.body):
            rules.fits_in_full(both, response, gap.body.answers)
        elif isinstance(gap.body, ShortAnswer):
            rules.mapped_in_full(both, response, worth)
        elif isinstance(gap.body, Numeric):
            full = [(low, high) for low, high, share in rules.ranges_of(gap.body) if share == 1]
            rules.in_ranges(both, response, full)
        else:
            rules.matched(both, response)
