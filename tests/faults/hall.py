# SPDX-License-Identifier: Apache-2.0
"""An installation with candidates who write now, its server, and the ledger of what was promised to them."""

import contextlib
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from exam_portal.bench import load, seeding
from exam_portal.competitions.models import Competition
from exam_portal.core.database import Database
from exam_portal.core.ports import free_port
from exam_portal.core.settings import Settings
from exam_portal.sittings.attempts import service
from exam_portal.sittings.attempts.answer_path import AnswerPath
from exam_portal.sittings.models import Attempt, Sitting
from tests.faults import oracle
from tests.faults.ledger import Hand, Ledger, Pen
from tests.harness.server import environment_for

PATIENCE = 90.0
ROOT = Path(__file__).resolve().parents[2]


class Launcher:
    """The process from which servers are forked (``tests.faults.launcher``)."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher"],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def order(self, **words: Any) -> dict[str, Any]:
        """Return the answer to an order."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, "the launcher does not answer"
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """It ends, and whatever it has started with it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclasses.dataclass(slots=True)
class Server:
    """A running server: its parent holds the port, its worker holds the database."""

    launcher: Launcher
    pid: int
    port: int
    is_over: bool = False

    def workers(self) -> list[int]:
        """Return the processes that serve."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        try:
            return [int(each) for each in children.read_text(encoding="ascii").split()]
        except (FileNotFoundError, ProcessLookupError):
            return []

    def answers(self, seconds: float = PATIENCE) -> None:
        """Return once it answers; it fails where it does not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10).close()
                return
            time.sleep(0.02)
        raise AssertionError("the server does not answer")

    def end(self, number: int = signal.SIGTERM) -> None:
        """The server is ended by this signal, and gone."""
        if self.is_over:
            return
        workers = self.workers()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
        self.launcher.order(wait=self.pid)
        self.is_over = True
        for worker in workers:
            gone(worker)

    @property
    def has_ended(self) -> bool:
        """Whether its parent process is no more."""
        return _has_ended(self.pid)


def _has_ended(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def gone(pid: int) -> None:
    """Return once the process has ended."""
    until = time.monotonic() + PATIENCE
    while not _has_ended(pid):
        assert time.monotonic() < until, f"process {pid} does not end"
        time.sleep(0.01)


@dataclasses.dataclass(slots=True)
class Hall:
    """Who sits there, and everything that was promised to them."""

    settings: Settings
    environment: dict[str, str]
    launcher: Launcher
    port: int
    ledger: Ledger
    pens: list[Pen]
    expected: oracle.Deadlines
    marker: Path
    ending: int = signal.SIGTERM
    servers: list[Server] = dataclasses.field(default_factory=list)

    def serve(self, *, fault: str = "", countdown: int = 1, sabotage: str = "") -> Server:
        """Start a server for the hall and return it once it answers."""
        hurt = {"point": fault, "countdown": countdown, "marker": str(self.marker)} if fault else None
        log = self.settings.instance.directory.parent / "server.log"
        order = {"start": self.environment, "log": str(log), "fault": hurt, "sabotage": sabotage}
        server = Server(self.launcher, int(self.launcher.order(**order)["pid"]), self.port)
        self.servers.append(server)
        server.answers()
        return server

    def end(self) -> None:
        """No server is left."""
        for server in self.servers:
            server.end(self.ending)

    def hands(self, *, rest: float = 0.0) -> list[Hand]:
        """Return a hand for each pen."""
        return [Hand(pen, self.port, rest=rest) for pen in self.pens]

    def findings(self) -> list[str]:
        """Return what the oracle says."""
        return oracle.judge(self.settings, self.ledger, self.expected)

    def log(self) -> str:
        """Return what the servers have printed."""
        path = self.settings.instance.directory.parent / "server.log"
        return path.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def writing(hall: Hall, *, rest: float = 0.0) -> Iterator[list[Hand]]:
    """Everybody writes inside."""
    hands = hall.hands(rest=rest)
    for hand in hands:
        hand.start()
    try:
        yield hands
    finally:
        for hand in hands:
            hand.stop()


def a_hall(
    settings: Settings,
    launcher: Launcher,
    *,
    attempts: int = 4,
    began: timedelta = timedelta(0),
    seconds: int | None = None,
    timing: Mapping[str, int] | None = None,
    environment: Mapping[str, str] | None = None,
    ending: int = signal.SIGTERM,
) -> Hall:
    """Return a hall whose candidates sit since then (for so many seconds; a day where nothing is said)."""
    directory, port = settings.instance.directory, free_port()
    said = {
        "database.url": settings.database.url,
        "server.threads": "8",
        "sittings.saves_per_minute": "1000000",
        "limits.requests_per_minute": "1000000",
        "log.level": "error",
        **(environment or {}),
    }
    database = Database(settings)
    now = datetime.now(UTC)
    try:
        with database.writing(unhurried=True) as session:
            sat = seeding.seed(session, now - began, attempts=attempts)
            ids = [attempt.id for attempt in sat]
            sitting = session.get_one(Sitting, sat[0].sitting_id)
            if timing is not None:
                rules = update(Competition).values(ruleset={"timing": dict(timing)})
                session.execute(rules.where(Competition.id == sitting.competition_id))
            if seconds is not None:
                sitting.duration_seconds = seconds
            session.flush()
            session.expire_all()
            service.refresh(session, sitting)
        path = AnswerPath(database, settings.sittings)
        ledger = Ledger()
        with database.reading() as session:
            rows = [session.get_one(Attempt, each) for each in ids]
            pens = [_pen(path, attempt, ledger, now, port) for attempt in rows]
            expected = oracle.deadlines(session)
    finally:
        database.dispose()
    return Hall(
        settings=settings,
        environment=environment_for(directory, port, said),
        launcher=launcher,
        port=port,
        ledger=ledger,
        pens=pens,
        expected=expected,
        marker=directory.parent / "killed",
        ending=ending,
    )


def _pen(path: AnswerPath, attempt: Attempt, ledger: Ledger, now: datetime, port: int) -> Pen:
    pen = Pen(
        ledger=ledger,
        attempt_id=attempt.id,
        attempt=attempt.public_id,
        lease=attempt.lease or "",
        cookie=path.issue(attempt, attempt.lease or "", 0, now),
        head=attempt.head.hex(),
    )
    pen.post = load.http_post(pen.path, f"127.0.0.1:{port}", pen.headers)
    return pen
