# SPDX-License-Identifier: Apache-2.0
"""The time of a hearing is kept: each phase started, paused for a reason, resumed, ended by a person."""

from datetime import datetime
from typing import Any

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import errors as panel_errors
from exam_portal.interviews import queries as panels
from exam_portal.interviews.models import Hearing, Occasion, PanelSession
from exam_portal.interviews.room import drawing, errors, queries, timing
from exam_portal.interviews.room.models import PhaseEvent
from exam_portal.interviews.room.timing import FactKind, PhaseKey, PhaseStatus, PhaseTime
from exam_portal.interviews.service import common


def start_phase(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, phase: PhaseKey
) -> PhaseEvent:
    """The phase runs. Presentation and questions need the hearing opened, and the room for it alone."""
    panel = common.locked(session, hearing.panel)
    _require_heard(session, hearing)
    phases = _phases(session, panel, hearing, now)
    if phase not in {one.key for one in phases}:
        raise NotFound
    if phase not in {one.key for one in timing.upcoming(phases)}:
        raise errors.PhaseNotNext
    if phase is not PhaseKey.PREPARATION:
        _require_room(session, panel, hearing, now)
    begun = next(one for one in phases if one.key is phase)
    facts = timing.told(begun, FactKind.STARTED)
    return _recorded(session, actor, now, panel, hearing, phase, FactKind.STARTED, "", facts)


def pause_phase(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, phase: PhaseKey, reason: str
) -> PhaseEvent:
    """The clock of the phase stands still, for this reason."""
    panel = common.locked(session, hearing.panel)
    if not reason.strip():
        raise errors.ReasonMissing
    _on(_phases(session, panel, hearing, now), phase, PhaseStatus.RUNNING)
    return _recorded(session, actor, now, panel, hearing, phase, FactKind.PAUSED, reason.strip(), {})


def resume_phase(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, phase: PhaseKey, reason: str = ""
) -> PhaseEvent:
    """The clock goes on: after a pause, or with a reason after an end that was recorded by mistake."""
    panel = common.locked(session, hearing.panel)
    phases = _phases(session, panel, hearing, now)
    ended = timing.reopenable(phases)
    if ended is not None and ended.key is phase:
        _require_heard(session, hearing)
        if not reason.strip():
            raise errors.ReasonMissing
        if phase is not PhaseKey.PREPARATION:
            _require_room(session, panel, hearing, now)
    else:
        _on(phases, phase, PhaseStatus.PAUSED)
    return _recorded(session, actor, now, panel, hearing, phase, FactKind.RESUMED, reason.strip(), {})


def end_phase(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, phase: PhaseKey
) -> PhaseEvent:
    """The phase is over; by how much it was overrun, if at all, stands in the record."""
    panel = common.locked(session, hearing.panel)
    ended = _on(_phases(session, panel, hearing, now), phase, PhaseStatus.RUNNING, PhaseStatus.PAUSED)
    facts = timing.told(ended, FactKind.ENDED)
    return _recorded(session, actor, now, panel, hearing, phase, FactKind.ENDED, "", facts)


def _phases(session: Session, panel: PanelSession, hearing: Hearing, now: datetime) -> list[PhaseTime]:
    _, part, _ = common.rules(session, panel)
    planned = queries.plan(session, panel.id, part)
    return timing.times(planned.phases, queries.facts_of(session, hearing.id), now)


def _on(phases: list[PhaseTime], key: PhaseKey, *states: PhaseStatus) -> PhaseTime:
    found = next((one for one in phases if one.key is key), None)
    if found is None:
        raise NotFound
    if found.status not in states:
        raise errors.PhaseNotOn
    return found


def _require_heard(session: Session, hearing: Hearing) -> None:
    """A second ballot has no session of its own; after the slips, or without a candidate, none begins."""
    if hearing.occasion == Occasion.SECOND_BALLOT or any(
        panels.has(session, hearing.id, kind) for kind in drawing.OVER
    ):
        raise errors.HearingOver


def _require_room(session: Session, panel: PanelSession, hearing: Hearing, now: datetime) -> None:
    if not panels.has(session, hearing.id, "opened"):
        raise panel_errors.HearingNotOpen
    _, part, _ = common.rules(session, panel)
    for other in queries.on_air(session, panel.id, part, now):
        if other.order_no != hearing.order_no and other.phase.key is not PhaseKey.PREPARATION:
            raise errors.RoomTaken(other.order_no)


def _recorded(
    session: Session,
    actor: Actor,
    now: datetime,
    panel: PanelSession,
    hearing: Hearing,
    phase: PhaseKey,
    kind: FactKind,
    reason: str,
    told: dict[str, Any],
) -> PhaseEvent:
    """The fact is kept, and the record says it without the words of the reason."""
    made = PhaseEvent(
        hearing_id=hearing.id,
        place=queries.next_place(session, hearing.id),
        phase=phase,
        kind=kind,
        reason=reason,
        by=common.account(actor),
        at=now,
    )
    session.add(made)
    session.flush()
    facts = {"hearing": hearing.public_id, "phase": phase.value, "place": made.place, **told}
    words = {"reason": audit.digest(reason)}
    common.record(session, actor, now, panel, f"interviews.phase_{kind.value}", {**facts, **words})
    return made
