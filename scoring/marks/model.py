# SPDX-License-Identifier: Apache-2.0
"""Marks as the arithmetic knows them: sheets, scores, ballot boxes, candidates, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


def _round(mark: Mark) -> int:
    return mark.round


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One person's mark: rounds 1 and 2 are independent, 3 is the adjudication; or a mark of a review."""

    marker: str
    round: int
    value: Decimal
    remark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSheet:
    """All marks of one script."""

    marks: tuple[Mark, ...]

    @property
    def independent(self) -> tuple[Mark, ...]:
        """The marks of the marking itself, by round."""
        return tuple(sorted((mark for mark in self.marks if not mark.remark), key=_round))

    @property
    def remarks(self) -> tuple[Mark, ...]:
        """The marks of a review, by round."""
        return tuple(sorted((mark for mark in self.marks if mark.remark), key=_round))


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCorrection:
    """A question, as the candidate's own paper numbers it, that was corrected after the test."""

    __test__ = False

    question: str
    kind: str  # neutralised | key | restored


@dataclass(frozen=True, slots=True, kw_only=True)
class TestScore:
    """Points of a test that marked itself, out of its maximum; the corrections are in them already."""

    __test__ = False

    value: Decimal
    max: Decimal
    corrections: tuple[TestCorrection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One valid ballot: its value, or its scores by rubric criterion; None stands for a missing score."""

    voter: str
    value: Decimal | None
    scores: tuple[tuple[str, Decimal | None], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Criteria without a score."""
        return tuple(key for key, score in self.scores if score is None)

    @property
    def amount(self) -> Decimal:
        """The mark on the ballot; what is missing counts nothing, so ask `missing` first."""
        if self.value is not None:
            return self.value
        return sum((score for _, score in self.scores if score is not None), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotBox:
    """The ballots of a panel for one candidate, and how many were returned, invalid ones included.

    ``unread``: how many were returned that are neither here nor said to be invalid.
    ``repeated``: the number of the document on which they take the place of an earlier ballot, or "".
    """

    ballots: tuple[Ballot, ...]
    returned: int
    unread: int = 0
    repeated: str = ""


Material = MarkSheet | TestScore | BallotBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A candidate as the arithmetic knows one: code, status, material and the gravest sanction by part."""

    id: str
    status: str
    parts: tuple[tuple[str, Material], ...]
    preference_points: Decimal
    sanctions: tuple[tuple[str, str], ...] = ()

    def material(self, key: str) -> Material | None:
        """What has been handed in for a part, if anything."""
        return dict(self.parts).get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An act of the council or the authority, with the number of the document that records it."""

    path: str
    kind: str
    minute: str
    candidate: str | None = None
    part: str = ""
    order: tuple[str, ...] = ()
    value: Decimal | None = None
    ballot: str | None = None
    ballots: tuple[Ballot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """All marks of one vacancy, fit for the rule set of this hash."""

    ruleset_hash: str
    hash: str
    vacancy: str
    places: int
    candidates: tuple[Candidate, ...]
    decisions: tuple[Decision, ...]
