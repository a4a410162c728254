# SPDX-License-Identifier: Apache-2.0
"""Where all running journals stand, as one leaf of the log: the root of a tree over their heads."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import SYSTEM
from exam_portal.core.db import Session
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt, Sitting
from scoring.verify import merkle


def record_heads(session: Session, now: datetime, *, sitting: Sitting) -> int:
    """The heads of the sitting's running attempts are in the record; return of how many."""
    found = select(Attempt.public_id, Attempt.seq, Attempt.head).where(
        Attempt.sitting_id == sitting.id, Attempt.state.in_(RUNNING)
    )
    rows = session.execute(found.order_by(Attempt.public_id)).all()
    if not rows:
        return 0
    leaves = [row.public_id.encode() + row.seq.to_bytes(4, "big") + row.head for row in rows]
    root = merkle.merkle_root([merkle.leaf_hash(leaf) for leaf in leaves]).hex()
    audit.record(
        session,
        SYSTEM,
        now,
        type="heads",
        content={"sitting": sitting.public_id, "count": len(leaves), "root": root},
        competition_id=sitting.competition_id,
        subject=sitting.public_id,
    )
    return len(leaves)
