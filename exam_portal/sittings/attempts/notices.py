# SPDX-License-Identifier: Apache-2.0
"""What the desk has said to a seat, and whether the seat waits for somebody: part of what the screen asks."""

import time
import weakref
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from exam_portal.core.db import Session
from exam_portal.core.keystore import Keystore
from exam_portal.papers import notices
from exam_portal.sittings.attempts import opened
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.models import Attempt, Seat, SeatCall, SittingMessage
from question_bank.paper import numbers_of

FRESH_SECONDS = 1.0
MOST_NUMBERS = 20_000
_Kept = dict[int, tuple[float, Sequence[notices.Notice]]]
_kept: weakref.WeakKeyDictionary[Keystore, _Kept] = weakref.WeakKeyDictionary()  # of each installation
_numbers: weakref.WeakKeyDictionary[Keystore, dict[tuple[str, str], str]] = weakref.WeakKeyDictionary()


def notices_for(session: Session, seat: Seat) -> list[dict[str, Any]]:
    """Return the messages to this seat, its room or all, in their order."""
    found = (
        select(SittingMessage)
        .where(
            SittingMessage.sitting_id == seat.sitting_id,
            or_(SittingMessage.seat_id.is_(None), SittingMessage.seat_id == seat.id),
            or_(SittingMessage.room_id.is_(None), SittingMessage.room_id == seat.room_id),
        )
        .order_by(SittingMessage.id)
    )
    return [
        {
            "id": one.public_id,
            "at": instant(one.at),
            "words": one.words,
            "is_private": one.seat_id is not None,
        }
        for one in session.scalars(found)
    ]


def corrections_for(session: Session, attempt: Attempt) -> list[dict[str, Any]]:
    """Return the corrections of the candidate's form in the order of their versions, by the own numbers."""
    return [
        {
            "id": one.public_id,
            "at": instant(one.at),
            "words": one.words,
            "is_private": False,
            "is_correction": True,
            "question": _number(session, attempt, one.question) if one.question else None,
            "withdrawn": one.withdrawn or None,
            "is_withdrawal": one.is_withdrawal,
        }
        for one in _of_form(session, attempt.form_id)
    ]


def _of_form(session: Session, form_id: int) -> Sequence[notices.Notice]:
    """Return the notices of a form as of a second ago at most: thousands ask for the same ones."""
    own = _kept.setdefault(session.keys, {})
    until, found = own.get(form_id, (0.0, ()))
    if time.monotonic() >= until:
        found = notices.of_form(session, form_id)
        own[form_id] = (time.monotonic() + FRESH_SECONDS, found)
    return found


def _number(session: Session, attempt: Attempt, item: str) -> str:
    """Return the number of a question on this candidate's screen: it never changes, so it is kept."""
    own = _numbers.setdefault(session.keys, {})
    if (attempt.public_id, item) not in own:
        if len(own) >= MOST_NUMBERS:
            own.clear()
        form = opened.form_of(session, attempt.form_id)
        numbers = numbers_of(form, opened.permutation_of(session, form, attempt))
        own[attempt.public_id, item] = numbers.get(item, "")
    return own[attempt.public_id, item]


def called_at(session: Session, seat: Seat) -> str | None:
    """Return since when the candidate has been waiting for the invigilator, if so."""
    found = select(SeatCall.at).where(SeatCall.seat_id == seat.id, SeatCall.answered_at.is_(None))
    at = session.scalar(found)
    return instant(at) if at else None
