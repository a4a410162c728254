# SPDX-License-Identifier: Apache-2.0
"""Seconds of a processor that nobody else uses, measured on one that others do.

Beside other work the same instructions take up to three times their seconds, also seconds of the processor
alone (shared caches, lowered clocks). So a bound is held against a piece of work of known length, done
right before and right after.
"""

import time
from html.parser import HTMLParser
from typing import Self

AT_REST = 0.04  # what the yardstick takes on two idle cores of the kind that the bounds were set on
_TEXT = "<p class='a'>x <b>y</b> &amp; z</p>\n" * 4000


def _yardstick() -> float:
    start = time.process_time()
    HTMLParser().feed(_TEXT)
    return time.process_time() - start


class Stopwatch:
    """``with Stopwatch() as watch: …``; then ``watch.seconds`` is what an idle processor would have taken.

    Never more than what was measured: a quick machine gets no stricter bound.
    """

    seconds: float

    def __enter__(self) -> Self:
        self._before, self._start = _yardstick(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        taken = time.process_time() - self._start
        self.seconds = taken / max(1.0, (self._before + _yardstick()) / 2 / AT_REST)
