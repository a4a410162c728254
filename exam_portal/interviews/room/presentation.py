# SPDX-License-Identifier: Apache-2.0
"""What the pages of the room show: the times of a hearing, and the state that its clock asks for."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from exam_portal.core.db import Session
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.interviews.room import queries, timing
from exam_portal.interviews.room.planning import Plan
from exam_portal.interviews.room.timing import Fact, PhaseKey, PhaseTime
from scoring.ruleset import Part

MILLISECOND = timedelta(milliseconds=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SessionTimes:
    """The times of one hearing at an instant."""

    plan: Plan
    facts: Sequence[Fact]
    phases: Sequence[PhaseTime]

    @property
    def current(self) -> PhaseTime | None:
        """Return the phase that is on."""
        return timing.current(self.phases)

    @property
    def upcoming(self) -> list[PhaseTime]:
        """Return the phases that may begin."""
        return timing.upcoming(self.phases)

    @property
    def reopenable(self) -> PhaseTime | None:
        """Return the phase whose end may be taken back."""
        return timing.reopenable(self.phases)

    def pauses(self, key: PhaseKey) -> list[Fact]:
        """Return why and when a phase stood still or went on after an end."""
        return [fact for fact in self.facts if fact.phase is key and fact.reason]


def session_times(
    session: Session, panel: PanelSession, part: Part, hearing: Hearing, now: datetime
) -> SessionTimes:
    """Return the times of a hearing: two queries."""
    plan = queries.plan(session, panel.id, part)
    facts = queries.facts_of(session, hearing.id)
    return SessionTimes(plan=plan, facts=facts, phases=timing.times(plan.phases, facts, now))


def clock_state(session: Session, panel: PanelSession, part: Part, now: datetime) -> list[dict[str, Any]]:
    """Return what the clock shows: order number, phase, and milliseconds left (below nothing: overrun)."""
    return [
        {
            "number": one.order_no,
            "phase": one.phase.key.value,
            "left": one.phase.remaining // MILLISECOND,
            "still": one.phase.status is timing.PhaseStatus.PAUSED,
        }
        for one in queries.on_air(session, panel.id, part, now)
    ]


def duration(value: timedelta) -> str:
    """Return a length of time as m:ss; part of a second is left out."""
    seconds = int(abs(value).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"
