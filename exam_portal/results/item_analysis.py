# SPDX-License-Identifier: Apache-2.0
"""The analysis of a test's items: asked for once all is marked, computed by a job, remembered by the bank."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import history
from exam_portal.items.models import ItemBank
from exam_portal.results import errors
from exam_portal.results.models import ItemAnalysis
from exam_portal.sittings.attempts import answered
from scoring.verify.canonical import sha256_of

JOB = "results.analyse_items"
KEPT = ("facility", "discrimination", "efficiency", "slope", "difficulty")


def ask(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, part: str
) -> ItemAnalysis:
    """The items of the part will be analysed; NothingToAnalyse before its tests are marked, or again."""
    session.get_one(Competition, competition.id, with_for_update=True)
    last_mark = answered.last_mark(session, competition.id, part)
    known = analyses(session, competition.id)
    if last_mark is None or any(each.part == part and each.last_mark == last_mark for each in known):
        raise errors.NothingToAnalyse
    if actor.account_id is None:
        raise NotFound
    asked = ItemAnalysis(
        competition_id=competition.id, part=part, last_mark=last_mark, by=actor.account_id, at=now
    )
    session.add(asked)
    session.flush()
    outbox.enqueue(session, JOB, {"analysis": asked.public_id}, now, about=asked.public_id)
    _record(session, actor, now, "results.item_analysis_asked", asked, {})
    return asked


def repeat(session: Session, actor: Actor, now: datetime, *, analysis: ItemAnalysis) -> None:
    """The analysis is tried again at once; NothingToAnalyse while it runs, or when it is there."""
    analysis = session.get_one(ItemAnalysis, analysis.id, with_for_update=True, populate_existing=True)
    found = standing(session, analysis)
    if analysis.computed_at is not None or (found is not None and not found.has_failed):
        raise errors.NothingToAnalyse
    if found is None:
        outbox.enqueue(session, JOB, {"analysis": analysis.public_id}, now, about=analysis.public_id)
    else:
        outbox.retry(session, now, found.row_id)
    why = "" if found is None else found.last_error or ""
    _record(session, actor, now, "results.item_analysis_repeated", analysis, {"after": why})


def standing(session: Session, analysis: ItemAnalysis) -> outbox.Standing | None:
    """Return how the job of an analysis stands; None once it is computed, or when its job is lost."""
    if analysis.computed_at is not None:
        return None
    return outbox.standing(session, JOB, analysis.public_id)


def keep(
    session: Session,
    now: datetime,
    *,
    analysis: ItemAnalysis,
    content: Mapping[str, Any],
    remembered: Mapping[int, Sequence[history.Statistic]],
) -> None:
    """The analysis says this, and each bank remembers how its own versions did."""
    analysis.content, analysis.content_hash = dict(content), sha256_of(content)
    analysis.computed_at = now
    for bank_id, found in remembered.items():
        bank = session.get_one(ItemBank, bank_id, with_for_update=True)
        history.keep(session, SYSTEM, now, bank=bank, source=analysis.public_id, found=found)
    _record(session, SYSTEM, now, "results.items_analysed", analysis, {"hash": analysis.content_hash})


def analyses(session: Session, competition_id: int) -> Sequence[ItemAnalysis]:
    """Return the analyses of a competition, the newest first."""
    return session.scalars(
        select(ItemAnalysis)
        .where(ItemAnalysis.competition_id == competition_id)
        .order_by(ItemAnalysis.id.desc())
    ).all()


def analysis(session: Session, competition_id: int, public_id: str) -> ItemAnalysis:
    """Return an analysis of this competition, else NotFound."""
    found = session.scalar(
        select(ItemAnalysis).where(
            ItemAnalysis.competition_id == competition_id, ItemAnalysis.public_id == public_id
        )
    )
    if found is None:
        raise NotFound
    return found


def _record(
    session: Session, actor: Actor, now: datetime, code: str, about: ItemAnalysis, facts: Mapping[str, Any]
) -> None:
    content = {"analysis": about.public_id, "part": about.part, **facts}
    audit.record(
        session,
        actor,
        now,
        type=code,
        subject=about.public_id,
        content=content,
        competition_id=about.competition_id,
    )
