# SPDX-License-Identifier: Apache-2.0
"""The server, the worker that holds the writer, or both at once die by SIGKILL while everybody writes."""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from exam_portal.core.database import Database
from exam_portal.sittings.models import Submission
from tests.faults.conftest import Size
from tests.faults.failpoints import POINTS
from tests.faults.hall import Hall, Server, writing

WRITING = ("after_parse", "before_commit", "during_commit", "after_commit", "before_answer")
HANDING_IN = ("submitting", "submitted")
SEALING = ("sealing", "sealed")


def some_are_promised(hall: Hall, more: int) -> None:
    """Return once so many more acknowledgements have come."""
    wanted, until = len(hall.ledger.promises) + more, time.monotonic() + 120
    while len(hall.ledger.promises) < wanted:
        assert time.monotonic() < until, f"nothing is acknowledged any more: {hall.log()[-3000:]}"
        time.sleep(0.005)


def kill_again_and_again(hall: Hall, kills: int, *, whole: bool, sabotage: str = "") -> int:
    """Kill so often while everybody writes; return how often the server had to be started anew."""
    starts = 0
    server = hall.serve(sabotage=sabotage)
    with writing(hall):
        for _ in range(kills):
            some_are_promised(hall, random.randint(1, 40))
            time.sleep(random.random() * 0.1)
            if whole:
                server.end(signal.SIGKILL)
            else:
                kill_the_worker(server)
            if whole or server.has_ended:  # two deaths within six seconds end the parent, too
                server.end(signal.SIGKILL)
                server = hall.serve(sabotage=sabotage)
                starts += 1
        if not sabotage:
            some_are_promised(hall, 20)
    hall.end()
    return starts


def kill_the_worker(server: Server) -> None:
    before = server.workers()
    os.kill(before[-1], signal.SIGKILL)
    until = time.monotonic() + 120
    while time.monotonic() < until and not server.has_ended:
        now = server.workers()
        if now and not set(now) & set(before):
            return
        time.sleep(0.02)
    assert server.has_ended, "no worker takes the place of the dead one"


@pytest.mark.parametrize("whole", [True, False], ids=["server", "worker"])
def test_nothing_promised_is_lost_when_processes_are_killed_at_random(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None], whole: bool
) -> None:
    hall = new_hall()
    starts = kill_again_and_again(hall, size.kills, whole=whole)
    assert hall.findings() == []
    note(kills=size.kills, starts=starts, acknowledged=hall.ledger.acknowledged, lost=0)


@pytest.mark.engines("sqlite")
def test_the_oracle_sees_a_server_that_answers_before_it_has_stored(new_hall: Callable[..., Hall]) -> None:
    hall = new_hall()
    kill_again_and_again(hall, 1, whole=True, sabotage="acknowledges_before_the_commit")
    assert any("acknowledged and is not there" in each for each in hall.findings())


def test_nothing_promised_is_lost_when_the_writer_dies_at_a_named_point(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    hall = new_hall()
    for point in WRITING * size.kills_at_a_point:
        hall.marker.unlink(missing_ok=True)
        server = hall.serve(fault=point, countdown=random.randint(5, 40))
        with writing(hall):
            died_at(hall, point)
        server.end(signal.SIGKILL)
    hall.serve()
    with writing(hall):  # what is still open is sent again, unchanged, and told from what was stored
        some_are_promised(hall, 8)
    hall.end()
    assert hall.findings() == []
    note(kills=len(WRITING) * size.kills_at_a_point, acknowledged=hall.ledger.acknowledged, lost=0)


@pytest.mark.long_on("postgresql")
def test_an_attempt_is_handed_in_once_whenever_the_server_dies(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    points = HANDING_IN * size.kills_at_a_point
    hall = new_hall(attempts=len(points))
    hands = hall.hands()
    for hand, point in zip(hands, points, strict=True):
        hall.marker.unlink(missing_ok=True)
        server = hall.serve(fault=point)
        assert [hand.stroke() for _ in range(3)] == [200, 200, 200]
        assert not hand.hand_in()
        died_at(hall, point)
        server.end(signal.SIGKILL)
    hall.serve()
    for hand in hands * 2:
        assert hand.hand_in()
        hand.stop()
    hall.end()
    assert len(hall.ledger.receipts) == 2 * len(points)
    assert hall.findings() == []
    note(kills=len(points), receipts=len(hall.ledger.receipts))


@pytest.mark.long_on("postgresql")
def test_time_that_is_over_seals_everybody_once_whenever_the_server_dies(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    points = SEALING * size.kills_at_a_point
    hall = new_hall(attempts=len(points) + 2, seconds=5, timing={"grace_seconds": 0})
    server = hall.serve(sabotage="seals_nobody")
    with writing(hall, rest=0.02):
        until = time.monotonic() + 120
        while hall.ledger.answers[410] < 4:
            assert time.monotonic() < until, "nobody's time is ever over"
            time.sleep(0.1)
    server.end(signal.SIGKILL)
    for point in points:
        hall.marker.unlink(missing_ok=True)
        server = hall.serve(fault=point, sabotage="seals_one_by_one")
        died_at(hall, point)
        server.end(signal.SIGKILL)
    hall.serve()
    everybody_is_sealed(hall)
    hall.end()
    assert hall.findings() == []
    note(kills=len(points), sealed=len(hall.pens), acknowledged=hall.ledger.acknowledged)


def died_at(hall: Hall, point: str) -> None:
    until = time.monotonic() + 120
    while not hall.marker.exists():
        assert time.monotonic() < until, f"{point} was never reached: {hall.log()[-3000:]}"
        time.sleep(0.01)
    assert hall.marker.read_text(encoding="utf-8") == point


def everybody_is_sealed(hall: Hall) -> None:
    database, until, sealed = Database(hall.settings), time.monotonic() + 120, 0
    try:
        while sealed < len(hall.pens):
            assert time.monotonic() < until, hall.log()[-3000:]
            time.sleep(0.1)
            with database.reading() as session:
                sealed = session.scalar(select(func.count()).select_from(Submission)) or 0
    finally:
        database.dispose()


def test_every_named_point_is_killed_at() -> None:
    assert set(WRITING) | set(HANDING_IN) | set(SEALING) == POINTS.keys()
