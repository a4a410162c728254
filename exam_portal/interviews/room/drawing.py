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
    may = admission.eligible(session, panel)
    return [one for one in _yet_to_draw(session, panel) if one.candidate_id in may]


def _yet_to_draw(session: Session, panel: PanelSession) -> list[Hearing]:
    ids = [one.id for one in panel.hearings]
    over = select(HearingEvent.hearing_id).where(
        HearingEvent.hearing_id.in_(ids), HearingEvent.kind.in_(OVER)
    )
    done = draws(session, panel.id).keys() | set(session.scalars(over))
    return [one for one in panel.hearings if one.occasion != Occasion.SECOND_BALLOT and one.id not in done]


def needs_more(session: Session, panel: PanelSession) -> bool:
    """Whether candidates have drawn, and those who have not find too few questions, or a seed seen before."""
    found, left, drawn = _standing(session, panel.id), waiting(session, panel), gone(session, panel.id)
    if found is None or not left or not drawn:
        return False
    if any(is_added_after(one, found) for one in left):
        return True
    return not questions.is_enough(opened(session, found).set, len(left), drawn)


def needs_seed(session: Session, panel: PanelSession) -> bool:
    """Whether a hearing waits that was added after the set was filed: the same questions get a fresh seed."""
    found = _standing(session, panel.id)
    if found is None or not draws(session, panel.id):
        return False
    return any(is_added_after(one, found) for one in waiting(session, panel))


def is_added_after(hearing: Hearing, found: QuestionSet) -> bool:
    """Whether a decision added the hearing once the set was filed: its seed may have been shown by then."""
    return hearing.occasion != Occasion.REGULAR and hearing.drawn_at >= found.at


def may_reveal(session: Session, panel: PanelSession) -> bool:
    """Whether no hearing of the panel draws any more from the sets that there are: then the seed is shown.

    Who has left is not waited for; who failed a part before is, since a review may turn that round.
    """
    here = admission.present(session, panel.vacancy_id)
    return bool(panel.hearings) and all(one.candidate_id not in here for one in _yet_to_draw(session, panel))


def _standing(session: Session, panel_id: int) -> QuestionSet | None:
    """Return the set that was approved last: what is drawn, is drawn from it."""
    query = select(QuestionSet).join(QuestionSetApproval).where(QuestionSet.panel_id == panel_id)
    return session.scalar(query.order_by(QuestionSet.version.desc()).limit(1))


def _last_version(panel_id: int) -> ScalarSelect[int]:
    return select(func.max(QuestionSet.version)).where(QuestionSet.panel_id == panel_id).scalar_subquery()
