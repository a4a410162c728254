# SPDX-License-Identifier: Apache-2.0
"""What came too late is kept with its evidence for people to decide; it never enters the journal itself."""

import hashlib
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from exam_portal.core.database import Database
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.attempts.tokens import SittingToken
from exam_portal.sittings.attempts.wire import SCHEMA, Batch
from exam_portal.sittings.models import LateEvent

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
    body_hash = hashlib.sha256(token.attempt.encode() + body).digest()
    sealed = database.keys.seal(token.key_id, body, CONTEXT.format(token.attempt))
    dialect = postgresql if database.kind == "postgresql" else sqlite
    late = dialect.insert(LateEvent).values(
        attempt_id=token.attempt_id,
        lease=token.lease,
        body=sealed,
        body_hash=body_hash,
        closed_at=closed_at,
        received_at=now,
    )
    with database.writing() as session:
        session.execute(late.on_conflict_do_nothing(index_elements=["body_hash"]))
