# SPDX-License-Identifier: Apache-2.0
"""Reading declared relations."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.competitions.models import ConflictOfInterest, Relation, RelationOnPaper
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.registration.models import Candidate


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A relation on record."""

    person: str
    candidate_no: str
    candidate: str
    relation: Relation | None  # None: not the reader's to know
    at: datetime


def declared(
    session: Session, competition_id: int, *, only: int | None, kinds_of: int | None = None
) -> Sequence[Declared]:
    """Return the relations of a competition (of one person, if given), the latest first: two queries.

    With ``kinds_of``, the kind is told of that person's relations only.
    """
    query = (
        select(ConflictOfInterest, Candidate.candidate_no)
        .outerjoin(
            Candidate,
            (Candidate.account_id == ConflictOfInterest.candidate_account_id)
            & (Candidate.competition_id == competition_id),
        )
        .where(ConflictOfInterest.competition_id == competition_id)
        .order_by(ConflictOfInterest.id.desc())
    )
    if only is not None:
        query = query.where(ConflictOfInterest.account_id == only)
    rows = session.execute(query).all()
    typed = _on_paper(session, competition_id, with_kind=kinds_of is None) if only is None else []
    people = {i for row, _ in rows for i in (row.account_id, row.candidate_account_id)}
    names = accounts.names_of(session, people)
    found = [
        Declared(
            person=names.get(row.account_id, "–"),
            candidate_no=number or "–",
            candidate=names.get(row.candidate_account_id, "–"),
            relation=Relation(row.relation) if kinds_of in {None, row.account_id} else None,
            at=row.declared_at,
        )
        for row, number in rows
    ]
    return sorted(typed + found, key=lambda one: one.at, reverse=True)


def _on_paper(session: Session, competition_id: int, *, with_kind: bool) -> list[Declared]:
    """Return the relations that people without an account have declared on paper, the latest first."""
    rows = session.execute(
        select(RelationOnPaper, Candidate.candidate_no)
        .outerjoin(
            Candidate,
            (Candidate.account_id == RelationOnPaper.candidate_account_id)
            & (Candidate.competition_id == competition_id),
        )
        .where(RelationOnPaper.competition_id == competition_id)
        .order_by(RelationOnPaper.id.desc())
    ).all()
    names = accounts.names_of(session, {row.candidate_account_id for row, _ in rows})
    return [
        Declared(
            person=row.person,
            candidate_no=number or "–",
            candidate=names.get(row.candidate_account_id, "–"),
            relation=Relation(row.relation) if with_kind else None,
            at=row.declared_at,
        )
        for row, number in rows
    ]


def candidate_account(session: Session, competition_id: int, public_id: str) -> int:
    """Return the account behind a candidate of the competition, else NotFound."""
    found = session.scalar(
        select(Candidate.account_id).where(
            Candidate.public_id == public_id, Candidate.competition_id == competition_id
        )
    )
    if found is None:
        raise NotFound
    return found
