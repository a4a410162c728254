# SPDX-License-Identifier: Apache-2.0
"""The order of a competition: what may follow what. A pure function of what has been reached.

A kind that happens once has the occurrence ``""``; the masks of a part have the part's key; what can happen
again is numbered from "1".
"""

import dataclasses
from collections.abc import Sequence

from exam_portal.competitions.errors import MilestoneRefused
from exam_portal.competitions.models import MilestoneKind as Kind

Reached = Sequence[tuple[Kind, str]]  # in the order in which they were reached

DRAFTING = (Kind.SUBMITTED, Kind.RETURNED, Kind.APPROVED)
NUMBERED = frozenset({*DRAFTING, Kind.AMENDED, Kind.PUBLISHED})
PER_PART = frozenset({Kind.MARKS_LOCKED, Kind.UNMASKED})
STAGES = (
    Kind.ANNOUNCED,
    Kind.REGISTRATION_CLOSED,
    Kind.LIST_APPROVED,
    Kind.SUMMONED,
    Kind.MARKS_POSTED,
    Kind.REVIEWS_CLOSED,
    Kind.OPINION_RECORDED,
    Kind.RECOGNISED,
)
PUBLICATION = (Kind.MARKS_POSTED, Kind.REVIEWS_CLOSED, Kind.OPINION_RECORDED, Kind.RECOGNISED, Kind.PUBLISHED)
AGAIN_AFTER_PUBLICATION = frozenset({Kind.OPINION_RECORDED, Kind.RECOGNISED})
AFTER_END = {Kind.ANNULLED: frozenset({Kind.ARCHIVED}), Kind.ARCHIVED: frozenset[Kind]()}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What of the rule set bears on the order: parts with masked scripts, and the steps to publication."""

    masked_parts: Sequence[str] = ()
    publication: Sequence[Kind] = PUBLICATION


def check(kind: Kind, occurrence: str, reached: Reached, course: Course) -> None:
    """Raise MilestoneRefused, naming what is missing, unless the competition may reach this now."""
    _refuse_after_end(kind, reached)
    if (kind, occurrence) in reached:
        raise MilestoneRefused(kind, reason="again")
    if kind in AGAIN_AFTER_PUBLICATION:
        _refuse_repeat(kind, reached)
    missing = [need for need in needs(kind, occurrence, reached, course) if need not in reached]
    if missing:
        raise MilestoneRefused(kind, needs=missing)
    _check_draft(kind, reached)


def may_reach(kind: Kind, occurrence: str, reached: Reached, course: Course) -> bool:
    """Whether ``check`` would let it pass."""
    try:
        check(kind, occurrence, reached, course)
    except MilestoneRefused:
        return False
    return True


def next_occurrence(kind: Kind, reached: Reached) -> str:
    """Return the occurrence of the next milestone of this kind: a number where it may happen again."""
    count = sum(found is kind for found, _ in reached)
    if kind in NUMBERED:
        return str(1 + max((int(n) for found, n in reached if found is kind), default=0))
    if kind in AGAIN_AFTER_PUBLICATION and count:
        return str(count + 1)
    return ""


def needs(kind: Kind, occurrence: str, reached: Reached, course: Course) -> list[tuple[Kind, str]]:
    """Return what must have been reached before this, the earliest first."""
    if kind in DRAFTING:
        return []
    if kind is Kind.ANNOUNCED:
        return [(Kind.APPROVED, _last(Kind.APPROVED, reached) or "1")]
    if kind in PER_PART:
        locked = [(Kind.MARKS_LOCKED, occurrence)] if kind is Kind.UNMASKED else []
        return [*_stages_before(Kind.MARKS_POSTED), *locked]
    if kind in {Kind.AMENDED, Kind.ANNULLED}:
        return [(Kind.ANNOUNCED, "")]
    if kind is Kind.ARCHIVED:
        ended = [found for found in reached if found[0] in {Kind.PUBLISHED, Kind.ANNULLED}]
        return ended[:1] or [(Kind.PUBLISHED, "1")]
    return _before_later_stage(kind, course)


def in_draft(reached: Reached) -> bool:
    """Whether the draft may be changed: never submitted, or sent back since."""
    last = _last_of(DRAFTING, reached)
    return last is None or last is Kind.RETURNED


def is_approved(reached: Reached) -> bool:
    """Whether the chair's last word is an approval."""
    return _last_of(DRAFTING, reached) is Kind.APPROVED


def state(reached: Reached) -> str:
    """Return the state: ``draft``, or the last milestone that is a stage (amendments and masks are not)."""
    for kind, _ in reversed(reached):
        if kind is Kind.RETURNED:
            return "returned"
        if kind not in PER_PART and kind is not Kind.AMENDED:
            return kind.value
    return "draft"


def _before_later_stage(kind: Kind, course: Course) -> list[tuple[Kind, str]]:
    if kind in STAGES[: STAGES.index(Kind.MARKS_POSTED)]:
        return _stages_before(kind)
    steps = course.publication
    earlier = list(steps[: steps.index(kind)]) if kind in steps else _standard_before(kind, steps)
    unmasked = [(Kind.UNMASKED, part) for part in course.masked_parts]
    return [*_stages_before(Kind.MARKS_POSTED), *unmasked, *((step, "") for step in earlier)]


def _standard_before(kind: Kind, steps: Sequence[Kind]) -> list[Kind]:
    """A step that the rule set leaves out may still be taken, after those before it that it names."""
    return [step for step in PUBLICATION[: PUBLICATION.index(kind)] if step in steps]


def _stages_before(kind: Kind) -> list[tuple[Kind, str]]:
    return [(stage, "") for stage in STAGES[: STAGES.index(kind)]]


def _check_draft(kind: Kind, reached: Reached) -> None:
    """A draft goes to the chair, who approves it or sends it back, until it is announced."""
    last = _last_of(DRAFTING, reached)
    if kind is Kind.SUBMITTED and not in_draft(reached):
        raise MilestoneRefused(kind, reason="again")
    if kind is Kind.APPROVED and last is not Kind.SUBMITTED:
        raise MilestoneRefused(kind, needs=[(Kind.SUBMITTED, "")])
    if kind is Kind.RETURNED and last not in {Kind.SUBMITTED, Kind.APPROVED}:
        raise MilestoneRefused(kind, needs=[(Kind.SUBMITTED, "")])
    if kind in DRAFTING and (Kind.ANNOUNCED, "") in reached:
        raise MilestoneRefused(kind, reason="over")
    if kind is Kind.ANNOUNCED and last is not Kind.APPROVED:
        raise MilestoneRefused(kind, needs=[(Kind.APPROVED, "")])


def _refuse_after_end(kind: Kind, reached: Reached) -> None:
    for ended, allowed in AFTER_END.items():
        if any(found is ended for found, _ in reached) and kind not in allowed:
            raise MilestoneRefused(kind, reason="again" if kind is ended else "over")


def _refuse_repeat(kind: Kind, reached: Reached) -> None:
    """An opinion or a recognition comes again only for a publication that supersedes one."""
    kinds = [found for found, _ in reached if found in {kind, Kind.PUBLISHED}]
    if kinds and kinds[-1] is kind:
        raise MilestoneRefused(kind, reason="again")


def _last(kind: Kind, reached: Reached) -> str | None:
    return next((occurrence for found, occurrence in reversed(reached) if found is kind), None)


def _last_of(kinds: Sequence[Kind], reached: Reached) -> Kind | None:
    return next((found for found, _ in reversed(reached) if found in kinds), None)
