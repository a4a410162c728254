# SPDX-License-Identifier: Apache-2.0
"""Reads of vacancies: how many are left for each, against its minimum."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import (
    Competition,
    Decision,
    DecisionKind,
    Vacancy,
)
from exam_portal.core.db import Session
from exam_portal.registration.models import (
    Application,
    Candidate,
    Exclusion,
    Withdrawal,
)
from exam_portal.registration.queries import conditions


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many are left for a vacancy, against the minimum of the rule set."""

    vacancy_id: int
    vacancy_public_id: str
    vacancy_code: str
    vacancy_title: str
    eligible: int
    minimum: int
    decided: str  # the council's decision since the last change, or ""

    @property
    def below_minimum(self) -> bool:
        """Whether the council has to decide."""
        return self.eligible < self.minimum


def standing(session: Session, vacancy_id: int) -> Standing:
    """Return how a vacancy stands against its minimum."""
    vacancy = session.get_one(Vacancy, vacancy_id)
    return standings(session, vacancy.competition, [vacancy])[0]


def standings(
    session: Session, competition: Competition, vacancies: Sequence[Vacancy] | None = None
) -> list[Standing]:
    """Return the standing of each vacancy: three queries, whatever their number."""
    chosen = competition.vacancies if vacancies is None else vacancies
    minimum = competitions.ruleset(competition).vacancy.min_candidates
    counts = dict(
        session.execute(
            select(Application.vacancy_id, func.count())
            .where(
                Application.competition_id == competition.id,
                conditions.is_eligible(),
                ~conditions.is_excluded(),
            )
            .group_by(Application.vacancy_id)
        ).all()
    )
    changes = _last_changes(session, competition.id)
    decisions = competitions.decisions(session, competition.id)
    return [
        Standing(
            vacancy_id=vacancy.id,
            vacancy_public_id=vacancy.public_id,
            vacancy_code=vacancy.code,
            vacancy_title=vacancy.title,
            eligible=counts.get(vacancy.id, 0),
            minimum=minimum,
            decided=_decided(decisions, vacancy.id, changes.get(vacancy.id)),
        )
        for vacancy in chosen
    ]


def _decided(decisions: Sequence[Decision], vacancy_id: int, changed_at: datetime | None) -> str:
    kinds = (DecisionKind.PROCEED, DecisionKind.NOMINATE, DecisionKind.POSTPONE)
    for decision in decisions:
        is_later = changed_at is None or decision.recorded_at >= changed_at
        if decision.vacancy_id == vacancy_id and decision.kind in kinds and is_later:
            return decision.kind
    return ""


def _last_changes(session: Session, competition_id: int) -> dict[int, datetime]:
    """Return per vacancy when somebody last left: a council's decision holds only from then on."""
    withdrawn = session.execute(
        select(Application.vacancy_id, func.max(Withdrawal.at))
        .join(Withdrawal, Withdrawal.application_id == Application.id)
        .where(Application.competition_id == competition_id)
        .group_by(Application.vacancy_id)
    ).all()
    excluded = session.execute(
        select(Candidate.vacancy_id, func.max(Exclusion.at))
        .join(Exclusion, Exclusion.candidate_id == Candidate.id)
        .where(Candidate.competition_id == competition_id)
        .group_by(Candidate.vacancy_id)
    ).all()
    latest: dict[int, datetime] = {}
    for vacancy_id, at in [*withdrawn, *excluded]:
        latest[vacancy_id] = max(latest.get(vacancy_id, at), at)
    return latest
