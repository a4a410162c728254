# SPDX-License-Identifier: Apache-2.0
"""The questions of a panel: filed under seal, approved by another person, drawn once for each hearing."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.core.ids import new_public_id
from exam_portal.interviews import admission
from exam_portal.interviews import errors as panel_errors
from exam_portal.interviews import queries as panels
from exam_portal.interviews.models import Hearing, Occasion, PanelSession
from exam_portal.interviews.room import drawing, errors, questions
from exam_portal.interviews.room.models import QuestionDraw, QuestionSet, QuestionSetApproval
from exam_portal.interviews.room.questions import Set
from exam_portal.interviews.room.service import reading
from exam_portal.interviews.service import common
from question_bank.shuffling import SEED_BYTES


def file_questions(
    session: Session, actor: Actor, now: datetime, *, panel: PanelSession, made: Set
) -> QuestionSet:
    """The set lies under seal with a fresh seed; what the record holds binds both.

    After a draw only questions are added, where those who have not drawn would find too few; where one of
    them was added to the panel since, the set gets a fresh seed, with or without further questions.
    """
    panel = common.locked(session, panel)
    if not made.questions and not drawing.needs_seed(session, panel):
        raise errors.QuestionUnreadable(1)
    if (drawn := drawing.base(session, panel.id)) is not None:
        if not drawing.needs_more(session, panel):
            raise errors.QuestionsFixed
        made = questions.extended(drawn.set, made)
    questions.check_enough(made, len(drawing.waiting(session, panel)), drawing.gone(session, panel.id))
    last = drawing.last_set(session, panel.id)
    seed, key_id, public_id = secrets.token_bytes(SEED_BYTES), session.keys.create(), new_public_id()
    filed = QuestionSet(
        public_id=public_id,
        panel_id=panel.id,
        version=last.version + 1 if last is not None else 1,
        key_id=key_id,
        sealed=drawing.sealed(session, key_id, public_id, made, seed),
        hash=made.hash,
        seed_hash=questions.commitment(seed),
        by=common.account(actor),
        at=now,
    )
    session.add(filed)
    session.flush()
    facts = {"set": public_id, "hash": filed.hash, "seed": filed.seed_hash, "version": filed.version}
    told = {**facts, "count": len(made.questions)}
    common.record(session, actor, now, panel, "interviews.questions_filed", told)
    return filed


def approve_questions(
    session: Session, actor: Actor, now: datetime, *, panel: PanelSession, set_id: str
) -> QuestionSetApproval:
    """Another person than the one who filed it approves the last set; candidates may draw from it."""
    panel = common.locked(session, panel)
    found = drawing.last_set(session, panel.id)
    if found is None or found.public_id != set_id:
        raise StaleState
    if found.by == actor.account_id:
        raise errors.OwnQuestions
    reading.require_unrelated(session, actor, panel)
    if drawing.approval(session, found) is not None:
        raise errors.ApprovedBefore
    held, gone = drawing.opened(session, found).set, drawing.gone(session, panel.id)
    questions.check_enough(held, len(drawing.waiting(session, panel)), gone)
    approved = QuestionSetApproval(set_id=found.id, by=common.account(actor), at=now)
    session.add(approved)
    session.flush()
    facts = {"set": found.public_id, "hash": found.hash, "seed": found.seed_hash}
    common.record(session, actor, now, panel, "interviews.questions_approved", facts)
    return approved


def draw_questions(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    witnesses: str,
    numbers: Sequence[int] | None = None,
    paper: audit.SignedPaper | None = None,
) -> QuestionDraw:
    """The candidate has drawn, once, before witnesses: from the seed, or on paper as its minute says.

    The first one draws only if there are enough questions for all: lots may have been drawn after the set.
    A hearing that was added later draws from no seed that may have been shown before.
    """
    panel = common.locked(session, hearing.panel)
    found = _approved(session, panel)
    _require_drawing(session, panel, hearing)
    if not witnesses.strip():
        raise panel_errors.WitnessMissing
    held, gone = drawing.opened(session, found), drawing.gone(session, panel.id)
    if not gone:
        questions.check_enough(held.set, len(drawing.waiting(session, panel)))
    if numbers is None and paper is not None:
        raise errors.NumbersMissing
    if numbers is None:
        if drawing.is_added_after(hearing, found):
            raise errors.SeedSeen
        chosen = questions.drawn(held.set, held.seed, hearing.public_id, gone)
    elif paper is None:
        raise errors.DrawUneven
    else:
        chosen = list(numbers)
        questions.check_draw(held.set, chosen, gone)
    draw = QuestionDraw(
        hearing_id=hearing.id,
        set_id=found.id,
        numbers=chosen,
        witnesses=witnesses.strip(),
        signed_paper_id=paper.id if paper is not None else None,
        by=common.account(actor),
        at=now,
    )
    session.add(draw)
    session.flush()
    facts = {
        "hearing": hearing.public_id,
        "set": found.hash,
        "numbers": chosen,
        "witnesses": audit.digest(draw.witnesses),
        "paper": paper.public_id if paper is not None else None,
    }
    common.record(session, actor, now, panel, "interviews.questions_drawn", facts)
    return draw


def _approved(session: Session, panel: PanelSession) -> QuestionSet:
    found = drawing.last_set(session, panel.id)
    if found is None or drawing.approval(session, found) is None:
        raise errors.QuestionsNotApproved
    return found


def _require_drawing(session: Session, panel: PanelSession, hearing: Hearing) -> None:
    if hearing.id in drawing.draws(session, panel.id):
        raise errors.QuestionsDrawn
    if hearing.candidate_id not in admission.eligible(session, panel):
        raise panel_errors.CandidateGone
    if hearing.occasion == Occasion.SECOND_BALLOT or any(
        panels.has(session, hearing.id, kind) for kind in drawing.OVER
    ):
        raise errors.HearingOver
