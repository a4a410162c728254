# SPDX-License-Identifier: Apache-2.0
"""Why papers refuse an act."""

import dataclasses
from datetime import datetime

from exam_portal.core.errors import DomainError


class PaperExists(DomainError):
    """The part has a paper of this kind."""


class WrongContent(DomainError):
    """The act belongs to a paper whose content is held elsewhere (or in the portal)."""


@dataclasses.dataclass
class BankLacks(DomainError):
    """The approved items do not suffice for the blueprint: which cells lack how many."""

    missing: tuple[tuple[str, int, int], ...]  # cell, need, have
    status = 422


class AlreadyDrawn(DomainError):
    """The forms of this paper have been drawn."""


class NotDrawn(DomainError):
    """Nothing has been drawn that could be sealed."""


class PoolChanged(DomainError):
    """The pool of approved items changed while the paper was drawn: draw again."""


class AlreadySealed(DomainError):
    """This officer has sealed the paper; another one has to be the second."""


class SealedOtherwise(DomainError):
    """What the officer saw is not what was drawn."""


class NotSealed(DomainError):
    """A paper is opened after two officers have sealed it."""


@dataclasses.dataclass
class TooEarly(DomainError):
    """The key of a paper is not released before the start of its sitting."""

    opens_at: datetime


class AlreadyReleased(DomainError):
    """This officer has given the word; another one has to be the second."""


class PaperLocked(DomainError):
    """The paper has not been opened: nobody reads it yet."""


class SealBroken(DomainError):
    """The sealed bytes are not what was committed to: the start is stopped."""


class SealNumberTaken(DomainError):
    """An envelope of this label is registered."""
