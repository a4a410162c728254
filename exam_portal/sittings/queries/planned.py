# SPDX-License-Identifier: Apache-2.0
"""Reads of the plan: rooms, sittings, and where each of them stands."""

import dataclasses
from collections.abc import Sequence

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.sittings.models import Room, Seat, Sitting, SittingEvent, SittingEventKind


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SittingEntry:
    """A sitting with where it stands (``state``), for lists."""

    sitting: Sitting
    seats: int
    state: str


def rooms(session: Session, competition_id: int) -> Sequence[Room]:
    """Return the rooms of a competition by name."""
    return session.scalars(
        select(Room).where(Room.competition_id == competition_id).order_by(Room.name)
    ).all()


def rooms_of(session: Session, sitting: Sitting) -> Sequence[Room]:
    """Return the rooms in which somebody sits, by name."""
    used = select(Seat.room_id).where(Seat.sitting_id == sitting.id)
    return session.scalars(select(Room).where(Room.id.in_(used)).order_by(Room.name)).all()


def sittings(session: Session, competition_id: int) -> list[SittingEntry]:
    """Return the sittings in the order of their times: two queries, whatever their number."""
    rows = session.execute(
        select(Sitting, func.count(Seat.id))
        .outerjoin(Seat, Seat.sitting_id == Sitting.id)
        .where(Sitting.competition_id == competition_id)
        .group_by(Sitting.id)
        .order_by(Sitting.starts_at, Sitting.id)
    ).all()
    events = _events(session, [sitting.id for sitting, _ in rows])
    return [
        SittingEntry(sitting=sitting, seats=count, state=state(events.get(sitting.id, ())))
        for sitting, count in rows
    ]


def state(events: Sequence[SittingEvent], room_id: int | None = None) -> str:
    """Return where a room stands (or all of them): planned | running | paused | ended | cancelled."""
    own = [event for event in events if room_id is None or event.room_id in (None, room_id)]
    kinds = {event.kind for event in own}
    over = {event.kind for event in own if event.room_id in (None, room_id)}  # one room is not all
    for kind in (SittingEventKind.CANCELLED, SittingEventKind.ENDED):
        if kind in over:
            return kind.value
    if SittingEventKind.STARTED not in kinds:
        return "planned"
    clock = [e.kind for e in own if e.kind in {SittingEventKind.PAUSED, SittingEventKind.RESUMED}]
    return "paused" if clock and clock[-1] == SittingEventKind.PAUSED else "running"


def events_of(session: Session, sitting: Sitting) -> Sequence[SittingEvent]:
    """Return what happened in the sitting, in order."""
    return _events(session, [sitting.id]).get(sitting.id, ())


def _events(session: Session, sitting_ids: Sequence[int]) -> dict[int, list[SittingEvent]]:
    found: dict[int, list[SittingEvent]] = {}
    query = select(SittingEvent).where(SittingEvent.sitting_id.in_(sitting_ids))
    for event in session.scalars(query.order_by(SittingEvent.at, SittingEvent.id)):
        found.setdefault(event.sitting_id, []).append(event)
    return found
