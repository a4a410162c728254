# SPDX-License-Identifier: Apache-2.0
"""Why results refuse an act."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from exam_portal.core.errors import DomainError
from scoring.reading import Problem


@dataclasses.dataclass
class MarksNotLocked(DomainError):
    """Masks are lifted, and results computed, after the marks of the part are locked."""

    part: str


class SamePerson(DomainError):
    """The act needs two different people."""


class WitnessFromMaskingBoard(DomainError):
    """The witness belongs to another board than those who hold the masks."""


@dataclasses.dataclass
class CountsDiffer(DomainError):
    """As many scripts come out of the masks as were marked and locked, or nothing is lifted."""

    masked: int
    locked: int


class AlreadyUnmasked(DomainError):
    """The masks of this part have been lifted."""


@dataclasses.dataclass
class NotUnmasked(DomainError):
    """The results of a part are not computed before its masks are lifted."""

    part: str


@dataclasses.dataclass
class MarksUnusable(DomainError):
    """What was marked or decided contradicts the rules: each mistake with its place in the input.

    ``minutes``: the numbers of the documents of the decisions, in the order of the input.
    """

    problems: Sequence[Problem]
    minutes: Sequence[str] = ()


class NothingChanged(DomainError):
    """The run would say what the last run says: there is no reason for a new one."""


@dataclasses.dataclass
class RunMissing(DomainError):
    """Every vacancy needs a run before anything is prepared for publication."""

    vacancy: str


@dataclasses.dataclass
class RunPending(DomainError):
    """Results are recognised and published when nothing is pending: these vacancies wait."""

    vacancies: tuple[str, ...]


@dataclasses.dataclass
class RunOutdated(DomainError):
    """Marks or decisions have changed since the run: compute again."""

    vacancy: str


class RecognitionOutdated(DomainError):
    """The result has changed since it was recognised: it needs a new decision."""


class NothingToPublish(DomainError):
    """The last publication of this kind already says all this."""


class PublicationWaiting(DomainError):
    """A prepared publication waits for its approvals; it is approved or discarded first."""


class AlreadyApproved(DomainError):
    """This approver has given the word; another one has to be the second."""


@dataclasses.dataclass
class SignerHasApproved(DomainError):
    """Whoever gives the word has given it before: two different people approve, on paper or signed in."""

    signer: str


@dataclasses.dataclass
class SignerIsPreparer(DomainError):
    """Whoever prepares a publication, or files an approval of it, is not the one who approves it."""

    signer: str


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


class NothingRecorded(DomainError):
    """The log of the competition is empty or unsigned: there is nothing to hand over yet."""


class TooFewJudges(DomainError):
    """A standard is set by at least two judges."""

    status = 422


class JudgeHasSpoken(DomainError):
    """Only a judge who has given nothing in the open round is excused."""

    status = 409


class NotHeldYet(DomainError):
    """The form is shown to judges after every sitting that uses it has ended."""

    status = 409


class EstimateIncomplete(DomainError):
    """Every item has an estimate from 0 to 100, or (Ebel) a cell, and every cell a share from 0 to 100."""

    status = 422


class RoundClosed(DomainError):
    """This judge has given the estimates of the round, or the round is over."""

    status = 409


class RoundRuns(DomainError):
    """The last round is not computed yet, the rounds are used up, or the standard is concluded."""

    status = 409


class NothingToAnalyse(DomainError):
    """The tests of the part are not marked, or the analysis of these marks is there already."""

    status = 409


class EffectChanged(DomainError):
    """What the correction would change is not what the approver was shown."""

    status = 409


class RecognisedUnpublished(DomainError):
    """A recognised result waits for its publication: until then nothing of it is changed."""

    status = 409
