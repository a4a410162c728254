# SPDX-License-Identifier: Apache-2.0
"""Who may wait for the printer: a few at a time, and few of one visitor, so that nobody else ever waits.

Whoever waits holds a thread of the server; answers of an examination want those threads more than documents.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from exam_portal.core.errors import DomainError

OWN = 2


class PrinterBusy(DomainError):
    """Too many documents wait for the printer, or too many of this visitor."""

    status = 503
    retry_after = 10


class PrintQueue:
    """Counts who waits; one for each application."""

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._waiting: Counter[str] = Counter()
        self._mutex = threading.Lock()

    @contextmanager
    def place(self, visitor: str) -> Iterator[None]:
        """Hold a place while a document is printed, or raise PrinterBusy at once."""
        with self._mutex:
            if self._waiting.total() >= self._most or self._waiting[visitor] >= OWN:
                raise PrinterBusy
            self._waiting[visitor] += 1
        try:
            yield
        finally:
            with self._mutex:
                self._waiting -= Counter({visitor: 1})
