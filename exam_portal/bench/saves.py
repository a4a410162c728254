# SPDX-License-Identifier: Apache-2.0
"""The measurement of saves: the answer path first, then the floor, in turn, on the same machine."""

import contextlib
import dataclasses
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from exam_portal.bench import load, places, processor, seeding, servers
from exam_portal.bench.floor import ADDRESS
from exam_portal.bench.places import Place
from exam_portal.bench.report import Report
from exam_portal.bench.writers import Candidate, FloorClient
from exam_portal.core import clock
from exam_portal.core import settings as portal_settings
from exam_portal.core.database import Database
from exam_portal.core.ports import free_port
from exam_portal.core.settings import Settings
from exam_portal.sittings.attempts.answer_path import AnswerPath
from exam_portal.sittings.models import AnswerEvent, Attempt

SATURATING = 50_000.0  # requests per second nobody serves: the queue is never empty
WARM_SECONDS = 2.0


class CannotMeasure(Exception):
    """The measurement cannot be made in the way that was asked; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure."""

    database: str
    url: str | None
    seconds: int
    attempts: int
    connections: int
    workers: int


def run(wanted: Wanted, *, say: Callable[[str], None]) -> Report:
    """Return the report; servers and a database of its own are started where no address is given."""
    with contextlib.ExitStack() as stack:
        place = (
            _given_place(wanted)
            if wanted.url
            else stack.enter_context(places.own_place(wanted.database, wanted.workers))
        )
        port = free_port()
        netloc = urlsplit(wanted.url).netloc if wanted.url else f"127.0.0.1:{port}"
        people = candidates(place, wanted.attempts, netloc)
        say(f"{wanted.attempts} attempts are ready on {wanted.database}")
        with contextlib.nullcontext() if wanted.url else servers.portal(place.environment, port) as server:
            full, half = _measure_portal(wanted, netloc, people, server, say)
        floor = _measure_floor(place, wanted, say)
        acknowledged, stored, lost = compare(place.settings, people)
    return Report(
        database=wanted.database,
        workers=place.settings.server.workers,
        attempts=wanted.attempts,
        seconds=wanted.seconds,
        offered_per_s=round(full.offered / full.seconds, 1),
        acknowledged_per_s=round(full.per_second, 1),
        latency_at_per_s=round(half.per_second, 1),
        p50_ms=round(half.percentile(0.5), 2),
        p99_ms=round(half.percentile(0.99), 2),
        errors=full.errors + half.errors,
        acknowledged=acknowledged,
        stored=stored,
        lost=lost,
        floor_per_s=round(floor.per_second, 1),
        server_us=round(full.processor_us),
        floor_server_us=round(floor.processor_us),
        ratio_to_floor=round(full.per_second / floor.per_second, 3) if floor.per_second else 0.0,
    )


def _given_place(wanted: Wanted) -> Place:
    settings = portal_settings.load()
    if settings.is_embedded:
        raise CannotMeasure(
            "a running portal on SQLite holds its database; leave --url out, or use PostgreSQL"
        )
    if wanted.database != "postgresql":
        raise CannotMeasure("the settings name PostgreSQL: say --database postgresql")
    return Place(settings, {})


def candidates(place: Place, count: int, netloc: str) -> list[Candidate]:
    """Return so many whose attempts run, ready to write to this address."""
    database = Database(place.settings)
    now: datetime = clock.SYSTEM.now()
    try:
        with database.writing(unhurried=True) as session:
            attempts = seeding.seed(session, now, attempts=count)
        path = AnswerPath(database, place.settings.sittings)
        cookies = [path.issue(attempt, attempt.lease or "", 0, now) for attempt in attempts]
    finally:
        database.dispose()
    return [_candidate(attempt, cookie, netloc) for attempt, cookie in zip(attempts, cookies, strict=True)]


def _measure_portal(
    wanted: Wanted,
    netloc: str,
    candidates: list[Candidate],
    server: subprocess.Popen[bytes] | None,
    say: Callable[[str], None],
) -> tuple[load.Phase, load.Phase]:
    full = _saturate(netloc, candidates, wanted, server)
    say(f"answer path: {full.per_second:,.0f} saves per second")
    half = _phase(netloc, candidates, wanted, rate=max(full.per_second / 2, 1.0), seconds=wanted.seconds)
    say(f"at half that rate: p50 {half.percentile(0.5):.1f} ms, p99 {half.percentile(0.99):.1f} ms")
    return full, half


def _saturate(
    netloc: str, writers: Sequence[load.Writer], wanted: Wanted, server: subprocess.Popen[bytes] | None
) -> load.Phase:
    """Return what is acknowledged when there is always more to do; the first seconds only warm up."""
    _phase(netloc, writers, wanted, rate=SATURATING, seconds=WARM_SECONDS)
    before = processor.used(server.pid) if server else 0.0
    found = _phase(netloc, writers, wanted, rate=SATURATING, seconds=wanted.seconds)
    found.processor = processor.used(server.pid) - before if server else 0.0
    return found


def _phase(
    netloc: str, writers: Sequence[load.Writer], wanted: Wanted, *, rate: float, seconds: float
) -> load.Phase:
    host, _, port = netloc.partition(":")
    return load.run(
        host, int(port or 80), list(writers), rate=rate, seconds=seconds, connections=wanted.connections
    )


def _candidate(attempt: Attempt, cookie: str, netloc: str) -> Candidate:
    headers = {
        "Cookie": f"sitting-{attempt.public_id[:10]}={cookie}",
        "X-Sitting": "1",
        "Sec-Fetch-Site": "same-origin",
        "Accept": "application/json",
    }
    post = load.http_post(f"/sit/attempts/{attempt.public_id}/events", netloc, headers)
    return Candidate(attempt.id, attempt.lease or "", attempt.head.hex(), post)


def _measure_floor(place: Place, wanted: Wanted, say: Callable[[str], None]) -> load.Phase:
    settings = place.settings
    address = settings.database_url.replace("+psycopg", "")
    if settings.is_embedded:
        address = str(settings.instance.directory / "floor.sqlite3")
    port = free_port()
    post = load.http_post("/floor", f"127.0.0.1:{port}", {"Accept": "application/json"})
    writers = [FloorClient(number, post) for number in range(wanted.attempts)]
    with servers.floor(
        {ADDRESS: address}, port, workers=settings.server.workers, threads=settings.server.threads
    ) as server:
        found = _saturate(f"127.0.0.1:{port}", writers, wanted, server)
    say(f"bare floor: {found.per_second:,.0f} upserts per second")
    return found


def compare(settings: Settings, candidates: list[Candidate]) -> tuple[int, int, int]:
    """Hold every promise against the database: acknowledged, stored, lost."""
    database = Database(settings)
    stored = lost = 0
    try:
        with database.reading() as session:
            for each in candidates:
                found = select(AnswerEvent.seq, AnswerEvent.event_hash).where(
                    AnswerEvent.attempt_id == each.attempt_id
                )
                rows = {row.seq: row.event_hash for row in session.execute(found)}
                stored += len(rows)
                lost += sum(1 for seq, promise in enumerate(each.promised(), 1) if rows.get(seq) != promise)
    finally:
        database.dispose()
    return sum(len(each.acknowledged) for each in candidates), stored, lost
