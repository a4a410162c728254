# SPDX-License-Identifier: Apache-2.0
"""Reading the journal back: opened, checked against its chain, and folded into answers."""

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.papers.errors import PaperLocked
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import chain, late, opened, quarantine
from exam_portal.sittings.attempts.answers import ANSWERS, Answers
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import AnswerEvent, Attempt, LateEvent
from scoring.verify.receipt import JOURNAL_SCHEMA, order_told


@dataclasses.dataclass(frozen=True, slots=True)
class Replayed:
    """The answers of one attempt at one place of its journal.

    Reading a long essay back takes longer than anybody may hold the writer. So it is read before, and inside
    the writer ``replay`` goes on from there: through nothing, or through the save that came in between.
    """

    attempt_id: int
    seq: int
    head: bytes
    answers: Answers


def replay(session: Session, attempt: Attempt, since: Replayed | None = None) -> Replayed:
    """Return the answers at the attempt's head; JournalBroken names the first link that does not hold."""
    if since is None or since.attempt_id != attempt.id:
        since = Replayed(attempt.id, 0, initial_head(session, attempt), Answers())
    if (since.seq, since.head) == (attempt.seq, attempt.head):
        return since
    answers = since.answers.copy()
    for event in _events(session, attempt, since.seq, since.head):
        answers.take(event)
    return Replayed(attempt.id, attempt.seq, attempt.head, answers)


def answers_of(session: Session, attempt: Attempt) -> Answers:
    """Return the answers at the attempt's head, its whole chain checked on the way."""
    return replay(session, attempt).answers


@dataclasses.dataclass(frozen=True, slots=True)
class Counted:
    """The answers that are marked, and the late ones that do not fit what stands before or beside them."""

    answers: Answers
    left_out: tuple[int, ...] = ()  # client sequences


def counted(session: Session, attempt: Attempt, since: Replayed | None = None) -> Counted:
    """Return what is marked: the journal at its sealed head, then the accepted late batches as they came.

    What a batch repeats of the journal or of an earlier batch is taken once. What a computer had not sent
    before the attempt was moved to another one comes first of them, and only where the other one has left
    the question as it was.
    """
    answers = replay(session, attempt, since).answers
    batches = late.accepted(session, attempt)
    if not batches:
        return Counted(answers)
    taken = set(session.scalars(select(AnswerEvent.event_hash).where(AnswerEvent.attempt_id == attempt.id)))
    before = len(answers.left_out)
    for batch in sorted(batches, key=lambda each: each.lease == attempt.lease):
        settled = _written_since(session, attempt, batch) if batch.lease != attempt.lease else frozenset()
        for event in quarantine.events_of(session, attempt, batch):
            event_hash = hashlib.sha256(chain.event_bytes(event)).digest()
            if event_hash in taken:
                continue
            taken.add(event_hash)
            if event["item"] not in settled:
                answers.take(event)
            elif event["kind"] in ANSWERS:
                answers.left_out.append(event["client_seq"])
    return Counted(answers, tuple(answers.left_out[before:]))


def _written_since(session: Session, attempt: Attempt, batch: LateEvent) -> frozenset[str]:
    """Return the questions that another device answered after the device of this batch lost the attempt."""
    rows = select(AnswerEvent.client_seq, AnswerEvent.body).where(
        AnswerEvent.attempt_id == attempt.id,
        AnswerEvent.lease != batch.lease,
        AnswerEvent.received_at >= batch.closed_at,
    )
    bodies = Bodies(session.keys)
    events = (
        bodies.open(attempt.key_id, attempt.public_id, row.client_seq, row.body)
        for row in session.execute(rows)
    )
    return frozenset(event["item"] for event in events if event["kind"] in ANSWERS)


def events_of(session: Session, attempt: Attempt) -> Iterator[dict[str, Any]]:
    """Yield all events in their order, each checked against hash, chain and place."""
    return _events(session, attempt, 0, initial_head(session, attempt))


def journal_of(session: Session, attempt: Attempt) -> dict[str, Any]:
    """Return the journal as its owner keeps it: with the salt of the receipt it leads to the head.

    It names the order that was shown, signed, which its owner derives again once the paper is revealed.
    """
    form = session.get_one(PaperForm, attempt.form_id)
    journal: dict[str, Any] = {
        "_": JOURNAL_SCHEMA,
        "attempt": attempt.public_id,
        "form": form.commitment.hex(),
        "events": list(events_of(session, attempt)),
    }
    try:
        shown = opened.permutation_of(session, opened.form_of(session, attempt.form_id), attempt)
    except (KeyErased, PaperLocked):
        return journal
    journal["order"] = shown.as_dict()
    return journal | {"order_signature": session.signer.sign(order_told(journal)).hex()}


def _events(session: Session, attempt: Attempt, seq: int, head: bytes) -> Iterator[dict[str, Any]]:
    bodies = Bodies(session.keys)
    for row in _rows(session, attempt, seq):
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


def _rows(session: Session, attempt: Attempt, after: int) -> Iterator[Row[int, int, bytes, bytes, bytes]]:
    """Read the events up to the attempt's sequence: what came since this session began is not part of it."""
    event = AnswerEvent
    found = (
        select(event.seq, event.client_seq, event.head, event.event_hash, event.body)
        .where(event.attempt_id == attempt.id, event.seq > after, event.seq <= attempt.seq)
        .order_by(event.seq)
        .execution_options(yield_per=500)
    )
    yield from session.execute(found)
