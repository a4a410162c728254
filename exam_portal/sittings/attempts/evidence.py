# SPDX-License-Identifier: Apache-2.0
"""What a late batch tells without its content: how much, and by its device's clock written when."""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.sittings.attempts import quarantine
from exam_portal.sittings.attempts.answers import ANSWERS
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import AnswerEvent, Attempt, LateEvent


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The last acknowledged event of a device: its own count of milliseconds, and when it arrived here."""

    seq: int
    ms: int
    received_at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Counts of a late batch; when its events were written is told by the candidate's computer."""

    events: int
    questions: int
    before: int  # written up to the closing
    after: int
    untold: int  # the page was loaded anew since, or nothing of this device had arrived before


def evidence_of(
    session: Session, attempt: Attempt, batch: LateEvent, anchor: Anchor | None, closed_at: datetime
) -> Evidence | None:
    """Return the counts of a batch; None where it cannot be read: its key is erased, or its bytes changed."""
    try:
        events = quarantine.events_of(session, attempt, batch)
    except (JournalBroken, KeyErased):
        return None
    written = [written_at(event["ms"], anchor, batch.received_at) for event in events]
    return Evidence(
        events=len(events),
        questions=len({event["item"] for event in events if event["kind"] in ANSWERS}),
        before=sum(at is not None and at <= closed_at for at in written),
        after=sum(at is not None and at > closed_at for at in written),
        untold=written.count(None),
    )


def written_at(ms: int, anchor: Anchor | None, received_at: datetime) -> datetime | None:
    """Return when an event was written, as far as its device's count of milliseconds tells.

    The count begins anew with each page: one that runs back, or past the arrival, says nothing. The anchor
    arrived after it was written, so the instant found is never too early for the same page.
    """
    if anchor is None or ms < anchor.ms:
        return None
    at = anchor.received_at + timedelta(milliseconds=ms - anchor.ms)
    return at if at <= received_at else None


def anchors(session: Session, attempts: Mapping[int, Attempt]) -> dict[int, dict[str, Anchor]]:
    """Return the anchors of these attempts, by attempt and device: one query."""
    last = (
        select(AnswerEvent.attempt_id, func.max(AnswerEvent.seq).label("seq"))
        .where(AnswerEvent.attempt_id.in_(attempts))
        .group_by(AnswerEvent.attempt_id, AnswerEvent.lease)
        .subquery()
    )
    rows = select(AnswerEvent).join(
        last, (last.c.attempt_id == AnswerEvent.attempt_id) & (last.c.seq == AnswerEvent.seq)
    )
    bodies, found = Bodies(session.keys), defaultdict[int, dict[str, Anchor]](dict)
    for event in session.scalars(rows):
        attempt = attempts[event.attempt_id]
        try:
            ms = bodies.open(attempt.key_id, attempt.public_id, event.client_seq, event.body)["ms"]
        except (JournalBroken, KeyErased):
            continue
        found[attempt.id][event.lease] = Anchor(seq=event.seq, ms=ms, received_at=event.received_at)
    return found
