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


class PhaseStillOn(DomainError):
    """A phase of the hearing has not ended: nobody has heard all of it, and slips wait."""


class HearingOver(DomainError):
    """Slips have been issued, the candidate did not come, or it was broken off: no phase begins any more."""


@dataclasses.dataclass
class RoomTaken(DomainError):
    """Another candidate is being heard in this room."""

    order_no: int


class ReasonMissing(DomainError):
    """A pause, and going on after an end, need their reason."""

    status = 422


@dataclasses.dataclass
class QuestionUnreadable(DomainError):
    """A line of the set is not topic, level and question, or stands there twice."""

    line: int
    status = 422


@dataclasses.dataclass
class TooFewQuestions(DomainError):
    """A topic and level has fewer questions than the candidates need."""

    cell: str
    there: int
    needed: int
    status = 422


class QuestionsFixed(DomainError):
    """A candidate has drawn, and there are enough questions for the others: the set does not change."""


class QuestionsDiffer(DomainError):
    """Questions added after a draw keep its topics, its levels and its scale."""

    status = 422


class ApprovedBefore(DomainError):
    """The set has been approved."""


class OwnQuestions(DomainError):
    """Who filed the questions does not approve them."""

    status = 403


class QuestionsNotApproved(DomainError):
    """There is no approved set to draw from."""


class SeedSeen(DomainError):
    """The hearing was added after the set was filed: by then its seed may have been shown."""


class QuestionsDrawn(DomainError):
    """The candidate has drawn."""


class NumbersMissing(DomainError):
    """The minute of a draw on paper comes with the numbers that were drawn."""

    status = 422


class DrawUneven(DomainError):
    """The draw on paper does not have as many questions of each topic and level as every other."""

    status = 422
