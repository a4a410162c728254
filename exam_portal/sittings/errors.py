# SPDX-License-Identifier: Apache-2.0
"""Why a sitting, the collection of scripts or the masking refuses an act."""

import dataclasses

from exam_portal.core.errors import DomainError


class NothingToMask(DomainError):
    """There are no scripts of this part to be masked."""


class NotHandedOver(DomainError):
    """The scripts have not been counted over to the masking board."""


@dataclasses.dataclass
class CountsDiffer(DomainError):
    """Attendance, scripts and recorded exceptions do not agree: nothing is handed over."""

    present: int
    scripts: int
    exceptions: int
