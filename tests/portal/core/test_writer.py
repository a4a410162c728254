# SPDX-License-Identifier: Apache-2.0
"""Nobody may hold the one writer for long, and a thread that would wait for itself is told so."""

import threading
import time

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from exam_portal.core.database import Database, NestedWriting, WriterHeldTooLong
from exam_portal.core.settings import DatabaseSettings, Settings


def _compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_transaction_that_computes_beyond_the_budget_fails_the_test_suite(bare: Database) -> None:
    with pytest.raises(WriterHeldTooLong), bare.writing():
        _compute(0.15)


def test_a_short_transaction_is_within_the_budget(bare: Database) -> None:
    with bare.writing():
        _compute(0.01)
    assert bare.lock.longest_ms > 0


def test_the_same_work_outside_the_transaction_is_welcome(bare: Database) -> None:
    _compute(0.15)
    with bare.writing() as session:
        session.execute(text("SELECT 1"))


def test_a_real_installation_warns_and_goes_on(bare_settings: Settings) -> None:
    patient = bare_settings.model_copy(update={"database": DatabaseSettings(long_writes="warn")})
    database = Database(patient)
    with capture_logs() as logged, database.writing():
        _compute(0.15)
    database.dispose()
    assert [line["event"] for line in logged] == ["writer_held_too_long"]


def test_seeds_may_take_their_time(bare: Database) -> None:
    with bare.writing(unhurried=True):
        _compute(0.15)


def test_a_thread_that_holds_the_writer_cannot_ask_for_it_again(bare: Database) -> None:
    with bare.writing(), pytest.raises(NestedWriting), bare.writing():
        raise AssertionError
    with bare.writing() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_verbs_of_many_threads_take_turns(bare: Database) -> None:
    with bare.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def add() -> None:
        for _ in range(25):
            with bare.writing() as session:
                found = session.scalar(text("SELECT n FROM counter"))
                session.execute(text("UPDATE counter SET n = :n"), {"n": (found or 0) + 1})

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bare.reading() as session:
        assert session.scalar(text("SELECT n FROM counter")) == 200
