# SPDX-License-Identifier: Apache-2.0
"""The lock on a sitting's row, what is true under it, and the one leaf of each act.

Locking order of the slice: competition, sitting, attempt.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden, NotFound
from exam_portal.sittings import errors
from exam_portal.sittings.models import Hall, HallSide, Room, Sitting, SittingEvent, SittingEventKind
from scoring.verify.leaves import MILESTONES


def competition(session: Session, found: Competition) -> Competition:
    """Return the competition, its row locked."""
    session.execute(select(Competition.id).where(Competition.id == found.id).with_for_update())
    return found


def sitting(session: Session, found: Sitting) -> Sitting:
    """Return the sitting, its row locked and read afresh, if it is in the hands of this installation."""
    locked = session.get_one(Sitting, found.id, with_for_update=True, populate_existing=True)
    require_here(session, locked.id)
    return locked


def require_here(session: Session, sitting_id: int) -> None:
    """The sitting is not away in a hall; in a hall, its results have not been packed."""
    hall = session.execute(
        select(Hall.side, Hall.closed_at, Hall.merged_at).where(
            Hall.sitting_id == sitting_id, Hall.withdrawn_at.is_(None)
        )
    ).one_or_none()
    if hall is None:
        return
    if hall.side == HallSide.HOME and hall.merged_at is None:
        raise errors.InHall
    if hall.side == HallSide.HALL and hall.closed_at is not None:
        raise errors.HallClosed


def events(session: Session, sitting_id: int) -> list[SittingEvent]:
    """Return what happened in the sitting, in order."""
    query = select(SittingEvent).where(SittingEvent.sitting_id == sitting_id)
    return list(session.scalars(query.order_by(SittingEvent.at, SittingEvent.id)))


def happened(
    found: list[SittingEvent], kind: SittingEventKind, room_id: int | None = None
) -> SittingEvent | None:
    """Return the first such event that concerns the room (or, without one, everybody)."""
    return next((one for one in found if one.kind == kind and one.room_id in (None, room_id)), None)


def require_open(session: Session, found: Sitting, room_id: int | None = None) -> list[SittingEvent]:
    """Return the events of a sitting that has started there and not ended, else raise."""
    past = events(session, found.id)
    if happened(past, SittingEventKind.STARTED, room_id) is None:
        raise errors.NotStarted
    require_not_over(past, room_id)
    return past


def require_not_over(past: list[SittingEvent], room_id: int | None = None) -> None:
    """The sitting has neither ended nor been cancelled there."""
    for kind in (SittingEventKind.ENDED, SittingEventKind.CANCELLED):
        if happened(past, kind, room_id) is not None:
            raise errors.SittingOver


def note(
    session: Session,
    actor: Actor,
    now: datetime,
    found: Sitting,
    kind: SittingEventKind,
    *,
    room: Room | None = None,
    payload: Mapping[str, Any] | None = None,
) -> SittingEvent:
    """The event is among the facts of the sitting."""
    event = SittingEvent(
        sitting_id=found.id,
        room_id=room.id if room is not None else None,
        kind=kind.value,
        payload=dict(payload or {}),
        by=person(actor),
        at=now,
    )
    session.add(event)
    session.flush()
    return event


def person(actor: Actor) -> int:
    """Return the account that acts; nobody and the system hold no sitting."""
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def room_of(session: Session, found: Sitting, public_id: str | None) -> Room | None:
    """Return the room of the sitting's competition, None for all rooms."""
    if not public_id:
        return None
    room = session.scalar(
        select(Room).where(Room.public_id == public_id, Room.competition_id == found.competition_id)
    )
    if room is None:
        raise NotFound
    return room


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    found: Sitting,
    act: str,
    content: Mapping[str, Any],
    *,
    subject: str | None = None,
) -> None:
    """The act is in the competition's log: as the milestone of that name, or as an act of the sittings."""
    audit.record(
        session,
        actor,
        now,
        type=act if act in MILESTONES else f"sittings.{act}",
        content={"sitting": found.public_id, **content},
        competition_id=found.competition_id,
        subject=subject or found.public_id,
    )
