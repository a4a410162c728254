# SPDX-License-Identifier: Apache-2.0
"""The real server: one per installation, back after a crash, gone with its parent."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from exam_portal.commands import serving
from exam_portal.core.instance import InstanceLock
from exam_portal.core.ports import free_port
from exam_portal.core.settings import Settings
from tests.harness.server import COMMAND, LiveServer, environment_for

Start = Callable[..., LiveServer]


def worker_of(server: LiveServer) -> int:
    """Return the process that holds the database; nothing while one is just writing itself down."""
    return int((server.directory / "portal.sqlite3.lock").read_text(encoding="ascii") or 0)


def answers(server: LiveServer) -> bool:
    try:
        with urllib.request.urlopen(f"{server.base_url}/healthz", timeout=30) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_the_server_says_that_it_is_ready_and_serves_built_assets_compressed(start_portal: Start) -> None:
    server = start_portal()
    assert f"exam-portal is ready at {server.base_url}" in server.log()
    built = Path(__file__).parents[3] / "exam_portal" / "static" / "build"
    name = next(path.name for path in built.glob("app.*.css"))
    request = urllib.request.Request(
        f"{server.base_url}/static/build/{name}", headers={"Accept-Encoding": "gzip, br"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert (answer.headers["Content-Encoding"], answer.headers["Content-Type"]) == (
            "br",
            "text/css; charset=utf-8",
        )
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_second_server_and_a_writing_command_are_refused_and_say_why(start_portal: Start) -> None:
    server = start_portal()
    second = server.command("serve", "--port", str(free_port()))
    assert (second.returncode, "is held by process" in second.stderr) == (2, True)
    migration = server.command("db", "upgrade")
    assert (migration.returncode, "While the server runs" in migration.stderr) == (2, True)
    assert server.command("db", "status").returncode == 0  # reading is free


def test_a_killed_worker_is_replaced_by_one_that_holds_the_database(start_portal: Start) -> None:
    server = start_portal()
    first = worker_of(server)
    time.sleep(6)  # a worker that ends sooner counts as a crash loop
    os.kill(first, signal.SIGKILL)
    assert within(90, lambda: worker_of(server) not in (0, first) and answers(server))


def test_when_the_parent_is_killed_port_and_lock_are_free(start_portal: Start) -> None:
    server = start_portal()
    worker = worker_of(server)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    assert within(60, lambda: not Path(f"/proc/{worker}").exists())
    lock = InstanceLock(server.directory / "portal.sqlite3.lock")
    lock.acquire(wait_seconds=60)
    lock.release()
    assert not answers(server)


def test_a_worker_that_ends_is_replaced_and_no_worker_is_made_to_end() -> None:
    made = serving.server(Settings())
    assert made.respawn_failed_workers
    assert (made.workers_lifetime, made.workers_rss) == (None, None)  # a second writer would start too early


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EXAM_PORTAL_SERVER__PROT", "1", "unknown key EXAM_PORTAL_SERVER__PROT"),
        ("EXAM_PORTAL_SERVER__WORKERS", "3", "exactly one worker"),
    ],
)
def test_settings_that_cannot_be_meant_stop_the_start(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    environment = environment_for(tmp_path, free_port(), {}) | {name: value}
    done = subprocess.run(
        [COMMAND, "serve"], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert not re.search(r"sqlite3$", "\n".join(str(path) for path in tmp_path.iterdir()))
