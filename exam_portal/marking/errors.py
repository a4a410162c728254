# SPDX-License-Identifier: Apache-2.0
"""Why marking refuses an act. No refusal names a candidate, or the figure of another marker or typist."""

import dataclasses

from exam_portal.core.errors import DomainError
from scoring.ruleset import Title


class MarkerUnfit(DomainError):
    """Something stands against this marker and this bag. What it is, nobody who gives out bags is told.

    A relation to somebody whose script lies in the bag, a training that was not passed, a mark or a keying of
    one of its scripts under whatever code: were they told apart, the bag would say where a script lies.
    """

    status = 422


class BagTooSmall(DomainError):
    """So few scripts in a bag would tell whoever gives out bags where a script lies."""


class RelationDeclared(DomainError):
    """Since the bag was given a relation has been declared that stands against it; the marker is not told."""


class SignerHasConflict(DomainError):
    """A relation, or a script of one of this name, stands against the signature; which, nobody is told."""

    status = 422


class OwnKeying(DomainError):
    """Who has keyed a slip of a script knows a mark of it, and marks it no more; nor the other way round."""


class TypistTwice(DomainError):
    """Two people key a slip: two accounts of one name are not two people, as far as anybody can see."""


class TypistHasConflict(DomainError):
    """Who has declared a relation to a candidate of the competition keys no slip of it."""


class OwnBag(DomainError):
    """Nobody gives a bag to himself."""


class BagMarked(DomainError):
    """Every script has its mark of the round: there is nothing to take back."""


class RoundTaken(DomainError):
    """The bag has a marker for this round."""


class NothingNewToReport(DomainError):
    """There is a report of everything that is there, or one is being made."""


class RoundAtDesk(DomainError):
    """A marker has these typed scripts at a desk for this round: its marks are given there, not on slips.

    A slip would take a live script from the marker's list and leave the control scripts, and so tell them.
    """


class RoundOnSlips(DomainError):
    """Slips of this round of typed scripts have been keyed: its marks are given on slips, not at a desk."""


class RoundNotDue(DomainError):
    """A third marker comes after two marks differ."""


class NotAssigned(DomainError):
    """The bag is not assigned to this person."""

    status = 404


class AlreadyMarked(DomainError):
    """This script has its mark of this round; a wrong mark is superseded, by two people."""


class DraftsDiffer(DomainError):
    """The marker has saved another draft of this script on another page; both are kept."""


class HighlightsUnreadable(DomainError):
    """What the page says about highlighted passages does not fit the script."""

    status = 422


@dataclasses.dataclass
class PhraseLength(DomainError):
    """A phrase has some words, and is short."""

    most: int
    status = 422


@dataclasses.dataclass
class TooManyPhrases(DomainError):
    """A marker keeps a limited number of phrases."""

    most: int


class PhraseTells(DomainError):
    """A phrase holds a code, a long number or an address: it would tell of one candidate."""

    status = 422


class NotQualified(DomainError):
    """The part asks for a training that this marker has not passed."""

    status = 403


class TrainingScriptsMissing(DomainError):
    """A training is required only where there is a training script: nobody could pass it."""

    status = 422


class TrainingMarked(DomainError):
    """This training script has its mark of this try, or the training is over."""


class MarksLocked(DomainError):
    """The marks of the part are locked; only a third mark that a correction calls for may still come."""


@dataclasses.dataclass
class MarkOffStep(DomainError):
    """A mark lies on the step of the rule set, between nought and its maximum."""

    value: str
    step: str
    maximum: str
    criterion: str = ""  # of the rubric; none: the mark as a whole
    status = 422


@dataclasses.dataclass
class CriteriaMissing(DomainError):
    """The rubric's criteria do not all have a mark."""

    missing: tuple[str, ...]
    titles: tuple[Title, ...] = ()
    status = 422


@dataclasses.dataclass
class TotalDiffers(DomainError):
    """The total on the slip is not the sum of its criteria."""

    written: str
    total: str
    status = 422


class SlipUsed(DomainError):
    """A mark of another script or round already stands on this page."""

    status = 422


class NotASlip(DomainError):
    """The paper is no scan of mark slips."""

    status = 422


class SignerIsACode(DomainError):
    """A slip is signed by name: a typed code would count as the marker's at a desk."""

    status = 422


class SignerMarkedBefore(DomainError):
    """Somebody of this name signed another mark of this script, under any mask, or has it at the desk."""

    status = 422


@dataclasses.dataclass
class MarksMissing(DomainError):
    """The part cannot be locked: scripts lack marks, or marks that differ wait for a third.

    The counts are for the board, which shows them to whom they tell nothing; the words of the refusal do not.
    """

    unmarked: int
    waiting_for_third: int


class WitnessesMissing(DomainError):
    """A lot is drawn before witnesses, whose words are half of its seed."""

    status = 422


@dataclasses.dataclass
class TooFewMarkers(DomainError):
    """The markers who may be drawn do not suffice to give every bag to another person in every round."""

    missing: int  # with so many more, whom nothing keeps from any bag, the lot could be drawn
    untrained: int  # of those appointed, who have not passed a training that the part requires


class ReasonMissing(DomainError):
    """Who gives a bag by hand where a lot of the part is bound, or takes one back, says why."""

    status = 422


class LockNotAsked(DomainError):
    """One person asks for the lock, and another locks."""


class LockNeedsSecond(DomainError):
    """Who asked for the lock does not confirm it, signed in or on paper."""


class NotLocked(DomainError):
    """Marks are corrected after the lock; before it, the marker's own mark stands."""


class SamePerson(DomainError):
    """A correction is approved by a second person."""
