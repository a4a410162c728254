# SPDX-License-Identifier: Apache-2.0
"""The machine's clock is turned by an hour, forth and back, while people write (libfaketime, in flight)."""

import functools
import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.sittings.timekeeping import TURNED
from tests.faults.conftest import Size
from tests.faults.hall import Hall, Launcher, Server, writing
from tests.faults.test_kills import kill_the_worker, some_are_promised

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1")
pytestmark = pytest.mark.engines("sqlite")


class Turner:
    """Turns the clock of every process that its launcher starts, while they run."""

    def __init__(self, library: Path, file: Path) -> None:
        self.file = file
        self.turn(0)
        self.launcher = Launcher(
            {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(file),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        )

    def turn(self, hours: int) -> None:
        """The machine's clock is so many hours off."""
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(f"{hours:+d}h\n", encoding="ascii")
        fresh.replace(self.file)


@pytest.fixture(scope="module")
def turner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turner]:
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])]
    if not found:
        pytest.skip("libfaketime is not installed (Debian: faketime)")
    made = Turner(found[0], tmp_path_factory.mktemp("clock") / "now")
    yield made
    made.launcher.end()


def is_told(server: Server) -> bool:
    """Whether the readiness page names the clock."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=60).close()
    except urllib.error.HTTPError as answer:
        return "clock" in json.loads(answer.read())["problems"]
    return False


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()


def test_a_turned_clock_moves_no_deadline_and_is_told(
    new_hall: Callable[..., Hall], turner: Turner, size: Size, note: Callable[..., None]
) -> None:
    hall = new_hall(launcher=turner.launcher, ending=signal.SIGKILL, seconds=900, timing={"grace_seconds": 0})
    server = hall.serve()
    with writing(hall, rest=0.01):
        for hours in (1, -1):
            turner.turn(hours)
            some_are_promised(hall, 20)
            assert within(90, functools.partial(is_told, server))
            kill_the_worker(server)  # the one that takes its place reads the same time
            server.answers()
            some_are_promised(hall, 20)
            time.sleep(size.clock_seconds)
            server.end(signal.SIGKILL)
            server = hall.serve()
            some_are_promised(hall, 20)
        turner.turn(0)
        assert within(90, lambda: not is_told(server))
    hall.end()
    assert hall.ledger.answers[410] == 0
    assert hall.findings() == []
    assert farthest(hall) < timedelta(minutes=2)
    assert "clock_was_turned" in hall.log()
    assert "Traceback" not in hall.log()
    steps = [round(seconds / 3600) for seconds, is_followed in on_record(hall) if not is_followed]
    assert set(steps) == {1, -1}
    note(turns=2, acknowledged=hall.ledger.acknowledged, lost=0)


def on_record(hall: Hall) -> list[tuple[int, bool]]:
    """Return the steps of the clock that stand in the record, and whether they were followed."""
    database = Database(hall.settings)
    try:
        with database.reading() as session:
            found = session.scalars(select(Leaf).where(Leaf.type == TURNED).order_by(Leaf.id)).all()
            return [(leaf.content["seconds"], leaf.content["is_followed"]) for leaf in found]
    finally:
        database.dispose()


def farthest(hall: Hall) -> timedelta:
    """Return how far the times that were acknowledged lie from the true ones."""
    now = datetime.now(UTC)
    times = [datetime.fromisoformat(str(promise.said["at"])) for promise in hall.ledger.promises]
    began = min(times[0], now - timedelta(seconds=900))
    return max((max(times) - now), (began - min(times)), timedelta(0))


def test_a_server_that_follows_the_machines_clock_ends_attempts_and_is_seen(
    new_hall: Callable[..., Hall], turner: Turner
) -> None:
    hall = new_hall(launcher=turner.launcher, ending=signal.SIGKILL, seconds=900, timing={"grace_seconds": 0})
    hall.serve(sabotage="follows_the_machines_clock")
    with writing(hall, rest=0.02):
        some_are_promised(hall, 4)
        turner.turn(1)
        assert within(90, lambda: hall.ledger.answers[410] > 0)
        turner.turn(0)
    hall.end()


def test_a_clock_that_is_set_while_nobody_writes_is_followed(
    new_hall: Callable[..., Hall], turner: Turner
) -> None:
    quiet = {"log.level": "warning"}
    hall = new_hall(launcher=turner.launcher, ending=signal.SIGKILL, attempts=1, environment=quiet)
    server = hall.serve()
    hand = hall.hands()[0]
    assert hand.stroke() == 200
    assert hand.hand_in()
    hand.stop()
    turner.turn(1)
    assert within(90, lambda: "clock_followed" in hall.log())
    assert within(90, lambda: not is_told(server))
    turner.turn(0)
    assert within(90, lambda: hall.log().count("clock_followed") == 2)
    assert within(90, lambda: [is_followed for _, is_followed in on_record(hall)] == [True, True])
