# SPDX-License-Identifier: Apache-2.0
"""The time of the house: aware UTC, one source, movable for rehearsals and tests only.

What serves does not follow a step of the machine's clock by itself: it counts on with the counter of the
kernel, which nobody can set, from an instant that all processes since the machine's start share. So a
deadline is the same whoever turns the clock, and a worker that comes back after a crash reads the same time.
"""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

TOLERATED = timedelta(seconds=2)  # corrections by small steps are followed
ANCHOR = "clock.json"
BOOT = Path("/proc/sys/kernel/random/boot_id")


class Clock:
    """A clock that runs ``offset`` ahead of the machine's (zero for everything real)."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Return the current instant in UTC, with microseconds."""
        return datetime.now(UTC) + self.offset


SYSTEM = Clock()


class SteadyClock(Clock):
    """The machine's clock as long as it agrees with the counter of the kernel; else the counter."""

    def __init__(
        self,
        began: datetime,
        *,
        machine: Callable[[], datetime] = SYSTEM.now,
        keep: Callable[[datetime], None] = lambda _began: None,
    ) -> None:
        """``began`` is the instant at which the counter stood at nothing."""
        super().__init__()
        self._began = began
        self._machine = machine
        self._keep = keep

    def now(self) -> datetime:
        """Return the current instant."""
        said, counted = self._machine(), self._began + counter()
        return said if abs(said - counted) <= TOLERATED else counted

    @property
    def step(self) -> timedelta:
        """How far the machine's clock has been turned since; nothing while it agrees."""
        apart = self._machine() - (self._began + counter())
        return apart if abs(apart) > TOLERATED else timedelta(0)

    def follow(self) -> timedelta:
        """The machine's clock is believed again; return by how much the time of the house has moved."""
        moved = self.step
        self._began = self._machine() - counter()
        self._keep(self._began)
        return moved


def counter() -> timedelta:
    """Return how long the machine has run, sleep included: no clock setting moves it."""
    return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


def of_this_machine(directory: Path) -> SteadyClock:
    """Return the clock of the processes of one installation on this machine."""
    file, boot = directory / ANCHOR, _boot()
    began = _kept(file, boot)
    if began is None:
        began = SYSTEM.now() - counter()
        _keep(file, boot, began)
    return SteadyClock(began, keep=lambda instant: _keep(file, boot, instant))


def _boot() -> str:
    """Return what tells one start of the machine from another."""
    return BOOT.read_text(encoding="ascii").strip()


def _kept(file: Path, boot: str) -> datetime | None:
    """Return the instant that the processes since this start of the machine share, if one was kept."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return datetime.fromisoformat(kept["began"]) if kept["boot"] == boot else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(file: Path, boot: str, began: datetime) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps({"boot": boot, "began": began.isoformat()}), encoding="utf-8")
    draft.replace(file)
