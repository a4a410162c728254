# SPDX-License-Identifier: Apache-2.0
"""Why the room refuses an act."""

import dataclasses

from exam_portal.core.errors import DomainError


class PlanFixed(DomainError):
    """The first hearing has begun: the minutes are the same for everybody."""


@dataclasses.dataclass
class PlanTooLong(DomainError):
    """Presentation and questions take longer than the announced rules give."""

    planned: int
    most: int
    status = 422


class PhaseNotNext(DomainError):
    """The phase has been, or another one is on, or a later one has begun."""


class PhaseNotOn(DomainError):
    """The phase is not in the state that the act takes it from."""


class HearingOver(DomainError):
    """Slips have been issued, or the candidate did not come: no phase begins any more."""


@dataclasses.dataclass
class RoomTaken(DomainError):
    """Another candidate is being heard in this room."""

    order_no: int


class ReasonMissing(DomainError):
    """A pause, and going on after an end, need their reason."""

    status = 422
