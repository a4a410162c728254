# SPDX-License-Identifier: Apache-2.0
"""How much one attempt may send in a minute: counted in this process, without any look-up."""

import threading
import time
from collections import OrderedDict

from exam_portal.sittings.attempts.errors import TooManySaves

REMEMBERED = 20_000


class Budgets:
    """A bucket per attempt that fills evenly; without another ``burst`` it holds a quarter of a minute's."""

    def __init__(self, per_minute: int, burst: float = 0.0) -> None:
        self._rate = per_minute / 60
        self._burst = burst or max(per_minute / 4, 10.0)
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._mutex = threading.Lock()

    def spend(self, attempt_id: int, amount: int = 1) -> None:
        """A request (or so many bytes) is counted, or TooManySaves says how long to wait."""
        now = time.monotonic()
        with self._mutex:
            level, at = self._buckets.get(attempt_id, (self._burst, now))
            level = min(self._burst, level + (now - at) * self._rate)
            is_spent = level < amount
            self._buckets[attempt_id] = (level if is_spent else level - amount, now)
            self._buckets.move_to_end(attempt_id)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        if is_spent:
            raise TooManySaves(max(1, round((amount - level) / self._rate)))
