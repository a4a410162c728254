# SPDX-License-Identifier: Apache-2.0
"""Signed-in browsers in the database: the store behind ``web.session``."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from exam_portal.accounts.models import Account, WebSession
from exam_portal.core.db import Session


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """One signed-in browser."""

    id: int
    account_id: int
    last_seen_at: datetime
    expires_at: datetime


def find(session: Session, token_hash: bytes) -> StoredSession | None:
    """Return the session of this token unless it has been ended or its account disabled."""
    row = session.execute(
        select(WebSession.id, WebSession.account_id, WebSession.last_seen_at, WebSession.expires_at)
        .join(Account, Account.id == WebSession.account_id)
        .where(
            WebSession.token_hash == token_hash, WebSession.ended_at.is_(None), Account.disabled_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return StoredSession(
        id=row.id, account_id=row.account_id, last_seen_at=row.last_seen_at, expires_at=row.expires_at
    )


def start(
    session: Session,
    *,
    token_hash: bytes,
    account_id: int,
    user_agent: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """A new session exists."""
    session.add(
        WebSession(
            token_hash=token_hash,
            account_id=account_id,
            user_agent=user_agent,
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
        )
    )


def touch(session: Session, session_id: int, now: datetime) -> None:
    """The session was seen now."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(last_seen_at=now))


def end(session: Session, session_id: int, now: datetime) -> None:
    """The session is over; ending it twice keeps the first instant."""
    session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: Session, account_id: int, now: datetime, *, except_id: int | None = None) -> None:
    """Every session of the account is over, except the one named."""
    statement = update(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
    if except_id is not None:
        statement = statement.where(WebSession.id != except_id)
    session.execute(statement.values(ended_at=now))


def of_account(session: Session, account_id: int, now: datetime) -> Sequence[WebSession]:
    """Return the sessions that still count, the latest first."""
    return session.scalars(
        select(WebSession)
        .where(
            WebSession.account_id == account_id, WebSession.ended_at.is_(None), WebSession.expires_at > now
        )
        .order_by(WebSession.last_seen_at.desc(), WebSession.id.desc())
    ).all()
