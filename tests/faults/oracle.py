# SPDX-License-Identifier: Apache-2.0
"""After a fault: is everything there that was promised, once, in order, and is no deadline another one?

It reads the database with the ledger of the outside in hand. The server is asked nothing.
"""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Row, func, select, text

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings
from exam_portal.core.signing import is_signed
from exam_portal.sittings.attempts import chain, quarantine, replaying
from exam_portal.sittings.attempts import fsck as attempts_fsck
from exam_portal.sittings.attempts.acknowledgement import Acknowledgement, instant
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.models import AnswerEvent, Attempt, LateEvent, LeaseChange, Seat, Submission
from tests.faults.ledger import Ledger, Promise

Deadlines = dict[int, tuple[datetime | None, datetime | None, datetime | None]]


def deadlines(session: Session) -> Deadlines:
    """Return when each attempt opens, closes and stops taking."""
    found = select(Attempt.id, Attempt.opens_at, Attempt.closes_at, Attempt.accepts_until)
    return {row.id: (row.opens_at, row.closes_at, row.accepts_until) for row in session.execute(found)}


def judge(settings: Settings, ledger: Ledger, expected: Deadlines) -> list[str]:
    """Return what is wrong, in words; an empty list when every promise is kept."""
    database = Database(settings, on_storage_failure=lambda _problem: None)
    try:
        with database.reading() as session:
            return [*_findings(session, ledger, expected)]
    finally:
        database.dispose()


def _findings(session: Session, ledger: Ledger, expected: Deadlines) -> Iterator[str]:
    yield from _soundness(session)
    yield from _promises(session, ledger)
    yield from _chains(session)
    yield from _once(session, ledger)
    yield from _late(session, ledger)
    yield from _times(session, expected)


def _soundness(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name == "sqlite":
        found = session.scalars(text("PRAGMA integrity_check")).all()
        yield from (f"the file: {line}" for line in found if line != "ok")
    for difference in attempts_fsck.differences(session):
        yield f"fsck: {difference}"


def _promises(session: Session, ledger: Ledger) -> Iterator[str]:
    """Every acknowledged event stands in its place, byte for byte, signed at its time."""
    attempts = {attempt.id: attempt for attempt in session.scalars(select(Attempt))}
    journals = _journals(session)
    bodies = Bodies(session.keys)
    devices = _devices(session)
    for promise in ledger.promises:
        attempt, rows = attempts[promise.attempt_id], journals[promise.attempt_id]
        yield from _signature(session, promise)
        if promise.lease not in devices[promise.attempt_id]:
            yield f"{promise.attempt}: a device wrote that was never in charge"
        last = int(promise.said["seq"])
        for seq, sent in enumerate(promise.events, start=last - len(promise.events) + 1):
            row = rows.get(seq)
            if row is None:
                yield f"{promise.attempt}: event {seq} was acknowledged and is not there"
                continue
            try:
                stored = bodies.open(attempt.key_id, attempt.public_id, row.client_seq, row.body)
            except JournalBroken as problem:
                yield str(problem)
                continue
            if chain.exact_bytes(stored) != sent:
                yield f"{promise.attempt}: event {seq} is not the one that was acknowledged"
            if row.lease != promise.lease:
                yield f"{promise.attempt}: event {seq} is another device's"
        row = rows.get(last)
        if row is not None and (row.head.hex(), instant(row.received_at)) != (
            promise.said["head"],
            promise.said["at"],
        ):
            yield f"{promise.attempt}: head or time of event {last} is not the acknowledged one"


def _signature(session: Session, promise: Promise) -> Iterator[str]:
    said = promise.said
    at = datetime.fromisoformat(str(said["at"]))
    statement = Acknowledgement(promise.attempt, said["seq"], bytes.fromhex(said["head"]), at).statement()
    if not is_signed(session.signer.public_key, statement, base64.b64decode(str(said["signature"]))):
        yield f"{promise.attempt}: the acknowledgement of {said['seq']} is not signed"


def _journals(session: Session) -> dict[int, dict[int, Row[int, int, int, bytes, bytes, str, datetime]]]:
    event = AnswerEvent
    found = select(
        event.attempt_id, event.seq, event.client_seq, event.body, event.head, event.lease, event.received_at
    )
    journals: dict[int, dict[int, Row[int, int, int, bytes, bytes, str, datetime]]] = defaultdict(dict)
    for row in session.execute(found):
        journals[row.attempt_id][row.seq] = row
    return journals


def _devices(session: Session) -> dict[int, set[str]]:
    """Return the leases that were ever in charge of each attempt."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in session.execute(select(LeaseChange.attempt_id, LeaseChange.lease)):
        found[row.attempt_id].add(row.lease)
    return found


def _chains(session: Session) -> Iterator[str]:
    for attempt in session.scalars(select(Attempt)):
        try:
            sum(1 for _ in replaying.events_of(session, attempt))
        except JournalBroken as problem:
            yield str(problem)


def _once(session: Session, ledger: Ledger) -> Iterator[str]:
    """No attempt twice, one submission of each, and every receipt is that of the submission."""
    doubled = select(Attempt.seat_id).group_by(Attempt.seat_id).having(func.count() > 1)
    yield from (f"seat {seat} has two attempts" for seat in session.scalars(doubled))
    seats = session.scalar(select(func.count()).select_from(Seat))
    attempts = session.scalar(select(func.count()).select_from(Attempt))
    if seats != attempts:
        yield f"{seats} seats have {attempts} attempts"
    handed_in = Counter(session.scalars(select(Submission.attempt_id)))
    yield from (f"attempt {one} was handed in {n} times" for one, n in handed_in.items() if n > 1)
    receipts = {row.attempt_id: row.receipt for row in session.scalars(select(Submission))}
    for attempt_id, receipt in ledger.receipts:
        if receipts.get(attempt_id) != receipt:
            yield f"attempt {attempt_id}: the receipt in hand is not that of a submission"


def _late(session: Session, ledger: Ledger) -> Iterator[str]:
    """Every late event that was said to be kept is kept."""
    kept: dict[int, set[bytes]] = defaultdict(set)
    for late in session.scalars(select(LateEvent)):
        attempt = session.get_one(Attempt, late.attempt_id)
        events = quarantine.events_of(session, attempt, late)
        kept[late.attempt_id] |= {chain.exact_bytes(event) for event in events}
    for attempt_id, body in ledger.set_aside:
        sent = {chain.exact_bytes(event) for event in json.loads(body)["events"]}
        if not sent <= kept[attempt_id]:
            yield f"attempt {attempt_id}: {len(sent - kept[attempt_id])} late events were said to be kept"


def _times(session: Session, expected: Deadlines) -> Iterator[str]:
    """Deadlines are what they were, and nobody's time was called over before it was."""
    for attempt_id, times in deadlines(session).items():
        if times != expected[attempt_id]:
            yield f"attempt {attempt_id}: its times are {times}, and were {expected[attempt_id]}"
    for submission in session.scalars(select(Submission)):
        closes_at = expected[submission.attempt_id][1]
        if submission.kind == "by_time" and (closes_at is None or submission.at < closes_at):
            yield f"attempt {submission.attempt_id} was ended before its time"
