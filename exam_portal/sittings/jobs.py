# SPDX-License-Identifier: Apache-2.0
"""Work behind the pages: expired attempts are sealed, heads of journals recorded, letters written.

No rule depends on it: what an attempt may still do follows from instants (``scoring.timing``).
"""

from datetime import datetime

import structlog
from sqlalchemy import select

from exam_portal.competitions import rehearsals
from exam_portal.competitions.models import Competition
from exam_portal.core.database import Database
from exam_portal.core.jobs import every
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.sittings import letters
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt, Sitting

__all__ = ["letters", "record_heads", "seal_expired"]

SEAL_SECONDS = 20.0
UNREADABLE = (JournalBroken, SealBroken, KeyErased)
log = structlog.get_logger(__name__)


@every(lambda _settings: SEAL_SECONDS, "sittings.seal")
def seal_expired(database: Database, now: datetime) -> None:
    """Attempts whose time and grace are over are sealed, each by itself, so that nobody waits for long."""
    for sitting_id, own_now in _running(database, now):
        with database.reading() as session:
            due = attempts.expired(session, sitting_id, own_now)
        for attempt_id in due:
            try:
                _seal(database, own_now, attempt_id)
            except UNREADABLE:  # it keeps nobody else waiting; fsck names it, people decide
                log.exception("attempt_not_sealed", attempt=attempt_id)


def _seal(database: Database, own_now: datetime, attempt_id: int) -> None:
    with database.reading() as session:
        replayed = attempts.replay(session, session.get_one(Attempt, attempt_id))
    with database.writing() as session:
        attempt = session.get_one(Attempt, attempt_id)
        attempts.seal_expired(session, own_now, attempt=attempt, replayed=replayed)


@every(lambda settings: settings.sittings.heads_seconds, "sittings.heads")
def record_heads(database: Database, now: datetime) -> None:
    """Where every running journal stands is in the record."""
    for sitting_id, own_now in _running(database, now):
        with database.writing() as session:
            attempts.record_heads(session, own_now, sitting=session.get_one(Sitting, sitting_id))


def _running(database: Database, now: datetime) -> list[tuple[int, datetime]]:
    """Return the sittings with attempts under way, each with the instant on its own clock."""
    with database.reading() as session:
        rows = session.execute(
            select(Sitting.id, Competition)
            .join(Competition, Competition.id == Sitting.competition_id)
            .where(Sitting.id.in_(select(Attempt.sitting_id).where(Attempt.state.in_(RUNNING))))
        ).all()
        ahead = rehearsals.clock_offset
        return [(sitting_id, now + ahead(database.settings, competition)) for sitting_id, competition in rows]
