# SPDX-License-Identifier: Apache-2.0
"""Correcting an item after its test: the effect is computed and shown first, then two people decide.

What would change is never stored: it is computed from the marks as they are, for whoever looks, and again for
whoever decides. A decision that was made upon another effect is refused.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound
from exam_portal.results import errors, marks_input, points, runs, steps
from exam_portal.results.models import Run
from exam_portal.results.proceeding import GATES
from exam_portal.sittings.attempts import correcting
from exam_portal.sittings.attempts.correcting import Recomputed
from exam_portal.sittings.models import TestCorrection
from scoring.effect import CandidateEffect, effect
from scoring.verify.canonical import sha256_of

RANKED = frozenset({"selected", "reserve", "passed", "pending"})
CLOSED = (errors.MarksNotLocked, errors.NotUnmasked)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OnMarks:
    """What a correction does to the marks of the part, on the scale and rounded; counts name nobody."""

    scripts: int
    raised: int
    lowered: int
    most_raised: Decimal
    most_lowered: Decimal
    now_passed: int
    now_failed: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OnVacancy:
    """What a correction does to a ranking. With `problem` no ranking can be made of the corrected marks."""

    vacancy: Vacancy
    changes: Sequence[CandidateEffect] = ()
    ties: Sequence[tuple[str, ...]] = ()  # candidates who would newly have the same total
    lacks: Sequence[Mapping[str, Any]] = ()  # what the ranking would newly wait for
    computed: runs.Computed | None = None
    problem: DomainError | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The whole effect; `vacancies` is None while other parts are open or masked: no ranking exists then."""

    marks: OnMarks
    vacancies: Sequence[OnVacancy] | None
    hash: str


def propose(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    proposal: correcting.Proposal,
) -> TestCorrection:
    """The correction waits for a second person; MilestoneRefused after the competition has ended."""
    require_open(session, competition)
    return correcting.propose(session, actor, now, competition=competition, proposal=proposal)


def foresee(
    session: Session,
    now: datetime,
    competition: Competition,
    correction: TestCorrection,
    recomputed: Recomputed,
) -> Effect:
    """Return what would change, computed from the marks as they are now."""
    ruleset = competitions.ruleset(competition)
    part = next((one for one in ruleset.parts if one.key == correction.part), None)
    if part is None:
        raise NotFound
    known = marks_input.common(session, competition)
    before = known.material[part.key]
    after = {
        each.script.candidate_id: marks_input.test_material(
            each.marked.score, each.marked.max, each.marked.corrections
        )
        for each in recomputed.scripts
    }
    passed = {who: points.passes(ruleset, part, before[who]) for who in after}
    passes = {who: points.passes(ruleset, part, material) for who, material in after.items()}
    moves = [
        points.mark_of(ruleset, material) - points.mark_of(ruleset, before[who])
        for who, material in after.items()
    ]
    fell = frozenset(who for who in after if passed[who] and not passes[who])
    changed = dataclasses.replace(
        known,
        material={**known.material, part.key: {**before, **after}},
        foreseen_loss=(fell, now) if part.role in GATES else None,
    )
    vacancies = _rankings(session, competition, known, changed)
    return Effect(
        marks=OnMarks(
            scripts=len(after),
            raised=sum(move > 0 for move in moves),
            lowered=sum(move < 0 for move in moves),
            most_raised=max([Decimal(0), *moves]),
            most_lowered=-min([Decimal(0), *moves]),
            now_passed=sum(passes[who] and not passed[who] for who in after),
            now_failed=len(fell),
        ),
        vacancies=vacancies,
        hash=_hash(correction, recomputed, vacancies),
    )


def approve(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    correction: TestCorrection,
    minute: str,
    seen: str,
    recomputed: Recomputed,
    foreseen: Effect,
) -> list[Run]:
    """The correction is in force and each ranking that had a run has a further one; return the new runs.

    ``seen`` is the hash of the effect that the approver read, ``foreseen`` the effect computed just before
    this transaction: EffectChanged where they differ, or where the new runs are not what was foreseen.
    """
    session.refresh(competition, with_for_update=True)
    require_open(session, competition)
    if seen != foreseen.hash:
        raise errors.EffectChanged
    correcting.approve(session, actor, now, correction=correction, minute=minute, recomputed=recomputed)
    made = []
    for each in foreseen.vacancies or ():
        vacancy = session.get_one(Vacancy, each.vacancy.id)
        if each.computed is None or runs.latest_run(session, vacancy.id) is None:
            continue
        run = runs.compute_run(
            session,
            actor,
            now,
            competition=competition,
            vacancy=vacancy,
            reason=minute.strip(),
            computed=each.computed,
        )
        if run.output_hash != each.computed.output_hash:
            raise errors.EffectChanged
        made.append(run)
    return made


def require_open(session: Session, competition: Competition) -> None:
    """The result can still be changed: the competition goes on, no recognised result waits for publication.

    A recognition is of exactly one result. Between it and its publication nothing is changed; afterwards a
    correction leads to a publication that supersedes, as a review does.
    """
    reached = list(competitions.reached(session, competition.id))
    steps.refuse_after_end(reached)
    kinds = [kind for kind, _ in reached if kind in {MilestoneKind.RECOGNISED, MilestoneKind.PUBLISHED}]
    if kinds and kinds[-1] is MilestoneKind.RECOGNISED:
        raise errors.RecognisedUnpublished


def _rankings(
    session: Session, competition: Competition, known: marks_input.Common, changed: marks_input.Common
) -> list[OnVacancy] | None:
    """Return the rankings that would change; None while marks of other parts are open or masked."""
    try:
        runs.require_marks_closed(session, competition)
    except CLOSED:
        return None
    found = []
    for vacancy in runs.concerned(session, competition):
        before = marks_input.gather(session, competition, vacancy, known)
        try:
            after = marks_input.gather(session, competition, vacancy, changed)
            if after != before:
                found.append(_on_vacancy(competition, vacancy, before, after))
        except errors.MarksUnusable as problem:
            found.append(OnVacancy(vacancy=vacancy, problem=problem))
    return found


def _on_vacancy(
    competition: Competition, vacancy: Vacancy, before: Mapping[str, Any], after: Mapping[str, Any]
) -> OnVacancy:
    computed = runs.computed_of(competition, after)
    old, new = marks_input.compute(competition, before).to_json(), computed.output
    return OnVacancy(
        vacancy=vacancy,
        changes=effect(old, new),
        ties=[each for each in _tied(new) if each not in _tied(old)],
        lacks=[each for each in new["pending"] if each not in old["pending"]],
        computed=computed,
    )


def _tied(ranking: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return who has the same total as whom, of those who can be ranked."""
    groups: dict[str, list[str]] = {}
    for row in ranking["candidates"]:
        if row["total"] is not None and row["outcome"] in RANKED:
            groups.setdefault(row["total"], []).append(row["id"])
    return [tuple(sorted(each)) for each in groups.values() if len(each) > 1]


def _hash(correction: TestCorrection, recomputed: Recomputed, vacancies: Sequence[OnVacancy] | None) -> str:
    return sha256_of(
        {
            "correction": correction.public_id,
            "marks": [
                [each.script.public_id, each.marked.score, each.marked.max] for each in recomputed.scripts
            ],
            "rankings": None
            if vacancies is None
            else {
                each.vacancy.code: each.computed.output_hash if each.computed else "" for each in vacancies
            },
        }
    )
