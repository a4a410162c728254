# SPDX-License-Identifier: Apache-2.0
"""The measurement of hours: saves at one rate, and whether memory or the database's log grow meanwhile."""

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import text

from exam_portal.bench import load, memory, places, saves, servers
from exam_portal.bench.places import Place
from exam_portal.bench.writers import Candidate
from exam_portal.core.database import Database
from exam_portal.core.ports import free_port

WARM_SHARE = 6  # the first sixth only warms up, five minutes at most
MOST_WARM_MINUTES = 5
MOST_GROWTH = 0.05
MOST_WAL_MB = 200.0
LOOK_SECONDS = 60.0
MINUTE = 60


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure."""

    database: str
    minutes: int
    rate: int
    attempts: int
    connections: int
    workers: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen in one minute."""

    acknowledged: int
    errors: int
    p50_ms: float
    p99_ms: float
    memory_mb: float
    wal_mb: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What hours came to; ``looks`` are its minutes."""

    database: str
    minutes: int
    rate: int
    acknowledged: int
    errors: int
    lost: int
    memory_after_warming_mb: float
    memory_at_the_end_mb: float
    growth: float
    wal_mb: float
    p99_ms: float
    worst_p99_ms: float
    looks: tuple[Look, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON prints it."""
        return dataclasses.asdict(self)

    @property
    def holds(self) -> bool:
        """Whether hours cost nothing but disk."""
        is_small = self.growth < MOST_GROWTH and self.wal_mb < MOST_WAL_MB
        return is_small and not self.lost and not self.errors


def run(wanted: Wanted, *, say: Callable[[str], None]) -> Report:
    """Return the report; a server and a database of its own are started."""
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(places.own_place(wanted.database, wanted.workers))
        port = free_port()
        candidates = saves.candidates(place, wanted.attempts, f"127.0.0.1:{port}")
        server = stack.enter_context(servers.portal(place.environment, port))
        looks = []
        for minute in range(1, wanted.minutes + 1):
            looks.append(_look(place, wanted, candidates, port, server.pid))
            say(_words(minute, looks[-1]))
        server.terminate()
        server.wait(timeout=MINUTE)
        acknowledged, _, lost = saves.compare(place.settings, candidates)
    return _report(wanted, looks, acknowledged, lost)


def _look(place: Place, wanted: Wanted, candidates: Sequence[Candidate], port: int, pid: int) -> Look:
    writers: list[load.Writer] = list(candidates)
    phase = load.run(
        "127.0.0.1", port, writers, rate=wanted.rate, seconds=LOOK_SECONDS, connections=wanted.connections
    )
    return Look(
        acknowledged=phase.acknowledged,
        errors=phase.errors,
        p50_ms=round(phase.percentile(0.5), 1),
        p99_ms=round(phase.percentile(0.99), 1),
        memory_mb=round(memory.held(pid), 1),
        wal_mb=round(_wal_bytes(place) / 1e6, 1),
    )


def _wal_bytes(place: Place) -> int:
    """Return how large the database's write-ahead log is."""
    if place.settings.is_embedded:
        file = place.settings.instance.directory / "portal.sqlite3-wal"
        return file.stat().st_size if file.exists() else 0
    database = Database(place.settings)
    try:
        with database.reading() as session:
            return int(session.scalar(text("SELECT sum(size) FROM pg_ls_waldir()")) or 0)
    finally:
        database.dispose()


def _report(wanted: Wanted, looks: Sequence[Look], acknowledged: int, lost: int) -> Report:
    warm = looks[min(MOST_WARM_MINUTES, len(looks) // WARM_SHARE)].memory_mb
    p99s = sorted(look.p99_ms for look in looks)
    return Report(
        database=wanted.database,
        minutes=wanted.minutes,
        rate=wanted.rate,
        acknowledged=acknowledged,
        errors=sum(look.errors for look in looks),
        lost=lost,
        memory_after_warming_mb=warm,
        memory_at_the_end_mb=looks[-1].memory_mb,
        growth=round(looks[-1].memory_mb / warm - 1, 4) if warm else 0.0,
        wal_mb=max(look.wal_mb for look in looks),
        p99_ms=p99s[len(p99s) // 2],
        worst_p99_ms=p99s[-1],
        looks=tuple(looks),
    )


def _words(minute: int, look: Look) -> str:
    return (
        f"minute {minute}: {look.acknowledged / LOOK_SECONDS:.0f} saves/s, p99 {look.p99_ms:.0f} ms, "
        f"{look.memory_mb:.0f} MB, log {look.wal_mb:.0f} MB, errors {look.errors}"
    )


def in_words(report: Report) -> str:
    """Return the report as one sentence for a reader."""
    verdict = "holds" if report.holds else "DOES NOT HOLD"
    return (
        f"{verdict}: {report.acknowledged:,} saves in {report.minutes} minutes on {report.database}, "
        f"{report.lost} lost, {report.errors} errors; memory {report.memory_after_warming_mb:.0f} MB after "
        f"warming up and {report.memory_at_the_end_mb:.0f} MB at the end ({report.growth:+.1%}), write-ahead "
        f"log at most {report.wal_mb:.0f} MB, p99 {report.p99_ms:.0f} ms in the middle minute and "
        f"{report.worst_p99_ms:.0f} ms in the worst."
    )
