# SPDX-License-Identifier: Apache-2.0
"""Runs: the ranking computed from what was gathered, kept with both hashes, never changed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.results import errors, marks_input
from exam_portal.results.models import Run
from scoring.marks import read_marks
from scoring.ranking import rank
from scoring.verify.canonical import canonical_bytes


def compute_run(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    vacancy: Vacancy,
    reason: str = "",
) -> Run:
    """The vacancy has a numbered run of what is marked now; one that would repeat the last is refused."""
    session.execute(select(Vacancy.id).where(Vacancy.id == vacancy.id).with_for_update())
    gathered = marks_input.gather(session, competition, vacancy)
    last = latest_run(session, vacancy.id)
    if last is not None and last.input_hash == content_hash(gathered):
        raise errors.NothingChanged
    output = compute(competition, gathered)
    run = Run(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        number=(last.number if last else 0) + 1,
        ruleset_hash=competition.ruleset_hash,
        input=gathered,
        input_hash=content_hash(gathered),
        output=output,
        output_hash=content_hash(output),
        reason=reason,
        by=_account(actor),
        at=now,
    )
    session.add(run)
    session.flush()
    _record(session, actor, now, competition, vacancy, run)
    return run


def compute(competition: Competition, gathered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ranking (exam-portal/ranking/1) of what was gathered, by the competition's rule set."""
    ruleset = competitions.ruleset(competition)
    return rank(ruleset, read_marks(gathered, ruleset)).to_json()


def latest_run(session: Session, vacancy_id: int) -> Run | None:
    """Return the last run of a vacancy."""
    return session.scalar(
        select(Run).where(Run.vacancy_id == vacancy_id).order_by(Run.number.desc()).limit(1)
    )


def latest_runs(session: Session, competition_id: int) -> dict[int, Run]:
    """Return the last run of each vacancy: one query."""
    last = select(func.max(Run.id)).where(Run.competition_id == competition_id).group_by(Run.vacancy_id)
    return {run.vacancy_id: run for run in session.scalars(select(Run).where(Run.id.in_(last)))}


def is_current(session: Session, competition: Competition, run: Run) -> bool:
    """Whether nothing has been marked or decided since the run."""
    vacancy = session.get_one(Vacancy, run.vacancy_id)
    return content_hash(marks_input.gather(session, competition, vacancy)) == run.input_hash


def content_hash(content: object) -> str:
    """Return sha256:<hex> of the canonical form."""
    return "sha256:" + hashlib.sha256(canonical_bytes(content)).hexdigest()


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, competition: Competition, vacancy: Vacancy, run: Run
) -> None:
    audit.record(
        session,
        actor,
        now,
        type="result",
        competition_id=competition.id,
        subject=run.public_id,
        content={
            "vacancy": vacancy.code,
            "run": str(run.number),
            "ruleset": run.ruleset_hash,
            "input": run.input_hash,
            "output": run.output_hash,
        },
    )
