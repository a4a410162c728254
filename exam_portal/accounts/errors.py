# SPDX-License-Identifier: Apache-2.0
"""What the accounts slice refuses."""

import math
from datetime import datetime

from exam_portal.accounts.duties import Conflict
from exam_portal.core.actors import Role
from exam_portal.core.errors import DomainError


class SignInRefused(DomainError):
    """Name and secret do not belong together; whether the name exists is not said."""

    status = 422


class Throttled(DomainError):
    """Too many failures: the same answer for names that exist and names that do not."""

    status = 429

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until
        self.retry_after = max(1, math.ceil((until - now).total_seconds()))


class TooBusy(DomainError):
    """More sign-ins at once than this machine can check within a few seconds."""

    status = 503
    retry_after = 30


class CodeRefused(DomainError):
    """The link or code is unknown, used or too old."""

    status = 422


class SecondFactorRefused(DomainError):
    """The six figures are not the present ones, or have been used."""

    status = 422


class LoginTaken(DomainError):
    """There is an account with this name to sign in with."""

    status = 422


class UnfitLogin(DomainError):
    """The name to sign in with has characters or a length that we do not take."""

    status = 422


class PasswordTooWeak(DomainError):
    """The password is short, known to everybody, or the name itself."""

    status = 422

    def __init__(self, reason: str, minimum: int) -> None:
        super().__init__(reason)
        self.reason = reason  # short | long | common | own_name
        self.minimum = minimum


class ForbiddenCombination(DomainError):
    """The person holds a duty that excludes the new one."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"{conflict.held.value} with {conflict.new.value}: {conflict.reason.value}")
        self.conflict = conflict


class UnfitException(DomainError):
    """The signed document is none, of another place or kind, or the pair knows no exception."""

    status = 422


class SamePerson(DomainError):
    """Who proposed it, or whom it is about, cannot approve it."""


class GrantExists(DomainError):
    """The person holds this role here already, or it has been proposed."""


class GrantDecided(DomainError):
    """The proposal has been approved or withdrawn meanwhile."""


class WrongPlace(DomainError):
    """The role is not held in such a place: boards belong to a competition, offices to an organisation."""

    status = 422

    def __init__(self, role: Role) -> None:
        super().__init__(role.value)
        self.role = role


class NotStaff(DomainError):
    """Candidates hold no role; staff do not apply."""

    status = 422


class NameMissing(DomainError):
    """Nobody has this address yet, and an invitation needs a name."""

    status = 422


class NotOpenedHere(DomainError):
    """The account was not opened at this counter, so this counter prints no code for it."""


class StillHolds(DomainError):
    """The person holds a role, or one has been proposed: a person with duties is not erased."""


class StillTakesPart(DomainError):
    """The person takes part in a competition that is not over."""

    def __init__(self, competition: str) -> None:
        super().__init__(competition)
        self.competition = competition


class ErasureExists(DomainError):
    """The erasure of this person has been proposed already, or was done."""


class ErasureDecided(DomainError):
    """The proposal has been approved or withdrawn meanwhile."""
