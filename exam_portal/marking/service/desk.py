# SPDX-License-Identifier: Apache-2.0
"""Marking at a desk: a bag is assigned, a mark is given once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, highlights, queries, slip_queries, standing
from exam_portal.marking.models import Assignment, Mark
from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.marking.service import common, drafts
from exam_portal.marking.standing import Need
from exam_portal.marking.training import controls
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView
from scoring.rounding import plain


def assign_bag(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    marker_id: int,
    round: int,
    reason: str = "",
) -> Assignment:
    """The whole bag belongs to the marker for this round, by hand.

    Refused where anything stands against the marker, in the same words whatever it is (MarkerUnfit). Once
    a secret for a lot of the part is bound, a choice by hand has a reason on record.
    """
    handover.hold_bag(session, bag.id)
    common.refuse_locked(session, bag, round)
    common.refuse_small(session, bag)
    if marker_id == common.account(actor):
        raise errors.OwnBag
    if round in queries.assigned_rounds(session, bag.id):
        raise errors.RoundTaken
    if round in slip_queries.rounds_on_slips(session, [bag]).get(bag.id, ()):
        raise errors.RoundOnSlips
    _refuse_idle_round(session, bag, round)
    _refuse_unfit(session, bag, marker_id, round)
    if not reason.strip() and queries.is_lot_bound(session, bag.competition_id, bag.part, bag.purpose):
        raise errors.ReasonMissing
    return hand_out(session, actor, now, bag=bag, marker_id=marker_id, round=round, reason=reason.strip())


def hand_out(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    marker_id: int,
    round: int,
    reason: str = "",
) -> Assignment:
    """The bag belongs to a marker whom every rule allows."""
    assignment = Assignment(
        bag_id=bag.id, round=round, marker_id=marker_id, reason=reason, by=common.account(actor), at=now
    )
    session.add(assignment)
    session.flush()
    told = {"bag": bag.label, "round": round, "marker": pseudonym(session, bag, marker_id)}
    common.record(session, actor, now, bag, "marking.assigned", {**told, "reason": audit.digest(reason)})
    return assignment


def unfit(session: Session, bag: BagView, account_ids: Collection[int], rounds: Collection[int]) -> set[int]:
    """Return who of these may not have the bag in these rounds; nobody is told why.

    Because of a relation or an own script, or as one who has marked or keyed a script of the bag under any
    code or name.
    """
    masks = queries.all_masks(session, handover.scripts(session, bag.id))
    known = queries.people_who_marked(session, masks) | slip_queries.typists(session, masks)
    signed = {name for one in rounds for name in queries.names_on(session, bag, masks, except_round=one)}
    people = handover.staff_names(session, account_ids)
    related = handover.conflicts(session, [bag], account_ids)[bag.id]
    return {
        account_id
        for account_id in account_ids
        if account_id in known | related
        or any(names.is_one_person(people.get(account_id, ""), one) for one in signed)
    }


def _refuse_unfit(session: Session, bag: BagView, marker_id: int, round: int) -> None:
    is_qualified = common.is_qualified(session, bag, marker_id)
    if unfit(session, bag, [marker_id], [round]) or not is_qualified:  # both are always looked at
        raise errors.MarkerUnfit


def take_back(
    session: Session, actor: Actor, now: datetime, *, bag: BagView, round: int, reason: str
) -> Assignment:
    """What is not marked of the bag is nobody's for this round, and can be given to somebody else.

    The marks that were given stand under the marker's code; the drafts are gone. Why is on record, or bags
    could be drawn and taken back until chance suits somebody. Refused where nothing is left to be marked.
    """
    handover.hold_bag(session, bag.id)
    common.refuse_locked(session, bag, round)
    assignment = session.scalar(
        select(Assignment).where(
            Assignment.bag_id == bag.id, Assignment.round == round, Assignment.taken_back_at.is_(None)
        )
    )
    if assignment is None:
        raise NotFound
    if not reason.strip():
        raise errors.ReasonMissing
    scripts = [script.id for script in handover.scripts(session, bag.id)]
    given = len(queries.own_marks(session, scripts, assignment.marker_id))
    if given and not _is_left(session, bag, round):
        raise errors.BagMarked
    assignment.taken_back_by, assignment.taken_back_at = common.account(actor), now
    assignment.taken_back_reason = reason.strip()
    hidden = controls.in_bag(session, bag, round, assignment.marker_id)
    drafts.forget_drafts(session, assignment.marker_id, [*scripts, *(script.id for script in hidden)])
    session.flush()
    facts = {"bag": bag.label, "round": round, "marker": pseudonym(session, bag, assignment.marker_id)}
    why = {"reason": audit.digest(reason.strip()), "marks": given}
    common.record(session, actor, now, bag, "marking.taken_back", {**facts, **why})
    return assignment


def _is_left(session: Session, bag: BagView, round: int) -> bool:
    """Whether a script of the bag waits for a mark of this round."""
    if round == 3:
        return bool(queries.needing(session, bag.id, common.rule_of(session, bag), Need.THIRD))
    marks = queries.marks_of_bag(session, bag.id)
    return any(round not in queries.values(entries) for entries in marks.values())


def give_mark(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    script: MaskedScriptView,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    comment: str = "",
    sheet: drafts.Sheet | None = None,
) -> Mark:
    """The marker's mark of this script stands, unseen by the other round; nobody changes it any more.

    A relation that was declared after the bag was given stops the marker, too. Given from a page of the desk
    (``sheet``), it is refused where another page has saved a draft since, and keeps the passages highlighted.
    """
    handover.hold_bag(session, bag.id)
    rule = common.rule_of(session, bag)
    round_ = common.require_may_mark(session, actor, bag, script)
    total = standing.checked_value(rule, value, scores)
    common.refuse_early(session, bag, script, rule, round_)
    if sheet is not None:
        drafts.refuse_older(session, actor, script, sheet)
        _check_passages(session, script, sheet)
    mark = Mark(
        masked_script_id=script.id,
        round=round_,
        kind="remark" if bag.is_review else "mark",
        value=plain(total),
        scores={key: plain(score) for key, score in scores.items()},
        comment=comment,
        highlights=[dict(one) for one in sheet.highlights] if sheet is not None else [],
        signer=pseudonym(session, bag, common.account(actor)),
        marker_id=common.account(actor),
        at=now,
    )
    session.add(mark)
    drafts.forget_drafts(session, common.account(actor), [script.id])
    session.flush()
    common.record_mark(session, actor, now, bag, script, mark)
    return mark


def _refuse_idle_round(session: Session, bag: BagView, round: int) -> None:
    rule = common.rule_of(session, bag)
    if round == 2 and rule.rounds < 2:
        raise errors.RoundNotDue
    if round == 3 and not queries.needing(session, bag.id, rule, Need.THIRD):
        raise errors.RoundNotDue


def _check_passages(session: Session, script: MaskedScriptView, sheet: drafts.Sheet) -> None:
    """The passages lie in the answers of the script; only a sheet that has some asks for the text."""
    if sheet.highlights:
        texts = [answer.text for answer in handover.content(session, script.id).answers]
        highlights.require_within(highlights.of(sheet.highlights), texts)
