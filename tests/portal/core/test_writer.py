# SPDX-License-Identifier: Apache-2.0
"""Nobody may hold the one writer for long, and a thread that would wait for itself is told so."""

import contextlib
import gc
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from exam_portal.core.database import Database, NestedWriting, WriterHeldTooLong, writer
from exam_portal.core.settings import DatabaseSettings, Settings


@pytest.fixture
def collections(bare: Database) -> Iterator[list[bool]]:
    """For each full collection of garbage, which are frequent here: whether somebody held the writer."""
    seen: list[bool] = []

    def watch(phase: str, facts: dict[str, int]) -> None:
        if phase == "start" and facts["generation"] == 2:
            seen.append(bare.lock._lock.locked())

    thresholds = gc.get_threshold()
    gc.freeze()  # what the tests have loaded would make every full collection rare
    gc.collect()
    gc.set_threshold(10, 1, 1)
    gc.callbacks.append(watch)
    yield seen
    gc.callbacks.remove(watch)
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def _compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_transaction_that_computes_beyond_the_budget_fails_the_test_suite(bare: Database) -> None:
    with pytest.raises(WriterHeldTooLong), bare.writing():
        _compute(0.4)


def test_a_short_transaction_is_within_the_budget(bare: Database) -> None:
    with bare.writing():
        _compute(0.01)
    assert bare.lock.longest_ms > 0


def test_the_same_work_outside_the_transaction_is_welcome(bare: Database) -> None:
    _compute(0.4)
    with bare.writing() as session:
        session.execute(text("SELECT 1"))


def test_a_real_installation_warns_and_goes_on(bare_settings: Settings) -> None:
    patient = bare_settings.model_copy(update={"database": DatabaseSettings(long_writes="warn")})
    database = Database(patient)
    with capture_logs() as logged, database.writing():
        _compute(0.2)
    database.dispose()
    assert [line["event"] for line in logged] == ["writer_held_too_long"]


def _write_a_lot(database: Database) -> None:
    for _ in range(20):
        with database.writing():
            made = [[number] for number in range(2000)]
        del made


def test_no_full_collection_of_garbage_happens_while_the_writer_is_held(
    bare: Database, collections: list[bool]
) -> None:
    _write_a_lot(bare)
    assert len(collections) > 0
    assert not any(collections)


def _write_in_six_threads(database: Database) -> None:
    threads = [threading.Thread(target=_write_a_lot, args=[database]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_nobody_s_leaving_brings_a_full_collection_upon_the_next_holder(
    bare: Database, collections: list[bool]
) -> None:
    _write_in_six_threads(bare)
    # Who has just left may begin one, and the next one hold the writer before it is looked: once in a while.
    assert collections.count(True) <= 10
    assert gc.get_threshold() == (10, 1, 1)


def test_collections_that_befall_the_holder_are_seen(
    bare: Database, collections: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_NO_FULL_COLLECTION", contextlib.nullcontext())
    _write_in_six_threads(bare)
    assert collections.count(True) > 100


def test_the_first_transaction_of_a_process_finds_its_connection_open(bare: Database) -> None:
    bare.hold()
    assert bare._writer.pool.checkedin() == 1  # type: ignore[attr-defined]


def test_seeds_may_take_their_time(bare: Database) -> None:
    with bare.writing(unhurried=True):
        _compute(0.4)


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
