# SPDX-License-Identifier: Apache-2.0
"""What is held of a person from the first application on, for ``accounts.holdings``."""

from collections.abc import Iterator

from sqlalchemy import select, update

from exam_portal.accounts.holdings import Holding
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core.db import Session
from exam_portal.registration.models import Application, Candidate, RefusedDossier, Withdrawal

OVER = frozenset({MilestoneKind.PUBLISHED, MilestoneKind.ANNULLED, MilestoneKind.ARCHIVED})


def of(session: Session, account_id: int) -> Iterator[Holding]:
    """Yield the competitions for which the person applied.

    One is over for the person once its result was published or it was annulled; and before that for who never
    submitted, or withdrew before there was a list of candidates.
    """
    rows = session.execute(
        select(
            Competition,
            Application.submitted_at.is_not(None) & Withdrawal.id.is_(None),
            Candidate.id.is_not(None),
        )
        .join(Application, Application.competition_id == Competition.id)
        .outerjoin(Withdrawal, Withdrawal.application_id == Application.id)
        .outerjoin(Candidate, Candidate.application_id == Application.id)
        .where(Application.account_id == account_id)
        .order_by(Application.id)
    ).all()
    for competition, applies, is_candidate in rows:
        takes_part = applies or is_candidate
        yield _holding(competition, is_over=not takes_part or _is_over(session, competition))
    refused = select(Competition).join(RefusedDossier, RefusedDossier.competition_id == Competition.id)
    for competition in session.scalars(refused.where(RefusedDossier.account_id == account_id)):
        yield _holding(competition, is_over=True)


def forget(session: Session, account_id: int) -> None:
    """No identity number leads to the person's applications any more."""
    own = update(Application).where(Application.account_id == account_id)
    session.execute(own.values(identity_index=None))


def _holding(competition: Competition, *, is_over: bool) -> Holding:
    return Holding(
        organisation_id=competition.organisation_id, competition=competition.title, is_over=is_over
    )


def _is_over(session: Session, competition: Competition) -> bool:
    return not OVER.isdisjoint(kind for kind, _ in competitions.reached(session, competition.id))
