# SPDX-License-Identifier: Apache-2.0
"""Saving: a batch is stored once and whole, after the head its sender last saw; only then acknowledged.

No session, account or setting is read on the way. When nothing was stored, ``refusals`` says why.
"""

import hashlib
from collections.abc import Set as AbstractSet
from datetime import datetime

from exam_portal.core.database import Database
from exam_portal.sittings.attempts import chain, refusals, statements
from exam_portal.sittings.attempts.acknowledgement import Acknowledgement
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import DeviceMoved, Malformed
from exam_portal.sittings.attempts.tokens import SittingToken
from exam_portal.sittings.attempts.wire import Batch

ATTEMPTS_AT_RACES = 3


def save(
    database: Database, bodies: Bodies, token: SittingToken, batch: Batch, now: datetime
) -> Acknowledgement:
    """The events are stored and acknowledged; a batch that was stored before gets its old acknowledgement.

    Raises what ``refusals.explain`` finds; of a refused batch nothing is stored (a late one is kept apart).
    """
    if batch.lease != token.lease:
        raise DeviceMoved
    if not batch.events:
        raise Malformed("events", "empty")
    prepared = _prepare(bodies, token, batch, now)
    for _ in range(ATTEMPTS_AT_RACES):
        if statements.store(database, prepared):
            return Acknowledgement(token.attempt, batch.seq + len(batch.events), prepared.heads[-1], now)
        known = refusals.explain(database, token, batch, prepared, now)
        if known is not None:
            return known
    raise refusals.stale(database, token)


def save_at_once(
    database: Database, bodies: Bodies, token: SittingToken, batch: Batch, now: datetime
) -> Acknowledgement | None:
    """The events are stored by the one statement and acknowledged, or nothing happened: then None."""
    if batch.lease != token.lease or not batch.events:
        return None
    prepared = _prepare(bodies, token, batch, now)
    if not statements.store(database, prepared):
        return None
    return Acknowledgement(token.attempt, batch.seq + len(batch.events), prepared.heads[-1], now)


def refuse_unknown_items(batch: Batch, items: AbstractSet[str]) -> None:
    """Every item that the batch names is in the form, or Malformed is raised."""
    for index, event in enumerate(batch.events):
        if event["item"] is not None and event["item"] not in items:
            raise Malformed(f"events[{index}].item", "not an item of this form")


def _prepare(bodies: Bodies, token: SittingToken, batch: Batch, now: datetime) -> statements.Save:
    """Hash, chain and seal outside every lock and transaction."""
    events = [chain.event_bytes(event) for event in batch.events]
    return statements.Save(
        attempt_id=token.attempt_id,
        lease=token.lease,
        seq=batch.seq,
        head=batch.head,
        client_seqs=[event["client_seq"] for event in batch.events],
        bodies=[bodies.seal(token.key_id, token.attempt, event) for event in batch.events],
        hashes=[hashlib.sha256(event).digest() for event in events],
        heads=chain.heads_after(batch.head, events),
        at=now,
    )
