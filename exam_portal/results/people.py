# SPDX-License-Identifier: Apache-2.0
"""The candidates as the arithmetic knows them: numbers and statuses, no names."""

import dataclasses
from datetime import datetime

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate, Exclusion, Withdrawal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A candidate by number. ``status``: present | withdrawn | disqualified; ``left_at``: since when."""

    id: int
    public_id: str
    account_id: int
    vacancy_id: int
    application_id: int
    candidate_no: str
    status: str
    left_at: datetime | None


def people(session: Session, competition_id: int, *, vacancy_id: int | None = None) -> list[Person]:
    """Return the candidates of a competition (or of one vacancy) by number: one query, nothing decrypted."""
    query = (
        select(Candidate, Exclusion.status, Exclusion.at, Withdrawal.at)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Candidate.application_id)
        .where(Candidate.competition_id == competition_id)
        .order_by(Candidate.candidate_no)
    )
    if vacancy_id is not None:
        query = query.where(Candidate.vacancy_id == vacancy_id)
    return [_person(*row) for row in session.execute(query)]


def _person(
    candidate: Candidate, excluded: str | None, excluded_at: datetime | None, withdrawn_at: datetime | None
) -> Person:
    return Person(
        id=candidate.id,
        public_id=candidate.public_id,
        account_id=candidate.account_id,
        vacancy_id=candidate.vacancy_id,
        application_id=candidate.application_id,
        candidate_no=candidate.candidate_no,
        status=excluded or ("present" if withdrawn_at is None else "withdrawn"),
        left_at=max((at for at in (excluded_at, withdrawn_at) if at is not None), default=None),
    )
