# SPDX-License-Identifier: Apache-2.0
"""One process holds the database; its lock ends with it, and it ends with its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from exam_portal.core import schema
from exam_portal.core.database import Database
from exam_portal.core.instance import InstanceHeld, InstanceLock
from exam_portal.core.settings import Settings

HOLDER = """
import sys, time
from pathlib import Path
from exam_portal.core.instance import InstanceLock
InstanceLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def held(tmp_path: Path) -> "subprocess.Popen[str]":
    """A process that holds the lock in the test's directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_second_process_is_refused_and_told_who_holds_the_database(
    held: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    try:
        with pytest.raises(InstanceHeld, match=f"held by process {held.pid}"):
            InstanceLock(tmp_path / "lock").acquire()
    finally:
        _end(held)


def test_the_lock_ends_with_the_process_however_that_ends(
    held: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    _end(held)
    lock = InstanceLock(tmp_path / "lock")
    lock.acquire()
    assert lock.is_held
    lock.release()


def test_a_waiting_process_gets_the_lock_when_it_is_released(
    held: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    held.terminate()
    lock = InstanceLock(tmp_path / "lock")
    lock.acquire(wait_seconds=60)
    lock.release()
    _end(held)


def test_a_second_writer_of_one_database_is_refused(bare_settings: Settings) -> None:
    first, second = Database(bare_settings), Database(bare_settings)
    with first.writing():
        pass
    with pytest.raises(InstanceHeld), second.writing():
        raise AssertionError
    with pytest.raises(InstanceHeld):
        second.commit_together(lambda _connection: None)
    first.dispose()
    with second.writing():
        pass
    second.dispose()


def _first_writes(lock: InstanceLock, threads: int = 16) -> list[InstanceHeld]:
    """Return what threads were told that asked for the lock at the same instant."""
    refused: list[InstanceHeld] = []
    together = threading.Barrier(threads)

    def ask() -> None:
        together.wait()
        try:
            lock.acquire()
        except InstanceHeld as problem:
            refused.append(problem)

    asking = [threading.Thread(target=ask) for _ in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return refused


def test_threads_that_write_first_at_the_same_instant_all_go_on(tmp_path: Path) -> None:
    for number in range(20):
        lock = InstanceLock(tmp_path / f"lock-{number}")
        assert _first_writes(lock) == []
        assert lock.is_held
        lock.release()
        assert not lock.is_held


def test_the_race_of_the_first_write_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unguarded(self: InstanceLock) -> None:
        if not self.is_held:
            self._descriptor = self._open(0)

    monkeypatch.setattr(InstanceLock, "acquire", unguarded)
    for number in range(200):
        lock = InstanceLock(tmp_path / f"lock-{number}")
        refused = _first_writes(lock)
        lock.release()
        if refused:
            return
    pytest.fail("nobody was ever refused: the test above proves nothing")


def test_a_migration_is_refused_while_a_server_holds_the_database(bare_settings: Settings) -> None:
    server = Database(bare_settings)
    server.hold()
    with pytest.raises(InstanceHeld, match="While the server runs"):
        schema.upgrade(bare_settings)
    server.dispose()
    schema.upgrade(bare_settings)


PARENT = """
import multiprocessing, os, sys, time
from exam_portal.core.instance import die_with_parent

def child():
    if sys.argv[1] == "late":  # the parent is killed before this process has looked for it
        print(multiprocessing.current_process().pid, flush=True)
        while os.getppid() == multiprocessing.parent_process().pid:
            time.sleep(0.01)
    if sys.argv[1] != "loose":
        die_with_parent()
    if sys.argv[1] != "late":
        print(multiprocessing.current_process().pid, flush=True)
    time.sleep(120)

process = multiprocessing.get_context("fork").Process(target=child)
process.start()
process.join()
"""


def _child_survives(kind: str, seconds: float = 30) -> bool:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, kind], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _is_running(child):
            return False
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    return True


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_worker_ends_when_its_parent_is_killed() -> None:
    assert not _child_survives("tied")


def test_a_worker_ends_whose_parent_was_killed_before_it_looked() -> None:
    assert not _child_survives("late")


def test_without_that_tie_a_worker_would_outlive_its_parent() -> None:
    assert _child_survives("loose", seconds=1)
