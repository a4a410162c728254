# SPDX-License-Identifier: Apache-2.0
"""Reads that span slices, each in a fixed number of queries whatever the number of rows."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Result, exists, func, select
from sqlalchemy.orm import aliased

from exam_portal.accounts.models import Organisation
from exam_portal.appeals.models import ReviewRequest, ReviewStep
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition, CompetitionKind, Milestone, MilestoneKind, Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import queries as interviews
from exam_portal.interviews.models import Hearing, HearingEvent, PanelSession
from exam_portal.marking.models import MarkLock
from exam_portal.papers.models import Paper, PaperForm, PaperSeal
from exam_portal.registration.models import (
    Application,
    Candidate,
    Exclusion,
    VettingConclusion,
    Withdrawal,
)
from exam_portal.results.models import Publication, Unmasking
from exam_portal.sittings import queries as sittings
from exam_portal.sittings.models import (
    MaskBag,
    MaskedScript,
    Script,
    Seat,
    Sitting,
    SittingEvent,
    TestMark,
)

OFFICERS = 2  # who seal a paper
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
        .order_by(Publication.published_at.desc(), Publication.id.desc())
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
    return _counted(rows)


def scripts_to_mask(session: Session, competition_ids: Collection[int]) -> dict[int, int]:
    """Return how many scripts of parts that people mark are not under a code yet: two queries."""
    collected = _counted(
        session.execute(
            select(Script.competition_id, func.count())
            .where(
                Script.competition_id.in_(competition_ids), ~exists().where(TestMark.script_id == Script.id)
            )
            .group_by(Script.competition_id)
        )
    )
    masked = _counted(
        session.execute(
            select(MaskBag.competition_id, func.count())
            .join(MaskedScript, MaskedScript.bag_id == MaskBag.id)
            .where(MaskBag.competition_id.in_(competition_ids), MaskBag.purpose == "marking")
            .group_by(MaskBag.competition_id)
        )
    )
    return defaultdict(int, {one: count - masked[one] for one, count in collected.items()})


def masks_to_lift(session: Session, competition_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return competition and part (a review's, too) of marks that are locked under their masks: one query."""
    lifted = exists().where(
        Unmasking.competition_id == MarkLock.competition_id,
        Unmasking.part == MarkLock.part,
        Unmasking.purpose == MarkLock.purpose,
    )
    rows = session.execute(
        select(MarkLock.competition_id, MarkLock.part)
        .where(MarkLock.competition_id.in_(competition_ids), ~lifted)
        .order_by(MarkLock.id)
    )
    return [(competition_id, part) for competition_id, part in rows]


def slips_filed(session: Session, competition_ids: Collection[int]) -> set[int]:
    """Return the competitions for which a scan of signed mark slips is on file: one query."""
    rows = select(SignedPaper.competition_id).where(
        SignedPaper.competition_id.in_(competition_ids), SignedPaper.kind == PaperKind.MARK_SLIP
    )
    return {found for found in session.scalars(rows.distinct()) if found is not None}


def sittings_of(session: Session, competition_ids: Collection[int]) -> list[tuple[Sitting, str, int]]:
    """Return the sittings with state and seats, in the order of their times: three queries."""
    own = select(Sitting).where(Sitting.competition_id.in_(competition_ids))
    found = session.scalars(own.order_by(Sitting.starts_at, Sitting.id)).all()
    ids = [sitting.id for sitting in found]
    events: dict[int, list[SittingEvent]] = defaultdict(list)
    for event in session.scalars(
        select(SittingEvent).where(SittingEvent.sitting_id.in_(ids)).order_by(SittingEvent.id)
    ):
        events[event.sitting_id].append(event)
    seats = _counted(
        session.execute(
            select(Seat.sitting_id, func.count()).where(Seat.sitting_id.in_(ids)).group_by(Seat.sitting_id)
        )
    )
    return [(one, sittings.state(events[one.id]), seats[one.id]) for one in found]


def papers_to_seal(session: Session, competition_ids: Collection[int], account_id: int) -> dict[int, int]:
    """Return how many drawn papers wait for a seal that this person could give: one query."""
    seals = select(func.count()).where(PaperSeal.paper_id == Paper.id).scalar_subquery()
    own = exists().where(PaperSeal.paper_id == Paper.id, PaperSeal.by == account_id)
    rows = session.execute(
        select(Paper.competition_id, func.count())
        .where(
            Paper.competition_id.in_(competition_ids),
            exists().where(PaperForm.paper_id == Paper.id),
            seals < OFFICERS,
            ~own,
        )
        .group_by(Paper.competition_id)
    )
    return _counted(rows)


def with_papers(session: Session, competition_ids: Collection[int]) -> set[int]:
    """Return the competitions for which at least one paper has been named: one query."""
    return set(session.scalars(select(Paper.competition_id).where(Paper.competition_id.in_(competition_ids))))


def open_hearings(session: Session, competition_ids: Collection[int]) -> list[tuple[PanelSession, Hearing]]:
    """Return the hearings whose ballots are open and not counted: one query."""
    counted = exists().where(
        HearingEvent.hearing_id == Hearing.id, HearingEvent.kind.in_(interviews.BALLOT_OVER)
    )
    opened = exists().where(HearingEvent.hearing_id == Hearing.id, HearingEvent.kind == "ballot_opened")
    rows = session.execute(
        select(PanelSession, Hearing)
        .join(Hearing, Hearing.panel_id == PanelSession.id)
        .where(PanelSession.competition_id.in_(competition_ids), opened, ~counted)
        .order_by(PanelSession.id, Hearing.order_no)
    )
    return [(panel, hearing) for panel, hearing in rows]


def undecided_reviews(session: Session, competition_ids: Collection[int]) -> dict[int, int]:
    """Return how many requests for review of each competition are neither refused nor decided: one query."""
    over = select(ReviewStep.request_id).where(ReviewStep.kind.in_(("refused", "decided")))
    rows = session.execute(
        select(ReviewRequest.competition_id, func.count())
        .where(ReviewRequest.competition_id.in_(competition_ids), ReviewRequest.id.not_in(over))
        .group_by(ReviewRequest.competition_id)
    )
    return _counted(rows)


def _counted(rows: Result[int, int]) -> dict[int, int]:
    """Return counts by key; what is not there counts nought."""
    return defaultdict(int, {row[0]: row[1] for row in rows})
