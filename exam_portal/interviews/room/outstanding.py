# SPDX-License-Identifier: Apache-2.0
"""Which panels wait for their questions: for a set to be filed, added to, or approved by somebody else."""

import dataclasses
import enum
from collections.abc import Collection

from sqlalchemy import Row, and_, exists, func, select
from sqlalchemy.orm import aliased, selectinload

from exam_portal.competitions.models import Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import relations
from exam_portal.interviews.models import Hearing, HearingEvent, PanelSession
from exam_portal.interviews.room import drawing
from exam_portal.interviews.room.models import QuestionDraw, QuestionSet, QuestionSetApproval


class Wanted(enum.StrEnum):
    """What a panel waits for."""

    SET = "set"  # nobody has filed one, and no hearing has begun
    MORE = "more"  # candidates have drawn, and too few questions are left for the others
    APPROVAL = "approval"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """A panel and what it waits for; of an approval, who filed the set."""

    panel: PanelSession
    post: str  # its code
    wanted: Wanted
    filed_by: int | None = None


def outstanding(session: Session, competition_ids: Collection[int]) -> list[Outstanding]:
    """Return the panels of these competitions that wait; who waits for nothing costs no query of its own."""
    later = aliased(QuestionSet)
    last = select(func.max(later.version)).where(later.panel_id == PanelSession.id).scalar_subquery()
    happened = exists().where(Hearing.panel_id == PanelSession.id, HearingEvent.hearing_id == Hearing.id)
    drew = exists().where(Hearing.panel_id == PanelSession.id, QuestionDraw.hearing_id == Hearing.id)
    rows = session.execute(
        select(
            PanelSession,
            Vacancy.code.label("post"),
            QuestionSet.by.label("by"),
            QuestionSetApproval.id.label("approval"),
            happened.label("has_begun"),
            drew.label("has_drawn"),
        )
        .join(Vacancy, Vacancy.id == PanelSession.vacancy_id)
        .outerjoin(QuestionSet, and_(QuestionSet.panel_id == PanelSession.id, QuestionSet.version == last))
        .outerjoin(QuestionSetApproval, QuestionSetApproval.set_id == QuestionSet.id)
        .where(PanelSession.competition_id.in_(competition_ids))
        .options(selectinload(PanelSession.hearings))
        .order_by(PanelSession.starts_at, PanelSession.id)
    ).all()
    return [
        Outstanding(panel=row.PanelSession, post=row.post, wanted=wanted, filed_by=row.by)
        for row in rows
        if (wanted := _wanted(session, row)) is not None
    ]


def may_approve(session: Session, one: Outstanding, account_id: int) -> bool:
    """Whether this person has not filed the set, and no declared relation keeps the questions back."""
    is_other = one.wanted is Wanted.APPROVAL and one.filed_by != account_id
    return is_other and not relations.keep_from_questions(session, one.panel, account_id)


def _wanted(session: Session, row: Row[PanelSession, str, int, int, bool, bool]) -> Wanted | None:
    panel = row.PanelSession
    if row.by is None:
        return None if row.has_begun else Wanted.SET
    if row.approval is None:
        is_over = panel.hearings and not drawing.waiting(session, panel)
        return None if is_over else Wanted.APPROVAL
    return Wanted.MORE if row.has_drawn and drawing.needs_more(session, panel) else None
