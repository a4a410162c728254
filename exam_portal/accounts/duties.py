# SPDX-License-Identifier: Apache-2.0
"""Which duties one person may not hold together (separation of duties, domain 2.3), as data.

The installation's technical default: who knows the questions does not watch, mask or mark; who watches or
masks the scripts does nothing else with them; who marks does not re-mark; who gives out the bags and reads
the locked marks marks nothing; who supervises takes no part. Typists may mark, in a ward with few people:
that nobody keys and marks one script is held script by script (docs/marking.md).
"""

import dataclasses
import enum
from collections.abc import Iterable, Mapping
from itertools import product

from exam_portal.core.actors import Role


class Reason(enum.StrEnum):
    """Why two duties exclude each other."""

    KNOWS_QUESTIONS = "knows_questions"  # who has seen the questions could help or recognise a candidate
    WATCHES_ROOM = "watches_room"  # who watched the room knows who wrote which script
    HOLDS_MASKS = "holds_masks"  # who holds the mask codes can name the writer of every script
    MARKED_BEFORE = "marked_before"  # nobody re-marks what he or a colleague of his board has marked
    RUNS_MARKING = "runs_marking"  # who gives out bags and reads locked marks could choose what he marks
    COUNCIL_MARKS = "council_marks"  # this organiser keeps council and markers apart
    SUPERVISES = "supervises"  # who supervises takes no part in what is supervised


class Duty(enum.StrEnum):
    """The rows and columns of the matrix: roles that count as one."""

    SETTING = "setting"
    INVIGILATION = "invigilation"
    MASKING = "masking"
    MARKING = "marking"
    REVIEW = "review"
    DIRECTION = "direction"  # chair and secretary: of the council, and in charge of the marking
    COUNCIL = "council"
    OVERSIGHT = "oversight"
    OFFICE = "office"  # organisers, vetting, counter, typists, the authority: apart from oversight only


DUTIES: Mapping[Role, Duty] = {
    Role.SETTING_BOARD: Duty.SETTING,
    Role.INVIGILATOR: Duty.INVIGILATION,
    Role.MASKING_BOARD: Duty.MASKING,
    Role.MARKER: Duty.MARKING,
    Role.REVIEW_BOARD: Duty.REVIEW,
    Role.CHAIR: Duty.DIRECTION,
    Role.SECRETARY: Duty.DIRECTION,
    Role.COUNCIL: Duty.COUNCIL,
    Role.OVERSIGHT: Duty.OVERSIGHT,
    Role.ADMINISTRATOR: Duty.OFFICE,
    Role.ORGANISER: Duty.OFFICE,
    Role.COUNTER: Duty.OFFICE,
    Role.AUTHORITY: Duty.OFFICE,
    Role.VETTING_BOARD: Duty.OFFICE,
    Role.TYPIST: Duty.OFFICE,
}

FORBIDDEN: Mapping[frozenset[Duty], Reason] = {
    frozenset({Duty.SETTING, Duty.INVIGILATION}): Reason.KNOWS_QUESTIONS,
    frozenset({Duty.SETTING, Duty.MASKING}): Reason.KNOWS_QUESTIONS,
    frozenset({Duty.SETTING, Duty.MARKING}): Reason.KNOWS_QUESTIONS,
    frozenset({Duty.SETTING, Duty.REVIEW}): Reason.KNOWS_QUESTIONS,
    frozenset({Duty.INVIGILATION, Duty.MASKING}): Reason.WATCHES_ROOM,
    frozenset({Duty.INVIGILATION, Duty.MARKING}): Reason.WATCHES_ROOM,
    frozenset({Duty.INVIGILATION, Duty.REVIEW}): Reason.WATCHES_ROOM,
    frozenset({Duty.INVIGILATION, Duty.COUNCIL}): Reason.WATCHES_ROOM,
    frozenset({Duty.INVIGILATION, Duty.DIRECTION}): Reason.WATCHES_ROOM,
    frozenset({Duty.MASKING, Duty.MARKING}): Reason.HOLDS_MASKS,
    frozenset({Duty.MASKING, Duty.REVIEW}): Reason.HOLDS_MASKS,
    frozenset({Duty.MASKING, Duty.COUNCIL}): Reason.HOLDS_MASKS,
    frozenset({Duty.MASKING, Duty.DIRECTION}): Reason.HOLDS_MASKS,
    frozenset({Duty.MARKING, Duty.REVIEW}): Reason.MARKED_BEFORE,
    frozenset({Duty.DIRECTION, Duty.MARKING}): Reason.RUNS_MARKING,
    frozenset({Duty.DIRECTION, Duty.REVIEW}): Reason.RUNS_MARKING,
    **{frozenset({Duty.OVERSIGHT, duty}): Reason.SUPERVISES for duty in Duty if duty is not Duty.OVERSIGHT},
}

# What a small body cannot always staff, by signed document: a council member who watches the room, and a
# chair or secretary who marks (never a review, and no bag of his own giving).
EXCEPTIONS = frozenset(
    {
        frozenset({Duty.INVIGILATION, Duty.COUNCIL}),
        frozenset({Duty.INVIGILATION, Duty.DIRECTION}),
        frozenset({Duty.DIRECTION, Duty.MARKING}),
    }
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two duties that exclude each other."""

    held: Role
    new: Role
    reason: Reason

    @property
    def may_be_excepted(self) -> bool:
        """Whether a signed document can allow this pair."""
        return frozenset({DUTIES[self.held], DUTIES[self.new]}) in EXCEPTIONS


def forbidden_pair(held: Iterable[Role], new: Role, *, council_may_mark: bool = True) -> Conflict | None:
    """Return the first duty held that excludes the new one, or None: the combination is allowed.

    One that no document can except comes before one that a document can.
    """
    found = [
        Conflict(held=role, new=new, reason=reason)
        for role in sorted(set(held))
        if (reason := _reason(DUTIES[role], DUTIES[new], council_may_mark)) is not None
    ]
    return min(found, key=lambda conflict: conflict.may_be_excepted, default=None)


def matrix(*, council_may_mark: bool = True) -> Mapping[tuple[Role, Role], Reason]:
    """Return every ordered pair of roles that is refused, with the reason; for documents and tests."""
    pairs = ((a, b, _reason(DUTIES[a], DUTIES[b], council_may_mark)) for a, b in product(Role, Role))
    return {(a, b): reason for a, b, reason in pairs if reason is not None}


def _reason(one: Duty, other: Duty, council_may_mark: bool) -> Reason | None:
    pair = frozenset({one, other})
    if Duty.MARKING in pair and pair & {Duty.COUNCIL, Duty.DIRECTION} and not council_may_mark:
        return Reason.COUNCIL_MARKS
    return FORBIDDEN.get(pair)
