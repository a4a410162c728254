# SPDX-License-Identifier: Apache-2.0
"""Setting a standard (Angoff or Ebel): judges, rounds, the cut. It informs people and moves no mark."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.papers import copies, schedule
from exam_portal.papers import errors as of_papers
from exam_portal.papers.models import Paper, PaperForm
from exam_portal.papers.opened import opened_form
from exam_portal.results import errors, estimates
from exam_portal.results.models import StandardEstimate, StandardJudge, StandardRound, StandardSetting
from question_bank.json_values import decimal_text
from question_bank.kinds.description import Description
from question_bank.paper import PaperForm as Form
from scoring.verify.canonical import sha256_of

JOB: Final = "results.compute_standard_round"
FEWEST_JUDGES, MOST_ROUNDS = 2, 3
FEWEST_TOLD = 3  # judges of a round whose figures a judge reads before the conclusion


def begin(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    form_id: int,
    judges: Collection[int],
    method: str = estimates.ANGOFF,
) -> StandardSetting:
    """The judges may estimate each item of the held form; TooFewJudges, NotHeldYet."""
    session.get_one(Competition, competition.id, with_for_update=True)
    paper = require_held(session, form_id)
    if paper.competition_id != competition.id or actor.account_id is None or actor.account_id in judges:
        raise NotFound
    if len(set(judges)) < FEWEST_JUDGES:
        raise errors.TooFewJudges
    made = StandardSetting(
        competition_id=competition.id,
        part=paper.part,
        form_id=form_id,
        method=method,
        items=[
            {"id": item.id, "max": decimal_text(item.marks)}
            for item in opened_form(session, form_id).items
            if not isinstance(item.body, Description)
        ],
        created_by=actor.account_id,
        created_at=now,
        judges=[StandardJudge(account_id=judge) for judge in sorted(set(judges))],
    )
    session.add(made)
    session.flush()
    facts = {"method": method, "items": sha256_of(made.items), "judges": sorted(set(judges))}
    _record(session, actor, now, "results.standard_begun", made, facts)
    _open(session, actor, now, made, 1)
    return made


def estimate(
    session: Session, actor: Actor, now: datetime, *, setting: StandardSetting, shares: Mapping[str, Any]
) -> StandardEstimate:
    """The judge's estimates of the open round are kept; with the last judge's the round is computed."""
    setting = _locked(session, setting)
    require_held(session, setting.form_id)
    current = setting.rounds[-1]
    if actor.account_id not in setting.awaited_ids:
        raise NotFound
    if setting.concluded_at is not None or any(one.by == actor.account_id for one in current.estimates):
        raise errors.RoundClosed
    given = estimates.complete(setting.method, [item["id"] for item in setting.items], shares)
    kept = StandardEstimate(
        round_id=current.id, shares=given, salt=secrets.token_hex(16), by=actor.account_id or 0, at=now
    )
    session.add(kept)
    session.flush()
    session.expire(current, ["estimates"])
    facts = {"round": current.number, "shares": kept.hash}
    _record(session, actor, now, "results.standard_estimated", setting, facts)
    if len(current.estimates) == len(setting.awaited_ids):
        outbox.enqueue(session, JOB, {"round": current.public_id}, now, about=current.public_id)
    return kept


def excuse(
    session: Session, actor: Actor, now: datetime, *, setting: StandardSetting, account_id: int, reason: str
) -> None:
    """The rounds go on without a judge who gave nothing in the open one; TooFewJudges, JudgeHasSpoken.

    What was given is never taken back: nobody is left out for what the estimates say.
    """
    setting = _locked(session, setting)
    current = setting.rounds[-1]
    judge = next((one for one in setting.judges if one.account_id == account_id), None)
    if judge is None or judge.excused_at is not None or actor.account_id is None:
        raise NotFound
    if setting.concluded_at is not None or any(one.by == account_id for one in current.estimates):
        raise errors.JudgeHasSpoken
    if len(setting.awaited_ids) <= FEWEST_JUDGES:
        raise errors.TooFewJudges
    judge.excused_by, judge.excused_at, judge.reason = actor.account_id, now, reason
    session.flush()
    facts = {"round": current.number, "judge": account_id, "reason": reason}
    _record(session, actor, now, "results.standard_excused", setting, facts)
    if len(current.estimates) == len(setting.awaited_ids):
        outbox.enqueue(session, JOB, {"round": current.public_id}, now, about=current.public_id)


def repeat(session: Session, actor: Actor, now: datetime, *, setting: StandardSetting) -> None:
    """The computation of a complete round is tried again at once; RoundRuns unless it failed or is lost."""
    setting = _locked(session, setting)
    current = setting.rounds[-1]
    found = standing(session, current)
    if current.computed_at is not None or len(current.estimates) < len(setting.awaited_ids):
        raise errors.RoundRuns
    if found is None:
        outbox.enqueue(session, JOB, {"round": current.public_id}, now, about=current.public_id)
    elif found.has_failed:
        outbox.retry(session, now, found.row_id)
    else:
        raise errors.RoundRuns
    facts = {"round": current.number, "after": "" if found is None else found.last_error or ""}
    _record(session, actor, now, "results.standard_repeated", setting, facts)


def keep(session: Session, now: datetime, *, current: StandardRound, content: Mapping[str, Any]) -> None:
    """The round says this from now on."""
    current.content, current.content_hash, current.computed_at = dict(content), sha256_of(content), now
    setting = session.get_one(StandardSetting, current.setting_id)
    facts = {"round": current.number, "hash": current.content_hash}
    _record(session, SYSTEM, now, "results.standard_computed", setting, facts)


def open_round(session: Session, actor: Actor, now: datetime, *, setting: StandardSetting) -> StandardRound:
    """The judges, who have seen how the last round spread, estimate again; RoundRuns."""
    setting = _locked(session, setting)
    _require_computed(setting)
    if len(setting.rounds) >= MOST_ROUNDS:
        raise errors.RoundRuns
    return _open(session, actor, now, setting, len(setting.rounds) + 1)


def conclude(session: Session, actor: Actor, now: datetime, *, setting: StandardSetting) -> None:
    """The cut of the last round is what the judges say; RoundRuns while it is not computed."""
    setting = _locked(session, setting)
    _require_computed(setting)
    if actor.account_id is None:
        raise NotFound
    setting.concluded_by, setting.concluded_at = actor.account_id, now
    session.flush()
    facts = {"rounds": len(setting.rounds), "hash": setting.rounds[-1].content_hash}
    _record(session, actor, now, "results.standard_concluded", setting, facts)


def require_held(session: Session, form_id: int) -> Paper:
    """Return the paper of a form that judges may read: opened, and no sitting lies ahead; else NotHeldYet."""
    row = session.get(PaperForm, form_id)
    if row is None:
        raise NotFound
    paper = session.get_one(Paper, row.paper_id)
    try:
        copies.require_key_told(session, paper, schedule.last_end(session, paper))
    except (of_papers.PaperLocked, of_papers.SittingsGoOn) as problem:
        raise errors.NotHeldYet from problem
    return paper


def form_of(session: Session, setting: StandardSetting) -> Form:
    """Return the form that the judges read; NotHeldYet where a further sitting has been set since."""
    require_held(session, setting.form_id)
    return opened_form(session, setting.form_id)


def are_told(setting: StandardSetting, of: StandardRound, account_id: int | None) -> bool:
    """Whether this person may read the figures of a complete round.

    Of two judges' mean each reads what the other said, so until the conclusion it takes three of them.
    """
    if of.content is None:
        return False
    is_judge = account_id in setting.judge_ids
    return not is_judge or setting.concluded_at is not None or of.content["judges"] >= FEWEST_TOLD


def own(current: StandardRound, account_id: int | None) -> StandardEstimate | None:
    """Return this judge's estimates of the round."""
    return next((one for one in current.estimates if one.by == account_id), None)


def settings(session: Session, competition_id: int) -> Sequence[StandardSetting]:
    """Return the standards of a competition, the newest first."""
    return session.scalars(
        select(StandardSetting)
        .where(StandardSetting.competition_id == competition_id)
        .order_by(StandardSetting.id.desc())
    ).all()


def standing(session: Session, current: StandardRound) -> outbox.Standing | None:
    """Return how the computation of a round stands."""
    return outbox.standing(session, JOB, current.public_id)


def held_forms(session: Session, competition: Competition, parts: Collection[str]) -> list[PaperForm]:
    """Return the forms of these parts that judges may read."""
    found = session.scalars(
        select(PaperForm)
        .join(Paper, Paper.id == PaperForm.paper_id)
        .where(Paper.competition_id == competition.id, Paper.part.in_(parts))
        .order_by(PaperForm.code)
    )
    return [form for form in found if _is_held(session, form.id)]


def _is_held(session: Session, form_id: int) -> bool:
    try:
        require_held(session, form_id)
    except errors.NotHeldYet:
        return False
    return True


def _require_computed(setting: StandardSetting) -> None:
    if setting.concluded_at is not None or setting.rounds[-1].computed_at is None:
        raise errors.RoundRuns


def _open(
    session: Session, actor: Actor, now: datetime, setting: StandardSetting, number: int
) -> StandardRound:
    assert actor.account_id is not None
    opened = StandardRound(setting_id=setting.id, number=number, opened_by=actor.account_id, opened_at=now)
    session.add(opened)
    session.flush()
    session.expire(setting, ["rounds"])
    _record(session, actor, now, "results.standard_round", setting, {"round": number})
    return opened


def _locked(session: Session, setting: StandardSetting) -> StandardSetting:
    found = session.get_one(StandardSetting, setting.id, with_for_update=True, populate_existing=True)
    session.expire(found, ["rounds", "judges"])
    return found


def _record(
    session: Session, actor: Actor, now: datetime, code: str, about: StandardSetting, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        subject=about.public_id,
        content={"standard": about.public_id, "part": about.part, **facts},
        competition_id=about.competition_id,
    )
