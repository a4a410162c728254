# SPDX-License-Identifier: Apache-2.0
"""What a candidate may do at an instant: one pure function of instants, so that no job has to close anything.

The clock of a part runs from the common start, whoever comes late, unless the sitting has a start window;
then it runs from the candidate's own start. Time is given back by extra minutes, credited outages and pauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scoring.ruleset.document import RuleSet

NOTHING = timedelta(0)


class PhaseState(StrEnum):
    """Where a candidate stands in a sitting."""

    BEFORE = "before"
    MAY_START = "may_start"
    TOO_LATE = "too_late"
    RUNNING = "running"
    PAUSED = "paused"
    GRACE = "grace"
    OFFLINE_WINDOW = "offline_window"
    CLOSED = "closed"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPlan:
    """What is the same for everybody: the start, the window if there is one, and the durations."""

    opens_at: datetime
    duration: timedelta
    late: timedelta
    grace: timedelta
    offline: timedelta
    window_ends_at: datetime | None = None

    @property
    def late_allowed_until(self) -> datetime:
        """The last instant at which a candidate is admitted without a decision of the chair."""
        return (self.window_ends_at or self.opens_at) + self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stands still from one instant to another, or still does."""

    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalTime:
    """What is one candidate's own: start, submission, and time given, to the person or to the room."""

    started_at: datetime | None = None
    submitted_at: datetime | None = None
    admitted_late_until: datetime | None = None
    extra: Sequence[timedelta] = ()
    credited: Sequence[timedelta] = ()
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """What a candidate may do now, and until when.

    While a pause lasts, `closes_at` moves with the clock and `remaining` stands still. `accepts_saves`: an
    answer that arrives now counts. `quarantines`: it is kept for a decision, and never merged by itself.
    """

    state: PhaseState
    opens_at: datetime
    closes_at: datetime
    accepts_until: datetime
    quarantines_until: datetime
    late_allowed_until: datetime
    may_start: bool
    accepts_saves: bool
    quarantines: bool
    remaining: timedelta


def plan_of(
    ruleset: RuleSet, part: str, opens_at: datetime, window_ends_at: datetime | None = None
) -> SittingPlan:
    """The plan of a part under its rule set, for a sitting that starts at this instant."""
    minutes = ruleset.part(part).duration_minutes
    if minutes is None:
        raise ValueError(f"the part {part!r} has no duration")
    return SittingPlan(
        opens_at=opens_at,
        window_ends_at=window_ends_at,
        duration=timedelta(minutes=minutes),
        late=timedelta(minutes=ruleset.late_minutes(minutes)),
        grace=timedelta(seconds=ruleset.timing.grace_seconds),
        offline=timedelta(minutes=ruleset.timing.offline_minutes),
    )


def phase(plan: SittingPlan, person: PersonalTime, now: datetime) -> Phase:
    """What this candidate may do at `now`. Every bound is inclusive: the last second still counts."""
    closes_at, paused = _closing(plan, person, now)
    accepts_until = closes_at + plan.grace
    quarantines_until = accepts_until + plan.offline
    late_allowed_until = max(plan.late_allowed_until, person.admitted_late_until or plan.opens_at)
    state = _state(plan, person, now, paused=paused, closes_at=closes_at, late_until=late_allowed_until)
    begun = person.started_at is not None and state is not PhaseState.SUBMITTED
    return Phase(
        state=state,
        opens_at=plan.opens_at,
        closes_at=closes_at,
        accepts_until=accepts_until,
        quarantines_until=quarantines_until,
        late_allowed_until=late_allowed_until,
        may_start=state is PhaseState.MAY_START,
        accepts_saves=begun and plan.opens_at <= now <= accepts_until,
        quarantines=begun and accepts_until < now <= quarantines_until,
        remaining=max(closes_at - max(now, plan.opens_at), NOTHING),
    )


def closing_instant(plan: SittingPlan, person: PersonalTime, now: datetime) -> datetime:
    """When this candidate's time ends, as far as is known at `now`."""
    return _closing(plan, person, now)[0]


def _state(
    plan: SittingPlan,
    person: PersonalTime,
    now: datetime,
    *,
    paused: bool,
    closes_at: datetime,
    late_until: datetime,
) -> PhaseState:
    if person.submitted_at is not None and person.submitted_at <= now:
        return PhaseState.SUBMITTED
    if now < plan.opens_at:
        return PhaseState.BEFORE
    if person.started_at is None:
        may_start = now <= late_until and now < closes_at
        return PhaseState.MAY_START if may_start else PhaseState.TOO_LATE
    return _running_state(plan, now, closes_at, paused=paused)


def _running_state(plan: SittingPlan, now: datetime, closes_at: datetime, *, paused: bool) -> PhaseState:
    if paused:
        return PhaseState.PAUSED
    if now < closes_at:
        return PhaseState.RUNNING
    if now <= closes_at + plan.grace:
        return PhaseState.GRACE
    offline_until = closes_at + plan.grace + plan.offline
    return PhaseState.OFFLINE_WINDOW if now <= offline_until else PhaseState.CLOSED


def _closing(plan: SittingPlan, person: PersonalTime, now: datetime) -> tuple[datetime, bool]:
    """The end of the candidate's time, and whether a pause holds it up at `now`."""
    started_at = _clock_starts(plan, person, now)
    closes_at = started_at + plan.duration + sum((*person.extra, *person.credited), NOTHING)
    paused = False
    for starts_at, ends_at in _merged(person.pauses, now):
        begins = max(starts_at, started_at)
        if starts_at > now or begins >= closes_at:
            break
        closes_at += max(min(ends_at, now) - begins, NOTHING)
        paused = starts_at <= now < ends_at
    return closes_at, paused


def _clock_starts(plan: SittingPlan, person: PersonalTime, now: datetime) -> datetime:
    """A common start for all; with a window the own start, before it the latest that could still be."""
    if plan.window_ends_at is None:
        return plan.opens_at
    return person.started_at or max(now, plan.opens_at)


def _merged(pauses: Iterable[Pause], now: datetime) -> list[tuple[datetime, datetime]]:
    """Pauses in order, those that overlap made one; one that lasts ends after `now`."""
    merged: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=_starts_at):
        ends_at = pause.ends_at or max(now, pause.starts_at) + timedelta.resolution
        if merged and pause.starts_at <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends_at))
        else:
            merged.append((pause.starts_at, ends_at))
    return merged


def _starts_at(pause: Pause) -> datetime:
    return pause.starts_at
