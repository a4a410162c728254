# SPDX-License-Identifier: Apache-2.0
"""Reading the journal back: opened, checked against its chain, and folded into answers."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import chain
from exam_portal.sittings.attempts.answers import Answers, replay
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import AnswerEvent, Attempt


def answers_of(session: Session, attempt: Attempt) -> Answers:
    """Return the answers at the attempt's head; JournalBroken names the first link that does not hold."""
    return replay(events_of(session, attempt))


def events_of(session: Session, attempt: Attempt) -> Iterator[dict[str, Any]]:
    """Yield the events in their order, each checked against hash, chain and place."""
    head = initial_head(session, attempt)
    bodies = Bodies(session.keys)
    seq = 0
    for row in _rows(session, attempt):
        seq += 1
        event = bodies.open(attempt.key_id, attempt.public_id, row.client_seq, row.body)
        canonical = chain.event_bytes(event)
        head = chain.next_head(head, canonical)
        is_whole = row.seq == seq and row.head == head
        if not is_whole or row.event_hash != hashlib.sha256(canonical).digest():
            raise JournalBroken(f"attempt {attempt.public_id}: event {seq} does not fit the chain")
        yield event
    if (seq, head) != (attempt.seq, attempt.head):
        raise JournalBroken(f"attempt {attempt.public_id}: the journal ends at {seq}, not at {attempt.seq}")


def initial_head(session: Session, attempt: Attempt) -> bytes:
    """Return h_0 from the facts of the attempt."""
    form = session.get_one(PaperForm, attempt.form_id)
    return chain.first_head(attempt.public_id, form.commitment, attempt.salt)


def _rows(session: Session, attempt: Attempt) -> Iterator[AnswerEvent]:
    """Read the events up to the attempt's sequence: what came since this session began is not part of it."""
    found = (
        select(AnswerEvent)
        .where(AnswerEvent.attempt_id == attempt.id, AnswerEvent.seq <= attempt.seq)
        .order_by(AnswerEvent.seq)
        .execution_options(yield_per=500)
    )
    yield from session.scalars(found)
