# SPDX-License-Identifier: Apache-2.0
"""When an attempt opens and closes: the facts of its sitting, put before the one function of the rules."""

import dataclasses
from datetime import datetime, timedelta

from scoring import timing


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What happened to one seat, as far as time is concerned; nothing here before the start."""

    plan: timing.SittingPlan
    person: timing.PersonalTime
    ended_at: datetime | None

    @property
    def paused_since(self) -> datetime | None:
        """When the pause began that still goes on."""
        return next((pause.starts_at for pause in self.person.pauses if pause.ends_at is None), None)

    @property
    def _known_at(self) -> datetime:
        """The instant after which no fact moves the closing: a pause that goes on counts once it is over."""
        return self.paused_since or max(
            (pause.ends_at or pause.starts_at for pause in self.person.pauses), default=self.plan.opens_at
        )

    @property
    def closes_at(self) -> datetime:
        """Where the time ends as far as facts go."""
        due = timing.closing_instant(self.plan, self.person, self._known_at)
        return due if self.ended_at is None else min(due, self.ended_at)

    @property
    def accepts_until(self) -> datetime:
        """Closing time and grace."""
        return self.closes_at + self.plan.grace

    @property
    def quarantines_until(self) -> datetime:
        """Until when what comes late is kept for people to decide: the offline window after grace."""
        found = timing.phase(self.plan, self.person, self._known_at)
        return self.closes_at + (found.quarantines_until - found.closes_at)

    def remaining(self, now: datetime) -> timedelta:
        """How much time is left; it stands still in a pause and never goes under nothing."""
        left = timing.phase(self.plan, self.person, now).remaining
        return left if self.ended_at is None else min(left, max(self.ended_at - now, timedelta(0)))
