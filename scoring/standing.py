# SPDX-License-Identifier: Apache-2.0
"""Where one candidate stands: the mark of each part, what is certain, and what can still come.

Parts are held in order. A part that has not begun is asked for only when everything before it is passed; of a
candidate who has failed for certain, only gates still matter: they say how many candidates are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring.composite import RankedMark, combined, explain_total, minimum
from scoring.explanation import Explanation, Outcome, Pending, decided
from scoring.marks import BallotBox, Candidate, Decision, Material, TestCorrection, TestScore
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

    @property
    def decides(self) -> bool:
        """Whether anything can come of the part."""
        return self.part.role != "advisory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One candidate's results, and what can still come of them.

    `highest` is the best total that can still come, `lowest` the worst; None where failing can still come.
    """

    candidate: Candidate
    results: tuple[PartResult, ...]
    gate: str
    state: str
    total: Decimal | None
    lowest: Decimal | None
    highest: Decimal
    explanation: tuple[Explanation, ...]
    pending: tuple[Pending, ...]
    not_begun: tuple[Pending, ...]

    @property
    def present(self) -> bool:
        """Whether the candidate takes part at all."""
        return self.candidate.status == "present"

    @property
    def alive(self) -> bool:
        """Whether the candidate can still be ranked."""
        return self.present and self.state != FAILED

    def result(self, key: str) -> PartResult:
        """The result of the part of this key."""
        return next(result for result in self.results if result.part.key == key)


def evaluate(ruleset: RuleSet, candidate: Candidate, decisions: Sequence[Decision]) -> Standing:
    """Where the candidate stands, under the decisions that name this candidate."""
    results = tuple(_part_result(ruleset, candidate, part, decisions) for part in ruleset.parts)
    gate = _combined_state([result.passed for result in results if result.bars])
    state = _combined_state([result.passed for result in results if result.decides])
    ranked = [(result.part, result.mark) for result in results if isinstance(result.part, RankedPart)]
    known: list[RankedMark] = [(part, mark) for part, mark in ranked if mark is not None]
    is_whole = len(known) == len(ranked)
    highest = _combined_with(ruleset.numbers.scale, ranked, ruleset, candidate)
    lowest = highest if is_whole else _combined_with(Decimal(0), ranked, ruleset, candidate)
    total = highest if gate == PASSED and is_whole else None
    may_fail = any(_may_fail(result, ruleset) for result in results)
    explanation = _explained(results)
    asked = _asked(candidate, results, gate, state)
    if total is not None:
        explanation += explain_total(known, ruleset.total, total, candidate.preference_points)
    return Standing(
        candidate=candidate,
        results=results,
        gate=gate,
        state=state,
        total=total,
        lowest=None if may_fail else lowest,
        highest=highest,
        explanation=explanation,
        pending=_pending(asked),
        not_begun=_not_begun(asked, candidate),
    )


def _combined_with(
    missing: Decimal,
    ranked: Sequence[tuple[RankedPart, Decimal | None]],
    ruleset: RuleSet,
    candidate: Candidate,
) -> Decimal:
    """The total that comes where each part without a mark gets this one."""
    marks = [(part, missing if mark is None else mark) for part, mark in ranked]
    return combined(marks, ruleset.numbers, candidate.preference_points)


def _part_result(
    ruleset: RuleSet, candidate: Candidate, part: Part, decisions: Sequence[Decision]
) -> PartResult:
    material = candidate.material(part.key) if candidate.status == "present" else None
    concerning = [decision for decision in decisions if decision.part == part.key]
    outcome = None if material is None else _outcome(ruleset, candidate, part, material, concerning)
    if outcome is not None and candidate.sanctions:
        outcome = _sanctioned(ruleset, candidate, part, outcome)
    mark, least = outcome.mark if outcome else None, minimum(part, ruleset.total)
    passed = None if mark is None or least is None else mark >= least
    return PartResult(part=part, outcome=outcome, passed=passed)


def _outcome(
    ruleset: RuleSet, candidate: Candidate, part: Part, material: Material, decisions: Sequence[Decision]
) -> Outcome:
    if isinstance(material, TestScore):
        mark = ruleset.numbers.of_points(material.value, material.max)
        notes = [_corrected(each, part, ruleset) for each in material.corrections]
        return decided("test_score", part.key, [material.value, material.max], mark, *notes)
    if isinstance(material, BallotBox):
        return aggregate(part, material, numbers=ruleset.numbers, candidate=candidate.id, decisions=decisions)
    chair = [decision.value for decision in decisions]  # of a script, no other decision is read
    return reconcile(
        part,
        material,
        numbers=ruleset.numbers,
        review=ruleset.review,
        candidate=candidate.id,
        chair_mark=chair[-1] if chair else None,
    )


def _sanctioned(ruleset: RuleSet, candidate: Candidate, part: Part, outcome: Outcome) -> Outcome:
    """The mark without what a sanction in this part takes of it, and the step that says so."""
    level = dict(candidate.sanctions).get(part.key, "")
    percent = ruleset.sanctions.deduction(level)
    if outcome.mark is None or percent is None:
        return outcome
    left = ruleset.numbers.rounded(Fraction(outcome.mark) * (100 - Fraction(percent)) / 100)
    step = decided(f"sanction_{level}", part.key, [outcome.mark, percent], left)
    return replace(outcome, mark=left, explanation=(*outcome.explanation, *step.explanation))


def _corrected(correction: TestCorrection, part: Part, ruleset: RuleSet) -> Explanation:
    """What was done to a question after the test: the points have it in them already."""
    codes = {"key": "key_changed", "restored": "correction_undone"}
    code = codes.get(correction.kind, f"neutralised_{ruleset.review.neutralise}")
    return Explanation(code=code, part=part.key, values=(correction.question,), result=None)


def _combined_state(verdicts: Sequence[bool | None]) -> str:
    if False in verdicts:
        return FAILED
    return OPEN if None in verdicts else PASSED


def _explained(results: Sequence[PartResult]) -> tuple[Explanation, ...]:
    """The steps of the parts in their order, as far as everything before them is decided."""
    steps: tuple[Explanation, ...] = ()
    for result in results:
        if result.mark is None and result.decides:
            break
        steps += result.outcome.explanation if result.outcome else ()
    return steps


def _may_fail(result: PartResult, ruleset: RuleSet) -> bool:
    """Whether the part has failed the candidate, or still can: no mark is below a minimum of 0."""
    if result.passed is None:
        return bool(minimum(result.part, ruleset.total))
    return not result.passed


def _asked(candidate: Candidate, results: Sequence[PartResult], gate: str, state: str) -> list[PartResult]:
    """The parts of which something can still come; after a failure these are the gates, while one is open."""
    if candidate.status != "present" or gate == FAILED:
        return []
    return [result for result in results if result.bars or (result.decides and state != FAILED)]


def _pending(asked: Sequence[PartResult]) -> tuple[Pending, ...]:
    """What began and waits."""
    outcomes = (result.outcome for result in asked if result.outcome)
    return tuple(outcome.pending for outcome in outcomes if outcome.pending)


def _not_begun(asked: Sequence[PartResult], candidate: Candidate) -> tuple[Pending, ...]:
    """What has not begun and can: nothing behind a part that bars the way."""
    missing = []
    for result in asked:
        if result.outcome is None:
            missing.append(Pending(code="marks_missing", candidate=candidate.id, part=result.part.key))
        if result.bars and not result.passed:
            break
    return tuple(missing)
