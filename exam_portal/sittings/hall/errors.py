# SPDX-License-Identifier: Apache-2.0
"""Why a sitting is not packed for a hall, not opened in one, and why what comes back is not taken."""

import dataclasses
from datetime import datetime

from exam_portal.core.errors import DomainError


class NotForHall(DomainError):
    """The sitting is not one on a closed network, or has begun, or is over."""


class NotReady(DomainError):
    """People are to be summoned, seats allotted and the paper sealed before the sitting is packed."""


class TooFewOfficers(DomainError):
    """Two people who may open the paper, and two invigilators, have to travel with the sitting."""


@dataclasses.dataclass
class AnswersMayCome(DomainError):
    """Somebody's computer may still bring answers that were written in time: the results are not packed."""

    until: datetime | None  # None: somebody still works


class NotAHall(DomainError):
    """This installation holds no sitting of another one."""


class NotEmpty(DomainError):
    """A hall is opened on an installation of its own: nothing else may be in it."""


class SomebodySits(DomainError):
    """Results are taken when nobody writes answers on this installation: it has one writer."""


class NothingReceived(DomainError):
    """No results of this hall have been sent in, or it is not waited for any more."""


@dataclasses.dataclass
class PackageRefused(DomainError):
    """The package is broken, foreign, a second one, or not what the record of the hall says."""

    reason: str
    status = 422
