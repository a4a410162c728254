# SPDX-License-Identifier: Apache-2.0
"""Why a request for review is refused."""

import dataclasses
from datetime import datetime

from exam_portal.core.errors import DomainError


class MarksNotPosted(DomainError):
    """Reviews are asked for once marks are posted."""


@dataclasses.dataclass
class TooLate(DomainError):
    """The days for requests are over."""

    until: datetime


class NotReviewable(DomainError):
    """Marks of this part are not reviewed, by the rule set."""


class NothingToReview(DomainError):
    """The candidate has no posted mark in this part."""


class AlreadyRequested(DomainError):
    """A review of this part has been asked for; it happens once."""


class AlreadyAnswered(DomainError):
    """The request has been admitted or refused."""


class NotAdmitted(DomainError):
    """The request has not been admitted."""


class AlreadyBagged(DomainError):
    """The script lies masked before the review board already."""


class NotMarkedAgain(DomainError):
    """A review is decided once its marks are locked and unmasked."""


class AlreadyDecided(DomainError):
    """The review has been decided."""


@dataclasses.dataclass
class StillPending(DomainError):
    """The marks of the review do not make a mark yet: something is lacking."""

    code: str


class ReasonMissing(DomainError):
    """A refusal says why."""

    status = 422
