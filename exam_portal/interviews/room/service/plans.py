# SPDX-License-Identifier: Apache-2.0
"""Planning the room before its first hearing."""

from datetime import datetime

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.room import errors, planning, queries
from exam_portal.interviews.room.models import RoomPlan
from exam_portal.interviews.room.planning import Plan
from exam_portal.interviews.service import common


def plan_room(session: Session, actor: Actor, now: datetime, *, panel: PanelSession, plan: Plan) -> RoomPlan:
    """The minutes hold for every hearing of the panel; refused once one has begun."""
    panel = common.locked(session, panel)
    if queries.has_begun(session, panel.id):
        raise errors.PlanFixed
    _, part, _ = common.rules(session, panel)
    content = planning.checked(part, plan).as_dict()
    last = queries.last_plan(session, panel.id)
    made = RoomPlan(
        panel_id=panel.id,
        version=last.version + 1 if last is not None else 1,
        content=content,
        by=common.account(actor),
        at=now,
    )
    session.add(made)
    session.flush()
    facts = {"version": made.version, "phases": content["phases"]}
    common.record(session, actor, now, panel, "interviews.room_planned", facts)
    return made
