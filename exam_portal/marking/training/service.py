# SPDX-License-Identifier: Apache-2.0
"""Verbs of the training: a rule is set, scripts with agreed marks come and go, markers mark them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.marking import errors, highlights, pseudonyms, standing
from exam_portal.marking.service import common, drafts
from exam_portal.marking.standing import Rule
from exam_portal.marking.training import qualification, queries
from exam_portal.marking.training.controls import ControlScript
from exam_portal.marking.training.models import TrainingMark, TrainingRule, TrainingScript
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, PartView
from question_bank.text import with_line_ends
from scoring.rounding import plain


def set_rule(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    part: PartView,
    is_required: bool,
    needed: int,
    tolerance: Decimal,
    tries: int,
    control_every: int,
) -> TrainingRule:
    """From now on this rule says who is qualified to mark the part, and how often a control script comes."""
    handover.hold_part(session, part)
    if is_required:
        _require_scripts(session, part)
    rule = TrainingRule(
        competition_id=part.competition_id,
        part=part.key,
        is_required=is_required,
        needed=needed,
        tolerance=plain(tolerance),
        tries=tries,
        control_every=control_every,
        by=common.account(actor),
        at=now,
    )
    session.add(rule)
    session.flush()
    facts = {"required": is_required, "needed": needed, "tolerance": rule.tolerance, "tries": tries}
    _record(session, actor, now, part, "marking.training_rule_set", {**facts, "control_every": control_every})
    return rule


def add_script(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    part: PartView,
    purpose: str,
    question: str,
    answer: str,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    reason: str,
) -> TrainingScript:
    """The script is part of the training (or lies among live ones), with its agreed mark and the reason."""
    handover.hold_part(session, part)
    total = standing.checked_value(_rule(part), value, scores)
    script = TrainingScript(
        competition_id=part.competition_id,
        part=part.key,
        purpose=purpose,
        question=with_line_ends(question),
        answer=with_line_ends(answer),  # as answers of candidates have them: nothing marks a control script
        value=plain(total),
        scores={key: plain(score) for key, score in scores.items()},
        reason=reason,
        by=common.account(actor),
        at=now,
    )
    session.add(script)
    session.flush()
    facts = {"script": script.public_id, "purpose": purpose, "value": script.value, "scores": script.scores}
    words = {"question": question, "answer": answer, "reason": reason}
    told = {**facts, **{name: audit.digest(text) for name, text in words.items()}}
    _record(session, actor, now, part, "marking.training_script_added", told)
    return script


def withdraw_script(
    session: Session, actor: Actor, now: datetime, *, part: PartView, script: TrainingScript
) -> None:
    """The script is marked by nobody else; marks that were given of it stay.

    The last training script stays while the rule asks for the training: nobody could pass it any more.
    """
    handover.hold_part(session, part)
    session.refresh(script)
    if script.withdrawn_at is not None:
        raise StaleState
    rule = queries.rule(session, part.competition_id, part.key)
    if script.purpose == "training" and rule is not None and rule.is_required:
        _require_scripts(session, part, without=script)
    script.withdrawn_by, script.withdrawn_at = common.account(actor), now
    session.flush()
    facts = {"script": script.public_id, "purpose": script.purpose}
    _record(session, actor, now, part, "marking.training_script_withdrawn", facts)


def mark_training_script(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    part: PartView,
    script: TrainingScript,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    comment: str,
) -> TrainingMark:
    """The marker's mark of this try stands; with the last of a try it is decided who is qualified."""
    handover.hold_part(session, part)
    session.refresh(script)
    rule = queries.rule(session, part.competition_id, part.key)
    is_open = script.purpose == "training" and script.withdrawn_at is None and script.part == part.key
    if rule is None or not is_open:
        raise NotFound
    total = standing.checked_value(_rule(part), value, scores)
    before = queries.state(session, rule, common.account(actor))
    if before.is_qualified or before.is_over or script.id in before.done:
        raise errors.TrainingMarked
    mark = _mark(actor, now, script.id, total, scores, comment)
    mark.try_number, mark.signer = before.try_number, _code(session, actor, part.competition_public_id)
    gap = total - Decimal(script.value)
    mark.has_passed = qualification.passes_with(queries.qualifies(rule), before, gap)
    session.add(mark)
    session.flush()
    facts = {"script": script.public_id, "try": mark.try_number, "qualified": mark.has_passed}
    _record(session, actor, now, part, "marking.training_marked", {**facts, **_told(mark)})
    return mark


def give_control_mark(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    bag: BagView,
    script: ControlScript,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    comment: str,
    sheet: drafts.Sheet,
) -> TrainingMark:
    """The mark of a control script stands beside the agreed one; it is no mark of any candidate."""
    handover.hold_bag(session, bag.id)
    round_ = common.require_may_mark(session, actor, bag, script)
    total = standing.checked_value(common.rule_of(session, bag), value, scores)
    drafts.refuse_older(session, actor, script, sheet)
    text = queries.written(session, script.training_script_id).answer
    highlights.require_within(highlights.of(sheet.highlights), [text])
    mark = _mark(actor, now, script.training_script_id, total, scores, comment)
    mark.try_number, mark.bag_id, mark.round = 0, bag.id, round_
    mark.highlights = [dict(one) for one in sheet.highlights]
    mark.signer = _code(session, actor, bag.competition_public_id)
    session.add(mark)
    drafts.forget_drafts(session, common.account(actor), [script.id])
    session.flush()
    facts = {"code": script.mask_code, "round": round_, **_told(mark)}
    common.record(session, actor, now, bag, "marking.control_marked", facts)
    return mark


def _told(mark: TrainingMark) -> dict[str, str]:
    return {
        "mark": mark.public_id,
        "marker": mark.signer,
        "value": mark.value,
        "sheet": common.sheet_of(mark),
    }


def _require_scripts(session: Session, part: PartView, without: TrainingScript | None = None) -> None:
    """There is something to be trained by, or TrainingScriptsMissing is raised."""
    found = queries.scripts(session, part.competition_id, part.key, "training")
    if all(one is without for one in found):
        raise errors.TrainingScriptsMissing


def _mark(
    actor: Actor,
    now: datetime,
    script_id: int,
    total: Decimal,
    scores: Mapping[str, Decimal],
    comment: str,
) -> TrainingMark:
    return TrainingMark(
        training_script_id=script_id,
        marker_id=common.account(actor),
        value=plain(total),
        scores={key: plain(score) for key, score in scores.items()},
        comment=comment,
        highlights=[],
        at=now,
    )


def _rule(part: PartView) -> Rule:
    return Rule.of(part.ruleset, part.key, is_review=False)


def _code(session: Session, actor: Actor, competition_public_id: str) -> str:
    return pseudonyms.of(session, competition_public_id, common.account(actor))


def _record(
    session: Session, actor: Actor, now: datetime, part: PartView, code: str, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=part.competition_id,
        subject=part.competition_public_id,
        content={"part": part.key, **facts},
    )
