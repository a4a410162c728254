# SPDX-License-Identifier: Apache-2.0
"""Many at once, and a server that dies: what was acknowledged is there."""

import hashlib
import http.client
import json
import signal
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.bench import seeding, servers
from exam_portal.core import schema
from exam_portal.core.database import Database
from exam_portal.core.ports import free_port
from exam_portal.core.settings import Settings
from exam_portal.core.settings.loading import variable
from exam_portal.sittings.attempts import chain, replaying
from exam_portal.sittings.attempts.answer_path import AnswerPath
from exam_portal.sittings.attempts.errors import StaleHead
from exam_portal.sittings.models import AnswerEvent, Attempt
from tests.harness.databases import settings_in
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.builders import Player, an_event


def promises_kept(database: Database, attempt: Attempt, promised: dict[int, bytes]) -> None:
    with database.reading() as session:
        row = session.get_one(Attempt, attempt.id)
        assert sum(1 for _ in replaying.events_of(session, row)) == row.seq  # the chain holds to its end
        found = select(AnswerEvent.seq, AnswerEvent.event_hash).where(AnswerEvent.attempt_id == attempt.id)
        stored = {row.seq: row.event_hash for row in session.execute(found)}
    assert {seq: stored.get(seq) for seq in promised} == promised


def test_no_acknowledgement_of_thirty_two_threads_is_lost(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        sitting = builders.a_sitting(session, builders.a_competition(session))
        attempts = [builders.an_attempt(session, seat=builders.a_seat(session, sitting)) for _ in range(8)]
    promised: dict[int, dict[int, bytes]] = {attempt.id: {} for attempt in attempts}
    problems: list[BaseException] = []

    def write(attempt: Attempt) -> None:
        """Four windows of each attempt fight: whoever is stale looks again and goes on."""
        player = Player.of(database, attempt)
        for _ in range(12):
            event = an_event(player.client_seq + 1)
            try:
                saved = player.save(event)
            except StaleHead as refused:
                player.seq, player.head = refused.seq, refused.head
                player.client_seq = refused.last_client_seq
            except BaseException as problem:  # noqa: BLE001 - looked at below
                problems.append(problem)
            else:
                assert saved.seq not in promised[attempt.id]
                promised[attempt.id][saved.seq] = hashlib.sha256(chain.event_bytes(event)).digest()

    threads = [threading.Thread(target=write, args=(attempt,)) for attempt in attempts for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    for attempt in attempts:
        assert promised[attempt.id]
        promises_kept(database, attempt, promised[attempt.id])


@pytest.fixture
def killed_settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path / "killed")
    schema.upgrade(settings)
    return settings


def test_a_server_killed_at_work_has_kept_every_acknowledged_answer(killed_settings: Settings) -> None:
    database = Database(killed_settings)
    now = datetime.now(UTC)
    with database.writing(unhurried=True) as session:
        attempts = seeding.seed(session, now, attempts=6)
    path = AnswerPath(database, killed_settings.sittings)
    cookies = {attempt.id: path.issue(attempt, attempt.lease or "", 0, now) for attempt in attempts}
    players = {attempt.id: Player.of(database, attempt) for attempt in attempts}
    database.dispose()
    promised: dict[int, dict[int, bytes]] = {attempt.id: {} for attempt in attempts}
    for _round in range(3):
        serve_and_kill(killed_settings, attempts, players, cookies, promised)
    database = Database(killed_settings)
    try:
        assert acknowledged(promised) >= 3 * 40
        for attempt in attempts:
            promises_kept(database, attempt, promised[attempt.id])
    finally:
        database.dispose()


def serve_and_kill(
    settings: Settings,
    attempts: list[Attempt],
    players: dict[int, Player],
    cookies: dict[int, str],
    promised: dict[int, dict[int, bytes]],
) -> None:
    """Serve, let every attempt write in a thread of its own, and kill the server in the middle of it."""
    port = free_port()
    environment = {
        variable("instance.directory"): str(settings.instance.directory),
        variable("sittings.saves_per_minute"): "100000",
        variable("log.level"): "error",
    }
    stop = threading.Event()
    with servers.portal(environment, port) as process:
        threads = [
            threading.Thread(
                target=write_until, args=(stop, port, attempt, players, cookies[attempt.id], promised)
            )
            for attempt in attempts
        ]
        before, until = acknowledged(promised), time.monotonic() + 60
        for thread in threads:
            thread.start()
        while acknowledged(promised) < before + 40:
            assert time.monotonic() < until, "nothing is acknowledged"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)  # its worker dies with it
        stop.set()
        for thread in threads:
            thread.join()


def acknowledged(promised: dict[int, dict[int, bytes]]) -> int:
    return sum(len(each) for each in promised.values())


def write_until(
    stop: threading.Event,
    port: int,
    attempt: Attempt,
    players: dict[int, Player],
    cookie: str,
    promised: dict[int, dict[int, bytes]],
) -> None:
    player = players[attempt.id]
    while not stop.is_set():
        event = an_event(player.client_seq + 1, item="Q-01")
        try:
            said = post(port, attempt, cookie, player.body(event))
        except urllib.error.HTTPError as refused:
            details = json.loads(refused.read())["details"]
            player.seq, player.head = details["seq"], bytes.fromhex(details["head"])
            player.client_seq = details["last_client_seq"]
            continue
        except (OSError, http.client.HTTPException):  # it died, perhaps in the middle of an answer
            return
        player.seq, player.head = said["seq"], bytes.fromhex(said["head"])
        player.client_seq += 1
        promised[attempt.id][said["seq"]] = hashlib.sha256(chain.event_bytes(event)).digest()


def post(port: int, attempt: Attempt, cookie: str, body: bytes) -> dict[str, Any]:
    address = f"http://127.0.0.1:{port}/sit/attempts/{attempt.public_id}/events"
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Sitting": "1",
        "Sec-Fetch-Site": "same-origin",
        "Cookie": f"sitting-{attempt.public_id[:10]}={cookie}",
    }
    request = urllib.request.Request(address, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        said: dict[str, Any] = json.loads(answer.read())
        return said
