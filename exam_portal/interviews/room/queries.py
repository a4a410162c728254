# SPDX-License-Identifier: Apache-2.0
"""Reads of the room: the plan that holds, and what was recorded of each hearing."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.interviews.models import Hearing, HearingEvent
from exam_portal.interviews.room import planning, timing
from exam_portal.interviews.room.models import PhaseEvent, RoomPlan
from exam_portal.interviews.room.planning import Plan
from exam_portal.interviews.room.timing import Fact, FactKind, PhaseKey, PhaseTime
from scoring.ruleset import Part


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OnAir:
    """A phase that is on now, and the place of its hearing in the order of the lots."""

    order_no: int
    phase: PhaseTime


def plan(session: Session, panel_id: int, part: Part) -> Plan:
    """Return the plan that holds: the last one made, else what follows from the rules."""
    row = last_plan(session, panel_id)
    return planning.read(row.content) if row is not None else planning.default(part)


def last_plan(session: Session, panel_id: int) -> RoomPlan | None:
    """Return the last plan of the panel."""
    query = select(RoomPlan).where(RoomPlan.panel_id == panel_id).order_by(RoomPlan.version.desc())
    return session.scalar(query.limit(1))


def has_begun(session: Session, panel_id: int) -> bool:
    """Whether any hearing of the panel has begun, or any phase of one."""
    opened = (
        select(HearingEvent.id)
        .join(Hearing, Hearing.id == HearingEvent.hearing_id)
        .where(Hearing.panel_id == panel_id, HearingEvent.kind == "opened")
    )
    return session.scalar(opened.limit(1)) is not None or bool(_rows(session, panel_id))


def facts(session: Session, panel_id: int) -> dict[int, list[Fact]]:
    """Return what was recorded of each hearing of the panel, by the hearing's id: one query."""
    found: dict[int, list[Fact]] = {}
    for row in _rows(session, panel_id):
        found.setdefault(row.hearing_id, []).append(_fact(row))
    return found


def facts_of(session: Session, hearing_id: int) -> list[Fact]:
    """Return what was recorded of one hearing, in order."""
    query = select(PhaseEvent).where(PhaseEvent.hearing_id == hearing_id).order_by(PhaseEvent.place)
    return [_fact(row) for row in session.scalars(query)]


def next_place(session: Session, hearing_id: int) -> int:
    """Return the place of the next fact of a hearing."""
    last = session.scalar(select(func.max(PhaseEvent.place)).where(PhaseEvent.hearing_id == hearing_id))
    return (last or 0) + 1


def current(session: Session, panel_id: int, part: Part, hearing_id: int, now: datetime) -> PhaseTime | None:
    """Return the phase of a hearing that has begun and not ended."""
    planned = plan(session, panel_id, part)
    return timing.current(timing.times(planned.phases, facts_of(session, hearing_id), now))


def on_air(session: Session, panel_id: int, part: Part, now: datetime) -> list[OnAir]:
    """Return the phases that are on, the candidate who is heard before one who prepares."""
    recorded = facts(session, panel_id)
    planned = plan(session, panel_id, part)
    query = select(Hearing.id, Hearing.order_no).where(Hearing.id.in_(recorded))
    numbers = dict(session.execute(query).all()) if recorded else {}
    found = [
        OnAir(order_no=numbers[hearing_id], phase=phase)
        for hearing_id, rows in recorded.items()
        if (phase := timing.current(timing.times(planned.phases, rows, now))) is not None
    ]
    return sorted(found, key=lambda one: (one.phase.key is PhaseKey.PREPARATION, one.order_no))


def _rows(session: Session, panel_id: int) -> Sequence[PhaseEvent]:
    return session.scalars(
        select(PhaseEvent)
        .join(Hearing, Hearing.id == PhaseEvent.hearing_id)
        .where(Hearing.panel_id == panel_id)
        .order_by(PhaseEvent.hearing_id, PhaseEvent.place)
    ).all()


def _fact(row: PhaseEvent) -> Fact:
    return Fact(phase=PhaseKey(row.phase), kind=FactKind(row.kind), at=row.at, reason=row.reason)
