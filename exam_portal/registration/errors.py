# SPDX-License-Identifier: Apache-2.0
"""Why registration or vetting refuses an act."""

import dataclasses
from datetime import datetime
from decimal import Decimal

from exam_portal.core.errors import DomainError


@dataclasses.dataclass
class RegistrationNotOpen(DomainError):
    """The window for applications has not begun."""

    opens_at: datetime


@dataclasses.dataclass
class RegistrationClosed(DomainError):
    """The window for applications is over; a dossier stamped in time is entered at the counter."""

    closed_at: datetime


class DeclareFirst(DomainError):
    """Who sits on a panel opens no dossier before having declared relations to the candidates."""

    status = 403


class AlreadySubmitted(DomainError):
    """The application has been submitted; it does not change any more."""


class AlreadyApplied(DomainError):
    """This person has an application for this vacancy."""


class AlreadyWithdrawn(DomainError):
    """The application has been withdrawn."""


@dataclasses.dataclass
class WithdrawalTooLate(DomainError):
    """The candidates have been summoned: who stays away from here on is absent."""

    summoned_at: datetime


@dataclasses.dataclass
class FormIncomplete(DomainError):
    """The application cannot be submitted yet: these fields or documents are missing."""

    missing: tuple[str, ...]
    status = 422


@dataclasses.dataclass
class SameIdentityNumber(DomainError):
    """Another application for this vacancy bears the same identity number."""

    receipt_no: str


class StampInFuture(DomainError):
    """The counter's stamp lies in the future."""

    status = 422


@dataclasses.dataclass
class StampBeforeDossier(DomainError):
    """The stamp of a withdrawal lies before that of the dossier it withdraws."""

    stamped_at: datetime
    status = 422


class VettingNotOpen(DomainError):
    """Applications can be vetted once registration has closed and before the list is approved."""


class FindingsMissing(DomainError):
    """A conclusion needs a finding on every criterion."""


class PreferenceNotCounted(DomainError):
    """The rule set of the competition gives no preference points."""


@dataclasses.dataclass
class PreferenceOutOfBounds(DomainError):
    """Preference points lie between 0 and what the rule set gives at most, in thousandths."""

    most: Decimal
    status = 422


class PreferenceUndecided(DomainError):
    """A preference is claimed, and the board has not said what it gives: nobody is eligible before that."""


class ConclusionContradicts(DomainError):
    """The conclusion does not follow from the findings: eligible means that every criterion is met."""


class OwnApplication(DomainError):
    """Nobody vets an application to which he or she has a declared relation."""


@dataclasses.dataclass
class ApplicationsUndecided(DomainError):
    """The list cannot be approved while applications have no conclusion."""

    count: int


@dataclasses.dataclass
class BelowMinimum(DomainError):
    """A vacancy has fewer candidates than the rule set asks; the council has to decide."""

    vacancy_code: str
    eligible: int
    minimum: int


@dataclasses.dataclass
class TooManyDocuments(DomainError):
    """A dossier takes so many documents; more would only fill the disk."""

    most: int
