# SPDX-License-Identifier: Apache-2.0
"""From marks to a ranking that explains itself, and guesses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scoring.explanation import Explanation, Pending
from scoring.marks import PANEL_DECISIONS, BallotBox, Candidate, Decision, Marks, MarkSheet, parse_marks
from scoring.panel import is_flagged
from scoring.places import Placing, Tie, place
from scoring.reading import Problem, UnusableInput
from scoring.reconcile import differ
from scoring.rounding import published
from scoring.ruleset.document import RuleSet, parse
from scoring.standing import FAILED, PASSED, PartResult, Standing, evaluate

RANKING_SCHEMA = "exam-portal/ranking/1"
COMPLETE, INCOMPLETE = 0, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One candidate in a ranking."""

    standing: Standing
    outcome: str
    rank: int | None
    tie_rule: str | None

    @property
    def explanation(self) -> tuple[Explanation, ...]:
        """The steps from marks to total."""
        return self.standing.explanation

    def to_json(self) -> dict[str, Any]:
        """The row as it is published."""
        total = self.standing.total
        return {
            "id": self.standing.candidate.id,
            "outcome": self.outcome,
            "rank": self.rank,
            "total": None if total is None else published(total),
            "parts": {result.part.key: _part_json(result) for result in self.standing.results},
            "tie_rule": self.tie_rule,
            "explanation": [step.to_json() for step in self.explanation],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The ranking of one vacancy; complete when nothing is pending."""

    ruleset_hash: str
    input_hash: str
    vacancy: str
    rows: tuple[Row, ...]
    pending: tuple[Pending, ...]
    reserve: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every outcome is certain."""
        return not self.pending

    def to_json(self) -> dict[str, Any]:
        """The ranking as `exam-portal/ranking/1`."""
        return {
            "schema": RANKING_SCHEMA,
            "ruleset": self.ruleset_hash,
            "input": self.input_hash,
            "vacancy": self.vacancy,
            "complete": self.complete,
            "candidates": [row.to_json() for row in self.rows],
            "pending": [each.to_json() for each in self.pending],
            "reserve": list(self.reserve),
        }


def rank_json(ruleset_text: str, marks_json_text: str) -> tuple[dict[str, Any], int]:
    """The ranking of a TOML rule set and JSON marks, and the exit status: 0 complete, 3 pending.

    Raises UnusableInput (exit status 2) with the path of every mistake.
    """
    ruleset = parse(ruleset_text)
    ranking = rank(ruleset, parse_marks(marks_json_text, ruleset))
    return ranking.to_json(), COMPLETE if ranking.complete else INCOMPLETE


def rank(ruleset: RuleSet, marks: Marks) -> Ranking:
    """The ranking of these marks under this rule set: everybody's outcome, or what it waits for.

    While anybody can be ranked, some outcome is pending exactly when `pending` says what for.
    """
    if marks.ruleset_hash != ruleset.hash:
        raise ValueError("these marks were read against another rule set")
    standings = _standings(ruleset, marks, _addressed(ruleset, marks))
    short = _short_of_candidates(ruleset, marks, standings)
    unsure = not short and _may_fall_short(ruleset, marks, standings)
    placings, ties = (
        ({}, []) if short or unsure else place(standings, ruleset.tie_break, marks.decisions, marks.places)
    )
    rows = tuple(_row(each, placings.get(each.candidate.id), ruleset, marks.places) for each in standings)
    return Ranking(
        ruleset_hash=ruleset.hash,
        input_hash=marks.hash,
        vacancy=marks.vacancy,
        rows=rows,
        pending=(
            *_lacking(standings, short=bool(short), unsure=unsure),
            *([short] if short else ()),
            *map(_tie, ties),
        ),
        reserve=_reserve(rows),
    )


def _part_json(result: PartResult) -> dict[str, Any]:
    mark = None if result.mark is None else published(result.mark)
    return {"mark": mark, "role": result.part.role, "passed": result.passed}


def _standings(ruleset: RuleSet, marks: Marks, decisions: Sequence[Decision]) -> list[Standing]:
    standings: list[Standing] = []
    problems: list[Problem] = []
    concerning: dict[str | None, list[Decision]] = {}
    for decision in decisions:
        concerning.setdefault(decision.candidate, []).append(decision)
    for candidate in marks.candidates:
        try:
            standings.append(evaluate(ruleset, candidate, concerning.get(candidate.id, ())))
        except UnusableInput as refused:
            problems += refused.problems
    if problems:
        raise UnusableInput("input", problems)
    return standings


def _addressed(ruleset: RuleSet, marks: Marks) -> list[Decision]:
    """Every decision about one candidate's part, with its candidate; refused where nothing calls for it."""
    problems: list[Problem] = []
    decisions = []
    by_code = {each.id: each for each in marks.candidates}
    panels = {each.part for each in marks.decisions if each.kind in PANEL_DECISIONS}
    deviating = {part: _flagged(ruleset, marks, part) for part in panels}
    for decision in marks.decisions:
        if decision.kind == "chair_mark":
            problems += _uncalled_chair_mark(ruleset, by_code, decision)
        called = decision
        if decision.kind in PANEL_DECISIONS:
            flagged = deviating[decision.part]
            if decision.candidate is None and len(flagged) == 1:
                called = replace(decision, candidate=next(iter(flagged)))
            if called.candidate not in flagged:
                message = "must name a candidate whose ballots deviate"
                problems.append(Problem(path=f"{decision.path}.candidate", message=message))
        decisions.append(called)
    if problems:
        raise UnusableInput("input", problems)
    return decisions


def _flagged(ruleset: RuleSet, marks: Marks, part: str) -> set[str]:
    """The candidates whose ballots deviate."""
    panel, found = ruleset.part(part).panel, set()
    for candidate in marks.candidates:
        material = candidate.material(part)
        if panel and isinstance(material, BallotBox) and is_flagged(panel, material.ballots):
            found.add(candidate.id)
    return found


def _uncalled_chair_mark(
    ruleset: RuleSet, by_code: Mapping[str, Candidate], decision: Decision
) -> list[Problem]:
    """A chair's mark exists only to settle two marks that differ too much."""
    marking = ruleset.part(decision.part).marking
    material = by_code[decision.candidate or ""].material(decision.part)
    if marking and isinstance(material, MarkSheet):
        values = [mark.value for mark in material.independent if mark.round <= marking.markers]
        if differ(marking.discrepancy, values, ruleset.numbers.scale):
            return []
    return [Problem(path=decision.path, message="no difference calls for a mark of the chair")]


def _proceeds(marks: Marks) -> bool:
    return any(decision.kind == "proceed" for decision in marks.decisions)


def _gates(ruleset: RuleSet) -> bool:
    """Whether a gate makes the number of candidates count again."""
    return "gate" in ruleset.vacancy.recheck_min_after and any(
        part.role in {"gate", "qualifying"} for part in ruleset.parts
    )


def _short_of_candidates(ruleset: RuleSet, marks: Marks, standings: Sequence[Standing]) -> Pending | None:
    """That there are too few candidates for certain, unless the council has decided to go on."""
    present = [each for each in standings if each.present]
    counts = {"vetting": len(standings), "withdrawal": len(present)}
    if _gates(ruleset):
        counts["gate"] = sum(each.gate != FAILED for each in present)
    rules = ruleset.vacancy
    for moment, remaining in counts.items():
        if moment in rules.recheck_min_after and remaining < rules.min_candidates and not _proceeds(marks):
            facts = (("after", moment), ("remaining", remaining), ("minimum", rules.min_candidates))
            return Pending(code="min_candidates", facts=facts)
    return None


def _may_fall_short(ruleset: RuleSet, marks: Marks, standings: Sequence[Standing]) -> bool:
    """Whether an open gate could still leave too few candidates."""
    through = sum(each.gate == PASSED for each in standings)
    return _gates(ruleset) and through < ruleset.vacancy.min_candidates and not _proceeds(marks)


def _row(standing: Standing, placing: Placing | None, ruleset: RuleSet, places: int) -> Row:
    if not standing.present:
        outcome = standing.candidate.status
    elif standing.state == FAILED:
        outcome = FAILED
    elif placing is None:
        outcome = "pending"
    else:
        best, worst = (_by_rank(rank, ruleset, places) for rank in (placing.best, placing.worst))
        outcome = best if best == worst else "pending"
    return Row(
        standing=standing,
        outcome=outcome,
        rank=placing.rank if placing else None,
        tie_rule=placing.tie_rule if placing else None,
    )


def _by_rank(rank: int, ruleset: RuleSet, places: int) -> str:
    if rank <= places:
        return "selected"
    return "reserve" if rank <= places + ruleset.vacancy.reserve else PASSED


def _lacking(standings: Sequence[Standing], *, short: bool, unsure: bool) -> list[Pending]:
    """What candidates lack. While they are too few, no further part is asked for.

    Of those who have failed, an open gate is asked for only while it may leave too few.
    """
    lacking: list[Pending] = []
    for standing in standings:
        if standing.alive or unsure:
            lacking += standing.pending if short else _in_order(standing)
    return lacking


def _tie(tie: Tie) -> Pending:
    facts = (("candidates", list(tie.codes)), ("total", published(tie.total)), ("places", tie.places))
    return Pending(code="tie_decision_required", facts=facts)


def _in_order(standing: Standing) -> list[Pending]:
    order: dict[str | None, int] = {result.part.key: n for n, result in enumerate(standing.results)}
    return sorted((*standing.pending, *standing.not_begun), key=lambda each: order[each.part])


def _reserve(rows: Sequence[Row]) -> tuple[str, ...]:
    """The reserve list in the order of ranks, as far as they are certain; those of one rank by code."""
    listed = [
        (row.rank, row.standing.candidate.id)
        for row in rows
        if row.outcome == "reserve" and row.rank is not None
    ]
    return tuple(code for _, code in sorted(listed))
