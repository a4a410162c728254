# SPDX-License-Identifier: Apache-2.0
"""Work behind the pages: expired attempts sealed, tests marked, heads of journals recorded, letters written.

No rule depends on it: what an attempt may still do follows from instants (``scoring.timing``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Row, select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rehearsals
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.jobs import every
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.sittings import letters
from exam_portal.sittings.attempts import late
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.away import over_their_end
from exam_portal.sittings.attempts.errors import JournalBroken, NotATest, StillRunning
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt, Sitting
from exam_portal.sittings.service import collecting, locking

__all__ = ["letters", "mark_tests", "record_heads", "seal_expired"]

SEAL_SECONDS = 20.0
SEALED_TOGETHER = 20
UNREADABLE = (JournalBroken, SealBroken, KeyErased)
log = structlog.get_logger(__name__)


@every(lambda _settings: SEAL_SECONDS, "sittings.seal")
def seal_expired(database: Database, now: datetime) -> None:
    """Attempts whose time and grace are over are sealed, a few at a time, so that nobody waits for long.

    Whoever was cut off over the end waits for the offline window, in which that time can be given back.
    """
    for sitting_id, own_now in _running(database, now):
        with database.reading() as session:
            over = session.scalars(
                select(Attempt).where(Attempt.id.in_(attempts.expired(session, sitting_id, own_now)))
            ).all()
            silent = timedelta(seconds=database.settings.sittings.silent_seconds)
            away = over_their_end(session, over, own_now, silent)
            due = sorted(one.id for one in over if one.id not in away)
        for start in range(0, len(due), SEALED_TOGETHER):
            _seal(database, own_now, due[start : start + SEALED_TOGETHER])


def _seal(database: Database, own_now: datetime, attempt_ids: Sequence[int]) -> None:
    """Seal together; where one of them cannot be read, each by itself."""
    try:
        with database.reading() as session:
            found = [session.get_one(Attempt, attempt_id) for attempt_id in attempt_ids]
            replayed = [attempts.replay(session, attempt) for attempt in found]
        with database.writing() as session:
            attempts.seal_expired(session, own_now, replayed)
    except UNREADABLE:  # it keeps nobody else waiting; fsck names it, people decide
        if len(attempt_ids) == 1:
            log.exception("attempt_not_sealed", attempt=attempt_ids[0])
            return
        for attempt_id in attempt_ids:
            _seal(database, own_now, [attempt_id])


@every(lambda _settings: SEAL_SECONDS, "sittings.mark")
def mark_tests(database: Database, now: datetime) -> None:
    """Tests that ended are marked by their key once no late answer can come, and all are ruled on."""
    with database.reading() as session:
        due = [
            (sitting.id, own_now)
            for sitting, competition in _unmarked(session)
            if competitions.ruleset(competition).part(sitting.part).kind == "test"
            and collecting.is_over(session, sitting, locking.events(session, sitting.id))
            and late.is_final(session, sitting, own_now := _clock(database, competition, now))
        ]
    for sitting_id, own_now in due:
        try:
            _mark(database, own_now, sitting_id)
        except (*UNREADABLE, StillRunning, NotATest):
            log.exception("tests_not_marked", sitting=sitting_id)


def _mark(database: Database, own_now: datetime, sitting_id: int) -> None:
    with database.reading() as session:
        computed = attempts.compute_marks(session, session.get_one(Sitting, sitting_id))
    with database.writing() as session:
        sitting = session.get_one(Sitting, sitting_id)
        attempts.mark_tests(session, SYSTEM, own_now, sitting=sitting, computed=computed)


def _unmarked(session: Session) -> Sequence[Row[Sitting, Competition]]:
    """Return the sittings with sealed attempts that are neither marked nor masked nor void."""
    sealed = select(Attempt.sitting_id).where(Attempt.state == "submitted", ~late.is_counted())
    return session.execute(
        select(Sitting, Competition)
        .join(Competition, Competition.id == Sitting.competition_id)
        .where(Sitting.id.in_(sealed))
    ).all()


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
        return [(sitting_id, _clock(database, competition, now)) for sitting_id, competition in rows]


def _clock(database: Database, competition: Competition, now: datetime) -> datetime:
    """Return the instant on the competition's own clock."""
    return now + rehearsals.clock_offset(database.settings, competition)
