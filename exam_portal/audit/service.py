# SPDX-License-Identifier: Apache-2.0
"""Writing into the record: one leaf for each act, in the act's own transaction."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scoring.verify.canonical import canonical_bytes
from sqlalchemy import func, select

from exam_portal.audit import tree
from exam_portal.audit.models import Leaf, Log
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session

COMMIT_DOMAIN = b"exam/commit/v1"


def commitment(salt: bytes, content: Mapping[str, Any]) -> bytes:
    """Return SHA-256 over domain, 32 random bytes and the canonical content (integrity 2.2)."""
    return hashlib.sha256(COMMIT_DOMAIN + salt + canonical_bytes(dict(content))).digest()


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    type: str,
    content: Mapping[str, Any],
    competition_id: int | None = None,
    subject: str | None = None,
) -> Leaf:
    """The act is in the record of its competition (or of the installation), in this transaction.

    ``content`` holds ids, codes, hashes and decimal strings; never a name, an answer or a contact.
    """
    log = log_of(session, now, competition_id)
    salt = secrets.token_bytes(32)
    leaf = Leaf(
        log_id=log.id,
        type=type,
        at=now,
        actor_id=actor.account_id,
        subject=subject,
        content=dict(content),
        salt=salt,
        commitment=commitment(salt, content),
        index=None,
    )
    session.add(leaf)
    session.flush()
    if session.get_bind().dialect.name == "sqlite":  # the single writer gives the order at once
        tree.sequence(session, log.id)
    return leaf


def log_of(session: Session, now: datetime, competition_id: int | None) -> Log:
    """Return the log of the competition (or of the installation), opened on first use."""
    condition = (
        Log.competition_id.is_(None) if competition_id is None else Log.competition_id == competition_id
    )
    log = session.scalar(select(Log).where(condition))
    if log is None:
        number = session.scalar(select(func.count()).select_from(Log)) or 0
        log = Log(
            competition_id=competition_id,
            origin=f"exam-portal/{number}-{secrets.token_hex(8)}",
            created_at=now,
        )
        session.add(log)
        session.flush()
    return log
