# SPDX-License-Identifier: Apache-2.0
"""Why papers refuse an act."""

import dataclasses
import enum
from collections.abc import Collection
from datetime import datetime

from exam_portal.core.errors import DomainError


class PaperExists(DomainError):
    """The part has a paper of this kind."""


class WrongContent(DomainError):
    """The act belongs to a paper whose content is held elsewhere (or in the portal)."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What the bank lacks: for a cell (topic, level, band), or for the whole where all are empty.

    ``need`` and ``have`` are places of all forms together. A mean ``difficulty`` that cannot be reached comes
    with the ``nearest`` one, and questions that were named for every form with how many they are.
    """

    topic: str
    level: str
    need: int
    have: int
    difficulty: str = ""
    nearest: str = ""
    low: str = ""  # bounds of a band of difficulty
    high: str = ""
    included: int = 0
    is_sealed: bool = False  # topic and level are those of restricted items only, and not told here

    def told_in_the_open(self, sealed: Collection[tuple[str, str]]) -> "Lack":
        """Return the same without the names of these places."""
        if (self.topic, self.level) not in sealed:
            return self
        return dataclasses.replace(self, topic="", level="", is_sealed=True)


@dataclasses.dataclass
class BankLacks(DomainError):
    """The approved items do not suffice for the blueprint: which cells lack how many.

    ``without`` names the rules each of which, if it gave way, would let the forms be; fewer might do than are
    told where they are not the ``least``.
    """

    missing: tuple[Lack, ...]
    resting: int = 0  # items that were left out because they were held too often or lately
    without: tuple[str, ...] = ()
    least: bool = True
    paper: str = ""  # its kind
    status = 422


class NotFoundInTime(DomainError):
    """The search came to its limit without an answer: that there are no such forms is not proved."""

    status = 503


class AssemblyFailed(DomainError):
    """The program that seeks the forms ended without an answer; nothing was kept."""

    status = 503


@dataclasses.dataclass
class NotApproved(DomainError):
    """These codes are not among the approved items that fit the part."""

    codes: tuple[str, ...]
    status = 422


class NamedBar(enum.Enum):
    """What keeps a question out that was asked for by name."""

    LEFT_OUT = "left_out"
    RESERVE = "reserve"
    FORMS = "forms"
    SHARED = "shared"
    TOO_MANY = "too_many"
    ENEMIES = "enemies"
    NO_DIFFICULTY = "no_difficulty"
    COUNTS = "counts"
    BANDS = "bands"


@dataclasses.dataclass
class NamedUnfit(DomainError):
    """These questions were asked for by name, and something else that is asked for keeps them out."""

    codes: tuple[str, ...]
    bar: NamedBar
    status = 422


class DrawRunning(DomainError):
    """A draw for this part is under way; what is asked is changed after it has ended."""


class DrawBegun(DomainError):
    """The witnesses have added their words to this draw: nobody adds others."""


class DrawSuperseded(DomainError):
    """What the paper is to be has been stated anew since."""


class NoWitness(DomainError):
    """A draw is begun before witnesses, who are named."""

    status = 422


@dataclasses.dataclass
class WordsTooShort(DomainError):
    """The witnesses add words or numbers that nobody guesses."""

    fewest: int
    status = 422


class NotRunning(DomainError):
    """No run of the draw is under way that could be given up."""


class NotRepeatable(DomainError):
    """Only a run that ended without an answer is repeated."""


class OtherPaperDivided(DomainError):
    """The keys of the part's other paper are in shares: what it holds can no longer be kept apart from."""


class OtherPaperSince(DomainError):
    """The part's other paper was drawn after this draw was prepared: what is asked is counted anew."""


class NamedBesideOther(DomainError):
    """Beside the part's other paper no question is asked for by name, and no mean difficulty."""

    status = 422


@dataclasses.dataclass
class BesideOther(DomainError):
    """The bank is too small to draw a second paper of the part, whatever the other one holds."""

    missing: tuple[Lack, ...]
    status = 422


@dataclasses.dataclass
class NoChance(DomainError):
    """Nothing would be left to chance: no more questions may be drawn than are needed."""

    missing: tuple[Lack, ...]
    status = 422


class AlreadyDrawn(DomainError):
    """The forms of this paper have been drawn."""


class NotDrawn(DomainError):
    """Nothing has been drawn that could be sealed."""


class PoolChanged(DomainError):
    """The pool of approved items changed while the paper was drawn: draw again."""


class AlreadySealed(DomainError):
    """This officer has sealed the paper; another one has to be the second."""


class OwnErratum(DomainError):
    """Who wrote a correction does not approve it: another person does."""


class ErratumApproved(DomainError):
    """The correction is a version of the paper already."""


class ErratumDropped(DomainError):
    """The correction was given up before anybody approved it: write another one."""


class NoSuchQuestion(DomainError):
    """The bank of the paper holds no such question, or none of the opened forms that were chosen does."""

    status = 422


class NothingCorrected(DomainError):
    """No correction touches a booklet of this paper: there is no sheet of corrections."""


class NotWithdrawable(DomainError):
    """Only a correction that was approved is withdrawn, and once."""


class SealedOtherwise(DomainError):
    """What the officer saw is not what was drawn."""


class NotSealed(DomainError):
    """A paper is opened after two officers have sealed it."""


@dataclasses.dataclass
class TooEarly(DomainError):
    """The key of a paper is not released before the start of its sitting."""

    opens_at: datetime


class NotAnnounced(DomainError):
    """A paper is drawn after the notice has frozen the rules."""


@dataclasses.dataclass
class NotYetTime(DomainError):
    """A paper is drawn and sealed only shortly before the sitting that uses it."""

    ready_from: datetime


class SealedAlready(DomainError):
    """The keys of a paper go into shares before anybody seals it."""


class AlreadySplit(DomainError):
    """The keys of this paper are in shares."""


class NoHolders(DomainError):
    """Shares need at least as many different officers as open the paper together, and at least two."""

    status = 422


class NoShare(DomainError):
    """This officer holds no share of the paper that could be copied."""


class ShareDiffers(DomainError):
    """The words are not the share that this officer was given."""

    status = 422


@dataclasses.dataclass
class SharesWait(DomainError):
    """A paper is sealed after every holder has copied the share."""

    count: int


class NoSitting(DomainError):
    """No sitting uses the paper: nobody can say when it may be opened."""


class AlreadyReleased(DomainError):
    """This officer has given the word; another one has to be the second."""


class PaperLocked(DomainError):
    """The paper has not been opened: nobody reads it yet."""


class KeysDivided(DomainError):
    """The keys of this paper lie with its officers: it is printed after they have opened it at the start."""


class NotOnPaper(DomainError):
    """Only the paper of a part that is held on paper is printed before its start."""


class AlreadyAllowed(DomainError):
    """This member has given the word to print; another member of the board has to be the second."""


class Started(DomainError):
    """The start has come: the paper is opened, not allowed to be printed beforehand."""


class NotAllowedToPrint(DomainError):
    """Before the start only the two members print who have given their word."""


class SittingsGoOn(DomainError):
    """The key is not told while a sitting that uses the paper has not ended, or none was held."""


@dataclasses.dataclass
class SittingsToCome(DomainError):
    """A paper is not revealed while a sitting of its part has not ended; the last of them starts then."""

    count: int
    last_starts_at: datetime


class RevealedAlready(DomainError):
    """This officer has given the word to reveal the paper, or it is revealed."""


class PaperRevealed(DomainError):
    """No later sitting uses a paper that was revealed."""


class SealBroken(DomainError):
    """The sealed bytes are not what was committed to: the start is stopped."""


class LabelTaken(DomainError):
    """An envelope of this label is registered."""


class SealNumberTaken(DomainError):
    """A seal of this number closes another envelope of the competition."""


class NotYetHappened(DomainError):
    """The time lies ahead."""

    status = 422


class BeforeSealed(DomainError):
    """The time lies before the envelope was sealed, or before what is on record of it."""

    status = 422


class SealNotRead(DomainError):
    """The number on the seal has to be read."""

    status = 422


class SealUnexplained(DomainError):
    """The seal was broken, or not the one that closed the envelope, and nobody has said why."""

    status = 422


class TwoCandidates(DomainError):
    """Two different candidates who sit there see the seal before it is broken."""

    status = 422


class WrongEnvelopeEvent(DomainError):
    """This cannot happen to an envelope in the state in which it is."""
