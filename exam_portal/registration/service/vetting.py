# SPDX-License-Identifier: Apache-2.0
"""Verbs of the vetting board and of the approval of the list."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competition_queries
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, Criterion, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.registration import errors, preference, queries
from exam_portal.registration.eligibility import Reading
from exam_portal.registration.models import (
    Application,
    Candidate,
    Exclusion,
    PreferenceFinding,
    VettingConclusion,
    VettingFinding,
    Withdrawal,
)
from exam_portal.registration.service import locking
from scoring.rounding import is_multiple, plain

THOUSANDTH = Decimal("0.001")


def record_finding(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    application: Application,
    criterion: Criterion,
    decision: str,
    reason: str,
    attachment_id: int | None = None,
) -> VettingFinding:
    """The board's word on one criterion stands, beside the automatic reading; a second word supersedes it."""
    _refuse_unless_vetting(session, actor, application)
    previous = queries.findings(session, application.id).get(criterion.id)
    finding = VettingFinding(
        application_id=application.id,
        criterion_id=criterion.id,
        automatic=queries.automatic_reading(session, application, criterion, now).value,
        decision=decision,
        reason=reason,
        attachment_id=attachment_id,
        supersedes_id=previous.id if previous else None,
        by=_account(actor),
        at=now,
    )
    session.add(finding)
    session.flush()
    _record(
        session,
        actor,
        now,
        application,
        "registration.criterion_found",
        criterion=criterion.public_id,
        decision=decision,
        automatic=finding.automatic,
        reason=audit.digest(reason),
    )
    return finding


def confirm_readings(session: Session, actor: Actor, now: datetime, *, application: Application) -> int:
    """Every criterion that the form shows to be met is found met, unless found already. Returns how many."""
    found = queries.findings(session, application.id)
    own = select(Criterion).where(Criterion.vacancy_id == application.vacancy_id)
    criteria = session.scalars(own.order_by(Criterion.position)).all()
    readings = queries.automatic_readings(session, application, criteria, now)
    met = [one for one in criteria if one.id not in found and readings[one.id] is Reading.MET]
    for criterion in met:
        record_finding(
            session,
            actor,
            now,
            application=application,
            criterion=criterion,
            decision="met",
            reason="",
        )
    return len(met)


def decide_preference(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    application: Application,
    points: Decimal,
    reason: str,
    attachment_id: int | None = None,
) -> PreferenceFinding:
    """The application is given these points, which are added to its total; a second word supersedes it."""
    _refuse_unless_vetting(session, actor, application)
    rules = preference.rules(session, application)
    if not rules.enabled:
        raise errors.PreferenceNotCounted
    if not 0 <= points <= rules.max or not is_multiple(points, THOUSANDTH):
        raise errors.PreferenceOutOfBounds(rules.max)
    previous = preference.finding(session, application.id)
    finding = PreferenceFinding(
        application_id=application.id,
        points=points,
        reason=reason,
        attachment_id=attachment_id,
        supersedes_id=previous.id if previous else None,
        by=_account(actor),
        at=now,
    )
    session.add(finding)
    session.flush()
    facts = {"points": plain(points), "reason": audit.digest(reason)}
    _record(session, actor, now, application, "registration.preference_found", **facts)
    return finding


def note_view(session: Session, actor: Actor, now: datetime, application: Application) -> None:
    """That a member of staff opened the dossier is on record."""
    _record(session, actor, now, application, "registration.dossier_viewed")


def conclude(
    session: Session, actor: Actor, now: datetime, *, application: Application, outcome: str, reason: str
) -> VettingConclusion:
    """The application is eligible or ineligible, as the findings say, signed by a person."""
    _refuse_unless_vetting(session, actor, application)
    findings = queries.findings(session, application.id)
    wanted = session.scalars(select(Criterion.id).where(Criterion.vacancy_id == application.vacancy_id)).all()
    if set(wanted) - set(findings):
        raise errors.FindingsMissing
    all_met = all(findings[criterion_id].decision == "met" for criterion_id in wanted)
    if (outcome == "eligible") != all_met:
        raise errors.ConclusionContradicts
    if outcome == "eligible" and _is_claim_open(session, application):
        raise errors.PreferenceUndecided
    previous = queries.conclusion(session, application.id)
    conclusion = VettingConclusion(
        application_id=application.id,
        outcome=outcome,
        reason=reason,
        supersedes_id=previous.id if previous else None,
        by=_account(actor),
        at=now,
    )
    session.add(conclusion)
    session.flush()
    facts = {"outcome": outcome, "reason": audit.digest(reason)}
    _record(session, actor, now, application, "registration.concluded", **facts)
    return conclusion


def approve_list(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    paper: SignedPaper | None = None,
) -> Sequence[Candidate]:
    """Eligible applicants are candidates with numbers, in the order of Vietnamese names.

    Stops where an application is undecided, and where a vacancy is below its minimum without a decision.
    """
    locking.competition(session, competition.id)
    undecided = queries.undecided_count(session, competition.id)
    if undecided:
        raise errors.ApplicationsUndecided(undecided)
    for vacancy in competition.vacancies:
        refuse_below_minimum(session, vacancy.id)
    candidates = [
        Candidate(
            application_id=entry.application_id,
            competition_id=competition.id,
            vacancy_id=entry.vacancy_id,
            account_id=entry.account_id,
            candidate_no=f"{number:03d}",
            admitted_at=now,
        )
        for number, entry in enumerate(queries.eligible_by_name(session, competition), start=1)
    ]
    session.add_all(candidates)
    session.flush()
    listed = queries.lists(session, competition.id).get(competition.public_id)
    facts = {"candidates": len(candidates), "list": listed}
    competitions.reach(
        session, actor, now, competition, MilestoneKind.LIST_APPROVED, payload=facts, paper=paper
    )
    return candidates


def exclude_candidate(
    session: Session,
    actor: Actor,
    now: datetime,
    candidate: Candidate,
    *,
    status: str,
    reason: str,
    paper: SignedPaper | None = None,
) -> Exclusion:
    """The candidate is withdrawn or disqualified; results say so, marks stay as they are."""
    locking.competition(session, candidate.competition_id)
    if session.scalar(select(Exclusion.id).where(Exclusion.candidate_id == candidate.id)):
        raise StaleState
    exclusion = Exclusion(
        candidate_id=candidate.id,
        status=status,
        reason=reason,
        paper_id=paper.id if paper else None,
        by=_account(actor),
        at=now,
    )
    session.add(exclusion)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        type="registration.candidate_excluded",
        competition_id=candidate.competition_id,
        subject=candidate.public_id,
        content={
            "candidate": candidate.candidate_no,
            "status": status,
            "reason": audit.digest(reason),
            "paper": paper.public_id if paper else None,
        },
    )
    return exclusion


def refuse_below_minimum(session: Session, vacancy_id: int) -> None:
    """Stop where a vacancy has too few candidates and the council has not decided to go on."""
    standing = queries.standing(session, vacancy_id)
    if standing.below_minimum and not standing.decided:
        raise errors.BelowMinimum(standing.vacancy_code, standing.eligible, standing.minimum)


def _refuse_unless_vetting(session: Session, actor: Actor, application: Application) -> None:
    locking.competition(session, application.competition_id)
    if not queries.vetting_is_open(session, application.competition_id):
        raise errors.VettingNotOpen
    if application.submitted_at is None:
        raise errors.FormIncomplete(())
    if session.scalar(select(func.count()).where(Withdrawal.application_id == application.id)):
        raise errors.AlreadyWithdrawn
    conflicts = competition_queries.conflicts(session, application.competition_id)
    if (_account(actor), application.account_id) in conflicts:
        raise errors.OwnApplication


def _is_claim_open(session: Session, application: Application) -> bool:
    """Whether points are claimed, the rule set gives some, and the board has not decided."""
    is_claimed = bool(queries.form_of(session, application).preference_category)
    is_given = preference.rules(session, application).enabled
    return is_given and is_claimed and preference.finding(session, application.id) is None


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise StaleState
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, application: Application, type: str, **facts: object
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=type,
        competition_id=application.competition_id,
        subject=application.public_id,
        content={"application": application.public_id, **facts},
    )
