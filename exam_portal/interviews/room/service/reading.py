# SPDX-License-Identifier: Apache-2.0
"""Who reads the questions of a panel before they are drawn: nobody related to a candidate, and on record."""

from datetime import datetime

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.interviews import errors, relations
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.room.models import QuestionSet
from exam_portal.interviews.service import common


def note_reading(
    session: Session, actor: Actor, now: datetime, *, panel: PanelSession, found: QuestionSet
) -> None:
    """That this person opened the questions to approve them is on record."""
    require_unrelated(session, actor, panel)
    facts = {"set": found.public_id, "hash": found.hash}
    common.record(session, actor, now, panel, "interviews.questions_read", facts)


def require_unrelated(session: Session, actor: Actor, panel: PanelSession) -> None:
    """The person has told no relation to a candidate here, and as a member has declared of everybody."""
    if relations.keep_from_questions(session, panel, common.account(actor)):
        raise errors.QuestionsKeptBack
