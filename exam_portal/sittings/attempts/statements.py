# SPDX-License-Identifier: Apache-2.0
"""The one statement of a save: it advances the attempt where all still fits, and stores the events."""

import dataclasses
import sqlite3
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from exam_portal.core.database import Database


@dataclasses.dataclass(frozen=True, slots=True)
class Save:
    """A batch ready to be stored: sealed, hashed and chained."""

    attempt_id: int
    lease: str
    seq: int
    head: bytes
    client_seqs: list[int]
    bodies: list[bytes]
    hashes: list[bytes]
    heads: list[bytes]
    at: datetime


_POSTGRESQL: Final = """
WITH advanced AS (
  UPDATE attempts SET head = %(last)b, seq = seq + %(count)s, last_event_at = %(at)s
  WHERE id = %(id)s AND head = %(head)b AND seq = %(seq)s AND lease = %(lease)s
    AND state = 'active' AND opens_at <= %(at)s AND accepts_until >= %(at)s
  RETURNING id
)
INSERT INTO answer_events (attempt_id, seq, client_seq, body, event_hash, head, lease, received_at)
SELECT advanced.id, %(seq)s + event.place, event.client_seq, event.body, event.hash, event.head,
  %(lease)s, %(at)s
FROM advanced, unnest(%(client_seqs)s::int[], %(bodies)s::bytea[], %(hashes)s::bytea[], %(heads)s::bytea[])
  WITH ORDINALITY AS event (client_seq, body, hash, head, place)
"""

_POSTGRESQL_ONE: Final = """
WITH advanced AS (
  UPDATE attempts SET head = %(last)b, seq = seq + 1, last_event_at = %(at)s
  WHERE id = %(id)s AND head = %(head)b AND seq = %(seq)s AND lease = %(lease)s
    AND state = 'active' AND opens_at <= %(at)s AND accepts_until >= %(at)s
  RETURNING id, seq
)
INSERT INTO answer_events (attempt_id, seq, client_seq, body, event_hash, head, lease, received_at)
SELECT id, seq, %(client_seq)s, %(body)b, %(hash)b, %(last)b, %(lease)s, %(at)s FROM advanced
"""

_ADVANCE: Final = """
UPDATE attempts SET head = ?, seq = seq + ?, last_event_at = ?
WHERE id = ? AND head = ? AND seq = ? AND lease = ?
  AND state = 'active' AND opens_at <= ? AND accepts_until >= ?
"""
_INSERT: Final = """
INSERT INTO answer_events (attempt_id, seq, client_seq, body, event_hash, head, lease, received_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def store(database: Database, save: Save) -> bool:
    """Return whether the batch was stored; the answer is given after the COMMIT, never before."""
    if database.kind == "sqlite":
        return database.commit_together(lambda connection: _on_sqlite(connection, save))
    return database.commit_together(lambda connection: _on_postgresql(connection, save))


def _on_postgresql(connection: object, save: Save) -> bool:
    """Let the statement be its own transaction: the server answers after flushing its commit record."""
    assert isinstance(connection, psycopg.Connection)
    connection.autocommit = True
    try:
        if len(save.heads) == 1:
            done = connection.execute(_POSTGRESQL_ONE, _named_one(save), prepare=True)
        else:
            done = connection.execute(_POSTGRESQL, _named(save), prepare=True)
    finally:
        if not connection.closed:
            connection.autocommit = False
    return done.rowcount == len(save.heads)


def _named_one(save: Save) -> dict[str, Any]:
    return {
        "id": save.attempt_id,
        "last": save.heads[0],
        "at": save.at,
        "head": save.head,
        "seq": save.seq,
        "lease": save.lease,
        "client_seq": save.client_seqs[0],
        "body": save.bodies[0],
        "hash": save.hashes[0],
    }


def _named(save: Save) -> dict[str, Any]:
    return {
        "id": save.attempt_id,
        "last": save.heads[-1],
        "count": len(save.heads),
        "at": save.at,
        "head": save.head,
        "seq": save.seq,
        "lease": save.lease,
        "client_seqs": save.client_seqs,
        "bodies": save.bodies,
        "hashes": save.hashes,
        "heads": save.heads,
    }


def _on_sqlite(connection: object, save: Save) -> bool:
    assert isinstance(connection, sqlite3.Connection)
    at = sqlite_instant(save.at)
    fits = (save.attempt_id, save.head, save.seq, save.lease, at, at)
    done = connection.execute(_ADVANCE, (save.heads[-1], len(save.heads), at, *fits))
    if done.rowcount != 1:
        return False
    events = zip(save.client_seqs, save.bodies, save.hashes, save.heads, strict=True)
    rows = [
        (save.attempt_id, seq, *event, save.lease, at) for seq, event in enumerate(events, start=save.seq + 1)
    ]
    connection.executemany(_INSERT, rows)
    return True


def sqlite_instant(at: datetime) -> str:
    """Return an instant as the column type ``Instant`` stores it on SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
