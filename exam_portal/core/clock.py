# SPDX-License-Identifier: Apache-2.0
"""The time of the house: aware UTC, one source, movable for rehearsals and tests only."""

import dataclasses
from datetime import UTC, datetime, timedelta


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs ``offset`` ahead of the machine's (zero for everything real)."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the current instant in UTC, with microseconds."""
        return datetime.now(UTC) + self.offset


SYSTEM = Clock()
