# SPDX-License-Identifier: Apache-2.0
"""The time of a hearing: a pure function of its plan, of what was recorded, and of an instant.

Nothing ends by itself. A phase that runs past its minutes has a negative rest until the secretary ends it.
"""

import dataclasses
import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

NOTHING = timedelta(0)


class PhaseKey(enum.StrEnum):
    """What a hearing is made of, in this order; a plan may leave out the first one."""

    PREPARATION = "preparation"
    PRESENTATION = "presentation"
    QUESTIONS = "questions"


class FactKind(enum.StrEnum):
    """What the secretary records of a phase."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"


class PhaseStatus(enum.StrEnum):
    """Where a phase stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPhase:
    """A phase and its minutes, the same for every candidate of the panel."""

    key: PhaseKey
    minutes: int

    @property
    def allowed(self) -> timedelta:
        """Return the time that the phase has."""
        return timedelta(minutes=self.minutes)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to a phase, in the order of recording."""

    phase: PhaseKey
    kind: FactKind
    at: datetime
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTime:
    """A phase at an instant. ``remaining`` is negative once the minutes are over."""

    key: PhaseKey
    allowed: timedelta
    status: PhaseStatus
    started_at: datetime | None
    ended_at: datetime | None
    used: timedelta
    stopped: timedelta

    @property
    def remaining(self) -> timedelta:
        """Return what is left of the minutes; below nothing it is what was overrun."""
        return self.allowed - self.used

    @property
    def overrun(self) -> timedelta:
        """Return by how much the minutes were exceeded."""
        return max(NOTHING, -self.remaining)

    @property
    def is_on(self) -> bool:
        """Whether the phase has begun and not ended."""
        return self.status in {PhaseStatus.RUNNING, PhaseStatus.PAUSED}


def times(plan: Sequence[PlannedPhase], facts: Sequence[Fact], now: datetime) -> list[PhaseTime]:
    """Return each phase of the plan as it stands at ``now``; facts in the order of recording."""
    return [_time(phase, [fact for fact in facts if fact.phase == phase.key], now) for phase in plan]


def current(phases: Sequence[PhaseTime]) -> PhaseTime | None:
    """Return the phase that has begun and not ended: there is at most one."""
    return next((phase for phase in phases if phase.is_on), None)


def upcoming(phases: Sequence[PhaseTime]) -> list[PhaseTime]:
    """Return the phases that may begin now: none while one is on, and none before one that has begun."""
    if current(phases) is not None:
        return []
    begun = [place for place, phase in enumerate(phases) if phase.status is not PhaseStatus.WAITING]
    return list(phases[(begun[-1] + 1 if begun else 0) :])


def reopenable(phases: Sequence[PhaseTime]) -> PhaseTime | None:
    """Return the phase that was ended last, while no other has begun: an end by mistake can be taken back."""
    begun = [phase for phase in phases if phase.status is not PhaseStatus.WAITING]
    return begun[-1] if begun and begun[-1].status is PhaseStatus.ENDED else None


def told(phase: PhaseTime, kind: FactKind) -> dict[str, int]:
    """Return what the record says of the time of a phase with a fact of this kind."""
    if kind is FactKind.STARTED:
        return {"minutes": int(phase.allowed.total_seconds()) // 60}
    if kind is not FactKind.ENDED:
        return {}
    return {
        "used_seconds": int(phase.used.total_seconds()),
        "allowed_seconds": int(phase.allowed.total_seconds()),
        "overrun_seconds": int(phase.overrun.total_seconds()),
    }


def _time(phase: PlannedPhase, facts: Sequence[Fact], now: datetime) -> PhaseTime:
    used = stopped = NOTHING
    status, since = PhaseStatus.WAITING, now
    for fact in facts:
        used, stopped = _passed(status, since, fact.at, used, stopped)
        status, since = _after(fact.kind), fact.at
    if status is not PhaseStatus.ENDED:
        used, stopped = _passed(status, since, now, used, stopped)
    return PhaseTime(
        key=phase.key,
        allowed=phase.allowed,
        status=status,
        started_at=facts[0].at if facts else None,
        ended_at=since if status is PhaseStatus.ENDED else None,
        used=used,
        stopped=stopped,
    )


def _after(kind: FactKind) -> PhaseStatus:
    if kind is FactKind.PAUSED:
        return PhaseStatus.PAUSED
    return PhaseStatus.ENDED if kind is FactKind.ENDED else PhaseStatus.RUNNING


def _passed(
    status: PhaseStatus, since: datetime, until: datetime, used: timedelta, stopped: timedelta
) -> tuple[timedelta, timedelta]:
    """Add the stretch to what was used or to what stood still; a clock that went back takes nothing away."""
    stretch = max(NOTHING, until - since)
    if status is PhaseStatus.RUNNING:
        return used + stretch, stopped
    if status in {PhaseStatus.PAUSED, PhaseStatus.ENDED}:
        return used, stopped + stretch
    return used, stopped
