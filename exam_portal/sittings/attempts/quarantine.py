# SPDX-License-Identifier: Apache-2.0
"""What came too late is kept with its evidence for people to decide; it never enters the journal itself."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.keystore import SealBroken
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.attempts.tokens import SittingToken
from exam_portal.sittings.attempts.wire import SCHEMA, Batch
from exam_portal.sittings.models import Attempt, LateEvent

CONTEXT = "late/{}"


def keep(
    database: Database, token: SittingToken, batch: Batch, *, closed_at: datetime, now: datetime
) -> None:
    """The batch is in quarantine, once, however often it is sent."""
    body = exact_bytes(
        {
            "_": SCHEMA,
            "lease": batch.lease,
            "seq": batch.seq,
            "head": batch.head.hex(),
            "events": list(batch.events),
        }
    )
    sealed = database.keys.seal(token.key_id, body, CONTEXT.format(token.attempt))
    dialect = postgresql if database.kind == "postgresql" else sqlite
    late = dialect.insert(LateEvent).values(
        attempt_id=token.attempt_id,
        lease=token.lease,
        body=sealed,
        body_hash=_hash(token.attempt, body),
        closed_at=closed_at,
        received_at=now,
    )
    with database.writing() as session:
        session.execute(late.on_conflict_do_nothing(index_elements=["body_hash"]))


def events_of(session: Session, attempt: Attempt, late: LateEvent) -> list[Mapping[str, Any]]:
    """Return the events of a late batch; JournalBroken where it is not the one that came."""
    events: list[Mapping[str, Any]] = json.loads(body_of(session, attempt, late))["events"]
    return events


def body_of(session: Session, attempt: Attempt, late: LateEvent) -> bytes:
    """Return the batch as it was kept; JournalBroken where it is not the one that came."""
    try:
        body = session.keys.open(attempt.key_id, late.body, CONTEXT.format(attempt.public_id))
    except SealBroken as problem:
        raise JournalBroken(f"a late batch of attempt {attempt.public_id} cannot be opened") from problem
    if _hash(attempt.public_id, body) != late.body_hash:
        raise JournalBroken(f"a late batch of attempt {attempt.public_id} is not the one that came")
    return body


def row_of(
    session: Session, attempt: Attempt, body: bytes, *, lease: str, closed_at: datetime, received_at: datetime
) -> LateEvent:
    """Return the row of a batch that was kept elsewhere, sealed under the person's key here."""
    return LateEvent(
        attempt_id=attempt.id,
        lease=lease,
        body=session.keys.seal(attempt.key_id, body, CONTEXT.format(attempt.public_id)),
        body_hash=_hash(attempt.public_id, body),
        closed_at=closed_at,
        received_at=received_at,
    )


def _hash(attempt: str, body: bytes) -> bytes:
    return hashlib.sha256(attempt.encode() + body).digest()
