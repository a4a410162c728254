# SPDX-License-Identifier: Apache-2.0
"""What a marker has in hand: bags, their scripts in the own order, and what is still to be done."""

import dataclasses
from collections.abc import Mapping, Sequence

from exam_portal.core.db import Session
from exam_portal.marking import order, queries
from exam_portal.marking.models import Mark
from exam_portal.marking.presentation import rule_of, title_of
from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.marking.standing import Need
from exam_portal.marking.training import controls
from exam_portal.marking.training import queries as training
from exam_portal.marking.training.models import TrainingMark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One script on a marker's list."""

    script: MaskedScriptView
    state: str  # open | draft | done
    mark: Mark | TrainingMark | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnBag:
    """One bag on a marker's home page."""

    bag: BagView
    round: int
    code: str  # by which this marker is known there
    title: Mapping[str, str]
    count: int  # scripts to mark in this round
    done: int
    is_locked: bool
    is_qualified: bool  # or the part asks for no training


def own_bags(session: Session, account_id: int) -> list[OwnBag]:
    """Return the bags in this person's hands, the unfinished first."""
    rounds = queries.rounds_of(session, account_id)
    found = [
        _own(session, bag, rounds[bag.id], account_id) for bag in handover.bags_by_id(session, set(rounds))
    ]
    return sorted(found, key=lambda one: (one.done >= one.count, one.bag.competition_code, one.bag.label))


def trainings(session: Session, account_id: int, bags: Sequence[BagView]) -> list[BagView]:
    """Return one bag of each part whose training this person has yet to pass before being given any."""
    parts = {(bag.competition_id, bag.part): bag for bag in bags if not bag.is_review}
    return [
        bag
        for (where, part), bag in parts.items()
        if not training.may_mark_live(session, where, part, account_id)
    ]


def handed_back(session: Session, account_id: int) -> list[BagView]:
    """Return the bags of which this person has marked a part before the rest was taken back."""
    bags = handover.bags_by_id(session, set(queries.handed_back(session, account_id)))
    given = {bag_id for bag_id, _, marker in queries.marks_given(session, bags) if marker == account_id}
    return [bag for bag in bags if bag.id in given]


def tasks(session: Session, bag: BagView, round_: int, account_id: int) -> list[Task]:
    """Return what this person has to mark in the bag; in the third round only scripts whose marks differ.

    What somebody had marked before the rest of the bag went to this person is not among it.
    """
    hidden = controls.in_bag(session, bag, round_, account_id)
    at_desk = (*handover.scripts_at_desk(session, bag, round_), *hidden)
    by_code = sorted(at_desk, key=lambda one: one.mask_code)
    scripts = order.shuffled(session, bag, round_, account_id, by_code)
    ids = [script.id for script in scripts]
    own, drafts = queries.own_marks(session, ids, account_id), queries.drafts(session, ids, account_id)
    marked = queries.marked_by_others(session, ids, round_, account_id)
    scripts = [script for script in scripts if script.id not in marked]
    if round_ == 3:
        rule = rule_of(handover.brief(session, bag.id), bag)
        due = queries.needing(session, bag.id, rule, Need.THIRD) | set(own)
        scripts = [script for script in scripts if script.id in due]
    given: dict[int, Mark | TrainingMark] = {**own, **controls.marks(session, hidden, account_id)}
    return [
        Task(script=script, state=_state(script.id, given, drafts), mark=given.get(script.id))
        for script in scripts
    ]


def is_closed(session: Session, bag: BagView, round_: int) -> bool:
    """Whether the lock of the part lets no mark of this round come any more."""
    return round_ < 3 and queries.is_locked(session, bag.competition_id, bag.part, bag.purpose)


def may_sign(session: Session, bag: BagView, round_: int, found: Sequence[Task]) -> bool:
    """Whether the marker's slips can be printed: the whole list is marked, or can be marked no more.

    The list holds control scripts. One that waited when the part was locked waits for ever, and the marks
    beside it are signed all the same; an empty list is nobody's work.
    """
    if all(task.state == "done" for task in found):
        return bool(found)
    return any(isinstance(task.mark, Mark) for task in found) and is_closed(session, bag, round_)


def _own(session: Session, bag: BagView, round_: int, account_id: int) -> OwnBag:
    found = tasks(session, bag, round_, account_id)
    done = sum(task.state == "done" for task in found)
    return OwnBag(
        bag=bag,
        round=round_,
        code=pseudonym(session, bag, account_id),
        title=title_of(handover.brief(session, bag.id), bag.part),
        count=len(found),
        done=done,
        is_locked=queries.is_locked(session, bag.competition_id, bag.part, bag.purpose)
        and (round_ < 3 or done >= len(found)),
        is_qualified=bag.is_review
        or training.may_mark_live(session, bag.competition_id, bag.part, account_id),
    )


def _state(masked_id: int, own: Mapping[int, Mark | TrainingMark], drafts: set[int]) -> str:
    if masked_id in own:
        return "done"
    return "draft" if masked_id in drafts else "open"
