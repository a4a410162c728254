# SPDX-License-Identifier: Apache-2.0
"""The lock on a competition's row, and what is true under it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf
from exam_portal.competitions import milestones
from exam_portal.competitions.errors import CodeTaken, NotADraft
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden


def lock(session: Session, competition: Competition) -> list[tuple[MilestoneKind, str]]:
    """The competition's row is locked and read afresh; what it has reached is returned, in order."""
    session.refresh(competition, with_for_update=True)
    return reached(session, competition.id)


def reached(session: Session, competition_id: int) -> list[tuple[MilestoneKind, str]]:
    """Return the milestones of a competition in the order in which they were reached."""
    rows = session.execute(
        select(Milestone.kind, Milestone.occurrence)
        .where(Milestone.competition_id == competition_id)
        .order_by(Milestone.id)
    )
    return [(MilestoneKind(kind), occurrence) for kind, occurrence in rows]


def require_draft(session: Session, competition: Competition) -> None:
    """The competition is locked and still a draft, or NotADraft says where it stands."""
    found = lock(session, competition)
    if not milestones.in_draft(found):
        raise NotADraft(milestones.state(found))


def add_unique(session: Session, row: object) -> None:
    """The row is stored, or CodeTaken is raised: its code is in use beside it."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as problem:
        raise CodeTaken from problem


def flush_unique(session: Session) -> None:
    """What was changed is stored, or CodeTaken is raised."""
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as problem:
        raise CodeTaken from problem


def person(actor: Actor) -> int:
    """Return the account that acts; nobody and the system hold no competition."""
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    act: str,
    content: Mapping[str, Any],
    *,
    subject: str | None = None,
) -> Leaf:
    """The act is in the competition's log."""
    return audit.record(
        session,
        actor,
        now,
        type=f"competitions.{act}",
        content=content,
        competition_id=competition.id,
        subject=subject or competition.public_id,
    )
