# SPDX-License-Identifier: Apache-2.0
"""What many want at once is done together, and each hears of his own."""

import threading
from collections.abc import Callable, Sequence

import pytest

from exam_portal.core.database.gathering import Gathering
from exam_portal.core.errors import DomainError, NotFound

WAIT = 60


def _together(count: int, act: Callable[[int], object]) -> list[object]:
    found: list[object] = [None] * count

    def one(place: int) -> None:
        try:
            found[place] = act(place)
        except (DomainError, OSError) as problem:
            found[place] = problem

    threads = [threading.Thread(target=one, args=[place]) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    return found


class Desk:
    """Serves doubled numbers; the first serving waits until everybody else stands in the queue."""

    def __init__(self, *, others: int = 0) -> None:
        self.served: list[list[int]] = []
        self._others = others
        self.gathering = Gathering(self.serve, largest=8)

    def serve(self, wishes: Sequence[int]) -> list[int | DomainError]:
        if not self.served:
            self._wait_for_others()
        self.served.append(list(wishes))
        if 13 in wishes:
            raise OSError("the transaction broke")
        return [NotFound() if wish == 7 else wish * 2 for wish in wishes]

    def _wait_for_others(self) -> None:
        until = threading.Event()
        for _ in range(WAIT * 100):
            if len(self.gathering._waiting) == self._others:
                return
            until.wait(0.01)


def test_who_comes_alone_is_served_alone() -> None:
    desk = Desk()
    assert desk.gathering.run(4) == 8
    with pytest.raises(NotFound):
        desk.gathering.run(7)
    with pytest.raises(OSError, match="broke"):
        desk.gathering.run(13)
    assert desk.gathering.run(5) == 10
    assert desk.served == [[4], [7], [13], [5]]


def test_who_waits_is_served_together_and_a_refusal_is_only_for_its_own() -> None:
    desk = Desk(others=9)
    found = _together(10, desk.gathering.run)
    assert [found[place] for place in range(10) if place != 7] == [0, 2, 4, 6, 8, 10, 12, 16, 18]
    assert isinstance(found[7], NotFound)
    assert [len(batch) for batch in desk.served] == [1, 8, 1]


def test_one_that_breaks_the_transaction_breaks_it_for_nobody_else() -> None:
    desk = Desk(others=4)
    found = _together(5, lambda place: desk.gathering.run(13 if place == 3 else place))
    assert [found[place] for place in (0, 1, 2, 4)] == [0, 2, 4, 8]
    assert isinstance(found[3], OSError)
