# SPDX-License-Identifier: Apache-2.0
"""Runs: the ranking computed from what was gathered, kept with both hashes, never changed."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, DecisionKind, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden
from exam_portal.marking import queries as marking
from exam_portal.marking.models import Mark
from exam_portal.registration.models import Candidate
from exam_portal.results import errors, marks_input, unmasking
from exam_portal.results.models import Run
from exam_portal.results.people import people
from exam_portal.sittings.models import MaskBag, MaskedScript
from scoring.verify.canonical import sha256_of

STOPPED = frozenset({DecisionKind.POSTPONE, DecisionKind.NOMINATE})


@dataclasses.dataclass(frozen=True, slots=True)
class Computed:
    """A ranking, and the hash of all that it follows from."""

    input_hash: str
    output: Mapping[str, Any]
    output_hash: str


def compute(session: Session, competition: Competition, vacancy: Vacancy) -> Computed:
    """Return the ranking of what is marked now: computed before the writer is taken, for ``compute_run``."""
    require_marks_closed(session, competition)
    gathered = marks_input.gather(session, competition, vacancy)
    return computed_of(competition, gathered)


def compute_run(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    vacancy: Vacancy,
    reason: str = "",
    computed: Computed | None = None,
) -> Run:
    """The vacancy has a numbered run of what is marked now; one that would repeat the last is refused.

    ``computed`` comes from ``compute``; it counts if nothing has changed since, which the hash tells.
    """
    session.execute(select(Vacancy.id).where(Vacancy.id == vacancy.id).with_for_update())
    require_marks_closed(session, competition)
    gathered = marks_input.gather(session, competition, vacancy)
    input_hash, last = sha256_of(gathered), latest_run(session, vacancy.id)
    if last is not None and last.input_hash == input_hash:
        raise errors.NothingChanged
    if computed is None or computed.input_hash != input_hash:
        computed = computed_of(competition, gathered)
    run = Run(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        number=(last.number if last else 0) + 1,
        ruleset_hash=competition.ruleset_hash,
        input=gathered,
        input_hash=input_hash,
        output=computed.output,
        output_hash=computed.output_hash,
        reason=reason,
        by=account(actor),
        at=now,
    )
    session.add(run)
    session.flush()
    _record(session, actor, now, competition, vacancy, run)
    return run


def computed_of(competition: Competition, gathered: Mapping[str, Any]) -> Computed:
    """Return the ranking of what was gathered, with both hashes."""
    output = marks_input.compute(competition, gathered).to_json()
    return Computed(sha256_of(gathered), output, sha256_of(output))


def require_marks_closed(session: Session, competition: Competition) -> None:
    """No part has marks that are still open or masked: a ranking made of half of them would mislead."""
    locked = marking.locks(session, competition.id)
    lifted = unmasking.lifted_of(session, competition.id)
    for part in _marked_parts(session, competition.id):
        if (part, unmasking.MARKING) not in locked:
            raise errors.MarksNotLocked(part)
        if (part, unmasking.MARKING) not in lifted:
            raise errors.NotUnmasked(part)


def latest_run(session: Session, vacancy_id: int) -> Run | None:
    """Return the last run of a vacancy."""
    return session.scalar(
        select(Run).where(Run.vacancy_id == vacancy_id).order_by(Run.number.desc()).limit(1)
    )


def latest_runs(session: Session, competition_id: int) -> dict[int, Run]:
    """Return the last run of each vacancy: one query."""
    last = select(func.max(Run.id)).where(Run.competition_id == competition_id).group_by(Run.vacancy_id)
    return {run.vacancy_id: run for run in session.scalars(select(Run).where(Run.id.in_(last)))}


def concerned(session: Session, competition: Competition) -> list[Vacancy]:
    """Return the vacancies that have candidates and go on: neither postponed nor filled by nomination."""
    stopped = {
        row.vacancy_id for row in competitions.decisions(session, competition.id) if row.kind in STOPPED
    }
    filled = set(
        session.scalars(
            select(Candidate.vacancy_id).where(Candidate.competition_id == competition.id).distinct()
        )
    )
    return [one for one in competition.vacancies if one.id in filled - stopped]


def current_runs(session: Session, competition: Competition) -> list[tuple[Vacancy, Run]]:
    """Return the last run of each vacancy concerned, or raise RunMissing or RunOutdated with its code."""
    last = latest_runs(session, competition.id)
    shared = marks_input.common(session, competition)
    found: list[tuple[Vacancy, Run]] = []
    for vacancy in concerned(session, competition):
        if vacancy.id not in last:
            raise errors.RunMissing(vacancy.code)
        gathered = marks_input.gather(session, competition, vacancy, shared)
        if sha256_of(gathered) != last[vacancy.id].input_hash:
            raise errors.RunOutdated(vacancy.code)
        found.append((vacancy, last[vacancy.id]))
    return found


def complete_runs(session: Session, competition: Competition) -> list[tuple[Vacancy, Run]]:
    """Return the current runs when nothing is pending in any, or raise RunPending with the codes."""
    found = current_runs(session, competition)
    waiting = tuple(vacancy.code for vacancy, run in found if not run.output["complete"])
    if waiting:
        raise errors.RunPending(waiting)
    return found


def passed_before(session: Session, vacancy_id: int, part: str) -> frozenset[int] | None:
    """Return who passed every gate before a part, or None while a gate of somebody is undecided."""
    vacancy = session.get_one(Vacancy, vacancy_id)
    competition = vacancy.competition
    keys = [one.key for one in competitions.ruleset(competition).parts]
    gathered = marks_input.gather(session, competition, vacancy)
    rows = [row.standing for row in marks_input.compute(competition, gathered).rows]
    numbers = {
        person.candidate_no: person.id for person in people(session, competition.id, vacancy_id=vacancy_id)
    }
    passed: set[int] = set()
    for standing in rows:
        verdicts = [
            one.passed for one in standing.results if one.bars and _is_before(keys, one.part.key, part)
        ]
        if standing.present and None in verdicts and False not in verdicts:
            return None
        if standing.present and all(verdicts):
            passed.add(numbers[standing.candidate.id])
    return frozenset(passed)


def account(actor: Actor) -> int:
    """Return the account that acts."""
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def _is_before(keys: Sequence[str], one: str, other: str) -> bool:
    return keys.index(one) < keys.index(other)


def _marked_parts(session: Session, competition_id: int) -> Sequence[str]:
    """Return the parts for whose first marking any mark was given."""
    return session.scalars(
        select(MaskBag.part)
        .join(MaskedScript, MaskedScript.bag_id == MaskBag.id)
        .join(Mark, Mark.masked_script_id == MaskedScript.id)
        .where(MaskBag.competition_id == competition_id, MaskBag.purpose == unmasking.MARKING)
        .distinct()
    ).all()


def _record(
    session: Session, actor: Actor, now: datetime, competition: Competition, vacancy: Vacancy, run: Run
) -> None:
    content: Mapping[str, Any] = {
        "vacancy": vacancy.code,
        "run": str(run.number),
        "ruleset": run.ruleset_hash,
        "input": run.input_hash,
        "output": run.output_hash,
    }
    audit.record(
        session,
        actor,
        now,
        type="result",
        competition_id=competition.id,
        subject=run.public_id,
        content=content,
    )
