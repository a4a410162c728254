# SPDX-License-Identifier: Apache-2.0
"""Who may do what with reviews of marking, and the only functions that hand their rows to pages."""

from typing import Any

from sqlalchemy import select

from exam_portal.appeals import queries
from exam_portal.appeals.models import ReviewRequest
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.registration.models import Candidate
from exam_portal.web import policy


def _is_own(actor: Actor, target: Any) -> bool:
    return target is not None and actor.account_id == getattr(target, "account_id", None)


is_own = policy.Check("own candidacy", _is_own, lambda actor: actor.is_known and actor.is_candidate)

PERMISSIONS: policy.Permissions = {
    "appeals.see": policy.any_of(
        policy.holds(
            Role.SECRETARY,
            Role.CHAIR,
            Role.AUTHORITY,
            Role.OVERSIGHT,
            Role.ORGANISER,
            Role.MASKING_BOARD,
            Role.COUNTER,
        ),
        doc="See the requests for review and where they stand.",
    ),
    "appeals.read": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR, Role.AUTHORITY, Role.OVERSIGHT),
        doc="Read a request, and the marks before and after once the review is marked.",
    ),
    "appeals.enter": policy.any_of(
        policy.holds(Role.COUNTER, Role.SECRETARY), doc="Enter a request that was handed in on paper."
    ),
    "appeals.answer": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR), doc="Admit a request or refuse it with the reason."
    ),
    "appeals.mask": policy.any_of(
        policy.holds(Role.MASKING_BOARD), doc="Mask a script anew for the review board."
    ),
    "appeals.decide": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR), doc="Record the decision of a review on its signed minute."
    ),
    "appeals.close": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR), doc="Close the reviews once all are decided."
    ),
    "appeals.own": policy.any_of(
        policy.all_of(policy.is_candidate, is_own), doc="Ask for a review of the own mark; see the answer."
    ),
}


def load_competition(session: Session, actor: Actor, public_id: str, permission: str) -> Competition:
    """Return the competition if the actor may do this in it, else NotFound."""
    found = session.scalar(select(Competition).where(Competition.public_id == public_id))
    if found is None:
        raise NotFound
    policy.authorise(actor, permission, found, view="competitions.view")
    return found


def load_request(
    session: Session, actor: Actor, competition_id: str, request_id: str, permission: str
) -> tuple[Competition, ReviewRequest]:
    """Return a request with its competition if the actor may do this with it, else NotFound."""
    competition = load_competition(session, actor, competition_id, permission)
    return competition, queries.request(session, competition, request_id)


def load_own(session: Session, actor: Actor, public_id: str) -> Candidate:
    """Return the actor's own candidacy, else NotFound."""
    candidate = session.scalar(select(Candidate).where(Candidate.public_id == public_id))
    if candidate is None:
        raise NotFound
    policy.authorise(actor, "appeals.own", candidate)
    return candidate


def load_own_request(session: Session, actor: Actor, public_id: str) -> tuple[Candidate, ReviewRequest]:
    """Return a request of the actor's own candidacy, else NotFound."""
    found = session.scalar(select(ReviewRequest).where(ReviewRequest.public_id == public_id))
    if found is None:
        raise NotFound
    candidate = session.get_one(Candidate, found.candidate_id)
    policy.authorise(actor, "appeals.own", candidate)
    return candidate, found


def candidate_of(session: Session, competition: Competition, public_id: str) -> Candidate:
    """Return a candidate of this competition, else NotFound."""
    found = session.scalar(
        select(Candidate).where(Candidate.public_id == public_id, Candidate.competition_id == competition.id)
    )
    if found is None:
        raise NotFound
    return found
