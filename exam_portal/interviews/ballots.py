# SPDX-License-Identifier: Apache-2.0
"""What may stand on a ballot and on a counting sheet: pure checks by the rule set."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from exam_portal.interviews import errors
from scoring.rounding import is_multiple, plain
from scoring.ruleset import RuleSet
from scoring.ruleset.parts import Part


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One valid slip as counted: its number, and its value or its scores by criterion."""

    slip: str
    value: Decimal | None
    scores: Mapping[str, Decimal]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CountingSheet:
    """The sheet of the counting team for one hearing."""

    issued: int
    returned: int
    invalid: int
    slips: Sequence[Slip]

    def as_dict(self) -> dict[str, Any]:
        """Return the sheet as it is kept and compared; slips in the order of their numbers."""
        return {
            "issued": self.issued,
            "returned": self.returned,
            "invalid": self.invalid,
            "slips": [
                {
                    "slip": one.slip,
                    "value": None if one.value is None else plain(one.value),
                    "scores": {key: plain(score) for key, score in sorted(one.scores.items())},
                }
                for one in sorted(self.slips, key=lambda one: one.slip)
            ],
        }


def is_given(value: str | Decimal) -> bool:
    """Whether a ballot of confidence gives it: any figure but nought, however nought is written."""
    return Decimal(value) != 0


def part_of(ruleset: RuleSet, key: str) -> Part:
    """Return the panel part of the rule set."""
    return next(part for part in ruleset.parts if part.key == key)


def checked(ruleset: RuleSet, part: Part, value: Decimal | None, scores: Mapping[str, Decimal]) -> Decimal:
    """Return the mark of a ballot; each figure on the step and between nought and its maximum.

    A vote of confidence is one or the other: nought or the whole scale.
    """
    step, scale = ruleset.numbers.step, ruleset.numbers.scale
    if not part.rubric or (value is not None and not scores):
        if value is None:
            raise errors.CriteriaMissing(("value",))
        return _on_step(value, step, scale) if part.kind != "vote" else _vote(value, scale)
    if missing := tuple(row for row in part.rubric if row.key not in scores):
        raise errors.CriteriaMissing(tuple(row.key for row in missing), tuple(row.title for row in missing))
    total = sum((_on_step(scores[row.key], step, row.max) for row in part.rubric), Decimal(0))
    if value is not None and value != total:
        raise errors.TotalDiffers(plain(value), plain(total))
    return total if part.kind != "vote" else _vote(total, scale)


def is_below_quorum(part: Part, returned: int) -> bool:
    """Whether so few ballots came back that the box is not opened."""
    return part.panel is not None and returned < part.panel.needed


def check_sheet(ruleset: RuleSet, part: Part, sheet: CountingSheet, *, entitled: int) -> None:
    """The sheet adds up: slips issued to those who heard all, returned of them, marks of the valid ones.

    Below the quorum the box is not opened, so nobody can know a mark or an invalid slip.
    """
    stays_closed = is_below_quorum(part, sheet.returned)
    if stays_closed and (sheet.slips or sheet.invalid):
        assert part.panel is not None
        raise errors.BoxStaysClosed(sheet.returned, part.panel.needed)
    adds_up = 0 <= sheet.invalid <= sheet.returned <= sheet.issued == entitled and (
        stays_closed or len(sheet.slips) == sheet.returned - sheet.invalid
    )
    if not adds_up:
        raise errors.CountsDisagree(sheet.issued, sheet.returned, sheet.invalid, len(sheet.slips), entitled)
    if twice := [one for one, times in Counter(one.slip for one in sheet.slips).items() if times > 1]:
        raise errors.SlipTwice(twice[0])
    for one in sheet.slips:
        if not one.slip.strip() or one.slip != one.slip.strip() or not one.slip.isprintable():
            raise errors.SlipWithoutNumber
        checked(ruleset, part, one.value, one.scores)


def _vote(value: Decimal, scale: Decimal) -> Decimal:
    """Confidence is given or not: nothing lies between (domain 3.1, the vote beside the marks)."""
    if value not in {Decimal(0), scale}:
        raise errors.NeitherYesNorNo(plain(value), plain(scale))
    return value


def _on_step(value: Decimal, step: Decimal, maximum: Decimal) -> Decimal:
    if not 0 <= value <= maximum or not is_multiple(value, step):
        raise errors.BallotOffStep(plain(value), plain(step), plain(maximum))
    return value
