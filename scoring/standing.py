# SPDX-License-Identifier: Apache-2.0
"""Where one candidate stands: the mark of each part, what is certain, and the best that can still come.

Parts are held in order. A part that has not begun is asked for only when everything before it is passed; a
candidate who has failed for certain is asked for nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.composite import RankedMark, combined, explain_total, minimum
from scoring.explanation import Explanation, Outcome, Pending, decided
from scoring.marks import BallotBox, Candidate, Decision, Material, TestScore
from scoring.panel import aggregate
from scoring.reconcile import reconcile
from scoring.ruleset.document import RuleSet
from scoring.ruleset.parts import GatePart, Part, QualifyingPart, RankedPart

PASSED, FAILED, OPEN = "passed", "failed", "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One part for one candidate; without an outcome it has not begun."""

    part: Part
    outcome: Outcome | None
    passed: bool | None

    @property
    def mark(self) -> Decimal | None:
        """The mark, where there is one."""
        return self.outcome.mark if self.outcome else None

    @property
    def bars(self) -> bool:
        """Whether the part stands between the candidate and the next one."""
        return isinstance(self.part, QualifyingPart | GatePart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One candidate's results, and what can still come of them."""

    candidate: Candidate
    results: tuple[PartResult, ...]
    gate: str
    state: str
    total: Decimal | None
    highest: Decimal
    explanation: tuple[Explanation, ...]
    pending: tuple[Pending, ...]
    not_begun: tuple[Pending, ...]

    @property
    def present(self) -> bool:
        """Whether the candidate takes part at all."""
        return self.candidate.status == "present"

    def result(self, key: str) -> PartResult:
        """The result of the part of this key."""
        return next(result for result in self.results if result.part.key == key)


def evaluate(ruleset: RuleSet, candidate: Candidate, decisions: Sequence[Decision]) -> Standing:
    """Where the candidate stands, under the decisions that name this candidate."""
    results = tuple(_part_result(ruleset, candidate, part, decisions) for part in ruleset.parts)
    gate = _combined_state([result.passed for result in results if result.bars])
    state = _combined_state([result.passed for result in results if result.part.role != "advisory"])
    ranked = [(result.part, result.mark) for result in results if isinstance(result.part, RankedPart)]
    best = [(part, ruleset.numbers.scale if mark is None else mark) for part, mark in ranked]
    highest = combined(best, ruleset.numbers, candidate.preference_points)
    known: list[RankedMark] = [(part, mark) for part, mark in ranked if mark is not None]
    total = highest if gate == PASSED and len(known) == len(ranked) else None
    explanation = _explained(results)
    if total is not None:
        explanation += explain_total(known, ruleset.total, total, candidate.preference_points)
    return Standing(
        candidate=candidate,
        results=results,
        gate=gate,
        state=state,
        total=total,
        highest=highest,
        explanation=explanation,
        pending=_pending(candidate, results, gate, state),
        not_begun=_not_begun(candidate, results, state),
    )


def _part_result(
    ruleset: RuleSet, candidate: Candidate, part: Part, decisions: Sequence[Decision]
) -> PartResult:
    material = candidate.material(part.key) if candidate.status == "present" else None
    concerning = [decision for decision in decisions if decision.part == part.key]
    outcome = None if material is None else _outcome(ruleset, candidate, part, material, concerning)
    mark, least = outcome.mark if outcome else None, minimum(part, ruleset.total)
    passed = None if mark is None or least is None else mark >= least
    return PartResult(part=part, outcome=outcome, passed=passed)


def _outcome(
    ruleset: RuleSet, candidate: Candidate, part: Part, material: Material, decisions: Sequence[Decision]
) -> Outcome:
    if isinstance(material, TestScore):
        share = Fraction(material.value) / Fraction(material.max) * Fraction(ruleset.numbers.scale)
        mark = ruleset.numbers.rounded(share)
        return decided("test_score", part.key, [material.value, material.max], mark)
    if isinstance(material, BallotBox):
        return aggregate(part, material, numbers=ruleset.numbers, candidate=candidate.id, decisions=decisions)
    chair = [decision.value for decision in decisions if decision.kind == "chair_mark"]
    return reconcile(
        part,
        material,
        numbers=ruleset.numbers,
        review=ruleset.review,
        candidate=candidate.id,
        chair_mark=chair[-1] if chair else None,
    )


def _combined_state(verdicts: Sequence[bool | None]) -> str:
    if False in verdicts:
        return FAILED
    return OPEN if None in verdicts else PASSED


def _explained(results: Sequence[PartResult]) -> tuple[Explanation, ...]:
    """The steps of the parts in their order, as far as everything before them is decided."""
    steps: tuple[Explanation, ...] = ()
    for result in results:
        if result.mark is None and result.part.role != "advisory":
            break
        steps += result.outcome.explanation if result.outcome else ()
    return steps


def _pending(
    candidate: Candidate, results: Sequence[PartResult], gate: str, state: str
) -> tuple[Pending, ...]:
    """What began and waits. After a failure only an open gate matters: it says how many are left."""
    if candidate.status != "present" or gate == FAILED:
        return ()
    lacking = [result for result in results if result.outcome and result.outcome.pending]
    return tuple(
        result.outcome.pending
        for result in lacking
        if result.outcome
        and result.outcome.pending
        and (result.bars or (state != FAILED and result.part.role != "advisory"))
    )


def _not_begun(candidate: Candidate, results: Sequence[PartResult], state: str) -> tuple[Pending, ...]:
    if candidate.status != "present" or state == FAILED:
        return ()
    missing = []
    for result in results:
        if result.outcome is None and result.part.role != "advisory":
            missing.append(Pending(code="marks_missing", candidate=candidate.id, part=result.part.key))
        if result.bars and not result.passed:
            break
    return tuple(missing)
