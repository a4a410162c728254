# SPDX-License-Identifier: Apache-2.0
"""The measurement of a start: everybody arrives, has the key within one second, and hands in at once."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.bench import arriving, load, memory, places, seeding, servers
from exam_portal.core import clock
from exam_portal.core.database import Database
from exam_portal.core.ports import free_port
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.models import Attempt, Submission

CONNECTIONS = 256
OK = 200


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure."""

    database: str
    candidates: int
    workers: int
    submit_seconds: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the three waves cost, and whether anything was lost."""

    database: str
    workers: int
    candidates: int
    arrive_seconds: float  # signing in, the place, the page with the seed, and the ciphertext, for all
    arrive_p50_ms: float  # of one candidate, from the first page to the ciphertext
    arrive_p99_ms: float
    refused: int  # candidates who did not arrive
    key_p50_ms: float  # from when a request fell due; all fell due within one second
    key_p99_ms: float
    key_seconds: float  # until the last had it
    submit_seconds: float
    submit_p50_ms: float
    submit_p99_ms: float
    errors: int
    receipts: int
    lost: int  # receipts without a submission in the database
    memory_mb: float  # of all server processes together, at most

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON prints it."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(slots=True)
class Asker:
    """Asks for one address; only the whole answer counts."""

    asked: bytes
    needs: bytes = b""

    def request(self) -> bytes:
        """Return the request."""
        return self.asked

    def answered(self, status: int, head: bytes, body: bytes) -> bool:  # noqa: ARG002 - the body says it
        """Whether it is what was asked for."""
        return status == OK and self.needs in body


@dataclasses.dataclass(slots=True)
class Leaver:
    """Hands in, and keeps the receipt."""

    asked: bytes
    receipt: dict[str, Any] | None = None

    def request(self) -> bytes:
        """Return the request."""
        return self.asked

    def answered(self, status: int, head: bytes, body: bytes) -> bool:  # noqa: ARG002 - the body says it
        """Whether it is a receipt."""
        if status != OK:
            return False
        self.receipt = json.loads(body)["receipt"]
        return self.receipt is not None


def run(wanted: Wanted, *, say: Callable[[str], None]) -> Report:
    """Return the report; the installation and its servers exist for the measurement only."""
    port = free_port()
    netloc = f"127.0.0.1:{port}"
    with places.own_place(wanted.database, wanted.workers) as place:
        say(f"seating {wanted.candidates} candidates on {wanted.database}")
        people = _seat(place, wanted.candidates)
        form = people[0].form
        with servers.portal(place.environment, port) as server, memory.watched(server.pid) as held:
            arrived_seconds = arriving.run(port, people)
            refusals = [person.refusal for person in people if person.refusal]
            say(f"signed in, seated, forms brought: {arrived_seconds:.1f} s, {len(refusals)} refused")
            for refusal, count in Counter(refusals).most_common(5):
                say(f"  {count} x {refusal}")
            key = _wave(port, _keys(netloc, form, len(people)), seconds=1)
            say(f"the key: p99 {key.percentile(0.99):.0f} ms")
            leavers = [_leaver(netloc, person) for person in people if not person.refusal]
            left = _wave(port, leavers, seconds=wanted.submit_seconds)
            say(f"handed in: {left.acknowledged} in {left.seconds:.1f} s")
        lost = _lost(place, leavers)
    arrived = load.Phase(latencies=[person.seconds for person in people if not person.refusal])
    return Report(
        database=wanted.database,
        workers=place.settings.server.workers,
        candidates=wanted.candidates,
        arrive_seconds=round(arrived_seconds, 1),
        arrive_p50_ms=round(arrived.percentile(0.5), 1),
        arrive_p99_ms=round(arrived.percentile(0.99), 1),
        refused=len(refusals),
        key_p50_ms=round(key.percentile(0.5), 1),
        key_p99_ms=round(key.percentile(0.99), 1),
        key_seconds=round(key.seconds, 2),
        submit_seconds=round(left.seconds, 1),
        submit_p50_ms=round(left.percentile(0.5), 1),
        submit_p99_ms=round(left.percentile(0.99), 1),
        errors=key.errors + left.errors,
        receipts=left.acknowledged,
        lost=lost,
        memory_mb=round(max(held, default=0.0), 1),
    )


def in_words(report: Report) -> str:
    """Return the report for a reader."""
    arrive = f"p50 {report.arrive_p50_ms:.0f} ms, p99 {report.arrive_p99_ms:.0f} ms, refused {report.refused}"
    key = f"p50 {report.key_p50_ms:.0f} ms, p99 {report.key_p99_ms:.0f} ms"
    submit = f"p50 {report.submit_p50_ms:.0f} ms, p99 {report.submit_p99_ms:.0f} ms"
    return "\n".join(
        [
            f"candidates      {report.candidates:,}",
            f"database        {report.database}, {report.workers} server process(es)",
            f"arriving        signed in, seated, form brought: {report.arrive_seconds:.1f} s, {arrive}",
            f"the key         {key}, the last after {report.key_seconds:.1f} s",
            f"handing in      {report.receipts:,} receipts in {report.submit_seconds:.1f} s, {submit}",
            f"errors          {report.errors}, lost: {report.lost}",
            f"memory          {report.memory_mb:.0f} MB at most",
        ]
    )


def _seat(place: places.Place, count: int) -> list[arriving.Arrival]:
    """Return everybody who may come, with the form that waits for them."""
    database = Database(place.settings)
    now = clock.SYSTEM.now()
    try:
        with database.writing(unhurried=True) as session:
            attempts = seeding.seed(session, now, attempts=count, has_leases=False)
            form = session.get_one(PaperForm, attempts[0].form_id).public_id
    finally:
        database.dispose()
    return [
        arriving.Arrival(seeding.login(number), seeding.PASSWORD, attempt.public_id, form)
        for number, attempt in enumerate(attempts)
    ]


def _keys(netloc: str, form: str, count: int) -> list[load.Writer]:
    request = load.http_get(f"/sit/forms/{form}/key", netloc, {"Accept": "application/json"})
    return [Asker(request, b'"starts"') for _ in range(count)]


def _leaver(netloc: str, person: arriving.Arrival) -> Leaver:
    path = f"/sit/attempts/{person.attempt}/submission?by=candidate"
    headers = {**person.headers(), "X-Sitting": "1", "Accept": "application/json"}
    return Leaver(load.http_post(path, netloc, headers)(b""))


def _wave(port: int, writers: Sequence[load.Writer], *, seconds: float) -> load.Phase:
    """Everybody's request falls due within these seconds, and every one is sent."""
    return load.run(
        "127.0.0.1",
        port,
        list(writers),
        rate=len(writers) / seconds,
        seconds=seconds,
        connections=CONNECTIONS,
        is_herd=True,
    )


def _lost(place: places.Place, leavers: Sequence[Leaver]) -> int:
    """Hold every receipt against the database."""
    database = Database(place.settings)
    try:
        with database.reading() as session:
            found = select(Attempt.public_id, Submission.receipt).join(
                Submission, Submission.attempt_id == Attempt.id
            )
            stored = {row.public_id: row.receipt for row in session.execute(found)}
    finally:
        database.dispose()
    promised = [leaver.receipt for leaver in leavers if leaver.receipt is not None]
    return sum(1 for receipt in promised if stored.get(receipt["attempt"]) != receipt)
