# SPDX-License-Identifier: Apache-2.0
"""Why a panel refuses an act."""

import dataclasses

from exam_portal.core.errors import DomainError
from scoring.ruleset import Title


class PanelExists(DomainError):
    """The vacancy has a panel for this part."""


class MembersFixed(DomainError):
    """Lots have been drawn: the members of the panel do not change any more."""


class MemberHasConflict(DomainError):
    """The member has declared a relation to a candidate of this vacancy."""

    status = 403


class NoMembers(DomainError):
    """A panel needs its members before lots are drawn."""


@dataclasses.dataclass
class PanelSizeDiffers(DomainError):
    """The rules fix how many members the panel has."""

    seated: int
    size: int


@dataclasses.dataclass
class QuorumMissing(DomainError):
    """Too few members are present for the ballots to count."""

    present: int
    needed: int


@dataclasses.dataclass
class BelowMinimum(DomainError):
    """Too few candidates are left: the council decides on a signed minute before the panel goes on."""

    vacancy_code: str
    admitted: int
    minimum: int


@dataclasses.dataclass
class GateOpen(DomainError):
    """The part before this one decides who comes here, and its marks are not known yet."""

    part: str


class AttendanceFixed(DomainError):
    """Slips have been issued: who was present does not change any more."""


class OtherMode(DomainError):
    """Ballots of this panel are given in another way: in the portal, or on paper."""


class SameMode(DomainError):
    """Ballots of the panel are given in this way already."""

    status = 422


@dataclasses.dataclass
class SlipsAreOut(DomainError):
    """Slips of a hearing have been issued: all hearings of a panel vote in one way."""

    order_no: int


@dataclasses.dataclass
class AccountsMissing(DomainError):
    """Members without an account cannot give a ballot on a screen."""

    positions: tuple[int, ...]
    status = 422


class SeatedBefore(DomainError):
    """The person sits on this panel already."""


class WitnessMissing(DomainError):
    """Lots are drawn before a witness."""

    status = 422


class WordsMissing(DomainError):
    """Lots that are drawn here take words of the witnesses: half of the seed is theirs."""

    status = 422


class AbsenceBeforeLots(DomainError):
    """No hearing stands yet that a member could miss: somebody else has the seat, or lots come first."""


class LotsDrawn(DomainError):
    """The order has been drawn."""


class LotsIncomplete(DomainError):
    """The drawn order names each candidate exactly once."""

    status = 422


class CandidateNotAdmitted(DomainError):
    """The candidate has not passed the gate before this part, or has left the competition."""


class CandidateAbsent(DomainError):
    """It is on record that the candidate did not come to this hearing."""


class CandidateHeard(DomainError):
    """The presentation has begun, or slips have been issued: the candidate was there."""


class HearingBrokenOff(DomainError):
    """The hearing ended without a ballot; only another hearing takes its place."""


class NothingToBreakOff(DomainError):
    """The hearing has not begun, slips are out, or the candidate did not come."""


class AbsenceUnproven(DomainError):
    """That a candidate did not come is said by a signed paper, or by two witnesses."""

    status = 422


class AbsenceNeedsPaper(DomainError):
    """The hearing was begun: that the candidate did not come is said by a signed minute only."""

    status = 422


class NothingToRepeat(DomainError):
    """A hearing is repeated where its ballots make no mark, or where the candidate did not come."""


class HearingRepeated(DomainError):
    """The hearing has been repeated: its ballots are kept, those of the later one count."""


class OnlyBallotAgain(DomainError):
    """Nobody is heard a second time where only the ballot is given again: slips are issued at once."""


class HearingNotOpen(DomainError):
    """The hearing has not been opened."""


class BallotNotOpen(DomainError):
    """Ballots are given after the whole hearing, while the ballot is open."""


class SlipWithoutNumber(DomainError):
    """A slip has no number, or one with blanks or invisible signs: nobody could find it again."""


class AccountNeeded(DomainError):
    """A member of a panel that votes in the portal needs an account to vote with."""


class NoSlip(DomainError):
    """A member who did not hear the whole hearing gets no slip."""

    status = 403


class AlreadyVoted(DomainError):
    """Each member marks once."""


class AlreadyCounted(DomainError):
    """The ballots of this hearing have been counted."""


class BallotTooLate(DomainError):
    """The box was opened, or destroyed unopened, before this ballot came: it counts as not returned."""


@dataclasses.dataclass
class BallotsOutstanding(DomainError):
    """Members who hold a slip have not voted yet."""

    issued: int
    cast: int


class NotACountingSheet(DomainError):
    """The paper is no scan of a counting sheet of this competition."""

    status = 422


class MemberKeys(DomainError):
    """Who sits on the panel, by account or by name, keys no counting sheet of it."""

    status = 403


class KeyedUnderThisName(DomainError):
    """Somebody of this name has keyed the sheet from another account: one person may be both."""

    status = 403


class PageUsed(DomainError):
    """The ballots of another hearing have been counted from this page."""

    status = 422


@dataclasses.dataclass
class CountsDisagree(DomainError):
    """The counting sheet does not add up: issued, returned, invalid, and the marks on it."""

    issued: int
    returned: int
    invalid: int
    marks: int
    entitled: int
    status = 422


@dataclasses.dataclass
class BallotOffStep(DomainError):
    """A figure on a ballot lies on the step of the rule set, between nought and its maximum."""

    value: str
    step: str
    maximum: str
    status = 422


@dataclasses.dataclass
class TotalDiffers(DomainError):
    """The total of a slip is not the sum of its criteria."""

    written: str
    total: str
    status = 422


@dataclasses.dataclass
class CriteriaMissing(DomainError):
    """The ballot's criteria do not all have a mark."""

    missing: tuple[str, ...]
    titles: tuple[Title, ...] = ()
    status = 422


@dataclasses.dataclass
class NeitherYesNorNo(DomainError):
    """A ballot of confidence is nought or the whole scale."""

    value: str
    scale: str
    status = 422


@dataclasses.dataclass
class SlipTwice(DomainError):
    """A counting sheet has a slip, or a member's ballot, twice."""

    slip: str
    status = 422


@dataclasses.dataclass
class BoxStaysClosed(DomainError):
    """Fewer ballots than the quorum came back: the box is not opened, and only the counts are kept."""

    returned: int
    needed: int
    status = 422


class MemberIsCandidate(DomainError):
    """Somebody who is heard does not sit on the panel."""

    status = 403


class CandidateGone(DomainError):
    """The candidate has left the competition or failed a part before, and is not heard."""


@dataclasses.dataclass
class HearingUnderWay(DomainError):
    """One candidate is heard at a time."""

    order_no: int


@dataclasses.dataclass
class BoxOpen(DomainError):
    """Ballots on another candidate are still given on screens: nothing is carried over to the next one."""

    order_no: int


@dataclasses.dataclass
class NotNext(DomainError):
    """Candidates are heard in the order of the lots; a recorded decision may call one out of turn."""

    order_no: int


class DeclarationUnsigned(DomainError):
    """Somebody else speaks for a member only from the member's signed declaration."""

    status = 403


@dataclasses.dataclass
class DeclarationIncomplete(DomainError):
    """A declaration says something of every candidate."""

    missing: int
    status = 422


class HearingNotConfirmed(DomainError):
    """A ballot is given by who confirms to have heard all of the hearing."""

    status = 422


class DisciplineUnsaid(DomainError):
    """A declaration says whether the member is under discipline, where the rules keep such people away."""

    status = 422


@dataclasses.dataclass
class RelationsOpen(DomainError):
    """Lots are drawn once every member has declared relations and answered what the comparison asks."""

    positions: tuple[int, ...]


@dataclasses.dataclass
class RelatedMembersSit(DomainError):
    """Nobody sits who is disciplined or related as the rules name it: others take these seats first."""

    positions: tuple[int, ...]


class QuestionsKeptBack(DomainError):
    """Who is related to a candidate, or has yet to declare, reads and approves no questions."""

    status = 403


class SeatTaken(DomainError):
    """The member has been replaced, or the substitute sits for somebody else."""


class HearingsBegun(DomainError):
    """A hearing has begun: the same people hear all, and enough are left, or one is on at this moment."""


class IsNext(DomainError):
    """The hearing needs no decision to be opened: it is next, or it is over."""
