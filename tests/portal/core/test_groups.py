# SPDX-License-Identifier: Apache-2.0
"""Many works share one commit; each is answered after it, and a failing one harms nobody else."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from exam_portal.core.database import BatchLost, Database, groups
from exam_portal.core.database.groups import GroupCommit

PATIENCE = 60


class Disk:
    """A connection to a real file of which the test sees, delays or refuses the commits."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.connection.execute("CREATE TABLE kept (n INTEGER UNIQUE)")
        self.mutex = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()
        self.is_committing = False
        self.works = 0
        self.commits = 0
        self.refuse_commit = False
        self.refuse_connection = False

    def execute(self, statement: str, *arguments: Any) -> Any:
        self.works += statement == "SAVEPOINT work"
        if statement == "COMMIT":
            self.is_committing = True
            self.gate.wait()
            if self.refuse_commit:
                raise sqlite3.OperationalError("database or disk is full")
            self.commits += 1
        return self.connection.execute(statement, *arguments)

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    @contextmanager
    def borrow(self) -> Iterator[Any]:
        with self.mutex:
            if self.refuse_connection:
                raise sqlite3.OperationalError("unable to open database file")
            yield self

    def stored(self) -> set[int]:
        other = sqlite3.connect(self.file)
        found = {n for (n,) in other.execute("SELECT n FROM kept")}
        other.close()
        return found


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "file.sqlite3")
    yield made
    made.connection.close()


def insert(number: int) -> Any:
    return lambda connection: (connection.execute("INSERT INTO kept VALUES (?)", (number,)), number)[1]


@pytest.fixture
def group(disk: Disk) -> GroupCommit:
    def on_fatal(problem: BaseException) -> None:
        raise AssertionError from problem

    return GroupCommit(disk.borrow, on_fatal)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No batch is cut short because the machine is busy."""
    monkeypatch.setattr(groups, "LONGEST_BATCH_SECONDS", PATIENCE)


def arrived(disk: Disk, group: GroupCommit, count: int) -> None:
    """So many works have come: those at the closed gate, and those that wait for the next commit."""
    until = time.monotonic() + PATIENCE
    while not disk.is_committing or disk.works + len(group._waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_nobody_is_answered_before_the_commit(disk: Disk, group: GroupCommit) -> None:
    disk.gate.clear()
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(group.run, insert(number)) for number in range(8)]
        arrived(disk, group, 8)
        assert [answer.done() for answer in answers] == [False] * 8
        assert disk.stored() == set()
        disk.gate.set()
        assert [answer.result(timeout=PATIENCE) for answer in answers] == list(range(8))
    assert disk.stored() == set(range(8))


def test_works_that_arrive_during_a_commit_share_the_next_one(
    disk: Disk, group: GroupCommit, patient: None
) -> None:
    disk.gate.clear()
    with ThreadPoolExecutor(20) as threads:
        first = threads.submit(group.run, insert(0))
        arrived(disk, group, 1)
        answers = [first, *(threads.submit(group.run, insert(number)) for number in range(1, 20))]
        arrived(disk, group, 20)
        disk.gate.set()
        for answer in answers:
            answer.result(timeout=PATIENCE)
    assert disk.commits == 2


def test_a_failing_work_harms_nobody_else(disk: Disk, group: GroupCommit) -> None:
    disk.gate.clear()
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(group.run, insert(1))
        arrived(disk, group, 1)
        twice = threads.submit(group.run, insert(1))  # violates the constraint
        others = [threads.submit(group.run, insert(number)) for number in range(2, 8)]
        arrived(disk, group, 8)
        disk.gate.set()
        assert first.result(timeout=PATIENCE) == 1
        assert [other.result(timeout=PATIENCE) for other in others] == list(range(2, 8))
        with pytest.raises(sqlite3.IntegrityError):
            twice.result(timeout=PATIENCE)
    assert disk.stored() == set(range(1, 8))


def test_half_of_a_failing_work_is_not_kept(disk: Disk, group: GroupCommit) -> None:
    def work(connection: Any) -> None:
        connection.execute("INSERT INTO kept VALUES (1)")
        raise LookupError

    with pytest.raises(LookupError):
        group.run(work)
    assert disk.stored() == set()


def test_when_the_commit_fails_everybody_is_told_and_nothing_is_stored(
    disk: Disk, group: GroupCommit
) -> None:
    disk.gate.clear()
    disk.refuse_commit = True
    with ThreadPoolExecutor(6) as threads:
        answers = [threads.submit(group.run, insert(number)) for number in range(6)]
        arrived(disk, group, 6)
        disk.gate.set()
        for answer in answers:
            with pytest.raises(sqlite3.OperationalError, match="full"):
                answer.result(timeout=PATIENCE)
    assert disk.stored() == set()
    disk.refuse_commit = False
    assert group.run(insert(1)) == 1


def test_when_the_database_gives_the_transaction_up_nobody_is_acknowledged(
    disk: Disk, group: GroupCommit, patient: None
) -> None:
    def give_up(connection: Any) -> None:
        connection.execute("ROLLBACK")

    disk.gate.clear()
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(group.run, insert(1))
        arrived(disk, group, 1)
        others = []
        for come, work in enumerate((insert(2), give_up, insert(3)), start=2):
            others.append(threads.submit(group.run, work))
            arrived(disk, group, come)
        disk.gate.set()
        assert first.result(timeout=PATIENCE) == 1
        lost = [other.exception(timeout=PATIENCE) for other in others]
    assert {type(each) for each in lost[:2]} == {BatchLost}
    assert disk.stored() <= {1, 3}
    assert (3 in disk.stored()) == (lost[2] is None)


def test_a_leader_without_a_connection_fails_alone(disk: Disk, group: GroupCommit) -> None:
    disk.refuse_connection = True
    with pytest.raises(sqlite3.OperationalError, match="open"):
        group.run(insert(1))
    disk.refuse_connection = False
    assert group.run(insert(2)) == 2


def test_verbs_and_answers_share_the_writer(bare: Database) -> None:
    with bare.writing() as session:
        session.execute(text("CREATE TABLE kept (n INTEGER UNIQUE)"))

    def verb(number: int) -> None:
        with bare.writing() as session:
            session.execute(text("INSERT INTO kept VALUES (:n)"), {"n": number})

    with ThreadPoolExecutor(12) as threads:
        verbs = [threads.submit(verb, number) for number in range(40)]
        answers = [threads.submit(bare.commit_together, insert(number)) for number in range(100, 300)]
        for each in (*verbs, *answers):
            each.result(timeout=PATIENCE)
    with bare.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM kept")) == 240
