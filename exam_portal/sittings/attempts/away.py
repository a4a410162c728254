# SPDX-License-Identifier: Apache-2.0
"""Attempts whose screen could not reach the server when their time ended: an outage there can be given back.

What is sealed cannot be given time. So who was silent over the own closing is sealed by nobody's clock before
the offline window is over; until then two people may credit the outage, and the attempt goes on.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.attempts import projection
from exam_portal.sittings.models import Attempt, Contact, ContactGap, Seat, Sitting

AT_ONCE = 500


def over_their_end(
    session: Session, attempts: Collection[Attempt], now: datetime, silent: timedelta
) -> set[int]:
    """Return the ids of those that wait: silent over their closing, and their offline window still open."""
    closed = {one.id: one.closes_at for one in attempts if one.closes_at is not None}
    silences = _silences(session, list(closed))
    away = {
        key
        for key, closes_at in closed.items()
        if any(begins + silent < closes_at < (ends or now) for begins, ends in silences.get(key, ()))
    }
    if not away:
        return set()
    waiting = [one for one in attempts if one.id in away]
    clocks = {
        key: projection.clock_of(session, session.get_one(Sitting, key))
        for key in {one.sitting_id for one in waiting}
    }
    seats = select(Seat.id, Seat.room_id).where(Seat.id.in_([one.seat_id for one in waiting]))
    rooms = dict(session.execute(seats).all())
    schedules = {one.id: clocks[one.sitting_id].schedule(one.seat_id, rooms[one.seat_id]) for one in waiting}
    return {key for key, found in schedules.items() if found is not None and now <= found.quarantines_until}


def _silences(session: Session, attempt_ids: list[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """Return when each screen was not heard of: the gaps that ended, and (until None) since it last asked."""
    found: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for start in range(0, len(attempt_ids), AT_ONCE):
        some = attempt_ids[start : start + AT_ONCE]
        seen = select(Contact.attempt_id, Contact.seen_at).where(Contact.attempt_id.in_(some))
        for attempt_id, seen_at in session.execute(seen):
            found.setdefault(attempt_id, []).append((seen_at, None))
        gaps = select(ContactGap.attempt_id, ContactGap.silent_from, ContactGap.silent_until)
        for attempt_id, begins, ends in session.execute(gaps.where(ContactGap.attempt_id.in_(some))):
            found.setdefault(attempt_id, []).append((begins, ends))
    return found
