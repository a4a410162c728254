# SPDX-License-Identifier: Apache-2.0
"""What was answered in a marked test, without a name or a number: what an item analysis reads."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.sittings.attempts import replaying
from exam_portal.sittings.models import Attempt, Script, TestMark


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The responses of somebody, by item id."""

    form_id: int
    responses: Mapping[str, Any]


def last_mark(session: Session, competition_id: int, part: str) -> int | None:
    """Return the newest mark of the part's tests, None while none is marked: it changes with every run."""
    return session.scalar(
        select(func.max(TestMark.id))
        .join(Script, Script.id == TestMark.script_id)
        .where(Script.competition_id == competition_id, Script.part == part)
    )


def answered(session: Session, competition_id: int, part: str) -> Iterator[Answered]:
    """Yield what each marked script of the part answered; those of erased people cannot be read any more."""
    marked = select(TestMark.script_id)
    query = (
        select(Attempt)
        .join(Script, Script.attempt_id == Attempt.id)
        .where(Script.competition_id == competition_id, Script.part == part, Script.id.in_(marked))
        .order_by(Attempt.public_id)  # random: not the order of seats
    )
    for attempt in session.scalars(query):
        try:
            responses = replaying.counted(session, attempt).answers.responses
        except KeyErased:
            continue
        yield Answered(form_id=attempt.form_id, responses=responses)
