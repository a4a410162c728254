# SPDX-License-Identifier: Apache-2.0
"""Reads of the questions of a panel: the set that holds, who approved it, what each hearing drew."""

import dataclasses
import json
from collections.abc import Sequence

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.interviews.models import Hearing, HearingEvent, Occasion
from exam_portal.interviews.room import questions
from exam_portal.interviews.room.models import QuestionDraw, QuestionSet, QuestionSetApproval
from exam_portal.interviews.room.questions import Question, Set

CONTEXT = "interviews.question_set"
OVER = ("ballot_opened", "candidate_absent")


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


def heard(session: Session, panel_id: int) -> int:
    """Return how many hearings of the panel need questions."""
    query = select(func.count()).where(
        Hearing.panel_id == panel_id, Hearing.occasion != Occasion.SECOND_BALLOT
    )
    return session.scalar(query) or 0


def may_reveal(session: Session, hearings: Sequence[Hearing]) -> bool:
    """Whether nobody of the panel draws any more: only then the seed is shown."""
    ids = [one.id for one in hearings if one.occasion != Occasion.SECOND_BALLOT]
    done = set(session.scalars(select(QuestionDraw.hearing_id).where(QuestionDraw.hearing_id.in_(ids))))
    over = select(HearingEvent.hearing_id).where(
        HearingEvent.hearing_id.in_(ids), HearingEvent.kind.in_(OVER)
    )
    return bool(ids) and set(ids) <= done | set(session.scalars(over))
