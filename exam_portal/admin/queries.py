# SPDX-License-Identifier: Apache-2.0
"""Reads that span slices, each in a fixed number of queries whatever the number of rows."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from exam_portal.accounts.models import Organisation
from exam_portal.competitions.models import Competition, CompetitionKind, Milestone, MilestoneKind, Vacancy
from exam_portal.core.db import Session
from exam_portal.registration.models import (
    Application,
    Candidate,
    Exclusion,
    VettingConclusion,
    Withdrawal,
)
from exam_portal.results.models import Publication

Reached = Mapping[MilestoneKind, datetime]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PublishedResult:
    """A competition whose result is public."""

    competition: Competition
    organisation: Organisation
    number: int
    published_at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnApplication:
    """One application of a person with what became of it."""

    application: Application
    vacancy: Vacancy
    competition: Competition
    candidate: Candidate | None
    outcome: str  # of vetting: eligible | ineligible | "" while nobody has concluded
    is_withdrawn: bool
    excluded: str  # withdrawn | disqualified | ""


def reached(session: Session, competition_ids: Collection[int]) -> dict[int, Reached]:
    """Return what each competition has reached, with the instant of the last occurrence: one query."""
    found: dict[int, dict[MilestoneKind, datetime]] = {one: {} for one in competition_ids}
    rows = session.execute(
        select(Milestone.competition_id, Milestone.kind, Milestone.at)
        .where(Milestone.competition_id.in_(competition_ids))
        .order_by(Milestone.id)
    )
    for competition_id, kind, at in rows:
        found[competition_id][MilestoneKind(kind)] = at
    return dict(found)


def published_results(session: Session, *, limit: int = 50) -> list[PublishedResult]:
    """Return the real competitions whose result is public, the latest first: one query."""
    last = (
        select(Publication.competition_id, func.max(Publication.number).label("number"))
        .where(Publication.kind == "results", Publication.published_at.is_not(None))
        .group_by(Publication.competition_id)
        .subquery()
    )
    rows = session.execute(
        select(Competition, Organisation, Publication.number, Publication.published_at)
        .join(Organisation, Organisation.id == Competition.organisation_id)
        .join(last, last.c.competition_id == Competition.id)
        .join(
            Publication,
            (Publication.competition_id == Competition.id) & (Publication.number == last.c.number),
        )
        .where(Competition.kind == CompetitionKind.REAL)
        .order_by(Publication.published_at.desc())
        .limit(limit)
    )
    return [
        PublishedResult(competition=competition, organisation=organisation, number=number, published_at=at)
        for competition, organisation, number, at in rows
        if at is not None
    ]


def own_applications(session: Session, account_id: int) -> list[OwnApplication]:
    """Return a person's applications, the latest first, with what became of each: one query."""
    later = aliased(VettingConclusion)
    superseded = select(later.supersedes_id).where(later.supersedes_id.is_not(None))
    rows = session.execute(
        select(
            Application,
            Vacancy,
            Competition,
            Candidate,
            VettingConclusion.outcome,
            Withdrawal.id,
            Exclusion.status,
        )
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .join(Competition, Competition.id == Application.competition_id)
        .outerjoin(Candidate, Candidate.application_id == Application.id)
        .outerjoin(
            VettingConclusion,
            (VettingConclusion.application_id == Application.id) & VettingConclusion.id.not_in(superseded),
        )
        .outerjoin(Withdrawal, Withdrawal.application_id == Application.id)
        .outerjoin(Exclusion, Exclusion.candidate_id == Candidate.id)
        .where(Application.account_id == account_id)
        .order_by(Application.created_at.desc(), Application.id.desc())
    )
    return [
        OwnApplication(
            application=application,
            vacancy=vacancy,
            competition=competition,
            candidate=candidate,
            outcome=outcome or "",
            is_withdrawn=withdrawal is not None,
            excluded=status or "",
        )
        for application, vacancy, competition, candidate, outcome, withdrawal, status in rows
    ]


def submitted_counts(session: Session, competition_ids: Collection[int]) -> dict[int, int]:
    """Return how many applications each competition has: one query."""
    rows = session.execute(
        select(Application.competition_id, func.count())
        .where(Application.competition_id.in_(competition_ids), Application.submitted_at.is_not(None))
        .group_by(Application.competition_id)
    )
    return defaultdict(int, dict(rows.all()))


def undecided_counts(session: Session, competition_ids: Collection[int]) -> dict[int, int]:
    """Return how many applications of each competition nobody has concluded on: one query."""
    rows = session.execute(
        select(Application.competition_id, func.count())
        .where(
            Application.competition_id.in_(competition_ids),
            Application.submitted_at.is_not(None),
            Application.id.not_in(select(Withdrawal.application_id)),
            Application.id.not_in(select(VettingConclusion.application_id)),
        )
        .group_by(Application.competition_id)
    )
    return defaultdict(int, dict(rows.all()))


def installation_organisations(session: Session) -> Sequence[Organisation]:
    """Return every organisation, those above before those below."""
    return session.scalars(
        select(Organisation).order_by(Organisation.parent_id.nulls_first(), Organisation.name)
    ).all()
