# SPDX-License-Identifier: Apache-2.0
"""Why a sitting, the collection of scripts or the masking refuses an act."""

import dataclasses
from datetime import datetime

from exam_portal.core.errors import DomainError


class NameTaken(DomainError):
    """The competition has a room of this name."""


class NoSuchPart(DomainError):
    """The part is not one that candidates sit in rooms, or may not be held in this mode."""

    status = 422


class StartInPast(DomainError):
    """A sitting is planned ahead."""

    status = 422


class SittingStarted(DomainError):
    """The sitting has begun: rooms, seats and times stay as they are."""


class NotStarted(DomainError):
    """The sitting has not begun."""


class SittingOver(DomainError):
    """The sitting has ended."""


class NotSummoned(DomainError):
    """Candidates have to be summoned before a sitting starts."""


class NobodyToSeat(DomainError):
    """Every candidate of the part has a seat."""


@dataclasses.dataclass
class NotEnoughSeats(DomainError):
    """The rooms hold fewer people than are to be seated."""

    candidates: int
    places: int


@dataclasses.dataclass
class NotSeated(DomainError):
    """Candidates cannot be summoned while some have no seat in the first part."""

    count: int


@dataclasses.dataclass
class SummonsTooShort(DomainError):
    """Fewer working days lie before the first sitting than the rule set asks; it needs a reason."""

    days: int
    required: int


@dataclasses.dataclass
class TooEarly(DomainError):
    """A sitting does not start before its time."""

    starts_at: datetime


@dataclasses.dataclass
class TimeRemains(DomainError):
    """Somebody still has time; ending it for them needs a reason."""

    working: int


class PaperNotOpened(DomainError):
    """Two officers have to open the paper before the sitting starts."""


class PaperNotSealed(DomainError):
    """The part has no official paper in the portal that two officers have sealed."""


@dataclasses.dataclass
class PaperKnown(DomainError):
    """Another sitting holds the same paper at another time, and nobody said its people are kept apart."""

    starts_at: datetime


@dataclasses.dataclass
class TooLate(DomainError):
    """The candidate came after the last minute; only a decision of the chair admits."""

    arrived_at: datetime
    until: datetime


class ArrivalInFuture(DomainError):
    """Nobody arrives later than now."""

    status = 422


class IdentityNotChecked(DomainError):
    """A candidate is present once the identity has been checked."""

    status = 422


class LeftCompetition(DomainError):
    """The candidate has withdrawn or was disqualified, and does not sit any more."""


class HasWorked(DomainError):
    """The seat has an attempt with answers, or a script: whoever sat there was present."""


class NoScreens(DomainError):
    """The sitting is held on paper: there is no screen to which a message could go."""


class OtherInvigilator(DomainError):
    """A second person has to confirm; nobody confirms the own act."""


class NotPresent(DomainError):
    """Only who was present hands in a script."""


@dataclasses.dataclass
class NotCheckedIn(DomainError):
    """The attendance of some seats has not been recorded."""

    count: int


class StillOpen(DomainError):
    """The sitting has not ended; scripts are counted and handed over afterwards."""


class AlreadyHandedOver(DomainError):
    """The scripts have been counted over; the register of this sitting is closed."""


class NotDeclared(DomainError):
    """The invigilators have not declared the scripts and sheets yet."""


@dataclasses.dataclass
class CountsDiffer(DomainError):
    """Attendance, scripts and recorded exceptions do not agree: nothing is handed over."""

    present: int
    scripts: int
    exceptions: int


class OutsideSitting(DomainError):
    """A script is handed in between the start in its room and now."""

    status = 422


class RefusalUnwitnessed(DomainError):
    """That a candidate refused to sign is written down with who saw it, and why."""

    status = 422


@dataclasses.dataclass
class BagsDiffer(DomainError):
    """The bags hold other numbers than were counted at the desk: nothing is handed over."""

    scripts: int
    scripts_packed: int
    sheets: int
    sheets_packed: int


@dataclasses.dataclass
class LabelTaken(DomainError):
    """Two bags of a sitting would bear one label."""

    label: str


@dataclasses.dataclass
class SealUsed(DomainError):
    """A seal of this number closes another envelope or bag of the competition."""

    seal_no: str


@dataclasses.dataclass
class SealDiffers(DomainError):
    """The seal is broken or not the one that was declared, and nobody has said why."""

    label: str


@dataclasses.dataclass
class ReceiptDiffers(DomainError):
    """Other numbers were counted than were declared, and nobody has said why: nothing is received."""

    label: str
    scripts_declared: int
    scripts_counted: int
    sheets_declared: int
    sheets_counted: int


@dataclasses.dataclass
class NoSuchSheet(DomainError):
    """No script of this competition has the sheet code."""

    sheet_code: str
    status = 404


class ScannedAlready(DomainError):
    """These very pages lie with a script already: with this one, or with another one's code."""


@dataclasses.dataclass
class TooManyPages(DomainError):
    """The scan has more pages than the counted sheets can have: some are of another script."""

    pages: int
    sheets: int


@dataclasses.dataclass
class TooLongStack(DomainError):
    """The stack has more pages than one stack may have."""

    pages: int
    most: int
    status = 422


@dataclasses.dataclass
class PageThereAlready(DomainError):
    """A page of this number lies with the script already."""

    number: int


class StackNotRead(DomainError):
    """The server has not read the stack yet."""


class PagesWait(DomainError):
    """Some pages of the stack wait for a person."""


class NothingToMask(DomainError):
    """There are no scripts of this part to be masked."""


@dataclasses.dataclass
class BagTooSmall(DomainError):
    """So few scripts in a bag would tell whoever gives out bags where a script lies."""

    least: int


class NotHandedOver(DomainError):
    """The scripts have not been counted over to the masking board."""


class OnPaperAlready(DomainError):
    """The sitting is held on paper."""


class NotOnPaper(DomainError):
    """Who works on a computer hands in there; sheets are counted of those who go on on paper."""


class InHall(DomainError):
    """The sitting is held in a hall: nothing about it is written here until it has come back."""


class HallClosed(DomainError):
    """The results were packed: nothing more is written in this hall."""
