# SPDX-License-Identifier: Apache-2.0
"""Side effects happen after the commit, at least once, survive a crash between, and fail in sight."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import Client

from exam_portal import wsgi
from exam_portal.core import jobs, outbox
from exam_portal.core.clock import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.jobs import Background, run_recurring
from exam_portal.core.jobs import every as recurring
from exam_portal.core.outbox import rows
from exam_portal.core.outbox.delivery import LEASE
from exam_portal.core.settings import Jobs

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KIND = "test.act"


@pytest.fixture
def acts() -> Iterator[list[outbox.Job]]:
    """What the handler of this test has been asked to do."""
    done: list[outbox.Job] = []
    outbox.handler(KIND)(done.append)
    yield done
    del rows._HANDLERS[KIND]


@pytest.fixture
def failing() -> Iterator[None]:
    """A handler that always fails."""

    def fail(_job: outbox.Job) -> None:
        raise ConnectionError("smtp said: secret of candidate")

    outbox.handler(KIND)(fail)
    yield
    del rows._HANDLERS[KIND]


@pytest.fixture
def nothing_recurs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing recurs but what the test has recur, and that for no longer than the test."""
    monkeypatch.setattr(jobs, "_RECURRING", {})


def enqueue(database: Database, **payload: object) -> int:
    with database.writing() as session:
        return outbox.enqueue(session, KIND, payload, NOW).id


def waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(outbox.OutboxRow)) or 0


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


def test_nothing_happens_when_the_deciding_transaction_is_undone(
    database: Database, acts: list[outbox.Job]
) -> None:
    def decide() -> None:
        with database.writing() as session:
            outbox.enqueue(session, KIND, {}, NOW)
            raise LookupError

    with pytest.raises(LookupError):
        decide()
    assert outbox.Claims(database).take(NOW) == []


def test_a_job_is_done_and_its_row_is_gone(database: Database, acts: list[outbox.Job]) -> None:
    row_id = enqueue(database, n=1)
    assert outbox.Claims(database).take(NOW) == [row_id]
    outbox.perform(database, row_id, at(NOW))
    assert ([job.payload for job in acts], waiting(database)) == ([{"n": 1}], 0)


def test_what_a_rehearsal_wrote_by_a_later_clock_is_done_now(
    database: Database, acts: list[outbox.Job]
) -> None:
    with database.writing() as session:
        row_id = outbox.enqueue(session, KIND, {}, NOW + timedelta(days=45)).id
    assert outbox.Claims(database).take(NOW) == [row_id]
    outbox.perform(database, row_id, at(NOW))
    assert [job.now for job in acts] == [NOW]


def test_a_second_delivery_of_the_same_id_changes_nothing(database: Database, acts: list[outbox.Job]) -> None:
    row_id = enqueue(database)
    outbox.perform(database, row_id, at(NOW))
    outbox.perform(database, row_id, at(NOW))
    assert len(acts) == 1


def test_a_claimed_row_is_not_handed_out_twice_until_its_lease_ends(
    database: Database, acts: list[outbox.Job]
) -> None:
    row_id = enqueue(database)
    claims = outbox.Claims(database)
    assert (claims.take(NOW), claims.take(NOW)) == ([row_id], [])
    assert outbox.Claims(database).take(NOW + LEASE) == [row_id]


def test_a_crash_between_claim_and_act_loses_nothing(database: Database, acts: list[outbox.Job]) -> None:
    row_id = enqueue(database)
    outbox.Claims(database).take(NOW)  # and here the process dies
    successor = outbox.Claims(database)
    assert successor.take(NOW) == []
    successor.forget()
    assert successor.take(NOW) == [row_id]


def test_a_crash_between_act_and_deletion_repeats_the_act(database: Database, acts: list[outbox.Job]) -> None:
    row_id = enqueue(database)
    outbox.handler_of(KIND)(
        outbox.Job(id=row_id, kind=KIND, payload={}, created_at=NOW, now=NOW, database=database)
    )
    assert outbox.Claims(database).take(NOW) == [row_id]  # the row is still there: done once more
    outbox.perform(database, row_id, at(NOW))
    assert (len(acts), waiting(database)) == (2, 0)


def test_an_effect_inside_the_database_happens_exactly_once(database: Database) -> None:
    def act(job: outbox.Job) -> None:
        with job.database.writing() as session:
            if job.finish(session):
                outbox.enqueue(session, "test.effect", {}, NOW)

    outbox.handler(KIND)(act)
    outbox.handler("test.effect")(lambda _job: None)
    row_id = enqueue(database)
    job = outbox.Job(id=row_id, kind=KIND, payload={}, created_at=NOW, now=NOW, database=database)
    act(job)
    act(job)
    del rows._HANDLERS[KIND], rows._HANDLERS["test.effect"]
    assert waiting(database) == 1


@pytest.mark.usefixtures("failing")
def test_a_failing_job_waits_longer_each_time_and_says_only_the_kind_of_error(database: Database) -> None:
    row_id = enqueue(database)
    outbox.perform(database, row_id, at(NOW))
    with database.reading() as session:
        row = session.get_one(outbox.OutboxRow, row_id)
        assert (row.attempts, row.next_at, row.last_error) == (
            1,
            NOW + timedelta(seconds=10),
            "ConnectionError",
        )
    outbox.perform(database, row_id, at(NOW))
    with database.reading() as session:
        assert session.get_one(outbox.OutboxRow, row_id).next_at == NOW + timedelta(seconds=20)


@pytest.mark.usefixtures("failing")
def test_a_poisoned_row_is_left_alone_and_in_sight_until_somebody_retries_it(database: Database) -> None:
    row_id = enqueue(database)
    limit = database.settings.jobs.max_attempts
    for _ in range(limit):
        outbox.perform(database, row_id, at(NOW))
    later = NOW + timedelta(days=30)
    assert outbox.Claims(database).take(later) == []
    with database.reading() as session:
        found = outbox.health(session, later, max_attempts=limit)
    assert (found.waiting, found.poisoned) == (0, ((row_id, KIND, "ConnectionError"),))
    with database.writing() as session:
        outbox.retry(session, later, row_id)
    assert outbox.Claims(database).take(later) == [row_id]


@pytest.mark.usefixtures("failing")
def test_a_job_is_found_by_what_it_is_about_and_has_not_failed_while_its_retry_runs(
    database: Database,
) -> None:
    with database.writing() as session:
        for about in ("one", "other"):
            outbox.enqueue(session, KIND, {"name": about}, NOW, about=about)

    def standing(about: str) -> outbox.Standing:
        with database.reading() as session:
            found = outbox.standing(session, KIND, about)
            assert found is not None
            return found

    claims, row_id = outbox.Claims(database), standing("one").row_id
    outbox.perform(database, row_id, at(NOW))
    assert (standing("one").has_failed, standing("one").last_error) == (True, "ConnectionError")
    assert not standing("other").has_failed
    later = NOW + timedelta(minutes=1)
    assert row_id in claims.take(later)  # a worker has it again
    assert not standing("one").has_failed
    limit = database.settings.jobs.max_attempts
    for _ in range(limit - 1):
        assert not standing("one").is_poisoned(limit)
        outbox.perform(database, row_id, at(later))
    assert standing("one").is_poisoned(limit)
    with database.reading() as session:
        assert outbox.standing(session, KIND, "nothing") is None


def test_health_says_how_long_the_oldest_waits(database: Database, acts: list[outbox.Job]) -> None:
    enqueue(database)
    with database.reading() as session:
        found = outbox.health(session, NOW + timedelta(seconds=90), max_attempts=12)
    assert (found.waiting, found.oldest_seconds, found.poisoned) == (1, 90.0, ())


def test_a_kind_that_nobody_carries_out_is_refused_at_once(database: Database) -> None:
    with pytest.raises(LookupError, match="nobody carries out"), database.writing() as session:
        outbox.enqueue(session, "test.unknown", {}, NOW)


def test_a_kind_has_one_handler(acts: list[outbox.Job]) -> None:
    with pytest.raises(ValueError, match="already"):
        outbox.handler(KIND)(lambda _job: None)


def test_two_relays_never_take_the_same_row(database: Database, acts: list[outbox.Job]) -> None:
    ids = [enqueue(database, n=n) for n in range(20)]
    taken = [row_id for _ in range(3) for row_id in outbox.Claims(database).take(NOW, at_most=7)]
    assert sorted(taken) == ids


@pytest.mark.engines("sqlite")
def test_a_job_that_waits_too_long_is_named_once_where_readiness_is_asked(
    database: Database, acts: list[outbox.Job], catalogues: None
) -> None:
    elsewhere = Jobs(backend="redis", redis_url="redis://127.0.0.1:1/0")  # workers of their own: none here
    served = wsgi.serve(database.settings.model_copy(update={"jobs": elsewhere}), database)
    visitor = Client(served)
    assert visitor.get("/readyz").json == {"status": "ready", "problems": []}
    enqueue(database, n=1)
    assert visitor.get("/readyz").json == {"status": "not ready", "problems": ["outbox"]}


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("nothing_recurs")
def test_the_background_carries_out_what_was_enqueued_and_what_recurs(
    database: Database, acts: list[outbox.Job]
) -> None:
    recurred: list[datetime] = []
    recurring(lambda _settings: 0.1, "test.recurring")(lambda _database, now: recurred.append(now))
    background = Background(database, SYSTEM)
    background.start()
    try:
        enqueue(database, n=7)
        until = time.monotonic() + 60
        while (not acts or len(recurred) < 2 or waiting(database)) and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        background.stop()
    assert ([job.payload for job in acts], waiting(database), len(recurred) >= 2) == ([{"n": 7}], 0, True)


@pytest.mark.engines("postgresql")
@pytest.mark.usefixtures("nothing_recurs")
def test_recurring_work_is_done_by_one_process_at_a_time(database: Database) -> None:
    inner: list[bool] = []

    def work(same: Database, now: datetime) -> None:
        if not inner:
            inner.append(True)
            inner.append(run_recurring(same, now, "test.alone"))

    recurring(lambda _settings: 60, "test.alone")(work)
    assert run_recurring(database, NOW, "test.alone")
    assert inner == [True, False]
