# SPDX-License-Identifier: Apache-2.0
"""Why results refuse an act."""

import dataclasses
from datetime import datetime

from exam_portal.core.errors import DomainError


class MarksNotLocked(DomainError):
    """Masks are lifted after the marks of the part are locked."""


class SamePerson(DomainError):
    """The act needs two different people."""


class AlreadyUnmasked(DomainError):
    """The masks of this part have been lifted."""


@dataclasses.dataclass
class NotUnmasked(DomainError):
    """The results of a part are not computed before its masks are lifted."""

    part: str


class NothingChanged(DomainError):
    """The run would say what the last run says: there is no reason for a new one."""


class RunMissing(DomainError):
    """Every vacancy needs a run before anything is prepared for publication."""


@dataclasses.dataclass
class RunPending(DomainError):
    """Results are published when nothing is pending: these wait."""

    pending: tuple[str, ...]


class RunOutdated(DomainError):
    """Marks or decisions have changed since the run: compute again."""


class PublicationWaiting(DomainError):
    """A prepared publication waits for its approvals; it is approved or superseded first."""


class AlreadyApproved(DomainError):
    """This approver has given the word; another one has to be the second."""


class ContentChanged(DomainError):
    """What the approver saw is not what is to be published."""


class AlreadyPublished(DomainError):
    """This publication is public."""


class ReasonMissing(DomainError):
    """A publication that supersedes another one says why."""

    status = 422


@dataclasses.dataclass
class ReviewWindowOpen(DomainError):
    """Requests for review may still come in, or wait for their decision."""

    until: datetime
    waiting: int
