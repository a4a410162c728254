# SPDX-License-Identifier: Apache-2.0
"""A marker's own phrases for comments: kept for one marker and one competition, and about nobody."""

import re
from datetime import datetime

from sqlalchemy import func, select

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors
from exam_portal.marking.models import Phrase
from exam_portal.marking.service import common

MOST = 100  # phrases of one marker in one competition
LONGEST = 500
TELLING = re.compile(
    r"\b[A-Z2-7]{10}\b|\b[A-Z2-7]{5}[ -][A-Z2-7]{5}\b|\d{7,}|\S@\S"
)  # codes, numbers, addresses


def phrases(session: Session, competition_id: int, marker_id: int) -> list[Phrase]:
    """Return the phrases of this marker here, the oldest first."""
    rows = select(Phrase).where(Phrase.competition_id == competition_id, Phrase.marker_id == marker_id)
    return list(session.scalars(rows.order_by(Phrase.id)))


def phrase(session: Session, actor: Actor, competition_id: int, public_id: str) -> Phrase:
    """Return a phrase of this marker, else NotFound."""
    found = session.scalar(
        select(Phrase).where(
            Phrase.public_id == public_id,
            Phrase.competition_id == competition_id,
            Phrase.marker_id == common.account(actor),
        )
    )
    if found is None:
        raise NotFound
    return found


def keep_phrase(session: Session, actor: Actor, now: datetime, *, competition_id: int, text: str) -> Phrase:
    """The marker can insert this phrase into comments; a note of his or her own, so it writes no leaf."""
    marker_id, said = common.account(actor), _checked(text)
    own = [Phrase.competition_id == competition_id, Phrase.marker_id == marker_id]
    found = session.scalar(select(Phrase).where(*own, Phrase.text == said))
    if found is not None:
        return found
    if (session.scalar(select(func.count()).select_from(Phrase).where(*own)) or 0) >= MOST:
        raise errors.TooManyPhrases(MOST)
    kept = Phrase(competition_id=competition_id, marker_id=marker_id, text=said, changed_at=now)
    session.add(kept)
    session.flush()
    return kept


def change_phrase(session: Session, now: datetime, *, phrase: Phrase, text: str) -> None:
    """The phrase reads so from now on; comments into which it was inserted stay as they are."""
    phrase.text, phrase.changed_at = _checked(text), now
    session.flush()


def forget_phrase(session: Session, *, phrase: Phrase) -> None:
    """The phrase is gone."""
    session.delete(phrase)
    session.flush()


def _checked(text: str) -> str:
    """Return the phrase in one spelling of its blanks; a code, number or address would tell of somebody."""
    said = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not said or len(said) > LONGEST:
        raise errors.PhraseLength(LONGEST)
    if TELLING.search(said):
        raise errors.PhraseTells
    return said
