# SPDX-License-Identifier: Apache-2.0
"""Ten times as many open pages as there are threads for, while an examination goes on."""

import asyncio
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from exam_portal.bench import load
from tests.faults.conftest import Size
from tests.faults.hall import Hall
from tests.faults.test_crowds import memory

pytestmark = pytest.mark.engines("sqlite")
VISITORS = 160  # eight threads, 0.4 s for a page: eight seconds for whoever comes last
BEARABLE_SECONDS = 5.0


class Crowd:
    """Visitors who open the home page again and again, and half a second after they were sent away."""

    def __init__(self, port: int) -> None:
        self.answers: Counter[int] = Counter()
        self.have_come = self.without_time = 0
        self._port, self._over = port, threading.Event()

    def come(self) -> None:
        """They come until they are told to go."""
        asyncio.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._visit() for _ in range(VISITORS)))

    async def _visit(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        self.have_come += 1
        while not self._over.is_set():
            writer.write(load.http_get("/", f"127.0.0.1:{self._port}", {}))
            status, head, _ = await load.answer(reader)
            self.answers[status] += 1
            if status == 503:
                self.without_time += b"retry-after:" not in head.lower()
                await asyncio.sleep(0.5)
        writer.close()

    def go(self) -> None:
        """They go."""
        self._over.set()


@contextmanager
def crowded(hall: Hall) -> Iterator[Crowd]:
    """The crowd is before the pages inside."""
    crowd = Crowd(hall.port)
    thread = threading.Thread(target=crowd.come)
    thread.start()
    until = time.monotonic() + 90
    while crowd.have_come < VISITORS or not crowd.answers:
        assert time.monotonic() < until
        time.sleep(0.05)
    try:
        yield crowd
    finally:
        crowd.go()
        thread.join()


def slowest_save(hall: Hall, seconds: float) -> float:
    """Save for so long; return how long the slowest save took."""
    hand, until, slowest = hall.hands()[0], time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        began = time.monotonic()
        assert hand.stroke() == 200
        slowest = max(slowest, time.monotonic() - began)
    hand.stop()
    return slowest


def test_a_crowd_before_the_pages_keeps_nobody_from_saving(
    new_hall: Callable[..., Hall], size: Size, note: Callable[..., None]
) -> None:
    hall = new_hall(attempts=1)
    server = hall.serve(sabotage="pages_are_slow")
    urllib.request.urlopen(f"http://127.0.0.1:{hall.port}/", timeout=90).close()
    before = memory(server)
    with crowded(hall) as crowd:
        slowest = slowest_save(hall, size.overload_seconds)
        grown = memory(server) - before
    hall.end()
    assert slowest < BEARABLE_SECONDS
    assert grown < 100
    assert crowd.answers.keys() == {200, 503}
    assert crowd.without_time == 0
    assert hall.findings() == []
    note(
        visitors=VISITORS,
        pages=crowd.answers[200],
        turned_away=crowd.answers[503],
        slowest_save_ms=round(slowest * 1000),
        saves=hall.ledger.acknowledged,
        grown_mb=round(grown, 1),
        lost=0,
    )


def test_a_server_that_lets_everybody_in_starves_the_examination_and_is_seen(
    new_hall: Callable[..., Hall],
) -> None:
    hall = new_hall(attempts=1)
    hall.serve(sabotage="lets_everybody_in")
    with crowded(hall) as crowd:
        assert slowest_save(hall, 1) > BEARABLE_SECONDS
    assert crowd.answers.keys() == {200}
    hall.end()
