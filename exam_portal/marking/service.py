# SPDX-License-Identifier: Apache-2.0
"""Verbs of marking: assign a bag, give a mark, key a slip twice, lock, correct with two."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, queries, standing
from exam_portal.marking.models import Assignment, Keying, Mark, MarkDraft, MarkLock
from exam_portal.marking.standing import Need, Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView
from scoring.rounding import plain


def assign_bag(
    session: Session, actor: Actor, now: datetime, *, bag: BagView, marker_id: int, round: int
) -> Assignment:
    """The whole bag belongs to the marker for this round.

    Refused where the marker has marked a script of the bag under any code, or has declared a relation.
    """
    handover.hold_bag(session, bag.id)
    _refuse_locked(session, bag)
    if handover.may_take(session, marker_id, bag.id) is not None:
        raise errors.ConflictOfInterest
    if marker_id in queries.people_who_marked(session, _all_masks(session, bag)):
        raise errors.MarkedBefore
    if round in queries.assigned_rounds(session, bag.id):
        raise errors.RoundTaken
    rule = rule_of(session, bag)
    if round == 3 and not queries.needing(session, bag.id, rule, Need.THIRD):
        raise errors.RoundNotDue
    assignment = Assignment(bag_id=bag.id, round=round, marker_id=marker_id, by=_account(actor), at=now)
    session.add(assignment)
    session.flush()
    _record(session, actor, now, bag, "marking.assigned", {"bag": bag.label, "round": round})
    return assignment


def save_draft(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    script: MaskedScriptView,
    scores: Mapping[str, Any],
    comment: str,
) -> None:
    """What the marker has typed so far is kept; it is no mark and writes no leaf."""
    _assigned_round(session, bag, _account(actor))
    session.execute(_draft_of(script, actor))
    session.add(
        MarkDraft(
            masked_script_id=script.id,
            marker_id=_account(actor),
            scores=dict(scores),
            comment=comment,
            saved_at=now,
        )
    )


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
) -> Mark:
    """The marker's mark of this script stands; nobody changes it any more, and the other round has not seen it."""
    handover.hold_bag(session, bag.id)
    _refuse_locked(session, bag)
    round_ = _assigned_round(session, bag, _account(actor))
    total = standing.checked_value(rule_of(session, bag), value, scores)
    _refuse_marked(session, bag, script, round_)
    mark = Mark(
        masked_script_id=script.id,
        round=round_,
        kind="remark" if bag.is_review else "mark",
        value=plain(total),
        scores={key: plain(score) for key, score in scores.items()},
        comment=comment,
        signer=pseudonym(session, bag, _account(actor)),
        marker_id=_account(actor),
        at=now,
    )
    session.add(mark)
    session.execute(_draft_of(script, actor))
    session.flush()
    _record_mark(session, actor, now, bag, script, mark)
    return mark


def key_slip(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    script: MaskedScriptView,
    round: int,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    signer: str,
    signed_paper_id: int,
    page: int,
) -> Mark | None:
    """This typist's reading of the slip is kept; with another typist's equal last reading it makes the mark.

    Returns the mark, or None while the second keying is awaited. Where the two differ, both are kept and
    ``queries.keyings_differ`` says so; neither typist sees the other's figure.
    """
    handover.hold_bag(session, bag.id)
    _refuse_locked(session, bag)
    rule = rule_of(session, bag)
    total = standing.checked_value(rule, value, scores)
    _refuse_marked(session, bag, script, round)
    if round == 3 and script.id not in queries.needing(session, bag.id, rule, Need.THIRD):
        raise errors.RoundNotDue
    if queries.page_used(session, signed_paper_id, page, script.id, round):
        raise errors.SlipUsed
    keying = Keying(
        masked_script_id=script.id,
        round=round,
        value=plain(total),
        scores={key: plain(score) for key, score in scores.items()},
        signer=" ".join(signer.split()),
        signed_paper_id=signed_paper_id,
        page=page,
        typist_id=_account(actor),
        at=now,
    )
    session.add(keying)
    session.flush()
    other = queries.other_keying(session, keying)
    agreed = other is not None and queries.says_the_same(keying, other)
    facts = {"code": script.mask_code, "round": round, "value": keying.value, "agreed": agreed}
    _record(session, actor, now, bag, "marking.slip_keyed", facts)
    return _from_slip(session, actor, now, bag, script, keying) if agreed else None


def lock_marks(
    session: Session, actor: Actor, now: datetime, *, competition_id: int, part: str, purpose: str
) -> MarkLock:
    """The marks of the part are complete and closed: every script has its marks, none waits for a third."""
    bags = [b for b in handover.bags_of(session, competition_id) if (b.part, b.purpose) == (part, purpose)]
    if not bags:
        raise NotFound
    for bag in bags:
        handover.hold_bag(session, bag.id)
        _refuse_locked(session, bag)
    needs = [need for bag in bags for need in queries.needs(session, bag.id, rule_of(session, bag)).values()]
    waiting = needs.count(Need.THIRD)
    unmarked = len(needs) - needs.count(Need.NOTHING) - waiting
    if unmarked or waiting:
        raise errors.MarksMissing(unmarked, waiting)
    counted = sum(queries.count_marks(session, bag.id) for bag in bags)
    lock = MarkLock(
        competition_id=competition_id,
        part=part,
        purpose=purpose,
        scripts=len(needs),
        marks=counted,
        by=_account(actor),
        at=now,
    )
    session.add(lock)
    session.flush()
    facts = {"part": part, "purpose": purpose, "scripts": len(needs), "marks": counted}
    _record(session, actor, now, bags[0], "mark-lock", facts)
    return lock


def correct_mark(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    mark: Mark,
    value: Decimal,
    reason: str,
    approved_by: int,
    signed_paper_id: int,
    page: int,
) -> Mark:
    """A new mark supersedes a wrong one (an error of totalling or input), on a signed paper and by two people."""
    handover.hold_bag(session, bag.id)
    if not queries.is_locked(session, bag.competition_id, bag.part, bag.purpose):
        raise errors.NotLocked
    if approved_by == actor.account_id:
        raise errors.SamePerson
    total = standing.checked_value(rule_of(session, bag), value, {})
    corrected = Mark(
        masked_script_id=mark.masked_script_id,
        round=mark.round,
        kind=mark.kind,
        value=plain(total),
        scores={},
        signer=mark.signer,
        signed_paper_id=signed_paper_id,
        page=page,
        supersedes_id=mark.id,
        reason=reason,
        approved_by=approved_by,
        at=now,
    )
    session.add(corrected)
    session.flush()
    facts = {"mark": corrected.public_id, "supersedes": mark.public_id, "value": corrected.value}
    _record(session, actor, now, bag, "correction", facts)
    return corrected


def rule_of(session: Session, bag: BagView) -> Rule:
    """Return how the scripts of the bag are marked."""
    return Rule.of(handover.brief(session, bag.id).ruleset, bag.part, is_review=bag.is_review)


def pseudonym(session: Session, bag: BagView, account_id: int) -> str:
    """Return the name under which a marker's marks are published: stable within a competition, telling nobody who."""
    digest = session.keys.index(f"{bag.competition_public_id}/{account_id}", "marking.pseudonym")
    return f"GK-{digest.hex()[:6].upper()}"


def _from_slip(
    session: Session, actor: Actor, now: datetime, bag: BagView, script: MaskedScriptView, keying: Keying
) -> Mark:
    mark = Mark(
        masked_script_id=script.id,
        round=keying.round,
        kind="remark" if bag.is_review else "mark",
        value=keying.value,
        scores=keying.scores,
        signer=keying.signer,
        signed_paper_id=keying.signed_paper_id,
        page=keying.page,
        at=now,
    )
    session.add(mark)
    session.flush()
    _record_mark(session, actor, now, bag, script, mark)
    return mark


def _all_masks(session: Session, bag: BagView) -> set[int]:
    """Return the masks of all scripts of the bag, under this and every other purpose."""
    own = [script.id for script in handover.scripts(session, bag.id)]
    return set(own).union(*(handover.same_script(session, masked_id) for masked_id in own))


def _assigned_round(session: Session, bag: BagView, account_id: int) -> int:
    found = session.scalar(
        select(Assignment.round).where(Assignment.bag_id == bag.id, Assignment.marker_id == account_id)
    )
    if found is None:
        raise errors.NotAssigned
    return found


def _refuse_marked(session: Session, bag: BagView, script: MaskedScriptView, round: int) -> None:
    if script.bag_id != bag.id:
        raise NotFound
    taken = (
        select(func.count()).select_from(Mark).where(Mark.masked_script_id == script.id, Mark.round == round)
    )
    if session.scalar(taken):
        raise errors.AlreadyMarked


def _refuse_locked(session: Session, bag: BagView) -> None:
    if queries.is_locked(session, bag.competition_id, bag.part, bag.purpose):
        raise errors.MarksLocked


def _draft_of(script: MaskedScriptView, actor: Actor) -> Any:
    return delete(MarkDraft).where(
        MarkDraft.masked_script_id == script.id, MarkDraft.marker_id == _account(actor)
    )


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _record_mark(
    session: Session, actor: Actor, now: datetime, bag: BagView, script: MaskedScriptView, mark: Mark
) -> None:
    facts = {
        "code": script.mask_code,
        "round": mark.round,
        "kind": mark.kind,
        "value": mark.value,
        "signer": mark.signer if mark.marker_id is not None else None,
    }
    _record(session, actor, now, bag, "adjudicate" if mark.round == 3 else "mark", facts)


def _record(
    session: Session, actor: Actor, now: datetime, bag: BagView, code: str, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=bag.competition_id,
        subject=bag.public_id,
        content={"part": bag.part, "purpose": bag.purpose, **facts},
    )
