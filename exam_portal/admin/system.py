# SPDX-License-Identifier: Apache-2.0
"""How the installation stands: what waits to be sent, how far the record is sequenced, how much there is."""

import dataclasses
from datetime import datetime

from sqlalchemy import func, select

from exam_portal.accounts.models import Account, AccountKind, WebSession
from exam_portal.audit import queries as record
from exam_portal.audit.models import Leaf
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Figures at a glance."""

    database: str
    waiting: int
    oldest_seconds: int
    given_up: int
    leaves: int
    unsequenced_since: datetime | None
    last_head: datetime | None
    competitions: int
    staff: int
    candidates: int
    signed_in: int
    is_demonstration: bool


def of(session: Session, settings: Settings, now: datetime) -> State:
    """Return how the installation stands at this moment."""
    health = outbox.health(session, now, max_attempts=settings.jobs.max_attempts)
    kinds = dict(session.execute(select(Account.kind, func.count()).group_by(Account.kind)).all())
    return State(
        database="SQLite" if settings.is_embedded else "PostgreSQL",
        waiting=health.waiting,
        oldest_seconds=round(health.oldest_seconds),
        given_up=len(health.poisoned),
        leaves=session.scalar(select(func.count()).select_from(Leaf)) or 0,
        unsequenced_since=record.oldest_waiting(session),
        last_head=record.last_head(session),
        competitions=session.scalar(select(func.count()).select_from(Competition)) or 0,
        staff=kinds.get(AccountKind.STAFF.value, 0),
        candidates=kinds.get(AccountKind.CANDIDATE.value, 0),
        signed_in=session.scalar(
            select(func.count()).where(
                WebSession.ended_at.is_(None),
                WebSession.expires_at > now,
                WebSession.account_id.is_not(None),
            )
        )
        or 0,
        is_demonstration=settings.instance.demonstration,
    )
