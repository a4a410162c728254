# SPDX-License-Identifier: Apache-2.0
"""Reads of the clock: how long each room still has, and what time was given."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.attempts import projection
from exam_portal.sittings.attempts.schedule import Schedule
from exam_portal.sittings.models import PaperTurn, Room, Seat, Sitting, TimeGrant
from exam_portal.sittings.queries import planned, seating
from exam_portal.sittings.queries.seating import RoomTally


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """Where a room of a sitting stands."""

    tally: RoomTally
    state: str  # planned | running | paused | ended | cancelled
    started_at: datetime | None
    closes_at: datetime | None
    remaining_seconds: int | None

    @property
    def room(self) -> Room:
        """The room."""
        return self.tally.room


def room_states(session: Session, sitting: Sitting, now: datetime) -> list[RoomState]:
    """Return where each room stands, with the time left to a candidate without time of the own."""
    facts = projection.clock_of(session, sitting)
    return [_room_state(facts, tally, now) for tally in seating.tallies(session, sitting)]


def timing_facts(session: Session, seat: Seat) -> Schedule | None:
    """Return all that bears on a candidate's time, as the one function of the rules takes it."""
    return projection.clock_of(session, seat.sitting).schedule(seat.id, seat.room_id)


def grants(session: Session, sitting: Sitting) -> Sequence[TimeGrant]:
    """Return the time given in the sitting, the latest first."""
    query = select(TimeGrant).where(TimeGrant.sitting_id == sitting.id).order_by(TimeGrant.id.desc())
    return session.scalars(query).all()


def paper_turns(session: Session, sitting: Sitting) -> Sequence[PaperTurn]:
    """Return who went on on paper, or is to, the latest first."""
    query = select(PaperTurn).where(PaperTurn.sitting_id == sitting.id).order_by(PaperTurn.id.desc())
    return session.scalars(query).all()


def _room_state(facts: projection.SittingFacts, tally: RoomTally, now: datetime) -> RoomState:
    schedule = facts.schedule(0, tally.room.id)
    found = planned.state(facts.events, tally.room.id)
    runs = schedule is not None and found in {"running", "paused"}
    return RoomState(
        tally=tally,
        state=found,
        started_at=schedule.plan.opens_at if schedule else None,
        closes_at=schedule.closes_at if schedule else None,
        remaining_seconds=int(schedule.remaining(now).total_seconds()) if schedule and runs else None,
    )
