# SPDX-License-Identifier: Apache-2.0
"""Who may open an attempt: the candidate whose it is, or the device that proves that it holds it."""

from typing import Any

from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.sittings.attempts import queries
from exam_portal.sittings.attempts.queries import AttemptPlace
from exam_portal.web import policy


def _is_own(actor: Actor, target: Any) -> bool:
    return target is not None and actor.account_id == target.account_id


is_own = policy.Check("own attempt", _is_own, lambda actor: actor.is_known and actor.is_candidate)

PERMISSIONS: policy.Permissions = {
    "sittings.sit": policy.any_of(
        policy.all_of(policy.is_candidate, is_own), doc="Open the own attempt: waiting room, paper, receipt."
    ),
    "sittings.answer": policy.by_proof(
        "a signed sitting token",
        doc="Save answers, ask for the state and hand in, from the device in charge.",
    ),
    "sittings.move_attempt": policy.any_of(
        policy.holds(Role.INVIGILATOR), doc="Give an attempt to another device."
    ),
}


def attempt_for(session: Session, actor: Actor, public_id: str, permission: str) -> AttemptPlace:
    """Return the attempt if the actor may do this with it; otherwise it does not exist for the actor."""
    place = queries.place_of(session, public_id)
    if place is None:
        raise NotFound
    policy.authorise(actor, permission, place)
    return place
