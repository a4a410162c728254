# SPDX-License-Identifier: Apache-2.0
"""Reads of the questions of a panel: the set that holds, who approved it, what each hearing drew."""

import dataclasses
import json
from collections.abc import Sequence

from sqlalchemy import ScalarSelect, func, select

from exam_portal.core.db import Session
from exam_portal.interviews import admission, queries
from exam_portal.interviews.models import Hearing, HearingEvent, Occasion, PanelSession
from exam_portal.interviews.room import questions
from exam_portal.interviews.room.models import QuestionDraw, QuestionSet, QuestionSetApproval
from exam_portal.interviews.room.questions import Question, Set

CONTEXT = "interviews.question_set"
OVER = (*queries.UNHEARD, "ballot_opened")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A set with its seed, as both lie under the key."""

    set: Set
    seed: bytes


def last_set(session: Session, panel_id: int) -> QuestionSet | None:
    """Return the last set that was filed for the panel."""
    query = select(QuestionSet).where(QuestionSet.panel_id == panel_id).order_by(QuestionSet.version.desc())
    return session.scalar(query.limit(1))


def approval(session: Session, found: QuestionSet) -> QuestionSetApproval | None:
    """Return the approval of a set."""
    return session.scalar(select(QuestionSetApproval).where(QuestionSetApproval.set_id == found.id))


def opened(session: Session, found: QuestionSet) -> Opened:
    """Return what a set holds."""
    content = json.loads(session.keys.open(found.key_id, found.sealed, f"{CONTEXT}/{found.public_id}"))
    return Opened(set=questions.of(content["set"]), seed=bytes.fromhex(content["seed"]))


def sealed(session: Session, key_id: str, public_id: str, made: Set, seed: bytes) -> bytes:
    """Return the set and its seed under the key."""
    content = json.dumps({"set": made.as_dict(), "seed": seed.hex()}, ensure_ascii=False)
    return session.keys.seal(key_id, content.encode(), f"{CONTEXT}/{public_id}")


def draws(session: Session, panel_id: int) -> dict[int, QuestionDraw]:
    """Return what was drawn, by hearing, in the order of drawing: one query."""
    rows = session.scalars(
        select(QuestionDraw)
        .join(Hearing, Hearing.id == QuestionDraw.hearing_id)
        .where(Hearing.panel_id == panel_id)
        .order_by(QuestionDraw.id)
    )
    return {row.hearing_id: row for row in rows}


def drawn_questions(session: Session, hearing_id: int) -> list[Question]:
    """Return the questions that the hearing drew; none before it has drawn."""
    draw = session.scalar(select(QuestionDraw).where(QuestionDraw.hearing_id == hearing_id))
    if draw is None:
        return []
    return opened(session, session.get_one(QuestionSet, draw.set_id)).set.chosen(draw.numbers)


def gone(session: Session, panel_id: int) -> list[int]:
    """Return the numbers that were drawn in the panel so far."""
    return [number for row in draws(session, panel_id).values() for number in row.numbers]


def base(session: Session, panel_id: int) -> Opened | None:
    """Return the set that was drawn from last; what is filed later only adds to it."""
    rows = list(draws(session, panel_id).values())
    return opened(session, session.get_one(QuestionSet, rows[-1].set_id)) if rows else None


def unread(session: Session, panel_id: int, held: Opened) -> Sequence[Question]:
    """Return the questions that an approver reads: of a set that adds to a drawn one, those added only."""
    drawn = base(session, panel_id)
    return held.set.questions[len(drawn.set.questions) if drawn is not None else 0 :]


def earlier_sets(session: Session, panel_id: int) -> Sequence[QuestionSet]:
    """Return the sets that were drawn from before questions were added: one query."""
    return session.scalars(
        select(QuestionSet)
        .where(
            QuestionSet.panel_id == panel_id,
            QuestionSet.id.in_(select(QuestionDraw.set_id)),
            QuestionSet.version < _last_version(panel_id),
        )
        .order_by(QuestionSet.version)
    ).all()


def waiting(session: Session, panel: PanelSession) -> list[Hearing]:
    """Return the hearings that have yet to draw: nothing is over, and the candidate is still to be heard."""
    ids = [one.id for one in panel.hearings]
    over = select(HearingEvent.hearing_id).where(
        HearingEvent.hearing_id.in_(ids), HearingEvent.kind.in_(OVER)
    )
    done = draws(session, panel.id).keys() | set(session.scalars(over))
    may = admission.eligible(session, panel)
    return [
        one
        for one in panel.hearings
        if one.occasion != Occasion.SECOND_BALLOT and one.id not in done and one.candidate_id in may
    ]


def needs_more(session: Session, panel: PanelSession) -> bool:
    """Whether candidates have drawn, and too few questions are left for those who have not."""
    found = base(session, panel.id)
    left = len(waiting(session, panel))
    if found is None or not left:
        return False
    return not questions.is_enough(found.set, left, gone(session, panel.id))


def may_reveal(session: Session, panel: PanelSession) -> bool:
    """Whether nobody of the panel draws any more: only then the seed is shown."""
    return bool(panel.hearings) and not waiting(session, panel)


def _last_version(panel_id: int) -> ScalarSelect[int]:
    return select(func.max(QuestionSet.version)).where(QuestionSet.panel_id == panel_id).scalar_subquery()
