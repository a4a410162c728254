# SPDX-License-Identifier: Apache-2.0
"""The candidates as the arithmetic knows them: numbers and statuses, no names."""

import dataclasses

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate, Exclusion, Withdrawal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A candidate by number. ``status``: present | withdrawn | disqualified."""

    id: int
    public_id: str
    account_id: int
    vacancy_id: int
    candidate_no: str
    status: str


def people(session: Session, competition_id: int, *, vacancy_id: int | None = None) -> list[Person]:
    """Return the candidates of a competition (or of one vacancy) by number: one query, nothing decrypted."""
    query = (
        select(Candidate, Exclusion.status, Withdrawal.id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Candidate.application_id)
        .where(Candidate.competition_id == competition_id)
        .order_by(Candidate.candidate_no)
    )
    if vacancy_id is not None:
        query = query.where(Candidate.vacancy_id == vacancy_id)
    return [_person(row[0], row[1], row[2] is not None) for row in session.execute(query)]


def _person(candidate: Candidate, excluded: str | None, has_withdrawn: bool) -> Person:
    return Person(
        id=candidate.id,
        public_id=candidate.public_id,
        account_id=candidate.account_id,
        vacancy_id=candidate.vacancy_id,
        candidate_no=candidate.candidate_no,
        status=excluded or ("withdrawn" if has_withdrawn else "present"),
    )
