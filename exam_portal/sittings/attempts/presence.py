# SPDX-License-Identifier: Apache-2.0
"""When each screen last asked: remembered here, written every few seconds for all together.

What is lost when a process dies is a few seconds of it, never more; no rule and nobody's time depends on it.
"""

import dataclasses
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.sittings.models import Contact, ContactGap, ServerStart

EVERY_SECONDS = 5.0
AT_ONCE = 500
_log = structlog.get_logger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Sighting:
    """A screen asked at this instant, from this address, with what its browser could prove."""

    at: datetime
    address: str
    browser: str = ""


class Presence:
    """One for each process; safe across its threads."""

    def __init__(self, database: Database, silent_seconds: int) -> None:
        self._database = database
        self.silent = timedelta(seconds=silent_seconds)
        self._seen: dict[int, Sighting] = {}
        self._mutex = threading.Lock()
        self._due = 0.0
        self._has_begun = False

    def saw(self, attempt_id: int, sighting: Sighting) -> None:
        """The screen was seen; once in a few seconds everything seen is written, by whoever comes then."""
        with self._mutex:
            self._seen[attempt_id] = sighting
            if time.monotonic() < self._due:
                return
            self._due = time.monotonic() + EVERY_SECONDS
            seen, self._seen = self._seen, {}
        try:
            self._write(seen)
        except Exception:  # noqa: BLE001 - a screen gets its answer whether or not this could be written
            _log.warning("contacts_not_written", count=len(seen), exc_info=True)

    def _write(self, seen: Mapping[int, Sighting]) -> None:
        with self._database.reading() as session:
            before = _last_seen(session, list(seen))
            last = None if self._has_begun else _last_of_all(session, max(one.at for one in seen.values()))
        gaps = [
            {"attempt_id": key, "silent_from": before[key], "silent_until": one.at}
            for key, one in seen.items()
            if key in before and one.at - before[key] > self.silent
        ]
        rows = [
            {"attempt_id": key, "seen_at": one.at, "address": one.address, "browser": one.browser}
            for key, one in sorted(seen.items())  # in one order, whichever process writes
        ]
        with self._database.writing() as session:
            if not self._has_begun:
                first = min(one.at for one in seen.values())
                session.add(ServerStart(at=first, last_contact_at=last))
            if gaps:
                session.execute(insert(ContactGap), gaps)
            session.execute(_upsert(self._database.kind), rows)
        self._has_begun = True


def _upsert(kind: str) -> Any:
    made = (postgresql if kind == "postgresql" else sqlite).insert(Contact)
    new = made.excluded
    return made.on_conflict_do_update(
        index_elements=[Contact.attempt_id],
        set_={"seen_at": new.seen_at, "address": new.address, "browser": new.browser},
        where=Contact.seen_at <= new.seen_at,
    )


def _last_seen(session: Session, attempt_ids: Sequence[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for start in range(0, len(attempt_ids), AT_ONCE):
        some = attempt_ids[start : start + AT_ONCE]
        rows = session.execute(
            select(Contact.attempt_id, Contact.seen_at).where(Contact.attempt_id.in_(some))
        )
        found.update({row.attempt_id: row.seen_at for row in rows})
    return found


def _last_of_all(session: Session, now: datetime) -> datetime | None:
    """Return the last answer to any screen; a rehearsal's clock may run ahead, and is left out then."""
    return session.scalar(select(func.max(Contact.seen_at)).where(Contact.seen_at < now))
