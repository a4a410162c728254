# SPDX-License-Identifier: Apache-2.0
"""Why an act on a competition is refused."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from exam_portal.competitions.models import MilestoneKind
from exam_portal.core.errors import DomainError


@dataclasses.dataclass
class NotADraft(DomainError):
    """The competition has been submitted, approved or announced; its draft does not change any more."""

    state: str


@dataclasses.dataclass
class DraftIncomplete(DomainError):
    """The draft cannot go to the chair yet; the codes say what is missing (``messages.MISSING``)."""

    missing: Sequence[str]
    status = 422


@dataclasses.dataclass
class MilestoneRefused(DomainError):
    """The competition cannot reach this yet (or not again): what must come first is named."""

    kind: MilestoneKind
    needs: Sequence[tuple[MilestoneKind, str]] = ()
    reason: str = ""  # "again" | "over"; empty: something must come first


@dataclasses.dataclass
class TooEarly(DomainError):
    """The act has its time, and it has not come."""

    kind: MilestoneKind
    not_before: datetime


class CodeTaken(DomainError):
    """Another competition of the organisation, or another vacancy of the competition, has this code."""

    status = 422


class RehearsalsOff(DomainError):
    """This installation does not allow rehearsals."""

    status = 403


class NotARehearsal(DomainError):
    """Only the clock of a rehearsal can be moved."""


class ApproverIsCreator(DomainError):
    """Whoever made the competition cannot be the one who approves it."""


class PaperRequired(DomainError):
    """This can only be recorded from a signed paper."""

    status = 422


@dataclasses.dataclass
class BadParameter(DomainError):
    """A parameter of a criterion is missing or does not fit its kind."""

    name: str
    status = 422


@dataclasses.dataclass
class BadDecision(DomainError):
    """What a decision says does not fit its kind: the fields are named."""

    fields: Sequence[str]
    status = 422


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A field of a decision that does not fit, and what would be right (words: ``messages.FAULTS``)."""

    field: str
    code: str
    right: Sequence[Any] = ()


@dataclasses.dataclass
class UnfitDecision(DomainError):
    """The rules, the candidates or the marks leave nothing to decide like this: each fault with its field."""

    faults: Sequence[Fault]
    status = 422


class NothingToRevoke(DomainError):
    """A decision is taken back by replacing it."""

    status = 422


class AlreadySuperseded(DomainError):
    """Another decision has taken the place of this one already."""


class WindowTurned(DomainError):
    """The period for applications would end before it begins."""

    status = 422


class AlreadyDeclared(DomainError):
    """This relation has been declared already."""


class ModeNotAllowed(DomainError):
    """A part of this kind cannot be held in this way."""

    status = 422


@dataclasses.dataclass
class WindowShortened(DomainError):
    """An announced period for applications may only be prolonged."""

    closes_at: datetime
    status = 422


@dataclasses.dataclass
class WindowOver(DomainError):
    """The period for applications has ended before the notice; its dates must be set anew."""

    closes_at: datetime
