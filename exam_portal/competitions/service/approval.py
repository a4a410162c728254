# SPDX-License-Identifier: Apache-2.0
"""From the draft to the notice: to the chair, back or approved, announced."""

from datetime import datetime

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import milestones, notice
from exam_portal.competitions.errors import ApproverIsCreator, DraftIncomplete, WindowOver
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind
from exam_portal.competitions.service import locking
from exam_portal.competitions.service.course import reach
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.names import same_signer


def missing(competition: Competition) -> list[str]:
    """Return the codes of what a draft still lacks before it can go to the chair."""
    lacks = []
    if not competition.description.strip():
        lacks.append("description")
    if not competition.vacancies:
        lacks.append("vacancies")
    if any(not vacancy.criteria for vacancy in competition.vacancies):
        lacks.append("criteria")
    return lacks


def submit_for_approval(session: Session, actor: Actor, now: datetime, competition: Competition) -> Milestone:
    """The draft lies before the chair and does not change any more until it comes back."""
    locking.lock(session, competition)
    lacks = missing(competition)
    if lacks:
        raise DraftIncomplete(lacks)
    payload = {"notice": notice.hash_of(competition)}
    return reach(session, actor, now, competition, MilestoneKind.SUBMITTED, payload=payload)


def return_draft(
    session: Session, actor: Actor, now: datetime, competition: Competition, *, reason: str
) -> Milestone:
    """The draft is back with the organiser, who reads the reason and may change it again."""
    return reach(session, actor, now, competition, MilestoneKind.RETURNED, words=reason)


def approve(session: Session, actor: Actor, now: datetime, competition: Competition) -> Milestone:
    """The chair, signed in, has approved exactly this draft. Whoever made it cannot be the one."""
    locking.lock(session, competition)
    if actor.account_id == competition.created_by:
        raise ApproverIsCreator
    payload = {"notice": notice.hash_of(competition), "by": "log-in"}
    return reach(session, actor, now, competition, MilestoneKind.APPROVED, payload=payload)


def approve_on_paper(
    session: Session, actor: Actor, now: datetime, competition: Competition, *, paper: SignedPaper
) -> Milestone:
    """The chair has approved on a signed paper. Who signed stands on the paper; who typed it is the actor."""
    locking.lock(session, competition)
    creator = profiles.read(session, session.get_one(Account, competition.created_by))
    if same_signer(creator.name, paper.signed_by):
        raise ApproverIsCreator
    payload = {"notice": notice.hash_of(competition), "by": "paper"}
    return reach(session, actor, now, competition, MilestoneKind.APPROVED, payload=payload, paper=paper)


def announce(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    number: str = "",
    paper: SignedPaper | None = None,
) -> Milestone:
    """The notice is public: rule set, posts, criteria and dates are frozen, their hashes are in the log."""
    reached = locking.lock(session, competition)
    if milestones.is_approved(reached) and competition.apply_closes_at <= now:
        raise WindowOver(competition.apply_closes_at)
    payload = {
        "competition": competition.public_id,
        "ruleset": competition.ruleset_hash,
        "notice": notice.hash_of(competition),
        "number": number,
    }
    return reach(session, actor, now, competition, MilestoneKind.ANNOUNCED, payload=payload, paper=paper)
