# SPDX-License-Identifier: Apache-2.0
"""Lifting the masks of a part: after the lock, by the mask keeper before a second person."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import queries as marking
from exam_portal.results import errors
from exam_portal.results.models import Unmasking
from exam_portal.sittings import masking

CONTEXT = "results.unmasking"
MARKING = masking.MARKING


def unmask(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    purpose: str = MARKING,
    witnessed_by: int,
) -> Unmasking:
    """Scripts have candidates again; the mapping is sealed under a key of the results.

    The marking of a part is a milestone of the competition; a review's unmasking is a leaf of its own.
    """
    session.execute(select(Competition.id).where(Competition.id == competition.id).with_for_update())
    if not marking.is_locked(session, competition.id, part, purpose):
        raise errors.MarksNotLocked
    if witnessed_by == actor.account_id or actor.account_id is None:
        raise errors.SamePerson
    if purpose in unmasked_purposes(session, competition.id, part):
        raise errors.AlreadyUnmasked
    mapping = masking.mapping(session, competition.id, part, purpose)
    key_id = session.keys.create()
    lifted = Unmasking(
        competition_id=competition.id,
        part=part,
        purpose=purpose,
        mapping=session.keys.seal(key_id, json.dumps(mapping).encode(), CONTEXT),
        key_id=key_id,
        scripts=len(mapping),
        witnessed_by=witnessed_by,
        by=actor.account_id,
        at=now,
    )
    session.add(lifted)
    session.flush()
    _tell(session, actor, now, competition, lifted)
    return lifted


def unmasked_purposes(session: Session, competition_id: int, part: str) -> Sequence[str]:
    """Return the purposes whose masks have been lifted, the marking first."""
    rows = session.scalars(
        select(Unmasking.purpose)
        .where(Unmasking.competition_id == competition_id, Unmasking.part == part)
        .order_by(Unmasking.id)
    )
    return rows.all()


def opened(session: Session, competition_id: int, part: str, purpose: str) -> dict[int, int]:
    """Return masked script id -> candidate id of an unmasked part."""
    lifted = session.scalar(
        select(Unmasking).where(
            Unmasking.competition_id == competition_id,
            Unmasking.part == part,
            Unmasking.purpose == purpose,
        )
    )
    if lifted is None:
        raise NotFound
    plain: dict[str, int] = json.loads(session.keys.open(lifted.key_id, lifted.mapping, CONTEXT))
    return {int(masked_id): candidate_id for masked_id, candidate_id in plain.items()}


def _tell(session: Session, actor: Actor, now: datetime, competition: Competition, lifted: Unmasking) -> None:
    payload: dict[str, Any] = {"part": lifted.part, "purpose": lifted.purpose, "scripts": lifted.scripts}
    if lifted.purpose != MARKING:
        audit.record(
            session,
            actor,
            now,
            type="unblind",
            competition_id=competition.id,
            subject=competition.public_id,
            content=payload,
        )
        return
    reached = MilestoneKind.MARKS_LOCKED
    competitions.reach(session, actor, now, competition, reached, occurrence=lifted.part, payload=payload)
    competitions.reach(
        session, actor, now, competition, MilestoneKind.UNMASKED, occurrence=lifted.part, payload=payload
    )
