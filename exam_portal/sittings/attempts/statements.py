# SPDX-License-Identifier: Apache-2.0
"""The one statement of a save: it advances the attempt where all still fits, and stores the events."""

import dataclasses
import sqlite3
from datetime import UTC, datetime
from typing import Final

import psycopg

from exam_portal.core.database import Database
from exam_portal.core.database.lines import Statement, array


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


# $1 attempt, $2 head before, $3 head after, $4 seq before, $5 lease, $6 instant;
# of each event: $7 client_seq, $8 body, $9 hash, $10 head
_BATCH: Final = Statement(
    "save_batch",
    """
WITH advanced AS (
  UPDATE attempts SET head = $3, seq = seq + cardinality($7::int[]), last_event_at = $6
  WHERE id = $1 AND head = $2 AND seq = $4 AND lease = $5
    AND state = 'active' AND opens_at <= $6 AND accepts_until >= $6
  RETURNING id
)
INSERT INTO answer_events (attempt_id, seq, client_seq, body, event_hash, head, lease, received_at)
SELECT advanced.id, $4 + event.place, event.client_seq, event.body, event.hash, event.head, $5, $6
FROM advanced, unnest($7::int[], $8::bytea[], $9::bytea[], $10::bytea[])
  WITH ORDINALITY AS event (client_seq, body, hash, head, place)
""",
)

_ONE: Final = Statement(
    "save_one",
    """
WITH advanced AS (
  UPDATE attempts SET head = $3, seq = seq + 1, last_event_at = $6
  WHERE id = $1 AND head = $2 AND seq = $4 AND lease = $5
    AND state = 'active' AND opens_at <= $6 AND accepts_until >= $6
  RETURNING id, seq
)
INSERT INTO answer_events (attempt_id, seq, client_seq, body, event_hash, head, lease, received_at)
SELECT id, seq, $7, $8, $9, $3, $5, $6 FROM advanced
""",
)

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


def _on_postgresql(line: object, save: Save) -> bool:
    """Let the statement be its own transaction: the server answers after flushing its commit record."""
    assert isinstance(line, psycopg.Connection)
    at = save.at.isoformat()
    fits = (save.attempt_id, save.head, save.heads[-1], save.seq, save.lease, at)
    if len(save.heads) == 1:
        return _ONE.run(line, (*fits, save.client_seqs[0], save.bodies[0], save.hashes[0])) == 1
    events = (array(save.client_seqs), array(save.bodies), array(save.hashes), array(save.heads))
    return _BATCH.run(line, (*fits, *events)) == len(save.heads)


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
