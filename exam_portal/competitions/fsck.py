# SPDX-License-Identifier: Apache-2.0
"""An announced competition still says what its notice said: rules, posts, criteria and dates."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit.fsck import Difference, also
from exam_portal.competitions import notice
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind
from exam_portal.core.db import Session
from scoring.verify.canonical import sha256_of

FIXING = (MilestoneKind.ANNOUNCED, MilestoneKind.AMENDED)


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each announced competition whose rule set or notice is no longer the one that was announced."""
    last: dict[int, Milestone] = {}
    for milestone in session.scalars(
        select(Milestone).where(Milestone.kind.in_(FIXING)).order_by(Milestone.id)
    ):
        last[milestone.competition_id] = milestone
    for identity, milestone in last.items():
        competition = session.get_one(Competition, identity)
        if sha256_of(competition.ruleset) != competition.ruleset_hash:
            yield Difference(where="competitions", code="ruleset", place=competition.public_id)
        if notice.hash_of(competition) != milestone.payload["notice"]:
            yield Difference(where="competitions", code="notice", place=competition.public_id)
